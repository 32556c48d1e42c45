import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import { mayTie } from './rules.ts'

test('Nobody follows or blocks oneself.', () => {
  mayTie(['a', 'b'], ['c'])
  assert.throws(
    () => mayTie(['a', 'b'], ['c', 'b']),
    (error: unknown) => error instanceof Refusal && error.key === 'graph.oneself',
  )
})
