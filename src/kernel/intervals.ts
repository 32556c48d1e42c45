/** How sure a figure from a sample is: the span in which the true one lies with 95 % certainty. */

export interface Interval {
  low: number
  high: number
}

/** The 97.5th percentile of the normal distribution. */
const z = 1.959964

const within = (low: number, high: number, least: number, most: number): Interval => ({
  low: Math.max(least, low),
  high: Math.min(most, high),
})

/** Of a share, 0 to 1: the score interval (E. B. Wilson, "Probable inference", JASA 22, 1927, 209–212). It holds for few and for extremes too. */
export function shareInterval(hits: number, n: number): Interval {
  const share = hits / n
  const center = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n)
  const reach = (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2))
  return within(center - reach, center + reach, 0, 1)
}

/**
 * Of the difference of two shares of one sample, −1 to 1, such as a net promoter score: the adjusted Wald interval with three quarters added to each of the
 * two and three to all (B. Rocks, "Interval estimation for the net promoter score", The American Statistician 70, 2016, 365–372).
 */
export function differenceInterval(plus: number, minus: number, n: number): Interval {
  const [up, down] = [(plus + 0.75) / (n + 3), (minus + 0.75) / (n + 3)]
  const reach = z * Math.sqrt((up + down - (up - down) ** 2) / (n + 3))
  return within(up - down - reach, up - down + reach, -1, 1)
}

/** Of a mean whose values lie on a scale (Student 1908). Two values at least; of fewer nothing is known but the scale. */
export function meanInterval(it: { mean: number; deviation: number; n: number }, least: number, most: number): Interval {
  if (it.n < 2) return { low: least, high: most }
  const reach = (studentAt(it.n - 1) * it.deviation) / Math.sqrt(it.n)
  return within(it.mean - reach, it.mean + reach, least, most)
}

/** The 97.5th percentile of Student's distribution by its expansion (Abramowitz and Stegun, 26.7.5); right to 0.01 from three degrees of freedom on. */
function studentAt(freedom: number): number {
  if (freedom < 3) return freedom === 1 ? 12.7062 : 4.3027
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160,
  ]
  return terms.reduce((sum, term, at) => sum + term / freedom ** (at + 1), z)
}
