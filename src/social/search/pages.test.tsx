import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { findable } from './actions.ts'
import type { Findable } from './words.ts'

const house = await testHouse()
const org = await house.organisation()
const agent = await house.member(org, 'agent', 'Zoe Agent')
const at = new Date('2026-03-01T10:00:00Z')
const it = (more: Partial<Findable>): Findable => ({
  id: newId(at),
  noun: 'Message',
  at,
  title: '',
  text: '',
  thread: newId(),
  audience: 'thread',
  ...more,
})
const all = Array.from({ length: 25 }, (_, n) => it({ title: `Plum ${n}`, text: 'a plum <script>alert(1)</script>', author: agent.person }))
await house.as(org, agent, ctx => findable(ctx, all))
await house.settle()

test('without a question the page teaches how to ask', async () => {
  const page = await (await house.browser(org, agent)).get('/search')
  const html = await page.text()
  assert.equal(page.status, 200)
  for (const word of ['from:anna', 'has:file', 'before:2026-03', 'invo*']) assert.ok(html.includes(word), word)
  assert.ok(!/search\.[a-z]/i.test(html.replace(/action="[^"]*"/g, '')), 'a message without words')
})

test('results show where they are, marked and escaped, and go on', async () => {
  const browser = await house.browser(org, agent)
  const html = await (await browser.get('/search?q=plum')).text()
  assert.ok(html.includes(`href="/threads/${all[24]!.thread}#message-${all[24]!.id}"`))
  assert.match(html, /<mark>Plum<\/mark>/)
  assert.doesNotMatch(html, /<script>alert/)
  const next = /href="(\/search\?[^"]*before=[^"]*)"/.exec(html)![1]!.replaceAll('&amp;', '&')
  assert.match(await (await browser.get(next)).text(), new RegExp(`message-${all[0]!.id}`))
  assert.equal((await browser.get('/search?q=plum&order=best')).status, 200)
})

test('nothing found says so, and offers what was meant', async () => {
  const browser = await house.browser(org, agent)
  assert.match(await (await browser.get('/search?q=plumm')).text(), /Did you mean[\s\S]*q=plum&amp;order=newest/)
  assert.match(await (await browser.get('/search?q=%3Cb%3Ezzzz')).text(), /Nothing fits “&lt;b&gt;zzzz”/)
})

test('a very long question, broken signs and a broken place are no failure', async () => {
  const browser = await house.browser(org, agent)
  for (const path of [
    `/search?q=${'x'.repeat(5000)}`,
    '/search?q=%00%ff',
    `/search?q=plum&before=${newId()}`,
    '/search?q=plum&order=best&before=nonsense',
    "/search?q='%20OR%201%3D1--",
    '/search?q=%22',
  ])
    assert.equal((await browser.get(path)).status, 200, path)
  assert.equal((await browser.get('/search?q=plum&before=nonsense')).status, 422)
})

test('the quick list answers options with a way to everything that was found', async () => {
  const html = await (await (await house.browser(org, agent)).get('/search/quick?q=plum')).text()
  assert.match(html, /^<div class="palette-item" role="option"[^>]*data-href="\/threads\//)
  assert.ok(html.includes('data-href="/search?q=plum"'))
  assert.equal(await (await (await house.browser(org, agent)).get('/search/quick?q=')).text(), '')
})

test('each role passes the doors that the roles table opens', async () => {
  for (const role of ['owner', 'administrator', 'manager', 'agent', 'member', 'guest', 'customer'] as const) {
    const browser = await house.browser(org, role)
    const open = !['guest', 'customer'].includes(role)
    for (const path of ['/search?q=plum', '/search/quick?q=plum'])
      assert.equal((await browser.get(path)).status, open ? 200 : 403, `${role} ${path}`)
  }
  const other = await house.organisation()
  assert.doesNotMatch(await (await (await house.browser(other, 'owner')).get('/search?q=plum')).text(), /message-/)
})
