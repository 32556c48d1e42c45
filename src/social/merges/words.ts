/** That two records are one person: decided by a colleague with a reason, and taken back whole if it was wrong. */
import { z } from 'zod'
import { word } from '#social/activities/words.ts'
import { card } from '#social/people/words.ts'

const ofMerge = z.strictObject({ merge: z.uuid() })

/** Two records are one person: object was merged into target. */
export const Merged = word('Add', 'Person', ofMerge)
/** They are not: object stands for itself again, target is what it had been merged into. */
export const Separated = word('Undo', 'Merge', ofMerge)

/** Why two records may be the same person, the strongest first. */
export const likenesses = ['sameVerified', 'sameAddress', 'hadAddress', 'sameName'] as const
export type Likeness = (typeof likenesses)[number]

/** What shows without anybody's decision that two records are one person. */
export const proofs = ['signed', 'answered', 'moved'] as const
export type Proof = (typeof proofs)[number]

export const hint = z.object({ person: card, because: z.enum(likenesses), detail: z.string() })

export const merge = z.object({
  id: z.string(),
  kept: z.string(),
  keptName: z.string(),
  gone: z.string(),
  goneName: z.string(),
  reason: z.string(),
  by: card.nullable(),
  at: z.date(),
  undoneAt: z.date().nullable(),
  undoneBy: card.nullable(),
})
