import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChannelError } from '#kernel/errors.ts'
import * as rules from './rules.ts'
import type { Truth } from './words.ts'

test('An account needs a person when its network refuses it, and is called down when three attempts in a row failed.', () => {
  const until = new Date(5000)
  const trouble = (kind: ChannelError['kind'], tries: number) => rules.troubleOf(new ChannelError(kind, { says: 'x', until }), tries)
  assert.deepEqual(trouble('reconnect', 1), { is: 'stands', state: 'reconnect', says: 'x' })
  assert.deepEqual(trouble('rejected', 1), { is: 'stands', state: 'reconnect', says: 'x' })
  assert.deepEqual(trouble('wait', 9), { is: 'wait', until })
  assert.deepEqual(trouble('down', 2), { is: 'again' })
  assert.deepEqual(trouble('down', 3), { is: 'stands', state: 'down', says: 'x' })
  assert.deepEqual(rules.troubleOf(new TypeError('bug'), 2), { is: 'again' })
  assert.deepEqual(rules.troubleOf(new TypeError('bug'), 3), { is: 'stands', state: 'down', says: 'channels.fault' })
})

test('The truth about a channel: what its network allows, whether we do it, where that was proved, and whether an account of ours can.', () => {
  const truth = [
    { what: 'listen', allowed: 'yes', done: true, provedBy: 'recordings' },
    { what: 'edit', allowed: 'no', done: false, provedBy: 'nothing yet' },
  ] as const
  const connected = (active: number) => rules.truthTable({ truth: [...truth], can: {} }, active).map(row => row.connected)
  assert.deepEqual(connected(1), [true, false])
  assert.deepEqual(connected(0), [false, false])
})

test('What a channel put off is tried again after ten seconds, then four times as long each time up to six hours, for three days; what is refused is not.', () => {
  const since = new Date(0)
  const after = (tries: number, error = new ChannelError('down', { says: 'x' }), now = since) =>
    rules.workAgainAfter(error, { tries, since, now, chance: 0.5 })
  assert.deepEqual(
    [1, 2, 3, 7, 99].map(tries => after(tries)),
    [10_000, 40_000, 160_000, 21_600_000, 21_600_000],
  )
  assert.equal(after(1, new ChannelError('rejected', { says: 'x' })), null)
  assert.equal(after(1, new ChannelError('wait', { says: 'x', until: new Date(5000) })), 5000)
  assert.equal(after(9, undefined, new Date(72 * 3_600_000)), 21_600_000)
  assert.equal(after(9, undefined, new Date(72 * 3_600_000 + 1)), null)
})

test('A remote id that is longer than what can be kept is told apart by its fingerprint; the caller brings the hash.', () => {
  assert.equal(
    rules.keptRemoteId('short', () => 'h'),
    'short',
  )
  assert.equal(
    rules.keptRemoteId('x'.repeat(501), () => 'h'),
    'hash:h',
  )
})

test('An account is called by the name that its network gave, at most 200 characters, or by its address.', () => {
  assert.equal(rules.accountName(' ', 'coo@example.org'), 'coo@example.org')
  assert.equal(rules.accountName('x'.repeat(300), 'a').length, 200)
})

test('The acts of all networks stand in one order, and only those of which any network says something.', () => {
  const says = (...acts: Truth['what'][]) => ({
    truth: acts.map(what => ({ what, allowed: 'yes', done: true, provedBy: 'recordings' }) as const),
  })
  assert.deepEqual(rules.actsIn([says('listen', 'publish'), says('edit', 'listen')]), ['publish', 'listen', 'edit'])
  assert.deepEqual(rules.actsIn([says()]), [])
})

test('Of one act a network says one thing, or nothing.', () => {
  const row = { what: 'listen', allowed: 'yes', done: true, provedBy: 'recordings' } as const
  assert.deepEqual([rules.truthOf({ truth: [row] }, 'listen'), rules.truthOf({ truth: [row] }, 'edit')], [row, undefined])
})

test('A sign-in that ends within seven days is loud.', () => {
  const now = new Date('2026-03-01T00:00:00Z')
  assert.equal(rules.endsSoon(null, now), false)
  assert.equal(rules.endsSoon(new Date('2026-03-08T00:00:00Z'), now), false)
  assert.equal(rules.endsSoon(new Date('2026-03-07T23:59:59Z'), now), true)
  assert.equal(rules.endsSoon(new Date('2026-02-01T00:00:00Z'), now), true)
})

test('What a server says of what it takes is asked again after an hour.', () => {
  const now = new Date('2026-03-01T01:00:00Z')
  assert.deepEqual(
    [null, new Date('2026-03-01T00:00:00Z'), new Date('2026-03-01T00:00:01Z')].map(asked => rules.isStale(asked, now)),
    [true, true, false],
  )
})

test("What an account's own server takes counts before what its network usually takes; where it takes any kind of file, none is refused.", () => {
  const usual = { text: 500, attachments: 4, attachmentBytes: 10, types: ['image/png'], count: (text: string) => text.length }
  assert.equal(rules.merged(usual, undefined), usual)
  assert.deepEqual(rules.merged(usual, { text: 5000, alt: undefined, types: ['a/b'] }), { ...usual, text: 5000, types: ['a/b'] })
  assert.equal('types' in rules.merged(usual, { types: null }), false)
})

test('A removed account has three days to take leave of its network.', () => {
  assert.deepEqual(rules.leavesUntil(new Date('2026-03-01T10:00:00Z')), new Date('2026-03-04T10:00:00Z'))
})

test('A removed account does nothing more than take leave, and nothing after that.', () => {
  const at = new Date(0)
  const said = [[null, null], [at, at], [at, null]].map(([removed_at, leaves_until]) => rules.hasLeft({ removed_at: removed_at!, leaves_until: leaves_until! })) // biome-ignore format: one table
  assert.deepEqual(said, [false, false, true])
})

test('A paused account does nothing; one that was removed takes leave all the same.', () => {
  const isPaused = (state: 'active' | 'paused', removed_at: Date | null) => rules.isPaused({ state, removed_at })
  assert.deepEqual([isPaused('paused', null), isPaused('active', null), isPaused('paused', new Date(0))], [true, false, false])
})
