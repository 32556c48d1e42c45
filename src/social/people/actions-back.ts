/** What a list of people made, taken back. */
import type { Ctx } from '#kernel/context.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import * as sides from '#social/sides/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { Made } from './words.ts'
import * as words from './words.ts'

/** Takes back what a list made. People with whom something happened since stay, and all that is theirs; their ids are returned. */
export async function takeBack(ctx: Ctx, made: Made, inUse: Set<string>): Promise<string[]> {
  const busy = await store.busy(ctx, made.persons)
  const stay = made.persons.filter(person => busy.has(person) || inUse.has(person))
  const employers = new Set(await store.companiesOf(ctx, stay))
  const kept = new Set([...stay, ...made.persons.filter(person => employers.has(person))])
  const gone = made.persons.filter(person => !kept.has(person))
  await store.removeAll(ctx, { persons: gone, handles: made.handles, keep: [...kept] })
  await sides.remove(ctx, { people: gone, sides: made.sides, keep: [...kept] })
  const names = made.names.map(each => ({ ...each, key: rules.keyOf(each.before) }))
  await store.nameBack(ctx, names)
  for (const person of gone) record(ctx, words.Removed, { object: person, detail: { because: 'undone' } })
  tell(ctx, 'people')
  return [...kept]
}
