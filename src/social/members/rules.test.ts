import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Role, roleNames } from '#kernel/context.ts'
import { clockOf, datesIn, hoursHold, keepsAnOwner, mayChange, mayGive, minuteOf, worksHere } from './rules.ts'

const role = fc.constantFrom(...roleNames)
const rank = (each: Role) => -roleNames.indexOf(each)

test('Guests and customers have a sign-in but do not work here; everyone else with one is a colleague.', () => {
  assert.deepEqual(roleNames.filter(worksHere), ['owner', 'administrator', 'manager', 'agent', 'member'])
})

test('A role is given only by somebody whose own is at least as high.', () => {
  fc.assert(
    fc.property(role, role, (own, given) => {
      if (rank(given) > rank(own)) assert.throws(() => mayGive(own, given), { code: 'forbidden', key: 'members.tooHigh' })
      else mayGive(own, given)
    }),
  )
  assert.throws(() => mayGive(null, 'guest'), { code: 'forbidden' })
})

test('Somebody of a higher role, or oneself, is not changed.', () => {
  assert.throws(() => mayChange({ account: 'a', role: 'owner' }, { account: 'a', role: 'owner' }), { key: 'members.notOneself' })
  assert.throws(() => mayChange({ account: 'a', role: 'administrator' }, { account: 'b', role: 'owner' }), { key: 'members.tooHigh' })
  mayChange({ account: 'a', role: 'owner' }, { account: 'b', role: 'owner' })
  mayChange({ account: 'a', role: 'administrator' }, { account: 'b', role: 'agent' })
})

test('An organisation keeps at least one owner who can sign in.', () => {
  keepsAnOwner(1)
  assert.throws(() => keepsAnOwner(0), { code: 'conflict', key: 'members.lastOwner' })
})

test('Opening hours end after they begin.', () => {
  hoursHold([[540, 1020], null])
  for (const day of [
    [600, 600],
    [1020, 540],
  ] as [number, number][])
    assert.throws(() => hoursHold([day]), { key: 'members.hoursWrong' })
})

test('Holidays are dates, one on each line, each once and in their order.', () => {
  assert.deepEqual(datesIn(' 2026-12-26\n2026-12-25\r\n\n25.12.2026, 1.5.2027'), ['2026-12-25', '2026-12-26', '2027-05-01'])
  assert.deepEqual(datesIn(''), [])
  for (const text of ['2026-02-30', 'Christmas', '12/25/2026', '2026-12-25\n31.11.2026'])
    assert.throws(() => datesIn(text), { code: 'invalid', key: 'members.holidayWrong' })
})

test('The time 09:30 is the 570th minute of the day, and an empty text is a closed day.', () => {
  assert.deepEqual(['09:30', '9:30', '00:00', '24:00', '', '25:00', '12:60', 'noon', '24:01'].map(minuteOf), [
    570,
    570,
    0,
    1440,
    null,
    null,
    null,
    null,
    null,
  ])
})

test('The 570th minute of the day is written 09:30.', () => {
  assert.equal(clockOf(570), '09:30')
  fc.assert(fc.property(fc.integer({ min: 0, max: 1440 }), minute => assert.equal(minuteOf(clockOf(minute)), minute)))
})
