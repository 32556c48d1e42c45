import assert from 'node:assert/strict'
import test from 'node:test'
import { seesOwned } from './owned.ts'

test('only its owner sees and changes what is one’s own', () => {
  assert.deepEqual([seesOwned(null, 'a'), seesOwned('a', 'a'), seesOwned('b', 'a'), seesOwned('b', null)], [true, true, false, false])
})
