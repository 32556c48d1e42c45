import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'

interface MergeTable {
  id: string
  kept: string
  gone: string
  reason: string
  evidence: unknown
  by: string | null
  at: Date
  undone_at: Date | null
  undone_by: string | null
}

const of = tables<{
  merge: MergeTable
  own_name: { id: string; name: string }
  handle_card: { person: string; address: string; until: Date | null }
}>()

export const mergesOf = (ctx: Ctx, ids: string[]) =>
  of(ctx)
    .selectFrom('merge')
    .selectAll()
    .where(where => where.or([where('kept', 'in', ids), where('gone', 'in', ids)]))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(100)
    .execute()

/** Their own names, also of those behind which they stand. */
export async function names(ctx: Ctx, ids: string[]): Promise<Map<string, string>> {
  const rows = ids.length ? await of(ctx).selectFrom('own_name').select(['id', 'name']).where('id', 'in', ids).execute() : []
  return new Map(rows.map(row => [row.id, row.name]))
}

export const add = (ctx: Ctx, merge: Pick<MergeTable, 'id' | 'kept' | 'gone' | 'reason' | 'by' | 'at'>, evidence: object) =>
  of(ctx)
    .insertInto('merge')
    .values({ ...merge, evidence: JSON.stringify(evidence) })
    .execute()

/** Was a merge between any of these taken back, or has a colleague said that they are two? */
export async function wereSeparated(ctx: Ctx, some: string[], others: string[]): Promise<boolean> {
  const { rows } = await sql<{ were: boolean }>`
    select exists (select from merge where undone_at is not null and (
      (kept = any(${some}::uuid[]) and gone = any(${others}::uuid[])) or (kept = any(${others}::uuid[]) and gone = any(${some}::uuid[]))))
      or exists (select from likeness where parted_at is not null and (
      (one = any(${some}::uuid[]) and other = any(${others}::uuid[])) or (one = any(${others}::uuid[]) and other = any(${some}::uuid[])))) as were`.execute(
    ctx.db,
  )
  return rows[0]!.were
}

export const find = (ctx: Ctx, id: string) => of(ctx).selectFrom('merge').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const undo = (ctx: Ctx, id: string) =>
  of(ctx).updateTable('merge').set({ undone_at: ctx.now, undone_by: ctx.actor.person }).where('id', '=', id).execute()

/** This record and all that were merged into it, directly or through others, by merges that still hold. */
export async function behind(ctx: Ctx, person: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive behind as (
      select ${person}::uuid as id
      union
      select m.gone from merge m join behind b on m.kept = b.id where m.undone_at is null
    )
    select id from behind`.execute(ctx.db)
  return rows.map(row => row.id)
}

/** Standing records whose name begins so or resembles, or one of whose addresses begins so. */
export async function candidates(ctx: Ctx, words: string, but: string[], most: number): Promise<string[]> {
  await sql`select set_config('pg_trgm.word_similarity_threshold', '0.4', true)`.execute(ctx.db)
  const { rows } = await sql<{ id: string }>`
    select id from (
      (select p.id, 1 as rank from person_detail p where p.key %> ${words} order by word_similarity(${words}, p.key) desc limit ${most})
      union all
      (select c.stands, 0 from handle_card h join person_card c on c.id = h.person
       where h.until is null and h.normal >= ${words} and h.normal < ${`${words}\u{10ffff}`} order by h.normal limit ${most})
    ) f where id <> all(${but}::uuid[]) group by id order by min(rank), id limit ${most}`.execute(ctx.db)
  return rows.map(row => row.id)
}

export const addresses = (ctx: Ctx, ids: string[]) =>
  of(ctx)
    .selectFrom('handle_card')
    .select('address')
    .where('person', 'in', ids)
    .where('until', 'is', null)
    .orderBy('address')
    .limit(50)
    .execute()
