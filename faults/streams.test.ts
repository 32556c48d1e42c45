import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Actor } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { serve } from '#kernel/http.tsx'
import { endSessions, openSession, whoHas } from '#kernel/identity/sessions.ts'
import { announce, startLive, stopLive, tell } from '#kernel/live.ts'
import { closeStreams, openStreams } from '#kernel/streams.ts'
import { testHouse } from '#kernel/testing.ts'
import * as members from '#social/members/actions.ts'

const house = await testHouse()
const app = serve(house.house.modules, { baseUrl: 'http://house.invalid', trustProxy: false })
await startLive(house.url)
after(async () => {
  closeStreams()
  await stopLive()
})

interface Followed {
  /** All that came so far. */
  text(): string
  ended: Promise<void>
  close(): Promise<void>
}

async function follow(org: string, actor: Actor, query: string): Promise<Followed & { token: string }> {
  const token = await openSession(actor.account!, { complete: true, org, agent: 'test', address: '192.0.2.1' })
  const answer = await app.request(`http://house.invalid/live${query}`, { headers: { cookie: `trefoil=${token}` } })
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('content-type')!, /^text\/event-stream/)
  const reader = answer.body!.getReader()
  let text = ''
  const read = async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      text += Buffer.from(value).toString()
    }
  }
  const ended = read()
  await until(() => text.includes('retry:'))
  return { token, text: () => text, ended, close: () => reader.cancel() }
}

async function until(holds: () => boolean, patience = 5000): Promise<number> {
  const began = performance.now()
  while (!holds()) {
    if (performance.now() - began > patience) throw new Error(`It did not come to pass within ${patience} ms`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return performance.now() - began
}

const soon = (it: Promise<void>, patience = 5000) =>
  Promise.race([
    it.then(() => true),
    new Promise<false>(resolve => {
      setTimeout(() => resolve(false), patience).unref()
    }),
  ])

test('whoever names another person’s topic hears that something is new there, and nothing of where that person is', async () => {
  const org = await house.organisation()
  const [anna, curious] = [await house.member(org, 'agent'), await house.member(org, 'customer')]
  const [own, foreign] = [await follow(org, anna, ''), await follow(org, curious, `?topic=person:${anna.person}`)]
  await asSystem(org, ctx => announce(ctx, { org, kind: 'presence', topics: [`person:${anna.person}`], detail: { thread: 'secret' } }))
  await asSystem(org, async ctx => tell(ctx, `person:${anna.person}`))
  await until(() => own.text().includes('secret') && foreign.text().includes('event: refresh'))
  assert.doesNotMatch(foreign.text(), /secret|presence/)
  await Promise.all([own.close(), foreign.close()])
})

test('a stream is told of the topics it watches, of no others, and of none of another organisation', async () => {
  const [org, other] = [await house.organisation(), await house.organisation()]
  const [anna, zoe] = [await house.member(org, 'agent'), await house.member(other, 'agent')]
  const [inbox, threads, foreign] = [
    await follow(org, anna, '?topic=inbox'),
    await follow(org, anna, '?topic=thread:1%20thread:2'),
    await follow(other, zoe, '?topic=inbox'),
  ]
  const told = (stream: typeof inbox) => stream.text().match(/event: refresh/g)?.length ?? 0
  await asSystem(org, async ctx => {
    tell(ctx, 'inbox')
    tell(ctx, 'inbox')
  })
  await until(() => told(inbox) > 0)
  assert.equal(told(threads), 0)
  await asSystem(org, async ctx => tell(ctx, 'thread:2'))
  await until(() => told(threads) > 0)
  assert.deepEqual([told(inbox), told(threads)], [1, 1])
  assert.ok(!foreign.text().includes('event:'))
  await Promise.all([inbox, threads, foreign].map(each => each.close()))
  await until(() => openStreams() === 0)
})

test('what was rolled back is told to nobody', async () => {
  const org = await house.organisation()
  const stream = await follow(org, await house.member(org, 'agent'), '?topic=inbox')
  await assert.rejects(
    asSystem(org, async ctx => {
      tell(ctx, 'inbox')
      throw new Error('rolled back')
    }),
  )
  await asSystem(org, async ctx => tell(ctx, 'thread:later'))
  await new Promise(resolve => setTimeout(resolve, 300))
  assert.ok(!stream.text().includes('event:'))
  await stream.close()
})

test('more than fifty topics are refused, and so is a stream without a session', async () => {
  const org = await house.organisation()
  const token = await openSession((await house.member(org, 'agent')).account!, { complete: true, org, agent: '', address: '' })
  const ask = (path: string, cookie = '') => app.request(`http://house.invalid${path}`, { headers: { cookie } })
  const many = Array.from({ length: 51 }, (_, at) => `t${at}`).join('%20')
  assert.equal((await ask(`/live?topic=${many}`, `trefoil=${token}`)).status, 422)
  assert.notEqual((await ask('/live?topic=inbox')).status, 200)
})

test('S12: a stream ends within five seconds of a suspension, a new role, a sign-out, and the end of its session', async () => {
  const org = await house.organisation()
  const owner = await house.member(org, 'owner')
  const ends: Record<string, (actor: Actor, token: string) => Promise<unknown>> = {
    suspended: actor => house.as(org, owner, ctx => members.suspend(ctx, { account: actor.account! })),
    'a new role': actor => house.as(org, owner, ctx => members.changeRole(ctx, { account: actor.account!, role: 'member' })),
    'signed out': (_, token) =>
      Promise.resolve(
        app.request('http://house.invalid/sign-out', {
          method: 'POST',
          headers: {
            cookie: `trefoil=${token}`,
            origin: 'http://house.invalid',
            'content-type': 'application/x-www-form-urlencoded',
          },
        }),
      ),
    ended: async (actor, token) => endSessions(actor.account!, { only: (await whoHas(token))!.session }),
    'all ended': actor => endSessions(actor.account!),
  }
  const failed: string[] = []
  for (const [name, end] of Object.entries(ends)) {
    const actor = await house.member(org, 'agent')
    const bystander = await follow(org, await house.member(org, 'agent'), '?topic=inbox')
    const stream = await follow(org, actor, '?topic=inbox')
    await end(actor, stream.token)
    if (!(await soon(stream.ended))) failed.push(name)
    const answer = await app.request('http://house.invalid/live', { headers: { cookie: `trefoil=${stream.token}` } })
    if (name !== 'a new role' && answer.status === 200) failed.push(`${name}: opened again`)
    await answer.body?.cancel()
    if (await soon(bystander.ended, 50)) failed.push(`${name}: somebody else's as well`)
    await bystander.close()
  }
  console.log(`S12: ${Object.keys(ends).length} cases, ${failed.length} failed`)
  assert.deepEqual(failed, [])
})

test('however many sessions end at once, every stream of them ends', async () => {
  const org = await house.organisation()
  const actor = await house.member(org, 'agent')
  const first = await follow(org, actor, '?topic=inbox')
  for (let at = 0; at < 300; at++) await openSession(actor.account!, { complete: true, org, agent: '', address: '' })
  const last = await follow(org, actor, '?topic=inbox')
  assert.equal(await endSessions(actor.account!), 302)
  assert.deepEqual([await soon(first.ended), await soon(last.ended)], [true, true])
})
