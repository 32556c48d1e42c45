/** For tests: an account's settings, recordings, and a small server that does what the published description says, with faults as they are wished. */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { now } from '#kernel/clock.ts'
import type { Heard, HeardMessage } from '#social/channels/words.ts'
import type { Settings } from './settings.ts'

export const settings: Settings = {
  server: 'https://social.example',
  token: 'token',
  address: 'care@social.example',
  accountId: '1',
  goodUntil: '',
  renewalToken: '',
  home: false,
}

export const recording = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, 'recordings', `${name}.json`))
export const messages = (heard: Heard[]) => heard.filter((each): each is HeardMessage => each.is === 'message')

type Json = Record<string, unknown>
export interface Asked {
  name: string
  url: URL
  headers: IncomingMessage['headers']
  body: string
  json: Json
}
export type Answer = [status: number, body: unknown, headers?: Record<string, string>]
/** Before: instead of doing it. After: it is done, and this is what is said of it. */
export type Fault = (asked: Asked) => Answer | 'drop' | undefined

export interface Scripted {
  origin: string
  /** Names of what was asked, such as `POST statuses`. */
  asked: string[]
  posts: Map<string, Json>
  /** How many there ever were: no id is given twice. */
  count: number
  notifications: Json[]
  accounts: Record<string, Json>
  instance: Json
  before: Fault
  after: Fault
  /** What the server tells those who listen; undefined when nobody does. */
  stream: ServerResponse | undefined
  add(post: Json): Json
  reset(): void
  stop(): void
}

const first = 110_000_000_000_000_000n
const person = (id: string, acct: string): Json => ({
  id,
  acct,
  url: `https://x.example/@${acct}`,
  display_name: acct,
  bot: false,
  note: '',
})

export async function scripted(): Promise<Scripted> {
  const it: Scripted = { ...empty(), origin: '', add: post => add(it, post), reset: () => void Object.assign(it, empty()), stop: () => {} }
  const server = createServer((request, reply) => void respond(it, request, reply))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  it.origin = `http://localhost:${(server.address() as AddressInfo).port}`
  it.stop = () => {
    server.closeAllConnections()
    server.close()
  }
  return it
}

const empty = () => ({
  asked: [],
  posts: new Map<string, Json>(),
  count: 0,
  notifications: [],
  accounts: { '1': person('1', 'care'), '2': person('2', 'anna@kund.example') },
  instance: { domain: 'social.example', version: '4.5.0', api_versions: { mastodon: 7 } },
  before: () => undefined,
  after: () => undefined,
  stream: undefined,
})

const nothing = [404, { error: 'Record not found' }] satisfies Answer
const keys = new WeakMap<Map<string, Json>, Map<string, { post: Json; at: number }>>()

function add(it: Scripted, post: Json): Json {
  const id = String(first + BigInt(++it.count))
  const usual = {
    created_at: now().toISOString(),
    visibility: 'public',
    content: '',
    mentions: [],
    media_attachments: [],
    in_reply_to_id: null,
  }
  const whole = { ...usual, id, account: it.accounts['1'], url: `https://social.example/@care/${id}`, replies_count: 0, ...post }
  it.posts.set(id, whole)
  return whole
}

async function respond(it: Scripted, request: IncomingMessage, reply: ServerResponse): Promise<void> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const body = Buffer.concat(parts).toString('latin1')
  const url = new URL(request.url!, it.origin)
  const isJson = request.headers['content-type'] === 'application/json'
  const name = `${request.method} ${url.pathname.replace(/^\/(api\/v\d\/|oauth\/)/, '').replace(/\b\d{5,}\b/, ':id')}`
  const asked = { name, url, headers: request.headers, body, json: isJson ? JSON.parse(Buffer.concat(parts).toString()) : {} }
  it.asked.push(name)
  if (name === 'GET streaming/user' && !it.before(asked)) return listenTo(it, reply)
  const early = it.before(asked)
  const done = early ?? answerTo(it, asked)
  const answer = early ?? it.after(asked) ?? done
  if (answer === 'drop') return void request.socket.destroy()
  const [status, said, headers = {}] = answer
  reply.writeHead(status, { 'content-type': typeof said === 'string' ? 'text/html' : 'application/json', ...headers })
  reply.end(typeof said === 'string' ? said : JSON.stringify(said))
}

function listenTo(it: Scripted, reply: ServerResponse): void {
  reply.writeHead(200, { 'content-type': 'text/event-stream' })
  reply.write(':)\n\n')
  it.stream = reply
  reply.on('close', () => (it.stream = undefined))
}

function answerTo(it: Scripted, asked: Asked): Answer {
  const id = /\d{5,}/.exec(asked.url.pathname)?.[0] ?? ''
  const post = it.posts.get(id)
  const answers: Record<string, () => Answer> = {
    'GET instance': () => [200, it.instance],
    'POST apps': () => [200, { client_id: 'client', client_secret: 'secret' }],
    'GET authorize': () => [302, '', { location: backFrom(asked.url) }],
    'POST token': () => (asked.body.includes('code=right') ? [200, { access_token: 'granted' }] : [400, { error: 'invalid_grant' }]),
    'GET accounts/verify_credentials': () => [200, it.accounts['1']],
    'GET accounts/lookup': () => [200, it.accounts['2']],
    'GET notifications': () => [200, paged(it.notifications, asked.url)],
    'GET accounts/1/statuses': () => [200, paged(own(it), asked.url)],
    'GET statuses': () => [200, asked.url.searchParams.getAll('id[]').flatMap(each => it.posts.get(each) ?? [])],
    'GET search': () => [200, { statuses: [...it.posts.values()].filter(each => each.url === asked.url.searchParams.get('q')) }],
    'POST statuses': () => make(it, asked),
    'GET statuses/:id': () => (post ? [200, post] : nothing),
    'PUT statuses/:id': () => (post ? [200, Object.assign(post, changesIn(asked.json, post.poll))] : nothing),
    'DELETE statuses/:id': () => (it.posts.delete(id) ? [200, {}] : nothing),
    'POST media': () => [202, { id: String(90_000 + it.asked.length), url: null }],
    'GET media/:id': () => [200, { id }],
  }
  const isSign = /^POST statuses\/:id\/(un)?(favourite|reblog)$/.test(asked.name)
  if (isSign) return post ? [200, post] : nothing
  return (answers[asked.name] ?? (() => nothing))()
}

/** Everybody is let in at once. */
const backFrom = ({ searchParams }: URL): string =>
  `${searchParams.get('redirect_uri')}?${new URLSearchParams({ code: 'right', state: searchParams.get('state') ?? '' })}`

const own = (it: Scripted): Json[] => [...it.posts.values()].filter(each => (each.account as Json).id === '1')

function paged(list: Json[], { searchParams }: URL): Json[] {
  const [above, below, limit] = ['min_id', 'max_id', 'limit'].map(name => BigInt(searchParams.get(name) ?? 0))
  const ids = (each: Json) => BigInt(each.id as string)
  const rising = list
    .filter(each => ids(each) > above! && (!below || ids(each) < below))
    .sort((one, other) => Number(ids(one) - ids(other)))
  return (above ? rising.slice(0, Number(limit)) : rising.slice(-Number(limit))).reverse()
}

/** The same key within the hour is the same post. */
function make(it: Scripted, { json, headers }: Asked): Answer {
  const known = keys.get(it.posts) ?? keys.set(it.posts, new Map()).get(it.posts)!
  const key = String(headers['idempotency-key'])
  const before = known.get(key)
  if (before && now().getTime() - before.at < 3_600_000) return [200, before.post]
  if (json.in_reply_to_id && !it.posts.has(json.in_reply_to_id as string))
    return [404, { error: 'The post you are trying to reply to does not exist.' }]
  if (json.poll && json.media_ids) return [422, { error: 'Validation failed: Cannot attach a video or pictures to a poll' }]
  const post = add(it, { ...changesIn(json), in_reply_to_id: json.in_reply_to_id ?? null, visibility: json.visibility, asked: json })
  known.set(key, { post, at: now().getTime() })
  return [200, post]
}

const changesIn = (json: Json, before?: unknown): Json => ({
  content: rendered(String(json.status)),
  spoiler_text: json.spoiler_text,
  media_attachments: ((json.media_ids ?? []) as string[]).map(id => ({ id, type: 'image', url: null })),
  poll: pollIn(json.poll as Asking | undefined, before as Json | undefined),
})

interface Asking {
  options: string[]
  expires_in: number
  multiple: boolean
}

/** Without it, a post that is changed has none any more; with the same choices, the votes stay. */
function pollIn(asking: Asking | undefined, before: Json | undefined): Json | null {
  if (!asking) return null
  const options = asking.options.map(title => ({ title, votes_count: 0 }))
  const isSame = (before?.options as typeof options | undefined)?.map(each => each.title).join('\n') === asking.options.join('\n')
  const expires_at = new Date(now().getTime() + asking.expires_in * 1000).toISOString()
  return { id: '7', multiple: asking.multiple, expires_at, options: isSame ? before!.options : options }
}

/** As Mastodon shows it: names without their host, links cut in three. */
const rendered = (text: string): string =>
  `<p>${text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .split(' ')
    .map(word => {
      if (/^https:\/\//.test(word)) return `<a href="${word}"><span class="invisible">https://</span><span>${word.slice(8)}</span></a>`
      return /^@\w+@/.test(word) ? `<a class="u-url mention">@<span>${word.split('@')[1]}</span></a>` : word
    })
    .join(' ')
    .replaceAll('\n\n', '</p><p>')}</p>`
