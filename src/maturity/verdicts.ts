/** The verdict on each node of a model: the rules of rules.ts applied along its nodes, with everything unknown carried as a span. */
import { all, any, firstMatch, gate, hold, type Judged, judge, kOf, lowest, median, type Names, nameable, weighted } from './rules.ts'
import { exactly, open, type Span, unlimited } from './spans.ts'
import type { Attestation, Expr, Fact, Framework, Indicator, Memory, Node, Period, Quantity, Rule, Scope } from './words.ts'

export interface Given {
  scope: Scope
  period: Period
  today: Date
  facts: Fact[]
  stated: Attestation[]
  /** What the results of the period before left behind, by node. */
  before?: Map<string, Memory>
}

export interface Verdict {
  span: Span
  /** What a choice can still come out as. */
  picks?: string[]
  alone?: Span
  memory?: Memory
  kept?: boolean
  withheld?: boolean
}

export interface Bench {
  framework: Framework
  given: Given
  nodes: Map<string, Node>
  indicators: Map<string, Indicator>
  judged: Map<string, Judged>
  facts: Map<string, Fact>
  verdicts: Map<string, Verdict>
  below: Map<string, string[]>
}

/** A node's own rule; indicators without one must all hold. */
export const ruleOf = (node: Node): Rule | undefined =>
  node.rule ?? (node.indicators.length ? { op: 'all', of: node.indicators } : undefined)

/** Everything a model's verdicts need, at hand; verdicts are reached when they are asked for. */
export function lay(framework: Framework, given: Given): Bench {
  const facts = new Map(given.facts.map(fact => [`${fact.measure} ${fact.windowDays}`, fact]))
  const stated = new Map(given.stated.map(each => [each.indicator, each]))
  const judged = framework.indicators.map(
    each => [each.id, judge(each, facts.get(factKey(each)), stated.get(each.id), given.today)] as const,
  )
  return {
    framework,
    given,
    facts,
    judged: new Map(judged),
    nodes: new Map(framework.nodes.map(node => [node.id, node])),
    indicators: new Map(framework.indicators.map(each => [each.id, each])),
    verdicts: new Map(),
    below: new Map(),
  }
}

export const factKey = (indicator: Indicator): string => `${indicator.measure} ${indicator.windowDays}`

// --- verdicts -----------------------------------------------------------------------------------------------------

export function verdictOf(bench: Bench, id: string): Verdict {
  const kept = bench.verdicts.get(id)
  if (kept) return kept
  bench.verdicts.set(id, { span: open }) // A model that names itself was refused when it was read; this only keeps it from running for ever.
  const verdict = settle(bench, bench.nodes.get(id)!)
  bench.verdicts.set(id, verdict)
  return verdict
}

function settle(bench: Bench, node: Node): Verdict {
  const rule = ruleOf(node)
  if (!rule) return { span: open }
  const raw = rule.op === 'gate' ? apply(bench, rule.self) : apply(bench, rule)
  const steady = steadied(bench, node, raw)
  const verdict = rule.op === 'gate' ? { ...steady, alone: steady.span, span: gate(stateSpan(bench, rule.lower), steady.span) } : steady
  return namesALevel(bench, node, verdict) && !nameable(coverageOf(bench, node.id)) ? withheld(bench, node, verdict) : verdict
}

function apply(bench: Bench, rule: Rule): Verdict {
  if (rule.op === 'firstMatch') return choice(bench, firstMatch(rule.cases, names(bench)))
  if (rule.op === 'weighted') return { span: weighted(rule.of.map(([id, weight]) => [stateSpan(bench, id), weight])) }
  if (rule.op === 'gate') return { span: gate(stateSpan(bench, rule.lower), apply(bench, rule.self).span) }
  const spans = rule.of.map(id => stateSpan(bench, id))
  if (rule.op === 'kOf') return { span: kOf(rule.k, spans) }
  return { span: { all, any, min: lowest, median }[rule.op](spans) }
}

function choice(bench: Bench, picks: string[]): Verdict {
  const orders = picks.map(pick => orderOf(bench, pick))
  return { picks, span: { lo: Math.min(...orders), hi: Math.max(...orders) } }
}

export const orderOf = (bench: Bench, id: string): number => (id === 'none' ? 0 : (bench.nodes.get(id)?.order ?? 1))

/** Levels and aspects do not flicker: what one period takes away is kept until a second one agrees. */
function steadied(bench: Bench, node: Node, raw: Verdict): Verdict {
  if (node.type !== 'level' && node.type !== 'aspect') return raw
  const { span, memory, kept } = hold(bench.given.before?.get(node.id), raw.span)
  const picks = kept && raw.picks ? optionsOf(ruleOf(node)).filter(each => orderOf(bench, each) === span.lo) : raw.picks
  return { ...raw, span, memory, kept, picks }
}

export const optionsOf = (rule: Rule | undefined): string[] => (rule?.op === 'firstMatch' ? rule.cases.map(each => each.is) : [])

const namesALevel = (bench: Bench, node: Node, verdict: Verdict): boolean =>
  (['level', 'aspect', 'phase'].includes(node.type) || node.id === bench.framework.overall) && verdict.span.hi >= 1

function withheld(bench: Bench, node: Node, verdict: Verdict): Verdict {
  const orders = optionsOf(ruleOf(node)).map(each => orderOf(bench, each))
  return { ...verdict, withheld: true, span: { lo: 0, hi: Math.max(1, verdict.span.hi, ...orders) } }
}

const names = (bench: Bench): Names => ({ state: id => stateSpan(bench, id), number: id => numberSpan(bench, id) })

export function stateSpan(bench: Bench, id: string): Span {
  const judged = bench.judged.get(id)
  if (!judged) return verdictOf(bench, id).span
  return 'score' in judged ? exactly(judged.score) : open
}

function numberSpan(bench: Bench, id: string): Span {
  const judged = bench.judged.get(id)
  if (!judged) return verdictOf(bench, id).span
  return 'raw' in judged ? exactly(judged.raw) : unlimited
}

// --- what lies below a node ---------------------------------------------------------------------------------------

/** The names that a rule speaks of, without the level below a gate. */
export function namedBy(rule: Rule | undefined): string[] {
  if (!rule) return []
  if (rule.op === 'gate') return namedBy(rule.self)
  if (rule.op === 'firstMatch') return rule.cases.flatMap(each => namedIn(each.when))
  return rule.op === 'weighted' ? rule.of.map(([id]) => id) : rule.of
}

export function namedIn(expr: Expr | Quantity): string[] {
  if (typeof expr === 'string') return [expr]
  if (typeof expr !== 'object') return []
  return Object.values(expr).flatMap(each => (Array.isArray(each) ? each.flatMap(namedIn) : namedIn(each)))
}

/** All indicators that a node rests on, through other nodes too. */
export function indicatorsBelow(bench: Bench, id: string): string[] {
  const kept = bench.below.get(id)
  if (kept) return kept
  bench.below.set(id, [])
  const node = bench.nodes.get(id)
  const direct = node ? [...node.indicators, ...namedBy(node.rule)] : []
  const found = [...new Set(direct.flatMap(each => (bench.indicators.has(each) ? [each] : indicatorsBelow(bench, each))))]
  bench.below.set(id, found)
  return found
}

const isSettled = (judged: Judged | undefined): boolean => judged !== undefined && 'score' in judged

export function coverageOf(bench: Bench, id: string): number {
  const below = indicatorsBelow(bench, id)
  return below.length ? below.filter(each => isSettled(bench.judged.get(each))).length / below.length : 0
}
