import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'

test('Who has not told for thirty seconds that they are here has left.', () => {
  assert.deepEqual(rules.hereSince(new Date(60_000)), new Date(30_000))
})
