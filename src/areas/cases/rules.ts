/** What is decided about cases: who may take one, when it is due, when it opens again, what its fields hold. */
import { Refusal, refuse } from '#kernel/errors.ts'
import type { Case, Due, Field, Pause, Policy, Priority, State, Target, Tier, Values, View } from './words.ts'

const minute = 60_000
const day = 86_400_000

// —— owners and states ——

/** Whoever takes a case that somebody else took in the same moment is told who has it. */
export function isStillFree(owner: string | null, seen: string | null, ownerName: string): void {
  if (owner !== seen && owner !== null) throw new Refusal('conflict', 'cases.takenMeanwhile', { name: ownerName })
}

/** A new case is open as soon as somebody has it. */
export const stateOwned = (state: State, owner: string | null): State => (state === 'new' && owner !== null ? 'open' : state)

/** A case is closed and opened again by their own deeds, which keep the cause and count. */
export function movesTo(from: State, to: State): void {
  if (from === 'closed' || to === 'closed') refuse('conflict', 'cases.closeInstead')
}

/** The clock of a case stands still while it waits for the customer or is closed. */
export const standsStill = (state: State): boolean => state === 'waiting' || state === 'closed'

/** A case is never part of itself, directly or by what it is part of. */
export function mayBePartOf(self: string, above: readonly string[]): void {
  if (above.includes(self))
    throw new Refusal('invalid', 'cases.partOfItself', {}, { fields: [{ field: 'parent', key: 'cases.partOfItself' }] })
}

/** A case is the duplicate of one that is no duplicate itself. */
export function isOriginal(self: string, other: Pick<Case, 'id' | 'duplicateOf'>): void {
  if (other.id === self || other.duplicateOf !== null)
    throw new Refusal('invalid', 'cases.noOriginal', {}, { fields: [{ field: 'duplicateOf', key: 'cases.noOriginal' }] })
}

/** A view is a set of states, an owner, teams or an alarm. */
export function filterOf(view: View, self: string | null, teams: string[]): CaseFilter {
  if (view === 'mine') return { active: true, owner: self ?? nobody }
  if (view === 'team') return { active: true, teams }
  if (view === 'unowned') return { active: true, owner: null }
  if (view === 'breaching') return { active: true, alarmed: true }
  if (view === 'active') return { active: true }
  return view === 'all' ? {} : { state: view }
}

export interface CaseFilter {
  active?: true
  alarmed?: true
  owner?: string | null
  teams?: string[]
  state?: State
}

export const nobody = '00000000-0000-0000-0000-000000000000'

/** How many cases a view holds follows from what is counted by state, owner, team and alarm. */
export function countIn(rows: readonly Counted[], filter: CaseFilter): number {
  const fits = (row: Counted) =>
    (!filter.active || row.state !== 'closed') &&
    (!filter.alarmed || row.alarm !== '') &&
    (filter.state === undefined || row.state === filter.state) &&
    (filter.owner === undefined || row.owner === (filter.owner ?? nobody)) &&
    (filter.teams === undefined || filter.teams.includes(row.team))
  return rows.filter(fits).reduce((sum, row) => sum + row.n, 0)
}

export interface Counted {
  state: State
  owner: string
  team: string
  alarm: string
  n: number
}

/** A case is called by its number, as K-12 or 12. */
export function numberIn(text: string): number | null {
  const found = /^(?:k-?|#)?(\d{1,9})$/i.exec(text.trim())
  return found ? Number(found[1]) : null
}

/** A month is shown in whole weeks from Monday. */
export function daysOfMonth(on: string): string[] {
  const first = Date.parse(`${on.slice(0, 7)}-01T00:00Z`)
  const last = Date.UTC(new Date(first).getUTCFullYear(), new Date(first).getUTCMonth() + 1, 0)
  const weekday = (at: number) => (new Date(at).getUTCDay() + 6) % 7
  const begin = first - weekday(first) * day
  const count = (last - begin) / day + 7 - weekday(last)
  return Array.from({ length: count }, (_, at) => new Date(begin + at * day).toISOString().slice(0, 10))
}

// —— opening again ——

/** A message on a closed case opens it again within so many days; later a new case is suggested. */
export const afterMessage = (closedAt: Date, now: Date, reopenDays: number): 'reopen' | 'suggest' =>
  now.getTime() - closedAt.getTime() <= reopenDays * day ? 'reopen' : 'suggest'

// —— what a customer sees ——

interface Spoken {
  noun: string
  side: 'inside' | 'outside'
  author: string | null
  audience: string
  deletedAt: Date | null
  detail: Record<string, unknown>
}

/** A customer is shown the messages that they wrote and those of ours that went to them, and nothing else of a thread. */
export function shownTo<S extends Spoken>(said: readonly S[], customer: readonly string[]): S[] {
  const open = said.filter(each => each.noun === 'Message' && ['thread', 'public'].includes(each.audience) && each.deletedAt === null)
  const theirs = (each: Spoken) => each.side === 'outside' && each.author !== null && customer.includes(each.author)
  const own = new Set(open.filter(theirs).flatMap(each => addressesIn([each.detail.from])))
  const toThem = (each: Spoken) =>
    each.side === 'inside' &&
    (each.audience === 'public' || addressesIn([each.detail.to, each.detail.copied].flat()).some(one => own.has(one)))
  return open.filter(each => theirs(each) || toThem(each))
}

/** Of addresses as messages keep them: their letters, whatever the case. */
const addressesIn = (kept: unknown[]): string[] =>
  kept.flatMap(each => (typeof each === 'object' && each !== null && 'address' in each ? String(each.address).toLowerCase() : []))

// —— service levels ——

/** Of the service levels that fit a case the one holds that says most, and tier says more than priority, priority more than channel. */
export function policyFor(
  policies: readonly Policy[],
  { channel, tier, priority }: { channel: string | null; tier: Tier; priority: Priority },
): Policy | undefined {
  const fits = (each: Policy) =>
    (each.channel === null || each.channel === channel) &&
    (each.tier === null || each.tier === tier) &&
    (each.priority === null || each.priority === priority)
  const weight = (each: Policy) => (each.tier ? 4 : 0) + (each.priority ? 2 : 0) + (each.channel ? 1 : 0)
  const count = (each: Policy) => [each.tier, each.priority, each.channel].filter(Boolean).length
  return policies.filter(fits).sort((a, b) => count(b) - count(a) || weight(b) - weight(a) || (a.id < b.id ? -1 : 1))[0]
}

/** How working time is counted: the two functions of the team’s calendar. */
export interface Calendar {
  /** Working milliseconds between two moments. */
  between(from: Date, to: Date): number
  /** When so many working minutes are over; null for never. */
  after(from: Date, minutes: number): Date | null
}

/** Working time of a case counts from its opening without the pauses of its clock, in milliseconds. */
export function worked(from: Date, to: Date, pauses: readonly Pause[], calendar: Calendar): number {
  const still = pauses
    .filter(each => each.began < to)
    .reduce((sum, { began, ended }) => sum + calendar.between(began, ended && ended < to ? ended : to), 0)
  return Math.max(0, calendar.between(from, to) - still)
}

/** A target is due when its working minutes and those of all pauses are over. */
export function dueAt(openedAt: Date, minutes: number, pauses: readonly Pause[], calendar: Calendar): Date | null {
  const still = pauses.reduce((sum, { began, ended }) => sum + (ended ? calendar.between(began, ended) : 0), 0)
  return calendar.after(openedAt, minutes + still / minute)
}

export interface Timed {
  openedAt: Date
  answeredAt: Date | null
  state: State
  /** What was told already. */
  told: readonly Due[]
}

export interface Dues {
  firstDue: Date | null
  solveDue: Date | null
  /** What is still to be told, and when. */
  next: { what: Due; at: Date }[]
}

/** What is answered is not due any more, and nothing is due while the clock stands still. */
export function duesOf(it: Timed, policy: Policy | undefined, pauses: readonly Pause[], calendar: Calendar): Dues {
  const of = (target: Target) => (target === 'first' ? policy?.firstMinutes : policy?.solveMinutes) ?? null
  const isOver = (target: Target) => (target === 'first' ? it.answeredAt !== null : false) || standsStill(it.state)
  const due = (target: Target, share = 1) => {
    const minutes = isOver(target) ? null : of(target)
    return minutes === null ? null : dueAt(it.openedAt, minutes * share, pauses, calendar)
  }
  const marks: [Due, Date | null][] = [
    ['first.warned', due('first', (policy?.warnPercent ?? 80) / 100)],
    ['first.breached', due('first')],
    ['solve.warned', due('solve', (policy?.warnPercent ?? 80) / 100)],
    ['solve.breached', due('solve')],
  ]
  const next = marks.flatMap(([what, at]) => (at && !it.told.includes(what) ? [{ what, at }] : []))
  return { firstDue: due('first'), solveDue: due('solve'), next }
}

/** A case is breached by what is late and still to be done, and warned by what soon will be. */
export function alarmOf({ answeredAt, state, told }: Pick<Timed, 'answeredAt' | 'state' | 'told'>): Case['alarm'] {
  if (state === 'closed') return null
  const open = told.filter(what => what.startsWith('solve') || answeredAt === null)
  return open.some(what => what.endsWith('breached')) ? 'breached' : open.length ? 'warned' : null
}

/** A service level has at least one target, and its case is answered before it is solved. */
export function targetsHold({ firstMinutes, solveMinutes }: Pick<Policy, 'firstMinutes' | 'solveMinutes'>): void {
  const wrong = firstMinutes === null && solveMinutes === null ? 'cases.noTarget' : 'cases.targetsWrong'
  if ((firstMinutes === null && solveMinutes === null) || (firstMinutes !== null && solveMinutes !== null && firstMinutes > solveMinutes))
    throw new Refusal('invalid', wrong, {}, { fields: [{ field: 'solve', key: wrong }] })
}

/** A service level needs a working day: nothing that nobody works on is ever due. */
export function someoneWorks(idle: readonly string[]): void {
  if (idle.length) refuse('invalid', 'cases.noWorkingDay', { names: idle.join(', ') })
}

/** Working time is written as 30m, 4h, 1h 30m or 2d, where a day has eight hours. */
export function minutesIn(text: string, field: string): number | null {
  const parts = text.trim().toLowerCase().replaceAll(',', '.').split(/\s+/).filter(Boolean)
  if (parts.length === 0) return null
  const found = parts.map(part => /^(\d{1,5}(?:\.\d{1,2})?)([dhm]?)$/.exec(part))
  const sum = found.reduce((total, each) => total + (each ? Number(each[1]) * minutesOf(each[2]!) : Number.NaN), 0)
  const minutes = Math.round(sum)
  if (!(minutes >= 1 && minutes <= 144_000))
    throw new Refusal('invalid', 'cases.timeWrong', {}, { fields: [{ field, key: 'cases.timeWrong' }] })
  return minutes
}

const minutesOf = (unit: string): number => (unit === 'd' ? 480 : unit === 'h' ? 60 : 1)

/** Working time is shown as it is written. */
export function timeText(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return [hours && `${hours}h`, rest && `${rest}m`].filter(Boolean).join(' ') || '0m'
}

// —— fields ——

/** A case holds for each field of its type what that field can hold, and nothing else. */
export function valuesFor(fields: readonly Field[], given: Readonly<Record<string, string>>): Values {
  const entries = fields.map(each => [each.key, valueIn(each, (given[each.key] ?? '').trim())] as const)
  return Object.fromEntries(entries.filter((entry): entry is [string, string | number | true] => entry[1] !== null))
}

function valueIn(field: Field, text: string): string | number | true | null {
  if (text === '') return field.required ? wrong(field, 'cases.fieldMissing') : null
  if (field.kind === 'flag') return true
  if (field.kind === 'choice') return field.choices.includes(text) ? text : wrong(field, 'cases.fieldWrong')
  if (field.kind === 'date') return isDate(text) ? text : wrong(field, 'cases.fieldWrong')
  if (field.kind === 'number') return Number.isFinite(numberOf(text)) ? numberOf(text) : wrong(field, 'cases.fieldWrong')
  return text.length <= (field.kind === 'line' ? 500 : 10_000) ? text : wrong(field, 'cases.fieldLong')
}

const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00Z`).toISOString().startsWith(text)
const numberOf = (text: string): number => (/^[+-]?\d{1,15}([.,]\d{1,10})?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN)

function wrong({ key, label }: Field, sentence: string): never {
  const fields = [{ field: `field.${key}`, key: sentence, values: { label } }]
  throw new Refusal('invalid', sentence, { label }, { fields })
}

/** Fields of a type have different names, and whoever chooses has something to choose from. */
export function fieldsHold(fields: readonly Field[]): void {
  const names = fields.map(each => each.label.toLowerCase())
  if (new Set(names).size < names.length || new Set(fields.map(each => each.key)).size < fields.length)
    refuse('invalid', 'cases.fieldTwice')
  if (fields.some(each => each.kind === 'choice' && each.choices.length === 0)) refuse('invalid', 'cases.fieldNoChoice')
}

/** The key of a field is made of its first label, and stays when the label changes. */
export function keyFor(label: string, taken: readonly string[]): string {
  const plain = label
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 30)
  const base = plain || 'field'
  for (let nth = 1; ; nth++) if (!taken.includes(nth === 1 ? base : `${base}${nth}`)) return nth === 1 ? base : `${base}${nth}`
}
