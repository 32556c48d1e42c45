import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { after, test } from 'node:test'
import { checkPassword, hashPassword } from './passwords.ts'

// How many run at once can only be seen from below.
const real = crypto.argon2
let [running, most] = [0, 0]
crypto.argon2 = ((...[algorithm, parameters, done]: Parameters<typeof real>) => {
  most = Math.max(most, ++running)
  return real(algorithm, parameters, (error, tag) => {
    running--
    done(error, tag)
  })
}) as typeof real
syncBuiltinESMExports()
after(() => {
  crypto.argon2 = real
  syncBuiltinESMExports()
})

test('a password is kept as a PHC string of Argon2id, each time another', async () => {
  const [one, other] = await Promise.all([hashPassword('a green boat'), hashPassword('a green boat')])
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.notEqual(one, other)
})

test('the right one is right, however its letters are composed, and no other is', async () => {
  const kept = await hashPassword('Küste im Mai')
  assert.deepEqual(await checkPassword('Küste im Mai', kept), { right: true, renew: false })
  assert.equal((await checkPassword('Küste im Mai'.normalize('NFD'), kept)).right, true)
  for (const wrong of ['küste im mai', 'Küste im Mai ', '', 'Kuste im Mai']) assert.equal((await checkPassword(wrong, kept)).right, false)
})

test('one that was kept at a lower cost is right and wants to be kept anew', async () => {
  const salt = Buffer.alloc(16, 1)
  const parameters = { message: 'an old one', nonce: salt, memory: 8192, passes: 1, parallelism: 1, tagLength: 32 }
  const tag = crypto.argon2Sync('argon2id', parameters)
  const bare = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  const kept = `$argon2id$v=19$m=8192,t=1,p=1$${bare(salt)}$${bare(tag)}`
  assert.deepEqual(await checkPassword('an old one', kept), { right: true, renew: true })
  assert.deepEqual(await checkPassword('another', kept), { right: false, renew: false })
})

test('where nothing is kept, or something that cannot be read, nothing is right, and it costs as much', async () => {
  const before = most
  most = 0
  for (const kept of [null, '', 'plain', '$argon2i$v=19$m=1,t=1,p=1$AAAA$AAAA', '$2b$10$abcdefghijklmnopqrstuv'])
    assert.deepEqual(await checkPassword('x', kept), { right: false, renew: false })
  assert.equal(most, 1)
  most = before
})

test('at most two run at once, sixty-four wait, and one more is asked to come back', async () => {
  most = 0
  const tries = await Promise.allSettled(Array.from({ length: 67 }, () => hashPassword('x')))
  assert.equal(most, 2)
  assert.equal(tries.filter(each => each.status === 'fulfilled').length, 66)
  const [refused] = tries.filter(each => each.status === 'rejected')
  assert.equal((refused!.reason as { code: string }).code, 'unavailable')
})
