import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChannelError } from '#kernel/errors.ts'
import * as rules from './rules.ts'

const now = new Date('2026-03-02T10:00:00Z')
const call = { attempts: 1, now, chance: 0.5, repeatable: false }
const after = (at: Date | null | undefined) => (at ? (at.getTime() - now.getTime()) / 1000 : null)
const error = (kind: ChannelError['kind'], until?: Date) => new ChannelError(kind, { says: kind, ...(until && { until }) })

test('What may have been done is never repeated blindly, unless the network itself does one once-key only once.', () => {
  assert.deepEqual(rules.fateOf(error('unsure'), call), { state: 'unsure', says: 'unsure' })
  assert.deepEqual(rules.fateOf(new TypeError('bug'), call), { state: 'unsure', says: 'deliveries.fault' })
  assert.equal(rules.fateOf(error('unsure'), { ...call, repeatable: true }).state, 'waiting')
  assert.deepEqual(rules.fateOf(error('rejected'), call), { state: 'failed', because: 'rejected', says: 'rejected' })
  const until = new Date(now.getTime() + 7000)
  assert.deepEqual(rules.fateOf(error('wait', until), call), { state: 'waiting', dueAt: until, says: 'wait' })
  assert.equal(rules.fateOf(error('wait'), call).state, 'waiting')
  assert.equal(rules.fateOf(error('reconnect'), call).state, 'waiting')
  assert.equal(rules.fateOf(error('down'), call).state, 'waiting')
})

test('A delivery is tried again after 5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours, each a fifth sooner or later by chance, and then given up.', () => {
  const pause = (attempts: number, chance: number) => {
    const fate = rules.again({ ...call, attempts, chance }, 'down')
    return fate.state === 'waiting' ? after(fate.dueAt) : fate
  }
  const hour = 3600
  assert.deepEqual(
    Array.from({ length: 9 }, (_, at) => pause(at + 1, 0.5)),
    [5, 300, 1800, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour],
  )
  assert.deepEqual([pause(1, 0), pause(1, 1)], [4, 6])
  assert.deepEqual(pause(10, 0.5), { state: 'failed', because: 'gaveUp', says: 'down' })
})

test('What was due longer ago than the organisation allows, and was never tried, asks before it goes.', () => {
  const now = new Date(10_000)
  const stale = (state: string, attempts: number, due: number) => rules.isStale({ state, attempts, due_at: new Date(due) }, now, 5000)
  assert.deepEqual(
    [stale('waiting', 0, 4999), stale('waiting', 0, 5000), stale('waiting', 1, 0), stale('unsure', 0, 0)],
    [true, false, false, false],
  )
})

test('Whether an unsure delivery was done is asked at once, after a minute and after ten; then a person is asked.', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map(asked => after(rules.asksAgainAt(asked, now))),
    [0, 60, 600, null],
  )
  assert.equal(rules.mostAsked, 3)
})

test('What a network took but has not finished is asked for after ten seconds, then ever more seldom, up to once an hour for three days.', () => {
  assert.deepEqual(
    [0, 1, 2, 9, 90, 91].map(asked => after(rules.settlesAgainAt(asked, now))),
    [10, 20, 40, 3600, 3600, null],
  )
})

test('A delivery that is still being sent after five minutes was left by its process, and nobody knows how far it came.', () => {
  assert.equal(rules.wasLeft(new Date(now.getTime() - rules.lease), now), false)
  assert.equal(rules.wasLeft(new Date(now.getTime() - rules.lease - 1), now), true)
  assert.equal(rules.wasLeft(null, now), true)
  assert.ok(rules.longestCall < rules.lease)
})

test('What was edited or deleted after it was decided does not go out.', () => {
  const [before, later] = [new Date(now.getTime() - 1), new Date(now.getTime() + 1)]
  assert.equal(rules.staysIn({ editedAt: null, deletedAt: null }, now), null)
  assert.equal(rules.staysIn({ editedAt: before, deletedAt: null }, now), null)
  assert.equal(rules.staysIn({ editedAt: later, deletedAt: null }, now), 'edited')
  assert.equal(rules.staysIn({ editedAt: later, deletedAt: later }, now), 'deleted')
  assert.equal(rules.staysIn(undefined, now), 'deleted')
})

test('How a post fares is asked every half hour on its first day, every six hours in its first week, daily in its first month, then no more.', () => {
  const now = new Date('2026-03-31T12:00:00Z')
  const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
  const again = (sent: number, counted: number | null) =>
    rules.isCountedAgain({ sent_at: ago(sent), counted_at: counted === null ? null : ago(counted) }, now)
  assert.deepEqual([again(1, null), again(1, 0.4), again(1, 0.5)], [true, false, true])
  assert.deepEqual([again(25, 5), again(25, 6)], [false, true])
  assert.deepEqual([again(8 * 24, 23), again(8 * 24, 24)], [false, true])
  assert.deepEqual([again(31 * 24, null), rules.isCountedAgain({ sent_at: null, counted_at: null }, now)], [false, false])
})
