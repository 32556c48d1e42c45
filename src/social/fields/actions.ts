import { z } from 'zod'
import { action, id, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { date, number, t } from '#kernel/messages.ts'
import { record } from '#social/activities/actions.ts'
import { noteText } from '#social/merges/actions.ts'
import { idsOf } from '#social/people/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export { valueFor } from './rules.ts'

/** A value that is kept, as people read it in their language. */
export function shownValue({ kind, value }: Pick<words.FilledField, 'kind' | 'value'>): string {
  if (kind === 'date') return date(new Date(`${value}T12:00:00Z`))
  if (kind === 'number') return number(Number(value))
  return kind === 'yesno' ? t(`fields.${value}`) : value
}

// —— which there are ——

export const list = action({
  says: 'List the fields of people that the organisation defined, in the order in which they were made; with `removed` those that were removed',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ removed: z.stringbool().or(z.boolean()).default(false) }),
  gives: z.object({ items: z.array(words.field) }),
  run: async (ctx, { removed }) => ({ items: (await store.all(ctx)).filter(each => Boolean(each.removedAt) === removed) }),
})

const theField = async (ctx: Ctx, field: string): Promise<words.Field> =>
  (await store.all(ctx)).find(each => each.id === field) ?? refuse('notFound', 'fields.notThere')

export const show = action({
  says: 'Show one field of people, and how many have a value, counted to a thousand',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ field: id }),
  gives: words.field.extend({ people: z.number() }),
  run: async (ctx, { field }) => ({ ...(await theField(ctx, field)), people: await store.countOf(ctx, field) }),
})

const about = { name: line(100), choices: text(20_000).default(''), about: text(500).default('') }

export const make = action({
  says: 'Define a field of people: text, number, date, choice (one line for each), yesno or link',
  who: 'people.setup',
  takes: z.strictObject({ ...about, kind: z.enum(words.fieldKinds) }),
  gives: z.object({ field: id }),
  run: async (ctx, { choices, ...it }) => {
    const all = await store.all(ctx)
    rules.hasRoom(all.length)
    rules.isNewName(it.name, all, null)
    const row = { ...it, id: newId(ctx.now), choices: rules.choicesOf(it.kind, choices), made_at: ctx.now }
    await store.add(ctx, row)
    told(ctx, words.Made, row)
    return { field: row.id }
  },
})

function told(ctx: Ctx, word: typeof words.Made, { id, name }: { id: string; name: string }): void {
  record(ctx, word, { object: id, detail: { name } })
  tell(ctx, 'fields')
}

export const change = action({
  says: 'Change name, choices or explanation of a field; its type stays',
  who: 'people.setup',
  takes: z.strictObject({ field: id, ...about }),
  gives: z.object({ before: z.object({ name: z.string(), choices: z.string(), about: z.string() }) }),
  run: async (ctx, { field, choices, ...it }) => {
    const row = await theField(ctx, field)
    rules.isNewName(it.name, await store.all(ctx), field)
    await store.change(ctx, field, { ...it, choices: rules.choicesOf(row.kind, choices) })
    told(ctx, words.Changed, { id: field, name: it.name })
    return { before: { name: row.name, choices: row.choices.join('\n'), about: row.about } }
  },
})

const one = { who: 'people.setup', takes: z.strictObject({ field: id }), gives: z.object({}) }

export const remove = action({
  ...one,
  says: 'Remove a field; its values are kept until it is deleted for good',
  run: async (ctx, { field }) => {
    const row = await theField(ctx, field)
    await store.standOff(ctx, field, ctx.now)
    told(ctx, words.Removed, row)
    return {}
  },
})

export const bringBack = action({
  ...one,
  says: 'Bring a removed field back, with all its values',
  run: async (ctx, { field }) => {
    const row = await theField(ctx, field)
    rules.isNewName(row.name, await store.all(ctx), field)
    await store.standOff(ctx, field, null)
    told(ctx, words.BroughtBack, row)
    return {}
  },
})

export const erase = action({
  ...one,
  says: 'Delete a removed field for good, with all its values; this cannot be taken back',
  run: async (ctx, { field }) => {
    const row = await theField(ctx, field)
    rules.mayErase(row)
    await store.erase(ctx, field)
    told(ctx, words.Erased, row)
    return {}
  },
})

// —— what they say of somebody ——

async function allOf(ctx: Ctx, person: string): Promise<[string, ...string[]]> {
  const [stands, ...others] = await idsOf(ctx, person)
  return stands ? [stands, ...others] : refuse('notFound', 'fields.personNotFound')
}

/** By field: what the record that stands says, else what another record of the person does. */
async function valuesOf(ctx: Ctx, ids: string[]): Promise<Map<string, string>> {
  const rows = (await store.valuesOf(ctx, ids)).sort((a, b) => ids.indexOf(b.person) - ids.indexOf(a.person))
  return new Map(rows.map(row => [row.field, row.value]))
}

export const valuesFor = action({
  says: 'Show what the organisation’s own fields say of a person',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ person: id }),
  gives: z.object({ items: z.array(words.filled) }),
  run: async (ctx, { person }) => {
    const { items } = await list(ctx, {})
    const values = items.length ? await valuesOf(ctx, await allOf(ctx, person)) : new Map<string, string>()
    return { items: items.map(each => ({ ...each, value: values.get(each.id) ?? '' })) }
  },
})

export const put = action({
  says: 'Fill fields of a person; an empty text takes a value away, fields that are not named stay',
  who: 'people.write',
  takes: z.strictObject({ person: id, values: z.record(z.uuid(), text(2000)) }),
  gives: z.object({ person: id, before: z.record(z.string(), z.string()) }),
  run: async (ctx, { person, values }) => {
    const ids = await allOf(ctx, person)
    const known = new Map((await list(ctx, {})).items.map(each => [each.id, each]))
    const now = await valuesOf(ctx, ids)
    // What stays is not judged again: its choice may have left the list since.
    const wanted = Object.entries(values).filter(([field, given]) => given.trim() !== (now.get(field) ?? ''))
    const read = wanted.map(([field, given]) => {
      const it = known.get(field) ?? refuse('notFound', 'fields.notThere')
      return { ...it, ...rules.valueFor(it, given) }
    })
    const changed = read.filter(each => each.value !== (now.get(each.id) ?? ''))
    if (changed.length) await keep(ctx, ids, changed)
    return { person: ids[0], before: Object.fromEntries(changed.map(each => [each.id, now.get(each.id) ?? ''])) }
  },
})

/** Where another record of the person says something, nothing has to be said aloud. */
async function keep(ctx: Ctx, ids: [string, ...string[]], changed: (words.Field & rules.Kept)[]): Promise<void> {
  const gone = ids.length === 1 ? changed.filter(each => each.value === '').map(each => each.id) : []
  const kept = changed
    .filter(each => !gone.includes(each.id))
    .map(({ id, value, number, day }) => ({ person: ids[0], field: id, value, number, day }))
  if (gone.length) await store.take(ctx, ids[0], gone)
  if (kept.length) await store.put(ctx, kept)
  await tellFilled(ctx, ids[0], changed)
}

/** Whatever else looks at what stands there is told. */
async function tellFilled(
  ctx: Ctx,
  person: string,
  changed: { id: string; kind: words.FieldKind; value: string }[],
  quiet = false,
): Promise<void> {
  for (const { id, kind, value } of changed)
    if (kind === 'text' || kind === 'link') await noteText(ctx, { person, source: `field ${id}`, text: value })
  if (!quiet) record(ctx, words.Filled, { object: person, detail: { fields: changed.map(each => each.id) } })
  tell(ctx, `person:${person}`)
}

// —— what they say of many ——

/** A value is judged before the first of many gets it. */
export async function judge(ctx: Ctx, field: string, value: string): Promise<void> {
  const it = (await list(ctx, {})).items.find(each => each.id === field) ?? refuse('notFound', 'fields.notThere')
  rules.valueFor(it, value)
}

/** What stood with a record before, null for nothing, and what stands there instead. */
export interface Refilled {
  person: string
  field: string
  before: rules.Kept | null
  after: string
}

/**
 * Fills fields of records that stand for themselves; each value fits its field or all are refused. Returns what changed. Nothing is recorded of the people in
 * `quiet`: they are new themselves, and one thing that happened is told once.
 */
export async function putAll(
  ctx: Ctx,
  wanted: { person: string; field: string; value: string }[],
  quiet: ReadonlySet<string> = new Set(),
): Promise<Refilled[]> {
  const known = new Map((await list(ctx, {})).items.map(each => [each.id, each]))
  const now = new Map((await store.standing(ctx, wanted)).map(each => [`${each.person} ${each.field}`, each]))
  const changed = wanted.flatMap(({ person, field, value }) => {
    const kept = rules.valueFor(known.get(field) ?? refuse('notFound', 'fields.notThere'), value)
    const { own, counts } = now.get(`${person} ${field}`)!
    return kept.value === counts ? [] : [{ person, field, before: own, ...kept }]
  })
  if (changed.length) await store.put(ctx, changed)
  await tellAll(ctx, changed, quiet)
  return changed.map(({ person, field, before, value }) => ({ person, field, before, after: value }))
}

/** Puts back what stood there, unless somebody has changed it since. */
export async function putBack(ctx: Ctx, was: Refilled[], quiet: ReadonlySet<string> = new Set()): Promise<void> {
  if (was.length === 0) return
  const now = new Map((await store.standing(ctx, was)).map(each => [`${each.person} ${each.field}`, each.own?.value]))
  const still = was.filter(each => now.get(`${each.person} ${each.field}`) === each.after)
  const back = still.flatMap(({ person, field, before }) => (before ? [{ person, field, ...before }] : []))
  const gone = still.filter(each => !each.before)
  if (back.length) await store.put(ctx, back)
  if (gone.length) await store.takeAll(ctx, gone)
  await tellAll(ctx, still.map(({ person, field, before }) => ({ person, field, value: before?.value ?? '' })), quiet) // biome-ignore format: one line
}

async function tellAll(ctx: Ctx, changed: { person: string; field: string; value: string }[], quiet: ReadonlySet<string>): Promise<void> {
  const kinds = new Map((await store.all(ctx)).map(each => [each.id, each.kind]))
  const people = Map.groupBy(changed, each => each.person)
  for (const [person, all] of people)
    await tellFilled(ctx, person, all.map(({ field, value }) => ({ id: field, kind: kinds.get(field) ?? 'text', value })), quiet.has(person)) // biome-ignore format: one line
}
