import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import type { Actor } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { personAdd, personEdit } from '#social/people/actions.ts'
import * as engine from './actions.ts'
import type { Findable } from './words.ts'

const house = await testHouse()

const it = (more: Partial<Findable> = {}): Findable => {
  const at = more.at ?? new Date('2026-03-01T10:00:00Z')
  return { id: newId(at), noun: 'Note', at, title: '', text: '', thread: newId(), audience: 'staff', language: 'en', ...more }
}
const texts = (hit: engine.Hit) => ({
  title: hit.title.map(each => each.text).join(''),
  hits: hit.excerpt.filter(each => each.hit).map(each => each.text),
})
const asks = (org: string, who: Actor | 'agent', q: string, more = {}) => house.as(org, who, ctx => engine.search(ctx, { q, ...more }))
const ids = async (org: string, who: Actor | 'agent', q: string, more = {}) => (await asks(org, who, q, more)).items.map(each => each.id)

test('words, phrases, OR, minus and beginnings find what they should, newest first', async () => {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent')
  const day = (n: number) => new Date(Date.UTC(2026, 2, n))
  const [a, b, c] = [
    it({ text: 'The red shoes were delivered late', at: day(1) }),
    it({ text: 'red socks; shoes red', at: day(2) }),
    it({ title: 'Invoicing', text: 'overdue invoices', at: day(3) }),
  ]
  await house.as(org, agent, ctx => engine.findable(ctx, [a, b, c]))
  const cases: [string, string[]][] = [
    ['red shoes', [b.id, a.id]],
    ['"red shoes"', [a.id]],
    ['deliver', [a.id]],
    ['socks OR invoice', [c.id, b.id]],
    ['red -socks', [a.id]],
    ['invo*', [c.id]],
    ['RÉD', [b.id, a.id]],
    ['nothing-like-it', []],
    ['the', []],
    ["'); drop table search_document; --", []],
    ["red'|'invoice", []],
    ['red & !shoes', [b.id, a.id]],
    ['!!! ??? ()', []],
  ]
  for (const [q, expected] of cases) assert.deepEqual(await ids(org, agent, q), expected, q)
})

test('filters by person, channel, space, kind, what hangs on it, tag and time', async () => {
  const org = await house.organisation()
  const [anna, ben] = [await house.member(org, 'agent', 'Anna Berg'), await house.member(org, 'agent', 'Ben Öberg')]
  const space = newId()
  const [a, b, c] = [
    it({
      text: 'apple',
      author: anna.person,
      channel: 'email',
      noun: 'Message',
      audience: 'thread',
      has: ['file'],
      at: new Date('2026-01-31T23:30:00Z'),
    }),
    it({ text: 'apple', author: ben.person, to: [anna.person!], tags: ['very late'], space, at: new Date('2026-02-10T12:00:00Z') }),
    it({ text: 'pear', author: ben.person, has: ['image', 'link'], at: new Date('2026-03-05T12:00:00Z') }),
  ]
  await house.as(org, anna, async ctx => {
    await engine.findable(ctx, [a, b, c])
    await engine.indexPeople(ctx, [anna.person!, ben.person!])
    await sql`insert into space (id, name, slug, created_at) values (${space}, 'Team', 'team', now())`.execute(ctx.db)
  })
  const cases: [string, string[]][] = [
    ['from:anna', [a.id]],
    ['from:"ben oberg"', [c.id, b.id]],
    ['from:annna', [a.id]],
    ['from:me apple', [a.id]],
    ['-from:me apple', [b.id]],
    ['to:anna', [b.id]],
    ['in:email', [a.id]],
    ['in:team', [b.id]],
    ['in:nowhere', []],
    ['has:image', [c.id]],
    ['is:message', [a.id]],
    ['is:person berg', [anna.person!]],
    ['tag:"very late"', [b.id]],
    ['-tag:"very late" apple', [a.id]],
    ['before:2026-02', []],
    ['on:2026-02', [b.id, a.id]],
    ['after:2026-02-02 before:2026-03-05', [b.id]],
    ['von:anna hat:datei', [a.id]],
  ]
  for (const [q, expected] of cases) assert.deepEqual(await ids(org, anna, q), expected, q)
})

test('nobody finds what they may not read, by words, filters, suggestions or while typing', async () => {
  const [org, other] = [await house.organisation(), await house.organisation()]
  const [agent, employee, stranger] = [
    await house.member(org, 'agent'),
    await house.member(org, 'member'),
    await house.member(other, 'owner'),
  ]
  const secret = it({ text: 'elephant', title: 'elephants', audience: 'thread', noun: 'Message', tags: ['grey'] })
  const space = newId()
  const closed = it({ text: 'elephant', audience: 'members', space })
  const named = it({ text: 'elephant', audience: 'thread', readers: [employee.person!] })
  await house.as(org, agent, ctx => engine.findable(ctx, [secret, closed, named]))
  await house.settle()
  assert.deepEqual(new Set(await ids(org, agent, 'elephant')), new Set([secret.id, named.id]))
  assert.deepEqual(await ids(org, employee, 'elephant'), [named.id])
  for (const q of ['elephant', 'tag:grey', 'is:message', 'eleph*', '-nothing elephant'])
    assert.deepEqual(await asks(other, stranger, q), { items: [], next: null, suggestion: null }, q)
  assert.equal((await asks(other, stranger, 'elephnts')).suggestion, null)
  assert.equal((await asks(org, agent, 'elephnts')).suggestion, 'elephants')
  const unread = it({ title: 'giraffes', audience: 'thread' })
  await house.as(org, agent, ctx => engine.findable(ctx, [unread]))
  await house.settle()
  assert.deepEqual([(await asks(org, employee, 'girafes')).suggestion, (await asks(org, agent, 'girafes')).suggestion], [null, 'giraffes'])
  assert.deepEqual(await house.as(other, stranger, ctx => engine.quick(ctx, 'elephant')), [])
  assert.deepEqual(await house.as(org, employee, ctx => engine.quick(ctx, 'elephants')).then(list => list.map(each => each.path)), [
    `/threads/${named.thread}#message-${named.id}`,
  ])
  await house.as(org, agent, ctx =>
    sql`insert into tie (subject, verb, object, since) values (${employee.person}, 'member', ${space}, now())`.execute(ctx.db),
  )
  assert.deepEqual(new Set(await ids(org, employee, 'elephant')), new Set([named.id, closed.id]))
  for (const role of ['guest', 'customer'] as const)
    await assert.rejects(
      house.as(org, role, ctx => engine.search(ctx, { q: 'elephant' })),
      { code: 'forbidden' },
    )
  for (const object of [secret.thread!, secret.id]) {
    assert.deepEqual(await house.as(org, agent, ctx => engine.placeOf(ctx, object)), { thread: secret.thread, audience: 'thread' })
    assert.equal(await house.as(org, employee, ctx => engine.placeOf(ctx, object)), undefined)
    assert.equal(await house.as(other, stranger, ctx => engine.placeOf(ctx, object)), undefined)
  }
})

test('pages follow each other without gap or double, in both orders', async () => {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent')
  const all = Array.from({ length: 57 }, (_, at) => it({ text: `plum ${'plum '.repeat(at % 5)}`, at: new Date(Date.UTC(2020, at, 1)) }))
  await house.as(org, agent, ctx => engine.findable(ctx, all))
  for (const order of ['newest', 'best'] as const) {
    const seen: string[] = []
    for (let before: string | undefined; ; ) {
      const { items, next } = await asks(org, agent, 'plum', { order, limit: 10, before })
      seen.push(...items.map(each => each.id))
      if (!next) break
      before = next
    }
    assert.deepEqual([seen.length, new Set(seen).size], [57, 57])
    if (order === 'newest') assert.deepEqual(seen, all.map(each => each.id).reverse())
  }
})

test('hits are shown as pieces of plain text, whatever they hold', async () => {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent')
  const hostile = '<img src=x onerror=alert(1)> mango </mark><script>alert(2)</script> \u{e000}fake\u{e001}'
  await house.as(org, agent, ctx => engine.findable(ctx, [it({ title: '<b>mangoes</b>', text: hostile })]))
  const [hit] = (await asks(org, agent, 'mango')).items
  assert.deepEqual(texts(hit!), { title: '<b>mangoes</b>', hits: ['mango'] })
  assert.ok(hit!.excerpt.every(each => !/[\u{e000}\u{e001}]/u.test(each.text)))
})

test('a mistyped word finds its nearest known neighbour, a half-typed one its end', async () => {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent')
  await house.as(org, agent, ctx => engine.findable(ctx, [it({ title: 'Reklamation wegen Lieferung', text: '', author: agent.person })]))
  await house.settle()
  assert.equal((await asks(org, agent, 'Reklamaton from:me')).suggestion, 'reklamation from:me')
  assert.equal((await asks(org, agent, 'qqqqqq')).suggestion, null)
  assert.equal((await asks(org, agent, 'Reklamaton tag:none')).suggestion, null)
  const answers = await house.as(org, agent, ctx => engine.quick(ctx, 'wegen liefe'))
  assert.deepEqual(
    answers.map(each => each.title),
    ['Reklamation wegen Lieferung'],
  )
})

test('people are found by name and address from when they are known, by their new name, and no longer when they are gone', async () => {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent')
  const employee = await house.member(org, 'member')
  const { person } = await house.as(org, agent, ctx => personAdd(ctx, { name: 'Zacharias Zimmermann' }))
  await house.settle()
  assert.deepEqual(await ids(org, agent, 'zimmermann'), [person])
  assert.deepEqual(await ids(org, employee, 'zimmermann'), [])
  const quick = async (q: string) => (await house.as(org, agent, ctx => engine.quick(ctx, q))).map(each => each.path)
  assert.deepEqual(await quick('zimerman'), [`/people/${person}`])
  await house.as(org, agent, ctx => personEdit(ctx, { person, name: 'Zora Adler' }))
  await house.settle()
  assert.deepEqual([await ids(org, agent, 'zimmermann'), await ids(org, agent, 'adler')], [[], [person]])
})

test('what is forgotten is not found, and what is told again takes the place of the old', async () => {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent')
  const one = it({ text: 'first words' })
  await house.as(org, agent, ctx => engine.findable(ctx, [one]))
  await house.as(org, agent, ctx => engine.findable(ctx, [{ ...one, text: 'second words' }]))
  assert.deepEqual([await ids(org, agent, 'first'), await ids(org, agent, 'second')], [[], [one.id]])
  await house.as(org, agent, ctx => engine.forget(ctx, [one.id]))
  assert.deepEqual(await ids(org, agent, 'second'), [])
})

test('a text of two million different words is stored, and its beginning is found', async () => {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent')
  const words = Array.from({ length: 300_000 }, (_, at) => `w${at.toString(36)}`).join(' ')
  const one = it({ text: words, title: 'ü'.repeat(1000) })
  await house.as(org, agent, ctx => engine.findable(ctx, [one]))
  assert.deepEqual(await ids(org, agent, 'w1a'), [one.id])
})

test('the server’s own role asks the index, for rare words and for common ones', async () => {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent')
  const all = Array.from({ length: 10_000 }, (_, at) =>
    it({
      text: `common ${at === 5000 ? 'rare' : 'usual'} ${at % 100 ? at : 'sometimes'}`,
      at: new Date(1_770_000_000_000 + at * 60_000),
    }),
  )
  await house.as(org, agent, async ctx => {
    for (let part = 0; part < 10; part++) await engine.findable(ctx, all.slice(part * 1000, (part + 1) * 1000))
  })
  const client = new pg.Client({ connectionString: house.url })
  await client.connect()
  after(() => client.end())
  const owner = new pg.Client({ connectionString: house.ownerUrl })
  await owner.connect()
  await owner.query('analyze search_document')
  await owner.end()
  await client.query(`select set_config('trefoil.org', $1, false)`, [org])
  // So small a table is read as fast in one go; what matters is that the index may answer under row-level security at all.
  await client.query('set enable_seqscan = off; set enable_indexscan = off')
  for (const word of ['rare', 'common']) {
    const { rows } = await client.query(`explain with found as materialized (select id from search_document where words @@ $1::tsquery) select id from found order by id desc limit 20`, [`'${word}' & '=a:staff.${org.slice(-8)}' & '=w:1'`]) // biome-ignore format: one statement
    const plan = rows.map(row => row['QUERY PLAN']).join('\n')
    assert.match(plan, /Bitmap Index Scan on search_words/, plan)
  }
  assert.equal((await asks(org, agent, 'rare')).items.length, 1)
  assert.equal((await asks(org, agent, 'common')).items.length, 20)
  const sometimes = all
    .filter((_, at) => at % 100 === 0)
    .map(each => each.id)
    .reverse()
  const first = await asks(org, agent, 'sometimes', { limit: 60 })
  const second = await asks(org, agent, 'sometimes', { limit: 60, before: first.next! })
  assert.deepEqual(
    [...first.items, ...second.items].map(each => each.id),
    sometimes,
    'some among the freshest, the rest by the index',
  )
})
