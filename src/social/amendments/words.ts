/** What is wanted otherwise of something that stands on a network already. */
import { z } from 'zod'
import { keeps } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

/** `hide` and `pin` are taken back by the same deed, undone. */
export const deeds = ['edit', 'remove', 'react', 'hide', 'pin'] as const
export type Deed = (typeof deeds)[number]
export const amendmentStates = ['waiting', 'done', 'failed', 'cancelled'] as const

/** A change did not get through and will not by itself; object is the message. */
export const NotAmended = word('Reject', 'Amendment', z.strictObject({ does: z.enum(deeds), says: z.string().max(2000) }))

/** How a change of something that stands outside fares; `says` is a message key or the network's own words. */
export const amendmentCard = z.object({
  id: z.string(),
  account: z.string(),
  content: z.string(),
  thread: z.string(),
  does: z.enum(deeds),
  kind: z.string(),
  undone: z.boolean(),
  state: z.enum(amendmentStates),
  attempts: z.number(),
  dueAt: z.date(),
  says: z.string().nullable(),
  by: z.string().nullable(),
  at: z.date(),
})
export type AmendmentCard = z.output<typeof amendmentCard>

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  amendment: {
    of: { thread: 'thread', content: 'content' },
    blank: { says: null },
    // The network's name for our own words, until they are taken away there.
    plain: ['channel', 'does', 'kind', 'state', 'remote_id'],
    hide: true,
  },
})
