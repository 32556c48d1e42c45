/** A broken line is made again after one second, then twice as long each time up to five minutes, and up to half as much more by chance. */
export const pauseBefore = (tries: number, chance: number): number =>
  Math.min(300_000, 1000 * 2 ** Math.min(tries - 1, 20)) * (1 + chance / 2)

/** How much of the history is there: by number where the network says how many there are, else by time, newest first; null while nobody knows. */
export function shareOfHistory(it: { done: number; total?: number; oldest: number; from: Date; began: Date }): number | null {
  if (it.total) return Math.min(1, it.done / it.total)
  const whole = it.began.getTime() - it.from.getTime()
  return Number.isFinite(it.oldest) && whole > 0 ? Math.max(0, Math.min(1, (it.began.getTime() - it.oldest) / whole)) : null
}
