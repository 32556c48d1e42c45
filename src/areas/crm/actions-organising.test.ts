/** Giving, finishing, snoozing, labelling, and the way back. */
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { now, setClock } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import { tickNow } from '#kernel/jobs.ts'
import { testHouse } from '#kernel/testing.ts'
import { suspend } from '#social/members/actions.ts'
import * as notifications from '#social/notifications/actions.ts'
import * as crm from './actions.ts'
import { deskIn, hour, passTime } from './testing.ts'
import type { View } from './words.ts'

const house = await testHouse()
const { desk, asks, as, show, happensBy } = deskIn(house)
afterEach(() => setClock())

test('a conversation is given to a colleague, who is told, and back to nobody; each once', async () => {
  const it = await desk()
  const thread = await asks(it)
  const give = (to: string | null) => as(it, it.anna, ctx => crm.assign(ctx, { threads: [thread], to }))
  assert.deepEqual(await happensBy(it, () => give(it.ben.person)), ['Add:Assignment'])
  assert.deepEqual(await happensBy(it, () => give(it.ben.person)), [])
  assert.equal((await show(it, thread)).assignee, it.ben.person)
  const told = await as(it, it.ben, ctx => notifications.list(ctx, {}))
  assert.deepEqual(
    told.items.map(each => each.kind),
    ['assigned'],
  )
  assert.deepEqual(await happensBy(it, () => give(null)), ['Remove:Assignment'])
  assert.equal((await show(it, thread)).assignee, null)
})

test('nobody is told of what they took themselves', async () => {
  const it = await desk()
  const thread = await asks(it)
  assert.deepEqual(await happensBy(it, () => as(it, it.anna, ctx => crm.take(ctx, { threads: [thread] }))), ['Add:Assignment'])
  assert.equal((await show(it, thread)).assignee, it.anna.person)
  assert.deepEqual((await as(it, it.anna, ctx => notifications.list(ctx, {}))).items, [])
})

test('work is given only to somebody who can do it: no stranger, no guest, nobody who is suspended', async () => {
  const it = await desk()
  const thread = await asks(it)
  const guest = await house.member(it.org, 'guest', 'Gerda')
  await as(it, it.owner, ctx => suspend(ctx, { account: it.ben.account! }))
  for (const to of [newId(), guest.person!, it.ben.person!])
    await assert.rejects(
      as(it, it.anna, ctx => crm.assign(ctx, { threads: [thread], to })),
      { code: 'invalid', key: 'crm.notAColleague' },
    )
  assert.equal((await show(it, thread)).assignee, null)
})

test('finished and reopened by hand: a closure with who and when, and its undoing', async () => {
  const it = await desk()
  const thread = await asks(it)
  const finish = () => as(it, it.anna, ctx => crm.finish(ctx, { threads: [thread] }))
  const reopen = () => as(it, it.anna, ctx => crm.reopen(ctx, { threads: [thread] }))
  assert.deepEqual(await happensBy(it, finish), ['Create:Closure'])
  assert.deepEqual(await happensBy(it, finish), [])
  const { state, closedAt } = await show(it, thread)
  assert.deepEqual([state, closedAt !== null], ['done', true])
  assert.deepEqual(await happensBy(it, reopen), ['Undo:Closure'])
  assert.deepEqual(await happensBy(it, reopen), [])
  const open = await show(it, thread)
  assert.deepEqual([open.state, open.closedAt], ['open', null])
})

test('a snoozed conversation comes back at its time and not before', async () => {
  const it = await desk()
  const thread = await asks(it)
  const until = new Date(now().getTime() + hour)
  assert.deepEqual(await happensBy(it, () => as(it, it.anna, ctx => crm.snooze(ctx, { threads: [thread], until }))), ['Create:Snooze'])
  assert.deepEqual(await happensBy(it, () => tickNow('crm.wake')), [])
  assert.equal((await show(it, thread)).state, 'snoozed')
  passTime(hour + 1000)
  assert.deepEqual(await happensBy(it, () => tickNow('crm.wake')), ['Undo:Snooze'])
  const { state, snoozedUntil } = await show(it, thread)
  assert.deepEqual([state, snoozedUntil], ['open', null])
  assert.deepEqual(await happensBy(it, () => tickNow('crm.wake')), [])
})

test('labels are words of a conversation: put on once, taken off once, listed while in use', async () => {
  const it = await desk()
  const threads = [await asks(it), await asks(it)]
  const put = () => as(it, it.anna, ctx => crm.label(ctx, { threads, label: ' Late  Delivery ' }))
  assert.deepEqual(await happensBy(it, put), ['Add:Label', 'Add:Label'])
  assert.deepEqual((await put()).changed, [])
  assert.deepEqual((await show(it, threads[0]!)).labels, ['late delivery'])
  const found = (view: View, more: { before?: string; limit?: number } = {}) =>
    as(it, it.anna, ctx => crm.list(ctx, { view, label: 'late delivery', ...more }))
  await asks(it)
  await as(it, it.anna, ctx => crm.take(ctx, { threads: threads.slice(0, 1) }))
  for (const [view, count] of [['all', 2], ['open', 2], ['mine', 1], ['unassigned', 1], ['done', 0]] as const) // biome-ignore format: one list
    assert.equal((await found(view)).items.length, count, view)
  const first = await found('open', { limit: 1 })
  const second = await found('open', { limit: 1, before: first.next! })
  assert.deepEqual([first.items[0]!.thread, second.items[0]!.thread].sort(), threads.toSorted())
  const off = () => as(it, it.anna, ctx => crm.unlabel(ctx, { threads, label: 'late delivery' }))
  assert.deepEqual(await happensBy(it, off), ['Remove:Label', 'Remove:Label'])
  assert.deepEqual((await off()).changed, [])
  assert.deepEqual((await as(it, it.anna, ctx => crm.labels(ctx, {}))).items, [])
})

test('what was done to many is undone at once: owners and states are those of before, and what slept has its time again', async () => {
  const it = await desk()
  const [open, snoozed, done] = [await asks(it), await asks(it), await asks(it)]
  const until = new Date(now().getTime() + hour)
  await as(it, it.anna, async ctx => {
    await crm.assign(ctx, { threads: [open], to: it.ben.person })
    await crm.snooze(ctx, { threads: [snoozed], until })
    await crm.finish(ctx, { threads: [done] })
  })
  const stand = async () =>
    Promise.all(
      [open, snoozed, done].map(async thread => {
        const { state, assignee, snoozedUntil } = await show(it, thread)
        return { state, assignee, snoozedUntil: snoozedUntil?.getTime() }
      }),
    )
  const before = await stand()
  const threads = [open, snoozed, done]
  const { was } = await as(it, it.anna, ctx => crm.finish(ctx, { threads }))
  const restored = await happensBy(it, () => as(it, it.anna, ctx => crm.restore(ctx, { was: JSON.stringify(was) })))
  assert.deepEqual(await stand(), before)
  assert.deepEqual(restored, ['Create:Snooze', 'Undo:Closure', 'Undo:Closure'])
  passTime(hour + 1000)
  await tickNow('crm.wake')
  assert.equal((await show(it, snoozed)).state, 'open')
})

test('an undo that was tampered with is refused and changes nothing', async () => {
  const it = await desk()
  const thread = await asks(it)
  for (const was of ['{', '[]x', '[{"thread":"x"}]', JSON.stringify([{ thread, assignee: null, state: 'gone' }])])
    await assert.rejects(
      as(it, it.anna, ctx => crm.restore(ctx, { was })),
      { code: 'invalid' },
    )
  assert.equal((await show(it, thread)).state, 'open')
})
