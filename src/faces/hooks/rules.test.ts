import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'

const now = new Date('2026-03-12T09:00:00Z')
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000)

test('What happened is called by its module and its word, as `crm.assigned`.', () => {
  assert.deepEqual([rules.typeOf('crm.Assigned'), rules.typeOf('channels.AccountStood')], ['crm.assigned', 'channels.accountStood'])
})

test('What only named members may see leaves the house by no hook.', () => {
  assert.deepEqual((['public', 'thread', 'staff', 'members'] as const).map(rules.mayLeave), [true, true, true, false])
})

test('A hook that names nothing is told everything, unless only rules call it.', () => {
  const wants = (types: string[], called = false) => rules.wants({ types, called }, 'a.b')
  assert.deepEqual([wants([]), wants(['a.b']), wants(['a.c']), wants([], true)], [true, true, false, false])
})

test('A condition looks at one thing of what happened, and says which values it has, or has not.', () => {
  assert.deepEqual(rules.conditionsIn(' detail.kind = order \n\nchannel != email, irc\n'), [
    { at: ['detail', 'kind'], not: false, values: ['order'] },
    { at: ['channel'], not: true, values: ['email', 'irc'] },
  ])
  for (const wrong of [
    'order',
    'detail = x',
    'detail.kind =',
    'detail.kind = ,',
    'password = x',
    'detail.__proto__.a.b.c.d.e.f = x',
    '= x',
  ])
    assert.throws(() => rules.conditionsIn(wrong), { key: 'hooks.filterWrong' }, wrong)
})

test('What happened is told where all conditions hold; of a list any part of it may.', () => {
  const happened = { channel: null, side: 'inside', detail: { kind: 'order', total: 5, changes: [{ field: 'state' }, { field: 'total' }] } }
  const meets = (filter: string) => rules.meets(rules.conditionsIn(filter), happened)
  for (const yes of [
    '',
    'detail.kind = order',
    'detail.total = 4, 5',
    'detail.changes.field = total',
    'channel != email',
    'detail.kind = order\nside = inside',
  ])
    assert.equal(meets(yes), true, yes)
  for (const no of [
    'detail.kind = invoice',
    'detail.kind != order',
    'detail.changes.field = note',
    'channel = email',
    'detail.kind = order\nside = outside',
    'detail.constructor = x',
  ])
    assert.equal(meets(no), false, no)
})

test('Whoever makes a hook says what it is told, that it is told everything, or that only rules call it.', () => {
  assert.throws(() => rules.saysWhat([], false, false), { key: 'hooks.chooseSomething' })
  rules.saysWhat([], true, false)
  rules.saysWhat([], false, true)
  rules.saysWhat(['a.b'], false, false)
})

test('The secret before the last one is good for a day longer, so that nobody must change both sides in one moment.', () => {
  const secrets = { secret: 'new', before: 'old', beforeUntil: later(60) }
  assert.deepEqual(rules.goodSecrets(secrets, now), ['new', 'old'])
  assert.deepEqual(rules.goodSecrets(secrets, later(60)), ['new'])
  assert.deepEqual(rules.goodSecrets({ secret: 'new', before: null, beforeUntil: null }, now), ['new'])
  assert.equal(rules.bothGoodFor, 86_400_000)
})

test('What did not arrive is tried again after five seconds, then ever later, ten times within four days.', () => {
  const pauses = Array.from({ length: 10 }, (_, at) => rules.againAfter(at + 1, 0))
  assert.deepEqual([pauses[0], pauses[1], pauses.at(-1)], [5000, 300_000, null])
  for (const [at, pause] of pauses.slice(1, -1).entries()) assert.ok(pause! > pauses[at]!)
  assert.ok(pauses.slice(0, -1).reduce((all: number, each) => all + each! * 1.2, 0) < 4 * 86_400_000)
  assert.deepEqual([rules.againAfter(1, 1), rules.againAfter(1, 0, 60_000), rules.againAfter(1, 0, 9e12)], [6000, 60_000, 86_400_000])
})

test('Any 2xx has arrived, 410 wants no more, and everything else is tried again.', () => {
  const outcomes = [200, 204, 299, 410, null, 199, 301, 400, 404, 429, 500].map(rules.outcomeOf)
  assert.deepEqual(outcomes, ['done', 'done', 'done', 'gone', ...Array(7).fill('again')])
})

test('Where nothing has arrived for five days, nothing more is sent until a person says so.', () => {
  assert.deepEqual([rules.isGivenUp(now, later(5 * 86_400 - 1)), rules.isGivenUp(now, later(5 * 86_400))], [false, true])
})

test('An address that just failed is left alone for a minute, so that its fault keeps nobody else waiting.', () => {
  assert.deepEqual([rules.restUntil(null, now), rules.restUntil(now, later(59)), rules.restUntil(now, later(60))], [null, later(60), null])
})

test('How long an answer asks to be left alone, in milliseconds (RFC 9110, section 10.2.3).', () => {
  const asked = ['120', later(90).toUTCString(), 'soon', '', '-5', later(-90).toUTCString(), '9'.repeat(20)]
  assert.deepEqual([...asked.map(each => rules.retryAfter(each, now)), rules.retryAfter(null, now)], [120_000, 90_000, 0, 0, 0, 0, 0, 0])
})
