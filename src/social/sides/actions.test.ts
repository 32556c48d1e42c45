import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import * as sides from './actions.ts'

const house = await testHouse()

test('one stands on a side once at a time, whatever is said how often, and each begin and end is told', async () => {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent')
  const person = newId()
  const begin = () =>
    house.as(org, agent, ctx =>
      sides.begin(ctx, [
        { person, side: 'partner', because: 'decision' },
        { person, side: 'customer', because: 'decision' },
      ]),
    )
  const first = await begin()
  assert.equal(first.length, 2)
  assert.deepEqual(await begin(), [])
  const ended = await house.as(org, agent, ctx => sides.end(ctx, [person], 'partner', 'over'))
  assert.equal(ended.length, 1)
  assert.deepEqual(await house.as(org, agent, ctx => sides.end(ctx, [person], 'partner', 'over')), [])
  assert.equal((await begin()).length, 1)
  assert.deepEqual(await house.happened(org), ['Join:Side', 'Join:Side', 'Leave:Side', 'Join:Side'])
})

test('what ended by mistake goes on, but only for those people', async () => {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent')
  const [person, other] = [newId(), newId()]
  await house.as(org, agent, ctx => sides.begin(ctx, [{ person, side: 'partner', because: 'decision' }]))
  const ended = await house.as(org, agent, ctx => sides.end(ctx, [person], 'partner', 'over'))
  await house.as(org, agent, ctx => sides.resume(ctx, [other], ended))
  assert.equal(await house.as(org, agent, ctx => sides.isOn(ctx, [person], 'partner')), false)
  await house.as(org, agent, ctx => sides.resume(ctx, [person], ended))
  assert.equal(await house.as(org, agent, ctx => sides.isOn(ctx, [person], 'partner')), true)
})

test('people who are new themselves take their side quietly, and taking them out takes it along', async () => {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent')
  const [person, kept] = [newId(), newId()]
  const made = await house.as(org, agent, ctx =>
    sides.begin(
      ctx,
      [person, kept].map(each => ({ person: each, side: 'customer' as const, because: 'import' })),
      { quiet: true },
    ),
  )
  await house.as(org, agent, ctx => sides.remove(ctx, { people: [person], sides: made, keep: [kept] }))
  const left = await house.as(org, agent, ctx => sql<{ person: string }>`select person from side where side = 'customer'`.execute(ctx.db))
  assert.deepEqual(
    left.rows.map(row => row.person),
    [kept],
  )
  assert.deepEqual(await house.happened(org), [])
})

test('a side of another organisation is not there', async () => {
  const [org, other] = [await house.organisation(), await house.organisation()]
  const person = newId()
  await house.as(org, 'agent', ctx => sides.begin(ctx, [{ person, side: 'partner', because: 'decision' }]))
  assert.equal(await house.as(other, 'agent', ctx => sides.isOn(ctx, [person], 'partner')), false)
  assert.deepEqual(await house.as(other, 'agent', ctx => sides.end(ctx, [person], 'partner', 'x')), [])
})
