import { type FieldFault, Refusal, refuse } from '#kernel/errors.ts'
import type { AmendmentCard } from '#social/amendments/words.ts'
import type { Capabilities, Limits } from '#social/channels/words.ts'
import type { Content } from '#social/content/words.ts'
import type { Address, DeliveryCard, DeliveryState } from '#social/deliveries/words.ts'
import type { Acts, Quoted, Sign } from './words.ts'

/** What the house answers by itself bears the sign that no person wrote it. */
export const isAutomatic = (actor: { kind: string }): boolean => actor.kind === 'system'

/** What still waits can be taken back; what is on its way or has left cannot. */
export function mayCancel(state: DeliveryState): void {
  if (state !== 'waiting' && state !== 'asks') refuse('conflict', state === 'cancelled' ? 'outbox.alreadyCancelled' : 'outbox.alreadyGone')
}

/** Only what failed is sent again by hand; what may have left is settled first. */
export function mayRetry(state: DeliveryState): void {
  if (state !== 'failed') refuse('conflict', state === 'unsure' ? 'outbox.settleFirst' : 'outbox.notFailed')
}

/** A person decides only about what is unsure. */
export function maySettle(state: DeliveryState): void {
  if (state !== 'unsure') refuse('conflict', 'outbox.notUnsure')
}

/** Nobody counts the characters of an answer that may be longer than this. */
export const longestCounted = 20_000

/** A file as it is, whatever its sender says of it. */
export interface Sized {
  size: number
  type: string
  alt?: string | null
}

/** What leaves keeps the limits of its network: each part of it the length and the files, all of it the number of parts. */
export function fits(parts: { text: string; files: Sized[] }[], limits: Limits): void {
  if (parts.length > (limits.parts ?? 1)) refuseField('parts', 'outbox.tooManyParts', { most: limits.parts ?? 1 })
  for (const { text, files } of parts) {
    const over = (limits.count?.(text) ?? text.length) - limits.text
    if (over > 0) refuseField('text', 'outbox.tooLong', { most: limits.text, over })
    filesFit(files, limits)
  }
}

function filesFit(files: Sized[], { attachments, attachmentBytes, types, alt }: Limits): void {
  const size = files.reduce((sum, each) => sum + each.size, 0)
  if (files.length > attachments) refuseField('attachments', 'outbox.tooManyFiles', { most: attachments })
  if (size > attachmentBytes) refuseField('attachments', 'outbox.filesTooLarge', { most: Math.floor(attachmentBytes / 1_000_000) })
  const strange =
    types && files.find(file => !types.some(type => file.type === type || (type.endsWith('/*') && file.type.startsWith(type.slice(0, -1)))))
  if (strange) refuseField('attachments', 'outbox.wrongType', { type: strange.type })
  if (alt !== undefined && files.some(file => (file.alt?.length ?? 0) > alt)) refuseField('attachments', 'outbox.altTooLong', { most: alt })
}

function refuseField(field: string, key: string, values: Record<string, string | number>): never {
  const fault: FieldFault = { field, key, values }
  throw new Refusal('invalid', key, values, { fields: [fault] })
}

/** A poll has as many and as long choices as its network takes, each another one, for as long and beside what it takes; a network that has none is asked none. */
export function pollFits(poll: { choices: string[]; minutes: number } | undefined, files: number, limits: Limits['poll']): void {
  if (!poll) return
  if (!limits) refuse('conflict', 'outbox.cannotPoll')
  const { choices, minutes } = poll
  if (limits.alone && files > 0) refuseField('attachments', 'outbox.pollAlone', {})
  if (limits.hours !== undefined && minutes > limits.hours * 60) refuseField('poll', 'outbox.longPoll', { most: limits.hours })
  if (choices.length > limits.choices) refuseField('poll', 'outbox.manyChoices', { most: limits.choices })
  if (choices.some(each => each.length > limits.length)) refuseField('poll', 'outbox.longChoice', { most: limits.length })
  if (new Set(choices.map(each => each.trim())).size < choices.length) refuseField('poll', 'outbox.sameChoice', {})
}

/** What has not left is simply changed or taken back; what stands on its network is changed there; in between nobody knows enough to do either. */
export function wayToChange(state: DeliveryState): 'here' | 'there' {
  if (state === 'sent') return 'there'
  if (state === 'waiting' || state === 'asks' || state === 'failed') return 'here'
  return refuse('conflict', state === 'cancelled' ? 'outbox.alreadyCancelled' : 'outbox.underWay')
}

/** Only what we said to everybody is pinned, once it stands on its network. */
export function mayPin(said: Pick<Content, 'side' | 'audience'>, state: DeliveryState | undefined): void {
  if (said.side !== 'inside' || said.audience !== 'public' || state !== 'sent') refuse('conflict', 'outbox.pinOnlyOurs')
}

/** Only what has not left and was never tried gets another moment. */
export function mayReschedule(state: DeliveryState, attempts: number): void {
  if (!['waiting', 'asks'].includes(state) || attempts > 0)
    refuse('conflict', state === 'cancelled' ? 'outbox.alreadyCancelled' : 'outbox.alreadyGone')
}

/** A network takes only the signs that it knows; an emoji where it takes any. */
export function knowsSign(kinds: readonly string[], kind: string): void {
  const isEmoji = kind !== 'like' && kind !== 'share'
  if (!kinds.includes(isEmoji ? 'emoji' : kind)) refuse('conflict', 'outbox.cannotReact')
}

/** What was said to us alone is answered alone; what was said to everybody is answered so too, or to its writer alone where the network can. */
export function openness(answered: boolean, wanted: boolean | undefined, canAside: boolean): boolean {
  if (wanted && !answered) refuse('conflict', 'outbox.staysBetween')
  if (wanted === false && answered && !canAside) refuse('conflict', 'outbox.noAside')
  return wanted ?? answered
}

/** Somebody whose data was erased meanwhile is not answered; the text stays with its writer. */
export function isStillThere(erased: boolean): void {
  if (erased) refuse('conflict', 'outbox.erased')
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

/** An answer is written from an address of its own account, and no other. */
export function ownAddress(wanted: string, own: string[], normalise: (address: string) => string): string {
  const found = own.find(each => normalise(each) === normalise(wanted))
  return found ?? refuseField('writtenFrom', 'outbox.notOwn', {})
}

/** An alias to which the last message from outside was sent is written from; where none was named, none is. */
export function addressWritten(said: Heard[], own: string[], normalise: (address: string) => string): string | undefined {
  const last = said.findLast(each => each.side === 'outside')
  const addressed = [...(last?.to ?? []), ...(last?.copied ?? [])].map(each => normalise(each.address))
  return addressed.map(each => own.find(address => normalise(address) === each)).find(Boolean)
}

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()
const once = (list: Address[]): Address[] =>
  list.filter((each, at) => list.findIndex(other => same(other.address, each.address)) === at).slice(0, 200)

/** An answer bears the subject of its thread. */
export const answerSubject = (subject: string): string | undefined =>
  subject.trim()
    ? `Re: ${subject.trim().replace(/^((re|aw|antw|sv|vs|wg|fwd?|vb|tr)\s?(\[\d{1,3}\])?:\s{0,5})+/i, '')}`.slice(0, 990)
    : undefined

export const groupNames = ['open', 'asks', 'unsure', 'failed', 'sent'] as const
export type GroupName = (typeof groupNames)[number]

/** What leaves is looked at in five groups: what is open, what asks, what is uncertain, what failed, what has left. */
export const groups: Record<GroupName, DeliveryState[]> = {
  open: ['waiting', 'sending', 'pending'],
  asks: ['asks'],
  unsure: ['unsure'],
  failed: ['failed'],
  sent: ['sent'],
}

/** A group has as many as its states together; what has left is not counted. */
export function counted(byState: ReadonlyMap<DeliveryState, number>): Record<GroupName, number> {
  const sum = (states: DeliveryState[]) => states.reduce((total, state) => total + (byState.get(state) ?? 0), 0)
  const { open, asks, unsure, failed } = groups
  return { open: sum(open), asks: sum(asks), unsure: sum(unsure), failed: sum(failed), sent: 0 }
}

type Can = Pick<Capabilities<unknown>, 'react' | 'moderate' | 'amend' | 'converse'>

/** Something can be done with a message where its network lets us react, moderate, or change what we said. */
export const canAct = (can: Can | undefined): boolean => Boolean(can && (can.react || can.moderate || can.amend))

export interface Around {
  can: Can | undefined
  /** Our account works, and whoever looks may act. */
  isAble: boolean
  fate: DeliveryCard | undefined
  /** What our account wanted of it. */
  wishes: AmendmentCard[]
  now: Date
}

/** With what others said our account reacts and moderates; what it said itself it changes and takes back once that stands there; no more than the network knows. */
export function actsWith(said: Content, around: Around): Omit<Acts, 'given'> {
  const isTheirs = said.side === 'outside'
  const { can, isAble, fate, wishes } = around
  const leaving = wishes.find(({ does, state }) => does === 'remove' && state === 'waiting')
  const stands = !isTheirs && isAble && fate?.state === 'sent' && !leaving
  return {
    signs: isTheirs && isAble ? signsFor(said, around) : [],
    seen: isTheirs && can?.moderate && said.audience === 'public' ? seenAs(said, wishes) : null,
    mayChange: stands && Boolean(can?.amend?.edit),
    parts: fate?.parts ?? 0,
    mayAct: isAble,
    mayWithdraw: stands && Boolean(can?.amend?.remove),
    mayAnswer: isTheirs && isAble && Boolean(can?.converse) && said.audience === 'public',
    pinned: !isTheirs && fate?.state === 'sent' && !leaving && can?.amend?.pin && said.audience === 'public' ? isPinned(wishes) : null,
    changed: said.editedAt !== null,
    leaving: leaving && leaving.dueAt > around.now ? leaving.id : null,
    unsettled: isTheirs ? wishes.filter(({ state, attempts }) => state === 'failed' || (state === 'waiting' && attempts > 0)) : [],
    url: typeof said.detail.url === 'string' && /^https?:/.test(said.detail.url) ? said.detail.url : null,
  }
}

/** Only what everybody may read is passed on; the latest wish says whether a sign is on it. */
function signsFor({ audience }: Content, { can, wishes }: Around): Sign[] {
  const known = (['like', 'share'] as const).filter(kind => can?.react?.kinds.includes(kind) && (kind === 'like' || audience === 'public'))
  const isOurs = (kind: string) => wishes.some(each => each.does === 'react' && each.kind === kind && !each.undone && isWanted(each))
  return known.map(kind => ({ kind, ours: isOurs(kind) }))
}

const isPinned = (wishes: AmendmentCard[]): boolean => wishes.some(each => each.does === 'pin' && !each.undone && isWanted(each))
const isWanted = ({ state }: AmendmentCard): boolean => state === 'waiting' || state === 'done'

/** What was hidden or shown last holds; before that, what its network said when it came. */
export function seenAs({ detail }: Pick<Content, 'detail'>, wishes: AmendmentCard[]): 'waits' | 'hidden' | 'shown' {
  const wish = wishes.find(each => each.does === 'hide' && isWanted(each))
  if (wish) return wish.undone ? 'shown' : 'hidden'
  return detail.waits === true ? 'waits' : 'shown'
}

/** What is quoted and not known here is shown by its address, when it has one on the web. */
export function quotedElsewhere(quotes: string): Quoted | null {
  const url = URL.parse(quotes)
  return url && /^https?:$/.test(url.protocol) ? { href: url.href, isHere: false, author: null, text: `${url.host}${url.pathname}` } : null
}
