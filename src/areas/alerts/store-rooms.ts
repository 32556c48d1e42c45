/** What is kept of crisis rooms: how they stand, what happened in them, which cases belong to them. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type * as words from './words.ts'

export interface RoomTable {
  id: string
  name: string
  thread: string
  monitor: string | null
  stage: words.Stage
  owner: string | null
  statement: string
  statement_state: words.StatementState
  statement_version: number
  statement_by: string | null
  approved_by: string | null
  approved_at: Date | null
  out_at: Date | null
  out_url: string
  opened_at: Date
  opened_by: string | null
  closed_at: Date | null
  closed_by: string | null
  happened: string
  learned: string
  reviewed_at: Date | null
}

interface EntryTable {
  id: string
  room: string
  at: Date
  by: string | null
  kind: words.EntryKind
  text: string
  detail: Record<string, string>
  removed_at: Date | null
}

const of = tables<{ crisis_room: RoomTable; crisis_entry: EntryTable; crisis_case: { room: string; case_id: string; at: Date } }>()

const shown = (row: RoomTable): words.Room => ({
  ...{ id: row.id, name: row.name, thread: row.thread, monitor: row.monitor, stage: row.stage, owner: row.owner },
  ...{ statement: row.statement, statementState: row.statement_state, statementVersion: row.statement_version },
  ...{ statementBy: row.statement_by, approvedBy: row.approved_by, approvedAt: row.approved_at, outAt: row.out_at, outUrl: row.out_url },
  ...{ openedAt: row.opened_at, openedBy: row.opened_by, closedAt: row.closed_at, closedBy: row.closed_by },
  ...{ happened: row.happened, learned: row.learned, reviewedAt: row.reviewed_at },
})

export async function one(ctx: Ctx, id: string, { hold = false } = {}): Promise<words.Room | undefined> {
  const query = of(ctx).selectFrom('crisis_room').selectAll().where('id', '=', id)
  const row = await (hold ? query.forUpdate() : query).executeTakeFirst()
  return row && shown(row)
}

export interface Filter {
  closed: boolean
  q?: string | undefined
  before?: string | undefined
  limit: number
}

/** The newest first. */
export async function list(ctx: Ctx, { closed, q, before, limit }: Filter): Promise<words.Room[]> {
  let query = of(ctx)
    .selectFrom('crisis_room')
    .selectAll()
    .where('closed_at', closed ? 'is not' : 'is', null)
  if (q) query = query.where(sql<boolean>`strpos(lower(name), lower(${q})) > 0`)
  if (before) query = query.where('id', '<', before)
  return (await query.orderBy('id', 'desc').limit(limit).execute()).map(shown)
}

export const add = (ctx: Ctx, row: Pick<RoomTable, 'id' | 'name' | 'thread' | 'monitor' | 'stage' | 'owner'>): Promise<unknown> =>
  of(ctx)
    .insertInto('crisis_room')
    .values({ ...row, opened_at: ctx.now, opened_by: ctx.actor.person } as RoomTable)
    .execute()

export const change = (ctx: Ctx, id: string, set: Partial<RoomTable>): Promise<unknown> =>
  of(ctx).updateTable('crisis_room').set(set).where('id', '=', id).execute()

/** The room in which what this monitor hears is seen through, if one is open. */
export async function openFor(ctx: Ctx, monitor: string): Promise<string | null> {
  const query = of(ctx).selectFrom('crisis_room').select('id').where('closed_at', 'is', null).where('monitor', '=', monitor)
  return (await query.orderBy('id', 'desc').limit(1).executeTakeFirst())?.id ?? null
}

export const byThread = async (ctx: Ctx, thread: string): Promise<string | null> =>
  (await of(ctx).selectFrom('crisis_room').select('id').where('thread', '=', thread).executeTakeFirst())?.id ?? null

// —— what happened ——

export const addEntry = (ctx: Ctx, row: Omit<EntryTable, 'removed_at'>): Promise<unknown> =>
  of(ctx)
    .insertInto('crisis_entry')
    .values({ ...row, detail: sql<Record<string, string>>`${JSON.stringify(row.detail)}::jsonb`, removed_at: null })
    .execute()

/** The latest first; `before` is `<milliseconds> <id>`. */
export async function entriesOf(
  ctx: Ctx,
  room: string,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<words.Entry[]> {
  let query = of(ctx).selectFrom('crisis_entry').selectAll().where('room', '=', room).where('removed_at', 'is', null)
  const [at, id] = (before ?? '').split(' ')
  if (at && id) query = query.where(sql<boolean>`(at, id) < (${new Date(Number(at))}::timestamptz, ${id}::uuid)`)
  const rows = await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()
  return rows.map(({ id: entry, at: when, by, kind, text, detail }) => ({ id: entry, at: when, by, kind, text, detail }))
}

export const entry = (ctx: Ctx, id: string): Promise<EntryTable | undefined> =>
  of(ctx).selectFrom('crisis_entry').selectAll().where('id', '=', id).executeTakeFirst()

export const setRemoved = (ctx: Ctx, id: string, at: Date | null): Promise<unknown> =>
  of(ctx).updateTable('crisis_entry').set({ removed_at: at }).where('id', '=', id).execute()

// —— cases ——

export async function linkCase(ctx: Ctx, room: string, case_id: string): Promise<boolean> {
  const done = await of(ctx)
    .insertInto('crisis_case')
    .values({ room, case_id, at: ctx.now })
    .onConflict(same => same.doNothing())
    .executeTakeFirst()
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function unlinkCase(ctx: Ctx, room: string, case_id: string): Promise<boolean> {
  const done = await of(ctx).deleteFrom('crisis_case').where('room', '=', room).where('case_id', '=', case_id).executeTakeFirst()
  return done.numDeletedRows > 0n
}

export const casesOf = async (ctx: Ctx, room: string): Promise<string[]> =>
  (await of(ctx).selectFrom('crisis_case').select('case_id').where('room', '=', room).orderBy('at').limit(100).execute()).map(
    each => each.case_id,
  )

export async function ofCase(ctx: Ctx, case_id: string): Promise<words.Room[]> {
  const rows = of(ctx).selectFrom('crisis_case').innerJoin('crisis_room', 'crisis_room.id', 'crisis_case.room')
  return (await rows.selectAll('crisis_room').where('case_id', '=', case_id).orderBy('crisis_room.id', 'desc').limit(20).execute()).map(
    shown,
  )
}
