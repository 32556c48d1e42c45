/** The Mastodon API as far as we use it. Every call leaves through the guarded fetch, and every failure says what follows from it. */
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import { type Answered, guardedFetch } from '#kernel/fetch.ts'
import { cleanName } from '#kernel/plain.ts'
import type { Quota } from '#social/channels/words.ts'
import { honour, leftOf, note, untilOf } from './pace.ts'
import type { Settings } from './settings.ts'

/** The server said no. */
export class ServerError extends ChannelError {
  readonly status: number

  constructor(kind: ChannelError['kind'], it: { says: string; status: number; until?: Date }) {
    super(kind, it)
    this.status = it.status
  }
}

type Query = Record<string, string | number | boolean | string[] | undefined>

export interface Call {
  server: string
  path: string
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  query?: Query
  /** JSON, or a form as sign-in wants it. */
  body?: unknown
  form?: Record<string, string> | FormData
  token?: string
  onceKey?: string
  /** Doing it twice makes something twice: when nobody knows whether it arrived, it must be found out. */
  makes?: true
  /** Whose allowance it uses, and which of its allowances. */
  payer?: string
  allowance?: 'files' | 'deletes'
  maxBytes?: number
}

const usualBytes = 8 * 1024 * 1024

export interface Said<T> {
  status: number
  data: T
}

/** Asks a server and reads its answer by `schema`. Throws ServerError or ChannelError. */
export async function call<T>(it: Call, schema: z.ZodType<T>): Promise<Said<T>> {
  const allowance = `${it.payer ?? it.server} ${it.allowance ?? 'all'}`
  honour(allowance)
  const answer = await guardedFetch(addressOf(it), await requestOf(it)).catch(error => {
    throw it.makes ? error : harmless(error)
  })
  note(allowance, answer)
  if (answer.status < 200 || answer.status > 299) throw faultOf(answer, it.makes)
  return { status: answer.status, data: read(answer.bytes, schema, it.makes) }
}

export type Ask = Omit<Call, 'server' | 'token' | 'payer'>
type Whose = Pick<Settings, 'server' | 'token'>

/** Asks the account's own server in its name. Servers count by the token. */
export const askWith = <T>({ server, token }: Whose, it: Ask, schema: z.ZodType<T>): Promise<Said<T>> =>
  call({ ...it, server, token, payer: payerOf({ server, token }) }, schema)

const payerOf = ({ server, token }: Whose): string => `${server} ${token}`
/** What is left of what the account may ask in all. */
export const quotaOf = (whose: Whose): Quota | null => leftOf(`${payerOf(whose)} all`)

export const ask = async <T>(whose: Whose, it: Ask, schema: z.ZodType<T>): Promise<T> => (await askWith(whose, it, schema)).data

function addressOf({ server, path, query = {} }: Call): URL {
  const url = new URL(path, server)
  for (const [key, value] of Object.entries(query))
    if (Array.isArray(value)) for (const each of value) url.searchParams.append(`${key}[]`, each)
    else if (value !== undefined) url.searchParams.set(key, String(value))
  return url
}

const harmless = (error: unknown): unknown =>
  error instanceof ChannelError && error.kind === 'unsure' ? new ChannelError('down', { says: error.says, cause: error }) : error

async function requestOf(it: Call) {
  const sent = await contentOf(it)
  const headers = {
    ...(it.token && { authorization: `Bearer ${it.token}` }),
    ...(it.onceKey && { 'idempotency-key': it.onceKey }),
    ...(sent && { 'content-type': sent.type }),
  }
  const bounds = { maxBytes: it.maxBytes ?? usualBytes, redirects: 0, timeoutMs: it.allowance === 'files' ? 120_000 : 30_000 }
  return { ...bounds, method: it.method ?? ('GET' as const), accept: 'application/json', headers, ...(sent && { body: sent.bytes }) }
}

async function contentOf({ body, form }: Call): Promise<{ type: string; bytes: Uint8Array | string } | undefined> {
  if (body !== undefined) return { type: 'application/json', bytes: JSON.stringify(body) }
  if (!form) return undefined
  const written = new Response(form instanceof FormData ? form : new URLSearchParams(form))
  return { type: written.headers.get('content-type')!, bytes: new Uint8Array(await written.arrayBuffer()) }
}

/** What the server's answer means for us: ask a person, wait, try again, look it up, or give up. */
export function faultOf({ status, headers, bytes }: Pick<Answered, 'status' | 'headers' | 'bytes'>, makes?: boolean): ServerError {
  const words = wordsIn(bytes)
  const fault = (kind: ChannelError['kind'], says: string, until?: Date) => new ServerError(kind, { says, status, ...(until && { until }) })
  if (status === 429) return fault('wait', 'mastodon.wait', untilOf(headers))
  if (status >= 500 && status !== 501) return fault(makes ? 'unsure' : 'down', 'mastodon.serverTrouble')
  if (status === 401) return fault('reconnect', 'mastodon.signInAgain')
  if (status === 403 && /scope/i.test(words)) return fault('reconnect', 'mastodon.mayNot')
  if (status === 403 && /login|disabled|suspend|confirm/i.test(words)) return fault('reconnect', 'mastodon.accountClosed')
  if (status === 413) return fault('rejected', 'mastodon.tooLarge')
  if (status === 501 || status < 400 || (status === 404 && !words)) return fault('rejected', 'mastodon.serverLacks')
  return fault('rejected', words || 'mastodon.refused')
}

const refusal = z.object({ error: z.string(), error_description: z.string().optional().catch(undefined) })

/** The server's own words; nothing when it did not answer as the interface does. */
function wordsIn(bytes: Uint8Array): string {
  try {
    const { error, error_description: more } = refusal.parse(JSON.parse(new TextDecoder().decode(bytes)))
    return cleanName(more || error, 300) || '?'
  } catch {
    return ''
  }
}

/** What a server sends is not believed before it has the form that we know; whether something was made all the same, nobody can tell. */
function read<T>(bytes: Uint8Array, schema: z.ZodType<T>, makes?: boolean): T {
  try {
    return schema.parse(bytes.length ? JSON.parse(new TextDecoder().decode(bytes)) : {})
  } catch (cause) {
    throw new ChannelError(makes ? 'unsure' : 'down', { says: 'mastodon.unreadable', cause })
  }
}

/** The server itself says that it is not there, or not any more: a page of a proxy that says 404 does not count. */
export const isMissing = (error: unknown): boolean =>
  error instanceof ServerError && (error.status === 404 || error.status === 410) && error.says !== 'mastodon.serverLacks'
