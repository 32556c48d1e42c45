import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Step } from '#social/channels/words.ts'

export interface AttemptRow {
  id: string
  channel: string
  account: string | null
  asked: string
  steps: Step[]
  state: 'running' | 'done' | 'failed'
  says: string | null
  by: string | null
  personal: boolean
  at: Date
}

interface AttemptTable extends Omit<AttemptRow, 'steps'> {
  steps: unknown
}

const of = tables<{ channel_attempt: AttemptTable }>()

export const addAttempt = (ctx: Ctx, row: AttemptRow): Promise<unknown> =>
  of(ctx)
    .insertInto('channel_attempt')
    .values({ ...row, steps: JSON.stringify(row.steps) })
    .execute()

export async function attempt(ctx: Ctx, id: string): Promise<AttemptRow | undefined> {
  const row = await of(ctx).selectFrom('channel_attempt').selectAll().where('id', '=', id).executeTakeFirst()
  return row && { ...row, steps: row.steps as Step[] }
}

export const changeAttempt = (ctx: Ctx, id: string, change: Partial<AttemptRow>): Promise<unknown> =>
  of(ctx)
    .updateTable('channel_attempt')
    .set({ ...change, ...(change.steps && { steps: JSON.stringify(change.steps) }) })
    .where('id', '=', id)
    .execute()

export const forgetAttempts = (ctx: Ctx, before: Date): Promise<unknown> =>
  of(ctx).deleteFrom('channel_attempt').where('at', '<', before).execute()
