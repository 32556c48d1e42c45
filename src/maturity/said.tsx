/** How verdicts are said: states, reasons, steps and whose each element is, in the reader's language. */
import { Badge, Icon, type IconName, Unseen } from '#kernel/html/kit.tsx'
import { language, locale, number, percent, t } from '#kernel/messages.ts'
import { inUnit } from '#measures/words.ts'
import { stateOf, targetOf } from './engine.ts'
import { lessIsBetter } from './spans.ts'
import { type Because, type Framework, type Indicator, type Node, type Result, type Step, say, type Text } from './words.ts'

export const inOwn = (text: Text): string => say(text, language())

export type State = 'met' | 'open' | 'unknown' | 'here' | 'passed' | 'possible' | 'ahead' | 'blocked'

export const stateIcons: Record<State, IconName> = {
  met: 'check',
  open: 'remove',
  unknown: 'help',
  here: 'pin',
  passed: 'check',
  possible: 'help',
  ahead: 'chevronRight',
  blocked: 'lock',
}

/** A sign with its word; only the sign is seen where `quiet`. */
export const StateSign = ({ state, quiet }: { state: State; quiet?: boolean }) => (
  <span class="claim-sign" data-state={state}>
    <Icon name={stateIcons[state]} size={14} />
    {quiet ? <Unseen>{t(`maturity.state.${state}`)}</Unseen> : <span>{t(`maturity.state.${state}`)}</span>}
  </span>
)

/** What holds, does not, is not known, or holds without counting yet. */
export const shownState = (result: Result | undefined): State => {
  if (!result) return 'unknown'
  const state = stateOf(result)
  return result.alone === 1 && state !== 'met' ? 'blocked' : state
}

/** Whose the element is: the author's, or ours. */
export const Provenance = ({ of }: { of: Pick<Node, 'provenance' | 'confidence'> }) => (
  <>
    <Badge
      tone={of.provenance === 'sourced' || of.provenance === 'general' ? 'neutral' : 'talk'}
      icon={of.provenance === 'sourced' ? 'book' : 'edit'}
    >
      {t(`maturity.provenance.${of.provenance}`)}
    </Badge>
    {of.confidence === 'low' && <Badge tone="warning">{t('maturity.provenance.low')}</Badge>}
  </>
)

const named = (framework: Framework, id: string): string => {
  const node = framework.nodes.find(each => each.id === id)
  if (node) return inOwn(node.label)
  const indicator = framework.indicators.find(each => each.id === id)
  return indicator ? inOwn(indicator.question) : id
}

/** A measured value in the unit of its indicator. */
function inItsUnit(indicator: Indicator, value: number): string {
  if (indicator.unit === 'yes') return t(value >= 1 ? 'maturity.need.yes' : 'maturity.no')
  if (indicator.unit === 'days') return number(value, { style: 'unit', unit: 'day', unitDisplay: 'long', maximumFractionDigits: 0 })
  return inUnit(indicator.unit === 'ratio' ? 'count' : indicator.unit, value)
}

/** What is asked for: at least half, at most four hours, yes. */
export function needOf(indicator: Indicator): string {
  if (indicator.scale.kind === 'boolean') return t('maturity.need.yes')
  const need = inItsUnit(indicator, targetOf(indicator))
  return t(lessIsBetter(indicator.scale) ? 'maturity.need.atMost' : 'maturity.need.atLeast', { need })
}

export const knownFrom = (indicator: Indicator): string =>
  t('maturity.knownFrom', {
    evidence: new Intl.ListFormat(locale(), { type: 'disjunction' }).format(indicator.evidence.map(each => t(`maturity.evidence.${each}`))),
  })

/** A reason in words. */
export function reason(framework: Framework, because: Because): string {
  const indicator = framework.indicators.find(each => each.id === because.about)
  const { n, value, coverage } = because.values
  const values = {
    ...because.values,
    what: named(framework, because.about),
    ...(typeof coverage === 'number' && { share: percent(coverage) }),
  }
  if (indicator && typeof value === 'number') {
    return t(because.key, {
      ...values,
      value: inItsUnit(indicator, value),
      need: needOf(indicator),
      n: t('maturity.cases', { n: Number(n) }),
    })
  }
  return t(because.key, values)
}

/** Reasons about indicators come with the question that they answer. */
export const reasonWithQuestion = (framework: Framework, because: Because): { question: string | null; text: string } => {
  const isIndicator = framework.indicators.some(each => each.id === because.about)
  return { question: isIndicator ? named(framework, because.about) : null, text: reason(framework, because) }
}

export function lacking(framework: Framework, step: Step): string {
  const indicator = framework.indicators.find(each => each.id === step.indicator)!
  if (step.lacks === 'evidence') return t('maturity.lacks.evidence')
  return t(`maturity.lacks.${step.lacks}`, { gap: step.lacks === 'sample' ? (step.gap ?? 0) : inItsUnit(indicator, step.gap ?? 0) })
}

/** The steps of a ladder in order: phases, levels, or the nodes that a choice can come out as. */
function rungs(framework: Framework, node: Node | undefined): Node[] {
  const rule = node?.rule
  const options = rule?.op === 'firstMatch' ? rule.cases.map(each => framework.nodes.find(other => other.id === each.is)) : []
  const found = options.filter(each => each !== undefined)
  return (found.length ? found : framework.nodes.filter(each => each.type === 'phase')).toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
}

/** A cell of a matrix is called by its phase, everything else by its own name. */
function rungName(framework: Framework, node: Node): string {
  const phases = new Set(framework.nodes.filter(each => each.type === 'phase').map(each => each.id))
  const above = framework.edges.find(edge => edge.kind === 'contains' && edge.to === node.id && phases.has(edge.from))
  return above ? named(framework, above.from) : inOwn(node.label)
}

/** What a node came to, in words: a level, at least a level, a share, or that it is unknown. */
export function verdict(framework: Framework, result: Result | undefined): string {
  const node = framework.nodes.find(each => each.id === result?.node)
  if (!result || !node) return t('maturity.unknown')
  const steps = rungs(framework, node)
  const { value } = result
  if (value === 'none') return t('maturity.none')
  if (value === null)
    return node.rule?.op === 'firstMatch' || node.rule?.op === 'median' ? withinRange(framework, result, steps) : t('maturity.unknown')
  const rung = steps.find(each => (typeof value === 'string' ? each.id === value : node.rule?.op === 'median' && each.order === value))
  if (rung) return rungName(framework, rung)
  return typeof value === 'number' && (node.rule?.op === 'min' || node.rule?.op === 'weighted')
    ? percent(value)
    : t(`maturity.state.${stateOf(result)}`)
}

function withinRange(framework: Framework, { range }: Result, steps: Node[]): string {
  const [low, high] = range ? range.map(order => steps.find(each => each.order === order)) : []
  if (low && low !== steps[0]) return t('maturity.atLeast', { what: rungName(framework, low) })
  if (high && high !== steps.at(-1)) return t('maturity.atMost', { what: rungName(framework, high) })
  return t('maturity.unknown')
}
