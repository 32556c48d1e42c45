import { z } from 'zod'
import { action, id, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { record } from '#social/activities/actions.ts'
import type { Audience } from '#social/activities/words.ts'
import { placeOf, retag } from '#social/search/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { Reactions } from './words.ts'
import * as words from './words.ts'

/** A tag as it is kept. */
export const tagOf = (name: string): string => rules.tagOf(name)

/** The reactions to each of these, most given first. For what was read through its own door. */
export async function reactionsOf(ctx: Ctx, objects: string[]): Promise<Map<string, Reactions[]>> {
  const found = new Map<string, Reactions[]>()
  const rows = objects.length ? await store.reactionsOf(ctx, objects, ctx.actor.person) : []
  for (const { object, ...each } of rows) found.set(object, [...(found.get(object) ?? []), each])
  return found
}

/** Who gave what to each of these, the latest ten of each kind, most given first. For what was read through its own door. */
export async function givenTo(ctx: Ctx, objects: string[]): Promise<Map<string, { kind: string; count: number; people: string[] }[]>> {
  const found = new Map<string, { kind: string; count: number; people: string[] }[]>()
  const rows = objects.length ? await store.givenTo(ctx, objects, 10) : []
  for (const { object, ...each } of rows) found.set(object, [...(found.get(object) ?? []), each])
  return found
}

/** The tags of each of these. */
export async function tagsOf(ctx: Ctx, objects: string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  const rows = objects.length ? await store.tagsOf(ctx, objects) : []
  for (const { object, name } of rows) found.set(object, [...(found.get(object) ?? []), name])
  return found
}

/** Takes away what hangs on things that are gone for good. */
export const forgetReactions = (ctx: Ctx, objects: string[]): Promise<void> =>
  objects.length ? store.forget(ctx, objects) : Promise.resolve()

interface Place {
  thread?: string
  audience: Audience
}

/** Where an object is, for whoever may read it; the same refusal for every other id. */
async function placeFor(ctx: Ctx, object: string): Promise<Place> {
  const { thread, audience } = (await placeOf(ctx, object)) ?? refuse('notFound', 'kernel.notFound')
  return { audience, ...(thread && { thread }) }
}

const self = (ctx: Ctx): string => ctx.actor.person ?? refuse('forbidden', 'kernel.forbidden')

export const react = action({
  says: 'React to something with an emoji or a short word such as like',
  who: 'content.react',
  takes: z.strictObject({ object: id, kind: line(40).default('like') }),
  gives: z.object({}),
  run: async (ctx, input) => {
    const place = await placeFor(ctx, input.object)
    const kind = rules.reactionOf(input.kind)
    const mine = (await reactionsOf(ctx, [input.object])).get(input.object)?.filter(each => each.mine) ?? []
    if (mine.length >= 20) refuse('tooMany', 'reactions.manyReactions')
    if (await store.react(ctx, input.object, self(ctx), kind))
      record(ctx, words.Reacted, { object: input.object, ...place, detail: { kind } })
    return {}
  },
})

export const unreact = action({
  says: 'Take a reaction back',
  who: 'content.react',
  takes: z.strictObject({ object: id, kind: line(40).default('like') }),
  gives: z.object({}),
  run: async (ctx, { object, kind }) => {
    const place = await placeFor(ctx, object)
    if (await store.unreact(ctx, object, self(ctx), kind.normalize('NFC')))
      record(ctx, words.ReactionTaken, { object, ...place, detail: { kind } })
    return {}
  },
})

/** A reaction of somebody where the object came from, or that it was taken back. */
export interface Elsewhere {
  object: string
  person: string
  kind: string
  undone: boolean
  thread: string
  audience: Audience
  channel: string
  at: Date
}

/** People outside reacted where the objects came from, or took it back: two statements whatever the number. Nobody does both to one object here. */
export async function reactElsewhere(ctx: Ctx, all: Elsewhere[]): Promise<void> {
  const known = all.flatMap(each => {
    const kind = rules.reactionElsewhere(each.kind)
    return kind ? [{ ...each, kind }] : []
  })
  for (const undone of [false, true]) {
    const asked = known.filter(each => each.undone === undone)
    if (asked.length === 0) continue
    const changed = await (undone ? store.unreactAll : store.reactAll)(ctx, asked.map(givenIn))
    const word = undone ? words.ReactionTaken : words.Reacted
    for (const it of changedOf(asked, changed)) {
      const { object, person, kind, thread, audience, channel, at } = it
      record(ctx, word, { object, thread, audience, channel, at, actor: person, side: 'outside', detail: { kind } })
    }
  }
}

const givenIn = ({ object, person, kind }: Elsewhere) => ({ object, person, kind })

/** Each that counted, once. */
function changedOf(asked: Elsewhere[], changed: Pick<Elsewhere, 'object' | 'person' | 'kind'>[]): Elsewhere[] {
  const keyOf = (it: Pick<Elsewhere, 'object' | 'person' | 'kind'>) => `${it.object} ${it.person} ${it.kind}`
  const left = new Set(changed.map(keyOf))
  return asked.filter(each => left.delete(keyOf(each)))
}

const tagging = z.strictObject({ object: id, tag: line(100) })

export const tag = action({
  says: 'Put a tag on something, or on a whole thread',
  who: 'content.react',
  takes: tagging,
  gives: z.object({ tag: z.string() }),
  run: async (ctx, input) => {
    const place = await placeFor(ctx, input.object)
    const name = rules.tagOf(input.tag)
    if ((await store.tagsOf(ctx, [input.object])).length >= 50) refuse('tooMany', 'reactions.manyTags')
    if (!(await store.tag(ctx, input.object, name))) return { tag: name }
    await retag(ctx, input.object, [name], [])
    record(ctx, words.Tagged, { object: input.object, ...place, detail: { tag: name } })
    return { tag: name }
  },
})

export const untag = action({
  says: 'Take a tag off',
  who: 'content.react',
  takes: tagging,
  gives: z.object({}),
  run: async (ctx, input) => {
    const place = await placeFor(ctx, input.object)
    const name = rules.tagOf(input.tag)
    if (!(await store.untag(ctx, input.object, name))) return {}
    await retag(ctx, input.object, [], [name])
    record(ctx, words.Untagged, { object: input.object, ...place, detail: { tag: name } })
    return {}
  },
})

export const tags = action({
  says: 'List the tags in use, the most used first',
  who: 'content.react',
  reads: true,
  takes: z.strictObject({ begins: text(60).default('') }),
  gives: z.object({ items: z.array(z.object({ name: z.string(), count: z.number() })) }),
  run: async (ctx, { begins }) => ({ items: await store.tagsInUse(ctx, begins.trim().toLowerCase(), 50) }),
})
