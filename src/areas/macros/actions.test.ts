import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as answers from '#areas/answers/actions.ts'
import * as crm from '#areas/crm/actions.ts'
import { deskIn, sent } from '#areas/crm/testing.ts'
import { testHouse } from '#kernel/testing.ts'
import * as macros from './actions.ts'

const house = await testHouse()
const { desk, hear, as, happensBy } = deskIn(house)

test('a ready answer is found, filled in for its thread in any language, and kept; what nothing is known for is named and never leaves', async () => {
  const it = await desk()
  const [thread] = await hear(it, [{ subject: 'Lamp' }])
  const text = 'Hello {{Vorname}}, {{order number}} of {{brand}}. {{my name}}'
  const { answer } = await as(it, it.anna, ctx => answers.make(ctx, { title: 'Order', folder: 'Shop', text }))
  const own = await as(it, it.ben, ctx => answers.make(ctx, { title: 'Own', text: 'mine', own: true }))
  const offered = await as(it, it.anna, ctx => answers.offeredFor(ctx, 'ord', thread!))
  assert.deepEqual(
    offered.map(each => each.filled),
    ['Hello Carla, {{order number}} of Testing. Anna Berg'],
  )
  assert.deepEqual((await as(it, it.anna, ctx => answers.fill(ctx, { thread: thread!, text }))).missing, ['order number'])
  await assert.rejects(
    as(it, it.anna, ctx => crm.reply(ctx, { thread: thread!, text: offered[0]!.filled })),
    { key: 'crm.fillIn' },
  )
  await assert.rejects(
    as(it, it.anna, ctx => answers.show(ctx, own)),
    { code: 'notFound' },
  )
  await as(it, it.anna, ctx => answers.use(ctx, { answer }))
  const { was } = await as(it, it.ben, ctx => answers.change(ctx, { answer, title: 'Order 2', folder: 'Shop', text: 'x' }))
  assert.deepEqual([was.title, was.uses], ['Order', 1])
  await as(it, it.anna, ctx => answers.archive(ctx, { answer }))
  const titles = async (q = '', archived = false) =>
    (await as(it, it.ben, ctx => answers.list(ctx, { q, archived }))).items.map(each => each.title)
  assert.deepEqual([await titles(), await titles('', true), await titles('mine')], [['Own'], ['Order 2'], ['Own']])
  await as(it, it.anna, ctx => answers.bringBack(ctx, { answer }))
  const first = await as(it, it.ben, ctx => answers.list(ctx, { limit: 1 }))
  const second = await as(it, it.ben, ctx => answers.list(ctx, { limit: 1, after: first.next! }))
  assert.deepEqual([first.items[0]!.title, second.items[0]!.title], ['Own', 'Order 2'])
  assert.deepEqual(
    (await house.happened(it.org)).filter(each => each.endsWith('ReadyAnswer')),
    ['Create:ReadyAnswer', 'Update:ReadyAnswer', 'Remove:ReadyAnswer', 'Add:ReadyAnswer'],
  )
})

test('a macro does all of its steps or none, asks for what is missing, and is undone by one press', async () => {
  const it = await desk()
  const [thread] = await hear(it, [{ subject: 'Lamp' }])
  const steps = { answer: 'Hello {{first name}}, it is {{order number}}', labels: ['Late', 'lamp'], assign: 'me' as const, finish: true }
  const { macro } = await as(it, it.anna, ctx => macros.make(ctx, { name: 'Sent', steps }))
  const seen = await as(it, it.ben, ctx => macros.preview(ctx, { macro, thread: thread! }))
  assert.deepEqual([seen.answer, seen.missing], ['Hello Carla, it is {{order number}}', ['order number']])
  const run = (values: Record<string, string> = {}) => as(it, it.ben, ctx => macros.run(ctx, { macro, thread: thread!, values }))
  assert.deepEqual(await happensBy(it, () => assert.rejects(run(), { key: 'macros.asksFor' })), [])
  let undo = { delivery: null as string | null, was: '', labels: [] as string[] }
  const did = await happensBy(it, async () => {
    undo = (await run({ 'order number': '42' })).undo
  })
  assert.deepEqual(did, ['Add:Assignment', 'Add:Label', 'Add:Label', 'Create:Closure', 'Create:Message'])
  const now = await as(it, it.ben, ctx => crm.show(ctx, { thread: thread! }))
  assert.deepEqual([now.state, now.assigneeName, now.labels, now.snippet], ['done', 'Ben Cole', ['lamp', 'late'], 'Hello Carla, it is 42'])
  await as(it, it.ben, ctx => macros.undo(ctx, { thread: thread!, ...undo, delivery: undo.delivery ?? undefined }))
  const then = await as(it, it.ben, ctx => crm.show(ctx, { thread: thread! }))
  assert.deepEqual([then.state, then.assignee, then.labels, sent], ['open', null, [], []])
  await assert.rejects(
    as(it, it.anna, ctx => macros.make(ctx, { name: 'Nothing', steps: {} })),
    { key: 'macros.doesNothing' },
  )
  await theirKeys(it)
  await assert.rejects(
    house.as(it.org, 'member', ctx => macros.list(ctx, {})),
    { code: 'forbidden' },
  )
})

/** A key is given once, archived with its macro, and one's own goes before everybody's. */
async function theirKeys(it: Awaited<ReturnType<typeof desk>>): Promise<void> {
  const steps = { finish: true }
  const make = (who: typeof it.anna, name: string, key: string, own = false) =>
    as(it, who, ctx => macros.make(ctx, { name, steps, key, own }))
  const offered = async () => (await as(it, it.ben, ctx => macros.offered(ctx))).map(each => [each.name, each.key])
  await make(it.ben, 'Mine', 'D', true)
  const [first, second] = await Promise.allSettled([make(it.anna, 'Shared', 'd'), make(it.anna, 'Twice', 'd')])
  const given = [first, second].find(each => each.status === 'fulfilled')!.value.macro
  const refused = [first, second].find(each => each.status === 'rejected')!.reason as { key: string }
  assert.equal(refused.key, 'macros.keyTaken')
  assert.deepEqual(
    (await offered()).filter(([name]) => name !== 'Sent').map(([, key]) => key),
    ['d', null],
  )
  await as(it, it.anna, ctx => macros.archive(ctx, { macro: given }))
  const { macro } = await make(it.anna, 'Next', 'd')
  await assert.rejects(
    as(it, it.anna, ctx => macros.bringBack(ctx, { macro: given })),
    { key: 'macros.keyTaken' },
  )
  const { was } = await as(it, it.anna, ctx => macros.change(ctx, { macro, name: 'Next', steps }))
  assert.equal(was.key, 'd')
  await as(it, it.anna, ctx => macros.bringBack(ctx, { macro: given }))
}
