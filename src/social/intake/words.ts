/** What networks tell us: what became of our messages. What people say is said in the words of content. */
import { z } from 'zod'
import { word } from '#social/activities/words.ts'

const ofReport = z.strictObject({ says: z.string().max(2000), recipient: z.string().max(500).optional() })

/** The other side has it; object is our message. */
export const Delivered = word('Accept', 'Message', ofReport)
/** It came back; object is our message. */
export const Bounced = word('Reject', 'Message', ofReport)
/** It is still under way; object is our message. */
export const Delayed = word('TentativeReject', 'Message', ofReport)

/** Through which account something is heard. Without one it comes from a file; `imported` says so in the activity. */
export interface Source {
  channel: string
  account: string | null
  imported?: boolean
  /** How many steps it is away from what was heard by itself, when it was fetched because something answers it. */
  depth?: number
}
