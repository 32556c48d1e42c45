/** Whom our accounts follow on their networks, and how that stands. */

import { z } from 'zod'
import { keeps } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

const by = z.strictObject({ account: z.uuid() })

/** One of our accounts asked somebody to follow them; object is the person. */
export const Asked = word('Offer', 'Follow', by)
/** They let it, or need not be asked. */
export const Allowed = word('Accept', 'Follow', by)
/** They do not, or no longer. */
export const Refused = word('Reject', 'Follow', by)
/** Our account follows them no longer. */
export const Ended = word('Remove', 'Follow', by)

/** `waiting`: the network was not told yet; `asked`: they have not answered. */
export const states = ['waiting', 'asked', 'accepted', 'refused', 'failed'] as const

/** `says` is a message key or the network's own words. */
export const follow = z.object({
  id: z.string(),
  account: z.string(),
  address: z.string(),
  /** Null until they were found. */
  person: z.string().nullable(),
  name: z.string().nullable(),
  state: z.enum(states),
  /** It is to end, and the network is still to be told. */
  ends: z.boolean(),
  says: z.string().nullable(),
  at: z.date(),
})
export type Follow = z.output<typeof follow>

/** An account of ours that can follow this address of a person, and how that stands. */
export interface Way {
  account: string
  name: string
  address: string
  follow: Follow | null
}

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({ account_follow: { of: { person: 'person' }, hide: true } })
