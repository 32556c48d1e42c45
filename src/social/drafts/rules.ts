import { refuse } from '#kernel/errors.ts'

export const limits = { bytes: 256 * 1024, count: 100 }

/** A draft fits while it has at most 256 kB and is one of at most a hundred. */
export function mayKeep(draft: { bytes: number; others: number }): void {
  if (draft.bytes > limits.bytes) refuse('tooLarge', 'drafts.large')
  if (draft.others >= limits.count) refuse('tooMany', 'drafts.many', { most: limits.count })
}

/** A draft without words is no draft. */
export function isEmpty(body: unknown): boolean {
  const fields = typeof body === 'object' && body !== null && 'fields' in body ? body.fields : body
  return typeof fields !== 'object' || fields === null || Object.values(fields).every(value => value === '' || value === null)
}
