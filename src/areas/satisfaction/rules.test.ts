import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '#kernel/ids.ts'
import * as rules from './rules.ts'
import type { Closing, Survey } from './words.ts'

const now = new Date('2026-11-20T12:00:00Z')
const ago = (days: number) => new Date(now.getTime() - days * 86_400_000)
const survey: Survey = { id: newId(), name: 'Care', kind: 'csat', closing: 'conversation', way: 'thread', anonymous: false, questions: {}, share: 100, delayMinutes: 60, channels: [], teams: [], types: [], purpose: null, bad: 2, pausedAt: null, archivedAt: null } // biome-ignore format: a list
const closing: Closing = { is: 'conversation', id: 'thread', thread: 'thread', person: 'anna', channel: 'email', teams: ['care', 'night'], type: null, owner: null } // biome-ignore format: a list
const key = (run: () => unknown): string | null => {
  try {
    run()
    return null
  } catch (error) {
    return (error as { key: string }).key
  }
}

test('Of a hundred closings so many are asked about as the survey’s share says, and the same closing always draws the same lot.', () => {
  const threads = Array.from({ length: 4000 }, () => newId())
  const chosen = (share: number) => threads.filter(each => rules.isChosen(survey.id, each, share))
  for (const share of [10, 50, 90]) assert.ok(Math.abs(chosen(share).length / 40 - share) < 4, String(share))
  assert.deepEqual([chosen(100).length, chosen(30)], [4000, chosen(30)])
  const ten = new Set(chosen(10))
  assert.ok(
    [...ten].every(each => rules.isChosen(survey.id, each, 11)),
    'a larger share asks those of the smaller one too',
  )
  assert.ok(threads.filter(each => ten.has(each) && rules.isChosen(newId(), each, 10)).length < 100, 'each survey draws its own')
})

test('A survey asks about what closed on its channels, with its teams and of its types; where it names none, any will do.', () => {
  const concerns = (more: Partial<Survey>, it: Partial<Closing> = {}) => rules.concerns({ ...survey, ...more }, { ...closing, ...it })
  assert.deepEqual([concerns({}), concerns({ channels: ['email'], teams: ['day', 'night'] })], [true, true])
  assert.deepEqual([concerns({ closing: 'case' }), concerns({ channels: ['chat'] }), concerns({ teams: ['day'] }), concerns({ types: ['repair'] })], [false, false, false, false]) // biome-ignore format: a list
  assert.deepEqual(
    [concerns({ types: ['repair'] }, { type: 'repair' }), concerns({ channels: ['email'] }, { channel: null })],
    [true, false],
  )
})

test('Nobody is asked twice within thirty days, after a no, without the consent that is asked for, or about their own house.', () => {
  const may = { lastAsked: null, now, saidNo: false, consents: true, inside: false }
  const twice = (days: number) => rules.mayAsk({ ...may, lastAsked: ago(days) })
  assert.deepEqual([rules.mayAsk(may), twice(29.9), twice(30)], [null, 'recently', null])
  assert.equal(rules.mayAsk({ ...may, saidNo: true }), 'saidNo')
  assert.equal(rules.mayAsk({ ...may, consents: false }), 'noConsent')
  assert.equal(rules.mayAsk({ ...may, inside: true, saidNo: true }), 'colleague')
})

test('An anonymous survey goes by a mail of the house and opens no tasks: colleagues would see the link in the conversation, and a task leads to it.', () => {
  const holds = (more: Partial<Survey>) => key(() => rules.holdsTogether({ ...survey, ...more }))
  assert.deepEqual([holds({}), holds({ anonymous: true, way: 'mail', bad: null })], [null, null])
  assert.equal(holds({ anonymous: true, bad: null }), 'satisfaction.anonymousByMail')
  assert.equal(holds({ anonymous: true, way: 'mail' }), 'satisfaction.anonymousNoTasks')
  assert.deepEqual([holds({ bad: 0 }), holds({ kind: 'nps', bad: 0 })], ['satisfaction.offScale', null])
})

test('What was promised to those who were asked stays: the kind of question, and that nobody knows who answers.', () => {
  const keeps = (to: Partial<Survey>, asked: boolean) => key(() => rules.keepsItsWord(survey, { ...survey, ...to }, asked))
  assert.deepEqual([keeps({ kind: 'nps', anonymous: true }, false), keeps({ name: 'New' }, true)], [null, null])
  assert.deepEqual(
    [keeps({ kind: 'nps' }, true), keeps({ anonymous: true }, true)],
    ['satisfaction.kindStays', 'satisfaction.anonymousStays'],
  )
})

test('An answer is a whole number on the scale of its question.', () => {
  const wrong = (kind: Survey['kind'], score: number) => key(() => rules.isOnScale(kind, score))
  assert.deepEqual([wrong('csat', 1), wrong('csat', 5), wrong('ces', 7), wrong('nps', 0), wrong('nps', 10)], [null, null, null, null, null])
  for (const [kind, score] of [['csat', 0], ['csat', 6], ['ces', 8], ['nps', -1], ['nps', 11], ['nps', 3.5], ['csat', Number.NaN]] as const) assert.equal(wrong(kind, score), 'satisfaction.chooseOne') // biome-ignore format: a list
})

test('The same answer twice is one answer; another one takes its place for a day, and after that the first one stays.', () => {
  const what = (days: number, score: number, comment = '') =>
    rules.whatNow({ score: 2, comment: '', at: ago(days) }, { score, comment }, now)
  assert.equal(rules.whatNow(null, { score: 2, comment: '' }, now), 'new')
  assert.deepEqual([what(0.5, 2), what(40, 2), what(0.5, 4), what(0.5, 2, 'slow'), what(1, 4)], ['same', 'same', 'other', 'other', 'late'])
})

test('An answer can be changed for a day.', () => {
  assert.deepEqual([rules.mayChange(ago(0.99), now), rules.mayChange(ago(1), now)], [true, false])
})

test('A bad answer opens one task, however often it is changed.', () => {
  const opens = (score: number, task: string | null, bad: number | null = 2) => rules.opensTask({ bad }, { score, task })
  assert.deepEqual([opens(2, null), opens(1, 'task'), opens(3, null), opens(1, null, null)], [true, false, false, false])
})

test('Links end thirty days after they were sent.', () => {
  assert.deepEqual([rules.hasEnded('2026-10-21', '2026-11-20'), rules.hasEnded('2026-10-20', '2026-11-20')], [false, true])
})

test('Of an anonymous answer only its week is known.', () => {
  assert.deepEqual(['2026-11-16', '2026-11-20', '2026-11-22'].map(each => rules.dayKept(each, true)), ['2026-11-16', '2026-11-16', '2026-11-16']) // biome-ignore format: a list
  assert.equal(rules.dayKept('2026-11-20', false), '2026-11-20')
})

test('Satisfaction is the share of 4 and 5, effort the mean, the net promoter score the share of 9 and 10 less that of 0 to 6; of fewer than five, unknown.', () => {
  const spread = (length: number, given: Record<number, number>, least: number) => Array.from({ length }, (_, at) => given[at + least] ?? 0)
  const nps = rules.resultOf('nps', 200, spread(11, { 10: 50, 9: 20, 8: 15, 7: 5, 6: 4, 0: 6 }, 0))
  assert.deepEqual([nps.value, nps.n, nps.asked, nps.mean], [60, 100, 200, null])
  assert.deepEqual(Object.values(nps.interval!).map(each => Math.round(each * 10) / 10), [45.3, 71.2]) // biome-ignore format: a list
  assert.equal(rules.resultOf('nps', 5, spread(11, { 6: 5 }, 0)).value, -100)
  assert.equal(rules.resultOf('nps', 5, spread(11, { 7: 3, 8: 2 }, 0)).value, 0)
  const csat = rules.resultOf('csat', 20, spread(5, { 5: 6, 4: 2, 3: 1, 1: 1 }, 1))
  assert.deepEqual([csat.value, csat.mean, csat.counts], [0.8, 4.2, [1, 0, 1, 2, 6]])
  assert.ok(csat.interval!.low < 0.5 && csat.interval!.high < 0.96, 'ten answers prove little')
  const ces = rules.resultOf('ces', 0, spread(7, { 7: 3, 5: 1, 2: 1 }, 1))
  assert.deepEqual([ces.value, Math.round(ces.interval!.low * 100) / 100, ces.interval!.high], [5.6, 2.88, 7])
  const few = rules.resultOf('csat', 9, spread(5, { 5: 4 }, 1))
  assert.deepEqual([few.value, few.interval, few.mean, few.n], [null, null, null, 4])
})

test('Groups of fewer than five answers are told together, and with the next larger one as long as even those are fewer: nobody is found by taking away.', () => {
  const told = (...ns: number[]) => {
    const { shown, together } = rules.withoutSmall(ns.map(n => ({ n })))
    return [shown.map(each => each.n), together.map(each => each.n)]
  }
  assert.deepEqual(told(7, 30, 5), [[30, 7, 5], []])
  assert.deepEqual(told(30, 4, 7, 3), [[30, 7], [4, 3]]) // biome-ignore format: a list
  assert.deepEqual(told(30, 3, 7), [[30], [7, 3]]) // biome-ignore format: a list
  assert.deepEqual(told(2), [[], [2]])
})

test('Results are told week by week up to a quarter, and month by month beyond.', () => {
  assert.deepEqual([rules.stepOf('2026-11-22', 90), rules.stepOf('2026-11-22', 365)], ['2026-11-16', '2026-11-01'])
})

test('A step of a trend without answers stays in it as a gap.', () => {
  assert.deepEqual(rules.stepsOf('2026-11-01', '2026-11-16', 30), ['2026-10-26', '2026-11-02', '2026-11-09', '2026-11-16'])
  assert.deepEqual(rules.stepsOf('2026-09-15', '2026-11-02', 365), ['2026-09-01', '2026-10-01', '2026-11-01'])
})
