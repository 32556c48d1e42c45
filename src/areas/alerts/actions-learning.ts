/** What is usual at a monitor: learned once a day from the last eight weeks, and how often each sensitivity would have told of something. */
import type { Ctx } from '#kernel/context.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as heard from './store-heard.ts'
import { type Heard, hour, hourOf, type Kind, type Learned, type Moods, type Sensitivity, sensitivities, type Watch } from './words.ts'

const day = 86_400_000
const weeks = 8 * 7 * day
const moodDays = 28

/** One hour after another, as they were heard. */
export interface Hours {
  counts: Map<number, number>
  moods: Map<number, Moods>
}

export function hoursFrom(rows: readonly heard.HourRow[]): Map<string, Hours> {
  const found = new Map<string, Hours>()
  for (const { monitor, hour, n, bad, known } of rows) {
    const its = found.get(monitor) ?? { counts: new Map(), moods: new Map() }
    its.counts.set(hour.getTime(), n)
    if (known) its.moods.set(hour.getTime(), { bad, known })
    found.set(monitor, its)
  }
  return found
}

const nothing: Hours = { counts: new Map(), moods: new Map() }

async function hoursBetween(ctx: Ctx, monitor: string, from: number, until: number): Promise<Hours> {
  return hoursFrom(await heard.hoursOf(ctx, [monitor], new Date(from), new Date(until))).get(monitor) ?? nothing
}

/** Up to this moment, and nothing after it. */
function learnedAt(first: number | null, { counts, moods }: Hours, at: number, zone: string): Learned {
  const days = Array.from({ length: moodDays }, (_, back) => dayOf(moods, at - (back + 1) * day))
  return rules.learnedFrom({ first, counts, moods: days } satisfies Heard, at, zone)
}

function dayOf(moods: ReadonlyMap<number, Moods>, from: number): Moods {
  const total = { bad: 0, known: 0 }
  for (let at = hourOf(from); at < from + day; at += hour) {
    const its = moods.get(at)
    total.bad += its?.bad ?? 0
    total.known += its?.known ?? 0
  }
  return total
}

/** Learns what is usual at a monitor from now on. */
export async function learn(ctx: Ctx, monitor: string): Promise<Learned> {
  const now = hourOf(ctx.now.getTime())
  const [first, hours] = [await heard.firstHour(ctx, monitor), await hoursBetween(ctx, monitor, now - weeks - 2 * hour, now)]
  const learned = learnedAt(first?.getTime() ?? null, hours, now, ctx.zone)
  await store.keepBase(ctx, monitor, learned)
  return learned
}

const atOnce = 20

/** Those that learned longest ago, a few in each round. */
export async function learnSome(ctx: Ctx, watches: readonly store.Working[]): Promise<void> {
  const due = watches
    .filter(each => !each.learned_at || ctx.now.getTime() - each.learned_at.getTime() > day || each.learned_at > ctx.now)
    .sort((a, b) => (a.learned_at?.getTime() ?? 0) - (b.learned_at?.getTime() ?? 0))
  for (const { monitor } of due.slice(0, atOnce)) await learn(ctx, monitor)
}

// —— what would have been ——

const looksBack = 30
const step = 7 * day

export type Rehearsal = Record<Sensitivity, Partial<Record<Kind, number>>>

/** How many alerts of each kind the last thirty days would have brought; null while it is still being learned. New topics cannot be told afterwards. */
export async function rehearse(ctx: Ctx, monitor: string, watch: Pick<Watch, 'followers'>): Promise<Rehearsal | null> {
  const now = hourOf(ctx.now.getTime())
  const from = now - looksBack * day
  const first = (await heard.firstHour(ctx, monitor))?.getTime() ?? null
  const hours = await hoursBetween(ctx, monitor, from - weeks - 4 * day, now)
  const parts = partsOf(first, hours, from, now, ctx.zone)
  if (!parts.some(each => each.learned.places)) return null
  const vip = eventsOf((await heard.voicesOf(ctx, monitor, new Date(from), watch.followers)).map(each => each.at.getTime()))
  return Object.fromEntries(sensitivities.map(how => [how, { ...countedBy(how, parts, hours, ctx.zone), vip }])) as Rehearsal
}

interface Part {
  span: rules.Span
  learned: Learned
}

/** Week by week, each judged by what was known when it began. */
function partsOf(first: number | null, hours: Hours, from: number, now: number, zone: string): Part[] {
  const begins = Array.from({ length: Math.ceil((now - from) / step) }, (_, at) => from + at * step)
  return begins.map(at => ({ span: { from: at, now: Math.min(at + step, now) - 1 }, learned: learnedAt(first, hours, at, zone) }))
}

function countedBy(how: Sensitivity, parts: readonly Part[], { counts, moods }: Hours, zone: string): Partial<Record<Kind, number>> {
  const spike = parts.flatMap(({ span, learned }) => rules.spikeMarks(counts, span, learned, zone, how))
  const mood = parts.flatMap(({ span, learned }) => rules.moodMarks(moods, span, learned, how))
  const silence = parts.flatMap(({ span, learned }) => rules.silenceMarks(counts, span, learned, zone, how))
  return { spike: rules.spellsIn(spike).length, mood: rules.spellsIn(mood).length, silence: rules.spellsIn(silence, 1).length }
}

const rest = rules.voicesRest

function eventsOf(moments: readonly number[]): number {
  return moments.filter((at, place) => place === 0 || at - moments[place - 1]! > rest).length
}
