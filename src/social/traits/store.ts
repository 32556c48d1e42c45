import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { TraitKind } from './words.ts'

interface TraitTable {
  id: string
  person: string
  kind: TraitKind
  value: string
  since: Date
  until: Date | null
  by: string | null
}
export type Row = TraitTable

const of = tables<{ trait: TraitTable }>()

/** All that these people are and were, the newest first. */
export const traitsOf = (ctx: Ctx, people: string[]): Promise<Row[]> =>
  of(ctx).selectFrom('trait').selectAll().where('person', 'in', people).orderBy('since', 'desc').orderBy('id', 'desc').limit(200).execute()

export const add = (ctx: Ctx, row: Row) => of(ctx).insertInto('trait').values(row).execute()

export const remove = (ctx: Ctx, ids: string[]) => of(ctx).deleteFrom('trait').where('id', 'in', ids).execute()

export const end = (ctx: Ctx, ids: string[]) =>
  of(ctx)
    .updateTable('trait')
    .set({ until: sql`greatest(since, ${ctx.now}::timestamptz)` })
    .where('id', 'in', ids)
    .execute()

/** What ended for this person since that moment goes on; false when there is no such thing. */
export async function resume(ctx: Ctx, it: { person: string; kind: TraitKind; value: string; since: Date }): Promise<boolean> {
  const { rows } = await sql`
    update trait set until = null where id = (
      select id from trait where person = ${it.person} and kind = ${it.kind} and value = ${it.value} and until >= ${it.since} order by until desc limit 1
    ) returning id`.execute(ctx.db)
  return rows.length > 0
}

/** Which of these people have this tier now. */
export const having = (ctx: Ctx, people: string[], value: string) =>
  of(ctx).selectFrom('trait').select('person').where('person', 'in', people).where('value', '=', value).where('until', 'is', null).execute()
