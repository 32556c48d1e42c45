/** Trying a query before it listens: on what is stored, on a text, and on what was set aside. */
import { z } from 'zod'
import { action, id, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { firstIdAt } from '#kernel/ids.ts'
import { parsed, verdict } from '#social/matching/actions.ts'
import { bounds, type Post, type Query } from '#social/matching/words.ts'
import { heardFrom, heardOf, postOf, sieve } from './actions-hearing.ts'
import { shownMention } from './actions-mentions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import { contentsBefore, mentionsBefore } from './store-looking.ts'
import * as words from './words.ts'

const query = text(bounds.characters)
const [mostMentions, mostContents, mostShown] = [500, 300, 8]

const tried = z.object({
  at: z.date(),
  source: z.string(),
  author: z.string().nullable(),
  text: z.string(),
  spans: z.array(words.span),
})
type Tried = z.output<typeof tried>

export const preview = action({
  says: 'Show what a query would have found among the newest of what is stored, without keeping anything; `over` says among how many',
  who: 'monitors.read',
  reads: true,
  takes: z.strictObject({ query }),
  gives: z.object({ over: z.number(), fits: z.number(), items: z.array(tried) }),
  run: async (ctx, input) => {
    const asked = parsed(input.query)
    const fits = sieve(asked)
    const posts = await newest(ctx)
    const found = posts.filter(each => fits(each.post))
    const items = found.slice(0, mostShown).map(({ post, ...each }) => ({ ...each, text: post.text, spans: verdict(asked, post).spans }))
    return { over: posts.length, fits: found.length, items: items.map(short) }
  },
})

/** What the asking colleague may read of it, newest first. */
async function newest(ctx: Ctx) {
  const rows = await mentionsBefore(ctx, null, firstIdAt(new Date(0)), mostMentions)
  const heard = await heardOf(ctx, await contentsBefore(ctx, null, firstIdAt(new Date(0)), mostContents))
  const mentions = rows.map(row => ({ at: row.at, source: row.source, author: row.author_name ?? row.author, post: postIn(row) }))
  const there = new Set(rows.flatMap(row => row.content ?? []))
  const contents = [...heard].flatMap(([source, posts]) =>
    posts
      .filter(each => !there.has(each.content!))
      .map(each => ({
        at: each.at,
        source,
        author: each.authorName ?? each.author ?? null,
        post: postOf(source, { ...each, text: rules.keptText(each.text) }),
      })),
  )
  return [...mentions, ...contents].sort((a, b) => b.at.getTime() - a.at.getTime())
}

/** A mention as a query sees it, with what was found out of it. */
const postIn = (row: store.MentionRow): Post => ({ ...postOf(row.source, heardFrom(row)), ...(row.mood && { mood: row.mood }) })

const around = 300

/** Of a long text the part around the first place that fits. */
function short(it: Tried): Tried {
  const from = Math.max(0, (it.spans[0]?.[0] ?? 0) - around / 3)
  const spans = it.spans.flatMap(([a, b]): [number, number][] => (a >= from && b <= from + around ? [[a - from, b - from]] : []))
  return { ...it, text: it.text.slice(from, from + around).toWellFormed(), spans }
}

const mostParts = 50

const part = z.object({
  /** The part of the query, as it is understood. */
  says: z.string(),
  fits: z.boolean(),
  spans: z.array(words.span),
  /** It must not be there. */
  not: z.boolean(),
})

export const explain = action({
  says: 'Why a text fits a query, or why it does not: what each part of the query finds in it',
  who: 'monitors.read',
  reads: true,
  takes: z.strictObject({ query, text: text(words.mostText) }),
  gives: z.object({ fits: z.boolean(), spans: z.array(words.span), parts: z.array(part) }),
  run: async (_ctx, input) => {
    const asked = parsed(input.query)
    const post = { text: input.text }
    const parts = rules
      .partsOf(asked)
      .slice(0, mostParts)
      .map(({ query: each, not }) => ({ says: rules.written(each), not, ...verdict(each, post) }))
    return { ...verdict(asked, post), parts }
  },
})

// —— noise ——

const [asideLooked, keptLooked] = [200, 1000]
const effect = z.object({ of: z.number(), goes: z.number(), lost: z.number(), examples: z.array(words.mention) })

export const noise = action({
  says: 'Which words would take out what was set aside, and what a query without one would lose; over the newest that were set aside and that were kept',
  who: 'monitors.read',
  reads: true,
  takes: z.strictObject({ monitor: id, word: text(100).default('') }),
  gives: z.object({
    aside: z.number(),
    kept: z.number(),
    suggestions: z.array(z.object({ word: z.string(), goes: z.number(), lost: z.number() })),
    /** For the word that was asked about, or the best one. */
    word: z.string(),
    query: z.string(),
    effect: effect.nullable(),
  }),
  run: async (ctx, { monitor, word }) => {
    const it = (await store.monitorOf(ctx, monitor)) ?? refuse('notFound', 'monitors.notThere')
    const asked = new Set(rules.wordsOf(it.query))
    const [aside, kept] = [await store.textsOf(ctx, monitor, true, asideLooked), await store.textsOf(ctx, monitor, false, keptLooked)]
    const said = (rows: store.MentionRow[]) => rows.map(each => rules.wordsOf(each.text).filter(one => !asked.has(one)))
    const suggestions = rules.suggestions(said(aside), said(kept))
    const chosen = word.trim() || (suggestions[0]?.word ?? '')
    const anew = chosen ? rules.without(it.query, parsed(it.query), chosen) : it.query
    return {
      ...{ aside: aside.length, kept: kept.length, suggestions, word: chosen, query: anew },
      effect: chosen ? effectOf(parsed(anew), aside, kept) : null,
    }
  },
})

function effectOf(query: Query, aside: store.MentionRow[], kept: store.MentionRow[]): z.output<typeof effect> {
  const fits = sieve(query)
  const goes = (row: store.MentionRow) => !fits(postIn(row))
  const lost = kept.filter(goes)
  return {
    of: aside.length + kept.length,
    goes: aside.filter(goes).length,
    lost: lost.length,
    examples: lost.slice(0, 5).map(shownMention),
  }
}
