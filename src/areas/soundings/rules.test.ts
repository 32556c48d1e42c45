import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'

const moods = (positive: number, negative: number, neutral: number, unknown = 0) => ({ positive, negative, neutral, unknown })
const close = (found: number | null, wanted: number, by = 1e-6) =>
  assert.ok(found !== null && Math.abs(found - wanted) < by, `${found} ≠ ${wanted}`)

test('Share of voice is what is said of us by what is said of us and of those who compete with us; of nothing, unknown.', () => {
  assert.equal(rules.shareOfVoice(30, 70), 0.3)
  assert.equal(rules.shareOfVoice(0, 5), 0)
  assert.equal(rules.shareOfVoice(0, 0), null)
})

test('Share of conversation is how many of all mentions of a topic speak of our brand; without any, unknown.', () => {
  assert.equal(rules.shareOfConversation(25, 100), 0.25)
  assert.equal(rules.shareOfConversation(0, 0), null)
  assert.equal(rules.shareOfConversation(7, 5), 1)
})

test('The net sentiment score is positive less negative by all mentions, the neutral ones and those nobody could tell included.', () => {
  close(rules.netSentiment(moods(80, 20, 100)), 0.3)
  close(rules.netSentiment(moods(80, 20, 60, 40)), 0.3)
  assert.equal(rules.netSentiment(moods(0, 0, 0)), null)
})

test('The net sentiment rate is positive less negative by those two alone; neutral mentions are left out.', () => {
  close(rules.netSentimentRate(moods(80, 20, 100)), 0.6)
  close(rules.netSentimentRate(moods(1000, 150, 12_345)), 0.73913, 1e-5)
  assert.equal(rules.netSentimentRate(moods(0, 0, 50)), null)
})

test('How often the mood is right is told with its span from ten checked labels on; of fewer, only how many were checked.', () => {
  assert.deepEqual(rules.accuracyOf(9, 9), { checked: 9, share: null, interval: null })
  const { share, interval } = rules.accuracyOf(10, 8)
  assert.equal(share, 0.8)
  // Wilson's interval of 8 of 10.
  close(interval!.low, 0.490162, 1e-5)
  close(interval!.high, 0.943318, 1e-5)
})

test('The period before is as long and ends the day before; a year before is 364 days back, so that weekdays meet.', () => {
  const week = { from: '2026-03-02', until: '2026-03-08' }
  assert.deepEqual(rules.spanBefore(week, 'before'), { from: '2026-02-23', until: '2026-03-01' })
  const year = rules.spanBefore(week, 'year')
  assert.deepEqual(year, { from: '2025-03-03', until: '2025-03-09' })
  assert.equal(new Date(year.from).getUTCDay(), new Date(week.from).getUTCDay())
})

test('What rises is compared with the time before: four times as long as the period, and a year at most.', () => {
  assert.deepEqual(rules.baseLine({ from: '2026-03-02', until: '2026-03-08' }), { from: '2026-02-02', until: '2026-03-01' })
  assert.deepEqual(rules.baseLine({ from: '2026-01-01', until: '2026-12-31' }), { from: '2025-01-01', until: '2025-12-31' })
})

test('A period is told day by day up to a quarter, and week by week beyond.', () => {
  assert.deepEqual([7, 92, 93, 365].map(rules.stepOf), ['day', 'day', 'week', 'week'])
})

test('A step in which nothing was said stays in the picture as a zero.', () => {
  assert.deepEqual(rules.stepsOf({ from: '2026-03-01', until: '2026-03-03' }, 'day'), ['2026-03-01', '2026-03-02', '2026-03-03'])
  // The 1st of March 2026 is a Sunday.
  assert.deepEqual(rules.stepsOf({ from: '2026-03-01', until: '2026-03-10' }, 'week'), ['2026-03-01', '2026-03-02', '2026-03-09'])
})

test('The step that a day lies in; the first week begins with the period.', () => {
  assert.equal(rules.stepIn('2026-03-08', '2026-03-01', 'week'), '2026-03-02')
  assert.equal(rules.stepIn('2026-03-01', '2026-03-01', 'week'), '2026-03-01')
  assert.equal(rules.stepIn('2026-03-05', '2026-03-01', 'day'), '2026-03-05')
})

test('How surprising a change is, the log-likelihood ratio tells: above 10.83 it happens by chance once in a thousand times.', () => {
  // A table of two by two with nothing off its diagonal: 2 · 20 · ln 2.
  close(rules.surprise(10, 10, 0, 10), 40 * Math.LN2)
  assert.equal(rules.surprise(10, 100, 10, 100), 0)
  assert.equal(rules.surprise(0, 0, 0, 100), 0)
  // The same by its definition, cell by cell.
  const cells = [[30, 70], [10, 290]] as const // biome-ignore format: a table
  const sum = (list: readonly number[]) => list.reduce((all, each) => all + each, 0)
  const entropy = (list: readonly number[]) => sum(list.map(each => (each ? each * Math.log(each / sum(list)) : 0)))
  const columns = [cells[0][0] + cells[1][0], cells[0][1] + cells[1][1]]
  close(rules.surprise(30, 100, 10, 300), 2 * (entropy(cells.flat()) - entropy(cells.map(sum)) - entropy(columns)))
})

test('A term rises when it is said in a larger share of mentions than before, three times at least, and hardly by chance; the most surprising first.', () => {
  const term = (name: string, n: number, before: number) => ({ term: name, n, before, positive: 0, negative: 0 })
  const terms = [term('recall', 40, 2), term('delivery', 50, 200), term('colour', 2, 0), term('refund', 60, 1), term('gone', 1, 90)]
  assert.deepEqual(rules.rising(terms, 100, 400, 10).map(each => each.term), ['refund', 'recall']) // biome-ignore format: one line
  assert.deepEqual(rules.rising(terms, 100, 400, 1).map(each => each.term), ['refund']) // biome-ignore format: one line
})

test('A word that is nearly always said within a phrase is told as that phrase.', () => {
  const terms = [{ term: 'battery life', n: 9 }, { term: 'battery', n: 10 }, { term: 'life', n: 40 }] // biome-ignore format: one line
  assert.deepEqual(rules.withoutParts(terms).map(each => each.term), ['battery life', 'life']) // biome-ignore format: one line
})

test('Two words with a blank between them are a phrase.', () => {
  assert.deepEqual(['battery', 'battery life'].map(rules.isPhrase), [false, true])
})

test('A term that stands in more than half of all mentions, now and before, is what was looked for, not what is said about it; without a time before, in nine of ten.', () => {
  assert.equal(rules.isTheMatter(60, 100, 300, 400), true)
  // A crisis: everybody speaks of it, and nobody did before.
  assert.equal(rules.isTheMatter(95, 100, 3, 400), false)
  assert.deepEqual(
    [rules.isTheMatter(60, 100, 0, 0), rules.isTheMatter(95, 100, 0, 0), rules.isTheMatter(9, 10, 90, 100)],
    [false, true, false],
  )
})

test('What is the matter itself is left out, and with it each phrase of which it is a part.', () => {
  const terms = [['kvist', 90, 350], ['kvist lamp', 30, 100], ['lamp', 40, 120]] as const // biome-ignore format: a table
  const left = rules.withoutTheMatter(terms, ([term, now, before]) => ({ term, now, before }), { now: 100, before: 400 })
  assert.deepEqual(left.map(([term]) => term), ['lamp']) // biome-ignore format: one line
})

test('Each part made as much of a difference as it grew or shrank; those that moved most first.', () => {
  const parts = [
    { part: 'feed', now: 10, before: 10 },
    { part: 'forum', now: 5, before: 40 },
    { part: 'chat', now: 60, before: 20 },
  ]
  const found = rules.drivers(parts, 5)
  assert.deepEqual(found.map(each => [each.part, each.difference]), [['chat', 40], ['forum', -35]]) // biome-ignore format: one line
  assert.equal(rules.drivers(parts, 1).length, 1)
})

test('A part moved the net sentiment score by what it adds to it now less what it added before; all parts together are the whole change.', () => {
  const parts = [
    { part: 'feed', now: moods(10, 40, 50), before: moods(30, 10, 60) },
    { part: 'forum', now: moods(20, 10, 20), before: moods(10, 10, 30) },
  ]
  const found = rules.moodDrivers(parts, { now: 150, before: 150 }, 5)
  assert.equal(found[0]!.part, 'feed')
  const whole = rules.netSentiment(moods(30, 50, 70))! - rules.netSentiment(moods(40, 20, 90))!
  close(found.reduce((sum, each) => sum + each.difference, 0), whole) // biome-ignore format: one line
})

test('A mention counts once for each word that says something, and for each two of them that stand side by side.', () => {
  const terms = (text: string, language: string | null = 'en') => rules.termsOf(text, language).sort()
  assert.deepEqual(terms('The battery life of the Lamp is bad. Bad battery!'), [
    'bad',
    'bad battery',
    'battery',
    'battery life',
    'lamp',
    'life',
  ])
  assert.deepEqual(terms('@shop see https://a.example/recall and mail a@b.example: 123 #Recall'), ['mail', 'recall'])
  assert.deepEqual(terms('Die Lampe ist kaputt', 'de'), ['kaputt', 'lampe'])
  assert.deepEqual(terms('Lampan är trasig', 'sv'), ['lampan', 'trasig'])
  assert.deepEqual(terms("Anna's ‘late’ -- don’t care"), ['anna', 'care', 'late'])
  assert.ok(terms('电池寿命很短', 'zh').includes('电池'))
  assert.deepEqual(terms('😀'.repeat(5000)), [])
  assert.ok(rules.termsOf('x'.repeat(100_000), null).length <= 1)
  assert.ok(rules.termsOf(Array.from({ length: 5000 }, (_, nth) => `word${nth}`).join(' '), 'en').length <= 81)
})

test('A company is found by its name as one word or two that say something; a longer name is not looked for.', () => {
  assert.equal(rules.termOfName('Kvist AB'), 'kvist')
  assert.equal(rules.termOfName('Nord Lampen GmbH'), 'nord lampen')
  assert.equal(rules.termOfName('Great Northern Lamp Company'), null)
  assert.equal(rules.termOfName('AG'), null)
})

test('A cause speaks of a term when it holds each of its words.', () => {
  assert.equal(rules.speaksOf('Battery swells after a year', 'battery'), true)
  assert.equal(rules.speaksOf('Battery swells after a year', 'battery life'), false)
})

test('Of each day of a monitor the 120 commonest words and the 80 commonest phrases are kept, and no phrase that was said only once.', () => {
  const words = Array.from({ length: 500 }, (_, nth) => ({ term: `w${nth}`, n: 500 - nth }))
  const phrases = Array.from({ length: 300 }, (_, nth) => ({ term: `w${nth} x`, n: 300 - nth }))
  const found = rules.commonest([...phrases, ...words])
  assert.deepEqual([found.length, found[0]!.term, found[120]!.term], [200, 'w0', 'w0 x'])
  assert.deepEqual(rules.commonest([{ term: 'a b', n: 1 }, { term: 'a', n: 1 }]), [{ term: 'a', n: 1 }]) // biome-ignore format: one line
})

test('The size of a word in a cloud grows with the root of how often it was said: 1 to 6.', () => {
  assert.deepEqual(
    [rules.sizeIn(0, 100), rules.sizeIn(4, 100), rules.sizeIn(25, 100), rules.sizeIn(100, 100), rules.sizeIn(0, 0)],
    [1, 2, 4, 6, 1],
  )
})

test('How dark a field of a heat map is, 0 to 5: nothing is 0, the most 5.', () => {
  assert.deepEqual([0, 1, 20, 21, 100].map(n => rules.heatOf(n, 100)), [0, 1, 1, 2, 5]) // biome-ignore format: one line
  assert.equal(rules.heatOf(0, 0), 0)
})
