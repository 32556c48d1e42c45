import { z } from 'zod'
import { action, id, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { cardsOf, idsOf } from '#social/people/actions.ts'
import type { PersonCard } from '#social/people/words.ts'
import * as sides from '#social/sides/actions.ts'
import { sideNames } from '#social/sides/words.ts'
import * as store from './store.ts'
import * as words from './words.ts'

/** All ids of a person, the standing one first; the same refusal for what is not there and what belongs to others. */
async function allOf(ctx: Ctx, person: string): Promise<[string, ...string[]]> {
  const [stands, ...others] = await idsOf(ctx, person)
  return stands ? [stands, ...others] : refuse('notFound', 'profile.notFound')
}

export const show = action({
  says: 'Show all that is known of a person: addresses and why they are linked, company, sides over time',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ person: id }),
  gives: words.profile,
  run: async (ctx, { person }) => {
    const ids = await allOf(ctx, person)
    const row = (await store.detail(ctx, ids[0])) ?? refuse('gone', 'profile.erased')
    const handles = await store.handlesOf(ctx, ids)
    const staff = (await store.employedBy(ctx, ids, 50)).map(each => each.id)
    const linkers = handles.flatMap(each => each.linked_by ?? [])
    const cards = await cardsOf(ctx, [row.id, ...staff, ...linkers, ...(row.company ? [row.company] : [])])
    return {
      card: cards.get(row.id)!,
      given: await store.givenName(ctx, row.id),
      about: row.about,
      zone: row.zone,
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
  claims: typeof row.evidence.claims === 'string' ? row.evidence.claims : null,
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
    if (await sides.isOn(ctx, ids, side)) refuse('conflict', 'profile.sideAlready')
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
