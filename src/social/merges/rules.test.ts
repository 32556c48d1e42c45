import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import {
  type Hint,
  isJoined,
  mailTrace,
  mayMerge,
  mayMergeVips,
  meLinksIn,
  pageTrace,
  pairsOf,
  phoneTrace,
  reasonsOf,
  saysSomething,
  strengthOf,
  suggestions,
  tracesIn,
} from './rules.ts'

const one = { id: 'a', mergedInto: null, kind: 'human', colleague: false }
const two = { ...one, id: 'b' }
const refusal = (key: string) => (error: unknown) => error instanceof Refusal && error.key === key

test('Two records of the same kind are merged, never one with itself, and a colleague is the one that is kept.', () => {
  mayMerge(one, two)
  mayMerge({ ...one, colleague: true }, two)
  assert.throws(() => mayMerge(one, one), refusal('merges.same'))
  assert.throws(() => mayMerge(one, { ...two, mergedInto: 'c' }), refusal('merges.stale'))
  assert.throws(() => mayMerge({ ...one, mergedInto: 'c' }, two), refusal('merges.stale'))
  assert.throws(() => mayMerge(one, { ...two, kind: 'organisation' }), refusal('merges.kinds'))
  assert.throws(() => mayMerge(one, { ...two, colleague: true }), refusal('merges.colleague'))
  assert.throws(() => mayMerge({ ...one, colleague: true }, { ...two, colleague: true }), refusal('merges.colleagues'))
})

test('Records that may be the same person are only ever suggested, the strongest reason first and each record once.', () => {
  const hint = (person: string, because: Hint['because']): Hint => ({ person, because, detail: '' })
  const all = [hint('a', 'sameName'), hint('b', 'sameAddress'), hint('a', 'sameVerified'), hint('c', 'hadAddress')]
  assert.deepEqual(
    suggestions(all).map(({ person, because }) => [person, because]),
    [
      ['a', 'sameVerified'],
      ['c', 'hadAddress'],
      ['b', 'sameAddress'],
    ],
  )
  assert.equal(suggestions(all, 1).length, 1)
})

test('What was proved is joined only where nobody works here under either record, both are people, and nobody has taken the two apart before.', () => {
  assert.ok(isJoined(one, two, false))
  assert.ok(!isJoined(one, two, true) && !isJoined(one, one, false))
  for (const more of [{ colleague: true }, { kind: 'organisation' }, { mergedInto: 'c' }])
    assert.ok(!isJoined({ ...one, ...more }, two, false) && !isJoined(one, { ...two, ...more }, false))
})

test('Two VIPs are merged only by whoever was asked once more.', () => {
  mayMergeVips(1, false)
  mayMergeVips(2, true)
  assert.throws(() => mayMergeVips(2, false), refusal('merges.vips'))
})

test('A proof, a checked address and a sign-in are almost certain, a shared address, number or page likely, a name alone only perhaps.', () => {
  for (const because of ['signed', 'sameVerified', 'hadAddress'] as const) assert.equal(strengthOf(because), 3)
  for (const because of ['sameAddress', 'orderMail', 'samePhone', 'samePage', 'sameNameAndCompany'] as const)
    assert.equal(strengthOf(because), 2)
  assert.equal(strengthOf('sameName'), 1)
})

test('What more than five others share says nothing of who somebody is: the telephone of a company, a common name.', () => {
  assert.ok(saysSomething(5) && !saysSomething(6))
})

test('Telephone numbers are compared by their last nine digits, so that with and without the country they are one; shorter ones than seven are none.', () => {
  assert.equal(phoneTrace('0049 30 1234567'), phoneTrace('030 / 123 45 67'))
  assert.equal(phoneTrace('+49 171 1234567'), phoneTrace('0171-1234567'))
  assert.equal(phoneTrace('12 34 56'), null)
  assert.equal(phoneTrace('no number'), null)
})

test('Web pages are compared without protocol, `www.` and what follows a question mark.', () => {
  assert.equal(pageTrace('https://www.Anna.example/about/?from=mail'), 'anna.example/about')
  assert.equal(pageTrace('anna.example'), 'anna.example')
  assert.equal(pageTrace('not a page'), null)
})

test('A mail address that was typed somewhere is compared in small letters.', () => {
  assert.equal(mailTrace(' Anna@Example.ORG '), 'anna@example.org')
  for (const none of ['anna', 'a@b', 'a@b@c.example', '<a@b.example>']) assert.equal(mailTrace(none), null, none)
})

test('In a text that people wrote stand mail addresses and web pages, each a word of its own.', () => {
  const found = tracesIn('Orders as anna@shop.example, see https://anna.example/me. Not www.', 'about')
  assert.deepEqual(
    found.map(each => [each.kind, each.value]),
    [
      ['mail', 'anna@shop.example'],
      ['page', 'anna.example/me'],
    ],
  )
})

test('Reasons that were found, each once for a pair, the smaller id first.', () => {
  const pairs = pairsOf([
    { one: 'b', other: 'a', because: 'sameName', detail: 'Anna' },
    { one: 'a', other: 'b', because: 'samePhone', detail: '1' },
    { one: 'b', other: 'a', because: 'samePhone', detail: '2' },
  ])
  assert.deepEqual(pairs, [{ one: 'a', other: 'b', evidence: { sameName: 'Anna', samePhone: '1' }, strength: 2 }])
})

test('What speaks for a pair is told with the strongest reason first.', () => {
  assert.deepEqual(
    reasonsOf({ sameName: 'x', sameVerified: 'y' }).map(each => each.because),
    ['sameVerified', 'sameName'],
  )
})

test('Links that say `rel=me`, and no others, as whole addresses of the web; at most fifty.', () => {
  const page = `<link rel="ME canonical" href="/a"><a href="https://b.example/x?y" rel="nofollow me">B</a><a rel="home" href="/c">c</a>
    <a rel=me href="javascript:alert(1)">d</a><a rel=me href="https://user:pass@e.example/">e</a><a rel=me>f</a><!-- <a rel=me href="/g"> --><a rel=me href="/a">again`
  assert.deepEqual(meLinksIn(page, 'https://anna.example/me'), ['https://anna.example/a', 'https://b.example/x?y'])
  const many = Array.from({ length: 60 }, (_, at) => `<a rel=me href="/${at}">`).join('')
  assert.equal(meLinksIn(many, 'https://a.example').length, 50)
})
