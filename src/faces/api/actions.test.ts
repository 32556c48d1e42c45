import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { setClock } from '#kernel/clock.ts'
import type { Actor } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { serve } from '#kernel/http.tsx'
import { tickNow } from '#kernel/jobs.ts'
import { limits } from '#kernel/limits.ts'
import { testHouse } from '#kernel/testing.ts'
import { makeKey, revokeKey } from '#social/credentials/actions.ts'
import { suspend } from '#social/members/actions.ts'

const house = await testHouse()
const app = serve(house.house.modules, { baseUrl: 'http://house.invalid', trustProxy: false })

const keyOf = (org: string, actor: Actor, scopes: string[] = []) => house.as(org, actor, ctx => makeKey(ctx, { name: 'Robot', scopes }))

const get = async (path: string, key: string, headers: Record<string, string> = {}) =>
  app.request(`http://house.invalid/api/v1/${path}`, { headers: { authorization: `Bearer ${key}`, ...headers } })
const post = async (path: string, body: unknown, key: string, headers: Record<string, string> = {}) =>
  app.request(`http://house.invalid/api/v1/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
  })
const errorOf = async (answer: Response) =>
  ((await answer.json()) as { error: { type: string; says: string; fields?: { field: string }[] } }).error

test('a key without scopes may do what its holder may, and nothing else', async () => {
  const org = await house.organisation()
  const { key } = await keyOf(org, await house.member(org, 'agent'))
  assert.equal((await get('crm/list', key)).status, 200)
  assert.equal((await get('members/list', key)).status, 403)
})

test('scopes limit a key below its holder, and never lift it above', async () => {
  const org = await house.organisation()
  const owner = await house.member(org, 'owner')
  const reads = (await keyOf(org, owner, ['inbox.read'])).key
  assert.equal((await get('crm/list', reads)).status, 200)
  assert.equal((await get('members/list', reads)).status, 403)
  assert.equal((await post('crm/finish', { threads: [crypto.randomUUID()] }, reads)).status, 403)
  const lifted = (await keyOf(org, await house.member(org, 'member'), ['members.manage', 'inbox.read'])).key
  assert.equal((await get('members/list', lifted)).status, 403)
  assert.equal((await get('crm/list', lifted)).status, 403)
})

test('no key, a wrong key, a revoked key and the key of somebody suspended: 401 at once, each the same', async () => {
  const org = await house.organisation()
  const [anna, ben] = [await house.member(org, 'agent'), await house.member(org, 'agent')]
  const revoked = await keyOf(org, anna)
  const suspended = await keyOf(org, ben)
  for (const { key } of [revoked, suspended]) assert.equal((await get('crm/list', key)).status, 200)
  await house.as(org, anna, ctx => revokeKey(ctx, { key: revoked.id }))
  await house.as(org, 'owner', ctx => suspend(ctx, { account: ben.account! }))
  const said = new Set<string>()
  for (const key of [revoked.key, suspended.key, 'tf_wrong', '', 'x'.repeat(300)]) {
    const answer = await get('crm/list', key)
    assert.equal(answer.status, 401)
    said.add(JSON.stringify(await errorOf(answer).then(({ type, says }) => ({ type, says }))))
  }
  assert.equal(said.size, 1)
  assert.equal((await app.request('http://house.invalid/api/v1/crm/list')).status, 401)
})

test('nobody revokes the key of somebody else', async () => {
  const org = await house.organisation()
  const { id, key } = await keyOf(org, await house.member(org, 'agent'))
  await assert.rejects(
    house.as(org, 'owner', ctx => revokeKey(ctx, { key: id })),
    { code: 'notFound' },
  )
  assert.equal((await get('crm/list', key)).status, 200)
})

test('each answer tells how many more there are and when they begin anew; one too many waits, by its key alone', async () => {
  const org = await house.organisation()
  const anna = await house.member(org, 'agent')
  const [one, other] = [(await keyOf(org, anna)).key, (await keyOf(org, anna)).key]
  const usual = limits.apiByKey.points
  limits.apiByKey.points = 3
  try {
    const left = []
    for (let at = 0; at < 3; at++) left.push((await get('crm/list', one)).headers.get('ratelimit-remaining'))
    assert.deepEqual(left, ['2', '1', '0'])
    const refused = await get('crm/list', one)
    assert.equal(refused.status, 429)
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    const free = await get('crm/list', other)
    assert.equal(free.status, 200)
    assert.ok(Number(free.headers.get('ratelimit-reset')) <= 300)
  } finally {
    limits.apiByKey.points = usual
  }
})

test('what changes something wants POST and JSON; what is asked is answered in the language that was asked for', async () => {
  const org = await house.organisation()
  const { key } = await keyOf(org, await house.member(org, 'agent'))
  assert.equal((await get('people/personAdd?name=Zoe', key)).status, 422)
  const says = async (language: string) => (await errorOf(await get('no/such', key, { 'accept-language': language }))).says
  assert.notEqual(await says('de'), await says('en'))
  const { type, fields } = await errorOf(await post('people/personAdd', { name: '' }, key))
  assert.deepEqual([type, fields?.map(each => each.field)], ['invalid', ['name']])
})

const people = (org: string, name: string) =>
  asSystem(org, async ctx =>
    Number((await sql<{ n: number }>`select count(*) as n from person where name = ${name}`.execute(ctx.db)).rows[0]!.n),
  )

test('the same request with one key of idempotency is done once, also at the same moment', async () => {
  const org = await house.organisation()
  const { key } = await keyOf(org, await house.member(org, 'agent'))
  const ask = () => post('people/personAdd', { name: 'Once' }, key, { 'idempotency-key': 'one' })
  const at = await Promise.all(Array.from({ length: 8 }, ask))
  assert.ok(at.every(each => each.status === 200 || each.status === 409))
  const bodies = new Set(await Promise.all(at.filter(each => each.status === 200).map(each => each.text())))
  bodies.add(await (await ask()).text())
  assert.equal(bodies.size, 1)
  assert.equal(await people(org, 'Once'), 1)
  assert.equal((await post('people/personAdd', { name: 'Other' }, key, { 'idempotency-key': 'one' })).status, 422)
  assert.equal(await people(org, 'Other'), 0)
})

test('what was refused keeps nothing under its key: mended it goes through', async () => {
  const org = await house.organisation()
  const { key } = await keyOf(org, await house.member(org, 'agent'))
  const ask = (name: string) => post('people/personAdd', { name }, key, { 'idempotency-key': 'two' })
  assert.equal((await ask('')).status, 422)
  assert.equal((await ask('Mended')).status, 200)
  assert.equal(await people(org, 'Mended'), 1)
})

test('a key of idempotency belongs to its holder, has one to 255 signs, and is forgotten after a day', async () => {
  const org = await house.organisation()
  const [one, other] = [await keyOf(org, await house.member(org, 'agent')), await keyOf(org, await house.member(org, 'agent'))]
  const ask = (key: string, name: string, once = 'three') => post('people/personAdd', { name }, key, { 'idempotency-key': once })
  assert.equal((await ask(one.key, 'Mine')).status, 200)
  assert.equal((await ask(other.key, 'Theirs')).status, 200)
  assert.equal((await ask(one.key, 'x', 'k'.repeat(256))).status, 422)
  setClock(() => new Date(Date.now() + 25 * 3_600_000))
  try {
    assert.equal((await ask(one.key, 'Another')).status, 200)
    setClock(() => new Date(Date.now() + 50 * 3_600_000))
    await tickNow('api.forget')
    const left = await asSystem(org, async ctx => (await sql`select 1 from idempotency`.execute(ctx.db)).rows.length)
    assert.equal(left, 0)
  } finally {
    setClock()
  }
})

test('a program may use a session’s cookie only from our own pages', async () => {
  const org = await house.organisation()
  const browser = await house.browser(org, 'agent')
  assert.equal((await browser.get('/api/v1/crm/list')).status, 200)
  const foreign = await browser.post('/api/v1/people/personAdd', {}, { origin: 'https://evil.example', 'content-type': 'application/json' })
  assert.equal(foreign.status, 403)
})
