import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { AccountState, Remote } from './words.ts'

export interface AccountRow {
  id: string
  channel: string
  name: string
  address: string
  own: string[]
  settings: string
  cursor: string | null
  state: AccountState
  state_says: string | null
  state_since: Date
  quiet_until: Date | null
  heard_at: Date | null
  connected_by: string | null
  connected_at: Date
  removed_at: Date | null
}

interface RemoteTable {
  channel: string
  remote_id: string
  object: string | null
  thread: string
  account: string | null
}

const of = tables<{ channel_account: AccountRow; remote: RemoteTable }>()

// —— accounts ——

export const accounts = (ctx: Ctx): Promise<AccountRow[]> =>
  of(ctx).selectFrom('channel_account').selectAll().where('removed_at', 'is', null).orderBy('name').orderBy('id').execute()

/** Also one that was removed: what was said through it still names it. */
export const account = (ctx: Ctx, id: string): Promise<AccountRow | undefined> =>
  of(ctx).selectFrom('channel_account').selectAll().where('id', '=', id).executeTakeFirst()

export const accountAt = (ctx: Ctx, channel: string, address: string): Promise<AccountRow | undefined> =>
  of(ctx)
    .selectFrom('channel_account')
    .selectAll()
    .where('channel', '=', channel)
    .where('address', '=', address)
    .where('removed_at', 'is', null)
    .executeTakeFirst()

export const addAccount = (ctx: Ctx, row: AccountRow): Promise<unknown> => of(ctx).insertInto('channel_account').values(row).execute()

export const changeAccount = (ctx: Ctx, id: string, change: Partial<AccountRow>): Promise<unknown> =>
  of(ctx).updateTable('channel_account').set(change).where('id', '=', id).where('removed_at', 'is', null).execute()

/** Only from another state or sentence; tells whether it changed. */
export async function standAs(ctx: Ctx, id: string, state: AccountState, says: string | null): Promise<AccountRow | undefined> {
  return of(ctx)
    .updateTable('channel_account')
    .set({ state, state_says: says, state_since: ctx.now })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .where(eb => eb.or([eb('state', '<>', state), eb('state_says', 'is distinct from', says)]))
    .returningAll()
    .executeTakeFirst()
}

export async function ownAddresses(ctx: Ctx, channel: string): Promise<Set<string>> {
  const rows = await of(ctx)
    .selectFrom('channel_account')
    .select(['own'])
    .where('channel', '=', channel)
    .where('removed_at', 'is', null)
    .execute()
  return new Set(rows.flatMap(row => row.own))
}

// —— what things are called on networks ——

export async function remotes(ctx: Ctx, channel: string, remoteIds: string[]): Promise<Remote[]> {
  const { rows } = await sql<Remote>`
    select remote_id as "remoteId", object, thread from remote where channel = ${channel} and remote_id = any(${remoteIds}::text[])`.execute(
    ctx.db,
  )
  return rows
}

/** A name that others spoke of gets its object now; one that has an object keeps it. */
export async function nameAll(ctx: Ctx, channel: string, account: string | null, rows: Remote[]): Promise<void> {
  await sql`
    insert into remote (channel, remote_id, object, thread, account)
    select ${channel}, r.remote_id, r.object, r.thread, ${account}::uuid
    from unnest(${rows.map(row => row.remoteId)}::text[], ${rows.map(row => row.object)}::uuid[], ${rows.map(row => row.thread)}::uuid[]) as r(remote_id, object, thread)
    order by r.remote_id
    on conflict (org, channel, remote_id) do update set object = excluded.object, account = excluded.account
    where remote.object is null and excluded.object is not null`.execute(ctx.db)
}

/** What the newest things of a thread are called there, newest first. */
export async function namesIn(ctx: Ctx, channel: string, thread: string, most: number): Promise<{ remoteId: string; object: string }[]> {
  const rows = await of(ctx)
    .selectFrom('remote')
    .select(['remote_id as remoteId', 'object'])
    .where('channel', '=', channel)
    .where('thread', '=', thread)
    .where('object', 'is not', null)
    .orderBy('object', 'desc')
    .limit(most)
    .execute()
  return rows as { remoteId: string; object: string }[]
}

export const namesOf = (ctx: Ctx, channel: string, object: string): Promise<{ remoteId: string }[]> =>
  of(ctx).selectFrom('remote').select('remote_id as remoteId').where('channel', '=', channel).where('object', '=', object).execute()

/** Gives names back, so that what was taken out can be heard again. */
export const forgetNames = (ctx: Ctx, objects: string[]): Promise<unknown> =>
  of(ctx).deleteFrom('remote').where('object', 'in', objects).execute()
