/** Who is here now: who reads and who writes in a thread. */

/** Somebody who has a thread open. */
export interface Here {
  person: string
  name: string
  writing: boolean
}
