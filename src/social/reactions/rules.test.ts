import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import * as rules from './rules.ts'

const refused = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof Refusal) return `${error.code} ${error.key}`
    throw error
  }
  return 'may'
}

test('A reaction is one emoji, or one short word.', () => {
  for (const good of ['👍', '👩‍👩‍👧', '🇸🇪', 'like', 'thank-you', ' 👍 ']) assert.equal(rules.reactionOf(good), good.trim())
  for (const wrong of ['', '👍👍', 'LIKE', 'a'.repeat(30), '<b>', 'ö'])
    assert.equal(
      refused(() => rules.reactionOf(wrong)),
      'invalid reactions.noReaction',
      wrong,
    )
})

test('A tag is a few words in small letters on one line, without the signs that a search would read as its own.', () => {
  assert.equal(rules.tagOf('  #Very   LATE\n'), 'very late')
  assert.equal(rules.tagOf('a:"b"|c*'), 'a b c')
  assert.equal(rules.tagOf('x'.repeat(90)).length, 60)
  for (const wrong of ['', ' # ', '\u200b', '""'])
    assert.equal(
      refused(() => rules.tagOf(wrong)),
      'invalid reactions.noTag',
    )
})

test('Whatever else a network calls a reaction is a like; nothing at all is none.', () => {
  const given = ['like', 'share', '🎉', ':blobcat:', 'x'.repeat(90), ' ', '\0']
  assert.deepEqual(given.map(rules.reactionElsewhere), ['like', 'share', '🎉', 'like', 'like', null, null])
})
