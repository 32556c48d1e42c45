/** What leaves, on a server that answers, fails, slows us down, or takes it and does not say so. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import sharp from 'sharp'
import { setClock } from '#kernel/clock.ts'
import type { ChannelError } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { faultyServer } from '#social/channels/testing.ts'
import type { Draft } from '#social/channels/words.ts'
import { channel } from './channel.ts'
import {
  account,
  amend,
  anna,
  converse,
  draft,
  idOf,
  listen,
  metrics,
  minutes,
  onServer,
  publish,
  said,
  server,
  texts,
  theirs,
  times,
} from './testing-server.ts'

describe('on a server', () => {
  onServer()

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

    test('a poll goes with its post, alone, for as long as the server lets it stand; it outlasts a change of words, and its votes are read back', async () => {
      const poll = { choices: ['Red', 'Blue'], minutes: 2, many: true as const }
      const sent = await publish.send(account, draft('Which lamp?', { poll, parts: [{ text: 'Tell us.', attachments: [] }] }), newId())
      assert.ok(sent.state === 'done')
      assert.deepEqual(
        said().map(each => each.poll),
        [{ options: ['Red', 'Blue'], multiple: true, expires_in: 300 }, undefined],
      )
      const [post] = [...server.posts.values()]
      const options = (post!.poll as { options: { votes_count: number | null }[] }).options
      const votes = async () =>
        (await metrics.read(account, [sent.remoteId])).filter(each => each.measure.startsWith('choice')).map(each => each.value)
      for (const [at, votes_count] of [3, null].entries()) options[at]!.votes_count = votes_count
      assert.deepEqual(await votes(), [3], 'what the server keeps to itself is not counted')
      options[1]!.votes_count = 1
      minutes(1)
      await amend.edit!(account, sent.remoteId, draft('Which lamp, please?', { parts: [{ text: 'Tell us.', attachments: [] }] }))
      assert.deepEqual([await votes(), (post!.poll as Record<string, unknown>).multiple], [[3, 1], true])
      minutes(60)
      const late = amend.edit!(account, sent.remoteId, draft('Too late'))
      await assert.rejects(late, { kind: 'rejected', says: 'mastodon.pollOver' })
      const picture = { name: 'a.png', type: 'image/png', content: new Uint8Array(3) }
      const wrong: [Partial<Draft>, string][] = [
        [{ poll, attachments: [picture] }, 'pollAlone'],
        [{ poll: { ...poll, choices: ['1', '2', '3', '4', '5'] } }, 'pollLarge'],
        [{ poll: { ...poll, choices: ['x'.repeat(51), 'y'] } }, 'pollLarge'],
      ]
      for (const [more, says] of wrong)
        await assert.rejects(publish.send(account, draft('No', more), newId()), { kind: 'rejected', says: `mastodon.${says}` })
      assert.equal(server.posts.size, 2)
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
    const polls = { max_options: 6, max_characters_per_option: 80, min_expiration: 60, max_expiration: 90_000 }
    server.instance = { ...server.instance, configuration: { statuses, media_attachments: media, polls } }
    setClock(() => new Date(Date.now() + 100 * 86_400_000))
    const said = { attachments: 6, attachmentBytes: 5000, alt: 99, types: ['image/png'] }
    const poll = { choices: 6, length: 80, hours: 25, alone: true }
    assert.deepEqual(await publish.limitsFor!(account), { text: 11_000, ...said, poll })
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
      poll: { choices: 4, length: 50, hours: 720, alone: true },
    })
  })

  test('posts under every fault, repeated as the house does: each is there once, none twice, none missing', async () => {
    const howMany = process.env.FULL ? 1000 : 50
    const faulty = faultyServer(7)
    server.before = ({ name }) => {
      if (name === 'GET accounts/1/statuses' && faulty.chance() < 0.1) return faulty.chance() < 0.5 ? 'drop' : [503, {}]
      return name === 'POST statuses' ? faulty.before() : undefined
    }
    server.after = ({ name }) => (name === 'POST statuses' ? faulty.after() : undefined)
    const words = Array.from({ length: howMany }, (_, at) => (at % 5 ? `Post ${at}` : 'Thank you!'))
    let tries = 0
    for (const text of words) {
      const key = newId()
      tries += await faulty.sent(() => publish.send(account, draft(text), key), 20)
    }
    assert.ok(tries > howMany * 1.1)
    assert.deepEqual(
      said().map(({ status }) => status),
      words,
    )
  })
})
