/** What is said in a crisis until more is known: written, approved, out. */
import { ActionButton, Badge, Banner, Button, Card, CopyButton, Form, FormActions, Input, PlainText, Quiet, Row, Stack, TextArea } from '#kernel/html/kit.tsx' // biome-ignore format: one line
import { dateTime, t } from '#kernel/messages.ts'
import type { Html, See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import type { Gathered } from './pages-room.tsx'

const tones = { draft: 'neutral', approved: 'good', out: 'talk' } as const

export const Statement = ({ it, see, ways }: { it: Gathered; see: See; ways: Html | null }) => {
  const { room, works, isOpen } = it
  return (
    <Card
      id="statement"
      title={t('alerts.statement')}
      detail={t('alerts.statementWhy')}
      actions={room.statement && <Badge tone={tones[room.statementState]}>{t(`alerts.statement.${room.statementState}`)}</Badge>}
    >
      <Stack>
        <Approval it={it} />
        {works && isOpen ? (
          <Writing it={it} />
        ) : room.statement ? (
          <PlainText text={room.statement} />
        ) : (
          <Quiet>{t('alerts.statement.none')}</Quiet>
        )}
        {room.statement && isOpen && (
          <Row>
            {room.statementState === 'draft' && may(see.ctx.actor, 'alerts.approve') && (
              <ActionButton action={`/crises/${room.id}/approve`} fields={{ seen: String(room.statementVersion) }} icon="check">
                {t('alerts.statement.approve')}
              </ActionButton>
            )}
            <CopyButton text={room.statement} label={t('alerts.statement.copy')} />
            {ways}
          </Row>
        )}
        {room.statementState === 'approved' && works && isOpen && <Out room={room.id} />}
      </Stack>
    </Card>
  )
}

const Approval = ({ it: { room, people } }: { it: Gathered }) => {
  const name = (room.approvedBy && people.get(room.approvedBy)?.name) || '–'
  if (room.statementState === 'draft') return null
  return (
    <Banner tone="good">
      {t('alerts.statement.approvedBy', { name, at: dateTime(room.approvedAt!) })}
      {room.outAt && ` ${t('alerts.statement.outAt', { at: dateTime(room.outAt) })} `}
      {room.outUrl && (
        <a href={room.outUrl} target="_blank" rel="noopener noreferrer">
          <bdi>{room.outUrl}</bdi>
        </a>
      )}
    </Banner>
  )
}

const Writing = ({ it: { room } }: { it: Gathered }) => (
  <Form action={`/crises/${room.id}/statement`} label={t('alerts.statement')} hidden={{ seen: String(room.statementVersion) }}>
    <TextArea
      name="statement"
      label={t('alerts.statement.words')}
      hint={room.statementState === 'draft' ? t('alerts.statement.hint') : t('alerts.statement.againHint')}
      value={room.statement}
      maxlength={20_000}
      rows={5}
    />
    <FormActions>
      <Button icon="edit">{t('alerts.statement.save')}</Button>
    </FormActions>
  </Form>
)

const Out = ({ room }: { room: string }) => (
  <Form action={`/crises/${room}/out`} label={t('alerts.statement.isOut')}>
    <Input name="url" type="url" label={t('alerts.statement.where')} hint={t('alerts.statement.whereWhy')} maxlength={2000} optional />
    <FormActions>
      <Button icon="megaphone">{t('alerts.statement.isOut')}</Button>
    </FormActions>
  </Form>
)
