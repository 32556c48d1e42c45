/**
 * Asking in the name of an account: by what was granted when somebody signed in at the network, else by an app password. Then it is signed in once and
 * kept so: sessions are few (30 in five minutes, 300 a day for an account), so one is made for each account, renewed when it has
 * expired, and only made anew when it cannot be renewed.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import type { Account } from '#social/channels/words.ts'
import { type Call, call, XrpcError } from './client.ts'
import { type Grant, grantOf, renewedTokens, tokensOf } from './grant.ts'
import type { Tokens } from './oauth.ts'
import type { Settings } from './settings.ts'

const jwt = z.string().min(1).max(20_000)
const session = z.object({
  accessJwt: jwt,
  refreshJwt: jwt,
  did: z.string().max(300),
  handle: z.string().max(300),
  didDoc: z.unknown().optional(),
})
export type Session = z.output<typeof session>

type Whose = Pick<Settings, 'server' | 'did' | 'password'>

const sessions = new Map<string, Promise<Session>>()
const keyOf = ({ server, did, password }: Whose): string =>
  createHash('sha256').update(`${server}\n${did}\n${password}`).digest('base64url')

/** A fresh session, kept for nobody. Throws ChannelError; `reconnect` when the password is not taken. */
export const signIn = (server: string, identifier: string, password: string): Promise<Session> =>
  call({ server, name: 'com.atproto.server.createSession', does: 'harmless', body: { identifier, password }, payer: identifier }, session)

export type Ask = Omit<Call, 'server' | 'token' | 'key' | 'payer'>

/** An account as far as asking in its name needs it. */
export type On = Pick<Account<Settings>, 'settings' | 'memory'>

/** Asks the account's own server in its name. Throws ChannelError; `reconnect` only when a person must sign in again. */
export function ask<T>(on: On, it: Ask, schema: z.ZodType<T>): Promise<T> {
  const grant = grantOf(on.settings)
  return grant ? askGranted(on, grant, it, schema) : askInSession(on.settings, it, schema)
}

async function askGranted<T>({ settings, memory }: On, grant: Grant, it: Ask, schema: z.ZodType<T>): Promise<T> {
  const { server, did } = settings
  const asking = ({ access }: Tokens) => call({ ...it, server, token: access, key: grant.key, payer: did }, schema)
  const first = await tokensOf(grant, memory)
  try {
    return await asking(first)
  } catch (error) {
    if (!isExpired(error)) throw error
    return asking(await renewedTokens(grant, memory, first)).catch(again => {
      throw isExpired(again) ? new ChannelError('reconnect', { says: 'bluesky.grantOver', cause: again }) : again
    })
  }
}

// —— by an app password ——

async function askInSession<T>(whose: Whose, it: Ask, schema: z.ZodType<T>): Promise<T> {
  const held = sessionOf(whose)
  const asking = ({ accessJwt }: Session) => call({ ...it, server: whose.server, token: accessJwt, payer: whose.did }, schema)
  const first = await held
  try {
    return await asking(first)
  } catch (error) {
    if (!isExpired(error)) throw error
    return asking(await renewed(whose, held))
  }
}

const isExpired = (error: unknown): boolean => error instanceof XrpcError && error.says === 'bluesky.signInAgain'

function sessionOf(whose: Whose): Promise<Session> {
  return sessions.get(keyOf(whose)) ?? keep(whose, signIn(whose.server, whose.did, whose.password))
}

/** One that failed is not kept: the next call signs in again. */
function keep(whose: Whose, coming: Promise<Session>): Promise<Session> {
  const key = keyOf(whose)
  sessions.set(key, coming)
  coming.catch(() => sessions.get(key) === coming && sessions.delete(key))
  return coming
}

/** Whoever comes first renews it, for all who wait for it. */
function renewed(whose: Whose, old: Promise<Session>): Promise<Session> {
  const current = sessions.get(keyOf(whose))
  return current && current !== old ? current : keep(whose, renew(whose, old))
}

async function renew(whose: Whose, old: Promise<Session>): Promise<Session> {
  const { server, did, password } = whose
  try {
    const { refreshJwt } = await old
    return await call({ server, name: 'com.atproto.server.refreshSession', does: 'harmless', token: refreshJwt, payer: did }, session)
  } catch (error) {
    if (error instanceof ChannelError && (error.kind === 'wait' || error.kind === 'down')) throw error
    return signIn(server, did, password)
  }
}
