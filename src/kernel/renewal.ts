/**
 * Grants that must be renewed, where each renewal counts once: one process does it for all others, and what came of it is kept before it is used. How it
 * is renewed, its network says.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { now } from './clock.ts'
import { ChannelError } from './errors.ts'

/** Where values outlast this process, for every process of the house. */
export interface Keeper {
  get(name: string): Promise<unknown>
  set(name: string, value: unknown, options?: { fresh?: true; until?: Date }): Promise<boolean>
}

export interface Renewal<T> {
  memory: Keeper
  /** Of this grant and no other in the house. */
  name: string
  /** What is good, from what is kept; undefined for nothing. */
  read(kept: unknown): T
  /** Another one than that which is not taken any more: somebody else was faster. */
  isOther(value: T): boolean
  /** Asks the network. Throws ChannelError; `reconnect` when a person must sign in again. */
  renew(last: T): Promise<T>
  /** Message key for whoever waits in vain. */
  says: string
}

const under = new Map<string, Promise<unknown>>()

/** Throws what `renew` throws, and `down` when whoever renews it does not come back. */
export function renewedOnce<T>(it: Renewal<T>): Promise<T> {
  const coming = (under.get(it.name) as Promise<T> | undefined) ?? inTurn(it).finally(() => under.delete(it.name))
  under.set(it.name, coming)
  return coming
}

const [patience, pause] = [30_000, 200]
/** Longer than anything that is granted lasts. */
const lasts = 800 * 86_400_000
const later = (milliseconds: number): Date => new Date(now().getTime() + milliseconds)

async function inTurn<T>(it: Renewal<T>): Promise<T> {
  const turn = `renewing ${it.name}`
  for (const end = Date.now() + patience; Date.now() < end; await sleep(pause)) {
    const kept = it.read(await it.memory.get(it.name))
    if (it.isOther(kept)) return kept
    if (await it.memory.set(turn, true, { fresh: true, until: later(patience) }))
      return renew(it).finally(() => it.memory.set(turn, undefined))
  }
  throw new ChannelError('down', { says: it.says })
}

async function renew<T>(it: Renewal<T>): Promise<T> {
  const kept = it.read(await it.memory.get(it.name))
  if (it.isOther(kept)) return kept
  const fresh = await it.renew(kept)
  await it.memory.set(it.name, fresh, { until: later(lasts) })
  return fresh
}
