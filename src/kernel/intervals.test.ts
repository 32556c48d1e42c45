import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differenceInterval, meanInterval, shareInterval } from './intervals.ts'

const rounded = ({ low, high }: { low: number; high: number }) => [low, high].map(each => Math.round(each * 10_000) / 10_000)

test('the interval of a share is that of the literature, for many, for few and for none', () => {
  // R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998, table I, method 3.
  assert.deepEqual(rounded(shareInterval(81, 263)), [0.2553, 0.3662])
  assert.deepEqual(rounded(shareInterval(15, 148)), [0.0624, 0.1605])
  assert.deepEqual(rounded(shareInterval(0, 20)), [0, 0.1611])
  assert.deepEqual(rounded(shareInterval(1, 29)), [0.0061, 0.1718])
})

test('the interval of a mean uses Student’s percentiles and stays on the scale', () => {
  const reach = (n: number) => meanInterval({ mean: 0, deviation: Math.sqrt(n), n }, -100, 100).high
  const table: [number, number][] = [[2, 12.706], [3, 4.303], [4, 3.182], [5, 2.776], [10, 2.262], [31, 2.042], [121, 1.98]] // biome-ignore format: a table
  for (const [n, percentile] of table) assert.ok(Math.abs(reach(n) - percentile) < 0.01, `${n}: ${reach(n)}`)
  assert.deepEqual(meanInterval({ mean: 6.9, deviation: 2, n: 4 }, 1, 7).high, 7)
  assert.deepEqual(meanInterval({ mean: 4, deviation: 0, n: 1 }, 1, 7), { low: 1, high: 7 })
})

test('the interval of a difference of shares holds the true one in 95 of 100 samples, or a little more', () => {
  assert.deepEqual(rounded(differenceInterval(70, 10, 100)), [0.4527, 0.7124])
  assert.ok(differenceInterval(5, 0, 5).low < 0.9, 'five who agree prove little')
  const n = 40
  const [up, down] = [0.5, 0.2]
  let covered = 0
  for (let plus = 0; plus <= n; plus++)
    for (let minus = 0; plus + minus <= n; minus++) {
      const { low, high } = differenceInterval(plus, minus, n)
      if (low <= up - down && up - down <= high) covered += chance(n, plus, minus, up, down)
    }
  assert.ok(covered > 0.94 && covered < 0.97, String(covered))
})

/** How likely exactly so many of each are, of n. */
function chance(n: number, plus: number, minus: number, up: number, down: number): number {
  const rest = n - plus - minus
  const log = factorial(n) - factorial(plus) - factorial(minus) - factorial(rest)
  return Math.exp(log + plus * Math.log(up) + minus * Math.log(down) + rest * Math.log(1 - up - down))
}
const factorial = (n: number): number => Array.from({ length: n }, (_, at) => Math.log(at + 1)).reduce((sum, each) => sum + each, 0)
