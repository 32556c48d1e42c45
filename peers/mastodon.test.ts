/** The Mastodon channel in a whole house, against a server that does what the interface's published description says; no real one can be installed here. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { setClock } from '#kernel/clock.ts'
import { asSystem } from '#kernel/db.ts'
import { allowHosts } from '#kernel/fetch.ts'
import { tickNow } from '#kernel/jobs.ts'
import { startLive, stopLive } from '#kernel/live.ts'
import { log } from '#kernel/log.ts'
import { testHouse } from '#kernel/testing.ts'
import { type Scripted, scripted } from '#root/channels/mastodon/testing.ts'
import * as accounts from '#social/accounts/actions.ts'
import { startListening, stopListening } from '#social/listening/actions.ts'
import { answer, change, publish, withdraw } from '#social/outbox/actions.ts'
import { until } from './until.ts'

const house = await testHouse()

interface Said {
  id: string
  thread: string
  text: string
}

describe('a conversation over the Mastodon interface', { timeout: 300_000 }, () => {
  let server: Scripted
  let org: string
  let account: string

  before(async () => {
    server = await scripted()
    allowHosts(['localhost', '127.0.0.0/8'])
    org = await house.organisation()
    await startLive(house.url)
    await startListening({ log: log.child({}, { level: 'silent' }) })
  })
  after(async () => {
    setClock()
    await stopListening()
    await stopLive()
    server.stop()
    allowHosts([])
  })

  const said = (start: string): Promise<Said | undefined> =>
    asSystem(org, async ctx => {
      const query = sql<Said>`select id, thread, text from content where noun = 'Message' and deleted_at is null`
      return (await query.execute(ctx.db)).rows.find(({ text }) => text.startsWith(start))
    })
  const asOwner = <T>(run: Parameters<typeof house.as<T>>[2]): Promise<T> => house.as(org, 'owner', run)
  const texts = () => [...server.posts.values()].map(({ content }) => String(content).replace(/<[^>]+>/g, ''))

  /** What was decided leaves, without waiting for the seconds in which it can be taken back. */
  async function leave(): Promise<void> {
    setClock(() => new Date(Date.now() + 60_000))
    await tickNow('deliveries.sendDue')
    await house.settle()
    setClock()
  }

  test('a person names the server and lets us in on its page; the browser comes back, and its news are listened to', async () => {
    const isOurs = (header = '') => header === 'Bearer granted'
    server.before = ({ name, headers }) =>
      name.endsWith('verify_credentials') && !isOurs(headers.authorization) ? [401, { error: 'The access token is invalid' }] : undefined
    const owner = await house.browser(org, 'owner')
    const page = (await owner.post('/settings/channels/connect/mastodon', { server: server.origin })).headers.get('location')!
    await house.settle()
    const link = /href="([^"]+)"[^>]*data-goes/.exec(await (await owner.get(page)).text())![1]!.replaceAll('&amp;', '&')
    const back = new URL((await fetch(link, { redirect: 'manual' })).headers.get('location')!)
    assert.equal((await owner.get(back.pathname + back.search)).headers.get('location'), page)
    await house.settle()
    const it = await asOwner(ctx => accounts.attempt(ctx, { attempt: page.split('/').at(-1)! }))
    assert.equal(it.state, 'done', JSON.stringify(it))
    account = it.account!
    await until(async () => server.stream, 'listened to')
  })

  test('a post in two parts goes out once; an answer to it comes into the same thread, and is answered there', async () => {
    const post = { account, text: 'Our spring list is out.', parts: [{ text: 'It is long.' }], warning: 'Flowers' }
    const { thread, content } = await asOwner(ctx => publish(ctx, publish.info.takes.parse(post)))
    await leave()
    assert.deepEqual(texts(), ['Our spring list is out.', 'It is long.'])
    const [root] = [...server.posts.values()]
    const mentions = [{ acct: 'care', url: 'https://social.example/@care' }]
    const theirs = server.add({ account: server.accounts['2'], content: '<p>@care Is mine in it?</p>', in_reply_to_id: root!.id, mentions })
    const note = { type: 'mention', created_at: new Date().toISOString(), account: server.accounts['2'] }
    server.notifications.push({ ...note, id: '7', status: theirs }, { ...note, id: '8', type: 'favourite', status: root })
    server.stream!.write('event: notification\ndata: {}\n\n')
    const heard = await until(() => said('@care Is mine'), 'heard')
    assert.equal(heard.thread, thread)
    await asOwner(ctx => answer(ctx, answer.info.takes.parse({ thread, text: 'Yes, it is.' })))
    await leave()
    const ours = [...server.posts.values()].at(-1)!
    assert.deepEqual(
      [ours.content, ours.in_reply_to_id, ours.visibility],
      ['<p><a class="u-url mention">@<span>anna</span></a> Yes, it is.</p>', theirs.id, 'public'],
    )
    assert.deepEqual((await said('Our spring'))?.id, content)
  })

  test('what they change or take away follows here, and what we change or take back follows there', async () => {
    const theirs = [...server.posts.values()].find(({ account: from }) => from === server.accounts['2'])!
    Object.assign(theirs, { content: '<p>@care Is mine in it, too?</p>', edited_at: new Date().toISOString() })
    server.stream!.write(`event: status.update\ndata: ${JSON.stringify(theirs)}\n\n`)
    await until(() => said('@care Is mine in it, too?'), 'their change')
    server.posts.delete(theirs.id as string)
    server.stream!.write(`event: delete\ndata: ${theirs.id}\n\n`)
    await until(async () => !(await said('@care Is mine')), 'their removal')
    const { id: content } = (await said('Our spring'))!
    await asOwner(ctx => change(ctx, change.info.takes.parse({ content, text: 'Our list is out.', parts: ['It is longer.'] })))
    await house.settle()
    assert.deepEqual(texts().slice(0, 2), ['Our list is out.', 'It is longer.'])
    await asOwner(ctx => withdraw(ctx, withdraw.info.takes.parse({ content })))
    await house.settle()
    assert.deepEqual(texts(), ['@anna Yes, it is.'])
    assert.equal(await said('Our list'), undefined)
  })
})
