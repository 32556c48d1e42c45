import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { SideName } from './words.ts'

interface SideTable {
  id: string
  person: string
  side: SideName
  since: Date
  until: Date | null
  because: string
  until_because: string | null
}

const of = tables<{ side: SideTable }>()

export type Row = Pick<SideTable, 'id' | 'person' | 'side' | 'since' | 'because'>

/** Returns those that were not there already. */
export async function add(ctx: Ctx, sides: Row[]): Promise<Pick<Row, 'id' | 'person' | 'side'>[]> {
  const { rows } = await sql<Pick<Row, 'id' | 'person' | 'side'>>`
    insert into side (id, person, side, since, because)
    select id, person, side, since, because
    from jsonb_to_recordset(${JSON.stringify(sides)}::jsonb) as n(id uuid, person uuid, side text, since timestamptz, because text) order by person, side
    on conflict do nothing returning id, person, side`.execute(ctx.db)
  return rows
}

/** Which of these people stand on this side now. */
export const on = (ctx: Ctx, people: string[], side: SideName) =>
  of(ctx).selectFrom('side').select('id').where('person', 'in', people).where('side', '=', side).where('until', 'is', null).execute()

export const end = (ctx: Ctx, people: string[], side: SideName, because: string) =>
  of(ctx)
    .updateTable('side')
    .set({ until: sql`greatest(since, ${ctx.now}::timestamptz)`, until_because: because })
    .where('person', 'in', people)
    .where('side', '=', side)
    .where('until', 'is', null)
    .returning('id')
    .execute()

export const resume = (ctx: Ctx, people: string[], ids: string[]) =>
  of(ctx)
    .updateTable('side')
    .set({ until: null, until_because: null })
    .where('id', 'in', ids)
    .where('person', 'in', people)
    .where('until', 'is not', null)
    .returning(['person', 'side'])
    .execute()

/** All that these people have, and single rows besides; those of `keep` stay. */
export async function remove(ctx: Ctx, people: string[], ids: string[], keep: string[]): Promise<void> {
  await sql`
    delete from side where (person = any(${people}::uuid[]) or id = any(${ids}::uuid[])) and person <> all(${keep}::uuid[])`.execute(ctx.db)
}
