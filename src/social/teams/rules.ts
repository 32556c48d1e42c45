/** What is decided about working hours: exact to the minute, whatever the clocks do. */
import { Refusal, refuse } from '#kernel/errors.ts'
import { aheadOf, clockChanges } from '#kernel/zones.ts'
import type { Hours, Span } from './words.ts'

const minute = 60_000
const day = 86_400_000
/** Longer than the longest pause that a year's calendar can make. */
const year = 400 * day
const mostYears = 10

/** Business time is what the clocks of the zone show as open, in milliseconds; an hour that comes twice counts twice, one left out not at all. */
export function businessTime(from: Date, to: Date, hours: Hours): number {
  let sum = 0
  for (const [start, end] of openIn(from.getTime(), to.getTime(), hours)) sum += end - start
  return sum
}

/** What is due after so many working minutes is due when they are over; where nobody works for a year it is never due. */
export function dueAfter(from: Date, workingMinutes: number, hours: Hours): Date | null {
  let left = Math.round(workingMinutes * minute)
  if (left <= 0) return from
  for (let round = 0, at = from.getTime(); round < mostYears; round++, at += year) {
    const before = left
    for (const [start, end] of openIn(at, at + year, hours)) {
      if (end - start >= left) return new Date(start + left)
      left -= end - start
    }
    if (left === before) return null
  }
  return null
}

/** Somebody works on at least one day of the coming year. */
export const worksAtAll = (hours: Hours, now: Date): boolean => !openIn(now.getTime(), now.getTime() + year, hours).next().done

/** Somebody works at a moment when the clocks of the zone show an open hour. */
export const worksAt = (hours: Hours, at: Date): boolean => !openIn(at.getTime(), at.getTime() + 1, hours).next().done

/** The open stretches between two moments, in order, as milliseconds of UTC. */
function* openIn(from: number, to: number, { zone, week, holidays }: Hours): Generator<[start: number, end: number]> {
  const closed = new Set(holidays)
  for (const steady of betweenChanges(from, to, zone)) {
    const shown = (at: number) => Math.floor((at + steady.ahead) / day)
    for (let nth = shown(steady.from); nth <= shown(steady.to - 1); nth++) {
      if (closed.has(new Date(nth * day).toISOString().slice(0, 10))) continue
      // 1 January 1970 was a Thursday.
      for (const [open, close] of week[(((nth + 3) % 7) + 7) % 7] ?? []) {
        const start = Math.max(steady.from, nth * day + open * minute - steady.ahead)
        const end = Math.min(steady.to, nth * day + close * minute - steady.ahead)
        if (start < end) yield [start, end]
      }
    }
  }
}

interface Steady {
  from: number
  to: number
  ahead: number
}

/** The time between two moments in parts of at most a day in which the clocks are not changed. */
function* betweenChanges(from: number, to: number, zone: string): Generator<Steady> {
  for (let at = from; at < to; ) {
    const ahead = aheadOf(at, zone)
    const next = Math.min(to, at + day)
    const end = aheadOf(next, zone) === ahead ? next : changeBetween(at, next, zone)
    yield { from: at, to: end, ahead }
    at = end
  }
}

/** When the clocks are changed, if they are changed once between these moments. */
function changeBetween(from: number, to: number, zone: string): number {
  const ahead = aheadOf(from, zone)
  let [before, after] = [Math.floor(from / clockChanges), Math.floor(to / clockChanges)]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (aheadOf(middle * clockChanges, zone) === ahead) before = middle
    else after = middle
  }
  return after * clockChanges
}

/** Spans of a day end after they begin, and none begins before the one before it has ended. */
export function spansHold(week: readonly (readonly Span[])[]): void {
  for (const spans of week)
    spans.forEach(([open, close], at) => {
      if (open >= close || open < (spans[at - 1]?.[1] ?? 0)) refuse('invalid', 'teams.hoursWrong')
    })
}

/** A day’s hours are written as 09:00–12:00, 13:00–17:00, and a day without any is closed. */
export function spansIn(text: string, field: string): Span[] {
  const parts = text.split(/[,;]/).map(part => part.trim())
  return parts.filter(Boolean).map(part => spanOf(part) ?? wrongSpan(part, field))
}

function spanOf(part: string): Span | null {
  const [from, to, ...more] = part.split(/[-–]/).map(each => minuteOf(each.trim()))
  return from !== null && from !== undefined && to !== null && to !== undefined && more.length === 0 && from < to ? [from, to] : null
}

function minuteOf(text: string): number | null {
  const found = /^(\d{1,2})(?:[:.](\d\d))?$/.exec(text)
  const at = found ? Number(found[1]) * 60 + Number(found[2] ?? 0) : Number.NaN
  return at <= 1440 && Number(found?.[2] ?? 0) < 60 ? at : null
}

function wrongSpan(part: string, field: string): never {
  const values = { text: part.slice(0, 40) }
  throw new Refusal('invalid', 'teams.spanWrong', values, { fields: [{ field, key: 'teams.spanWrong', values }] })
}

const clock = (at: number): string => `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`
/** A day’s spans are shown as they are written. */
export const spansText = (spans: readonly Span[]): string => spans.map(([from, to]) => `${clock(from)}–${clock(to)}`).join(', ')

/** Two teams that work never bear the same name. */
export function isNewName(name: string, others: { id: string; name: string }[], self: string | null): void {
  const same = (each: { id: string; name: string }) => each.id !== self && each.name.trim().toLowerCase() === name.trim().toLowerCase()
  if (others.some(same))
    throw new Refusal('conflict', 'teams.nameTaken', { name }, { fields: [{ field: 'name', key: 'teams.nameTaken', values: { name } }] })
}

/** A skill is a word in small letters, and each is named once. */
export const skillsOf = (text: string): string[] =>
  [...new Set(text.split(/[,;\n]/).map(each => each.trim().toLowerCase().slice(0, 60)))].filter(Boolean).sort()

/** Whoever is away is away for whole days, at most a year of them. */
export function daysAway(from: string, until: string): void {
  const length = Date.parse(until) - Date.parse(from)
  if (!(length >= 0 && length <= 366 * day))
    throw new Refusal('invalid', 'teams.awayWrong', {}, { fields: [{ field: 'until', key: 'teams.awayWrong' }] })
}
