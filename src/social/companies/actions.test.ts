import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ctx } from '#kernel/context.ts'
import { testHouse } from '#kernel/testing.ts'
import { personAdd, personEdit } from '#social/people/actions.ts'
import { put, show } from '#social/traits/actions.ts'
import * as companies from './actions.ts'

const house = await testHouse()
const org = await house.organisation()
const agent = await house.member(org, 'agent')
const as = <T>(run: (ctx: Ctx) => Promise<T>) => house.as(org, agent, run)
const works = async (person: string) =>
  (await as(ctx => companies.list(ctx, { person }))).items.map(each => [each.company.name, each.role, each.main, each.until !== null])

test('somebody works at several companies, leaves one and comes back as it was; its page lists them', async () => {
  const { person } = await as(ctx => personAdd(ctx, { name: 'Anna', company: 'Nordwerk' }))
  assert.deepEqual(await works(person), [['Nordwerk', '', true, false]])
  const { employment } = await as(ctx => companies.employ(ctx, { person, company: 'Nordwerk', role: 'Buyer', since: '2020-01-01' }))
  await as(ctx => companies.employ(ctx, { person, company: 'Südwerk', until: '2019-12-31' }))
  assert.deepEqual(await works(person), [
    ['Nordwerk', 'Buyer', true, false],
    ['Südwerk', '', false, true],
  ])
  const left = await as(ctx => companies.leave(ctx, { employment }))
  assert.deepEqual([(await works(person)).find(each => each[0] === 'Nordwerk'), left.wasMain], [['Nordwerk', 'Buyer', false, true], true])
  await as(ctx => companies.change(ctx, { employment, ...left.before, main: true }))
  const [nordwerk] = (await as(ctx => companies.list(ctx, { person }))).items
  assert.deepEqual([nordwerk!.role, nordwerk!.main, nordwerk!.until], ['Buyer', true, null])
  const staff = async (q?: string) =>
    (await as(ctx => companies.staff(ctx, { company: nordwerk!.company.id, q }))).items.map(each => [each.person.name, each.role])
  assert.deepEqual([await staff(), await staff('buy'), await staff('nobody')], [[['Anna', 'Buyer']], [['Anna', 'Buyer']], []])
  await assert.rejects(
    as(ctx => companies.employ(ctx, { person, company: 'X', since: '2020-02-01', until: '2020-01-01' })),
    { key: 'companies.daysWrong' },
  )
  await assert.rejects(
    as(ctx => companies.employ(ctx, { person: nordwerk!.company.id, company: 'Südwerk' })),
    { key: 'companies.kinds' },
  )
  const { before } = await as(ctx => personEdit(ctx, { person, zone: 'Europe/Oslo' }))
  assert.equal(before.zone, '')
  await assert.rejects(
    as(ctx => personEdit(ctx, { person, zone: 'Moon/Base' })),
    { code: 'invalid' },
  )
})

test('a tier is told over time; what is put right at once leaves nothing behind', async () => {
  const { person } = await as(ctx => personAdd(ctx, { name: 'Eva' }))
  const of = (value: string | null) => as(ctx => put(ctx, { person, kind: 'tier', value }))
  const now = async () => {
    const it = await as(ctx => show(ctx, { person }))
    return [it.tier, it.all.length]
  }
  assert.equal((await of('vip')).before, null)
  assert.deepEqual(await now(), ['vip', 1])
  assert.equal((await of('key')).before, 'vip')
  assert.deepEqual(await now(), ['key', 1])
  await of(null)
  assert.deepEqual(await now(), [null, 0])
  await assert.rejects(
    as(ctx => put(ctx, { person, kind: 'player', value: 'vip' })),
    { key: 'traits.unknown' },
  )
})
