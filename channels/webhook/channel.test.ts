import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { setClock } from '#kernel/clock.ts'
import { jsonAt as at } from '#kernel/json.ts'
import { placesIn } from '#kernel/json-places.ts'
import { keyOf } from '#kernel/signed.ts'
import { accountOf, provesContract } from '#social/channels/contract.ts'
import type { HeardMessage } from '#social/channels/words.ts'
import { channel } from './channel.ts'
import { prove } from './genuine.ts'
import { settings as form, type Settings } from './settings.ts'
import { heardIn } from './translate.ts'

const now = new Date('2026-03-12T09:00:00Z')
const secret = `whsec_${Buffer.from('a secret of thirty-two bytes ...').toString('base64')}`
const settingsWith = (more: Partial<Settings> = {}): Settings => ({ ...form.parse({ name: 'Shop', secret, mark: 'abc' }), ...more })
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const hear = (body: Uint8Array | string, more: Partial<Settings> = {}, push = { id: 'msg_1' }): HeardMessage[] =>
  heardIn({ id: 'account', settings: settingsWith(more) }, push, typeof body === 'string' ? bytesOf(body) : body, now)
const recording = (name: string): HeardMessage[] => hear(readFileSync(join(import.meta.dirname, 'recordings', name)))
const names = (heard: HeardMessage[]): string[] => heard.map(each => each.remoteId.slice('account:'.length))

provesContract(channel, {
  folder: import.meta.dirname,
  settings: { name: 'Shop', secret },
  addresses: ['abc', 'abc#Mila Berg', 'abc#ÅSA'],
  hear: async bytes => hear(bytes),
})

describe('what is pushed becomes a message', () => {
  test('by the usual names', () => {
    const [{ from, subject, text, at, flaws, url } = assert.fail()] = recording('contact-form.json')
    assert.deepEqual(from, { network: 'webhook', address: 'abc#mila@kund.example', name: 'mila@kund.example' })
    assert.deepEqual(
      [subject, text, at.toISOString(), flaws, url],
      ['Lamp', 'Is the blue one still there?', '2026-03-12T07:15:00.000Z', undefined, undefined],
    )
    const [event = assert.fail()] = recording('event.json')
    assert.deepEqual(
      [event.remoteId, event.from.name, event.subject, event.text, event.url, event.at.toISOString()],
      ['account:r-9', 'jon', 'Great light', 'Reads well at night. 💡', 'https://shop.example/reviews/9', '2026-03-12T07:00:00.000Z'],
    )
  })

  test('by the places that a person chose; where there is nothing the message says so, and nothing is lost', () => {
    const body = '{"a":{"b~/c":[{"x":"chosen"}]},"text":"usual","who":"Tor"}'
    const [good = assert.fail()] = hear(body, { textAt: '/a/b~0~1c/0/x', authorAt: '/who' })
    assert.deepEqual([good.text, good.from.name, good.flaws], ['chosen', 'Tor', undefined])
    const [odd = assert.fail()] = hear(body, { textAt: '/nowhere' })
    assert.deepEqual([odd.flaws, JSON.parse(odd.text)], [['webhook.flawPlace'], JSON.parse(body)])
    assert.deepEqual([odd.original?.content, odd.original?.type], [bytesOf(body), 'application/json'])
  })

  test('a list is a message for each entry; all of it is the text where no text is found; what is no JSON is heard as it came', () => {
    assert.deepEqual(names(recording('list.json')), ['1', '2', 'msg_1/2', 'msg_1/3', 'msg_1/4'])
    assert.deepEqual(
      recording('list.json').map(each => each.text),
      ['one', 'two', 'three', '4', 'null'],
    )
    assert.deepEqual(JSON.parse(recording('nothing-known.json')[0]!.text), { sensor: { celsius: 81 } })
    assert.deepEqual(
      [recording('not-json.txt')[0]?.text, recording('not-json.txt')[0]?.flaws],
      ['order=12&paid=yes', ['webhook.flawNotJson']],
    )
    assert.deepEqual(hear(''), [], 'nothing is a knock at the door')
    const many = hear(JSON.stringify(Array.from({ length: 300 }, (_, id) => ({ id, text: 'x' }))))
    assert.deepEqual([many.length, many[0]?.flaws], [200, ['webhook.flawMany']])
  })

  test('times as dates, seconds or milliseconds; one that cannot be is when it came', () => {
    assert.equal(recording('numbers.json')[0]?.at.toISOString(), '2026-03-12T07:20:00.000Z')
    assert.deepEqual(
      recording('odd-times.json').map(each => [each.at.toISOString(), each.flaws?.[0]]),
      [
        [now.toISOString(), 'webhook.flawTime'],
        ['2026-03-12T07:20:00.123Z', undefined],
        [now.toISOString(), 'webhook.flawTime'],
      ],
    )
  })

  test('nothing is found that was not sent, and nothing too deep is read', () => {
    const [proto = assert.fail()] = recording('proto.json')
    assert.doesNotMatch(JSON.stringify([proto.subject, proto.from]), /inherited|Object/)
    for (const pointer of ['/constructor', '/toString', '/length', '/0/__proto__', '/00', '/-1'])
      assert.equal(at([{}], pointer), undefined, pointer)
    assert.equal(at({ '': 1 }, '/'), 1)
    const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
    const start = performance.now()
    for (const bomb of [deep(500_000), `{"a":${'['.repeat(1_000_000)}`, `"${'\\"'.repeat(500_000)}`, `{"text":"${'x'.repeat(1_000_000)}"}`])
      assert.equal(hear(bomb).length, 1)
    assert.ok(performance.now() - start < 2000)
  })

  test('two accounts never mean the same message, and a program’s “Anna” is nobody else’s', () => {
    const push = { id: 'msg_1' }
    const [other = assert.fail()] = heardIn(
      { id: 'another', settings: settingsWith({ mark: 'def' }) },
      push,
      bytesOf('{"id":"f-17","author":"Anna"}'),
      now,
    )
    assert.deepEqual([other.remoteId, other.from.address], ['another:f-17', 'def#Anna'])
  })
})

describe('what came is an example to choose by', () => {
  const push = async (account: ReturnType<typeof accountOf<Settings>>, body: string, key = secret) => {
    const at = new Date(Math.trunc(clock / 1000) * 1000)
    const signature = new Webhook(key).sign('msg_1', at, body)
    const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(at.getTime() / 1000), 'webhook-signature': signature }
    return channel.can.listen!.webhook!(account, new Request('http://house.example/', { method: 'POST', body, headers }))
  }
  let clock = now.getTime()
  before(() => setClock(() => new Date(clock)))
  after(() => setClock())

  test('the last five that were genuine, one in ten seconds, with the places in them and what would be heard', async () => {
    const account = accountOf(settingsWith(), { id: 'examples' })
    for (let at = 0; at < 7; at++, clock += 10_000) await push(account, `{"a":{"b~/c":[{"x":"no ${at}"}]},"n":7,"none":null}`)
    await push(account, 'order=1&paid=yes')
    await push(account, '{"flood":1}')
    await assert.rejects(push(account, '{"forged":1}', `whsec_${Buffer.alloc(32, 1).toString('base64')}`), { kind: 'rejected' })
    await push(account, JSON.stringify({ large: 'x'.repeat(60_000) }))
    const tried = { ...account, settings: settingsWith({ textAt: '/a/b~0~1c/0/x' }) }
    const all = await channel.examples!(tried)
    assert.deepEqual(
      all.map(({ heard: [first] }) => first?.text),
      ['order=1&paid=yes', 'no 6', 'no 5', 'no 4', 'no 3'],
    )
    assert.deepEqual(all[1]!.places, [
      { place: '/a/b~0~1c/0/x', holds: 'no 6' },
      { place: '/n', holds: '7' },
    ])
    assert.equal(all[1]!.original, JSON.stringify({ a: { 'b~/c': [{ x: 'no 6' }] }, n: 7, none: null }, null, 2))
    assert.deepEqual(all[0]!.places, [])
    for (const { place } of all[1]!.places) assert.notEqual(at(JSON.parse(all[1]!.original), place), undefined)
  })

  test('whatever the JSON, the places end', () => {
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, each) => [`k${each}`, { v: 1 }]))
    assert.equal(placesIn(wide).length, 200)
    assert.deepEqual(placesIn(JSON.parse(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`)), [])
    assert.deepEqual(placesIn({ ['x'.repeat(400)]: 1, ok: 'y' }), [{ place: '/ok', holds: 'y' }])
    for (const odd of [null, 1, 'x', [], {}]) assert.deepEqual(placesIn(odd), [])
  })
})

describe('only who knows the secret is heard', () => {
  const body = '{"text":"hello"}'
  const signer = new Webhook(secret)
  const present = () => new Date()
  const headersFor = (moment = present(), id = 'msg_1', text = body): Record<string, string> => ({
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(moment.getTime() / 1000)),
    'webhook-signature': signer.sign(id, moment, text),
  })
  const proves = (headers: Record<string, string>, text: string | Uint8Array = body, more: Partial<Settings> = {}) =>
    prove(settingsWith(more), new Headers(headers), typeof text === 'string' ? bytesOf(text) : text)
  const refused = (headers: Record<string, string>, says: string, text?: string, more?: Partial<Settings>) =>
    assert.throws(() => proves(headers, text, more), { kind: 'rejected', says: 'webhook.notGenuine' }, says)

  test('what another implementation of the standard signed is genuine; also under two signatures, and by a secret of words', () => {
    const headers = headersFor()
    assert.equal(proves(headers).id, 'msg_1')
    const signature = headers['webhook-signature']!
    for (const both of [`v1,AAAA ${signature}`, `${signature} v1a,AAAA`, `v2,${signature} ${signature}`])
      assert.equal(proves({ ...headers, 'webhook-signature': both }).id, 'msg_1')
    const words = 'nobody guesses these words here'
    const signedAt = new Date(Number(headers['webhook-timestamp']) * 1000)
    const raw = new Webhook(words, { format: 'raw' }).sign('msg_1', signedAt, body)
    assert.equal(proves({ ...headers, 'webhook-signature': raw }, body, { secret: words }).id, 'msg_1')
  })

  test('1,000 that are not are refused: another secret, body, id or moment, too old, too new, cut, missing', () => {
    const good = headersFor()
    const forger = new Webhook(Buffer.from('another secret of thirty-two byte').toString('base64'))
    let cases = 0
    const wrong = (headers: Record<string, string>, says: string, text?: string) => {
      cases++
      refused(headers, says, text)
    }
    for (const name of Object.keys(good)) {
      wrong({ ...good, [name]: '' }, `${name} empty`)
      wrong(Object.fromEntries(Object.entries(good).filter(([each]) => each !== name)), `${name} missing`)
      wrong({ ...good, [name]: `${good[name]}0` }, `${name} longer`)
      wrong({ ...good, [name]: good[name]!.slice(0, -1) }, `${name} cut`)
    }
    for (const minutes of [-6, 6, -60, 60, -1440 * 365])
      wrong(headersFor(new Date(Date.now() + minutes * 60_000)), `${minutes} minutes off`)
    for (const moment of ['NaN', '1e9', '-1', ' ', '0x10', '9'.repeat(20)]) wrong({ ...good, 'webhook-timestamp': moment }, moment)
    const signature = good['webhook-signature']!
    for (const bare of [
      signature.slice(3),
      signature.replace('v1,', 'v1a,'),
      signature.replace('v1,', 'v2,'),
      'v1,',
      'v1',
      `v1,${signature}`,
    ])
      wrong({ ...good, 'webhook-signature': bare }, bare)
    for (let at = 0; cases < 1000; at++) {
      const changed = `${body.slice(0, at % body.length)}${String.fromCharCode(33 + (at % 90))}${body.slice((at % body.length) + 1)}`
      if (changed !== body) wrong(good, `body ${changed}`, changed)
      wrong({ ...good, 'webhook-signature': forger.sign('msg_1', present(), body) }, 'another secret')
      wrong({ ...good, 'webhook-id': `msg_${at + 2}` }, 'another id')
    }
    assert.ok(cases >= 1000)
    console.log(`${cases} cases, 0 failed`)
  })

  test('with the secret in a header: that header, that secret', () => {
    const more = { proof: 'secret' as const, header: 'x-shop-key', secret: 'sixteen letters!' }
    assert.deepEqual(proves({ 'x-shop-key': 'sixteen letters!', 'webhook-id': 'w1' }, body, more), { id: 'w1' })
    assert.deepEqual(proves({ authorization: 'Bearer sixteen letters!' }, body, { ...more, header: 'authorization' }), { id: undefined })
    for (const headers of [
      {},
      { 'x-shop-key': '' },
      { 'x-shop-key': 'sixteen letters' },
      { 'x-shop-key': 'sixteen letters!!' },
      { authorization: 'sixteen letters!' },
    ])
      refused(headers as Record<string, string>, JSON.stringify(headers), body, more)
    refused(headersFor(), 'a signature does not help where the secret is asked for', body, more)
    refused({ authorization: secret }, 'nor the secret where a signature is asked for')
  })

  test('a secret that is too short to protect is refused when it is connected', async () => {
    const says = (given: Record<string, unknown>) =>
      channel
        .discover(given, () => {})
        .then(
          () => 'taken',
          error => error.says,
        )
    const packed = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`
    assert.deepEqual(
      [keyOf(packed(23)), keyOf(packed(24))?.length, keyOf(packed(64))?.length, keyOf(packed(65))],
      [undefined, 24, 64, undefined],
    )
    assert.equal(await says({ name: 'Shop', secret: packed(20) }), 'webhook.adviceSecret')
    assert.equal(await says({ name: 'Shop', secret: 'x'.repeat(23) }), 'webhook.adviceSecret')
    assert.equal(await says({ name: 'Shop', secret: 'whsec_!!not base64 at all, really not!!' }), 'webhook.adviceSecret')
    assert.equal(await says({ name: 'Shop', secret: 'x'.repeat(23), proof: 'secret' }), 'taken')
    assert.equal(await says({ name: 'Shop', secret, textAt: 'no pointer' }), 'webhook.adviceFields')
    const [one, two] = [
      await channel.discover({ name: 'Shop', secret }, () => {}),
      await channel.discover({ name: 'Shop', secret }, () => {}),
    ]
    assert.notEqual(one.address, two.address, 'two doors of one name are two')
    assert.equal(
      (await channel.discover({ ...one.settings, name: 'Store' }, () => {})).address,
      one.address,
      'one that is changed stays the same',
    )
  })
})
