import { ChannelError } from '#kernel/errors.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
/** Standard Webhooks 1.0.0; after the last one it is given up. */
const schedule = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour]

/** What becomes of a delivery after a call: it waits for its next attempt, has failed for good, or nobody knows. */
export type Fate =
  | { state: 'waiting'; dueAt: Date; says: string }
  | { state: 'failed'; because: 'rejected' | 'gaveUp'; says: string }
  | { state: 'unsure'; says: string }

export interface Call {
  /** How often it was tried, this time included. */
  attempts: number
  now: Date
  /** From 0 to 1. */
  chance: number
  /** The network does one once-key only once, for ever. */
  repeatable: boolean
}

/** What may have been done is never repeated blindly, unless the network itself does one once-key only once. */
export function fateOf(error: unknown, call: Call): Fate {
  const kind = error instanceof ChannelError ? error.kind : 'unsure'
  const says = error instanceof ChannelError ? error.says : 'deliveries.fault'
  if (kind === 'rejected') return { state: 'failed', because: 'rejected', says }
  if (kind === 'wait') return { state: 'waiting', dueAt: (error as ChannelError).until ?? later(call.now, minute), says }
  if (kind === 'reconnect') return { state: 'waiting', dueAt: later(call.now, hour), says }
  if (kind === 'unsure' && !call.repeatable) return { state: 'unsure', says }
  return again(call, says)
}

/** A delivery is tried again after 5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours, each a fifth sooner or later by chance, and then given up. */
export function again({ attempts, now, chance }: Call, says: string): Fate {
  const pause = schedule[attempts - 1]
  return pause === undefined
    ? { state: 'failed', because: 'gaveUp', says }
    : { state: 'waiting', dueAt: later(now, pause * (0.8 + chance * 0.4)), says }
}

const later = (now: Date, pause: number) => new Date(now.getTime() + pause)

/** What was due longer ago than the organisation allows, and was never tried, asks before it goes. */
export const isStale = (row: { state: string; attempts: number; due_at: Date }, now: Date, staleAfter: number): boolean =>
  row.state === 'waiting' && row.attempts === 0 && now.getTime() - row.due_at.getTime() > staleAfter

const asking = [0, minute, 10 * minute]
/** After so many questions only a person can say. */
export const mostAsked = asking.length

/** Whether an unsure delivery was done is asked at once, after a minute and after ten; then a person is asked. */
export function asksAgainAt(asked: number, now: Date): Date | null {
  const pause = asking[asked]
  return pause === undefined ? null : later(now, pause)
}

/** What a network took but has not finished is asked for after ten seconds, then ever more seldom, up to once an hour for three days. */
export function settlesAgainAt(asked: number, now: Date): Date | null {
  return asked > 90 ? null : later(now, Math.min(hour, 10 * second * 2 ** Math.min(asked, 12)))
}

/** Longer than any call may take, so that a delivery that is still being sent after it was left by its process. */
export const lease = 5 * minute
/** No call is waited for longer than this; what it did is then unsure. */
export const longestCall = 4 * minute

/** A delivery that is still being sent after five minutes was left by its process, and nobody knows how far it came. */
export const wasLeft = (sendingSince: Date | null, now: Date): boolean => !sendingSince || now.getTime() - sendingSince.getTime() > lease

/** What was edited or deleted after it was decided does not go out. */
export function staysIn(
  content: { editedAt: Date | null; deletedAt: Date | null } | undefined,
  decidedAt: Date,
): 'edited' | 'deleted' | null {
  if (!content || content.deletedAt) return 'deleted'
  return content.editedAt && content.editedAt > decidedAt ? 'edited' : null
}

const day = 24 * hour
/** So long after it was sent, what was said to everybody is counted. */
export const countedFor = 30 * day

/** How a post fares is asked every half hour on its first day, every six hours in its first week, daily in its first month, then no more. */
export function isCountedAgain({ sent_at, counted_at }: { sent_at: Date | null; counted_at: Date | null }, now: Date): boolean {
  const age = sent_at ? now.getTime() - sent_at.getTime() : Number.POSITIVE_INFINITY
  if (age > countedFor) return false
  const pause = age < day ? hour / 2 : age < 7 * day ? 6 * hour : day
  return counted_at === null || now.getTime() - counted_at.getTime() >= pause
}
