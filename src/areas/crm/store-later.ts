/** What is kept of answers that leave at a moment, and of how long each colleague can take one back. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Stand } from './words.ts'

export interface PlanRow {
  id: string
  thread: string
  by: string
  due_at: Date
  input: unknown
  was: Omit<Stand, 'askedAt' | 'snoozedUntil'> & { snoozedUntil: string | null }
  made_at: Date
  state: 'waiting' | 'held' | 'sent' | 'cancelled'
  /** Why it is held: a message's key with its values. */
  says: string | null
}

const of = tables<{
  planned_answer: Omit<PlanRow, 'was'> & { was: unknown }
  reply_delay: { person: string; seconds: number }
}>()

export const add = (ctx: Ctx, row: PlanRow): Promise<unknown> =>
  of(ctx)
    .insertInto('planned_answer')
    .values({ ...row, input: JSON.stringify(row.input), was: JSON.stringify(row.was) })
    .execute()

export const one = async (ctx: Ctx, id: string): Promise<PlanRow | undefined> =>
  (await of(ctx).selectFrom('planned_answer').selectAll().where('id', '=', id).executeTakeFirst()) as PlanRow | undefined

export const locked = async (ctx: Ctx, id: string): Promise<PlanRow | undefined> =>
  (await of(ctx).selectFrom('planned_answer').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) as PlanRow | undefined

export const change = (ctx: Ctx, id: string, set: Partial<Pick<PlanRow, 'state' | 'says' | 'due_at' | 'made_at'>>): Promise<unknown> =>
  of(ctx).updateTable('planned_answer').set(set).where('id', '=', id).execute()

/** What waits in a thread, or is held there. */
export const inThread = async (ctx: Ctx, thread: string): Promise<PlanRow[]> =>
  (await of(ctx)
    .selectFrom('planned_answer')
    .selectAll()
    .where('thread', '=', thread)
    .where('state', 'in', ['waiting', 'held'])
    .orderBy('due_at')
    .limit(20)
    .execute()) as PlanRow[]

/** What is to leave there leaves in another thread. */
export const moveAll = (ctx: Ctx, from: string, to: string): Promise<unknown> =>
  of(ctx).updateTable('planned_answer').set({ thread: to }).where('thread', '=', from).execute()

export const due = async (ctx: Ctx): Promise<string[]> =>
  (
    await of(ctx)
      .selectFrom('planned_answer')
      .select('id')
      .where('state', '=', 'waiting')
      .where('due_at', '<=', ctx.now)
      .orderBy('due_at')
      .limit(500)
      .execute()
  ).map(row => row.id)

/** Did somebody outside write there since then? */
export async function heardSince(ctx: Ctx, thread: string, since: Date): Promise<boolean> {
  const { rows } = await sql<{ heard: boolean }>`
    select coalesce(last_in_at > ${since}, false) as heard from conversation where thread = ${thread}`.execute(ctx.db)
  return rows[0]?.heard ?? false
}

/** In seconds; undefined where the colleague chose nothing. */
export async function delayOf(ctx: Ctx): Promise<number | undefined> {
  if (!ctx.actor.person) return undefined
  const row = await of(ctx).selectFrom('reply_delay').select('seconds').where('person', '=', ctx.actor.person).executeTakeFirst()
  return row?.seconds
}

export const setDelay = (ctx: Ctx, person: string, seconds: number): Promise<unknown> =>
  of(ctx)
    .insertInto('reply_delay')
    .values({ person, seconds })
    .onConflict(there => there.constraint('reply_delay_pkey').doUpdateSet({ seconds }))
    .execute()
