/** The one clock. Tests may stop or move it; nothing else may. */
let read = (): Date => new Date()

export const now = (): Date => read()

/** For tests: the clock that everyone reads from now on; without one, the real time again. */
export function setClock(clock?: () => Date): void {
  read = clock ?? (() => new Date())
}
