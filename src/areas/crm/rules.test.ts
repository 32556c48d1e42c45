import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as rules from './rules.ts'
import { afterAnswer, filterOf, hasSeen, labelOf, maySnooze, quarterOf, reopensBy, snoozeChoices, withoutAnswer } from './rules.ts'
import { type Stand, worked as states } from './words.ts'

test('New mail from outside opens a conversation again, unless a machine wrote it.', () => {
  assert.deepEqual(
    states.map(state => reopensBy(state, undefined)),
    [false, true, true, true],
  )
  assert.ok(states.every(state => !reopensBy(state, 'auto-reply')))
})

test('After an answer an open conversation waits for the other side.', () => {
  assert.deepEqual(
    states.map(state => afterAnswer(state, false)),
    ['waiting', 'waiting', 'waiting', 'done'],
  )
  assert.ok(states.every(state => afterAnswer(state, true) === 'done'))
})

test('An answer that is taken back leaves its conversation as it stood, but for what happened to it since.', () => {
  const [early, late] = [new Date(1000), new Date(2000)]
  const was = { state: 'snoozed', assignee: null, askedAt: late, snoozedUntil: late } as const
  const became = { state: 'done', assignee: 'anna', askedAt: null, snoozedUntil: null } as const
  const back = (now: Partial<Stand>) => withoutAnswer({ ...became, ...now }, { was, became })
  assert.deepEqual(back({}), was)
  assert.deepEqual(back({ state: 'open', askedAt: early }), { ...was, state: 'open', askedAt: early, snoozedUntil: null })
  assert.deepEqual(back({ assignee: 'ben' }), { ...was, assignee: 'ben' })
})

test('A snooze ends in the future, within a year.', () => {
  const now = new Date('2026-03-01T12:00:00Z')
  maySnooze(new Date('2026-03-01T12:01:00Z'), now)
  for (const wrong of ['2026-03-01T12:00:00Z', '2025-01-01T00:00:00Z', '2027-04-01T00:00:00Z'])
    assert.throws(() => maySnooze(new Date(wrong), now), { key: 'crm.snoozeWhen' })
})

test('An answer is sent only by somebody who has seen the latest answer of a colleague.', () => {
  const latest = { id: '0002', author: 'anna' }
  assert.equal(hasSeen(undefined, undefined, 'ben'), true)
  assert.equal(hasSeen(latest, '0002', 'ben'), true)
  assert.equal(hasSeen(latest, '0003', 'ben'), true)
  assert.equal(hasSeen(latest, '0001', 'ben'), false)
  assert.equal(hasSeen(latest, undefined, 'ben'), false)
  assert.equal(hasSeen(latest, undefined, 'anna'), true)
})

test('A label is a word in small letters, without spaces at its ends.', () => {
  assert.equal(labelOf('  Late   Delivery '), 'late delivery')
  fc.assert(fc.property(fc.string(), text => assert.equal(labelOf(labelOf(text)), labelOf(text).trim())))
})

test('A view of the inbox is a state and an owner.', () => {
  assert.deepEqual(filterOf('mine', 'me'), { state: 'open', assignee: 'me' })
  assert.deepEqual(filterOf('unassigned', 'me'), { state: 'open', assignee: null })
  assert.deepEqual(filterOf('done', 'me'), { state: 'done' })
  assert.deepEqual(filterOf('all', 'me'), {})
})

test('What is offered for later begins with a quarter of an hour, and stays the same until it is over.', () => {
  const [first, same, next] = ['10:00:00.001', '10:15:00.000', '10:15:00.001'].map(time => new Date(`2026-03-04T${time}Z`))
  assert.equal(quarterOf(first!), quarterOf(same!))
  assert.equal(quarterOf(next!), quarterOf(same!) + 1)
  assert.deepEqual(snoozeChoices(first!, 'Europe/Berlin'), snoozeChoices(same!, 'Europe/Berlin'))
  assert.equal(snoozeChoices(first!, 'Europe/Berlin')[0]!.until.toISOString(), '2026-03-04T13:15:00.000Z')
})

test('Snoozing offers later today, tomorrow morning, next Monday and in a week, in the person’s own time zone.', () => {
  const times = (now: string, zone: string) => snoozeChoices(new Date(now), zone).map(({ until }) => until.toISOString())
  assert.deepEqual(times('2026-03-04T10:00:00Z', 'Europe/Berlin'), [
    '2026-03-04T13:00:00.000Z',
    '2026-03-05T08:00:00.000Z',
    '2026-03-09T08:00:00.000Z',
    '2026-03-11T08:00:00.000Z',
  ])
  // The clocks go forward on 29 March 2026: nine in the morning is then an hour earlier.
  assert.deepEqual(times('2026-03-28T10:00:00Z', 'Europe/Berlin').slice(1), [
    '2026-03-29T07:00:00.000Z',
    '2026-03-30T07:00:00.000Z',
    '2026-04-04T07:00:00.000Z',
  ])
  assert.equal(times('2026-03-02T10:00:00Z', 'Europe/Berlin')[2], '2026-03-09T08:00:00.000Z')
})

test('No answer leaves with a blank in it.', () => {
  rules.isFilledIn('{ all } {{}} {{ a {b} }}')
  assert.throws(() => rules.isFilledIn('Dear {{first name}}'), { key: 'crm.fillIn' })
})

test('What is spam is answered only after the mark is taken off.', () => {
  rules.isNoSpam('done')
  assert.throws(() => rules.isNoSpam('spam'), { key: 'crm.isSpam' })
})

test('What turned out to be one with another conversation is worked on there.', () => {
  rules.worksOn({ mergedInto: null })
  assert.throws(() => rules.worksOn({ mergedInto: 'other' }), { code: 'gone' })
})

test('A filter is words such as `is:open owner:me label:late`; a word that nobody understands is named, and finds nothing.', () => {
  const { wanted, unknown } = rules.wantedBy('is:open  owner:"Anna Berg" label:late brand:North channel:email is:odd lamp color:red label:')
  assert.deepEqual(wanted, { state: 'open', owner: 'anna berg', label: 'late', brand: 'north', channel: 'email' })
  assert.deepEqual(unknown, ['is:odd', 'lamp', 'color:red', 'label:'])
})

test('Of two conversations that become one the more wakeful state stands: open before waiting, waiting before put aside, put aside before done.', () => {
  assert.deepEqual(
    [rules.wakeful('done', 'open'), rules.wakeful('snoozed', 'waiting'), rules.wakeful('done', 'snoozed'), rules.wakeful('spam', 'spam')],
    ['open', 'waiting', 'snoozed', 'spam'],
  )
})

test('An answer is planned for a moment in the future, within a year.', () => {
  const now = new Date('2026-01-01T00:00:00Z')
  rules.mayPlan(new Date('2026-01-02T00:00:00Z'), now)
  for (const wrong of ['2026-01-01T00:00:10Z', '2025-12-31T00:00:00Z', '2027-02-01T00:00:00Z', 'nonsense'])
    assert.throws(() => rules.mayPlan(new Date(wrong), now), { key: 'crm.planWhen' })
})
