/** What is kept of tasks. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'

export interface TaskRow {
  id: string
  thread: string
  text: string
  person: string | null
  until: string | null
  made_by: string | null
  made_at: Date
  done_by: string | null
  done_at: Date | null
  removed_at: Date | null
}

const of = tables<{ thread_task: TaskRow }>()

export const add = (ctx: Ctx, row: TaskRow): Promise<unknown> => of(ctx).insertInto('thread_task').values(row).execute()

export const one = (ctx: Ctx, id: string): Promise<TaskRow | undefined> =>
  of(ctx).selectFrom('thread_task').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const change = (ctx: Ctx, id: string, set: Partial<Pick<TaskRow, 'done_at' | 'done_by' | 'removed_at'>>): Promise<unknown> =>
  of(ctx).updateTable('thread_task').set(set).where('id', '=', id).execute()

/** The newest of a thread, oldest first. */
export const inThread = async (ctx: Ctx, thread: string): Promise<TaskRow[]> =>
  (
    await of(ctx)
      .selectFrom('thread_task')
      .selectAll()
      .where('thread', '=', thread)
      .where('removed_at', 'is', null)
      .orderBy('id', 'desc')
      .limit(100)
      .execute()
  ).reverse()

export const openOf = (ctx: Ctx, person: string, { before, limit }: { before?: string; limit: number }): Promise<TaskRow[]> => {
  const query = of(ctx)
    .selectFrom('thread_task')
    .selectAll()
    .where('person', '=', person)
    .where('done_at', 'is', null)
    .where('removed_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(limit)
  return (before ? query.where('id', '<', before) : query).execute()
}

export const moveAll = (ctx: Ctx, from: string, to: string): Promise<unknown> =>
  sql`update thread_task set thread = ${to} where thread = ${from}`.execute(ctx.db)

/** Back to the thread that they came from: those that were made there. */
export const moveBack = (ctx: Ctx, from: string, to: string, tasks: string[]): Promise<unknown> =>
  sql`update thread_task set thread = ${to} where thread = ${from} and id = any(${tasks}::uuid[])`.execute(ctx.db)
