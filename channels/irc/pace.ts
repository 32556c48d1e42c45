/** How fast we may speak. */

const each = 2000
const ahead = 10_000

/** When the next line may go: each costs two seconds, and nobody may be more than ten ahead (RFC 1459, 8.10); so five go at once, then one every two seconds. */
export function nextAt(clock: number, now: number): { clock: number; wait: number } {
  const counted = Math.max(clock, now) + each
  return { clock: counted, wait: Math.max(0, counted - now - ahead) }
}
