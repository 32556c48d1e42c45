/** The kinds of parts that this model is built from, so that each level reads as a list of what it asks for. */
import type { Indicator, Node, Rule, Text } from '#maturity/words.ts'

type Marked = Pick<Node, 'provenance' | 'confidence' | 'sources'>
export const sourced = (...sources: string[]): Marked => ({ provenance: 'sourced', sources })
export const reconstructed: Marked = { provenance: 'reconstructed', sources: [] }
/** Remembered but not seen at the source: shown as to be checked. */
export const remembered: Marked = { provenance: 'general', confidence: 'low', sources: [] }

export const levels = ['foundation', 'safety', 'formation', 'enablement', 'enlightenment'] as const

/** A level holds when all its requirements do, and counts only when the one below it counts. */
export function level(id: (typeof levels)[number], label: Text, text: Text, mark: Marked, requirements: Node[]): Node {
  const at = levels.indexOf(id)
  const self: Rule = { op: 'all', of: requirements.map(each => each.id) }
  const rule: Rule = at === 0 ? self : { op: 'gate', lower: levels[at - 1]!, self }
  return { id, type: 'level', label, text, order: at + 1, indicators: [], rule, ...mark }
}

/** One thing that a level asks for; it holds when all its indicators do. */
export const requirement = (id: string, label: Text, mark: Marked, indicators: string[]): Node => ({
  id,
  type: 'requirement',
  label,
  indicators,
  ...mark,
})

/** One section of the quiz: one point at least, more as soon as the higher answer holds. */
export function section(id: string, order: number, label: Text, mark: Marked, answers: [Text, Marked, Rule?][]): Node[] {
  const cells = answers.map(([text, marked, rule], at): Node => {
    const first: Rule = { op: 'firstMatch', cases: [{ when: { not: `${id}.2` }, is: `${id}.1` }] }
    const own = rule ?? first
    const named = 'of' in own ? own.of.map(each => (typeof each === 'string' ? each : each[0])) : []
    const indicators = named.filter(name => name.startsWith('i.'))
    return { id: `${id}.${at + 1}`, type: 'cell', label: text, order: at + 1, indicators, rule: own, ...marked }
  })
  const cases = [3, 2].map(points => ({ when: `${id}.${points}`, is: `${id}.${points}` }))
  const rule: Rule = { op: 'firstMatch', cases: [...cases, { when: true, is: `${id}.1` }] }
  return [{ id, type: 'aspect', order, label, indicators: [], rule, ...mark }, ...cells]
}

type Given = Pick<Indicator, 'id' | 'question' | 'action' | 'evidence' | 'measure' | 'unit' | 'scale' | 'shows'> & Partial<Indicator>

/** An indicator of ours; how the requirement is measured, and from which number on it holds, is a proposal. */
export const indicator = (given: Given): Indicator => ({
  windowDays: 365,
  minSample: 1,
  maxAgeDays: 120,
  provenance: 'proposal',
  sources: [],
  ...given,
})

/** At least so much of it. */
export const from = (cut: number): Indicator['scale'] => ({ kind: 'threshold', cuts: [cut] })
/** At most so much of it. */
export const upTo = (cut: number): Indicator['scale'] => ({ kind: 'threshold', cuts: [cut], better: 'lower' })
export const yes: Indicator['scale'] = { kind: 'boolean' }
