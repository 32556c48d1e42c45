/** What a line says of somebody beside name and addresses: own fields, tier, role and lists. A given value takes the place of what stood there. */
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import * as fields from '#social/fields/actions.ts'
import type { Fault, Made } from '#social/imports/words.ts'
import * as lists from '#social/lists/actions.ts'
import { idsOf } from '#social/people/actions.ts'
import { give, traitsOf } from '#social/traits/actions.ts'
import { type TraitKind, traitKinds } from '#social/traits/words.ts'
import { ownIn, type Reading } from './rules.ts'
import type { Contact } from './words.ts'

/** Every field and the list that were chosen are there. */
export async function acceptMore(ctx: Ctx, { columns, list }: Reading): Promise<void> {
  const known = new Set((await fields.list(ctx, {})).items.map(each => each.id))
  const isThere = !list || (await lists.inUse(ctx)).some(each => each.id === list)
  if (!isThere || ownIn(columns).some(each => !known.has(each))) refuse('invalid', 'contacts.mappingWrong')
}

interface Line {
  line: number
  it: Contact
}

/** A line whose values do not fit their fields is told with its reason, and nothing of it is kept. */
export async function judgeValues(ctx: Ctx, items: Line[]): Promise<{ good: Line[]; faults: { line: number; fault: Fault }[] }> {
  if (!items.some(each => each.it.values.length)) return { good: items, faults: [] }
  const known = new Map((await fields.list(ctx, {})).items.map(each => [each.id, each]))
  const faults = items.flatMap(({ line, it }) => {
    const wrong = it.values.find(each => !isOfItsKind(known.get(each.field), each.value))
    const told = wrong && { field: known.get(wrong.field)?.name ?? '…', value: wrong.value.slice(0, 100) }
    return told ? [{ line, fault: { key: 'contacts.fieldWrong', values: told } }] : []
  })
  const bad = new Set(faults.map(each => each.line))
  return { good: items.filter(each => !bad.has(each.line)), faults }
}

function isOfItsKind(field: Parameters<typeof fields.valueFor>[0] | undefined, value: string): boolean {
  try {
    return field !== undefined && fields.valueFor(field, value) !== null
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

interface Told {
  person: string
  contact: Contact
}

/** Returns what became otherwise, each with the way back. Of the people in `fresh` only that they are new is told. */
export async function keepMore(ctx: Ctx, told: Told[], list: string | null, fresh: ReadonlySet<string>): Promise<Made[]> {
  const made = [...(await keepValues(ctx, told, fresh)), ...(await keepTraits(ctx, told, fresh))]
  return [...made, ...(await keepEntries(ctx, told, list, fresh))]
}

/** With the way back, and whether the person came by the same import. */
const noted = (kind: string, ref: string, before: object, fresh: ReadonlySet<string>): Made => ({
  kind,
  ref,
  before: JSON.stringify({ ...before, ...(fresh.has(ref) && { fresh: true }) }),
})

/** Of one person that stands twice in a file the last line counts. */
async function keepValues(ctx: Ctx, told: Told[], fresh: ReadonlySet<string>): Promise<Made[]> {
  const wanted = new Map(
    told.flatMap(({ person, contact }) => contact.values.map(each => [`${person} ${each.field}`, { person, ...each }] as const)),
  )
  const was = wanted.size ? await fields.putAll(ctx, [...wanted.values()], fresh) : []
  return was.map(({ person, ...it }) => noted('own', person, it, fresh))
}

async function keepTraits(ctx: Ctx, told: Told[], fresh: ReadonlySet<string>): Promise<Made[]> {
  const made: Made[] = []
  for (const { person, contact } of told)
    for (const kind of traitKinds) {
      const value = contact[kind]
      const before = value && (await give(ctx, { person, kind, value }, { quiet: fresh.has(person) })).before
      if (value && before !== value) made.push(noted('trait', person, { kind, value, before }, fresh))
    }
  return made
}

async function keepEntries(ctx: Ctx, told: Told[], list: string | null, fresh: ReadonlySet<string>): Promise<Made[]> {
  const names = [...new Set(told.flatMap(each => each.contact.lists))]
  const { of, made } = names.length ? await lists.listsCalled(ctx, names) : { of: new Map<string, string>(), made: [] }
  const wanted = told.flatMap(({ person, contact }) => [
    ...contact.lists.map(name => ({ list: of.get(name)!, person })),
    ...(list ? [{ list, person }] : []),
  ])
  const entries: Made[] = made.map(ref => ({ kind: 'list', ref }))
  for (const [id, all] of Map.groupBy(wanted, each => each.list)) {
    const people = [...new Set(all.map(each => each.person))]
    for (const ref of await lists.enter(ctx, id, people, fresh)) entries.push(noted('entry', ref, { list: id }, fresh))
  }
  return entries
}

/** Puts back what stood there, where nobody has changed it since; a list that an import made goes when nobody is left on it. */
export async function takeMoreBack(ctx: Ctx, made: Made[]): Promise<void> {
  const of = (kind: string) => made.filter(each => each.kind === kind)
  const read = (kind: string) => of(kind).map(({ ref, before }) => ({ person: ref, ...JSON.parse(before!) }))
  const [values, traits, entries] = [read('own'), read('trait'), read('entry')]
  const quiet = new Set<string>([...values, ...traits, ...entries].flatMap(each => (each.fresh ? [each.person] : [])))
  await fields.putBack(ctx, values, quiet)
  for (const each of traits) await traitBack(ctx, each, quiet)
  for (const [list, all] of Map.groupBy(entries, each => each.list))
    await lists.takeBack(ctx, list, all.map(each => each.person), quiet) // biome-ignore format: one line
  await lists.removeEmpty(ctx, of('list').map(each => each.ref)) // biome-ignore format: one line
}

interface Given {
  person: string
  kind: TraitKind
  value: string
  before: string | null
}

async function traitBack(ctx: Ctx, { person, kind, value, before }: Given, quiet: ReadonlySet<string>): Promise<void> {
  const ids = await idsOf(ctx, person)
  if (ids.length && (await traitsOf(ctx, ids))[kind] === value)
    await give(ctx, { person, kind, value: before }, { quiet: quiet.has(person) })
}
