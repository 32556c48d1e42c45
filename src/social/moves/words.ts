/** Threads that turn out to be one, or one that turns out to be two. */
import { z } from 'zod'
import { keeps } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

const much = z.strictObject({ move: z.string(), messages: z.number() })

/** All of a thread went into another: object is the one that is no more, target and thread the one that stands. */
export const Merged = word('Move', 'Thread', much)
/** A part of a thread began one of its own: object is the new one, target the one that it came from. */
export const SplitOff = word('Create', 'Thread', much)
/** What moved went back; object and target as they were. */
export const MovedBack = word('Undo', 'Thread', much)

export interface Move {
  id: string
  kind: 'merge' | 'split'
  source: string
  destination: string
  at: Date
}

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  thread_move: { of: { source: 'thread', destination: 'thread' }, hide: true },
  thread_moved: { of: { move: 'thread_move' }, hide: true },
})
