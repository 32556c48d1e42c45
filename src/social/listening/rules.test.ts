import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Overheard } from '#social/channels/words.ts'
import { Matcher, parsed } from '#social/matching/actions.ts'
import { mostText } from '#social/matching/words.ts'
import { authorsIn, lastWords, loosened, pauseBefore, plausible, shareOfHistory } from './rules.ts'

test('A broken line is made again after one second, then twice as long each time up to five minutes, and up to half as much more by chance.', () => {
  assert.deepEqual(
    [1, 2, 3, 9, 10, 1000].map(tries => pauseBefore(tries, 0)),
    [1000, 2000, 4000, 256_000, 300_000, 300_000],
  )
  assert.equal(pauseBefore(1, 1), 1500)
  assert.equal(pauseBefore(1000, 1), 450_000)
})

test('How much of the history is there: by number where the network says how many there are, else by time, newest first; null while nobody knows.', () => {
  const it = { done: 5, oldest: Number.POSITIVE_INFINITY, from: new Date(0), began: new Date(1000) }
  assert.equal(shareOfHistory({ ...it, total: 20 }), 0.25)
  assert.equal(shareOfHistory({ ...it, total: 3 }), 1)
  assert.equal(shareOfHistory(it), null)
  assert.equal(shareOfHistory({ ...it, oldest: 250 }), 0.75)
  assert.equal(shareOfHistory({ ...it, oldest: -5 }), 1)
})

const post = (more: Partial<Overheard> = {}): Overheard => ({
  remoteId: 'a',
  at: new Date('2026-03-04T05:06:07Z'),
  from: { network: 'pigeon', address: 'anna' },
  text: 'A lamp',
  ...more,
})

test('What is only known of a post when it is looked at closely (mood, language, place, followers) holds nothing back while it passes by.', () => {
  const fits = (query: string, text: string) => {
    const matcher = new Matcher()
    matcher.set('it', loosened(parsed(query)))
    return matcher.match({ text }).length > 0
  }
  const queries = [
    'lamp lang:sv',
    'lamp followers:>100',
    'lamp NOT mood:negative',
    'lamp -(country:se followers:<9)',
    'lamp NOT (NOT lang:de)',
  ]
  for (const query of queries) assert.deepEqual([fits(query, 'a lamp'), fits(query, 'a chair')], [true, false], query)
  assert.equal(fits('lamp NOT (chair OR lang:sv)', 'a lamp on a chair'), false)
})

test('Whom queries look for by name, each once; read from their words without reading the whole query.', () => {
  assert.deepEqual(authorsIn(['lamp', 'from:anna.example lamp', '(from:@bert OR -from:anna.example)', 'from:']), ['anna.example', '@bert'])
})

test('A post that passes by is kept with the moment that it says, unless no post can have that one; what is longer than anybody looks at is cut.', () => {
  const now = new Date('2026-06-01T00:00:00Z')
  const said = post({ at: new Date('2009-01-01') })
  assert.equal(plausible(said, now).at, said.at)
  for (const at of [new Date('1901-01-01'), new Date('2027-01-01'), new Date(Number.NaN)])
    assert.equal(plausible(post({ at }), now).at, now)
  const long = plausible(
    post({ text: 'a\0\ud800'.repeat(1_000_000), url: 'x'.repeat(9000), followers: 1.5, links: Array(90).fill('y'.repeat(9000)) }),
    now,
  )
  assert.ok(long.text.length <= mostText && !long.text.includes('\0') && long.text.isWellFormed())
  assert.deepEqual([long.url, long.followers, long.links?.length, long.links?.[0]?.length], [undefined, undefined, 50, 2000])
  assert.equal(plausible(post({ from: { network: 'pigeon', address: '\n' } }), now).from.address, '?')
})

test('Of what was told of one post in one go, the last word counts; one that was changed stays one that was changed.', () => {
  const gone = { remoteId: 'a', at: new Date(0), gone: true } as const
  const [first, other] = [post(), post({ remoteId: 'b' })]
  const changed = post({ text: 'Two lamps', changed: true })
  assert.deepEqual(lastWords([first, other, changed]), { posts: [other, changed], gone: [] })
  assert.deepEqual(lastWords([changed, first]), { posts: [{ ...first, changed: true }], gone: [] })
  assert.deepEqual(lastWords([first, gone]), { posts: [], gone: ['a'] })
  assert.deepEqual(lastWords([gone, first]), { posts: [{ ...first, changed: true }], gone: [] })
})
