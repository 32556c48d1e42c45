import { type FieldFault, Refusal, refuse } from '#kernel/errors.ts'
import type { Address, DeliveryState } from '#social/deliveries/words.ts'

/** What still waits can be taken back; what is on its way or has left cannot. */
export function mayCancel(state: DeliveryState): void {
  if (state !== 'waiting') refuse('conflict', state === 'cancelled' ? 'outbox.alreadyCancelled' : 'outbox.alreadyGone')
}

/** Only what failed is sent again by hand; what may have left is settled first. */
export function mayRetry(state: DeliveryState): void {
  if (state !== 'failed') refuse('conflict', state === 'unsure' ? 'outbox.settleFirst' : 'outbox.notFailed')
}

/** A person decides only about what is unsure. */
export function maySettle(state: DeliveryState): void {
  if (state !== 'unsure') refuse('conflict', 'outbox.notUnsure')
}

interface Limits {
  text: number
  attachments: number
  attachmentBytes: number
}

/** An answer keeps the limits of its network. */
export function fits(draft: { text: string; sizes: number[] }, limits: Limits): void {
  const size = draft.sizes.reduce((sum, each) => sum + each, 0)
  if (draft.text.length > limits.text) refuseField('text', 'outbox.tooLong', limits.text)
  if (draft.sizes.length > limits.attachments) refuseField('attachments', 'outbox.tooManyFiles', limits.attachments)
  if (size > limits.attachmentBytes) refuseField('attachments', 'outbox.filesTooLarge', Math.floor(limits.attachmentBytes / 1_000_000))
}

function refuseField(field: string, key: string, most: number): never {
  const fault: FieldFault = { field, key, values: { most } }
  throw new Refusal('invalid', key, { most }, { fields: [fault] })
}

/** An answer needs somebody to go to. */
export function hasRecipient(to: Address[]): void {
  if (to.length === 0) throw new Refusal('invalid', 'outbox.noRecipient', {}, { fields: [{ field: 'to', key: 'outbox.noRecipient' }] })
}

/** Who wrote the message that is answered, and to whom, as the intake kept it. */
export interface Heard {
  side: 'inside' | 'outside'
  from?: Address
  to?: Address[]
  copied?: Address[]
  replyTo?: Address[]
}

/** An answer goes to whoever wrote last from outside, or where they asked answers to go; everyone else who was addressed is copied, ourselves excepted. */
export function recipients(last: Heard | undefined, isOwn: (address: string) => boolean): { to: Address[]; copied: Address[] } {
  if (!last) return { to: [], copied: [] }
  const outside = (list: Address[] = []) => list.filter(({ address }) => !isOwn(address))
  const addressed = outside([...(last.to ?? []), ...(last.copied ?? [])])
  if (last.side === 'inside') return { to: outside(last.to), copied: outside(last.copied) }
  const to = last.replyTo?.length ? last.replyTo : last.from ? [last.from] : []
  return { to: once(to), copied: once(addressed).filter(({ address }) => !to.some(each => same(each.address, address))) }
}

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()
const once = (list: Address[]): Address[] =>
  list.filter((each, at) => list.findIndex(other => same(other.address, each.address)) === at).slice(0, 200)

/** An answer bears the subject of its thread. */
export const answerSubject = (subject: string): string | undefined =>
  subject.trim()
    ? `Re: ${subject.trim().replace(/^((re|aw|antw|sv|vs|wg|fwd?|vb|tr)\s?(\[\d{1,3}\])?:\s{0,5})+/i, '')}`.slice(0, 990)
    : undefined
