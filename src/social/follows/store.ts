/** What is kept of whom our accounts follow. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { among, tables } from '#kernel/db.ts'
import type { Follow } from './words.ts'

export interface FollowRow {
  id: string
  account: string
  network: string
  address: string
  normal: string
  remote_id: string | null
  person: string | null
  state: Follow['state']
  undone: boolean
  wish: number
  attempts: number
  /** When the network is to be told; null when it was. */
  due_at: Date | null
  says: string | null
  by: string | null
  at: Date
}

const of = tables<{
  account_follow: FollowRow
  handle_card: { person: string; network: string; address: string; normal: string; until: Date | null }
}>()

/** The latest wish takes the place of the one before; a failure or a no is forgotten with it. */
export async function wish(ctx: Ctx, row: FollowRow): Promise<FollowRow> {
  const { undone, due_at, by, at, state } = row
  return of(ctx)
    .insertInto('account_follow')
    .values(row)
    .onConflict(there =>
      there
        .expression(sql`org, account, normal`)
        .doUpdateSet({ undone, due_at, by, at, state, attempts: 0, says: null, wish: sql`account_follow.wish + 1` }),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Locked until the end of the transaction. */
export const locked = (ctx: Ctx, id: string): Promise<FollowRow | undefined> =>
  of(ctx).selectFrom('account_follow').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const at = (ctx: Ctx, account: string, normal: string): Promise<FollowRow | undefined> =>
  of(ctx)
    .selectFrom('account_follow')
    .selectAll()
    .where('account', '=', account)
    .where('normal', '=', normal)
    .forUpdate()
    .executeTakeFirst()

/** As the network calls them: by what never changes there, or by their address. */
export const called = (ctx: Ctx, account: string, it: { normal: string; remoteId: string | undefined }): Promise<FollowRow[]> =>
  of(ctx)
    .selectFrom('account_follow')
    .selectAll()
    .where('account', '=', account)
    .where(either => either.or([either('normal', '=', it.normal), ...(it.remoteId ? [either('remote_id', '=', it.remoteId)] : [])]))
    .orderBy('id')
    .forUpdate()
    .execute()

export const change = (ctx: Ctx, id: string, set: Partial<FollowRow>): Promise<unknown> =>
  of(ctx).updateTable('account_follow').set(set).where('id', '=', id).execute()

export const drop = (ctx: Ctx, id: string): Promise<unknown> => of(ctx).deleteFrom('account_follow').where('id', '=', id).execute()

export const dropAll = (ctx: Ctx, account: string): Promise<unknown> =>
  of(ctx).deleteFrom('account_follow').where('account', '=', account).execute()

/** A page of an account by key, the latest first. */
export const list = (ctx: Ctx, account: string, before: string | undefined, limit: number): Promise<FollowRow[]> => {
  const rows = of(ctx).selectFrom('account_follow').selectAll().where('account', '=', account).orderBy('id', 'desc').limit(limit)
  return (before ? rows.where('id', '<', before) : rows).execute()
}

/** By these accounts, of these addresses; there is one of each at least. */
export const standing = (ctx: Ctx, accounts: string[], normals: string[]): Promise<FollowRow[]> =>
  of(ctx).selectFrom('account_follow').selectAll().where('account', '=', among(accounts)).where('normal', 'in', normals).execute()

export const overdue = (ctx: Ctx): Promise<{ id: string }[]> =>
  of(ctx).selectFrom('account_follow').select('id').where('due_at', '<=', ctx.now).orderBy('due_at').limit(1000).execute()

/** Addresses of somebody on these networks. */
export const addresses = (
  ctx: Ctx,
  people: string[],
  networks: string[],
): Promise<{ network: string; address: string; normal: string }[]> =>
  of(ctx)
    .selectFrom('handle_card')
    .select(['network', 'address', 'normal'])
    .where('person', '=', among(people))
    .where('network', 'in', networks)
    .where('until', 'is', null)
    .orderBy('normal')
    .limit(20)
    .execute()
