import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import { isLike, isNear, markOf, marksOf, parsed, verdict } from './rules.ts'
import type { Post } from './words.ts'

const fits = (query: string, text: string, more: Partial<Post> = {}) => verdict(parsed(query), { text, ...more }).fits
const refused = (query: string, key: string, at?: number) =>
  assert.throws(
    () => parsed(query),
    (error: unknown) => error instanceof Refusal && error.key === `matching.${key}` && (at === undefined || error.values?.at === at),
    query,
  )

test('A query is words, "phrases" and marks, joined by AND, OR, NOT and NEAR; what stands side by side must all be there.', () => {
  for (const [query, text, expected] of [
    ['coffee machine', 'The machine makes coffee', true],
    ['coffee machine', 'The machine makes tea', false],
    ['"coffee machine"', 'A COFFEE-machine', true],
    ['"coffee machine"', 'machine coffee', false],
    ['coffee OR tea', 'Tea, please', true],
    ['kaffee ODER tee', 'Tee bitte', true],
    ['coffee NOT tea', 'coffee and tea', false],
    ['coffee -"green tea"', 'coffee, tea', true],
    ['(coffee OR tea) (hot OR warm)', 'warm tea', true],
    ['(coffee OR tea) (hot OR warm)', 'cold tea', false],
    ['cafe', 'Ein Café', true],
    ['strasse', 'Lange Straße 3', true],
    ['=Apple', 'an apple', false],
    ['=Apple', 'at Apple', true],
    ['=café', 'cafe', false],
    ['brew*', 'a brewery', true],
    ['br?w*', 'he brewed', true],
    ['brew*', 'abrew', false],
    ['good *berry', 'good strawberry', true],
    ['#coffee', 'I like coffee', false],
    ['#coffee', 'I like #Coffee!', true],
    ['@lykta', 'thanks @Lykta', true],
    ['@lykta', 'thanks lykta', false],
    ['coffee NEAR/2 broken', 'broken is this coffee', true],
    ['coffee NEAR/2 broken', 'broken is this old grey coffee', false],
    ['"new lamp" NEAR/3 broken', 'The new lamp arrived broken', true],
    ['東京', '東京に行く', true],
    ['京都', '東京都に行く', false],
    ['กาแฟ', 'ฉันชอบกาแฟมาก', true],
    ['🔥', 'so good 🔥🔥', true],
  ] as const)
    assert.equal(fits(query, text), expected, `${query} in ${text}`)
  assert.equal(fits('coffee lang:de', 'coffee', { language: 'de' }), true)
  assert.equal(fits('coffee lang:de', 'coffee', { language: 'sv' }), false)
  assert.equal(fits('coffee followers:>1000', 'coffee', { followers: 1000 }), false)
  assert.equal(fits('coffee followers:>=1000', 'coffee', { followers: 1000 }), true)
  assert.equal(fits('coffee followers:<10', 'coffee'), false)
  assert.equal(fits('link:example.org', 'see https://www.shop.example.org/a?b'), true)
  assert.equal(fits('link:example.org', 'see https://notexample.org'), false)
  assert.equal(fits('from:@Anna', 'anything', { author: 'anna' }), true)
  assert.equal(fits('Coca - Cola', 'coca cola'), true)
})

test('what cannot be read as a query says where and why', () => {
  refused('coffee "machine', 'quotes', 8)
  refused('(coffee', 'open', 1)
  refused('coffee)', 'closedTwice', 7)
  refused('coffee AND', 'expected', 11)
  refused('OR coffee', 'expected', 1)
  refused('', 'expected', 1)
  refused('lang:de', 'everything')
  refused('NOT coffee', 'everything')
  refused('coffee OR lang:de', 'everything')
  refused('*berry', 'everything')
  refused('b*', 'tooWild', 1)
  refused('!!!', 'nothing', 1)
  refused('coffee followers:many', 'followers', 8)
  refused('coffee NEAR/1000 tea', 'tooFar', 8)
  refused('coffee NEAR/3 (tea OR milk)', 'near', 8)
  refused(`${'('.repeat(1000)}coffee${')'.repeat(1000)}`, 'tooDeep')
  refused(Array.from({ length: 600 }, (_, nth) => `w${nth}`).join(' OR '), 'tooMany')
  refused('x'.repeat(20_001), 'tooLong')
})

test('The value of a mark as it is compared: a host without `www.`, a name without its sign, all in small letters.', () => {
  assert.equal(markOf('link', 'https://www.Example.org/a'), 'example.org')
  assert.equal(markOf('from', '@Anna'), 'anna')
  assert.equal(markOf('lang', 'DE'), 'de')
})

test('What a post says of itself, as `name:value`; a link stands for its host and for each that the host belongs to.', () => {
  assert.deepEqual(marksOf({ text: 'https://a.b.example/x', links: ['www.other.example'], author: '@Bo', language: 'sv' }), [
    'link:other.example',
    'link:a.b.example',
    'link:b.example',
    'from:bo',
    'lang:sv',
  ])
})

test('Whether a post is what a query looks for, and which of its words say so.', () => {
  const text = 'The new lamp is broken, the lamp!'
  assert.deepEqual(verdict(parsed('"new lamp" NEAR/3 broken -refund'), { text }), {
    fits: true,
    spans: [
      [4, 12],
      [16, 22],
    ],
  })
  assert.deepEqual(verdict(parsed('lamp refund'), { text }), { fits: false, spans: [] })
})

test('In a wild word `*` stands for any letters or none, and `?` for one.', () => {
  for (const [text, pattern, expected] of [
    ['brewery', 'br?w*', true],
    ['brw', 'br?w*', false],
    ['strawberry', '*berry', true],
    ['berries', '*berry', false],
    ['aXbXbc', 'a*b*bc', true],
    ['abc', 'abc*', true],
    ['ab', 'abc', false],
  ] as const)
    assert.equal(isLike(text, pattern), expected, `${pattern} for ${text}`)
  assert.equal(isLike('a'.repeat(50_000), `${'*a'.repeat(12)}b`), false)
})

test('Two phrases are near each other when at most so many words stand between them, whichever comes first.', () => {
  assert.equal(isNear(0, 2, 4, 1, 2), true)
  assert.equal(isNear(4, 1, 0, 2, 1), false)
  assert.equal(isNear(0, 3, 2, 1, 5), false)
})
