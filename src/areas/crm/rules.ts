/** What is decided about conversations. */
import { blanksIn } from '#kernel/blanks.ts'
import { refuse } from '#kernel/errors.ts'
import { localOf, momentOf } from '#kernel/zones.ts'
import { type Answered, type Stand, type State, type View, type Wanted, worked } from './words.ts'

/** New mail from outside opens a conversation again, unless a machine wrote it. */
export const reopensBy = (state: State, automatic: string | undefined): boolean =>
  state !== 'open' && state !== 'spam' && automatic === undefined

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

/** No answer leaves with a blank in it. */
export function isFilledIn(text: string): void {
  const blanks = blanksIn(text)
  if (blanks.length) refuse('invalid', 'crm.fillIn', { names: blanks.join(', ') })
}

/** What is spam is answered only after the mark is taken off. */
export function isNoSpam(state: State): void {
  if (state === 'spam') refuse('conflict', 'crm.isSpam')
}

/** What turned out to be one with another conversation is worked on there. */
export function worksOn({ mergedInto }: { mergedInto: string | null }): void {
  if (mergedInto !== null) refuse('gone', 'crm.isMerged')
}

/** A filter is words such as `is:open owner:me label:late`; a word that nobody understands is named, and finds nothing. */
export function wantedBy(words: string): { wanted: Wanted; unknown: string[] } {
  const wanted: Wanted = {}
  const unknown: string[] = []
  for (const [whole, key = '', quoted, plain = ''] of words.matchAll(/([a-z]{1,10}):(?:"([^"]{1,100})"|([^\s"]{1,100}))|\S{1,100}/gu)) {
    const value = (quoted ?? plain).trim()
    if (key === 'is' && (worked.includes(value as (typeof worked)[number]) || value === 'spam')) wanted.state = value as State
    else if (['owner', 'label', 'brand', 'channel'].includes(key) && value) wanted[key as 'owner'] = value.toLowerCase()
    else unknown.push(whole)
  }
  return { wanted, unknown }
}

/** Of two conversations that become one the more wakeful state stands: open before waiting, waiting before put aside, put aside before done. */
export const wakeful = (one: State, other: State): State => worked.find(each => each === one || each === other) ?? one

/** What is done with many at once is done with at most ten thousand; up to two hundred of them while one waits. */
export const bulk = { most: 10_000, atOnce: 200 } as const

/** An answer is planned for a moment in the future, within a year. */
export function mayPlan(dueAt: Date, now: Date): void {
  const ahead = dueAt.getTime() - now.getTime()
  if (!(ahead >= 30_000) || ahead > 366 * 86_400_000) refuse('invalid', 'crm.planWhen')
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

const quarter = 15 * 60_000

/** What is offered for later begins with a quarter of an hour, and stays the same until it is over. */
export const quarterOf = (now: Date): number => Math.ceil(now.getTime() / quarter)

/** Snoozing offers later today, tomorrow morning, next Monday and in a week, in the person’s own time zone. */
export function snoozeChoices(now: Date, zone: string): { key: 'laterToday' | 'tomorrow' | 'monday' | 'week'; until: Date }[] {
  const local = localOf(now, zone)
  const at = (days: number, hour: number) => momentOf(Date.UTC(local.year, local.month - 1, local.day + days, hour), zone)
  const untilMonday = 8 - local.weekday
  return [
    { key: 'laterToday' as const, until: new Date(quarterOf(now) * quarter + 3 * 3_600_000) },
    { key: 'tomorrow' as const, until: at(1, 9) },
    { key: 'monday' as const, until: at(untilMonday, 9) },
    { key: 'week' as const, until: at(7, 9) },
  ]
}
