/** Four views that lead from what was heard to what we do about it: posts, opportunities, known problems, ideas. */
import { z } from 'zod'
import { reasons } from '#areas/cases/actions.ts'
import { action } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { days, spanOf } from './actions-asked.ts'
import { topics } from './actions-topics.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as insights from './store-insights.ts'
import * as words from './words.ts'

const most = 20
const takes = z.strictObject({ days })
const whose = z.array(z.object({ id: z.string(), name: z.string() }))
const says = (about: string): string => `${about}; of the first eight monitors that are about us`

export const ourMonitors = (ctx: Ctx) => insights.ourMonitors(ctx, words.mostBeside)

export const marketing = action({
  says: says('Social Marketing Insights: the latest posts of ours, each with how much was heard in the day before and in the day after'),
  who: 'soundings.read',
  reads: true,
  takes,
  gives: z.object({
    monitors: whose,
    posts: z.array(
      z.object({
        ...{ content: z.string(), thread: z.string().nullable(), at: z.date(), snippet: z.string() },
        ...{ before: z.number(), after: z.number() },
      }),
    ),
  }),
  run: async (ctx, input) => {
    const monitors = await ourMonitors(ctx)
    const since = new Date(ctx.now.getTime() - input.days * 86_400_000)
    return { monitors, posts: monitors.length ? await insights.posts(ctx, monitors.map(each => each.id), since, most) : [] } // biome-ignore format: one line
  },
})

const company = z.object({
  ...{ company: z.string(), name: z.string(), number: z.number(), title: z.string() },
  /** By which words mentions of it are counted; null where its name is no such term. */
  term: z.string().nullable(),
  ...{ n: z.number(), positive: z.number(), negative: z.number() },
  /** Mentions by people who work there. */
  said: z.number(),
})

export const sales = action({
  says: says(
    'Social Sales Insights: companies with open opportunities, with mentions that name them and mentions by people who work there',
  ),
  who: 'soundings.read',
  reads: true,
  takes,
  gives: z.object({ monitors: whose, companies: z.array(company) }),
  run: async (ctx, input) => {
    const [monitors, buyers] = await Promise.all([ourMonitors(ctx), insights.buyers(ctx, 5 * most)])
    if (monitors.length === 0 || buyers.length === 0) return { monitors, companies: [] }
    const [ids, span] = [monitors.map(each => each.id), spanOf(ctx, input)]
    const terms = new Map(buyers.map(each => [each.company, rules.termOfName(each.name)]))
    const wanted = [...new Set([...terms.values()].filter(each => each !== null))]
    const [named, said] = await Promise.all([
      store.termsBy(ctx, ids, wanted, span, false),
      insights.saidBy(ctx, buyers.map(each => each.company), ids, span), // biome-ignore format: one line
    ])
    const companies = buyers.map(each => ({ ...each, ...foremost(named, terms.get(each.company) ?? null), said: said.find(one => one.company === each.company)?.n ?? 0 })) // biome-ignore format: one line
    return { monitors, companies: companies.toSorted((a, b) => b.n + b.said - a.n - a.said).slice(0, most) }
  },
})

type Named = Awaited<ReturnType<typeof store.termsBy>>

/** A mention may fit several monitors, so the one with most is told, and not all of them together. */
function foremost(named: Named, term: string | null) {
  const [first] = named.filter(each => each.term === term).toSorted((a, b) => b.n - a.n)
  return { term, n: first?.n ?? 0, positive: first?.positive ?? 0, negative: first?.negative ?? 0 }
}

export const support = action({
  says: says('Social Support Insights: terms that rise, beside the known causes of cases that speak of the same'),
  who: 'soundings.read',
  reads: true,
  takes,
  gives: z.object({
    monitors: whose,
    ...{ read: z.number(), readBefore: z.number() },
    rising: z.array(words.risingTerm.extend({ causes: z.array(z.object({ cause: z.string(), count: z.number() })) })),
  }),
  run: async (ctx, input) => {
    const monitors = await ourMonitors(ctx)
    if (monitors.length === 0) return { monitors, read: 0, readBefore: 0, rising: [] }
    const asked = { days: input.days, monitors: monitors.map(each => each.id).join(',') }
    const [{ rising, read, readBefore }, { items }] = await Promise.all([topics(ctx, asked), reasons(ctx, {})])
    return { monitors, read, readBefore, rising: rising.map(each => ({ ...each, causes: items.filter(one => rules.speaksOf(one.cause, each.term)) })) } // biome-ignore format: one line
  },
})
