import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { z } from 'zod'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { serve } from '#kernel/http.tsx'
import { testHouse } from '#kernel/testing.ts'
import * as accounts from '#social/accounts/actions.ts'
import { useChannels } from '#social/channels/actions.ts'
import { type Channel, channel, type HeardMessage } from '#social/channels/words.ts'

const house = await testHouse()
const app = serve(house.house.modules, { baseUrl: undefined, trustProxy: false })
const settings = z.strictObject({ address: z.email() })

const letter = (remoteId: string): HeardMessage => ({
  is: 'message',
  remoteId,
  direction: 'in',
  at: new Date(),
  from: { network: 'pigeon', address: 'anna@example.org' },
  to: [],
  copied: [],
  answers: [],
  text: remoteId,
  attachments: [],
})

useChannels([
  channel<z.output<typeof settings>>({
    name: 'pigeon',
    title: 'test.title',
    settings,
    asks: settings,
    discover: async given => ({ settings: settings.parse(given), name: 'Us', address: settings.parse(given).address }),
    can: {
      listen: {
        since: async () => ({ heard: [], cursor: '', more: false }),
        async webhook(_account, request) {
          const { searchParams } = new URL(request.url)
          if (request.method === 'GET' && searchParams.has('challenge'))
            return { heard: [], answer: new Response(searchParams.get('challenge')) }
          const signature = request.headers.get('signature')
          if (signature === 'late') throw new ChannelError('down', { says: 'test.down' })
          if (signature !== 'good') throw new ChannelError('rejected', { says: 'test.forged' })
          return ((await request.json()) as string[]).map(letter)
        },
      },
    },
    truth: [],
    normalise: address => address,
  }) as Channel,
])

async function account() {
  const org = await house.organisation()
  const { attempt } = await house.as(org, 'owner', ctx =>
    accounts.connect(ctx, { channel: 'pigeon', asked: { address: 'us@example.com' } }),
  )
  await house.settle()
  return { org, account: (await house.as(org, 'owner', ctx => accounts.attempt(ctx, { attempt }))).account! }
}

const push = (path: string, signature: string, body: string) =>
  app.request(path, { method: 'POST', body, headers: { signature, 'content-type': 'application/json' } })

test('a push is taken in once, and only when the account’s channel finds it genuine', async () => {
  const { org, account: id } = await account()
  const door = `/webhooks/${org}/${id}`
  for (let at = 0; at < 5; at++) assert.equal((await push(door, 'good', '["a","b"]')).status, 202)
  assert.equal((await push(door, 'forged', '["c"]')).status, 403)
  const late = await push(door, 'late', '["c"]')
  assert.deepEqual([late.status, late.headers.get('retry-after')], [503, '60'])
  const { rows } = await asSystem(org, ctx => sql<{ text: string }>`select text from content order by text`.execute(ctx.db))
  assert.deepEqual(
    rows.map(row => row.text),
    ['a', 'b'],
  )
})

test('a network that asks whether we are there gets the answer that its channel gives', async () => {
  const { org, account: id } = await account()
  const asked = await app.request(`/webhooks/${org}/${id}?challenge=7`)
  assert.deepEqual([asked.status, await asked.text()], [200, '7'])
  assert.equal((await app.request(`/webhooks/${org}/${id}`)).status, 403)
})

test('doors that do not exist answer alike, and none takes more than a megabyte', async () => {
  const { org, account: id } = await account()
  const other = await house.organisation()
  const none = crypto.randomUUID()
  for (const path of [
    `/webhooks/${org}/${none}`,
    `/webhooks/${other}/${id}`,
    `/webhooks/${none}/${id}`,
    '/webhooks/x/y',
    `/webhooks/${org}/${id}'--`,
  ])
    assert.equal((await push(path, 'good', '["a"]')).status, 404, path)
  assert.equal((await push(`/webhooks/${org}/${id}`, 'good', JSON.stringify(['x'.repeat(1024 * 1024)]))).status, 413)
  assert.equal((await app.request(`/webhooks/${org}/${none}?challenge=7`)).status, 404)
})
