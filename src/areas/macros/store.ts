/** What is kept of macros. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import { ownOrShared } from '#kernel/owned.ts'
import type { Steps } from './words.ts'

export interface MacroRow {
  id: string
  name: string
  steps: Steps
  key: string | null
  owner: string | null
  uses: number
  changed_at: Date
  archived_at: Date | null
}

const of = tables<{ macro: Omit<MacroRow, 'steps'> & { steps: unknown } }>()

export const add = (ctx: Ctx, row: MacroRow): Promise<unknown> =>
  of(ctx)
    .insertInto('macro')
    .values({ ...row, steps: JSON.stringify(row.steps) })
    .execute()

export const one = async (ctx: Ctx, id: string): Promise<MacroRow | undefined> =>
  (await of(ctx).selectFrom('macro').selectAll().where('id', '=', id).executeTakeFirst()) as MacroRow | undefined

export const change = (ctx: Ctx, id: string, { steps, ...set }: Partial<Omit<MacroRow, 'id'>>): Promise<unknown> =>
  of(ctx)
    .updateTable('macro')
    .set({ ...set, ...(steps && { steps: JSON.stringify(steps) }) })
    .where('id', '=', id)
    .execute()

export const used = (ctx: Ctx, id: string): Promise<unknown> =>
  of(ctx).updateTable('macro').set({ uses: sql`uses + 1` }).where('id', '=', id).execute()

const seen = (ctx: Ctx, self: string | null, archived: boolean) =>
  of(ctx)
    .selectFrom('macro')
    .selectAll()
    .where('archived_at', archived ? 'is not' : 'is', null)
    .where(ownOrShared(self))

/** By name; `after` is name and id of the last one seen. */
export async function list(
  ctx: Ctx,
  { self, q, archived, after, limit }: { self: string | null; q: string; archived: boolean; after?: string[]; limit: number },
): Promise<MacroRow[]> {
  const [name, id] = after ?? []
  let query = seen(ctx, self, archived).orderBy('name').orderBy('id').limit(limit)
  if (q) query = query.where(sql<boolean>`strpos(lower(name), ${q.toLowerCase()}) > 0`)
  if (id) query = query.where(sql<boolean>`(name, id) > (${name}, ${id}::uuid)`)
  return (await query.execute()) as MacroRow[]
}

/** Those with a key, then those that are used most. */
export const atHand = async (ctx: Ctx, self: string | null, limit: number): Promise<MacroRow[]> =>
  (await seen(ctx, self, false)
    .orderBy(sql`key is null`)
    .orderBy('uses', 'desc')
    .orderBy('name')
    .orderBy('id')
    .limit(limit)
    .execute()) as MacroRow[]

/** All in use that have a key; whoever gives one waits here for whoever is giving one, so that none is given twice. */
export async function keyed(ctx: Ctx, self: string | null): Promise<Pick<MacroRow, 'id' | 'name' | 'key'>[]> {
  await sql`select pg_advisory_xact_lock(hashtextextended('macro keys ' || current_org(), 0))`.execute(ctx.db)
  return seen(ctx, self, false).where('key', 'is not', null).execute()
}
