/** That two records are one person: decided by a colleague with a reason, and taken back whole if it was wrong. */
import { z } from 'zod'
import { keeps } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'
import { card } from '#social/people/words.ts'

const ofMerge = z.strictObject({ merge: z.uuid() })

/** Two records are one person: object was merged into target. */
export const Merged = word('Add', 'Person', ofMerge)
/** They are not: object stands for itself again, target is what it had been merged into. */
export const Separated = word('Undo', 'Merge', ofMerge)

/** A colleague said that two records are two people; object is the one, target the other. */
export const Parted = word('Reject', 'Merge', z.strictObject({}))
/** That was a mistake: they may be one person after all. */
export const Reconsidered = word('TentativeAccept', 'Merge', z.strictObject({}))

/**
 * Why two records may be the same person, the strongest first. `signed`, `answered` and `moved` were proved and not joined, because a colleague decides there;
 * `hadAddress`: signs in with an address that the other had; `typedMail`: a mail address of one stands somewhere with the other, `orderMail`: in an order.
 */
export const likenesses = [
  'signed',
  'answered',
  'moved',
  'sameVerified',
  'hadAddress',
  'relMe',
  'sameAddress',
  'orderMail',
  'typedMail',
  'samePhone',
  'samePage',
  'sameNameAndCompany',
  'sameName',
] as const
export type Likeness = (typeof likenesses)[number]

/** How much what speaks for it says: 3 almost certain, 2 likely, 1 perhaps. */
export const strengths = [3, 2, 1] as const

/** What people can be compared by beside name and addresses. */
export const traceKinds = ['mail', 'phone', 'page'] as const
export type TraceKind = (typeof traceKinds)[number]
/** Something that stands with a person, told by whoever keeps it; `source` says where, `order` for one. */
export interface Trace {
  person: string
  kind: TraceKind
  value: string
  source: string
}

/** What shows without anybody's decision that two records are one person. */
export const proofs = ['signed', 'answered', 'moved'] as const
export type Proof = (typeof proofs)[number]

export const hint = z.object({ person: card, because: z.enum(likenesses), detail: z.string() })

export const reason = z.object({ because: z.enum(likenesses), detail: z.string() })

/** Two records that may be one person, and what speaks for it, the strongest first. */
export const pair = z.object({
  id: z.string(),
  one: card,
  other: card,
  strength: z.number(),
  reasons: z.array(reason),
  foundAt: z.date(),
  partedAt: z.date().nullable(),
  partedBy: card.nullable(),
})
export type Pair = z.output<typeof pair>

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

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  merge: { of: { kept: 'person', gone: 'person' }, theme: 'profile' },
  trace: { of: { person: 'person' }, hide: true },
  // It compares two people, so it is in nobody's copy.
  likeness: { of: { one: 'person', other: 'person' }, hide: true },
})
