/** Tokens that end, of servers that give something to renew them with (RFC 6749, section 6): nobody has to sign in again as long as the account is used. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { renewedOnce } from '#kernel/renewal.ts'
import { call, quotaOf, ServerError } from './client.ts'
import type { On } from './memory.ts'
import type { Settings } from './settings.ts'

/** Who this house is for the server, and what renews the first token. */
const renewal = z.object({ id: z.string(), secret: z.string(), refresh: z.string() })
type Renewal = z.output<typeof renewal>

const granted = z.object({
  access_token: z.string().min(1).max(1000),
  refresh_token: z.string().min(1).max(4000).optional().catch(undefined),
  expires_in: z.number().min(1).max(1e10).optional().catch(undefined),
})
type Granted = z.output<typeof granted>

type Client = Pick<Renewal, 'id' | 'secret'>

export const grantFrom = async (server: string, { id, secret }: Client, form: Record<string, string>): Promise<Granted> =>
  (await call({ server, method: 'POST', path: '/oauth/token', form: { ...form, client_id: id, client_secret: secret } }, granted)).data

/** Until when it counts; empty where the server does not say it. */
const untilOf = ({ expires_in: seconds }: Granted): string => (seconds ? new Date(now().getTime() + seconds * 1000).toISOString() : '')

/** As an account keeps it. */
export const settingsFrom = (it: Granted, client: Client): Pick<Settings, 'token' | 'goodUntil' | 'renewalToken'> => ({
  token: it.access_token,
  goodUntil: untilOf(it),
  renewalToken: it.refresh_token ? JSON.stringify({ id: client.id, secret: client.secret, refresh: it.refresh_token }) : '',
})

function renewalOf({ renewalToken: written }: Pick<Settings, 'renewalToken'>): Renewal | undefined {
  if (!written) return undefined
  try {
    return renewal.parse(JSON.parse(written))
  } catch (cause) {
    throw new ChannelError('reconnect', { says: 'mastodon.signInAgain', cause })
  }
}

/** Null where nobody has to sign in again. */
export const goodUntil = ({ goodUntil, renewalToken }: Pick<Settings, 'goodUntil' | 'renewalToken'>): Date | null =>
  goodUntil && !renewalToken ? new Date(goodUntil) : null

// —— the token that is good now ——

const tokensForm = z.object({ token: z.string(), refresh: z.string(), until: z.string() })
type Tokens = z.output<typeof tokensForm>

/** Those that were good when they were last used here, by the name of their grant. */
const current = new Map<string, Tokens>()
const mostKept = 1000

const nameOf = ({ server, renewalToken }: Pick<Settings, 'server' | 'renewalToken'>): string =>
  `grant ${createHash('sha256').update(`${server}\n${renewalToken}`).digest('base64url')}`

function remembered(name: string, tokens: Tokens): Tokens {
  current.delete(name)
  current.set(name, tokens)
  if (current.size > mostKept) current.delete(current.keys().next().value!)
  return tokens
}

const firstOf = ({ token, goodUntil: until }: Settings, { refresh }: Renewal): Tokens => ({ token, refresh, until })
const readAs = (first: Tokens) => (kept: unknown) => tokensForm.safeParse(kept).data ?? first

type Whose = Pick<On, 'settings' | 'memory'>

/** A little before its end. */
const margin = 60_000
const isOver = ({ until }: Tokens): boolean => until !== '' && Date.parse(until) - margin < now().getTime()

async function goodTokens({ settings, memory }: Whose, it: Renewal): Promise<Tokens> {
  const name = nameOf(settings)
  const tokens = current.get(name) ?? remembered(name, readAs(firstOf(settings, it))(await memory.get(name)))
  return isOver(tokens) ? renewed({ settings, memory }, it, tokens) : tokens
}

/** Others than `old`, which are not taken any more. */
async function renewed({ settings, memory }: Whose, it: Renewal, old: Tokens): Promise<Tokens> {
  const name = nameOf(settings)
  const fresh = await renewedOnce<Tokens>({
    memory,
    name,
    read: readAs(firstOf(settings, it)),
    isOther: ({ token }) => token !== old.token,
    renew: last => renew(settings.server, it, last),
    says: 'mastodon.serverTrouble',
  })
  return remembered(name, fresh)
}

/** Servers that give no new one to renew with take the old one again. */
async function renew(server: string, client: Client, { refresh }: Tokens): Promise<Tokens> {
  try {
    const it = await grantFrom(server, client, { grant_type: 'refresh_token', refresh_token: refresh })
    return { token: it.access_token, refresh: it.refresh_token ?? refresh, until: untilOf(it) }
  } catch (error) {
    if (!(error instanceof ServerError) || error.kind !== 'rejected') throw error
    throw new ChannelError('reconnect', { says: 'mastodon.signInAgain', cause: error })
  }
}

/** The token by which the account is asked for now; for a server without renewal, the one that it was given. */
export async function tokenOf(account: Whose): Promise<string> {
  const it = renewalOf(account.settings)
  return it ? (await goodTokens(account, it)).token : account.settings.token
}

export const quota = ({ settings }: On) => quotaOf({ ...settings, token: current.get(nameOf(settings))?.token ?? settings.token })

/** `run` with a token that is good as far as anybody knows; when the server takes it no more, it is renewed and `run` is asked once more. */
export const granting =
  <More extends unknown[], Result>(run: (account: On, ...more: More) => Promise<Result>) =>
  async (account: On, ...more: More): Promise<Result> => {
    const it = renewalOf(account.settings)
    if (!it) return run(account, ...more)
    const first = await goodTokens(account, it)
    const by = ({ token }: Tokens) => run({ ...account, settings: { ...account.settings, token } }, ...more)
    try {
      return await by(first)
    } catch (error) {
      if (!(error instanceof ServerError) || error.status !== 401) throw error
      return by(await renewed(account, it, first))
    }
  }
