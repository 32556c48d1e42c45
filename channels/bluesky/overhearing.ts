/** The network's stream in the threads of the house: pieces go there as they come, and come back in order as what concerns the account or fits. */
import { log } from '#kernel/log.ts'
import type { Account, Sieve } from '#social/channels/words.ts'
import { identityOf } from './identity.ts'
import { isHandle, normalise } from './names.ts'
import type { Settings } from './settings.ts'
import type { Given, Sifted } from './sifting.ts'

const sifting = new URL('sifting.ts', import.meta.url)

export interface Sieving {
  hears(piece: Uint8Array): void
  /** All that came so far has been looked at. */
  settled(): Promise<void>
  /** More of it waits than should: nothing is to be read until `took` is called. */
  isBehind(): boolean
}

/** What is gathered before it goes over, and what may be under way: a change of what is listened for comes behind all of that. */
const [atOnce, gatherMs, mostUnderWay] = [64 * 1024, 10, 1024 * 1024]

/** `took` is told in the order of the stream; after `failed`, nothing more. */
export function sieving(sieve: Sieve, given: Given, took: (sifted: Sifted) => void, failed: (error: unknown) => void): Sieving {
  let pieces: Uint8Array[] = []
  let [bytes, underWay] = [0, 0]
  let timer: NodeJS.Timeout | undefined
  let last: Promise<void> = Promise.resolve()
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (pieces.length === 0) return
    const size = bytes
    const answer = sieve.sift<Given, Sifted>(sifting, pieces, given)
    answer.catch(() => {})
    underWay += size
    ;[pieces, bytes] = [[], 0]
    last = last.then(async () => {
      const sifted = await answer
      underWay -= size
      took(sifted)
    })
    last.catch(failed)
  }
  return {
    hears(piece) {
      pieces.push(piece)
      bytes += piece.length
      if (bytes >= atOnce) flush()
      else timer ??= setTimeout(flush, gatherMs)
    },
    settled: () => {
      flush()
      return last.catch(() => {})
    },
    isBehind: () => underWay + bytes > mostUnderWay,
  }
}

// —— whom somebody listens for by their handle ——

/** The stream names its people by their lasting ids only. */
const [lookMs, mostAuthors] = [60_000, 200]

/** Finds out who those are, now and for those who come along later, until `signal` aborts. */
export function callByName({ sieve }: Account<Settings>, given: Given, signal: AbortSignal): void {
  const asked = new Set<string>()
  const look = async () => {
    const authors = (await sieve?.authors()) ?? []
    const fresh = authors.map(normalise).filter(each => isHandle(each) && !asked.has(each))
    for (const handle of fresh.slice(0, mostAuthors)) {
      if (signal.aborted) return
      asked.add(handle)
      const found = await identityOf(handle).catch(() => undefined)
      if (found) given.called = { ...given.called, [found.did]: handle }
    }
  }
  const again = () => void look().catch(error => log.warn({ err: error }, 'whom somebody listens for was not found out'))
  again()
  const timer = setInterval(again, lookMs)
  timer.unref()
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}
