/** The two kinds of parts that this model is built from, so that each aspect reads as a list of what it says. */
import type { Indicator, Node, Rule, Text } from '#maturity/words.ts'

export const phases = ['virgin', 'junior', 'medior', 'expert', 'guru'] as const
export type Phase = (typeof phases)[number]

type Marked = Pick<Node, 'provenance' | 'confidence' | 'sources'>
export const sourced = (...sources: string[]): Marked => ({ provenance: 'sourced', sources })
export const reconstructed: Marked = { provenance: 'reconstructed', sources: [] }

/** One field of the matrix: what an organisation in this phase does, and by which indicators one sees it. */
export function cell(aspect: string, phase: Phase, label: Text, mark: Marked, rule: Rule): Node {
  const named = 'of' in rule ? rule.of.map(each => (typeof each === 'string' ? each : each[0])) : []
  return {
    id: `${aspect}.${phase}`,
    type: 'cell',
    label,
    order: phases.indexOf(phase) + 1,
    indicators: named.filter(name => name.startsWith('i.')),
    rule,
    ...mark,
  }
}

/** The lowest field: it holds exactly when the next one does not. */
export const start = (aspect: string): Rule => ({
  op: 'firstMatch',
  cases: [{ when: { not: `${aspect}.junior` }, is: `${aspect}.virgin` }],
})

/** The decision list of an aspect: the highest field that holds. */
export const highest = (aspect: string): Rule => ({
  op: 'firstMatch',
  cases: [
    ...phases
      .slice(1)
      .toReversed()
      .map(phase => ({ when: `${aspect}.${phase}`, is: `${aspect}.${phase}` })),
    { when: true, is: `${aspect}.virgin` },
  ],
})

type Given = Pick<Indicator, 'id' | 'question' | 'action' | 'evidence' | 'measure' | 'unit' | 'scale' | 'shows'> & Partial<Indicator>

/** An indicator of ours over the last 90 days; the author asks the question of the aspect, the thresholds are a proposal. */
export const indicator = (given: Given): Indicator => ({
  windowDays: 90,
  minSample: 5,
  maxAgeDays: 45,
  provenance: 'proposal',
  sources: [],
  ...given,
})
