import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstIdAt } from '#kernel/ids.ts'
import { parsed, verdict } from '#social/matching/actions.ts'
import * as rules from './rules.ts'

const now = new Date('2026-03-04T12:00:00Z')
const said = { noun: 'Message', audience: 'thread', side: 'outside' as const, deletedAt: null, text: 'a', subject: null }
const answers = { names: [], hashtags: [], accounts: [], context: [], without: [] }

test('What people outside said to us and what everybody may read is listened to; notes, answers of ours and rooms of members are not.', () => {
  assert.ok(rules.isListenedTo(said))
  assert.ok(rules.isListenedTo({ ...said, noun: 'Comment', side: 'inside', audience: 'public' }))
  for (const not of [
    { noun: 'Note' },
    { audience: 'staff' },
    { audience: 'members' },
    { side: 'inside' as const },
    { deletedAt: now },
    { text: '' },
  ])
    assert.ok(!rules.isListenedTo({ ...said, ...not }), JSON.stringify(not))
})

test('A post is known by its source and its name there, and by its content where it is ours already.', () => {
  assert.equal(rules.onceOf('feed', { remoteId: 'a' }), 'feed|a')
  assert.notEqual(rules.onceOf('feed', { remoteId: 'a' }), rules.onceOf('news', { remoteId: 'a' }))
  assert.equal(rules.onceOf('feed', { remoteId: 'a', content: 'c' }), rules.onceOf('post', { remoteId: 'b', content: 'c' }))
  assert.equal(rules.onceOf('feed', { remoteId: 'x'.repeat(5000) }).length, 1000)
})

test('A post of tomorrow is of now, and one whose moment nobody can read as well; a source may go back in time as far as it likes.', () => {
  const before = new Date('2009-01-01T00:00:00Z')
  assert.equal(rules.momentOf(before, now), before)
  assert.equal(rules.momentOf(new Date('2030-01-01'), now), now)
  assert.equal(rules.momentOf(new Date(Number.NaN), now), now)
  assert.equal(rules.momentOf(new Date(-8e15), now).getUTCFullYear(), 1966)
})

test('Of a text so much is kept as may stand here; half a character at its end goes.', () => {
  assert.equal(rules.keptText('a\0b'), 'ab')
  assert.equal(rules.keptText('😀'.repeat(600_000)).length, 20_000)
  assert.equal(rules.keptText(`x${'😀'.repeat(20_000)}`).at(-1), '\ufffd')
})

test('Language and mood of a post are found out only when the rest of a query fits: without them it asks for less, never for more.', () => {
  assert.deepEqual(rules.relaxed(parsed('lamp lang:de')), parsed('lamp'))
  assert.deepEqual(rules.relaxed(parsed('lamp -mood:negative')), parsed('lamp'))
  assert.deepEqual(rules.relaxed(parsed('lamp (mood:negative OR broken)')), parsed('lamp'))
  assert.deepEqual(rules.relaxed(parsed('lamp -(lang:de broken)')), parsed('lamp'))
  assert.deepEqual(rules.relaxed(parsed('lamp OR (wool lang:sv shop)')), parsed('lamp OR (wool shop)'))
  assert.equal(rules.relaxed({ is: 'mark', name: 'lang', value: 'de' }), undefined)
})

test('Whether a query asks for what has to be found out first.', () => {
  assert.ok(rules.asksForFound(parsed('lamp -(wool mood:negative)')))
  assert.ok(!rules.asksForFound(parsed('lamp source:feed from:anna')))
})

test('A monitor hears its sources and its languages only, where it names some; what nobody can tell the language of is heard.', () => {
  const only = { sources: ['feed'], languages: ['de'] }
  assert.ok(rules.hears({ sources: [], languages: [] }, { source: 'x', language: 'sv' }))
  assert.ok(rules.hears(only, { source: 'feed', language: 'de-at' }))
  assert.ok(rules.hears(only, { source: 'feed', language: null }))
  assert.ok(!rules.hears(only, { source: 'feed', language: 'sv' }))
  assert.ok(!rules.hears(only, { source: 'news', language: 'de' }))
})

test('A query from a few answers: any of the names, hashtags and accounts, with one of the words around them, and without those to leave out.', () => {
  assert.equal(rules.queryOf({ ...answers, names: ['Nordlicht'] }), 'Nordlicht')
  const query = rules.queryOf({
    names: ['Nordlicht', 'Nord Licht', 'AND'],
    hashtags: ['#nordlicht'],
    accounts: ['@nordlicht'],
    context: ['lamp*', 'wool shop'],
    without: ['aurora', 'night sky'],
  })
  const fits = (text: string) => verdict(parsed(query), { text }).fits
  assert.ok(fits('My Nordlicht lamps are great'))
  assert.ok(fits('nord licht has a wool shop'))
  assert.ok(fits('hello @nordlicht'))
  assert.ok(!fits('Nordlicht tonight'))
  assert.ok(!fits('Nordlicht lamp under the aurora'))
  assert.ok(!fits('Nordlicht lamp in the night sky'))
  for (const odd of ['"quoted', '(a', '---', 'OR', 'x:y', 'a"b(c'])
    assert.ok(parsed(rules.queryOf({ ...answers, names: ['lamp', odd] })), odd)
})

test('A line or a comma parts one answer from the next.', () => {
  assert.deepEqual(rules.answersIn(' a, b c\n;d,,'), ['a', 'b c', 'd'])
})

test('What most of the mentions that were set aside say and those that were kept do not: words that would take them out, the best first.', () => {
  const aside = [['sky', 'aurora', 'night'], ['sky', 'aurora'], ['sky', 'lamp'], ['once']]
  const kept = [['lamp', 'night'], ['lamp'], ['lamp', 'wool']]
  assert.deepEqual(rules.suggestions(aside, kept), [
    { word: 'sky', goes: 3, lost: 0 },
    { word: 'aurora', goes: 2, lost: 0 },
  ])
  assert.deepEqual(rules.suggestions([], kept), [])
})

test('Leaving a word out of a query changes nothing else of it.', () => {
  const without = (query: string, word: string) => rules.without(query, parsed(query), word)
  assert.equal(without('lamp', 'sky'), 'lamp -sky')
  assert.equal(without('lamp OR wool', 'night sky'), '(lamp OR wool) -"night sky"')
  assert.equal(without('(lamp OR wool) -sky', 'sea'), '(lamp OR wool) -sky -sea')
  assert.ok(!verdict(parsed(without('lamp OR wool', 'sky')), { text: 'lamp sky' }).fits)
})

test('How far a look back has come: each of its three parts goes from now back to the day up to which it looks.', () => {
  const since = new Date(now.getTime() - 100_000)
  assert.equal(rules.shareOf({ part: 'own', place: null, since }, now), 0)
  assert.equal(rules.shareOf({ part: 'others', place: firstIdAt(new Date(now.getTime() - 50_000)), since }, now), 0.5)
  assert.equal(rules.shareOf({ part: 'contents', place: firstIdAt(new Date(0)), since }, now), 1)
})

test('A mention can be answered where the account that heard it can answer, and its writer and its name there are known.', () => {
  const it = { account: 'a', remote_id: 'r', author: '@ann' }
  rules.canBeAnswered(it, true)
  for (const not of [{ account: null }, { remote_id: null }, { author: null }])
    assert.throws(() => rules.canBeAnswered({ ...it, ...not }, true), { key: 'monitors.cannotAnswer' })
  assert.throws(() => rules.canBeAnswered(it, false), { key: 'monitors.cannotAnswer' })
})

test('What becomes of a mention is called by the beginning of its first line.', () => {
  assert.equal(rules.titleOf('  Broken lamp \nsecond'), 'Broken lamp')
  assert.equal(rules.titleOf('x'.repeat(500)).length, 120)
  assert.equal(rules.titleOf('\n\n'), '…')
})

test('What becomes of a mention keeps what was written, by whom, and where it stands.', () => {
  const it = { text: 'Broken', author: '@a', author_name: 'Anna', url: 'https://example.org/1', source: 'feed' }
  assert.equal(rules.aboutOf(it), 'Anna · @a · feed\n\nBroken\n\nhttps://example.org/1')
  assert.equal(rules.aboutOf({ ...it, text: 'x'.repeat(30_000) }).length, 20_000)
})

test('The words of a text as they are compared, each once; those shorter than three letters say too little.', () => {
  assert.deepEqual(rules.wordsOf('The LAMP, the lamp is on; Ärger 42 4200'), ['the', 'lamp', 'ärger', '4200'])
  assert.deepEqual(rules.wordsOf('😀'.repeat(100)), [])
})

test('A monitor looks for something else when its query, its sources or its languages are others.', () => {
  const it = { query: 'a', sources: ['feed'], languages: [] }
  assert.ok(!rules.looksElse(it, { ...it }))
  for (const other of [{ query: 'b' }, { sources: [] }, { languages: ['de'] }]) assert.ok(rules.looksElse(it, { ...it, ...other }))
})

test('The last days up to this one, the oldest first, as the counts have them (UTC).', () => {
  assert.deepEqual(rules.lastDays(now, 3), ['2026-03-02', '2026-03-03', '2026-03-04'])
})

test('The parts of a query that one can be told of one by one: what all must be there, and what must not.', () => {
  const parts = rules.partsOf(parsed('lamp (broken OR lost) -sky'))
  assert.deepEqual(
    parts.map(each => [rules.written(each.query), each.not]),
    [
      ['lamp', false],
      ['broken', false],
      ['lost', false],
      ['sky', true],
    ],
  )
})

test('A query in its own language.', () => {
  for (const query of [
    'lamp',
    '"out of order"',
    '=Apple',
    'a1 NEAR/5 "b c"',
    'lamp (broken OR lost) -sky',
    'lamp lang:de',
    'lamp followers:>=100',
    '#tag OR @name',
  ])
    assert.deepEqual(parsed(rules.written(parsed(query))), parsed(query), query)
})

test('A query in pieces for the eye: phrases, joints, marks, signs and words; `fault` is the place that cannot be read, counted from one.', () => {
  const query = '(lamp OR "a b") -lang:de #tag NEAR/5 x'
  const tokens = rules.tokensOf(query)
  assert.equal(tokens.map(each => each.text).join(''), query)
  assert.deepEqual(
    tokens.filter(each => each.is !== 'space').map(each => each.is),
    ['sign', 'word', 'joint', 'phrase', 'sign', 'mark', 'mark', 'joint', 'word'],
  )
  assert.deepEqual(
    rules.tokensOf('lamp )', 6).map(each => each.is),
    ['word', 'space', 'fault'],
  )
})
