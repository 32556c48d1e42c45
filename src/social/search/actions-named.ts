/** People and spaces, found by name and address from when they are known. */
import type { Ctx } from '#kernel/context.ts'
import { timeOf } from '#kernel/ids.ts'
import { on } from '#social/activities/words.ts'
import { Merged, Separated } from '#social/merges/words.ts'
import { cardsOf, closedAmong } from '#social/people/actions.ts'
import { Changed, Linked, Met, type PersonCard, Removed, Unlinked } from '#social/people/words.ts'
import { SideBegan, SideEnded } from '#social/sides/words.ts'
import * as spaces from '#social/spaces/words.ts'
import { findable, forget } from './actions.ts'
import * as store from './store.ts'
import type { Findable } from './words.ts'

export const findPeople = on(
  [Met, Changed, Linked, Unlinked, SideBegan, SideEnded, Merged, Separated],
  'people are found by their name and address',
  async (ctx, happened) =>
    indexPeople(
      ctx,
      happened.flatMap(each => [each.object, each.target]).filter(each => each !== null),
    ),
)

/** Makes these people findable as they are now, but for those whom one colleague knows alone; whoever was merged is found as the one that stands for them. */
export async function indexPeople(ctx: Ctx, ids: string[]): Promise<void> {
  const asked = await cardsOf(ctx, ids)
  const standing = await cardsOf(ctx, [...new Set([...asked.values()].map(card => card.stands))])
  const closed = await closedAmong(ctx, [...standing.keys()])
  const cards = new Map([...standing].filter(([id]) => !closed.has(id)))
  await forget(
    ctx,
    [...asked.keys()].filter(each => !cards.has(each)),
  )
  await findable(ctx, [...cards.values()].map(findablePerson))
}

const findablePerson = (card: PersonCard): Findable => ({
  id: card.id,
  noun: 'Person',
  at: timeOf(card.id),
  title: card.name,
  text: card.address ?? '',
  path: `/people/${card.id}`,
  // Whom we know outside is seen by those who work with them.
  audience: card.side === 'inside' ? 'staff' : 'thread',
})

export const losePeople = on(Removed, 'who was taken out is no longer found', async (ctx, happened) => {
  await forget(
    ctx,
    happened.map(each => each.object!),
  )
})

export const findSpaces = on(
  [spaces.Made, spaces.Changed, spaces.Archived, spaces.Reopened],
  'spaces are found by their name',
  async (ctx, happened) => {
    const ids = [...new Set(happened.map(each => each.object!))]
    const open = (await store.spacesBy(ctx, ids)).filter(space => space.archived_at === null)
    await forget(
      ctx,
      ids.filter(each => !open.some(space => space.id === each)),
    )
    await findable(ctx, open.map(findableSpace))
  },
)

const findableSpace = (space: store.Space): Findable => ({
  id: space.id,
  noun: 'Space',
  at: timeOf(space.id),
  title: space.name,
  text: space.slug,
  path: `/spaces/${space.slug}`,
  audience: space.audience,
  space: space.id,
})
