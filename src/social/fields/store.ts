import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Kept } from './rules.ts'
import type { FieldKind } from './words.ts'

interface FieldTable {
  id: string
  name: string
  kind: FieldKind
  choices: string[]
  about: string
  made_at: Date
  removed_at: Date | null
}

interface ValueTable extends Kept {
  person: string
  field: string
  by: string | null
  at: Date
}

const of = tables<{ field: FieldTable; field_value: ValueTable }>()

const shown = ['id', 'name', 'kind', 'choices', 'about', 'removed_at as removedAt'] as const

/** In the order in which they were made. */
export const all = (ctx: Ctx) => of(ctx).selectFrom('field').select(shown).orderBy('id').execute()

export const add = (ctx: Ctx, row: Omit<FieldTable, 'removed_at' | 'choices'> & { choices: string[] }) =>
  sql`insert into field (id, name, kind, choices, about, made_at)
    values (${row.id}, ${row.name}, ${row.kind}, ${JSON.stringify(row.choices)}::jsonb, ${row.about}, ${row.made_at})`.execute(ctx.db)

export const change = (ctx: Ctx, id: string, to: { name: string; choices: string[]; about: string }) =>
  sql`update field set name = ${to.name}, choices = ${JSON.stringify(to.choices)}::jsonb, about = ${to.about} where id = ${id}`.execute(
    ctx.db,
  )

export const standOff = (ctx: Ctx, id: string, removed_at: Date | null) =>
  of(ctx).updateTable('field').set({ removed_at }).where('id', '=', id).execute()

/** With all its values. */
export async function erase(ctx: Ctx, id: string): Promise<void> {
  await of(ctx).deleteFrom('field_value').where('field', '=', id).execute()
  await of(ctx).deleteFrom('field').where('id', '=', id).execute()
}

/** How many people have a value, counted to a thousand. */
export async function countOf(ctx: Ctx, field: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) from (select from field_value where field = ${field} and value <> '' limit 1000) v`.execute(ctx.db)
  return rows[0]!.count
}

export const valuesOf = (ctx: Ctx, people: string[]) =>
  of(ctx).selectFrom('field_value').select(['person', 'field', 'value']).where('person', 'in', people).execute()

export type Stored = Kept & { person: string; field: string }

export async function put(ctx: Ctx, values: Stored[]): Promise<void> {
  await sql`
    insert into field_value as v (person, field, value, number, day, by, at)
    select n.person, n.field, n.value, n.number, n.day, ${ctx.actor.person}::uuid, ${ctx.now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as n(person uuid, field uuid, value text, number numeric, day date)
    on conflict (org, person, field) do update set value = excluded.value, number = excluded.number, day = excluded.day, by = excluded.by, at = excluded.at`.execute(
    ctx.db,
  )
}

interface Place {
  person: string
  field: string
}

/** What stands with these records themselves, and what counts with all records of each person. */
export async function standing(ctx: Ctx, wanted: Place[]): Promise<(Place & { own: Kept | null; counts: string })[]> {
  const { rows } = await sql<Place & { own: Kept | null; counts: string }>`
    select w.person, w.field, coalesce(o.value, (
        select v.value from stands_behind b join field_value v on v.person = b.id and v.field = w.field where b.stands = w.person limit 1), '') as counts,
      case when o.value is not null then jsonb_build_object('value', o.value, 'number', o.number::text, 'day', o.day::text) end as own
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w(person uuid, field uuid)
    left join field_value o on o.person = w.person and o.field = w.field`.execute(ctx.db)
  return rows
}

export const takeAll = (ctx: Ctx, places: Place[]): Promise<unknown> =>
  sql`delete from field_value v using jsonb_to_recordset(${JSON.stringify(places)}::jsonb) as g(person uuid, field uuid)
    where v.person = g.person and v.field = g.field`.execute(ctx.db)

export const take = (ctx: Ctx, person: string, fields: string[]) =>
  of(ctx).deleteFrom('field_value').where('person', '=', person).where('field', 'in', fields).execute()
