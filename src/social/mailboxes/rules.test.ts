import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endOf, endsLater, isOwn, mayTake, mayTakeOver } from './rules.ts'

test('An account becomes the own of whoever looks after it, and nobody else’s.', () => {
  mayTake({ personal: null, owner: 'anna' }, 'anna')
  assert.throws(() => mayTake({ personal: null, owner: 'anna' }, 'ben'), { code: 'forbidden' })
  assert.throws(() => mayTake({ personal: null, owner: null }, null), { code: 'forbidden' })
  assert.throws(() => mayTake({ personal: 'anna', owner: 'anna' }, 'anna'), { code: 'conflict' })
})

test('Only the own account of a colleague who works here no more is taken over, by somebody else.', () => {
  mayTakeOver({ personal: 'anna' }, 'otto', false)
  assert.throws(() => mayTakeOver({ personal: 'anna' }, 'otto', true), { code: 'conflict', key: 'mailboxes.stillHere' })
  assert.throws(() => mayTakeOver({ personal: null }, 'otto', false), { code: 'conflict' })
  assert.throws(() => mayTakeOver({ personal: 'anna' }, null, false), { code: 'forbidden' })
})

test('Only the colleague whose own an account is lets others in, or gives it to all.', () => {
  isOwn({ personal: 'anna' }, 'anna')
  assert.throws(() => isOwn({ personal: 'anna' }, 'ben'), { code: 'forbidden' })
  assert.throws(() => isOwn({ personal: null }, 'anna'), { code: 'conflict' })
})

test('A delegation ends in the future, or not by itself.', () => {
  const now = new Date('2026-05-01T10:00:00Z')
  endsLater(null, now)
  endsLater(new Date('2026-05-02T10:00:00Z'), now)
  assert.throws(() => endsLater(now, now), { code: 'invalid' })
})

test('A delegation until a day lasts to the end of that day where the organisation is.', () => {
  assert.deepEqual(endOf('2026-07-01', 'Europe/Berlin'), new Date('2026-07-01T22:00:00Z'))
  assert.deepEqual(endOf('2026-07-01T08:00:00Z', 'Europe/Berlin'), new Date('2026-07-01T08:00:00Z'))
  assert.equal(endOf(null, 'Europe/Berlin'), null)
})
