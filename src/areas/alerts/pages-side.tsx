/** Beside a crisis room: its alerts, its cases, whether anything leaves the house, and who did what. */
import { ActionButton, ActionForm, Banner, Button, EventLine, Form, IconButton, Input, Item, ItemList, Panel, Quiet, Stack } from '#kernel/html/kit.tsx' // biome-ignore format: one line
import { dateTime, t } from '#kernel/messages.ts'
import type { See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { sentenceOf } from '#social/activities/actions.ts'
import type { Gathered } from './pages-room.tsx'
import { LevelBadge, pathOf, whatHappened } from './pages-words.tsx'

export const Alerts = ({ it: { its } }: { it: Gathered }) => (
  <Panel title={t('alerts.alerts')} count={its.length}>
    {its.length === 0 ? (
      <Quiet>{t('alerts.room.noAlerts')}</Quiet>
    ) : (
      <ItemList label={t('alerts.alerts')}>
        {its.map(each => (
          <Item href={pathOf(each)} title={t(`alerts.kind.${each.kind}`)} detail={whatHappened(each)} end={<LevelBadge alert={each} />} />
        ))}
      </ItemList>
    )}
  </Panel>
)

export const Cases = ({ it: { room, cases, isOpen }, see }: { it: Gathered; see: See }) => {
  const works = isOpen && may(see.ctx.actor, 'cases.work')
  return (
    <Panel title={t('alerts.room.cases')} count={cases.length}>
      <Stack gap="small">
        <ItemList label={t('alerts.room.cases')}>
          {cases.map(each => (
            <Item
              href={`/cases/K-${each.number}`}
              title={<bdi>{each.title}</bdi>}
              detail={`K-${each.number}`}
              end={
                works && (
                  <ActionForm action={`/crises/${room.id}/cases/remove`} fields={{ case: each.id }}>
                    <IconButton icon="close" label={t('alerts.room.dropCase', { number: each.number })} size="small" />
                  </ActionForm>
                )
              }
            />
          ))}
        </ItemList>
        {works && (
          <>
            <Form action={`/crises/${room.id}/cases/open`} label={t('alerts.room.openCase')}>
              <Input name="title" label={t('alerts.room.caseTitle')} value={room.name} maxlength={300} required />
              <Button size="small" icon="add">
                {t('alerts.room.openCase')}
              </Button>
            </Form>
            <Form action={`/crises/${room.id}/cases`} label={t('alerts.room.addCase')}>
              <Input name="number" label={t('alerts.room.caseNumber')} placeholder="K-12" maxlength={20} required />
              <Button size="small" icon="link">
                {t('alerts.room.addCase')}
              </Button>
            </Form>
          </>
        )}
      </Stack>
    </Panel>
  )
}

/** The one switch of the house: there is none for planned posts alone. */
export const Outgoing = ({ it: { room, isOpen }, see, heldAt }: { it: Gathered; see: See; heldAt: Date | null }) => (
  <Panel title={t('alerts.room.outgoing')}>
    <Stack gap="small">
      {heldAt ? (
        <Banner tone="bad" icon="pause">
          {t('alerts.room.isHeld', { at: dateTime(heldAt) })}
        </Banner>
      ) : (
        <Quiet>{t('alerts.room.notHeld')}</Quiet>
      )}{' '}
      {/* biome-ignore format: one line */}
      {may(see.ctx.actor, 'outbox.hold') &&
        (heldAt ? (
          <ActionButton action={`/crises/${room.id}/resume`} fields={{ ask: 'true' }} icon="play" size="small">
            {t('alerts.room.resume')}
          </ActionButton>
        ) : (
          isOpen && (
            <ActionButton action={`/crises/${room.id}/hold`} icon="pause" look="danger" size="small">
              {t('alerts.room.hold')}
            </ActionButton>
          )
        ))}
      <a href="/outbox">{t('alerts.room.toOutbox')}</a>
    </Stack>
  </Panel>
)

export const Log = ({ it: { happened, people, room } }: { it: Gathered }) => (
  <Panel title={t('alerts.room.log')} count={happened.length} folds closed>
    {happened.map(each => (
      <EventLine at={each.at} icon="history">
        {sentenceOf(each, {
          actor: (each.actor && people.get(each.actor)?.name) || t('alerts.theHouse'),
          object: room.name,
          target: (each.target && people.get(each.target)?.name) || '',
        })}
      </EventLine>
    ))}
  </Panel>
)
