import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import { counting, isNewName, isOpen, isPast, isProved, mayUseFor } from './rules.ts'

const at = (day: number) => new Date(Date.UTC(2026, 2, day))
const refusal = (key: string) => (error: unknown) => error instanceof Refusal && error.key === key

test('The last word that was not struck out counts; without a word there is no consent.', () => {
  const said = (id: string, day: number, allows: boolean, struck = false) => ({ id, at: at(day), allows, struck_at: struck ? at(9) : null })
  assert.equal(counting([said('a', 1, true), said('b', 3, false), said('c', 2, true)])?.id, 'b')
  assert.equal(counting([said('a', 1, true), said('b', 3, false, true)])?.id, 'a')
  assert.equal(counting([said('a', 1, true), said('b', 1, false)])?.id, 'b')
  assert.equal(counting([]), undefined)
})

test('A consent names the text that was shown, and how it was given; another basis says why it holds.', () => {
  isProved({ basis: 'consent', text: 't', proof: '' })
  isProved({ basis: 'contract', text: undefined, proof: 'Order 4711' })
  assert.throws(() => isProved({ basis: 'consent', text: undefined, proof: 'said so' }), refusal('consent.needs.text'))
  assert.throws(() => isProved({ basis: 'contract', text: undefined, proof: ' ' }), refusal('consent.needs.proof'))
})

test('Nobody consents in the future.', () => {
  isPast(at(1), at(1))
  assert.throws(() => isPast(at(2), at(1)), refusal('consent.future'))
})

test('A purpose that is retired takes no new consent; it can still be withdrawn.', () => {
  isOpen({ retiredAt: null })
  assert.throws(() => isOpen({ retiredAt: at(1) }), refusal('consent.retired'))
})

test('What is sent for a purpose is refused where the last word does not allow it.', () => {
  mayUseFor(true, 'News')
  assert.throws(() => mayUseFor(false, 'News'), refusal('consent.withdrawn'))
  assert.throws(() => mayUseFor(null, 'News'), refusal('consent.neverGiven'))
})

test('No two purposes that are in use bear the same name.', () => {
  const all = [{ id: 'a', name: 'News', retiredAt: null }]
  isNewName('news', all, 'a')
  assert.throws(() => isNewName('news', all, null), refusal('consent.twice'))
})
