import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '#kernel/errors.ts'
import { type Network, telephone } from '#social/people/words.ts'
import * as rules from './rules.ts'
import type { Contact } from './words.ts'

const refusal = (key: string) => (error: unknown) => error instanceof Refusal && error.key === key
const post: Network = { name: 'post', title: 'x', normalise: text => text.toLowerCase(), recognises: text => /^\S+@\S+\.\w+$/.test(text) }
const networks = [post, telephone]
const split = (text: string, delimiter: ',' | ';' | 'tab' = ',', pieces = [text]) => {
  const splitter = rules.recordSplitter(delimiter)
  return [...pieces.flatMap(piece => splitter.take(piece)), ...splitter.end()]
}

test('A byte order mark tells the encoding; without one it is UTF-8 if it can be, else UTF-16 if many of every other byte are empty, else Windows-1252.', () => {
  assert.equal(rules.encodingOf(Buffer.from('\ufeffname', 'utf16le')), 'utf-16le')
  assert.equal(rules.encodingOf(Buffer.from('\ufeffname', 'utf16le').swap16()), 'utf-16be')
  assert.equal(rules.encodingOf(Buffer.from('name;ort', 'utf16le')), 'utf-16le')
  assert.equal(rules.encodingOf(Buffer.from('name;ort', 'utf16le').swap16()), 'utf-16be')
  assert.equal(rules.encodingOf(Buffer.from('Jürgen', 'utf8')), 'utf-8')
  assert.equal(rules.encodingOf(Buffer.from('Jürgen', 'utf8').subarray(0, 2)), 'utf-8')
  assert.equal(rules.encodingOf(Buffer.from('Jürgen', 'latin1')), 'windows-1252')
})

test('A list of contacts is lines of text; spreadsheets, pages, mails and business cards are not.', () => {
  for (const text of ['name,mail\nAnna,a@b.c', '\ufeffName;Ort', 'From,To\n', '"<b>",x', 'name', '=cmd,x'])
    assert.equal(rules.isList(text), true, text)
  const others = [
    'PK\u0003\u0004',
    '%PDF-1.7',
    '<html>',
    '<?xml',
    '{"a":1}',
    '[{"a":1}]',
    'BEGIN:VCARD',
    'From a@b.c Mon Mar',
    'Received: by x',
    'a\u0000b',
    '',
    ' \n',
  ]
  for (const text of others) assert.equal(rules.isList(text), false, text)
})

test('Columns are divided by the sign that divides most of the first lines into the same number.', () => {
  assert.equal(rules.delimiterOf('a,b;c\n1,2;3\n'), ',')
  assert.equal(rules.delimiterOf('a;b\n"1,5";2\n"2,5,6";3'), ';')
  assert.equal(rules.delimiterOf('a\tb\n1\t2'), 'tab')
  assert.equal(rules.delimiterOf('sep=;\na,b,c'), ';')
  assert.equal(rules.delimiterOf('alone'), ',')
})

test('A record is one line, or several while a quote is open; what cannot be read is told, and the lines after it are read all the same.', () => {
  assert.deepEqual(split('a,b\r\n"c\nd",e\rf'), [
    { line: 1, text: 'a,b' },
    { line: 2, text: '"c\nd",e' },
    { line: 4, text: 'f' },
  ])
  assert.deepEqual(split('a,5" pipe\nb,"say ""hi"""\n'), [
    { line: 1, text: 'a,5" pipe' },
    { line: 2, text: 'b,"say ""hi"""' },
  ])
  const open = split(`ok\n"never closed,x\n${'fine\n'.repeat(300)}`)
  assert.deepEqual(
    open.filter(each => each.fault),
    [{ line: 2, text: '', fault: 'contacts.quoteOpen' }],
  )
  assert.equal(open.filter(each => each.text === 'fine').length, 300)
  assert.deepEqual(open.at(-1), { line: 302, text: 'fine' })
  const long = split(`a\n${'x'.repeat(200_000)}\nb`)
  assert.deepEqual(
    long.map(each => [each.line, each.fault ?? each.text]),
    [
      [1, 'a'],
      [2, 'contacts.lineLong'],
      [3, 'b'],
    ],
  )
  const pieces = Array.from({ length: 40 }, () => 'x'.repeat(5000))
  assert.deepEqual(
    split('', ',', ['a\n', ...pieces, '\nb\r', '\nc']).map(each => [each.line, each.fault ?? each.text]),
    [
      [1, 'a'],
      [2, 'contacts.lineLong'],
      [3, 'b'],
      [4, 'c'],
    ],
  )
})

test('the same text gives the same records however it arrives in pieces', () => {
  const part = fc.constantFrom('a', '"', '""', ',', '\n', '\r\n', '\r', 'ü', ' ')
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), fc.array(fc.nat(60), { maxLength: 5 }), (parts, cuts) => {
      const text = parts.join('')
      const at = [0, ...cuts.map(cut => Math.min(cut, text.length)), text.length].sort((a, b) => a - b)
      const pieces = at.slice(1).map((end, index) => text.slice(at[index], end))
      assert.deepEqual(split(text, ',', pieces), split(text))
    }),
    { numRuns: 500 },
  )
})

test('Lines are taken apart together, and one by one where that fails, so that a broken one is told alone.', () => {
  assert.deepEqual(rules.cellsOf(split('a,"b ""c"""\n\n,,\nd,5" pipe\n"last"'), ','), [
    { line: 1, cells: ['a', 'b "c"'] },
    { line: 4, cells: ['d', '5" pipe'] },
    { line: 5, cells: ['last'] },
  ])
  const broken = [
    { line: 1, text: 'a,b' },
    { line: 2, text: '"never closed' },
    { line: 3, text: '', fault: 'contacts.lineLong' },
    { line: 4, text: 'c' },
  ]
  assert.deepEqual(rules.cellsOf(broken, ','), [
    { line: 1, cells: ['a', 'b'] },
    { line: 2, fault: { key: 'contacts.lineBroken' } },
    { line: 3, fault: { key: 'contacts.lineLong' } },
    { line: 4, cells: ['c'] },
  ])
})

test('A column means what its head says, or what half of its values look like.', () => {
  assert.equal(rules.guessed('Förnamn', [], networks), 'firstName')
  assert.equal(rules.guessed('VORNAME ', ['a@b.c'], networks), 'firstName')
  assert.equal(rules.guessed('Whatever', ['a@b.c', '', 'd@e.f', 'nonsense'], networks), 'network:post')
  assert.equal(rules.guessed('Telefon', ['030 123456'], networks), 'network:phone')
  assert.equal(rules.guessed('Colour', ['red'], networks), '')
  assert.equal(rules.guessed('COLOUR', ['red'], networks, [{ id: own, name: 'Colour' }]), `own:${own}`)
  assert.equal(rules.guessed('Stufe', [], networks), 'tier')
})

/** An id of a field of the organisation's own. */
const own = '01a205b4-44d8-7000-8784-10e49cf1e32c'

test("The organisation's own fields that these columns name.", () => {
  assert.deepEqual(rules.ownIn(['name', `own:${own}`, 'own:none']), [own])
})

test('The first line is the heads of the columns unless an address stands in it.', () => {
  assert.equal(rules.hasHeads(['Name', 'Mail'], networks), true)
  assert.equal(rules.hasHeads(['Anna', 'a@b.c'], networks), false)
})

const mapping = { encoding: 'utf-8', delimiter: ',', header: 'yes', side: '', column0: 'name', column1: 'network:post', column3: 'side' }

test('A list can be read when its choices are known ones and some column is a name or an address.', () => {
  assert.deepEqual(rules.readingOf(mapping, networks), {
    encoding: 'utf-8',
    delimiter: ',',
    heads: true,
    side: null,
    list: null,
    columns: ['name', 'network:post', '', 'side'],
  })
  assert.throws(() => rules.readingOf({ ...mapping, column0: '', column1: '' }, networks), refusal('contacts.nothingChosen'))
  for (const wrong of [
    { encoding: 'klingon' },
    { delimiter: '|' },
    { side: 'enemy' },
    { column0: 'password' },
    { column0: 'network:none' },
    { column0: 'own:none' },
    { list: 'none' },
  ])
    assert.throws(
      () => rules.readingOf({ ...mapping, ...(wrong as object) }, networks),
      refusal('contacts.mappingWrong'),
      JSON.stringify(wrong),
    )
})

test('A line becomes a contact when it has a name or an address, and everything in it is of the kind that its column says.', () => {
  const reading = rules.readingOf({ ...mapping, side: 'partner', column4: 'firstName', column5: 'lastName', column6: 'language', column7: 'tier', column8: 'lists', column9: `own:${own}` }, networks) // biome-ignore format: one line
  const read = (...cells: string[]) => rules.contactOf({ line: 7, cells }, reading, networks)
  const it = (more: object) => ({
    line: 7,
    it: {
      name: '',
      company: '',
      about: '',
      language: '',
      side: 'partner',
      tier: null,
      player: null,
      lists: [],
      values: [],
      handles: [],
      ...more,
    },
  })
  assert.deepEqual(
    read('Anna', 'A@b.cd; d@e.fg', 'ignored'),
    it({
      name: 'Anna',
      handles: [
        { network: 'post', address: 'A@b.cd', normal: 'a@b.cd' },
        { network: 'post', address: 'd@e.fg', normal: 'd@e.fg' },
      ],
    }),
  )
  assert.deepEqual(read('', '', '', 'Kundin', 'Anna', 'Berg', 'Deutsch'), it({ name: 'Anna Berg', side: 'customer', language: 'de' }))
  const more = read("'=Anna", '', '', '', '', '', '', 'Schlüsselkontakt; VIP', 'Fair; Calendar;', " '12")
  assert.deepEqual(
    more,
    it({ name: '=Anna', tier: 'key', lists: ['Fair', 'Calendar'], values: [{ field: own, value: "'12" }] }),
    'an apostrophe that a spreadsheet needs goes, any other stays',
  )
  const fault = (item: ReturnType<typeof read>) => ('fault' in item ? item.fault.key : null)
  assert.equal(fault(read('', '')), 'contacts.lineEmpty')
  assert.equal(fault(read('Anna', 'nonsense')), 'contacts.addressWrong')
  assert.equal(fault(read('Anna', '', '', 'enemy')), 'contacts.valueUnknown')
  assert.equal(fault(read('x'.repeat(301))), 'contacts.tooLong')
  assert.equal(fault(read('Anna', '', '', '', '', '', '', 'gold')), 'contacts.valueUnknown')
  assert.equal(fault(read('Anna', '', '', '', '', '', '', '', 'x'.repeat(101))), 'contacts.tooLong')
  assert.equal(fault(read('Anna', '', '', '', '', '', '', '', '', 'x'.repeat(2001))), 'contacts.tooLong')
})

const contact = (name: string, ...addresses: string[]): Contact => ({
  name,
  company: '',
  about: '',
  language: '',
  side: null,
  tier: null,
  player: null,
  lists: [],
  values: [],
  handles: addresses.map(address => ({ network: 'post', address, normal: address })),
})

test('A contact without an address is told again by everything else that its line says.', () => {
  assert.equal(rules.keyOf(contact('Jürgen ')), rules.keyOf(contact('jurgen')))
  assert.notEqual(rules.keyOf(contact('Jürgen')), rules.keyOf({ ...contact('Jürgen'), company: 'X' }))
})

test('A number for a text, so that a million of them fit into memory: 52 bits of its hash.', () => {
  assert.equal(rules.markOf('a'), rules.markOf('a'))
  assert.notEqual(rules.markOf('a'), rules.markOf('b'))
  assert.ok(Number.isSafeInteger(rules.markOf('a')))
})

test('A contact is whoever has one of its addresses, be it somebody known or an earlier line; one whose addresses belong to two people is not guessed at.', () => {
  const items = [
    contact('Known', 'k'),
    contact('New', 'n'),
    contact('Again', 'n', 'm'),
    contact('Both', 'k', 'n'),
    contact('More', 'm'),
    contact('Twice', 'q', 'q'),
  ]
  const { planned, faults } = rules.planOf(
    items.map((it, at) => ({ line: at + 1, it })),
    handle => (handle.normal === 'k' ? 'anna' : null),
  )
  assert.deepEqual(
    planned.map(each => [each.line, each.person, each.like, each.missing.map(handle => handle.normal)]),
    [
      [1, 'anna', null, []],
      [2, null, null, ['n']],
      [3, null, 1, ['m']],
      [5, null, 1, []],
      [6, null, null, ['q']],
    ],
  )
  assert.deepEqual(faults, [{ line: 4, fault: { key: 'contacts.ofTwo', values: { first: 'k', second: 'n' } } }])
})
