/** Reads a model that comes from outside the code: a folder's data, or what a person wrote as JSON. Whatever is wrong is said with its place. */
import { parse } from '#kernel/action.ts'
import { type FieldFault, Refusal } from '#kernel/errors.ts'
import { namedBy, namedIn, ruleOf } from './verdicts.ts'
import { type Framework, frameworkSchema, type Indicator, type Node, type Rule } from './words.ts'

const deepest = 40
const longestChain = 60

/** A model that is wrong is refused, and each fault says where it is. */
export function readFramework(data: unknown): Framework {
  if (depthOf(data) > deepest) throw bad([{ field: '', key: 'maturity.fault.deep', values: { most: deepest } }])
  const framework = shaped(data)
  const faults = faultsOf(framework)
  if (faults.length) throw bad(faults)
  return framework
}

const bad = (fields: FieldFault[]): Refusal => new Refusal('invalid', 'maturity.badModel', {}, { fields: fields.slice(0, 50) })

function shaped(data: unknown): Framework {
  try {
    return parse(frameworkSchema, data)
  } catch (error) {
    if (error instanceof Refusal) throw bad(error.fields.map(fault => ({ ...fault, field: placeOf(data, fault.field) })))
    throw error
  }
}

/** `nodes.3.rule` becomes `nodes.si.medior.rule`: a person looks for a name, not for a number. */
function placeOf(data: unknown, path: string): string {
  const [list = '', at = '', ...rest] = path.split('.')
  if (list !== 'nodes' && list !== 'indicators') return path
  const items = (data as Record<string, unknown>)[list]
  const name = Array.isArray(items) ? (items[Number(at)] as { id?: unknown } | null)?.id : undefined
  return typeof name === 'string' ? [list, name.slice(0, 100), ...rest].join('.') : path
}

/** How deep objects and lists lie in each other; walked without recursion, so that the depth itself cannot hurt. */
function depthOf(data: unknown): number {
  let level: unknown[] = [data]
  for (let depth = 0; ; depth++) {
    level = level.flatMap(each => (typeof each === 'object' && each !== null ? Object.values(each) : []))
    if (level.length === 0 || depth > deepest) return depth
  }
}

/** What is wrong with a model whose form is right: names that do not exist, exist twice or go in a circle, scales that run both ways, holes in a matrix. */
export function faultsOf(framework: Framework): FieldFault[] {
  const known = new Set([...framework.nodes, ...framework.indicators].map(each => each.id))
  return [
    ...twice(framework),
    ...framework.nodes.flatMap(node => nodeFaults(framework, node, known)),
    ...framework.indicators.flatMap(indicatorFaults),
    ...framework.edges.flatMap((edge, at) =>
      unknownNames([edge.from, edge.to], new Set(framework.nodes.map(node => node.id)), `edges.${at}`),
    ),
    ...unknownNames(framework.overall ? [framework.overall] : [], known, 'overall'),
    ...sourceFaults(framework),
    ...circles(framework),
    ...(framework.kind === 'matrix' ? holes(framework) : []),
  ]
}

const fault = (field: string, key: string, values: FieldFault['values'] = {}): FieldFault => ({
  field,
  key: `maturity.fault.${key}`,
  values,
})

function twice(framework: Framework): FieldFault[] {
  const seen = new Set<string>()
  const again = [...framework.nodes, ...framework.indicators].filter(({ id }) => seen.has(id) || !seen.add(id))
  const reserved = [...seen].filter(id => id === 'none')
  return [...again.map(({ id }) => fault(id, 'twice', { name: id })), ...reserved.map(id => fault(id, 'reserved', { name: id }))]
}

const unknownNames = (named: string[], known: Set<string>, field: string): FieldFault[] =>
  named.filter(name => !known.has(name)).map(name => fault(field, 'unknownName', { name }))

function nodeFaults(framework: Framework, node: Node, known: Set<string>): FieldFault[] {
  const at = `nodes.${node.id}`
  const indicators = new Set(framework.indicators.map(each => each.id))
  const missing = indicatorsNamed(node.rule, indicators).filter(name => !node.indicators.includes(name))
  return [
    ...unknownNames(node.indicators, indicators, `${at}.indicators`),
    ...missing.map(name => fault(`${at}.indicators`, 'notListed', { name })),
    ...(node.rule ? ruleFaults(node.rule, known, new Set(framework.nodes.map(each => each.id)), `${at}.rule`) : []),
  ]
}

const indicatorsNamed = (rule: Rule | undefined, indicators: Set<string>): string[] =>
  [...new Set(namedBy(rule))].filter(name => indicators.has(name))

function ruleFaults(rule: Rule, known: Set<string>, nodes: Set<string>, at: string): FieldFault[] {
  if (rule.op === 'gate') return [...unknownNames([rule.lower], nodes, `${at}.lower`), ...ruleFaults(rule.self, known, nodes, `${at}.self`)]
  if (rule.op === 'kOf' && rule.k > rule.of.length) return [fault(`${at}.k`, 'tooMany', { k: rule.k, n: rule.of.length })]
  if (rule.op !== 'firstMatch') return unknownNames(namedBy(rule), known, `${at}.of`)
  return rule.cases.flatMap((each, index) => [
    ...unknownNames(namedIn(each.when), known, `${at}.cases.${index}.when`),
    ...unknownNames(each.is === 'none' ? [] : [each.is], nodes, `${at}.cases.${index}.is`),
  ])
}

function indicatorFaults({ id, scale }: Indicator): FieldFault[] {
  const at = `indicators.${id}.scale`
  if (scale.kind === 'linear') return scale.min === scale.max ? [fault(at, 'flat')] : []
  if (scale.kind === 'boolean') return []
  const steps = scale.cuts.slice(1).map((cut, index) => Math.sign(cut - scale.cuts[index]!))
  return steps.every(step => step !== 0 && step === steps[0]) ? [] : [fault(at, 'cuts')]
}

function sourceFaults(framework: Framework): FieldFault[] {
  const keys = new Set(framework.sources.map(each => each.key))
  const marked = [
    ...framework.nodes.map(each => ['nodes', each] as const),
    ...framework.indicators.map(each => ['indicators', each] as const),
  ]
  return marked.flatMap(([list, { id, sources, provenance }]) => [
    ...sources.filter(key => !keys.has(key)).map(key => fault(`${list}.${id}.sources`, 'unknownSource', { name: key })),
    ...(provenance === 'sourced' && sources.length === 0 ? [fault(`${list}.${id}.sources`, 'noSource')] : []),
  ])
}

const restsOn = (node: Node): string[] => [
  ...node.indicators,
  ...namedBy(node.rule),
  ...(node.rule?.op === 'gate' ? [node.rule.lower] : []),
]

/** Nodes whose verdict would have to be known before it can be reached, and chains too long to follow. */
function circles(framework: Framework): FieldFault[] {
  const nodes = new Map(framework.nodes.map(node => [node.id, node]))
  const done = new Map<string, number>()
  const faults: FieldFault[] = []
  const height = (id: string, path: Set<string>): number => {
    const node = nodes.get(id)
    if (!node || !ruleOf(node)) return 0
    if (path.has(id) || path.size > longestChain) {
      faults.push(fault(`nodes.${id}.rule`, path.has(id) ? 'circle' : 'longChain', { name: id }))
      return 0
    }
    const known = done.get(id)
    if (known !== undefined) return known
    const inner = new Set(path).add(id)
    const found = 1 + Math.max(0, ...restsOn(node).map(each => height(each, inner)))
    if (found > longestChain) faults.push(fault(`nodes.${id}.rule`, 'longChain', { name: id }))
    done.set(id, found)
    return found
  }
  for (const node of framework.nodes) height(node.id, new Set())
  return faults
}

/** In a matrix each aspect has exactly one cell in each phase. */
function holes(framework: Framework): FieldFault[] {
  const inside = new Map<string, Set<string>>()
  for (const { kind, from, to } of framework.edges) if (kind === 'contains') inside.set(from, (inside.get(from) ?? new Set()).add(to))
  const phases = framework.nodes.filter(node => node.type === 'phase')
  return framework.nodes
    .filter(node => node.type === 'aspect')
    .flatMap(aspect =>
      phases
        .filter(phase => shared(inside.get(aspect.id), inside.get(phase.id)) !== 1)
        .map(phase => fault(`nodes.${aspect.id}`, 'hole', { aspect: aspect.id, phase: phase.id })),
    )
}

const shared = (some: Set<string> = new Set(), others: Set<string> = new Set()): number => some.intersection(others).size
