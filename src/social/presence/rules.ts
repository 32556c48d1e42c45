/** Who has not told for thirty seconds that they are here has left. */
export const hereSince = (now: Date): Date => new Date(now.getTime() - 30_000)
