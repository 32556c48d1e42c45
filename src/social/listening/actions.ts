import { setTimeout as sleep } from 'node:timers/promises'
import { asSystem, organisations } from '#kernel/db.ts'
import { keeps, nobody } from '#kernel/keeps.ts'
import { hear } from '#kernel/live.ts'
import { hold, releaseAll } from '#kernel/locks.ts'
import { log as houseLog } from '#kernel/log.ts'
import {
  allAccounts,
  channelNamed,
  fares,
  moveCursor,
  type Opened,
  openAccount,
  troubleWith,
  worksAgain,
} from '#social/channels/actions.ts'
import type { Account, Channel } from '#social/channels/words.ts'
import { takeInTogether } from '#social/intake/actions.ts'
import { takeInAll } from './actions-overheard.ts'
import { followSought, forgetSought, sieveOf } from './actions-sieve.ts'
import { pauseBefore } from './rules.ts'

export { bringHistory, fetchHistory, historyAsked, historyOf, stopHistory } from './actions-history.ts'
export { soughtAnew, useOverhearers } from './actions-sieve.ts'

interface Ear {
  stop: AbortController
  ended: Promise<void>
}

const ears = new Map<string, Ear>()
let deaf: (() => void) | undefined
let scan: NodeJS.Timeout | undefined
let log = houseLog

/** Listens to every account of every organisation, one process to each; new ones and those of a process that ended are found within a minute. */
export async function startListening(options: { log?: typeof houseLog } = {}): Promise<void> {
  log = options.log ?? houseLog
  deaf = hear(news => {
    if (news.kind === 'accounts') void listenAnew(news.org, (news.detail as { account: string }).account)
  })
  followSought(org => void listenAgain(org))
  await listenToAll()
  scan = setInterval(() => void listenToAll(), 60_000)
  scan.unref()
}

/** Ends within two seconds, whatever the networks do; what was heard and not yet committed is heard again. */
export async function stopListening(): Promise<void> {
  deaf?.()
  deaf = undefined
  clearInterval(scan)
  const ending = [...ears.values()]
  ears.clear()
  for (const ear of ending) ear.stop.abort()
  await Promise.race([Promise.all(ending.map(ear => ear.ended)), sleep(1500, undefined, { ref: false })])
  await forgetSought()
  await releaseAll()
}

/** To how many accounts this process listens. */
export const listeningTo = (): number => ears.size

async function listenToAll(): Promise<void> {
  try {
    for (const { id: org } of await organisations()) {
      for (const row of await asSystem(org, allAccounts)) if (deaf && mayListen(row)) listenTo(org, row.id)
    }
  } catch (error) {
    log.warn({ err: error }, 'the accounts could not be read; trying again in a minute')
  }
}

const mayListen = (row: Opened['row']) =>
  !row.removed_at && (row.state === 'active' || row.state === 'down') && channelNamed(row.channel)?.can.listen !== undefined

/** An account changed: what is heard from now on follows its new settings. */
async function listenAnew(org: string, account: string): Promise<void> {
  const before = ears.get(account)
  before?.stop.abort()
  await before?.ended
  const opened = await asSystem(org, ctx => openAccount(ctx, account)).catch(() => null)
  if (deaf && opened && mayListen(opened.row)) listenTo(org, account)
}

/** Somebody there began to listen for what passes by, or nobody does any more. */
async function listenAgain(org: string): Promise<void> {
  const rows = await asSystem(org, allAccounts).catch(() => [])
  for (const { id } of rows) {
    const opened = ears.has(id) ? await asSystem(org, ctx => openAccount(ctx, id)).catch(() => null) : null
    if (opened?.channel.can.listen?.overhears?.(opened.account.settings)) await listenAnew(org, id)
  }
}

/** With what it needs to hold passing posts against what is listened for, if anything is. */
async function withSieve({ channel, account }: { channel: Channel; account: Account }): Promise<Account> {
  const sieve = channel.can.listen?.overhears?.(account.settings) ? await sieveOf(account.org) : undefined
  return sieve ? { ...account, sieve } : account
}

function listenTo(org: string, account: string): void {
  if (ears.has(account)) return
  const stop = new AbortController()
  const ended = listen(org, account, stop.signal)
    .catch(error => log.error({ err: error, account }, 'listening ended'))
    .finally(() => {
      if (ears.get(account)?.stop === stop) ears.delete(account)
    })
  ears.set(account, { stop, ended })
}

async function listen(org: string, account: string, signal: AbortSignal): Promise<void> {
  const mine = await hold(`listen ${account}`)
  if (!mine) return
  const end = AbortSignal.any([signal, mine.lost])
  try {
    for (let tries = 0; !end.aborted; ) {
      const began = Date.now()
      const fault = await faultOf(attend(org, account, end))
      if (!fault || end.aborted) return
      // A line that held for a while begins to count anew.
      tries = Date.now() - began > 60_000 ? 1 : tries + 1
      if (!(await afterFault(org, account, fault.error, tries, end))) return
    }
  } finally {
    await mine.release()
  }
}

const faultOf = (run: Promise<void>): Promise<{ error: unknown } | null> =>
  run.then(
    () => null,
    error => ({ error }),
  )

/** Waits as long as it makes sense; false when a person must act first. */
async function afterFault(org: string, account: string, error: unknown, tries: number, end: AbortSignal): Promise<boolean> {
  log.warn({ err: error, account, tries }, 'listening was interrupted')
  const trouble = await asSystem(org, ctx => troubleWith(ctx, account, error, tries)).catch(() => null)
  if (trouble?.is === 'stands' && trouble.state === 'reconnect') return false
  const pause = trouble?.is === 'wait' ? trouble.until.getTime() - Date.now() : pauseBefore(tries, Math.random())
  await rest(Math.max(500, pause), end)
  return !end.aborted
}

const rest = (milliseconds: number, end: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal: end, ref: false }).catch(() => {})

/** Catches up, then waits for news. Resolves when it is to end or the account may not be heard any more, throws when the network fails. */
async function attend(org: string, account: string, end: AbortSignal): Promise<void> {
  const opened = await asSystem(org, ctx => openAccount(ctx, account))
  if (!opened || !mayListen(opened.row)) return
  await catchUp(org, account, end)
  if (opened.row.state === 'down') await asSystem(org, ctx => worksAgain(ctx, account))
  const { watch } = opened.channel.can.listen!
  if (watch) {
    const listener = await withSieve(opened)
    return follow(
      (ring, signal) => watch(listener, ring, signal),
      () => catchUp(org, account, end),
      end,
    )
  }
  while (!end.aborted) {
    await rest(60_000, end)
    await catchUp(org, account, end)
  }
}

/** One catching up at a time: news that come meanwhile make one more. Every five minutes it looks without news, in case one was lost. */
async function follow(
  watch: (ring: () => void, end: AbortSignal) => Promise<void>,
  look: () => Promise<void>,
  end: AbortSignal,
): Promise<void> {
  const broken = new AbortController()
  const looking = oneAtATime(look, end, error => broken.abort(error))
  const sometimes = setInterval(looking.ring, 300_000)
  sometimes.unref()
  try {
    await watch(looking.ring, AbortSignal.any([end, broken.signal]))
    await looking.idle()
  } finally {
    clearInterval(sometimes)
  }
  if (broken.signal.aborted) throw broken.signal.reason
}

/** Milliseconds: what comes while an account was just heard is gathered so long, and heard together; the first that comes waits for nothing. */
const together = 200

function oneAtATime(look: () => Promise<void>, end: AbortSignal, failed: (error: unknown) => void) {
  let rung = false
  let looking: Promise<void> | undefined
  const drain = async () => {
    while (rung && !end.aborted) {
      rung = false
      await look()
      if (rung) await rest(together, end)
    }
  }
  const ring = () => {
    rung = true
    looking ??= drain()
      .catch(error => {
        rung = false
        failed(error)
      })
      .finally(() => {
        looking = undefined
        if (rung && !end.aborted) ring()
      })
  }
  return { ring, idle: async () => looking }
}

/** Everything after the cursor, batch by batch; the cursor moves with the batch that it belongs to. */
export async function catchUp(org: string, account: string, end: AbortSignal): Promise<void> {
  for (let more = true; more && !end.aborted; ) {
    const opened = await asSystem(org, ctx => openAccount(ctx, account))
    const listening = opened?.channel.can.listen
    if (!opened || !listening) return
    const batch = await listening.since(await withSieve(opened), opened.row.cursor)
    if (end.aborted) return
    if (batch.heard.length > 0 || batch.cursor !== opened.row.cursor) {
      await takeInAll(org, { channel: opened.row.channel, account }, batch, ctx => moveCursor(ctx, account, batch.cursor))
    }
    more = batch.more
    if (!more) await fares(org, account)
  }
}

/** What a network pushes to our door: given to the account's channel, which knows whether it is genuine, and taken in at once. Null when nobody waits for it. */
export async function takeWebhook(org: string, account: string, request: Request): Promise<{ new: number; answer?: Response } | null> {
  const opened = await asSystem(org, ctx => openAccount(ctx, account))
  const webhook = opened && mayListen(opened.row) ? opened.channel.can.listen?.webhook : undefined
  if (!opened || !webhook) return null
  const told = await webhook(opened.account, request)
  const { heard, overheard, answer } = Array.isArray(told) ? { heard: told } : told
  const where = { channel: opened.row.channel, account }
  if (overheard?.length) await takeInAll(org, where, { heard: [], overheard }, async () => {})
  return { new: await takeInTogether(org, where, heard), answer }
}

/** How far what was there before has been brought in: about nobody. */
export const kept = keeps({ account_history: nobody })
