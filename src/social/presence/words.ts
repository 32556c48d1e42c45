/** Who is here now: who reads and who writes in a thread. */

import { keeps } from '#kernel/keeps.ts'
import { slot } from '#kernel/page.tsx'

/** A colleague writes something for the other side, or has stopped: whoever can tell them so does. Shows nothing. */
export const writes = slot<{ thread: string; isWriting: boolean }>('presence.writes')

/** Somebody who has a thread open. */
export interface Here {
  person: string
  name: string
  writing: boolean
}

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({ presence: { of: { person: 'person' }, hide: true } })
