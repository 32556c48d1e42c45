/** How often: by key, in memory of this process. The figures are those of the field, see `docs/guide/limits.md`. */
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { Refusal } from './errors.ts'

export const limits = {
  /** Attempts to sign in from one address, and on one account from anywhere. */
  signInByAddress: new RateLimiterMemory({ points: 25, duration: 300 }),
  signInByAccount: new RateLimiterMemory({ points: 25, duration: 3600 }),
  resetByAddress: new RateLimiterMemory({ points: 5, duration: 1800 }),
  setupByAddress: new RateLimiterMemory({ points: 5, duration: 1800 }),
  secondFactor: new RateLimiterMemory({ points: 10, duration: 300 }),
  apiByKey: new RateLimiterMemory({ points: 1500, duration: 300 }),
  /** What is written behind one signed link that we handed out. */
  writingByLink: new RateLimiterMemory({ points: 10, duration: 600 }),
  /** Mails that somebody without an account has sent to an address: from one visitor, and to one mailbox. */
  askingFrom: new RateLimiterMemory({ points: 10, duration: 1800 }),
  askingAbout: new RateLimiterMemory({ points: 3, duration: 86_400 }),
  pagesByAddress: new RateLimiterMemory({ points: 3000, duration: 300 }),
}

/** One more; refuses with the time to wait when it was one too many. */
export async function count(limit: RateLimiterMemory, key: string): Promise<{ remaining: number; resetSeconds: number }> {
  try {
    const state = await limit.consume(key)
    return { remaining: state.remainingPoints, resetSeconds: Math.ceil(state.msBeforeNext / 1000) }
  } catch (state) {
    const seconds = Math.max(1, Math.ceil((state as { msBeforeNext: number }).msBeforeNext / 1000))
    throw new Refusal('tooMany', 'kernel.tooMany', { seconds }, { retryAfter: seconds })
  }
}

export const forgive = (limit: RateLimiterMemory, key: string): Promise<boolean> => limit.delete(key)
