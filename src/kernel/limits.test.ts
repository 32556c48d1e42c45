import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from './errors.ts'
import { count, forgive, limits } from './limits.ts'

test('one too many is refused with the seconds to wait, for its own key alone, until it is forgiven', async () => {
  const limit = limits.setupByAddress
  for (let left = 4; left >= 0; left--) assert.equal((await count(limit, 'a')).remaining, left)
  await assert.rejects(
    count(limit, 'a'),
    error => error instanceof Refusal && error.code === 'tooMany' && error.retryAfter! > 0 && error.retryAfter! <= 1800,
  )
  assert.equal((await count(limit, 'b')).remaining, 4)
  await forgive(limit, 'a')
  assert.equal((await count(limit, 'a')).remaining, 4)
})
