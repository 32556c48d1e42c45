import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compute, readFramework, stateOf } from '#maturity/testing.ts'
import type { Fact, Result, Text } from '#maturity/words.ts'
import { model } from './model.ts'

const today = new Date('2026-11-15T12:00:00Z')

function results(values: Record<string, number>, n = 40): Map<string, Result> {
  const windows = new Map(model.indicators.map(each => [each.measure, each.windowDays]))
  const facts = Object.entries(values).map(
    ([measure, value]): Fact => ({ measure, windowDays: windows.get(measure)!, value, n, asOf: today, version: '1' }),
  )
  return new Map(compute(model, { scope: { kind: 'org' }, period: '2026-11', today, facts, stated: [] }).map(each => [each.node, each]))
}
const state = (found: Map<string, Result>, id: string) => stateOf(found.get(id)!)
const mail = { 'response.rate': 0.9, 'dialogue.ratio': 0.8, depth: 0.3 }

test('the model is sound, and every element has its text in all four languages', () => {
  assert.deepEqual(readFramework(structuredClone(model)), model)
  const texts: Text[] = [
    model.name,
    model.about,
    ...model.nodes.flatMap(node => [node.label, node.text, node.question].filter(text => text !== undefined)),
    ...model.indicators.flatMap(indicator => [indicator.question, indicator.action]),
  ]
  for (const text of texts) assert.ok(text.en && text.de && text.nl && text.sv, JSON.stringify(text))
})

test('five phases by four aspects; fourteen cells are the author’s, six are reconstructed', () => {
  const cells = model.nodes.filter(node => node.type === 'cell')
  assert.equal(cells.length, 20)
  assert.equal(cells.filter(cell => cell.provenance === 'sourced').length, 14)
  assert.equal(cells.filter(cell => cell.provenance === 'reconstructed').length, 6)
  assert.ok(
    model.indicators.every(each => each.provenance === 'proposal'),
    'thresholds are ours',
  )
})

test('with nothing known, nothing is decided, not even that it is the lowest phase', () => {
  const found = results({})
  for (const node of model.nodes.filter(each => each.type === 'cell' || each.type === 'aspect'))
    assert.equal(state(found, node.id), 'unknown', node.id)
  assert.equal(found.get('readiness')!.value, null)
  assert.equal(found.get('readiness')!.coverage, 0)
})

test('mail threads alone turn "first real conversations" from unknown to met', () => {
  const found = results(mail)
  assert.equal(state(found, 'interaction.medior'), 'met')
  assert.deepEqual(
    found.get('interaction.medior')!.evidence.map(ref => 'measure' in ref && ref.measure),
    ['response.rate', 'dialogue.ratio', 'depth'],
  )
  const aspect = found.get('interaction')!
  assert.equal(aspect.value, null)
  assert.deepEqual(aspect.range, [3, 5], 'at least Medior')
  assert.equal(state(found, 'interaction.virgin'), 'open')
})

test('four conversations are too few to say anything', () => {
  assert.equal(state(results(mail, 4), 'interaction.medior'), 'unknown')
})

test('an unanswered inbox is Virgin, and the next step is to answer', () => {
  const found = results({ 'response.rate': 0.05, 'dialogue.ratio': 0, depth: 0, 'initiative.share': 0.9, 'response.evennessByChannel': 1 })
  assert.equal(found.get('interaction')!.value, 'interaction.virgin')
  assert.deepEqual(
    found.get('interaction')!.next.map(step => step.indicator),
    ['i.answersSometimes'],
  )
})

test('answers without conversation are Junior, even when nothing is known of the higher phases', () => {
  const aspect = results({ 'response.rate': 0.3, 'dialogue.ratio': 0.1, depth: 0, 'initiative.share': 0 }).get('interaction')!
  assert.equal(aspect.value, 'interaction.junior')
  assert.ok(aspect.next.some(step => step.indicator === 'i.answersMostly'))
})

test('the whole is the median of the aspects, and the one that lags behind is named', () => {
  const found = results(
    {
      ...mail,
      'initiative.share': 0.3,
      'response.evennessByChannel': 0.9,
      'ideas.releasedByIdea': 0.2,
      'contacts.knownByContact': 0.9,
      'content.productByPost': 0.2,
      'watchlists.inUse': 2,
      'roadmap.customerReasonByItem': 0.4,
      'roadmap.outsideAuthorByItem': 0,
      'policy.inForce': 1,
      'structure.actingPeople': 9,
      'structure.hubUnit': 1,
      'structure.activeUnits': 3,
      'structure.approvingUnits': 0,
      'structure.actingByStaff': 0.1,
      'structure.freeByAct': 0.9,
      'connectors.twoWay': 1,
      'connectors.monitoring': 0,
      'connectors.customerData': 0,
      'connectors.webAnalytics': 0,
      'connectors.twoWayByCoreSystem': 0,
      'threads.bothSidesByThread': 0.5,
    },
    60,
  )
  const phase = (aspect: string) => found.get(aspect)!.value
  assert.deepEqual(['mentality', 'structure', 'interaction', 'technology'].map(phase), [
    'mentality.expert',
    'structure.medior',
    'interaction.guru',
    'technology.junior',
  ])
  const whole = found.get('readiness')!
  assert.equal(whole.value, 3, 'Medior')
  assert.equal(whole.coverage, 1)
  assert.deepEqual(
    whole.because.map(each => each.about),
    ['technology'],
  )
  assert.deepEqual(
    whole.next.map(step => step.indicator),
    ['i.monitoring'],
  )
})
