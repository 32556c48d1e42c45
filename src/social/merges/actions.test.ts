import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import type { Actor, Ctx } from '#kernel/context.ts'
import { Refusal } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { cardsOf, findOrMeet, handleAdd, idsOf, joinAsColleague, personAdd, signInNetwork } from '#social/people/actions.ts'
import type { SideName } from '#social/sides/words.ts'
import * as merges from './actions.ts'

const house = await testHouse()
const refusal = (code: string, key?: string) => (error: unknown) =>
  error instanceof Refusal && error.code === code && (!key || error.key === key)
const met = (address: string, name?: string) => ({
  network: 'test',
  address,
  normal: address,
  name,
  because: 'heard',
  at: new Date('2026-03-01T10:00:00Z'),
})

async function scene(names: string[], side?: SideName) {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent')
  const ids = await house.as(org, agent, ctx =>
    findOrMeet(
      ctx,
      names.map(name => met(`${name}@x`, name)),
      side,
    ),
  )
  const merge = async (gone: number, kept: number) =>
    (await house.as(org, agent, ctx => merges.make(ctx, { gone: ids[gone]!, kept: ids[kept]!, reason: 'the same' }))).merge
  const undo = (id: string) => house.as(org, agent, ctx => merges.undo(ctx, { merge: id }))
  return { org, agent, ids, merge, undo }
}

/** Everything that is kept of people, to compare before and after. */
const kept = (org: string, agent: Actor) =>
  house.as(org, agent, async ctx => {
    const all = await Promise.all([
      sql`select * from person order by id`.execute(ctx.db),
      sql`select * from handle order by id`.execute(ctx.db),
      sql`select * from side order by id`.execute(ctx.db),
    ])
    return all.map(each => each.rows)
  })

const stands = (org: string, agent: Actor, ids: string[]) =>
  house.as(org, agent, async ctx => {
    const cards = await cardsOf(ctx, ids)
    return ids.map(id => cards.get(id)!.name)
  })

test('a merge keeps all addresses, shows one person under every id, and is taken back exactly', async () => {
  const { org, agent, ids, merge, undo } = await scene(['Anna', 'Anni'], 'customer')
  const before = await kept(org, agent)
  const id = await merge(1, 0)
  assert.deepEqual(await stands(org, agent, ids), ['Anna', 'Anna'])
  assert.deepEqual(await house.as(org, agent, ctx => findOrMeet(ctx, [met('Anni@x'), met('Anna@x')])), [ids[0], ids[0]])
  assert.deepEqual((await house.as(org, agent, ctx => idsOf(ctx, ids[1]!))).sort(), [...ids].sort())
  await undo(id)
  assert.deepEqual(await kept(org, agent), before)
  assert.deepEqual(await house.happened(org), ['Create:Person', 'Create:Person', 'Add:Person', 'Undo:Merge'])
})

test('chains of merges are resolved, and each one is taken back by itself in any order', async () => {
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 0, 2],
    [1, 2, 0],
  ]) {
    const { org, agent, ids, merge, undo } = await scene(['A', 'B', 'C', 'D'])
    const before = await kept(org, agent)
    const made = [await merge(0, 1), await merge(2, 1), await merge(1, 3)]
    assert.deepEqual(await stands(org, agent, ids), ['D', 'D', 'D', 'D'])
    const names = ['A', 'C', 'B']
    const expected = new Map([
      [0, 'D'],
      [2, 'D'],
      [1, 'D'],
    ])
    for (const index of order) {
      await undo(made[index]!)
      expected.delete(index)
      const b = expected.has(2) ? 'D' : 'B'
      const shown = await stands(org, agent, ids)
      assert.deepEqual(shown, [expected.has(0) ? b : 'A', b, expected.has(1) ? b : 'C', 'D'], `after taking back ${names[index]}`)
    }
    assert.deepEqual(await kept(org, agent), before)
  }
})

test('what is merged by an id that stands behind another goes to the record that stands', async () => {
  const { org, agent, ids, merge } = await scene(['A', 'B', 'C'])
  await merge(0, 1)
  await merge(2, 0)
  assert.deepEqual(await stands(org, agent, ids), ['B', 'B', 'B'])
  await assert.rejects(merge(0, 2), refusal('conflict', 'merges.same'))
})

test('a merge is taken back once', async () => {
  const { merge, undo } = await scene(['A', 'B'])
  const id = await merge(0, 1)
  await undo(id)
  await assert.rejects(undo(id), refusal('conflict', 'merges.undoneAlready'))
})

test('two who merge the same records at the same moment make one merge', async () => {
  const { org, agent, ids, merge } = await scene(['A', 'B', 'C'])
  const results = await Promise.allSettled([merge(0, 1), merge(1, 0), merge(0, 2), merge(0, 1)])
  const won = results.filter(each => each.status === 'fulfilled').length
  const live = await house.as(org, agent, ctx => sql<{ gone: string }>`select gone from merge where undone_at is null`.execute(ctx.db))
  assert.equal(live.rows.length, won)
  const roots = await house.as(org, agent, ctx =>
    sql<{
      n: number
    }>`select count(*)::int as n from person p join person k on k.id = p.merged_into where k.merged_into is not null`.execute(ctx.db),
  )
  assert.equal(roots.rows[0]!.n, 0)
  assert.equal(ids.length, 3)
})

test('a colleague is kept, colleagues and different kinds are not merged', async () => {
  const { org, agent, ids } = await scene(['A'])
  const other = await house.member(org, 'agent')
  const company = (await house.as(org, agent, ctx => personAdd(ctx, { name: 'A', kind: 'organisation' }))).person
  const make = (kept: string, gone: string) => house.as(org, agent, ctx => merges.make(ctx, { kept, gone, reason: 'x' }))
  await assert.rejects(make(ids[0]!, agent.person!), refusal('conflict', 'merges.colleague'))
  await assert.rejects(make(other.person!, agent.person!), refusal('conflict', 'merges.colleagues'))
  await assert.rejects(make(ids[0]!, company), refusal('conflict', 'merges.kinds'))
  await assert.rejects(make(ids[0]!, ids[0]!), refusal('conflict', 'merges.same'))
  await make(agent.person!, ids[0]!)
})

test('records that may be the same are suggested with the reason, and none is merged by itself', async () => {
  const { org, agent } = await scene([])
  const network = signInNetwork().name
  const [anna, twin] = await house.as(org, agent, ctx => findOrMeet(ctx, [met('a1', 'Anna Berg'), met('a2', 'ANNA  Bérg')]))
  const [before] = await house.as(org, agent, ctx => findOrMeet(ctx, [{ ...met('eva@example.org', 'Eva'), network }]))
  const eva = newId()
  await house.as(org, agent, ctx => joinAsColleague(ctx, { id: eva, name: 'Eva Falk', email: 'eva@example.org' }))
  const [elsewhere] = await house.as(org, agent, ctx => findOrMeet(ctx, [{ ...met('a1', 'Someone'), network: 'other' }]))
  const suggested = async (person: string) =>
    (await house.as(org, agent, ctx => merges.suggest(ctx, { person }))).items.map(each => [each.person.id, each.because])
  assert.deepEqual(await suggested(anna!), [
    [elsewhere, 'sameAddress'],
    [twin, 'sameName'],
  ])
  assert.deepEqual(await suggested(eva), [[before, 'hadAddress']])
  assert.deepEqual(await stands(org, agent, [anna!, twin!, before!]), ['Anna Berg', 'ANNA Bérg', 'Eva'])
  await house.as(org, agent, ctx => merges.make(ctx, { kept: anna!, gone: twin!, reason: 'same name' }))
  assert.deepEqual(await suggested(anna!), [[elsewhere, 'sameAddress']])
})

test('the list tells who merged what and why, under every id', async () => {
  const { org, agent, ids, merge, undo } = await scene(['A', 'B'])
  const id = await merge(0, 1)
  const read = async (person: string) => (await house.as(org, agent, ctx => merges.list(ctx, { person }))).items
  for (const person of ids)
    assert.deepEqual(
      (await read(person)).map(each => [each.id, each.goneName, each.keptName, each.by?.id, each.undoneAt]),
      [[id, 'A', 'B', agent.person, null]],
    )
  await undo(id)
  assert.deepEqual(
    (await read(ids[0]!)).map(each => each.undoneBy?.id),
    [agent.person],
  )
})

test('what a merge evidences is kept with it', async () => {
  const { org, agent, ids, merge } = await scene(['Anna', 'anna'])
  await merge(0, 1)
  const { rows } = await house.as(org, agent, ctx => sql<{ evidence: { because: string }[] }>`select evidence from merge`.execute(ctx.db))
  assert.deepEqual(
    rows[0]!.evidence.map(each => each.because),
    ['sameName'],
  )
  assert.equal(ids.length, 2)
})

test('addresses that were added while merged stay with the record that stood', async () => {
  const { org, agent, ids, merge, undo } = await scene(['A', 'B'])
  const id = await merge(0, 1)
  await house.as(org, agent, ctx => handleAdd(ctx, { person: ids[0]!, network: 'phone', address: '030123456' }))
  await undo(id)
  const cards = await house.as(org, agent, ctx =>
    sql<{ person: string }>`select person from handle where network = 'phone'`.execute(ctx.db),
  )
  assert.equal(cards.rows[0]!.person, ids[1])
})

test('an id of another organisation answers like one that does not exist, and only those who may merge', async () => {
  const { org, agent, ids, merge } = await scene(['A', 'B'])
  const id = await merge(0, 1)
  const other = await scene(['C', 'D'])
  const as = <T>(run: Parameters<typeof house.as<T>>[2]) => house.as(other.org, other.agent, run)
  for (const person of [ids[0]!, newId()]) {
    await assert.rejects(
      as(ctx => merges.make(ctx, { kept: other.ids[0]!, gone: person, reason: 'x' })),
      refusal('notFound', 'merges.personNotFound'),
    )
    await assert.rejects(
      as(ctx => merges.list(ctx, { person })),
      refusal('notFound', 'merges.personNotFound'),
    )
    await assert.rejects(
      as(ctx => merges.suggest(ctx, { person })),
      refusal('notFound', 'merges.personNotFound'),
    )
  }
  for (const it of [id, newId()])
    await assert.rejects(
      as(ctx => merges.undo(ctx, { merge: it })),
      refusal('notFound', 'merges.notFound'),
    )
  for (const role of ['member', 'guest', 'customer'] as const) {
    await assert.rejects(
      house.as(org, role, ctx => merges.undo(ctx, { merge: id })),
      refusal('forbidden'),
    )
    await assert.rejects(
      house.as(org, role, ctx => merges.list(ctx, { person: ids[0]! })),
      refusal('forbidden'),
    )
  }
  await assert.rejects(
    house.as(org, agent, ctx => merges.make(ctx, { kept: ids[0]!, gone: ids[1]!, reason: ' ' })),
    refusal('invalid'),
  )
})

test('who had an address before is suggested without reading everyone', async () => {
  const { org, agent, ids } = await scene(Array.from({ length: 2000 }, (_, at) => `Person${at}`))
  const email = 'ada@example.org'
  const former = await house.as(org, agent, ctx => findOrMeet(ctx, [{ ...met(email, 'Ada'), network: signInNetwork().name }]))
  await house.as(org, agent, ctx => joinAsColleague(ctx, { id: agent.person!, name: 'Ada Berg', email }))
  await knowSizes()
  await house.as(org, agent, async ctx => {
    const before = await readOf(ctx, 'person')
    const { items } = await merges.suggest(ctx, { person: agent.person! })
    assert.deepEqual(
      items.map(({ because, person }) => [because, person.id]),
      [['hadAddress', former[0]]],
    )
    const read = (await readOf(ctx, 'person')) - before
    assert.ok(read < 100, `${read} of ${ids.length} people were read`)
  })
})

/** As in a house that has run for a while: the database knows how large its tables are. */
async function knowSizes(): Promise<void> {
  const owner = new pg.Client({ connectionString: house.ownerUrl })
  await owner.connect()
  await owner.query('analyze')
  await owner.end()
}

/** Rows of a table that this transaction has read so far, in order or by an index. */
async function readOf(ctx: Ctx, table: string): Promise<number> {
  const { rows } = await sql<{ read: number }>`
    select seq_tup_read + coalesce(idx_tup_fetch, 0) as read from pg_stat_xact_user_tables where relname = ${table}`.execute(ctx.db)
  return rows[0]!.read
}
