import { z } from 'zod'
import { action, id, limit, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { may } from '#kernel/permissions.ts'
import { cardsOf, idsOf, keyOf } from '#social/people/actions.ts'
import { card, type PersonCard } from '#social/people/words.ts'
import * as sides from '#social/sides/actions.ts'
import { sideNames } from '#social/sides/words.ts'
import * as store from './store.ts'
import * as words from './words.ts'

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
    const from = after ? await store.detail(ctx, after) : undefined
    const begin = await store.byName(ctx, { side, limit: limit + 1, after: from }, starts)
    const more = starts && !after && begin.length < limit ? await alike(ctx, starts, { side, limit }) : []
    const page = [...new Set([...begin, ...more])].slice(0, limit)
    return { items: await cardsIn(ctx, page), next: begin.length > limit ? page.at(-1)! : null }
  },
})

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

/** All ids of a person, the standing one first; the same refusal for what is not there and what belongs to others. */
async function allOf(ctx: Ctx, person: string): Promise<[string, ...string[]]> {
  const [stands, ...others] = await idsOf(ctx, person)
  return stands ? [stands, ...others] : refuse('notFound', 'directory.notFound')
}

export const show = action({
  says: 'Show all that is known of a person: addresses and why they are linked, company, sides over time',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ person: id }),
  gives: words.profile,
  run: async (ctx, { person }) => {
    const ids = await allOf(ctx, person)
    const row = (await store.detail(ctx, ids[0]))!
    const handles = await store.handlesOf(ctx, ids)
    const staff = (await store.employedBy(ctx, ids, 50)).map(each => each.id)
    const linkers = handles.flatMap(each => each.linked_by ?? [])
    const cards = await cardsOf(ctx, [row.id, ...staff, ...linkers, ...(row.company ? [row.company] : [])])
    return {
      card: cards.get(row.id)!,
      about: row.about,
      company: (row.company && cards.get(row.company)) || null,
      colleagues: staff.map(each => cards.get(each)!),
      createdAt: row.created_at,
      because: row.created_because,
      handles: handles.map(each => handleOf(each, cards)),
      sides: await store.sidesOf(ctx, ids),
    }
  },
})

type Row = Awaited<ReturnType<typeof store.handlesOf>>[number]
const handleOf = ({ id, network, address, url, because, until, ...row }: Row, cards: Map<string, PersonCard>) => ({
  id,
  network,
  address,
  url,
  because,
  until,
  linkedAt: row.linked_at,
  linkedBy: (row.linked_by && cards.get(row.linked_by)) || null,
  verifiedAt: row.verified_at,
})

const reason = text(1000).optional()

export const sideBegin = action({
  says: 'Note on which side a person stands from now on: customer, supplier, partner, prospect',
  who: 'people.write',
  takes: z.strictObject({ person: id, side: z.enum(sideNames), reason }),
  gives: z.object({ person: id, sides: z.array(id) }),
  run: async (ctx, { person, side, reason }) => {
    const ids = await allOf(ctx, person)
    sides.mayNote(side)
    if (await sides.isOn(ctx, ids, side)) refuse('conflict', 'directory.sideAlready')
    return { person: ids[0], sides: await sides.begin(ctx, [{ person: ids[0], side, because: reason || 'decision' }]) }
  },
})

export const sideEnd = action({
  says: 'Note that a person stands on a side no longer',
  who: 'people.write',
  takes: z.strictObject({ person: id, side: z.enum(sideNames), reason }),
  gives: z.object({ person: id, sides: z.array(id) }),
  run: async (ctx, { person, side, reason }) => {
    const ids = await allOf(ctx, person)
    sides.mayNote(side)
    return { person: ids[0], sides: await sides.end(ctx, ids, side, reason || 'decision') }
  },
})

export const sideResume = action({
  says: 'Take back that somebody left a side',
  who: 'people.write',
  published: false,
  takes: z.strictObject({ person: id, sides: z.array(id).max(20) }),
  gives: z.object({ person: id }),
  run: async (ctx, input) => {
    const ids = await allOf(ctx, input.person)
    await sides.resume(ctx, ids, input.sides)
    return { person: ids[0] }
  },
})
