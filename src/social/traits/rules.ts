import { refuse } from '#kernel/errors.ts'
import { type TraitKind, tiers, valuesOf } from './words.ts'

const slip = 10 * 60_000

/** What is put right within ten minutes was a slip and leaves no row. */
export const isSlip = (since: Date, now: Date): boolean => now.getTime() - since.getTime() < slip

/** The moment from which on something that ended may go on as if it had not. */
export const slipsFrom = (now: Date): Date => new Date(now.getTime() - slip)

/** Of several records of one person the highest tier counts, and the role that was given last. */
export function counting<T extends { value: string; since: Date }>(kind: TraitKind, open: T[]): T | undefined {
  const ranks: readonly string[] = tiers
  const rank = (value: string) => ranks.indexOf(value)
  const sorted = open.toSorted((a, b) => (kind === 'tier' ? rank(a.value) - rank(b.value) : b.since.getTime() - a.since.getTime()))
  return sorted[0]
}

/** Tier and role are words of a closed list each. */
export function isKnown(kind: TraitKind, value: string | null): void {
  if (value !== null && !valuesOf[kind].includes(value)) refuse('invalid', 'traits.unknown')
}
