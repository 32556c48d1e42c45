/** Two organisations of one running house talk over the open network, by its own doors: what one says is heard, answered, liked, changed and gone at the other. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { serve as listen } from '@hono/node-server'
import { sql } from 'kysely'
import { asSystem } from '#kernel/db.ts'
import { allowHosts } from '#kernel/fetch.ts'
import { serve } from '#kernel/http.tsx'
import { tickNow } from '#kernel/jobs.ts'
import { useOrigin } from '#kernel/origin.ts'
import { testHouse } from '#kernel/testing.ts'
import { channel } from '#root/channels/activitypub/channel.ts'
import * as accounts from '#social/accounts/actions.ts'
import * as channels from '#social/channels/actions.ts'
import type { Channel } from '#social/channels/words.ts'
import * as follows from '#social/follows/actions.ts'
import * as outbox from '#social/outbox/actions.ts'
import { until as seen } from './until.ts'

const house = await testHouse()
channels.useChannels([channel as unknown as Channel])
const server = listen({
  fetch: serve(house.house.modules, { baseUrl: undefined, trustProxy: false }).fetch,
  port: 0,
  hostname: '127.0.0.1',
})

interface Desk {
  org: string
  account: string
  address: string
}
let care: Desk
let shop: Desk

before(async () => {
  if (!server.listening) await new Promise<void>(resolve => void server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  useOrigin(`http://127.0.0.1:${port}`)
  allowHosts(['127.0.0.1'])
  care = await desk('care', `127.0.0.1:${port}`)
  shop = await desk('shop', `127.0.0.1:${port}`)
})
after(() => {
  allowHosts([])
  server.close()
})

async function desk(username: string, host: string): Promise<Desk> {
  const org = await house.organisation()
  const { attempt } = await house.as(org, 'owner', ctx =>
    accounts.connect(ctx, { channel: 'activitypub', asked: { username, name: username } }),
  )
  await house.settle()
  const tried = await house.as(org, 'owner', ctx => accounts.attempt(ctx, { attempt }))
  return { org, account: tried.account!, address: `@${username}@${host}` }
}

interface Row {
  id: string
  thread: string
  text: string
  deleted_at: Date | null
  remote: string
}

const contents = ({ org }: Desk): Promise<Row[]> =>
  asSystem(org, async ctx => {
    const { rows } = await sql<Row>`select content.id, content.thread, content.text, content.deleted_at, remote.remote_id as remote
      from content left join remote on remote.object = content.id order by content.id`.execute(ctx.db)
    return rows
  })

/** While we wait, the house works. */
const until = <T>(what: () => Promise<T>, says: string) =>
  seen(async () => {
    await tickNow('deliveries.sendDue')
    await house.settle()
    return what()
  }, says)

const has = (desk: Desk, fits: (row: Row) => boolean, says: string) => until(async () => (await contents(desk)).find(fits), says)

test('an account follows one over there, hears what it says to everybody, and follows it no longer', async () => {
  const stands = async () => (await house.as(care.org, 'owner', ctx => follows.list(ctx, { account: care.account }))).items[0]
  const whom = { account: care.account, address: shop.address }
  await house.as(care.org, 'owner', ctx => follows.follow(ctx, whom))
  await until(async () => (await stands())?.state === 'accepted', 'the other side lets it')
  assert.ok((await house.happened(shop.org)).includes('Follow:Account'))
  await house.as(shop.org, 'owner', ctx => outbox.publish(ctx, { account: shop.account, text: 'Said to all', dueAt: ctx.now }))
  await has(care, ({ text }) => text === 'Said to all', 'what it says is heard')
  await house.as(care.org, 'owner', ctx => follows.unfollow(ctx, whom))
  await until(async () => !(await stands()), 'it is followed no longer')
  await until(async () => (await house.happened(shop.org)).includes('Undo:Follow'), 'the other side hears that')
})

test('a post is heard over there; the answer stands in its thread; a like, a change and an end arrive', async () => {
  const post = await house.as(care.org, 'owner', ctx =>
    outbox.publish(ctx, { account: care.account, text: `Hello ${shop.address}`, warning: 'News', dueAt: ctx.now }),
  )
  const heard = await has(shop, ({ text }) => text.startsWith('Hello'), 'the post is heard')
  await house.as(shop.org, 'owner', ctx => outbox.answer(ctx, { thread: heard.thread, text: 'Welcome', dueAt: ctx.now }))
  const answer = await has(care, ({ text }) => text.endsWith('Welcome'), 'the answer is heard')
  assert.equal(answer.thread, post.thread)
  await house.as(care.org, 'owner', ctx => outbox.reactTo(ctx, { content: answer.id, kind: 'like' }))
  await until(async () => (await house.happened(shop.org)).includes('Like:Message'), 'the like is heard')
  await house.as(care.org, 'owner', ctx => outbox.change(ctx, { content: post.content, text: `Hello again ${shop.address}` }))
  await has(shop, ({ text }) => text.startsWith('Hello again'), 'the change is heard')
  const [{ remote }] = (await contents(care)).filter(({ id }) => id === post.content) as [Row]
  const page = await fetch(remote, { headers: { accept: 'text/html' } })
  assert.match(await page.text(), /<summary>News<\/summary>.*Hello again/)
  await house.as(care.org, 'owner', ctx => outbox.withdraw(ctx, { content: post.content }))
  await has(shop, ({ id, deleted_at }) => id === heard.id && deleted_at !== null, 'the end is heard')
  assert.equal((await fetch(remote)).status, 410)
})
