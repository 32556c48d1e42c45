import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'
import type { Due, Field, Pause, Policy } from './words.ts'

const at = (text: string) => new Date(`${text}Z`)
const minute = 60_000
/** Every minute is a working minute. */
const always: rules.Calendar = {
  between: (from, to) => Math.max(0, to.getTime() - from.getTime()),
  after: (from, minutes) => new Date(from.getTime() + minutes * minute),
}
const never: rules.Calendar = { between: () => 0, after: () => null }

test('Whoever takes a case that somebody else took in the same moment is told who has it.', () => {
  rules.isStillFree(null, null, '–')
  rules.isStillFree('anna', 'anna', 'Anna')
  rules.isStillFree(null, 'anna', '–')
  assert.throws(() => rules.isStillFree('anna', null, 'Anna'), { key: 'cases.takenMeanwhile', values: { name: 'Anna' } })
  assert.throws(() => rules.isStillFree('anna', 'ben', 'Anna'), { code: 'conflict' })
})

test('A new case is open as soon as somebody has it.', () => {
  assert.deepEqual(
    [rules.stateOwned('new', 'anna'), rules.stateOwned('new', null), rules.stateOwned('waiting', 'anna')],
    ['open', 'new', 'waiting'],
  )
})

test('A case is closed and opened again by their own deeds, which keep the cause and count.', () => {
  rules.movesTo('new', 'waiting')
  assert.throws(() => rules.movesTo('open', 'closed'), { key: 'cases.closeInstead' })
  assert.throws(() => rules.movesTo('closed', 'open'), { key: 'cases.closeInstead' })
})

test('The clock of a case stands still while it waits for the customer or is closed.', () => {
  assert.deepEqual((['new', 'open', 'waiting', 'closed'] as const).map(rules.standsStill), [false, false, true, true])
})

test('A case is never part of itself, directly or by what it is part of.', () => {
  rules.mayBePartOf('a', ['b', 'c'])
  for (const above of [['a'], ['b', 'a']]) assert.throws(() => rules.mayBePartOf('a', above), { key: 'cases.partOfItself' })
})

test('A case is the duplicate of one that is no duplicate itself.', () => {
  rules.isOriginal('a', { id: 'b', duplicateOf: null })
  assert.throws(() => rules.isOriginal('a', { id: 'a', duplicateOf: null }), { key: 'cases.noOriginal' })
  assert.throws(() => rules.isOriginal('a', { id: 'b', duplicateOf: 'c' }), { key: 'cases.noOriginal' })
})

test('A view is a set of states, an owner, teams or an alarm.', () => {
  assert.deepEqual(rules.filterOf('mine', 'anna', []), { active: true, owner: 'anna' })
  assert.deepEqual(rules.filterOf('team', 'anna', ['care']), { active: true, teams: ['care'] })
  assert.deepEqual(rules.filterOf('waiting', 'anna', []), { state: 'waiting' })
  assert.deepEqual(rules.filterOf('all', 'anna', []), {})
})

test('How many cases a view holds follows from what is counted by state, owner, team and alarm.', () => {
  const rows: rules.Counted[] = [
    { state: 'new', owner: rules.nobody, team: 'care', alarm: '', n: 3 },
    { state: 'open', owner: 'anna', team: rules.nobody, alarm: 'breached', n: 2 },
    { state: 'closed', owner: 'anna', team: 'care', alarm: '', n: 40 },
  ]
  const of = (view: Parameters<typeof rules.filterOf>[0]) => rules.countIn(rows, rules.filterOf(view, 'anna', ['care']))
  assert.deepEqual((['mine', 'team', 'unowned', 'breaching', 'active', 'closed', 'all'] as const).map(of), [2, 3, 3, 2, 5, 40, 45])
})

test('A case is called by its number, as K-12 or 12.', () => {
  assert.deepEqual(['K-12', ' k12 ', '#12', '12', 'K-', 'twelve', '12 lamps', '1234567890'].map(rules.numberIn), [12, 12, 12, 12, null, null, null, null]) // biome-ignore format: a list
})

test('A month is shown in whole weeks from Monday.', () => {
  for (const [on, first, last, count] of [
    ['2026-11-22', '2026-10-26', '2026-12-06', 42],
    ['2027-02-01', '2027-02-01', '2027-02-28', 28],
    ['2026-12-31', '2026-11-30', '2027-01-03', 35],
  ] as const) {
    const days = rules.daysOfMonth(on)
    assert.deepEqual([days[0], days.at(-1), days.length], [first, last, count])
  }
})

test('A message on a closed case opens it again within so many days; later a new case is suggested.', () => {
  assert.equal(rules.afterMessage(at('2026-11-01T12:00'), at('2026-11-08T12:00'), 7), 'reopen')
  assert.equal(rules.afterMessage(at('2026-11-01T12:00'), at('2026-11-08T12:01'), 7), 'suggest')
  assert.equal(rules.afterMessage(at('2026-11-01T12:00'), at('2026-11-01T12:01'), 0), 'suggest')
})

test('A customer is shown the messages that they wrote and those of ours that went to them, and nothing else of a thread.', () => {
  const [me, them, other] = [{ address: 'US@example.com' }, { address: 'Anna@example.org' }, { address: 'supplier@example.net' }]
  const message = { noun: 'Message', audience: 'thread', deletedAt: null }
  const said = [
    { ...message, id: 'asked', side: 'outside' as const, author: 'anna', detail: { from: them, to: [me] } },
    { ...message, id: 'answered', side: 'inside' as const, author: 'agent', detail: { from: me, to: [{ address: 'anna@EXAMPLE.org' }] } },
    { ...message, id: 'aside', side: 'inside' as const, author: 'agent', detail: { from: me, to: [other] } },
    { ...message, id: 'supplier', side: 'outside' as const, author: 'supplier', detail: { from: other, to: [me] } },
    { ...message, id: 'note', noun: 'Note', audience: 'staff', side: 'inside' as const, author: 'agent', detail: {} },
    { ...message, id: 'staff', audience: 'staff', side: 'inside' as const, author: 'agent', detail: { to: [them] } },
    { ...message, id: 'gone', side: 'inside' as const, author: 'agent', detail: { to: [them] }, deletedAt: at('2026-11-01T12:00') },
    { ...message, id: 'everybody', audience: 'public', side: 'inside' as const, author: 'agent', detail: {} },
  ]
  assert.deepEqual(
    rules.shownTo(said, ['anna', 'anna too']).map(each => each.id),
    ['asked', 'answered', 'everybody'],
  )
})

const policy = (more: Partial<Policy>): Policy => ({
  ...{ id: 'p', name: 'P', channel: null, tier: null, priority: null, firstMinutes: 60, solveMinutes: 600, warnPercent: 80 },
  ...{ escalateTo: null, archivedAt: null, ...more },
})

test('Of the service levels that fit a case the one holds that says most, and tier says more than priority, priority more than channel.', () => {
  const all = [
    policy({ id: 'all' }),
    policy({ id: 'post', channel: 'post' }),
    policy({ id: 'high', priority: 'high' }),
    policy({ id: 'vip', tier: 'vip' }),
    policy({ id: 'high post', channel: 'post', priority: 'high' }),
  ]
  const of = (channel: string | null, tier: 'vip' | 'standard', priority: 'high' | 'low') =>
    rules.policyFor(all, { channel, tier, priority })?.id
  assert.deepEqual(
    [
      of(null, 'standard', 'low'),
      of('post', 'standard', 'low'),
      of('post', 'standard', 'high'),
      of(null, 'vip', 'high'),
      of('post', 'vip', 'low'),
    ],
    ['all', 'post', 'high post', 'vip', 'vip'],
  )
  assert.equal(rules.policyFor([policy({ tier: 'vip' })], { channel: null, tier: 'standard', priority: 'high' }), undefined)
})

const begun = at('2026-11-02T08:00')
const pauses: Pause[] = [
  { began: at('2026-11-02T09:00'), ended: at('2026-11-02T10:00') },
  { began: at('2026-11-02T12:00'), ended: null },
]

test('Working time of a case counts from its opening without the pauses of its clock, in milliseconds.', () => {
  assert.equal(rules.worked(begun, at('2026-11-02T09:30'), pauses, always), 60 * minute)
  assert.equal(rules.worked(begun, at('2026-11-02T14:00'), pauses, always), 180 * minute)
})

test('A target is due when its working minutes and those of all pauses are over.', () => {
  assert.deepEqual(rules.dueAt(begun, 90, pauses.slice(0, 1), always), at('2026-11-02T10:30'))
  assert.equal(rules.dueAt(begun, 90, [], never), null)
})

test('What is answered is not due any more, and nothing is due while the clock stands still.', () => {
  const fresh = { openedAt: begun, answeredAt: null, state: 'new' as const, told: [] as Due[] }
  const dues = rules.duesOf(fresh, policy({}), [], always)
  assert.deepEqual([dues.firstDue, dues.solveDue], [at('2026-11-02T09:00'), at('2026-11-02T18:00')])
  assert.deepEqual(
    dues.next.map(({ what, at: when }) => `${what} ${when.toISOString().slice(11, 16)}`),
    ['first.warned 08:48', 'first.breached 09:00', 'solve.warned 16:00', 'solve.breached 18:00'],
  )
  const answered = rules.duesOf({ ...fresh, answeredAt: at('2026-11-02T08:30'), told: ['solve.warned'] }, policy({}), [], always)
  assert.deepEqual([answered.firstDue, answered.next.map(each => each.what)], [null, ['solve.breached']])
  const nothing = { firstDue: null, solveDue: null, next: [] }
  assert.deepEqual(rules.duesOf({ ...fresh, state: 'waiting' }, policy({}), [], always), nothing)
  assert.deepEqual(rules.duesOf(fresh, undefined, [], always), nothing)
  assert.deepEqual(rules.duesOf(fresh, policy({}), [], never), nothing)
})

test('A case is breached by what is late and still to be done, and warned by what soon will be.', () => {
  const of = (told: Due[], answeredAt: Date | null = null, state: 'open' | 'closed' = 'open') => rules.alarmOf({ told, answeredAt, state })
  assert.deepEqual(
    [
      of([]),
      of(['first.warned']),
      of(['first.warned', 'first.breached']),
      of(['first.breached'], begun),
      of(['first.breached', 'solve.warned'], begun),
    ],
    [null, 'warned', 'breached', null, 'warned'],
  )
  assert.equal(of(['solve.breached'], begun, 'closed'), null)
})

test('A service level has at least one target, and its case is answered before it is solved.', () => {
  rules.targetsHold({ firstMinutes: 60, solveMinutes: 60 })
  rules.targetsHold({ firstMinutes: null, solveMinutes: 60 })
  assert.throws(() => rules.targetsHold({ firstMinutes: null, solveMinutes: null }), { key: 'cases.noTarget' })
  assert.throws(() => rules.targetsHold({ firstMinutes: 61, solveMinutes: 60 }), { key: 'cases.targetsWrong' })
})

test('A service level needs a working day: nothing that nobody works on is ever due.', () => {
  rules.someoneWorks([])
  assert.throws(() => rules.someoneWorks(['Care', 'Night']), { key: 'cases.noWorkingDay', values: { names: 'Care, Night' } })
})

test('Working time is written as 30m, 4h, 1h 30m or 2d, where a day has eight hours.', () => {
  assert.deepEqual(['30', '30m', '4h', '1h 30M', '2d', '1,5h', ' '].map(text => rules.minutesIn(text, 'time')), [30, 30, 240, 90, 960, 90, null]) // biome-ignore format: a list
  for (const wrong of ['soon', '0', '-1h', '4 hours', '1h30', '99999d'])
    assert.throws(() => rules.minutesIn(wrong, 'first'), { key: 'cases.timeWrong' }, wrong)
})

test('Working time is shown as it is written.', () => {
  assert.deepEqual([0, 30, 60, 90, 960].map(rules.timeText), ['0m', '30m', '1h', '1h 30m', '16h'])
})

const fields: Field[] = [
  { key: 'order', label: 'Order', kind: 'line', required: true, choices: [] },
  { key: 'price', label: 'Price', kind: 'number', required: false, choices: [] },
  { key: 'since', label: 'Since', kind: 'date', required: false, choices: [] },
  { key: 'colour', label: 'Colour', kind: 'choice', required: false, choices: ['red', 'blue'] },
  { key: 'glass', label: 'Glass', kind: 'flag', required: false, choices: [] },
]

test('A case holds for each field of its type what that field can hold, and nothing else.', () => {
  const given = { order: ' N1 ', price: '12,50', since: '2026-11-02', colour: 'red', glass: 'on', other: 'x' }
  assert.deepEqual(rules.valuesFor(fields, given), { order: 'N1', price: 12.5, since: '2026-11-02', colour: 'red', glass: true })
  assert.deepEqual(rules.valuesFor(fields, { order: 'N1', price: '', glass: '' }), { order: 'N1' })
  for (const wrong of [
    { price: 'much' },
    { price: '1e9' },
    { since: '2026-02-30' },
    { since: 'today' },
    { colour: 'green' },
    { order: '' },
    { order: 'x'.repeat(501) },
  ] as Record<string, string>[])
    assert.throws(
      () => rules.valuesFor(fields, { order: 'N1', ...wrong }),
      (error: { fields: { field: string }[] }) => error.fields[0]!.field === `field.${Object.keys(wrong)[0]}`,
      JSON.stringify(wrong).slice(0, 60),
    )
})

test('Fields of a type have different names, and whoever chooses has something to choose from.', () => {
  rules.fieldsHold(fields)
  assert.throws(() => rules.fieldsHold([...fields, { ...fields[1]!, key: 'x', label: 'PRICE' }]), { key: 'cases.fieldTwice' })
  assert.throws(() => rules.fieldsHold([{ ...fields[3]!, choices: [] }]), { key: 'cases.fieldNoChoice' })
})

test('The key of a field is made of its first label, and stays when the label changes.', () => {
  assert.deepEqual([rules.keyFor('Größe (cm)', []), rules.keyFor('Order', ['order', 'order2']), rules.keyFor('??', [])], ['groecm', 'order3', 'field']) // biome-ignore format: a list
})
