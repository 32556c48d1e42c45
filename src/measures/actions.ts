import { z } from 'zod'
import { action, cursor, id, limit } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { every, job, later } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { type Activity, on, word } from '#social/activities/words.ts'
import { Noted, Removed, Restored, Said } from '#social/content/words.ts'
import { organisationOf } from '#social/members/actions.ts'
import { OrganisationChanged } from '#social/members/words.ts'
import { Merged, MovedBack, SplitOff } from '#social/moves/words.ts'
import { Assigned, countMarkedParts, daysAtOnce, inRow, partsSoon } from './actions-parts.ts'
import { coverageOf, merge, readTally, trend, windowOf } from './rules.ts'
import * as store from './store.ts'
import { partsLeft } from './store-parts.ts'
import type { Calendar } from './store-threads.ts'
import { daysFrom, localDay, type OpeningHours, openingsOf, startOfDay } from './time.ts'
import {
  catalogue,
  type DayTally,
  everything,
  type MeasureId,
  measureId,
  measureIds,
  measureOf,
  Rebuilt,
  scopeSchema,
  type Value,
  type Window,
} from './words.ts'

export { countMarkedParts, countParts, markCases, markLater, markParts, markTyped, markWeek } from './actions-parts.ts'
export { chapters, load, namesOf, report, reported, unmeasured } from './actions-reports.ts'

// --- counting -----------------------------------------------------------------------------------------------------

const threadsAtOnce = 10_000

/** Counts what is marked, in parts, until nothing is. Runs soon after something was said; what comes meanwhile is counted together. */
export const count = job('Count the measures again where something changed', z.object({}), async ctx => {
  await countMarked(ctx)
  const { left, days } = await store.leftToCount(ctx)
  if (left || days) await later(ctx, count, {}, { key: 'count' })
})

/** One part of the counting; false when another transaction is at it already. */
export async function countMarked(ctx: Ctx): Promise<boolean> {
  if (!(await store.mayCount(ctx))) return false
  const organisation = await organisationOf(ctx)
  const here = { ...ctx, zone: organisation.zone }
  const threads = await store.takeThreads(here, threadsAtOnce)
  if (threads.length) await store.readThreads(here, threads, calendarOf(organisation, here.now))
  // Days wait until their threads are read, so that none is counted for each part of them.
  const windows = threads.length < threadsAtOnce ? inRow(await store.takeDays(here, daysAtOnce)) : []
  for (const window of windows) await store.countDays(here, window)
  if (threads.length || windows.length) await store.counted(here)
  if (windows.length) await partsSoon(here)
  if (!(await store.leftToCount(here)).left) await store.rebuilt(here)
  tell(ctx, 'measures')
  return true
}

const calendars = new Map<string, Calendar>()
const daysKnown = 4000

/** The opening hours of the last years as plain numbers; the same for all of a day. */
function calendarOf({ zone, hours, holidays }: OpeningHours, now: Date): Calendar {
  const first = daysFrom(localDay(zone, now), 2 - daysKnown)
  const key = `${first} ${zone} ${JSON.stringify([hours, holidays])}`
  const calendar = calendars.get(key) ?? makeCalendar({ zone, hours, holidays }, first)
  if (calendars.size > 20) calendars.clear()
  calendars.set(key, calendar)
  return calendar
}

function makeCalendar(open: OpeningHours, first: string): Calendar {
  const opening = openingsOf(open)
  const start = Date.parse(first) / 86_400_000
  const calendar: Calendar = { first, opens: [], closes: [], before: [] }
  let passed = 0
  for (let nth = 0; nth < daysKnown; nth++) {
    const [opens, closes] = opening(start + nth) ?? [0, 0]
    calendar.opens.push(opens / 1000)
    calendar.closes.push(closes / 1000)
    calendar.before.push(passed)
    passed += (closes - opens) / 1000
  }
  return calendar
}

export const markSaid = on(
  [Said, Noted, Removed, Restored, Assigned],
  'Measures of these threads and days are counted again',
  async (ctx, happened) => {
    await store.markThreads(
      ctx,
      happened.flatMap(each => (each.thread ? [each.thread] : [])),
    )
    await store.markDays(ctx, [...happened.filter(isSaid).map(each => each.at), ...(await takenFrom(ctx, happened))])
    await soon(ctx)
  },
)

/** Somebody said that a conversation is spam, or that it is none. */
const Flagged = word('Flag', 'Conversation', z.unknown())
const Unflagged = word('Undo', 'Flag', z.unknown())

export const markMoved = on(
  [Merged, SplitOff, MovedBack, Flagged, Unflagged],
  'What belongs to other threads now, or is no question any more, is counted there',
  async (ctx, happened) => {
    await store.markThreads(
      ctx,
      happened.flatMap(each => [each.object, each.target, each.thread].filter(thread => thread !== null)),
    )
    await soon(ctx)
  },
)

const isSaid = (each: Activity): boolean => each.verb === 'Create' && each.noun === 'Message'

/** What is taken away, or comes back, changes the day on which it was said. */
async function takenFrom(ctx: Ctx, happened: Activity[]): Promise<Date[]> {
  const objects = happened.flatMap(each => (each.verb !== 'Create' && each.object ? [each.object] : []))
  return objects.length ? store.saidOn(ctx, objects) : []
}

const soon = (ctx: Ctx): Promise<void> => later(ctx, count, {}, { key: 'count', at: new Date(ctx.now.getTime() + 2000) })

export const markHours = on(OrganisationChanged, 'Days and business hours are counted by the new clock', async (ctx, happened) => {
  if (!happened.some(each => each.detail.fields.some(field => ['hours', 'holidays', 'zone'].includes(field)))) return
  await store.markAll(ctx, null)
  await soon(ctx)
})

export const keepCounting = every({ minutes: 1 }, 'What is marked is counted, even when a job was lost', async ctx => {
  const { left, days } = await store.leftToCount(ctx)
  if (left || days) await countMarked(ctx)
  else if (await partsLeft(ctx)) await countMarkedParts(ctx)
})

export const rebuild = action({
  says: 'Count all measures again from the whole history',
  who: 'organisation.manage',
  takes: z.strictObject({}),
  gives: z.object({ threads: z.number() }),
  run: async ctx => {
    const threads = await store.markAll(ctx, ctx.actor.person)
    record(ctx, Rebuilt, { object: ctx.org, detail: { threads } })
    await later(ctx, count, {}, { key: 'count' })
    return { threads }
  },
})

export const progress = action({
  says: 'How far the counting is',
  who: 'measures.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({
    countedAt: z.date().nullable(),
    left: z.number(),
    rebuild: z.object({ total: z.number(), at: z.date() }).nullable(),
  }),
  run: ctx => store.stateOf(ctx),
})

/** When measures last changed, for the floor above. */
export const countedAt = async (ctx: Ctx): Promise<Date | null> => (await store.stateOf(ctx)).countedAt

// --- values -------------------------------------------------------------------------------------------------------

const windowSchema = z.object({ from: z.string(), until: z.string() })
const valueSchema = z.object({
  measure: measureId,
  scope: z.string(),
  window: windowSchema,
  value: z.number().nullable(),
  p90: z.number().nullable(),
  numerator: z.number(),
  denominator: z.number(),
  n: z.number(),
  coverage: z.number(),
  asOf: z.date().nullable(),
  version: z.string(),
})
const days = z.coerce.number().int().min(1).max(1100).default(30)

/** The values of these measures in a window, each with its sample, coverage and freshness. `least` asks for another sample than the measure's own. */
export async function valuesOf(ctx: Ctx, measures: readonly MeasureId[], scope: string, window: Window, least?: number): Promise<Value[]> {
  if (measures.length === 0) return []
  const rows = await store.days(ctx, [...measures], scope, window)
  const since = await store.knownSince(ctx)
  return measures.map(measure => {
    const own = rows.filter(row => row.measure === measure)
    const tally = merge(own)
    const last = own.findLast(row => row.n > 0)?.day
    const asOf = last ? new Date(Math.min(ctx.now.getTime(), startOfDay(ctx.zone, daysFrom(last, 1)).getTime())) : null
    const { numerator, denominator, n } = tally
    const about = { measure, scope, window, numerator, denominator, n, asOf, version: measureOf(measure).version }
    const coverage = coverageOf(window, since)
    const asked = { ...measureOf(measure), ...(least !== undefined && { minSample: least }) }
    return { ...about, ...(coverage ? readTally(asked, tally) : { value: null, p90: null }), coverage }
  })
}

export const list = action({
  says: 'The values of all measures in the last so many days',
  who: 'measures.read',
  reads: true,
  takes: z.strictObject({ days, scope: scopeSchema.default(everything) }),
  gives: z.object({ items: z.array(valueSchema.extend({ before: z.number().nullable(), points: z.array(z.number()) })) }),
  run: async (ctx, input) => {
    const window = windowOf(input.days, localDay(ctx.zone, ctx.now))
    const now = await valuesOf(ctx, measureIds, input.scope, window)
    const before = await valuesOf(ctx, measureIds, input.scope, earlier(window, input.days))
    const rows = await store.days(ctx, [...measureIds], input.scope, window)
    const points = (measure: MeasureId) =>
      pointsOf(
        measure,
        rows.filter(row => row.measure === measure),
        window,
      )
    return { items: now.map((value, at) => ({ ...value, before: before[at]!.value, points: points(value.measure) })) }
  },
})

/** The steps of a trend that have a value. */
const pointsOf = (measure: MeasureId, rows: DayTally[], window: Window): number[] =>
  trend(rows, window).flatMap(({ tally }) => readTally({ ...measureOf(measure), minSample: 1 }, tally).value ?? [])

const earlier = (window: Window, count: number): Window => ({ from: daysFrom(window.from, -count), until: daysFrom(window.from, -1) })

export const show = action({
  says: 'One measure in the last so many days: its value, the one before, its trend and the channels that have it',
  who: 'measures.read',
  reads: true,
  takes: z.strictObject({ measure: measureId, days, scope: scopeSchema.default(everything) }),
  gives: z.object({
    value: valueSchema,
    before: valueSchema,
    trend: z.array(z.object({ from: z.string(), value: z.number().nullable(), p90: z.number().nullable(), n: z.number() })),
    scopes: z.array(z.string()),
  }),
  run: async (ctx, { measure, days: count, scope }) => {
    const window = windowOf(count, localDay(ctx.zone, ctx.now))
    const [value] = await valuesOf(ctx, [measure], scope, window)
    const [before] = await valuesOf(ctx, [measure], scope, earlier(window, count))
    const steps = trend(await store.days(ctx, [measure], scope, window), window)
    // A single step of a trend may be small; what it lacks in sample it shows as n.
    const lenient = { ...measureOf(measure), minSample: 1 }
    return {
      value: value!,
      before: before!,
      trend: steps.map(({ from, tally }) => ({ from, n: tally.n, ...readTally(lenient, tally) })),
      scopes: await store.scopes(ctx, measure, window),
    }
  },
})

export const evidence = action({
  says: 'The activities behind a value, newest first',
  who: 'measures.read',
  reads: true,
  takes: z.strictObject({
    measure: measureId,
    days,
    until: z.iso.date().optional(),
    scope: scopeSchema.default(everything),
    holds: z
      .enum(['true', 'false'])
      .transform(text => text === 'true')
      .optional(),
    before: cursor.pipe(z.uuid().optional()),
    limit,
  }),
  gives: z.object({
    items: z.array(
      z.object({
        id,
        thread: id,
        message: id.nullable(),
        at: z.date(),
        person: id.nullable(),
        channel: z.string().nullable(),
        holds: z.boolean().nullable(),
        minutes: z.number().nullable(),
        subject: z.string(),
        snippet: z.string(),
      }),
    ),
    next: z.string().nullable(),
  }),
  run: async (ctx, { days: count, until, ...asked }) => {
    const window = windowOf(count, until ?? localDay(ctx.zone, ctx.now))
    const items = await store.behind(ctx, { ...asked, window })
    return { items, next: items.length === asked.limit ? items.at(-1)!.id : null }
  },
})

export interface Known {
  measure: string
  windowDays: number
  value: number | null
  n: number
  asOf: Date | null
  version: string
}

/**
 * What the floor above asks for: `response.rate`, `response.first.business:p90` or one of what stands now (`connectors.twoWay`), in the window that
 * ends now. What nobody can see is left out; so is what rests on nothing.
 */
export async function known(ctx: Ctx, wanted: { measure: string; windowDays: number }[]): Promise<Known[]> {
  const found: Known[] = []
  for (const windowDays of new Set(wanted.map(each => each.windowDays))) {
    const asked = wanted.filter(each => each.windowDays === windowDays).flatMap(({ measure }) => named(measure))
    const ids = catalogue.map(each => each.id).filter(each => asked.some(({ base }) => base === each))
    // Each indicator says itself how many it needs.
    const values = await valuesOf(ctx, ids, everything, windowOf(windowDays, localDay(ctx.zone, ctx.now)), 1)
    for (const { base, measure, p90 } of asked) {
      const value = values.find(each => each.measure === base)!
      found.push({ measure, windowDays, value: p90 ? value.p90 : value.value, n: value.n, asOf: value.asOf, version: value.version })
    }
    found.push(...(await standingNow(ctx, wanted, windowDays)))
  }
  return found
}

async function standingNow(ctx: Ctx, wanted: { measure: string; windowDays: number }[], windowDays: number): Promise<Known[]> {
  const now = await store.standing(ctx, windowOf(windowDays, localDay(ctx.zone, ctx.now)))
  const asked = new Set(wanted.filter(each => each.windowDays === windowDays).map(each => each.measure))
  return Object.entries(now)
    .filter(([measure, { n }]) => asked.has(measure) && n > 0)
    .map(([measure, it]) => ({ measure, windowDays, ...it, asOf: ctx.now, version: '1' }))
}

function named(measure: string): { base: MeasureId; measure: string; p90: boolean }[] {
  const [base, part] = measure.split(':')
  const one = measureId.safeParse(base)
  return one.success ? [{ base: one.data, measure, p90: part === 'p90' }] : []
}
