/** How records go in, whichever way they came: rows are read, compared with what is known, and kept; each tells what came of it. */
import type { Ctx } from '#kernel/context.ts'
import { Refusal } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { t } from '#kernel/messages.ts'
import { storable } from '#kernel/plain.ts'
import { record } from '#social/activities/actions.ts'
import { valueFor } from '#social/fields/actions.ts'
import { findable, forget } from '#social/search/actions.ts'
import { tasksIn } from '#social/tasks/actions.ts'
import { openAll, recount } from '#social/threads/actions.ts'
import { normalOf, peopleBy } from './actions-people.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as sources from './store-sources.ts'
import * as words from './words.ts'

/** As values of people's own fields are read. */
const readValue: rules.Reader = (field, text) => {
  try {
    return valueFor({ id: field.key, kind: field.kind, choices: field.choices }, text).value
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

export interface Put {
  outcomes: words.Outcome[]
  /** What was there before and is now, of those that changed. */
  before: Map<string, words.Values>
  after: Map<string, words.Values>
}

/**
 * Brings rows in, each known by its key: a new record, a change, or nothing where it says the same. A row that cannot go in tells why and stops no
 * other. A fixed number of statements, whatever the number of rows.
 */
export async function putAll(ctx: Ctx, kind: words.Kind, items: readonly unknown[]): Promise<Put> {
  const read = items.map((item, row) =>
    kind.archivedAt ? { row, key: null, fault: { key: 'records.kindIsArchived' } } : rules.readRow(kind, item, row, readValue),
  )
  const refused = read.flatMap(each => ('fault' in each ? [refusal(each.row, each.key, each.fault)] : []))
  const rows = read.flatMap(each => ('given' in each ? [each] : []))
  const put = rows.length ? await putRows(ctx, kind, rows, 3) : { outcomes: [], before: new Map(), after: new Map() }
  if (put.outcomes.some(each => each.outcome === 'new' || each.outcome === 'changed')) tell(ctx, 'records')
  return { ...put, outcomes: [...refused, ...put.outcomes].sort((a, b) => a.row - b.row) }
}

const refusal = (row: number, key: string | null, { key: fault, values }: rules.Fault): words.Outcome => ({
  ...{ row, key, record: null, outcome: 'refused', fault, says: t(fault, values), told: values ?? {} },
})

/** Where somebody else brings the same new key in the same moment, it is looked at again. */
async function putRows(ctx: Ctx, kind: words.Kind, rows: rules.Row[], tries: number): Promise<Put> {
  const keys = [...new Set(rows.map(each => each.key))].sort()
  const known = new Map((await store.lockByKeys(ctx, kind.id, keys)).map(each => [each.key, each]))
  const { planned, faults } = rules.planOf(kind, rows, known)
  const named = await withPeople(ctx, kind, planned)
  const wanted = named.filter(each => !('fault' in each))
  const fresh = wanted.filter(each => !each.known)
  const changed = wanted.filter(each => each.known && each.changes.length > 0)
  const added = await store.add(ctx, fresh.map(keptOf))
  const made = fresh.filter(each => added.has(each.id))
  await store.change(ctx, changed.map(keptOf))
  await settle(ctx, kind, made, changed)
  const lost = new Set(fresh.filter(each => !added.has(each.id)).map(each => each.key))
  const again = lost.size && tries > 0 ? await putRows(ctx, kind, rows.filter(each => lost.has(each.key)), tries - 1) : undefined // biome-ignore format: one line
  return {
    before: new Map([...changed.map(each => [each.id, each.known!.fields] as const), ...(again?.before ?? [])]),
    after: new Map([...changed.map(each => [each.id, each.fields] as const), ...(again?.after ?? [])]),
    outcomes: [
      ...faults.map(each => refusal(each.row, each.key, each.fault)),
      ...named.flatMap(each => ('fault' in each ? each.rows.map(row => refusal(row, each.key, each.fault!)) : [])),
      ...wanted.filter(each => !lost.has(each.key)).flatMap(outcomesOf),
      ...(again?.outcomes ?? []),
    ],
  }
}

function outcomesOf({ rows, key, id, known, changes }: Ready): words.Outcome[] {
  const outcome = !known ? 'new' : changes.length ? 'changed' : 'same'
  return rows.map(row => ({ row, key, record: id, outcome }))
}

type Ready = rules.Planned & { id: string; kind: words.Kind; person: string | null; personBy: string | null; personSays: string | null } & {
  discussion: string
  fault?: rules.Fault
}

/** Whoever is named by our own id must be there; whoever is named otherwise may come later. */
async function withPeople(ctx: Ctx, kind: words.Kind, planned: rules.Planned[]): Promise<Ready[]> {
  const field = rules.fieldWith(kind, 'person')
  const by = field ? kind.personBy : null
  const saysOf = (each: rules.Planned) => (by ? normalOf(by, rules.saysIn(each.fields, field!.key)) : '')
  // What says of its person what it said before has been looked for.
  const asks = planned.filter(each => !each.known || each.changes.some(change => change.field === field?.key))
  const people = by ? await peopleBy(ctx, by, asks.map(saysOf)) : new Map<string, string>()
  return planned.map(each => {
    const says = saysOf(each)
    const person = asks.includes(each) ? (people.get(says) ?? null) : (each.known?.person ?? null)
    const ids = { id: each.known?.id ?? newId(ctx.now), discussion: each.known?.discussion ?? newId(ctx.now) }
    const ready = { ...each, ...ids, kind, person, personBy: says ? by : null, personSays: says || null }
    const missing = by === 'id' && says !== '' && !person
    return missing ? { ...ready, fault: { key: 'records.row.noSuchPerson', values: { field: field!.key } } } : ready
  })
}

const keptOf = (each: Ready): store.Kept => ({
  id: each.id,
  kind: each.kind.id,
  key: each.key,
  title: rules.titleOf(each.kind, each.key, each.fields),
  state: rules.stateOf(each.kind, each.fields),
  fields: each.fields,
  person: each.person,
  person_by: each.personBy,
  person_says: each.personSays,
  discussion: each.discussion,
})

/** What hangs on what went in: where it is talked about, that it is found, that it happened, that screens look again. */
async function settle(ctx: Ctx, kind: words.Kind, made: Ready[], changed: Ready[]): Promise<void> {
  await openAll(
    ctx,
    made.map(each => ({ id: each.discussion, subject: keptOf(each).title, kind: 'record', audience: 'staff', startedAt: ctx.now })),
  )
  await findable(
    ctx,
    [...made, ...changed].map(each => findableOf(ctx, kind, each)),
  )
  for (const each of made) record(ctx, words.Arrived, { ...about(each), detail: { ...detailOf(each) } })
  for (const each of changed) record(ctx, words.Changed, { ...about(each), detail: { ...detailOf(each), changes: each.changes } })
  for (const each of [...made, ...changed]) {
    tell(ctx, `record:${each.id}`)
    for (const person of new Set([each.person, each.known?.person])) if (person) tell(ctx, `person:${person}`)
  }
}

const about = (each: Ready) => ({ object: each.id, thread: each.discussion, ...(each.person && { target: each.person }) })
const detailOf = (each: Ready) => ({ kind: each.kind.name, key: each.key, state: rules.stateOf(each.kind, each.fields) })

const findableOf = (ctx: Ctx, kind: words.Kind, each: Ready) => ({
  id: each.id,
  noun: 'Record',
  at: each.known?.createdAt ?? ctx.now,
  title: `${kind.one} ${each.key} ${keptOf(each).title}`,
  text: kind.fields.flatMap(field => (field.archived ? [] : [rules.saysIn(each.fields, field.key)])).join('\n'),
  path: `/records/${kind.name}/${each.id}`,
  thread: each.discussion,
  audience: 'staff' as const,
})

// —— taking back ——

/** Takes records out that were brought in by mistake; those that somebody speaks of, or that changed since, stay: how many. */
export async function takeOut(ctx: Ctx, ids: string[]): Promise<number> {
  const rows = await store.byIds(ctx, ids)
  const talked = rows.length ? await store.talkedIn(ctx, rows.map(each => each.discussion)) : new Set() // biome-ignore format: one line
  const free: words.TheRecord[] = []
  for (const row of rows) {
    const isNew = row.changedAt.getTime() === row.createdAt.getTime() && !talked.has(row.discussion)
    if (isNew && (await tasksIn(ctx, row.discussion)).length === 0) free.push(row)
  }
  if (free.length === 0) return rows.length
  const kinds = new Map((await store.kinds(ctx)).map(each => [each.id, each.name]))
  const gone = free.map(each => each.id)
  await store.remove(ctx, gone)
  await forget(ctx, gone)
  await recount(ctx, free.map(each => each.discussion)) // biome-ignore format: one line
  for (const { id, kind, key } of free) record(ctx, words.Removed, { object: id, detail: { kind: kinds.get(kind) ?? '', key } })
  for (const { person } of free) if (person) tell(ctx, `person:${person}`)
  tell(ctx, 'records')
  return rows.length - free.length
}

/** Lets records say again what they said; those that changed since stay as they are: how many. */
export async function putBack(ctx: Ctx, all: { id: string; was: words.Values; is: words.Values }[]): Promise<number> {
  const rows = new Map((await store.byIds(ctx, all.map(each => each.id))).map(each => [each.id, each])) // biome-ignore format: one line
  let stay = 0
  for (const kind of await store.kinds(ctx)) {
    const planned = all.flatMap(({ id, was, is }) => {
      const known = rows.get(id)
      if (known?.kind !== kind.id) return []
      if (rules.changesOf(kind, known.fields, is).length > 0) {
        stay++
        return []
      }
      return [{ key: known.key, rows: [], fields: was, changes: rules.changesOf(kind, known.fields, was), known }]
    })
    const ready = await withPeople(ctx, kind, planned)
    await store.change(ctx, ready.map(keptOf)) // biome-ignore format: one line
    await settle(ctx, kind, [], ready)
  }
  tell(ctx, 'records')
  return stay
}

// —— what did not go in ——

/** Keeps what did not go in, so that it can be tried again once its cause is mended; what is too large only by its reason. */
export async function keepRefused(
  ctx: Ctx,
  kind: string,
  source: string | null,
  items: readonly unknown[],
  outcomes: readonly words.Outcome[],
): Promise<number> {
  const faulty = outcomes.filter(each => each.outcome === 'refused')
  const rows = faulty.map(each => {
    const body = JSON.stringify(items[each.row]) ?? ''
    return {
      ...{ id: newId(ctx.now), kind, source, key: each.key?.slice(0, 200) ?? null, says: each.fault!, told: each.told ?? {} },
      body: body && body.length <= rules.longestRow ? storable(body) : null,
    }
  })
  await sources.refuse(ctx, rows)
  if (rows.length) tell(ctx, `records.refused:${kind}`)
  return rows.length
}
