/** What people do to anything that they find: react and tag. */
import { z } from 'zod'
import { keeps } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

const aboutKind = z.strictObject({ kind: z.string().max(40) })
const aboutTag = z.strictObject({ tag: z.string().max(60) })

export const Reacted = word('Like', 'Message', aboutKind)
export const ReactionTaken = word('Undo', 'Like', aboutKind)
export const Tagged = word('Add', 'Tag', aboutTag)
export const Untagged = word('Remove', 'Tag', aboutTag)

/** One kind of reaction to something, how many gave it, and whether the reader did. */
export interface Reactions {
  kind: string
  count: number
  mine: boolean
}

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  reaction: { of: { person: 'person', object: 'anything' }, theme: 'conversations' },
  tag: { of: { object: 'anything' }, theme: 'conversations' },
})
