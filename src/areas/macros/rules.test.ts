import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'

test('A macro does at least one thing, and does not both put aside and finish.', () => {
  rules.makesSense({ labels: ['late'], finish: false })
  rules.makesSense({ labels: [], finish: true, answer: 'Done' })
  assert.throws(() => rules.makesSense({ labels: [], finish: false }), { key: 'macros.doesNothing' })
  assert.throws(() => rules.makesSense({ labels: [], finish: true, snoozeDays: 2 }), { key: 'macros.eitherOr' })
})

test('What a macro puts aside comes back after so many days at nine in the morning, in the person’s own time zone.', () => {
  const evening = new Date('2026-03-27T22:30:00Z')
  assert.equal(rules.comesBack(evening, 1, 'Europe/Berlin').toISOString(), '2026-03-28T08:00:00.000Z')
  assert.equal(rules.comesBack(evening, 3, 'Europe/Berlin').toISOString(), '2026-03-30T07:00:00.000Z')
  assert.equal(rules.comesBack(evening, 1, 'Pacific/Auckland').toISOString(), '2026-03-28T20:00:00.000Z')
})

test('A macro whose answer has a blank that nobody has filled in does nothing, and asks for it.', () => {
  rules.isComplete([])
  assert.throws(() => rules.isComplete(['order number']), { key: 'macros.asksFor' })
})
