import { refuse } from '#kernel/errors.ts'
import { type Likeness, likenesses } from './words.ts'

export interface Mergeable {
  id: string
  mergedInto: string | null
  kind: string
  colleague: boolean
}

/** Two records of the same kind are merged, never one with itself, and a colleague is the one that is kept. */
export function mayMerge(kept: Mergeable, gone: Mergeable): void {
  if (kept.id === gone.id) refuse('conflict', 'merges.same')
  if (kept.mergedInto || gone.mergedInto) refuse('conflict', 'merges.stale')
  if (kept.kind !== gone.kind) refuse('conflict', 'merges.kinds')
  if (gone.colleague) refuse('conflict', kept.colleague ? 'merges.colleagues' : 'merges.colleague')
}

/** What was proved is joined only where nobody works here under either record, both are people, and nobody has taken the two apart before. */
export const isJoined = (one: Mergeable, other: Mergeable, wereSeparated: boolean): boolean =>
  one.id !== other.id && ![one, other].some(each => each.colleague || each.kind !== 'human' || each.mergedInto) && !wereSeparated

export interface Hint {
  person: string
  because: Likeness
  detail: string
}

/** Records that may be the same person are only ever suggested, the strongest reason first and each record once. */
export function suggestions(hints: Hint[], most = 5): Hint[] {
  const seen = new Set<string>()
  const sorted = [...hints].sort((a, b) => likenesses.indexOf(a.because) - likenesses.indexOf(b.because))
  return sorted.filter(hint => !seen.has(hint.person) && seen.add(hint.person)).slice(0, most)
}
