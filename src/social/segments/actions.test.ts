import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { testHouse } from '#kernel/testing.ts'
import { purposeMake, withdraw } from '#social/consent/actions.ts'
import { make as fieldMake, put as fill } from '#social/fields/actions.ts'
import { make as listMake, put as putOn } from '#social/lists/actions.ts'
import { make as merge } from '#social/merges/actions.ts'
import { keyOf, personAdd } from '#social/people/actions.ts'
import { put } from '#social/traits/actions.ts'
import * as segments from './actions.ts'
import { belongs, holds, waysFor } from './rules.ts'
import { facts } from './store.ts'
import type { Condition } from './words.ts'

const house = await testHouse()
const org = await house.organisation()
const [agent, manager] = [await house.member(org, 'agent', 'Zoe'), await house.member(org, 'manager', 'Max')]
const as = <T>(run: (ctx: Ctx) => Promise<T>) => house.as(org, agent, run)
const setup = <T>(run: (ctx: Ctx) => Promise<T>) => house.as(org, manager, run)

let state = 11
const roll = (sides: number): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor((state / 2 ** 32) * sides)
}
const pick = <T>(list: readonly T[]): T => list[roll(list.length)]!

const [number, shop, day] = [
  (await setup(ctx => fieldMake(ctx, { name: 'Number', kind: 'number' }))).field,
  (await setup(ctx => fieldMake(ctx, { name: 'Shop', kind: 'text' }))).field,
  (await setup(ctx => fieldMake(ctx, { name: 'Day', kind: 'date' }))).field,
]
const { list } = await setup(ctx => listMake(ctx, { name: 'Fair' }))
const { purpose } = await setup(ctx => purposeMake(ctx, { name: 'News' }))

/** Sixty people of whom this and that is known, some of them merged. */
const everyone = await as(async ctx => {
  const ids: string[] = []
  for (let nth = 0; nth < 60; nth++) {
    const { person } = await personAdd(ctx, {
      name: `Person ${nth}`,
      side: pick([undefined, 'customer', 'partner']),
      language: pick([undefined, 'de', 'sv'] as const),
      company: pick([undefined, 'Nordwerk', 'Südwerk']),
      ...(roll(3) === 0 && { network: 'phone', address: `030 55${String(nth).padStart(5, '0')}` }),
    })
    ids.push(person)
    if (roll(3) === 0) await put(ctx, { person, kind: 'tier', value: pick(['vip', 'key']) })
    if (roll(2)) await fill(ctx, { person, values: { [number]: String(roll(5)), ...(roll(2) && { [shop]: pick(['Kiel', 'Köln']) }) } })
    if (roll(3) === 0) await fill(ctx, { person, values: { [day]: `2026-0${1 + roll(3)}-15` } })
    if (roll(3) === 0) await withdraw(ctx, { person, purpose, source: 'talk', at: `2026-01-0${1 + roll(9)}` })
    if (roll(3) === 0) await putOn(ctx, { list, people: [person] })
    await sql`insert into consent_state (person, purpose, allows, since) select ${person}::uuid, ${purpose}::uuid, true, '2026-01-05' where ${roll(3) === 0} on conflict do nothing`.execute(
      ctx.db,
    )
    await sql`insert into thread (id, person, started_at, last_at) select gen_random_uuid(), ${person}::uuid, now(), now() - n * interval '20 days' from generate_series(1, ${roll(3)}) n`.execute(
      ctx.db,
    )
    await sql`insert into tag (object, name, at) select ${person}::uuid, 'fair', now() where ${roll(3) === 0}`.execute(ctx.db)
  }
  for (let nth = 0; nth < 8; nth++) await merge(ctx, { kept: ids[nth]!, gone: ids[59 - nth]!, reason: 'same' })
  return ids
})

const values: Partial<Record<Condition['about'], readonly string[]>> = {
  side: ['customer', 'partner', 'colleague'], tier: ['vip', 'key'], player: ['media'], kind: ['human', 'organisation'], company: ['Nordwerk', 'südwerk', 'None'],
  language: ['de', 'sv'], zone: ['UTC'], tag: ['fair'], network: ['phone'], talked: ['10', '30'], met: ['0', '1'], threads: ['0', '1', '2'],
} // biome-ignore format: a table

/** Each thing that can be asked for, in each way. */
const conditions: Condition[] = [
  ...Object.entries(values).flatMap(([about, list]) =>
    waysFor(about as Condition['about']).flatMap(how => list.map(value => ({ about: about as Condition['about'], how, value }))),
  ),
  ...waysFor('list').map(how => ({ about: 'list' as const, of: list, how, value: '' })),
  ...waysFor('consent').map(how => ({ about: 'consent' as const, of: purpose, how, value: '' })),
  ...[[number, 'number', '2'], [shop, 'text', 'Kiel'], [day, 'date', '2026-02-15']].flatMap(([of, kind, value]) =>
    waysFor('field', kind).map(how => ({ about: 'field' as const, of: of!, how, value: how === 'contains' ? 'ie' : value! })),
  ), // biome-ignore format: a table
]

test('the query finds exactly those whom the rules find, for each condition and for many together', async () => {
  const { segment } = await as(ctx => segments.make(ctx, { name: 'Asked' }))
  const definitions = [
    ...conditions.map(each => ({ match: 'all' as const, conditions: [each] })),
    ...Array.from({ length: 40 }, (_, nth) => ({
      match: nth % 2 ? ('all' as const) : ('any' as const),
      conditions: [...new Set(Array.from({ length: 1 + roll(4) }, () => pick(conditions)))],
    })),
  ]
  let wrong = 0
  await as(async ctx => {
    const { rows } = await sql<{ id: string }>`select id from person where merged_into is null`.execute(ctx.db)
    const all = await facts(
      ctx,
      rows.map(row => row.id),
    )
    for (const each of definitions) {
      await segments.change(ctx, { segment, ...each })
      const { conditions } = await segments.show(ctx, { segment })
      const expected = all.filter(it => belongs({ ...each, conditions }, conditions.flatMap((one, at) => (holds(one, it, ctx.now, keyOf) ? [at] : [])))) // biome-ignore format: one line
      const found = (await segments.peopleIn(ctx, { segment, limit: 1000 })).items
      const same = JSON.stringify(found.toSorted()) === JSON.stringify(expected.map(it => it.id).toSorted())
      if (!same) {
        wrong++
        console.log(JSON.stringify(each), found.length, expected.length)
      }
      assert.equal((await segments.count(ctx, { segment })).count, found.length)
    }
  })
  console.log(`${definitions.length} cases, ${wrong} failed`)
  assert.equal(wrong, 0)
  assert.ok(definitions.length > 100 && everyone.length === 60)
})

test('a segment is made, explained, paged, taken away and brought back', async () => {
  const { segment } = await as(ctx =>
    segments.make(ctx, { name: 'Customers', conditions: [{ about: 'side', how: 'is', value: 'customer' }] }),
  )
  const all = (await as(ctx => segments.peopleIn(ctx, { segment, limit: 1000 }))).items
  const first = await as(ctx => segments.people(ctx, { segment, limit: 3 }))
  const next = await as(ctx => segments.people(ctx, { segment, after: first.next!, limit: 100 }))
  assert.deepEqual(
    [...first.items, ...next.items].map(each => each.person.id),
    all,
  )
  assert.ok(first.items.every(each => each.because.join() === '0'))
  const why = (person: string) => as(ctx => segments.why(ctx, { segment, person }))
  assert.deepEqual([(await why(all[0]!)).belongs, (await why(agent.person!)).belongs], [true, false])
  await as(ctx => segments.conditionAdd(ctx, { segment, condition: { about: 'tier', how: 'is', value: 'vip' } }))
  const { before } = await as(ctx => segments.conditionRemove(ctx, { segment, place: 0 }))
  assert.deepEqual(
    before.conditions.map(each => each.about),
    ['side', 'tier'],
  )
  await as(ctx => segments.change(ctx, { segment, ...before }))
  await as(ctx => segments.remove(ctx, { segment }))
  await as(ctx => segments.bringBack(ctx, { segment }))
  await assert.rejects(
    as(ctx => segments.make(ctx, { name: 'customers' })),
    { key: 'segments.twice' },
  )
  const other = await house.organisation()
  await assert.rejects(
    house.as(other, 'agent', ctx => segments.peopleIn(ctx, { segment })),
    { code: 'notFound' },
  )
  await assert.rejects(
    house.as(org, 'member', ctx => segments.peopleIn(ctx, { segment })),
    { code: 'forbidden' },
  )
  assert.deepEqual((await house.happened(org)).slice(-6), [
    'Create:Segment',
    'Update:Segment',
    'Update:Segment',
    'Update:Segment',
    'Remove:Segment',
    'Undo:Segment',
  ])
})

test('its pages show conditions, people and reasons, and people leave as CSV without formulas', async () => {
  await as(ctx => personAdd(ctx, { name: '=1+1', side: 'partner' }))
  const browser = await house.browser(org, manager)
  const made = await browser.post('/segments', { name: 'Partners' })
  const path = made.headers.get('location')!
  assert.match(await (await browser.get(`${path}?add=side`)).text(), /name="how"/)
  assert.equal((await browser.post(`${path}/conditions`, { about: 'side', how: 'is', value: 'nobody' })).status, 422)
  assert.equal((await browser.post(`${path}/conditions`, { about: 'side', how: 'is', value: 'partner' })).status, 303)
  const html = await (await browser.get(path)).text()
  for (const part of ['Relation to us is Partner', 'Belongs because', '=1+1']) assert.ok(html.includes(part), part)
  for (const { path: page } of [
    { path: '/segments' },
    { path: `${path}?add=field+${number}` },
    { path: `${path}?q=person` },
    { path: '/segments?removed=true' },
  ])
    assert.doesNotMatch((await (await browser.get(page)).text()).replaceAll(/[\w.]+@|"[^"]*"/g, ''), /(segments|traits)\.\w/, page)
  const csv = await (await browser.get(`${path}/people.csv`)).text()
  assert.ok(csv.startsWith('Name,') && csv.includes(`\r\n'=1+1,`))
  const lines = (await (await browser.get('/people.csv')).text()).trim().split('\r\n')
  const { rows } = await as(ctx => sql<{ count: number }>`select count(*) from person where merged_into is null`.execute(ctx.db))
  assert.equal(lines.length - 1, rows[0]!.count)
  assert.equal((await (await house.browser(org, agent)).get('/people.csv')).status, 403)
})
