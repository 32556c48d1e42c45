import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as rules from './rules.ts'
import { daysFrom, localDay, momentOf, startOfDay } from './time.ts'
import { measureOf, type Tally } from './words.ts'

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 2, 9, minutes))
const thread = (text: string): rules.Said[] =>
  text.split(' ').map((word, index) => ({
    id: `${index}`,
    at: at(index),
    is: ({ c: 'in', w: 'out', n: 'note', t: 'taken' } as const)[word[0] as 'c' | 'w' | 'n' | 't'],
    automatic: word.endsWith('!'),
  }))
const needs = (text: string) => rules.needsOf(thread(text)).map(each => `${each.id}→${each.answer ?? '…'}`)

test("A customer's message needs an answer when it begins the thread or follows one of ours, and several in a row are one need that began with the first.", () => {
  assert.deepEqual(needs('c w'), ['0→1'])
  assert.deepEqual(needs('c c c w w'), ['0→3'])
  assert.deepEqual(needs('c w c'), ['0→1', '2→…'])
  assert.deepEqual(needs('w c w'), ['1→2'], 'what we begin needs no answer of ours')
  assert.deepEqual(needs('c n w!'), ['0→…'], 'a note or an automatic reply is no answer')
  assert.deepEqual(needs('c! w'), [], 'a machine needs none')
  assert.deepEqual(needs('c w c! c w'), ['0→1', '3→4'])
})

test('A turn is what one side says until the other side speaks, and a thread on which only machines spoke is no conversation.', () => {
  const turns = (text: string) => rules.conversationOf(thread(text))?.turns
  assert.deepEqual(turns('c c w n w c'), { in: 2, out: 1 })
  assert.deepEqual(turns('c w! c'), { in: 1, out: 0 })
  assert.equal(rules.conversationOf(thread('c! w!')), null)
  assert.equal(rules.conversationOf(thread('w c'))!.startedBy, 'out')
  assert.deepEqual(rules.conversationOf(thread('c n t w'))!.takenAt, at(2))
})

test('A conversation goes deep when each side had at least two turns.', () => {
  assert.equal(rules.isDeep(rules.conversationOf(thread('c w c w'))!), true)
  assert.equal(rules.isDeep(rules.conversationOf(thread('c w c'))!), false)
})

test('A conversation is owned in time when somebody took it within a day of its beginning.', () => {
  const taken = (after: number) =>
    rules.isOwned({ startedBy: 'in', startedAt: at(0), turns: { in: 1, out: 0 }, notes: 0, takenAt: at(after) })
  assert.equal(taken(24 * 60), true)
  assert.equal(taken(24 * 60 + 1), false)
  assert.equal(rules.isOwned({ ...rules.conversationOf(thread('c n'))! }), false)
})

const weekdays: [number, number][] = Array.from({ length: 5 }, () => [540, 1020])
const berlin = { zone: 'Europe/Berlin', hours: [...weekdays, null, null] }
const minutes = (from: string, to: string, open: Parameters<typeof rules.businessMinutes>[2] = berlin) =>
  rules.businessMinutes(new Date(from), new Date(to), open)

test('Between two moments only those minutes count in which the house is open, by its own clock and calendar.', () => {
  assert.equal(minutes('2026-11-02T10:00+01:00', '2026-11-02T11:30+01:00'), 90)
  assert.equal(minutes('2026-11-02T16:30+01:00', '2026-11-03T09:15+01:00'), 45, 'over night')
  assert.equal(minutes('2026-11-06T16:00+01:00', '2026-11-09T10:00+01:00'), 120, 'over the week-end')
  assert.equal(minutes('2026-11-07T10:00+01:00', '2026-11-08T18:00+01:00'), 0, 'closed')
  assert.equal(minutes('2026-11-02T11:00+01:00', '2026-11-02T10:00+01:00'), 0, 'backwards')
  assert.equal(minutes('2026-12-24T16:00+01:00', '2026-12-28T10:00+01:00', { ...berlin, holidays: ['2026-12-25'] }), 120, 'a holiday')
  assert.equal(minutes('1990-01-01T00:00Z', '2026-01-01T00:00Z') > 0, true, 'the longest is bounded')
})

test('business hours follow the clock on the wall when it changes', () => {
  // 29 March 2026: clocks go forward in Berlin; 25 October 2026: back. Nine o'clock stays nine o'clock.
  assert.equal(minutes('2026-03-27T16:00+01:00', '2026-03-30T10:00+02:00'), 120)
  assert.equal(minutes('2026-10-23T16:00+02:00', '2026-10-26T10:00+01:00'), 120)
  const always = { zone: 'Europe/Berlin', hours: Array.from({ length: 7 }, () => [0, 1440] as [number, number]) }
  assert.equal(minutes('2026-03-29T00:00+01:00', '2026-03-30T00:00+02:00', always), 23 * 60)
  assert.equal(minutes('2026-10-25T00:00+02:00', '2026-10-26T00:00+01:00', always), 25 * 60)
  assert.equal(minutes('2026-11-01T00:00-04:00', '2026-11-02T00:00-05:00', { zone: 'America/New_York', hours: always.hours }), 25 * 60)
  assert.equal(
    minutes('2026-11-02T09:00+13:45', '2026-11-02T10:00+13:45', { zone: 'Pacific/Chatham', hours: berlin.hours }),
    60,
    'far from UTC',
  )
})

test('local times become moments, also where an hour is missing or comes twice', () => {
  const wall = (text: string) => new Date(momentOf('Europe/Berlin', Date.parse(`${text}Z`))).toISOString()
  assert.equal(wall('2026-03-29T02:30'), '2026-03-29T01:30:00.000Z')
  assert.equal(wall('2026-10-25T02:30'), '2026-10-25T00:30:00.000Z')
  assert.equal(localDay('Europe/Berlin', new Date('2026-11-15T23:30:00Z')), '2026-11-16')
  assert.equal(startOfDay('America/New_York', '2026-11-15').toISOString(), '2026-11-15T05:00:00.000Z')
  assert.equal(daysFrom('2026-03-01', -1), '2026-02-28')
})

test('The same for many, with the calendar looked up once.', () => {
  const clock = rules.businessClock(berlin)
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 500_000 }),
      fc.integer({ min: 0, max: 20_000 }),
      fc.integer({ min: 0, max: 20_000 }),
      (start, first, second) => {
        const [a, b, c] = [start, start + first, start + first + second].map(at)
        assert.equal(clock(a!, b!), rules.businessMinutes(a!, b!, berlin))
        assert.ok(Math.abs(clock(a!, c!) - clock(a!, b!) - clock(b!, c!)) < 1e-9, 'minutes add up')
        assert.ok(clock(a!, c!) <= first + second)
      },
    ),
  )
})

test('A time falls into a bucket whose middle is at most one per cent away from it, and less than a second counts as a second.', () => {
  assert.equal(rules.bucketOf(0), rules.bucketOf(1 / 60))
  fc.assert(
    fc.property(fc.double({ min: 1 / 60, max: 1e6, noNaN: true }), value => {
      const found = rules.quantile({ [rules.bucketOf(value)]: 1 }, 0.5)!
      assert.ok(Math.abs(found - value) <= 0.0100001 * value)
    }),
  )
})

test('A quantile of a sketch is at most one per cent away from the true one.', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 1, max: 100_000, noNaN: true }), { minLength: 1, maxLength: 300 }),
      fc.constantFrom(0.5, 0.9, 0, 1),
      (values, share) => {
        const sketch: Record<string, number> = {}
        for (const value of values) sketch[rules.bucketOf(value)] = (sketch[rules.bucketOf(value)] ?? 0) + 1
        const exact = values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))]!
        assert.ok(Math.abs(rules.quantile(sketch, share)! - exact) <= 0.0100001 * exact)
      },
    ),
  )
  assert.equal(rules.quantile({}, 0.5), null)
})

const tally = fc.record({
  numerator: fc.nat(100),
  denominator: fc.nat(100),
  n: fc.nat(100),
  sketch: fc.dictionary(fc.constantFrom('1', '2', '300'), fc.nat(9)),
})

test('Days add up: counts are summed and sketches merged, in any order and grouping.', () => {
  const tidy = (it: Tally) => ({ ...it, sketch: Object.entries(it.sketch).toSorted() })
  fc.assert(
    fc.property(fc.array(tally, { maxLength: 12 }), fc.nat(12), (all, cut) => {
      const grouped = rules.merge([rules.merge(all.slice(cut)), rules.merge(all.slice(0, cut))])
      assert.deepEqual(tidy(grouped), tidy(rules.merge(all)))
    }),
  )
  assert.deepEqual(rules.merge([]), rules.nothing)
})

test('Below the minimum sample a value is not enough data, which is not the same as 0.', () => {
  const share = (numerator: number, n: number) =>
    rules.readTally(measureOf('response.rate'), { numerator, denominator: n, n, sketch: {} }).value
  assert.equal(share(0, 4), null)
  assert.equal(share(0, 5), 0)
  assert.equal(share(9, 10), 0.9)
  const time = rules.readTally(measureOf('response.first.calendar'), {
    numerator: 0,
    denominator: 0,
    n: 5,
    sketch: { [rules.bucketOf(10)]: 3, [rules.bucketOf(100)]: 2 },
  })
  assert.ok(Math.abs(time.value! - 10) < 0.1 && Math.abs(time.p90! - 100) < 1)
  assert.equal(rules.readTally(measureOf('mentions'), { ...rules.nothing, n: 7, numerator: 7 }).value, 7)
})

test('A window is so many whole days, and ends with today.', () => {
  assert.deepEqual(rules.windowOf(7, '2026-11-15'), { from: '2026-11-09', until: '2026-11-15' })
})

test("Coverage is the share of the window's days since when anything is known at all.", () => {
  const window = rules.windowOf(90, '2026-11-15')
  assert.equal(rules.coverageOf(window, '2020-01-01'), 1)
  assert.equal(rules.coverageOf(window, '2026-11-07'), 0.1)
  assert.equal(rules.coverageOf(window, null), 0)
  assert.equal(rules.coverageOf(window, '2026-11-16'), 0)
})

test('A trend is told in steps of a day up to a month, of a week up to a quarter, and of a month beyond.', () => {
  assert.deepEqual([7, 30, 90, 365].map(rules.stepOf), ['day', 'day', 'week', 'month'])
})

test('Each step of a trend holds the days that belong to it, and a step without data stays in it as a gap.', () => {
  const day = (date: string) => ({ day: date, numerator: 1, denominator: 1, n: 1, sketch: {} })
  const steps = rules.trend([day('2026-11-09'), day('2026-11-11'), day('2026-11-11')], rules.windowOf(7, '2026-11-15'))
  assert.deepEqual(
    steps.map(step => step.tally.n),
    [1, 0, 2, 0, 0, 0, 0],
  )
  const year = rules.trend([day('2026-11-09'), day('2026-11-11'), day('2026-01-05')], rules.windowOf(365, '2026-11-15'))
  assert.deepEqual([year.length, year.at(-1)!.tally.n, year.find(step => step.from === '2026-01-01')!.tally.n], [13, 2, 1])
})

test('A measure differs between parts by as much as lies between the best and the worst of those with enough data, of which there are at least two.', () => {
  const part = (name: string, value: number | null) => ({ name, value })
  const found = rules.spreadOf([part('mail', 0.9), part('chat', null), part('forum', 0.65), part('phone', 0.7)])!
  assert.deepEqual([found.least.name, found.most.name, Math.round(found.spread * 100)], ['forum', 'mail', 25])
  assert.equal(rules.spreadOf([part('mail', 0.9), part('chat', null)]), null)
})
