/** How many are usual, and how many are too many to be chance: counts by the hour, with spikes of the past in them. */

/** What is usual for one hour: so many on average, and how many times wider than chance alone it spreads (1: Poisson). */
export interface Base {
  mean: number
  over: number
}

const sum = (all: readonly number[]): number => all.reduce((total, each) => total + each, 0)

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Residuals beyond this count less, the more the further they are (Noufaily et al.). */
const strange = 2.58
const scaled = 1.4826

/**
 * Mean and spread of counts of the past, in which outbreaks of then count little: a first guess by median and median deviation, then once more with weights
 * by Anscombe's residuals (to the fourth power, so that no outbreak widens the spread), after A. Noufaily et al., "An improved algorithm for outbreak detection in multiple surveillance systems", Statistics in
 * Medicine 32 (2013), 1206–1222, after C. P. Farrington et al., JRSS A 159 (1996), 547–563.
 */
export function baseOf(counts: readonly number[], knownOver = 1): Base & { weight: number } {
  const first = Math.max(medianOf(counts), sum(counts) / counts.length / 4, 1e-3)
  const deviation = scaled * medianOf(counts.map(each => Math.abs(each - first)))
  const weights = weightsOf(counts, first, Math.max(knownOver, deviation ** 2 / first))
  const weight = sum(weights)
  const mean = Math.max(1e-3, sum(counts.map((each, at) => each * weights[at]!)) / weight)
  const spread = sum(counts.map((each, at) => (weights[at]! * (each - mean) ** 2) / mean)) / Math.max(1, weight - 1)
  return { mean, over: Math.max(1, spread), weight }
}

/** No hour counts for more than five deviations when it is told how much all hours spread. */
const mostDeviations = 5
/** As many values as the spread of all hours weighs beside that of one. */
const trust = 48

/**
 * What is usual in each of several places of the week, from what was heard there in the past. How much counts spread is told by all places together,
 * because a few values of one place say little about it; what is not known of its mean widens it.
 */
export function basesOf(places: readonly (readonly number[])[]): Base[] {
  const pooled = pooledOver(
    places,
    places.map(each => baseOf(each)),
  )
  const bases = places.map(each => baseOf(each, pooled))
  return bases.map(({ mean, over, weight }) => ({ mean, over: ((over * weight + pooled * trust) / (weight + trust)) * (1 + 1 / weight) }))
}

/** From the spread without the loudest hours on: what is capped widens with what is found. */
function pooledOver(places: readonly (readonly number[])[], bases: readonly Base[]): number {
  const odd = places.flatMap((counts, at) => counts.map(each => ({ square: (each - bases[at]!.mean) ** 2, mean: bases[at]!.mean })))
  const means = sum(odd.map(each => each.mean))
  let over = 1
  for (let round = 0; round < 6; round++) {
    const most = (mean: number) => Math.max(mostDeviations ** 2 * over * mean, 9)
    over = Math.max(1, sum(odd.map(({ square, mean }) => Math.min(square, most(mean)))) / means)
  }
  return over
}

function weightsOf(counts: readonly number[], mean: number, over: number): number[] {
  const residual = (each: number) => (1.5 * (each ** (2 / 3) - mean ** (2 / 3))) / (mean ** (1 / 6) * Math.sqrt(over))
  return counts.map(each => Math.min(1, (strange / Math.max(residual(each), strange)) ** 4))
}

/** Up to this mean every count is looked at; beyond it the tail is that of a gamma distribution to better than a hundredth. */
const mostCounted = 200

/** The least count that chance brings this seldom: of a negative binomial distribution with this mean and spread. */
export const leastBeyond = (base: Base, chance: number): number => (base.mean <= mostCounted ? counted : curved)(base, chance)

function counted({ mean, over }: Base, chance: number): number {
  const [size, share] = over > 1.0001 ? [mean / (over - 1), 1 - 1 / over] : [0, 0]
  let probability = noneIn({ mean, over })
  let tail = 1
  for (let count = 0; ; count++) {
    if (tail <= chance || (count > mean && probability < 1e-300)) return count
    tail -= probability
    probability *= (size ? (size + count) * share : mean) / (count + 1)
  }
}

/** E. B. Wilson and M. M. Hilferty, "The distribution of chi-square", PNAS 17 (1931), 684–688. */
function curved({ mean, over }: Base, chance: number): number {
  const shape = mean / over
  return Math.ceil(mean * (1 - 1 / (9 * shape) + normalBeyond(chance) / (3 * Math.sqrt(shape))) ** 3)
}

/** How likely there is nothing at all. */
export const noneIn = ({ mean, over }: Base): number => (over > 1.0001 ? over ** (-mean / (over - 1)) : Math.exp(-mean))

/** What a normal value exceeds with this chance (Abramowitz and Stegun, 26.2.23; right to 0.0005). */
export function normalBeyond(chance: number): number {
  const t = Math.sqrt(-2 * Math.log(chance))
  return t - (2.515517 + 0.802853 * t + 0.010328 * t ** 2) / (1 + 1.432788 * t + 0.189269 * t ** 2 + 0.001308 * t ** 3)
}
