/** What is decided about conversations. */
import { refuse } from '#kernel/errors.ts'
import { localOf, momentOf } from '#kernel/zones.ts'
import type { Answered, Stand, State, View } from './words.ts'

/** New mail from outside opens a conversation again, unless a machine wrote it. */
export const reopensBy = (state: State, automatic: string | undefined): boolean => state !== 'open' && automatic === undefined

/** After an answer an open conversation waits for the other side. */
export const afterAnswer = (state: State, done: boolean): State =>
  done ? 'done' : state === 'open' || state === 'snoozed' ? 'waiting' : state

/** An answer that is taken back leaves its conversation as it stood, but for what happened to it since. */
export function withoutAnswer(now: Stand, { was, became }: Pick<Answered, 'was' | 'became'>): Stand {
  const { state, snoozedUntil } = now.state === became.state ? was : now
  const assignee = now.assignee === became.assignee ? was.assignee : now.assignee
  const asked = [was.askedAt, now.askedAt].filter(each => each !== null)
  return { state, snoozedUntil, assignee, askedAt: asked.sort((a, b) => a.getTime() - b.getTime())[0] ?? null }
}

/** A snooze ends in the future, within a year. */
export function maySnooze(until: Date, now: Date): void {
  const ahead = until.getTime() - now.getTime()
  if (ahead <= 0 || ahead > 366 * 86_400_000) refuse('invalid', 'crm.snoozeWhen')
}

/** An answer is sent only by somebody who has seen the latest answer of a colleague. */
export function hasSeen(latest: { id: string; author: string | null } | undefined, seen: string | undefined, self: string | null): boolean {
  return !latest || latest.author === self || (seen !== undefined && latest.id <= seen)
}

/** A label is a word in small letters, without spaces at its ends. */
export const labelOf = (text: string): string => text.trim().toLowerCase().replace(/\s+/g, ' ').slice(0, 60)

/** A view of the inbox is a state and an owner. */
export function filterOf(view: View, self: string | null): { state?: State; assignee?: string | null } {
  if (view === 'mine') return { state: 'open', assignee: self }
  if (view === 'unassigned') return { state: 'open', assignee: null }
  return view === 'all' ? {} : { state: view }
}

/** Snoozing offers later today, tomorrow morning, next Monday and in a week, in the person’s own time zone. */
export function snoozeChoices(now: Date, zone: string): { key: 'laterToday' | 'tomorrow' | 'monday' | 'week'; until: Date }[] {
  const local = localOf(now, zone)
  const at = (days: number, hour: number) => momentOf(Date.UTC(local.year, local.month - 1, local.day + days, hour), zone)
  const untilMonday = 8 - local.weekday
  return [
    { key: 'laterToday' as const, until: new Date(now.getTime() + 3 * 3_600_000) },
    { key: 'tomorrow' as const, until: at(1, 9) },
    { key: 'monday' as const, until: at(untilMonday, 9) },
    { key: 'week' as const, until: at(7, 9) },
  ]
}
