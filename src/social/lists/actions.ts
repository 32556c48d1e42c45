import { z } from 'zod'
import { action, cursor, id, limit, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { cardsOf, idsOf } from '#social/people/actions.ts'
import { card } from '#social/people/words.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

// —— keeping them ——

export const list = action({
  says: 'List the lists of people by name, each with how many are on it, counted to a thousand; with `removed` those that were removed',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ removed: z.stringbool().or(z.boolean()).default(false), q: text(100).optional() }),
  gives: z.object({ items: z.array(words.peopleList.extend({ people: z.number() })) }),
  run: async (ctx, { removed, q }) => {
    const part = (q ?? '').trim().toLowerCase()
    const found = (await store.all(ctx)).filter(each => Boolean(each.removedAt) === removed && each.name.toLowerCase().includes(part))
    const ids = found.map(each => each.id)
    const counts = await store.counts(ctx, ids)
    return { items: found.map(each => ({ ...each, people: counts.get(each.id) ?? 0 })) }
  },
})

/** Those in use, by name: for whoever offers them to choose from. */
export const inUse = async (ctx: Ctx): Promise<words.PeopleList[]> => (await store.all(ctx)).filter(each => !each.removedAt)

const theList = async (ctx: Ctx, wanted: string): Promise<words.PeopleList> =>
  (await store.all(ctx)).find(each => each.id === wanted) ?? refuse('notFound', 'lists.notThere')

const one = z.strictObject({ list: id })

export const show = action({
  says: 'Show one list of people',
  who: 'people.read',
  reads: true,
  takes: one,
  gives: words.peopleList.extend({ people: z.number() }),
  run: async (ctx, { list }) => ({ ...(await theList(ctx, list)), people: (await store.counts(ctx, [list])).get(list) ?? 0 }),
})

export const make = action({
  says: 'Make a list of people under a name',
  who: 'people.write',
  takes: z.strictObject({ name: line(100) }),
  gives: z.object({ list: id }),
  run: async (ctx, { name }) => ({ list: (await makeAll(ctx, [name])).get(name)! }),
})

/** Makes lists of these names; refuses a name that is taken. */
async function makeAll(ctx: Ctx, names: string[]): Promise<Map<string, string>> {
  const all = await store.all(ctx)
  for (const [at, name] of names.entries()) {
    rules.hasRoom(all.length + at)
    rules.isNewName(name, all, null)
  }
  const made = names.map(name => ({ id: newId(ctx.now), name, made_by: ctx.actor.person, made_at: ctx.now }))
  if (made.length) await store.add(ctx, made)
  for (const each of made) told(ctx, words.Made, each)
  return new Map(made.map(each => [each.name, each.id]))
}

/** The lists of these names; those that are not there are made, and named in `made`. */
export async function listsCalled(ctx: Ctx, names: string[]): Promise<{ of: Map<string, string>; made: string[] }> {
  const all = await store.all(ctx)
  const known = new Map(names.flatMap(name => [[name, rules.calledSo(all, name)?.id] as const]))
  const missing = new Map([...known].flatMap(([name, id]) => (id ? [] : [[name.toLowerCase(), name] as const])))
  const made = await makeAll(ctx, [...missing.values()])
  const of = new Map([...known].map(([name, id]) => [name, id ?? made.get(missing.get(name.toLowerCase())!)!]))
  return { of, made: [...made.values()] }
}

function told(ctx: Ctx, word: typeof words.Made, { id, name }: { id: string; name: string }): void {
  record(ctx, word, { object: id, detail: { name } })
  for (const topic of ['lists', `list:${id}`]) tell(ctx, topic)
}

export const change = action({
  says: 'Give a list of people another name',
  who: 'people.write',
  takes: z.strictObject({ list: id, name: line(100) }),
  gives: z.object({ before: z.string() }),
  run: async (ctx, { list, name }) => {
    const it = await theList(ctx, list)
    rules.isNewName(name, await store.all(ctx), list)
    await store.change(ctx, list, { name })
    told(ctx, words.Changed, { id: list, name })
    return { before: it.name }
  },
})

export const remove = action({
  says: 'Remove a list of people; nobody on it is touched',
  who: 'people.write',
  takes: one,
  gives: z.object({}),
  run: async (ctx, { list }) => {
    const it = await theList(ctx, list)
    await store.change(ctx, list, { removed_at: ctx.now })
    told(ctx, words.Removed, it)
    return {}
  },
})

export const bringBack = action({
  says: 'Bring a removed list of people back, with everybody on it',
  who: 'people.write',
  takes: one,
  gives: z.object({}),
  run: async (ctx, { list }) => {
    const it = await theList(ctx, list)
    rules.isNewName(it.name, await store.all(ctx), list)
    await store.change(ctx, list, { removed_at: null })
    told(ctx, words.BroughtBack, it)
    return {}
  },
})

// —— who is on them ——

const some = z.strictObject({ list: id, people: z.array(id).min(1).max(1000) })
const changed = z.object({ changed: z.array(z.string()) })

export const put = action({
  says: 'Put people on a list; tells who was not on it before',
  who: 'people.write',
  takes: some,
  gives: changed,
  run: async (ctx, { list, people }) => ({ changed: await enter(ctx, list, people) }),
})

/** As `put`; nothing is recorded of the people in `quiet`: they are new themselves, and one thing that happened is told once. */
export async function enter(ctx: Ctx, list: string, people: string[], quiet: ReadonlySet<string> = new Set()): Promise<string[]> {
  rules.isInUse(await theList(ctx, list))
  const known = await store.records(ctx, people)
  const on = new Set((await store.listsOf(ctx, known.map(each => each.id))).flatMap(each => (each.id === list ? [each.person] : []))) // biome-ignore format: one line
  const already = new Set(known.flatMap(each => (on.has(each.id) ? [each.stands] : [])))
  const there = [...new Set(known.map(each => each.stands))].filter(each => !already.has(each))
  return tellOf(ctx, words.PutOn, list, there.length ? await store.put(ctx, list, there) : [], quiet)
}

export const take = action({
  says: 'Take people off a list, with every record that stands behind them; tells which records were on it',
  who: 'people.write',
  takes: some,
  gives: changed,
  run: async (ctx, { list, people }) => {
    await theList(ctx, list)
    const ids = (await store.records(ctx, people)).map(each => each.id)
    return { changed: tellOf(ctx, words.TakenOff, list, ids.length ? await store.take(ctx, list, ids) : []) }
  },
})

/** These very records are on it again, or no longer: the way back, which looks at no merge. */
export async function putBack(ctx: Ctx, list: string, records: string[]): Promise<void> {
  if (records.length) tellOf(ctx, words.PutOn, list, await store.put(ctx, list, records))
}
export async function takeBack(ctx: Ctx, list: string, records: string[], quiet?: ReadonlySet<string>): Promise<void> {
  if (records.length) tellOf(ctx, words.TakenOff, list, await store.take(ctx, list, records), quiet)
}

function tellOf(ctx: Ctx, word: typeof words.PutOn, list: string, people: string[], quiet: ReadonlySet<string> = new Set()): string[] {
  for (const person of people) {
    if (!quiet.has(person)) record(ctx, word, { object: person, detail: { list } })
    tell(ctx, `person:${person}`)
  }
  if (people.length) for (const topic of ['lists', `list:${list}`]) tell(ctx, topic)
  return people
}

export const people = action({
  says: 'Show who is on a list, the last met first',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ list: id, after: cursor, limit }),
  gives: z.object({ items: z.array(card), next: z.string().nullable() }),
  run: async (ctx, { list, after, limit }) => {
    await theList(ctx, list)
    const rows = await store.people(ctx, list, { after: after && id.parse(after), limit: limit + 1 })
    const page = rows.slice(0, limit)
    const cards = await cardsOf(ctx, page.map(each => each.stands)) // biome-ignore format: one line
    return { items: page.flatMap(each => cards.get(each.stands) ?? []), next: rows.length > limit ? page.at(-1)!.at : null }
  },
})

/** The ids of who is on a list, page after page; `next` is where to go on. */
export async function idsOn(
  ctx: Ctx,
  list: string,
  asked: { after?: string; limit: number },
): Promise<{ items: string[]; next: string | null }> {
  await theList(ctx, list)
  const rows = await store.people(ctx, list, { ...asked, limit: asked.limit + 1 })
  const page = rows.slice(0, asked.limit)
  return { items: page.map(each => each.stands), next: rows.length > asked.limit ? page.at(-1)!.at : null }
}

export const ofPerson = action({
  says: 'List the lists on which a person is',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ person: id }),
  gives: z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) }),
  run: async (ctx, { person }) => {
    const rows = await store.listsOf(ctx, await idsOf(ctx, person))
    return { items: [...new Map(rows.map(({ id, name }) => [id, { id, name }])).values()] }
  },
})

/** The names of the lists of each of these records. */
export const namesOf = async (ctx: Ctx, people: string[]): Promise<Map<string, string[]>> => {
  const records = await store.records(ctx, people)
  const rows = await store.listsOf(ctx, records.map(each => each.id)) // biome-ignore format: one line
  const standsOf = new Map(records.map(each => [each.id, each.stands]))
  const names = new Map<string, Set<string>>()
  for (const { person, name } of rows) {
    const stands = standsOf.get(person)!
    names.set(stands, (names.get(stands) ?? new Set()).add(name))
  }
  return new Map([...names].map(([person, all]) => [person, [...all]]))
}

/** Takes away lists that were made by mistake, while nobody is on them. */
export async function removeEmpty(ctx: Ctx, made: string[]): Promise<void> {
  const counts = made.length ? await store.counts(ctx, made) : new Map<string, number>()
  for (const it of (await store.all(ctx)).filter(each => counts.get(each.id) === 0 && !each.removedAt)) {
    await store.change(ctx, it.id, { removed_at: ctx.now })
    told(ctx, words.Removed, it)
  }
}

/** Everybody on a list, at most so many. */
export async function everyoneOn(ctx: Ctx, list: string, limit: number): Promise<string[]> {
  await theList(ctx, list)
  return (await store.people(ctx, list, { limit })).map(each => each.stands)
}
