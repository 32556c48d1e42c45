import { now } from '#kernel/clock.ts'
import { ActionForm, Badge, Button, Quiet, Row } from '#kernel/html/kit.tsx'
import { dateTime, hasMessage, t } from '#kernel/messages.ts'
import type { AmendmentCard } from '#social/amendments/words.ts'
import type { DeliveryCard } from '#social/deliveries/words.ts'

/** What a network said: a sentence of ours, or its own words. */
export const said = (says: string): string => (hasMessage(says) ? t(says) : says)

const tones = {
  waiting: 'neutral',
  asks: 'warning',
  sending: 'neutral',
  pending: 'neutral',
  sent: 'good',
  failed: 'bad',
  unsure: 'warning',
  cancelled: 'neutral',
} as const
const icons = {
  waiting: 'clock',
  asks: 'help',
  sending: 'send',
  pending: 'send',
  sent: 'check',
  failed: 'warning',
  unsure: 'help',
  cancelled: 'close',
} as const
const outcomeTones = { delivered: 'good', failed: 'bad', delayed: 'warning' } as const

/** How far it is, in one word; `stands`: its account neither sends nor is about to. */
export const StateBadge = ({ state, outcome, dueAt, stands }: Pick<DeliveryCard, 'state' | 'outcome' | 'dueAt'> & { stands?: boolean }) =>
  outcome && state === 'sent' ? (
    <Badge tone={outcomeTones[outcome]}>{t(`outbox.outcome.${outcome}`)}</Badge>
  ) : (
    <Badge tone={tones[state]} icon={icons[state]}>
      {state === 'waiting' ? waitsFor(dueAt, stands) : t(`outbox.state.${state}`)}
    </Badge>
  )

function waitsFor(dueAt: Date, stands: boolean | undefined): string {
  if (dueAt.getTime() > now().getTime() + 60_000) return t('outbox.leavesAt', { when: dateTime(dueAt) })
  return t(stands ? 'outbox.waitsForAccount' : 'outbox.state.waiting')
}

/** What was wanted of something that stands outside, and did not get through, or not yet. */
export const Amendment = ({ amendment: { id, does, state, says }, fixed }: { amendment: AmendmentCard; fixed?: boolean | undefined }) => (
  <Row>
    <Quiet small>
      {t(`outbox.${state === 'failed' ? 'notDone' : 'underWayTo'}.${does}`)} {says && said(says)}
    </Quiet>
    {state === 'failed' && !fixed && (
      <ActionForm action={`/outbox/amendments/${id}/again`}>
        <Button size="small" look="bare">
          {t('outbox.tryAgain')}
        </Button>
      </ActionForm>
    )}
  </Row>
)
