import { z } from 'zod'
import { action, id, limit } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { tell } from '#kernel/live.ts'
import { remembered } from '#kernel/remembered.ts'
import { record } from '#social/activities/actions.ts'
import { cardsOf, idsOf } from '#social/people/actions.ts'
import { card } from '#social/people/words.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { MemberRole } from './words.ts'
import * as words from './words.ts'

/** All records of the actor, the standing one first; empty for the house itself. */
export async function selfOf(ctx: Ctx): Promise<string[]> {
  const { person } = ctx.actor
  if (!person) return []
  const ids = await remembered(ctx, `graph.self ${person}`, [`person:${person}`], () => idsOf(ctx, person))
  return ids.length ? ids : [person]
}

// —— following and blocking ——

async function personOf(ctx: Ctx, person: string): Promise<[string, ...string[]]> {
  const [stands, ...others] = await idsOf(ctx, person)
  return stands ? [stands, ...others] : refuse('notFound', 'graph.personNotFound')
}

const onPerson = { who: 'people.follow', takes: z.strictObject({ person: id }), gives: z.object({ person: id }) }

async function tied(ctx: Ctx, person: string, verb: 'follow' | 'block', word: typeof words.Followed): Promise<{ person: string }> {
  const [self, other] = [await selfOf(ctx), await personOf(ctx, person)]
  rules.mayTie(self, other)
  const known = (await store.between(ctx, self, other)).some(each => each.verb === verb)
  if (!known && (await store.tie(ctx, { subject: self[0] ?? refuse('forbidden', 'kernel.forbidden'), verb, object: other[0] })))
    told(ctx, word, other[0])
  return { person: other[0] }
}

async function untied(ctx: Ctx, person: string, verb: 'follow' | 'block', word: typeof words.Followed): Promise<{ person: string }> {
  const [self, other] = [await selfOf(ctx), await personOf(ctx, person)]
  if (self.length && (await store.untie(ctx, self, verb, other))) told(ctx, word, other[0])
  return { person: other[0] }
}

function told(ctx: Ctx, word: typeof words.Followed, person: string): void {
  record(ctx, word, { object: person })
  tell(ctx, `person:${person}`)
}

export const follow = action({
  ...onPerson,
  says: 'Follow a person: see what they do among one’s own news',
  run: (ctx, { person }) => tied(ctx, person, 'follow', words.Followed),
})
export const unfollow = action({
  ...onPerson,
  says: 'Follow a person no longer',
  run: (ctx, { person }) => untied(ctx, person, 'follow', words.Unfollowed),
})
/** Somebody outside follows one of our accounts on its network, or no longer. */
export interface FollowElsewhere {
  person: string
  undone: boolean
  at: Date
}

/** People outside follow one of our accounts on its network, or no longer; each of them once. */
export async function followElsewhere(ctx: Ctx, where: { account: string; channel: string }, all: FollowElsewhere[]): Promise<void> {
  const { account, channel } = where
  const coming = all.filter(each => !each.undone)
  const tied = coming.length
    ? await store.tieAll(
        ctx,
        coming.map(each => each.person),
        'follow',
        account,
      )
    : new Set()
  for (const { person, undone, at } of all) {
    const changed = undone ? await store.untie(ctx, await idsOf(ctx, person), 'follow', [account]) : tied.delete(person)
    const word = undone ? words.Unfollowed : words.FollowedAccount
    if (changed) record(ctx, word, { object: account, actor: person, channel, side: 'outside', at })
  }
}

export const block = action({
  ...onPerson,
  says: 'Block a person: they can no longer notify or mention one',
  run: (ctx, { person }) => tied(ctx, person, 'block', words.Blocked),
})
export const unblock = action({
  ...onPerson,
  says: 'Block a person no longer',
  run: (ctx, { person }) => untied(ctx, person, 'block', words.Unblocked),
})

export const tiesWith = action({
  says: 'Tell whether one follows or blocks a person',
  who: 'people.follow',
  reads: true,
  takes: z.strictObject({ person: id }),
  gives: z.object({ self: z.boolean(), follows: z.boolean(), blocks: z.boolean() }),
  run: async (ctx, { person }) => {
    const [self, other] = [await selfOf(ctx), await personOf(ctx, person)]
    const verbs = self.length ? (await store.between(ctx, self, other)).map(each => each.verb) : []
    return { self: other.some(each => self.includes(each)), follows: verbs.includes('follow'), blocks: verbs.includes('block') }
  },
})

export const following = action({
  says: 'List whom one follows and whom one blocks, the latest first',
  who: 'people.follow',
  reads: true,
  takes: z.strictObject({ limit }),
  gives: z.object({ follows: z.array(card), blocks: z.array(card) }),
  run: async (ctx, { limit }) => {
    const self = await selfOf(ctx)
    const listed = async (verb: 'follow' | 'block') => {
      const ids = self.length ? (await store.objects(ctx, self, verb, limit)).map(each => each.object) : []
      const cards = await cardsOf(ctx, ids)
      return ids.flatMap(each => cards.get(each) ?? [])
    }
    return { follows: await listed('follow'), blocks: await listed('block') }
  },
})

/** Who follows this, whatever it is; for telling them of news. */
export const followersOf = async (ctx: Ctx, objects: string[]): Promise<string[]> =>
  objects.length ? (await store.followers(ctx, objects)).map(each => each.subject) : []

/** Without what would reach somebody from a person whom they blocked. */
export async function withoutBlocked<T>(ctx: Ctx, all: T[], pair: (it: T) => { to: string; from: string | null }): Promise<T[]> {
  const pairs = all.map(pair)
  const from = [...new Set(pairs.flatMap(each => each.from ?? []))]
  if (from.length === 0) return all
  const blocked = new Set(
    (await store.blocks(ctx, [...new Set(pairs.map(each => each.to))], from)).map(each => `${each.by} ${each.source}`),
  )
  return all.filter((_, at) => !blocked.has(`${pairs[at]!.to} ${pairs[at]!.from}`))
}

// —— belonging: for modules that keep what one belongs to ——

/** What these records of one person are there; null when they do not belong. */
export async function roleIn(ctx: Ctx, person: string[], object: string): Promise<MemberRole | null> {
  const roles = (await store.between(ctx, person, [object])).filter(each => each.verb === 'member').map(each => each.role)
  return roles.includes('keeper') ? 'keeper' : (roles[0] ?? null)
}

/** True when the person did not belong before. */
export function enter(ctx: Ctx, person: string, object: string, role: MemberRole = 'member'): Promise<boolean> {
  tell(ctx, `person:${person}`)
  return store.tie(ctx, { subject: person, verb: 'member', object, role })
}

/** True when one of these records of a person belonged. */
export function exit(ctx: Ctx, person: string[], object: string): Promise<boolean> {
  for (const each of person) tell(ctx, `person:${each}`)
  return store.untie(ctx, person, 'member', [object])
}

export const setRole = (ctx: Ctx, person: string[], object: string, role: MemberRole): Promise<unknown> =>
  store.setRole(ctx, person, object, role)

export const membersOf = (ctx: Ctx, object: string, page: { after?: string; limit: number }) =>
  store.members(ctx, object, page.after, page.limit)

/** Who leads it; locked until the end of the transaction, so that the last two cannot step down at the same moment. */
export const keepersOf = async (ctx: Ctx, object: string): Promise<string[]> => (await store.keepers(ctx, object)).map(each => each.subject)
