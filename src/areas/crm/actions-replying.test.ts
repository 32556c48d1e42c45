/** Answers and notes, and what becomes of a conversation by them. */
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { now, setClock } from '#kernel/clock.ts'
import { tickNow } from '#kernel/jobs.ts'
import { testHouse } from '#kernel/testing.ts'
import { latestAnswerIn } from '#social/threads/actions.ts'
import * as crm from './actions.ts'
import { deskIn, hour, passTime, sent } from './testing.ts'

const house = await testHouse()
const { desk, hears, asks, as, show, happensBy } = deskIn(house)
afterEach(() => setClock())

test('a note that mentions a colleague gives them the conversation when it has no owner', async () => {
  const it = await desk()
  const thread = await asks(it)
  const write = () => as(it, it.anna, ctx => crm.note(ctx, { thread, text: 'Could you look?', mentions: [it.ben.person!] }))
  assert.deepEqual(await happensBy(it, write), ['Add:Assignment', 'Create:Note', 'Offer:Mention'])
  assert.equal((await show(it, thread)).assignee, it.ben.person)
  await as(it, it.anna, ctx => crm.note(ctx, { thread, text: 'And you?', mentions: [it.owner.person!] }))
  const { assignee, state } = await show(it, thread)
  assert.deepEqual([assignee, state], [it.ben.person, 'open'])
  passTime(10_000)
  await tickNow('deliveries.sendDue')
  await house.settle()
  assert.ok(!sent.some(text => /Could you|And you/.test(text)))
})

test('an answer makes the conversation wait, and its writer the owner when there was none', async () => {
  const it = await desk()
  const thread = await asks(it)
  const happened = await happensBy(it, () => as(it, it.anna, ctx => crm.reply(ctx, { thread, text: 'Soon.' })))
  assert.deepEqual(happened, ['Add:Assignment', 'Create:Message'])
  const { state, assignee, askedAt } = await show(it, thread)
  assert.deepEqual([state, assignee, askedAt], ['waiting', it.anna.person, null])
  passTime(10_000)
  await tickNow('deliveries.sendDue')
  await house.settle()
  assert.ok(sent.includes('Soon.'))
})

test('a colleague’s answer in the meantime is pointed out once; who has seen it may answer', async () => {
  const it = await desk()
  const thread = await asks(it)
  const { content } = await as(it, it.anna, ctx => crm.reply(ctx, { thread, text: 'Mine.' }))
  const write = (seen?: string) => as(it, it.ben, ctx => crm.reply(ctx, { thread, text: 'And mine.', ...(seen && { seen }) }))
  await assert.rejects(write(), { code: 'conflict', key: 'crm.answeredMeanwhile', values: { name: 'Anna Berg' } })
  assert.deepEqual(await happensBy(it, () => write().catch(() => {})), [])
  assert.deepEqual(await happensBy(it, () => write(content)), ['Create:Message'])
})

test('of two who answer at the same moment one is asked to look first', async () => {
  const it = await desk()
  const thread = await asks(it)
  const tries = await Promise.allSettled([it.anna, it.ben].map(who => as(it, who, ctx => crm.reply(ctx, { thread, text: 'Me!' }))))
  assert.deepEqual(tries.map(each => each.status).sort(), ['fulfilled', 'rejected'])
})

test('an answer that is taken back leaves nothing finished, and never leaves', async () => {
  const it = await desk()
  const thread = await asks(it)
  const { delivery } = await as(it, it.anna, ctx => crm.reply(ctx, { thread, text: 'Oh no.', done: 'done' }))
  assert.equal((await show(it, thread)).state, 'done')
  const happened = await happensBy(it, () => as(it, it.anna, ctx => crm.unsend(ctx, { thread, delivery })))
  assert.deepEqual(happened, ['Delete:Message', 'Remove:Assignment', 'Undo:Closure', 'Undo:Message'])
  const { state, closedAt, askedAt } = await show(it, thread)
  assert.deepEqual([state, closedAt, askedAt !== null], ['open', null, true])
  passTime(10_000)
  await tickNow('deliveries.sendDue')
  await house.settle()
  assert.ok(!sent.includes('Oh no.'))
})

test('an answer that is taken back leaves the conversation as it stood: its state, its owner, and since when somebody waits', async () => {
  const it = await desk()
  const until = new Date(now().getTime() + hour)
  const stands = async (thread: string) => {
    const { state, assignee, askedAt, snoozedUntil } = await show(it, thread)
    return { state, assignee, askedAt, snoozedUntil }
  }
  const [open, waiting, snoozed] = [await asks(it), await asks(it), await asks(it)]
  await as(it, it.ben, ctx => crm.reply(ctx, { thread: waiting, text: 'Soon.' }))
  await as(it, it.ben, ctx => crm.snooze(ctx, { threads: [snoozed], until }))
  await house.settle()
  for (const done of [undefined, 'done'] as const)
    for (const thread of [open, waiting, snoozed]) {
      const before = await stands(thread)
      const latestAnswer = await as(it, it.anna, ctx => latestAnswerIn(ctx, thread))
      const seen = latestAnswer && { seen: latestAnswer.id }
      const { delivery } = await as(it, it.anna, ctx => crm.reply(ctx, { thread, text: 'Oh no.', ...seen, ...(done && { done }) }))
      assert.equal((await stands(thread)).state, done ?? 'waiting')
      await as(it, it.anna, ctx => crm.unsend(ctx, { thread, delivery }))
      await house.settle()
      assert.deepEqual(await stands(thread), before)
    }
})

test('what happened to a conversation after an answer stays when the answer is taken back', async () => {
  const it = await desk()
  const { thread, remoteId } = await hears(it)
  const { askedAt } = await show(it, thread)
  const { delivery } = await as(it, it.anna, ctx => crm.reply(ctx, { thread, text: 'Oh no.', done: 'done' }))
  await hears(it, { answers: [remoteId] })
  await as(it, it.anna, ctx => crm.assign(ctx, { threads: [thread], to: it.ben.person }))
  await as(it, it.anna, ctx => crm.unsend(ctx, { thread, delivery }))
  const now = await show(it, thread)
  assert.deepEqual([now.state, now.assignee, now.askedAt], ['open', it.ben.person, askedAt])
})

test('an answer is taken back only in its own conversation', async () => {
  const it = await desk()
  const [thread, another] = [await asks(it), await asks(it)]
  const { delivery } = await as(it, it.anna, ctx => crm.reply(ctx, { thread, text: 'Stays.' }))
  await assert.rejects(
    as(it, it.anna, ctx => crm.unsend(ctx, { thread: another, delivery })),
    { code: 'notFound' },
  )
  assert.equal((await show(it, thread)).state, 'waiting')
})
