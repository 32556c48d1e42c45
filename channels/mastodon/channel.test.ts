import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { setClock } from '#kernel/clock.ts'
import type { ChannelError } from '#kernel/errors.ts'
import { provesContract } from '#social/channels/contract.ts'
import { channel } from './channel.ts'
import { faultOf } from './client.ts'
import { untilOf } from './pace.ts'
import { messages, recording, settings } from './testing.ts'
import { broken, count, essence } from './text.ts'
import { heardIn } from './translate.ts'
import { eventsIn } from './watch.ts'

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
