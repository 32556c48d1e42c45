/** The network's own servers (`@atproto/dev-env`: directory, personal data server, view) for tests, on loopback, gone with `stop`. */
import { type ChildProcess, spawn } from 'node:child_process'
import { promises } from 'node:dns'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { buildConnector, request as undici } from 'undici'
import { allowHosts, useResolver, useWire } from '#kernel/fetch.ts'
import { noPeer, peerPrograms } from '../tools/peers.ts'
import { startNames } from './names.ts'

export interface Network {
  server: string
  directory: string
  view: string
  stop(): Promise<void>
}

/** Why there is no network here; nothing when there is one. */
export const noNetwork = (): string | false => noPeer('@atproto/dev-env')

/** Takes some three seconds. `database` is a PostgreSQL in which it may make schemas of its own. */
export async function startNetwork(database: string): Promise<Network> {
  const program = fileURLToPath(new URL('bluesky-network.mjs', import.meta.url))
  const child = spawn(process.execPath, ['--no-warnings', program, peerPrograms, database], { stdio: ['pipe', 'pipe', 'inherit'] })
  const failed = once(child, 'exit').then(() => Promise.reject(new Error('the network did not start; see above')))
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), failed])) as [string]
  failed.catch(() => {})
  return { ...(JSON.parse(line) as Omit<Network, 'stop'>), stop: () => end(child) }
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.stdin?.end()
  const late = setTimeout(() => child.kill('SIGKILL'), 5000)
  await ended
  clearTimeout(late)
}

/** The directory and the hosts of the handles are on the open web; here they lead to the network's own servers. Returns how it ends. */
export async function openWays(network: Network): Promise<() => Promise<void>> {
  const names = await startNames([])
  promises.setServers([names.address])
  allowHosts(['localhost', '127.0.0.0/8'])
  useResolver(async () => [{ address: '127.0.0.1', family: 4 }])
  const wire = buildConnector({})
  useWire((options, done) => {
    if (options.port && options.protocol === 'http:') return wire(options, done)
    const { port } = new URL(options.host === 'plc.directory' ? network.directory : network.server)
    wire({ ...options, protocol: 'http:', port }, done)
  })
  return async () => {
    useWire()
    useResolver()
    await names.stop()
  }
}

// —— people on it ——

export interface Person {
  did: string
  handle: string
  password: string
  token: string
  /** Asks the server in their name; a body makes it a procedure. */
  ask<T>(name: string, it?: { query?: Record<string, string>; body?: unknown; file?: { bytes: Uint8Array; type: string } }): Promise<T>
  post(text: string, more?: Record<string, unknown>): Promise<Ref>
  put(collection: string, record: Record<string, unknown>, key?: string): Promise<Ref>
}

export interface Ref {
  uri: string
  cid: string
}

export async function joinNetwork(network: Network, name: string): Promise<Person> {
  const [handle, password] = [`${name}.test`, `${name}-password`]
  const body = { handle, email: `${name}@trefoil.test`, password }
  const made = await request<{ did: string; accessJwt: string }>(network, 'com.atproto.server.createAccount', { body })
  const token = made.accessJwt
  const ask: Person['ask'] = (method, it = {}) => request(network, method, { ...it, token })
  const put: Person['put'] = (collection, record, rkey) =>
    ask('com.atproto.repo.createRecord', {
      body: { repo: made.did, collection, rkey, record: { $type: collection, createdAt: new Date().toISOString(), ...record } },
    })
  // The server knows its people at once, the view a moment later.
  while (!(await ask('app.bsky.actor.getProfile', { query: { actor: made.did } }).catch(() => false))) await sleep(50)
  return { did: made.did, handle, password, token, ask, put, post: (text, more) => put('app.bsky.feed.post', { text, ...more }) }
}

interface Asked {
  query?: Record<string, string>
  body?: unknown
  file?: { bytes: Uint8Array; type: string }
  token?: string
}

async function request<T>({ server }: Network, name: string, { query = {}, body, file, token }: Asked): Promise<T> {
  const sent = file?.bytes ?? (body === undefined ? undefined : JSON.stringify(body))
  const headers = {
    ...(sent !== undefined && { 'content-type': file?.type ?? 'application/json' }),
    ...(token && { authorization: `Bearer ${token}` }),
  }
  const answer = await fetch(`${server}/xrpc/${name}?${new URLSearchParams(query)}`, {
    method: sent === undefined ? 'GET' : 'POST',
    headers,
    ...(sent !== undefined && { body: sent as BodyInit }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${name}: ${answer.status} ${text.slice(0, 500)}`)
  return (text ? JSON.parse(text) : {}) as T
}

// —— a person at the page on which programs are let in ——

const pageApi = '/@atproto/oauth-provider/~api'

/** Signs in on the page that `url` is, lets the program in (or does not), and tells where the browser is sent then. */
export async function letIn(url: string, { handle, password }: Person, answer: 'consent' | 'reject' = 'consent'): Promise<URL> {
  const cookies = new Map<string, string>()
  const { origin } = new URL(url)
  const ask = async (to: string, headers: Record<string, string>, body?: unknown) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const sent = body === undefined ? {} : { method: 'POST' as const, body: JSON.stringify(body) }
    const answer = await undici(to, { ...sent, headers: { ...headers, ...(cookie && { cookie }) } })
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [name, value] = line.split(';')[0]!.split('=') as [string, string]
      cookies.set(name, value)
    }
    return { status: answer.statusCode, location: answer.headers.location, text: await answer.body.text() }
  }
  const looks = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  const does = async <T>(deed: string, body: unknown, more: Record<string, string> = {}): Promise<T> => {
    const from = {
      origin,
      referer: url,
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'same-origin',
      'content-type': 'application/json',
    }
    const said = await ask(`${origin}${pageApi}/${deed}`, { ...from, 'x-csrf-token': cookies.get('csrf-token') ?? '', ...more }, body)
    if (said.status >= 400) throw new Error(`${deed}: ${said.status} ${said.text.slice(0, 500)}`)
    return JSON.parse(said.text) as T
  }
  await ask(url, { ...looks, 'sec-fetch-site': 'cross-site' })
  const { account, ephemeralToken } = await does<{ account: { did?: string; sub?: string }; ephemeralToken: string }>('sign-in', {
    locale: 'en',
    username: handle,
    password,
    remember: false,
  })
  const whose = answer === 'consent' ? { did: account.did ?? account.sub } : {}
  const next = await does<{ url: string }>(answer, whose, { authorization: `Bearer ${ephemeralToken}` })
  const sent = await ask(next.url, { ...looks, referer: url })
  return new URL(String(sent.location))
}
