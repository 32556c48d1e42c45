import { refuse } from '#kernel/errors.ts'
import { timeOf } from '#kernel/ids.ts'
import type { Reach } from '#social/search/words.ts'
import type { Audience, Reason, Thread, Touch } from './words.ts'

const within: Record<Audience, readonly Audience[]> = {
  public: ['public', 'thread', 'members', 'staff'],
  thread: ['thread', 'staff'],
  members: ['members', 'staff'],
  staff: ['staff'],
}

/** Nothing in a thread is for more people than the thread itself. */
export function mayCarry(thread: Audience, audience: Audience): void {
  if (!within[thread].includes(audience)) refuse('forbidden', 'threads.tooWide')
}

/** A thread opens for its audience, for whoever it is with, and for colleagues who take part in it. */
export function mayRead(thread: Pick<Thread, 'audience' | 'space' | 'person'>, reach: Reach, takesPart: boolean): boolean {
  if (reach.all || takesPart) return true
  if (thread.person !== null && reach.self.includes(thread.person)) return true
  if (thread.audience === 'members') return thread.space !== null && reach.spaces.includes(thread.space)
  return reach.audiences.includes(thread.audience)
}

/** Inside a thread a colleague who takes part reads everything, and whoever it is with reads all that is not for staff. */
export function reachIn(thread: Pick<Thread, 'person' | 'space'>, reach: Reach, takesPart: boolean): Reach {
  const with_ = thread.person !== null && reach.self.includes(thread.person)
  const more: Audience[] =
    takesPart && reach.audiences.includes('staff') ? ['public', 'thread', 'staff'] : with_ ? ['public', 'thread'] : []
  const spaces = takesPart && thread.space && !reach.spaces.includes(thread.space) ? [...reach.spaces, thread.space] : reach.spaces
  return { ...reach, audiences: [...new Set([...reach.audiences, ...more])], spaces }
}

/** Several news of one thread are one: their sum, the latest moment, the words of the latest, and whom the first is with. */
export function summed(touches: Touch[]): Touch[] {
  const threads = new Map<string, Touch>()
  for (const touch of touches) {
    const known = threads.get(touch.thread)
    const newer = !known || touch.at >= known.at ? touch : known
    const person = known?.person ?? touch.person
    threads.set(touch.thread, { ...newer, count: (known?.count ?? 0) + touch.count, ...(person && { person }) })
  }
  return [...threads.values()].sort((a, b) => (a.thread < b.thread ? -1 : 1))
}

/** A thread is unread when something is newer than what one read last. */
export const isUnread = (lastAt: Date, readTo: string | null): boolean => readTo === null || lastAt.getTime() > timeOf(readTo).getTime()

/** What was imported, and what the house itself wrote to somebody, is no news. */
export function isNews({ detail, side }: { detail: unknown; side: string }): boolean {
  const { imported, automatic } = detail as { imported?: boolean; automatic?: string }
  return !imported && !(automatic && side === 'inside')
}

/** News are told to those who take part and have not muted the thread, but not to those who only read it. */
export const isTold = (member: { because: Reason; mutedAt: Date | null }): boolean => member.because !== 'read' && member.mutedAt === null

const weight: Record<Reason, number> = { read: 0, watch: 1, mention: 2, wrote: 3, assigned: 4 }

/** A stronger reason to take part replaces a weaker one, never the other way round. */
export const strongerOf = (one: Reason, other: Reason): Reason => (weight[other] > weight[one] ? other : one)

/** A name that is being called begins with the first word after an @; twenty of them are looked for. */
export function namesBegunIn(text: string): string[] {
  const begun = [...text.slice(0, 200_000).matchAll(/(?<![^\s(])@(\p{L}[\p{L}\p{N}'’.-]{0,40})/gu)].map(match => match[1]!)
  return [...new Set(begun)].slice(0, 20)
}
