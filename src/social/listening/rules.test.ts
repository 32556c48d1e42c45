import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pauseBefore, shareOfHistory } from './rules.ts'

test('A broken line is made again after one second, then twice as long each time up to five minutes, and up to half as much more by chance.', () => {
  assert.deepEqual(
    [1, 2, 3, 9, 10, 1000].map(tries => pauseBefore(tries, 0)),
    [1000, 2000, 4000, 256_000, 300_000, 300_000],
  )
  assert.equal(pauseBefore(1, 1), 1500)
  assert.equal(pauseBefore(1000, 1), 450_000)
})

test('How much of the history is there: by number where the network says how many there are, else by time, newest first; null while nobody knows.', () => {
  const it = { done: 5, oldest: Number.POSITIVE_INFINITY, from: new Date(0), began: new Date(1000) }
  assert.equal(shareOfHistory({ ...it, total: 20 }), 0.25)
  assert.equal(shareOfHistory({ ...it, total: 3 }), 1)
  assert.equal(shareOfHistory(it), null)
  assert.equal(shareOfHistory({ ...it, oldest: 250 }), 0.75)
  assert.equal(shareOfHistory({ ...it, oldest: -5 }), 1)
})
