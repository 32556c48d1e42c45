import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import { choicesOf, hasRoom, isDay, isNewName, mayErase, numberIn, valueFor } from './rules.ts'
import type { FieldKind } from './words.ts'

const refusal = (key: string) => (error: unknown) => error instanceof Refusal && error.key === key
const of = (kind: FieldKind) => ({ id: 'f', kind, choices: ['Red', 'Blue'] })

test('A value is of the type of its field, or is refused with what to do.', () => {
  assert.deepEqual(valueFor(of('number'), ' 1 234,50 '), { value: '1234.5', number: '1234.5', day: null })
  assert.deepEqual(valueFor(of('date'), '2026-02-28'), { value: '2026-02-28', number: null, day: '2026-02-28' })
  assert.equal(valueFor(of('link'), 'anna.example/me').value, 'https://anna.example/me')
  assert.equal(valueFor(of('choice'), 'Red').value, 'Red')
  assert.equal(valueFor(of('yesno'), 'no').value, 'no')
  assert.equal(valueFor(of('text'), '  ').value, '')
  const bad: [FieldKind, string][] = [
    ['number', 'many'],
    ['date', '2026-02-30'],
    ['choice', 'Green'],
    ['yesno', 'maybe'],
    ['link', 'javascript:alert(1)'],
    ['link', 'https://me:secret@bank.example'],
  ]
  for (const [kind, text] of bad) assert.throws(() => valueFor(of(kind), text), refusal(`fields.wrong.${kind}`), text)
})

test('A number is written with a point or a comma before its decimals, and with at most fifteen digits.', () => {
  assert.deepEqual(['-3', '1,5', '1.5', '007'].map(numberIn), ['-3', '1.5', '1.5', '7'])
  assert.deepEqual(['', '1e9', '1.2.3', '1'.repeat(16), 'NaN'].map(numberIn), [null, null, null, null, null])
})

test('A day is one of the calendar, written as 2026-03-01.', () => {
  assert.ok(isDay('2024-02-29'))
  for (const none of ['2026-02-29', '01.03.2026', '2026-3-1', '2026-13-01']) assert.ok(!isDay(none), none)
})

test('No two fields that are shown bear the same name.', () => {
  const fields = [
    { id: 'a', name: 'Size', removedAt: null },
    { id: 'b', name: 'Old', removedAt: new Date() },
  ]
  isNewName('Old', fields, null)
  isNewName('size', fields, 'a')
  assert.throws(() => isNewName('SIZE', fields, null), refusal('fields.twice'))
})

test('A field to choose from has at least two choices, each once.', () => {
  assert.deepEqual(choicesOf('choice', 'Red\n Blue \n\nRed'), ['Red', 'Blue'])
  assert.deepEqual(choicesOf('text', 'Red\nBlue'), [])
  assert.throws(() => choicesOf('choice', 'Red'), refusal('fields.fewChoices'))
})

test('Only a field that was removed is deleted for good.', () => {
  mayErase({ removedAt: new Date() })
  assert.throws(() => mayErase({ removedAt: null }), refusal('fields.removeFirst'))
})

test('An organisation has at most a hundred fields.', () => {
  hasRoom(99)
  assert.throws(() => hasRoom(100), refusal('fields.full'))
})
