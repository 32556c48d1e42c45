import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHouse } from '#kernel/testing.ts'
import { findOrMeet } from '#social/people/actions.ts'

const house = await testHouse()
const org = await house.organisation()
const agent = await house.member(org, 'agent', 'Zoe Agent')
const at = new Date('2026-03-01T10:00:00Z')
const met = (name: string, address: string) => ({ network: 'test', address, normal: address, name, because: 'heard', at })
const [anna] = await house.as(org, agent, ctx => findOrMeet(ctx, [met('Anna \u202e<b>Berg</b>', 'anna@x.example')], 'customer'))

test('the list shows people with their side, escaped and without characters that turn text', async () => {
  const page = await (await house.browser(org, agent)).get('/people')
  assert.equal(page.status, 200)
  const html = await page.text()
  assert.ok(html.includes(`href="/people/${anna}"`))
  assert.ok(html.includes('<bdi>Anna &lt;b&gt;Berg&lt;/b&gt;</bdi>'))
  assert.ok(!html.includes('\u202e') && !html.includes('people.') && !html.includes('directory.'))
  assert.match(html, /Check the name/)
})

test('a search that finds nobody offers to add the person', async () => {
  const html = await (await (await house.browser(org, agent)).get('/people?q=nobody%22%3E')).text()
  assert.match(html, /Nobody found/)
  assert.ok(html.includes('href="/people/new?name=nobody%22%3E"'))
})

test('an unknown side, a broken place and a very long search are no failure', async () => {
  const browser = await house.browser(org, agent)
  for (const path of ['/people?side=nonsense', `/people?q=${'x'.repeat(3000)}`, '/people?q=%00'])
    assert.equal((await browser.get(path)).status, 200)
  assert.equal((await browser.get('/people?after=nonsense')).status, 422)
})

test('the quick list answers options for a text and data for a program', async () => {
  const browser = await house.browser(org, 'member')
  const html = await (await browser.get('/people/quick?q=zoe')).text()
  assert.match(html, /^<div class="palette-item" role="option"[^>]*data-value="Zoe Agent"/)
  assert.ok(!html.includes('Anna'))
  const json = await (await browser.get('/people/quick?q=zoe', { accept: 'application/json' })).json()
  assert.deepEqual(
    json.items.map((each: { name: string }) => each.name),
    ['Zoe Agent'],
  )
  assert.equal((await browser.get('/people/quick?q=anna&among=everyone')).status, 403)
})

test('each role passes the doors that the roles table opens', async () => {
  for (const role of ['owner', 'administrator', 'manager', 'agent', 'member', 'guest', 'customer'] as const) {
    const browser = await house.browser(org, role)
    const open = ['owner', 'administrator', 'manager', 'agent'].includes(role)
    assert.equal((await browser.get('/people')).status, open ? 200 : 403, role)
    const quick = !['guest', 'customer'].includes(role)
    assert.equal((await browser.get('/people/quick')).status, quick ? 200 : 403, role)
  }
})
