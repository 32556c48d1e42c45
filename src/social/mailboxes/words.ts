/** Whose an account is, and whom its colleague lets in. */
import { z } from 'zod'
import { word } from '#social/activities/words.ts'

/** An account is one colleague's own from now on; object is the account, target the colleague. */
export const MadePersonal = word('Add', 'Privacy', z.strictObject({}))
/** An account is everybody's from now on, with all that was said through it; object is the account. */
export const MadeShared = word('Remove', 'Privacy', z.strictObject({}))

/** An account of a colleague who left is somebody else’s own from now on; object is the account, target whose it was. */
export const TakenOver = word('Move', 'Privacy', z.strictObject({ reason: z.string().max(500) }))

export const levels = ['read', 'answer'] as const
export type Level = (typeof levels)[number]

/** A colleague may read an account of somebody else, or read and answer in their name; object is the account, target the colleague. */
export const Delegated = word('Offer', 'Delegation', z.strictObject({ may: z.enum(levels), until: z.string().nullable() }))
export const DelegationEnded = word('Remove', 'Delegation', z.strictObject({ because: z.enum(['person', 'time', 'suspended']) }))

/** Somebody whom the colleague of an account lets in. */
export const delegate = z.object({
  person: z.string(),
  name: z.string(),
  may: z.enum(levels),
  since: z.date(),
  until: z.date().nullable(),
})
export type Delegate = z.output<typeof delegate>
