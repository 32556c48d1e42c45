import { ActionForm, Badge, Button, Quiet, Row, Stack } from '#kernel/html/kit.tsx'
import { hasMessage, t } from '#kernel/messages.ts'
import { form, offer } from '#kernel/page.tsx'
import { type DeliveryCard, fate } from '#social/deliveries/words.ts'
import * as outbox from './actions.ts'

/** What a network said: a sentence of ours, or its own words. */
const said = (says: string) => (hasMessage(says) ? t(says) : says)

/** Stands at a message of ours: how it fared, what the other side said, and what can still be done. */
export const shownFate = offer(fate, async (_see, { delivery }) => (
  <Stack gap="small">
    <Row>
      <State delivery={delivery} />
      <Deeds delivery={delivery} />
    </Row>
    <Words delivery={delivery} />
  </Stack>
))

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

const State = ({ delivery: { state, outcome } }: { delivery: DeliveryCard }) =>
  outcome && state === 'sent' ? (
    <Badge tone={outcomeTones[outcome]}>{t(`outbox.outcome.${outcome}`)}</Badge>
  ) : (
    <Badge tone={tones[state]} icon={icons[state]}>
      {t(`outbox.state.${state}`)}
    </Badge>
  )

const Words = ({ delivery: { state, says, outcomeSays } }: { delivery: DeliveryCard }) => {
  const words = outcomeSays || (says && said(says))
  const advice = state === 'unsure' ? t('outbox.unsureAdvice') : undefined
  return words || advice ? (
    <Quiet small>
      {words} {advice}
    </Quiet>
  ) : null
}

const Deeds = ({ delivery: { id, state } }: { delivery: DeliveryCard }) => {
  if (state === 'waiting') return <Deed id={id} does="cancel" words={t('outbox.takeBack')} />
  if (state === 'failed') return <Deed id={id} does="retry" words={t('outbox.sendAgain')} />
  if (state !== 'unsure') return null
  return (
    <>
      <Deed id={id} does="settle" as="sent" words={t('outbox.itLeft')} />
      <Deed id={id} does="settle" as="again" words={t('outbox.sendAgain')} />
      <Deed id={id} does="settle" as="given up" words={t('outbox.leaveIt')} />
    </>
  )
}

const Deed = ({ id, does, as, words }: { id: string; does: string; as?: string; words: string }) => (
  <ActionForm action={`/deliveries/${id}/${does}`} fields={as ? { as } : undefined}>
    <Button size="small" look="bare">
      {words}
    </Button>
  </ActionForm>
)

export const doCancel = form('/deliveries/:delivery/cancel', outbox.cancel, { done: () => ({ stay: true, say: 'outbox.isCancelled' }) })
export const doRetry = form('/deliveries/:delivery/retry', outbox.retry, { done: () => ({ stay: true, say: 'outbox.isRetried' }) })
export const doSettle = form('/deliveries/:delivery/settle', outbox.settleUnsure, { done: () => ({ stay: true, say: 'outbox.isSettled' }) })
