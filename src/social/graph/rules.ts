import { refuse } from '#kernel/errors.ts'

/** Nobody follows or blocks oneself. */
export function mayTie(self: string[], other: string[]): void {
  if (other.some(each => self.includes(each))) refuse('conflict', 'graph.oneself')
}
