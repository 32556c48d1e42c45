import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { among, tables } from '#kernel/db.ts'
import type { Counts, DeliveryState, Envelope } from './words.ts'

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
  counts: Counts | null
  counted_at: Date | null
}

interface DeliveryTable extends Omit<DeliveryRow, 'envelope' | 'counts'> {
  envelope: unknown
  counts: unknown
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

export const change = (ctx: Ctx, id: string, { counts, ...change }: Partial<Omit<DeliveryRow, 'envelope'>>): Promise<unknown> =>
  of(ctx)
    .updateTable('delivery')
    .set({ ...change, ...(counts !== undefined && { counts: JSON.stringify(counts) }) })
    .where('id', '=', id)
    .execute()

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

/** What was said to everybody since then on these networks, newest first, and when it was counted last. */
export const countable = (
  ctx: Ctx,
  channels: string[],
  since: Date,
): Promise<Pick<DeliveryRow, 'id' | 'account' | 'sent_at' | 'counted_at'>[]> =>
  of(ctx)
    .selectFrom('delivery')
    .select(['id', 'account', 'sent_at', 'counted_at'])
    .where('state', '=', 'sent')
    .where('open', '=', true)
    .where('sent_at', '>', since)
    .where('channel', 'in', channels)
    .orderBy('sent_at', 'desc')
    .limit(500)
    .execute()

export const sentAmong = async (ctx: Ctx, ids: string[]): Promise<DeliveryRow[]> =>
  (await of(ctx).selectFrom('delivery').selectAll().where('id', '=', among(ids)).where('state', '=', 'sent').execute()) as DeliveryRow[]

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

/** What should have moved by now: due and not taken up, or left in the middle by its process. What waits for its account, or is held, waits on. */
export async function overdue(ctx: Ctx, { left, mostAsked, held }: { left: Date; mostAsked: number; held: boolean }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select d.id from delivery d left join account_card a on a.id = d.account
    where d.due_at <= ${ctx.now} and ((d.state = 'waiting' and not ${held}) or d.state = 'pending' or (d.state = 'unsure' and d.asked < ${mostAsked}))
      and (a.id is null or a.state in ('active', 'down'))
    union all select id from delivery where state = 'sending' and sending_since <= ${left}
    order by id limit 1000`.execute(ctx.db)
  return rows.map(row => row.id)
}

/** By state and account, newest first. */
export async function inStates(
  ctx: Ctx,
  { states, account, before, limit }: { states: DeliveryState[]; account?: string; before?: string; limit: number },
): Promise<DeliveryRow[]> {
  const asked = of(ctx)
    .selectFrom('delivery')
    .selectAll()
    .where('state', 'in', states)
    .$if(account !== undefined, each => each.where('account', '=', account!))
    .$if(before !== undefined, each => each.where('id', '<', before!))
  return (await asked.orderBy('id', 'desc').limit(limit).execute()) as DeliveryRow[]
}

/** How many there are in each state; what has left is not counted, there is no end to it. */
export async function counts(ctx: Ctx): Promise<Map<DeliveryState, number>> {
  const { rows } = await sql<{ state: DeliveryState; count: number }>`
    select state, count(*) from delivery where state in ('waiting', 'asks', 'sending', 'pending', 'unsure', 'failed') group by state`.execute(
    ctx.db,
  )
  return new Map(rows.map(row => [row.state, row.count]))
}

/** What should have left by now and was never tried asks first. Returns how many there are. */
export async function askFirst(ctx: Ctx, says: string): Promise<number> {
  const { numUpdatedRows } = await of(ctx)
    .updateTable('delivery')
    .set({ state: 'asks', says })
    .where('state', '=', 'waiting')
    .where('attempts', '=', 0)
    .where('due_at', '<=', ctx.now)
    .executeTakeFirst()
  return Number(numUpdatedRows)
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

/** Of these threads, whom they are with, and what of them went on by another channel: to which addresses. */
export async function wentOn(
  ctx: Ctx,
  threads: string[],
): Promise<{ thread: string; person: string; channel: string; envelope: Envelope }[]> {
  const { rows } = await sql<{ thread: string; person: string; channel: string; envelope: Envelope }>`
    select d.thread, t.person, d.channel, d.envelope from delivery d
    join thread_card t on t.id = d.thread join content_card c on c.id = d.content
    where d.thread = any(${threads}::uuid[]) and t.person is not null and c.channel <> d.channel and d.state = 'sent'`.execute(ctx.db)
  return rows
}

export const moveAll = (ctx: Ctx, contents: string[], to: string): Promise<unknown> =>
  sql`update delivery set thread = ${to} where content = any(${contents}::uuid[])`.execute(ctx.db)

/** The state of what has not left yet, once it must not. */
export const neverLeaves = sql`case when state in ('waiting', 'asks', 'unsure') then 'cancelled' else state end`
