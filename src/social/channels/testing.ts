/** For tests: what can go wrong with one write on a network, and the house that repeats it until it is done. */
import assert from 'node:assert/strict'
import { setClock } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import type { Delivery } from './words.ts'

/** Numbers below one as they fall, the same at every run, so that a failure can be found again. */
export function dice(seed: number): () => number {
  let value = seed
  return () => {
    value = (Math.imul(value, 1664525) + 1013904223) >>> 0
    return value / 2 ** 32
  }
}

/** An answer of a server, or the end of the line. */
export type Said = [status: number, body: unknown, headers?: Record<string, string>] | 'drop'

const refused: Record<string, Said> = { reset: 'drop', '502': [502, 'Bad gateway'], '429': [429, {}, { 'retry-after': '30' }] }
const untold: Record<string, Said> = {
  'taken, then dropped': 'drop',
  'taken, then 500': [500, {}],
  'taken, then HTML': [200, '<html>'],
}
const ends = 'our process ends'
const faults = ['none', 'none', 'none', ...Object.keys(refused), ...Object.keys(untold), ends]

/** A server whose every write may go wrong: refused before it was taken, or taken and not told. */
export function faultyServer(seed: number) {
  const chance = dice(seed)
  let [fault, time, ended] = ['none', Date.now(), false]
  setClock(() => new Date(time))
  return {
    chance,
    /** Said instead of taking the write. */
    before(): Said | undefined {
      fault = faults[Math.floor(chance() * faults.length)]!
      return refused[fault]
    },
    /** Said of a write that was taken, instead of the truth. */
    after(): Said | undefined {
      ended = fault === ends
      return untold[fault]
    },
    /** Sends every so many seconds until it is done and we live to hear of it; how often it was tried. */
    async sent(send: () => Promise<Delivery>, seconds: number): Promise<number> {
      for (let tries = 1; ; tries++) {
        ended = false
        const outcome = await send().catch((error: unknown) => error)
        time += seconds * 1000
        if (outcome instanceof ChannelError) assert.ok(['unsure', 'down', 'wait'].includes(outcome.kind), outcome.kind)
        else if (outcome instanceof Error) throw outcome
        else if (!ended) return tries
      }
    },
  }
}
