import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHouse } from '#kernel/testing.ts'

const house = await testHouse()
const org = await house.organisation()
const anna = await house.member(org, 'agent', 'Anna')
const key = encodeURIComponent('thread:0198aaaa-0000-7000-8000-00000000000a')

test('what is typed on one device is there on the other, and gone once it is empty', async () => {
  const [one, other] = [await house.browser(org, anna), await house.browser(org, anna)]
  assert.equal((await one.send('PUT', `/drafts/${key}`, { fields: { text: 'Dear Carla' } })).status, 200)
  assert.deepEqual(await (await other.get(`/drafts/${key}`)).json(), { fields: { text: 'Dear Carla' } })
  assert.deepEqual(await (await (await house.browser(org, 'agent')).get(`/drafts/${key}`)).json(), { fields: {} })
  await one.send('PUT', `/drafts/${key}`, { fields: {} })
  assert.deepEqual(await (await other.get(`/drafts/${key}`)).json(), { fields: {} })
})

test('drafts are listed, escaped, thrown away, and come back', async () => {
  const browser = await house.browser(org, anna)
  await browser.send('PUT', `/drafts/${key}`, { fields: { text: '<b>begun' } })
  const html = await (await browser.get('/drafts')).text()
  assert.ok(html.includes('&lt;b&gt;begun') && html.includes('href="/threads/0198aaaa-0000-7000-8000-00000000000a"'))
  const discarded = await browser.post('/drafts/discard', { key: decodeURIComponent(key) }, { accept: 'text/vnd.turbo-stream.html' })
  const body = /name="body" value="([^"]*)"/
    .exec(await discarded.text())![1]!
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
  assert.match(await (await browser.get('/drafts')).text(), /No drafts/)
  await browser.post('/drafts/again', { key: decodeURIComponent(key), body })
  assert.match(await (await browser.get('/drafts')).text(), /begun/)
  await browser.send('DELETE', `/drafts/${key}`)
  assert.match(await (await browser.get('/drafts')).text(), /No drafts/)
})

test('what is no draft gets a clear answer', async () => {
  const browser = await house.browser(org, anna)
  const put = async (body: unknown, headers = {}, path = `/drafts/${key}`) => (await browser.send('PUT', path, body, headers)).status
  assert.equal(await put({ fields: { text: 'x'.repeat(300_000) } }), 413)
  assert.equal(await put({ fields: { text: 'x' } }, { 'content-type': 'text/plain' }), 422)
  assert.equal(await put({ fields: { text: 'x' } }, {}, `/drafts/${'k'.repeat(300)}`), 422)
  assert.equal(await put({ fields: { text: 'x' } }, { origin: 'https://evil.example' }), 403)
  assert.equal(await put(undefined), 422)
  assert.equal(await put({ fields: { __proto__: 'x', a: '\u0000' } }), 200)
})

test('everybody who is signed in has drafts, nobody else', async () => {
  for (const role of ['owner', 'administrator', 'manager', 'agent', 'member', 'guest', 'customer'] as const)
    assert.equal((await (await house.browser(org, role)).get('/drafts')).status, 200, role)
  assert.equal((await (await house.browser(org, anna)).get(`/drafts/${key}`, { cookie: '', accept: 'application/json' })).status, 401)
})
