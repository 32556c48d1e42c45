import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'

test('A macro does at least one thing, and does not both put aside and finish.', () => {
  rules.makesSense({ labels: ['late'], finish: false })
  rules.makesSense({ labels: [], finish: true, answer: 'Done' })
  assert.throws(() => rules.makesSense({ labels: [], finish: false }), { key: 'macros.doesNothing' })
  assert.throws(() => rules.makesSense({ labels: [], finish: true, snoozeDays: 2 }), { key: 'macros.eitherOr' })
})

test('The key of a macro is one letter or one digit, large or small.', () => {
  assert.deepEqual([' D ', '7', 'A\u030a', ''].map(rules.keyIn), ['d', '7', 'å', null])
  for (const wrong of ['ab', '?', '🎈', 'İ'])
    assert.throws(() => rules.keyIn(wrong), { key: 'macros.keyWrong', fields: [{ field: 'key', key: 'macros.keyWrong', values: {} }] })
})

test('A key that another macro in use has is not given a second time.', () => {
  const others = [{ name: 'Late', key: 'd' }, { name: 'Plain', key: null }] // biome-ignore format: a list
  rules.isFree('e', others)
  assert.throws(() => rules.isFree('d', others), { key: 'macros.keyTaken', values: { keys: 'q d', name: 'Late' } })
})

test('Where one’s own macro and everybody’s have the same key, it runs one’s own.', () => {
  const [own, shared, other] = [{ key: 'd', own: true }, { key: 'd', own: false }, { key: 'e', own: false }] // biome-ignore format: a list
  assert.deepEqual(rules.keysOf([shared!, own!, other!]), [{ key: null, own: false }, own, other])
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
