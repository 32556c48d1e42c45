import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { among, tables } from '#kernel/db.ts'
import type { AmendmentCard, Deed } from './words.ts'

export interface AmendmentRow {
  id: string
  account: string
  channel: string
  content: string
  thread: string
  does: Deed
  kind: string
  undone: boolean
  state: AmendmentCard['state']
  wish: number
  attempts: number
  due_at: Date
  says: string | null
  by: string | null
  created_at: Date
  ended_at: Date | null
  remote_id: string | null
}

const of = tables<{ amendment: AmendmentRow }>()

/** The latest wish takes the place of the one before. */
export async function wish(ctx: Ctx, row: AmendmentRow): Promise<AmendmentRow> {
  const { undone, due_at, by, created_at, remote_id } = row
  return of(ctx)
    .insertInto('amendment')
    .values(row)
    .onConflict(there =>
      there.expression(sql`org, account, content, does, kind`).doUpdateSet({
        undone,
        due_at,
        by,
        created_at,
        remote_id,
        state: 'waiting',
        attempts: 0,
        says: null,
        ended_at: null,
        wish: sql`amendment.wish + 1`,
      }),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Locked until the end of the transaction. */
export const locked = (ctx: Ctx, id: string): Promise<AmendmentRow | undefined> =>
  of(ctx).selectFrom('amendment').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const change = (ctx: Ctx, id: string, change: Partial<AmendmentRow>): Promise<unknown> =>
  of(ctx).updateTable('amendment').set(change).where('id', '=', id).execute()

export const byContent = (ctx: Ctx, contents: string[]): Promise<AmendmentRow[]> =>
  of(ctx).selectFrom('amendment').selectAll().where('content', '=', among(contents)).orderBy('id').execute()

/** Which of these our accounts passed on, or are about to. */
export const sharesOf = (ctx: Ctx, contents: string[]): Promise<AmendmentRow[]> =>
  of(ctx)
    .selectFrom('amendment')
    .selectAll()
    .where('content', '=', among(contents))
    .where('does', '=', 'react')
    .where('kind', '=', 'share')
    .where('undone', '=', false)
    .where('state', '<>', 'cancelled')
    .execute()

/** What is to be taken away needs no other change first. */
export const cancelEdits = (ctx: Ctx, account: string, content: string): Promise<unknown> =>
  of(ctx)
    .updateTable('amendment')
    .set({ state: 'cancelled', ended_at: ctx.now })
    .where('account', '=', account)
    .where('content', '=', content)
    .where('does', '=', 'edit')
    .where('state', 'in', ['waiting', 'failed'])
    .execute()

export const overdue = (ctx: Ctx): Promise<{ id: string }[]> =>
  of(ctx)
    .selectFrom('amendment')
    .select('id')
    .where('state', '=', 'waiting')
    .where('due_at', '<=', ctx.now)
    .orderBy('due_at')
    .limit(1000)
    .execute()

/** What did not get through, newest first. */
export const failed = (ctx: Ctx, limit: number): Promise<AmendmentRow[]> =>
  of(ctx).selectFrom('amendment').selectAll().where('state', '=', 'failed').orderBy('id', 'desc').limit(limit).execute()

/** Is there any that waits or failed? Most of the time there is none. */
export async function anyUnsettled(ctx: Ctx): Promise<boolean> {
  const { rows } = await sql<{ some: boolean }>`
    select exists (select from amendment where state = 'waiting') or exists (select from amendment where state = 'failed') as some`.execute(
    ctx.db,
  )
  return rows[0]!.some
}

export const moveAll = (ctx: Ctx, contents: string[], to: string): Promise<unknown> =>
  of(ctx).updateTable('amendment').set({ thread: to }).where('content', '=', among(contents)).execute()
