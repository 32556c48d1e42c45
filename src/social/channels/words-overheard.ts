/** What passes by on a network and concerns no account of ours: held against what somebody listens for, and forgotten when it fits nothing of that. */
import type { Post } from '#social/matching/words.ts'
import type { Handle } from './words-heard.ts'

/** A public post. Never a person, a thread or a content of ours. Hearing the same `remoteId` twice is hearing it once. */
export interface Overheard {
  remoteId: string
  at: Date
  from: Handle
  text: string
  url?: string
  /** BCP 47, where its writer says it. */
  language?: string
  followers?: number
  /** Remote id of what it answers. */
  answers?: string
  /** Remote id of what it passes on with words of its own. */
  shares?: string
  links?: string[]
  country?: string
  place?: string
  /** `post`, `reply`, `quote` …; without it, a post. */
  kind?: string
  /** Its writer changed it: what was kept of it before is no longer so. */
  changed?: true
}

/** Its writer took it away. */
export interface OverheardRemoval {
  remoteId: string
  at: Date
  gone: true
}

export type Passing = Overheard | OverheardRemoval

export interface Sieve {
  /**
   * Reads pieces of a stream in another thread, and keeps of them what fits. `from` is a file of the channel that exports `sift: Sift<Given, Kept>`; answers may
   * come in another order than the questions. Rejects when the thread ended; whoever asks reads on from where the last answer left off.
   */
  sift<Given, Kept>(from: URL, pieces: Uint8Array[], given: Given): Promise<Kept>
  /** Whom somebody listens for by name (`from:`), as they wrote it: where a stream names its people otherwise. */
  authors(): Promise<string[]>
}

/** In that thread. `fits` looks at a post as it is, and keeps nothing of it: one and the same object may be given each time. Never throws. */
export type Sift<Given, Kept> = (pieces: Uint8Array[], given: Given, fits: (post: Post) => boolean) => Kept

export type { Post }
