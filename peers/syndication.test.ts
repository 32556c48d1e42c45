/** Our own feeds over HTTP, read and subscribed by our own feed channel: what one side says, the other hears. */
import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { Hono } from 'hono'
import { setClock } from '#kernel/clock.ts'
import { allowHosts } from '#kernel/fetch.ts'
import { serve } from '#kernel/http.tsx'
import { tickNow } from '#kernel/jobs.ts'
import { useOrigin } from '#kernel/origin.ts'
import { testHouse } from '#kernel/testing.ts'
import { channel as feed } from '#root/channels/feed/channel.ts'
import { readFeed } from '#root/channels/feed/read.ts'
import type { Settings as FeedSettings } from '#root/channels/feed/settings.ts'
import { channel as syndication } from '#root/channels/syndication/channel.ts'
import * as accounts from '#social/accounts/actions.ts'
import { accountOf } from '#social/channels/contract.ts'
import type { Attachment, Called, Draft, Heard, SaidOpenly } from '#social/channels/words.ts'
import * as outbox from '#social/outbox/actions.ts'

const minute = 60_000
let clock = Date.parse('2026-03-12T09:00:00Z')
const pass = (minutes: number): unknown => (clock += minutes * minute)

const account = accountOf(syndication.settings.parse({ title: 'Acme', path: 'acme', about: 'News & more', language: 'en' }), { id: 'ours' })
/** What the house keeps of what the account said, newest first. */
let kept: SaidOpenly[] = []
const called: Called<typeof account.settings> = {
  account,
  name: 'Acme',
  takeIn: async () => 0,
  said: async ({ before: cursor, limit = 50 } = {}) => {
    const from = cursor ? kept.findIndex(each => each.id === cursor) + 1 : 0
    const items = kept.slice(from, from + limit)
    return { items, next: from + limit < kept.length ? items.at(-1)!.id : null }
  },
  saidAs: async remoteId => kept.find(each => each.remoteId === remoteId) ?? null,
  present: async () => false,
  writing: async () => {},
  question: async () => null,
  choose: async () => null,
}

const app = new Hono()
for (const { method, path, answer } of syndication.doors!)
  app.on(method, path, c =>
    answer({
      request: c.req.raw,
      params: c.req.param() as Record<string, string>,
      origin,
      from: '127.0.0.1',
      account: async which => ('address' in which && which.address === 'acme' ? called : null),
      knowing: async () => [],
      left: async () => false,
    }),
  )

let origin = ''
/** Answers of doors that subscribe: by path. */
const doors = new Map<string, (request: Request) => Promise<Response> | Response>()
const server = createServer(async (request, response) => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  const url = new URL(request.url!, origin)
  const body = request.method === 'GET' ? undefined : Buffer.concat(parts)
  const given = new Request(url, { method: request.method, headers: request.headers as Record<string, string>, body })
  const answer = await (doors.get(url.pathname)?.(given) ?? app.fetch(given))
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()))
})

before(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  useOrigin(origin)
  allowHosts(['127.0.0.0/8'])
  setClock(() => new Date(clock))
})
after(() => {
  setClock()
  server.closeAllConnections()
  server.close()
})

async function post(text: string, more: Partial<Draft> = {}): Promise<SaidOpenly> {
  const id = randomUUID()
  const draft: Draft = { id, to: [], copied: [], blindCopied: [], text, attachments: [], answers: [], open: true, ...more }
  const done = await syndication.can.publish!.send(account, draft, id)
  assert.deepEqual(done, { state: 'done', remoteId: `urn:uuid:${id}`, url: `${origin}/syndication/acme/posts/${id}` })
  const said: SaidOpenly = { id, remoteId: `urn:uuid:${id}`, at: new Date(clock), changedAt: null, draft }
  kept = [said, ...kept]
  return said
}
async function edit(said: SaidOpenly, text: string): Promise<void> {
  Object.assign(said, { changedAt: new Date(clock), draft: { ...said.draft, text } })
  await syndication.can.amend!.edit!(account, said.remoteId, said.draft)
}
async function remove(said: SaidOpenly): Promise<void> {
  kept = kept.filter(each => each !== said)
  await syndication.can.amend!.remove!(account, said.remoteId)
}
async function settle(): Promise<number> {
  let count = 0
  for (let tasks = account.tasks.splice(0); tasks.length; tasks = account.tasks.splice(0), count++)
    for (const task of tasks) await syndication.work!(account, task)
  return count
}

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${origin}/syndication/acme${path}`, { headers })
const formats = ['rss.xml', 'atom.xml', 'feed.json']

test('one post reads the same in every format', async () => {
  const evil = 'Is 1 < 2 & "so"? ]]> \u0007'
  const png: Attachment = { name: 'lamp.png', type: 'image/png', content: new Uint8Array(7), alt: 'A lamp' }
  const mp3: Attachment = { name: 'sea.mp3', type: 'audio/mpeg', content: new Uint8Array(9) }
  const said = await post(`${evil}\n\nhttps://a.example/?x&y`, { subject: evil, attachments: [mp3, png] })
  for (const name of formats) {
    const answer = await get(`/${name}`)
    assert.equal(answer.headers.get('access-control-allow-origin'), '*')
    assert.match(answer.headers.get('link') ?? '', /<http[^>]*\/syndication\/acme\/hub>; rel="hub"/)
    const read = readFeed(new Uint8Array(await answer.arrayBuffer()), answer.headers.get('content-type')!)
    const [item = assert.fail(), ...others] = read.items
    assert.deepEqual(
      [read.title, read.self, read.hubs, others.length],
      ['Acme', `${origin}/syndication/acme/${name}`, [`${origin}/syndication/acme/hub`], 0],
    )
    assert.deepEqual(
      [item.id, item.title.trim(), item.url],
      [said.remoteId, evil.replace('\u0007', '').trim(), `${origin}/syndication/acme/posts/${said.id}`],
    )
    assert.match(item.html ?? '', /^<p>Is 1 &lt; 2 &amp; &quot;so&quot;\? \]\]&gt; <\/p><p><a href="https:\/\/a\.example\/\?x&amp;y">/)
    assert.match(item.html ?? '', /files\/1" alt="A lamp">/)
    assert.equal(new Date(item.published!).getTime(), clock)
    assert.deepEqual(item.files[0], { url: `${origin}/syndication/acme/posts/${said.id}/files/0`, type: 'audio/mpeg', bytes: 9 })
  }
  for (const path of [
    '/no.xml',
    '/posts/none',
    '/posts/none/files/0',
    `/posts/${said.id}/files/9`,
    `/posts/${said.id}/files/x`,
    '/rss.xml?before=%00',
  ])
    assert.equal((await get(path)).status, 404, path)
  assert.equal((await fetch(`${origin}/syndication/other/rss.xml`)).status, 404)
  await remove(said)
})

test('who has seen it is told so in a line; edits and removals are always seen', async () => {
  const said = await post('first')
  const fresh = await get('/atom.xml')
  assert.equal(fresh.headers.get('last-modified'), null, 'within the minute a date cannot tell')
  pass(2)
  const first = await get('/atom.xml')
  const [tag, date] = [first.headers.get('etag')!, first.headers.get('last-modified')!]
  assert.equal(date, new Date(clock - 2 * minute).toUTCString())
  const sameAs: Record<string, string>[] = [
    { 'if-none-match': tag },
    { 'if-none-match': `"x", W/${tag}` },
    { 'if-none-match': '*' },
    { 'if-modified-since': date },
  ]
  for (const headers of sameAs) assert.equal((await get('/atom.xml', headers)).status, 304, JSON.stringify(headers))
  assert.equal(
    (await get('/atom.xml', { 'if-none-match': '"x"', 'if-modified-since': date })).status,
    200,
    'the tag counts before the date',
  )
  assert.equal((await get('/atom.xml', { 'if-modified-since': new Date(0).toUTCString() })).status, 200)
  assert.equal((await get('/rss.xml', { 'if-none-match': tag })).status, 200, 'each document has its own')
  for (const change of [() => edit(said, 'second'), () => remove(said)]) {
    pass(5)
    await change()
    pass(5)
    assert.equal((await get('/atom.xml', { 'if-none-match': tag })).status, 200)
    assert.equal((await get('/atom.xml', { 'if-modified-since': date })).status, 200)
  }
  await settle()
})

test('a long feed has pages, and every post stands on exactly one of them', async () => {
  for (let at = 0; at < 120; at++) await post(`post ${at}`)
  const reader = accountOf<FeedSettings>(feed.settings.parse({ url: `${origin}/syndication/acme/atom.xml` }))
  const heard: string[] = []
  let turns = 0
  for (let cursor: string | null = null, more = true; more; turns++) {
    const batch = await feed.can.listen!.history!(reader, new Date(0), cursor)
    heard.push(...batch.heard.map(each => (each.is === 'message' ? each.text : '')))
    ;({ cursor, more } = batch)
  }
  assert.deepEqual([heard.length, new Set(heard).size, turns], [120, 120, 3])
  assert.equal((await (await get('/feed.json')).json()).items.length, 50)
  kept = []
  account.tasks.length = 0
})

test('the page for people: sanitised, without a script, with the way to the feeds', async () => {
  const said = await post('', {
    subject: 'Lamps',
    html: '<p onclick="x()">Blue<script>alert(1)</script></p>',
    attachments: [{ name: 'x.svg', type: 'image/svg+xml', content: Buffer.from('<svg onload="alert(1)"/>') }],
  })
  for (const path of ['', `/posts/${said.id}`]) {
    const page = await (await get(path)).text()
    assert.match(page, /Blue/)
    assert.doesNotMatch(page, /<script|onclick/)
    for (const name of formats) assert.match(page, new RegExp(`rel="alternate"[^>]*href="${origin}/syndication/acme/${name}"`))
  }
  const file = await get(`/posts/${said.id}/files/0`)
  assert.deepEqual(
    [file.headers.get('content-type'), file.headers.get('content-disposition')],
    ['application/octet-stream', "attachment; filename*=UTF-8''x.svg"],
  )
  assert.equal(file.headers.get('content-security-policy'), "default-src 'none'; sandbox")
  await remove(said)
  account.tasks.length = 0
})

test('the whole circle: subscribed over the hub, a post is heard at once, its change with the next look, once each', async () => {
  const reader = accountOf<FeedSettings>(feed.settings.parse({ url: `${origin}/syndication/acme/rss.xml` }), { id: 'reader', org: 'there' })
  const told: string[] = []
  const hears = (heard: Heard[]) => void told.push(...heard.map(each => `${each.is} ${'text' in each ? each.text : ''}`))
  doors.set('/webhooks/there/reader', async request => {
    const given = await feed.can.listen!.webhook!(reader, request)
    const { heard, answer } = 'answer' in given ? given : assert.fail()
    hears(heard)
    return answer
  })
  let cursor: string | null = null
  const look = async () => {
    const batch = await feed.can.listen!.since(reader, cursor)
    cursor = batch.cursor
    hears(batch.heard)
  }
  await look()
  for (const task of reader.tasks.splice(0)) await feed.work!(reader, task)
  await settle()
  assert.equal((await account.memory.list('sub:')).length, 1)
  pass(10)
  const said = await post('Hello 🪚')
  await settle()
  assert.deepEqual(told, ['message Hello 🪚'])
  await syndication.can.publish!.send(account, said.draft, said.id)
  assert.equal(await settle(), 0, 'sent twice is told once')
  await look()
  await edit(said, 'Hello again')
  await settle()
  await look()
  assert.deepEqual(told, ['message Hello 🪚', 'message Hello again', 'edit Hello again'], 'the second is known by its remote id')
  await remove(said)
  await syndication.can.amend!.remove!(account, said.remoteId)
  await syndication.can.amend!.edit!(account, said.remoteId, said.draft)
  assert.equal(await settle(), 0, 'of what is gone nothing is told')
})

test('the hub confirms before it tells, signs what it tells, tries again, and forgets who is gone', async () => {
  for (const { name } of await account.memory.list('sub:')) await account.memory.set(name, undefined)
  const forget = async () => {
    for (const { name } of await account.memory.list('knock:')) await account.memory.set(name, undefined)
  }
  const wish = async (more: Record<string, string> = {}) => {
    const fields = {
      'hub.mode': 'subscribe',
      'hub.topic': `${origin}/syndication/acme/atom.xml`,
      'hub.callback': `${origin}/reader?a=1`,
      'hub.secret': 's3',
      ...more,
    }
    return (await fetch(`${origin}/syndication/acme/hub`, { method: 'POST', body: new URLSearchParams(fields) })).status
  }
  const subscribers = async () => (await account.memory.list('sub:')).length
  const wrongs: Record<string, string>[] = [
    { 'hub.topic': `${origin}/syndication/other/atom.xml` },
    { 'hub.callback': 'ftp://a/' },
    { 'hub.callback': 'x' },
    { 'hub.mode': 'publish' },
    { 'hub.secret': 'x'.repeat(201) },
  ]
  for (const wrong of wrongs) assert.equal(await wish(wrong), 400, JSON.stringify(wrong))
  await forget()
  const seen: { query: URLSearchParams; signature: string | null; body: string }[] = []
  let status = 200
  const echo = (request: Request) => new URL(request.url).searchParams.get('hub.challenge') ?? ''
  doors.set('/reader', async request => {
    seen.push({ query: new URL(request.url).searchParams, signature: request.headers.get('x-hub-signature'), body: await request.text() })
    return new Response(echo(request), { status })
  })
  doors.set('/mute', () => new Response('yes'))
  assert.equal(await wish({ 'hub.callback': `${origin}/mute` }), 202)
  assert.equal(await wish(), 429, 'one host is asked back once in ten seconds')
  await settle()
  assert.equal(await subscribers(), 0, 'who does not say the words has not wished')
  await forget()
  status = 404
  assert.equal(await wish(), 202)
  await settle()
  assert.equal(await subscribers(), 0)
  await forget()
  status = 200
  await wish({ 'hub.lease_seconds': '99999999' })
  await settle()
  assert.equal(await subscribers(), 1)
  const asked = seen.at(-1)!.query
  assert.deepEqual([asked.get('a'), asked.get('hub.mode'), asked.get('hub.lease_seconds')], ['1', 'subscribe', '864000'])
  await post('told')
  status = 503
  await syndication.work!(account, account.tasks.shift())
  await syndication.work!(account, account.tasks.shift())
  assert.equal(account.tasks.length, 1, 'tried again')
  status = 200
  await settle()
  const { signature, body } = seen.at(-1)!
  assert.match(body, /<entry>.*told/s)
  assert.equal(signature, `sha256=${createHmac('sha256', 's3').update(body).digest('hex')}`)
  await forget()
  await wish({ 'hub.mode': 'unsubscribe' })
  await settle()
  assert.equal(await subscribers(), 0)
  await forget()
  await wish({ 'hub.secret': '' })
  await settle()
  status = 410
  await post('into the void')
  await settle()
  assert.deepEqual([seen.at(-1)!.signature, await subscribers()], [null, 0])
})

test('in the house: published, changed and taken back by a colleague, read by everybody; nothing before it is out', async () => {
  setClock()
  const house = await testHouse()
  const outside = serve(house.house.modules, { baseUrl: undefined, trustProxy: false })
  const org = await house.organisation()
  const owner = await house.member(org, 'owner')
  const as = <T>(run: Parameters<typeof house.as<T>>[2]) => house.as(org, owner, run)
  const { attempt } = await as(ctx => accounts.connect(ctx, { channel: 'syndication', asked: { title: 'House', path: 'house-news' } }))
  await house.settle()
  const { account: connected } = await as(ctx => accounts.attempt(ctx, { attempt }))
  const read = async (path = '/feed.json') => outside.request(`${origin}/syndication/house-news${path}`)
  const items = async () => (await (await read()).json()).items.map((each: { content_html: string }) => each.content_html)
  const run = async () => {
    await tickNow('deliveries.sendDue')
    await house.settle()
  }
  const { content } = await as(ctx => outbox.publish(ctx, { account: connected!, text: 'Hello <all>', dueAt: ctx.now }))
  assert.deepEqual(await items(), [])
  await run()
  assert.deepEqual(await items(), ['<p>Hello &lt;all&gt;</p>'])
  assert.equal((await read(`/posts/${content}`)).status, 200)
  await as(ctx => outbox.change(ctx, { content, text: 'Hello again' }))
  await run()
  assert.deepEqual(await items(), ['<p>Hello again</p>'])
  await as(ctx => outbox.withdraw(ctx, { content }))
  await run()
  assert.deepEqual([await items(), (await read(`/posts/${content}`)).status], [[], 404])
  assert.equal((await outside.request(`${origin}/syndication/other/feed.json`)).status, 404)
})
