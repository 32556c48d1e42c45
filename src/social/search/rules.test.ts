import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'
import type { Findable } from './words.ts'

const org = '0198aaaa-0000-7000-8000-0123456789ab'
const anna = '0198aaaa-0000-7000-8000-00000000000a'
const space = '0198aaaa-0000-7000-8000-00000000005c'

test('A search is words, "phrases", OR, a minus for what must not be there, beginnings* and filters; whatever else it holds is looked for as it stands.', () => {
  assert.deepEqual(rules.askedFor('late "red shoes" invo* -spam from:anna has:file'), {
    words: [[{ text: 'late' }], [{ text: 'red shoes' }], [{ text: 'invo', prefix: true }]],
    without: [{ text: 'spam' }],
    filters: [
      { name: 'from', value: 'anna', not: false },
      { name: 'has', value: 'file', not: false },
    ],
  })
  assert.deepEqual(rules.askedFor('cat OR dog bird').words, [[{ text: 'cat' }, { text: 'dog' }], [{ text: 'bird' }]])
  assert.deepEqual(rules.askedFor('Marke:Nord varumärke:"Två ord"').filters, [
    { name: 'brand', value: 'Nord', not: false },
    { name: 'brand', value: 'Två ord', not: false },
  ])
  assert.deepEqual(rules.askedFor('-tag:"very late" von:"Anna Berg" hat:anhang ist:notiz').filters, [
    { name: 'tag', value: 'very late', not: true },
    { name: 'from', value: 'Anna Berg', not: false },
    { name: 'has', value: 'file', not: false },
    { name: 'is', value: 'note', not: false },
  ])
  const asItStands = ['https://example.org/a?b', 'has:nonsense', 'before:yesterday', 'from:', 'ab*', '10:30', 'after:2026-13', 'OR']
  assert.deepEqual(
    asItStands.map(each =>
      rules
        .askedFor(each)
        .words.flat()
        .map(term => term.text),
    ),
    [['https://example.org/a?b'], ['has:nonsense'], ['before:yesterday'], ['from:'], ['ab*'], ['10:30'], ['after:2026-13'], []],
  )
  assert.deepEqual(rules.askedFor(''), { words: [], without: [], filters: [] })
  assert.equal(rules.askedFor('a '.repeat(250)).words.length, 24)
})

test('A day, a month or a year is the time from its first moment to the first moment after it.', () => {
  assert.deepEqual(rules.periodOf('2026'), { from: '2026-01-01', until: '2027-01-01' })
  assert.deepEqual(rules.periodOf('2026-12'), { from: '2026-12-01', until: '2027-01-01' })
  assert.deepEqual(rules.periodOf('2024-02-29'), { from: '2024-02-29', until: '2024-03-01' })
  for (const wrong of ['2026-02-30', '2026-00', '26', '1900', 'March', '']) assert.equal(rules.periodOf(wrong), undefined, wrong)
})

test('The time before something ends when its period begins, after it begins with the period, and on it is the period itself.', () => {
  const span = (text: string) => rules.spanOf(rules.askedFor(text).filters)
  assert.deepEqual(span('before:2026-03'), { until: '2026-03-01' })
  assert.deepEqual(span('after:2026-03'), { from: '2026-03-01' })
  assert.deepEqual(span('on:2026-03-05'), { from: '2026-03-05', until: '2026-03-06' })
  assert.deepEqual(span('after:2026 after:2026-05 before:2026-09 on:2026'), { from: '2026-05-01', until: '2026-09-01' })
  assert.deepEqual(span('shoes'), {})
})

test('Words become a question to the index with every word quoted, so that nothing typed is read as an operator.', () => {
  assert.equal(rules.questionOf([[{ text: 'a' }, { text: 'b' }], [{ text: 'c', prefix: true }]]), "('a' | 'b') & ('c':*)")
  assert.equal(rules.questionOf([[{ text: "o'neil & !x \\ | <->" }]]), "('o''neil & !x \\\\ | <->')")
  assert.equal(rules.questionOf([]), '')
})

test('Words that must stand beside each other are first looked for anywhere in a text, because that the index knows by itself.', () => {
  assert.equal(rules.loosened("'a' <-> 'b' <2> 'c' | 'it''s <-> x' & !'d':*"), "'a' & 'b' & 'c' | 'it''s <-> x' & !'d':*")
  assert.equal(rules.loosened("'a' & 'b'"), "'a' & 'b'")
})

test('One looks no further back than the time that was asked for.', () => {
  const week = 7 * 86_400_000
  assert.equal(rules.reachesInto({ from: 3, until: 5 }, new Date(5 * week)), true)
  assert.equal(rules.reachesInto({ from: 3, until: 5 }, new Date(6 * week)), false)
  assert.equal(rules.reachesInto({ from: null, until: 0 }, undefined), true)
})

test('The week of a moment, counted from the beginning of 1970.', () => {
  assert.equal(rules.weekOf(new Date(0)), 0)
  assert.equal(rules.weekOf(new Date(7 * 86_400_000)), 1)
})

const found = (more: Partial<Findable>): Findable => ({
  id: anna,
  noun: 'Note',
  at: new Date(0),
  title: '',
  text: '',
  audience: 'staff',
  ...more,
})

test('What can be found carries a mark for its noun, its time, who wrote it, to whom, where, what hangs on it, and who may read it.', () => {
  assert.deepEqual(rules.marksOf(found({ author: anna, to: [anna], channel: 'Mail', has: ['file'], tags: ['Late'], readers: [anna] }), org), [
    '=n:note', '=w:0', '=a:staff.456789ab', '=f:800000000000000a', '=t:800000000000000a', '=r:800000000000000a', '=c:mail', '=h:file', '=g:late',
  ]) // biome-ignore format: a list
  assert.deepEqual(rules.marksOf(found({ audience: 'members', space }), org), [
    '=n:note',
    '=w:0',
    '=m:800000000000005c',
    '=s:800000000000005c',
  ])
})

test('One may find what one’s audiences and spaces may read, and what was said by or to oneself.', () => {
  const reach = { audiences: ['public', 'staff', 'members'] as const, spaces: [space], self: [anna] }
  assert.deepEqual(rules.readableMarks({ ...reach, audiences: [...reach.audiences] }, org), [
    '=a:public.456789ab', '=a:staff.456789ab', '=m:800000000000005c', '=f:800000000000000a', '=r:800000000000000a',
  ]) // biome-ignore format: a list
  assert.deepEqual(rules.readableMarks({ audiences: ['public'], spaces: [], self: [anna] }, org), [
    '=a:public.456789ab',
    '=f:800000000000000a',
  ])
})

test('What the index must answer with for this reader: one of the readable marks, or nothing at all where everything may be read.', () => {
  assert.equal(rules.doorOf({ audiences: ['public'], spaces: [], self: [], all: true }, org), '')
  assert.equal(rules.doorOf({ audiences: ['public'], spaces: [], self: [] }, org), "('=a:public.456789ab')")
  assert.equal(rules.doorOf({ audiences: [], spaces: [], self: [] }, org), "'=none'")
})

test('Colleagues read what is for staff, those who work with customers also read their threads, everybody reads what is public.', () => {
  assert.deepEqual(rules.audiencesFor({ staff: true, threads: true }), ['public', 'staff', 'thread'])
  assert.deepEqual(rules.audiencesFor({ staff: true, threads: false }), ['public', 'staff'])
  assert.deepEqual(rules.audiencesFor({ staff: false, threads: false }), ['public'])
})

test('A choice of marks as a question to the index; without any it finds nothing.', () => {
  assert.equal(rules.anyOf(["=g:o'neil", '=g:x']), "('=g:o''neil' | '=g:x')")
  assert.equal(rules.anyOf([]), "'=none'")
})

test('One looks at the newest weeks first and at four times as many each time that they do not hold enough, so that common words never cost more than rare ones.', () => {
  const week = 7 * 86_400_000
  assert.deepEqual(rules.windowsOf(new Date(1000 * week), null), [{ from: null, until: 1000 }])
  assert.deepEqual(rules.windowsOf(new Date(1000 * week), new Date(999 * week)), [
    { from: 999, until: 1000 },
    { from: 991, until: 998 },
    { from: 959, until: 990 },
    { from: 831, until: 958 },
    { from: null, until: 830 },
  ])
})

test('A window asks for each of its weeks; one without a beginning asks for none.', () => {
  assert.equal(rules.weekMarks({ from: 3, until: 5 }), "('=w:3' | '=w:4' | '=w:5')")
  assert.equal(rules.weekMarks({ from: null, until: 5 }), '')
})

test('A language that has a dictionary is read with it, any other without one.', () => {
  assert.deepEqual(['de', 'de-AT', 'fr', '', null, undefined].map(rules.dictionaryOf), ['de', 'de', 'any', 'any', 'any', 'any'])
})

test('A text divides at the signs around its hits into plain pieces, so that nothing in it can become markup.', () => {
  assert.deepEqual(rules.piecesWithHits('a \u{e000}<b>\u{e001} c'), [
    { text: 'a ', hit: false },
    { text: '<b>', hit: true },
    { text: ' c', hit: false },
  ])
  assert.deepEqual(rules.piecesWithHits(''), [])
})
