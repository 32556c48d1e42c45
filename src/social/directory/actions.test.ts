import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { Refusal } from '#kernel/errors.ts'
import { testHouse } from '#kernel/testing.ts'
import * as merges from '#social/merges/actions.ts'
import { findOrMeet } from '#social/people/actions.ts'
import * as directory from './actions.ts'

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
  const find = async (input: Parameters<typeof directory.list>[1]) =>
    (await house.as(org, agent, ctx => directory.list(ctx, input))).items.map(each => each.name)
  return { org, agent, ids, find }
}

test('people are listed by name and paged by key, each once', async () => {
  const names = Array.from({ length: 25 }, (_, index) => `Person ${String(index % 5)}`)
  const { org, agent } = await scene([])
  await house.as(org, agent, ctx =>
    findOrMeet(
      ctx,
      names.map((name, index) => met(name, `${index}@x`)),
    ),
  )
  const seen: string[] = []
  let after: string | undefined
  do {
    const page = await house.as(org, agent, ctx => directory.list(ctx, { limit: 7, after }))
    seen.push(...page.items.map(each => each.id))
    after = page.next ?? undefined
  } while (after)
  assert.equal(seen.length, 26)
  assert.equal(new Set(seen).size, 26)
})

test('a person is found by the beginning of the name, any word of it, without accents, with typing errors, and by address', async () => {
  const { find } = await scene(['Jörgen Åkesson', 'Anna Schmidt', 'Schmidt Tools', 'Piet de Vries'])
  assert.deepEqual(await find({ q: 'jorg' }), ['Jörgen Åkesson'])
  assert.deepEqual(await find({ q: 'akesson' }), ['Jörgen Åkesson'])
  assert.deepEqual((await find({ q: 'schmidt' })).sort(), ['Anna Schmidt', 'Schmidt Tools'])
  assert.equal((await find({ q: 'schmidt' }))[0], 'Schmidt Tools')
  assert.deepEqual((await find({ q: 'Scmidt' })).sort(), ['Anna Schmidt', 'Schmidt Tools'])
  assert.deepEqual(await find({ q: 'piet.de.v' }), ['Piet de Vries'])
  assert.deepEqual(await find({ q: 'qqqq' }), [])
  for (const q of ['%', '_', "'", '\\', '\u0000', '\u{10ffff}', '&|!()']) await find({ q })
})

test('a list can show one side only', async () => {
  const { find } = await scene(['Anna'])
  assert.deepEqual(await find({ side: 'customer' }), ['Anna'])
  assert.deepEqual(await find({ side: 'colleague' }), ['Zoe Agent'])
  assert.deepEqual(await find({ side: 'customer', q: 'zoe' }), [])
})

test('whoever was merged is listed once', async () => {
  const { org, agent, ids, find } = await scene(['Anna', 'Anni'])
  await house.as(org, agent, ctx => merges.make(ctx, { kept: ids[0]!, gone: ids[1]!, reason: 'same' }))
  assert.deepEqual(await find({ q: 'ann' }), ['Anna'])
  assert.deepEqual(await find({ q: 'anni@x' }), ['Anna'])
})

test('colleagues are offered while typing; everyone only to those who may see people', async () => {
  const { org } = await scene(['Zoltan'])
  const quick = (role: 'member' | 'agent' | 'guest', input: Parameters<typeof directory.quick>[1]) =>
    house.as(org, role, async ctx => (await directory.quick(ctx, input)).items.map(each => each.name))
  assert.deepEqual(await quick('member', { q: 'zo' }), ['Zoe Agent'])
  assert.deepEqual(await quick('agent', { q: 'zo', among: 'everyone' }), ['Zoe Agent', 'Zoltan'])
  await assert.rejects(quick('member', { q: 'zo', among: 'everyone' }), refusal('forbidden'))
  await assert.rejects(quick('guest', { q: 'zo' }), refusal('forbidden'))
})

test('a place in another organisation is no place, and only those who may look people up', async () => {
  const { org } = await scene([])
  const other = await scene(['Anna'])
  const page = await house.as(org, 'agent', ctx => directory.list(ctx, { after: other.ids[0] }))
  assert.deepEqual(page.items.map(each => each.name).sort(), ['A agent', 'Zoe Agent'].sort())
  for (const role of ['member', 'guest', 'customer'] as const)
    await assert.rejects(
      house.as(org, role, ctx => directory.list(ctx, {})),
      refusal('forbidden'),
    )
})

test('row-level security leaves lists and searches their indexes', async () => {
  const { org, agent } = await scene([])
  await house.as(org, agent, async ctx => {
    const crowd = Array.from({ length: 2000 }, (_, index) => met(`${'abcdefghijklmnopqrstuvwxyz'[index % 26]}lin ${index}`, `${index}@x`))
    await findOrMeet(ctx, crowd, 'customer')
  })
  const owner = new pg.Client({ connectionString: house.ownerUrl })
  await owner.connect()
  // As in a house of one organisation; among hundreds of small ones it costs less to look through all of one's own.
  for (const table of ['person', 'handle']) await owner.query(`alter table ${table} alter column org set (n_distinct = 1)`)
  await owner.query('vacuum analyze person, handle')
  await owner.end()
  await house.as(org, agent, async ctx => {
    await sql`set local enable_seqscan = off`.execute(ctx.db)
    const plan = async (query: ReturnType<typeof sql>) =>
      JSON.stringify((await sql<{ 'QUERY PLAN': unknown }>`explain (format json) ${query}`.execute(ctx.db)).rows)
    assert.match(await plan(sql`select id from person_detail where key >= 'b' and key < 'c' order by key, id limit 50`), /person_key/)
    assert.match(
      await plan(sql`select id from person_detail where key %> 'xyzzy' order by word_similarity('xyzzy', key) desc limit 50`),
      /person_key_alike/,
    )
    assert.match(
      await plan(sql`select person from handle_card where until is null and normal >= '77' and normal < '78' order by normal limit 50`),
      /handle_address/,
    )
  })
})
