import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Step } from '#social/channels/words.ts'

export interface AttemptRow {
  id: string
  channel: string
  account: string | null
  asked: string
  steps: Step[]
  state: 'running' | 'signIn' | 'done' | 'failed'
  says: string | null
  by: string | null
  personal: boolean
  at: Date
  /** Sealed; null while nobody was asked to sign in at the network. */
  sign_in: string | null
  /** The hash of what the network says on the way back; forgotten once it was used. */
  way: string | null
  session: string | null
  until: Date | null
  history: number | null
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

export const attemptByWay = (ctx: Ctx, channel: string, way: string): Promise<Pick<AttemptRow, 'id'> | undefined> =>
  of(ctx).selectFrom('channel_attempt').select('id').where('channel', '=', channel).where('way', '=', way).executeTakeFirst()

/** Of several who come back at once, one finds it waiting. */
export async function leaveWaiting(ctx: Ctx, id: string, change: Pick<AttemptRow, 'state' | 'says' | 'sign_in'>): Promise<boolean> {
  const asked = of(ctx).updateTable('channel_attempt').set(change).where('id', '=', id).where('state', '=', 'signIn')
  return (await asked.returning('id').executeTakeFirst()) !== undefined
}

export const changeAttempt = (ctx: Ctx, id: string, change: Partial<AttemptRow>): Promise<unknown> =>
  of(ctx)
    .updateTable('channel_attempt')
    .set({ ...change, ...(change.steps && { steps: JSON.stringify(change.steps) }) })
    .where('id', '=', id)
    .execute()

export const forgetAttempts = (ctx: Ctx, before: Date): Promise<unknown> =>
  of(ctx).deleteFrom('channel_attempt').where('at', '<', before).execute()
