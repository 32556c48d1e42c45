import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import fc from 'fast-check'
import sharp from 'sharp'
import { setClock } from '#kernel/clock.ts'
import type { ChannelError } from '#kernel/errors.ts'
import { allowHosts } from '#kernel/fetch.ts'
import { newId } from '#kernel/ids.ts'
import { accountOf, draftOf, provesContract } from '#social/channels/contract.ts'
import type { Draft, Heard, HeardMessage, Step } from '#social/channels/words.ts'
import { channel } from './channel.ts'
import { faultOf } from './client.ts'
import { untilOf } from './pace.ts'
import type { Settings } from './settings.ts'
import { type Fault, type Scripted, scripted } from './testing.ts'
import { broken, count, essence } from './text.ts'
import { heardIn } from './translate.ts'
import { eventsIn } from './watch.ts'

const settings: Settings = {
  server: 'https://social.example',
  token: 'token',
  address: 'care@social.example',
  accountId: '1',
  goodUntil: '',
  renewalToken: '',
  home: false,
}
const recording = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, 'recordings', `${name}.json`))

provesContract(channel, {
  folder: import.meta.dirname,
  settings,
  addresses: [
    '@care@social.example',
    '@Anna.Ek@Kund.Example',
    'acct:anna@kund.example',
    'https://kund.example/@anna',
    'https://kund.example/users/Anna/',
    '@åsa@bücher.example',
  ],
  hear: async bytes => heardIn(bytes, settings),
})

const messages = (heard: Heard[]) => heard.filter((each): each is HeardMessage => each.is === 'message')

describe('what is heard', () => {
  const heard = heardIn(recording('notifications'), settings)
  const said = (words: string) => messages(heard).find(({ text }) => text.includes(words))!

  test('an answer says who, when, what it answers, where it leads, and that anybody may read it', () => {
    const { from, to, at, answers, text, open, url, remoteId, language } = said('Is this')
    assert.equal(language, 'en')
    const page = 'https://kund.example/@anna'
    assert.deepEqual(from, { network: 'mastodon', address: '@anna@kund.example', remoteId: page, url: page, name: 'Anna Ek' })
    assert.deepEqual([to[0]!.address, at, open], ['@care@social.example', new Date('2026-03-12T09:01:00Z'), true])
    assert.deepEqual([remoteId, answers], ['social.example/statuses/110000000000000002', ['social.example/statuses/110000000000000001']])
    assert.equal(text, '@care Is this one in it? 💡\nSee https://www.example.com/a?b&c')
    assert.equal(url, 'https://social.example/@x/110000000000000002')
  })

  test('each kind is told as what it is; news of the server, requests and our own acts are not', () => {
    const kinds = heard.map(each => (each.is === 'reaction' ? each.kind : each.is)).sort()
    assert.deepEqual(kinds, ['edit', 'follow', 'like', ...Array(5).fill('message'), 'share'])
  })

  test('what is only for us is not open; a warning is its subject, choices and what cannot be shown are said, and what is no post keeps its source', () => {
    assert.equal(said('only for you').open, undefined)
    const { subject, text, flaws } = said('pictures')
    assert.deepEqual([subject, text, flaws], ['Food', '@care pictures\n\n- Yes\n- No', ['mastodon.flawMedia', 'mastodon.flawSensitive']])
    const odd = messages(heard).find(({ original }) => original)!
    assert.deepEqual([odd.flaws, JSON.parse(Buffer.from(odd.original!.content).toString()).text], [['mastodon.flawUnreadable'], 5])
  })

  test('other kinds of servers are understood: numbers or ULIDs as ids, what they leave out, and what they add', () => {
    const [reaction, bot, local] = heardIn(recording('other-servers'), settings)
    assert.ok(reaction?.is === 'reaction' && bot?.is === 'message' && local?.is === 'message')
    assert.deepEqual([reaction.kind, reaction.about], ['🎉', 'social.example/statuses/AfFlake00000000009'])
    assert.deepEqual([bot.automatic, bot.open, bot.to], ['auto-generated', true, []])
    assert.deepEqual([local.text, local.open, local.answers], ['Plain & short', undefined, ['social.example/statuses/AfFlake00000000009']])
  })

  test('events are read however they are cut; half a one is never told', () => {
    const bytes = Buffer.from(':)\n\nevent: delete\r\ndata: 12\r\n\r\nevent: notification\ndata: {"ö":1}\n\nevent: update\ndata: {"half')
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), cuts => {
        const told: string[] = []
        const hears = eventsIn((event, data) => told.push(`${event} ${data}`))
        const places = [0, ...cuts.sort((one, other) => one - other), bytes.length]
        for (const [at, place] of places.slice(1).entries()) hears(bytes.subarray(places[at], place))
        assert.deepEqual(told, ['delete 12', 'notification {"ö":1}'])
      }),
    )
  })
})

describe('what is written', () => {
  test('a link counts 23 and somebody elsewhere counts by the name; letters as people see them', () => {
    assert.equal(count(`see https://example.com/${'a'.repeat(300)} 👩‍👩‍👧 @anna@kund.example`), 4 + 23 + 1 + 1 + 1 + 5)
  })

  test('whatever the text is, every part is within the limit, no letter is lost, and it is known again', () => {
    const word = fc.oneof(
      fc.constantFrom('https://a.example/b', '@anna@kund.example', '#tag', '👩‍👩‍👧', 'End.\n\n', 'ö'.repeat(120)),
      fc.string({ unit: 'grapheme', maxLength: 30 }),
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 80 }), words => {
        const parts = broken(words.join(' '), 100)
        for (const part of parts) assert.ok(count(part) <= 100)
        const bare = (text: string) => text.replace(/\s/gu, '')
        assert.equal(bare(parts.join('')), bare(words.join(' ')))
      }),
      { numRuns: process.env.FULL ? 3000 : 150 },
    )
    assert.equal(
      essence('(@anna@kund.example), See **this**: https://a.example/b Öl & 3'),
      essence('(@anna), See this: https://a.example/b öl &amp 3'.replace('&amp', '')),
    )
  })

  test('a text is broken between paragraphs, else after a sentence, else between words', () => {
    const sentence = `${'word '.repeat(11)}end.`
    assert.deepEqual(
      broken(`${sentence}\n\n${sentence} ${sentence}`, 110).map(each => each.length),
      [59, 59, 59],
    )
    assert.deepEqual(
      broken(`${sentence} ${'more '.repeat(20)}`, 100).map(each => each.endsWith('.')),
      [true, false],
    )
    assert.deepEqual(
      broken('x'.repeat(250), 100).map(each => each.length),
      [100, 100, 50],
    )
  })
})

describe('refusals carry their consequence', () => {
  const answer = (status: number, error = '', headers: Record<string, string> = {}) => ({
    status,
    headers: new Headers(headers),
    bytes: Buffer.from(error ? JSON.stringify({ error }) : '<html>'),
  })
  const rows: [number, string, ChannelError['kind'], string][] = [
    [401, 'The access token was revoked', 'reconnect', 'mastodon.signInAgain'],
    [403, 'This action is outside the authorized scopes', 'reconnect', 'mastodon.mayNot'],
    [403, 'Your login is currently disabled', 'reconnect', 'mastodon.accountClosed'],
    [403, 'This action is not allowed', 'rejected', 'This action is not allowed'],
    [404, 'Record not found', 'rejected', 'Record not found'],
    [404, '', 'rejected', 'mastodon.serverLacks'],
    [301, '', 'rejected', 'mastodon.serverLacks'],
    [413, '', 'rejected', 'mastodon.tooLarge'],
    [422, 'Validation failed: Text too long', 'rejected', 'Validation failed: Text too long'],
    [429, 'Too many requests', 'wait', 'mastodon.wait'],
    [503, '', 'unsure', 'mastodon.serverTrouble'],
  ]
  for (const [status, error, kind, says] of rows)
    test(`${status} ${error}`, () => {
      const fault = faultOf(answer(status, error), true)
      assert.deepEqual([fault.kind, fault.says], [kind, says])
      if (kind === 'unsure') assert.equal(faultOf(answer(status, error)).kind, 'down')
    })

  test('when to ask again: as the server says, by its own clock, five minutes where it says nothing', () => {
    const at = new Date('2026-03-12T10:00:00Z')
    setClock(() => at)
    const seconds = (headers: Record<string, string>) => (untilOf(new Headers(headers)).getTime() - at.getTime()) / 1000
    const ahead = { date: 'Thu, 12 Mar 2026 11:00:00 GMT' }
    assert.deepEqual([seconds({}), seconds({ 'retry-after': '30' }), seconds({ 'retry-after': 'soon' })], [300, 30, 300])
    assert.equal(seconds({ ...ahead, 'x-ratelimit-reset': '2026-03-12T11:01:30.000Z' }), 90)
    assert.deepEqual([seconds({ 'x-ratelimit-reset': '2020-01-01T00:00:00Z' }), seconds({ 'retry-after': '999999999' })], [1, 86_400])
    setClock()
  })
})

describe('on a server', () => {
  let server: Scripted
  let account: ReturnType<typeof accountOf<Settings>>
  const { publish, converse, listen, amend, react, metrics, profile } = channel.can as Required<typeof channel.can>

  before(async () => {
    server = await scripted()
    allowHosts(['localhost', '127.0.0.0/8'])
  })
  after(() => {
    allowHosts([])
    server.stop()
  })
  beforeEach(() => {
    server.reset()
    setClock()
    // Another token each time: allowances are kept by it.
    account = accountOf({ ...settings, server: server.origin, token: newId() }, { id: newId() })
  })

  const draft = (text: string, more: Partial<Draft> = {}): Draft => draftOf(text, { open: true, language: 'en', ...more })
  const said = () => [...server.posts.values()].map(({ asked }) => asked as Record<string, unknown>).filter(Boolean)
  const times = (name: string) => server.asked.filter(each => each === name).length
  const texts = () => said().map(({ status }) => status)
  const minutes = (count: number, from = Date.now()) => setClock(() => new Date(from + count * 60_000))
  const idOf = (post: Record<string, unknown>) => `${new URL(server.origin).host}/statuses/${post.id}`
  const anna = { network: 'mastodon', address: '@anna@kund.example' }
  const theirs = (more: Record<string, unknown> = {}) => server.add({ account: server.accounts['2'], content: '<p>Is it?</p>', ...more })

  describe('sending', () => {
    test('a post in parts with a picture, a warning and a language is one thread, in order; asked again, it is there once', async () => {
      const content = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
        .png()
        .toBuffer()
      const picture = { name: 'bowl.png', type: 'image/png', content, alt: 'A red bowl' }
      let looks = 0
      server.after = ({ name }) => (name === 'GET media/:id' && looks++ === 0 ? [206, { id: '9', url: null }] : undefined)
      const it = draft('One', { attachments: [picture], parts: [{ text: 'Two', attachments: [] }], warning: 'Food', language: 'de-AT' })
      const key = newId()
      const sent = await publish.send(account, it, key)
      assert.deepEqual(await publish.send(account, it, key), sent)
      const [one, two] = said()
      assert.deepEqual(
        [one!.status, one!.visibility, one!.spoiler_text, one!.sensitive, one!.language, one!.in_reply_to_id],
        ['One', 'public', 'Food', true, 'de', undefined],
      )
      assert.deepEqual([two!.status, two!.in_reply_to_id, two!.media_ids], ['Two', [...server.posts.keys()][0], undefined])
      assert.deepEqual([times('POST statuses'), times('POST media'), looks, (one!.media_ids as string[]).length], [2, 1, 2, 1])
      assert.equal(sent.state === 'done' && sent.url, `https://social.example/@care/${[...server.posts.keys()][0]}`)
    })

    test('an answer names those to whom it goes, stays as narrow as what it answers, and is direct where the talk is not open', async () => {
      const [open, narrow] = [theirs(), theirs({ visibility: 'unlisted' })]
      await converse.reply(account, draft('Yes', { to: [anna], answers: [idOf(open)] }), newId())
      await converse.reply(account, draft('Yes, @anna@kund.example', { to: [anna], answers: [idOf(narrow)] }), newId())
      await converse.reply(account, { ...draft('Only you', { to: [anna], answers: [idOf(open)] }), open: undefined }, newId())
      await converse.reply(account, draft('Hello', { to: [anna] }), newId())
      assert.deepEqual(
        said().map(({ status, visibility, in_reply_to_id: to }) => [status, visibility, to]),
        [
          ['@anna@kund.example Yes', 'public', open.id],
          ['Yes, @anna@kund.example', 'unlisted', narrow.id],
          ['@anna@kund.example Only you', 'direct', open.id],
          ['@anna@kund.example Hello', 'direct', undefined],
        ],
      )
      const gone = draft('Late', { to: [anna], answers: [idOf({ id: '119999999999999999' })] })
      await assert.rejects(converse.reply(account, gone, newId()), { kind: 'rejected', says: 'mastodon.answeredGone' })
    })

    test('a quote is one where the server knows them, else a link at the end', async () => {
      const post = theirs()
      await publish.send(account, draft('Look', { quotes: idOf(post) }), newId())
      assert.equal(said()[0]!.quoted_status_id, post.id)
      await assert.rejects(publish.send(account, draft('x', { quotes: 'other.example/statuses/1' }), newId()), {
        says: 'mastodon.quotedElsewhere',
      })
    })

    test('a link is quoted where the server knows what it leads to, else it stands at the end', async () => {
      const post = theirs({ url: 'https://kund.example/@anna/1' })
      await publish.send(account, draft('Look', { quotesLink: 'https://kund.example/@anna/1' }), newId())
      await publish.send(account, draft('Look', { quotesLink: 'https://nowhere.example/1' }), newId())
      assert.deepEqual(
        said().map(each => [each.status, each.quoted_status_id]),
        [
          ['Look', post.id],
          ['Look\n\nhttps://nowhere.example/1', undefined],
        ],
      )
    })

    test('what is too long, empty or of a wrong kind is refused before anything is sent, 50 MB in no time', async () => {
      const began = performance.now()
      await assert.rejects(publish.send(account, draft('x '.repeat(25_000_000)), newId()), { kind: 'rejected', says: 'mastodon.tooLong' })
      assert.ok(performance.now() - began < 1000)
      await assert.rejects(publish.send(account, draft(' '), newId()), { kind: 'rejected', says: 'mastodon.empty' })
      const file = { name: 'a.exe', type: 'application/x-msdownload', content: new Uint8Array(3) }
      await assert.rejects(publish.send(account, draft('x', { attachments: [file] }), newId()), {
        kind: 'rejected',
        says: 'mastodon.fileKind',
      })
      assert.equal(server.posts.size, 0)
    })

    const faults: Record<string, 'drop' | [number, unknown]> = {
      'ends the line after it took it': 'drop',
      'says 500 after it took it': [500, { error: 'Oops' }],
      'answers with a page of HTML after it took it': [200, '<html>'],
    }
    for (const [says, fault] of Object.entries(faults))
      test(`a server that ${says}: it is there once, and known`, async () => {
        server.after = ({ name }) => (name === 'POST statuses' ? fault : undefined)
        const [key, it] = [
          newId(),
          draft('Our list is out: https://example.com/list @anna@kund.example', { parts: [{ text: 'More', attachments: [] }] }),
        ]
        const sent = await publish.send(account, it, key)
        assert.deepEqual(await publish.lookUp!(account, key), sent)
        assert.deepEqual([server.posts.size, times('POST statuses')], [2, 2])
      })

    test('where nobody can tell it is unsure; nothing is sent again within a minute, and then it is found or sent, hours later too', async () => {
      const [there, lost] = [newId(), newId()]
      let isUp = false
      server.after = ({ name }) => (name === 'POST statuses' && !isUp ? 'drop' : undefined)
      server.before = ({ name }) => (name === 'GET accounts/1/statuses' && !isUp && server.posts.size ? [502, 'x'] : undefined)
      await assert.rejects(publish.send(account, draft('There'), there), { kind: 'unsure' })
      isUp = true
      server.before = ({ name }) => (name === 'POST statuses' ? 'drop' : undefined)
      await assert.rejects(publish.send(account, draft('Lost'), lost), { kind: 'unsure' })
      server.before = () => undefined
      await assert.rejects(publish.send(account, draft('Lost'), lost), { kind: 'down', says: 'mastodon.onTheWay' })
      assert.equal(await publish.lookUp!(account, lost), null)
      minutes(180)
      assert.equal((await publish.send(account, draft('There'), there)).state, 'done')
      assert.equal((await publish.send(account, draft('Lost'), lost)).state, 'done')
      assert.deepEqual(texts(), ['There', 'Lost'])
    })

    test('the same words sent twice for different reasons are two posts, and each is found as its own', async () => {
      server.after = ({ name }) => (name === 'POST statuses' ? 'drop' : undefined)
      const keys = [newId(), newId()]
      const sent = []
      for (const key of keys) sent.push(await publish.send(account, draft('Thank you!'), key))
      assert.equal(server.posts.size, 2)
      assert.deepEqual(await Promise.all(keys.map(key => publish.lookUp!(account, key))), sent)
      assert.notDeepEqual(sent[0], sent[1])
    })

    test('asked for at the same moment by several, it is there once, and all but one are told that it is on its way', async () => {
      const key = newId()
      const all = await Promise.all(
        [1, 2, 3].map(() => publish.send(account, draft('Once'), key).catch((error: ChannelError) => error.says)),
      )
      assert.deepEqual([server.posts.size, all.filter(each => each === 'mastodon.onTheWay').length], [1, 2])
      assert.equal((await publish.send(account, draft('Once'), key)).state, 'done')
      assert.equal(server.posts.size, 1)
    })

    test('a token revoked in the middle of a thread asks for a person; connected again, the rest follows and nothing is doubled', async () => {
      const it = draft('One', {
        parts: [
          { text: 'Two', attachments: [] },
          { text: 'Three', attachments: [] },
        ],
      })
      const key = newId()
      server.before = ({ name }) =>
        name === 'POST statuses' && server.posts.size === 1 ? [401, { error: 'The access token was revoked' }] : undefined
      await assert.rejects(publish.send(account, it, key), { kind: 'reconnect', says: 'mastodon.signInAgain' })
      server.before = () => undefined
      account.settings.token = newId()
      assert.equal((await publish.send(account, it, key)).state, 'done')
      assert.deepEqual(texts(), ['One', 'Two', 'Three'])
    })

    test('429 without Retry-After waits five minutes and does not ask before; then it goes', async () => {
      const key = newId()
      server.before = ({ name }) => (name === 'POST statuses' ? [429, { error: 'Too many requests' }] : undefined)
      const fault = await publish.send(account, draft('Later'), key).catch((error: ChannelError) => error)
      assert.ok(fault instanceof Error && fault.kind === 'wait' && Math.abs(fault.until!.getTime() - Date.now() - 300_000) < 5000)
      const before = server.asked.length
      await assert.rejects(publish.send(account, draft('Later'), key), { kind: 'wait' })
      assert.equal(server.asked.length, before)
      server.before = () => undefined
      minutes(6)
      assert.equal((await publish.send(account, draft('Later, and changed meanwhile'), key)).state, 'done')
      assert.deepEqual(await publish.lookUp!(account, key), await publish.send(account, draft('Later'), key))
      assert.deepEqual(texts(), ['Later, and changed meanwhile'])
    })
  })

  test('a server that allows 20 calls in five minutes is never asked for more, and all of them are used', async () => {
    const start = Date.now()
    let [left, refused] = [20, 0]
    const headers = () => ({
      'x-ratelimit-limit': '20',
      'x-ratelimit-remaining': String(left),
      'x-ratelimit-reset': new Date(start + 3_600_000 + 300_000).toISOString(),
      date: new Date(start + 3_600_000).toUTCString(),
    })
    setClock(() => new Date(start))
    server.before = ({ name }) => {
      if (name !== 'GET statuses/:id') return undefined
      if (left < 1) refused++
      return left-- > 0 ? [404, { error: 'Record not found' }, headers()] : [429, {}, headers()]
    }
    const outcomes = []
    for (let at = 0; at < 30; at++)
      outcomes.push(await listen.find!(account, idOf({ id: '119999999999999999' })).catch((error: ChannelError) => error))
    const last = outcomes.at(-1) as ChannelError
    assert.deepEqual([outcomes.filter(each => each === null).length, refused, last.kind], [20, 0, 'wait'])
    assert.ok(Math.abs(last.until!.getTime() - start - 300_000) <= 1000, 'by the clock of the server, an hour ahead')
    assert.deepEqual(channel.quota!(account), { left: 0, of: 20, until: last.until })
    setClock(() => new Date(start + 301_000))
    assert.equal(channel.quota!(account), null)
  })

  test('what its own server takes counts: letters, files, their kinds and sizes', async () => {
    const media = { supported_mime_types: ['image/png'], image_size_limit: 1000, video_size_limit: 5000, description_limit: 99 }
    const statuses = { max_characters: 11_000, max_media_attachments: 6 }
    server.instance = { ...server.instance, configuration: { statuses, media_attachments: media } }
    setClock(() => new Date(Date.now() + 100 * 86_400_000))
    const said = { attachments: 6, attachmentBytes: 5000, alt: 99, types: ['image/png'] }
    assert.deepEqual(await publish.limitsFor!(account), { text: 11_000, ...said })
    assert.deepEqual(await converse.limitsFor!(account), { text: 11_000, ...said })
    server.instance = { domain: 'social.example', version: '4.5.0' }
    assert.equal((await publish.limitsFor!(account)).text, 11_000, 'remembered for an hour')
    setClock(() => new Date(Date.now() + 101 * 86_400_000))
    assert.deepEqual(await publish.limitsFor!(account), {
      text: 500,
      attachments: 4,
      attachmentBytes: 99 * 1024 * 1024,
      alt: 1500,
      types: null,
    })
  })

  /** What can go wrong with one write: refused before it was taken, or taken and not told. */
  const plans = [
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
    const howMany = process.env.FULL ? 1000 : 50
    let [seed, time, ended] = [7, Date.now(), false]
    const chance = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648
    let plan: (typeof plans)[number] = 'none'
    setClock(() => new Date(time))
    server.before = ({ name }) => {
      if (name === 'GET accounts/1/statuses' && chance() < 0.1) return chance() < 0.5 ? 'drop' : [503, {}]
      if (name !== 'POST statuses') return undefined
      plan = plans[Math.floor(chance() * plans.length)]!
      const early: Record<string, ReturnType<Fault>> = { reset: 'drop', '502': [502, 'x'], '429': [429, {}, { 'retry-after': '30' }] }
      return early[plan]
    }
    server.after = ({ name }) => {
      if (name !== 'POST statuses') return undefined
      ended = plan === 'our process ends'
      if (plan === 'taken, then dropped') return 'drop'
      return plan === 'taken, then 500' ? [500, {}] : plan === 'taken, then HTML' ? [200, '<html>'] : undefined
    }
    const words = Array.from({ length: howMany }, (_, at) => (at % 5 ? `Post ${at}` : 'Thank you!'))
    let repeats = 0
    for (const text of words) {
      const key = newId()
      for (let isDone = false; !isDone; time += 20_000, repeats++) {
        ended = false
        const outcome = await publish.send(account, draft(text), key).catch((error: ChannelError) => error.kind)
        isDone = typeof outcome === 'object' && !ended
        assert.ok(typeof outcome === 'object' || ['unsure', 'down', 'wait'].includes(outcome), String(outcome))
      }
    }
    assert.ok(repeats > howMany * 1.1)
    assert.deepEqual(
      said().map(({ status }) => status),
      words,
    )
  })

  describe('changing', () => {
    test('a thread is changed in all its parts, grows and shrinks, and is taken back whole; what is gone is done', async () => {
      const sent = await publish.send(account, draft('One', { parts: [{ text: 'Two', attachments: [] }] }), newId())
      assert.ok(sent.state === 'done')
      const texts = () => [...server.posts.values()].map(({ content }) => content)
      await amend.edit!(
        account,
        sent.remoteId,
        draft('Een', {
          parts: [
            { text: 'Twee', attachments: [] },
            { text: 'Drie', attachments: [] },
          ],
        }),
      )
      assert.deepEqual(texts(), ['<p>Een</p>', '<p>Twee</p>', '<p>Drie</p>'])
      await amend.edit!(account, sent.remoteId, draft('Ett'))
      assert.deepEqual(texts(), ['<p>Ett</p>'])
      await amend.remove!(account, sent.remoteId)
      await amend.remove!(account, sent.remoteId)
      await amend.edit!(account, sent.remoteId, draft('x'))
      assert.deepEqual(texts(), [])
      await assert.rejects(amend.edit!(account, idOf(theirs()), draft('x')), { kind: 'rejected', says: 'mastodon.notOurs' })
    })

    test('likes and shares are set and taken back; any other sign is refused', async () => {
      const post = idOf(theirs())
      for (const kind of ['like', 'share']) for (const undone of [false, true]) await react.react(account, post, kind, undone)
      const asked = ['favourite', 'unfavourite', 'reblog', 'unreblog'].map(each => `POST statuses/:id/${each}`)
      assert.deepEqual(server.asked, asked)
      await assert.rejects(react.react(account, post, '🎉', false), { kind: 'rejected' })
    })
  })

  describe('listening', () => {
    const note = (id: number, type: string, status: unknown, at = Date.now()) =>
      server.notifications.push({ id: String(id), type, created_at: new Date(at).toISOString(), account: server.accounts['2'], status })
    async function all(cursor: string | null) {
      const heard: Heard[] = []
      for (let more = true; more; ) {
        const batch = await listen.since(account, cursor)
        heard.push(...batch.heard)
        ;({ cursor, more } = batch)
      }
      return { heard, cursor: cursor! }
    }

    test('from now on, forward page by page, each once; what we sent ourselves is known, what another program sent is heard', async () => {
      for (let id = 1; id <= 5; id++) note(id, 'follow', null)
      const start = await all(null)
      assert.equal(start.heard.length, 0)
      for (let id = 6; id <= 105; id++) note(id, 'follow', null)
      await publish.send(account, draft('By us'), newId())
      server.add({ content: '<p>By hand</p>' })
      const { heard, cursor } = await all(start.cursor)
      assert.equal(new Set(heard.map(({ remoteId }) => remoteId)).size, 101)
      assert.deepEqual(
        messages(heard).map(({ text, direction }) => [text, direction]),
        [['By hand', 'out']],
      )
      assert.deepEqual((await all(cursor)).heard, [])
    })

    test('a cursor that the server has forgotten: it is walked back by time, and nothing is lost; a clock that is an hour off changes nothing', async () => {
      const hour = Date.now() + 3_600_000
      note(50, 'follow', null, hour)
      const { cursor } = await all(null)
      for (let id = 60; id < 170; id++) note(id, 'follow', null, hour + id * 1000)
      server.before = ({ url }) => (url.searchParams.get('min_id') === '50' ? [422, { error: 'Invalid cursor' }] : undefined)
      const { heard } = await all(cursor)
      assert.equal(new Set(heard.map(({ remoteId }) => remoteId)).size, 111)
    })

    test('an edit and a removal are told once they are kept: hinted at or found in turn, and a page that says 404 is not believed', async () => {
      const [start, one, two] = [await all(null), theirs(), theirs()]
      note(7, 'mention', one)
      note(8, 'mention', two)
      const { cursor } = await all(start.cursor)
      one.edited_at = '2026-11-22T10:00:00.000Z'
      one.content = '<p>It is!</p>'
      server.posts.delete(two.id as string)
      minutes(11)
      server.before = ({ name }) => (name === 'GET statuses/:id' ? [404, '<html>'] : undefined)
      await assert.rejects(listen.since(account, cursor), { kind: 'rejected', says: 'mastodon.serverLacks' })
      server.before = () => undefined
      minutes(22)
      const batch = await listen.since(account, cursor)
      const told = batch.heard.map(each => [
        each.is,
        'about' in each && each.about,
        'text' in each && each.text,
        'from' in each && each.from.address,
      ])
      const expected = [
        ['edit', idOf(one), 'It is!', '@anna@kund.example'],
        ['removal', idOf(two), false, '@anna@kund.example'],
      ]
      assert.deepEqual(told.sort(), expected)
      minutes(33)
      assert.deepEqual((await listen.since(account, cursor)).heard.length, 2, 'not kept: told again')
      minutes(44)
      assert.deepEqual((await listen.since(account, batch.cursor)).heard, [])
    })

    test('history goes back to a day, newest first; one post is found by its id, and what is gone is not', async () => {
      const at = (hours: number) => new Date(Date.parse('2026-03-12T00:00:00Z') + hours * 3_600_000).toISOString()
      for (let id = 1; id <= 90; id++) server.add({ content: `<p>${id}</p>`, created_at: at(id) })
      const texts: string[] = []
      for (let cursor: string | null = null, more = true; more; ) {
        const batch = await listen.history!(account, new Date(at(30)), cursor)
        texts.push(...messages(batch.heard).map(({ text }) => text))
        ;({ cursor, more } = batch)
      }
      assert.deepEqual(
        texts,
        Array.from({ length: 61 }, (_, index) => String(90 - index)),
      )
      assert.equal((await listen.find!(account, idOf(theirs())))?.text, 'Is it?')
      assert.equal(await listen.find!(account, idOf({ id: '119999999999999999' })), null)
    })

    test('something of 9 MB among the news is passed over, and what comes before and after it is heard', async () => {
      note(1, 'follow', null)
      const { cursor } = await all(null)
      for (const id of [2, 3]) note(id, 'follow', null)
      note(4, 'mention', { content: 'x'.repeat(9_000_000) })
      for (const id of [5, 6]) note(id, 'follow', null)
      const ids = (await all(cursor)).heard.map(({ remoteId }) => remoteId.split('/').at(-1))
      assert.deepEqual(ids.sort(), ['2', '3', '5', '6'])
    })

    test('what we sent and somebody took away there by hand is gone here; what we took away ourselves is no news', async () => {
      const start = await all(null)
      for (const text of ['By hand', 'From here']) await publish.send(account, draft(text), newId())
      const [one, two] = [...server.posts.values()]
      server.posts.delete(one!.id as string)
      await amend.remove!(account, idOf(two!))
      const { heard } = await listen.since(account, start.cursor)
      assert.deepEqual(
        heard.map(each => [each.is, 'about' in each && each.about]),
        [['removal', idOf(one!)]],
      )
    })

    test('HTML with 200 and a server in trouble are down; a cursor of nonsense begins anew', async () => {
      server.before = () => [200, '<html>']
      await assert.rejects(listen.since(account, null), { kind: 'down', says: 'mastodon.unreadable' })
      server.before = () => [503, {}]
      await assert.rejects(listen.since(account, null), { kind: 'down', says: 'mastodon.serverTrouble' })
      server.before = () => undefined
      for (const bad of ['', 'x', '{}', '{"told":5}']) assert.deepEqual((await listen.since(account, bad)).heard, [])
    })

    test('events wake it, a removal among them; half an event and a broken line do not, and it ends at once when it is to end', async () => {
      const [start, post] = [await all(null), theirs()]
      note(9, 'mention', post)
      await all(start.cursor)
      const end = new AbortController()
      let rung: (() => void) | undefined
      let rings = 0
      const ring = () => {
        rings++
        rung?.()
      }
      const rings_ = () => new Promise<void>(resolve => (rung = resolve))
      const watching = listen.watch!(account, ring, end.signal)
      while (!server.stream) await new Promise(resolve => setImmediate(resolve))
      const first = rings_()
      server.stream.write('event: delete\ndata: 1234567\n\nevent: filters_changed\ndata: undefined\n\nevent: notification\ndata: {}\n\n')
      await first
      assert.equal(rings, 1)
      const second = rings_()
      server.stream.write(`event: delete\ndata: ${post.id}\n\n`)
      await second
      assert.equal((await account.memory.list(`hint:${post.id}:`)).length, 1)
      const third = rings_()
      server.stream.end('event: notification\ndata: {"half')
      await third
      assert.equal(rings, 3, 'by looking, as the line is broken')
      end.abort()
      await watching
    })

    test('a server without events is looked at, and one that does not let us in any more asks for a person', async () => {
      const end = new AbortController()
      server.before = ({ name }) => (name === 'GET streaming/user' ? [404, { error: 'Not found' }] : undefined)
      await new Promise<void>(resolve => {
        void listen.watch!(account, resolve, end.signal)
      })
      end.abort()
      server.before = ({ name }) => (name === 'GET streaming/user' ? [401, { error: 'Invalid access token' }] : undefined)
      await assert.rejects(
        listen.watch!(account, () => {}, new AbortController().signal),
        { kind: 'reconnect' },
      )
    })
  })

  test('figures of posts and who somebody is, as far as the server says', async () => {
    const post = theirs({ favourites_count: 3, reblogs_count: 2, replies_count: 1 })
    const read = await metrics.read(account, [idOf(post), 'elsewhere.example/statuses/1'])
    assert.deepEqual(
      read.map(({ measure, value }) => [measure, value]),
      [
        ['likes', 3],
        ['shares', 2],
        ['answers', 1],
      ],
    )
    assert.equal((await profile.whoIs(account, anna))?.name, 'anna@kund.example')
    server.before = () => [404, { error: 'Record not found' }]
    assert.equal(await profile.whoIs(account, anna), null)
  })

  describe('connecting', () => {
    const connect = async (asked: Record<string, unknown>) => {
      const steps: Step[] = []
      const found = await channel.discover(asked, step => steps.push(step)).catch((error: ChannelError) => error)
      return { found, steps }
    }

    test('a person signs in on the server’s page: we make ourselves known there, and the code that comes back is a token', async () => {
      const way = { url: 'https://house.example/settings/channels/connect/mastodon/back', state: 'the state' }
      const { begin, finish } = channel.signIn!
      const { url, keep } = (await begin({ server: server.origin, home: true }, way))!
      const page = new URL(url)
      const { code_challenge: challenge, ...said } = Object.fromEntries(page.searchParams)
      assert.deepEqual([page.origin, page.pathname], [server.origin, '/oauth/authorize'])
      assert.deepEqual(said, {
        response_type: 'code',
        client_id: 'client',
        redirect_uri: way.url,
        scope: 'read write:statuses write:media write:favourites',
        state: way.state,
        code_challenge_method: 'S256',
      })
      const bodies: string[] = []
      server.before = asked => void (asked.name === 'POST token' && bodies.push(asked.body))
      const kept = JSON.parse(JSON.stringify(keep)) as unknown
      const asked = await finish({ server: server.origin, home: true }, new URLSearchParams({ code: 'right', state: way.state }), kept)
      assert.deepEqual(asked, { server: server.origin, home: true, token: 'granted', goodUntil: '', renewalToken: '' })
      server.after = ({ name }) => (name === 'POST token' ? [200, { access_token: 'granted', expires_in: 3600 }] : undefined)
      setClock(() => new Date('2026-03-12T09:00:00Z'))
      const brief = await finish(asked, new URLSearchParams({ code: 'right' }), kept)
      assert.deepEqual(channel.goodUntil!({ ...settings, ...brief }), new Date('2026-03-12T10:00:00Z'))
      assert.equal(channel.goodUntil!(settings), null)
      server.after = ({ name }) =>
        name === 'POST token' ? [200, { access_token: 'granted', expires_in: 3600, refresh_token: 'more' }] : undefined
      const lasting = await finish(asked, new URLSearchParams({ code: 'right' }), kept)
      assert.deepEqual(JSON.parse(String(lasting.renewalToken)), { id: 'client', secret: 'secret', refresh: 'more' })
      assert.equal(channel.goodUntil!({ ...settings, ...lasting }), null, 'nobody has to sign in again')
      setClock()
      server.after = () => undefined
      const { code_verifier: verifier, ...proof } = Object.fromEntries(new URLSearchParams(bodies[0]))
      assert.equal(createHash('sha256').update(verifier!).digest('base64url'), challenge)
      assert.deepEqual([proof.redirect_uri, proof.client_secret, proof.code], [way.url, 'secret', 'right'])
      const { found } = await connect(asked)
      assert.deepEqual(found, {
        settings: { ...settings, server: server.origin, token: 'granted', home: true },
        name: 'care',
        address: '@care@social.example',
      })
      await assert.rejects(finish(asked, new URLSearchParams({ code: 'wrong' }), kept), { says: 'mastodon.adviceSignIn' })
    })

    test('tokens that end are renewed, once for all who ask: shortly before, and when the server takes them no more; else a person is asked', async () => {
      const [refreshes, refused]: [(string | null)[], string[]] = [[], []]
      let [good, ends] = ['none yet', false]
      server.before = ({ name, headers, body }) => {
        if (name === 'POST token') {
          refreshes.push(new URLSearchParams(body).get('refresh_token'))
          good = `token ${refreshes.length}`
          const said = { access_token: good, refresh_token: `more ${refreshes.length}`, expires_in: 7200 }
          return ends ? [400, { error: 'invalid_grant' }] : [200, said]
        }
        if (name === 'GET instance' || headers.authorization === `Bearer ${good}`) return undefined
        refused.push(name)
        return [401, { error: 'The access token expired' }]
      }
      const renewalToken = JSON.stringify({ id: 'client', secret: newId(), refresh: 'more' })
      Object.assign(account.settings, { renewalToken, goodUntil: new Date(Date.now() + 7_200_000).toISOString() })
      await Promise.all([1, 2, 3].map(() => profile.whoIs(account, anna)))
      assert.deepEqual([refreshes, refused.length], [['more'], 3])
      minutes(119.5)
      await publish.send(account, draft('Still here'), newId())
      assert.deepEqual([refreshes, refused.length, texts()], [['more', 'more 1'], 3, ['Still here']], 'renewed before anything was refused')
      const again = await channel.discover({ ...account.settings }, () => {}, account)
      assert.deepEqual([again.settings.token, again.settings.renewalToken, refreshes.length], ['token 2', renewalToken, 2])
      ends = true
      minutes(300)
      await assert.rejects(publish.send(account, draft('Never'), newId()), { kind: 'reconnect', says: 'mastodon.signInAgain' })
      assert.equal(server.posts.size, 1)
    })

    test('what needs no sign-in, and a server that is none: nobody is sent there', async () => {
      const way = { url: 'https://house.example/back', state: 'the state' }
      const { begin } = channel.signIn!
      assert.equal(await begin({ server: server.origin, token: 'by hand' }, way), null)
      await assert.rejects(begin({ server: 'http://social.example' }, way), { kind: 'rejected', says: 'mastodon.adviceFields' })
      server.before = ({ name, json }) =>
        name === 'POST apps' && String(json.scopes).includes(':') ? [422, { error: 'Requested scope is not known' }] : undefined
      assert.equal(new URL((await begin({ server: server.origin }, way))!.url).searchParams.get('scope'), 'read write')
      server.before = () => [200, '<html>']
      await assert.rejects(begin({ server: server.origin.replace('localhost', '127.0.0.1') }, way), { says: 'mastodon.adviceServer' })
    })

    test('without a token, or with one that counts no more, a person is shown where one is made', async () => {
      const { found, steps } = await connect({ server: server.origin })
      assert.ok(found instanceof Error && found.kind === 'rejected' && found.says === 'mastodon.adviceToken')
      assert.equal(steps.at(-1)!.link, `${server.origin}/settings/applications`)
      server.before = ({ name }) => (name.includes('verify') ? [401, { error: 'The access token is invalid' }] : undefined)
      const wrong = await connect({ server: server.origin, token: 'wrong' })
      assert.ok(wrong.found instanceof Error && wrong.found.says === 'mastodon.adviceNewToken')
    })

    test('a token made by hand does as well; what is no server, or not one of this kind, is said with what to do', async () => {
      const { found } = await connect({ server: server.origin, token: 'by hand' })
      assert.ok(!(found instanceof Error) && found.settings && found.address === '@care@social.example')
      for (const bad of ['http://social.example', 'ftp://x', '  ', 'a b']) {
        const { found } = await connect({ server: bad })
        assert.ok(found instanceof Error && found.says === 'mastodon.adviceFields', bad)
      }
      server.before = () => [200, '<html>']
      const { found: other } = await connect({ server: server.origin.replace('localhost', '127.0.0.1'), token: 'x' })
      assert.ok(other instanceof Error && other.says === 'mastodon.adviceServer')
    })
  })
})
