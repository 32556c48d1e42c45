import { refuse } from '#kernel/errors.ts'
import type { State } from './words.ts'

/** How many at most, and how many at once. */
export const limits = { most: 100_000, atOnce: 100 } as const

/** At most a hundred thousand people are changed at once, and at least one. */
export function areSo(many: number): void {
  if (many === 0) refuse('invalid', 'edits.none')
  if (many > limits.most) refuse('tooLarge', 'edits.tooMany', { most: limits.most })
}

/** What is over, or was stopped, can be taken back once. */
export const mayGoBack = (state: State): boolean => state === 'done' || state === 'cancelled'

const kept = 30 * 86_400_000
/** For thirty days it can be taken back. */
export const keptSince = (now: Date): Date => new Date(now.getTime() - kept)
