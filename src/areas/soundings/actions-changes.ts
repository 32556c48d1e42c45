/** Who speaks, and what made the difference between two periods. */
import { z } from 'zod'
import { action } from '#kernel/action.ts'
import { askedOnce, type Ctx } from '#kernel/context.ts'
import { asked, whereOf } from './actions-asked.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

const mostVoices = 50

export const voices = action({
  says: 'Who spoke most, or whom most people could hear (`potential reach`: followers where the source tells them), in mentions of one to eight monitors',
  who: 'soundings.read',
  reads: true,
  takes: z.strictObject({ ...asked, by: z.enum(['n', 'reach']).default('n') }),
  gives: z.object({ items: z.array(words.voice) }),
  run: async (ctx, input) => {
    const { ids, span } = await whereOf(ctx, input)
    return { items: await store.voices(ctx, ids, span, { everything: input.everything, by: input.by, most: mostVoices }) }
  },
})

const mostDrivers = 12
const mostCompared = 500
const span = z.object({ from: z.string(), until: z.string() })

export const drivers = action({
  says: 'What made the difference between a period and the one before (or a year ago): by source, language, country, term or voice; of how much was heard, or of the net sentiment score',
  who: 'soundings.read',
  reads: true,
  takes: z.strictObject({
    ...asked,
    against: z.enum(words.comparisons).default('before'),
    of: z.enum(['n', 'mood']).default('n'),
    by: z.enum(words.sides).default('source'),
  }),
  gives: z.object({
    ...{ span, before: span },
    ...{ now: z.number().nullable(), past: z.number().nullable() },
    items: z.array(words.driver.extend({ source: z.string().nullable() })),
  }),
  run: async (ctx, input) => {
    const { ids, span } = await whereOf(ctx, input)
    const before = rules.spanBefore(span, input.against)
    const both = { ctx, ids, span, before, everything: input.everything }
    const isSide = input.by === 'source' || input.by === 'language' || input.by === 'country'
    if (isSide) return { span, before, ...(await bySums(both, input.by as 'source' | 'language' | 'country', input.of)) }
    return { span, before, ...(await byCounts(both, input.by as 'term' | 'voice')) }
  },
})

interface Both {
  ctx: Ctx
  ids: string[]
  span: words.Span
  before: words.Span
  everything: boolean
}

async function bySums({ ctx, ids, span, before, everything }: Both, by: 'source' | 'language' | 'country', of: 'n' | 'mood') {
  const [now, then] = await Promise.all([span, before].map(each => allSides(ctx, ids, each, everything)))
  const isWhole = (row: store.SumRow) => row.source === null && row.language === null && row.country === null
  const moods = (rows: store.SumRow[], part: string | null) =>
    moodsIn(rows.filter(row => (part === null ? isWhole(row) : row[by] === part)))
  const parts = [...new Set([...now!, ...then!].flatMap(row => (row[by] === null ? [] : [row[by]])))]
  const compared = parts.map(part => ({ part, now: moods(now!, part), before: moods(then!, part) }))
  const [all, past] = [moods(now!, null), moods(then!, null)]
  const items =
    of === 'n'
      ? rules.drivers(compared.map(each => ({ part: each.part, now: sizeOf(each.now), before: sizeOf(each.before) })), mostDrivers) // biome-ignore format: one line
      : rules.moodDrivers(compared, { now: sizeOf(all), before: sizeOf(past) }, mostDrivers)
  const told = (it: words.Moods) => (of === 'n' ? sizeOf(it) : rules.netSentiment(it))
  return { now: told(all), past: told(past), items: items.map(each => ({ ...each, source: null })) }
}

/** A page shows all sides: the days are read once for them. */
const allSides = (ctx: Ctx, ids: string[], span: words.Span, everything: boolean): Promise<store.SumRow[]> =>
  askedOnce(ctx, `soundings.sides ${JSON.stringify([ids, span, everything])}`, () =>
    store.sumsOf(ctx, ids, span, everything, ['source', 'language', 'country']),
  )

const sizeOf = (it: words.Moods): number => it.positive + it.negative + it.neutral + it.unknown

function moodsIn(rows: readonly store.SumRow[]): words.Moods {
  const of = (mood: string) => rows.filter(row => row.mood === mood).reduce((sum, row) => sum + row.n, 0)
  return { positive: of('positive'), negative: of('negative'), neutral: of('neutral'), unknown: of('') }
}

async function byCounts({ ctx, ids, span, before, everything }: Both, by: 'term' | 'voice') {
  const rows: { part: string; now: number; before: number; source?: string }[] =
    by === 'term'
      ? await store.fallen(ctx, ids, span, before, everything, mostCompared)
      : await store.voicesApart(ctx, ids, span, before, everything, mostCompared)
  const [read, readBefore] = await Promise.all([span, before].map(each => store.readIn(ctx, ids, each, everything)))
  const all = { now: read!, before: readBefore! }
  const about = by === 'voice' ? rows : rules.withoutTheMatter(rows, each => ({ ...each, term: each.part }), all)
  const sources = new Map(about.map(each => [each.part, each.source ?? null]))
  const items = rules.drivers(about, mostDrivers).map(each => ({ ...each, source: sources.get(each.part) ?? null }))
  return { now: all.now, past: all.before, items }
}
