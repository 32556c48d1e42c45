import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import { counting, isKnown, isSlip, slipsFrom } from './rules.ts'

const at = (minutes: number) => new Date(Date.UTC(2026, 2, 1, 12, minutes))

test('What is put right within ten minutes was a slip and leaves no row.', () => {
  assert.ok(isSlip(at(0), at(9)))
  assert.ok(!isSlip(at(0), at(10)))
})

test('The moment from which on something that ended may go on as if it had not.', () => {
  assert.equal(slipsFrom(at(30)).getTime(), at(20).getTime())
})

test('Of several records of one person the highest tier counts, and the role that was given last.', () => {
  const open = [
    { value: 'standard', since: at(0) },
    { value: 'vip', since: at(1) },
    { value: 'key', since: at(2) },
  ]
  assert.equal(counting('tier', open)?.value, 'vip')
  assert.equal(
    counting('player', [
      { value: 'media', since: at(3) },
      { value: 'champion', since: at(1) },
    ])?.value,
    'media',
  )
  assert.equal(counting('tier', []), undefined)
})

test('Tier and role are words of a closed list each.', () => {
  isKnown('tier', 'vip')
  isKnown('player', null)
  assert.throws(() => isKnown('tier', 'champion'), new Refusal('invalid', 'traits.unknown'))
})
