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

export const mostUsed = async (ctx: Ctx, self: string | null, limit: number): Promise<MacroRow[]> =>
  (await seen(ctx, self, false).orderBy('uses', 'desc').orderBy('name').orderBy('id').limit(limit).execute()) as MacroRow[]
