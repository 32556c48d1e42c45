import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import {
  derivedKey,
  hashOf,
  newToken,
  renewKey,
  seal,
  sealForHouse,
  sign,
  signedBy,
  unseal,
  unsealForHouse,
  useMasterKey,
} from './crypto.ts'
import { asSystem } from './db.ts'
import { testHouse } from './testing.ts'

const house = await testHouse()
const usual = Buffer.alloc(32, 7)
after(() => useMasterKey(usual))
/** As another process would begin: nothing in memory. */
const forgetAll = () => useMasterKey(usual)

const keys = (org: string) =>
  asSystem(org, async ctx => (await sql<{ id: string; sealed: string }>`select id, sealed from data_key order by id`.execute(ctx.db)).rows)

test('what is sealed comes back, never twice in the same way, and does not show its text', async () => {
  const org = await house.organisation()
  const sealed = await asSystem(org, async ctx => [await seal(ctx, 'örtlich 🔑'), await seal(ctx, 'örtlich 🔑'), await seal(ctx, '')])
  assert.equal(new Set(sealed).size, 3)
  assert.ok(!Buffer.from(sealed[0]!.split('.')[2]!, 'base64url').includes('rtlich'))
  forgetAll()
  const opened = await asSystem(org, ctx => Promise.all(sealed.map(each => unseal(ctx, each))))
  assert.deepEqual(opened, ['örtlich 🔑', 'örtlich 🔑', ''])
})

test('another organisation cannot open it, not even with the key in its hands', async () => {
  const [org, other] = [await house.organisation(), await house.organisation()]
  const sealed = await asSystem(org, ctx => seal(ctx, 'ours'))
  await asSystem(other, ctx => seal(ctx, 'theirs'))
  await assert.rejects(asSystem(other, ctx => unseal(ctx, sealed)))
  const [row] = await keys(org)
  await asSystem(other, ctx => sql`insert into data_key (id, sealed) values (${row!.id}, ${row!.sealed})`.execute(ctx.db))
  forgetAll()
  await assert.rejects(asSystem(other, ctx => unseal(ctx, sealed)))
})

test('whatever is changed in a sealed text is noticed', async () => {
  const org = await house.organisation()
  const sealed = await asSystem(org, ctx => seal(ctx, 'a secret of some length'))
  const [version, id, locked] = sealed.split('.') as [string, string, string]
  const bytes = Buffer.from(locked, 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed[at]! ^= 1
    await assert.rejects(
      asSystem(org, ctx => unseal(ctx, `${version}.${id}.${changed.toString('base64url')}`)),
      `byte ${at}`,
    )
  }
  for (const wrong of ['', 'x', `2.${id}.${locked}`, `1.${id}.`, `1.${id}.${locked.slice(0, 20)}`])
    await assert.rejects(
      asSystem(org, ctx => unseal(ctx, wrong)),
      wrong,
    )
})

test('a sealed text whose check was cut short does not open', async () => {
  const org = await house.organisation()
  const [version, id, locked] = (await asSystem(org, ctx => seal(ctx, ''))).split('.')
  for (const length of [4, 8, 12, 15]) {
    const short = Buffer.from(locked!, 'base64url').subarray(0, 12 + length)
    await assert.rejects(asSystem(org, ctx => unseal(ctx, `${version}.${id}.${short.toString('base64url')}`)))
  }
})

test('a renewed key seals what comes; what was there stays readable', async () => {
  const org = await house.organisation()
  const before = await asSystem(org, ctx => seal(ctx, 'before'))
  await asSystem(org, renewKey)
  const later = await asSystem(org, ctx => seal(ctx, 'later'))
  assert.notEqual(before.split('.')[1], later.split('.')[1])
  assert.equal((await keys(org)).length, 2)
  for (const start of [() => {}, forgetAll]) {
    start()
    assert.deepEqual(await asSystem(org, async ctx => [await unseal(ctx, before), await unseal(ctx, later)]), ['before', 'later'])
  }
})

test('a key that was rolled back seals nothing that stays', async () => {
  const org = await house.organisation()
  await assert.rejects(
    asSystem(org, async ctx => {
      assert.equal(await unseal(ctx, await seal(ctx, 'gone')), 'gone')
      throw new Error('rolled back')
    }),
  )
  assert.deepEqual(await keys(org), [])
  const sealed = await asSystem(org, ctx => seal(ctx, 'stays'))
  await assert.rejects(
    asSystem(org, async ctx => {
      await renewKey(ctx)
      await seal(ctx, 'gone')
      throw new Error('rolled back')
    }),
  )
  const after = await asSystem(org, ctx => seal(ctx, 'stays too'))
  forgetAll()
  assert.deepEqual(await asSystem(org, async ctx => [await unseal(ctx, sealed), await unseal(ctx, after)]), ['stays', 'stays too'])
})

test('with another master key nothing opens', async () => {
  const org = await house.organisation()
  const sealed = await asSystem(org, ctx => seal(ctx, 'ours'))
  const own = sealForHouse('a second factor', 'anna')
  useMasterKey(Buffer.alloc(32, 8))
  await assert.rejects(asSystem(org, ctx => unseal(ctx, sealed)))
  assert.throws(() => unsealForHouse(own, 'anna'))
  useMasterKey(usual)
  assert.equal(await asSystem(org, ctx => unseal(ctx, sealed)), 'ours')
  assert.throws(() => useMasterKey(Buffer.alloc(31)))
})

test('a secret of the installation opens only for whom it was sealed', () => {
  const sealed = sealForHouse('JBSWY3DP', 'anna')
  assert.equal(unsealForHouse(sealed, 'anna'), 'JBSWY3DP')
  assert.throws(() => unsealForHouse(sealed, 'ben'))
})

test('a signature holds for its text and its purpose alone', () => {
  const signature = sign('unsubscribe', 'anna')
  assert.ok(signedBy('unsubscribe', 'anna', signature))
  for (const [purpose, text, given] of [
    ['unsubscribe', 'ben', signature],
    ['picture', 'anna', signature],
    ['unsubscribe', 'anna', `${signature}x`],
    ['unsubscribe', 'anna', ''],
    ['unsubscribe', 'anna', sign('unsubscribe', 'Anna')],
  ] as const)
    assert.equal(signedBy(purpose, text, given), false)
  assert.notDeepEqual(derivedKey('a'), derivedKey('b'))
})

test('a token has 256 bits, and its hash does not contain it', () => {
  const tokens = Array.from({ length: 1000 }, newToken)
  assert.equal(new Set(tokens).size, 1000)
  assert.ok(tokens.every(each => Buffer.from(each, 'base64url').length === 32 && !hashOf(each).includes(each)))
})
