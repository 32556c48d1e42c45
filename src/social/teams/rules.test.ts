import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'
import type { Hours, Span } from './words.ts'

/** Mulberry32: the same schedules on every machine. */
function dice(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

/** A day on which the clocks of each are changed: by an hour, by half of one, by two, at midnight, in Ramadan, over the date line. */
const changes: [zone: string, around: string][] = [
  ['Europe/Berlin', '2026-10-25'],
  ['America/New_York', '2026-03-08'],
  ['Australia/Lord_Howe', '2026-04-04'],
  ['Pacific/Auckland', '2026-09-26'],
  ['America/St_Johns', '2026-11-01'],
  ['Africa/Casablanca', '2026-02-15'],
  ['America/Sao_Paulo', '2018-11-04'],
  ['Asia/Beirut', '2026-03-28'],
  ['Pacific/Apia', '2011-12-30'],
  ['Antarctica/Troll', '2026-10-25'],
]
const minute = 60_000
const length = 4 * 1440

/** What the wall shows, minute by minute, asked of Intl alone: day of the week, date and minute of the day. */
function wall(zone: string, begin: number): { weekday: number; date: string; at: number }[] {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  return Array.from({ length }, (_, nth) => {
    const [date, time] = clock.format(begin + nth * minute).split(' ') as [string, string]
    const [hour, minutes] = time.split(':').map(Number) as [number, number]
    return { weekday: (new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7, date, at: hour * 60 + minutes }
  })
}

function someHours(zone: string, roll: (below: number) => number, days: string[]): Hours {
  const week = Array.from({ length: 7 }, () => {
    const marks = [...new Set(Array.from({ length: roll(4) * 2 }, () => roll(1441)))].sort((a, b) => a - b)
    return marks.flatMap((from, at): Span[] => (at % 2 === 0 && marks[at + 1] !== undefined ? [[from, marks[at + 1]!]] : []))
  })
  return { zone, week, holidays: days.filter(() => roll(6) === 0) }
}

const each = process.env.FULL ? 1000 : 30

test('Business time is what the clocks of the zone show as open, in milliseconds; an hour that comes twice counts twice, one left out not at all.', () => {
  let compared = 0
  for (const [nth, [zone, around]] of changes.entries()) {
    const roll = dice(nth + 1)
    const begin = Date.parse(`${around}T00:00Z`) - (length / 2) * minute
    const shown = wall(zone, begin)
    const days = [...new Set(shown.map(one => one.date))]
    for (let time = 0; time < each; time++) {
      const hours = someHours(zone, roll, days)
      const [from, to] = [roll(length), roll(length)].sort((a, b) => a - b) as [number, number]
      const isOpen = (at: number) => {
        const { weekday, date, at: now } = shown[at]!
        return !hours.holidays.includes(date) && hours.week[weekday]!.some(([open, close]) => open <= now && now < close)
      }
      const open = Array.from({ length: to - from }, (_, at) => from + at).filter(isOpen)
      const [start, end] = [new Date(begin + from * minute), new Date(begin + to * minute)]
      const about = JSON.stringify({ hours, start, end })
      assert.equal(rules.businessTime(start, end, hours), open.length * minute, about)
      const wanted = 1 + roll(open.length)
      if (open.length) assert.equal(rules.dueAfter(start, wanted, hours)?.getTime(), begin + (open[wanted - 1]! + 1) * minute, about)
      compared++
    }
  }
  assert.equal(compared, each * changes.length)
})

const office: Hours = {
  zone: 'Europe/Berlin',
  week: [[[540, 1020]], [[540, 1020]], [[540, 1020]], [[540, 1020]], [[540, 1020]], [], []],
  holidays: ['2026-12-25'],
}
const never: Hours = { ...office, week: [[], [], [], [], [], [], []] }
const at = (text: string) => new Date(`${text}Z`)

test('What is due after so many working minutes is due when they are over; where nobody works for a year it is never due.', () => {
  // Thursday 16:00 in Berlin, then Friday is a holiday: four hours more are over on Monday at 12:00.
  assert.deepEqual(rules.dueAfter(at('2026-12-24T15:00'), 240, office), at('2026-12-28T11:00'))
  // What is over with the day is due at its end, not on the next morning; seconds and parts of minutes are kept.
  assert.deepEqual(rules.dueAfter(at('2026-12-24T15:00:30'), 59.5, office), at('2026-12-24T16:00'))
  assert.deepEqual(rules.dueAfter(at('2026-12-26T15:00'), 0, office), at('2026-12-26T15:00'))
  assert.equal(rules.dueAfter(at('2026-12-24T15:00'), 1, never), null)
  const oneMinute: Hours = { ...never, week: [[[0, 1]], [], [], [], [], [], []] }
  assert.equal(rules.dueAfter(at('2026-12-24T15:00'), 100_000, oneMinute), null)
})

test('Somebody works on at least one day of the coming year.', () => {
  assert.equal(rules.worksAtAll(office, at('2026-01-01T00:00')), true)
  assert.equal(rules.worksAtAll(never, at('2026-01-01T00:00')), false)
  const mondays = Array.from({ length: 60 }, (_, nth) => new Date(Date.UTC(2026, 0, 5 + nth * 7)).toISOString().slice(0, 10))
  const onMondays = { ...never, week: [[[540, 600]], [], [], [], [], [], []] as Span[][] }
  assert.equal(rules.worksAtAll({ ...onMondays, holidays: mondays }, at('2026-01-01T00:00')), false)
  assert.equal(rules.worksAtAll({ ...onMondays, holidays: mondays.slice(0, 50) }, at('2026-01-01T00:00')), true)
})

test('Somebody works at a moment when the clocks of the zone show an open hour.', () => {
  assert.deepEqual(
    ['2026-12-23T07:59', '2026-12-23T08:00', '2026-12-23T15:59', '2026-12-23T16:00', '2026-12-25T10:00'].map(text =>
      rules.worksAt(office, at(text)),
    ),
    [false, true, true, false, false],
  )
})

test('Spans of a day end after they begin, and none begins before the one before it has ended.', () => {
  rules.spansHold([[[0, 540], [540, 1440]]]) // biome-ignore format: one day
  for (const wrong of [[[540, 540]], [[540, 600], [599, 700]], [[600, 700], [100, 200]]] as Span[][]) // biome-ignore format: three days
    assert.throws(() => rules.spansHold([wrong]), { key: 'teams.hoursWrong' })
})

test('A day’s hours are written as 09:00–12:00, 13:00–17:00, and a day without any is closed.', () => {
  assert.deepEqual(rules.spansIn(' 9-12; 13.30 – 24:00 ', 'day0'), [[540, 720], [810, 1440]]) // biome-ignore format: one day
  assert.deepEqual(rules.spansIn('  ', 'day0'), [])
  for (const wrong of ['nine', '9', '12-9', '9-25', '9:75-10', '9-10-11', '-'])
    assert.throws(
      () => rules.spansIn(wrong, 'day3'),
      (error: { fields: { field: string }[] }) => error.fields[0]!.field === 'day3',
      wrong,
    )
})

test('A day’s spans are shown as they are written.', () => {
  assert.equal(rules.spansText(rules.spansIn('9-12, 13:30-17', 'day0')), '09:00–12:00, 13:30–17:00')
})

test('Two teams that work never bear the same name.', () => {
  rules.isNewName('Care', [{ id: 'a', name: ' care ' }], 'a')
  assert.throws(() => rules.isNewName('Care', [{ id: 'a', name: ' care ' }], null), { key: 'teams.nameTaken' })
})

test('A skill is a word in small letters, and each is named once.', () => {
  assert.deepEqual(rules.skillsOf(' Dutch, lamps;LAMPS\n\n'), ['dutch', 'lamps'])
})

test('Whoever is away is away for whole days, at most a year of them.', () => {
  rules.daysAway('2026-12-24', '2026-12-24')
  for (const until of ['2026-12-23', '2028-01-01', 'soon'])
    assert.throws(() => rules.daysAway('2026-12-24', until), { key: 'teams.awayWrong' })
})
