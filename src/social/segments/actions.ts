import { z } from 'zod'
import { action, cursor, id, limit, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { remembered } from '#kernel/remembered.ts'
import { record } from '#social/activities/actions.ts'
import { purposes } from '#social/consent/actions.ts'
import { list as fieldsList } from '#social/fields/actions.ts'
import { inUse } from '#social/lists/actions.ts'
import { cardsOf, keyOf } from '#social/people/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { Asked } from './store-compile.ts'
import * as words from './words.ts'

// —— keeping them ——

export const list = action({
  says: 'List the segments by name; with `removed` those that were removed',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ removed: z.stringbool().or(z.boolean()).default(false), q: text(100).optional() }),
  gives: z.object({ items: z.array(words.segment) }),
  run: async (ctx, { removed, q }) => {
    const part = (q ?? '').trim().toLowerCase()
    const items = (await store.all(ctx)).filter(each => Boolean(each.removedAt) === removed && each.name.toLowerCase().includes(part))
    return { items }
  },
})

const theSegment = async (ctx: Ctx, segment: string): Promise<words.Segment> =>
  (await store.all(ctx)).find(each => each.id === segment) ?? refuse('notFound', 'segments.notThere')

const one = z.strictObject({ segment: id })

export const show = action({
  says: 'Show a segment with its conditions',
  who: 'people.read',
  reads: true,
  takes: one,
  gives: words.segment,
  run: (ctx, { segment }) => theSegment(ctx, segment),
})

/** The fields, purposes and lists that conditions may ask for. */
export async function known(ctx: Ctx): Promise<rules.Known> {
  const [fields, all, lists] = await Promise.all([fieldsList(ctx, {}), purposes(ctx, {}), inUse(ctx)])
  return { fields: fields.items, purposes: all.items, lists }
}

export const make = action({
  says: 'Save a segment of people under a name, with conditions if they are given',
  who: 'people.write',
  takes: z.strictObject({
    name: line(100),
    match: z.enum(words.matches).default('all'),
    conditions: z.array(words.condition).max(20).default([]),
  }),
  gives: z.object({ segment: id }),
  run: async (ctx, { name, match, conditions }) => {
    rules.isNewName(name, await store.all(ctx), null)
    const it = { id: newId(ctx.now), name, match, conditions: await judged(ctx, conditions), made_by: ctx.actor.person, made_at: ctx.now }
    await store.add(ctx, it)
    told(ctx, words.Made, it)
    return { segment: it.id }
  },
})

async function judged(ctx: Ctx, conditions: words.Condition[]): Promise<words.Condition[]> {
  if (conditions.length === 0) return []
  const there = await known(ctx)
  return conditions.map(each => rules.fits(each, there))
}

function told(ctx: Ctx, word: typeof words.Made, { id, name }: { id: string; name: string }): void {
  record(ctx, word, { object: id, detail: { name } })
  for (const topic of ['segments', `segment:${id}`]) tell(ctx, topic)
}

const before = z.object({ name: z.string(), match: z.enum(words.matches), conditions: z.array(words.condition) })
const asBefore = ({ name, match, conditions }: words.Segment) => ({ name, match, conditions })

export const change = action({
  says: 'Change name, conditions or whether all or any of them must hold; what is left out stays',
  who: 'people.write',
  takes: z.strictObject({
    segment: id,
    name: line(100).optional(),
    match: z.enum(words.matches).optional(),
    conditions: z.array(words.condition).max(20).optional(),
  }),
  gives: z.object({ before }),
  run: async (ctx, { segment, name, match, conditions }) => {
    const it = await theSegment(ctx, segment)
    if (name) rules.isNewName(name, await store.all(ctx), segment)
    const to = { name: name ?? it.name, match: match ?? it.match, conditions: conditions ? await judged(ctx, conditions) : it.conditions }
    await store.change(ctx, segment, to)
    told(ctx, words.Changed, { id: segment, name: to.name })
    return { before: asBefore(it) }
  },
})

export const conditionAdd = action({
  says: 'Add a condition to a segment',
  who: 'people.write',
  takes: z.strictObject({ segment: id, condition: words.condition }),
  gives: z.object({ before }),
  run: async (ctx, { segment, condition }) => {
    const it = await theSegment(ctx, segment)
    const [fitting] = await judged(ctx, [condition])
    return keep(ctx, it, rules.withCondition(it.conditions, fitting!))
  },
})

export const conditionRemove = action({
  says: 'Take a condition out of a segment, by its place in the list',
  who: 'people.write',
  takes: z.strictObject({ segment: id, place: z.coerce.number().int().min(0).max(19) }),
  gives: z.object({ before }),
  run: async (ctx, { segment, place }) => {
    const it = await theSegment(ctx, segment)
    return keep(
      ctx,
      it,
      it.conditions.filter((_, at) => at !== place),
    )
  },
})

async function keep(ctx: Ctx, it: words.Segment, conditions: words.Condition[]) {
  await store.change(ctx, it.id, { ...it, conditions })
  told(ctx, words.Changed, it)
  return { before: asBefore(it) }
}

export const remove = action({
  says: 'Remove a segment; nobody in it is touched',
  who: 'people.write',
  takes: one,
  gives: z.object({}),
  run: async (ctx, { segment }) => {
    const it = await theSegment(ctx, segment)
    await store.standOff(ctx, segment, ctx.now)
    told(ctx, words.Removed, it)
    return {}
  },
})

export const bringBack = action({
  says: 'Bring a removed segment back',
  who: 'people.write',
  takes: one,
  gives: z.object({}),
  run: async (ctx, { segment }) => {
    const it = await theSegment(ctx, segment)
    rules.isNewName(it.name, await store.all(ctx), segment)
    await store.standOff(ctx, segment, null)
    told(ctx, words.BroughtBack, it)
    return {}
  },
})

// —— who is in them ——

/** Companies are asked for by name, whoever bears it now. */
async function askedOf(ctx: Ctx, { conditions }: words.Definition): Promise<Asked> {
  const names = conditions.filter(each => each.about === 'company' && each.value).map(each => keyOf(each.value))
  return { now: ctx.now, keyOf, companies: await store.companiesBy(ctx, names) }
}

export const count = action({
  says: 'Count who is in a segment now',
  who: 'people.read',
  reads: true,
  takes: one,
  gives: z.object({ count: z.number() }),
  run: async (ctx, { segment }) => {
    const it = await theSegment(ctx, segment)
    if (it.conditions.length === 0) return { count: 0 }
    // Whoever looks at the page again within half a minute sees the same number: counting reads everybody.
    return remembered(ctx, `segments.count ${segment}`, [`segment:${segment}`], async () => ({
      count: await store.count(ctx, it, await askedOf(ctx, it)),
    }))
  },
})

export const peopleIn = action({
  says: 'List the ids of who is in a segment now, the newest first, page after page',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ segment: id, after: id.optional(), limit: z.coerce.number().int().min(1).max(1000).default(100) }),
  gives: z.object({ items: z.array(z.string()), next: z.string().nullable() }),
  run: async (ctx, { segment, after, limit }) => {
    const it = await theSegment(ctx, segment)
    const found = await store.people(ctx, it, await askedOf(ctx, it), { after, limit: limit + 1 })
    const items = found.slice(0, limit)
    return { items, next: found.length > limit ? items.at(-1)! : null }
  },
})

/** Everybody in it, at most so many. */
export async function everyoneIn(ctx: Ctx, segment: string, limit: number): Promise<string[]> {
  const it = await theSegment(ctx, segment)
  return store.people(ctx, it, await askedOf(ctx, it), { limit })
}

export const people = action({
  says: 'Show who is in a segment now, each with the places of the conditions that hold, by a part of the name if one is given',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ segment: id, q: text(100).optional(), after: cursor, limit }),
  gives: z.object({ items: z.array(words.belonging), next: z.string().nullable() }),
  run: async (ctx, { segment, q, after, limit }) => {
    const it = await theSegment(ctx, segment)
    const part = { words: keyOf(q ?? ''), after: after && id.parse(after), limit: limit + 1 }
    const found = await store.people(ctx, it, await askedOf(ctx, it), part)
    const page = found.slice(0, limit)
    const [cards, facts] = [await cardsOf(ctx, page), await store.facts(ctx, page)]
    const held = new Map(facts.map(each => [each.id, heldBy(ctx, it, each)]))
    return {
      items: page.map(each => ({ person: cards.get(each)!, because: held.get(each) ?? [] })),
      next: found.length > limit ? page.at(-1)! : null,
    }
  },
})

/** The places of the conditions that hold for somebody. */
const heldBy = (ctx: Ctx, { conditions }: words.Definition, facts: words.Facts): number[] =>
  conditions.flatMap((each, place) => (rules.holds(each, facts, ctx.now, keyOf) ? [place] : []))

export const why = action({
  says: 'Explain for one person, condition by condition, whether they are in a segment',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ segment: id, person: id }),
  gives: z.object({ belongs: z.boolean(), conditions: z.array(words.condition.extend({ holds: z.boolean() })) }),
  run: async (ctx, { segment, person }) => {
    const it = await theSegment(ctx, segment)
    const stands = (await cardsOf(ctx, [person])).get(person)?.stands ?? refuse('notFound', 'segments.personNotFound')
    const [facts] = await store.facts(ctx, [stands])
    const held = facts ? heldBy(ctx, it, facts) : []
    return { belongs: rules.belongs(it, held), conditions: it.conditions.map((each, place) => ({ ...each, holds: held.includes(place) })) }
  },
})

/** How somebody stands: their sides and tiers, and the segments that they belong to. */
export interface Standing {
  sides: string[]
  tiers: string[]
  segments: string[]
}

/** Of these people, each under the id that was asked for; as many questions for many as for one. Segments only where they are asked for. */
export async function standingOf(ctx: Ctx, people: string[], { segments }: { segments: boolean }): Promise<Map<string, Standing>> {
  if (people.length === 0) return new Map()
  const cards = await cardsOf(ctx, people)
  const ids = [...new Set([...cards.values()].map(each => each.stands))]
  const standing = segments ? await withSegments(ctx, ids) : (await store.sidesAndTiers(ctx, ids)).map(each => ({ ...each, segments: [] }))
  const byId = new Map(standing.map(({ id: person, ...each }) => [person, each]))
  return new Map([...cards].flatMap(([person, { stands }]) => (byId.has(stands) ? [[person, byId.get(stands)!] as const] : [])))
}

async function withSegments(ctx: Ctx, ids: string[]): Promise<(Standing & { id: string })[]> {
  const [all, facts] = [(await store.all(ctx)).filter(each => !each.removedAt), await store.facts(ctx, ids)]
  return facts.map(each => ({
    ...{ id: each.id, sides: each.sides, tiers: each.tiers },
    segments: all.filter(one => rules.belongs(one, heldBy(ctx, one, each))).map(one => one.id),
  }))
}
