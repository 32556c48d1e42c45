import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '#kernel/errors.ts'
import * as rules from './rules.ts'
import { telephone, webPage } from './words.ts'

const at = new Date('2026-03-01T10:00:00Z')
const refusal = (key: string) => (error: unknown) => error instanceof Refusal && error.key === key

test('A name is shown without the characters that hide or turn text around.', () => {
  assert.equal(rules.shownName('Anna \u202egnitset\u202c\u200b'), 'Anna gnitset')
  assert.equal(rules.shownName('\u200b\u202e'), '?')
  assert.equal(rules.shownName('Søren Åström 李小龍'), 'Søren Åström 李小龍')
})

test('A name with hidden characters, a turned direction or a word of mixed alphabets is flagged.', () => {
  for (const name of ['Anna\u202eBerg', 'Anna\u200bBerg', 'Pаypal', 'a\u0000b'])
    assert.equal(rules.deceives(name), true, JSON.stringify(name))
  for (const name of ['Anna Berg', 'Анна Berg', 'محمد', 'O’Neill-Müller', '👩‍👩‍👧 family', 'Αλέξης'])
    assert.equal(rules.deceives(name), false, name)
})

test('People are found by their name without accents, capitals and hidden characters.', () => {
  assert.equal(rules.keyOf('  Søren  ÅSTRÖM '), 'soren astrom')
  assert.equal(rules.keyOf('Jürgen Groß'), 'jurgen gross')
  assert.equal(rules.keyOf('A\u202ena'), 'ana')
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      name => rules.keyOf(name).length <= 100 && rules.keyOf(name).isWellFormed(),
    ),
  )
})

test('What is kept of a name is what was given, but for what no database can hold and what no line can show.', () => {
  assert.equal(rules.keptName(' Anna\u202e\u0000\n Berg\ud800 '), 'Anna\u202e Berg\ufffd')
  assert.equal(rules.keptName('x'.repeat(5000)).length, 300)
})

test('Who gives no name is called by the address until somebody tells one.', () => {
  assert.deepEqual(rules.nameFor({ address: 'anna@example.org' }), { name: 'anna@example.org', because: 'address' })
  assert.deepEqual(rules.nameFor({ name: ' ANNA@example.org', address: 'anna@example.org' }), {
    name: 'anna@example.org',
    because: 'address',
  })
  assert.deepEqual(rules.nameFor({ name: '\u200b', address: 'a@b.c' }).because, 'address')
  assert.deepEqual(rules.nameFor({ name: 'Anna', address: 'anna@example.org' }), { name: 'Anna', because: 'heard' })
})

test('An address that is too long is told apart by its fingerprint.', () => {
  const [one, two] = [`${'x'.repeat(900)}1`, `${'x'.repeat(900)}2`].map(rules.keptAddress)
  assert.notEqual(one, two)
  assert.ok(one!.length <= 500)
  assert.equal(rules.keptAddress('anna@example.org'), 'anna@example.org')
  assert.equal(rules.keptAddress('\u0000'), '?')
})

const heard = (normal: string, more = {}) => ({ network: 'n', address: normal, normal, because: 'heard', at, ...more })

test('The same address heard several times at once is one address, first heard at the earliest moment.', () => {
  const earlier = new Date(at.getTime() - 1000)
  const { wanted, at: places } = rules.distinct([heard('a'), heard('b'), heard('a', { at: earlier, name: 'Anna' })])
  assert.deepEqual(places, [0, 1, 0])
  assert.equal(wanted.length, 2)
  assert.deepEqual([wanted[0]!.at, wanted[0]!.name, wanted[0]!.nameBecause], [earlier, 'Anna', 'heard'])
})

const known = (more: Partial<rules.Known>): rules.Known => ({
  at: 0,
  handle: 'h',
  remote: null,
  byRemote: false,
  person: 'p',
  nameBecause: 'heard',
  room: null,
  hidden: false,
  ...more,
})

test('Whoever is met by another way than the account of the one colleague who knew them is known to all.', () => {
  const isClosed = (room: string | null, by: string | null, hidden = false) => rules.isClosedTo({ room, hidden }, by)
  assert.deepEqual([isClosed('a', null), isClosed('a', 'b'), isClosed(null, 'a', true)], [true, true, true])
  assert.deepEqual([isClosed('a', 'a'), isClosed(null, null), isClosed(null, 'a')], [false, false, false])
})

test('What never changes on a network decides who it is; an address that somebody else has taken over there is no longer theirs.', () => {
  const { wanted } = rules.distinct([heard('anna', { remoteId: 'r1' })])
  const moved = rules.matched(wanted, [
    known({ byRemote: true, person: 'by id' }),
    known({ handle: 'old', remote: 'r2', person: 'by name' }),
  ])
  assert.equal(moved.found.get(0)?.person, 'by id')
  assert.deepEqual(moved.stale, ['old'])
  const taken = rules.matched(wanted, [known({ handle: 'old', remote: 'r2' })])
  assert.equal(taken.found.size, 0)
  assert.deepEqual(taken.stale, ['old'])
  assert.equal(rules.matched(wanted, [known({ remote: null })]).found.get(0)?.person, 'p')
})

test('The address with which a colleague signs in stays with the colleague.', () => {
  assert.throws(() => rules.mayUnlink({ because: 'account', until: null }), refusal('people.handleOfAccount'))
  assert.throws(() => rules.mayUnlink({ because: 'heard', until: at }), refusal('people.handleGone'))
  rules.mayUnlink({ because: 'heard', until: null })
})

test('A person is taken out again only while nothing hangs on it.', () => {
  const free = { createdBecause: 'decision', busy: false, colleague: false }
  rules.mayRemove(free)
  for (const more of [{ busy: true }, { colleague: true }, { createdBecause: 'heard' }])
    assert.throws(() => rules.mayRemove({ ...free, ...more }), refusal('people.inUse'))
})

test('An address is believed to be of the kind that a person names, and must look like one of it.', () => {
  assert.deepEqual(rules.addressOn(telephone, ' 0049 (0)30-123 '), { address: '0049 (0)30-123', normal: '+49030123' })
  assert.deepEqual(rules.addressOn(webPage, 'https://www.Example.org/'), { address: 'https://www.Example.org/', normal: 'example.org' })
  assert.throws(() => rules.addressOn(telephone, 'call me'), refusal('people.addressWrong'))
  assert.throws(() => rules.addressOn(webPage, 'javascript:alert(1)'), refusal('people.addressWrong'))
})
