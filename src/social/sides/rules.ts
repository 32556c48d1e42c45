import { refuse } from '#kernel/errors.ts'
import type { SideName } from './words.ts'

/** Whoever works here is inside; a customer is a customer even when also something else; all others are outside. */
export const ringOf = (sides: SideName[]): 'inside' | 'customer' | 'outside' =>
  sides.includes('colleague') ? 'inside' : sides.includes('customer') ? 'customer' : 'outside'

/** Whoever works here is a colleague by having a sign-in, not by being called one. */
export function mayNote(side: SideName): void {
  if (side === 'colleague') refuse('conflict', 'sides.ofAccount')
}
