/** The feed channel against a hub of the test, which behaves as hubs of WebSub do, and as they should not. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { setClock } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { allowHosts } from '#kernel/fetch.ts'
import { useOrigin } from '#kernel/origin.ts'
import { channel } from '#root/channels/feed/channel.ts'
import { relationsFrom } from '#root/channels/feed/relations.ts'
import type { Settings } from '#root/channels/feed/settings.ts'
import { accountOf } from '#social/channels/contract.ts'
import type { Heard } from '#social/channels/words.ts'

const listen = channel.can.listen!
const minute = 60_000
const day = 1440 * minute
let clock = Date.parse('2026-03-12T09:00:00Z')
const pass = (minutes: number): unknown => (clock += minutes * minute)

let origin = ''
let posts: { id: string; text?: string; at?: string }[] = []
let head = ''
let asked: URLSearchParams[] = []
let looks = 0
let refusal = 0
let unwell = false
const pages = new Map<string, string>()

const rss = (more = head): string =>
  `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>News</title>${more}${posts
    .map(
      ({ id, text = id, at = new Date(clock).toISOString() }) =>
        `<item><guid isPermaLink="false">${id}</guid><title>${id}</title><description>${text}</description><pubDate>${at}</pubDate></item>`,
    )
    .join('')}</channel></rss>`

const server = createServer(async (request, response) => {
  const url = new URL(request.url!, origin)
  if (request.method === 'POST') {
    let body = ''
    for await (const part of request) body += part
    asked.push(new URLSearchParams(body))
    return void response.writeHead(refusal || 202).end()
  }
  if (pages.has(url.pathname)) return void response.end(pages.get(url.pathname))
  looks++
  response.writeHead(unwell ? 500 : 200).end(rss())
})

before(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  allowHosts(['127.0.0.0/8'])
  useOrigin('https://house.example')
  setClock(() => new Date(clock))
})
beforeEach(() => {
  posts = []
  asked = []
  looks = 0
  refusal = 0
  head = `<atom:link rel="hub" href="/hub"/><atom:link rel="self" href="${origin}/topic"/>`
})
after(() => {
  setClock()
  server.close()
})

const told = (heard: Heard[]): string[] =>
  heard.map(each => (each.is === 'edit' ? `${each.about.slice(13)} now ${each.text}` : each.remoteId.slice(13)))

function subscriber() {
  const account = accountOf<Settings>(channel.settings.parse({ url: `${origin}/feed` }))
  let cursor: string | null = null
  const it = {
    account,
    async hear(): Promise<string[]> {
      const batch = await listen.since(account, cursor)
      cursor = batch.cursor
      return told(batch.heard)
    },
    /** What waits is done, as the house would. */
    async work(): Promise<number> {
      const tasks = account.tasks.splice(0)
      for (const task of tasks) await channel.work!(account, task)
      return tasks.length
    },
    /** The address that the hub was told to call. */
    door: (): string => asked.at(-1)?.get('hub.callback') ?? 'https://house.example/webhooks/org/account?hub=none',
    async ask(query: Record<string, string>, door: string = it.door()): Promise<string> {
      const url = `${door}&${new URLSearchParams(query)}`
      const given = await listen.webhook!(account, new Request(url))
      const answer = 'answer' in given ? given.answer : assert.fail('no answer')
      return `${answer.status} ${await answer.text()}`
    },
    verify: (more: Record<string, string> = {}): Promise<string> =>
      it.ask({ 'hub.mode': 'subscribe', 'hub.topic': `${origin}/topic`, 'hub.challenge': 'c<1>', 'hub.lease_seconds': '864000', ...more }),
    async push(
      body: string,
      signed: { method?: string; secret?: string; door?: string; header?: string } = {},
    ): Promise<string[] | string> {
      const { method = 'sha256', secret = asked.at(-1)?.get('hub.secret') ?? '', door = it.door() } = signed
      const header = signed.header ?? `${method}=${createHmac(method, secret).update(body).digest('hex')}`
      const request = new Request(door, {
        method: 'POST',
        body,
        headers: { 'x-hub-signature': header, 'content-type': 'application/rss+xml' },
      })
      try {
        const given = await listen.webhook!(account, request)
        return told('answer' in given ? given.heard : given)
      } catch (error) {
        return error instanceof ChannelError ? `${error.kind} ${error.says}` : assert.fail(String(error))
      }
    },
  }
  return it
}

async function subscribed() {
  const it = subscriber()
  await it.hear()
  await it.work()
  assert.equal(await it.verify(), '200 c<1>')
  return it
}

test('a hub is asked once, asks back, and from then on new items come by push; the feed itself is asked rarely', async () => {
  posts = [{ id: 'a', at: new Date(clock - day).toISOString() }]
  const it = subscriber()
  assert.deepEqual(await it.hear(), ['a'])
  assert.equal(await it.work(), 1)
  const [wish = assert.fail()] = asked
  assert.deepEqual([wish.get('hub.mode'), wish.get('hub.topic'), wish.get('hub.secret')?.length], ['subscribe', `${origin}/topic`, 64])
  assert.match(it.door(), /^https:\/\/house\.example\/webhooks\/org\/account\?hub=[0-9a-f]{24}$/)
  assert.equal(await it.push(rss()), 'rejected feed.notGenuine', 'not before it asked back')
  assert.equal(await it.verify(), '200 c<1>')
  pass(1)
  posts = [{ id: 'b' }, ...posts]
  assert.deepEqual(await it.push(rss()), ['b'], 'what was there before is not news')
  assert.deepEqual([await it.hear(), looks], [[], 2], 'after a push the feed is asked, and what was pushed is known')
  pass(31)
  assert.deepEqual([await it.hear(), looks], [[], 2], 'not every half hour any more')
  pass(360)
  assert.deepEqual([await it.hear(), looks], [[], 3], 'but sometimes')
})

test('what a push changes is read from the feed; an old push that somebody sends again turns nothing back', async () => {
  const it = await subscribed()
  posts = [{ id: 'a', text: 'first' }]
  const old = rss()
  assert.deepEqual(await it.push(old), ['a'])
  posts = [{ id: 'a', text: 'mended' }]
  assert.deepEqual(await it.push(rss()), ['a'], 'known by its remote id')
  assert.deepEqual(await it.hear(), ['a now mended'])
  assert.deepEqual(await it.push(old), ['a'])
  assert.deepEqual(await it.hear(), [])
  posts = [{ id: 'a', text: 'mended twice' }]
  await it.push(rss())
  unwell = true
  await assert.rejects(it.hear(), { kind: 'wait' })
  unwell = false
  pass(6)
  assert.deepEqual(await it.hear(), ['a now mended twice'], 'a push is an occasion until the feed was read')
})

test('only what the hub signed is heard: SHA-256 or better; by SHA-1 it is no more than an occasion to look', async () => {
  const it = await subscribed()
  posts = [{ id: 'a' }]
  const refused = 'rejected feed.notGenuine'
  assert.equal(await it.push(rss(), { secret: 'another' }), refused)
  for (const header of ['', 'sha256=', 'sha256=00', `md5=${'0'.repeat(32)}`, `sha256=${'0'.repeat(64)}`, 'sha256'])
    assert.equal(await it.push(rss(), { header }), refused, header)
  assert.equal(await it.push(rss(), { door: it.door().slice(0, -1) }), refused, 'another address')
  assert.deepEqual([await it.hear(), looks], [[], 1], 'what is forged is no occasion')
  assert.deepEqual(await it.push(rss(), { method: 'sha1' }), [])
  assert.deepEqual(await it.hear(), ['a'])
  posts = [{ id: 'b' }]
  assert.deepEqual(await it.push(rss(), { method: 'sha512' }), ['b'])
  for (const odd of ['', 'x', '<!DOCTYPE html><p>', rss().slice(0, 100)]) assert.deepEqual(await it.push(odd), [], odd)
})

test('what we did not ask for is not confirmed: another topic, another address, another time, an end', async () => {
  const it = subscriber()
  await it.hear()
  assert.equal(await it.verify(), '404 ', 'nobody was asked yet')
  await it.work()
  assert.equal(await it.verify({ 'hub.topic': `${origin}/other` }), '404 ')
  assert.equal(await it.verify({ 'hub.mode': 'unsubscribe' }), '404 ')
  assert.equal(await it.verify({ 'hub.lease_seconds': '-5' }), '404 ')
  assert.equal(await it.verify({ 'hub.challenge': 'x'.repeat(1001) }), '404 ')
  const query = { 'hub.mode': 'subscribe', 'hub.topic': `${origin}/topic`, 'hub.challenge': 'c', 'hub.lease_seconds': '600' }
  assert.equal(await it.ask(query, it.door().slice(0, -2)), '404 ')
  assert.equal(await it.verify(), '200 c<1>')
  assert.equal(await it.verify(), '404 ', 'once')
  assert.equal(await it.verify({ 'hub.mode': 'denied' }), '404 ')
})

test('it is asked again before the time is up; when it stays silent, denies or fails, the feed is asked as before', async () => {
  const it = await subscribed()
  assert.deepEqual([await it.work(), asked.length], [1, 2], 'renewed under the same address and secret')
  assert.deepEqual(asked[0]!.toString(), asked[1]!.toString())
  pass(5 * 1440)
  assert.equal(await it.verify(), '200 c<1>')
  pass(10 * 1440 + 1)
  assert.equal(await it.push(rss()), 'rejected feed.notGenuine', 'the time is up')
  posts = [{ id: 'late' }]
  assert.deepEqual(await it.hear(), ['late'])
  pass(31)
  const before = looks
  await it.hear()
  assert.equal(looks, before + 1, 'every half hour again')
  refusal = 503
  await assert.rejects(it.work(), { kind: 'down' })
  refusal = 429
  await it.hear()
  pass(1441)
  await it.hear()
  await assert.rejects(it.work(), { kind: 'wait' })
  refusal = 404
  pass(1441)
  await it.hear()
  assert.ok((await it.work()) > 0, 'a no is an answer')
  assert.equal(await it.verify({ 'hub.mode': 'denied' }), '200 ')
  pass(31)
  await it.hear()
  assert.equal(await it.work(), 0, 'and not asked for again on the same day')
  head = ''
  pass(31)
  await it.hear()
  assert.equal(await it.account.memory.get('hub'), undefined, 'a feed without a hub has none')
})

test('hubs are found in headers, Atom, RSS and JSON; headers first, https first', async () => {
  const none = { hubs: [], self: undefined, older: undefined }
  const header = '<https://hub.example/a,b>; rel="hub", <http://hub.example/2>; rel=hub , </feed?p=2>; title="x"; rel="next self"'
  assert.deepEqual(relationsFrom('https://news.example/feed', header, { ...none, hubs: ['https://no.example/'] }), {
    hubs: ['https://hub.example/a,b', 'http://hub.example/2'],
    self: 'https://news.example/feed?p=2',
    older: 'https://news.example/feed?p=2',
  })
  for (const odd of [null, '', '<', '<>', 'x', '<javascript:alert(1)>; rel=hub', `${'<'.repeat(9000)}`])
    assert.deepEqual(relationsFrom('https://a.example/', odd, none), { hubs: [], self: 'https://a.example/', older: undefined })
})

test('history goes back page by page, newest first, as far as asked; one item is found by its name', async () => {
  const it = subscriber()
  const on = (days: number) => new Date(clock - days * day).toISOString()
  posts = [{ id: 'd4', at: on(4) }]
  pages.set('/p3', rss('<atom:link rel="next" href="/p4"/>'))
  posts = [{ id: 'd2', at: on(2) }, { id: 'd3', at: on(3) }] // biome-ignore format: two on one page
  pages.set('/p2', rss('<atom:link rel="next" href="/p3"/>'))
  posts = [{ id: 'd1', at: on(1) }]
  head = '<atom:link rel="next" href="/p2"/>'
  const heard: string[] = []
  let batch = await listen.history!(it.account, new Date(clock - 2.5 * day), null)
  heard.push(...told(batch.heard))
  for (let turns = 1; batch.more && turns < 9; turns++) {
    batch = await listen.history!(it.account, new Date(clock - 2.5 * day), batch.cursor)
    heard.push(...told(batch.heard))
  }
  assert.deepEqual(heard, ['d1', 'd2'])
  const [{ remoteId } = assert.fail()] = (await listen.history!(it.account, new Date(0), null)).heard
  assert.equal((await listen.find!(it.account, remoteId))?.text, 'd1')
  assert.equal(await listen.find!(it.account, `${remoteId}x`), null)
})
