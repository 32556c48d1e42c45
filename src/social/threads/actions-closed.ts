/** Threads that are closed to most: who is let into one, and what those who only read it may not. */
import { admissionTo, admit, closedAmong, shutOut } from '#kernel/closed.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { record } from '#social/activities/actions.ts'
import { closedAmong as closedPeople } from '#social/people/actions.ts'
import * as store from './store.ts'
import * as words from './words.ts'

/**
 * Whoever is handed a closed thread, or named in it, reads it from now on; only those who may speak in it let others in. Nothing happens where it is open to
 * them already.
 */
export async function openTo(ctx: Ctx, thread: string, people: string[], may: 'answer' | 'read'): Promise<void> {
  const fresh = await shutOut(ctx, thread, people, may)
  if (fresh.length === 0) return
  const own = await admissionTo(ctx, thread)
  if (own !== 'own' && own !== 'answer') refuse('forbidden', 'threads.onlyRead')
  const other = (await store.byIds(ctx, [thread])).get(thread)?.person ?? null
  const alone = other && (await closedPeople(ctx, [other])).has(other) ? other : null
  for (const person of fresh) {
    await admit(ctx, thread, person, { may })
    // Whoever reads what was said knows with whom.
    if (alone) await admit(ctx, alone, person, { may: 'read' })
    record(ctx, words.Opened, { object: thread, thread, target: person })
  }
}

/** Of these threads those in which the actor reads and may do no more. */
export async function onlyReadAmong(ctx: Ctx, threads: string[]): Promise<Set<string>> {
  const found = new Set<string>()
  for (const thread of (await closedAmong(ctx, threads)).keys()) if ((await admissionTo(ctx, thread)) === 'read') found.add(thread)
  return found
}

/** Whoever only reads a closed thread changes nothing in it. */
export async function mayWorkIn(ctx: Ctx, threads: string[]): Promise<void> {
  const closed = await closedAmong(ctx, threads)
  for (const thread of closed.keys()) {
    const own = await admissionTo(ctx, thread)
    if (own === 'read' || own === null) refuse(own ? 'forbidden' : 'notFound', own ? 'threads.onlyRead' : 'kernel.notFound')
  }
}
