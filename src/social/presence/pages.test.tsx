import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { openAll } from '#social/threads/actions.ts'

const house = await testHouse()
const org = await house.organisation()
const [anna, ben] = [await house.member(org, 'agent', 'Anna'), await house.member(org, 'agent', 'Ben')]
const [thread] = (await house.as(org, anna, ctx =>
  openAll(ctx, [{ subject: 'x', kind: 'conversation', audience: 'thread', startedAt: new Date() }]),
)) as [string]

test('a page that tells it is there hears who else is', async () => {
  await (await house.browser(org, anna)).send('POST', '/presence', { thread, writing: true })
  const answer = await (await house.browser(org, ben)).send('POST', '/presence', { thread, writing: false })
  assert.deepEqual(await answer.json(), { others: [{ person: anna.person, name: 'Anna', writing: true }] })
})

test('who may not read the thread is answered as if there were none, and what is no message is refused', async () => {
  const tell = async (where: string, role: 'owner' | 'member' | 'guest' | 'agent', body: unknown, headers = {}) =>
    (await (await house.browser(where, role)).send('POST', '/presence', body, headers)).status
  assert.equal(await tell(org, 'member', { thread }), 404)
  assert.equal(await tell(await house.organisation(), 'owner', { thread }), 404)
  assert.equal(await tell(org, 'agent', { thread: newId() }), 404)
  assert.equal(await tell(org, 'guest', { thread }), 403)
  assert.equal(await tell(org, 'agent', { thread, role: 'owner' }), 422)
  assert.equal(await tell(org, 'agent', { thread: 'x' }), 422)
  assert.equal(await tell(org, 'agent', { thread, more: 'x'.repeat(2000) }), 413)
  assert.equal(await tell(org, 'agent', { thread }, { origin: 'https://evil.example' }), 403)
})
