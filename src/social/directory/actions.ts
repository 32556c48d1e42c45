import { z } from 'zod'
import { action, id, limit, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { may } from '#kernel/permissions.ts'
import { cardsOf, keyOf } from '#social/people/actions.ts'
import { card, type PersonCard } from '#social/people/words.ts'
import { type SideName, sideNames } from '#social/sides/words.ts'
import * as store from './store.ts'

async function cardsIn(ctx: Ctx, ids: string[]): Promise<PersonCard[]> {
  const cards = await cardsOf(ctx, ids)
  return ids.flatMap(each => cards.get(each) ?? [])
}

export const list = action({
  says: 'List people by name, or find them by a part of their name or address, tolerant of typing errors',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ q: text(200).optional(), side: z.enum(sideNames).optional(), after: id.optional(), limit }),
  gives: z.object({ items: z.array(card), next: z.string().nullable() }),
  run: async (ctx, { q, side, after, limit }) => {
    const starts = keyOf(q ?? '')
    const from = after ? await store.place(ctx, after) : undefined
    const begin = await store.byName(ctx, { side, limit: limit + 1, after: from }, starts)
    const more = starts && !after && begin.length < limit ? await alike(ctx, starts, { side, limit }) : []
    const page = [...new Set([...begin, ...more])].slice(0, limit)
    return { items: await cardsIn(ctx, page), next: begin.length > limit ? page.at(-1)! : null }
  },
})

/** Everybody whom the list finds, at most so many: what begins so, and what resembles it where that is little. */
export async function everyoneFound(ctx: Ctx, { q, side, limit }: { q?: string; side?: SideName; limit: number }): Promise<string[]> {
  const starts = keyOf(q ?? '')
  const begin = await store.byName(ctx, { side, limit }, starts)
  const more = starts && begin.length < 50 ? await alike(ctx, starts, { side, limit: 50 }) : []
  return [...new Set([...begin, ...more])].slice(0, limit)
}

/** Addresses that begin so, and names that resemble. One or two letters resemble everything. */
async function alike(ctx: Ctx, words: string, search: store.Search): Promise<string[]> {
  const addresses = await store.byAddress(ctx, words, search)
  return words.length < 3 ? addresses : [...addresses, ...(await store.resembling(ctx, words, search))]
}

export const quick = action({
  says: 'Find a few people while typing: colleagues to mention, or everyone',
  who: 'people.mention',
  reads: true,
  takes: z.strictObject({
    q: text(100).default(''),
    among: z.enum(['colleagues', 'everyone']).default('colleagues'),
    limit: z.coerce.number().int().min(1).max(20).default(8),
  }),
  gives: z.object({ items: z.array(card) }),
  run: async (ctx, { q, among, limit }) => {
    if (among === 'everyone' && !may(ctx.actor, 'people.read')) refuse('forbidden', 'kernel.forbidden')
    const search = { side: among === 'colleagues' ? ('colleague' as const) : undefined, limit }
    const starts = keyOf(q)
    const begin = await store.byName(ctx, search, starts)
    const more = begin.length < limit && starts ? await alike(ctx, starts, search) : []
    return { items: await cardsIn(ctx, [...new Set([...begin, ...more])].slice(0, limit)) }
  },
})
