import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Matcher, parsed, verdict } from './actions.ts'
import type { Post, Query } from './words.ts'

/** Always the same numbers below `most` (a linear congruential generator). */
function dice(seed: number) {
  let state = seed
  return (most: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * most)
  }
}

const vocabulary =
  'Lampe lamp lampan lampen broken brok coffee Kaffee café cafe good great bad straße strasse 東京 京都 東京都 กาแฟ 🔥 new old red blue Apple apple tea'.split(
    ' ',
  )

function randomPost(roll: (most: number) => number): Post {
  const words = Array.from({ length: 1 + roll(12) }, () => `${['', '', '', '#', '@'][roll(5)]}${vocabulary[roll(vocabulary.length)]}`)
  const post: Post = { text: words.join([' ', ', ', '-'][roll(3)]), language: ['de', 'en', 'sv'][roll(3)]!, followers: roll(3000) }
  return roll(4)
    ? post
    : { ...post, text: `${post.text} https://${['shop', 'www'][roll(2)]}.example.org/x`, author: ['anna', 'ben'][roll(2)]! }
}

function randomQuery(roll: (most: number) => number, depth = 0): string {
  const word = () => vocabulary[roll(vocabulary.length)]!
  const kinds = [
    () => word(),
    () => `"${word()} ${word()}"`,
    () => `=${word()}`,
    () => `${['#', '@'][roll(2)]}${word()}`,
    () => `${word()} NEAR/${1 + roll(4)} ${word()}`,
    () => ['lamp*', 'br?k*', 'gr*t', 'str*sse', '*ee good'][roll(5)]!,
    () => `${word()} lang:${['de', 'sv'][roll(2)]}`,
    () => ['link:example.org', 'from:anna', 'link:shop.example.org'][roll(3)]!,
    () => `${word()} followers:>${roll(3000)}`,
    () => `(${randomQuery(roll, depth + 1)} OR ${randomQuery(roll, depth + 1)})`,
    () => `(${randomQuery(roll, depth + 1)}) (${randomQuery(roll, depth + 1)})`,
    () => `${word()} NOT (${randomQuery(roll, depth + 1)})`,
  ]
  return kinds[roll(depth > 2 ? 6 : kinds.length)]!()
}

test('the matcher finds what looking at every query finds, also while queries come, change and go', () => {
  const roll = dice(7)
  const matcher = new Matcher()
  const queries = new Map<string, Query>()
  let pairs = 0
  let fitting = 0
  for (let turn = 0; turn < 250; turn++) {
    for (let nth = 0; nth < 4; nth++) {
      const id = `q${roll(400)}`
      const query = parsed(randomQuery(roll))
      matcher.set(id, query)
      queries.set(id, query)
    }
    const gone = `q${roll(400)}`
    matcher.remove(gone)
    queries.delete(gone)
    if (turn % 50 === 49) matcher.rearrange()
    for (let nth = 0; nth < 2; nth++) {
      const post = randomPost(roll)
      const expected = [...queries].filter(([, query]) => verdict(query, post).fits).map(([id]) => id)
      assert.deepEqual(matcher.match(post).sort(), expected.sort(), post.text)
      pairs += queries.size
      fitting += expected.length
    }
  }
  assert.equal(matcher.size, queries.size)
  assert.ok(pairs > 90_000, `${pairs} pairs`)
  assert.ok(fitting > 2000, `${fitting} of them fit`)
})

test('posts of any kind are read: a megabyte, one emoji again and again, control characters, mixed directions, half a sign', () => {
  const matcher = new Matcher()
  matcher.set('fire', parsed('🔥'))
  matcher.set('lamp', parsed('"old lamp"'))
  for (const [text, expected] of [
    ['old lamp '.repeat(120_000), ['lamp']],
    ['🔥'.repeat(50_000), ['fire']],
    ['\u0000\u0007old\u0000lamp\u0001', ['lamp']],
    ['שלום \u202eold lamp\u202c مرحبا', ['lamp']],
    ['\ud83d old lamp \udd25', ['lamp']],
    ['', []],
  ] as const)
    assert.deepEqual(matcher.match({ text }), expected, text.slice(0, 20))
})
