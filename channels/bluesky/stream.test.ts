import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { encode } from 'cborg'
import { WebSocketServer } from 'ws'
import { setClock } from '#kernel/clock.ts'
import { allowHosts } from '#kernel/fetch.ts'
import { accountOf } from '#social/channels/contract.ts'
import type { Heard } from '#social/channels/words.ts'
import { cidOf, type Value } from './cbor.ts'
import { collections, fromChange, recentUpTo } from './concerns.ts'
import { fromJetstream, fromRelay } from './frames.ts'
import { since } from './listen.ts'
import type { Settings } from './settings.ts'
import { follow, isOpen, type Mark, toldSince, usePauses, work } from './stream.ts'

const recorded = <T>(name: string) => JSON.parse(readFileSync(join(import.meta.dirname, 'recordings', `${name}.json`), 'utf8')) as T
const relayed = recorded<{ self: { did: string; handle: string }; frames: string[] }>('network-stream')
const { self } = relayed
const frames = relayed.frames.map(each => Buffer.from(each, 'base64'))
const { events } = recorded<{ events: unknown[] }>('stream')

// —— what is told ——

const ofFrames = () => frames.flatMap(frame => fromRelay(frame, collections))
const ofEvents = () => events.flatMap(each => fromJetstream(JSON.stringify(each)))

function heardIn(told: ReturnType<typeof fromRelay>): Heard[] {
  const recent = recentUpTo(100)
  return told.flatMap(each => (each.is === 'change' ? (fromChange(each, self, recent)?.heard ?? []) : []))
}

test('of everything that passes by, only what concerns the account is heard, in the form and by the names of the notifications', () => {
  const heard = heardIn(ofFrames())
  assert.deepEqual(
    heard.map(each => (each.is === 'message' ? `${each.direction} ${each.text}` : `${each.is} ${'undone' in each && each.undone ? 'undone' : ''}`.trim())), // biome-ignore format: one list
    [
      'out Our bicycles now come in a third colour: moss green.',
      'in Is the small frame in moss green as well? 💡',
      'in Thanks to @care.test for the quick answer',
      'in Look at this',
      'reaction',
      'reaction',
      'follow',
      'edit',
      'reaction undone',
      'removal',
      'out Two at once: 1',
      'out Two at once: 2',
    ],
  )
  const [ours, answer, , , like, share] = heard
  assert.ok(answer?.is === 'message' && like?.is === 'reaction' && share?.is === 'reaction')
  assert.deepEqual([answer.answers, like.about, like.kind, share.kind], [[ours!.remoteId], ours!.remoteId, 'like', 'share'])
  assert.match(answer.remoteId, /^at:\/\/did:plc:\w{24}\/app\.bsky\.feed\.post\/\w{13}$/)
})

test('both streams tell the same', () => {
  const plain = (heard: Heard[]) => heard.map(each => ({ ...each, at: null }))
  assert.deepEqual(plain(heardIn(ofEvents())), plain(heardIn(ofFrames())))
})

test('each record is the one that its link names', () => {
  const changes = ofFrames().flatMap(each => (each.is === 'change' && each.record ? [each] : []))
  assert.ok(changes.length > 10)
  for (const { record, cid } of changes) assert.equal(cidOf(record as Value), cid)
})

test('frames that are cut, endlessly nested or no frames at all are passed over', () => {
  const frame = frames.at(-1)!
  for (let end = 0; end < frame.length; end += 7) fromRelay(frame.subarray(0, end), collections)
  assert.deepEqual(fromRelay(frame.subarray(0, frame.length - 1), collections), [])
  const nested = Buffer.concat([encode({ op: 1, t: '#commit' }), Buffer.alloc(4_000_000, 0x81)])
  assert.deepEqual(fromRelay(nested, collections), [])
  const missing = { seq: 7, repo: self.did, time: '2026-01-01T00:00:00Z', ops: [{ action: 'create', path: 'app.bsky.feed.post/3k' }] }
  const [told] = fromRelay(Buffer.concat([encode({ op: 1, t: '#commit' }), encode(missing)]), collections)
  assert.ok(told?.is === 'change' && !('record' in told), 'a commit that was too large to bring its records')
  assert.deepEqual(fromRelay(Buffer.concat([encode({ op: 1, t: '#news' }), encode({ seq: 8 })]), collections), [{ is: 'passed', position: 8 }]) // biome-ignore format: one line
  assert.deepEqual(
    [fromJetstream('{"kind":'), fromJetstream('[]'), fromJetstream('{"did":"x","time_us":-1,"kind":"commit"}')],
    [[], [], []],
  )
})

// —— the line ——

type Play = (send: (message: string | Buffer) => void, socket: IncomingMessage['socket'], asked: URLSearchParams) => void
const plays: Play[] = []
const asked: URLSearchParams[] = []
const server = createServer((request, response) => void answered(request.url ?? '').then(body => response.end(JSON.stringify(body))))
const lines = new WebSocketServer({ noServer: true })
server.on('upgrade', (request, socket, head) => {
  const query = new URL(request.url!, 'http://x').searchParams
  asked.push(query)
  lines.handleUpgrade(request, socket, head, line => plays.shift()?.(message => line.send(message), request.socket, query))
})

const session = { accessJwt: 'a', refreshJwt: 'r', did: self.did, handle: self.handle }
async function answered(path: string): Promise<unknown> {
  if (path.includes('createSession')) return session
  const dids = new URL(path, 'http://x').searchParams.getAll('actors')
  if (path.includes('getProfiles')) return { profiles: dids.map(did => ({ did, handle: `${did.slice(8, 12)}.test`, displayName: 'Ann' })) }
  return { notifications: [], records: [] }
}

let origin = ''
before(async () => {
  allowHosts(['127.0.0.1'])
  usePauses({ first: 1, silence: 150 })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => {
  allowHosts([])
  usePauses()
  server.closeAllConnections()
  server.close()
})
afterEach(() => {
  asked.length = plays.length = 0
})

const settingsFor = (path: string): Settings => ({
  ...self,
  password: 'abcd',
  grantToken: '',
  server: `http://${origin}`,
  listensToAll: true,
  overhears: false,
  stream: `ws://${origin}${path}`,
})

/** Listens while `run` does; `told` waits for so many things and gives what is told after the mark. */
async function listening(
  path: string,
  from: Partial<Mark> | undefined,
  run: (it: Listening) => Promise<void>,
): Promise<ReturnType<typeof accountOf<Settings>>> {
  const account = accountOf(settingsFor(path), { id: path + Math.random() })
  const mark = from && { of: account.settings.stream, session: '', number: 0, at: 0, ...from }
  toldSince(account, mark)
  const end = new AbortController()
  let ring = () => {}
  const following = follow(account, () => ring(), end.signal)
  const it: Listening = {
    account,
    until: async done => {
      for (const limit = Date.now() + 4000; !done(); ) {
        assert.ok(Date.now() < limit, 'never')
        await Promise.race([new Promise<void>(resolve => (ring = resolve)), new Promise(resolve => setTimeout(resolve, 5))])
      }
    },
    told: before => toldSince(account, before),
  }
  try {
    await run(it)
  } finally {
    end.abort()
    await following
  }
  return account
}
interface Listening {
  account: ReturnType<typeof accountOf<Settings>>
  until(done: () => boolean): Promise<void>
  told(before?: Mark): ReturnType<typeof toldSince>
}

const [anna, post] = ['did:plc:annaannaannaannaannaanna', `at://${self.did}/app.bsky.feed.post/3kxxxxxxxxxx2`]
const like = (key: number, microseconds: number) =>
  JSON.stringify({
    did: anna,
    time_us: microseconds,
    kind: 'commit',
    commit: {
      operation: 'create',
      collection: 'app.bsky.feed.like',
      rkey: `k${key}`,
      cid: 'c',
      record: { subject: { uri: post, cid: 'c' } },
    },
  })
const start = 1_790_000_000_000_000
const keys = ({ read }: ReturnType<typeof toldSince>) => read.map(({ heard }) => heard.remoteId.split('/').at(-1))
const frame = (head: object, body: object) => Buffer.concat([encode(head), encode(body)])
const seconds = 1_000_000

test('what was not committed is told again; what was is not; a new line goes on a little before the mark', async () => {
  plays.push(send => [1, 2, 3].map(at => send(like(at, start + at))))
  let mark: Mark | undefined
  await listening('/subscribe', { at: start }, async it => {
    await it.until(() => it.told().read.length === 3)
    const first = it.told()
    assert.deepEqual([keys(first), first.mark?.at, first.more], [['k1', 'k2', 'k3'], start + 3, false])
    assert.deepEqual(keys(it.told()), ['k1', 'k2', 'k3'], 'the transaction failed')
    mark = it.told(first.mark).mark
    assert.deepEqual(keys(it.told(first.mark)), [])
  })
  assert.deepEqual([asked[0]!.get('cursor'), asked[0]!.getAll('wantedCollections').length], [String(start - 5 * seconds), 4])
  plays.push(send => send(like(3, start + 3)))
  await listening('/subscribe', mark, async it => {
    await it.until(() => it.told(mark).read.length === 1)
    assert.deepEqual(keys(it.told(mark)), ['k3'], 'of another session: told once more, and known by its name')
  })
  assert.equal(asked[1]!.get('cursor'), String(start + 3 - 5 * seconds))
})

test('half a frame and then silence: the line is made anew, and nothing is lost', async () => {
  plays.push((send, socket) => {
    send(like(1, start))
    socket.write(Buffer.from([0x81, 126, 4, 0, 0x7b])) // 1024 bytes are promised, one comes.
  })
  plays.push(send => [1, 2].map(at => send(like(at, start + at))))
  await listening('/subscribe', undefined, async it => {
    await it.until(() => it.told().read.length === 3)
    assert.deepEqual(keys(it.told()), ['k1', 'k1', 'k2'])
  })
  assert.deepEqual([asked[0]!.get('cursor'), asked[1]!.get('cursor')], [null, String(start - 5 * seconds)])
})

test('a frame of 50 MB ends the line before it is read; at the second time it is passed over, and people are told', async () => {
  const huge: Play = (_send, socket) => {
    const head = Buffer.alloc(10)
    head.writeUInt16BE(0x82_7f)
    head.writeBigUInt64BE(50_000_000n, 2)
    socket.write(head)
  }
  plays.push(huge, huge, send => send(frame({ op: 1, t: '#identity' }, { seq: 900, did: anna, time: '' })))
  const account = await listening('/xrpc/com.atproto.sync.subscribeRepos', { at: 7 }, async it => {
    await it.until(() => it.told().mark?.at === 900)
  })
  assert.deepEqual([asked.map(each => each.get('cursor')), account.tasks], [['7', '7', null], [{ is: 'gap' }]])
  await assert.rejects(work(account, account.tasks[0]), { kind: 'rejected', says: 'bluesky.streamGap' })
})

test('a position that a relay never had, or has forgotten, is told to people, and it goes on from what there is', async () => {
  plays.push(send => send(frame({ op: -1 }, { error: 'FutureCursor', message: 'Cursor in the future.' })))
  const relay = '/xrpc/com.atproto.sync.subscribeRepos'
  const future = await listening(relay, { at: 999_999 }, async it => {
    await it.until(() => asked.length === 2)
  })
  assert.deepEqual([asked.map(each => each.get('cursor')), future.tasks.length], [['999999', null], 1])
  asked.length = 0
  plays.splice(0, plays.length, send => {
    send(frame({ op: 1, t: '#info' }, { name: 'OutdatedCursor' }))
    send(frames.at(-1)!)
  })
  const outdated = await listening(relay, { at: 1 }, async it => {
    await it.until(() => it.told().read.length === 2)
    const { read, mark } = it.told()
    assert.deepEqual([read.map(({ heard }) => heard.is), mark?.at], [['message', 'message'], 38])
  })
  assert.deepEqual([asked[0]!.get('cursor'), outdated.tasks], ['1', [{ is: 'gap' }]])
})

test('a Jetstream that has forgotten says nothing: people are told when it begins long after the mark', async () => {
  plays.push(
    send => send(like(1, start + 3600 * seconds)),
    send => send(like(2, start + 60 * seconds)),
  )
  const account = await listening('/subscribe', { at: start }, async it => it.until(() => it.told().read.length === 1))
  assert.deepEqual(account.tasks, [{ is: 'gap' }])
  const other = await listening('/subscribe', { at: start }, async it => it.until(() => it.told().read.length === 1))
  assert.deepEqual(other.tasks, [])
})

test('who is too slow goes on where it stood', async () => {
  plays.push(send => {
    send(frames.at(-1)!)
    send(frame({ op: -1 }, { error: 'ConsumerTooSlow' }))
  })
  const account = await listening('/', undefined, async it => {
    await it.until(() => asked.length === 2)
    assert.equal(it.told().read.length, 2)
  })
  assert.deepEqual([asked.map(each => each.get('cursor')), account.tasks], [[null, '38'], []])
})

test('a clock that is an hour ahead says nothing about the future, and the mark stays the stream’s own', async () => {
  const here = new Date('2026-10-01T12:00:00Z')
  setClock(() => here)
  const ahead = here.getTime() * 1000 + 3600 * seconds
  plays.push(send => [ahead, ahead - 7200 * seconds].map((at, key) => send(like(key, at))))
  try {
    await listening('/subscribe', undefined, async it => {
      await it.until(() => it.told().read.length === 2)
      const { read, mark } = it.told()
      assert.deepEqual([read.map(({ heard }) => heard.at.getTime() - here.getTime()), mark?.at], [[0, -3_600_000], ahead - 7200 * seconds])
    })
  } finally {
    setClock()
  }
})

test('while the stream is open, notifications rest; whom it names by a lasting id only is called by name', async () => {
  plays.push(send => send(like(1, start)))
  await listening('/subscribe', undefined, async it => {
    await it.until(() => isOpen(it.account.id) && it.told().read.length === 1)
    const first = await since(it.account, null)
    const [heard] = first.heard
    assert.ok(heard?.is === 'reaction')
    assert.deepEqual([heard.from.address, heard.from.name, heard.from.remoteId], ['anna.test', 'Ann', anna])
    const second = await since(it.account, first.cursor)
    assert.deepEqual([second.heard, second.cursor, second.more], [[], first.cursor, false])
  })
})
