/** What our account can do with a message on its network, and what was done with it there. */
import { slot } from '#kernel/page.tsx'
import type { AmendmentCard } from '#social/amendments/words.ts'
import type { Content } from '#social/content/words.ts'

/** Our account's sign on what others said. */
export interface Sign {
  kind: 'like' | 'share'
  ours: boolean
}

/** One kind of sign that others gave, how many did, and some of them, the latest first. */
export interface Given {
  kind: string
  count: number
  people: { id: string; name: string }[]
}

/** What can be done with one message, and how it stands. */
export interface Acts {
  signs: Sign[]
  given: Given[]
  /** Only of what our account moderates. */
  seen: 'waits' | 'hidden' | 'shown' | null
  mayChange: boolean
  mayWithdraw: boolean
  mayAnswer: boolean
  /** Whether it stands first on our page there; null where it cannot. */
  pinned: boolean | null
  /** How many parts follow the first, of what may be changed. */
  parts: number
  /** Whoever looks may act here, by an account that works; others see how it stands. */
  mayAct: boolean
  changed: boolean
  /** It is still to be taken away there, and can be kept until then. */
  leaving: string | null
  /** Of what others said: what we wanted and did not, or not yet, get through. */
  unsettled: AmendmentCard[]
  /** Where it can be read on its network. */
  url: string | null
}

/** At a message: buttons for what our account can do, and how it stands; `answer` is where this one is answered. */
export const messageActs = slot<{ content: Content; acts: Acts; answer: string | null }>('outbox.acts')

/** Beside words that are ready to be said to everybody: whoever writes posts leads there with them. */
export const sayToAll = slot<{ text: string }>('outbox.sayToAll')

/** What a message passes on together with its own words. */
export interface Quoted {
  /** Where it can be read: in this house, if it is known here. */
  href: string
  isHere: boolean
  author: string | null
  text: string
}
