/** Computes a whole model from facts: for each node its verdict, the facts that decided it, and the next step. Pure; the same input gives the same results. */

import { gap } from './rules.ts'
import { daysBetween, isKnown, type Span } from './spans.ts'
import {
  type Bench,
  coverageOf,
  factKey,
  type Given,
  indicatorsBelow,
  lay,
  namedBy,
  namedIn,
  orderOf,
  ruleOf,
  stateSpan,
  type Verdict,
  verdictOf,
} from './verdicts.ts'
import type { Because, EvidenceRef, Expr, Framework, Indicator, Node, Result, Rule, Step } from './words.ts'

/** One result for each indicator and for each node that can have one, in the order of the model. */
export function compute(framework: Framework, given: Given): Result[] {
  const bench = lay(framework, given)
  const nodes = framework.nodes.filter(node => ruleOf(node)).map(node => resultOf(bench, node))
  return [...nodes, ...framework.indicators.map(indicator => indicatorResult(bench, indicator))]
}

/** Met, not met, or unknown: how a result is shown. */
export function stateOf(result: Pick<Result, 'value'>): 'met' | 'open' | 'unknown' {
  if (result.value === null) return 'unknown'
  return typeof result.value === 'string' ? (result.value === 'none' ? 'open' : 'met') : result.value >= 1 ? 'met' : 'open'
}

// --- results ------------------------------------------------------------------------------------------------------

function resultOf(bench: Bench, node: Node): Result {
  const verdict = verdictOf(bench, node.id)
  const below = indicatorsBelow(bench, node.id)
  const value = named(verdict)
  return {
    ...frame(bench, node.id, below),
    value,
    ...(value === null && !verdict.withheld && { range: [verdict.span.lo, verdict.span.hi] }),
    ...(verdict.alone && { alone: isKnown(verdict.alone) ? verdict.alone.lo : null }),
    stands: value === null ? null : below.some(id => bench.judged.get(id)?.state === 'stated') ? 'defined' : 'followed',
    because: becauseOf(bench, node, verdict),
    next: stepsTo(bench, node.id).slice(0, 5),
    ...(verdict.memory && { memory: verdict.memory }),
  }
}

function named(verdict: Verdict): number | string | null {
  if (verdict.withheld || !isKnown(verdict.span)) return null
  if (verdict.picks) return verdict.picks.length === 1 ? verdict.picks[0]! : null
  return verdict.span.lo
}

function frame(
  bench: Bench,
  id: string,
  below: string[],
): Pick<Result, 'node' | 'scope' | 'period' | 'coverage' | 'confidence' | 'evidence' | 'frameworkVersion' | 'metricVersions'> {
  const known = below.map(each => bench.judged.get(each)).filter(judged => judged && 'score' in judged)
  const facts = below.map(each => bench.facts.get(factKey(bench.indicators.get(each)!))).filter(fact => fact !== undefined)
  return {
    node: id,
    scope: bench.given.scope,
    period: bench.given.period,
    coverage: below.length ? known.length / below.length : 0,
    confidence: known.length ? known.reduce((sum, each) => sum + ('score' in each! ? each.confidence : 0), 0) / known.length : 0,
    evidence: evidenceOf(bench, below),
    frameworkVersion: bench.framework.version,
    metricVersions: Object.fromEntries(facts.map(fact => [fact.measure, fact.version])),
  }
}

function evidenceOf(bench: Bench, below: string[]): EvidenceRef[] {
  const refs = new Map<string, EvidenceRef>()
  for (const id of below) {
    const { measure, windowDays } = bench.indicators.get(id)!
    const fact = bench.facts.get(`${measure} ${windowDays}`)
    const stated = bench.given.stated.find(each => each.indicator === id)
    if (fact?.asOf) refs.set(`${measure} ${windowDays}`, { measure, windowDays, until: fact.asOf.toISOString() })
    if (stated) refs.set(stated.id, { attestation: stated.id })
  }
  return [...refs.values()].slice(0, 100)
}

function indicatorResult(bench: Bench, indicator: Indicator): Result {
  const judged = bench.judged.get(indicator.id)!
  return {
    ...frame(bench, indicator.id, [indicator.id]),
    value: 'score' in judged ? judged.score : null,
    stands: 'score' in judged ? (judged.state === 'stated' ? 'defined' : 'followed') : null,
    because: [indicatorFact(bench, indicator)],
    next: stepsTo(bench, indicator.id),
  }
}

// --- reasons ------------------------------------------------------------------------------------------------------

function becauseOf(bench: Bench, node: Node, verdict: Verdict): Because[] {
  const rule = ruleOf(node)!
  return [
    ...(verdict.withheld ? [because('coverage', node.id, { coverage: coverageOf(bench, node.id) })] : []),
    ...(verdict.kept ? [because('kept', node.id)] : []),
    ...(rule.op === 'gate' ? blocked(bench, rule.lower, verdict) : []),
    ...choiceMade(bench, verdict),
    ...deciding(bench, rule.op === 'gate' ? rule.self : rule, verdict).map(id => partFact(bench, id, rule.op)),
  ]
}

const because = (key: string, about: string, values: Because['values'] = {}): Because => ({ key: `maturity.because.${key}`, about, values })

function blocked(bench: Bench, lower: string, verdict: Verdict): Because[] {
  const below = stateSpan(bench, lower)
  return verdict.alone?.lo === 1 && below.lo < 1 ? [because(below.hi < 1 ? 'blocked' : 'blockedByUnknown', lower)] : []
}

function choiceMade(bench: Bench, verdict: Verdict): Because[] {
  if (!verdict.picks || verdict.withheld) return []
  const chosen = verdict.picks.toSorted((a, b) => orderOf(bench, a) - orderOf(bench, b))[0]!
  if (chosen === 'none') return []
  return [because(verdict.picks.length === 1 ? 'chosen' : 'atLeast', chosen)]
}

/** The operands that decided, or, while nothing is decided, those that are missing. */
function deciding(bench: Bench, rule: Rule, verdict: Verdict): string[] {
  const operands = [...new Set(namedBy(rule))]
  if (rule.op === 'min' || rule.op === 'median') return weakest(bench, operands)
  const met = (id: string) => stateSpan(bench, id).lo >= 1
  const unmet = (id: string) => stateSpan(bench, id).hi < 1
  const span = verdict.alone ?? verdict.span
  if (rule.op === 'firstMatch') {
    return operands.filter(id => met(id) || (!isKnown(span) && !unmet(id))).toSorted((a, b) => orderOf(bench, a) - orderOf(bench, b))
  }
  if (span.lo >= 1) return operands.filter(met)
  return isKnown(span) ? operands.filter(id => !met(id)) : operands.filter(id => !met(id) && !unmet(id))
}

function weakest(bench: Bench, operands: string[]): string[] {
  const least = Math.min(...operands.map(id => stateSpan(bench, id).lo))
  const lagging = operands.filter(id => stateSpan(bench, id).lo === least)
  return lagging.length === operands.length && operands.length > 1 ? operands.filter(id => !isKnown(stateSpan(bench, id))) : lagging
}

function partFact(bench: Bench, id: string, op: Rule['op']): Because {
  const indicator = bench.indicators.get(id)
  if (indicator) return indicatorFact(bench, indicator)
  const { span } = verdictOf(bench, id)
  if (isKnown(span) && (op === 'min' || op === 'median')) return because('lagging', id)
  return because(span.lo >= 1 && isKnown(span) ? 'part.met' : isKnown(span) ? 'part.open' : 'part.unknown', id, {
    value: isKnown(span) ? span.lo : '',
  })
}

function indicatorFact(bench: Bench, indicator: Indicator): Because {
  const judged = bench.judged.get(indicator.id)!
  const fact = bench.facts.get(factKey(indicator))
  const days = indicator.windowDays
  if (judged.state === 'measured') {
    const values = { value: judged.raw, need: targetOf(indicator), n: fact?.n ?? 0, days }
    return because(judged.score >= 1 ? 'reached' : 'short', indicator.id, values)
  }
  if (judged.state === 'tooFew') return because('tooFew', indicator.id, { n: fact?.n ?? 0, need: indicator.minSample, days })
  if (judged.state === 'tooOld')
    return because('tooOld', indicator.id, { age: Math.floor(daysBetween(fact!.asOf!, bench.given.today)), most: indicator.maxAgeDays })
  return because(judged.state, indicator.id)
}

/** What has to be reached for a full score, in the unit of the value. */
export function targetOf(indicator: Indicator): number {
  if (indicator.scale.kind === 'boolean') return 1
  return indicator.scale.kind === 'linear' ? indicator.scale.max : indicator.scale.cuts.at(-1)!
}

// --- the next step ------------------------------------------------------------------------------------------------

const rank = { value: 0, sample: 1, evidence: 2 }

/** What would move it up: what is measured and short first, then what lacks observations, then what nobody can see yet. */
function stepsTo(bench: Bench, id: string): Step[] {
  const found = new Map(openIndicators(bench, id, new Set()).map(each => [each, stepOf(bench, bench.indicators.get(each)!)]))
  return [...found.values()].filter(step => step !== undefined).toSorted((a, b) => rank[a.lacks] - rank[b.lacks])
}

function stepOf(bench: Bench, indicator: Indicator): Step | undefined {
  const judged = bench.judged.get(indicator.id)!
  const { id, action } = indicator
  if (judged.state === 'tooFew')
    return { indicator: id, action, lacks: 'sample', gap: Math.max(1, indicator.minSample - (bench.facts.get(factKey(indicator))?.n ?? 0)) }
  if (!('score' in judged)) return { indicator: id, action, lacks: 'evidence', gap: null }
  return judged.score >= 1 ? undefined : { indicator: id, action, lacks: 'value', gap: gap(indicator.scale, judged.raw) }
}

function openIndicators(bench: Bench, id: string, seen: Set<string>): string[] {
  if (bench.indicators.has(id)) return [id]
  if (seen.has(id)) return []
  seen.add(id)
  const node = bench.nodes.get(id)
  return node ? wanted(bench, ruleOf(node), verdictOf(bench, id).span).flatMap(each => openIndicators(bench, each, seen)) : []
}

/** Which operands have to change so that a rule comes out higher. */
function wanted(bench: Bench, rule: Rule | undefined, span: Span): string[] {
  if (!rule) return []
  if (rule.op === 'firstMatch') return nextCase(bench, rule.cases, span)
  if (rule.op === 'gate') return stateSpan(bench, rule.lower).lo < 1 ? [rule.lower] : wanted(bench, rule.self, span)
  const operands = namedBy(rule)
  if (rule.op === 'min' || rule.op === 'median') return weakest(bench, operands)
  return span.lo >= 1 ? [] : operands.filter(id => stateSpan(bench, id).lo < 1)
}

function nextCase(bench: Bench, cases: { when: Expr; is: string }[], span: Span): string[] {
  const higher = cases
    .filter(each => orderOf(bench, each.is) > span.lo && namedIn(each.when).length > 0)
    .toSorted((a, b) => orderOf(bench, a.is) - orderOf(bench, b.is))
  return higher[0] ? namedIn(higher[0].when) : []
}
