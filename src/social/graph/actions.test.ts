import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { make } from '#social/merges/actions.ts'
import { findOrMeet } from '#social/people/actions.ts'
import * as graph from './actions.ts'

const house = await testHouse()
const refusal = (code: string, key?: string) => (error: unknown) =>
  error instanceof Refusal && error.code === code && (!key || error.key === key)
const met = (address: string) => ({ network: 'test', address, normal: address, because: 'heard', at: new Date('2026-03-01T10:00:00Z') })

async function scene(names: string[]) {
  const org = await house.organisation()
  const me = await house.member(org, 'agent')
  const ids = await house.as(org, me, ctx => findOrMeet(ctx, names.map(met)))
  return { org, me, ids }
}

test('one follows once, and no longer when one says so; the other sees no difference in between', async () => {
  const { org, me, ids } = await scene(['anna'])
  const person = ids[0]!
  const at = <T>(run: Parameters<typeof house.as<T>>[2]) => house.as(org, me, run)
  await at(ctx => graph.follow(ctx, { person }))
  await at(ctx => graph.follow(ctx, { person }))
  assert.deepEqual(await at(ctx => graph.tiesWith(ctx, { person })), { self: false, follows: true, blocks: false })
  assert.deepEqual(
    (await at(ctx => graph.following(ctx, {}))).follows.map(each => each.id),
    [person],
  )
  assert.deepEqual(await at(ctx => graph.followersOf(ctx, [person])), [me.person])
  await at(ctx => graph.unfollow(ctx, { person }))
  await at(ctx => graph.unfollow(ctx, { person }))
  assert.deepEqual((await at(ctx => graph.following(ctx, {}))).follows, [])
  assert.deepEqual(await house.happened(org), ['Create:Person', 'Follow:Person', 'Undo:Follow'])
})

test('what comes from whom one blocked does not reach one, under whatever record; it reaches others', async () => {
  const { org, me, ids } = await scene(['anna', 'anni', 'ben'])
  const [anna, anni, ben] = ids as [string, string, string]
  const other = await house.member(org, 'agent')
  await house.as(org, me, ctx => graph.block(ctx, { person: anni }))
  await house.as(org, me, ctx => make(ctx, { kept: anna, gone: anni, reason: 'same' }))
  const notices = [
    { to: me.person!, from: anna },
    { to: me.person!, from: anni },
    { to: me.person!, from: ben },
    { to: me.person!, from: null },
    { to: other.person!, from: anna },
  ]
  assert.deepEqual(await house.as(org, me, ctx => graph.withoutBlocked(ctx, notices, it => it)), notices.slice(2))
  assert.deepEqual(
    (await house.as(org, me, ctx => graph.following(ctx, {}))).blocks.map(each => each.name),
    ['anna'],
  )
  await house.as(org, me, ctx => graph.unblock(ctx, { person: anna }))
  assert.deepEqual(await house.as(org, me, ctx => graph.withoutBlocked(ctx, notices, it => it)), notices)
  assert.deepEqual((await house.happened(org)).slice(3), ['Block:Person', 'Add:Person', 'Undo:Block'])
})

test('nobody follows or blocks oneself, and a merged record is followed as the one that stands', async () => {
  const { org, me, ids } = await scene(['anna', 'anni'])
  await assert.rejects(
    house.as(org, me, ctx => graph.follow(ctx, { person: me.person! })),
    refusal('conflict', 'graph.oneself'),
  )
  await house.as(org, me, ctx => graph.follow(ctx, { person: ids[1]! }))
  await house.as(org, me, ctx => make(ctx, { kept: ids[0]!, gone: ids[1]!, reason: 'same' }))
  await house.as(org, me, ctx => graph.follow(ctx, { person: ids[0]! }))
  assert.deepEqual((await house.as(org, me, ctx => graph.tiesWith(ctx, { person: ids[0]! }))).follows, true)
  await house.as(org, me, ctx => graph.unfollow(ctx, { person: ids[0]! }))
  assert.deepEqual((await house.as(org, me, ctx => graph.tiesWith(ctx, { person: ids[1]! }))).follows, false)
  assert.deepEqual((await house.happened(org)).slice(2), ['Follow:Person', 'Add:Person', 'Undo:Follow'])
})

test('belonging is kept once, with a role, until one goes', async () => {
  const { org, me, ids } = await scene(['anna', 'ben'])
  const object = newId()
  await house.as(org, me, async ctx => {
    assert.equal(await graph.enter(ctx, ids[0]!, object, 'keeper'), true)
    assert.equal(await graph.enter(ctx, ids[0]!, object), false)
    assert.equal(await graph.enter(ctx, ids[1]!, object), true)
    assert.deepEqual([await graph.roleIn(ctx, [ids[0]!], object), await graph.roleIn(ctx, [ids[1]!], object)], ['keeper', 'member'])
    assert.deepEqual(await graph.keepersOf(ctx, object), [ids[0]])
    assert.equal((await graph.membersOf(ctx, object, { limit: 10 })).length, 2)
    assert.equal(await graph.exit(ctx, [ids[0]!], object), true)
    assert.equal(await graph.exit(ctx, [ids[0]!], object), false)
  })
})

test('an id of another organisation answers like one that does not exist, and only those who may', async () => {
  const { org, me } = await scene([])
  const other = await scene(['anna'])
  for (const person of [other.ids[0]!, newId()])
    for (const run of [graph.follow, graph.unfollow, graph.block, graph.unblock])
      await assert.rejects(
        house.as(org, me, ctx => run(ctx, { person })),
        refusal('notFound', 'graph.personNotFound'),
      )
  for (const role of ['guest', 'customer'] as const)
    await assert.rejects(
      house.as(other.org, role, ctx => graph.follow(ctx, { person: other.ids[0]! })),
      refusal('forbidden'),
    )
  await house.as(other.org, 'member', ctx => graph.follow(ctx, { person: other.ids[0]! }))
  assert.deepEqual(await house.happened(org), [])
})
