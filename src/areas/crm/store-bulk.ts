/** What is kept of deeds with many conversations at once. */
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Deed, Stand } from './words.ts'

export interface RunRow {
  id: string
  deed: Deed
  threads: string[]
  by: string
  task: string
  done: number
  changed: number
  state: 'running' | 'done' | 'cancelled' | 'undoing' | 'undone'
  at: Date
}

/** How some of them stood, and which got or lost their label. */
export interface Back {
  was: (Omit<Stand, 'askedAt' | 'snoozedUntil'> & { thread: string; snoozedUntil: string | null })[]
  changed: string[]
}

const of = tables<{ bulk_run: Omit<RunRow, 'deed'> & { deed: unknown }; bulk_step: { run: string; place: number; back: unknown } }>()

export const add = (ctx: Ctx, row: RunRow): Promise<unknown> =>
  of(ctx)
    .insertInto('bulk_run')
    .values({ ...row, deed: JSON.stringify(row.deed) })
    .execute()

export const one = async (ctx: Ctx, id: string): Promise<RunRow | undefined> =>
  (await of(ctx).selectFrom('bulk_run').selectAll().where('id', '=', id).executeTakeFirst()) as RunRow | undefined

export const locked = async (ctx: Ctx, id: string): Promise<RunRow | undefined> =>
  (await of(ctx).selectFrom('bulk_run').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) as RunRow | undefined

export const change = (ctx: Ctx, id: string, set: Partial<Pick<RunRow, 'done' | 'changed' | 'state' | 'task'>>): Promise<unknown> =>
  of(ctx).updateTable('bulk_run').set(set).where('id', '=', id).execute()

export const keepStep = (ctx: Ctx, run: string, place: number, back: Back): Promise<unknown> =>
  of(ctx)
    .insertInto('bulk_step')
    .values({ run, place, back: JSON.stringify(back) })
    .execute()

/** The last step that was not taken back yet. */
export const lastStep = async (ctx: Ctx, run: string): Promise<{ place: number; back: Back } | undefined> =>
  (await of(ctx)
    .selectFrom('bulk_step')
    .select(['place', 'back'])
    .where('run', '=', run)
    .orderBy('place', 'desc')
    .limit(1)
    .executeTakeFirst()) as { place: number; back: Back } | undefined

export const dropStep = (ctx: Ctx, run: string, place: number): Promise<unknown> =>
  of(ctx).deleteFrom('bulk_step').where('run', '=', run).where('place', '=', place).execute()
