/** All that is known of one person. */
import { z } from 'zod'
import { card } from '#social/people/words.ts'
import { sideNames } from '#social/sides/words.ts'

export const handle = z.object({
  id: z.string(),
  network: z.string(),
  address: z.string(),
  url: z.string().nullable(),
  because: z.string(),
  linkedAt: z.date(),
  linkedBy: card.nullable(),
  verifiedAt: z.date().nullable(),
  /** Another address that they say is theirs; nobody has made sure of it. */
  claims: z.string().nullable(),
  until: z.date().nullable(),
})

export const side = z.object({ id: z.string(), side: z.enum(sideNames), since: z.date(), until: z.date().nullable(), because: z.string() })

/** All that is known of a person. */
export const profile = z.object({
  card,
  /** The name as it was given, hidden characters included; for forms only. */
  given: z.string(),
  about: z.string().nullable(),
  /** Where it is what time for them, as the tz database calls it. */
  zone: z.string().nullable(),
  company: card.nullable(),
  colleagues: z.array(card),
  createdAt: z.date(),
  because: z.string(),
  handles: z.array(handle),
  sides: z.array(side),
})
export type Profile = z.output<typeof profile>
