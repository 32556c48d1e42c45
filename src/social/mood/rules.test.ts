import assert from 'node:assert/strict'
import { test } from 'node:test'
import { felt, heaviest, readAs } from './rules.ts'
import { truthOf } from './words.ts'

test('Danish and Norwegian are read as Swedish, Catalan as Spanish; of other languages than those that were learnt only emoji are read.', () => {
  assert.deepEqual(readAs('sv'), { number: 3, signs: false })
  assert.deepEqual(readAs('SV-FI'), { number: 3, signs: false })
  assert.deepEqual(readAs('no'), { number: 3, signs: false })
  assert.deepEqual(readAs('ca'), readAs('es'))
  assert.deepEqual(readAs('ja'), { number: -1, signs: true })
  assert.deepEqual(readAs(null), { number: -1, signs: false })
})

test('The mood is the likeliest of three; how sure that is was measured on posts that nothing was learnt from.', () => {
  assert.equal(felt(2, -1, 1).mood, 'negative')
  assert.equal(felt(-1, 2, 1).mood, 'positive')
  assert.equal(felt(-1, -1, 1).mood, 'neutral')
  assert.ok(felt(0, 2, 2).sure < felt(0, 2, 1).sure, 'a hotter answer is less sure')
  assert.ok(Math.abs(felt(0, 0, 1).sure - 1 / 3) < 1e-9)
  assert.ok(felt(900, -900, 0.5).sure <= 1)
})

test('Of the words that moved an answer the heaviest are shown, as long as they weigh something.', () => {
  const moved = [
    { from: 0, to: 2, bad: 0.5, good: 0.48 },
    { from: 3, to: 5, bad: 0, good: 0.6 },
    { from: 6, to: 8, bad: 2, good: 0 },
  ]
  assert.deepEqual(heaviest(moved, 5), [
    { from: 6, to: 8, weight: -2 },
    { from: 3, to: 5, weight: 0.6 },
  ])
  assert.equal(heaviest(moved, 1).length, 1)
})

test('Beside a chart stands how often the mood of its language is right, and for Dutch why nobody knows that.', () => {
  assert.deepEqual(truthOf('de').key, 'mood.truth')
  assert.ok(truthOf('de').share! > 0.5)
  assert.deepEqual(truthOf('nl').key, 'mood.truthDutch')
  assert.deepEqual(truthOf('ja'), { key: 'mood.truthNone', share: null })
  assert.deepEqual(truthOf(null), { key: 'mood.truthAll', share: truthOf(null).share })
})
