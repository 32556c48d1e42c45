/**
 * How verdicts are reached. Whatever is unknown is carried along as the span of what it can still turn out to be, so that
 * it never counts as 0, and a verdict falls as soon as the unknown cannot change it.
 */
import { above, atLeast, both, daysBetween, divide, exactly, flip, holds, isKnown, lessIsBetter, type Span, total, truth } from './spans.ts'
import type { Attestation, Expr, Fact, Indicator, Memory, Period, Quantity, Scale } from './words.ts'

/**
 * A measured value becomes a score from 0 to 1 by the scale of its indicator.
 * Threshold: share of the cuts that were reached; linear: how far from `min` to `max`, which may run downwards; boolean: 1 from 1 upwards.
 */
export function score(scale: Scale, value: number): number {
  if (scale.kind === 'boolean') return holds(value)
  if (scale.kind === 'linear') return Math.min(1, Math.max(0, (value - scale.min) / (scale.max - scale.min)))
  const reached = scale.cuts.filter(cut => (lessIsBetter(scale) ? value <= cut : value >= cut))
  return reached.length / scale.cuts.length
}

/** How much is missing until the next cut or the end of the scale, in the unit of the value; 0 when nothing is. */
export function gap(scale: Scale, value: number): number {
  if (score(scale, value) >= 1) return 0
  if (scale.kind === 'boolean') return 1
  if (scale.kind === 'linear') return Math.abs(scale.max - value)
  const wanted = scale.cuts.find(cut => (lessIsBetter(scale) ? value > cut : value < cut))
  return wanted === undefined ? 0 : Math.abs(wanted - value)
}

export type Judged =
  | { state: 'measured' | 'stated'; score: number; raw: number; confidence: number }
  | { state: 'missing' | 'tooFew' | 'tooOld' | 'onlyStated' }

/**
 * An indicator is known only from enough and fresh observations, and a statement counts at most as defined, never as followed.
 * Observations come first: a statement cannot overrule what was measured.
 */
export function judge(indicator: Indicator, fact: Fact | undefined, stated: Attestation | undefined, today: Date): Judged {
  const observed = observe(indicator, fact, today)
  if (observed.state === 'measured' || !stated || stated.expires <= today) return observed
  if (indicator.shows === 'followed') return { state: 'onlyStated' }
  return { state: 'stated', score: 1, raw: 1, confidence: 0.3 }
}

function observe(indicator: Indicator, fact: Fact | undefined, today: Date): Judged {
  if (!fact || fact.asOf === null || (fact.value === null && fact.n >= indicator.minSample)) return { state: 'missing' }
  if (fact.n < indicator.minSample || fact.value === null) return { state: 'tooFew' }
  const age = daysBetween(fact.asOf, today)
  if (age > indicator.maxAgeDays) return { state: 'tooOld' }
  const confidence = (fact.n / (fact.n + indicator.minSample)) * (1 - age / indicator.maxAgeDays / 2)
  return { state: 'measured', score: score(indicator.scale, fact.value), raw: fact.value, confidence }
}

/** All hold only when each one holds, and one that does not is enough to say no. */
export const all = (spans: Span[]): Span => both(spans.map(truth), ends => Math.min(...ends))

/** Any holds as soon as one holds, and no unknown can take that away. */
export const any = (spans: Span[]): Span => both(spans.map(truth), ends => Math.max(...ends))

/** A count of k out of n is decided as soon as the unknown ones cannot change it. */
export const kOf = (k: number, spans: Span[]): Span => both(spans.map(truth), ends => holds(total(ends) / k))

/** The minimum is the weakest part, so that nothing makes up for it. */
export const lowest = (spans: Span[]): Span => both(spans, ends => Math.min(...ends))

/** The median of an even number is the lower of the two in the middle, so that no half phase is named. */
export const median = (spans: Span[]): Span => both(spans, ends => ends.toSorted((a, b) => a - b)[Math.floor((ends.length - 1) / 2)]!)

/** A weighted mean is known only when every part of it is. */
export function weighted(parts: [Span, number][]): Span {
  const weight = total(parts.map(([, each]) => each))
  return both(
    parts.map(([span, each]) => ({ lo: span.lo * each, hi: span.hi * each })),
    ends => total(ends) / weight,
  )
}

/** A level counts only when every level below it holds. */
export const gate = (lower: Span, self: Span): Span => all([lower, self])

/** Below half coverage no level is named. */
export const nameable = (coverage: number): boolean => coverage >= 0.5

/**
 * A level is lost only after two periods below it.
 * `before` is what the period before left behind; an unknown period neither holds a level nor counts against it.
 */
export function hold(before: Memory | undefined, now: Span): { span: Span; memory: Memory | undefined; kept: boolean } {
  if (!isKnown(now)) return { span: now, memory: before, kept: false }
  const lost = before !== undefined && now.lo < before.held
  if (!lost || before.below >= 1) return { span: now, memory: { held: now.lo, below: 0 }, kept: false }
  return { span: exactly(before.held), memory: { held: before.held, below: before.below + 1 }, kept: true }
}

/** How an expression finds what it names: the score or state of a thing, and the number behind it. */
export interface Names {
  state(name: string): Span
  number(name: string): Span
}

/** An expression is true or false only when every value that its unknown parts can take says the same. */
export function evaluate(expr: Expr, names: Names): Span {
  if (typeof expr === 'boolean') return exactly(expr ? 1 : 0)
  if (typeof expr === 'string') return truth(names.state(expr))
  if ('not' in expr) return flip(evaluate(expr.not, names))
  if ('every' in expr) return all(expr.every.map(each => evaluate(each, names)))
  if ('some' in expr) return any(expr.some.map(each => evaluate(each, names)))
  return compare(expr, quantity(expr.of, names))
}

function compare(expr: Extract<Expr, { of: Quantity }>, span: Span): Span {
  if ('atLeast' in expr) return atLeast(span, expr.atLeast)
  if ('above' in expr) return above(span, expr.above)
  if ('atMost' in expr) return flip(above(span, expr.atMost))
  return flip(atLeast(span, expr.below))
}

function quantity(of: Quantity, names: Names): Span {
  if (typeof of === 'number') return exactly(of)
  if (typeof of === 'string') return names.number(of)
  if ('sum' in of) return both(many(of.sum, names), total)
  if ('least' in of) return lowest(many(of.least, names))
  if ('most' in of) return both(many(of.most, names), ends => Math.max(...ends))
  return divide(quantity(of.ratio[0], names), quantity(of.ratio[1], names))
}

const many = (of: Quantity[], names: Names): Span[] => of.map(each => quantity(each, names))

/**
 * The first case that holds wins, and an unknown case before it leaves both possible.
 * Returns every name that can still come out, in order; one means decided, and `none` stands for no case at all.
 */
export function firstMatch(cases: { when: Expr; is: string }[], names: Names): string[] {
  const possible = new Set<string>()
  for (const { when, is } of cases) {
    const span = evaluate(when, names)
    if (span.hi === 1) possible.add(is)
    if (span.lo === 1) return [...possible]
  }
  return [...possible.add('none')]
}

/** A statement expires after twelve months at the latest. */
export function expiryOf(at: Date, wanted: Date | undefined): Date {
  const latest = new Date(at)
  latest.setUTCFullYear(latest.getUTCFullYear() + 1)
  return wanted && wanted < latest ? wanted : latest
}

/** A period is a calendar month by the organisation's clock. */
export function periodOf(moment: Date, zone: string): Period {
  const part = Object.fromEntries(
    new Intl.DateTimeFormat('en-US', { timeZone: zone, year: 'numeric', month: '2-digit' })
      .formatToParts(moment)
      .map(each => [each.type, each.value]),
  )
  return `${part.year}-${part.month}`
}

/** An own model is named after its name, begins with "own", and never takes a name that was taken before. */
export function idOfCopy(name: string, taken: ReadonlySet<string>): string {
  const letters =
    name
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9]+/g, '')
      .slice(0, 60) || 'model'
  for (let count = 1; ; count++) {
    const made = count === 1 ? `own.${letters}` : `own.${letters}-${count}`
    if (!taken.has(made)) return made
  }
}
