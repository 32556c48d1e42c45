/** Measures side by side: by channel, team, type or topic, the spread between them, when first answers are given, what is open now. */
import { z } from 'zod'
import { action } from '#kernel/action.ts'
import { readTally, spreadOf, windowOf } from './rules.ts'
import * as now from './store-now.ts'
import * as parts from './store-parts.ts'
import { localDay } from './time.ts'
import { dimensions, type MeasureId, measureId, measureOf } from './words.ts'

/** What a report tells of each part, in its order: how people are answered, what becomes of their cases, how content they are. */
export const chapters = {
  answers: ['response.rate', 'response.first.business', 'response.first.calendar', 'response.avg.business', 'response.avg.calendar'],
  solving: [
    ...(['sla.kept.first', 'sla.kept.solve', 'resolution.rate', 'resolution.time.business'] as const),
    ...(['resolution.time.calendar', 'fcr.byConversation'] as const),
  ],
  content: ['csat.top2', 'csat.mean', 'ces.mean', 'nps'],
} as const satisfies Record<string, readonly MeasureId[]>
export const reported: readonly MeasureId[] = Object.values(chapters).flat()

/** More parts than anybody reads side by side. */
const mostParts = 100

const days = z.coerce.number().int().min(1).max(1100).default(30)
const cell = z.object({ measure: measureId, value: z.number().nullable(), p90: z.number().nullable(), n: z.number() })

export const report = action({
  says: 'The measures of service and satisfaction for each channel, team, type of case or topic, and the spread of each between them',
  who: 'measures.read',
  reads: true,
  takes: z.strictObject({ by: z.enum(dimensions).default('channel'), days }),
  gives: z.object({
    rows: z.array(z.object({ scope: z.string(), cells: z.array(cell) })),
    /** Between the best and the worst part with enough data. */
    spreads: z.array(z.object({ measure: measureId, spread: z.number(), least: z.string(), most: z.string() })),
    hours: z.array(z.object({ hour: z.number(), n: z.number(), median: z.number().nullable() })),
  }),
  run: async (ctx, { by, days: count }) => {
    const window = windowOf(count, localDay(ctx.zone, ctx.now))
    const found = await parts.parts(ctx, reported, by, window)
    const scopes = [...new Set(found.map(each => each.scope))]
    const size = (scope: string) => Math.max(...found.filter(each => each.scope === scope).map(each => each.tally.n))
    const rows = scopes
      .toSorted((a, b) => size(b) - size(a))
      .slice(0, mostParts)
      .map(scope => ({
        scope,
        cells: reported.map(measure => cellOf(measure, found.find(each => each.scope === scope && each.measure === measure)?.tally)),
      }))
    return { rows, spreads: reported.flatMap(measure => spreadIn(measure, rows)), hours: await hoursIn(ctx, window) }
  },
})

type Cell = z.output<typeof cell>
const cellOf = (measure: MeasureId, tally: Parameters<typeof readTally>[1] | undefined): Cell =>
  tally ? { measure, n: tally.n, ...readTally(measureOf(measure), tally) } : { measure, n: 0, value: null, p90: null }

function spreadIn(measure: MeasureId, rows: { scope: string; cells: Cell[] }[]) {
  const found = spreadOf(rows.map(({ scope, cells }) => ({ scope, value: cells.find(each => each.measure === measure)!.value })))
  return found ? [{ measure, spread: found.spread, least: found.least.scope, most: found.most.scope }] : []
}

async function hoursIn(ctx: Parameters<typeof parts.parts>[0], window: Parameters<typeof parts.parts>[3]) {
  const found = await parts.parts(ctx, ['response.first.calendar'], 'hour', window)
  return Array.from({ length: 24 }, (_, hour) => {
    const tally = found.find(each => each.scope === `hour:${hour}`)?.tally
    return { hour, n: tally?.n ?? 0, median: tally ? readTally(measureOf('response.first.calendar'), tally).value : null }
  })
}

/** What teams and types of cases are called, by their ids. */
export const namesOf = now.names

/** What the field measures too and what is not measured here, by the message that says why. */
export const unmeasured = ['response.first.bot', 'deflection', 'csat.inferred'] as const

export const load = action({
  says: 'How much is open at this moment, by team: conversations, those that wait for an answer and since when, cases and late ones',
  who: 'measures.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({
    items: z.array(
      z.object({
        team: z.string().nullable(),
        talks: z.number(),
        asking: z.number(),
        oldest: z.date().nullable(),
        cases: z.number(),
        late: z.number(),
      }),
    ),
  }),
  run: async ctx => ({ items: await now.load(ctx) }),
})
