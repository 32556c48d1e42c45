import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actor } from '#kernel/context.ts'
import { testHouse } from '#kernel/testing.ts'
import * as drafts from './actions.ts'

const house = await testHouse()

test('drafts are kept for their writer alone, at most a hundred of 256 kB, and an empty one is gone', async () => {
  const org = await house.organisation()
  const [anna, ben] = [await house.member(org, 'agent'), await house.member(org, 'agent')]
  const put = (who: Actor, key: string, text: string) => house.as(org, who, ctx => drafts.keep(ctx, { key, body: { fields: { text } } }))
  await put(anna, 'thread:1', 'first \u0000\ud800 \\u0000')
  await put(anna, 'thread:1', 'second \u0000\ud800 \\u0000 🙂')
  assert.deepEqual(await house.as(org, anna, ctx => drafts.draftOf(ctx, 'thread:1')), { text: 'second \ufffd \\u0000 🙂' })
  assert.deepEqual(await house.as(org, ben, ctx => drafts.draftOf(ctx, 'thread:1')), {})
  await assert.rejects(put(anna, 'big', 'x'.repeat(300_000)), { code: 'tooLarge', key: 'drafts.large' })
  for (let at = 2; at <= 100; at++) await put(anna, `thread:${at}`, 'x')
  await assert.rejects(put(anna, 'thread:101', 'x'), { code: 'tooMany', key: 'drafts.many' })
  await put(anna, 'thread:100', 'still mine')
  await put(anna, 'thread:2', '')
  await put(anna, 'thread:101', 'x')
  const { was } = await house.as(org, anna, ctx => drafts.drop(ctx, { key: 'thread:1' }))
  assert.deepEqual(was, { fields: { text: 'second \ufffd \\u0000 🙂' } })
  assert.equal((await house.as(org, anna, ctx => drafts.list(ctx, {}))).items.length, 99)
  await house.as(org, 'owner', ctx => drafts.keep(ctx, { key: 'odd', body: [1, { a: null }] }))
})

test('what was sent leaves no draft behind', async () => {
  const org = await house.organisation()
  const anna = await house.member(org, 'agent')
  await house.as(org, anna, ctx => drafts.keep(ctx, { key: 'a', body: { fields: { text: 'x' } } }))
  await house.as(org, anna, ctx => drafts.sent(ctx, 'a'))
  assert.deepEqual(await house.as(org, anna, ctx => drafts.draftOf(ctx, 'a')), {})
})
