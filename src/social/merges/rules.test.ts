import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import { type Hint, isJoined, mayMerge, suggestions } from './rules.ts'

const one = { id: 'a', mergedInto: null, kind: 'human', colleague: false }
const two = { ...one, id: 'b' }
const refusal = (key: string) => (error: unknown) => error instanceof Refusal && error.key === key

test('Two records of the same kind are merged, never one with itself, and a colleague is the one that is kept.', () => {
  mayMerge(one, two)
  mayMerge({ ...one, colleague: true }, two)
  assert.throws(() => mayMerge(one, one), refusal('merges.same'))
  assert.throws(() => mayMerge(one, { ...two, mergedInto: 'c' }), refusal('merges.stale'))
  assert.throws(() => mayMerge({ ...one, mergedInto: 'c' }, two), refusal('merges.stale'))
  assert.throws(() => mayMerge(one, { ...two, kind: 'organisation' }), refusal('merges.kinds'))
  assert.throws(() => mayMerge(one, { ...two, colleague: true }), refusal('merges.colleague'))
  assert.throws(() => mayMerge({ ...one, colleague: true }, { ...two, colleague: true }), refusal('merges.colleagues'))
})

test('Records that may be the same person are only ever suggested, the strongest reason first and each record once.', () => {
  const hint = (person: string, because: Hint['because']): Hint => ({ person, because, detail: '' })
  const all = [hint('a', 'sameName'), hint('b', 'sameAddress'), hint('a', 'sameVerified'), hint('c', 'hadAddress')]
  assert.deepEqual(
    suggestions(all).map(({ person, because }) => [person, because]),
    [
      ['a', 'sameVerified'],
      ['b', 'sameAddress'],
      ['c', 'hadAddress'],
    ],
  )
  assert.equal(suggestions(all, 1).length, 1)
})

test('What was proved is joined only where nobody works here under either record, both are people, and nobody has taken the two apart before.', () => {
  assert.ok(isJoined(one, two, false))
  assert.ok(!isJoined(one, two, true) && !isJoined(one, one, false))
  for (const more of [{ colleague: true }, { kind: 'organisation' }, { mergedInto: 'c' }])
    assert.ok(!isJoined({ ...one, ...more }, two, false) && !isJoined(one, { ...two, ...more }, false))
})
