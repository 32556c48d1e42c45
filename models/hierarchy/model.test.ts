import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compute, readFramework, stateOf, targetOf } from '#maturity/testing.ts'
import type { Fact, Indicator, Result, Text } from '#maturity/words.ts'
import { model } from './model.ts'
import { levels } from './parts.ts'

const today = new Date('2026-11-15T12:00:00Z')
const short = (indicator: Indicator): number =>
  indicator.unit === 'minutes' || indicator.unit === 'days' || targetOf(indicator) < 0.3 ? 1e6 : 0

/** Facts for the indicators of these nodes, just reached, and for those of the others, not reached. */
function facts(met: string[], unmet: string[] = []): Fact[] {
  const of = (ids: string[]) => model.nodes.filter(node => ids.some(id => node.id.startsWith(`${id}.`))).flatMap(node => node.indicators)
  const fact = (id: string, value: (indicator: Indicator) => number): Fact => {
    const indicator = model.indicators.find(each => each.id === id)!
    return { measure: indicator.measure, windowDays: indicator.windowDays, value: value(indicator), n: 100, asOf: today, version: '1' }
  }
  return [...of(unmet).map(id => fact(id, short)), ...of(met).map(id => fact(id, targetOf))]
}
const results = (known: Fact[]): Map<string, Result> =>
  new Map(compute(model, { scope: { kind: 'org' }, period: '2026-11', today, facts: known, stated: [] }).map(each => [each.node, each]))

test('the model is sound, and every element has its text in all four languages', () => {
  assert.deepEqual(readFramework(structuredClone(model)), model)
  const texts: Text[] = [
    model.name,
    model.about,
    ...model.nodes.flatMap(node => [node.label, node.text].filter(text => text !== undefined)),
    ...model.indicators.flatMap(indicator => [indicator.question, indicator.action]),
  ]
  for (const text of texts) assert.ok(text.en && text.de && text.nl && text.sv, JSON.stringify(text))
})

test('five levels with all their requirements, and a quiz of six sections with three answers each', () => {
  const count = (level: string) => model.edges.filter(edge => edge.kind === 'contains' && edge.from === level).length
  assert.deepEqual(levels.map(count), [5, 5, 4, 4, 5])
  assert.equal(model.nodes.filter(node => node.type === 'requirement').length, 23)
  assert.equal(model.nodes.filter(node => node.type === 'cell').length, 18)
})

test('with nothing known, every requirement is unknown and no level is named', () => {
  const found = results([])
  for (const node of model.nodes.filter(each => each.type === 'requirement' || each.type === 'level'))
    assert.equal(stateOf(found.get(node.id)!), 'unknown', node.id)
  assert.equal(found.get('hierarchy')!.value, null)
})

test('an inbox in which every conversation is taken within a day meets "response and triage", and nothing else', () => {
  const found = results([{ measure: 'triage.ownedByConversation', windowDays: 90, value: 0.95, n: 12, asOf: today, version: '1' }])
  const met = model.nodes.filter(node => node.type === 'requirement' && stateOf(found.get(node.id)!) === 'met')
  assert.deepEqual(
    met.map(node => node.id),
    ['safety.triage'],
  )
  assert.equal(stateOf(found.get('safety')!), 'unknown')
  assert.deepEqual(
    found.get('safety.triage')!.because.map(each => [each.key, each.about]),
    [['maturity.because.reached', 'i.owned']],
  )
})

test('levels 1, 2 and 4 hold and 3 does not: it is Safety, and Enablement does not count yet', () => {
  const found = results(facts(['foundation', 'safety', 'enablement', 'enlightenment'], ['formation']))
  assert.equal(found.get('hierarchy')!.value, 'safety')
  const fourth = found.get('enablement')!
  assert.equal(fourth.value, 0)
  assert.equal(fourth.alone, 1)
  assert.deepEqual(fourth.because[0], { key: 'maturity.because.blocked', about: 'formation', values: {} })
})

test('when everything holds it is Enlightenment, with no next step', () => {
  const whole = results(facts(levels.slice())).get('hierarchy')!
  assert.equal(whole.value, 'enlightenment')
  assert.deepEqual(whole.next, [])
})

test('a missing foundation is no level at all, and the next step lies there', () => {
  const whole = results(facts(['safety', 'formation', 'enablement', 'enlightenment'], ['foundation'])).get('hierarchy')!
  assert.equal(whole.value, 'none')
  assert.equal(whole.next[0]!.indicator, 'i.goals')
})

test('the quiz is answered by the same evidence: its points add up to a band', () => {
  const sections = ['program', 'leadership', 'processes', 'education', 'measurement', 'technology']
  const all = results([...facts(levels.slice()), ...facts(sections)])
  assert.equal(all.get('quiz')!.value, 'advanced')
  assert.equal(all.get('measurement')!.value, 'measurement.3')
  const none = results(facts([], sections))
  assert.equal(none.get('quiz')!.value, 'novice')
  assert.equal(none.get('program')!.value, 'program.1')
  assert.equal(results([]).get('quiz')!.value, null)
})
