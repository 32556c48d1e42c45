import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actor } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { findable, search } from '#social/search/actions.ts'
import * as reactions from './actions.ts'

const house = await testHouse()
const notFound = { code: 'notFound', key: 'kernel.notFound' }

async function people() {
  const org = await house.organisation()
  const [anna, ben, customer] = [
    await house.member(org, 'agent', 'Anna'),
    await house.member(org, 'agent', 'Ben'),
    await house.member(org, 'customer', 'Carla'),
  ]
  const at = new Date('2026-03-01')
  const [id, thread] = [newId(at), newId(at)]
  await house.as(org, anna, ctx => findable(ctx, [{ id, thread, noun: 'Message', at, title: 'apples', text: '', audience: 'thread' }]))
  return { org, anna, ben, customer, id, thread }
}

test('one reacts once of a kind, sees one’s own, and takes it back', async () => {
  const { org, anna, ben, customer, id } = await people()
  const react = (who: Actor, kind: string, undo = false) =>
    house.as(org, who, ctx => (undo ? reactions.unreact : reactions.react)(ctx, { object: id, kind }))
  await react(anna, '👍')
  await react(anna, '👍')
  await react(ben, '👍')
  await react(ben, 'like')
  const seen = await house.as(org, anna, ctx => reactions.reactionsOf(ctx, [id]))
  assert.deepEqual(seen.get(id), [{ kind: '👍', count: 2, mine: true }, { kind: 'like', count: 1, mine: false }]) // biome-ignore format: a list
  await react(ben, '👍', true)
  await react(ben, '👍', true)
  assert.deepEqual(await house.happened(org), ['Like:Message', 'Like:Message', 'Like:Message', 'Undo:Like'])
  await assert.rejects(react(anna, 'no such thing'), { code: 'invalid', key: 'reactions.noReaction' })
  await assert.rejects(react(customer, '👍'), { code: 'forbidden' })
})

test('what one may not read cannot be reacted to or tagged, and answers like what is not there', async () => {
  const { org, id, thread } = await people()
  const other = await house.organisation()
  const cases: [string, 'member' | 'owner'][] = [[org, 'member'], [other, 'owner']] // biome-ignore format: a list
  for (const [where, role] of cases) {
    await assert.rejects(
      house.as(where, role, ctx => reactions.react(ctx, { object: id })),
      notFound,
    )
    await assert.rejects(
      house.as(where, role, ctx => reactions.tag(ctx, { object: thread, tag: 'x' })),
      notFound,
    )
    await assert.rejects(
      house.as(where, role, ctx => reactions.untag(ctx, { object: thread, tag: 'x' })),
      notFound,
    )
  }
  await assert.rejects(
    house.as(org, 'agent', ctx => reactions.react(ctx, { object: newId() })),
    notFound,
  )
  assert.deepEqual(await house.happened(org), [])
})

test('tags are found, counted and taken off; fifty fit on one thing', async () => {
  const { org, anna, id, thread } = await people()
  const tag = (object: string, name: string) => house.as(org, anna, ctx => reactions.tag(ctx, { object, tag: name }))
  assert.deepEqual(await tag(id, ' #Very  LATE '), { tag: 'very late' })
  await tag(id, 'very late')
  await tag(thread, "o'neil\\")
  const found = async (q: string) => (await house.as(org, anna, ctx => search(ctx, { q }))).items.map(each => each.id)
  assert.deepEqual([await found('tag:"very late"'), await found("tag:o'neil\\")], [[id], [id]])
  assert.deepEqual((await house.as(org, anna, ctx => reactions.tags(ctx, { begins: 'VE' }))).items, [{ name: 'very late', count: 1 }])
  await house.as(org, anna, ctx => reactions.untag(ctx, { object: id, tag: 'very late' }))
  assert.deepEqual(await found('tag:"very late"'), [])
  assert.deepEqual(await house.happened(org), ['Add:Tag', 'Add:Tag', 'Remove:Tag'])
  for (let at = 0; at < 50; at++) await tag(id, `t${at}`)
  await assert.rejects(tag(id, 'one more'), { code: 'tooMany', key: 'reactions.manyTags' })
})
