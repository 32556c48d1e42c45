/** What is kept of selections. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Selection } from './words.ts'

interface SelectionTable extends Selection {
  by: string | null
  made_at: Date
  removed_at: Date | null
}

const of = tables<{ sounding_selection: SelectionTable }>()
const columns = ['id', 'name', 'monitors', 'days', 'everything'] as const

export function selections(ctx: Ctx, after: { id: string; name: string } | null, limit: number): Promise<Selection[]> {
  const all = of(ctx).selectFrom('sounding_selection').select(columns).where('removed_at', 'is', null)
  const rest = after ? all.where(sql<boolean>`(name, id) > (${after.name}, ${after.id}::uuid)`) : all
  return rest.orderBy('name').orderBy('id').limit(limit).execute()
}

export const selection = (ctx: Ctx, id: string): Promise<Selection | undefined> =>
  of(ctx).selectFrom('sounding_selection').select(columns).where('id', '=', id).executeTakeFirst()

export const isRemoved = async (ctx: Ctx, id: string): Promise<boolean> =>
  (await of(ctx).selectFrom('sounding_selection').select('removed_at').where('id', '=', id).executeTakeFirst())?.removed_at != null

export const addSelection = (ctx: Ctx, it: Selection): Promise<unknown> =>
  of(ctx)
    .insertInto('sounding_selection')
    .values({ ...it, by: ctx.actor.person, made_at: ctx.now, removed_at: null })
    .execute()

export const markSelection = (ctx: Ctx, id: string, removed_at: Date | null): Promise<unknown> =>
  of(ctx).updateTable('sounding_selection').set({ removed_at }).where('id', '=', id).execute()
