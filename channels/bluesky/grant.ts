/** What a sign-in granted, and how it stays good: its tokens are renewed when they have run out, by one process for all others. */
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import { renewedOnce } from '#kernel/renewal.ts'
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

/** Others than `old`, which are not taken any more. Throws ChannelError; `reconnect` when a person must sign in again. */
export async function renewedTokens(grant: Grant, memory: Memory, old: Tokens): Promise<Tokens> {
  const fresh = await renewedOnce<Tokens>({
    memory,
    name: nameOf(grant),
    read: kept => tokensForm.safeParse(kept).data ?? grant.tokens,
    isOther: ({ access }) => access !== old.access,
    renew: last => renew(grant, last),
    says: 'bluesky.serverTrouble',
  })
  return keep(grant, fresh)
}

async function renew(grant: Grant, { refresh }: Tokens): Promise<Tokens> {
  if (!refresh) throw new ChannelError('reconnect', { says: 'bluesky.grantOver' })
  return (await refreshed(grant, clientOf(grant.back), refresh)).tokens
}
