import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { setClock } from '#kernel/clock.ts'
import { asSystem } from '#kernel/db.ts'
import { Refusal } from '#kernel/errors.ts'
import { testHouse } from '#kernel/testing.ts'
import { openAccount } from '#social/channels/actions.ts'
import { askWhenLate, change, goOn, hold, list, overview, sendNow, throwAway } from './actions.ts'
import { amended, calls, type Desk, deskIn, done, later, now, plans } from './testing.ts'

const house = await testHouse()
const { desk, write, post, state, run: runOnly } = deskIn(house)
const run = () => runOnly('amendments.carryOutDue')
afterEach(() => setClock())

const refusedWith = (key: string) => (error: unknown) => error instanceof Refusal && error.key === key
const managed = <T>(it: Desk, run: Parameters<typeof house.as<T>>[2]) => house.as(it.org, 'manager', run)
const counts = async (it: Desk) => (await managed(it, ctx => overview(ctx, {}))).counts

test('one press stops everything that leaves, answers, posts, changes and put-off work; another lets it go on', async () => {
  const it = await desk('named')
  const before = await post(it, 'Before.')
  await run()
  assert.deepEqual(await managed(it, ctx => hold(ctx, {})), { changed: true })
  assert.deepEqual(await managed(it, ctx => hold(ctx, {})), { changed: false })
  const during = [await post(it, 'During.'), await write(it, await it.thread(), 'An answer.')]
  await house.as(it.org, it.agent, ctx => change(ctx, { content: before.content, text: 'Before!' }))
  const { account } = await asSystem(it.org, async ctx => (await openAccount(ctx, it.account))!)
  await account.later(['task'])
  later(60)
  await run()
  assert.deepEqual(
    [done.length, amended, await state(it, during[0]!.content), await state(it, during[1]!.content)],
    [1, [], 'waiting', 'waiting'],
  )
  const other = await desk('keyed')
  const theirs = await post(other, 'Elsewhere.')
  await run()
  assert.equal(await state(other, theirs.content), 'sent')
  assert.deepEqual(await managed(it, ctx => goOn(ctx, {})), { changed: true, asks: 0 })
  await run()
  assert.deepEqual([await state(it, during[0]!.content), await state(it, during[1]!.content), amended.length], ['sent', 'sent', 1])
  const happened = await house.happened(it.org)
  assert.deepEqual(
    happened.filter(each => /Outbox|Hold/.test(each)),
    ['Block:Outbox', 'Undo:Hold'],
  )
  await assert.rejects(
    house.as(it.org, it.agent, ctx => hold(ctx, {})),
    refusedWith('kernel.forbidden'),
  )
})

test('what may have left is still looked up while everything is held, so that no doubt stays', async () => {
  const it = await desk('readable')
  const { content } = await post(it, 'Was it?')
  plans.set('Was it?', ['down', 'dropped'])
  await run()
  later(60)
  plans.set('Was it?', ['dropped'])
  await run()
  await managed(it, ctx => hold(ctx, {}))
  later(700)
  await run()
  assert.deepEqual([await state(it, content), done.length], ['sent', 1])
})

test('what should have left while everything was held asks when that is wanted; one by one or all together it is sent or thrown away', async () => {
  const it = await desk()
  await managed(it, ctx => hold(ctx, {}))
  const posts: Awaited<ReturnType<typeof post>>[] = []
  for (const text of ['one', 'two', 'three', 'four']) posts.push(await post(it, text))
  const tomorrow = await post(it, 'tomorrow', { dueAt: new Date(now().getTime() + 86_400_000) })
  later(60)
  assert.deepEqual(await managed(it, ctx => goOn(ctx, { ask: true })), { changed: true, asks: 4 })
  await run()
  assert.deepEqual([await counts(it), await state(it, tomorrow.content)], [{ open: 1, asks: 4, unsure: 0, failed: 0, sent: 0 }, 'waiting'])
  const as = <T>(run: Parameters<typeof house.as<T>>[2]) => house.as(it.org, it.agent, run)
  assert.deepEqual(await as(ctx => sendNow(ctx, { deliveries: [posts[0]!.delivery] })), { count: 1 })
  assert.deepEqual(await as(ctx => throwAway(ctx, { deliveries: [posts[0]!.delivery, posts[1]!.delivery] })), { count: 1 })
  await run()
  assert.deepEqual(
    [await state(it, posts[0]!.content), await state(it, posts[1]!.content), await state(it, posts[2]!.content)],
    ['sent', 'cancelled', 'asks'],
  )
  assert.deepEqual(await as(ctx => sendNow(ctx, {})), { count: 2 })
  await run()
  assert.deepEqual(done.map(each => each.draft.text).sort(), ['four', 'one', 'three'])
  const other = await house.organisation()
  await assert.rejects(
    house.as(other, 'agent', ctx => sendNow(ctx, { deliveries: [posts[2]!.delivery] })),
    refusedWith('kernel.notFound'),
  )
})

test('after a downtime what was due too long ago asks before it goes, by the time that the organisation chose; what was tried goes on', async () => {
  const it = await desk()
  const tried = await post(it, 'tried')
  plans.set('tried', ['down'])
  await run()
  const late = await post(it, 'late', { dueAt: new Date(now().getTime() + 60_000) })
  later(2 * 3600 + 120)
  const soon = await post(it, 'soon')
  await run()
  assert.deepEqual([await state(it, tried.content), await state(it, late.content), await state(it, soon.content)], ['sent', 'asks', 'sent'])
  await managed(it, ctx => askWhenLate(ctx, { minutes: 10 }))
  const next = await post(it, 'next')
  later(11 * 60)
  await run()
  assert.deepEqual([await state(it, next.content), calls.length], ['asks', 3])
})

test('the outbox lists each group by key, of all accounts or of one, with the beginning of the words', async () => {
  const it = await desk()
  for (const text of ['one', 'two', 'three']) await post(it, text)
  await write(it, await it.thread(), 'an answer')
  await run()
  plans.set('no', ['rejected'])
  const failed = await post(it, 'no')
  await run()
  const all = (more: Record<string, unknown>) => house.as(it.org, it.agent, ctx => list(ctx, more as never))
  const first = await all({ group: 'sent', limit: 3 })
  const rest = await all({ group: 'sent', limit: 3, before: first.next! })
  assert.deepEqual(
    [...first.items, ...rest.items].map(each => [each.text, each.post]),
    [
      ['an answer', false],
      ['three', true],
      ['two', true],
      ['one', true],
    ],
  )
  assert.deepEqual([rest.next, first.items[0]!.to], [null, 'Anna'])
  assert.deepEqual(
    (await all({ group: 'failed' })).items.map(each => [each.id, each.says]),
    [[failed.delivery, 'test.says']],
  )
  assert.deepEqual((await all({ group: 'sent', account: crypto.randomUUID() })).items, [])
  await assert.rejects(
    house.as(it.org, 'member', ctx => list(ctx, {})),
    refusedWith('kernel.forbidden'),
  )
})

test('the page shows what asks, stops everything and lets it go on; every page says while it holds', async () => {
  const it = await desk()
  const manager = await house.browser(it.org, 'manager')
  const agent = await house.browser(it.org, it.agent)
  assert.match(await (await manager.get('/outbox')).text(), /action="\/outbox\/hold"/)
  assert.doesNotMatch(await (await agent.get('/outbox')).text(), /action="\/outbox\/hold"/)
  await manager.post('/outbox/hold', {})
  await post(it, 'A <b>bold</b> post')
  const home = await (await agent.get('/people')).text()
  assert.match(home, /Everything that leaves is stopped/)
  later(60)
  await manager.post('/outbox/go-on', { ask: 'true' })
  const page = await (await agent.get('/outbox?group=asks')).text()
  assert.match(page, /A &lt;b&gt;bold&lt;\/b&gt; post/)
  assert.match(page, /name="deliveries\[\]"/)
  assert.match(await (await agent.get('/people')).text(), /should have left long ago/)
  await agent.post('/outbox/throw-away', {})
  assert.equal((await counts(it)).asks, 0)
  assert.equal((await agent.post('/outbox/hold', {})).status, 403)
})
