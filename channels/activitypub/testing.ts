/** For tests: several hosts behind one server on this machine. Some are houses with actors of ours, others answer whatever a test wants them to. */
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Hono } from 'hono'
import { allowHosts, useResolver } from '#kernel/fetch.ts'
import { accountOf } from '#social/channels/contract.ts'
import type { Account, Call, Called, Heard } from '#social/channels/words.ts'
import { actorDocument } from './actor.ts'
import { channel } from './channel.ts'
import { activityType } from './documents.ts'
import { actorOf } from './names.ts'
import { settings as form, type Settings } from './settings.ts'
import { type Style, signed } from './sign.ts'

export const newKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

export interface Member {
  settings: Settings
  id: string
  account: Account<Settings> & { tasks: unknown[] }
  heard: Heard[]
}

interface Answer {
  status?: number
  type?: string
  body?: unknown
  headers?: Record<string, string>
  /** Instead of an answer. */
  silent?: true
}

export interface World {
  /** `here` is this machine by its number, as other programs find it; all others are names that only this process knows. */
  origin(host: string): string
  /** An actor of ours on a host. */
  join(host: string, username: string, more?: Partial<Settings>): Member
  /** The house removes it: it takes leave, and is not there any more. */
  leave(member: Member): Promise<void>
  /** Somebody who is none of ours, whose document is served as ours would be; `post` signs as they do. */
  stranger(host: string, username: string): Stranger
  answer(host: string, path: string, answer: Answer | ((request: { url: string; headers: IncomingMessage['headers'] }) => Answer)): void
  /** What was asked of hosts that are none of ours: `GET evil /path`. */
  asked: string[]
  /** The bodies that strangers were brought. */
  brought: { host: string; path: string; headers: Headers; body: Record<string, unknown> }[]
  /** Anybody asks for something here. */
  get(url: string, headers?: Record<string, string>): Promise<Response>
  /** The same for a request as somebody else made it. */
  call(request: Request): Promise<Response>
  /** Does everything that was to be done later; tells what failed. */
  settle(): Promise<string[]>
  stop(): Promise<void>
}

export interface Stranger {
  settings: Settings
  id: string
  /** Brings an activity, signed as told; returns the status. */
  post(inbox: string, activity: Record<string, unknown>, how?: Posting): Promise<number>
}

export interface Posting {
  style?: Style
  /** Changes the request after it was signed. */
  spoil?: (headers: Record<string, string>, body: string) => { headers?: Record<string, string | undefined>; body?: string; url?: string }
  signer?: Settings
  type?: string
}

export async function startWorld(): Promise<World> {
  const members: Member[] = []
  const gone: string[] = []
  const answers = new Map<string, Parameters<World['answer']>[2]>()
  const [asked, brought, key]: [string[], World['brought'], string] = [[], [], newKey()]
  const doors = doorsOf(members, gone)
  const server = createServer((request, response) => void handle(request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const port = (server.address() as AddressInfo).port
  useResolver(async () => [{ address: '127.0.0.1', family: 4 }])
  allowHosts(['*.example'])
  const origin = (host: string) => (host === 'here' ? `http://127.0.0.1:${port}` : `http://${host}.example:${port}`)

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [first = ''] = (request.headers.host ?? '').split('.')
    const host = first === '127' ? 'here' : first
    const body = await bodyOf(request)
    const asFetched = requestOf(request, body)
    if (members.some(({ settings }) => settings.server === origin(host))) return send(response, await doors(asFetched, origin(host)))
    const path = request.url!.split('?')[0]!
    asked.push(`${request.method} ${host} ${path}`)
    if (request.method === 'POST') brought.push({ host, path, headers: asFetched.headers, body: JSON.parse(body.toString()) })
    const given = answers.get(`${host} ${path}`) ?? (request.method === 'POST' ? { status: 202 } : { status: 404 })
    const answer = typeof given === 'function' ? given({ url: request.url!, headers: request.headers }) : given
    if (!answer.silent) await send(response, responseOf(answer))
  }

  const settingsOf = (host: string, username: string, more: Partial<Settings> = {}): Settings =>
    form.parse({ username, name: username, server: origin(host), privateKey: key, ...more })

  return {
    origin,
    asked,
    brought,
    answer: (host, path, answer) => void answers.set(`${host} ${path}`, answer),
    join(host, username, more) {
      const settings = settingsOf(host, username, more)
      const member = { settings, id: actorOf(settings), account: accountOf(settings, { id: actorOf(settings) }), heard: [] }
      members.push(member)
      return member
    },
    async leave(member) {
      members.splice(members.indexOf(member), 1)
      gone.push(channel.own!(member.settings)[0]!)
      member.account.tasks.push(channel.upon!.leaves)
      await settle([...members, member])
    },
    stranger(host, username) {
      const settings = settingsOf(host, username, { privateKey: newKey() })
      answers.set(`${host} /activitypub/actors/${username}`, { body: actorDocument({ settings }) })
      return { settings, id: actorOf(settings), post: (inbox, activity, how) => bring(doors, settings, inbox, activity, how) }
    },
    get: (url, headers = {}) => doors(new Request(url, { headers: { accept: activityType, ...headers } }), new URL(url).origin),
    call: request => doors(request, new URL(request.url).origin),
    settle: () => settle(members),
    stop: () => stop(server),
  }
}

const responseOf = ({ status = 200, type = activityType, body = '', headers = {} }: Answer): Response =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers: { 'content-type': type, ...headers } })

type Doors = (request: Request, origin: string) => Promise<Response>

/** The part of a house that stands behind doors. */
function doorsOf(members: Member[], gone: string[]): Doors {
  const app = new Hono<{ Bindings: { origin: string } }>()
  for (const { method, path, answer } of channel.doors ?? [])
    app.on(method, path, context => {
      const { origin } = context.env
      const call: Call<Settings> = {
        request: context.req.raw,
        params: context.req.param(),
        origin,
        from: '192.0.2.1',
        account: which => calledFrom(members, which),
        knowing: it =>
          knowing(
            members.filter(({ settings }) => settings.server === origin),
            it,
          ),
        left: async address => gone.includes(address),
      }
      return answer(call)
    })
  return async (request, origin) => app.fetch(request, { origin })
}

async function calledFrom(members: Member[], which: { address: string } | { id: string }): Promise<Called<Settings> | null> {
  const found = members.find(({ id, settings }) => ('id' in which ? id === which.id : channel.own!(settings).includes(which.address)))
  return found ? called(found) : null
}

async function knowing(members: Member[], { things, kept }: { things: string[]; kept: string[] }): Promise<Called<Settings>[]> {
  const found: Called<Settings>[] = []
  for (const member of members) {
    const values = await Promise.all(kept.map(name => member.account.memory.get(name)))
    const hasHeard = member.heard.some(({ remoteId }) => things.includes(remoteId))
    if (hasHeard || values.some(value => value !== undefined)) found.push(called(member))
  }
  return found
}

function called(found: Member): Called<Settings> {
  return {
    account: found.account,
    name: found.settings.name,
    takeIn: async heard => {
      const fresh = heard.filter(({ remoteId }) => !found.heard.some(each => each.remoteId === remoteId))
      found.heard.push(...fresh)
      return fresh.length
    },
    said: async () => ({ items: [], next: null }),
    saidAs: async () => null,
    present: async () => false,
    writing: async () => {},
    question: async () => null,
    choose: async () => null,
  }
}

async function settle(members: Member[]): Promise<string[]> {
  const faults: string[] = []
  for (let some = true; some; ) {
    some = false
    for (const { account } of members)
      for (const task of account.tasks.splice(0)) {
        some = true
        await channel.work!(account, structuredClone(task)).catch(error => void faults.push(`${error.kind} ${error.says}`))
      }
  }
  return faults
}

async function bring(
  doors: Doors,
  settings: Settings,
  inbox: string,
  activity: Record<string, unknown>,
  how: Posting = {},
): Promise<number> {
  const body = JSON.stringify(activity)
  const url = new URL(inbox)
  const made = signed(how.signer ?? settings, { method: 'POST', url, body: new TextEncoder().encode(body) }, how.style)
  const headers: Record<string, string> = { 'content-type': how.type ?? activityType, ...made }
  const spoilt = how.spoil?.(headers, body) ?? {}
  const sent = Object.entries({ ...headers, ...spoilt.headers }).filter((each): each is [string, string] => each[1] !== undefined)
  const request = new Request(spoilt.url ?? url, { method: 'POST', headers: sent, body: spoilt.body ?? body })
  return (await doors(request, url.origin)).status
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

function requestOf({ url = '/', method = 'GET', headers }: IncomingMessage, body: Buffer): Request {
  const given = Object.entries(headers).flatMap(([name, value]) => [value ?? []].flat().map(each => [name, each] as [string, string]))
  return new Request(`http://${headers.host}${url}`, { method, headers: given, ...(method === 'POST' && { body: new Uint8Array(body) }) })
}

async function send(response: ServerResponse, answer: Response): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  response.end(Buffer.from(await answer.arrayBuffer()))
}

async function stop(server: Server): Promise<void> {
  useResolver()
  allowHosts([])
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
}
