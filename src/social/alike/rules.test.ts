import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faded, isAlike, suspicion, whole } from './rules.ts'
import type { Habits } from './words.ts'
import { bytesOf, fromBytes, sketchOf } from './words-sketch.ts'

const alike = (a: string, b: string) => isAlike(whole(sketchOf(a)), whole(sketchOf(b)))
const post = 'The night train to the north left two hours late again and nobody could tell us why'

test('Two texts are alike when a quarter of all their pairs of words is in both, or most pairs of one that was cut off.', () => {
  for (const [what, other, expected] of [
    ['itself', post, true],
    ['capitals and accents', post.toUpperCase().replace('E', 'É'), true],
    ['passed on', `RT @nightly.example: ${post}`, true],
    ['links, tags and mentions', `@bo@example.social ${post} #late #train https://example.org/a?utm_source=x`, true],
    ['a tag where a word was', post.replace('train', '#train'), true],
    ['another name behind it', `${post} via @somebody`, true],
    ['emoji and invisible signs', `🔥 ${post.replace('north', 'no\u200brth')} 😡👍🏽`, true],
    ['two other words', post.replace('two', 'three').replace('nobody', 'no one'), true],
    ['the half of it', post.slice(0, 52), true],
    ['the same subject', 'The night train to the south arrived on time and everybody was glad about the sea', false],
    ['the same words backwards in threes', 'why us tell could nobody late hours two left again and north the to train night The', true],
  ] as const)
    assert.equal(alike(post, other), expected, what)
  const long = Array.from({ length: 60 }, (_, nth) => `word${nth} and`).join(' ')
  assert.equal(
    alike(long, `${long} ${Array.from({ length: 400 }, (_, nth) => `more${nth}`).join(' ')}`),
    false,
    'quoted within a long text',
  )
  assert.equal(
    alike('夜行列車がまた二時間も遅れて出発したのに誰も理由を知らない', '夜行列車がまた三時間も遅れて出発したのに誰も理由を知らない'),
    true,
  )
})

test('a very short text is alike only when it says the same', () => {
  assert.equal(alike('Thank you!', 'THANK YOU'), true)
  assert.equal(alike('Thank you @anna', 'Thank you @bo https://example.org'), true)
  assert.equal(alike('Thank you so much', 'Thank you so little'), false)
  assert.equal(alike('my new #phone', 'my new #car'), false)
  assert.equal(alike('great 😡', 'great 😍'), false)
  assert.equal(alike('🔥🔥🔥', '🔥'.repeat(9000)), true)
  assert.equal(alike('https://example.org/a?utm_id=1', 'https://example.org/a?utm_id=2'), true)
  assert.equal(alike('https://example.org/a', 'https://example.org/b'), false)
  assert.equal(alike('', ''), false)
})

test('A sketch by itself is a list from its beginning to its end.', () => {
  const sketch = sketchOf(post)
  assert.deepEqual(whole(sketch), { in: sketch, from: 0, length: 16 })
})

test('a sketch outlives a restart as at most 128 bytes; what is none is refused', () => {
  for (const text of [post, 'yes', '', post.repeat(40)]) assert.deepEqual(fromBytes(bytesOf(sketchOf(text))), sketchOf(text))
  assert.equal(bytesOf(sketchOf(Array.from({ length: 900 }, (_, nth) => `w${nth}`).join(' '))).length, 128)
  assert.deepEqual([...bytesOf(Uint32Array.of(1, 0x04030201))], [1, 0, 0, 0, 1, 2, 3, 4])
  assert.equal(fromBytes(Uint8Array.of(1, 2, 3)), undefined)
  assert.equal(fromBytes(new Uint8Array(8)), undefined)
  assert.equal(fromBytes(new Uint8Array(132)), undefined)
})

const calm: Habits = { lastMinute: 1, lastHour: 2, alike: 0, linking: 0.2, heard: 9 }

test('A post is suspected for what can be seen of it and its author, each sign adding to the odds; without a sign it is not.', () => {
  assert.deepEqual(suspicion({ text: post, habits: calm, followers: 120, following: 300 }), { bot: 0.05, spam: 0.04, because: [] })
  const declared = suspicion({ text: 'Wind 4, rain from noon', declaredBot: true })
  assert.deepEqual(declared.because, ['declared'])
  assert.ok(declared.bot > 0.95 && declared.spam < 0.05, JSON.stringify(declared))
  const flood = suspicion({ text: post, habits: { lastMinute: 10_000, lastHour: 10_000, alike: 1, linking: 1, heard: 10_000 } })
  assert.ok(flood.bot > 0.99 && flood.spam > 0.7, JSON.stringify(flood))
  assert.deepEqual(flood.because.slice(0, 2), ['burst', 'repeats'])
  const tagged = suspicion({ text: `${'#win '.repeat(12)}@a @b @c @d @e @f @g http://a.example http://b.example http://c.example` })
  assert.deepEqual(tagged.because, ['tags', 'mentions', 'links'])
  assert.ok(tagged.spam > 0.5 && tagged.bot === 0.05, JSON.stringify(tagged))
  assert.deepEqual(suspicion({ text: 'VERY GOOD NEWS FOR EVERYBODY WHO WAITED' }).because, ['shouts'])
  assert.deepEqual(suspicion({ text: '🔥'.repeat(30) }).because, ['sameSign'])
  assert.deepEqual(suspicion({ text: post, following: 5000, followers: 3 }).because, ['followsMany'])
  assert.deepEqual(suspicion({ text: post, copies: 200 }).because, ['copied'])
  assert.ok(suspicion({ text: post, copies: 1e9 }).spam < 0.3, 'what many pass on is not spam for that')
})

test('What was counted of an author fades with time, and does not grow when a clock runs backwards.', () => {
  assert.equal(faded(8, 0, 60), 8)
  assert.ok(Math.abs(faded(8, 60, 60) - 8 / Math.E) < 1e-12)
  assert.equal(faded(8, -60, 60), 8)
})
