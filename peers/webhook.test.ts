/** Webhooks at the house's own door: pushed over HTTP as a program does it, signed by another implementation of the standard. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { serve as listen } from '@hono/node-server'
import { sql } from 'kysely'
import { Webhook } from 'standardwebhooks'
import { asSystem } from '#kernel/db.ts'
import { serve } from '#kernel/http.tsx'
import { testHouse } from '#kernel/testing.ts'
import * as accounts from '#social/accounts/actions.ts'

const house = await testHouse()
const app = serve(house.house.modules, { baseUrl: undefined, trustProxy: false })
const secret = `whsec_${Buffer.from('a secret of thirty-two bytes ...').toString('base64')}`
let server: ReturnType<typeof listen>
let origin = ''

before(async () => {
  origin = await new Promise<string>(resolve => {
    server = listen({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => resolve(`http://127.0.0.1:${port}`))
  })
})
after(() => server.close())

async function door(asked: Record<string, unknown> = { name: 'Shop', secret }) {
  const org = await house.organisation()
  const { attempt } = await house.as(org, 'owner', ctx => accounts.connect(ctx, { channel: 'webhook', asked }))
  await house.settle()
  const it = await house.as(org, 'owner', ctx => accounts.attempt(ctx, { attempt }))
  assert.equal(it.state, 'done', JSON.stringify(it))
  const said = () =>
    asSystem(org, async ctx =>
      (await sql<{ text: string }>`select text from content where noun = 'Message' order by text`.execute(ctx.db)).rows.map(
        each => each.text,
      ),
    )
  return { org, url: `${origin}/webhooks/${org}/${it.account}`, said }
}

const signed = (id: string, body: string, moment = new Date()): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(moment.getTime() / 1000)),
  'webhook-signature': new Webhook(secret).sign(id, moment, body),
})
const push = async (url: string, body: string, headers: Record<string, string>): Promise<number> =>
  (await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })).status

test('a push is heard once, however often and by whomever it is sent again; a forged one is not heard', async () => {
  const it = await door()
  const body = JSON.stringify({ message: 'Is it there?', author: 'Mila', url: 'https://shop.example/1' })
  const headers = signed('msg_1', body)
  for (let time = 0; time < 5; time++) assert.equal(await push(it.url, body, headers), 202)
  assert.equal(await push(it.url, body, signed('msg_1', body, new Date(Date.now() + 2000))), 202, 'sent again by its sender')
  assert.equal(await push(it.url, body.replace('there', 'gone'), headers), 403)
  assert.equal(await push(it.url, body, {}), 403)
  assert.equal(await push(it.url, body, signed('msg_2', body, new Date(Date.now() - 6 * 60_000))), 403)
  assert.deepEqual(await it.said(), ['Is it there?'])
  assert.equal(await push(it.url, body, signed('msg_3', body)), 202, 'the same words under another id are said again')
  assert.deepEqual(await it.said(), ['Is it there?', 'Is it there?'])
  await house.settle()
  assert.deepEqual(
    (await house.happened(it.org)).filter(each => each.endsWith(':Message')),
    ['Create:Message', 'Create:Message'],
  )
})

test('the push of one account is none of another; a megabyte is the most; what is no JSON is heard as it came', async () => {
  const [one, other] = [await door(), await door({ name: 'Other', secret: 'sixteen letters!', proof: 'secret' })]
  const body = '{"id":"1","text":"hello"}'
  const headers = signed('msg_1', body)
  assert.deepEqual(
    [await push(other.url, body, headers), await push(one.url, body, { authorization: 'Bearer sixteen letters!' })],
    [403, 403],
  )
  assert.deepEqual(
    [await push(one.url, body, headers), await push(other.url, body, { authorization: 'Bearer sixteen letters!' })],
    [202, 202],
  )
  assert.deepEqual([await one.said(), await other.said()], [['hello'], ['hello']])
  const large = JSON.stringify({ text: 'x'.repeat(1024 * 1024) })
  assert.equal(await push(one.url, large, signed('msg_2', large)), 413)
  assert.equal(await push(one.url, 'order=12', signed('msg_3', 'order=12')), 202)
  assert.deepEqual(await one.said(), ['hello', 'order=12'])
})

test('what stands where is chosen by what really came, seen before it is kept, and kept for what comes from then on', async () => {
  const it = await door()
  const owner = await house.browser(it.org, 'owner')
  const account = `/settings/channels/${it.url.split('/').at(-1)}`
  const text = async (path: string) => (await owner.get(path)).text()
  assert.match(await text(account), /href="[^"]*\/places"/)
  assert.match(await text(`${account}/places`), /Nothing has come yet/)
  const body = '{"order":{"note":"Blue, <b>please</b>"},"who":"Mila"}'
  await push(it.url, body, signed('msg_1', body))
  const asItIs = await text(`${account}/places`)
  assert.match(asItIs, /<option value="\/order\/note">\/order\/note · Blue, &lt;b&gt;please&lt;\/b&gt;<\/option>/)
  const heard = (page: string) => page.slice(page.indexOf('So it would be heard'), page.indexOf('As it came'))
  assert.match(heard(asItIs), /order.*note/s, 'all of it, while nobody said where the text stands')
  const tried = await text(`${account}/places?textAt=/order/note&authorAt=/who&secret=x&subjectAt=nonsense`)
  assert.match(heard(tried), /order/, 'what cannot be kept is not shown either')
  const good = heard(await text(`${account}/places?textAt=/order/note&authorAt=/who&secret=x`))
  assert.match(good, /Mila/)
  assert.match(good, /Blue, &lt;b&gt;please&lt;\/b&gt;/)
  assert.doesNotMatch(good, /order/)
  assert.match(heard(await text(`${account}/places?textAt=/nowhere`)), /Look/, 'nothing there: it says so')
  await owner.post(`${account}/places`, { textAt: '/order/note', authorAt: '/who', secret: 'another secret that is long enough' })
  assert.equal(await push(it.url, body, signed('msg_2', body)), 202, 'the secret is what it was')
  assert.ok((await it.said()).includes('Blue, <b>please</b>'))
  for (const path of [`${account}/places?textAt=${'x'.repeat(600)}`, `${account}/places?${'y'.repeat(61)}=1`])
    assert.equal((await owner.get(path)).status, 422, path)
  const agent = await house.browser(it.org, 'agent')
  assert.equal((await agent.get(`${account}/places`)).status, 403)
})
