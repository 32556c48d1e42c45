import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { messagesOf, openAll, say } from './actions.ts'

const house = await testHouse()
const org = await house.organisation()
const [anna, ben, customer] = [
  await house.member(org, 'agent', 'Anna'),
  await house.member(org, 'agent', 'Ben'),
  await house.member(org, 'customer', 'Carla'),
]
const start = new Date('2026-03-01')
const [talk, idea] = (await house.as(org, anna, ctx =>
  openAll(ctx, [
    { subject: 'Late <b>delivery</b>', kind: 'conversation', audience: 'thread', person: customer.person, startedAt: start },
    { subject: 'New shelves', kind: 'discussion', audience: 'staff', startedAt: start },
  ]),
)) as [string, string]

test('a thread is led to its page; the plain one shows it escaped, with a place to write', async () => {
  const browser = await house.browser(org, anna)
  assert.equal((await browser.get(`/threads/${idea}`)).headers.get('location'), `/threads/${idea}/read`)
  await house.as(org, ben, ctx => say(ctx, { thread: talk, noun: 'Note', text: '**look** <script>alert(1)</script>' }))
  const html = await (await browser.get(`/threads/${talk}/read`)).text()
  assert.ok(html.includes('Late &lt;b&gt;delivery&lt;/b&gt;') && html.includes('With Carla'))
  assert.ok(html.includes('<strong>look</strong>') && html.includes('data-kind="note"'))
  assert.doesNotMatch(html, /<script>alert|threads\.[a-z]+</)
})

test('a note with a file is written by form, shown, and the draft comes back into the field', async () => {
  const browser = await house.browser(org, anna)
  const form = new FormData()
  form.set('text', 'see the file')
  form.set('files', new File(['a,b'], 'list.csv', { type: 'text/csv' }))
  const done = await browser.post(`/threads/${talk}/note`, form, { accept: 'text/vnd.turbo-stream.html' })
  assert.deepEqual([done.status, /action="sent"/.test(await done.text())], [200, true])
  const html = await (await browser.get(`/threads/${talk}/read`)).text()
  const file = /href="(\/files\/[0-9a-f-]+)"/.exec(html)![1]!
  const got = await browser.get(file)
  assert.deepEqual(
    [await got.text(), got.headers.get('content-disposition')!.startsWith('attachment'), got.headers.get('x-content-type-options')],
    ['a,b', true, 'nosniff'],
  )
  assert.match(got.headers.get('content-security-policy')!, /sandbox/)
  assert.equal((await (await house.browser(org, 'member')).get(file)).status, 200)
  assert.equal((await (await house.browser(org, customer)).get(file)).status, 404)
  assert.equal((await (await house.browser(await house.organisation(), 'owner')).get(file)).status, 404)
  await browser.send('PUT', `/drafts/thread:${talk}`, { fields: { text: 'half <a' } })
  assert.match(await (await browser.get(`/threads/${talk}/read`)).text(), /half &lt;a<\/textarea>/)
})

test('watching, muting and commenting are forms of their own, and what is refused says why', async () => {
  const browser = await house.browser(org, anna)
  for (const deed of ['watch', 'mute', 'unwatch']) assert.equal((await browser.post(`/threads/${idea}/${deed}`, {})).status, 303, deed)
  assert.equal((await browser.post(`/threads/${idea}/comment`, { text: 'good' })).status, 303)
  assert.deepEqual(
    (await house.as(org, ben, ctx => messagesOf(ctx, idea, { limit: 5 }))).items.map(each => each.text),
    ['good'],
  )
  const refused = await browser.post(`/threads/${talk}/comment`, { text: 'hello' }, { accept: 'text/vnd.turbo-stream.html' })
  assert.deepEqual([refused.status, /Answer this conversation in the inbox/.test(await refused.text())], [422, true])
  assert.equal((await browser.post(`/threads/${talk}/note`, { text: '' })).status, 422)
  assert.equal((await browser.post(`/threads/${talk}/note`, { text: 'x'.repeat(600_000) })).status, 422)
  const huge = new FormData()
  huge.set('text', 'x'.repeat(27 * 1024 * 1024))
  assert.equal((await browser.post(`/threads/${talk}/note`, huge)).status, 413)
})

test('who may pass: each role, another organisation, and ids that are none', async () => {
  const status = async (
    role: 'owner' | 'administrator' | 'manager' | 'agent' | 'member' | 'guest' | 'customer',
    thread: string,
    where = org,
  ) => (await (await house.browser(where, role)).get(`/threads/${thread}/read`)).status
  for (const role of ['owner', 'administrator', 'manager', 'agent'] as const)
    assert.deepEqual([await status(role, talk), await status(role, idea)], [200, 200], role)
  assert.deepEqual([await status('member', talk), await status('member', idea)], [404, 200])
  for (const role of ['guest', 'customer'] as const) assert.equal(await status(role, idea), 403, role)
  assert.equal(await status('owner', talk, await house.organisation()), 404)
  for (const none of [newId(), 'nonsense', '..%2f', '%00']) assert.equal(await status('owner', none), 404, none)
})

test('one’s own note can be edited and removed where it stands, a message that was sent cannot, and everything is reacted to', async () => {
  const note = await house.as(org, ben, ctx => say(ctx, { thread: talk, noun: 'Note', text: 'mine' }))
  const sent = await house.as(org, ben, ctx => say(ctx, { thread: talk, noun: 'Message', text: 'gone out' }))
  const seen = async (who: typeof ben) => (await (await house.browser(org, who)).get(`/threads/${talk}/read`)).text()
  const own = await seen(ben)
  assert.ok(own.includes(`/content/${note}/edit`) && own.includes(`/content/${note}/remove`))
  assert.ok(!own.includes(`/content/${sent}/`))
  assert.ok(!(await seen(anna)).includes(`/content/${note}/`))
  await (await house.browser(org, anna)).post(`/objects/${note}/react`, { kind: '👍' })
  assert.ok((await seen(ben)).includes(`/objects/${note}/react`) && (await seen(anna)).includes(`/objects/${note}/unreact`))
})
