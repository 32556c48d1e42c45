import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'
import type { Field, TheRecord, Values } from './words.ts'

const field = (key: string, more: Partial<Field> = {}): Field => ({
  ...{ key, label: key.toUpperCase(), kind: 'text', choices: [], required: false, card: false, role: null, archived: false, ...more },
})
const number = field('number', { role: 'key' })
const state = field('state', { kind: 'choice', choices: ['new', 'sent'], role: 'state' })
const order = { fields: [number, state, field('note'), field('who', { role: 'person' }), field('old', { kind: 'number', archived: true })] }
const read: rules.Reader = (each, text) => (each.kind === 'choice' ? (each.choices.includes(text) ? text : null) : each.kind === 'number' ? (Number(text) ? text : null) : text) // biome-ignore format: a double
const faultOf = (raw: unknown) => {
  const found = rules.readRow(order, raw, 0, read)
  return 'fault' in found ? [found.fault.key.replace('records.row.', ''), found.key] : found
}
const invalid = (key: string) => ({ code: 'invalid', key: `records.${key}` })

test('A kind knows its records by one field that never goes, names of fields are different, and whoever chooses has something to choose from.', () => {
  rules.fieldsHold(order.fields)
  const wrong: [Field[], string][] = [
    [[state], 'oneKey'],
    [[number, field('other', { role: 'key' })], 'oneKey'],
    [[number, field('x', { label: 'number' })], 'fieldTwice'],
    [[number, field('number', { label: 'y' })], 'fieldTwice'],
    [[field('n', { role: 'key', kind: 'date' })], 'keyKind'],
    [[number, field('s', { role: 'state' })], 'stateKind'],
    [[number, field('a', { role: 'title' }), field('b', { role: 'title' })], 'oneEach'],
    [[number, field('c', { kind: 'choice' })], 'noChoice'],
  ]
  for (const [fields, key] of wrong) assert.throws(() => rules.fieldsHold(fields), invalid(key), key)
})

test('The type of a field and the key of a kind stay, and a field that is left out is archived, so that no value is ever lost.', () => {
  const after = rules.fieldsAfter(order.fields, [{ ...number, label: 'Order' }, state])
  assert.deepEqual(
    after.map(each => [each.key, each.label, each.archived, each.role]),
    [
      ['number', 'Order', false, 'key'],
      ['state', 'STATE', false, 'state'],
      ['note', 'NOTE', true, null],
      ['who', 'WHO', true, null],
      ['old', 'OLD', true, null],
    ],
  )
  assert.throws(() => rules.fieldsAfter(order.fields, [number, { ...state, kind: 'text' }]), invalid('kindStays'))
  assert.throws(() => rules.fieldsAfter(order.fields, [state]), invalid('keyStays'))
  assert.throws(() => rules.fieldsAfter(order.fields, [{ ...number, role: null }, field('n2', { role: 'key' })]), invalid('keyStays'))
})

test('A role belongs to one field that is in use.', () => {
  assert.equal(rules.fieldWith(order, 'person')?.key, 'who')
  assert.equal(rules.fieldWith({ fields: [field('who', { role: 'person', archived: true })] }, 'person'), undefined)
})

test('A person is named only where a field says whom, and by a way that there is.', () => {
  rules.personHolds(order.fields, 'phone', ['phone'])
  rules.personHolds([number], null, [])
  assert.throws(() => rules.personHolds(order.fields, null, ['phone']), invalid('personHow'))
  assert.throws(() => rules.personHolds([number], 'phone', ['phone']), invalid('personHow'))
  assert.throws(() => rules.personHolds(order.fields, 'pigeon', ['phone']), invalid('personWay'))
})

test('A record says what was told of it, and nothing that an object inherits.', () => {
  assert.deepEqual([rules.saysIn({ a: 'x' }, 'a'), rules.saysIn({}, 'constructor'), rules.saysIn({}, 'a')], ['x', '', ''])
})

test('A row goes in when it is an object with a key, every field in it is known, and every value is of its type.', () => {
  assert.deepEqual(faultOf({ number: ' 4711 ', state: 'new', note: null, old: 'no number' }), {
    ...{ row: 0, key: '4711', given: { number: '4711', state: 'new', note: '', old: 'no number' } },
  })
  assert.deepEqual(faultOf({ number: 4711, note: true }), { row: 0, key: '4711', given: { number: '4711', note: 'yes' } })
  const wrong: [unknown, string, string | null][] = [
    [null, 'noObject', null],
    ['4711', 'noObject', null],
    [[{ number: 1 }], 'noObject', null],
    [{}, 'noKey', null],
    [{ number: '  ' }, 'noKey', null],
    [{ number: { a: 1 } }, 'noKey', null],
    [{ number: 'x'.repeat(201) }, 'keyLong', 'x'.repeat(200)],
    [{ number: 1, colour: 'red' }, 'unknownField', '1'],
    [{ number: 1, constructor: 'red' }, 'unknownField', '1'],
    [JSON.parse('{"number":1,"__proto__":"x"}'), 'unknownField', '1'],
    [{ number: 1, note: ['a'] }, 'nested', '1'],
    [{ number: 1, state: 'lost' }, 'wrong.choice', '1'],
    [{ number: 1, note: 'x'.repeat(2001) }, 'tooLong', '1'],
    [{ number: 1, note: 'x'.repeat(10_000_000) }, 'tooLarge', '1'],
  ]
  for (const [raw, key, said] of wrong) assert.deepEqual(faultOf(raw), [key, said], key)
})

const known = (fields: Values): TheRecord => ({ fields }) as TheRecord

test('A record is what it was with what the row tells; the same again changes nothing, and a new one says all that is asked.', () => {
  const asked = { fields: [number, { ...state, required: true }, field('note')] }
  const rows: rules.Row[] = [
    { row: 0, key: 'a', given: { number: 'a', state: 'sent' } },
    { row: 1, key: 'b', given: { number: 'b', note: 'x' } },
    { row: 2, key: 'a', given: { number: 'a', note: '' } },
    { row: 3, key: 'c', given: { number: 'c', state: 'new' } },
  ]
  const there = new Map([
    ['a', known({ number: 'a', state: 'new', note: 'gone', older: '1' })],
    ['c', known({ number: 'c', state: 'new' })],
  ])
  const { planned, faults } = rules.planOf(asked, rows, there)
  assert.deepEqual(planned.map(each => [each.key, each.rows, each.fields, each.changes.map(one => one.field)]), [
    ['a', [0, 2], { number: 'a', state: 'sent', older: '1' }, ['state', 'note']],
    ['c', [3], { number: 'c', state: 'new' }, []],
  ]) // biome-ignore format: a list
  assert.deepEqual(faults, [{ row: 1, key: 'b', fault: { key: 'records.row.missing', values: { field: 'state' } } }])
})

test('A change tells the field, what it said and what it says; of the person it tells only that they are another.', () => {
  assert.deepEqual(rules.changesOf(order, { state: 'new', who: 'a@b.c' }, { state: 'sent', note: 'n'.repeat(400), who: 'd@e.f' }), [
    { field: 'state', from: 'new', to: 'sent' },
    { field: 'note', from: null, to: 'n'.repeat(300) },
    { field: 'who', from: null, to: null },
  ])
})

test('A record is called by its title, else by its key.', () => {
  const titled = { fields: [number, field('name', { role: 'title' })] }
  assert.deepEqual([rules.titleOf(titled, '1', { name: 'Lamp' }), rules.titleOf(titled, '1', {}), rules.titleOf(order, '1', {})], ['Lamp', '1', '1']) // biome-ignore format: a list
})

test('A record stands as its state says, if its kind has one.', () => {
  assert.deepEqual([rules.stateOf(order, { state: 'new' }), rules.stateOf(order, {}), rules.stateOf({ fields: [number] }, { state: 'new' })], ['new', null, null]) // biome-ignore format: a list
})

test('A list is what stands at its place, or the first list that there is, or one thing alone.', () => {
  const at = (json: never, place = '') => rules.itemsIn(json, place)
  assert.deepEqual(at({ data: { orders: [1, 2] } } as never, '/data/orders'), [1, 2])
  assert.deepEqual(at({ meta: 1, none: [], orders: [{ a: 1 }] } as never), [{ a: 1 }])
  assert.deepEqual([at({ a: 1 } as never), at([] as never), at({ a: 1 } as never, '/a')], [[{ a: 1 }], [], [1]])
  assert.equal(at({ a: 1 } as never, '/b'), null)
})

test('Where places were chosen a row takes what stands there and nothing else; without any it is the thing as it came.', () => {
  const item = { id: 7, 'Order No': 'N1', customer: { mail: 'a@b.c' }, more: [1] }
  assert.equal(rules.rowAt(item, {}), item)
  assert.equal(rules.rowAt(item, { number: '' }), item)
  const places = { number: '/id', no: 'Order No', who: '/customer/mail', note: '/none', list: '/more', bad: 'constructor' }
  assert.deepEqual(rules.rowAt(item, places), { number: '7', no: 'N1', who: 'a@b.c', list: [1] })
})

test('An address that fails is asked again after its usual time, ever later, at most once a day.', () => {
  const now = new Date('2026-03-01T00:00Z')
  const after = (minutes: number, failures: number) => (rules.nextAsk(now, minutes, failures).getTime() - now.getTime()) / 60_000
  assert.deepEqual([after(15, 0), after(15, 1), after(15, 3), after(15, 40), after(10_080, 5)], [15, 30, 120, 1440, 10_080])
})

test('Only a kind that is in use takes records in.', () => {
  rules.isInUse({ archivedAt: null })
  assert.throws(() => rules.isInUse({ archivedAt: new Date() }), { key: 'records.kindIsArchived' })
})
