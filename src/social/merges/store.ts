import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Hint } from './rules.ts'

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

const of = tables<{ merge: MergeTable; own_name: { id: string; name: string } }>()

/** What may be the same person: the same address elsewhere, an address that was once here, the same name. */
export async function hints(ctx: Ctx, ids: string[]): Promise<Hint[]> {
  const { rows } = await sql<Hint>`
    with mine as materialized (select normal, verified_at from handle_card where person = any(${ids}::uuid[]) and until is null),
    me as materialized (select key, kind from person_detail where id = any(${ids}::uuid[]))
    (select c.stands as person, case when h.verified_at is not null and m.verified_at is not null then 'sameVerified' else 'sameAddress' end as because, h.address as detail
     from mine m join handle_card h on h.normal = m.normal and h.until is null join person_card c on c.id = h.person
     where h.person <> all(${ids}::uuid[]) limit 5)
    union all
    (select c.stands, 'hadAddress', h.address from handle_card h join person_card c on c.id = (h.evidence->>'before')::uuid
     where h.person = any(${ids}::uuid[]) and h.evidence ? 'before' and h.until is null and c.stands <> all(${ids}::uuid[]) limit 5)
    union all
    (select p.id, 'sameName', c.name from me join person_detail p on p.key = me.key join person_card c on c.id = p.id
     where p.id <> all(${ids}::uuid[]) and length(me.key) > 2 and c.kind = me.kind limit 5)`.execute(ctx.db)
  return rows
}

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
