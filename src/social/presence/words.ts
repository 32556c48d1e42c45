/** Who is here now: who reads and who writes in a thread. */

import { slot } from '#kernel/page.tsx'

/** A colleague writes something for the other side, or has stopped: whoever can tell them so does. Shows nothing. */
export const writes = slot<{ thread: string; isWriting: boolean }>('presence.writes')

/** Somebody who has a thread open. */
export interface Here {
  person: string
  name: string
  writing: boolean
}
