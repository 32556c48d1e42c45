/**
 * The only way out to the network. A host is resolved, each answer is checked, and the connection goes to that very address; again for each redirect.
 * So neither a private address, however it is spelt, nor a name that changes its answer (DNS rebinding) is ever reached.
 */
import { lookup } from 'node:dns/promises'
import type { buildConnector, Dispatcher } from 'undici'
import { type Address, type Allowed, allowedFrom, allowsName, hostOf, isLiteral, nameIn, reachable } from './addresses.ts'
import { ChannelError } from './errors.ts'
import { whenNeeded } from './needed.ts'

export interface Asked {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** Sent as the Accept header. */
  accept?: string
  /** Of the body; more ends the exchange. */
  maxBytes?: number
  /** For the whole exchange: looking up, connecting, every redirect, and the last byte. */
  timeoutMs?: number
  /** How many redirects are followed; 0 hands the redirect itself back. */
  redirects?: number
  signal?: AbortSignal
  /** Told of the body part by part as it comes, for streams of events; then none of it is kept. */
  part?: (bytes: Uint8Array) => void
}

export interface Answered {
  status: number
  headers: Headers
  bytes: Uint8Array
  /** The address that answered in the end. */
  url: string
}

let allowed: Allowed = allowedFrom([])

/** The private hosts that this installation may reach (setting TREFOIL_ALLOW_HOSTS). */
export function allowHosts(list: readonly string[]): void {
  allowed = allowedFrom(list)
}

export type Resolver = (name: string) => Promise<Address[]>
const system: Resolver = async name =>
  (await lookup(name, { all: true })).map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))
let resolver = system

/** For tests: answers instead of the name service; without one, the real service again. */
export function useResolver(given: Resolver = system): void {
  resolver = given
}

type Wire = buildConnector.connector
let wire: Wire | undefined

/** For tests: what opens the connection once its address was found good; without one, the real line again. */
export function useWire(given?: Wire): void {
  wire = given
}

const forbidden = () => new ChannelError('rejected', { says: 'kernel.reachForbidden' })

/** The addresses of a host that may be reached, the best one first. Throws ChannelError: `rejected` when none may be, `down` when there is none. */
async function addressesOf(host: string): Promise<Address[]> {
  const named = allowsName(allowed, host)
  const answers = isLiteral(host) ? [{ address: host }] : await resolve(host, named)
  const good = answers.map(({ address }) => reachable(address, allowed, named)).filter(address => address !== undefined)
  if (good.length === 0) throw forbidden()
  return good
}

/** Names of this machine itself are not even asked for. */
async function resolve(host: string, named: boolean): Promise<Address[]> {
  if (!named && /^(.*\.)?localhost$/.test(host)) throw forbidden()
  const answers = await resolver(host).catch(cause => {
    throw new ChannelError('down', { says: 'kernel.reachUnknown', cause })
  })
  if (answers.length === 0) throw new ChannelError('down', { says: 'kernel.reachUnknown' })
  return answers
}

/** For lines that are no HTTP (mail servers): the address to connect to. The name is only for the certificate, never for another look-up. */
export async function allowedAddress(host: string): Promise<Address> {
  const name = hostOf(host)
  if (!name) throw new ChannelError('rejected', { says: 'kernel.reachAddress' })
  return (await addressesOf(name))[0]!
}

/** Tries the addresses one after the other, so that a family that does not work here is no obstacle. */
const connectBy = (cable: Wire) => (options: buildConnector.Options, callback: buildConnector.Callback) => {
  const tryNext = (list: Address[], fault: Error) => {
    const [first, ...rest] = list
    if (!first) return callback(fault, null)
    const open = wire ?? cable
    open({ ...options, hostname: first.address }, (error, socket) => (error ? tryNext(rest, error) : callback(null, socket)))
  }
  addressesOf(options.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')).then(
    list => tryNext(list.slice(0, 4), forbidden()),
    error => callback(error, null),
  )
}

const lines = whenNeeded(async () => {
  const { Agent, buildConnector, request } = await import('undici')
  const shared = { connect: connectBy(buildConnector({ timeout: 10_000 })), keepAliveTimeout: 4000, maxHeaderSize: 64 * 1024 }
  // Streams stay open for long: among the others, sixteen of them would keep everything else waiting.
  return { request, agent: new Agent({ ...shared, connections: 16 }), streams: new Agent(shared) }
})

interface Hop {
  url: URL
  method: NonNullable<Asked['method']>
  headers: Record<string, string>
  body: string | Uint8Array | undefined
}

/**
 * One exchange over HTTP with a host that somebody else named. Any status is an answer; everything else is a ChannelError: `rejected` for what is not
 * allowed, `down` for what may work later, `unsure` when a request that changes something may have arrived.
 */
export async function guardedFetch(url: string | URL, asked: Asked = {}): Promise<Answered> {
  const deadline = AbortSignal.timeout(asked.timeoutMs ?? 10_000)
  const signal = asked.signal ? AbortSignal.any([deadline, asked.signal]) : deadline
  const seen = new Set<string>()
  let hop = firstHop(url, asked)
  for (let left = asked.redirects ?? 5; ; left--) {
    seen.add(`${hop.method} ${hop.url.href}`)
    const answer = await exchange(hop, asked, signal)
    const next = asked.redirects === 0 ? undefined : nextHop(hop, answer)
    if (!next) return answer
    if (left <= 0 || seen.has(`${next.method} ${next.url.href}`)) throw new ChannelError('rejected', { says: 'kernel.reachRedirects' })
    hop = next
  }
}

function firstHop(url: string | URL, asked: Asked): Hop {
  const given = Object.fromEntries(Object.entries(asked.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
  const usual = { 'user-agent': 'Trefoil', 'accept-encoding': 'identity', ...(asked.accept && { accept: asked.accept }) }
  return { url: webAddress(String(url)), method: asked.method ?? 'GET', headers: { ...usual, ...given }, body: asked.body }
}

/** Only the web, and no credentials in the address: they would end in logs. */
function webAddress(text: string, base?: URL): URL {
  const url = text.length > 8000 ? null : URL.parse(text, base?.href)
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password || !nameIn(url))
    throw new ChannelError('rejected', { says: 'kernel.reachAddress' })
  url.hash = ''
  return url
}

const safe = (method: string) => method === 'GET' || method === 'HEAD'

async function exchange(hop: Hop, { maxBytes = 1024 * 1024, part }: Asked, signal: AbortSignal): Promise<Answered> {
  const { request, agent, streams } = await lines()
  try {
    const answer = await request(hop.url, {
      dispatcher: part ? streams : agent,
      method: hop.method,
      headers: hop.headers,
      body: hop.body ?? null,
      signal,
    })
    const bytes = await readUpTo(answer.body, maxBytes, answer.statusCode === 200 ? part : undefined)
    return { status: answer.statusCode, headers: headersOf(answer.headers), bytes, url: hop.url.href }
  } catch (error) {
    throw asChannelError(error, safe(hop.method))
  }
}

function headersOf(received: Dispatcher.ResponseData['headers']): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(received)) for (const each of [value ?? []].flat()) headers.append(name, each)
  return headers
}

async function readUpTo(body: Dispatcher.ResponseData['body'], most: number, told?: Asked['part']): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body as AsyncIterable<Uint8Array>) {
    size += part.length
    if (size > most) throw new ChannelError('rejected', { says: 'kernel.reachTooLarge' })
    if (told) told(part)
    else parts.push(part)
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}

/** Faults before the request left: it cannot have arrived. */
const before = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'EADDRNOTAVAIL']

function asChannelError(error: unknown, isSafe: boolean): ChannelError {
  if (error instanceof ChannelError) return error
  const { code = '', name = '' } = error as { code?: string; name?: string }
  const slow = name === 'TimeoutError' || name === 'AbortError' || code.endsWith('TIMEOUT')
  const arrived = !isSafe && !before.includes(code) && !/^(ERR_TLS|CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code)
  return new ChannelError(arrived ? 'unsure' : 'down', { says: slow ? 'kernel.reachSlow' : 'kernel.reachDown', cause: error })
}

/** Where a redirect leads (RFC 9110, section 15.4); what was meant for one origin is not told to another. */
function nextHop(hop: Hop, answer: Answered): Hop | undefined {
  const to = answer.headers.get('location')
  if (![301, 302, 303, 307, 308].includes(answer.status) || !to) return undefined
  const url = webAddress(to, hop.url)
  const turns = answer.status === 303 || ((answer.status === 301 || answer.status === 302) && hop.method === 'POST')
  const headers = Object.fromEntries(Object.entries(hop.headers).filter(([name]) => staysIn(name, url.origin === hop.url.origin, turns)))
  return turns && hop.method !== 'HEAD' ? { url, method: 'GET', headers, body: undefined } : { ...hop, url, headers }
}

const private_ = ['authorization', 'cookie', 'proxy-authorization', 'signature', 'signature-input']
const ofBody = ['content-type', 'content-length', 'content-encoding', 'digest', 'content-digest']
const staysIn = (name: string, sameOrigin: boolean, turns: boolean): boolean =>
  (sameOrigin || !(private_.includes(name) || name.startsWith('x-'))) && !(turns && ofBody.includes(name))
