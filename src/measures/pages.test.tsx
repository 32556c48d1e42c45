import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asSystem } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { record } from '#social/activities/actions.ts'
import { Said } from '#social/content/words.ts'
import { countMarked } from './actions.ts'
import { measureIds } from './words.ts'

const house = await testHouse()
const org = await house.organisation()
const threads: string[] = []
const hour = 3_600_000
await asSystem(org, async ctx => {
  for (let nth = 0; nth < 15; nth++) {
    const thread = newId()
    threads.push(thread)
    const about = { thread, channel: 'email', actor: null, audience: 'thread' as const }
    const at = new Date(ctx.now.getTime() - (60 + nth) * hour)
    record(ctx, Said, { ...about, object: newId(), at, side: 'outside' })
    if (nth % 3) record(ctx, Said, { ...about, object: newId(), at: new Date(at.getTime() + hour), side: 'inside' })
  }
})
await house.settle()
await asSystem(org, ctx => countMarked(ctx))
const browser = await house.browser(org, 'manager')
const html = async (path: string): Promise<string> => (await browser.get(path)).text()

test('each role passes the doors that the roles table opens', async () => {
  for (const role of ['owner', 'administrator', 'manager', 'agent', 'member', 'guest', 'customer'] as const) {
    const own = await house.browser(org, role)
    const expected = ['owner', 'administrator', 'manager'].includes(role) ? 200 : 403
    for (const path of ['/measures', '/measures/depth']) assert.equal((await own.get(path)).status, expected, `${role} ${path}`)
  }
  assert.equal((await browser.post('/measures/rebuild', {})).status, 403, 'a manager sees, but does not have it counted again')
})

test('the list shows each measure with its value or that there are not enough data, and leads to it', async () => {
  const page = await html('/measures?days=30')
  for (const id of measureIds) assert.ok(page.includes(`href="/measures/${id}?days=30"`), id)
  assert.match(page, /66\.7%/)
  assert.match(await html('/measures?days=7'), /60 min/)
  assert.ok(!/measures\.[a-z]+\.(name|says|of)/.test(page), 'no key is shown bare')
})

test('a measure opens down to its messages, page by page, each with its place in its thread', async () => {
  const first = await html('/measures/response.rate?days=30')
  assert.equal(first.match(/href="\/threads\//g)?.length, 12)
  assert.match(first, new RegExp(`href="/threads/${threads[0]}#message-`))
  const older = /href="([^"]*before=[^"]*)#behind"/.exec(first)![1]!.replaceAll('&amp;', '&')
  const second = await html(older)
  assert.equal(second.match(/href="\/threads\//g)?.length, 3)
})

test('only what waits, only one channel, only one step of the trend', async () => {
  assert.equal((await html('/measures/response.rate?days=30&holds=false')).match(/href="\/threads\//g)?.length, 5)
  assert.equal((await html('/measures/response.rate?days=30&scope=channel:forum')).match(/href="\/threads\//g), null)
  assert.equal((await html('/measures/response.rate?days=30&from=2020-01-01&until=2020-01-31')).match(/href="\/threads\//g), null)
})

test('the definition says what is counted and divided, and by which version', async () => {
  const page = await html('/measures/response.first.business')
  assert.match(page, /Create:Message/)
  assert.match(page, /Lower is better/)
  assert.match(page, /only minutes in which you are open count/)
})

test('wrong questions are answered clearly', async () => {
  assert.equal((await browser.get('/measures/nonsense')).status, 404)
  assert.equal((await browser.get('/measures/depth?before=nonsense')).status, 422)
  assert.equal((await browser.get('/measures/depth?scope=all%27;drop')).status, 422)
  for (const query of ['days=abc', 'days=100000', 'from=x&until=y', 'from=2026-13-45&until=2026-99-99', 'holds=perhaps']) {
    assert.equal((await browser.get(`/measures/depth?${query}`)).status, 200, query)
  }
})

test('another organisation sees none of it', async () => {
  const other = await house.browser(await house.organisation('Another'), 'manager')
  const page = await (await other.get('/measures/response.rate?days=30')).text()
  assert.ok(threads.every(thread => !page.includes(thread)))
  assert.match(await (await other.get('/measures')).text(), /Numbers grow out of conversations/)
})
