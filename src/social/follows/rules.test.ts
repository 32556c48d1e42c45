import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'
import { states } from './words.ts'

test('Whoever was asked and answered before our network told us that it asked, has answered.', () => {
  assert.deepEqual(
    states.map(each => rules.stateAfter(each, 'asked')),
    ['asked', 'asked', 'accepted', 'refused', 'failed'],
  )
  assert.equal(rules.stateAfter('waiting', 'done'), 'accepted')
})

test('A yes or a no counts for whoever is followed or was asked; what is to end has ended.', () => {
  assert.deepEqual(
    states.map(state => rules.counts({ state, undone: false })),
    [true, true, true, true, false],
  )
  assert.ok(!rules.counts({ state: 'accepted', undone: true }))
})

test('Whoever said no, or could not be asked, can be asked again.', () => {
  assert.deepEqual(states.filter(rules.mayAskAgain), ['refused', 'failed'])
})
