import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'

test('A thread has at most fifty tasks that are open.', () => {
  rules.mayAdd(49)
  assert.throws(() => rules.mayAdd(50), { code: 'tooMany' })
})

test('A task is late when its day is over and it is not done.', () => {
  const late = (until: string | null, done = false) => rules.isLate({ until, done }, '2026-03-04')
  assert.deepEqual([late('2026-03-03'), late('2026-03-04'), late(null), late('2026-03-03', true)], [true, false, false, false])
})
