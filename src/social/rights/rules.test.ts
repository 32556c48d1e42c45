import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import { dueOn, effectiveAt, isAsked, mayErase, mayGo, needlesFrom, oldBefore } from './rules.ts'

const refusal = (key: string) => (error: unknown) => error instanceof Refusal && error.key === key
const day = (year: number, month: number, day: number) => ({ year, month, day })

test('A request is to be done within one month; in a shorter month on its last day (Regulation (EEC) 1182/71, article 3).', () => {
  assert.equal(dueOn(day(2026, 3, 7)), '2026-04-07')
  assert.equal(dueOn(day(2026, 1, 31)), '2026-02-28')
  assert.equal(dueOn(day(2028, 1, 31)), '2028-02-29')
  assert.equal(dueOn(day(2026, 12, 31)), '2027-01-31')
})

test('Nobody asked in the future.', () => {
  const now = new Date('2026-03-01T10:00:00Z')
  isAsked(now, now)
  assert.throws(() => isAsked(new Date('2026-03-02T10:00:00Z'), now), refusal('rights.future'))
})

test('A request goes its way step by step; once an erasure has begun, nothing stops it or brings anything back.', () => {
  mayGo('copy', 'open', 'copying')
  mayGo('erasure', 'waiting', 'ready')
  mayGo('erasure', 'erasing', 'done')
  assert.throws(() => mayGo('copy', 'open', 'done'), refusal('rights.notNow'))
  assert.throws(() => mayGo('erasure', 'open', 'waiting'), refusal('rights.notNow'))
  assert.throws(() => mayGo('erasure', 'erasing', 'ready'), refusal('rights.tooLate'))
  assert.throws(() => mayGo('erasure', 'done', 'open'), refusal('rights.tooLate'))
})

test('Nothing of somebody is erased while their data is held, or while they can still sign in.', () => {
  mayErase({ held: false, signsIn: false })
  assert.throws(() => mayErase({ held: true, signsIn: true }), refusal('rights.held'))
  assert.throws(() => mayErase({ held: false, signsIn: true }), refusal('rights.signsIn'))
})

test('An erasure waits one to thirty days before it takes effect.', () => {
  const now = new Date('2026-03-01T10:00:00Z')
  assert.deepEqual(effectiveAt(now, 7), new Date('2026-03-08T10:00:00Z'))
  for (const days of [0, 31, 1.5, Number.NaN]) assert.throws(() => effectiveAt(now, days), refusal('rights.days'))
})

test('What is older than so many calendar months is too old.', () => {
  assert.deepEqual(oldBefore(new Date('2026-03-31T10:00:00Z'), 1), new Date('2026-02-28T10:00:00Z'))
  assert.deepEqual(oldBefore(new Date('2026-01-15T10:00:00Z'), 13), new Date('2024-12-15T10:00:00Z'))
})

test('A name on a network that is long enough to be nobody else’s by chance tells where somebody is named.', () => {
  assert.deepEqual(needlesFrom(['anna@example.org', ' anna@example.org ', 'bo', null, '']), ['anna@example.org'])
})
