/**
 * Lets at most `most` of these run at once; the others wait in their order. Whoever has waited for `patience` milliseconds goes all the same, so that a few slow
 * ones cannot hold up the rest.
 */
export function gate(most: number, patience = Number.POSITIVE_INFINITY): <T>(run: () => Promise<T>) => Promise<T> {
  let open = most
  const waiting = new Set<() => void>()
  const turn = () =>
    new Promise<void>(resolve => {
      const late = patience < Number.POSITIVE_INFINITY ? setTimeout(() => go(true), patience) : undefined
      const go = (impatient = false) => {
        clearTimeout(late)
        waiting.delete(go)
        if (impatient) open--
        resolve()
      }
      waiting.add(go)
    })
  return async run => {
    if (open > 0) open--
    else await turn()
    try {
      return await run()
    } finally {
      const [next] = open >= 0 ? waiting : []
      if (next) next()
      else open++
    }
  }
}
