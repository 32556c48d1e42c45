/** What comes in, and what it does to a conversation. */
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { sql } from 'kysely'
import { now, setClock } from '#kernel/clock.ts'
import { asSystem } from '#kernel/db.ts'
import { testHouse } from '#kernel/testing.ts'
import type { HeardMessage } from '#social/channels/words.ts'
import { takeInForGood } from '#social/intake/actions.ts'
import * as crm from './actions.ts'
import { deskIn, hour } from './testing.ts'

const house = await testHouse()
const { desk, hears, as, show, happensBy } = deskIn(house)
afterEach(() => setClock())

test('new mail opens what was done and what sleeps, and says so', async () => {
  const it = await desk()
  const [first, second] = [await hears(it), await hears(it)]
  await as(it, it.anna, ctx => crm.finish(ctx, { threads: [first.thread] }))
  await as(it, it.anna, ctx => crm.snooze(ctx, { threads: [second.thread], until: new Date(now().getTime() + hour) }))
  assert.deepEqual(await happensBy(it, () => hears(it, { answers: [first.remoteId] })), ['Create:Message', 'Undo:Closure'])
  assert.deepEqual(await happensBy(it, () => hears(it, { answers: [second.remoteId] })), ['Create:Message', 'Undo:Snooze'])
  for (const { thread } of [first, second]) {
    const { state, closedAt, snoozedUntil, askedAt } = await show(it, thread)
    assert.deepEqual([state, closedAt, snoozedUntil, askedAt !== null], ['open', null, null, true])
  }
})

test('what a machine wrote opens nothing, and nothing answers it', async () => {
  const it = await desk()
  const { remoteId, thread } = await hears(it)
  await as(it, it.anna, ctx => crm.finish(ctx, { threads: [thread] }))
  const away = () => hears(it, { answers: [remoteId], automatic: 'auto-reply', text: 'I am away.' })
  assert.deepEqual(await happensBy(it, away), ['Create:Message'])
  const { state, closedAt } = await show(it, thread)
  assert.deepEqual([state, closedAt !== null], ['done', true])
  await hears(it, { automatic: 'auto-reply', text: 'I am away, too.' })
  const { rows } = await asSystem(it.org, ctx => sql`select id from delivery`.execute(ctx.db))
  assert.deepEqual(rows, [])
})

test('a mail that comes after our answer opens again what it dates from before: what decides is when it was heard', async () => {
  const it = await desk()
  const until = new Date(now().getTime() + hour)
  for (const put of [
    (thread: string) => as(it, it.anna, ctx => crm.finish(ctx, { threads: [thread] })),
    (thread: string) => as(it, it.anna, ctx => crm.snooze(ctx, { threads: [thread], until })),
    async () => {},
  ]) {
    const { remoteId, thread } = await hears(it)
    await as(it, it.anna, ctx => crm.reply(ctx, { thread, text: 'Soon.' }))
    await put(thread)
    await house.settle()
    const at = new Date(now().getTime() - 10 * hour)
    await hears(it, { answers: [remoteId], at })
    const { state, snoozedUntil, closedAt, askedAt } = await show(it, thread)
    assert.deepEqual([state, snoozedUntil, closedAt, askedAt?.getTime()], ['open', null, null, at.getTime()])
  }
})

test('what was caught up with at once counts in the order in which it came in, whatever its dates', async () => {
  const it = await desk()
  const ago = (hours: number) => new Date(now().getTime() - hours * hour)
  const hearsAll = async (thread: string, order: ('question' | 'answer')[]) => {
    const messages = order.map((kind, at): HeardMessage => {
      const [we, they] = [
        { network: 'post', address: 'us@example.com' },
        { network: 'post', address: 'carla@example.org' },
      ]
      const asked = kind === 'question'
      const direction = asked ? 'in' : 'out'
      const ends = { from: asked ? they : we, to: [asked ? we : they], copied: [], answers: [thread] }
      return { is: 'message', remoteId: `${thread} ${at}`, direction, at: ago(asked ? 9 : 5), ...ends, text: kind, attachments: [] }
    })
    await takeInForGood(it.org, { channel: 'post', account: it.account }, messages, async () => {})
    await house.settle()
  }
  for (const [order, state] of [
    [['question', 'answer'], 'waiting'],
    [['answer', 'question'], 'open'],
  ] as const) {
    const { remoteId, thread } = await hears(it, { at: ago(10) })
    await hearsAll(remoteId, [...order])
    assert.equal((await show(it, thread)).state, state)
  }
})

test('imported mail wakes nobody: what is old is done, what is known stays as it is', async () => {
  const it = await desk()
  const old = new Date(Date.now() - 40 * 24 * hour)
  const { thread, remoteId } = await hears(it, { at: old }, true)
  assert.equal((await show(it, thread)).state, 'done')
  assert.deepEqual(await happensBy(it, () => hears(it, { answers: [remoteId] }, true)), ['Create:Message'])
  assert.equal((await show(it, thread)).state, 'done')
})
