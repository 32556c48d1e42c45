import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'
import type { Counted, State } from './words.ts'

const conflict = (key: string) => ({ code: 'conflict', key: `sales.${key}` })
const invalid = (key: string) => ({ code: 'invalid', key: `sales.${key}` })

test('A lead becomes an opportunity or is set aside, an opportunity is won, lost or a lead again, and each comes back from its end to where it stood.', () => {
  const all: State[] = ['lead', 'open', 'won', 'lost', 'aside']
  const may = (from: State) => all.filter(to => !thrown(() => rules.mayGo(from, to)))
  assert.deepEqual(all.map(may), [['open', 'aside'], ['lead', 'open', 'won', 'lost'], ['open'], ['open'], ['lead']])
  assert.throws(() => rules.mayGo('lead', 'won'), conflict('notFrom.lead'))
})

const thrown = (run: () => unknown): boolean => {
  try {
    run()
    return false
  } catch {
    return true
  }
}

test('Whoever decides on what somebody else changed in the same moment is told who it was.', () => {
  rules.isAsSeen(3, 3, '')
  rules.isAsSeen(3, undefined, '')
  assert.throws(() => rules.isAsSeen(4, 3, 'Anna'), { ...conflict('changedMeanwhile'), values: { name: 'Anna' } })
})

test('What is won has a value; nobody knows is none, and zero is one.', () => {
  rules.hasValue({ value: 0 })
  assert.throws(() => rules.hasValue({ value: null }), invalid('wonWithoutValue'))
})

test('The probability is that of the stage unless somebody gave one of their own.', () => {
  assert.equal(rules.chanceIn({ chance: 50 }, { chance: 80, ownChance: false }), 50)
  assert.equal(rules.chanceIn({ chance: 50 }, { chance: 80, ownChance: true }), 80)
})

test('A next step is late from the day after its own on, as long as nothing has ended.', () => {
  const late = (nextOn: string | null, closedAt: Date | null = null) => rules.isOverdue({ nextOn, closedAt }, '2026-03-05')
  assert.deepEqual([late('2026-03-04'), late('2026-03-05'), late(null), late('2026-03-04', new Date())], [true, false, false, false])
})

test('An opportunity is called by its number, as S-12 or 12.', () => {
  assert.deepEqual(['S-12', 's12', ' #12 ', '12', 'K-12', 'S-1234567890', ''].map(rules.numberIn), [12, 12, 12, 12, null, null, null])
})

test('What has ended keeps its value, its products and its next step; whoever wants to change them opens it again.', () => {
  rules.isGoing({ closedAt: null })
  assert.throws(() => rules.isGoing({ closedAt: new Date() }), conflict('hasEnded'))
})

test('A currency is one of ISO 4217, in three capital letters.', () => {
  assert.deepEqual(['EUR', 'SEK', 'JPY', 'eur', 'EURO', 'XYZ', ''].map(rules.isCurrency), [true, true, true, false, false, false, false])
})

test('An amount has as many decimals as its currency: two of most, none of the yen, three of the dinar.', () => {
  assert.deepEqual(['EUR', 'JPY', 'KWD'].map(rules.digitsOf), [2, 0, 3])
})

test('An amount is written with a point or a comma before its decimals; what groups its thousands is left out.', () => {
  const of = (text: string, currency = 'EUR') => rules.amountIn(text, currency, 'value')
  const same = ['1234.5', '1234,50', '1,234.50', '1.234,5', '1 234,50', "1'234.50"]
  assert.deepEqual(same.map(each => of(each)), same.map(() => 123_450)) // biome-ignore format: one line
  assert.deepEqual([of(''), of('0'), of('1.234'), of('1.234', 'JPY'), of('1.234', 'KWD')], [null, 0, 123_400, 1234, 1234])
  for (const text of ['-1', 'a', '1.2.3', '1,23,45', '12,3456,7', '1e5', '99999999999999', '10000000000.01'])
    assert.throws(() => of(text), invalid('noAmount'), text)
  assert.throws(() => of('1', 'ABC'), invalid('noCurrency'))
})

test('An amount is written into a field so that it is read as the same again.', () => {
  for (const [value, currency] of [[123_450, 'EUR'], [5, 'EUR'], [1234, 'JPY'], [1234, 'KWD'], [rules.mostAmount, 'EUR']] as const) // biome-ignore format: pairs
    assert.equal(rules.amountIn(rules.amountText(value, currency), currency, 'value'), value)
  assert.equal(rules.amountText(null, 'EUR'), '')
})

test('A quantity or a share is a number with a point or a comma, and nothing else.', () => {
  assert.deepEqual(['2', '1,5', ' 0.125 ', '-1'].map(each => rules.decimalIn(each, 'quantity')), [2, 1.5, 0.125, -1]) // biome-ignore format: one line
  for (const text of ['', 'two', '1.2345', '0x10', '1e9', '1.2.3'])
    assert.throws(() => rules.decimalIn(text, 'quantity'), invalid('noNumber'), text)
})

test('A line is its quantity times its price less its discount, rounded to the smallest unit, half of it upwards.', () => {
  const total = (quantity: number, unit: number, discount = 0) => rules.totalOf({ quantity, unit, discount })
  assert.deepEqual(
    [total(40, 12_900, 12.5), total(0.5, 1), total(0.5, 3), total(3, 333, 33.33), total(1, 100, 100)],
    [451_500, 1, 2, 666, 0],
  )
  // Beyond what a double could hold on the way.
  assert.equal(total(1_000_000, 999_999, 0.01), 999_899_000_100)
})

test('An opportunity with products is worth what they add up to, up to a trillion of the smallest unit.', () => {
  assert.equal(rules.worthOf([{ total: 2 }, { total: 3 }]), 5)
  assert.throws(() => rules.worthOf([{ total: rules.mostAmount }, { total: 1 }]), invalid('tooMuch'))
})

test('Products are priced in the currency of their opportunity, so it stays as long as there are any.', () => {
  rules.currencyStays('EUR', 'SEK', 0)
  rules.currencyStays('EUR', 'EUR', 2)
  assert.throws(() => rules.currencyStays('EUR', 'SEK', 1), invalid('currencyOfLines'))
})

test('With products the value is theirs, and no other is taken.', () => {
  rules.valueFollows(5, 5, 1)
  rules.valueFollows(5, 6, 0)
  assert.throws(() => rules.valueFollows(5, 6, 1), invalid('valueOfLines'))
})

test('An organisation begins with the usual ones, and whatever it changed stands in their place.', () => {
  const [first, second] = rules.usualStages as [(typeof rules.usualStages)[0], (typeof rules.usualStages)[0]]
  const own = [
    { ...second, usual: null, name: 'Visit', place: 9 },
    { ...first, id: 'x', usual: null, name: 'Trial', place: 2 },
  ]
  const found = rules.inOrder(rules.usualStages, own)
  assert.deepEqual(found.map(each => [each.usual, each.name]), [['contact', null], [null, 'Trial'], ['offer', null], ['negotiation', null], ['needs', 'Visit']]) // biome-ignore format: a list
  const ids = [...rules.usualStages, ...rules.usualReasons].map(each => each.id)
  assert.equal(new Set(ids).size, ids.length)
})

test('What is used can be chosen: at least one of them stays.', () => {
  rules.oneStays([{ archivedAt: new Date() }, { archivedAt: null }])
  assert.throws(() => rules.oneStays([{ archivedAt: new Date() }]), conflict('lastOne'))
})

test('A view is a state, an owner, or the steps that are late.', () => {
  assert.deepEqual(rules.filterOf('mine', 'me'), { active: true, owner: 'me' })
  assert.notEqual(rules.filterOf('mine', null).owner, null)
  assert.deepEqual([rules.filterOf('overdue', 'me'), rules.filterOf('leads', null), rules.filterOf('won', null), rules.filterOf('all', null)], [
    { active: true, overdue: true },
    { state: 'lead' },
    { state: 'won' },
    {},
  ]) // biome-ignore format: a list
})

test('A month is a stretch of days, from the first that counts to the first that does not.', () => {
  const span = (month: string) => rules.spanOf(month, '2026-11-15')
  assert.deepEqual([span('2026-11'), span('2026-12'), span('2026'), span('late'), span('none')], [
    { from: '2026-11-01', until: '2026-12-01' },
    { from: '2026-12-01', until: '2027-01-01' },
    { from: '2026-01-01', until: '2027-01-01' },
    { until: '2026-11-01' },
    null,
  ]) // biome-ignore format: a list
})

const counted = (state: State, more: Partial<Counted> = {}): Counted => ({
  ...{ state, stage: null, owner: 'anna', team: null, currency: 'EUR', month: null, reason: null },
  ...{ n: 1, valued: 1, value: 100, weighted: state === 'open' ? 50 : 100, ...more },
})

test('How many a view holds follows from what is counted, without what is late.', () => {
  const rows = [counted('open', { n: 3, stage: 's' }), counted('lead', { owner: null }), counted('won', { n: 2, team: 't' })]
  const filters: rules.Filter[] = [
    {},
    { active: true },
    { state: 'won' },
    { active: true, owner: 'anna' },
    { owner: null },
    { stage: 's' },
    { team: 't' },
  ]
  assert.deepEqual(filters.map(each => rules.countIn(rows, each)), [6, 4, 2, 3, 1, 3, 2]) // biome-ignore format: one line
})

test('The months of a forecast are those of this year until now, and the next five.', () => {
  assert.deepEqual(rules.monthsOf('2026-02-28'), ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06', '2026-07'])
  assert.deepEqual(rules.monthsOf('2026-11-01').slice(-4), ['2027-01', '2027-02', '2027-03', '2027-04'])
})

test('A forecast never adds amounts of different currencies: each has its own, and what was won counts in the year of today.', () => {
  const rows = [
    counted('open', { month: '2026-11-01' }),
    counted('open', { month: '2026-11-01', owner: null }),
    counted('open', { month: '2026-09-01' }),
    counted('open', { month: '2031-01-01' }),
    counted('open', { valued: 0, value: 0, weighted: 0 }),
    counted('open', { currency: 'SEK', month: '2026-12-01' }),
    counted('won', { month: '2026-02-01', n: 2, value: 300 }),
    counted('won', { month: '2025-12-01' }),
    counted('won', { currency: 'USD', month: '2025-12-01' }),
    counted('lost', { month: '2026-03-01', reason: 'price', n: 2 }),
    counted('lost', { month: '2026-04-01', reason: 'price' }),
    counted('lost', { month: '2025-04-01', reason: 'price' }),
    counted('lead'),
    counted('aside', { month: '2026-03-01' }),
  ]
  const [euro, krona, ...others] = rules.forecastFrom(rows, '2026-11-15')
  assert.deepEqual([euro!.currency, krona!.currency, others], ['EUR', 'SEK', []])
  assert.deepEqual(euro!.total, { open: 5, plain: 400, weighted: 200, wonCount: 2, won: 300 })
  const filled = euro!.months.filter(each => each.open || each.wonCount)
  assert.deepEqual(filled.map(each => [each.month, each.open, each.plain, each.won]), [
    ['late', 1, 100, 0],
    ['2026-02', 0, 0, 300],
    ['2026-11', 2, 200, 0],
    ['2031-01', 1, 100, 0],
    ['none', 1, 0, 0],
  ]) // biome-ignore format: a list
  assert.deepEqual(euro!.owners.map(each => [each.owner, each.open, each.won]), [['anna', 4, 300], [null, 1, 0]]) // biome-ignore format: one line
  assert.deepEqual(euro!.lost, [{ reason: 'price', n: 3, value: 200 }])
  assert.deepEqual(krona!.total, { open: 1, plain: 100, weighted: 50, wonCount: 0, won: 0 })
})
