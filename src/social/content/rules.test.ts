import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import * as rules from './rules.ts'

const anna = { id: '0198aaaa-0000-7000-8000-00000000000a', name: 'Anna Berg' }
const ben = { id: '0198aaaa-0000-7000-8000-00000000000b', name: 'Ben' }
const refused = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof Refusal) return `${error.code} ${error.key}`
    throw error
  }
  return 'may'
}

test('A mention is written @[name](person:id); whoever is named twice is mentioned once.', () => {
  const text = `Hi ${rules.mentionOf(anna)}, ${rules.mentionOf(ben)} and ${rules.mentionOf(anna)}`
  assert.deepEqual(rules.mentionsIn(text), [anna.id, ben.id])
  for (const none of [
    '@Anna',
    '@[Anna](person:1)',
    '[Anna](person:0198aaaa-0000-7000-8000-00000000000a)',
    '@[a\nb](person:0198aaaa-0000-7000-8000-00000000000a)',
    '',
  ])
    assert.deepEqual(rules.mentionsIn(none), [], none)
})

test('Where only words are shown, a mention is read as @name.', () => {
  assert.equal(rules.plainOf(`ask ${rules.mentionOf(anna)}!`), 'ask @Anna Berg!')
})

test('A mention of a person takes their name without the signs that would end it.', () => {
  const named = rules.mentionOf({ id: anna.id, name: 'A]b[\nc' })
  assert.equal(named, `@[A b  c](person:${anna.id})`)
  assert.deepEqual(rules.mentionsIn(named), [anna.id])
})

test('The full name of a colleague after an @ becomes a mention; where two bear the same name it stays what it is.', () => {
  assert.equal(rules.withMentions('Hi @anna berg, see @Ben.', [anna, ben]), `Hi ${rules.mentionOf(anna)}, see ${rules.mentionOf(ben)}.`)
  const twin = { id: '0198aaaa-0000-7000-8000-00000000000c', name: 'Ben' }
  for (const stays of ['@Ben', 'mail@Ben', '@Benjamin', `${rules.mentionOf(anna)}`])
    assert.equal(rules.withMentions(stays, stays === '@Ben' ? [anna, ben, twin] : [anna, ben]), stays)
  const started = performance.now()
  rules.withMentions(
    '@'.repeat(200_000),
    Array.from({ length: 500 }, (_, at) => ({ id: anna.id, name: `Name ${at}` })),
  )
  assert.ok(performance.now() - started < 500)
})

test('A text is kept as it was written, except for zero bytes and halves of characters, and never longer than its place.', () => {
  const odd = '\u202eevil\u200b \u0001 👩‍👩‍👧 {{x}} <script>'
  assert.equal(rules.asKept(odd), odd)
  assert.equal(rules.asKept('a\0b\ud800c'), 'ab\ufffdc')
  assert.equal(rules.asKept('abc', 2), 'ab')
})

test('What was said begins with its first words, on one line.', () => {
  assert.equal(rules.snippetOf(`Dear  ${rules.mentionOf(anna)}\n\nhello`), 'Dear @Anna Berg hello')
  assert.equal(rules.snippetOf('x'.repeat(5000)).length, 300)
})

const file = (type: string, inline = false) => ({ file: anna.id, name: 'f', type, size: 1, cid: null, inline })

test('What hangs on a message can be looked for: files, pictures, links.', () => {
  assert.deepEqual(rules.hasOf({ text: 'see https://x.example', attachments: [file('image/png')] }), ['file', 'image', 'link'])
  assert.deepEqual(rules.hasOf({ text: '', html: '<a class="x" href="http://x.example">x</a>', attachments: [file('image/png', true)] }), [
    'image',
    'link',
  ])
  assert.deepEqual(rules.hasOf({ text: 'nothing' }), [])
})

test('Only its author changes a text, and a message that may have left stays as it went.', () => {
  const note = { noun: 'Note' as const, author: anna.id, deletedAt: null }
  const may = (it: Partial<typeof note> | { noun: 'Message' } | { deletedAt: Date }, person: string | null = anna.id, moderates = false) =>
    refused(() => rules.mayEdit({ ...note, ...it }, { person, moderates }))
  assert.equal(may({}), 'may')
  assert.equal(may({}, ben.id, true), 'forbidden content.notYours')
  assert.equal(may({ author: null as never }, null), 'forbidden content.notYours')
  assert.equal(may({ noun: 'Message' }), 'forbidden content.sentStays')
  assert.equal(may({ deletedAt: new Date() }), 'gone content.removed')
})

test('A text is removed by its author or by whoever takes care of the place.', () => {
  const may = (author: string | null, person: string | null, moderates = false) =>
    refused(() => rules.mayRemove({ author }, { person, moderates }))
  assert.equal(may(anna.id, anna.id), 'may')
  assert.equal(may(anna.id, ben.id), 'forbidden content.notYours')
  assert.equal(may(anna.id, ben.id, true), 'may')
  assert.equal(may(null, null), 'forbidden content.notYours')
})

test('What was removed comes back for as long as its words are kept.', () => {
  const now = new Date('2026-03-31')
  const may = (deletedAt: Date | null) => refused(() => rules.mayRestore({ deletedAt }, now))
  assert.equal(may(new Date('2026-03-02')), 'may')
  assert.equal(may(new Date('2026-02-27')), 'gone content.removedForGood')
  assert.equal(may(null), 'conflict content.notRemoved')
})

test('The words of what was removed are kept for thirty days.', () => {
  assert.deepEqual(rules.emptyBefore(new Date('2026-03-31')), new Date('2026-03-01'))
})

test('An internal note is for staff only, whoever asks.', () => {
  assert.equal(rules.audienceOf('Note', 'public'), 'staff')
  assert.equal(rules.audienceOf('Comment', 'public'), 'public')
})

test('The votes of a poll are those that its network counted last; nothing when they are the same, or it has other choices.', () => {
  const poll = { choices: [{ name: 'Yes', votes: 2 }, { name: 'No' }], endsAt: 'then' }
  const after = { choices: [{ name: 'Yes', votes: 2 }, { name: 'No', votes: 1 }], endsAt: 'then' } // biome-ignore format: one line
  assert.deepEqual(rules.tallied(poll, [2, 1]), after)
  for (const [it, votes] of [[after, [2, 1]], [poll, [1]], [undefined, [1]], ['x', []]] as const) assert.equal(rules.tallied(it, [...votes]), undefined) // biome-ignore format: one line
})

test('A poll of others is what its writer says of it last; what was none does not become one, and what is the same is no news.', () => {
  const [before, after] = [3, 4].map(votes => ({ choices: [{ name: 'Yes', votes }] }))
  assert.deepEqual(rules.polledAnew(before, after!), after)
  for (const [it, now] of [[undefined, after], [after, structuredClone(after)]] as const) assert.equal(rules.polledAnew(it, now!), undefined) // biome-ignore format: one line
})

test('A content warning and a poll stand beside the words; most messages have neither.', () => {
  const poll = { choices: [{ name: 'Yes', votes: 2 }, { name: 'No' }], endsAt: '2026-12-03T10:00:00.000Z' }
  assert.equal(rules.besideOf({ remoteId: 'x' }), undefined)
  assert.deepEqual(rules.besideOf({ warning: 'Spiders', poll }), {
    warning: 'Spiders',
    poll: { ...poll, endsAt: new Date(poll.endsAt) },
  })
  assert.deepEqual(rules.besideOf({ warning: 7, poll: { choices: [] } }), { warning: undefined, poll: undefined })
})
