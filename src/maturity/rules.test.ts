import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as rules from './rules.ts'
import * as spans from './spans.ts'
import type { Attestation, Expr, Fact, Indicator } from './words.ts'
import { texts } from './words.ts'

const yes = spans.exactly(1)
const no = spans.exactly(0)
const maybe = spans.open
const today = new Date('2026-11-15T12:00:00Z')
const words = texts('x', 'x', 'x', 'x')

const indicator = (over: Partial<Indicator> = {}): Indicator => ({
  id: 'answers',
  question: words,
  action: words,
  evidence: ['conversation'],
  measure: 'response.rate',
  unit: 'share',
  windowDays: 90,
  minSample: 5,
  maxAgeDays: 30,
  scale: { kind: 'threshold', cuts: [0.5] },
  shows: 'followed',
  provenance: 'proposal',
  sources: [],
  ...over,
})
const fact = (over: Partial<Fact> = {}): Fact => ({
  measure: 'response.rate',
  windowDays: 90,
  value: 0.7,
  n: 20,
  asOf: today,
  version: '1',
  ...over,
})
const stated: Attestation = { id: 'a', indicator: 'answers', author: 'Anna', at: today, expires: new Date('2027-01-01T00:00:00Z') }

test('A measured value becomes a score from 0 to 1 by the scale of its indicator.', () => {
  assert.equal(rules.score({ kind: 'threshold', cuts: [0.5] }, 0.5), 1)
  assert.equal(rules.score({ kind: 'threshold', cuts: [0.2, 0.5, 0.9] }, 0.6), 2 / 3)
  assert.equal(rules.score({ kind: 'threshold', cuts: [24, 8, 1] }, 6), 2 / 3, 'falling cuts: less is better')
  assert.equal(rules.score({ kind: 'threshold', cuts: [60], better: 'lower' }, 61), 0)
  assert.equal(rules.score({ kind: 'linear', min: 0, max: 4 }, 1), 0.25)
  assert.equal(rules.score({ kind: 'linear', min: 10, max: 0 }, 2), 0.8)
  assert.equal(rules.score({ kind: 'linear', min: 0, max: 1 }, 7), 1)
  assert.equal(rules.score({ kind: 'boolean' }, 0.9), 0)
})

test('How much is missing until the next cut or the end of the scale, in the unit of the value; 0 when nothing is.', () => {
  assert.ok(Math.abs(rules.gap({ kind: 'threshold', cuts: [0.2, 0.5] }, 0.3) - 0.2) < 1e-12)
  assert.equal(rules.gap({ kind: 'threshold', cuts: [24, 8] }, 10), 2)
  assert.equal(rules.gap({ kind: 'linear', min: 0, max: 10 }, 4), 6)
  assert.equal(rules.gap({ kind: 'boolean' }, 0), 1)
  assert.equal(rules.gap({ kind: 'threshold', cuts: [5] }, 9), 0)
})

test('An indicator is known only from enough and fresh observations, and a statement counts at most as defined, never as followed.', () => {
  const state = (i: Indicator, f?: Fact, a?: Attestation) => rules.judge(i, f, a, today).state
  assert.equal(state(indicator(), fact()), 'measured')
  assert.equal(state(indicator()), 'missing')
  assert.equal(state(indicator(), fact({ n: 4 })), 'tooFew')
  assert.equal(state(indicator(), fact({ n: 0, value: null })), 'tooFew')
  assert.equal(state(indicator(), fact({ asOf: new Date('2026-10-01T00:00:00Z') })), 'tooOld')
  assert.equal(state(indicator(), undefined, stated), 'onlyStated')
  assert.equal(state(indicator({ shows: 'defined' }), undefined, stated), 'stated')
  assert.equal(state(indicator({ shows: 'defined' }), undefined, { ...stated, expires: today }), 'missing', 'expired')
  const both = rules.judge(indicator({ shows: 'defined' }), fact({ value: 0.1 }), stated, today)
  assert.ok(both.state === 'measured' && both.score === 0, 'a statement cannot overrule what was measured')
})

test('All hold only when each one holds, and one that does not is enough to say no.', () => {
  assert.deepEqual(rules.all([yes, yes]), yes)
  assert.deepEqual(rules.all([yes, maybe, no]), no)
  assert.deepEqual(rules.all([yes, maybe]), maybe)
  assert.deepEqual(rules.all([yes, spans.exactly(0.9)]), no, 'nearly is not enough')
})

test('Any holds as soon as one holds, and no unknown can take that away.', () => {
  assert.deepEqual(rules.any([no, maybe, yes]), yes)
  assert.deepEqual(rules.any([no, maybe]), maybe)
  assert.deepEqual(rules.any([no, no]), no)
})

test('A count of k out of n is decided as soon as the unknown ones cannot change it.', () => {
  assert.deepEqual(rules.kOf(2, [yes, yes, maybe]), yes)
  assert.deepEqual(rules.kOf(2, [yes, no, maybe]), maybe)
  assert.deepEqual(rules.kOf(3, [yes, no, maybe, no]), no)
})

test('The minimum is the weakest part, so that nothing makes up for it.', () => {
  assert.deepEqual(rules.lowest([0.7, 0.9, 0.4].map(spans.exactly)), spans.exactly(0.4))
  assert.deepEqual(rules.lowest([spans.exactly(0.4), maybe]), { lo: 0, hi: 0.4 })
  assert.deepEqual(rules.lowest([no, maybe]), no)
})

test('The median of an even number is the lower of the two in the middle, so that no half phase is named.', () => {
  assert.deepEqual(rules.median([1, 2, 3, 5].map(spans.exactly)), spans.exactly(2))
  assert.deepEqual(rules.median([4, 2, 3].map(spans.exactly)), spans.exactly(3))
  assert.deepEqual(
    rules.median([spans.exactly(2), spans.exactly(2), spans.exactly(2), { lo: 1, hi: 5 }]),
    spans.exactly(2),
    'the unknown one changes nothing',
  )
})

test('A weighted mean is known only when every part of it is.', () => {
  assert.deepEqual(
    rules.weighted([
      [yes, 3],
      [no, 1],
    ]),
    spans.exactly(0.75),
  )
  assert.deepEqual(
    rules.weighted([
      [yes, 3],
      [maybe, 1],
    ]),
    { lo: 0.75, hi: 1 },
  )
})

test('A level counts only when every level below it holds.', () => {
  assert.deepEqual(rules.gate(no, yes), no)
  assert.deepEqual(rules.gate(maybe, yes), maybe)
  assert.deepEqual(rules.gate(yes, yes), yes)
})

test('Below half coverage no level is named.', () => {
  assert.equal(rules.nameable(0.5), true)
  assert.equal(rules.nameable(0.499), false)
})

test('A level is lost only after two periods below it.', () => {
  const first = rules.hold({ held: 3, below: 0 }, spans.exactly(2))
  assert.deepEqual(first, { span: spans.exactly(3), memory: { held: 3, below: 1 }, kept: true })
  const second = rules.hold(first.memory, spans.exactly(2))
  assert.deepEqual(second, { span: spans.exactly(2), memory: { held: 2, below: 0 }, kept: false })
  assert.deepEqual(rules.hold(first.memory, spans.exactly(3)).memory, { held: 3, below: 0 }, 'back in time: nothing was lost')
  assert.deepEqual(rules.hold(first.memory, maybe), { span: maybe, memory: first.memory, kept: false }, 'unknown is not below')
  assert.deepEqual(rules.hold({ held: 1, below: 0 }, spans.exactly(4)).span, spans.exactly(4), 'up at once')
})

test('An expression is true or false only when every value that its unknown parts can take says the same.', () => {
  const names = {
    state: (name: string) => ({ met: yes, unmet: no })[name] ?? maybe,
    number: (name: string) => ({ five: spans.exactly(5), zero: no })[name] ?? spans.unlimited,
  }
  const says = (expr: Expr) => rules.evaluate(expr, names)
  assert.deepEqual(says({ every: ['met', { not: 'unmet' }] }), yes)
  assert.deepEqual(says({ some: ['unmet', 'unknown'] }), maybe)
  assert.deepEqual(says({ of: 'five', atLeast: 5 }), yes)
  assert.deepEqual(says({ of: 'five', above: 5 }), no)
  assert.deepEqual(says({ of: 'five', below: 5 }), no)
  assert.deepEqual(says({ of: { sum: ['five', 'five', 1] }, atMost: 11 }), yes)
  assert.deepEqual(says({ of: { least: ['five', 'unknown'] }, above: 5 }), no, 'the least of 5 and anything is never more than 5')
  assert.deepEqual(says({ of: { most: ['five', 'unknown'] }, atLeast: 5 }), yes)
  assert.deepEqual(says({ of: { ratio: ['five', 'zero'] }, above: 1 }), maybe, 'nothing is divided by nothing')
  assert.deepEqual(says({ of: { ratio: ['five', 2] }, atLeast: 2.5 }), yes)
  assert.deepEqual(says({ of: 'unknown', above: 0 }), maybe)
})

test('The first case that holds wins, and an unknown case before it leaves both possible.', () => {
  const names = { state: (name: string) => (name === 'yes' ? yes : name === 'no' ? no : maybe), number: () => spans.unlimited }
  const first = (...cases: [Expr, string][]) =>
    rules.firstMatch(
      cases.map(([when, is]) => ({ when, is })),
      names,
    )
  assert.deepEqual(first(['no', 'guru'], ['yes', 'expert'], ['yes', 'medior']), ['expert'])
  assert.deepEqual(first(['unknown', 'guru'], ['yes', 'medior']), ['guru', 'medior'])
  assert.deepEqual(first(['no', 'guru']), ['none'])
})

test('A statement expires after twelve months at the latest.', () => {
  assert.equal(rules.expiryOf(today, undefined).toISOString(), '2027-11-15T12:00:00.000Z')
  assert.equal(rules.expiryOf(today, new Date('2030-01-01')).toISOString(), '2027-11-15T12:00:00.000Z')
  assert.equal(rules.expiryOf(today, new Date('2027-02-01')).toISOString(), '2027-02-01T00:00:00.000Z')
})

test("A period is a calendar month by the organisation's clock.", () => {
  assert.equal(rules.periodOf(new Date('2026-10-31T23:30:00Z'), 'Europe/Berlin'), '2026-11')
  assert.equal(rules.periodOf(new Date('2026-10-31T23:30:00Z'), 'America/New_York'), '2026-10')
})

test('An own model is named after its name, begins with "own", and never takes a name that was taken before.', () => {
  assert.equal(rules.idOfCopy('Unsere Reife – 2027!', new Set()), 'own.UnsereReife2027')
  assert.equal(rules.idOfCopy('A', new Set(['own.A', 'own.A-2'])), 'own.A-3')
  assert.equal(rules.idOfCopy('成熟', new Set()), 'own.model')
})

test('whatever an unknown turns out to be, the verdict lies within what was said before', () => {
  const part = fc.double({ min: 0, max: 1, noNaN: true })
  const ops = [rules.all, rules.any, rules.lowest, rules.median, (spans: spans.Span[]) => rules.kOf(2, spans)]
  fc.assert(
    fc.property(fc.array(fc.tuple(part, fc.boolean()), { minLength: 1, maxLength: 8 }), fc.constantFrom(...ops), (parts, op) => {
      const before = op(parts.map(([value, known]) => (known ? spans.exactly(value) : maybe)))
      const after = op(parts.map(([value]) => spans.exactly(value)))
      assert.ok(spans.isKnown(after) && before.lo <= after.lo && after.hi <= before.hi)
    }),
  )
})
