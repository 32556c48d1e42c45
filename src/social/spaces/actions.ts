import { z } from 'zod'
import { action, id, limit, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { may } from '#kernel/permissions.ts'
import { record } from '#social/activities/actions.ts'
import * as graph from '#social/graph/actions.ts'
import { memberRoles } from '#social/graph/words.ts'
import { cardsOf, idsOf, keyOf } from '#social/people/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'
import { type Space, spaceAudiences } from './words.ts'

async function personOf(ctx: Ctx, person: string): Promise<[string, ...string[]]> {
  const [stands, ...others] = await idsOf(ctx, person)
  return stands ? [stands, ...others] : refuse('notFound', 'spaces.personNotFound')
}

const standing = (ctx: Ctx, { audience, archivedAt, role }: Space): rules.Standing => ({
  audience,
  archived: archivedAt !== null,
  role,
  manages: may(ctx.actor, 'spaces.manage'),
})

/** The space, for whoever may see it; the same refusal for every other. */
async function opened(ctx: Ctx, by: { id: string } | { slug: string }): Promise<{ space: Space; it: rules.Standing; self: string[] }> {
  const self = await graph.selfOf(ctx)
  const space = (await store.find(ctx, self, by)) ?? refuse('notFound', 'spaces.spaceNotFound')
  const it = standing(ctx, space)
  return rules.maySee(it) ? { space, it, self } : refuse('notFound', 'spaces.spaceNotFound')
}

type SpaceWord = typeof words.Made
function toldOf(ctx: Ctx, word: SpaceWord, space: Pick<Space, 'id' | 'audience'>): void {
  record(ctx, word, { object: space.id, audience: rules.audienceOf(space.audience) })
  for (const topic of ['spaces', `space:${space.id}`]) tell(ctx, topic)
}

const name = line(200)
const about = text(5000)
const audience = z.enum(spaceAudiences)

export const list = action({
  says: 'List the spaces that one may see, by name, with what one is in each',
  who: 'spaces.read',
  reads: true,
  takes: z.strictObject({ archived: z.boolean().default(false) }),
  gives: z.object({ items: z.array(words.space) }),
  run: async (ctx, { archived }) => ({
    items: await store.visible(ctx, await graph.selfOf(ctx), may(ctx.actor, 'spaces.manage'), archived),
  }),
})

export const show = action({
  says: 'Show a space by the last part of its address',
  who: 'spaces.read',
  reads: true,
  takes: z.strictObject({ slug: line(80) }),
  gives: words.space,
  run: async (ctx, { slug }) => (await opened(ctx, { slug })).space,
})

/** The spaces of somebody, as far as the actor may see them. */
export const belonging = async (ctx: Ctx, person: string): Promise<Space[]> =>
  store.belonging(ctx, await personOf(ctx, person), await graph.selfOf(ctx), may(ctx.actor, 'spaces.manage'))

export const make = action({
  says: 'Make a space; whoever makes it is its first keeper',
  who: 'spaces.manage',
  takes: z.strictObject({ name, about: about.default(''), audience: audience.default('staff') }),
  gives: z.object({ space: id, slug: z.string() }),
  run: async (ctx, input) => {
    const space = newId()
    const plain = rules.slugOf(keyOf(input.name), () => false, space)
    const taken = await store.slugTaken(ctx, plain)
    const slug = rules.slugOf(keyOf(input.name), () => taken, space)
    await store.add(ctx, { ...input, id: space, slug, created_by: ctx.actor.person, created_at: ctx.now, archived_at: null })
    if (ctx.actor.person) await graph.enter(ctx, ctx.actor.person, space, 'keeper')
    toldOf(ctx, words.Made, { id: space, audience: input.audience })
    return { space, slug }
  },
})

export const edit = action({
  says: 'Change name, description or audience of a space; what is left out stays, and what was said keeps its audience',
  who: 'spaces.read',
  takes: z.strictObject({ space: id, name: name.optional(), about: about.optional(), audience: audience.optional() }),
  gives: z.object({ space: id, slug: z.string(), before: z.object({ name: z.string(), about: z.string(), audience }) }),
  run: async (ctx, { space: wanted, ...to }) => {
    const { space, it } = await opened(ctx, { id: wanted })
    rules.mayLead(it)
    rules.mayChange(it)
    const fields = (['name', 'about', 'audience'] as const).filter(field => to[field] !== undefined && to[field] !== space[field])
    if (fields.length) {
      await store.change(ctx, space.id, Object.fromEntries(fields.map(field => [field, to[field]])))
      record(ctx, words.Changed, { object: space.id, audience: rules.audienceOf(space.audience), detail: { fields } })
      for (const topic of ['spaces', `space:${space.id}`]) tell(ctx, topic)
    }
    return { space: space.id, slug: space.slug, before: { name: space.name, about: space.about, audience: space.audience } }
  },
})

const onSpace = { who: 'spaces.read', takes: z.strictObject({ space: id }), gives: z.object({ space: id, slug: z.string() }) }

export const archive = action({
  ...onSpace,
  says: 'Archive a space: it can still be read, and nothing in it changes',
  run: async (ctx, input) => {
    const { space, it } = await opened(ctx, { id: input.space })
    rules.mayLead(it)
    rules.mayChange(it)
    await store.change(ctx, space.id, { archived_at: ctx.now })
    toldOf(ctx, words.Archived, space)
    return { space: space.id, slug: space.slug }
  },
})

export const reopen = action({
  ...onSpace,
  says: 'Open an archived space again',
  run: async (ctx, input) => {
    const { space, it } = await opened(ctx, { id: input.space })
    rules.mayLead(it)
    if (it.archived) {
      await store.change(ctx, space.id, { archived_at: null })
      toldOf(ctx, words.Reopened, space)
    }
    return { space: space.id, slug: space.slug }
  },
})

// —— members ——

export const members = action({
  says: 'List the members of a space',
  who: 'spaces.read',
  reads: true,
  takes: z.strictObject({ space: id, after: id.optional(), limit }),
  gives: z.object({ items: z.array(words.member), next: z.string().nullable() }),
  run: async (ctx, { space: wanted, after, limit }) => {
    const { space } = await opened(ctx, { id: wanted })
    const rows = await graph.membersOf(ctx, space.id, { after, limit })
    const cards = await cardsOf(
      ctx,
      rows.map(row => row.person),
    )
    const items = rows.flatMap(({ person, ...row }) => (cards.has(person) ? [{ person: cards.get(person)!, ...row }] : []))
    return { items, next: rows.length === limit ? rows.at(-1)!.person : null }
  },
})

export const join = action({
  ...onSpace,
  says: 'Join a space',
  run: async (ctx, input) => {
    const { space, it } = await opened(ctx, { id: input.space })
    rules.mayJoin(it)
    const self = ctx.actor.person ?? refuse('forbidden', 'kernel.forbidden')
    if (!it.role && (await graph.enter(ctx, self, space.id))) toldOf(ctx, words.Joined, space)
    return { space: space.id, slug: space.slug }
  },
})

export const leave = action({
  ...onSpace,
  says: 'Leave a space',
  run: async (ctx, input) => {
    const { space, it, self } = await opened(ctx, { id: input.space })
    await mayGo(ctx, space, it.role, self)
    if (it.role && (await graph.exit(ctx, self, space.id))) toldOf(ctx, words.Left, space)
    return { space: space.id, slug: space.slug }
  },
})

async function mayGo(ctx: Ctx, space: Space, role: Space['role'], person: string[]): Promise<void> {
  const others = (await graph.keepersOf(ctx, space.id)).filter(each => !person.includes(each))
  rules.mayStepDown(role, others.length)
}

const onMember = { who: 'spaces.read', gives: z.object({ space: id, slug: z.string(), person: id }) }
const theirs = z.strictObject({ space: id, person: id })

async function leading(ctx: Ctx, input: { space: string; person: string }) {
  const { space, it } = await opened(ctx, { id: input.space })
  rules.mayLead(it)
  rules.mayChange(it)
  const person = await personOf(ctx, input.person)
  const now = await graph.roleIn(ctx, person, space.id)
  return { space, person, now, answer: { space: space.id, slug: space.slug, person: person[0] } }
}

function toldOfMember(ctx: Ctx, word: SpaceWord, space: Space, person: string): void {
  record(ctx, word, { object: person, target: space.id, audience: rules.audienceOf(space.audience) })
  tell(ctx, `space:${space.id}`)
}

export const memberAdd = action({
  ...onMember,
  says: 'Add a person to a space, from inside or outside',
  takes: theirs,
  run: async (ctx, input) => {
    const { space, person, now, answer } = await leading(ctx, input)
    if (!now && (await graph.enter(ctx, person[0], space.id))) toldOfMember(ctx, words.MemberAdded, space, person[0])
    return answer
  },
})

export const memberRemove = action({
  ...onMember,
  says: 'Take a person out of a space',
  takes: theirs,
  run: async (ctx, input) => {
    const { space, person, now, answer } = await leading(ctx, input)
    await mayGo(ctx, space, now, person)
    if (now && (await graph.exit(ctx, person, space.id))) toldOfMember(ctx, words.MemberRemoved, space, person[0])
    return answer
  },
})

export const memberRole = action({
  ...onMember,
  says: 'Make a member of a space its keeper, or a member again',
  takes: z.strictObject({ space: id, person: id, role: z.enum(memberRoles) }),
  run: async (ctx, { role, ...input }) => {
    const { space, person, now, answer } = await leading(ctx, input)
    if (!now) refuse('notFound', 'spaces.notMember')
    if (role === 'member') await mayGo(ctx, space, now, person)
    if (now !== role) {
      await graph.setRole(ctx, person, space.id, role)
      record(ctx, words.MemberChanged, {
        object: person[0],
        target: space.id,
        audience: rules.audienceOf(space.audience),
        detail: { role },
      })
      tell(ctx, `space:${space.id}`)
    }
    return answer
  },
})
