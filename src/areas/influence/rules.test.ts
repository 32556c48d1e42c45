import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Act, actsOf, shownOf, spotsOf, voicesOf } from './rules.ts'

const at = (day: number) => new Date(Date.UTC(2026, 4, day))
const said = (id: string, thread: string, author: string | null, day: number) => ({ id, thread, author, at: at(day) })

test('Whoever answers was moved by the words right before theirs, whoever reacts by what they react to; not by oneself, and not who answers for us.', () => {
  const posts = [
    said('5', 'one', 'cem', 5),
    said('1', 'one', 'anna', 1),
    said('2', 'one', 'anna', 2),
    said('3', 'one', 'us', 3),
    said('4', 'one', 'bo', 4),
    said('6', 'one', null, 6),
    said('7', 'one', 'anna', 7),
    said('8', 'two', 'bo', 8),
  ]
  const reactions = [
    { object: '1', person: 'bo', at: at(9) },
    { object: '1', person: 'anna', at: at(9) },
    { object: '1', person: 'us', at: at(9) },
    { object: '6', person: 'bo', at: at(9) },
    { object: 'unknown', person: 'bo', at: at(9) },
  ]
  assert.deepEqual(
    actsOf(posts, reactions, new Set(['us'])).map(each => [each.mover, each.moved, each.kind, each.spoke, each.answer]),
    [
      ['us', 'bo', 'reply', '3', '4'],
      ['bo', 'cem', 'reply', '4', '5'],
      ['anna', 'bo', 'reaction', '1', null],
    ],
  )
})

const act = (mover: string, moved: string, day = 1, kind: Act['kind'] = 'reply'): Act => ({ mover, moved, kind, at: at(day) })

test('A share in a topic comes from whom somebody moved and how much those move others in turn; later acts count more.', () => {
  const voices = voicesOf(
    [act('hub', 'a'), act('hub', 'b'), act('hub', 'b', 2, 'reaction'), act('hub', 'c'), act('source', 'hub'), act('small', 'd')],
    new Set(['small']),
  )
  const shareOf = (person: string) => voices.find(each => each.person === person)!.share
  assert.deepEqual(
    voices.map(({ person, moved, acts, staff }) => ({ person, moved, acts, staff })),
    [
      { person: 'hub', moved: 3, acts: 4, staff: false },
      { person: 'source', moved: 1, acts: 1, staff: false },
      { person: 'small', moved: 1, acts: 1, staff: true },
    ],
  )
  assert.ok(shareOf('source') > shareOf('small') && shareOf('hub') > shareOf('small'))
  assert.ok(voices.reduce((sum, each) => sum + each.share, 0) < 1, 'the rest is of those who moved nobody')
  const [early, late] = voicesOf([act('early', 'a', 1), act('late', 'a', 90)], new Set())
  assert.ok(late!.share > early!.share)
  assert.deepEqual(voicesOf([], new Set()), [])
})

test('In the picture somebody stands in the middle and the others around, at even distances; without a middle all stand around.', () => {
  assert.deepEqual(spotsOf(['a', 'b', 'c'], 'b'), [
    { person: 'b', x: 200, y: 200 },
    { person: 'a', x: 200, y: 50 },
    { person: 'c', x: 200, y: 350 },
  ])
  assert.deepEqual(spotsOf(['a'], undefined), [{ person: 'a', x: 200, y: 50 }])
  assert.deepEqual(spotsOf([], undefined), [])
})

test('The picture shows those of the strongest ties, twelve besides the middle at most.', () => {
  const ties = Array.from({ length: 40 }, (_, nth) => ({ mover: 'hub', moved: `p${nth}`, acts: nth + 1 }))
  const { people, ties: shown } = shownOf(ties, 'hub')
  assert.equal(people.length, 13)
  assert.deepEqual(people.slice(0, 2), ['hub', 'p39'])
  assert.equal(shown.length, 12)
  assert.equal(shownOf(ties, undefined).people.length, 12)
})
