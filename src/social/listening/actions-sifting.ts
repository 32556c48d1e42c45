/** In a thread of its own: the queries of each organisation, and the pieces of streams that are held against them. */
import type { Post, Sift } from '#social/channels/words.ts'
import { Matcher, parsed } from '#social/matching/actions.ts'
import { loosened } from './rules.ts'
import type { Sought } from './words.ts'

export type Order = Seek | Pieces

/** These are listened for from now on, and those no longer. */
interface Seek {
  is: 'seek'
  org: string
  sought: Sought[]
  gone: string[]
}

/** Pieces one after the other in one memory, which changes hands. */
interface Pieces {
  is: 'sift'
  org: string
  from: string
  bytes: Uint8Array
  ends: Uint32Array
  given: unknown
}

interface Held {
  matcher: Matcher
  looked: number
  /** At so many posts the queries are put anew under what is rare by then. */
  rearrangeAt: number
}

const held = new Map<string, Held>()

export async function does(order: Order): Promise<unknown> {
  if (order.is === 'seek') return seek(order)
  const pieces = Array.from(order.ends, (end, at) => Buffer.from(order.bytes.buffer, at ? order.ends[at - 1]! : 0, end - (at ? order.ends[at - 1]! : 0))) // biome-ignore format: one list
  const { sift } = (await import(order.from)) as { sift: Sift<unknown, unknown> }
  return sift(pieces, order.given, fitting(heldBy(order.org)))
}

function heldBy(org: string): Held {
  const known = held.get(org)
  if (known) return known
  const fresh = { matcher: new Matcher(), looked: 0, rearrangeAt: 5000 }
  held.set(org, fresh)
  return fresh
}

function seek({ org, sought, gone }: Seek): void {
  const { matcher } = heldBy(org)
  for (const id of gone) matcher.remove(id)
  for (const { id, query } of sought) {
    try {
      matcher.set(id, loosened(parsed(query)))
    } catch {
      matcher.remove(id) // What cannot be read any more finds nothing; whoever keeps it says so.
    }
  }
}

const fitting = (it: Held) => (post: Post) => {
  if (it.looked++ === it.rearrangeAt) {
    it.rearrangeAt *= 20
    it.matcher.rearrange()
  }
  return it.matcher.match(post).length > 0
}
