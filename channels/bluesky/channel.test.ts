import assert from 'node:assert/strict'
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import fc from 'fast-check'
import { setClock } from '#kernel/clock.ts'
import { useMasterKey } from '#kernel/crypto.ts'
import type { ChannelError } from '#kernel/errors.ts'
import { allowHosts, useResolver } from '#kernel/fetch.ts'
import { newId } from '#kernel/ids.ts'
import { accountOf, draftOf, provesContract } from '#social/channels/contract.ts'
import type { Account, Draft, Heard, HeardMessage } from '#social/channels/words.ts'
import { cidOf, encoded } from './cbor.ts'
import { channel } from './channel.ts'
import { faultOf } from './client.ts'
import { newKey } from './dpop.ts'
import { grantOf, writeGrant } from './grant.ts'
import { readDocument } from './identity.ts'
import { cursorFrom, heardIn } from './listen.ts'
import { firstKeyAt, follows, keyFor, nextKey, placeOf, postIn, tid, timeOfKey } from './names.ts'
import { clientOf, proofOf } from './ourselves.ts'
import { untilOf } from './pace.ts'
import type { Settings } from './settings.ts'
import { graphemes, lengthOf, written } from './text.ts'

const [care, anna] = ['did:plc:carecarecarecarecarecare', 'did:plc:annaannaannaannaannaanna']
const self = { did: care, handle: 'care.example' }
/** The account of the recorded streams. */
const selfInNetwork = { did: 'did:plc:di4c66lhlt23yygx3curgzdd', handle: 'care.test' }
const recording = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, 'recordings', `${name}.json`))
const rest = { listensToAll: false, stream: 'wss://jetstream2.us-east.bsky.network/subscribe' }
const signedIn = { handle: 'care.example', password: 'abcd-efgh', grantToken: '' }
const settings: Settings = { ...signedIn, server: 'https://pds.example', did: care, ...rest }

provesContract(channel, {
  folder: import.meta.dirname,
  settings,
  addresses: [
    'care.bsky.social',
    '@Care.Example',
    'https://bsky.app/profile/care.example',
    'at://care.example',
    '@xn--bcher-kva.example',
    care,
  ],
  hear: async bytes => [self, selfInNetwork].flatMap(each => heardIn(bytes, each)),
})

const messages = (heard: Heard[]) => heard.filter((each): each is HeardMessage => each.is === 'message')

describe('what is heard', () => {
  const heard = heardIn(recording('notifications'), self)
  const said = (start: string) => messages(heard).find(({ text }) => text.startsWith(start))!

  test('an answer says who, when, what it answers, and where it leads', () => {
    const { from, at, answers, html, open, to, url } = said('Is this')
    assert.deepEqual(from, {
      network: 'bluesky',
      address: 'anna.example',
      remoteId: anna,
      name: 'Anna Ek',
      url: `https://bsky.app/profile/${anna}`,
    })
    assert.deepEqual([at, open, to[0]?.address], [new Date('2026-03-12T09:01:00Z'), true, 'care.example'])
    assert.equal(answers.length, 1)
    assert.equal(html, '<p>Is this one in it? 💡 See <a href="https://example.com/?a&amp;b">example.com</a></p>')
    assert.match(url!, /^https:\/\/bsky\.app\/profile\/did:plc:anna\w+\/post\/\w{13}$/)
  })

  test('each kind is told as what it is; news of the network and our own words are not', () => {
    const kinds = heard.map(each => (each.is === 'reaction' ? each.kind : each.is)).sort()
    assert.deepEqual(kinds, ['follow', 'like', 'like', ...Array(7).fill('message'), 'share'])
  })

  test('a quote joins what it quotes, after what it answers', () => {
    assert.deepEqual(
      said('Look').answers.map(each => placeOf(each)?.did),
      [care],
    )
    assert.deepEqual(
      said('With').answers.map(each => placeOf(each)?.key.slice(0, 5)),
      ['3lzk4', '3lzk4'],
    )
    assert.equal(said('Look').from.address, anna, 'who has no valid handle is called by the lasting id')
  })

  test('a linked page is said with the text, a video and a warning as flaws, and what is no post keeps its source', () => {
    assert.equal(said('Read').text, 'Read that\n\nNews <b>\nhttps://example.com/news')
    assert.deepEqual(said('Sensitive').flaws, ['bluesky.flawVideo', 'bluesky.flawSensitive'])
    const odd = messages(heard).find(({ original }) => original)!
    assert.deepEqual([odd.flaws, JSON.parse(Buffer.from(odd.original!.content).toString()).text], [['bluesky.flawUnreadable'], 5])
  })

  test('of our own posts each is heard, but not the later parts of one text', () => {
    const own = messages(heardIn(recording('own-posts'), self))
    assert.deepEqual(
      own.map(({ text, direction, to }) => [text.slice(0, 5), direction, to[0]?.remoteId]),
      [
        ['Our s', 'out', undefined],
        ['Writt', 'out', undefined],
        ['To An', 'out', anna],
      ],
    )
    assert.deepEqual(own[2]!.at, timeOfKey('3lzk7aaaaaa2x'), 'a date that is none is that of the key')
  })

  test('links that lie, overlap or cut a character in two leave the words as they are', () => {
    const facet = (byteStart: number, byteEnd: number, uri = 'https://a.example/') => ({
      index: { byteStart, byteEnd },
      features: [{ $type: 'x', uri }],
    })
    const html = (text: string, facets: unknown) => {
      const [item] = JSON.parse(Buffer.from(recording('notifications')).toString()).notifications.slice(-1)
      const bytes = Buffer.from(JSON.stringify({ notifications: [{ ...item, record: { ...item.record, text, facets } }] }))
      return (heardIn(bytes, self)[0] as HeardMessage).html
    }
    assert.equal(html('<b>&', [facet(0, 3)]), '<p><a href="https://a.example/">&lt;b&gt;</a>&amp;</p>')
    assert.equal(html('ö ö', [facet(1, 3), facet(3, 5)]), '<p>ö <a href="https://a.example/">ö</a></p>')
    assert.equal(html('abc', [facet(0, 2), facet(1, 3)]), '<p><a href="https://a.example/">ab</a>c</p>')
    for (const bad of [[facet(0, 99)], [facet(2, 1)], [facet(0, 1, 'javascript:alert(1)')], 'x', [null], [{ index: {} }]])
      assert.equal(html('abc', bad), undefined)
  })
})

test('what those who watch over the network say of a post is shown at it', () => {
  const { notifications } = JSON.parse(Buffer.from(recording('notifications')).toString()) as {
    notifications: { record?: { text?: string } }[]
  }
  const post = notifications.find(each => String(each.record?.text).startsWith('Is this'))!
  const flaws = (labels: unknown) =>
    messages(heardIn(Buffer.from(JSON.stringify({ notifications: [{ ...post, labels }] })), self))[0]!.flaws?.includes(
      'bluesky.flawLabelled',
    ) ?? false
  assert.deepEqual(
    [[], 'odd', [{ val: 'porn' }], [{ val: '!no-unauthenticated' }], [{ val: 'spam' }, { val: 'spam', neg: true }]].map(flaws),
    [false, false, true, false, false],
  )
})

describe('what is written', () => {
  const text = fc.array(
    fc.oneof(
      fc.constantFrom('https://a.example/b', '@anna.example', '#tag', '👩‍👩‍👧', 'ö'.repeat(301)),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
    ),
    { maxLength: 120 },
  )

  test('whatever the text is, every post is within the limits, and no word is lost', () => {
    fc.assert(
      fc.property(text, words => {
        const posts = written(words.join(' '), new Map([['anna.example', anna]]))
        for (const post of posts) {
          assert.ok(graphemes(post.text).length <= 300 && Buffer.byteLength(post.text) <= 3000)
          for (const { index, features } of post.facets) {
            const marked = Buffer.from(post.text).subarray(index.byteStart, index.byteEnd).toString()
            assert.match(
              marked,
              features[0]!.$type.endsWith('link') ? /^https?:/i : features[0]!.$type.endsWith('mention') ? /^@anna/ : /^[#＃]/,
            )
          }
        }
        const bare = (given: string) => given.replace(/\s/gu, '')
        assert.equal(bare(posts.map(post => post.text).join('')), bare(words.join(' ')))
      }),
      { numRuns: process.env.FULL ? 3000 : 200 },
    )
  })

  test('a text is broken between paragraphs, else sentences, else words', () => {
    const sentence = `${'word '.repeat(29)}end.`
    assert.deepEqual(
      written(`${sentence}\n\n${sentence} ${sentence}`, new Map()).map(post => post.text.length),
      [149, 299],
    )
    assert.deepEqual(
      written(`${sentence} ${'more '.repeat(50)}`, new Map()).map(post => post.text.endsWith('.')),
      [true, false],
    )
    assert.deepEqual(
      written('x'.repeat(650), new Map()).map(post => post.text.length),
      [300, 300, 50],
    )
  })

  test('a text is as long as people see it: a family is one letter, a long link is short', () => {
    assert.deepEqual(['', 'two words', '👩‍👩‍👧 x', `https://a.example/${'b'.repeat(200)}`].map(lengthOf), [0, 9, 3, 31])
  })

  test('marks around a link stay outside, and a long link is shown short and leads to the whole', () => {
    const [post] = written('(see https://a.example/x_(y)), "#one" #2 @nobody.example', new Map())
    assert.deepEqual(
      post!.facets.map(each => each.features[0]),
      [
        { $type: 'app.bsky.richtext.facet#link', uri: 'https://a.example/x_(y)' },
        { $type: 'app.bsky.richtext.facet#tag', tag: 'one' },
      ],
    )
    const long = `https://a.example/${'b'.repeat(200)}`
    const [short] = written(long, new Map())
    assert.deepEqual(
      [short!.text, short!.facets[0]!.features[0]],
      ['a.example/bbbbbbbbbbbbbbbbbbbb…', { $type: 'app.bsky.richtext.facet#link', uri: long }],
    )
  })
})

describe('names', () => {
  test('a once-key has one record key, near its time and never after it; 1,000 of one millisecond differ', () => {
    const at = new Date('2026-03-12T09:00:00Z')
    const keys = Array.from({ length: 1000 }, () => newId(at)).map(id => [keyFor(id), keyFor(id)])
    for (const [key, again] of keys) {
      const apart = at.getTime() - timeOfKey(key!)!.getTime()
      assert.ok(key === again && apart >= 0 && apart < 68_000)
    }
    assert.equal(new Set(keys.map(([key]) => key)).size, 1000)
    assert.match(keyFor('anything'), /^[2-7a-j][2-7a-z]{12}$/)
  })

  test('keys sort by time, and parts follow each other', () => {
    assert.equal(tid(1_773_306_000_000_000n, 7n).length, 13)
    assert.ok(tid(5n, 1000n) < tid(6n, 0n))
    const key = keyFor(newId())
    assert.ok(follows(key, nextKey(key)) && !follows(key, key) && !follows(nextKey(key), key))
  })

  test('a web site, a mail address or an address of another network is not taken for one of ours', () => {
    for (const other of ['company.example', 'https://company.example/about', 'anna@kund.example', '@anna@kund.example', 'Anna', ''])
      assert.ok(!channel.recognises!(other), other)
  })

  test('a web address of a post names it, and no other address does', () => {
    assert.deepEqual(postIn('https://bsky.app/profile/anna.example/post/3lzk5aaaaaa2x?x#y'), {
      actor: 'anna.example',
      key: '3lzk5aaaaaa2x',
    })
    assert.equal(postIn(`https://bsky.app/profile/${anna}/post/3lzk5aaaaaa2x`)?.actor, anna)
    for (const bad of [
      'https://bsky.app/profile/anna.example',
      'https://evil.example/profile/anna.example/post/3l',
      'anna',
      'https://bsky.app/profile/x/post/3l',
    ])
      assert.equal(postIn(bad), undefined, bad)
  })

  test('an id is that of the published examples of DAG-CBOR', () => {
    assert.equal(encoded({ b: 1, a: [true, null, 'ö'], long: -300 }).toString('hex'), 'a3616183f5f662c3b6616201646c6f6e6739012b')
    assert.equal(cidOf({}), 'bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua')
    const link = { $link: cidOf({}) }
    assert.equal(encoded(link).toString('hex').slice(0, 10), 'd82a582500')
    assert.throws(() => encoded(0.5), TypeError)
  })

  test('a document that is another’s, names no server, or one that is not ours to reach openly, is none', () => {
    const service = { id: '#atproto_pds', type: 'AtprotoPersonalDataServer', serviceEndpoint: 'https://pds.example/x' }
    const whole = { id: care, alsoKnownAs: ['at://Care.example'], service: [service] }
    assert.deepEqual(readDocument(whole, care), { did: care, handle: 'care.example', server: 'https://pds.example' })
    const bad = [
      { ...whole, id: anna },
      { ...whole, service: [] },
      { ...whole, service: [{ ...service, serviceEndpoint: 'http://pds.example' }] },
      null,
      'x',
      {},
    ]
    for (const each of bad) assert.equal(readDocument(each, care), undefined)
  })
})

describe('refusals carry their consequence', () => {
  const answer = (status: number, error = '', headers: Record<string, string> = {}) => ({
    status,
    headers: new Headers(headers),
    bytes: Buffer.from(error ? JSON.stringify({ error, message: `Why: ${error}` }) : '<html>'),
  })
  const rows: [number, string, ChannelError['kind'], string][] = [
    [400, 'ExpiredToken', 'reconnect', 'bluesky.signInAgain'],
    [401, 'AuthMissing', 'reconnect', 'bluesky.signInAgain'],
    [401, 'AuthFactorTokenRequired', 'reconnect', 'bluesky.adviceAppPassword'],
    [401, 'AccountTakedown', 'reconnect', 'bluesky.accountClosed'],
    [400, 'InvalidRequest', 'rejected', 'Why: InvalidRequest'],
    [404, '', 'rejected', 'bluesky.serverLacks'],
    [301, '', 'rejected', 'bluesky.serverLacks'],
    [501, 'MethodNotImplemented', 'rejected', 'bluesky.serverLacks'],
    [413, '', 'rejected', 'bluesky.tooLarge'],
    [429, 'RateLimitExceeded', 'wait', 'bluesky.wait'],
    [503, '', 'unsure', 'bluesky.serverTrouble'],
  ]
  for (const [status, error, kind, says] of rows)
    test(`${status} ${error}`, () => {
      const fault = faultOf(answer(status, error), true)
      assert.deepEqual([fault.kind, fault.says], [kind, says])
      if (kind === 'unsure') assert.equal(faultOf(answer(status, error), false).kind, 'down')
    })

  test('when to ask again: as the server says, by its own clock, within a second and a day', () => {
    const at = new Date('2026-03-12T10:00:00Z')
    const seconds = (headers: Record<string, string>) => (untilOf(new Headers(headers), at).getTime() - at.getTime()) / 1000
    assert.equal(seconds({}), 60)
    assert.equal(seconds({ 'retry-after': '30' }), 30)
    const hourAhead = 'Thu, 12 Mar 2026 11:00:00 GMT'
    assert.equal(seconds({ date: hourAhead, 'ratelimit-reset': String(Date.parse(hourAhead) / 1000 + 90) }), 90)
    assert.equal(seconds({ date: hourAhead, 'retry-after': 'Thu, 12 Mar 2026 11:02:00 GMT' }), 120)
    assert.deepEqual(
      [seconds({ 'ratelimit-reset': '0' }), seconds({ 'retry-after': '999999999' }), seconds({ 'retry-after': 'soon' })],
      [1, 86_400, 60],
    )
  })
})

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

  /** What can go wrong with one write: refused before it was taken, or taken and not told. */
  const faults = [
    'none',
    'none',
    'none',
    'reset',
    '502',
    '429',
    'taken, then dropped',
    'taken, then 500',
    'taken, then HTML',
    'our process ends',
  ] as const

  test('posts under every fault, repeated as the house does: each is there once, none twice, none missing', async () => {
    const count = process.env.FULL ? 1000 : 60
    const kept = new Map<string, number>()
    let [seed, time, ended] = [7, Date.now(), false]
    const chance = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648
    setClock(() => new Date(time))
    answers.getRecord = request => {
      const query = new URL(request.url!, 'http://x').searchParams
      if (chance() < 0.1) return chance() < 0.5 ? 'drop' : [503, {}]
      if (query.get('repo') === anna) return [200, root]
      return kept.has(query.get('rkey')!) ? [200, { ...root, uri: 'at://x' }] : missing
    }
    answers.applyWrites = (_request, body) => {
      const fault = faults[Math.floor(chance() * faults.length)]!
      if (fault === 'reset') return 'drop'
      if (fault === '502') return [502, 'Bad gateway']
      if (fault === '429') return [429, {}, { 'retry-after': '30' }]
      for (const { rkey } of JSON.parse(body).writes) {
        if (kept.has(rkey)) return [400, { error: 'InvalidRequest', message: 'Record already exists' }]
        kept.set(rkey, (kept.get(rkey) ?? 0) + 1)
      }
      ended = fault === 'our process ends'
      if (fault === 'taken, then dropped') return 'drop'
      return fault === 'taken, then 500' ? [500, {}] : [200, fault === 'taken, then HTML' ? '<html>' : {}]
    }
    const keys = Array.from({ length: count }, () => newId())
    let repeats = 0
    for (const key of keys) {
      for (let isDone = false; !isDone; repeats += isDone ? 0 : 1, time += 60_000) {
        ended = false
        const outcome = await converse.reply(account, draft, key).catch((error: ChannelError) => error.kind)
        isDone = typeof outcome === 'object' && !ended
        assert.ok(typeof outcome === 'object' || ['unsure', 'down', 'wait'].includes(outcome), String(outcome))
      }
    }
    setClock()
    assert.ok(repeats > count / 10)
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

describe('signing in at the network', () => {
  const back = 'https://house.example/settings/channels/connect/bluesky/back'
  const ids = (jwt: string) =>
    jwt
      .split('.')
      .slice(0, 2)
      .map(each => JSON.parse(Buffer.from(each, 'base64url').toString()) as Record<string, unknown>)

  test('on the open web a document says who we are, and a key of the house proves it', async () => {
    useMasterKey(Buffer.alloc(32, 7))
    const call = { origin: 'https://house.example' } as Parameters<NonNullable<typeof channel.doors>[number]['answer']>[0]
    const said = (await (await channel.doors![0]!.answer(call)).json()) as Record<string, unknown> & { jwks: { keys: JsonWebKey[] } }
    assert.deepEqual([said.client_id, said.redirect_uris], ['https://house.example/bluesky/client-metadata.json', [back]])
    assert.equal(said.jwks.keys[0]!.d, undefined, 'nothing secret is told')
    const client = clientOf(back)
    const { client_id, client_assertion: jwt } = proofOf(client, 'https://issuer.example')
    const [header, claims] = ids(jwt!)
    assert.deepEqual([client_id, claims!.iss, claims!.sub, claims!.aud], [said.client_id, client_id, client_id, 'https://issuer.example'])
    assert.equal(header!.kid, (said.jwks.keys[0] as { kid?: string }).kid)
    const [body, signature] = [jwt!.split('.').slice(0, 2).join('.'), Buffer.from(jwt!.split('.')[2]!, 'base64url')]
    const key = { key: createPublicKey({ key: said.jwks.keys[0]!, format: 'jwk' }), dsaEncoding: 'ieee-p1363' as const }
    assert.ok(verify('sha256', Buffer.from(body), key, signature))
  })

  test('in development the network knows this machine by its number; where nobody can be sent back to, that is said', () => {
    const client = clientOf('http://localhost:3000/settings/back')
    const id = new URL(client.id)
    assert.deepEqual([id.origin, id.searchParams.get('redirect_uri')], ['http://localhost', 'http://127.0.0.1:3000/settings/back'])
    assert.deepEqual(Object.keys(proofOf(client, 'https://issuer.example')), ['client_id'])
    assert.throws(() => clientOf('http://192.168.1.5:3000/back'), { says: 'bluesky.adviceHttps' })
  })

  test('who has a password needs no sign-in; a sign-in that cannot be read asks for a new one', async () => {
    assert.equal(await channel.signIn!.begin({ handle: 'care.example', password: 'x' }, { url: back, state: 's' }), null)
    await assert.rejects(channel.signIn!.begin({ handle: 'no handle' }, { url: back, state: 's' }), { says: 'bluesky.adviceFields' })
    assert.throws(() => grantOf({ grantToken: '{"id":1}', password: '' }), { kind: 'reconnect', says: 'bluesky.grantOver' })
    assert.equal(grantOf({ grantToken: '{"id":1}', password: 'x' }), undefined)
    const issuer = 'https://issuer.example'
    const places = { authorization_endpoint: issuer, token_endpoint: issuer, pushed_authorization_request_endpoint: issuer }
    const grant = {
      id: 'x',
      at: '2026-03-01T00:00:00Z',
      back,
      issuer: { issuer, ...places },
      key: newKey(),
      tokens: { access: 'a', refresh: 'b' },
    }
    const until = (back: string) => channel.goodUntil!({ ...settings, password: '', grantToken: writeGrant({ ...grant, back }) })
    assert.equal(until(back), null, 'a house that proves itself is let in for as long as it comes')
    assert.deepEqual(until('http://127.0.0.1:3000/back'), new Date('2026-03-15T00:00:00Z'))
  })
})

describe('direct messages, on a server of their published lexicons', () => {
  const { converse, listen } = channel.can as Required<typeof channel.can>
  const bert = 'did:web:bert.example'
  let server: Server
  let account: Account<Settings>
  /** The one conversation, as its service keeps it. */
  let kept: { id: string; text: string; sender: { did: string }; sentAt: string }[]
  let asked: string[]
  let fault: ((name: string) => 'refuse' | 'drop' | undefined) | undefined
  let proxies: Set<string | undefined>
  let status = 'request'

  before(async () => {
    server = createServer((request, reply) => void respond(request, reply))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    allowHosts(['localhost', '127.0.0.0/8'])
  })
  after(() => {
    setClock()
    allowHosts([])
    server.closeAllConnections()
    server.close()
  })
  beforeEach(() => {
    ;[kept, asked, fault, proxies, status] = [[], [], undefined, new Set(), 'request']
    const origin = `http://localhost:${(server.address() as AddressInfo).port}`
    account = accountOf({ ...settings, did: `did:web:${newId()}.example`, password: newId(), server: origin })
  })

  const said = (did: string, text: string) => {
    const sentAt = new Date(Date.UTC(2026, 10, 22, 12, kept.length)).toISOString()
    kept.push({ id: `m${kept.length + 1}`, text, sender: { did }, sentAt })
    return kept.at(-1)!
  }
  const rev = () => String(kept.length).padStart(13, '2')

  async function respond(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const url = new URL(request.url!, 'http://x')
    const name = url.pathname.split('.').at(-1)!
    asked.push(name)
    if (url.pathname.includes('chat.bsky')) proxies.add(request.headers['atproto-proxy'] as string | undefined)
    const wrong = fault?.(name)
    if (wrong === 'refuse') return void reply.writeHead(400).end(JSON.stringify({ error: 'InvalidToken', message: 'Bad token scope' }))
    const body = parts.length ? (JSON.parse(Buffer.concat(parts).toString()) as { message?: { text: string } }) : {}
    const answer = answerTo(name, url.searchParams, body)
    if (wrong === 'drop') return void request.socket.destroy()
    reply.writeHead(answer ? 200 : 501).end(JSON.stringify(answer ?? {}))
  }
  function answerTo(name: string, query: URLSearchParams, body: { message?: { text: string } }): unknown {
    const me = { did: account.settings.did }
    const convo = { id: 'c1', rev: rev(), members: [me, { did: bert }], status }
    const answers: Record<string, () => unknown> = {
      createSession: () => ({ accessJwt: 'a', refreshJwt: 'r', did: me.did, handle: 'care.example' }),
      listNotifications: () => ({ notifications: [] }),
      listRecords: () => ({ records: [] }),
      listConvos: () => ({ convos: kept.length ? [convo] : [] }),
      getConvo: () => ({ convo }),
      acceptConvo: () => {
        status = 'accepted'
        return {}
      },
      getMessages: () => ({ messages: [...kept].reverse() }),
      getLog: () => {
        const logs = kept.map((message, at) => ({
          $type: 'chat.bsky.convo.defs#logCreateMessage',
          rev: String(at + 1).padStart(13, '2'),
          convoId: 'c1',
          message,
        }))
        const fresh = logs.filter(each => each.rev > query.get('cursor')!)
        return { logs: [{ $type: 'chat.bsky.convo.defs#logReadMessage', rev: '0', convoId: 'c1' }, ...fresh], cursor: rev() }
      },
      sendMessage: () => said(me.did, body.message!.text),
    }
    return answers[name]?.()
  }
  let cursor: string | null = null
  async function hear(): Promise<HeardMessage[]> {
    const all: Heard[] = []
    for (let more = true; more; ) {
      const batch = await listen.since(account, cursor)
      ;[cursor, more] = [batch.cursor, batch.more]
      all.push(...batch.heard)
    }
    return messages(all)
  }
  const draft = (text: string): Draft => draftOf(text, { answers: ['chat:c1/m1', 'chat:c1'] })

  test('what was there before is not heard, what comes is: from whom, in which conversation, and not for everybody', async () => {
    said(bert, 'Long ago')
    cursor = null
    assert.deepEqual(await hear(), [])
    said(bert, 'Do you mend lamps?')
    said(account.settings.did, 'Written by another program')
    const [theirs, ours] = await hear()
    assert.deepEqual(
      [theirs!.remoteId, theirs!.direction, theirs!.from.remoteId, theirs!.answers, theirs!.text, theirs!.open],
      ['chat:c1/m2', 'in', bert, ['chat:c1'], 'Do you mend lamps?', undefined],
    )
    assert.deepEqual([ours!.direction, ours!.to.map(each => each.remoteId)], ['out', [bert]])
    assert.deepEqual(await hear(), [])
    assert.deepEqual([...proxies], ['did:web:api.bsky.chat#bsky_chat'])
  })

  test('into an empty place the first one comes too', async () => {
    cursor = null
    assert.deepEqual(await hear(), [])
    said(bert, 'Hello')
    assert.deepEqual(
      (await hear()).map(each => each.text),
      ['Hello'],
    )
  })

  test('an answer goes into its conversation once, takes a stranger up, and is not heard as another one', async () => {
    said(bert, 'Hello')
    cursor = null
    await hear()
    const key = newId()
    assert.deepEqual(await converse.reply(account, draft('Yes, every Tuesday.'), key), { state: 'done', remoteId: 'chat:c1/m2' })
    assert.deepEqual(await converse.reply(account, draft('Yes, every Tuesday.'), key), { state: 'done', remoteId: 'chat:c1/m2' })
    assert.deepEqual([kept.length, status, asked.filter(each => each === 'acceptConvo').length], [2, 'accepted', 1])
    assert.deepEqual(await hear(), [])
  })

  test('sent and not told, it is found; not there, it waits a minute before it is sent again', async () => {
    said(bert, 'Hello')
    const key = newId()
    setClock(() => new Date(Date.UTC(2026, 10, 22, 12, 0, 30)))
    fault = name => (name === 'sendMessage' ? 'drop' : undefined)
    await assert.rejects(converse.reply(account, draft('Yes.'), key), { kind: 'unsure' })
    fault = undefined
    assert.deepEqual(await converse.lookUp!(account, key), { state: 'done', remoteId: 'chat:c1/m2' })
    const other = newId()
    fault = name => (name === 'sendMessage' ? 'drop' : undefined)
    await assert.rejects(converse.reply(account, draft('Yes.'), other), { kind: 'unsure' })
    kept.pop()
    fault = undefined
    assert.equal(await converse.lookUp!(account, other), null, 'the same words of another answer are not taken for it')
    await assert.rejects(converse.reply(account, draft('Yes.'), other), { kind: 'down', says: 'bluesky.onTheWay' })
    setClock()
  })

  test('a sign-in that does not reach so far holds up nothing else, is not asked all the time, and says so when somebody answers', async () => {
    fault = name => (/Convo|Log|Message/.test(name) ? 'refuse' : undefined)
    cursor = null
    assert.deepEqual([await hear(), await hear()], [[], []])
    assert.equal(asked.filter(each => each === 'listConvos').length, 2, 'once, and once in a fresh session')
    await assert.rejects(converse.reply(account, draft('Yes.'), newId()), { kind: 'rejected', says: 'bluesky.noTalk' })
    await assert.rejects(converse.reply(account, draft('x'.repeat(1001)), newId()), { says: 'bluesky.tooLongForTalk' })
    const picture = { name: 'a.png', type: 'image/png', content: new Uint8Array() }
    await assert.rejects(converse.reply(account, { ...draft('x'), attachments: [picture] }, newId()), { says: 'bluesky.noFilesInTalk' })
  })
})
