/** On which side of the house somebody stands, over time: it follows from what they are to us, and is no flag on an account. */
import { z } from 'zod'
import { keeps } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

export const sideNames = ['colleague', 'customer', 'supplier', 'partner', 'prospect'] as const
export type SideName = (typeof sideNames)[number]

const ofSide = z.strictObject({ side: z.enum(sideNames), because: z.string().max(60).optional() })

/** Somebody who was known already stands on a side from now on; for people who are new, the word that tells of them names their side. */
export const SideBegan = word('Join', 'Side', ofSide)
export const SideEnded = word('Leave', 'Side', ofSide)

export interface NewSide {
  person: string
  side: SideName
  because: string
  /** Now, if not said. */
  since?: Date
}

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({ side: { of: { person: 'person' }, theme: 'profile' } })
