import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { DeliveryState } from './words.ts'

export interface HookRow {
  id: string
  name: string
  url: string
  types: string[]
  filter: string
  called: boolean
  secret: string
  secret_before: string | null
  secret_before_until: Date | null
  failing_since: Date | null
  failed_at: Date | null
  disabled_at: Date | null
  disabled_because: string | null
  by: string | null
  created_at: Date
}

export interface DeliveryRow {
  id: string
  hook: string
  activity: string | null
  type: string
  body: string
  state: DeliveryState
  attempts: number
  attempts_before: number
  due_at: Date | null
  tried_at: Date | null
  took_ms: number | null
  status: number | null
  answer: string | null
  created_at: Date
}

const of = tables<{ hook: HookRow; hook_delivery: DeliveryRow }>()

export const hooks = (ctx: Ctx): Promise<HookRow[]> => of(ctx).selectFrom('hook').selectAll().orderBy('id').execute()

export const hook = (ctx: Ctx, id: string): Promise<HookRow | undefined> =>
  of(ctx).selectFrom('hook').selectAll().where('id', '=', id).executeTakeFirst()

export const hasAny = async (ctx: Ctx): Promise<boolean> =>
  (await of(ctx).selectFrom('hook').select('id').where('disabled_at', 'is', null).limit(1).executeTakeFirst()) !== undefined

export const addHook = (ctx: Ctx, row: HookRow): Promise<unknown> => of(ctx).insertInto('hook').values(row).execute()

export const changeHook = (ctx: Ctx, id: string, change: Partial<HookRow>): Promise<unknown> =>
  of(ctx).updateTable('hook').set(change).where('id', '=', id).execute()

export async function removeHook(ctx: Ctx, id: string): Promise<void> {
  await of(ctx).deleteFrom('hook_delivery').where('hook', '=', id).execute()
  await of(ctx).deleteFrom('hook').where('id', '=', id).execute()
}

export type NewDelivery = Pick<DeliveryRow, 'id' | 'hook' | 'activity' | 'type' | 'body'>

/** Those that were new: an activity is told once to each, however often it is heard. */
export async function addDeliveries(ctx: Ctx, rows: NewDelivery[]): Promise<string[]> {
  const { rows: added } = await sql<{ id: string }>`
    insert into hook_delivery (id, hook, activity, type, body, due_at, created_at)
    select id, hook, activity, type, body, ${ctx.now}, ${ctx.now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, hook uuid, activity uuid, type text, body text)
    on conflict (org, hook, activity) do nothing returning id`.execute(ctx.db)
  return added.map(({ id }) => id)
}

export const delivery = (ctx: Ctx, id: string): Promise<DeliveryRow | undefined> =>
  of(ctx).selectFrom('hook_delivery').selectAll().where('id', '=', id).executeTakeFirst()

/** Newest first, by key. */
export function deliveries(ctx: Ctx, hook: string, { before, limit }: { before?: string; limit: number }): Promise<DeliveryRow[]> {
  const query = of(ctx).selectFrom('hook_delivery').selectAll().where('hook', '=', hook).orderBy('id', 'desc').limit(limit)
  return (before ? query.where('id', '<', before) : query).execute()
}

export const changeDelivery = (ctx: Ctx, id: string, change: Partial<DeliveryRow>): Promise<unknown> =>
  of(ctx).updateTable('hook_delivery').set(change).where('id', '=', id).execute()

/** What still waits there is not sent any more. */
export const endWaiting = (ctx: Ctx, hook: string): Promise<unknown> =>
  of(ctx)
    .updateTable('hook_delivery')
    .set({ state: 'failed', due_at: null })
    .where('hook', '=', hook)
    .where('state', '=', 'waiting')
    .execute()

export const forgetBefore = (ctx: Ctx, moment: Date): Promise<unknown> =>
  of(ctx).deleteFrom('hook_delivery').where('created_at', '<', moment).where('state', '!=', 'waiting').execute()
