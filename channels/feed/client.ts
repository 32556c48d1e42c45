/** Asking for a feed: politely, and with a consequence for each answer. */
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { type Answered, guardedFetch } from '#kernel/fetch.ts'
import { mostBytes } from './decode.ts'

/** By these a server knows which version we have (RFC 9110, section 13). */
export interface Version {
  etag?: string | undefined
  modified?: string | undefined
}

const accept =
  'application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1'

/** Undefined when nothing changed since that version. Throws ChannelError. */
export async function ask(url: string, version: Version = {}): Promise<Answered | undefined> {
  const headers = {
    ...(version.etag && { 'if-none-match': version.etag }),
    ...(version.modified && { 'if-modified-since': version.modified }),
  }
  const answer = await guardedFetch(url, { accept, headers, maxBytes: mostBytes, timeoutMs: 30_000 }).catch(error => {
    throw tooLarge(error)
  })
  if (answer.status === 304 && (version.etag || version.modified)) return undefined
  if (answer.status < 200 || answer.status > 299) throw faultOf(answer.status, answer.headers)
  return answer
}

const tooLarge = (error: unknown): unknown =>
  error instanceof ChannelError && error.says === 'kernel.reachTooLarge'
    ? new ChannelError('rejected', { says: 'feed.tooLarge', cause: error })
    : error

/** What the server's refusal means for us: a person must look, we wait as long as it says, or we come again later. */
export function faultOf(status: number, headers: Headers): ChannelError {
  if (status === 410) return new ChannelError('reconnect', { says: 'feed.gone' })
  if ([401, 402, 403, 407, 451].includes(status)) return new ChannelError('reconnect', { says: 'feed.closed' })
  const until = retryAfter(headers.get('retry-after'))
  if (status === 429 || (status === 503 && until)) return new ChannelError('wait', { says: 'feed.busy', ...(until && { until }) })
  return new ChannelError('down', { says: status === 404 ? 'feed.missing' : 'feed.unwell' })
}

const minute = 60_000
const day = 1440 * minute

/** Seconds or a date; at least a minute, at most a day. */
function retryAfter(said: string | null): Date | undefined {
  const text = said?.trim() ?? ''
  const at = /^\d{1,12}$/.test(text) ? now().getTime() + Number(text) * 1000 : Date.parse(text)
  if (!text || Number.isNaN(at)) return undefined
  return new Date(Math.min(now().getTime() + day, Math.max(now().getTime() + minute, at)))
}

interface Pause {
  faults: number
  until: Date
  fault: ChannelError
}

const pauses = new Map<string, Pause>()
const mostPauses = 5000

/**
 * Runs it unless the feed is left alone for now. The first two faults in a row only make us wait; from the third on the feed counts as down, and is asked
 * after ever longer pauses: 5 minutes, twice as long each time, at most 12 hours.
 */
export async function patiently<T>(url: string, run: () => Promise<T>): Promise<T> {
  const before = pauses.get(url)
  if (before && before.until > now()) throw before.fault
  try {
    const done = await run()
    pauses.delete(url)
    return done
  } catch (error) {
    throw error instanceof ChannelError ? leaveAlone(url, error, (before?.faults ?? 0) + 1) : error
  }
}

function leaveAlone(url: string, error: ChannelError, faults: number): ChannelError {
  if (error.kind !== 'down' && error.kind !== 'wait') return error
  const until = error.until ?? new Date(now().getTime() + Math.min(720 * minute, 5 * minute * 2 ** Math.min(faults - 1, 20)))
  const kind = error.kind === 'wait' || faults < 3 ? 'wait' : 'down'
  const fault = new ChannelError(kind, { says: error.says, ...(kind === 'wait' && { until }), cause: error })
  pauses.delete(url)
  if (pauses.size >= mostPauses) pauses.delete(pauses.keys().next().value!)
  pauses.set(url, { faults, until, fault })
  return fault
}

/** A person asks: now is the time. */
export const forgetPause = (url: string): unknown => pauses.delete(url)

/** How long the answer is good, in minutes: as its headers say (RFC 9111), at most a day. */
export function freshMinutes(headers: Headers): number {
  const control = /(?:^|[\s,])(?:s-maxage|max-age)=["']?(\d{1,10})/i.exec(headers.get('cache-control') ?? '')?.[1]
  const expires = Date.parse(headers.get('expires') ?? '')
  const seconds = control === undefined ? (expires - now().getTime()) / 1000 : Number(control)
  return Number.isFinite(seconds) ? Math.min(1440, Math.max(0, seconds / 60)) : 0
}
