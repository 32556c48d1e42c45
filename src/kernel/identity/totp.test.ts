import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret } from 'otpauth'
import { codeOf, newRecoveryCodes, newTotpSecret, recoveryHash, totpLink, totpStep } from './totp.ts'

const secret = Secret.fromUTF8('12345678901234567890').base32

test('codes are those of RFC 6238, appendix B, in their last six digits', () => {
  const vectors: [number, string][] = [
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ]
  for (const [seconds, code] of vectors) {
    assert.equal(codeOf(secret, Math.floor(seconds / 30)), code.slice(2))
    assert.equal(totpStep(secret, code.slice(2), new Date(seconds * 1000), 0), Math.floor(seconds / 30))
  }
})

test('a code is right for its step and one beside it, and for no other', () => {
  const step = 57_000_000
  const at = new Date(step * 30_000 + 15_000)
  const right = [-2, -1, 0, 1, 2].map(off => totpStep(secret, codeOf(secret, step + off), at, 0))
  assert.deepEqual(right, [null, step - 1, step, step + 1, null])
})

test('a code works once: neither it nor an older one is right after it was used', () => {
  const step = 57_000_000
  const at = new Date(step * 30_000)
  assert.equal(totpStep(secret, codeOf(secret, step), at, step), null)
  assert.equal(totpStep(secret, codeOf(secret, step - 1), at, step), null)
  assert.equal(totpStep(secret, codeOf(secret, step + 1), at, step), step + 1)
})

test('what is not six digits is no code', () => {
  for (const code of ['', '12345', '1234567', '١٢٣٤٥٦', 'abcdef', '12 456', '-12345'])
    assert.equal(totpStep(secret, code, new Date(), 0), null)
})

test('a new secret has 160 bits, and an authenticator can read it with name and house', () => {
  const fresh = newTotpSecret()
  assert.equal(Secret.fromBase32(fresh).bytes.length, 20)
  const link = new URL(totpLink(fresh, 'anna@test.invalid', 'Trefoil'))
  assert.deepEqual([link.protocol, link.searchParams.get('secret'), link.searchParams.get('issuer')], ['otpauth:', fresh, 'Trefoil'])
})

test('ten recovery codes differ, are kept as hashes of their account, and may be typed with or without hyphens', () => {
  const codes = newRecoveryCodes()
  assert.equal(new Set(codes).size, 10)
  for (const code of codes) assert.match(code, /^[2-9a-hj-km-np-z]{4}(-[2-9a-hj-km-np-z]{4}){2}$/)
  const [code] = codes
  assert.equal(recoveryHash('anna', code!), recoveryHash('anna', ` ${code!.toUpperCase().replaceAll('-', '')} `))
  assert.notEqual(recoveryHash('anna', code!), recoveryHash('ben', code!))
})
