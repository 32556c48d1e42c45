import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import { mayNote, ringOf } from './rules.ts'
import { sideNames } from './words.ts'

test('Whoever works here is inside; a customer is a customer even when also something else; all others are outside.', () => {
  assert.equal(ringOf(['customer', 'colleague']), 'inside')
  assert.equal(ringOf(['partner', 'customer']), 'customer')
  assert.equal(ringOf(['partner', 'prospect']), 'outside')
  assert.equal(ringOf([]), 'outside')
})

test('Whoever works here is a colleague by having a sign-in, not by being called one.', () => {
  assert.throws(
    () => mayNote('colleague'),
    (error: unknown) => error instanceof Refusal && error.key === 'sides.ofAccount',
  )
  for (const side of sideNames) if (side !== 'colleague') mayNote(side)
})
