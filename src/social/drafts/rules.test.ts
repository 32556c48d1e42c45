import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import * as rules from './rules.ts'

const refused = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    if (error instanceof Refusal) return `${error.code} ${error.key}`
  }
  return 'may'
}

test('A draft fits while it has at most 256 kB and is one of at most a hundred.', () => {
  assert.equal(
    refused(() => rules.mayKeep({ bytes: 262_144, others: 99 })),
    'may',
  )
  assert.equal(
    refused(() => rules.mayKeep({ bytes: 262_145, others: 0 })),
    'tooLarge drafts.large',
  )
  assert.equal(
    refused(() => rules.mayKeep({ bytes: 1, others: 100 })),
    'tooMany drafts.many',
  )
})

test('A draft without words is no draft.', () => {
  for (const empty of [{}, { fields: {} }, { fields: { text: '' } }, null, 'x', []]) assert.equal(rules.isEmpty(empty), true)
  assert.equal(rules.isEmpty({ fields: { text: 'a' } }), false)
})
