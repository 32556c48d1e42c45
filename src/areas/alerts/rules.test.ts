import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'
import { hour, kinds, type Learned, type Level, type Mark, type Moods, type Quiet } from './words.ts'

const zone = 'Europe/Berlin'
const day = 24 * hour
const week = 7 * day
const at = (text: string): number => Date.parse(`2026-${text}Z`)
const key = (run: () => unknown): string | null => {
  try {
    run()
    return null
  } catch (error) {
    return (error as { key: string }).key
  }
}
/** The same so many in each hour from one moment up to another. */
const steady = (from: number, until: number, n: number) =>
  new Map(Array.from({ length: (until - from) / hour }, (_, nth) => [from + nth * hour, n]))
const known: Learned = { weeks: 8, places: Array.from({ length: 168 }, () => ({ mean: 10, over: 1.2 })), mood: { share: 0.2, over: 1.5, known: 3000 } } // biome-ignore format: one line
const unknown: Learned = { weeks: 1, places: null, mood: null }

test('An hour is compared with itself and its two neighbours on the same weekday of the last eight weeks, by the clocks of the house, as far back as was heard.', () => {
  const monday = at('11-16T09:00:00')
  const found = rules.referencesOf(monday, zone, 0, monday)
  assert.deepEqual(found.slice(0, 6), [8, 9, 10].map(each => at(`11-09T${String(each).padStart(2, '0')}:00:00`)).concat([8, 9, 10].map(each => at(`11-02T${String(each).padStart(2, '0')}:00:00`)))) // biome-ignore format: one line
  assert.equal(found.length, 24)
  // Before the clocks went back, ten on the wall was eight in UTC.
  assert.ok(found.includes(at('10-19T08:00:00')) && found.includes(at('10-19T07:00:00')) && !found.includes(at('10-19T10:00:00')))
  assert.equal(rules.referencesOf(monday, zone, at('11-09T09:00:00'), monday).length, 2)
  assert.deepEqual(rules.referencesOf(monday, zone, monday, monday), [])
  assert.equal(rules.referencesOf(monday, zone, 0, at('11-09T09:00:00')).length, 22, 'what is not heard yet is not nothing')
})

test('A place of the week, 0 to 167: Monday midnight is the first, by the clocks of the house.', () => {
  assert.deepEqual([rules.placeOf(at('11-15T23:00:00'), zone), rules.placeOf(at('11-15T22:00:00'), zone)], [0, 167])
  assert.equal(rules.placeOf(at('07-13T10:00:00'), zone), 12)
})

test('What is usual is known once three whole weeks were heard; before that nothing is unusual.', () => {
  const now = at('11-16T09:00:00')
  const counts = steady(now - 9 * week, now, 6)
  const learned = (weeks: number) => rules.learnedFrom({ first: now - weeks * week, counts, moods: [] }, now, zone)
  assert.deepEqual(learned(2.9), { weeks: 2, places: null, mood: null })
  assert.deepEqual(rules.learnedFrom({ first: null, counts, moods: [] }, now, zone), { weeks: 0, places: null, mood: null })
  const { weeks, places } = learned(9)
  assert.deepEqual([weeks, places!.length], [8, 168])
  assert.ok(places!.every(each => Math.abs(each.mean - 6) < 0.1))
  assert.deepEqual(rules.spikeMarks(steady(now, now + hour, 900), { from: now, now }, unknown, zone, 'keen'), [])
  assert.ok(
    rules.learnedFrom({ first: now - 3 * week, counts, moods: [] }, now, 'Australia/Lord_Howe').places!.every(each => each.mean > 1),
    'clocks that are ahead by a part of an hour',
  )
})

test('The usual share of bad mood is the median of four weeks’ days by their mentions, and days differ by more than chance as far as most of them did.', () => {
  const days = Array.from({ length: 28 }, (_, nth): Moods => ({ known: 100, bad: nth % 2 ? 18 : 22 }))
  assert.deepEqual(rules.moodBaseOf(days.slice(0, 13)), null)
  assert.deepEqual(rules.moodBaseOf(days.map(() => ({ bad: 0, known: 2 }))), null)
  const base = rules.moodBaseOf([...days.slice(0, 26), { known: 100, bad: 95 }, { known: 100, bad: 90 }])!
  assert.ok(base.share >= 0.18 && base.share <= 0.22 && base.over === 1, JSON.stringify(base))
  assert.ok(rules.moodBaseOf(days.map((each, nth) => ({ ...each, bad: nth % 2 ? 5 : 35 })))!.over > 5)
})

test('An hour is loud from the count on that chance brings once in so many thousand hours, graver from two and a half times, and gravest from six times as many.', () => {
  const base = { mean: 10, over: 1 }
  const from = rules.loudFrom(base, 'normal')
  assert.ok(from > 20 && from < 28, String(from))
  const of = (count: number) => rules.loudness(count, base, 'normal')
  assert.deepEqual([of(from - 1), of(from), of(Math.ceil(2.5 * from)), of(6 * from)], [0, 1, 2, 3])
})

test('Never fewer mentions than a person would look up for: ten, five or three.', () => {
  const rare = { mean: 0.01, over: 1 }
  assert.deepEqual((['calm', 'normal', 'keen'] as const).map(how => rules.loudFrom(rare, how)), [10, 5, 3]) // biome-ignore format: one line
  const some = { mean: 40, over: 2 }
  assert.ok(rules.loudFrom(some, 'calm') > rules.loudFrom(some, 'normal') && rules.loudFrom(some, 'normal') > rules.loudFrom(some, 'keen'))
})

test('It is quiet again below half the way from what is usual to what is loud.', () => {
  const base = { mean: 10, over: 1 }
  const half = (10 + rules.loudFrom(base, 'keen')) / 2
  assert.deepEqual([rules.isQuietAgain(half, base, 'keen'), rules.isQuietAgain(half - 0.1, base, 'keen')], [false, true])
})

test('The hours from one moment to another, each with how loud it is; the one that still runs is loud as soon as it is loud enough for a whole one.', () => {
  const begin = at('11-16T09:00:00')
  const counts = new Map([[begin, 12], [begin + hour, 90]]) // biome-ignore format: a list
  const marks = rules.spikeMarks(counts, { from: begin - hour, now: begin + hour + 600_000 }, known, zone, 'normal')
  assert.deepEqual(marks.map(each => [each.at - begin, each.value, each.level, each.isWhole]), [[-hour, 0, 0, true], [0, 12, 0, true], [hour, 90, 2, false]]) // biome-ignore format: one line
  assert.deepEqual(rules.spikeMarks(counts, { from: begin + hour, now: begin }, known, zone, 'normal'), [], 'a clock that went back')
})

test('Mood has turned where a day’s share of bad mood is further from the usual one than days differ, and by so many points that it matters.', () => {
  const begin = at('11-16T09:00:00')
  const of = (bad: number, known_: number) =>
    rules.moodMarks(new Map([[begin - 5 * hour, { bad, known: known_ }]]), { from: begin, now: begin }, known, 'normal')[0]!.level
  assert.deepEqual([of(20, 100), of(30, 100), of(42, 100), of(50, 100), of(90, 100)], [0, 0, 1, 2, 3])
  assert.deepEqual([of(15, 20), of(0, 400), of(0, 0)], [0, 1, 0], 'too few; less bad than usual; nothing known')
  assert.deepEqual(rules.moodMarks(new Map(), { from: begin, now: begin }, unknown, 'keen'), [])
})

test('Silence is told once whole hours without a single mention are less likely than one in so many thousand; it is over with the first mention.', () => {
  const begin = at('11-16T00:00:00')
  const quiet: Learned = { ...known, places: Array.from({ length: 168 }, () => ({ mean: 2, over: 1 })) }
  const counts = new Map([[begin, 3], [begin + 9 * hour, 1]]) // biome-ignore format: a list
  const marks = rules.silenceMarks(counts, { from: begin, now: begin + 10 * hour }, quiet, zone, 'normal')
  // Six hours of two each: e⁻¹² is below one in a hundred thousand.
  assert.deepEqual(marks.map(each => each.level), [0, 0, 0, 0, 0, 0, 1, 1, 1, 0]) // biome-ignore format: one line
  assert.deepEqual([marks[6]!.since, marks[6]!.value, marks[6]!.usual], [begin + hour, 6, 12])
  const [spell, ...more] = rules.spellsIn(marks, 1)
  assert.deepEqual([spell!.beganAt, spell!.overAt, spell!.peak, more.length], [begin + hour, begin + 10 * hour, 8, 0])
  const longer = rules.silenceMarks(counts, { from: begin + 20 * hour, now: begin + 41 * hour }, quiet, zone, 'normal')
  assert.equal(longer.at(-1)!.level, 2)
})

test('How loud a voice is: a VIP’s or one with many followers is heard, ten times as many or three voices count as graver, a hundred times or ten as gravest.', () => {
  const of = (loudest: number, voices = 1, isVip = false) => rules.voiceLevel({ loudest, voices, isVip, least: 1000 })
  assert.deepEqual([of(999), of(1000), of(0, 1, true), of(10_000), of(1000, 3), of(100_000), of(1000, 10)], [0, 1, 1, 2, 2, 3, 3])
})

test('Loud voices of half a day are one event, which has lasted from the first to the last of them.', () => {
  const begin = at('11-16T09:00:00')
  const voice = (hours: number, followers: number | null, isVip = false) => ({ at: new Date(begin + hours * hour), author: `a${hours}`, followers, isVip }) // biome-ignore format: one line
  const spell = rules.voicesSpell([voice(0, null, true), voice(5, 3000)], 1000, begin + 6 * hour)!
  assert.deepEqual([spell.beganAt, spell.lastAt, spell.overAt, spell.level, spell.peak], [begin, begin + 5 * hour, null, 1, 3000])
  assert.equal(rules.voicesSpell([voice(0, 3000)], 1000, begin + 13 * hour)!.overAt, begin + 12 * hour)
  assert.deepEqual([rules.voicesSpell([], 1000, begin), rules.voicesSpell([voice(0, 5)], 1000, begin)], [undefined, undefined])
})

const told = (texts: number, terms: [string, number, number?][]) => ({
  texts,
  terms: new Map(terms.map(([term, count, voices = count]) => [term, { texts: count, voices }])),
})

test('A topic is new where a word stands in enough of the latest texts by several people, and ten times as often as before, beyond chance.', () => {
  const before = told(1000, [['the', 900], ['lamp', 300], ['recall', 1]]) // biome-ignore format: a list
  const now = told(100, [['the', 90], ['lamp', 40], ['recall', 30], ['fire', 12], ['spam', 50, 1], ['once', 2]]) // biome-ignore format: a list
  assert.deepEqual(rules.newTerms(now, before, 'normal'), [{ term: 'recall', texts: 30, level: 1 }, { term: 'fire', texts: 12, level: 1 }]) // biome-ignore format: one line
  assert.deepEqual(rules.newTerms(now, before, 'calm').map(each => each.term), ['recall']) // biome-ignore format: one line
  assert.deepEqual(rules.newTerms(now, told(20, []), 'keen'), [], 'what is not known from before is not new')
  assert.equal(rules.newTerms(told(400, [['fire', 200]]), before, 'normal')[0]!.level, 3)
})

test('Fewer texts than these hold no new topic, whatever stands in them.', () => {
  assert.deepEqual((['calm', 'normal', 'keen'] as const).map(rules.fewestTexts), [16, 8, 5]) // biome-ignore format: one line
})

test('New words of one monitor are one event, which grows with the most frequent of them.', () => {
  const now = at('11-16T09:00:00')
  const first = rules.topicSpell([{ texts: 9, level: 1 }, { texts: 40, level: 2 }], null, now) // biome-ignore format: one line
  assert.deepEqual([first.beganAt, first.peak, first.level], [now, 40, 2])
  const later = rules.topicSpell([{ texts: 12, level: 1 }], { beganAt: new Date(now), peak: 40, peakAt: new Date(now) }, now + hour)
  assert.deepEqual([later.beganAt, later.lastAt, later.peak, later.peakAt], [now, now + hour, 40, now])
})

const marks = (levels: string): Mark[] =>
  [...levels].map((each, nth) => ({
    ...{ at: nth * hour, value: Number(each) * 100, usual: 10, count: 1, isWhole: true },
    ...{ level: Number(each === '-' ? 0 : each) as Level, isBack: each === '0' },
  }))

test('Loud hours with fewer than two quiet ones between them are one event; after two, or after a week, it is over. Of silence one hour is enough.', () => {
  const of = (levels: string, calm?: number) =>
    rules
      .spellsIn(marks(levels), calm)
      .map(each => [each.beganAt / hour, each.lastAt / hour, each.overAt && each.overAt / hour, each.level])
  assert.deepEqual(of('0001020010'), [[3, 5, 8, 2], [8, 8, null, 1]]) // biome-ignore format: one line
  assert.deepEqual(of('01--0-000'), [[1, 1, 8, 1]], 'half loud is not quiet')
  assert.deepEqual(of('010', 1), [[1, 1, 3, 1]])
  assert.deepEqual(of('1'.repeat(200)).map(each => each[2]), [169, null]) // biome-ignore format: one line
  assert.deepEqual(of('0000'), [])
  assert.deepEqual(
    rules.spellsIn(marks('010').map(each => ({ ...each, isWhole: false })))[0]!.overAt,
    null,
    'an hour that runs is not quiet yet',
  )
})

test('Only the last three hours begin an event, and only after the one before it was over: what comes late or of another day raises nothing.', () => {
  const now = at('11-16T09:30:00')
  assert.equal(rules.lookFrom(now, null, null), at('11-16T07:00:00'))
  assert.equal(rules.lookFrom(now, null, at('11-16T08:00:00')), at('11-16T08:00:00'))
  assert.equal(rules.lookFrom(now, at('11-14T08:00:00'), null), at('11-14T08:00:00'))
})

const night: Quiet = { from: 22 * 60, until: 7 * 60, weekends: false, gravest: true }

test('Quiet hours may go over midnight, and weekends may be quiet as a whole.', () => {
  const of = (text: string, more: Partial<Quiet> = {}) => rules.isQuietAt(new Date(at(text)), { ...night, ...more }, zone)
  assert.deepEqual([of('11-16T20:59:00'), of('11-16T21:00:00'), of('11-17T05:59:00'), of('11-17T06:00:00')], [false, true, true, false])
  assert.deepEqual([of('11-21T12:00:00'), of('11-21T12:00:00', { weekends: true })], [false, true])
  assert.deepEqual([of('11-16T12:30:00', { from: 780, until: 840 }), of('11-16T13:00:00', { from: 780, until: 840 })], [true, false])
  assert.equal(of('11-16T12:30:00', { from: 60, until: 60 }), false, 'from one to one is never')
})

test('One is told of an event once, and again only when it is graver than what one was told; in quiet hours only of the gravest, if one wants.', () => {
  const [noon, late] = [new Date(at('11-16T11:00:00')), new Date(at('11-16T23:00:00'))]
  const of = (level: Level, was: Level, quiet: Quiet | null, when: Date) => rules.isTold(level, was, quiet, when, zone)
  assert.deepEqual([of(1, 0, null, late), of(1, 1, null, late), of(2, 1, null, late), of(1, 2, null, late)], [true, false, true, false])
  assert.deepEqual([of(1, 0, night, noon), of(2, 0, night, late), of(3, 2, night, late)], [true, false, true])
  assert.equal(of(3, 0, { ...night, gravest: false }, late), false)
})

test('A spike, mood that turns and a new topic at one monitor are told as one event; loud voices and silence each by themselves.', () => {
  assert.deepEqual(kinds.map(rules.bundleOf), ['outburst', 'outburst', 'vip', 'outburst', 'silence']) // biome-ignore format: one line
})

test('What the organisation chose holds for whoever has chosen nothing else.', () => {
  const own = { ...night, from: 0 }
  assert.deepEqual([rules.quietOf(own, night), rules.quietOf(undefined, night), rules.quietOf(undefined, undefined)], [own, night, null])
})

test('What is noted has happened already.', () => {
  const now = new Date(at('11-16T09:00:00'))
  assert.equal(key(() => rules.isPast(undefined, now)), null) // biome-ignore format: one line
  assert.equal(key(() => rules.isPast(new Date(now.getTime() - day), now)), null) // biome-ignore format: one line
  assert.equal(key(() => rules.isPast(new Date(now.getTime() + hour), now)), 'alerts.room.inFuture') // biome-ignore format: one line
})

test('Of two who close a room at once one closes it, and the other is told who did.', () => {
  rules.isStillOpen({ closedAt: null }, 'Anna')
  assert.throws(() => rules.isStillOpen({ closedAt: new Date() }, 'Anna'), { code: 'conflict', key: 'alerts.room.closedBy', values: { name: 'Anna' } }) // biome-ignore format: one line
})

test('Nobody writes over words of a statement that they have not seen.', () => {
  rules.isSeen(3, 3, 'Anna')
  assert.throws(() => rules.isSeen(2, 3, 'Anna'), { code: 'conflict', key: 'alerts.statement.changedBy', values: { name: 'Anna' } })
})

test('A statement with words can be approved, an approved one be out; words that change have to be approved again.', () => {
  assert.equal(key(() => rules.statementTo('draft', 'approved', 'We know of it.')), null) // biome-ignore format: one line
  assert.equal(key(() => rules.statementTo('draft', 'approved', ' \n')), 'alerts.statement.empty') // biome-ignore format: one line
  assert.equal(key(() => rules.statementTo('draft', 'out', 'We know of it.')), 'alerts.statement.notApproved') // biome-ignore format: one line
  assert.equal(key(() => rules.statementTo('approved', 'out', 'We know of it.')), null) // biome-ignore format: one line
})

test('Minutes are counted from the first post, or from the alert where no post is known; what has not happened is unknown.', () => {
  const of = (text: string) => new Date(at(text))
  const course = { firstPost: of('11-16T09:00:00'), firstAlert: of('11-16T09:20:30'), noticed: of('11-16T09:25:00'), statement: null, peak: of('11-16T08:00:00'), calm: null } // biome-ignore format: one line
  assert.deepEqual(rules.minutesOf(course), { firstAlert: 21, noticed: 25, statement: null, peak: 0, calm: null })
  assert.deepEqual(rules.minutesOf({ ...course, firstPost: null }).noticed, 5)
})
