/** The network's own interface (XRPC), as far as we use it. Every call leaves through the guarded fetch, and every failure says what follows from it. */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { type Answered, guardedFetch } from '#kernel/fetch.ts'
import { cleanName } from '#kernel/plain.ts'
import { type PrivateKey, proven } from './dpop.ts'
import { honour, note, untilOf } from './pace.ts'

/** The server said no: with its own name for the reason, and what follows for us. */
export class XrpcError extends ChannelError {
  readonly status: number
  readonly code: string

  constructor(kind: ChannelError['kind'], it: { says: string; status: number; code: string; until?: Date; cause?: unknown }) {
    super(kind, it)
    this.status = it.status
    this.code = it.code
  }
}

export interface Call {
  server: string
  /** Such as `com.atproto.repo.getRecord`. */
  name: string
  query?: Record<string, string | number | boolean | string[] | undefined>
  /** A procedure, not a query. One that is harmless changes nothing that anybody sees: it is simply tried again. */
  does?: 'change' | 'harmless'
  /** JSON, or a file with its type. */
  body?: unknown
  file?: { bytes: Uint8Array; type: string }
  token?: string
  /** The token is bound to this key (DPoP). */
  key?: PrivateKey
  /** The service that the server asks for us. */
  proxy?: string
  /** Whose allowance it uses, and how many points of it; one when not said. */
  payer?: string
  points?: number
}

const mostBytes = 4 * 1024 * 1024

/** Asks a server and reads its answer by `schema`. Throws XrpcError or ChannelError. */
export async function call<T>(it: Call, schema: z.ZodType<T>): Promise<T> {
  const isChange = it.does === 'change'
  const allowance = `${it.payer ?? it.server} ${it.name}`
  honour(allowance, it.points ?? 1)
  const answer = await exchange(it).catch(error => {
    throw isChange ? error : harmless(error)
  })
  note(allowance, answer)
  if (answer.status < 200 || answer.status > 299) throw faultOf(answer, isChange)
  return read(answer.bytes, schema, isChange)
}

function exchange(it: Call): Promise<Answered> {
  const [url, asked] = [addressOf(it), requestOf(it)]
  if (!it.key || !it.token) return guardedFetch(url, asked)
  return proven(url, asked, it.key, it.token)
}

function addressOf({ server, name, query = {} }: Call): URL {
  const url = new URL(`/xrpc/${name}`, server)
  for (const [key, value] of Object.entries(query)) for (const each of [value ?? []].flat()) url.searchParams.append(key, String(each))
  return url
}

const harmless = (error: unknown): unknown =>
  error instanceof ChannelError && error.kind === 'unsure' ? new ChannelError('down', { says: error.says, cause: error }) : error

function requestOf({ token, proxy, body, file, does }: Call) {
  const type = file?.type ?? (body === undefined ? undefined : 'application/json')
  const headers = {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(proxy && { 'atproto-proxy': proxy }),
    ...(type && { 'content-type': type }),
  }
  const sent = file?.bytes ?? (body === undefined ? undefined : JSON.stringify(body))
  const method = does ? ('POST' as const) : ('GET' as const)
  const bounds = { maxBytes: mostBytes, redirects: 0, timeoutMs: 30_000 }
  return { ...bounds, method, accept: 'application/json', headers, ...(sent !== undefined && { body: sent }) }
}

const refusal = z.object({ error: z.string().max(200).catch(''), message: z.string().catch('') })

/** What the server's answer means for us: ask a person, wait, try again, look it up, or give up. */
export function faultOf(answer: Pick<Answered, 'status' | 'headers' | 'bytes'>, isChange: boolean): XrpcError {
  const { status } = answer
  const { error: code, message } = refusalIn(answer.bytes)
  const fault = (kind: ChannelError['kind'], says: string, until?: Date) =>
    new XrpcError(kind, { says, status, code, ...(until && { until }) })
  if (status === 429) return fault('wait', 'bluesky.wait', untilOf(answer.headers, now()))
  if (status >= 500 && status !== 501) return fault(isChange ? 'unsure' : 'down', 'bluesky.serverTrouble')
  if (code === 'AuthFactorTokenRequired') return fault('reconnect', 'bluesky.adviceAppPassword')
  if (['AccountTakedown', 'AccountSuspended', 'AccountDeactivated', 'RepoTakendown', 'RepoDeactivated'].includes(code))
    return fault('reconnect', 'bluesky.accountClosed')
  if (status === 401 || ['ExpiredToken', 'InvalidToken', 'AuthMissing', 'AuthenticationRequired'].includes(code))
    return fault('reconnect', 'bluesky.signInAgain')
  if (status === 413) return fault('rejected', 'bluesky.tooLarge')
  if (status === 501 || status < 400 || (status === 404 && !code)) return fault('rejected', 'bluesky.serverLacks')
  return fault('rejected', cleanName(message, 300) || 'bluesky.refused')
}

function refusalIn(bytes: Uint8Array): z.output<typeof refusal> {
  try {
    return refusal.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    return { error: '', message: '' }
  }
}

/** What a network sends is not believed before it has the form that we know; whether something was changed all the same, nobody can tell. */
function read<T>(bytes: Uint8Array, schema: z.ZodType<T>, isChange: boolean): T {
  try {
    return schema.parse(bytes.length ? JSON.parse(new TextDecoder().decode(bytes)) : {})
  } catch (cause) {
    throw new ChannelError(isChange ? 'unsure' : 'down', { says: 'bluesky.unreadable', cause })
  }
}

/** It is not there, or not any more. */
export const isMissing = (error: unknown): boolean =>
  error instanceof XrpcError &&
  (['RecordNotFound', 'RepoNotFound', 'NotFound'].includes(error.code) || /could not (locate|find)/i.test(error.says))
