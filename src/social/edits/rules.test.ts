import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'

test('At most a hundred thousand people are changed at once, and at least one.', () => {
  rules.areSo(1)
  rules.areSo(100_000)
  assert.throws(() => rules.areSo(0), { key: 'edits.none' })
  assert.throws(() => rules.areSo(100_001), { key: 'edits.tooMany' })
})

test('What is over, or was stopped, can be taken back once.', () => {
  assert.deepEqual((['running', 'done', 'cancelled', 'undoing', 'undone'] as const).filter(rules.mayGoBack), ['done', 'cancelled'])
})

test('For thirty days it can be taken back.', () => {
  assert.equal(rules.keptSince(new Date('2026-03-31T00:00:00Z')).toISOString(), '2026-03-01T00:00:00.000Z')
})
