/** Limits are kept before they are hit: what is left of each allowance is read from every answer, and nobody asks again before it is renewed. */
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import type { Answered } from '#kernel/fetch.ts'
import type { Quota } from '#social/channels/words.ts'

interface Allowance {
  remaining: number
  of: number | undefined
  until: number
}

const known = new Map<string, Allowance>()
const mostKnown = 10_000
const day = 86_400_000

/** Throws ChannelError `wait` while the allowance has fewer points left than it takes. */
export function honour(allowance: string, points: number): void {
  const it = known.get(allowance)
  if (!it) return
  if (it.until <= now().getTime()) return void known.delete(allowance)
  if (it.remaining < points) throw new ChannelError('wait', { says: 'bluesky.wait', until: new Date(it.until) })
  it.remaining -= points
}

/** Remembers what an answer says of its allowance; 429 means that nothing is left, whatever else it says. */
export function note(allowance: string, { status, headers }: Pick<Answered, 'status' | 'headers'>): void {
  const remaining = status === 429 ? 0 : numberIn(headers, 'ratelimit-remaining')
  if (remaining === undefined) return
  const of = numberIn(headers, 'ratelimit-limit') ?? known.get(allowance)?.of
  known.delete(allowance)
  known.set(allowance, { remaining, of, until: untilOf(headers, now()).getTime() })
  if (known.size > mostKnown) known.delete(known.keys().next().value!)
}

/** Of all allowances of one payer, the one of which the least is left. */
export function leastOf(payer: string): Quota | null {
  const at = now().getTime()
  const mine = [...known].flatMap(([name, it]) => (name.startsWith(`${payer} `) && it.until > at ? [it] : []))
  const [least] = mine.sort((one, other) => shareOf(one) - shareOf(other))
  return least ? { left: least.remaining, ...(least.of !== undefined && { of: least.of }), until: new Date(least.until) } : null
}

const shareOf = ({ remaining, of }: Allowance): number => remaining / (of || 3000)

/**
 * When the allowance is renewed. The server's clock may be another one than ours: its own `Date` says how long it means. Without a word it is a minute,
 * never less than a second, and never more than a day.
 */
export function untilOf(headers: Headers, at: Date): Date {
  const after = headers.get('retry-after') ?? ''
  const clock = Date.parse(headers.get('date') ?? '') || at.getTime()
  const reset = numberIn(headers, 'ratelimit-reset')
  const seconds = /^\d{1,9}$/.test(after) ? Number(after) * 1000 : after ? Date.parse(after) - clock : Number.NaN
  const pause = Number.isNaN(seconds) ? (reset === undefined ? 60_000 : reset * 1000 - clock) : seconds
  return new Date(at.getTime() + Math.min(day, Math.max(1000, pause)))
}

function numberIn(headers: Headers, name: string): number | undefined {
  const text = headers.get(name) ?? ''
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined
}
