import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { ChannelError } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { provesContract } from '#social/channels/contract.ts'
import type { HeardMessage } from '#social/channels/words.ts'
import { cidOf, encoded } from './cbor.ts'
import { channel } from './channel.ts'
import { faultOf } from './client.ts'
import { readDocument } from './identity.ts'
import { heardIn } from './listen.ts'
import { follows, keyFor, nextKey, placeOf, postIn, tid, timeOfKey } from './names.ts'
import { untilOf } from './pace.ts'
import { anna, care, messages, settings } from './testing.ts'
import { graphemes, lengthOf, written } from './text.ts'

const self = { did: care, handle: 'care.example' }

/** The account of the recorded streams. */
const selfInNetwork = { did: 'did:plc:di4c66lhlt23yygx3curgzdd', handle: 'care.test' }

const recording = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, 'recordings', `${name}.json`))

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
