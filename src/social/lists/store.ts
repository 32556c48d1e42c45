import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'

interface ListTable {
  id: string
  name: string
  made_by: string | null
  made_at: Date
  removed_at: Date | null
}

interface EntryTable {
  list: string
  person: string
  by: string | null
  at: Date
}

const of = tables<{ people_list: ListTable; people_list_entry: EntryTable }>()

const shown = ['id', 'name', 'removed_at as removedAt'] as const

/** By name. */
export const all = (ctx: Ctx) =>
  of(ctx).selectFrom('people_list').select(shown).orderBy(sql`lower(name)`).orderBy('id').limit(1000).execute()

export const add = (ctx: Ctx, rows: Omit<ListTable, 'removed_at'>[]): Promise<unknown> =>
  of(ctx)
    .insertInto('people_list')
    .values(rows.map(row => ({ ...row, removed_at: null })))
    .execute()

export const change = (ctx: Ctx, id: string, to: Partial<Pick<ListTable, 'name' | 'removed_at'>>): Promise<unknown> =>
  of(ctx).updateTable('people_list').set(to).where('id', '=', id).execute()

/** Returns those who were not on it. */
export async function put(ctx: Ctx, list: string, people: string[]): Promise<string[]> {
  const { rows } = await sql<{ person: string }>`
    insert into people_list_entry (list, person, by, at)
    select ${list}::uuid, person, ${ctx.actor.person}::uuid, ${ctx.now}::timestamptz from unnest(${people}::uuid[]) as p(person) order by person
    on conflict do nothing returning person`.execute(ctx.db)
  return rows.map(row => row.person)
}

/** Returns those who were on it. */
export async function take(ctx: Ctx, list: string, people: string[]): Promise<string[]> {
  const { rows } = await sql<{ person: string }>`
    delete from people_list_entry where list = ${list} and person = any(${people}::uuid[]) returning person`.execute(ctx.db)
  return rows.map(row => row.person)
}

/** These people with every record that stands behind them. */
export async function records(ctx: Ctx, people: string[]): Promise<{ stands: string; id: string }[]> {
  const { rows } = await sql<{ stands: string; id: string }>`
    select p.id as stands, p.id from person_card p where p.id = any(${people}::uuid[])
    union all select b.stands, b.id from stands_behind b where b.stands = any(${people}::uuid[])`.execute(ctx.db)
  return rows
}

export interface Entry {
  /** Where to go on. */
  at: string
  stands: string
}

/** Who is on it, each once however many of their records are, the last met first. */
export async function people(ctx: Ctx, list: string, { after, limit }: { after?: string; limit: number }): Promise<Entry[]> {
  const { rows } = await sql<Entry>`
    select e.person as at, c.stands from people_list_entry e join person_card c on c.id = e.person
    where e.list = ${list} ${after ? sql`and e.person < ${after}::uuid` : sql``} and not exists (
      select from people_list_entry o where o.list = e.list and o.person > e.person
        and o.person in (select c.stands union all select b.id from stands_behind b where b.stands = c.stands))
    order by e.person desc limit ${limit}`.execute(ctx.db)
  return rows
}

/** How many entries each of these lists has, counted to a thousand. */
export async function counts(ctx: Ctx, lists: string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ list: string; n: number }>`
    select l.id as list, (select count(*) from (select from people_list_entry where list = l.id limit 1000) e) as n
    from unnest(${lists}::uuid[]) as l(id)`.execute(ctx.db)
  return new Map(rows.map(row => [row.list, row.n]))
}

/** The lists in use on which these records are. */
export async function listsOf(ctx: Ctx, records: string[]): Promise<{ person: string; id: string; name: string }[]> {
  const { rows } = await sql<{ person: string; id: string; name: string }>`
    select e.person, l.id, l.name from people_list_entry e join people_list l on l.id = e.list and l.removed_at is null
    where e.person = any(${records}::uuid[]) order by lower(l.name), l.id`.execute(ctx.db)
  return rows
}
