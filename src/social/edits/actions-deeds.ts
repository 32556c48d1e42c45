/** What can be done with many people, each forward and back, by the modules whose it is. */
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import * as fields from '#social/fields/actions.ts'
import * as lists from '#social/lists/actions.ts'
import { cardsOf, idsOf, personEdit } from '#social/people/actions.ts'
import { tag, tagOf, tagsOf, untag } from '#social/reactions/actions.ts'
import { placeOf } from '#social/search/actions.ts'
import * as sides from '#social/sides/actions.ts'
import { put as putTrait, traitsOf } from '#social/traits/actions.ts'
import type { Was } from './store.ts'
import type { Deed, Does, Wish } from './words.ts'

type Of<D extends Does> = Extract<Deed, { does: D }>
type Kept = Map<string, Was>

interface Way<D extends Does> {
  /** Returns of whom something changed, and what stood there. */
  do(ctx: Ctx, people: string[], deed: Of<D>): Promise<Kept>
  back(ctx: Ctx, was: { person: string; was: Was }[], deed: Of<D>): Promise<void>
}

const changed = (people: string[]): Kept => new Map(people.map(each => [each, {}]))
const peopleOf = (all: { person: string }[]): string[] => all.map(each => each.person)

/** One after the other, for what is done to one person at a time; without an answer nothing changed. */
async function eachOf(people: string[], run: (person: string) => Promise<Was | null>): Promise<Kept> {
  const kept: Kept = new Map()
  for (const person of people) {
    const was = await run(person)
    if (was) kept.set(person, was)
  }
  return kept
}

const trait = (kind: 'tier' | 'player'): Way<'tier' | 'player'> => ({
  do: (ctx, people, { value }) =>
    eachOf(people, async person => {
      const { before } = await putTrait(ctx, { person, kind, value })
      return before === value ? null : { before }
    }),
  back: async (ctx, all, { value }) => {
    for (const { person, was } of all) {
      const now = await traitsOf(ctx, await idsOf(ctx, person))
      if (now[kind] === value) await putTrait(ctx, { person, kind, value: was.before as string | null })
    }
  },
})

export const ways: { [D in Does]: Way<D> } = {
  listPut: {
    do: async (ctx, people, { list }) => changed((await lists.put(ctx, { list, people })).changed),
    back: (ctx, all, { list }) => lists.takeBack(ctx, list, peopleOf(all)),
  },
  listTake: {
    do: async (ctx, people, { list }) => {
      const kept: Kept = new Map()
      const gone = (await lists.take(ctx, { list, people })).changed
      const cards = await cardsOf(ctx, gone)
      for (const record of gone) {
        const person = cards.get(record)!.stands
        kept.set(person, { records: [...((kept.get(person)?.records as string[] | undefined) ?? []), record] })
      }
      return kept
    },
    back: (ctx, all, { list }) => lists.putBack(ctx, list, all.flatMap(each => each.was.records as string[])), // biome-ignore format: one line
  },
  tier: trait('tier') as Way<'tier'>,
  player: trait('player') as Way<'player'>,
  language: {
    do: (ctx, people, { value }) =>
      eachOf(people, async person => {
        const { before } = await personEdit(ctx, { person, language: value })
        return before.language === value ? null : { before: before.language }
      }),
    back: async (ctx, all, { value }) => {
      const now = await cardsOf(ctx, peopleOf(all))
      for (const { person, was } of all)
        if ((now.get(person)?.language ?? '') === value) await personEdit(ctx, { person, language: was.before as '' })
    },
  },
  field: {
    do: async (ctx, people, { field, value }) => {
      const was = await fields.putAll(ctx, people.map(person => ({ person, field, value }))) // biome-ignore format: one line
      return new Map(was.map(each => [each.person, { before: each.before, after: each.after }]))
    },
    back: (ctx, all, { field }) =>
      fields.putBack(ctx, all.map(({ person, was }) => ({ person, field, before: was.before as null, after: was.after as string }))), // biome-ignore format: one line
  },
  tag: {
    do: (ctx, people, { tag: name }) => tagging(ctx, people, name, false),
    back: async (ctx, all, { tag: name }) => void (await tagging(ctx, peopleOf(all), name, true)),
  },
  untag: {
    do: (ctx, people, { tag: name }) => tagging(ctx, people, name, true),
    back: async (ctx, all, { tag: name }) => void (await tagging(ctx, peopleOf(all), name, false)),
  },
  side: {
    do: (ctx, people, { side }) =>
      eachOf(people, async person => {
        if (await sides.isOn(ctx, await idsOf(ctx, person), side)) return null
        const begun = await sides.begin(ctx, [{ person, side, because: 'decision' }])
        return begun.length ? {} : null
      }),
    back: async (ctx, all, { side }) => {
      for (const { person } of all) await sides.end(ctx, await idsOf(ctx, person), side, 'decision')
    },
  },
  sideEnd: {
    do: (ctx, people, { side }) =>
      eachOf(people, async person => {
        const ended = await sides.end(ctx, await idsOf(ctx, person), side, 'decision')
        return ended.length ? { ended } : null
      }),
    back: async (ctx, all) => {
      for (const { person, was } of all) await sides.resume(ctx, await idsOf(ctx, person), was.ended as string[])
    },
  },
}

/** Puts a tag on those without it, or takes it off those with it. */
async function tagging(ctx: Ctx, people: string[], name: string, off: boolean): Promise<Kept> {
  const has = await tagsOf(ctx, people)
  const theirs = people.filter(each => (has.get(each) ?? []).includes(name) === off)
  return eachOf(theirs, async object => {
    // Whoever was met this very moment cannot be found yet, and so not be tagged; that holds up nobody else.
    if (!(await placeOf(ctx, object))) return null
    await (off ? untag : tag)(ctx, { object, tag: name })
    return {}
  })
}

/** With the list found, and everything judged that can be judged before the first person. */
export async function judged(ctx: Ctx, wish: Wish): Promise<Deed> {
  if (wish.does === 'listPut' && 'name' in wish)
    return { does: 'listPut', list: (await lists.listsCalled(ctx, [wish.name])).of.get(wish.name)! }
  if ((wish.does === 'listPut' || wish.does === 'listTake') && !(await lists.inUse(ctx)).some(each => each.id === wish.list))
    refuse('notFound', 'lists.notThere')
  if (wish.does === 'field') await fields.judge(ctx, wish.field, wish.value)
  if (wish.does === 'side' || wish.does === 'sideEnd') sides.mayNote(wish.side)
  return 'tag' in wish ? { ...wish, tag: tagOf(wish.tag) } : (wish as Deed)
}
