import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChannelError } from '#kernel/errors.ts'
import type { Handle, HeardMessage } from '#social/channels/words.ts'
import * as rules from './rules.ts'

const now = new Date('2026-03-02T10:00:00Z')
const handle = (address: string): Handle => ({ network: 'pigeon', address })
const lower = (address: string) => address.toLowerCase()
const own = new Set(['us'])

const message = (remoteId: string, more: Partial<HeardMessage> = {}): HeardMessage => ({
  is: 'message',
  remoteId,
  direction: 'in',
  at: now,
  from: handle('anna'),
  to: [handle('us')],
  copied: [],
  answers: [],
  text: 'words',
  attachments: [],
  ...more,
})

/** Ids that tell in which order they were made. */
const numbers = () => {
  let last = 0
  return () => `id${++last}`
}

test('The same thing heard twice is one thing: it is known by its channel and its remote id, whichever account heard it.', () => {
  assert.equal(rules.onceKey('pigeon', 'a'), rules.onceKey('pigeon', 'a'))
  assert.notEqual(rules.onceKey('pigeon', 'a'), rules.onceKey('raven', 'a'))
  assert.notEqual(rules.onceKey('pigeon', 'a'), rules.onceKey('pigeon', 'b'))
})

test('Of what was heard twice at once, the first counts.', () => {
  const [first, second, other] = [message('a', { text: '1' }), message('a', { text: '2' }), message('b')]
  assert.deepEqual(rules.firsts([first, second, other]), [first, other])
})

test('A message belongs to the thread in which it was answered before it came, else to that of the nearest one that it answers, else it begins one.', () => {
  const known = [
    { remoteId: 'known', object: 'o', thread: 'T' },
    { remoteId: 'spoken of', object: null, thread: 'S' },
  ]
  const plan = rules.plan(
    [
      message('new'),
      message('spoken of', { answers: ['known'] }),
      message('answer', { answers: ['unknown', 'known'] }),
      message('next', { answers: ['answer'] }),
    ],
    known,
    numbers(),
  )
  assert.deepEqual(
    plan.messages.map(each => [each.message.remoteId, each.thread, each.opens]),
    [
      ['new', 'id1', true],
      ['spoken of', 'S', false],
      ['answer', 'T', false],
      ['next', 'T', false],
    ],
  )
  assert.deepEqual(
    plan.names.map(each => [each.remoteId, each.thread, each.object !== null]),
    [
      ['new', 'id1', true],
      ['spoken of', 'S', true],
      ['answer', 'T', true],
      ['unknown', 'T', false],
      ['next', 'T', true],
    ],
  )
  const backwards = rules.plan([message('c', { answers: ['b', 'a'] }), message('a'), message('b', { answers: ['a'] })], [], numbers())
  assert.deepEqual(
    backwards.messages.map(each => each.thread),
    ['id1', 'id1', 'id1'],
  )
  assert.equal(backwards.names.length, 3)
  assert.ok(backwards.names.every(each => each.object !== null))
})

test('What is longer than the house keeps is cut, what no database holds is taken out, and both leave the message otherwise whole.', () => {
  const fine = message('a', { subject: 'Hello', html: '<b>x</b>', replyTo: [handle('team')], automatic: 'bulk', folder: 'north' })
  assert.deepEqual(rules.storable(fine, now), { ...fine, quoted: undefined, flaws: undefined })
  const odd = rules.storable(
    message('a', { text: `a\0b${'x'.repeat(3_000_000)}`, subject: 'a\nb', html: '\0<b>', from: handle('a\0b'), at: new Date(Number.NaN) }),
    now,
  )
  assert.ok(odd.text.startsWith('abx') && odd.text.length < 2_000_000)
  assert.deepEqual([odd.subject, odd.html, odd.from.address, odd.at, odd.flaws], ['a b', '<b>', 'ab', now, ['intake.flawCut']])
})

test('A moment that no message can have is read as now; a clock that is a day ahead is not believed.', () => {
  const at = (text: string) => rules.believable(new Date(text), now).toISOString()
  assert.equal(at('2026-03-01T10:00:00Z'), '2026-03-01T10:00:00.000Z')
  assert.equal(at('2026-03-03T09:00:00Z'), '2026-03-03T09:00:00.000Z')
  for (const odd of ['2026-03-03T11:00:00Z', '9999-01-01', '1969-01-01', 'never']) assert.equal(at(odd), now.toISOString())
})

test('A message that cannot be kept as it is, is kept as its bare words, with its original beside it.', () => {
  const original = { name: 'original.eml', type: 'message/rfc822', content: new Uint8Array([1]) }
  const bare = rules.bare(
    message('a', { text: 'a\u0000\u202eb\nc', html: '<b>', attachments: [original], answers: ['b'], original, automatic: 'list' }),
  )
  assert.deepEqual(bare, {
    is: 'message',
    remoteId: 'a',
    direction: 'in',
    at: now,
    from: handle('anna'),
    to: [],
    copied: [],
    answers: [],
    subject: '',
    text: 'a  b\nc',
    attachments: [],
    automatic: 'list',
    original,
    flaws: ['intake.flawBare'],
  })
})

test('What one of our own addresses wrote is ours, whichever way it came.', () => {
  assert.equal(rules.isOurs(message('a'), own, lower), false)
  assert.equal(rules.isOurs(message('a', { direction: 'out' }), own, lower), true)
  assert.equal(rules.isOurs(message('a', { from: handle('US') }), own, lower), true)
})

test('A conversation is with the one who wrote from outside, or with the first outside whom we wrote to.', () => {
  assert.deepEqual(rules.otherSide(message('a'), own, lower), handle('anna'))
  const ours = message('a', { direction: 'out', from: handle('us'), to: [handle('US'), handle('bo')], copied: [handle('carl')] })
  assert.deepEqual(rules.otherSide(ours, own, lower), handle('bo'))
  assert.equal(rules.otherSide({ ...ours, to: [handle('us')], copied: [] }, own, lower), null)
})

test('Beside its words, a message keeps who wrote to whom, where it lay, whether a machine wrote it, and what was odd about it.', () => {
  assert.deepEqual(
    rules.detailOf(
      message('a', { from: { ...handle('anna'), name: 'Anna', url: 'x' }, automatic: 'bulk', flaws: ['f'], folder: 'north' }),
      'account',
    ),
    {
      remoteId: 'a',
      from: { address: 'anna', name: 'Anna' },
      to: [{ address: 'us' }],
      account: 'account',
      automatic: 'bulk',
      flaws: ['f'],
      folder: 'north',
    },
  )
})

test('In lists a message is shown by the beginning of its words on one line.', () => {
  assert.equal(rules.snippetOf(message('a', { text: 'Dear all,\n\nhello' })), 'Dear all, hello')
  assert.equal(
    rules.snippetOf(message('a', { text: '', attachments: [{ name: 'map.png', type: '', content: new Uint8Array() }] })),
    'map.png',
  )
  assert.ok(rules.snippetOf(message('a', { text: 'x'.repeat(999) })).length <= 200)
})

test('What touches the same thing twice is done one after the other, everything else at once.', () => {
  const list = ['a1', 'b1', 'a2', 'c1', 'a3', 'b2']
  assert.deepEqual(
    rules.waves(list, each => each[0]!),
    [['a1', 'b1', 'c1'], ['a2', 'b2'], ['a3']],
  )
  assert.deepEqual(rules.waves([], String), [])
})

test('Of a language that its writer names, only which one it is counts, not where it is spoken.', () => {
  assert.deepEqual(['en', 'pt-BR', 'SV', 'gsw', 'english', '', undefined].map(rules.languageIn), [
    'en',
    'pt',
    'sv',
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

test('The original of a message that has flaws is kept as its last file.', () => {
  const [file, original] = ['map', 'original'].map(name => ({ name, type: '', content: new Uint8Array() }))
  const heard = message('a', { attachments: [file!], original: original! })
  assert.deepEqual(rules.filesOf(heard), [file])
  assert.deepEqual(rules.filesOf({ ...heard, flaws: ['f'] }), [file, original])
})

test('Only a fault of the data ends when it is taken in smaller parts: what the database or our own code cannot digest; every other passes by itself.', () => {
  const coded = (code: string) => Object.assign(new Error('x'), { code })
  for (const code of ['22021', '23514', '21000', '54000']) assert.equal(rules.isOfTheData(coded(code)), true, code)
  for (const code of ['40P01', '40001', '57P01', '08006', '53300', '25006', 'ECONNREFUSED', 'ECONNRESET', 'ENOSPC'])
    assert.equal(rules.isOfTheData(coded(code)), false, code)
  assert.equal(rules.isOfTheData(new TypeError('bug')), true)
  assert.equal(rules.isOfTheData(new ChannelError('down', { says: 'x' })), false)
  assert.equal(rules.isOfTheData(new Error('Connection terminated unexpectedly')), false)
  assert.equal(rules.isOfTheData(undefined), false)
})

test('Of a handle only what the house keeps is taken: one line each, and an address that is never empty.', () => {
  const given = { network: 'pigeon', address: 'a\0b\nc', name: '', url: 'https://a.example/\u202e', remoteId: 'x' }
  assert.deepEqual(rules.handleIn(given), { network: 'pigeon', address: 'ab c', url: 'https://a.example/', remoteId: 'x' })
  assert.equal(rules.handleIn({ network: 'pigeon', address: ' ' }).address, '?')
})

test('What anybody may read on its network, anybody may read here; everything else stays among those of its thread.', () => {
  assert.equal(rules.audienceOf({ open: true }), 'public')
  assert.equal(rules.audienceOf({}), 'thread')
})

test('A change is as long as a message may be, and holds nothing that no database keeps.', () => {
  const changed = rules.storableChange({ text: `a\0${'b'.repeat(2_000_000)}`, html: '<b>\0\ud800</b>' })
  assert.ok(changed.text.length <= 1_900_000 && changed.text.startsWith('ab'))
  assert.equal(changed.html, '<b>\ufffd</b>')
  assert.ok(!('subject' in changed))
})

test('Of a poll some dozens of choices are kept, each of one line.', () => {
  const choices = Array.from({ length: 60 }, (_, at) => ({ name: `a\n${at}${'x'.repeat(400)}`, ...(at && { votes: at }) }))
  const kept = rules.keptPoll({ choices, endsAt: new Date(Number.NaN), many: true })
  assert.deepEqual([kept.choices.length, kept.choices[0]!.name.length, kept.choices[1]!.votes, kept.many], [50, 300, 1, true])
  assert.ok(!('votes' in kept.choices[0]!) && !('endsAt' in kept) && !kept.choices[0]!.name.includes('\n'))
})

test('Only who wrote something changes it or takes it away: outside by their lasting id or their address, and what we said by one of ours.', () => {
  const normalise = (address: string) => address.toLowerCase()
  const own = new Set(['us@example.com'])
  const by = (address: string) => ({ network: 'pigeon', address })
  const theirs = { side: 'outside', detail: { from: { address: 'Anna@example.org' } } } as const
  const ours = { side: 'inside', detail: {} } as const
  assert.ok(rules.isItsWriter(by('anna@EXAMPLE.org'), theirs, own, normalise))
  assert.ok(!rules.isItsWriter(by('us@example.com'), theirs, own, normalise))
  const known = { side: 'outside', detail: { from: { address: 'anna@example.org', remoteId: 'id:1' } } } as const
  assert.ok(rules.isItsWriter({ ...by('moved@example.org'), remoteId: 'id:1' }, known, own, normalise))
  assert.ok(!rules.isItsWriter({ ...by('anna@example.org'), remoteId: 'id:2' }, known, own, normalise), 'who has the address since')
  const unnamed = { side: 'outside', detail: { from: { address: 'id:1' } } } as const
  assert.ok(rules.isItsWriter({ ...by('anna@example.org'), remoteId: 'id:1' }, unnamed, own, normalise))
  assert.ok(rules.isItsWriter(by('Us@example.com'), ours, own, normalise))
  assert.ok(!rules.isItsWriter(by('anna@example.org'), ours, own, normalise))
  assert.ok(!rules.isItsWriter(by('anna@example.org'), { side: 'outside', detail: {} }, own, normalise))
})

test('What a picture shows is kept as far as a description goes; without one, nothing is said of it.', () => {
  assert.equal(rules.altOf(' A red\0 bicycle '), 'A red bicycle')
  assert.equal(rules.altOf('x'.repeat(9000))!.length, 5000)
  assert.deepEqual([rules.altOf(undefined), rules.altOf('  ')], [null, null])
})
