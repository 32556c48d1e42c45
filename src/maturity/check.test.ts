import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import { readFramework } from './check.ts'
import type { Framework } from './words.ts'

const words = { en: 'x', original: 'en' as const }
const mark = { provenance: 'proposal' as const, sources: [] }
const indicator = {
  id: 'ind',
  question: words,
  action: words,
  evidence: ['conversation' as const],
  measure: 'response.rate',
  unit: 'share' as const,
  windowDays: 90,
  minSample: 5,
  maxAgeDays: 30,
  scale: { kind: 'threshold' as const, cuts: [0.5] },
  shows: 'followed' as const,
  ...mark,
}
const node = { id: 'one', type: 'requirement' as const, label: words, indicators: ['ind'], ...mark }
const model = (over: Partial<Framework> = {}): Framework => ({
  id: 'own.model',
  version: '1.0.0',
  kind: 'areas',
  name: words,
  about: words,
  authors: ['Us'],
  year: 2026,
  sources: [{ key: 'A', address: 'https://example.org' }],
  nodes: [node],
  edges: [],
  indicators: [indicator],
  ...over,
})

function faults(data: unknown): string[] {
  try {
    readFramework(data)
    return []
  } catch (error) {
    assert.ok(error instanceof Refusal)
    return error.fields.map(fault => `${fault.field}: ${fault.key}`)
  }
}

test('A model that is wrong is refused, and each fault says where it is.', () => {
  assert.deepEqual(faults(model()), [])
  assert.deepEqual(faults(model({ nodes: [node, node] })), ['one: maturity.fault.twice'])
  assert.deepEqual(faults(model({ nodes: [{ ...node, indicators: ['gone'] }] })), ['nodes.one.indicators: maturity.fault.unknownName'])
  assert.deepEqual(faults(model({ nodes: [{ ...node, rule: { op: 'all', of: ['ind', 'gone'] } }] })), [
    'nodes.one.rule.of: maturity.fault.unknownName',
  ])
  assert.deepEqual(faults(model({ nodes: [{ ...node, indicators: [], rule: { op: 'all', of: ['ind'] } }] })), [
    'nodes.one.indicators: maturity.fault.notListed',
  ])
  assert.deepEqual(faults(model({ nodes: [{ ...node, rule: { op: 'kOf', k: 2, of: ['ind'] } }] })), [
    'nodes.one.rule.k: maturity.fault.tooMany',
  ])
  assert.deepEqual(faults(model({ nodes: [{ ...node, rule: { op: 'firstMatch', cases: [{ when: 'ind', is: 'gone' }] } }] })), [
    'nodes.one.rule.cases.0.is: maturity.fault.unknownName',
  ])
  assert.deepEqual(faults(model({ indicators: [{ ...indicator, scale: { kind: 'threshold', cuts: [1, 3, 2] } }] })), [
    'indicators.ind.scale: maturity.fault.cuts',
  ])
  assert.deepEqual(faults(model({ indicators: [{ ...indicator, scale: { kind: 'linear', min: 2, max: 2 } }] })), [
    'indicators.ind.scale: maturity.fault.flat',
  ])
  assert.deepEqual(faults(model({ nodes: [{ ...node, provenance: 'sourced' }] })), ['nodes.one.sources: maturity.fault.noSource'])
  assert.deepEqual(faults(model({ nodes: [{ ...node, sources: ['B'] }] })), ['nodes.one.sources: maturity.fault.unknownSource'])
  assert.deepEqual(faults(model({ edges: [{ from: 'one', to: 'two', kind: 'contains' }] })), ['edges.0: maturity.fault.unknownName'])
  assert.deepEqual(faults(model({ overall: 'gone' })), ['overall: maturity.fault.unknownName'])
})

test('nodes that rest on each other in a circle are refused', () => {
  const a = { ...node, id: 'a', indicators: [], rule: { op: 'all' as const, of: ['b'] } }
  const b = { ...node, id: 'b', indicators: [], rule: { op: 'all' as const, of: ['a'] } }
  assert.deepEqual(faults(model({ nodes: [a, b] })), ['nodes.a.rule: maturity.fault.circle'])
})

test('a chain of nodes too long to follow is refused', () => {
  const chain = Array.from({ length: 200 }, (_, at) => ({
    ...node,
    id: `n${at}`,
    indicators: at ? [] : ['ind'],
    rule: { op: 'all' as const, of: [at ? `n${at - 1}` : 'ind'] },
  }))
  assert.ok(faults(model({ nodes: chain })).every(fault => fault.endsWith('longChain')))
  assert.ok(faults(model({ nodes: chain.toReversed() })).some(fault => fault.endsWith('longChain')))
})

test('a matrix with a hole is refused', () => {
  const phase = { ...node, id: 'phase', type: 'phase' as const, indicators: [] }
  const aspect = { ...node, id: 'aspect', type: 'aspect' as const }
  const cell = { ...node, id: 'cell', type: 'cell' as const }
  const nodes = [phase, aspect, cell]
  assert.deepEqual(faults(model({ kind: 'matrix', nodes, edges: [{ from: 'aspect', to: 'cell', kind: 'contains' }] })), [
    'nodes.aspect: maturity.fault.hole',
  ])
  const edges = ['aspect', 'phase'].map(from => ({ from, to: 'cell', kind: 'contains' as const }))
  assert.deepEqual(faults(model({ kind: 'matrix', nodes, edges })), [])
})

test('a wrong form names the element, not its number', () => {
  assert.deepEqual(faults(model({ nodes: [{ ...node, label: { original: 'en' } }] })), ['nodes.one.label: maturity.fault.noText'])
  assert.deepEqual(faults({ ...model(), nodes: [{ ...node, colour: 'red' }] }), ['nodes.one.colour: kernel.fault.unknown'])
  assert.deepEqual(faults({ ...model(), indicators: [{ ...indicator, scale: { kind: 'guess' } }] }), [
    'indicators.ind.scale.kind: kernel.fault.form',
  ])
})

test('what is not a model at all is refused and harms nothing', () => {
  for (const data of [null, 7, 'model', [], {}, { nodes: 'all' }]) assert.ok(faults(data).length > 0)
  let deep: unknown = 'x'
  for (let at = 0; at < 100_000; at++) deep = { not: deep }
  assert.deepEqual(faults(model({ nodes: [{ ...node, rule: { op: 'firstMatch', cases: [{ when: deep as never, is: 'one' }] } }] })), [
    ': maturity.fault.deep',
  ])
})
