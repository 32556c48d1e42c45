/** What is usual and what is too much: against brute force, and on simulated traffic of known odds. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'
import { hour, type Sensitivity, sensitivities } from './words.ts'
import { type Base, basesOf, leastBeyond, medianOf, noneIn, normalBeyond } from './words-odds.ts'

/** mulberry32: the same numbers on every machine. */
function dice(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const normal = (roll: () => number) => Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll())

/** G. Marsaglia and W. W. Tsang, ACM Transactions on Mathematical Software 26 (2000), 363–372. */
function gamma(shape: number, roll: () => number): number {
  if (shape < 1) return gamma(shape + 1, roll) * (1 - roll()) ** (1 / shape)
  const d = shape - 1 / 3
  for (;;) {
    const x = normal(roll)
    const v = (1 + x / Math.sqrt(9 * d)) ** 3
    if (v > 0 && Math.log(1 - roll()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

function poisson(mean: number, roll: () => number): number {
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(roll)))
  const least = Math.exp(-mean)
  let count = 0
  for (let product = roll(); product > least; product *= roll()) count++
  return count
}

const negative = (mean: number, over: number, roll: () => number) =>
  over <= 1 ? poisson(mean, roll) : poisson(gamma(mean / (over - 1), roll) * (over - 1), roll)

/** The distribution term by term, with logarithms of factorials summed up one by one. */
function bruteForce({ mean, over }: Base, chance: number): number {
  const size = mean / (over - 1)
  const share = 1 - 1 / over
  let logarithm = over > 1.0001 ? -size * Math.log(over) : -mean
  const terms: number[] = []
  for (let count = 0; count < 40 * mean * over + 200; count++) {
    terms.push(Math.exp(logarithm))
    logarithm += over > 1.0001 ? Math.log(((size + count) * share) / (count + 1)) : Math.log(mean / (count + 1))
  }
  let tail = 0
  let least = terms.length
  // From the far end on, so that nothing small is lost.
  while (least > 0 && tail + terms[least - 1]! <= chance) tail += terms[--least]!
  return least
}

test('the count that chance seldom exceeds is that of the distribution added up term by term', () => {
  for (const mean of [0.01, 0.3, 2, 15, 80, 199])
    for (const over of [1, 1.5, 3, 12])
      for (const chance of [1e-2, 1e-3, 2.5e-4, 5e-5]) {
        const [mine, theirs] = [leastBeyond({ mean, over }, chance), bruteForce({ mean, over }, chance)]
        assert.ok(Math.abs(mine - theirs) <= 0, `${mean} ${over} ${chance}: ${mine} and ${theirs}`)
      }
  for (const mean of [250, 900, 3000])
    for (const over of [1, 4, 20]) {
      const [mine, theirs] = [leastBeyond({ mean, over }, 2.5e-4), bruteForce({ mean, over }, 2.5e-4)]
      assert.ok(Math.abs(mine - theirs) / theirs < 0.012, `${mean} ${over}: ${mine} and ${theirs}`)
    }
})

test('normal quantiles and the odds of nothing are those of the tables', () => {
  for (const [chance, value] of [[0.025, 1.96], [0.001, 3.0902], [5e-5, 3.8906]] as const) assert.ok(Math.abs(normalBeyond(chance) - value) < 0.001) // biome-ignore format: a table
  assert.ok(Math.abs(noneIn({ mean: 3, over: 1 }) - Math.exp(-3)) < 1e-12)
  assert.ok(Math.abs(noneIn({ mean: 3, over: 1.001 }) - Math.exp(-3)) < 1e-3, 'nearly Poisson')
  assert.deepEqual([medianOf([3, 1, 2]), medianOf([4, 1, 2, 3])], [2, 2.5])
})

test('outbreaks of the past hardly move what is usual', () => {
  const roll = dice(7)
  const quiet = Array.from({ length: 168 }, () => Array.from({ length: 24 }, () => poisson(10, roll)))
  const spoilt = quiet.map((each, at) => (at < 6 ? [...each.slice(0, 22), 300, 500] : each))
  const [before, after] = [basesOf(quiet), basesOf(spoilt)]
  for (let at = 0; at < 6; at++) {
    assert.ok(Math.abs(after[at]!.mean - before[at]!.mean) < 2.5, `${before[at]!.mean} and ${after[at]!.mean}`)
    assert.ok(rules.loudFrom(after[at]!, 'normal') < 80, String(rules.loudFrom(after[at]!, 'normal')))
  }
})

const days = 24
const zone = 'Europe/Berlin'

interface Traffic {
  level: number
  over: number
  seed: number
}

/** Twelve weeks with days and nights, weekends, and three outbreaks in the first eight. */
function traffic({ level, over, seed }: Traffic): { first: number; counts: Map<number, number>; mean(at: number): number } {
  const roll = dice(seed)
  const first = Date.parse('2026-01-05T00:00:00Z')
  const mean = (at: number) => {
    const nth = (at - first) / hour
    return level * Math.max(0.1, 1 + 0.8 * Math.sin((((nth % days) - 6) / days) * 2 * Math.PI)) * (nth % 168 >= 120 ? 0.6 : 1)
  }
  const counts = new Map(Array.from({ length: 168 * 12 }, (_, nth) => [first + nth * hour, negative(mean(first + nth * hour), over, roll)]))
  for (let outbreak = 0; outbreak < 3; outbreak++) {
    const at = first + Math.floor(roll() * 168 * 8) * hour
    for (let after = 0; after < 4; after++) counts.set(at + after * hour, (counts.get(at + after * hour) ?? 0) + Math.round(level * 15))
  }
  return { first, counts, mean }
}

/** False events in a month, and the share of planted hours of eight times the usual that are found. */
function judged(level: number, over: number): Record<Sensitivity, { events: number; found: number }> {
  const sum = Object.fromEntries(sensitivities.map(how => [how, { events: 0, planted: 0, found: 0 }])) as Record<Sensitivity, { events: number; planted: number; found: number }> // biome-ignore format: one line
  const repeated = 6
  for (let seed = 1; seed <= repeated; seed++) {
    const { first, counts, mean } = traffic({ level, over, seed: seed * 97 + Math.round(level * 10 + over) })
    const roll = dice(seed)
    for (let week = 8; week < 12; week++) {
      const from = first + week * 168 * hour
      const learned = rules.learnedFrom({ first, counts, moods: [] }, from, zone)
      const span = { from, now: from + 168 * hour - 1 }
      for (const how of sensitivities) {
        sum[how].events += rules.spellsIn(rules.spikeMarks(counts, span, learned, zone, how)).length
        for (let day = 0; day < 7; day++) {
          const at = from + (day * days + 13) * hour
          const planted = new Map(counts).set(at, (counts.get(at) ?? 0) + negative(mean(at) * 8, over, roll))
          sum[how].planted++
          sum[how].found += rules.spikeMarks(planted, { from: at, now: at }, learned, zone, how)[0]!.level > 0 ? 1 : 0
        }
      }
    }
  }
  const months = (repeated * 4 * 7) / 30
  return Object.fromEntries(sensitivities.map(how => [how, { events: sum[how].events / months, found: sum[how].found / sum[how].planted }])) as Record<Sensitivity, { events: number; found: number }> // biome-ignore format: one line
}

test('on simulated traffic false alarms stay as seldom as each sensitivity says, and planted spikes are found', t => {
  const most: Record<Sensitivity, number> = { calm: 0.3, normal: 1, keen: 2.5 }
  for (const over of [1, 2, 4])
    for (const level of [0.3, 3, 30, 400]) {
      const result = judged(level, over)
      const said = sensitivities.map(
        how => `${how} ${result[how].events.toFixed(2)} a month, ${(100 * result[how].found).toFixed(0)} % found`,
      )
      t.diagnostic(`${level} in an hour, spread ${over}: ${said.join('; ')}`)
      for (const how of sensitivities) assert.ok(result[how].events <= most[how], `${level} ${over}: ${said.join('; ')}`)
      if (level >= 30 || (level === 3 && over === 1))
        for (const how of sensitivities) assert.ok(result[how].found > 0.97, `${level} ${over}: ${said.join('; ')}`)
    }
})
