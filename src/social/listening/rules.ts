/** A broken line is made again after one second, then twice as long each time up to five minutes, and up to half as much more by chance. */
export const pauseBefore = (tries: number, chance: number): number =>
  Math.min(300_000, 1000 * 2 ** Math.min(tries - 1, 20)) * (1 + chance / 2)
