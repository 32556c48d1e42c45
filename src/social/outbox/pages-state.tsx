import { ActionForm, Badge, Button, Quiet, Row } from '#kernel/html/kit.tsx'
import { hasMessage, t } from '#kernel/messages.ts'
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

/** How far it is, in one word. */
export const StateBadge = ({ state, outcome }: Pick<DeliveryCard, 'state' | 'outcome'>) =>
  outcome && state === 'sent' ? (
    <Badge tone={outcomeTones[outcome]}>{t(`outbox.outcome.${outcome}`)}</Badge>
  ) : (
    <Badge tone={tones[state]} icon={icons[state]}>
      {t(`outbox.state.${state}`)}
    </Badge>
  )

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
