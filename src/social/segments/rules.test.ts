import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import { belongs, choicesFor, daysBack, fits, holds, isNamed, isNewName, valueKind, waysFor, withCondition } from './rules.ts'
import type { Condition, Facts } from './words.ts'

const refusal = (key: string) => (error: unknown) => error instanceof Refusal && error.key === key
const known = {
  fields: [
    { id: 'n', kind: 'number', name: 'Number', choices: [] },
    { id: 't', kind: 'text', name: 'Text', choices: [] },
  ],
  purposes: [{ id: 'p', name: 'News' }],
  lists: [{ id: 'l', name: 'Fair' }],
}
const of = (about: Condition['about'], how: Condition['how'], value = '', which?: string): Condition => ({
  about,
  how,
  value,
  ...(which && { of: which }),
})
const now = new Date('2026-03-01T12:00:00Z')
const facts: Facts = {
  id: 'a',
  kind: 'human',
  language: 'de',
  zone: null,
  hasCompany: true,
  created_at: new Date('2026-02-01T12:00:00Z'),
  sides: ['customer'],
  tiers: ['vip'],
  players: [],
  companies: ['nordwerk'],
  tags: [],
  lists: ['l'],
  networks: ['mail'],
  fields: [{ field: 'n', value: '5', number: 5, day: null }],
  consents: [{ purpose: 'p', allows: false }],
  threads: 2,
  lastAt: null,
}

test('How something can be asked for depends on what it is.', () => {
  assert.deepEqual(waysFor('kind'), ['is'])
  assert.ok(waysFor('field', 'number').includes('atLeast') && !waysFor('field', 'text').includes('atLeast'))
})

test('What can be chosen where the words are a closed list.', () => {
  assert.ok(choicesFor('side')!.includes('customer'))
  assert.equal(choicesFor('tag'), undefined)
})

test('A condition asks for something that there is, in a way that fits it, with a value of its kind.', () => {
  assert.equal(fits(of('field', 'atLeast', '1,5', 'n'), known).value, '1.5')
  assert.equal(fits(of('company', 'known', 'ignored'), known).value, '')
  assert.throws(() => fits(of('side', 'is', 'friend'), known), refusal('segments.wrong.word'))
  assert.throws(() => fits(of('side', 'atLeast', 'customer'), known), refusal('segments.wrongHow'))
  assert.throws(() => fits(of('talked', 'within', 'soon'), known), refusal('segments.wrong.count'))
  assert.throws(() => fits(of('field', 'is', 'x', 'gone'), known), refusal('segments.fieldGone'))
  assert.throws(() => fits(of('consent', 'is', '', 'gone'), known), refusal('segments.purposeGone'))
  assert.throws(() => fits(of('list', 'is', '', 'gone'), known), refusal('segments.listGone'))
})

test('Of what is named by its id nothing else is asked.', () => {
  assert.deepEqual((['consent', 'list', 'field', 'tag'] as const).map(isNamed), [true, true, false, false])
})

test('Which control asks for the value.', () => {
  assert.deepEqual(
    [valueKind('side'), valueKind('threads'), valueKind('field', 'date'), valueKind('tag')],
    ['word', 'count', 'day', 'text'],
  )
})

test('A segment has at most twenty conditions, and none of them twice.', () => {
  const one = of('kind', 'is', 'human')
  assert.deepEqual(withCondition([], one), [one])
  assert.throws(() => withCondition([one], { ...one }), refusal('segments.twiceCondition'))
  const many = Array.from({ length: 20 }, (_, nth) => of('tag', 'is', `t${nth}`))
  assert.throws(() => withCondition(many, one), refusal('segments.full'))
})

test('No two segments that are in use bear the same name.', () => {
  const all = [{ id: 'a', name: 'Sweden', removedAt: null }]
  isNewName('sweden', all, 'a')
  assert.throws(() => isNewName('sweden', all, null), refusal('segments.twice'))
})

test('The moment that lies so many days back.', () => {
  assert.equal(daysBack(now, '28').toISOString(), '2026-02-01T12:00:00.000Z')
})

test('Of merged records what any of them says counts; what nothing is known of is not so, and not otherwise either.', () => {
  const is = (it: Condition) => holds(it, facts, now, name => name.toLowerCase())
  const so = [of('side', 'is', 'customer'), of('company', 'is', 'Nordwerk'), of('language', 'isNot', 'sv'), of('zone', 'unknown'), of('consent', 'isNot', '', 'p'), of('list', 'is', '', 'l'), of('threads', 'atMost', '2'), of('talked', 'notWithin', '9'), of('met', 'within', '28'), of('field', 'is', '5.0', 'n')] // biome-ignore format: a list
  const not = [of('side', 'isNot', 'customer'), of('list', 'isNot', '', 'l'), of('zone', 'isNot', 'UTC'), of('field', 'isNot', 'x', 't'), of('field', 'atLeast', '6', 'n'), of('met', 'within', '27')] // biome-ignore format: a list
  for (const each of so) assert.ok(is(each), JSON.stringify(each))
  for (const each of not) assert.ok(!is(each), JSON.stringify(each))
})

test('Somebody belongs for whom all conditions hold, or any of them, as the segment says; without a condition nobody does.', () => {
  const conditions = [of('kind', 'is', 'human'), of('tag', 'is', 'x')]
  assert.ok(!belongs({ match: 'all', conditions }, [0]) && belongs({ match: 'any', conditions }, [0]))
  assert.ok(belongs({ match: 'all', conditions }, [0, 1]) && !belongs({ match: 'any', conditions: [] }, []))
})
