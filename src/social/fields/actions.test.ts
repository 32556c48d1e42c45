import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { make as merge } from '#social/merges/actions.ts'
import { personAdd } from '#social/people/actions.ts'
import * as fields from './actions.ts'

const house = await testHouse()
const org = await house.organisation()
const [agent, manager] = [await house.member(org, 'agent'), await house.member(org, 'manager')]
const as = <T>(run: (ctx: Ctx) => Promise<T>) => house.as(org, agent, run)
const add = async (name: string) => (await as(ctx => personAdd(ctx, { name }))).person
const make = async (name: string, kind: 'text' | 'number' | 'choice', choices = '') =>
  (await house.as(org, manager, ctx => fields.make(ctx, { name, kind, choices }))).field
const said = async (person: string) =>
  (await as(ctx => fields.valuesFor(ctx, { person }))).items.filter(each => each.value).map(each => [each.name, each.value])

test('fields are filled by their type, changed, emptied and taken back; of merged records the one that stands counts', async () => {
  const [number, colour] = [await make('Number', 'number'), await make('Colour', 'choice', 'Red\nBlue')]
  const [anna, twin] = [await add('Anna'), await add('Twin')]
  await as(ctx => fields.put(ctx, { person: anna, values: { [number]: '1,5', [colour]: 'Red' } }))
  await as(ctx => fields.put(ctx, { person: twin, values: { [colour]: 'Blue' } }))
  await assert.rejects(
    as(ctx => fields.put(ctx, { person: anna, values: { [number]: 'many' } })),
    { code: 'invalid', key: 'fields.wrong.number' },
  )
  await assert.rejects(
    as(ctx => fields.put(ctx, { person: anna, values: { [newId()]: 'x' } })),
    { code: 'notFound' },
  )
  await as(ctx => merge(ctx, { kept: anna, gone: twin, reason: 'same' }))
  assert.deepEqual(await said(twin), [['Number', '1.5'], ['Colour', 'Red']]) // biome-ignore format: rows
  const { before } = await as(ctx => fields.put(ctx, { person: anna, values: { [colour]: '', [number]: '1.5' } }))
  assert.deepEqual([before, await said(anna)], [{ [colour]: 'Red' }, [['Number', '1.5']]])
  await as(ctx => fields.put(ctx, { person: anna, values: before }))
  assert.deepEqual(await said(anna), [['Number', '1.5'], ['Colour', 'Red']]) // biome-ignore format: rows
  assert.deepEqual((await house.happened(org)).filter(each => each.includes('Field')), [
    'Create:Field', 'Create:Field', 'Update:FieldValue', 'Update:FieldValue', 'Update:FieldValue', 'Update:FieldValue',
  ]) // biome-ignore format: words
})

test('a removed field keeps its values until it is deleted for good, and only managers define fields', async () => {
  const shop = await make('Shop', 'text')
  const eva = await add('Eva')
  await as(ctx => fields.put(ctx, { person: eva, values: { [shop]: 'Kiel' } }))
  const setup = (run: (ctx: Ctx) => Promise<unknown>) => house.as(org, manager, run)
  await assert.rejects(
    setup(ctx => fields.erase(ctx, { field: shop })),
    { code: 'conflict', key: 'fields.removeFirst' },
  )
  await assert.rejects(
    as(ctx => fields.remove(ctx, { field: shop })),
    { code: 'forbidden' },
  )
  await setup(ctx => fields.remove(ctx, { field: shop }))
  assert.deepEqual(await said(eva), [])
  await make('Shop', 'text')
  await assert.rejects(
    setup(ctx => fields.bringBack(ctx, { field: shop })),
    { code: 'conflict', key: 'fields.twice' },
  )
  assert.equal((await as(ctx => fields.show(ctx, { field: shop }))).people, 1)
  await setup(ctx => fields.erase(ctx, { field: shop }))
  await assert.rejects(
    as(ctx => fields.show(ctx, { field: shop })),
    { code: 'notFound' },
  )
  const other = await house.organisation()
  assert.deepEqual((await house.as(other, 'agent', ctx => fields.list(ctx, {}))).items, [])
})
