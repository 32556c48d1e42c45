/**
 * The network's OAuth (specification “OAuth” of the AT Protocol): an account's own server names the one that lets us in; a request is pushed to it (RFC
 * 9126) before a person is sent there, and what it grants is bound to a key of ours.
 */
import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { guardedFetch } from '#kernel/fetch.ts'
import { cleanName } from '#kernel/plain.ts'
import { XrpcError } from './client.ts'
import { newKey, type PrivateKey, privateKey, proven } from './dpop.ts'
import { type Client, proofOf } from './ourselves.ts'
import { isServer } from './settings.ts'

const address = z.string().max(500).refine(isServer)
const issuerForm = z.object({
  issuer: address,
  authorization_endpoint: address,
  token_endpoint: address,
  pushed_authorization_request_endpoint: address,
})
export type Issuer = z.output<typeof issuerForm>

const guarded = z.object({ authorization_servers: z.array(address).min(1).max(10) })

/** Who lets us in to what this server holds. Throws ChannelError. */
export async function issuerFor(server: string): Promise<Issuer> {
  const { authorization_servers: servers } = await read(`${server}/.well-known/oauth-protected-resource`, guarded)
  const origin = new URL(servers[0]!).origin
  const issuer = await read(`${origin}/.well-known/oauth-authorization-server`, issuerForm)
  // Whoever speaks for another than itself is not believed (RFC 8414, section 3.3).
  if (issuer.issuer !== origin) throw new ChannelError('rejected', { says: 'bluesky.adviceServer' })
  return issuer
}

async function read<T>(url: string, schema: z.ZodType<T>): Promise<T> {
  const answer = await guardedFetch(url, { maxBytes: 100_000, timeoutMs: 8000, redirects: 0, accept: 'application/json' })
  if (answer.status >= 500) throw new ChannelError('down', { says: 'bluesky.serverTrouble' })
  return parsed(answer.bytes, schema, 'bluesky.adviceServer')
}

function parsed<T>(bytes: Uint8Array, schema: z.ZodType<T>, says: string): T {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch (cause) {
    throw new ChannelError('rejected', { says, cause })
  }
}

// —— the way there ——

/** What must be known on the way back. */
export const pushed = z.object({ issuer: issuerForm, key: privateKey, verifier: z.string() })
export type Pushed = z.output<typeof pushed>

/** The page on which a person lets us in; whoever they are there is asked of them, with `hint` filled in. */
export async function push(issuer: Issuer, client: Client, { state, hint }: { state: string; hint: string }) {
  const it: Pushed = { issuer, key: newKey(), verifier: randomBytes(48).toString('base64url') }
  const code_challenge = createHash('sha256').update(it.verifier).digest('base64url')
  const asked = { response_type: 'code', redirect_uri: client.back, scope: client.scope, state, login_hint: hint }
  const form = { ...asked, code_challenge, code_challenge_method: 'S256' }
  const { request_uri } = await post(
    it,
    client,
    issuer.pushed_authorization_request_endpoint,
    form,
    z.object({ request_uri: z.string().max(500) }),
  )
  const url = new URL(issuer.authorization_endpoint)
  url.search = new URLSearchParams({ client_id: client.id, request_uri }).toString()
  return { url: url.href, it }
}

// —— what is granted ——

const granted = z.object({
  access_token: z.string().min(1).max(8000),
  refresh_token: z.string().min(1).max(8000).optional(),
  token_type: z.string().max(20).toLowerCase().pipe(z.literal('dpop')),
  expires_in: z.number().min(0).max(1e9).optional().catch(undefined),
  sub: z.string().max(300),
  scope: z.string().max(2000).catch(''),
})

export interface Granted {
  did: string
  scope: string
  tokens: Tokens
}

export interface Tokens {
  access: string
  refresh: string
}

export const exchangeCode = (it: Pushed, client: Client, code: string): Promise<Granted> =>
  grant(it, client, { grant_type: 'authorization_code', code, redirect_uri: client.back, code_verifier: it.verifier })

/** Each refresh token counts once: what comes must be kept before it is used. */
export const refreshed = (it: Omit<Pushed, 'verifier'>, client: Client, refresh_token: string): Promise<Granted> =>
  grant(it, client, { grant_type: 'refresh_token', refresh_token })

async function grant(it: Omit<Pushed, 'verifier'>, client: Client, form: Record<string, string>): Promise<Granted> {
  const said = await post(it, client, it.issuer.token_endpoint, form, granted)
  return { did: said.sub, scope: said.scope, tokens: { access: said.access_token, refresh: said.refresh_token ?? '' } }
}

const refusal = z.object({ error: z.string().max(200).catch(''), error_description: z.string().catch('') })

async function post<T>(
  { issuer, key }: { issuer: Issuer; key: PrivateKey },
  client: Client,
  url: string,
  form: Record<string, string>,
  schema: z.ZodType<T>,
): Promise<T> {
  const body = new URLSearchParams({ ...form, ...proofOf(client, issuer.issuer) }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const bounds = { maxBytes: 100_000, timeoutMs: 15_000, redirects: 0, accept: 'application/json' }
  const answer = await proven(new URL(url), { ...bounds, method: 'POST', headers, body }, key)
  if (answer.status === 429) throw new ChannelError('wait', { says: 'bluesky.wait', until: new Date(now().getTime() + 60_000) })
  if (answer.status >= 500) throw new ChannelError('down', { says: 'bluesky.serverTrouble' })
  if (answer.status < 400) return parsed(answer.bytes, schema, 'bluesky.adviceServer')
  const { error, error_description: words } = parsed(answer.bytes, refusal, 'bluesky.adviceServer')
  const isOver = error === 'invalid_grant' || error === 'invalid_client'
  const says = isOver ? 'bluesky.grantOver' : cleanName(words, 300) || 'bluesky.refused'
  throw new XrpcError(isOver ? 'reconnect' : 'rejected', { says, status: answer.status, code: error })
}
