import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { faultsOf } from './check.ts'
import { compute, stateOf } from './engine.ts'
import type { Given } from './verdicts.ts'
import { type Fact, type Framework, type Indicator, type Node, type Result, type Rule, texts } from './words.ts'

const today = new Date('2026-11-15T12:00:00Z')
const words = texts('x', 'x', 'x', 'x')
const mark = { provenance: 'proposal' as const, sources: [] }

const indicator = (id: string, over: Partial<Indicator> = {}): Indicator => ({
  id,
  question: words,
  action: words,
  evidence: ['conversation'],
  measure: `m.${id}`,
  unit: 'share',
  windowDays: 30,
  minSample: 1,
  maxAgeDays: 30,
  scale: { kind: 'linear', min: 0, max: 1 },
  shows: 'followed',
  ...mark,
  ...over,
})
const node = (id: string, rule: Rule | undefined, over: Partial<Node> = {}): Node => ({
  id,
  type: 'element',
  label: words,
  indicators: [],
  rule,
  ...mark,
  ...over,
})
const framework = (nodes: Node[], indicators: Indicator[], over: Partial<Framework> = {}): Framework => ({
  id: 'test.model',
  version: '1.0.0',
  kind: 'areas',
  name: words,
  about: words,
  authors: ['Test'],
  year: 2026,
  sources: [],
  nodes,
  edges: [],
  indicators,
  ...over,
})
const given = (values: Record<string, number>, over: Partial<Given> = {}): Given => ({
  scope: { kind: 'org' },
  period: '2026-11',
  today,
  facts: Object.entries(values).map(
    ([id, value]): Fact => ({ measure: `m.${id}`, windowDays: 30, value, n: 10, asOf: today, version: '1' }),
  ),
  stated: [],
  ...over,
})
const resultOf = (results: Result[], id: string): Result => results.find(each => each.node === id)!

test('Gilbert: the green in the middle is the weakest of its three, and that one is named', () => {
  const colours = ['yellow', 'red', 'blue']
  const model = framework(
    [node('green', { op: 'min', of: colours }, { indicators: colours })],
    colours.map(colour => indicator(colour)),
  )
  const green = resultOf(compute(model, given({ yellow: 0.7, red: 0.9, blue: 0.4 })), 'green')
  assert.equal(green.value, 0.4)
  assert.deepEqual(
    green.because.map(each => each.about),
    ['blue'],
  )
  assert.deepEqual(
    green.next.map(step => [step.indicator, step.lacks]),
    [['blue', 'value']],
  )
})

const levels = ['l1', 'l2', 'l3', 'l4']
const ladder = framework(
  [
    ...levels.map((level, at) => {
      const self: Rule = { op: 'all', of: [`i.${level}`] }
      const rule: Rule = at === 0 ? self : { op: 'gate', lower: levels[at - 1]!, self }
      return node(level, rule, { type: 'level', order: at + 1, indicators: [`i.${level}`] })
    }),
    node('top', { op: 'firstMatch', cases: levels.toReversed().map(level => ({ when: level, is: level })) }),
  ],
  levels.map(level => indicator(`i.${level}`, { measure: `m.${level}` })),
  { kind: 'ladder', overall: 'top' },
)

test('hierarchy: levels 1, 2 and 4 hold and 3 does not, so it is level 2 and 4 does not count yet', () => {
  const results = compute(ladder, given({ l1: 1, l2: 1, l3: 0, l4: 1 }))
  assert.equal(resultOf(results, 'top').value, 'l2')
  const fourth = resultOf(results, 'l4')
  assert.equal(fourth.value, 0)
  assert.equal(fourth.alone, 1)
  assert.deepEqual(fourth.because[0], { key: 'maturity.because.blocked', about: 'l3', values: {} })
  assert.deepEqual(
    resultOf(results, 'top').next.map(step => step.indicator),
    ['i.l3'],
  )
})

test('a level above an unknown one is unknown, and says which one it waits for', () => {
  const results = compute(ladder, given({ l1: 1, l2: 1, l4: 1 }))
  assert.equal(resultOf(results, 'l4').value, null)
  assert.equal(resultOf(results, 'l4').because[0]!.key, 'maturity.because.blockedByUnknown')
  const top = resultOf(results, 'top')
  assert.equal(top.value, null)
  assert.deepEqual(top.range, [2, 4], 'at least level 2')
  assert.equal(top.because[0]!.key, 'maturity.because.atLeast')
})

test('below half coverage no level is named, not even as a range', () => {
  const top = resultOf(compute(ladder, given({ l1: 1 })), 'top')
  assert.equal(top.value, null)
  assert.equal(top.range, undefined)
  assert.equal(top.coverage, 0.25)
  assert.equal(top.because[0]!.key, 'maturity.because.coverage')
})

test('a level is kept for one period below it and lost with the second', () => {
  const good = compute(ladder, given({ l1: 1, l2: 1, l3: 0, l4: 0 }))
  const memory = (results: Result[]) => new Map(results.flatMap(each => (each.memory ? [[each.node, each.memory] as const] : [])))
  const first = compute(ladder, given({ l1: 1, l2: 0, l3: 0, l4: 0 }, { before: memory(good) }))
  assert.equal(resultOf(first, 'top').value, 'l2')
  assert.equal(resultOf(first, 'l2').because[0]!.key, 'maturity.because.kept')
  const second = compute(ladder, given({ l1: 1, l2: 0, l3: 0, l4: 0 }, { before: memory(first) }))
  assert.equal(resultOf(second, 'top').value, 'l1')
})

test('a statement makes a laid-down requirement met as defined, and never one that must be followed', () => {
  const policy = indicator('policy', { shows: 'defined', scale: { kind: 'boolean' } })
  const read = indicator('read')
  const model = framework(
    [
      node('law', { op: 'all', of: ['policy'] }, { indicators: ['policy'] }),
      node('life', { op: 'all', of: ['read'] }, { indicators: ['read'] }),
    ],
    [policy, read],
  )
  const stated = ['policy', 'read'].map(id => ({
    id: `s-${id}`,
    indicator: id,
    author: 'Anna',
    at: today,
    expires: new Date('2027-05-01'),
  }))
  const results = compute(model, given({}, { stated }))
  const law = resultOf(results, 'law')
  assert.equal(law.value, 1)
  assert.equal(law.stands, 'defined')
  assert.deepEqual(law.evidence, [{ attestation: 's-policy' }])
  const life = resultOf(results, 'life')
  assert.equal(life.value, null)
  assert.equal(life.because[0]!.key, 'maturity.because.onlyStated')
})

test('the next step names what is short first, then what lacks observations, then what nobody can see yet', () => {
  const indicators = [
    indicator('unseen'),
    indicator('few', { minSample: 12 }),
    indicator('short', { scale: { kind: 'threshold', cuts: [0.5] } }),
  ]
  const model = framework(
    [node('all', { op: 'all', of: ['unseen', 'few', 'short'] }, { indicators: ['unseen', 'few', 'short'] })],
    indicators,
  )
  const { next, value } = resultOf(compute(model, given({ few: 1, short: 0.2 })), 'all')
  assert.equal(value, 0)
  assert.deepEqual(
    next.map(({ indicator: id, lacks, gap }) => [id, lacks, gap]),
    [
      ['short', 'value', 0.3],
      ['few', 'sample', 2],
      ['unseen', 'evidence', null],
    ],
  )
})

test('evidence and versions of every measure that a node rests on come with its result', () => {
  const model = framework([node('all', { op: 'all', of: ['a', 'b'] }, { indicators: ['a', 'b'] })], [indicator('a'), indicator('b')])
  const result = resultOf(compute(model, given({ a: 1 })), 'all')
  assert.deepEqual(result.evidence, [{ measure: 'm.a', windowDays: 30, until: today.toISOString() }])
  assert.deepEqual(result.metricVersions, { 'm.a': '1' })
  assert.equal(result.coverage, 0.5)
})

test('an aspect chosen from cells says at least which one it is, and what the next one needs', () => {
  const cells = ['low', 'mid', 'high']
  const model = framework(
    [
      ...cells.map((cell, at) =>
        node(cell, at ? { op: 'all', of: [`i.${cell}`] } : undefined, { type: 'cell', order: at + 1, indicators: at ? [`i.${cell}`] : [] }),
      ),
      node(
        'aspect',
        {
          op: 'firstMatch',
          cases: [
            { when: 'high', is: 'high' },
            { when: 'mid', is: 'mid' },
            { when: true, is: 'low' },
          ],
        },
        { type: 'aspect' },
      ),
    ],
    [indicator('i.mid', { measure: 'm.mid' }), indicator('i.high', { measure: 'm.high' })],
  )
  const aspect = resultOf(compute(model, given({ mid: 1 })), 'aspect')
  assert.equal(aspect.value, null)
  assert.deepEqual(aspect.range, [2, 3])
  assert.deepEqual([aspect.because[0]!.key, aspect.because[0]!.about], ['maturity.because.atLeast', 'mid'])
  assert.deepEqual(
    aspect.next.map(step => step.indicator),
    ['i.high'],
  )
  const low = resultOf(compute(model, given({ mid: 0, high: 0 })), 'aspect')
  assert.equal(low.value, 'low')
  assert.deepEqual(
    low.next.map(step => step.indicator),
    ['i.mid'],
  )
})

// --- properties ---------------------------------------------------------------------------------------------------

const count = 5
const ids = Array.from({ length: count }, (_, at) => `i${at}`)
const operand = (at: number) => fc.constantFrom(...ids, ...Array.from({ length: at }, (_, before) => `n${before}`))
const operandList = (at: number) => fc.array(operand(at), { minLength: 1, maxLength: 4 })
const rule = (at: number): fc.Arbitrary<Rule> =>
  fc.oneof(
    fc.record({ op: fc.constantFrom('all' as const, 'any' as const, 'min' as const, 'median' as const), of: operandList(at) }),
    operandList(at).map(of => ({ op: 'kOf' as const, k: Math.ceil(of.length / 2), of })),
    operandList(at).map(of => ({ op: 'weighted' as const, of: of.map((id, index): [string, number] => [id, index + 1]) })),
    operandList(at).map(of => ({
      op: 'firstMatch' as const,
      cases: of.map((id, index) => ({ when: index % 2 ? { of: id, atLeast: 0.4 } : { not: id }, is: `n${at}` })),
    })),
    ...(at
      ? [
          fc.record({
            op: fc.constant('gate' as const),
            lower: fc.constant(`n${at - 1}`),
            self: fc.record({ op: fc.constant('all' as const), of: operandList(at) }),
          }),
        ]
      : []),
  )
const models = fc.tuple(rule(0), rule(1), rule(2), rule(3)).map(made =>
  framework(
    made.map((each, at) => node(`n${at}`, each, { type: at % 2 ? 'level' : 'requirement', order: at, indicators: ids })),
    ids.map(id => indicator(id, { shows: Number(id.slice(1)) % 2 ? 'defined' : 'followed' })),
  ),
)
const values = fc.dictionary(fc.constantFrom(...ids), fc.constantFrom(0, 0.3, 0.5, 1))

test('more knowledge never turns a verdict into unknown, nor into another one', () => {
  fc.assert(
    fc.property(models, values, values, (model, some, more) => {
      const before = compute(model, given(some))
      const after = compute(model, given({ ...more, ...some }))
      before.forEach((result, at) => {
        if (result.value !== null) assert.equal(after[at]!.value, result.value)
        assert.ok(after[at]!.coverage >= result.coverage)
      })
    }),
    { numRuns: 400 },
  )
})

test('what is unknown never counts as 0: with no facts every indicator, and every rule over indicators alone, is unknown', () => {
  fc.assert(
    fc.property(models, model => {
      const results = compute(model, given({}))
      for (const id of ids) assert.equal(stateOf(resultOf(results, id)), 'unknown')
      const first = model.nodes[0]!.rule!
      if (first.op !== 'firstMatch') assert.equal(resultOf(results, 'n0').value, null)
    }),
  )
})

test('the same facts in any order give the same results', () => {
  fc.assert(
    fc.property(models, values, (model, some) => {
      const facts = given(some)
      assert.deepEqual(compute(model, { ...facts, facts: facts.facts.toReversed() }), compute(model, facts))
      assert.deepEqual(faultsOf(model), [])
    }),
  )
})
