import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { setClock } from '#kernel/clock.ts'
import { inKernel } from '#kernel/db.ts'
import { accountChanged, whoHas } from '#kernel/identity/sessions.ts'
import { makeToken } from '#kernel/identity/tokens.ts'
import { codeOf } from '#kernel/identity/totp.ts'
import { hasMessage } from '#kernel/messages.ts'
import { permissions } from '#kernel/permissions.ts'
import { testHouse } from '#kernel/testing.ts'
import * as access from '#social/access/actions.ts'
import * as credentials from './actions.ts'

const house = await testHouse()
let visitors = 0
const visitor = () => ({ agent: 'Test', address: `192.0.2.${++visitors}` })
const password = 'a green boat in May'

async function founder(name = 'Ada Berg') {
  const token = await makeToken({ purpose: 'setup', minutes: 30 })
  const email = `${name.toLowerCase().replace(' ', '.')}.${visitors}@test.invalid`
  const session = await access.setUp({ token, organisation: 'Boats', name, email, password }, visitor(), 'Europe/Berlin')
  return { token, email, session, who: (await whoHas(session))! }
}

test('the first link makes an organisation and its owner, once', async () => {
  const { token, who } = await founder()
  assert.equal(who.role, 'owner')
  assert.deepEqual(
    await house.happened(who.org!),
    ['Create:Person', 'Create:Organisation'].filter(word => word),
  )
  await assert.rejects(access.setUp({ token, organisation: 'Again', name: 'Eve', email: 'eve@test.invalid', password }, visitor(), 'UTC'), {
    code: 'gone',
  })
})

test('of a hundred that use one set-up link at once, one gets in', async () => {
  const token = await makeToken({ purpose: 'setup', minutes: 30 })
  const tries = await Promise.allSettled(
    Array.from({ length: 20 }, (_, at) =>
      access.setUp({ token, organisation: 'Race', name: 'Racer', email: `race${at}@test.invalid`, password }, visitor(), 'UTC'),
    ),
  )
  assert.equal(tries.filter(each => each.status === 'fulfilled').length, 1)
})

test('a set-up link ends after thirty minutes', async () => {
  const token = await makeToken({ purpose: 'setup', minutes: 30 })
  setClock(() => new Date(Date.now() + 31 * 60_000))
  try {
    assert.equal(await access.mayIssue(token), false)
  } finally {
    setClock()
  }
})

test('wrong address and wrong password get the same refusal', async () => {
  const { email } = await founder('Bo Lind')
  for (const input of [
    { email, password: 'not this one at all' },
    { email: 'nobody@test.invalid', password },
  ])
    await assert.rejects(access.signIn(input, visitor()), { code: 'invalid', key: 'access.wrong' })
  assert.equal((await access.signIn({ email, password }, visitor())).second, false)
})

test('the twenty-sixth try from one address waits', async () => {
  const from = visitor()
  for (let at = 0; at < 25; at++) await assert.rejects(access.signIn({ email: `x${at}@test.invalid`, password }, from), { code: 'invalid' })
  await assert.rejects(access.signIn({ email: 'x@test.invalid', password }, from), { code: 'tooMany' })
})

test('with a second factor the password alone opens nothing, and each code works once', async t => {
  // In the middle of a code’s thirty seconds, so that none ends while it is being used.
  const at = new Date(Math.floor(Date.now() / 30_000) * 30_000 + 10_000)
  setClock(() => at)
  t.after(() => setClock())
  const { email, who } = await founder('Cy Dahl')
  const actor = { kind: 'person', account: who.account, person: who.person, role: who.role, via: 'test' } as const
  const { secret } = await house.as(who.org!, actor, ctx => credentials.beginSecondFactor(ctx, {}))
  const step = () => Math.floor(at.getTime() / 30_000)
  const { recoveryCodes } = await house.as(who.org!, actor, ctx =>
    credentials.confirmSecondFactor(ctx, { code: codeOf(secret, step() - 1) }),
  )
  assert.equal(recoveryCodes.length, 10)
  const half = await access.signIn({ email, password }, visitor())
  assert.equal(half.second, true)
  const halfWho = (await whoHas(half.token))!
  assert.equal(halfWho.complete, false)
  await assert.rejects(access.passSecondFactor(who.account, halfWho.session, codeOf(secret, step() - 1), visitor()), {
    key: 'access.wrongCode',
  })
  const code = codeOf(secret, step())
  const full = await access.passSecondFactor(who.account, halfWho.session, code, visitor())
  assert.equal((await whoHas(full))!.complete, true)
  assert.equal(await whoHas(half.token), null)
  await assert.rejects(access.passSecondFactor(who.account, halfWho.session, code, visitor()), { key: 'access.wrongCode' })
  await access.passSecondFactor(who.account, halfWho.session, recoveryCodes[0]!, visitor())
  await assert.rejects(access.passSecondFactor(who.account, halfWho.session, recoveryCodes[0]!, visitor()), { key: 'access.wrongCode' })
})

test('recovery codes and sessions are kept only as hashes', async () => {
  const { session } = await founder('Di Falk')
  const found = await inKernel(db => sql<{ n: number }>`select count(*) as n from session where token_hash = ${session}`.execute(db))
  assert.equal(found.rows[0]!.n, 0)
})

test('a new password ends every session', async () => {
  const { email, session, who } = await founder('Ed Gran')
  const path = await access.resetLinkFor(email)
  const token = new URL(path, 'http://x.invalid').searchParams.get('token')!
  const fresh = await access.reset(token, 'another boat in June', visitor())
  assert.equal(await whoHas(session), null)
  assert.equal((await whoHas(fresh.token))!.account, who.account)
  await assert.rejects(access.reset(token, 'yet another boat in July', visitor()), { code: 'gone' })
})

test('a session ends after fourteen idle days and after ninety in any case', async () => {
  const { email } = await founder('Flo Holm')
  const { token } = await access.signIn({ email, password }, visitor())
  const days = (n: number) => setClock(() => new Date(Date.now() + n * 86_400_000))
  const fresh = () => accountChanged('nobody')
  try {
    for (let day = 10; day <= 80; day += 10) {
      days(day)
      await fresh()
      assert.ok(await whoHas(token), `day ${day}`)
    }
    days(95)
    await fresh()
    assert.equal(await whoHas(token), null)
    setClock()
    const idle = (await access.signIn({ email, password }, visitor())).token
    days(15)
    await fresh()
    assert.equal(await whoHas(idle), null)
  } finally {
    setClock()
  }
})

test('a personal key is shown once and revoked at once', async () => {
  const { who } = await founder('Gil Jern')
  const actor = { kind: 'person', account: who.account, person: who.person, role: who.role, via: 'test' } as const
  const { id, key } = await house.as(who.org!, actor, ctx => credentials.makeKey(ctx, { name: 'Robot', scopes: ['inbox.read'] }))
  assert.match(key, /^tf_[\w-]{43}$/)
  const { items } = await house.as(who.org!, actor, ctx => credentials.keys(ctx, {}))
  assert.equal(JSON.stringify(items).includes(key), false)
  await house.as(who.org!, actor, ctx => credentials.revokeKey(ctx, { key: id }))
  assert.deepEqual((await house.as(who.org!, actor, ctx => credentials.keys(ctx, {}))).items, [])
  await assert.rejects(
    house.as(who.org!, actor, ctx => credentials.makeKey(ctx, { name: 'Robot', scopes: ['no.such'] })),
    { code: 'invalid' },
  )
})

test('each permission that a key can be limited to has a name that people read', () => {
  const silent = Object.keys(permissions()).filter(each => !hasMessage(`kernel.permission.${each}`))
  assert.deepEqual(silent, [])
})
