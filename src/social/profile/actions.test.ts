import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ctx } from '#kernel/context.ts'
import { Refusal } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import * as merges from '#social/merges/actions.ts'
import { findOrMeet, personAdd } from '#social/people/actions.ts'
import * as profile from './actions.ts'

const house = await testHouse()
const refusal = (code: string, key?: string) => (error: unknown) =>
  error instanceof Refusal && error.code === code && (!key || error.key === key)
const met = (name: string, address = `${name.toLowerCase().replaceAll(' ', '.')}@x.example`) => ({
  network: 'test',
  address,
  normal: address,
  name,
  because: 'heard',
  at: new Date('2026-03-01T10:00:00Z'),
})

async function scene(names: string[]) {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent', 'Zoe Agent')
  const ids = await house.as(org, agent, ctx =>
    findOrMeet(
      ctx,
      names.map(name => met(name)),
      'customer',
    ),
  )
  return { org, agent, ids }
}

test('a profile tells addresses with their reason, company and sides of all merged records', async () => {
  const { org, agent, ids } = await scene(['Anna', 'Anni'])
  const { person } = await house.as(org, agent, ctx =>
    personAdd(ctx, { name: 'Ann', company: 'Nordwerk', side: 'partner', network: 'phone', address: '030123456' }),
  )
  for (const gone of ids) await house.as(org, agent, ctx => merges.make(ctx, { kept: person, gone, reason: 'same' }))
  const seen = await house.as(org, agent, ctx => profile.show(ctx, { person: ids[0]! }))
  assert.equal(seen.card.name, 'Ann')
  assert.deepEqual(seen.handles.map(each => [each.network, each.because]).sort(), [
    ['phone', 'decision'],
    ['test', 'heard'],
    ['test', 'heard'],
  ])
  assert.deepEqual(seen.sides.map(each => each.side).sort(), ['customer', 'customer', 'partner'])
  assert.equal(seen.company?.name, 'Nordwerk')
  const company = await house.as(org, agent, ctx => profile.show(ctx, { person: seen.company!.id }))
  assert.deepEqual(
    company.colleagues.map(each => each.name),
    ['Ann'],
  )
})

test('a side begins once, ends, and goes on when that was a mistake', async () => {
  const { org, agent, ids } = await scene(['Anna'])
  const person = ids[0]!
  const at = (run: (ctx: Ctx) => Promise<unknown>) => house.as(org, agent, run)
  await assert.rejects(
    at(ctx => profile.sideBegin(ctx, { person, side: 'customer' })),
    refusal('conflict', 'profile.sideAlready'),
  )
  await assert.rejects(
    at(ctx => profile.sideBegin(ctx, { person, side: 'colleague' })),
    refusal('conflict', 'sides.ofAccount'),
  )
  const ended = await house.as(org, agent, ctx => profile.sideEnd(ctx, { person, side: 'customer', reason: 'left us' }))
  assert.equal((await house.as(org, agent, ctx => profile.show(ctx, { person }))).card.side, 'outside')
  await at(ctx => profile.sideResume(ctx, { person, sides: ended.sides }))
  await at(ctx => profile.sideBegin(ctx, { person, side: 'partner' }))
  const { card, sides } = await house.as(org, agent, ctx => profile.show(ctx, { person }))
  assert.deepEqual([card.side, card.sides.sort(), sides.length], ['customer', ['customer', 'partner'], 2])
  assert.deepEqual(await house.happened(org), ['Create:Person', 'Leave:Side', 'Join:Side', 'Join:Side'])
})

test('an id of another organisation answers like one that does not exist', async () => {
  const { org, agent } = await scene([])
  const other = await scene(['Anna'])
  for (const person of [other.ids[0]!, newId()]) {
    for (const run of [
      (ctx: Ctx) => profile.show(ctx, { person }),
      (ctx: Ctx) => profile.sideBegin(ctx, { person, side: 'partner' }),
      (ctx: Ctx) => profile.sideEnd(ctx, { person, side: 'customer' }),
    ])
      await assert.rejects(house.as<unknown>(org, agent, run), refusal('notFound', 'profile.notFound'))
  }
  for (const role of ['member', 'guest', 'customer'] as const) {
    await assert.rejects(
      house.as(org, role, ctx => profile.show(ctx, { person: agent.person! })),
      refusal('forbidden'),
    )
  }
})
