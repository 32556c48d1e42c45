/** For tests with other people's servers: they take their time, and a machine that does much else takes more. What is waited for is an effect, never a time. */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

/** Looks again and again until there is something; only what never comes is waited for so long. */
export async function until<T>(
  what: () => T | Promise<T>,
  says: string | (() => string),
  seconds = 90,
): Promise<Exclude<NonNullable<T>, false>> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(25)) {
    const found = await what()
    if (found) return found as Exclude<NonNullable<T>, false>
  }
  throw new assert.AssertionError({ message: `never: ${typeof says === 'string' ? says : says()}` })
}

/** What was promised in so many milliseconds, measured where nothing else runs; in a run of everything, that it comes at all. */
export const within = (milliseconds: number): number => (process.env.FULL ? milliseconds : 60_000)
