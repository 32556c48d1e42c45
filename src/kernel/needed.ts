/** Libraries that only some of what we do needs are read at their first use: no start waits for them, and no idle server holds them. */
export function whenNeeded<T>(read: () => T): () => T {
  let library: T | undefined
  return () => (library ??= read())
}
