import { z } from 'zod'
import { action } from '#kernel/action.ts'
import { admit, placesOf } from '#kernel/closed.ts'
import type { Ctx } from '#kernel/context.ts'
import { seal, unseal } from '#kernel/crypto.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { every, laterAll, outsideJob } from '#kernel/jobs.ts'
import { announce, tell } from '#kernel/live.ts'
import { houseOrigin } from '#kernel/origin.ts'
import { may } from '#kernel/permissions.ts'
import { claim, record } from '#social/activities/actions.ts'
import { administratorsOf } from '#social/members/actions.ts'
import { notify } from '#social/notifications/actions.ts'
import { openRoom } from '#social/people/actions.ts'

export { fares, limitsOf } from './actions-health.ts'
export { kept } from './actions-kept.ts'
export { forgetNames, keptRemoteId, nameOf, nameRemotely, namesIn, namespaceOf, remotesOf, roomOf } from './actions-names.ts'
export { askAfter, holdAll, letGo, outgoingOf } from './actions-outgoing.ts'

import { memoryOf } from './actions-memory.ts'
import { keptRemoteId, remotesOf } from './actions-names.ts'
import { outgoingOf } from './actions-outgoing.ts'
import { awake, wake } from './actions-wake.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { Account, AccountCard, Capabilities, Channel } from './words.ts'
import * as words from './words.ts'

// —— the channels that this house has ——

let known = new Map<string, Channel>()

/** The channels found in their folders, given by the composition root. */
export function useChannels(list: Channel[]): void {
  known = new Map(list.map(each => [each.name, each]))
}

export const channels = (): Channel[] => [...known.values()]
export const channelNamed = (name: string): Channel | undefined => known.get(name)
/** How handles of a network are made equal, also of one whose channel is not here. */
export const normaliserOf = (name: string): ((address: string) => string) =>
  known.get(name)?.normalise ?? ((address: string) => address.toLowerCase())
export const theChannel = (name: string): Channel => known.get(name) ?? refuse('notFound', 'channels.unknownChannel')

type Able<K extends keyof Capabilities<unknown>> = Channel & { can: Required<Pick<Capabilities<unknown>, K>> }

/** Those that can do it; the type narrows. */
export const channelsThat = <K extends keyof Capabilities<unknown>>(can: K): Able<K>[] =>
  channels().filter((each): each is Able<K> => each.can[can] !== undefined)

// —— accounts as other modules use them ——

/** An account with its settings opened, as its channel sees it. */
export interface Opened {
  row: store.AccountRow
  channel: Channel
  account: Account
}

/** Null when there is none, or its channel is not part of this house any more. A removed account is there still, with its `removed_at`. */
export async function openAccount(ctx: Ctx, account: string): Promise<Opened | null> {
  const row = await store.account(ctx, account)
  const channel = row && known.get(row.channel)
  if (!row || !channel) return null
  return { row, channel, account: accountOf(ctx.org, row, JSON.parse(await unseal(ctx, row.settings))) }
}

const accountOf = (org: string, { id, channel, look }: store.AccountRow, settings: unknown): Account => ({
  id,
  org,
  settings,
  ...(look && { look: { ...look, ...(look.logo && { logo: houseOrigin() + look.logo }) } }),
  memory: memoryOf(org, id),
  later: (tasks, at) => asSystem(org, ctx => putOff(ctx, id, tasks, at)),
  passOn: (remoteId, address) => asSystem(org, ctx => passOn(ctx, { id, channel }, remoteId, address)),
  wake: topic => wake(org, id, topic),
  awake: (topic, listener) => awake(org, id, topic, listener),
})

/** Told as an activity; who keeps the outbox listens. */
async function passOn(
  ctx: Ctx,
  { id, channel }: Pick<store.AccountRow, 'id' | 'channel'>,
  remoteId: string,
  address: string,
): Promise<void> {
  const [said] = await remotesOf(ctx, channel, [keptRemoteId(remoteId)], id)
  if (!said?.object) throw new ChannelError('rejected', { says: 'channels.passUnknown' })
  const rows = await store.accounts(ctx)
  const way = rows.find(
    row => row.channel !== channel && row.state === 'active' && row.personal === null && reaches(known.get(row.channel), address),
  )
  if (!way) throw new ChannelError('rejected', { says: 'channels.passNoWay' })
  const isFirst = await claim(ctx, [`passed on ${said.object} ${address}`.slice(0, 500)])
  if (isFirst.size)
    record(ctx, words.PassedOn, {
      object: said.object,
      thread: said.thread,
      channel: way.channel,
      detail: { account: way.id, to: address },
    })
}

const reaches = (channel: Channel | undefined, address: string): boolean => Boolean(channel?.can.converse && channel.recognises?.(address))

/** The account of this channel with this address or this id, in whichever organisation; only one that works. */
export const accountAnywhere = (
  channel: Channel,
  which: { address: string } | { id: string },
): Promise<{ org: string; id: string } | undefined> =>
  store.anywhere(channel.name, 'id' in which ? which : { normal: channel.normalise(which.address) }, { working: true })

/** This address was an account of this channel once, in whichever organisation, and is none any more. */
export const hasLeft = (channel: Channel, address: string): Promise<boolean> => store.leftAnywhere(channel.name, channel.normalise(address))

/** The accounts of this channel, in all organisations, that know one of these things or keep one of these names: one look into each organisation. */
export async function accountsKnowing(channel: Channel, { things, kept }: { things: string[]; kept: string[] }): Promise<string[]> {
  const [ids, found]: [string[], string[]] = [things.map(keptRemoteId), []]
  for (const org of await store.organisationsWith(channel.name))
    found.push(...(await asSystem(org, ctx => store.accountsKnowing(ctx, channel.name, ids, kept))))
  return found
}

export const allAccounts = store.accounts
/** What things are called on networks leads into another thread from now on, and back. */
export const { moveNames, moveNamesBack } = store
/** Every address that is a shared account of this channel or this account, as the channel makes them equal: to us, a colleague's own is somebody else's. */
export const ownAddresses = (ctx: Ctx, channel: string, account: string | null = null): Promise<Set<string>> =>
  store.ownAddresses(ctx, channel, account)

/** It is one colleague's own from now on, with all its threads, or everybody's. */
export async function makePersonal(ctx: Ctx, account: string, personal: string | null): Promise<void> {
  if (personal) await admit(ctx, account, personal, { may: 'own' })
  await store.makePersonal(ctx, account, personal)
  if (!personal) await openRoom(ctx, account)
  await changed(ctx, account)
  for (const topic of ['admitted', 'inbox']) tell(ctx, topic)
}

/** These accounts show themselves so where their own settings say nothing; `logo` is a path of this house. */
export async function dress(ctx: Ctx, accounts: string[], look: words.Look | null): Promise<void> {
  for (const row of accounts.length ? await store.dress(ctx, accounts, look) : []) await owe(ctx, row, 'presents')
}

/** Where the account goes on hearing; in the transaction that took in what it heard. */
export const moveCursor = (ctx: Ctx, account: string, cursor: string): Promise<unknown> =>
  store.changeAccount(ctx, account, { cursor, heard_at: ctx.now })

/** The account stands like this from now on. Whoever must act is told, and every open page. */
export async function stand(ctx: Ctx, account: string, state: words.AccountState, says: string | null = null): Promise<void> {
  const before = await store.account(ctx, account)
  const row = before && (await store.standAs(ctx, account, state, says))
  if (!row) return
  if (before.state !== state) {
    record(ctx, words.AccountStood, { object: account, detail: { channel: row.channel, state } })
    if (state === 'reconnect' || state === 'down') await alarm(ctx, row, state)
  }
  tell(ctx, 'accounts')
  tell(ctx, `account:${account}`)
}

async function alarm(ctx: Ctx, row: store.AccountRow, state: 'reconnect' | 'down'): Promise<void> {
  const looksAfter = [row.owner, row.deputy].filter(each => each !== null)
  const people = [...new Set([...(await administratorsOf(ctx)).map(each => each.person), ...looksAfter])]
  const says = state === 'reconnect' ? 'channels.alarmReconnect' : 'channels.alarmDown'
  const told = { name: row.name, address: row.address }
  await notify(
    ctx,
    people.map(person => ({ person, kind: 'account', object: row.id, says, told, path: `/settings/channels/${row.id}` })),
  )
}

/** A network failed for the `tries`-th time in a row. A paused account stays paused, whatever its network says. */
export async function troubleWith(ctx: Ctx, account: string, error: unknown, tries: number): Promise<rules.Trouble> {
  const row = await store.account(ctx, account)
  if (!row || row.removed_at || row.state === 'paused') return { is: 'again' }
  const trouble = rules.troubleOf(error, tries)
  if (trouble.is === 'wait') await store.changeAccount(ctx, account, { quiet_until: trouble.until })
  if (trouble.is === 'stands') await stand(ctx, account, trouble.state, trouble.says)
  return trouble
}

/** It works again, whatever was wrong; a paused account stays so. */
export async function worksAgain(ctx: Ctx, account: string): Promise<void> {
  const row = await store.account(ctx, account)
  if (row && (row.state === 'down' || row.state === 'reconnect')) await stand(ctx, account, 'active')
}

/** A person changed it: whoever listens to it begins anew. */
async function changed(ctx: Ctx, account: string): Promise<void> {
  tell(ctx, 'accounts')
  tell(ctx, `account:${account}`)
  await announce(ctx, { org: ctx.org, kind: 'accounts', topics: ['accounts'], detail: { account } })
}

/** What a channel found out about an account that it tried. */
export interface Found {
  settings: unknown
  name: string
  address: string
}

/**
 * Keeps an account that was tried: a new one, the one with this address, or `account` with what was changed of it. Null when the address belongs to
 * another account.
 */
export async function keepAccount(
  ctx: Ctx,
  channel: Channel,
  found: Found,
  it: { account: string | null; by: string | null; personal?: boolean; history?: number | null },
): Promise<string | null> {
  const address = found.address.slice(0, 500)
  const before = await store.accountAt(ctx, channel.name, address)
  if (it.account && before && before.id !== it.account) return null
  // Somebody else's own is not taken over by whoever knows its address, nor what is everybody's by whoever wants it as their own.
  if (before && !it.account && (before.personal ? before.personal !== it.by : it.personal)) return null
  if (await isElsewhere(ctx, channel, address)) return null
  const there = it.account ?? before?.id
  const account = there ?? newId(ctx.now)
  const own = (channel.own?.(found.settings) ?? [address]).map(each => channel.normalise(each))
  const written = JSON.stringify(found.settings)
  const isSame = it.account ? (await unseal(ctx, (await store.account(ctx, it.account))!.settings)) === written : false
  const granted = { granted_until: channel.goodUntil?.(found.settings) ?? null, ...(!isSame && { granted_at: ctx.now, limits_at: null }) }
  const settings = await seal(ctx, written)
  const kept = { name: rules.accountName(found.name, address), address, own, settings, quiet_until: null, ...granted }
  if (there) await store.changeAccount(ctx, there, kept)
  else await store.addAccount(ctx, { ...fresh(ctx, it.by), ...kept, id: account, channel: channel.name })
  if (!there && it.personal && it.by) await makePersonal(ctx, account, it.by)
  await stand(ctx, account, 'active')
  const detail = { channel: channel.name, address, ...(it.history && { history: it.history }) }
  record(ctx, words.Connected, { object: account, actor: it.by, detail })
  if (!isSame) await owe(ctx, { id: account, channel: channel.name }, 'presents')
  await changed(ctx, account)
  return account
}

/** Who calls at a channel's doors knows the address alone: only one organisation can have it. */
async function isElsewhere(ctx: Ctx, channel: Channel, address: string): Promise<boolean> {
  const there = channel.doors && (await store.anywhere(channel.name, { normal: channel.normalise(address) }, { working: false }))
  return there !== undefined && there.org !== ctx.org
}

const fresh = (ctx: Ctx, by: string | null) => ({
  cursor: null,
  state: 'active' as const,
  state_says: null,
  state_since: ctx.now,
  heard_at: null,
  connected_by: by,
  connected_at: ctx.now,
  granted_at: ctx.now,
  removed_at: null,
})

/** Who looks after it, and what it is for. */
export async function entrust(
  ctx: Ctx,
  account: string,
  to: { owner: string | null; deputy: string | null; purpose: string },
): Promise<void> {
  await store.changeAccount(ctx, account, to)
  record(ctx, words.Entrusted, { object: account, ...(to.owner && { target: to.owner }), detail: { purpose: to.purpose } })
  tell(ctx, 'accounts')
  tell(ctx, `account:${account}`)
}

/** A person pauses or resumes it: whoever listens to it begins anew. */
export async function standBy(ctx: Ctx, account: string, state: 'active' | 'paused'): Promise<void> {
  await stand(ctx, account, state)
  await changed(ctx, account)
}

/** Its settings and all that its channel kept are forgotten, once its network was told where it has to be; what was said through it stays. */
export async function removeAccount(ctx: Ctx, row: store.AccountRow): Promise<void> {
  const leaves = await owe(ctx, row, 'leaves')
  await store.changeAccount(ctx, row.id, { removed_at: ctx.now, leaves_until: leaves ? rules.leavesUntil(ctx.now) : null, cursor: null })
  if (!leaves) await forgetAll(ctx, row.id)
  record(ctx, words.Disconnected, { object: row.id, detail: { channel: row.channel, address: row.address } })
  await changed(ctx, row.id)
}

async function forgetAll(ctx: Ctx, account: string): Promise<void> {
  await store.emptied(ctx, account, await seal(ctx, '{}'))
  await store.forget(ctx, account)
}

export const forgetLeft = every(
  { minutes: 30 },
  'The settings of a removed account are forgotten once its network had time to be told',
  async ctx => {
    for (const account of await store.left(ctx)) await forgetAll(ctx, account)
  },
)

// —— what channels put off ——

/** What its channel does for it now that this happened to the account, if it does anything. */
async function owe(
  ctx: Ctx,
  { id, channel }: Pick<store.AccountRow, 'id' | 'channel'>,
  upon: keyof NonNullable<Channel['upon']>,
): Promise<boolean> {
  const task = known.get(channel)?.upon?.[upon]
  if (task !== undefined) await putOff(ctx, id, [task])
  return task !== undefined
}

const mostAtOnce = 1000

async function putOff(ctx: Ctx, account: string, tasks: unknown[], at?: Date): Promise<void> {
  const since = ctx.now.toISOString()
  for (let from = 0; from < tasks.length; from += mostAtOnce)
    await laterAll(
      ctx,
      tasks.slice(from, from + mostAtOnce).map(task => ({ kind: work, data: { account, task, since, tries: 0 }, at, patient: true })),
    )
}

const putOffTask = z.object({ account: z.uuid(), task: z.unknown(), since: z.iso.datetime(), tries: z.number().int().min(0) })
type PutOff = z.output<typeof putOffTask>

/** No transaction is open meanwhile; what fails for now is put off again, what its network refuses ends and is shown at the account. */
export const work = outsideJob('A channel does what it put off', putOffTask, async (org, it) => {
  const opened = await asSystem(org, ctx => openAccount(ctx, it.account))
  const does = opened?.channel.work
  if (!opened || !does || rules.hasLeft(opened.row)) return
  const isHeld = rules.isPaused(opened.row) || (await asSystem(org, outgoingOf)).heldAt
  if (isHeld) return asSystem(org, ctx => again(ctx, { ...it, since: ctx.now.toISOString() }, rules.pauseOfPaused))
  try {
    await does(opened.account, it.task)
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    await asSystem(org, ctx => workFailed(ctx, it, error))
  }
})

async function workFailed(ctx: Ctx, it: PutOff, error: ChannelError): Promise<void> {
  const pause = rules.workAgainAfter(error, { tries: it.tries + 1, since: new Date(it.since), now: ctx.now, chance: Math.random() })
  if (pause !== null) return again(ctx, { ...it, tries: it.tries + 1 }, pause)
  await store.changeAccount(ctx, it.account, { failed_at: ctx.now, failed_says: error.says.slice(0, 2000) })
  tell(ctx, `account:${it.account}`)
}

const again = (ctx: Ctx, data: PutOff, pause: number): Promise<void> =>
  laterAll(ctx, [{ kind: work, data, at: new Date(ctx.now.getTime() + pause), patient: true }])

export const forgetExpired = every({ minutes: 10 }, 'What channels keep until a moment is forgotten after it', ctx =>
  store.forgetExpired(ctx).then(() => {}),
)

export const endsSoon = rules.endsSoon
/** When what was put off is tried again, in milliseconds; null when it is given up. */
export const againAfter = rules.workAgainAfter

// —— accounts as people use them ——

export const cardOf = (row: store.AccountRow): AccountCard => ({
  id: row.id,
  channel: row.channel,
  name: row.name,
  address: row.address,
  state: row.state,
  says: row.state_says,
  since: row.state_since,
  heardAt: row.heard_at,
  connectedAt: row.connected_at,
  connectedBy: row.connected_by,
  owner: row.owner,
  deputy: row.deputy,
  purpose: row.purpose,
  personal: row.personal,
  quietUntil: row.quiet_until,
  failedAt: row.failed_at,
  failedSays: row.failed_says,
  succeededAt: row.succeeded_at,
  grantedAt: row.granted_at,
  grantedUntil: row.granted_until,
  quota: row.quota_left === null || !row.quota_until ? null : { left: row.quota_left, of: row.quota_of, until: row.quota_until },
})

export const accounts = action({
  says: 'List the connected accounts and how they are',
  who: 'channels.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(words.accountCard) }),
  run: async ctx => {
    const mine = new Set(await placesOf(ctx))
    const all = may(ctx.actor, 'channels.manage')
    const items = (await store.accounts(ctx)).filter(row => all || row.personal === null || mine.has(row.id))
    return { items: items.map(cardOf) }
  },
})
