import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'

export interface HistoryRow {
  account: string
  task: string
  from_at: Date
  cursor: string | null
  done: number
  began_at: Date
  ended_at: Date | null
}

const of = tables<{ account_history: HistoryRow }>()

export const history = (ctx: Ctx, account: string): Promise<HistoryRow | undefined> =>
  of(ctx).selectFrom('account_history').selectAll().where('account', '=', account).executeTakeFirst()

/** A new run takes the place of the last one. */
export async function begin(ctx: Ctx, row: Pick<HistoryRow, 'account' | 'task' | 'from_at'>): Promise<void> {
  const fresh = { ...row, cursor: null, done: 0, began_at: ctx.now, ended_at: null }
  await of(ctx)
    .insertInto('account_history')
    .values(fresh)
    .onConflict(there => there.constraint('account_history_pkey').doUpdateSet(fresh))
    .execute()
}

export const change = (ctx: Ctx, { account, task }: HistoryRow, change: Partial<HistoryRow>): Promise<unknown> =>
  of(ctx).updateTable('account_history').set(change).where('account', '=', account).where('task', '=', task).execute()
