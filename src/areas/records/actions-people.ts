/** Whose a record is: found by what it says, or later, as soon as somebody appears who is known by it. */
import type { Ctx } from '#kernel/context.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { on } from '#social/activities/words.ts'
import { Filled } from '#social/fields/words.ts'
import { cardsOf, keyOf, networks, organisationsBy, whoHas } from '#social/people/actions.ts'
import { Changed, Linked, Met } from '#social/people/words.ts'
import { allKinds } from './actions-kinds.ts'
import * as store from './store.ts'
import * as words from './words.ts'

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** As what a record says of a person is compared; empty for nothing. */
export function normalOf(by: string, says: string): string {
  const network = networks().find(each => each.name === by)
  const normal = network ? network.normalise(says) : by === 'company' ? keyOf(says) : says
  return normal.slice(0, 500)
}

/** Who is known by these, in one look-up; nobody where two are. */
export async function peopleBy(ctx: Ctx, by: string, says: string[]): Promise<Map<string, string>> {
  const asked = [...new Set(says)].filter(Boolean)
  if (asked.length === 0) return new Map()
  if (by === 'company') return organisationsBy(ctx, asked)
  if (by.startsWith('field:')) return store.peopleByField(ctx, by.slice(6), asked)
  if (by === 'id') return new Map([...(await cardsOf(ctx, asked.filter(isId)))].map(([id, card]) => [id, card.stands]))
  const found = await whoHas(
    ctx,
    asked.map(normal => ({ network: by, normal })),
  )
  return new Map(asked.flatMap((normal, at) => (found[at] ? [[normal, found[at]] as const] : [])))
}

export const matchLater = on(
  [Met, Linked, Changed, Filled],
  'a record finds its person as soon as somebody is known by what it says',
  async (ctx, happened) => {
    const kinds = await allKinds(ctx)
    if (!kinds.some(each => each.personBy !== null)) return
    const matched = await store.match(ctx, [...new Set(happened.flatMap(each => each.object ?? []))])
    const names = new Map(kinds.map(each => [each.id, each.name]))
    for (const { id, kind, key, person, discussion } of matched) {
      record(ctx, words.Matched, {
        object: id,
        target: person,
        thread: discussion,
        actor: null,
        detail: { kind: names.get(kind) ?? '', key },
      })
      for (const topic of [`person:${person}`, `record:${id}`]) tell(ctx, topic)
    }
    if (matched.length) tell(ctx, 'records')
  },
)
