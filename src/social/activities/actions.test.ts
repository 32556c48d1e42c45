import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { z } from 'zod'
import { testHouse } from '#kernel/testing.ts'
import { list, record, useReactions } from './actions.ts'
import { on, word } from './words.ts'

const house = await testHouse()
const Rang = Object.assign(word('Create', 'Bell', z.strictObject({ loud: z.boolean() })), { name: 'tests.Rang' })
const heard: string[] = []
const listens = Object.assign(
  on(Rang, 'to hear it', async (_ctx, happened) => void heard.push(...happened.map(each => each.id))),
  { name: 'tests.listens' },
)
useReactions([listens])

test('what happened is written with its transaction and told to those who listen after the commit', async () => {
  const org = await house.organisation()
  const id = await house.as(org, 'agent', async ctx => record(ctx, Rang, { detail: { loud: true } }))
  assert.deepEqual(heard, [])
  await house.settle()
  assert.deepEqual(heard, [id])
  assert.deepEqual(await house.happened(org), ['Create:Bell'])
})

test('a transaction that fails leaves neither activity nor job', async () => {
  const org = await house.organisation()
  heard.length = 0
  await assert.rejects(
    house.as(org, 'agent', async ctx => {
      record(ctx, Rang, { detail: { loud: true } })
      throw new Error('no')
    }),
  )
  await house.settle()
  assert.deepEqual(heard, [])
  assert.deepEqual(await house.happened(org), [])
})

test('what was recorded can neither be changed nor removed, nor seen by another organisation', async () => {
  const [org, other] = [await house.organisation(), await house.organisation()]
  await house.as(org, 'agent', async ctx => record(ctx, Rang, { detail: { loud: false } }))
  await assert.rejects(
    house.as(org, 'agent', ctx => sql`update activity set noun = 'Gong'`.execute(ctx.db)),
    /permission denied/,
  )
  await assert.rejects(
    house.as(org, 'agent', ctx => sql`delete from activity`.execute(ctx.db)),
    /permission denied/,
  )
  const seen = await house.as(other, 'agent', ctx => sql`select * from activity`.execute(ctx.db))
  assert.equal(seen.rows.length, 0)
})

test('activities are paged by key, newest first', async () => {
  const org = await house.organisation()
  await house.as(org, 'agent', async ctx => {
    for (let at = 0; at < 5; at++) record(ctx, Rang, { detail: { loud: true } })
  })
  const first = await house.as(org, 'agent', ctx => list(ctx, { limit: 3 }))
  const second = await house.as(org, 'agent', ctx => list(ctx, { limit: 3, before: first.next! }))
  assert.equal(new Set([...first.items, ...second.items].map(each => each.id)).size, 5)
  assert.equal(second.next, null)
})
