import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { inKernel, tables } from '#kernel/db.ts'
import type { Way } from '#kernel/keeps.ts'
import type { AccountState, Look, Remote, SaidLimits } from './words.ts'

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
  /** Removed, and its network is told until then; null before, and when all of it is forgotten. */
  leaves_until: Date | null
  failed_at: Date | null
  failed_says: string | null
  owner: string | null
  deputy: string | null
  purpose: string
  /** The colleague whose account it is; null when it is everybody's. */
  personal: string | null
  succeeded_at: Date | null
  quota_left: number | null
  quota_of: number | null
  quota_until: Date | null
  granted_at: Date | null
  granted_until: Date | null
  limits: KeptLimits | null
  limits_at: Date | null
  /** Its logo is a path of this house. */
  look: Look | null
}

/** What its server says of what it takes, for what is said to everybody and for answers. */
export interface KeptLimits {
  publish?: SaidLimits | undefined
  converse?: SaidLimits | undefined
}

interface MemoryRow {
  account: string
  name: string
  value: string
  until: Date | null
}

interface OutgoingTable {
  held_at: Date | null
  held_by: string | null
  stale_minutes: number
}

interface RemoteTable {
  channel: string
  remote_id: string
  object: string | null
  thread: string
  account: string | null
}

const of = tables<{ channel_account: AccountRow; account_memory: MemoryRow; outgoing: OutgoingTable; remote: RemoteTable }>()

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

/** Nothing of it has failed yet, and whoever connected it looks after it. */
export type NewAccount = Omit<AccountRow, keyof typeof unknown | 'owner'> & Partial<Pick<AccountRow, 'granted_at' | 'granted_until'>>
const unknown = {
  leaves_until: null,
  failed_at: null,
  failed_says: null,
  deputy: null,
  purpose: '',
  personal: null,
  succeeded_at: null,
  quota_left: null,
  quota_of: null,
  quota_until: null,
  granted_at: null,
  granted_until: null,
  limits: null,
  limits_at: null,
  look: null,
}
export const addAccount = (ctx: Ctx, row: NewAccount): Promise<unknown> =>
  of(ctx)
    .insertInto('channel_account')
    .values({ ...unknown, ...row, owner: row.connected_by })
    .execute()

/** Those that are there still. */
export const dress = (ctx: Ctx, ids: string[], look: Look | null): Promise<Pick<AccountRow, 'id' | 'channel'>[]> =>
  of(ctx)
    .updateTable('channel_account')
    .set({ look: sql<Look | null>`${look && JSON.stringify(look)}::jsonb` })
    .where('id', 'in', ids)
    .where('removed_at', 'is', null)
    .returning(['id', 'channel'])
    .execute()

export const changeAccount = (ctx: Ctx, id: string, { limits, ...change }: Partial<AccountRow>): Promise<unknown> =>
  of(ctx)
    .updateTable('channel_account')
    .set({ ...change, ...(limits !== undefined && { limits: sql<KeptLimits | null>`${limits && JSON.stringify(limits)}::jsonb` }) })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .execute()

/** Removed accounts whose network had its time. */
export async function left(ctx: Ctx): Promise<string[]> {
  const rows = await of(ctx).selectFrom('channel_account').select('id').where('leaves_until', '<=', ctx.now).execute()
  return rows.map(({ id }) => id)
}

/** Nothing of how it signed in is there any more. */
export const emptied = (ctx: Ctx, id: string, settings: string): Promise<unknown> =>
  of(ctx).updateTable('channel_account').set({ settings, leaves_until: null }).where('id', '=', id).execute()

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

/** Of every shared account of the channel, and of this one. */
export async function ownAddresses(ctx: Ctx, channel: string, account: string | null): Promise<Set<string>> {
  const rows = await of(ctx)
    .selectFrom('channel_account')
    .select(['own'])
    .where('channel', '=', channel)
    .where('removed_at', 'is', null)
    .where(either => either.or([either('personal', 'is', null), ...(account ? [either('id', '=', account)] : [])]))
    .execute()
  return new Set(rows.flatMap(row => row.own))
}

/** Closes all threads of an account to everybody but its colleague, or opens them to all. */
export async function makePersonal(ctx: Ctx, account: string, personal: string | null): Promise<void> {
  await changeAccount(ctx, account, { personal })
  await (personal ? sql`call close_account(${account}::uuid)` : sql`call open_account(${account}::uuid)`).execute(ctx.db)
}

/** The account that bears this address or this id, in whichever organisation; with `working`, only while it works. */
export const anywhere = (
  channel: string,
  which: { normal: string } | { id: string },
  { working }: { working: boolean },
): Promise<{ org: string; id: string } | undefined> =>
  inKernel(async db => {
    const named = 'id' in which ? sql`id = ${which.id}` : sql`own @> array[${which.normal}]::text[]`
    const { rows } = await sql<{ org: string; id: string }>`
      select org, id from channel_account where channel = ${channel} and ${named} and removed_at is null
        and (state in ('active', 'down') or not ${working}) order by connected_at, id limit 1`.execute(db)
    return rows[0]
  })

export const leftAnywhere = (channel: string, normal: string): Promise<boolean> =>
  inKernel(async db => {
    const named = sql`channel = ${channel} and own @> array[${normal}]::text[]`
    const { rows } = await sql<{ left: boolean }>`
      select exists (select from channel_account where ${named} and removed_at is not null)
        and not exists (select from channel_account where ${named} and removed_at is null) as left`.execute(db)
    return rows[0]!.left
  })

/** Organisations that have an account of this channel. */
export const organisationsWith = (channel: string): Promise<string[]> =>
  inKernel(async db => {
    const { rows } = await sql<{ org: string }>`
      select distinct org from channel_account where channel = ${channel} and removed_at is null`.execute(db)
    return rows.map(({ org }) => org)
  })

/** Accounts that named one of these things first, or keep one of these names. */
export async function accountsKnowing(ctx: Ctx, channel: string, things: string[], kept: string[]): Promise<string[]> {
  const { rows } = await sql<{ account: string }>`
    select account from remote where channel = ${channel} and remote_id = any(${things}) and account is not null
    union
    select m.account from channel_account a join account_memory m on m.account = a.id
    where a.channel = ${channel} and a.removed_at is null and m.name = any(${kept})`.execute(ctx.db)
  return rows.map(({ account }) => account)
}

// —— all that leaves ——

export const outgoing = (ctx: Ctx): Promise<OutgoingTable | undefined> => of(ctx).selectFrom('outgoing').selectAll().executeTakeFirst()

export async function changeOutgoing(ctx: Ctx, change: Partial<OutgoingTable>): Promise<void> {
  const row = { held_at: null, held_by: null, stale_minutes: 120, ...change }
  await of(ctx)
    .insertInto('outgoing')
    .values(row)
    .onConflict(there => there.constraint('outgoing_pkey').doUpdateSet(change))
    .execute()
}

// —— what channels keep ——

const lasts = (ctx: Ctx) => sql<boolean>`(until is null or until > ${ctx.now})`

export async function remembered(ctx: Ctx, account: string, name: string): Promise<string | undefined> {
  const asked = of(ctx).selectFrom('account_memory').select('value').where('account', '=', account).where('name', '=', name)
  return (await asked.where(lasts(ctx)).executeTakeFirst())?.value
}

export const rememberedBelow = (
  ctx: Ctx,
  account: string,
  { prefix, after, limit }: { prefix: string; after: string; limit: number },
): Promise<{ name: string; value: string }[]> =>
  of(ctx)
    .selectFrom('account_memory')
    .select(['name', 'value'])
    .where('account', '=', account)
    .where('name', '>=', prefix)
    .where('name', '>', after)
    .where(sql<boolean>`starts_with(name, ${prefix})`)
    .where(lasts(ctx))
    .orderBy('name')
    .limit(limit)
    .execute()

/** With `fresh` only where nothing is, or what was there has expired; tells whether it was kept. */
export async function remember(ctx: Ctx, row: MemoryRow, { fresh, at }: { fresh: boolean; at: Date }): Promise<boolean> {
  const { value, until } = row
  const kept = await of(ctx)
    .insertInto('account_memory')
    .values(row)
    .onConflict(there => {
      const change = there.constraint('account_memory_pkey').doUpdateSet({ value, until })
      return fresh ? change.where('account_memory.until', '<=', at) : change
    })
    .returning('name')
    .executeTakeFirst()
  return kept !== undefined
}

export const forget = (ctx: Ctx, account: string, name?: string): Promise<unknown> =>
  of(ctx)
    .deleteFrom('account_memory')
    .where('account', '=', account)
    .$if(name !== undefined, asked => asked.where('name', '=', name!))
    .execute()

export const forgetExpired = (ctx: Ctx): Promise<unknown> => of(ctx).deleteFrom('account_memory').where('until', '<=', ctx.now).execute()

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
    .where(namedOn(channel))
    .where('thread', '=', thread)
    .where('object', 'is not', null)
    .orderBy('object', 'desc')
    .limit(most)
    .execute()
  return rows as { remoteId: string; object: string }[]
}

export const namesOf = (ctx: Ctx, channel: string, object: string): Promise<{ remoteId: string }[]> =>
  of(ctx).selectFrom('remote').select('remote_id as remoteId').where(namedOn(channel)).where('object', '=', object).execute()

/** On this network, whether known to all accounts or within one: then the account follows the network's name. */
const namedOn = (channel: string) => sql<boolean>`split_part(remote.channel, ' ', 1) = ${channel}`

/** Gives names back, so that what was taken out can be heard again. */
export const forgetNames = (ctx: Ctx, objects: string[]): Promise<unknown> =>
  of(ctx).deleteFrom('remote').where('object', 'in', objects).execute()

/** What things are called, and with `objects` null what stands for the thread alone as well, leads into another thread. Returns those that stood for it alone. */
export async function moveNames(
  ctx: Ctx,
  from: string,
  to: string,
  objects: string[] | null,
): Promise<{ channel: string; remoteId: string }[]> {
  const { rows } = await sql<{ channel: string; remoteId: string; object: string | null }>`
    update remote set thread = ${to} where thread = ${from} and (${objects === null} or object = any(${objects ?? []}::uuid[]))
    returning channel, remote_id as "remoteId", object`.execute(ctx.db)
  return rows.flatMap(({ channel, remoteId, object }) => (object === null ? [{ channel, remoteId }] : []))
}

export const moveNamesBack = (ctx: Ctx, names: { channel: string; remoteId: string }[], to: string): Promise<unknown> =>
  sql`update remote r set thread = ${to} from jsonb_to_recordset(${JSON.stringify(names)}::jsonb) as n(channel text, "remoteId" text)
    where r.channel = n.channel and r.remote_id = n."remoteId"`.execute(ctx.db)

/** All that channels keep, by key. */
export async function memoryAfter(ctx: Ctx, after: { account: string; name: string }, limit: number): Promise<Omit<MemoryRow, 'until'>[]> {
  const { rows } = await sql<Omit<MemoryRow, 'until'>>`
    select account, name, value from account_memory where (account, name) > (${after.account}::uuid, ${after.name}) order by account, name limit ${limit}`.execute(
    ctx.db,
  )
  return rows
}

export const theirFormer: Way = ids => sql<boolean>`personal in ${ids('person')} and removed_at is not null`
