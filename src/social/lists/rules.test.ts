import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'

const fair = { id: 'a', name: 'Fair', removedAt: null }
const old = { id: 'b', name: 'Old', removedAt: new Date(0) }

test('No two lists that are in use bear the same name.', () => {
  assert.throws(() => rules.isNewName('fair ', [fair, old], null), { key: 'lists.twice' })
  rules.isNewName('Fair', [fair, old], 'a')
  rules.isNewName('Old', [fair, old], null)
})

test('An organisation has at most five hundred lists.', () => {
  rules.hasRoom(499)
  assert.throws(() => rules.hasRoom(500), { key: 'lists.full' })
})

test('Nobody is put on a list that was removed.', () => {
  rules.isInUse(fair)
  assert.throws(() => rules.isInUse(old), { key: 'lists.isAwayNow' })
})

test('A list is called by its name, however that is written.', () => {
  assert.equal(rules.calledSo([old, fair], ' FAIR ')?.id, 'a')
  assert.equal(rules.calledSo([old, fair], 'Old'), undefined)
})
