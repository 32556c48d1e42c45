/** Long work that a person watches, leaves and comes back to: how far it is, whether somebody wants it to stop, how it ended. */
import type { Ctx } from './context.ts'
import { tables } from './db.ts'
import { newId } from './ids.ts'
import { announce } from './live.ts'

export interface Task {
  id: string
  kind: string
  title: string
  started_by: string | null
  started_at: Date
  done: number
  total: number | null
  note: string | null
  cancel_at: Date | null
  ended_at: Date | null
  failure: string | null
}

const of = tables<{ task_progress: Task }>()

/** Begins a task; its topic is `task:<id>`. */
export async function beginTask(
  ctx: Ctx,
  task: { kind: string; title: string; startedBy: string | null; total?: number },
): Promise<string> {
  const id = newId()
  const row = { id, kind: task.kind, title: task.title, started_by: task.startedBy, started_at: ctx.now, total: task.total ?? null }
  await of(ctx)
    .insertInto('task_progress')
    .values({ ...row, done: 0, note: null, cancel_at: null, ended_at: null, failure: null })
    .execute()
  return id
}

export const taskOf = (ctx: Ctx, id: string): Promise<Task | undefined> =>
  of(ctx).selectFrom('task_progress').selectAll().where('id', '=', id).executeTakeFirst()

/** How far it is: `done` things, `share` of the whole from 0 to 1, and a line for the eye. False when somebody wants it to stop. */
export async function advanceTask(ctx: Ctx, id: string, at: { done: number; share: number | null; note?: string }): Promise<boolean> {
  const row = await of(ctx)
    .updateTable('task_progress')
    .set({ done: at.done, note: at.note ?? null })
    .where('id', '=', id)
    .returning('cancel_at')
    .executeTakeFirst()
  const topic = `task:${id}`
  await announce(ctx, { org: ctx.org, kind: 'progress', topics: [topic], detail: { topic, value: at.share, detail: at.note ?? '' } })
  return row?.cancel_at === null
}

/** Asks it to stop; it does so at its next step. */
export const cancelTask = (ctx: Ctx, id: string) =>
  of(ctx).updateTable('task_progress').set({ cancel_at: ctx.now }).where('id', '=', id).where('ended_at', 'is', null).execute()

/** It is over; pages that follow it look again. */
export async function endTask(ctx: Ctx, id: string, failure: string | null = null): Promise<void> {
  await of(ctx).updateTable('task_progress').set({ ended_at: ctx.now, failure }).where('id', '=', id).execute()
  const topic = `task:${id}`
  await announce(ctx, { org: ctx.org, kind: 'progress', topics: [topic], detail: { topic, done: true } })
}
