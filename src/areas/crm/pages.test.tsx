import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { z } from 'zod'
import { asSystem } from '#kernel/db.ts'
import { testHouse } from '#kernel/testing.ts'
import * as accounts from '#social/accounts/actions.ts'
import { useChannels } from '#social/channels/actions.ts'
import { type Channel, channel, type HeardMessage } from '#social/channels/words.ts'
import { takeInForGood } from '#social/intake/actions.ts'
import * as crm from './actions.ts'

const house = await testHouse()
const settings = z.strictObject({ address: z.email() })
const did: string[] = []
const note = (what: string) => async (_account: unknown, remoteId: string) => void did.push(`${what} ${remoteId}`)
useChannels([
  channel<z.output<typeof settings>>({
    name: 'square',
    title: 'square.title',
    settings,
    asks: settings,
    discover: async given => ({ settings: settings.parse(given), name: 'Us', address: settings.parse(given).address }),
    // Two names of one and the same: nobody chooses between them.
    own: it => [it.address, 'id:us'],
    can: {
      converse: {
        limits: { text: 1000, attachments: 2, attachmentBytes: 1000, count: text => [...text].length },
        repeatable: true,
        aside: true,
        reply: async (_account, _draft, key) => ({ state: 'done', remoteId: key }),
      },
      amend: { edit: note('edit'), remove: note('remove') },
      react: {
        kinds: ['like', 'share'],
        react: async (_account, remoteId, kind, undone) => void did.push(`${undone ? 'un' : ''}${kind} ${remoteId}`),
      },
      moderate: { show: note('show'), hide: note('hide') },
    },
    truth: [],
    normalise: address => address.toLowerCase(),
  }) as Channel,
])

const said = (remoteId: string, more: Partial<HeardMessage> = {}): HeardMessage => ({
  is: 'message',
  remoteId,
  direction: 'in',
  at: new Date(Date.now() - 60_000),
  from: { network: 'square', address: 'maria@example.org', name: 'Maria' },
  to: [{ network: 'square', address: 'us@example.com' }],
  copied: [{ network: 'square', address: 'bo@example.org' }],
  answers: remoteId === 'a' ? [] : ['a'],
  text: `The words of ${remoteId}`,
  attachments: [],
  open: true,
  ...more,
})

async function square() {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent', 'Agnes')
  const { attempt } = await house.as(org, 'owner', ctx =>
    accounts.connect(ctx, { channel: 'square', asked: { address: 'us@example.com' } }),
  )
  await house.settle()
  const { account } = await house.as(org, 'owner', ctx => accounts.attempt(ctx, { attempt }))
  const picture = { name: 'a.txt', type: 'text/plain', content: new Uint8Array([65]), alt: 'A <green> lamp' }
  const poll = { choices: [{ name: 'Yes <b>', votes: 3 }, { name: 'No' }] }
  const heard = [said('a'), said('b', { warning: 'A <rant>', poll, attachments: [picture] }), said('c', { quotes: 'a', waits: true })]
  await takeInForGood(org, { channel: 'square', account }, heard, async () => {})
  await house.settle()
  const { rows } = await asSystem(org, ctx =>
    sql<{ id: string; thread: string }>`select id, thread from content order by text`.execute(ctx.db),
  )
  const browser = await house.browser(org, agent)
  const path = `/inbox/all/${rows[0]!.thread}`
  const page = async (query = '') => (await browser.get(path + query)).text()
  return { org, agent, browser, path, page, ids: rows.map(row => row.id) }
}

test('each message of an open talk is shown with what stands beside it and what can be done with it; each deed can be undone', async () => {
  const { browser, page, ids } = await square()
  const before = await page()
  for (const shown of [
    /<details class="warned">.*A &lt;rant&gt;/s,
    /Poll.*Yes &lt;b&gt;/s,
    /A &lt;green&gt; lamp/,
    /class="quote-card" href="\/threads\/[^"]+">.*Maria.*The words of a/s,
    /nobody else sees it yet/,
    new RegExp(`/messages/${ids[0]}/sign`),
  ])
    assert.match(before, shown)
  assert.doesNotMatch(before, /liked by us/)
  const deed = async (does: string, fields: Record<string, string> = {}, at = ids[2]!) =>
    (await browser.post(`/messages/${at}/${does}`, fields, { accept: 'text/vnd.turbo-stream.html' })).text()
  assert.match(await deed('sign', { kind: 'like', undone: 'false' }), /sign.*name="undone" value="true"/s)
  assert.match(await deed('show'), new RegExp(`/messages/${ids[2]}/hide`))
  await house.settle()
  assert.deepEqual(did.splice(0).sort(), ['like c', 'show c'])
  const after = await page()
  assert.match(after, /liked by us/)
  assert.doesNotMatch(after, /nobody else sees it yet/)
  await deed('hide')
  await house.settle()
  assert.match(await page(), /hidden from others/)
  assert.equal((await browser.post(`/messages/${crypto.randomUUID()}/hide`, {})).status, 404)
})

test('an answer says who will see it: everybody, as it was asked, or its writer alone', async () => {
  const { org, browser, path, page, ids } = await square()
  const choice = /<input type="radio" name="open" value="(true|false)"( checked)?/g
  const chosen = [...(await page()).matchAll(choice)].map(([, open, checked]) => [open, Boolean(checked)])
  assert.deepEqual(chosen, [
    ['true', true],
    ['false', false],
  ])
  assert.doesNotMatch(await page(), /name="writtenFrom"/)
  assert.match(await page(`?answers=${ids[1]}`), new RegExp(`name="answers" value="${ids[1]}"`))
  await browser.post(`${path}/reply`, { text: 'Aside.', answers: ids[1]!, open: 'false' })
  await browser.post(`${path}/reply`, { text: 'To all.', answers: ids[1]!, open: 'true' })
  const { rows } = await asSystem(org, ctx =>
    sql<{ open: boolean; copied: number }>`
      select open, jsonb_array_length(envelope->'copied') as copied from delivery order by id`.execute(ctx.db),
  )
  assert.deepEqual(rows, [
    { open: false, copied: 0 },
    { open: true, copied: 1 },
  ])
})

test('while one answers, what is left is counted as the network counts; what is too long is refused before it is sent', async () => {
  const { org, browser, path, page, ids } = await square()
  assert.match(await page(), /look="[^"]+\/room"[^>]*><output aria-live="off">1,000 characters left/)
  const room = async (text: string) => (await browser.post(`${path}/room`, { text, answers: ids[1]! })).text()
  assert.match(await room('💡'.repeat(10)), /990 characters left/)
  assert.match(await room('💡'.repeat(1001)), /aria-live="polite".*one character too many/)
  const refused = await browser.post(`${path}/reply`, { text: '💡'.repeat(1002) }, { accept: 'text/vnd.turbo-stream.html' })
  assert.equal(refused.status, 422)
  assert.match(await refused.text(), /data-field-name="text">.*1,000 characters.*2 of them/s)
  const sent = await asSystem(org, ctx => sql<{ n: number }>`select count(*) as n from delivery`.execute(ctx.db))
  assert.equal(sent.rows[0]!.n, 0)
  const stranger = await house.browser(await house.organisation(), 'owner')
  assert.equal((await stranger.post(`${path}/room`, { text: 'x' })).status, 404)
})

test('a card taken to another column of the board is done, in somebody’s hands or open again; where nothing leads it stays', async () => {
  const { org, browser, path, agent } = await square()
  const thread = path.split('/').at(-1)!
  const move = (place: string, of = thread) => browser.post(`/conversations/board/${of}/move`, { place })
  const stands = async () => {
    const { rows } = await asSystem(org, ctx =>
      sql<{ state: string; assignee: string | null }>`select state, assignee from conversation where thread = ${thread}`.execute(ctx.db),
    )
    return [rows[0]!.state, rows[0]!.assignee]
  }
  const board = async (by: string) => (await browser.get(`/conversations/board?by=${by}`)).text()
  assert.match(await board('state'), new RegExp(`data-place="finish".*id="talk-${thread}"[^>]*data-moves="/conversations/board/${thread}/move"|id="talk-${thread}"[^>]*data-moves=.*data-place="finish"`, 's')) // biome-ignore format: one pattern
  await move('finish')
  assert.equal((await stands())[0], 'done')
  await move('reopen')
  await move(`assign ${agent.person}`)
  assert.deepEqual(await stands(), ['open', agent.person])
  assert.match(await board('owner'), new RegExp(`data-place="assign ${agent.person}".*id="talk-${thread}"`, 's'))
  assert.deepEqual([(await move('nowhere')).status, (await move(`assign ${crypto.randomUUID()}`)).status], [422, 422])
  assert.deepEqual(await stands(), ['open', agent.person])
  const guest = await house.browser(org, 'customer')
  assert.notEqual((await guest.post(`/conversations/board/${thread}/move`, { place: 'finish' })).status, 200)
  assert.deepEqual(await stands(), ['open', agent.person])
})

test('what a colleague has not read is strong in their list alone, and again when somebody else says more', async () => {
  const { org, agent, browser, path } = await square()
  const other = await house.browser(org, 'agent')
  const thread = path.split('/').at(-1)!
  const row = new RegExp(`id="row-${thread}"[^>]*data-unread`)
  const isStrong = async (of: typeof browser) => row.test(await (await of.get('/inbox/all')).text())
  assert.deepEqual([await isStrong(browser), await isStrong(other)], [true, true])
  await browser.get(path)
  assert.deepEqual([await isStrong(browser), await isStrong(other)], [false, true])
  const note = (of: typeof browser, text: string) => of.post(`${path}/note`, { text })
  await note(browser, 'My own words are no news to me.')
  assert.equal(await isStrong(browser), false)
  await note(other, 'Those of others are.')
  assert.deepEqual([await isStrong(browser), await isStrong(other)], [true, false])
  await house.as(org, agent, ctx => crm.finish(ctx, { threads: [thread] }))
  assert.equal(await isStrong(browser), false)
})
