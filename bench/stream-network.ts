/** A network on loopback for the stream: an account's server as far as it is asked, a Jetstream that says what it is told to, and a few thousand people. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { languages } from '#kernel/messages.ts'
import { dice } from '../tools/demo/world.ts'
import { writer } from './world/words.ts'

export interface Network {
  server: string
  stream: string
  /** Says these to whoever listens. */
  say(events: readonly string[]): void
  /** Writes whole frames, made by `framed`, to whoever listens; resolves when the last byte has left, which it does as fast as they read. */
  pour(frames: Uint8Array): Promise<void>
  /** Resolves when somebody listens; a line that was there is ended first. */
  listened(): Promise<void>
  stop(): Promise<void>
}

export const care = { did: 'did:plc:carecarecarecarecarecare', handle: 'care.example' }
/** Another one for each number. */
export const didOf = (person: number) =>
  `did:plc:${Buffer.from(person.toString(16).padStart(24, '0')).map(code => (code < 58 ? code + 49 : code + 10))}`

export async function startNetwork(): Promise<Network> {
  const lines = new WebSocketServer({ noServer: true })
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(answerTo(new URL(request.url ?? '/', 'http://x'))))
  })
  const sockets = new Set<Duplex>()
  server.on('upgrade', (_request, socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('upgrade', (request, socket, head) => lines.handleUpgrade(request, socket, head, line => void lines.emit('connection', line)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const listeners = (): WebSocket[] => [...lines.clients].filter(line => line.readyState === line.OPEN)
  return {
    server: `http://${origin}`,
    stream: `ws://${origin}/subscribe`,
    say: events => {
      for (const line of listeners()) for (const event of events) line.send(event)
    },
    pour: async frames => {
      await Promise.all([...sockets].map(socket => new Promise<void>(resolve => socket.write(frames, () => resolve()))))
    },
    async listened() {
      for (const line of listeners()) line.terminate()
      await once(lines, 'connection')
    },
    async stop() {
      for (const line of lines.clients) line.terminate()
      server.closeAllConnections()
      server.close()
    },
  }
}

/** One text as a frame of a WebSocket, as a server sends it (RFC 6455, section 5.2). */
export function framed(text: string): Buffer {
  const bytes = Buffer.from(text)
  const head = bytes.length < 126 ? Buffer.from([0x81, bytes.length]) : Buffer.from([0x81, 126, bytes.length >> 8, bytes.length & 255])
  return Buffer.concat([head, bytes])
}

function answerTo({ pathname, searchParams }: URL): unknown {
  if (pathname.endsWith('createSession')) return { accessJwt: 'a', refreshJwt: 'r', ...care }
  if (!pathname.endsWith('getProfiles')) return { notifications: [], records: [] }
  const nameOf = (did: string) => did.slice(-6)
  return {
    profiles: searchParams.getAll('actors').map(did => ({ did, handle: `${nameOf(did)}.example`, displayName: `Person ${nameOf(did)}` })),
  }
}

// —— what is said ——

/** How many there were of each, so that afterwards nothing is missing and nothing is there twice. */
export interface Said {
  own: number
  messages: number
  reactions: number
  follows: number
  edits: number
  removals: number
  undone: number
}

export interface Talk {
  /** The next so many things, as they were said in this order. */
  next(count: number): string[]
  /** Our own posts, which others talk about. */
  begin(count: number): string[]
  said: Said
}

const people = 4000

/**
 * Half of it are likes, a tenth is passed on, a third are words: answers to us and to each other, mentions, quotes; the rest is changed, taken back, or
 * somebody who follows. Texts are as long as they are there: some twenty words.
 */
export function talk(seed: number): Talk {
  const chance = dice(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)]!
  const said: Said = { own: 0, messages: 0, reactions: 0, follows: 0, edits: 0, removals: 0, undone: 0 }
  const posts: { uri: string; root: string }[] = []
  const [answers, given, seen, followers]: [Post[], Record[], Set<string>, Set<number>] = [[], [], new Set(), new Set()]
  let [number, time] = [0, (Date.now() - 3_600_000) * 1000]
  const event = (person: string, operation: string, collection: string, key: string, record?: unknown) =>
    JSON.stringify({
      did: person,
      time_us: (time += 400 + Math.floor(chance() * 200)),
      kind: 'commit',
      commit: {
        rev: `${seed}r${number}`,
        operation,
        collection,
        rkey: key,
        ...(record !== undefined && { record, cid: `bafy${seed}${number}` }),
      },
    })
  const key = () => `${seed}k${(number++).toString(36)}`
  const write = writer(chance)
  const text = () => write(pick(languages), 6 + Math.floor(chance() * 28))
  const post = (about: object) => ({
    $type: 'app.bsky.feed.post',
    text: text(),
    createdAt: new Date().toISOString(),
    langs: ['en'],
    ...about,
  })

  function message(): string {
    said.messages++
    const [who, name] = [didOf(Math.floor(chance() * people)), key()]
    const share = chance()
    const to = pick(posts)
    const ref = (uri: string) => ({ uri, cid: 'bafycid' })
    const about =
      share < 0.7
        ? { reply: { root: ref(to.root), parent: ref(to.uri) } }
        : share < 0.92
          ? { facets: [{ index: { byteStart: 0, byteEnd: 4 }, features: [{ $type: 'app.bsky.richtext.facet#mention', did: care.did }] }] }
          : { embed: { $type: 'app.bsky.embed.record', record: ref(pick(posts).root) } }
    const record = post(about)
    answers.push({ who, name, record })
    if (share < 0.2) posts.push({ uri: `at://${who}/app.bsky.feed.post/${name}`, root: to.root })
    return event(who, 'create', 'app.bsky.feed.post', name, record)
  }

  function reaction(): string {
    const [person, kind] = [Math.floor(chance() * people), chance() < 0.83 ? 'like' : 'repost']
    const { root } = pick(posts)
    const mark = `${person} ${kind} ${root}`
    if (seen.has(mark)) return reaction()
    seen.add(mark)
    said.reactions++
    const record = { who: didOf(person), collection: `app.bsky.feed.${kind}`, name: key() }
    given.push(record)
    return event(record.who, 'create', record.collection, record.name, {
      subject: { uri: root, cid: 'bafycid' },
      createdAt: '2026-01-01T00:00:00Z',
    })
  }

  function follower(): string {
    const person = Math.floor(chance() * 1_000_000)
    if (followers.has(person)) return follower()
    followers.add(person)
    said.follows++
    return event(didOf(5_000_000 + person), 'create', 'app.bsky.graph.follow', key(), { subject: care.did })
  }

  /** Of those some hundred steps back: nobody takes back what was said this very moment. */
  const takeOne = <T>(list: T[]): T | undefined =>
    list.length > 500 ? list.splice(Math.floor(chance() * (list.length - 400)), 1)[0] : undefined

  function next(): string {
    const share = chance()
    if (share < 0.6) return reaction()
    if (share < 0.92) return message()
    if (share < 0.94) return follower()
    const [gone, other] = [share < 0.96 ? takeOne(given) : undefined, share >= 0.96 ? takeOne(answers) : undefined]
    if (gone) {
      said.undone++
      return event(gone.who, 'delete', gone.collection, gone.name)
    }
    if (!other) return reaction()
    if (share < 0.98) {
      said.edits++
      return event(other.who, 'update', 'app.bsky.feed.post', other.name, { ...other.record, text: text() })
    }
    said.removals++
    return event(other.who, 'delete', 'app.bsky.feed.post', other.name)
  }

  return {
    said,
    next: count => Array.from({ length: count }, next),
    begin: count =>
      Array.from({ length: count }, () => {
        said.own++
        const name = key()
        const uri = `at://${care.did}/app.bsky.feed.post/${name}`
        posts.push({ uri, root: uri })
        return event(care.did, 'create', 'app.bsky.feed.post', name, post({}))
      }),
  }
}

interface Post {
  who: string
  name: string
  record: object
}
interface Record {
  who: string
  collection: string
  name: string
}
