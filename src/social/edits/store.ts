import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Way } from '#kernel/keeps.ts'
import type { Deed, State } from './words.ts'

export interface Row {
  id: string
  deed: Deed
  by: string
  task: string
  total: number
  done: number
  changed: number
  state: State
  says: string | null
  at: Date
}

export interface Entry {
  place: number
  person: string
}

/** What stood there, as the deed keeps it. */
export type Was = Record<string, unknown>

const of = tables<{ people_edit: Omit<Row, 'deed'> & { deed: unknown }; people_edit_entry: Entry & { edit: string; was: unknown } }>()

/** With everybody in it, in this order. */
export async function add(ctx: Ctx, { deed, ...row }: Omit<Row, 'done' | 'changed' | 'says'>, people: string[]): Promise<void> {
  await of(ctx)
    .insertInto('people_edit')
    .values({ ...row, deed: JSON.stringify(deed), done: 0, changed: 0, says: null })
    .execute()
  await sql`
    insert into people_edit_entry (edit, place, person)
    select ${row.id}::uuid, place - 1, person from unnest(${people}::uuid[]) with ordinality as p(person, place)`.execute(ctx.db)
}

const rows = (ctx: Ctx, id: string) => of(ctx).selectFrom('people_edit').selectAll().where('id', '=', id)
export const one = async (ctx: Ctx, id: string): Promise<Row | undefined> => (await rows(ctx, id).executeTakeFirst()) as Row | undefined
/** What somebody began, newest first. */
export async function begunBy(ctx: Ctx, by: string, before: string | undefined, limit: number): Promise<Row[]> {
  const all = of(ctx).selectFrom('people_edit').selectAll().where('by', '=', by).orderBy('id', 'desc').limit(limit)
  return (await (before ? all.where('id', '<', before) : all).execute()) as Row[]
}

/** Held until the end of the transaction. */
export const locked = async (ctx: Ctx, id: string): Promise<Row | undefined> =>
  (await rows(ctx, id).forUpdate().executeTakeFirst()) as Row | undefined

export const change = (ctx: Ctx, id: string, to: Partial<Pick<Row, 'done' | 'changed' | 'state' | 'task' | 'says'>>): Promise<unknown> =>
  of(ctx).updateTable('people_edit').set(to).where('id', '=', id).execute()

/** Whose turn it is. */
export async function part(ctx: Ctx, edit: string, from: number, limit: number): Promise<string[]> {
  const found = await of(ctx)
    .selectFrom('people_edit_entry')
    .select('person')
    .where('edit', '=', edit)
    .where('place', '>=', from)
    .where('place', '<', from + limit)
    .orderBy('place')
    .execute()
  return found.map(each => each.person)
}

export const keepWas = (ctx: Ctx, edit: string, all: Map<string, Was>): Promise<unknown> =>
  sql`update people_edit_entry e set was = w.was
    from jsonb_to_recordset(${JSON.stringify([...all].map(([person, was]) => ({ person, was })))}::jsonb) as w(person uuid, was jsonb)
    where e.edit = ${edit} and e.person = w.person`.execute(ctx.db)

/** The last of whom something is kept: they are forgotten by it, and returned. */
export async function takeLast(ctx: Ctx, edit: string, limit: number): Promise<{ person: string; was: Was }[]> {
  const { rows: last } = await sql<{ person: string; was: Was }>`
    with last as (
      select org, edit, place, person, was from people_edit_entry where edit = ${edit} and was is not null order by place desc limit ${limit}),
    gone as (update people_edit_entry e set was = null from last l where (e.org, e.edit, e.place) = (l.org, l.edit, l.place))
    select person, was from last order by place desc`.execute(ctx.db)
  return last
}

export const forget = (ctx: Ctx, before: Date): Promise<unknown> =>
  of(ctx).deleteFrom('people_edit').where('at', '<', before).where('state', 'not in', ['running', 'undoing']).execute()

/** Whoever is in it makes it theirs. */
export const inWhichTheyAre: Way = ids => sql<boolean>`id in (select edit from people_edit_entry where person in ${ids('person')})`
