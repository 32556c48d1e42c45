/** How often: by visitor and by network address, in this process. Beyond it a person is asked to wait. */
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { refuse } from '#kernel/errors.ts'
import { count } from '#kernel/limits.ts'

const minute = 60

const paces = {
  /** Words, files and comments: a fast typist, and an office behind one address. */
  visitor: new RateLimiterMemory({ points: 30, duration: minute }),
  address: new RateLimiterMemory({ points: 120, duration: minute }),
  files: new RateLimiterMemory({ points: 30, duration: 60 * minute }),
  comments: new RateLimiterMemory({ points: 10, duration: 10 * minute }),
  /** Settings, lists, streams, marks of what was seen. */
  looks: new RateLimiterMemory({ points: 300, duration: minute }),
}

export type Pace = keyof typeof paces

/** Refuses with the time to wait when it was one too many. */
export const paced = (pace: Pace, key: string): Promise<unknown> => count(paces[pace], key)

const mostStreams = { all: 2000, address: 60, visitor: 6 }
const open = new Map<string, number>()

const counted = (key: string): number => open.get(key) ?? 0
const add = (key: string, more: number): void => {
  const left = counted(key) + more
  if (left > 0) open.set(key, left)
  else open.delete(key)
}

/** Takes a place for one more open stream; the returned function gives it back, once. */
export function placeForStream(from: string, visitor: string): () => void {
  const keys = [`from ${from}`, `visitor ${visitor}`, 'all']
  const [address = 0, own = 0, all = 0] = keys.map(counted)
  if (address >= mostStreams.address || own >= mostStreams.visitor || all >= mostStreams.all) refuse('tooMany', 'widget.tooManyWindows')
  for (const key of keys) add(key, 1)
  let isTaken = true
  return () => {
    if (isTaken) for (const key of keys) add(key, -1)
    isTaken = false
  }
}
