import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import type { Actor, Ctx } from '#kernel/context.ts'
import { Refusal } from '#kernel/errors.ts'
import { allowHosts } from '#kernel/fetch.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { cardsOf, findOrMeet, handleAdd, idsOf, joinAsColleague, personAdd, signInNetwork } from '#social/people/actions.ts'
import type { SideName } from '#social/sides/words.ts'
import { put } from '#social/traits/actions.ts'
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
  const { org, agent } = await scene(['Somebody'])
  const everyone = 20_000
  await house.as(org, agent, ctx =>
    sql`insert into person (id, name, key, created_at) select gen_random_uuid(), 'P' || n, 'p' || n, now() from generate_series(1, ${everyone}::int) n`.execute(
      ctx.db,
    ),
  )
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
    assert.ok(read < 100, `${read} of ${everyone} people were read`)
  })
})

// —— finding ——

const pairsNow = async (org: string, agent: Actor, more: { parted?: boolean; q?: string } = {}) => {
  const { items } = await house.as(org, agent, ctx => merges.duplicates(ctx, more))
  return items.map(each => [[each.one.name, each.other.name].sort().join(' + '), each.strength, ...each.reasons.map(it => it.because)])
}

test('pairs are found when something is told of one of the two, with what speaks for them, and what many share says nothing', async () => {
  const { org, agent } = await scene([])
  const mail = signInNetwork().name
  const add = (name: string, more: object = {}) => house.as(org, agent, ctx => personAdd(ctx, { name, ...more }))
  await add('Anna Berg', { network: 'phone', address: '+49 171 1234567', company: 'Nordwerk' })
  await add('A. Berg', { network: 'phone', address: '0171 / 123 45 67' })
  await add('Ben Falk', { network: mail, address: 'ben@falk.example' })
  await add('B.', { about: 'Orders as Ben@Falk.example, page https://www.ben.example/' })
  await add('Blogger', { network: 'web', address: 'http://ben.example' })
  await add('Anna Berg', { company: 'Nordwerk' })
  for (let nth = 0; nth < 7; nth++) await add('Peter Common')
  await house.settle()
  assert.deepEqual((await pairsNow(org, agent)).sort(), [
    ['A. Berg + Anna Berg', 2, 'samePhone'],
    ['Anna Berg + Anna Berg', 2, 'sameNameAndCompany'],
    ['B. + Ben Falk', 2, 'typedMail'],
    ['B. + Blogger', 2, 'samePage'],
  ])
  assert.deepEqual(await pairsNow(org, agent, { q: 'falk' }), [['B. + Ben Falk', 2, 'typedMail']])
  const first = await house.as(org, agent, ctx => merges.duplicates(ctx, { limit: 1 }))
  const rest = await house.as(org, agent, ctx => merges.duplicates(ctx, { after: first.next!, limit: 100 }))
  assert.deepEqual([first.items.length, rest.items.length, rest.next], [1, 3, null])
})

test('who are two people by a colleague’s word are not suggested again, and a proof does not join them either', async () => {
  const { org, agent, ids } = await scene(['Anna', 'anna', 'Eva'])
  await house.settle()
  const both = { one: ids[0]!, other: ids[1]! }
  await house.as(org, agent, ctx => merges.part(ctx, both))
  await house.as(org, agent, ctx => handleAdd(ctx, { person: ids[0]!, network: 'web', address: 'https://anna.example' }))
  await house.settle()
  assert.deepEqual([await pairsNow(org, agent), await pairsNow(org, agent, { parted: true })], [[], [['Anna + anna', 1, 'sameName']]])
  assert.deepEqual((await house.as(org, agent, ctx => merges.suggest(ctx, { person: ids[0]! }))).items, [])
  const proof = { kept: ids[0]!, gone: ids[1]!, because: 'signed' as const, detail: 'anna@x' }
  assert.equal(await house.as(org, agent, ctx => merges.joinProven(ctx, proof)), false)
  await house.as(org, agent, ctx => merges.reconsider(ctx, both))
  assert.deepEqual(await pairsNow(org, agent), [['Anna + anna', 3, 'signed', 'sameName']])
  await assert.rejects(
    house.as(org, agent, ctx => merges.part(ctx, { one: ids[0]!, other: ids[2]! })),
    refusal('conflict', 'merges.notAlike'),
  )
  assert.deepEqual((await house.happened(org)).slice(3), ['Reject:Merge', 'Add:Handle', 'TentativeAccept:Merge'])
})

test('two VIPs are merged only with a second word, and a merge of much is taken back byte by byte, in every table', async () => {
  const { org, agent, ids, undo } = await scene(['Anna', 'anna'], 'customer')
  for (const person of ids) await house.as(org, agent, ctx => put(ctx, { person, kind: 'tier', value: 'vip' }))
  await house.as(org, agent, ctx =>
    sql`
    insert into thread (id, subject, person, started_at, last_at)
    select gen_random_uuid(), 'Matter ' || n, (array[${ids[0]}::uuid, ${ids[1]}::uuid])[1 + n % 2], now(), now() from generate_series(1, 400) n`.execute(
      ctx.db,
    ),
  )
  await house.settle()
  const before = await everything(org, agent)
  const asked = { kept: ids[0]!, gone: ids[1]!, reason: 'the same' }
  await assert.rejects(
    house.as(org, agent, ctx => merges.make(ctx, asked)),
    refusal('conflict', 'merges.vips'),
  )
  const { merge } = await house.as(org, agent, ctx => merges.make(ctx, { ...asked, sure: true }))
  await house.settle()
  assert.deepEqual(await pairsNow(org, agent), [])
  await undo(merge)
  await house.settle()
  assert.deepEqual(await everything(org, agent), before)
  assert.deepEqual(await pairsNow(org, agent), [['Anna + anna', 1, 'sameName']])
})

/** A fingerprint of all rows of the organisation in every table; but for what only grows, because it tells what was done. */
const everything = (org: string, agent: Actor) =>
  house.as(org, agent, async ctx => {
    const { rows } = await sql<{ name: string }>`
      select c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and c.column_name = 'org' and t.table_type = 'BASE TABLE' and table_name !~ '^(activity|audit|merge$|once)' order by 1`.execute(
      ctx.db,
    )
    const prints: [string, string][] = []
    for (const { name } of rows) {
      const print = await sql<{ print: string }>`
        select md5(coalesce(string_agg(md5(t::text), '' order by md5(t::text)), '')) as print from ${sql.table(name)} t`.execute(ctx.db)
      prints.push([name, print.rows[0]!.print])
    }
    return prints
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

test('pages that name each other speak for one person; where only one says it, nothing does, and nobody is joined', async () => {
  const pages: Record<string, string> = {
    '/anna': '<a rel="me" href="/anni">also me</a><a rel="me" href="/star">not me</a>',
    '/anni': '<link rel="me" href="/anna">',
    '/star': '<a href="/anna">a friend</a>',
    '/large': `<a rel="me" href="/anna">${'x'.repeat(2_000_000)}`,
  }
  const server = createServer((request, response) => {
    const page = pages[request.url ?? '']
    response.writeHead(page ? 200 : 404, { 'content-type': 'text/html' }).end(page)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const at = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  allowHosts(['127.0.0.1'])
  try {
    const { org, agent, ids } = await scene(['Anna', 'Annika', 'Star', 'Large', 'Gone'])
    const add = (person: string, path: string) => house.as(org, agent, ctx => handleAdd(ctx, { person, network: 'web', address: at(path) }))
    for (const [index, path] of ['/anni', '/star', '/large', '/gone'].entries()) await add(ids[index + 1]!, path)
    await house.settle()
    await add(ids[0]!, '/anna')
    await house.settle()
    const { items } = await house.as(org, agent, ctx => merges.duplicates(ctx, { limit: 10 }))
    assert.deepEqual(
      items.map(each => [[each.one.name, each.other.name].sort(), each.strength, each.reasons.map(it => [it.because, it.detail])]),
      [[['Anna', 'Annika'], 3, [['relMe', at('/anna')]]]],
    )
    assert.deepEqual(await stands(org, agent, ids), ['Anna', 'Annika', 'Star', 'Large', 'Gone'])
  } finally {
    allowHosts([])
    server.close()
  }
})
