/** What is a tie, and what time does to it. */

/** A tie leads from one person to another one, and weighs something. */
export function isTie(from: number, to: number, weight: number): boolean {
  return from !== to && from >= 0 && to >= 0 && weight > 0 && weight < Number.POSITIVE_INFINITY
}

// Beyond it a number of 32 bits ends; four thousand days of a half-life of forty.
const mostDoublings = 100

/** What is later weighs more, twice as much for each half-life that lies between, so that the passing of time alone changes no order. */
export function weightAt(weight: number, at: number, since: number, halfLife: number): number {
  return weight * 2 ** Math.min(mostDoublings, Math.max(-mostDoublings, (at - since) / halfLife))
}
