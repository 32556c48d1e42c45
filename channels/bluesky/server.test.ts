/** Against a server that fails in every way, slows us down, forgets and lies. */
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, test } from 'node:test'
import { setClock } from '#kernel/clock.ts'
import type { ChannelError } from '#kernel/errors.ts'
import { allowHosts, useResolver } from '#kernel/fetch.ts'
import { newId } from '#kernel/ids.ts'
import { accountOf } from '#social/channels/contract.ts'
import { faultyServer } from '#social/channels/testing.ts'
import type { Account, Draft } from '#social/channels/words.ts'
import { cidOf } from './cbor.ts'
import { channel } from './channel.ts'
import { cursorFrom } from './listen.ts'
import { firstKeyAt, keyFor } from './names.ts'
import type { Settings } from './settings.ts'
import { anna, care, settings } from './testing.ts'

describe('on a server that misbehaves', () => {
  type Answer = (request: IncomingMessage, body: string) => [status: number, body: unknown, headers?: Record<string, string>] | 'drop'
  let server: Server
  let account: Account<Settings>
  let answers: Record<string, Answer>
  let asked: string[]
  const session = { accessJwt: 'one', refreshJwt: 'again', did: care, handle: 'care.example' }
  const { converse, listen } = channel.can as Required<typeof channel.can>

  before(async () => {
    server = createServer((request, reply) => void respond(request, reply))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    allowHosts(['localhost', '127.0.0.0/8'])
  })
  after(() => {
    allowHosts([])
    server.closeAllConnections()
    server.close()
  })
  beforeEach(() => {
    asked = []
    answers = { createSession: () => [200, session], refreshSession: () => [200, { ...session, accessJwt: 'two' }] }
    // Another password each time: sessions are kept by it, allowances by the id.
    const did = `did:web:${newId()}.example`
    account = accountOf(
      { ...settings, did, password: newId(), server: `http://localhost:${(server.address() as AddressInfo).port}` },
      { id: newId(), org: newId() },
    )
  })

  async function respond(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const name = new URL(request.url!, 'http://x').pathname.split('.').at(-1)!
    asked.push(name)
    const answer = answers[name]?.(request, Buffer.concat(parts).toString()) ?? [501, {}]
    if (answer === 'drop') return void request.socket.destroy()
    const [status, body, headers = {}] = answer
    reply.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
  }

  const missing = [400, { error: 'RecordNotFound', message: 'Could not locate record' }] as [number, unknown]
  const root = { uri: `at://${anna}/app.bsky.feed.post/3lzk5aaaaaa2x`, cid: cidOf({}), value: {} }
  const draft: Draft = { id: 'x', to: [], copied: [], blindCopied: [], text: 'Yes.', attachments: [], answers: [root.uri] }
  /** Keeps what was written, as a server does. */
  function repository() {
    const kept = new Map<string, unknown>()
    answers.getRecord = request => {
      const query = new URL(request.url!, 'http://x').searchParams
      if (query.get('repo') === anna) return [200, root]
      const value = kept.get(query.get('rkey')!)
      return value ? [200, { uri: `at://${account.settings.did}/app.bsky.feed.post/${query.get('rkey')}`, cid: cidOf({}), value }] : missing
    }
    const write = (body: string) => {
      for (const each of JSON.parse(body).writes) {
        assert.ok(!kept.has(each.rkey))
        kept.set(each.rkey, each.value)
      }
    }
    return { kept, write }
  }
  const bearer = (request: IncomingMessage) => request.headers.authorization

  for (const [says, bad] of Object.entries<Answer>({
    'ends the line after it took it': () => 'drop',
    'says 500 after it took it': () => [500, { error: 'InternalServerError' }],
    'answers with a page of HTML': () => [200, '<html>'],
  }))
    test(`an answer to a server that ${says} is there once, and known`, async () => {
      const { kept, write } = repository()
      answers.applyWrites = (request, body) => {
        write(body)
        return bad(request, body)
      }
      const key = newId()
      const sent = await converse.reply(account, draft, key)
      assert.deepEqual(sent, await converse.reply(account, draft, key))
      assert.deepEqual([kept.size, asked.filter(each => each === 'applyWrites').length], [1, 1])
    })

  test('a link is quoted where it leads to a post, else it stands below the words', async () => {
    const { kept, write } = repository()
    answers.applyWrites = (_request, body) => [200, write(body) ?? {}]
    const [post, gone] = [
      `https://bsky.app/profile/${anna}/post/3lzk5aaaaaa2x`,
      `https://bsky.app/profile/${account.settings.did}/post/3lzk5aaaaaa2x`,
    ]
    for (const quotesLink of [post, root.uri, gone])
      await channel.can.publish!.send(account, { ...draft, answers: [], quotesLink }, newId())
    const said = [...kept.values()] as { text: string; embed?: { record: { uri: string } } }[]
    assert.deepEqual(
      said.map(each => [each.text, each.embed?.record.uri]),
      [
        ['Yes.', root.uri],
        ['Yes.', root.uri],
        [said[2]!.text, undefined],
      ],
    )
    assert.match(said[2]!.text, /^Yes\.\n\n.*bsky\.app/)
    assert.deepEqual([post, root.uri, 'https://example.com/', 'x'].map(channel.can.publish!.quotes!), [true, true, false, false])
  })

  test('where nobody can tell, it is unsure; repeated, it is there once', async () => {
    const { kept, write } = repository()
    const found = answers.getRecord!
    let isUp = false
    answers.applyWrites = (_request, body) => {
      write(body)
      answers.getRecord = (request, given) => (isUp ? found(request, given) : [502, 'x'])
      return 'drop'
    }
    const key = newId()
    await assert.rejects(converse.reply(account, draft, key), { kind: 'unsure' })
    await assert.rejects(converse.reply(account, draft, key), { kind: 'down' })
    isUp = true
    assert.equal((await converse.reply(account, draft, key)).state, 'done')
    assert.equal(kept.size, 1)
  })

  test('an expired session is renewed once for all who wait, and the call goes on', async () => {
    repository()
    const found = answers.getRecord!
    answers.getRecord = (request, body) => (bearer(request) === 'Bearer two' ? found(request, body) : [400, { error: 'ExpiredToken' }])
    const looked = await Promise.all([1, 2, 3].map(() => converse.lookUp!(account, newId())))
    assert.deepEqual(looked, [null, null, null])
    assert.deepEqual(
      [asked.filter(each => each === 'createSession').length, asked.filter(each => each === 'refreshSession').length],
      [1, 1],
    )
  })

  test('a password that is revoked asks for a person, after one try and no more', async () => {
    answers.getRecord = () => [401, { error: 'InvalidToken' }]
    answers.refreshSession = () => [400, { error: 'ExpiredToken' }]
    let tries = 0
    answers.createSession = () => (tries++ ? [401, { error: 'AuthenticationRequired' }] : [200, session])
    await assert.rejects(converse.lookUp!(account, newId()), { kind: 'reconnect', says: 'bluesky.signInAgain' })
    assert.equal(tries, 2)
  })

  test('a sign-in that is too much waits, and one whose server is down is tried again', async () => {
    answers.createSession = () => [429, { error: 'RateLimitExceeded' }, { 'retry-after': '300' }]
    await assert.rejects(converse.lookUp!(account, newId()), { kind: 'wait' })
    await assert.rejects(converse.lookUp!(account, newId()), { kind: 'wait' })
    assert.equal(asked.length, 1, 'not asked again before it may')
    account.settings.did = `did:web:${newId()}.example`
    answers.createSession = () => 'drop'
    await assert.rejects(converse.lookUp!(account, newId()), { kind: 'down' })
  })

  test('a server that allows 100 writes an hour gets 100, and is never asked for more', async () => {
    const { kept, write } = repository()
    const start = Date.now()
    let left = 300
    let refused = 0
    let renewsAt = start + 3_600_000
    setClock(() => new Date(start))
    answers.applyWrites = (_request, body) => {
      const points = 3 * JSON.parse(body).writes.length
      const headers = () => ({
        'ratelimit-limit': '300',
        'ratelimit-remaining': String(left),
        'ratelimit-reset': String(Math.ceil(renewsAt / 1000)),
        date: new Date(start).toUTCString(),
      })
      if (left < points) refused++
      if (left < points) return [429, {}, headers()]
      left -= points
      write(body)
      return [200, {}, headers()]
    }
    const sendAll = async (count: number) => {
      const outcomes = []
      for (let at = 0; at < count; at++) outcomes.push(await converse.reply(account, draft, newId()).catch((error: ChannelError) => error))
      return outcomes
    }
    const last = (await sendAll(130)).at(-1) as ChannelError
    assert.deepEqual([kept.size, refused, last.kind], [100, 0, 'wait'])
    assert.ok(Math.abs(last.until!.getTime() - renewsAt) <= 2000)
    assert.deepEqual(channel.quota!(account), { left: 0, of: 300, until: last.until })
    ;[left, renewsAt] = [300, renewsAt + 3_600_000]
    setClock(() => new Date(last.until!.getTime() + 1))
    await sendAll(5)
    setClock()
    assert.deepEqual([kept.size, refused], [105, 0])
  })

  test('posts under every fault, repeated as the house does: each is there once, none twice, none missing', async () => {
    const count = process.env.FULL ? 1000 : 60
    const kept = new Map<string, number>()
    const faulty = faultyServer(7)
    answers.getRecord = request => {
      const query = new URL(request.url!, 'http://x').searchParams
      if (faulty.chance() < 0.1) return faulty.chance() < 0.5 ? 'drop' : [503, {}]
      if (query.get('repo') === anna) return [200, root]
      return kept.has(query.get('rkey')!) ? [200, { ...root, uri: 'at://x' }] : missing
    }
    answers.applyWrites = (_request, body) => {
      const early = faulty.before()
      if (early) return early
      for (const { rkey } of JSON.parse(body).writes) {
        if (kept.has(rkey)) return [400, { error: 'InvalidRequest', message: 'Record already exists' }]
        kept.set(rkey, (kept.get(rkey) ?? 0) + 1)
      }
      return faulty.after() ?? [200, {}]
    }
    const keys = Array.from({ length: count }, () => newId())
    let tries = 0
    for (const key of keys) tries += await faulty.sent(() => converse.reply(account, draft, key), 60)
    setClock()
    assert.ok(tries > count * 1.1)
    assert.deepEqual(new Set(kept.keys()), new Set(keys.map(keyFor)))
    assert.ok([...kept.values()].every(times => times === 1))
  })

  test('a long answer is one change, and counts as its parts', async () => {
    const { kept, write } = repository()
    answers.applyWrites = (_request, body) => {
      write(body)
      return [200, {}]
    }
    await converse.reply(account, { ...draft, text: 'A long sentence of words. '.repeat(80) }, newId())
    const parts = [...kept.values()] as { text: string; reply: { root: { uri: string }; parent: { uri: string } } }[]
    assert.ok(parts.length > 6)
    assert.equal(asked.filter(each => each === 'applyWrites').length, 1)
    assert.deepEqual([parts[0]!.reply.parent.uri, new Set(parts.map(each => each.reply.root.uri)).size], [root.uri, 1])
  })

  const page = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => ({
      uri: `at://${anna}/app.bsky.graph.follow/3lzk5${String(from - at).padStart(8, 'a')}`,
      author: { did: anna, handle: 'anna.example' },
      reason: 'follow',
      record: {},
      indexedAt: new Date(Date.parse('2026-03-12T00:00:00Z') + (from - at) * 20_000).toISOString(),
    }))

  test('a walk back is taken up where it stopped, page by page, and a forgotten page begins it anew; each is told once', async () => {
    setClock(() => new Date('2026-03-12T12:00:00Z'))
    answers.listRecords = () => [200, { records: [] }]
    let forgets = false
    answers.listNotifications = request => {
      const cursor = new URL(request.url!, 'http://x').searchParams.get('cursor')
      if (cursor && forgets) return [400, { error: 'InvalidRequest', message: 'Malformed cursor' }]
      const from = cursor ? Number(cursor) : 350
      return [200, { notifications: page(from, Math.min(100, from)), ...(from > 100 && { cursor: String(from - 100) }) }]
    }
    const told: string[] = []
    let cursor: string | null = 'lost'
    const look = async () => {
      const batch = await listen.since(account, cursor)
      told.push(...batch.heard.map(each => each.remoteId))
      cursor = batch.cursor
      return batch.more
    }
    assert.ok(await look())
    forgets = true
    assert.ok(await look(), 'anew, from the newest')
    assert.equal(told.length, 100)
    forgets = false
    for (; await look(); );
    assert.equal(await look(), false)
    setClock()
    assert.deepEqual([told.length, new Set(told).size], [350, 350])
  })

  test('what was there before comes newest first, page by page, back to the moment that was asked for; then it ends', async () => {
    const { did } = account.settings
    const day = (number: number, minute = 0) => new Date(Date.UTC(2026, 2, number, 0, minute))
    const own = Array.from({ length: 130 }, (_, at) => {
      const when = at < 5 ? day(1, at) : day(12, at)
      const value = { $type: 'app.bsky.feed.post', text: `Post ${at}`, createdAt: when.toISOString() }
      return { uri: `at://${did}/app.bsky.feed.post/${firstKeyAt(when)}`, cid: cidOf({}), value }
    }).reverse()
    answers.listRecords = request => {
      const query = new URL(request.url!, 'http://x').searchParams
      const [below, down] = [query.get('cursor'), query.get('reverse') !== 'true']
      const rest = down ? own.filter(each => !below || each.uri.split('/').at(-1)! < below) : []
      return [200, { records: rest.slice(0, 100) }]
    }
    answers.listNotifications = request => {
      const from = Number(new URL(request.url!, 'http://x').searchParams.get('cursor') ?? 150)
      return [200, { notifications: page(from, Math.min(100, from)), ...(from > 100 && { cursor: String(from - 100) }) }]
    }
    const pages: string[][] = []
    for (let [cursor, more] = [null as string | null, true]; more; ) {
      const batch = await listen.history!(account, day(5), cursor)
      pages.push(batch.heard.map(each => each.remoteId))
      for (const [at, each] of batch.heard.entries()) assert.ok(!(each.at > (batch.heard[at - 1]?.at ?? each.at)), 'newest first')
      ;({ cursor, more } = batch)
    }
    assert.deepEqual(
      [pages.map(each => each.length), new Set(pages.flat()).size],
      [[200, 75], 275],
      '5 posts are older than what was asked for',
    )
    assert.deepEqual((await listen.history!(account, day(20), null)).more, false)
    const fresh = await listen.since(account, null)
    assert.deepEqual([fresh.heard, fresh.more], [[], false], 'of itself it begins now')
  })

  test('an account that nobody has seen yet is connected under its handle; one that may not read its news is not', async () => {
    useResolver(async () => [])
    const { server } = account.settings
    const connect = () => channel.discover({ handle: care, password: newId(), server: server.replace('localhost', '127.0.0.1') }, () => {})
    answers.listNotifications = () => [200, { notifications: [] }]
    for (const unseen of [
      () => [400, { error: 'InvalidRequest', message: 'Profile not found' }],
      () => [502, {}],
      () => 'drop',
    ] as Answer[]) {
      answers.getProfile = unseen
      const { name, settings } = await connect()
      assert.deepEqual([name, settings.did], ['care.example', care])
    }
    answers.getProfile = () => [200, { displayName: ' Care\n' }]
    assert.equal((await connect()).name, 'Care')
    answers.listNotifications = () => [401, { error: 'InvalidToken' }]
    await assert.rejects(connect(), { kind: 'rejected', says: 'bluesky.advicePassword' })
    useResolver()
  })

  test('watching ends at once when it is to end', async () => {
    const end = new AbortController()
    let news = 0
    const watching = listen.watch!(account, () => news++, end.signal)
    end.abort()
    await watching
    assert.equal(news, 0)
  })

  test('an answer that is no list, and a cursor that cannot be read, lose nothing', async () => {
    answers.listRecords = () => [200, { records: [] }]
    answers.listNotifications = () => [200, '<html>']
    await assert.rejects(listen.since(account, null), { kind: 'down', says: 'bluesky.unreadable' })
    for (const bad of ['', 'x', '{}', '{"seen":"never"}']) assert.deepEqual(cursorFrom(bad).recent, [])
  })
})
