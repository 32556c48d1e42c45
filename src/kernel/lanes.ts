/** What somebody waits for, and what can wait: a page that looks again by itself keeps nobody from the page that they asked for. */
import type { Context } from 'hono'

type Run = <T>(run: () => Promise<T>) => Promise<T>

/**
 * Two lanes. What comes `now` begins at once. What comes `later` goes one by one in its order, when nothing of the first lane is under way; whoever has waited
 * for `patience` milliseconds goes all the same.
 */
export function lanes(patience: number): { now: Run; later: Run } {
  let [ahead, behind] = [0, 0]
  const waiting = new Set<() => void>()
  const next = () => {
    const [go] = ahead === 0 && behind === 0 ? waiting : []
    go?.()
  }
  const turn = () =>
    new Promise<void>(resolve => {
      const go = () => {
        clearTimeout(late)
        waiting.delete(go)
        behind++
        resolve()
      }
      const late = setTimeout(go, patience)
      waiting.add(go)
      next()
    })
  return {
    now: async run => {
      ahead++
      try {
        return await run()
      } finally {
        ahead--
        next()
      }
    },
    later: async run => {
      await turn()
      try {
        return await run()
      } finally {
        behind--
        next()
      }
    },
  }
}

/** Whoever asks says that it can wait: an urgency below the usual 3 (RFC 9218, section 4.1: 0 is first, 7 last). */
export const canWait = (c: Context): boolean => /(?:^|,)\s*u=[4-7]\b/.test(c.req.header('priority')?.slice(0, 100) ?? '')
