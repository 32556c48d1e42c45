import { ActionForm, Button, Quiet, RelativeTime, Row, Stack } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, offer } from '#kernel/page.tsx'
import { unsettledOf } from '#social/amendments/actions.ts'
import { type Counts, countNames, type DeliveryCard, fate } from '#social/deliveries/words.ts'
import * as outbox from './actions.ts'
import { Amendment, StateBadge, said } from './pages-state.tsx'

export * from './pages-acts.tsx'
export * from './pages-outbox.tsx'
export * from './pages-writing.tsx'

/** Stands at a message of ours: how it fared, what the other side said, and what can still be done. */
export const shownFate = offer(fate, async (see, { delivery, fixed }) => {
  const amendments = delivery.state === 'sent' ? await unsettledOf(see.ctx, delivery.content) : []
  return (
    <Stack gap="small">
      <Row>
        <StateBadge {...delivery} />
        {!fixed && <Deeds delivery={delivery} />}
      </Row>
      <Words delivery={delivery} />
      {delivery.counts && <Counted counts={delivery.counts} at={delivery.countedAt} />}
      {/* What is done needs no word: what stands there says it. */}
      {amendments.map(each => (
        <Amendment amendment={each} fixed={fixed} />
      ))}
    </Stack>
  )
})

/** What its network counted, each as far as it does. */
const Counted = ({ counts, at }: { counts: Counts; at: Date | null }) => (
  <Quiet small>
    {countNames.flatMap(name => (counts[name] === undefined ? [] : [t(`outbox.count.${name}`, { count: counts[name] })])).join(' · ')}
    {at && (
      <>
        {' · '}
        {t('outbox.countedAt')} <RelativeTime at={at} />
      </>
    )}
  </Quiet>
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
  if (state === 'asks')
    return (
      <>
        <Deed id={id} does="send-now" words={t('outbox.sendNow')} />
        <Deed id={id} does="cancel" words={t('outbox.throwAway')} />
      </>
    )
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
export const doSendIt = form('/deliveries/:delivery/send-now', outbox.sendNow, {
  read: (_fields, { delivery }) => ({ deliveries: [delivery!] }),
  done: () => ({ stay: true, say: 'outbox.isRetried' }),
})
