/** Limits are kept before they are hit: what is left of each allowance is read from every answer, and nobody asks again before it is renewed. */
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import type { Answered } from '#kernel/fetch.ts'
import type { Quota } from '#social/channels/words.ts'

const known = new Map<string, { remaining: number; of: number | undefined; until: number }>()
const mostKnown = 10_000
const [second, day] = [1000, 86_400_000]
/** The window of most of a server's limits, for when it does not say. */
const window = 5 * 60 * second

/** Throws ChannelError `wait` while nothing is left of the allowance. */
export function honour(allowance: string): void {
  const it = known.get(allowance)
  if (!it) return
  if (it.until <= now().getTime()) return void known.delete(allowance)
  if (it.remaining < 1) throw new ChannelError('wait', { says: 'mastodon.wait', until: new Date(it.until) })
  it.remaining--
}

/** Remembers what an answer says of its allowance; 429 means that nothing is left, whatever else it says. */
export function note(allowance: string, { status, headers }: Pick<Answered, 'status' | 'headers'>): void {
  const said = headers.get('x-ratelimit-remaining') ?? ''
  if (status !== 429 && !/^\d{1,9}$/.test(said)) return
  const most = headers.get('x-ratelimit-limit') ?? ''
  const of = /^\d{1,9}$/.test(most) ? Number(most) : known.get(allowance)?.of
  known.delete(allowance)
  known.set(allowance, { remaining: status === 429 ? 0 : Number(said), of, until: untilOf(headers).getTime() })
  if (known.size > mostKnown) known.delete(known.keys().next().value!)
}

/** What is left of it, as the server last said; null when it did not, or it was renewed since. */
export function leftOf(allowance: string): Quota | null {
  const it = known.get(allowance)
  if (!it || it.until <= now().getTime()) return null
  return { left: it.remaining, ...(it.of !== undefined && { of: it.of }), until: new Date(it.until) }
}

/** When the allowance is renewed, within a second and a day. The server's clock may be another one than ours: its own `Date` says how long it means. */
export function untilOf(headers: Headers): Date {
  const at = now().getTime()
  const clock = Date.parse(headers.get('date') ?? '') || at
  const after = headers.get('retry-after') ?? ''
  const moment = Date.parse(after) || Date.parse(headers.get('x-ratelimit-reset') ?? '')
  const pause = /^\d{1,9}$/.test(after) ? Number(after) * second : Number.isNaN(moment) ? window : moment - clock
  return new Date(at + Math.min(day, Math.max(second, pause)))
}
