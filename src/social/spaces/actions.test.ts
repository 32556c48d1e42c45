import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actor, Ctx } from '#kernel/context.ts'
import { Refusal } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { findOrMeet } from '#social/people/actions.ts'
import * as spaces from './actions.ts'

const house = await testHouse()
const refusal = (code: string, key?: string) => (error: unknown) =>
  error instanceof Refusal && error.code === code && (!key || error.key === key)

async function scene(audience: 'public' | 'staff' | 'members' = 'staff') {
  const org = await house.organisation()
  const [manager, member] = [await house.member(org, 'manager', 'Mia'), await house.member(org, 'member', 'Ole')]
  const made = await house.as(org, manager, ctx => spaces.make(ctx, { name: 'Tea & Talk', audience }))
  const at = <T>(who: Actor, run: (ctx: Ctx) => Promise<T>) => house.as(org, who, run)
  const roleOf = (who: Actor) => at(who, async ctx => (await spaces.show(ctx, { slug: made.slug })).role)
  return { org, manager, member, at, roleOf, ...made }
}

test('a space is made with an address of its own, and its maker keeps it', async () => {
  const { org, manager, at, slug, roleOf } = await scene()
  assert.equal(slug, 'tea-talk')
  assert.equal(await roleOf(manager), 'keeper')
  assert.match((await at(manager, ctx => spaces.make(ctx, { name: 'Tea talk' }))).slug, /^tea-talk-[0-9a-f]{6}$/)
  assert.equal((await at(manager, ctx => spaces.list(ctx, {}))).items.length, 2)
  assert.deepEqual(await house.happened(org), ['Create:Space', 'Create:Space'])
})

test('colleagues join and leave an open space, each told once', async () => {
  const { org, member, at, space, roleOf } = await scene()
  await at(member, ctx => spaces.join(ctx, { space }))
  await at(member, ctx => spaces.join(ctx, { space }))
  assert.equal(await roleOf(member), 'member')
  await at(member, ctx => spaces.leave(ctx, { space }))
  await at(member, ctx => spaces.leave(ctx, { space }))
  assert.equal(await roleOf(member), null)
  assert.deepEqual(await house.happened(org), ['Create:Space', 'Join:Space', 'Leave:Space'])
})

test('a space for its members is not there for others', async () => {
  const { org, manager, member, at, space, slug } = await scene('members')
  await assert.rejects(
    at(member, ctx => spaces.show(ctx, { slug })),
    refusal('notFound', 'spaces.spaceNotFound'),
  )
  await assert.rejects(
    at(member, ctx => spaces.join(ctx, { space })),
    refusal('notFound', 'spaces.spaceNotFound'),
  )
  assert.deepEqual((await at(member, ctx => spaces.list(ctx, {}))).items, [])
  await at(manager, ctx => spaces.memberAdd(ctx, { space, person: member.person! }))
  assert.deepEqual(
    (await at(member, ctx => spaces.list(ctx, {}))).items.map(each => [each.slug, each.role]),
    [[slug, 'member']],
  )
  await at(manager, ctx => spaces.memberRemove(ctx, { space, person: member.person! }))
  await assert.rejects(
    at(member, ctx => spaces.show(ctx, { slug })),
    refusal('notFound'),
  )
  assert.deepEqual(await house.happened(org), ['Create:Space', 'Add:Member', 'Remove:Member'])
})

test('keepers lead without managing all spaces; the last one stays until another is', async () => {
  const { org, manager, member, at, space, roleOf } = await scene()
  const edit = (who: Actor) => at(who, ctx => spaces.edit(ctx, { space, name: 'Coffee' }))
  await at(member, ctx => spaces.join(ctx, { space }))
  await assert.rejects(edit(member), refusal('forbidden', 'spaces.notKeeper'))
  await assert.rejects(
    at(manager, ctx => spaces.leave(ctx, { space })),
    refusal('conflict', 'spaces.lastKeeper'),
  )
  await at(manager, ctx => spaces.memberRole(ctx, { space, person: member.person!, role: 'keeper' }))
  assert.deepEqual((await edit(member)).before, { name: 'Tea & Talk', about: '', audience: 'staff' })
  await edit(member)
  await at(manager, ctx => spaces.leave(ctx, { space }))
  await assert.rejects(
    at(member, ctx => spaces.memberRole(ctx, { space, person: member.person!, role: 'member' })),
    refusal('conflict', 'spaces.lastKeeper'),
  )
  assert.equal(await roleOf(member), 'keeper')
  assert.deepEqual(await house.happened(org), ['Create:Space', 'Join:Space', 'Update:Member', 'Update:Space', 'Leave:Space'])
})

test('the last two keepers cannot step down at the same moment', async () => {
  const { org, manager, member, at, space } = await scene()
  await at(member, ctx => spaces.join(ctx, { space }))
  await at(manager, ctx => spaces.memberRole(ctx, { space, person: member.person!, role: 'keeper' }))
  const gone = await Promise.allSettled([at(manager, ctx => spaces.leave(ctx, { space })), at(member, ctx => spaces.leave(ctx, { space }))])
  assert.deepEqual(gone.map(each => each.status).sort(), ['fulfilled', 'rejected'])
  assert.equal((await house.happened(org)).filter(each => each === 'Leave:Space').length, 1)
})

test('in an archived space nothing changes until it is opened again', async () => {
  const { org, manager, member, at, space } = await scene()
  await at(manager, ctx => spaces.archive(ctx, { space }))
  assert.deepEqual((await at(member, ctx => spaces.list(ctx, {}))).items, [])
  assert.equal((await at(member, ctx => spaces.list(ctx, { archived: true }))).items.length, 1)
  await assert.rejects(
    at(member, ctx => spaces.join(ctx, { space })),
    refusal('conflict', 'spaces.archived'),
  )
  await assert.rejects(
    at(manager, ctx => spaces.edit(ctx, { space, name: 'x' })),
    refusal('conflict', 'spaces.archived'),
  )
  await at(manager, ctx => spaces.reopen(ctx, { space }))
  await at(manager, ctx => spaces.reopen(ctx, { space }))
  await at(member, ctx => spaces.join(ctx, { space }))
  assert.deepEqual(await house.happened(org), ['Create:Space', 'Remove:Space', 'Add:Space', 'Join:Space'])
})

test('people from outside can belong; the members are listed page by page', async () => {
  const { org, manager, at, space } = await scene()
  const ids = await at(manager, ctx =>
    findOrMeet(
      ctx,
      ['a', 'b', 'c'].map(address => ({ network: 'test', address, normal: address, because: 'heard', at: new Date() })),
    ),
  )
  for (const person of ids) await at(manager, ctx => spaces.memberAdd(ctx, { space, person }))
  const first = await at(manager, ctx => spaces.members(ctx, { space, limit: 3 }))
  const second = await at(manager, ctx => spaces.members(ctx, { space, limit: 3, after: first.next! }))
  assert.equal(new Set([...first.items, ...second.items].map(each => each.person.id)).size, 4)
  assert.deepEqual(
    (await at(manager, ctx => spaces.belonging(ctx, ids[0]!))).map(each => each.id),
    [space],
  )
  assert.equal((await house.happened(org)).filter(each => each === 'Add:Member').length, 3)
})

test('an id of another organisation answers like one that does not exist; each role as the table says', async () => {
  const mine = await scene()
  const other = await scene('public')
  for (const space of [other.space, newId()]) {
    for (const run of [spaces.join, spaces.leave, spaces.archive, spaces.reopen, spaces.members])
      await assert.rejects(
        mine.at<unknown>(mine.manager, ctx => run(ctx, { space })),
        refusal('notFound', 'spaces.spaceNotFound'),
      )
    await assert.rejects(
      mine.at(mine.manager, ctx => spaces.memberAdd(ctx, { space, person: mine.member.person! })),
      refusal('notFound', 'spaces.spaceNotFound'),
    )
  }
  for (const person of [other.member.person!, newId()])
    await assert.rejects(
      mine.at(mine.manager, ctx => spaces.memberAdd(ctx, { space: mine.space, person })),
      refusal('notFound', 'spaces.personNotFound'),
    )
  for (const role of ['agent', 'member', 'guest', 'customer'] as const)
    await assert.rejects(
      house.as(mine.org, role, ctx => spaces.make(ctx, { name: 'x' })),
      refusal('forbidden'),
    )
  for (const role of ['guest', 'customer'] as const)
    await assert.rejects(
      house.as(mine.org, role, ctx => spaces.list(ctx, {})),
      refusal('forbidden'),
    )
  await assert.rejects(
    mine.at(mine.manager, ctx => spaces.make(ctx, { name: ' ' })),
    refusal('invalid'),
  )
  assert.deepEqual(await house.happened(mine.org), ['Create:Space'])
})
