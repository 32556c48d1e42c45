import { createHash } from 'node:crypto'
import { z } from 'zod'
import { action, id, line, parse } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { seal, unseal } from '#kernel/crypto.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { every, later, outsideJob } from '#kernel/jobs.ts'
import { announce, tell } from '#kernel/live.ts'
import { log } from '#kernel/log.ts'
import { record } from '#social/activities/actions.ts'
import { administratorsOf } from '#social/members/actions.ts'
import { notify } from '#social/notifications/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { Account, AccountCard, Capabilities, Channel, Remote, Step } from './words.ts'
import * as words from './words.ts'

// —— the channels that this house has ——

let known = new Map<string, Channel>()

/** The channels found in their folders, given by the composition root. */
export function useChannels(list: Channel[]): void {
  known = new Map(list.map(each => [each.name, each]))
}

export const channels = (): Channel[] => [...known.values()]
export const channelNamed = (name: string): Channel | undefined => known.get(name)
const theChannel = (name: string): Channel => known.get(name) ?? refuse('notFound', 'channels.unknownChannel')

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
  return { row, channel, account: { id: row.id, org: ctx.org, settings: JSON.parse(await unseal(ctx, row.settings)) } }
}

export const allAccounts = store.accounts
/** Every address that is an account of this channel, as the channel makes them equal. */
export const ownAddresses = store.ownAddresses

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
  const people = await administratorsOf(ctx)
  const says = state === 'reconnect' ? 'channels.alarmReconnect' : 'channels.alarmDown'
  const told = { name: row.name, address: row.address }
  await notify(
    ctx,
    people.map(({ person }) => ({ person, kind: 'account', object: row.id, says, told, path: `/settings/channels/${row.id}` })),
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

// —— what things are called on networks ——

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
/** A remote id as it is kept and looked for. */
export const keptRemoteId = (remoteId: string): string => rules.keptRemoteId(remoteId, hashOf)
export const remotesOf = (ctx: Ctx, channel: string, remoteIds: string[]): Promise<Remote[]> =>
  remoteIds.length ? store.remotes(ctx, channel, remoteIds) : Promise.resolve([])
export const nameRemotely = async (ctx: Ctx, channel: string, account: string | null, rows: Remote[]): Promise<void> =>
  rows.length ? store.nameAll(ctx, channel, account, rows) : undefined
/** The newest things of a thread and what they are called, newest first. */
export const namesIn = store.namesIn
export const forgetNames = async (ctx: Ctx, objects: string[]): Promise<unknown> =>
  objects.length ? store.forgetNames(ctx, objects) : undefined

// —— accounts as people use them ——

const cardOf = (row: store.AccountRow): AccountCard => ({
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
})

export const accounts = action({
  says: 'List the connected accounts and how they are',
  who: 'channels.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(words.accountCard) }),
  run: async ctx => ({ items: (await store.accounts(ctx)).map(cardOf) }),
})

async function theAccount(ctx: Ctx, account: string): Promise<Opened> {
  const opened = await openAccount(ctx, account)
  return opened && !opened.row.removed_at ? opened : refuse('notFound', 'channels.noAccount')
}

export const details = action({
  says: 'Show an account: how it is, and its settings without the secrets',
  who: 'channels.manage',
  reads: true,
  takes: z.strictObject({ account: id }),
  gives: z.object({ account: words.accountCard, settings: z.record(z.string(), z.string()) }),
  run: async (ctx, input) => {
    const { row, channel, account } = await theAccount(ctx, input.account)
    return { account: cardOf(row), settings: rules.shown(rules.fieldsOf(channel.settings), account.settings as Record<string, unknown>) }
  },
})

const filled = z.record(z.string().max(60), z.unknown())

export const connect = action({
  says: 'Connect an account: what is asked for first, or more of the settings; the rest is found, each step is tried and told',
  who: 'channels.manage',
  takes: z.strictObject({ channel: line(60), asked: filled, after: id.optional() }),
  gives: z.object({ attempt: id }),
  run: async (ctx, { channel, asked, after }) => {
    const before = after ? await askedBefore(ctx, after, channel) : undefined
    return begin(ctx, theChannel(channel), asked, before?.asked ?? {}, before?.account ?? null)
  },
})

/** What was asked in an attempt before, so that nothing secret must be typed twice. */
async function askedBefore(ctx: Ctx, attempt: string, channel: string) {
  const row = await store.attempt(ctx, attempt)
  if (!row || row.channel !== channel) return refuse('notFound', 'kernel.notFound')
  return { asked: await openAsked(ctx, row), account: row.account }
}

const openAsked = async (ctx: Ctx, row: store.AttemptRow): Promise<Record<string, unknown>> =>
  row.asked ? JSON.parse(await unseal(ctx, row.asked)) : {}

export const change = action({
  says: 'Change the settings of an account; they are tried before they are kept, and secrets that are left out stay',
  who: 'channels.manage',
  takes: z.strictObject({ account: id, settings: filled }),
  gives: z.object({ attempt: id }),
  run: async (ctx, input) => {
    const { channel, account } = await theAccount(ctx, input.account)
    return begin(ctx, channel, input.settings, account.settings as Record<string, unknown>, account.id)
  },
})

export const tryAgain = action({
  says: 'Test the connection of an account again, step by step',
  who: 'channels.manage',
  takes: z.strictObject({ account: id }),
  gives: z.object({ attempt: id }),
  run: async (ctx, input) => {
    const { channel, account } = await theAccount(ctx, input.account)
    const settings = account.settings as Record<string, unknown>
    return begin(ctx, channel, settings, settings, account.id)
  },
})

async function begin(
  ctx: Ctx,
  channel: Channel,
  given: Record<string, unknown>,
  before: Record<string, unknown>,
  account: string | null,
): Promise<{ attempt: string }> {
  const whole = rules.keepSecrets(rules.fieldsOf(channel.settings), given, before)
  const asked = await seal(ctx, JSON.stringify(parse(rules.askedSchema(channel), whole)))
  const attempt = newId()
  const { person: by } = ctx.actor
  await store.addAttempt(ctx, {
    id: attempt,
    channel: channel.name,
    account,
    asked,
    steps: [],
    state: 'running',
    says: null,
    by,
    at: ctx.now,
  })
  await later(ctx, tryConnection, { attempt })
  return { attempt }
}

export const attempt = action({
  says: 'Show how far an attempt to connect has come',
  who: 'channels.manage',
  reads: true,
  published: false,
  takes: z.strictObject({ attempt: id }),
  gives: words.attempt.extend({ asked: z.record(z.string(), z.string()) }),
  run: async (ctx, input) => {
    const row = (await store.attempt(ctx, input.attempt)) ?? refuse('notFound', 'kernel.notFound')
    const asked = rules.shown(rules.fieldsOf(theChannel(row.channel).settings), await openAsked(ctx, row))
    const { id, channel, account, steps, state, says, at } = row
    return { id, channel, account, steps, state, says, at, asked }
  },
})

/** Talks to the network, so no transaction is open meanwhile; each step is written and told by itself. */
export const tryConnection = outsideJob(
  'A connection is tried, step by step',
  z.object({ attempt: z.uuid() }),
  async (org, { attempt }) => {
    const it = await asSystem(org, ctx => openAttempt(ctx, attempt))
    if (!it) return
    const told = teller(org, attempt)
    try {
      const found = await it.channel.discover(it.asked, told.tell)
      const steps = await told.done()
      await asSystem(org, ctx => keepConnection(ctx, it, found, steps))
    } catch (error) {
      if (!(error instanceof ChannelError)) log.error({ err: error, channel: it.channel.name }, 'connecting failed')
      const says = error instanceof ChannelError ? error.says : 'channels.fault'
      const steps = rules.endSteps(await told.done())
      await asSystem(org, ctx => goOn(ctx, attempt, { state: 'failed', says, steps }))
    }
  },
)

interface OpenAttempt {
  row: store.AttemptRow
  channel: Channel
  asked: unknown
}

async function openAttempt(ctx: Ctx, attempt: string): Promise<OpenAttempt | null> {
  const row = await store.attempt(ctx, attempt)
  const channel = row && known.get(row.channel)
  return channel && row.state === 'running' ? { row, channel, asked: await openAsked(ctx, row) } : null
}

/** Writes steps one after the other, in their order, while the channel goes on. */
function teller(org: string, attempt: string) {
  let steps: Step[] = []
  let written: Promise<unknown> = Promise.resolve()
  const tell = (step: Step) => {
    steps = rules.withStep(steps, words.step.parse(step))
    const now = steps
    written = written.then(() => asSystem(org, ctx => goOn(ctx, attempt, { steps: now })))
  }
  return { tell, done: () => written.then(() => steps) }
}

async function goOn(ctx: Ctx, attempt: string, change: Partial<store.AttemptRow>): Promise<void> {
  await store.changeAttempt(ctx, attempt, change)
  tell(ctx, `attempt:${attempt}`)
}

interface Found {
  settings: unknown
  name: string
  address: string
}

async function keepConnection(ctx: Ctx, { row: attempt, channel }: OpenAttempt, found: Found, steps: Step[]): Promise<void> {
  const address = found.address.slice(0, 500)
  const before = await store.accountAt(ctx, channel.name, address)
  if (attempt.account && before && before.id !== attempt.account)
    return goOn(ctx, attempt.id, { state: 'failed', says: 'channels.addressTaken', steps })
  const there = attempt.account ?? before?.id
  const account = there ?? newId(ctx.now)
  const own = (channel.own?.(found.settings) ?? [address]).map(each => channel.normalise(each))
  const settings = await seal(ctx, JSON.stringify(found.settings))
  const kept = { name: rules.accountName(found.name, address), address, own, settings, quiet_until: null }
  if (there) await store.changeAccount(ctx, there, kept)
  else await store.addAccount(ctx, { ...fresh(ctx, attempt), ...kept, id: account, channel: channel.name })
  await stand(ctx, account, 'active')
  record(ctx, words.Connected, { object: account, actor: attempt.by, detail: { channel: channel.name, address } })
  await changed(ctx, account)
  await goOn(ctx, attempt.id, { state: 'done', asked: '', account, steps })
}

const fresh = (ctx: Ctx, { by }: store.AttemptRow) => ({
  cursor: null,
  state: 'active' as const,
  state_says: null,
  state_since: ctx.now,
  heard_at: null,
  connected_by: by,
  connected_at: ctx.now,
  removed_at: null,
})

export const forgetAttempts = every({ minutes: 30 }, 'What was typed to connect is forgotten after a day', async ctx => {
  await store.forgetAttempts(ctx, new Date(ctx.now.getTime() - 86_400_000))
})

export const pause = action({
  says: 'Pause an account: nothing is heard and nothing goes out until it is resumed',
  who: 'channels.manage',
  takes: z.strictObject({ account: id }),
  gives: z.object({}),
  run: async (ctx, { account }) => {
    await theAccount(ctx, account)
    await stand(ctx, account, 'paused')
    await changed(ctx, account)
    return {}
  },
})

export const resume = action({
  says: 'Resume a paused account; what was said meanwhile is heard now',
  who: 'channels.manage',
  takes: z.strictObject({ account: id }),
  gives: z.object({}),
  run: async (ctx, { account }) => {
    await theAccount(ctx, account)
    await stand(ctx, account, 'active')
    await changed(ctx, account)
    return {}
  },
})

export const remove = action({
  says: 'Remove an account; its settings are forgotten, what was said through it stays',
  who: 'channels.manage',
  takes: z.strictObject({ account: id }),
  gives: z.object({}),
  run: async (ctx, input) => {
    const { row } = await theAccount(ctx, input.account)
    await store.changeAccount(ctx, row.id, { removed_at: ctx.now, settings: await seal(ctx, '{}'), cursor: null })
    record(ctx, words.Disconnected, { object: row.id, detail: { channel: row.channel, address: row.address } })
    await changed(ctx, row.id)
    return {}
  },
})
