import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Influence, influence } from './actions.ts'
import type { Ties } from './words.ts'

/** Always the same numbers below `most` (a linear congruential generator). */
function dice(seed: number) {
  let state = seed
  return (most: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * most)
  }
}

/** Where few are, the highest score is not far above the others. */
const exact = { precision: 1e-7 }

type Row = [from: number, to: number, weight: number]

const tiesOf = (rows: readonly Row[]): Ties => ({
  from: Int32Array.from(rows, ([from]) => from),
  to: Int32Array.from(rows, ([, to]) => to),
  weight: Float32Array.from(rows, ([, , weight]) => weight),
})

/** PageRank as it is told: dense, whoever has no ties gives to everybody by what they begin with, until nothing changes by 1e-12. */
function reference(people: number, rows: readonly Row[], own = new Array<number>(people).fill(1)): number[] {
  const all = own.reduce((sum, each) => sum + each, 0)
  const begin = own.map(each => each / all)
  const out = new Array<number>(people).fill(0)
  const ties = rows.filter(([from, to]) => from !== to)
  for (const [from, , weight] of ties) out[from]! += weight
  let scores = begin
  for (let far = 1; far > 1e-12; ) {
    const idle = scores.reduce((sum, each, person) => (out[person] === 0 ? sum + each : sum), 0)
    const next = begin.map(each => (0.15 + 0.85 * idle) * each)
    for (const [from, to, weight] of ties) next[to]! += (0.85 * scores[from]! * weight) / out[from]!
    far = next.reduce((sum, each, person) => sum + Math.abs(each - scores[person]!), 0)
    scores = next
  }
  return scores
}

function assertNear(engine: Influence, expected: readonly number[], what: string): void {
  const scores = engine.scores()
  const highest = Math.max(...expected)
  assert.equal(scores.length, expected.length)
  for (const [person, score] of scores.entries()) assert.ok(Math.abs(score - expected[person]!) / highest < 1e-6, `${what}: ${person}`)
  assert.ok(Math.abs(scores.reduce((sum, each) => sum + each, 0) - 1) < 1e-9)
}

const someTies = (roll: (most: number) => number, people: number, count: number): Row[] =>
  Array.from({ length: count }, () => [roll(1 + roll(people)), roll(people), 1 + roll(5)])

test('the scores are those of the reference, on random graphs with people whom nobody moved, doubled ties and ties to oneself', () => {
  const roll = dice(3)
  for (let turn = 0; turn < 60; turn++) {
    const people = 2 + roll(60)
    const rows = someTies(roll, people, roll(200))
    assertNear(influence(people, tiesOf(rows), exact), reference(people, rows), `graph ${turn}`)
  }
})

test('ties that come later, of new people too, end where all would have ended that were there from the beginning', () => {
  const roll = dice(4)
  for (let turn = 0; turn < 20; turn++) {
    const people = 5 + roll(30)
    const rows = someTies(roll, people, roll(80))
    const engine = influence(people, tiesOf(rows), exact)
    let all = rows
    for (let batch = 0; batch < 8; batch++) {
      const more = someTies(roll, engine.people + roll(3), 1 + roll(20))
      engine.add(tiesOf(more))
      all = [...all, ...more]
      assertNear(engine, reference(engine.people, all), `graph ${turn}, batch ${batch}`)
    }
  }
})

test('a subject that is more of some people’s moves the scores towards them and those who moved them', () => {
  const roll = dice(5)
  const rows = someTies(roll, 30, 90)
  const engine = influence(30, tiesOf(rows), exact)
  const own = new Array<number>(30).fill(1)
  for (const [person, share] of [
    [3, 0],
    [7, 12],
    [29, 2.5],
    [7, 4],
  ] as const) {
    engine.begin(person, share)
    own[person] = share
    assertNear(engine, reference(30, rows, own), `${person} begins with ${share}`)
  }
})

test('who moved many, and who moved one who moved many, come first', () => {
  const rows: Row[] = [...Array.from({ length: 8 }, (_, nth): Row => [nth + 2, 1, 1]), [1, 0, 1]]
  const top = influence(10, tiesOf(rows)).top(3)
  assert.deepEqual(
    top.map(({ person }) => person),
    [1, 0, 2],
  )
  assert.ok(top[1]!.score > 5 * top[2]!.score)
})

test('what is no tie changes nothing; without ties everybody is alike; without people there is nobody', () => {
  const engine = influence(4)
  engine.add(
    tiesOf([
      [1, 1, 1],
      [-1, 2, 1],
      [2, -1, 1],
      [0, 1, 0],
      [0, 1, Number.NaN],
    ]),
  )
  assert.deepEqual([...engine.scores()], [0.25, 0.25, 0.25, 0.25])
  assert.deepEqual(influence(0).top(5), [])
})

test('twenty thousand ties of one person, one batch after the other, stay exact', () => {
  const engine = influence(2, undefined, exact)
  for (let batch = 0; batch < 20; batch++)
    engine.add(tiesOf(Array.from({ length: 1000 }, (_, nth): Row => [0, 1 + ((batch * 1000 + nth) % 300), 1])))
  const rows = Array.from({ length: 20_000 }, (_, nth): Row => [0, 1 + (nth % 300), 1])
  assertNear(engine, reference(301, rows), 'one who listens to 300')
})
