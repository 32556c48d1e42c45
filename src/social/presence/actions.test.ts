import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setClock } from '#kernel/clock.ts'
import type { Actor } from '#kernel/context.ts'
import { hear, type News, startLive, stopLive } from '#kernel/live.ts'
import { testHouse } from '#kernel/testing.ts'
import { audit } from '#social/members/actions.ts'
import { openAll } from '#social/threads/actions.ts'
import * as presence from './actions.ts'

const house = await testHouse()

test('who is here is seen by the others within moments, writing first, and forgotten after thirty seconds', async () => {
  const org = await house.organisation()
  const [anna, ben, erik] = [
    await house.member(org, 'agent', 'Anna Berg'),
    await house.member(org, 'agent', 'Ben Ström'),
    await house.member(org, 'member', 'Erik'),
  ]
  const [id] = (await house.as(org, anna, ctx =>
    openAll(ctx, [{ subject: 'x', kind: 'conversation', audience: 'thread', startedAt: new Date() }]),
  )) as [string]
  await startLive(house.url)
  after(stopLive)
  const heard: News[] = []
  const deaf = hear(each => void (each.kind === 'presence' && heard.push(each)))
  const here = (who: Actor, more = {}) => house.as(org, who, ctx => presence.hereIAm(ctx, { thread: id, ...more }))
  assert.deepEqual((await here(anna)).others, [])
  assert.deepEqual((await here(ben, { writing: true })).others, [{ person: anna.person, name: 'Anna Berg', writing: false }])
  await here(ben, { writing: true })
  await new Promise(resolve => setTimeout(resolve, 150))
  const toldTo = (who: Actor) =>
    heard.filter(each => each.topics.includes(`person:${who.person}`)).map(each => (each.detail as { people: unknown }).people)
  assert.deepEqual(toldTo(anna), [[], [{ name: 'Ben Ström', writing: true }]])
  assert.deepEqual(toldTo(ben), [[{ name: 'Anna Berg', writing: false }]])
  assert.ok(heard.every(each => each.org === org))
  assert.deepEqual(await house.as(org, ben, ctx => presence.whoIsHere(ctx, id)), [
    { person: anna.person, name: 'Anna Berg', writing: false },
  ])
  await assert.rejects(here(erik), { code: 'notFound', key: 'kernel.notFound' })
  const outside = crypto.randomUUID()
  for (const isWriting of [true, true, false]) await house.as(org, 'owner', ctx => presence.writesOutside(ctx, id, outside, isWriting))
  await new Promise(resolve => setTimeout(resolve, 50))
  assert.deepEqual(
    toldTo(anna)
      .slice(2)
      .map(each => (each as { name: string }[]).map(({ name }) => name)),
    [['Ben Ström', '–'], ['Ben Ström']],
  )
  setClock(() => new Date(Date.now() + 31_000))
  try {
    assert.deepEqual((await here(anna)).others, [])
    await house.as(org, 'owner', ctx => presence.forgetPresence.run(ctx))
    assert.deepEqual((await here(anna, { leaves: true })).others, [])
  } finally {
    setClock()
    deaf()
  }
  assert.deepEqual(await house.happened(org), [])
  assert.deepEqual((await house.as(org, 'owner', ctx => audit(ctx, {}))).items, [])
})
