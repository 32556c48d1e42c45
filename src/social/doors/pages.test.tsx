import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { z } from 'zod'
import { asSystem } from '#kernel/db.ts'
import { ChannelError, Refusal } from '#kernel/errors.ts'
import { serve } from '#kernel/http.tsx'
import { testHouse } from '#kernel/testing.ts'
import * as channels from '#social/channels/actions.ts'
import { type Call, type Channel, channel, type HeardMessage } from '#social/channels/words.ts'

const house = await testHouse()
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

let called: Call<unknown> | undefined
const faults: Record<string, Error> = {
  forged: new ChannelError('rejected', { says: 'secret words' }),
  down: new ChannelError('down', { says: 'secret words' }),
  refused: new Refusal('gone', 'secret.words'),
  fault: new TypeError('secret words'),
}

const pigeon = channel<z.output<typeof settings>>({
  name: 'pigeon',
  title: 'test.title',
  settings,
  asks: settings,
  discover: async given => ({ settings: settings.parse(given), name: 'Us', address: settings.parse(given).address }),
  own: it => [it.address, 'alias@example.org'],
  can: {},
  truth: [],
  normalise: address => address.toLowerCase(),
  doors: [
    {
      method: 'GET',
      path: '/.well-known/pigeons',
      async answer(call) {
        called = call
        const it = await call.account({ address: new URL(call.request.url).searchParams.get('of') ?? '' })
        return it ? Response.json(it.name) : new Response(null, { status: 404 })
      },
    },
    {
      method: 'POST',
      path: '/pigeon/loft/:id',
      async answer(call) {
        called = call
        const it = await call.account({ id: call.params.id! })
        if (!it) return new Response(null, { status: 404 })
        return Response.json(await it.takeIn(((await call.request.json()) as string[]).map(letter)))
      },
    },
    {
      method: 'POST',
      path: '/pigeon/knowing',
      async answer(call) {
        const known = await call.knowing((await call.request.json()) as { things: string[]; kept: string[] })
        return Response.json(known.map(({ account }) => account.id).sort())
      },
    },
    { method: 'GET', path: '/pigeon/fails/:how', answer: ({ params }) => Promise.reject(faults[params.how!]) },
    {
      method: 'OPTIONS',
      path: '/pigeon/loft/:id',
      answer: async () => new Response(null, { headers: { 'cross-origin-resource-policy': 'cross-origin' } }),
    },
  ],
}) as Channel
channels.useChannels([pigeon])
const app = serve(house.house.modules, { baseUrl: undefined, trustProxy: false })

async function account(address: string, name = 'Us') {
  const org = await house.organisation()
  const found = { settings: { address }, name, address }
  return { org, id: (await asSystem(org, ctx => channels.keepAccount(ctx, pigeon, found, { account: null, by: null })))! }
}

const texts = (org: string) =>
  asSystem(org, async ctx =>
    (await sql<{ text: string }>`select text from content order by text`.execute(ctx.db)).rows.map(row => row.text),
  )

test('an account is found by any of its addresses, in whichever organisation, while it works; nobody else gets it', async () => {
  const it = await account('Us@example.org', 'First')
  assert.equal((await account('us@example.org', 'Second')).id, null)
  const find = async (of: string) => {
    const answer = await app.request(`/.well-known/pigeons?of=${encodeURIComponent(of)}`)
    return answer.status === 200 ? await answer.json() : answer.status
  }
  assert.deepEqual(await Promise.all(['us@example.org', 'US@EXAMPLE.ORG', 'alias@example.org'].map(find)), ['First', 'First', 'First'])
  for (const none of ['', 'nobody@example.org', '%', 'x\0', "'--", 'x'.repeat(600)]) assert.equal(await find(none), 404, none)
  await asSystem(it.org, ctx => channels.standBy(ctx, it.id, 'paused'))
  assert.equal(await find('us@example.org'), 404)
})

test('what comes in by a door is kept once, for the organisation of the account and no other', async () => {
  const it = await account('loft@example.org')
  const other = await account('other@example.org')
  const push = (id: string, body: string, headers: Record<string, string> = {}) =>
    app.request(`/pigeon/loft/${id}?x=1`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
  assert.equal(await (await push(it.id, '["a","b"]')).json(), 2)
  assert.equal(await (await push(it.id, '["b","c"]')).json(), 1)
  assert.deepEqual([await texts(it.org), await texts(other.org)], [['a', 'b', 'c'], []])
  for (const none of [crypto.randomUUID(), 'x', `${it.id}'--`]) assert.equal((await push(none, '["d"]')).status, 404)
  assert.equal((await push(it.id, JSON.stringify(['x'.repeat(1024 * 1024)]))).status, 413)
  const removed = await push(it.id, '[]')
  await asSystem(it.org, async ctx => channels.removeAccount(ctx, (await channels.openAccount(ctx, it.id))!.row))
  assert.deepEqual([removed.status, (await push(it.id, '["d"]')).status], [200, 404])
})

test('whoever knows what names nobody is found in every organisation, by what was heard or by what is kept, while it works', async () => {
  const [one, two, idle] = [await account('one@example.org'), await account('two@example.org'), await account('idle@example.org')]
  await asSystem(one.org, async ctx => (await channels.openAccount(ctx, one.id))!.account).then(it => it.memory.set('follows anna', true))
  for (const { id } of [one, two, idle]) await app.request(`/pigeon/loft/${id}`, { method: 'POST', body: '["thing"]' })
  await asSystem(idle.org, ctx => channels.standBy(ctx, idle.id, 'paused'))
  const knowing = async (it: { things: string[]; kept: string[] }) =>
    (await app.request('/pigeon/knowing', { method: 'POST', body: JSON.stringify(it) })).json()
  assert.deepEqual(await knowing({ things: ['thing', 'x\0'], kept: [] }), [one.id, two.id].sort())
  assert.deepEqual(await knowing({ things: ['other'], kept: ['follows anna'] }), [one.id])
  assert.deepEqual(await knowing({ things: ['other'], kept: ['follows', ''] }), [])
})

test('any page may call, and the session of whoever looks at it counts for nothing; all else is as the caller sent it', async () => {
  const it = await account('any@example.org')
  const headers = {
    origin: 'https://shop.example',
    cookie: 'trefoil=abc',
    signature: 'sig',
    date: 'Tue, 07 Jun 2014 20:51:35 GMT',
    host: 'us.example',
  }
  const answer = await app.request(`/pigeon/loft/${it.id}?x=%20y`, { method: 'POST', body: '[]', headers })
  const { request, origin, params } = called!
  assert.deepEqual([answer.status, params, request.url], [200, { id: it.id }, `${origin}/pigeon/loft/${it.id}?x=%20y`])
  assert.equal(request.headers.get('cookie'), null)
  for (const name of ['origin', 'signature', 'date', 'host'] as const) assert.equal(request.headers.get(name), headers[name])
  const asked = await app.request(`/pigeon/loft/${it.id}`, { method: 'OPTIONS', headers })
  assert.deepEqual([asked.status, asked.headers.get('cross-origin-resource-policy')], [200, 'cross-origin'])
  assert.equal(asked.headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'")
})

test('what fails behind a door is answered without a word of the inside', async () => {
  const answers = await Promise.all(Object.keys(faults).map(how => app.request(`/pigeon/fails/${how}`)))
  assert.deepEqual(
    answers.map(each => each.status),
    [403, 503, 410, 500],
  )
  for (const each of answers) assert.equal(await each.text(), '')
})

test('a channel that opens a door elsewhere does not come into the house', () => {
  const evil = { ...pigeon, doors: [{ method: 'GET' as const, path: '/settings', answer: async () => new Response() }] }
  channels.useChannels([evil])
  assert.throws(() => serve(house.house.modules, { baseUrl: undefined, trustProxy: false }), /may not open a door at \/settings/)
  channels.useChannels([pigeon])
})
