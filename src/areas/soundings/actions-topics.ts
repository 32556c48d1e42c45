/** What is talked about: terms that rise, all of them by size, and one of them with its phrases. */
import { z } from 'zod'
import { action, id, line } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { asked, days, everything, until, whereOf } from './actions-asked.ts'
import { ofMarket } from './actions-looking.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

const span = z.object({ from: z.string(), until: z.string() })

/** More terms than these are not looked at for one picture. */
const mostTerms = 3000
const mostRising = 20
const mostCloud = 60
const mostPhrases = 12

const topic = words.termCount.extend({ phrases: z.array(words.termCount) })

export const topics = action({
  says: 'What is talked about in mentions of one to eight monitors: terms that rise against the time before (log-likelihood ratio), and the commonest words, each with its phrases',
  who: 'soundings.read',
  reads: true,
  takes: z.strictObject(asked),
  gives: z.object({
    ...{ span, base: span },
    /** Of how many mentions the terms were taken, in the period and in the time before. */
    ...{ read: z.number(), readBefore: z.number() },
    ...{ rising: z.array(words.risingTerm), common: z.array(topic) },
  }),
  run: async (ctx, input) => {
    const { ids, span } = await whereOf(ctx, input)
    const base = rules.baseLine(span)
    const [rows, read, readBefore] = await Promise.all([
      store.terms(ctx, ids, { now: span, before: base, everything: input.everything, most: mostTerms }),
      store.readIn(ctx, ids, span, input.everything),
      store.readIn(ctx, ids, base, input.everything),
    ])
    const terms = rules.withoutTheMatter(rows, each => ({ ...each, now: each.n }), { now: read, before: readBefore })
    // Without a time before, everything would be new.
    const rising = readBefore >= leastBefore ? rules.rising(terms, read, readBefore, mostRising) : []
    return { span, base, read, readBefore, rising, common: treeOf(terms) }
  },
})

/** Fewer mentions in the time before are no base line. */
const leastBefore = 20

/** The commonest words, and below each the phrases in which it stands. */
function treeOf(terms: readonly store.TermRow[]) {
  const phrases = new Map<string, store.TermRow[]>()
  for (const each of terms)
    if (rules.isPhrase(each.term)) for (const word of each.term.split(' ')) phrases.set(word, [...(phrases.get(word) ?? []), each])
  return terms
    .filter(each => !rules.isPhrase(each.term))
    .slice(0, mostCloud)
    .map(each => ({ ...each, phrases: (phrases.get(each.term) ?? []).slice(0, mostPhrases) }))
}

const term = line(100).transform(text => text.toLowerCase())

export const oneTerm = action({
  says: 'One term over time (`topic.trend`: mentions that say it by all mentions that were read), its mood, and the phrases in which it stands',
  who: 'soundings.read',
  reads: true,
  takes: z.strictObject({ ...asked, term }),
  gives: z.object({
    ...{ span, step: z.enum(['day', 'week']) },
    ...{ n: z.number(), before: z.number(), read: z.number(), readBefore: z.number(), surprise: z.number() },
    ...{ positive: z.number(), negative: z.number() },
    by: z.array(z.object({ id: z.string(), name: z.string(), ours: z.boolean(), n: z.number() })),
    /** `sov.category`: ours by all of these monitors that say it. */
    share: z.number().nullable(),
    trend: z.array(z.object({ from: z.string(), n: z.number(), positive: z.number(), negative: z.number() })),
    phrases: z.array(words.termCount),
  }),
  run: async (ctx, input) => {
    const { ids, watched, span, step } = await whereOf(ctx, input)
    const base = rules.baseLine(span)
    const [rows, past, read, readBefore, beside] = await Promise.all([
      store.termDays(ctx, ids, input.term, span, input.everything),
      store.termDays(ctx, ids, input.term, base, input.everything),
      store.readIn(ctx, ids, span, input.everything),
      store.readIn(ctx, ids, base, input.everything),
      store.termsLike(ctx, ids, input.term, { now: span, before: base, everything: input.everything, most: 40 }),
    ])
    const [n, before] = [countOf(rows), countOf(past)]
    const by = watched.map(each => ({
      id: each.id,
      name: each.name,
      ours: each.ours,
      n: countOf(rows.filter(row => row.monitor === each.id)),
    }))
    const ours = by.filter(each => each.ours).reduce((all, each) => all + each.n, 0)
    const isShared = by.some(each => each.ours) && by.some(each => !each.ours)
    return {
      ...{ span, step, n, before, read, readBefore, by },
      surprise: readBefore >= leastBefore ? rules.surprise(n, Math.max(read, n), before, Math.max(readBefore, before)) : 0,
      ...{ positive: addOf(rows, 'positive'), negative: addOf(rows, 'negative') },
      share: isShared ? rules.shareOfConversation(ours, n) : null,
      trend: stepsFrom(rows, span, step),
      phrases: beside.filter(each => each.term !== input.term),
    }
  },
})

const addOf = (rows: readonly store.TermDay[], key: 'n' | 'positive' | 'negative'): number => rows.reduce((sum, row) => sum + row[key], 0)
const countOf = (rows: readonly store.TermDay[]): number => addOf(rows, 'n')

function stepsFrom(rows: readonly store.TermDay[], span: words.Span, step: 'day' | 'week') {
  const steps = new Map(rules.stepsOf(span, step).map(from => [from, [] as store.TermDay[]]))
  for (const row of rows) steps.get(rules.stepIn(row.day, span.from, step))?.push(row)
  return [...steps].map(([from, those]) => ({
    from,
    n: countOf(those),
    positive: addOf(those, 'positive'),
    negative: addOf(those, 'negative'),
  }))
}

/** How surprising one of the phrases of a term is. */
export const surpriseOf = (each: words.TermCount, { read, readBefore }: { read: number; readBefore: number }): number =>
  readBefore >= leastBefore ? rules.surprise(each.n, Math.max(read, each.n), each.before, Math.max(readBefore, each.before)) : 0

// —— share of conversation ——

export const conversation = action({
  says: 'Share of conversation (`sov.category`) in a market: of all mentions of each topic monitor, how many speak of each brand as well',
  who: 'soundings.read',
  reads: true,
  takes: z.strictObject({ market: id, days, until, everything }),
  gives: z.object({
    items: z.array(
      z.object({
        topic: z.object({ id: z.string(), name: z.string(), n: z.number() }),
        brands: z.array(z.object({ id: z.string(), name: z.string(), ours: z.boolean(), n: z.number(), share: z.number().nullable() })),
      }),
    ),
  }),
  run: (ctx, input) => conversationOf(ctx, input),
})

async function conversationOf(ctx: Ctx, input: { market: string; days: number; until?: string | undefined; everything: boolean }) {
  const { brands, topics } = await ofMarket(ctx, input.market)
  if (topics.length === 0 || brands.length === 0) return { items: [] }
  const ids = topics.map(each => each.id)
  const { span } = await whereOf(ctx, { ...input, monitors: ids[0]! })
  const [met, sums] = await Promise.all([store.meetings(ctx, ids, span, input.everything), store.sumsOf(ctx, ids, span, input.everything)])
  const items = topics.map(({ id: topic, name }) => {
    const all = sums.filter(row => row.monitor === topic).reduce((sum, row) => sum + row.n, 0)
    const of = (brand: string) => met.find(row => row.topic === topic && row.monitor === brand)?.n ?? 0
    return {
      topic: { id: topic, name, n: all },
      brands: brands.map(each => ({ id: each.id, name: each.name, ours: each.ours, n: of(each.id), share: rules.shareOfConversation(of(each.id), all) })), // biome-ignore format: one row
    }
  })
  return { items }
}
