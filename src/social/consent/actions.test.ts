import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ctx } from '#kernel/context.ts'
import { testHouse } from '#kernel/testing.ts'
import { make as merge, undo } from '#social/merges/actions.ts'
import { personAdd } from '#social/people/actions.ts'
import * as consent from './actions.ts'

const house = await testHouse()
const org = await house.organisation()
const [agent, manager] = [await house.member(org, 'agent'), await house.member(org, 'manager')]
const as = <T>(run: (ctx: Ctx) => Promise<T>) => house.as(org, agent, run)
const { purpose } = await house.as(org, manager, ctx => consent.purposeMake(ctx, { name: 'News' }))
const write = (text: string) => house.as(org, manager, ctx => consent.textAdd(ctx, { purpose, language: 'en', text }))
const add = async (name: string) => (await as(ctx => personAdd(ctx, { name }))).person
const allows = async (person: string) => (await as(ctx => consent.check(ctx, { person, purpose }))).allows
const sends = (person: string) => as(ctx => consent.requireUse(ctx, person, purpose))

test('consent names the text that was shown, a withdrawal counts at once, and what was a mistake is struck out and seen', async () => {
  assert.deepEqual([(await write('First')).version, (await write('Second')).version], [1, 2])
  const text = (await as(ctx => consent.purposeShow(ctx, { purpose }))).texts[0]!
  assert.deepEqual([text.version, text.text], [2, 'Second'])
  const anna = await add('Anna')
  await assert.rejects(sends(anna), { code: 'conflict', key: 'consent.neverGiven' })
  await assert.rejects(
    as(ctx => consent.grant(ctx, { person: anna, purpose, source: 'form' })),
    { code: 'invalid', key: 'consent.needs.text' },
  )
  await as(ctx => consent.grant(ctx, { person: anna, purpose, source: 'form', text: text.id, proof: 'Form 7' }))
  await sends(anna)
  const { entry } = await as(ctx => consent.withdraw(ctx, { person: anna, purpose, source: 'phone' }))
  await assert.rejects(sends(anna), { code: 'conflict', key: 'consent.withdrawn' })
  assert.deepEqual([...(await as(ctx => consent.mayUse(ctx, [anna], purpose)))], [])
  await as(ctx => consent.strike(ctx, { entry }))
  await sends(anna)
  const entries = (await as(ctx => consent.show(ctx, { person: anna }))).items[0]!.entries
  assert.deepEqual(entries.map(each => [each.allows, Boolean(each.struckAt), each.proof, each.text?.version]), [
    [false, true, '', undefined],
    [true, false, 'Form 7', 2],
  ]) // biome-ignore format: rows
  assert.deepEqual((await house.happened(org)).slice(-4), ['Create:Person', 'Accept:Consent', 'Reject:Consent', 'Undo:Consent'])
})

test('of merged records the last word counts, and each has its own again when they are taken apart', async () => {
  const [one, other] = [await add('One'), await add('Other')]
  const said = { purpose, source: 'talk' as const }
  await as(ctx => consent.grant(ctx, { ...said, person: one, basis: 'contract', proof: 'Order 1', at: '2026-01-01' }))
  await as(ctx => consent.withdraw(ctx, { ...said, person: other, at: '2026-02-01' }))
  const merged = await as(ctx => merge(ctx, { kept: one, gone: other, reason: 'same' }))
  assert.deepEqual([await allows(one), await allows(other)], [false, false])
  await as(ctx => undo(ctx, { merge: merged.merge }))
  assert.deepEqual([await allows(one), await allows(other)], [true, false])
})

test('a purpose out of use takes no new word but a withdrawal; only managers define purposes', async () => {
  const person = await add('Eva')
  await house.as(org, manager, ctx => consent.purposeRetire(ctx, { purpose }))
  await assert.rejects(
    as(ctx => consent.grant(ctx, { person, purpose, source: 'form', basis: 'contract', proof: 'x' })),
    { key: 'consent.retired' },
  )
  await as(ctx => consent.withdraw(ctx, { person, purpose, source: 'mail' }))
  await assert.rejects(
    as(ctx => consent.purposeBack(ctx, { purpose })),
    { code: 'forbidden' },
  )
  const other = await house.organisation()
  await assert.rejects(
    house.as(other, 'agent', ctx => consent.check(ctx, { person, purpose })),
    { code: 'notFound' },
  )
})
