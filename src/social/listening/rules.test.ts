import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pauseBefore } from './rules.ts'

test('A broken line is made again after one second, then twice as long each time up to five minutes, and up to half as much more by chance.', () => {
  assert.deepEqual(
    [1, 2, 3, 9, 10, 1000].map(tries => pauseBefore(tries, 0)),
    [1000, 2000, 4000, 256_000, 300_000, 300_000],
  )
  assert.equal(pauseBefore(1, 1), 1500)
  assert.equal(pauseBefore(1000, 1), 450_000)
})
