/** The pictures that are made of sums: how much, by whom, in which mood, where and when. */
import { z } from 'zod'
import { kinds, moods as moodNames } from '#areas/monitors/words.ts'
import { action, cursor, limit, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { askedOnce } from '#kernel/context.ts'
import { daysFrom } from '#kernel/days.ts'
import { timeOf } from '#kernel/ids.ts'
import { asked, days, everything, todayOf, whereOf } from './actions-asked.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

// —— sums ——

const nothing: words.Moods = { positive: 0, negative: 0, neutral: 0, unknown: 0 }

const moodsOf = (rows: readonly { mood: string; n: number }[]): words.Moods => {
  const found = { ...nothing }
  for (const { mood, n } of rows) found[moodNames.find(each => each === mood) ?? 'unknown'] += n
  return found
}

type Added = 'n' | 'all' | 'duplicates' | 'bots' | 'staff' | 'reach' | 'known'
const total = (rows: readonly store.SumRow[], key: Added): number => rows.reduce((sum, row) => sum + row[key], 0)

export function sumOf(rows: readonly store.SumRow[]): words.Sum {
  const moods = moodsOf(rows)
  return {
    ...moods,
    ...{ n: total(rows, 'n'), all: total(rows, 'all'), duplicates: total(rows, 'duplicates'), bots: total(rows, 'bots') },
    ...{ staff: total(rows, 'staff'), reach: total(rows, 'reach'), reachKnown: total(rows, 'known') },
    ...{ net: rules.netSentiment(moods), nsr: rules.netSentimentRate(moods) },
  }
}

const whole = (row: store.SumRow): boolean => row.day === null && row.source === null && row.language === null && row.country === null

const span = z.object({ from: z.string(), until: z.string() })
const beside = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(kinds),
  ours: z.boolean(),
  sum: words.sum,
  before: words.sum,
})
const step = words.moods.extend({ from: z.string(), n: z.number(), net: z.number().nullable(), by: z.array(z.number()) })
const part = words.moods.extend({ part: z.string(), n: z.number(), net: z.number().nullable() })

const against = z.enum(words.comparisons).default('before')

export const look = action({
  says: 'What was heard for one to eight monitors in the last so many days: how much, share of voice, mood by both formulas, over time and by source, language and country, beside the period before or a year ago',
  who: 'soundings.read',
  reads: true,
  takes: z.strictObject({ ...asked, against }),
  gives: z.object({
    ...{ span, before: span, step: z.enum(['day', 'week']) },
    monitors: z.array(beside),
    total: words.sum,
    totalBefore: words.sum,
    /** Share of voice, 0 to 1; null where nothing competes or nothing was heard. */
    ...{ sov: z.number().nullable(), sovBefore: z.number().nullable() },
    trend: z.array(step),
    /** How much it was in the same step of the time before. */
    trendBefore: z.array(z.number()),
    ...{ sources: z.array(part), languages: z.array(part), countries: z.array(part) },
  }),
  run: async (ctx, input) => {
    const { watched, ids, span, step } = await whereOf(ctx, input)
    const before = rules.spanBefore(span, input.against)
    const [rows, past] = await Promise.all([
      store.sumsOf(ctx, ids, span, input.everything, ['day', 'source', 'language', 'country']),
      store.sumsOf(ctx, ids, before, input.everything, ['day']),
    ])
    const of = (all: store.SumRow[], id: string) => sumOf(all.filter(row => whole(row) && row.monitor === id))
    const monitors = watched.map(({ id, name, kind, ours }) => ({ id, name, kind, ours, sum: of(rows, id), before: of(past, id) }))
    return {
      ...{ span, before, step, monitors },
      ...{ total: sumOf(rows.filter(whole)), totalBefore: sumOf(past.filter(whole)) },
      ...{ sov: voiceShare(monitors, 'sum'), sovBefore: voiceShare(monitors, 'before') },
      trend: trendOf(rows, ids, span, step),
      trendBefore: trendOf(past, ids, before, step).map(each => each.n),
      ...{ sources: partsOf(rows, 'source'), languages: partsOf(rows, 'language'), countries: partsOf(rows, 'country') },
    }
  },
})

/** Unknown where ours stand alone, or none is ours: then there is nobody to share the voice with. */
function voiceShare(monitors: readonly { ours: boolean; sum: words.Sum; before: words.Sum }[], of: 'sum' | 'before'): number | null {
  const sides = [true, false].map(ours => monitors.filter(each => each.ours === ours))
  if (sides.some(each => each.length === 0)) return null
  const [own, others] = sides.map(each => each.reduce((sum, one) => sum + one[of].n, 0))
  return rules.shareOfVoice(own!, others!)
}

function trendOf(rows: readonly store.SumRow[], ids: readonly string[], span: words.Span, step: 'day' | 'week') {
  const steps = new Map(rules.stepsOf(span, step).map(from => [from, [] as store.SumRow[]]))
  for (const row of rows) if (row.day) steps.get(rules.stepIn(row.day, span.from, step))?.push(row)
  return [...steps].map(([from, those]) => {
    const moods = moodsOf(those)
    const by = ids.map(id => those.filter(row => row.monitor === id).reduce((sum, row) => sum + row.n, 0))
    return { from, ...moods, n: total(those, 'n'), net: rules.netSentiment(moods), by }
  })
}

const mostParts = 60

function partsOf(rows: readonly store.SumRow[], key: 'source' | 'language' | 'country') {
  const parts = new Map<string, store.SumRow[]>()
  for (const row of rows) if (row[key] !== null) parts.set(row[key], [...(parts.get(row[key]) ?? []), row])
  return [...parts]
    .map(([part, those]) => ({ part, those, moods: moodsOf(those), n: total(those, 'n') }))
    .filter(each => each.n > 0)
    .sort((a, b) => b.n - a.n)
    .slice(0, mostParts)
    .map(({ part, moods, n }) => ({ part, ...moods, n, net: rules.netSentiment(moods) }))
}

// —— all monitors ——

const found = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(kinds),
  ours: z.boolean(),
  pausedAt: z.date().nullable(),
  sum: words.sum,
  before: z.number(),
  points: z.array(z.number()),
})

export const overview = action({
  says: 'How much was heard for each monitor in the last so many days, by name, a page at a time; `q` looks in their names',
  who: 'soundings.read',
  reads: true,
  takes: z.strictObject({ days, everything, q: text(100).default(''), after: cursor, limit: limit.default(24) }),
  gives: z.object({ items: z.array(found), next: z.string().nullable() }),
  run: async (ctx, input) => {
    const after = input.after ? input.after.split('\n') : null
    const page = await store.watchedPage(ctx, {
      q: input.q.trim(),
      after: after?.length === 2 ? after.toReversed() : null,
      limit: input.limit,
    })
    const span = { from: daysFrom(todayOf(ctx), 1 - input.days), until: todayOf(ctx) }
    const before = rules.spanBefore(span, 'before')
    const ids = page.map(each => each.id)
    const [rows, past] = await Promise.all([
      store.sumsOf(ctx, ids, span, input.everything, ['day']),
      store.sumsOf(ctx, ids, before, input.everything),
    ])
    const items = page.map(({ id, name, kind, ours, paused_at }) => {
      const own = rows.filter(row => row.monitor === id)
      const points = trendOf(own, [id], span, rules.stepOf(input.days)).map(each => each.n)
      return { id, name, kind, ours, pausedAt: paused_at, sum: sumOf(own.filter(whole)), before: total(past.filter(row => row.monitor === id), 'n'), points } // biome-ignore format: one row
    })
    const last = page.at(-1)
    return { items, next: last && page.length === input.limit ? `${last.id}\n${last.name}` : null }
  },
})

const mostMarkets = 100

/** The groups of brands and competitors. */
export const marketsOf = (ctx: Ctx) => askedOnce(ctx, 'soundings.markets', () => store.markets(ctx, mostMarkets))

/** Of a market as many as stand side by side, our own first, and topics apart. */
export async function ofMarket(ctx: Ctx, market: string) {
  const all = await store.inMarket(ctx, market, 100)
  const topics = all.filter(each => each.kind === 'topic')
  const brands = all.filter(each => each.kind !== 'topic')
  return { brands: brands.slice(0, words.mostBeside), left: Math.max(0, brands.length - words.mostBeside), topics: topics.slice(0, 20) }
}

/** How those of these monitors are called that are there, in the order in which they were asked for. */
export async function namesOf(ctx: Ctx, wanted: readonly string[]): Promise<{ id: string; name: string }[]> {
  const found = wanted.length ? await store.watched(ctx, wanted) : []
  return wanted.flatMap(id => found.find(each => each.id === id) ?? [])
}

// —— hours of the week ——

/** Further back nobody counts by hours. */
export const mostHourDays = 92

export const hours = action({
  says: 'How much was heard in each hour of the week (168, from Monday, by the organisation’s clock), in the last so many days, 92 at most',
  who: 'soundings.read',
  reads: true,
  takes: z.strictObject(asked),
  gives: z.object({ span, hours: z.array(z.number()).length(168) }),
  run: async (ctx, input) => {
    const { ids, span } = await whereOf(ctx, { ...input, days: Math.min(input.days, mostHourDays) })
    const told = Array.from({ length: 168 }, () => 0)
    for (const { hour, n } of await store.hours(ctx, ids, span, input.everything)) told[hour] = n
    return { span, hours: told }
  },
})

// —— how sure ——

const mostChecked = 5000
const checkedDays = 365

export const accuracy = action({
  says: 'How often the machine’s mood was right where colleagues looked at it in the last year, with the span in which the true share lies, by language and together; `sentiment.accuracy`',
  who: 'soundings.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ all: words.accuracy, languages: z.array(words.accuracy.extend({ language: z.string() })) }),
  run: async ctx => {
    const rows = await store.checked(ctx, new Date(ctx.now.getTime() - checkedDays * 86_400_000), mostChecked)
    const sum = (key: 'checked' | 'right') => rows.reduce((all, row) => all + row[key], 0)
    const languages = rows.map(({ language, checked, right }) => ({ language, ...rules.accuracyOf(checked, right) }))
    return { all: rules.accuracyOf(sum('checked'), sum('right')), languages }
  },
})

const mostChannels = 50

export const coverage = action({
  says: 'Which networks are listened to: by how many accounts, how many of them work now, since when, and when something was heard last',
  who: 'soundings.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({
    items: z.array(
      z.object({ channel: z.string(), accounts: z.number(), working: z.number(), since: z.date(), heardAt: z.date().nullable() }),
    ),
  }),
  run: async ctx => {
    const rows = await store.connected(ctx, mostChannels)
    return { items: rows.map(({ channel, accounts, working, first, heard_at }) => ({ channel, accounts, working, since: timeOf(first), heardAt: heard_at })) } // biome-ignore format: one line
  },
})
