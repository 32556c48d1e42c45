/**
 * What a sign-in granted, and how it stays good: its tokens are renewed when they have run out. Each renewal counts once, so one process does it for all
 * others, and what came of it is in the account's memory before it is used.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import type { Account } from '#social/channels/words.ts'
import { pushed, refreshed, type Tokens } from './oauth.ts'
import { clientOf } from './ourselves.ts'
import type { Settings } from './settings.ts'

const tokensForm = z.object({ access: z.string(), refresh: z.string() })
const grantForm = pushed
  .omit({ verifier: true })
  .extend({ id: z.string().max(50), at: z.iso.datetime(), back: z.string().max(500), tokens: tokensForm })
export type Grant = z.output<typeof grantForm>

export const writeGrant = (grant: Grant): string => JSON.stringify(grant)

/** Undefined for an account that is connected by an app password. */
export function grantOf({ grantToken, password }: Pick<Settings, 'grantToken' | 'password'>): Grant | undefined {
  if (!grantToken || password) return undefined
  try {
    return grantForm.parse(JSON.parse(grantToken))
  } catch (cause) {
    throw new ChannelError('reconnect', { says: 'bluesky.grantOver', cause })
  }
}

const day = 86_400_000

/** The network lets a program that cannot prove its house in for two weeks; what is granted to a house is renewed for as long as it is used. */
export function goodUntil(settings: Pick<Settings, 'grantToken' | 'password'>): Date | null {
  const grant = grantOf(settings)
  return grant && !grant.back.startsWith('https:') ? new Date(Date.parse(grant.at) + 14 * day) : null
}

type Memory = Account['memory']
/** Longer than any grant lasts. */
const lasts = 800 * day
const nameOf = ({ id }: Grant) => `grant ${id}`

/** Those that were good when they were last used here. */
const current = new Map<string, Tokens>()
const mostKept = 1000

function keep({ id }: Grant, tokens: Tokens): Tokens {
  current.delete(id)
  current.set(id, tokens)
  if (current.size > mostKept) current.delete(current.keys().next().value!)
  return tokens
}

export const tokensOf = async (grant: Grant, memory: Memory): Promise<Tokens> => current.get(grant.id) ?? keptTokens(grant, memory)

const keptTokens = async (grant: Grant, memory: Memory): Promise<Tokens> =>
  keep(grant, tokensForm.safeParse(await memory.get(nameOf(grant))).data ?? grant.tokens)

const renewing = new Map<string, Promise<Tokens>>()

/** Others than `old`, which are not taken any more. Throws ChannelError; `reconnect` when a person must sign in again. */
export function renewedTokens(grant: Grant, memory: Memory, old: Tokens): Promise<Tokens> {
  const under = renewing.get(grant.id)
  if (under) return under
  const coming = renewOnce(grant, memory, old).finally(() => renewing.delete(grant.id))
  renewing.set(grant.id, coming)
  return coming
}

const [patience, pause] = [30_000, 200]

async function renewOnce(grant: Grant, memory: Memory, old: Tokens): Promise<Tokens> {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(pause)) {
    const kept = await keptTokens(grant, memory)
    if (kept.access !== old.access) return kept
    if (await memory.set(`renewing ${grant.id}`, true, { fresh: true, until: later(patience) })) return renew(grant, memory, old)
  }
  throw new ChannelError('down', { says: 'bluesky.serverTrouble' })
}

async function renew(grant: Grant, memory: Memory, { access, refresh }: Tokens): Promise<Tokens> {
  try {
    const kept = await keptTokens(grant, memory)
    if (kept.access !== access) return kept
    if (!refresh) throw new ChannelError('reconnect', { says: 'bluesky.grantOver' })
    const { tokens } = await refreshed(grant, clientOf(grant.back), refresh)
    await memory.set(nameOf(grant), tokens, { until: later(lasts) })
    return keep(grant, tokens)
  } finally {
    await memory.set(`renewing ${grant.id}`, undefined)
  }
}

const later = (milliseconds: number): Date => new Date(now().getTime() + milliseconds)
