import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { among, tables } from '#kernel/db.ts'
import type { DeliveryState, Envelope } from './words.ts'

export interface DeliveryRow {
  id: string
  account: string
  channel: string
  content: string
  thread: string
  envelope: Envelope
  state: DeliveryState
  attempts: number
  asked: number
  due_at: Date
  sending_since: Date | null
  ticket: string | null
  remote_id: string | null
  says: string | null
  outcome: 'delivered' | 'failed' | 'delayed' | null
  outcome_says: string | null
  by: string | null
  created_at: Date
  sent_at: Date | null
  open: boolean
}

interface DeliveryTable extends Omit<DeliveryRow, 'envelope'> {
  envelope: unknown
}

const of = tables<{ delivery: DeliveryTable }>()

export const add = (ctx: Ctx, row: DeliveryRow): Promise<unknown> =>
  of(ctx)
    .insertInto('delivery')
    .values({ ...row, envelope: JSON.stringify(row.envelope) })
    .execute()

/** Locked until the end of the transaction, so that each step of its fate is decided by one. */
export async function locked(ctx: Ctx, id: string): Promise<DeliveryRow | undefined> {
  return (await of(ctx).selectFrom('delivery').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) as DeliveryRow | undefined
}

/** Locked as `locked`, all of one message. */
export const lockedOf = async (ctx: Ctx, content: string): Promise<DeliveryRow[]> =>
  (await of(ctx).selectFrom('delivery').selectAll().where('content', '=', content).orderBy('id').forUpdate().execute()) as DeliveryRow[]

export const decideAnew = (ctx: Ctx, id: string, envelope: Envelope): Promise<unknown> =>
  of(ctx)
    .updateTable('delivery')
    .set({ created_at: ctx.now, envelope: JSON.stringify(envelope) })
    .where('id', '=', id)
    .execute()

export const change = (ctx: Ctx, id: string, change: Partial<Omit<DeliveryRow, 'envelope'>>): Promise<unknown> =>
  of(ctx).updateTable('delivery').set(change).where('id', '=', id).execute()

export const byContent = async (ctx: Ctx, contents: string[]): Promise<DeliveryRow[]> =>
  (await of(ctx).selectFrom('delivery').selectAll().where('content', '=', among(contents)).orderBy('id').execute()) as DeliveryRow[]

/** What an account said to everybody and has left, newest first. */
export async function saidOpenly(ctx: Ctx, account: string, { before, limit }: { before?: string; limit: number }): Promise<DeliveryRow[]> {
  const asked = of(ctx)
    .selectFrom('delivery')
    .selectAll()
    .where('account', '=', account)
    .where('open', '=', true)
    .where('state', '=', 'sent')
  const part = before ? asked.where('id', '<', before) : asked
  return (await part.orderBy('id', 'desc').limit(limit).execute()) as DeliveryRow[]
}

/** An earlier answer of the same thread by the same account that has not left yet: the order is kept. */
export async function hasEarlier(ctx: Ctx, { thread, account, id }: DeliveryRow): Promise<boolean> {
  const row = await of(ctx)
    .selectFrom('delivery')
    .select('id')
    .where('thread', '=', thread)
    .where('account', '=', account)
    .where('id', '<', id)
    .where('state', 'in', ['waiting', 'sending'])
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** The next one of the thread that waits, if it is not this one. */
export const nextWaiting = (ctx: Ctx, { thread, account }: DeliveryRow): Promise<{ id: string; due_at: Date } | undefined> =>
  of(ctx)
    .selectFrom('delivery')
    .select(['id', 'due_at'])
    .where('thread', '=', thread)
    .where('account', '=', account)
    .where('state', '=', 'waiting')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()

/** What should have moved by now: due and not taken up, or left in the middle by its process. What waits for its account waits on. */
export async function overdue(ctx: Ctx, left: Date, mostAsked: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select d.id from delivery d left join account_card a on a.id = d.account
    where d.due_at <= ${ctx.now} and (d.state in ('waiting', 'pending') or (d.state = 'unsure' and d.asked < ${mostAsked}))
      and (a.id is null or a.state in ('active', 'down'))
    union all select id from delivery where state = 'sending' and sending_since <= ${left}
    order by id limit 1000`.execute(ctx.db)
  return rows.map(row => row.id)
}

/** What waits for these accounts is due now. */
export async function dueNow(ctx: Ctx, accounts: string[]): Promise<string[]> {
  const rows = await of(ctx)
    .updateTable('delivery')
    .set({ due_at: ctx.now })
    .where('account', 'in', accounts)
    .where('state', '=', 'waiting')
    .where('attempts', '>', 0)
    .returning('id')
    .execute()
  const fresh = await of(ctx)
    .selectFrom('delivery')
    .select('id')
    .where('account', 'in', accounts)
    .where('state', '=', 'waiting')
    .where('due_at', '<=', ctx.now)
    .execute()
  return [...new Set([...rows, ...fresh].map(row => row.id))].sort()
}
