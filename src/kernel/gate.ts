/** Lets at most `most` of these run at once; the others wait in their order. */
export function gate(most: number): <T>(run: () => Promise<T>) => Promise<T> {
  let open = most
  const waiting: (() => void)[] = []
  return async run => {
    if (open > 0) open--
    else await new Promise<void>(resolve => waiting.push(resolve))
    try {
      return await run()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else open++
    }
  }
}
