/** The arithmetic of measures: what needs an answer, how long it took, and how the values of single days add up to any window. */
import { beginOf } from '#kernel/days.ts'
import { countDays, daysFrom, type OpeningHours, openingsOf } from './time.ts'
import type { DayTally, Measure, Sketch, Tally, Window } from './words.ts'

/** One thing that was said or done on a thread, as the rules see it. */
export interface Said {
  id: string
  at: Date
  /** From a customer, to a customer, a note among colleagues, or somebody took it over. */
  is: 'in' | 'out' | 'note' | 'taken'
  /** A machine wrote it. */
  automatic?: boolean
}

export interface Need {
  id: string
  askedAt: Date
  answer: string | null
  answeredAt: Date | null
}

const spoken = (thread: Said[]): Said[] => thread.filter(each => !each.automatic && (each.is === 'in' || each.is === 'out'))

/**
 * A customer's message needs an answer when it begins the thread or follows one of ours, and several in a row are one need that began with the first.
 * What a machine wrote neither needs an answer nor is one; a note among colleagues is none either. `thread` is in the order of time.
 */
export function needsOf(thread: Said[]): Need[] {
  const needs: Need[] = []
  let waiting: Need | undefined
  for (const each of spoken(thread)) {
    if (each.is === 'in' && !waiting) needs.push((waiting = { id: each.id, askedAt: each.at, answer: null, answeredAt: null }))
    if (each.is === 'out' && waiting) {
      Object.assign(waiting, { answer: each.id, answeredAt: each.at })
      waiting = undefined
    }
  }
  return needs
}

export interface Conversation {
  startedBy: 'in' | 'out'
  startedAt: Date
  /** How often each side spoke. */
  turns: { in: number; out: number }
  notes: number
  /** When somebody took it: assigned, or answered. */
  takenAt: Date | null
}

/** A turn is what one side says until the other side speaks, and a thread on which only machines spoke is no conversation. */
export function conversationOf(thread: Said[]): Conversation | null {
  const turns = spoken(thread).filter((each, at, all) => each.is !== all[at - 1]?.is)
  const first = turns[0]
  if (!first) return null
  const count = (is: Said['is']) => turns.filter(each => each.is === is).length
  const taken = thread.find(
    each => each.at >= first.at && each !== first && (each.is === 'taken' || (each.is === 'out' && !each.automatic)),
  )
  return {
    startedBy: first.is as 'in' | 'out',
    startedAt: first.at,
    turns: { in: count('in'), out: count('out') },
    notes: thread.filter(each => each.is === 'note').length,
    takenAt: taken?.at ?? null,
  }
}

/** A conversation goes deep when each side had at least two turns. */
export const isDeep = (it: Conversation): boolean => it.turns.in >= 2 && it.turns.out >= 2

/** A conversation is owned in time when somebody took it within a day of its beginning. */
export const isOwned = (it: Conversation): boolean => it.takenAt !== null && it.takenAt.getTime() - it.startedAt.getTime() <= 86_400_000

const longest = 4000

/**
 * Between two moments only those minutes count in which the house is open, by its own clock and calendar.
 * Real minutes: an opening time over which the clocks change is an hour longer or shorter. At most the 4,000 days before `to` are looked at.
 */
export function businessMinutes(from: Date, to: Date, open: OpeningHours): number {
  return openMinutes(openingsOf(open), from.getTime(), to.getTime())
}

/** The same for many, with the calendar looked up once. */
export function businessClock(open: OpeningHours): (from: Date, to: Date) => number {
  const openings = openingsOf(open)
  return (from, to) => openMinutes(openings, from.getTime(), to.getTime())
}

function openMinutes(openings: ReturnType<typeof openingsOf>, from: number, to: number): number {
  if (to <= from) return 0
  const last = Math.floor(to / 86_400_000) + 1 // A local day may begin on another UTC day, so one more is looked at on each end.
  let total = 0
  for (let nth = Math.max(Math.floor(from / 86_400_000) - 1, last - longest); nth <= last; nth++) {
    const opening = openings(nth)
    if (opening) total += Math.max(0, Math.min(to, opening[1]) - Math.max(from, opening[0]))
  }
  return total / 60_000
}

const accuracy = 0.01
/** Each bucket's upper end is so many times its lower end (DDSketch, Masson, Rim and Lee 2019). */
export const growth = (1 + accuracy) / (1 - accuracy)
const shortest = 1 / 60

/** A time falls into a bucket whose middle is at most one per cent away from it, and less than a second counts as a second. */
export const bucketOf = (minutes: number): number => Math.ceil(Math.log(Math.max(shortest, minutes)) / Math.log(growth))
const middleOf = (bucket: number): number => (2 * growth ** bucket) / (growth + 1)

/** A quantile of a sketch is at most one per cent away from the true one. */
export function quantile(sketch: Sketch, share: number): number | null {
  const buckets = Object.entries(sketch)
    .map(([bucket, count]) => [Number(bucket), count] as const)
    .toSorted(([a], [b]) => a - b)
  const n = buckets.reduce((sum, [, count]) => sum + count, 0)
  let left = Math.floor(share * (n - 1)) + 1
  for (const [bucket, count] of buckets) if ((left -= count) <= 0) return middleOf(bucket)
  return null
}

export const nothing: Tally = { numerator: 0, denominator: 0, n: 0, sketch: {} }

/** Days add up: counts are summed and sketches merged, in any order and grouping. */
export function merge(tallies: readonly Tally[]): Tally {
  const sketch: Sketch = {}
  const sum = { numerator: 0, denominator: 0, n: 0 }
  for (const tally of tallies) {
    for (const key of ['numerator', 'denominator', 'n'] as const) sum[key] += tally[key]
    for (const [bucket, count] of Object.entries(tally.sketch)) sketch[bucket] = (sketch[bucket] ?? 0) + count
  }
  return { ...sum, sketch }
}

/** Below the minimum sample a value is not enough data, which is not the same as 0. */
export function readTally(measure: Measure, tally: Tally): { value: number | null; p90: number | null } {
  if (tally.n < measure.minSample) return { value: null, p90: null }
  if (measure.combine === 'time') return { value: quantile(tally.sketch, 0.5), p90: quantile(tally.sketch, 0.9) }
  if (measure.combine === 'count') return { value: tally.numerator, p90: null }
  return { value: tally.denominator > 0 ? tally.numerator / tally.denominator : null, p90: null }
}

/** A measure differs between parts by as much as lies between the best and the worst of those with enough data, of which there are at least two. */
export function spreadOf<T extends { value: number | null }>(parts: readonly T[]): { least: T; most: T; spread: number } | null {
  const known = parts.filter(each => each.value !== null).toSorted((a, b) => a.value! - b.value!)
  const [least, most] = [known[0], known.at(-1)]
  return least && most && least !== most ? { least, most, spread: most.value! - least.value! } : null
}

/** A window is so many whole days, and ends with today. */
export const windowOf = (days: number, today: string): Window => ({ from: daysFrom(today, 1 - days), until: today })

/** Coverage is the share of the window's days since when anything is known at all. */
export function coverageOf(window: Window, knownSince: string | null): number {
  if (knownSince === null || knownSince > window.until) return 0
  const from = knownSince > window.from ? knownSince : window.from
  return countDays(from, window.until) / countDays(window.from, window.until)
}

/** A trend is told in steps of a day up to a month, of a week up to a quarter, and of a month beyond. */
export const stepOf = (days: number): 'day' | 'week' | 'month' => (days <= 31 ? 'day' : days <= 92 ? 'week' : 'month')

/** Each step of a trend holds the days that belong to it, and a step without data stays in it as a gap. */
export function trend(days: readonly DayTally[], window: Window): { from: string; tally: Tally }[] {
  const step = stepOf(countDays(window.from, window.until))
  const steps = new Map<string, DayTally[]>()
  for (let day = window.from; day <= window.until; day = daysFrom(day, 1)) steps.set(beginOf(step, day), [])
  for (const each of days) steps.get(beginOf(step, each.day))?.push(each)
  return [...steps].map(([from, tallies]) => ({ from, tally: merge(tallies) }))
}
