/** What is decided about moving what was said. */
import { refuse } from '#kernel/errors.ts'
import type { Audience } from '#social/activities/words.ts'

interface Movable {
  id: string
  kind: string
  startedAt: Date
}

/** Only conversations are merged, two different ones, and the older one stands. */
export function inOrder<T extends Movable>(one: T, other: T): { destination: T; source: T } {
  if (one.id === other.id) refuse('conflict', 'moves.same')
  if (one.kind !== 'conversation' || other.kind !== 'conversation') refuse('conflict', 'moves.onlyConversations')
  const older = one.startedAt < other.startedAt || (one.startedAt.getTime() === other.startedAt.getTime() && one.id < other.id)
  return older ? { destination: one, source: other } : { destination: other, source: one }
}

/** What is closed to most moves only within its room. */
export function staysInRoom(one: string | undefined, other: string | undefined): void {
  if (one !== other) refuse('forbidden', 'moves.closed')
}

/** Something is split off, and something stays. */
export function maySplit(chosen: number, all: number): void {
  if (chosen === 0) refuse('invalid', 'moves.chooseSome')
  if (chosen >= all) refuse('invalid', 'moves.leaveSome')
}

/** A move is undone once. */
export function isNotUndone(undoneAt: Date | null): void {
  if (undoneAt) refuse('conflict', 'moves.over')
}

const breadth: Audience[] = ['staff', 'members', 'thread', 'public']

/** What became one is open for whom the wider of both was. */
export const wider = (one: Audience, other: Audience): Audience => (breadth.indexOf(other) > breadth.indexOf(one) ? other : one)
