/** One piece of news to one inbox: signed in the way that this server is known to take, and not at all while it rests. */
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { type Answered, guardedFetch } from '#kernel/fetch.ts'
import { activityType, faultOf } from './documents.ts'
import { day, lasting, minute } from './lasting.ts'
import type { Settings } from './settings.ts'
import { type Style, signed } from './sign.ts'

const taken = lasting<Style>(5000)
const resting = lasting<Date>(5000)

/** `gone` when nobody is there any more. Throws ChannelError: `wait` or `down` to try again, `rejected` when they do not want it. */
export async function deliver(settings: Settings, inbox: string, activity: Record<string, unknown>): Promise<'done' | 'gone'> {
  const url = new URL(inbox)
  const rests = resting.get(url.host)
  if (rests) throw new ChannelError('wait', { says: 'activitypub.wait', until: rests })
  const answer = await posted(settings, url, new TextEncoder().encode(JSON.stringify(activity)))
  if (answer.status >= 200 && answer.status < 300) return 'done'
  if (answer.status === 410) return 'gone'
  throw rested(url, faultOf(answer))
}

/** First as nearly all take it; who refuses it is asked once in the newer way, and remembered. */
async function posted(settings: Settings, url: URL, body: Uint8Array): Promise<Answered> {
  const style = taken.get(url.host) ?? 'cavage'
  const answer = await once(settings, { url, body, style })
  if (![400, 401, 403].includes(answer.status)) return answer
  const other = style === 'cavage' ? 'rfc9421' : 'cavage'
  const again = await once(settings, { url, body, style: other })
  if (again.status >= 200 && again.status < 300) taken.set(url.host, other, 7 * day)
  return again
}

async function once(settings: Settings, { url, body, style }: { url: URL; body: Uint8Array; style: Style }): Promise<Answered> {
  const headers = { 'content-type': activityType, ...signed(settings, { method: 'POST', url, body }, style) }
  try {
    return await guardedFetch(url, { method: 'POST', headers, body, redirects: 0, maxBytes: 65_536, timeoutMs: 10_000 })
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    // What has an id of its own may be said twice.
    throw rested(url, error.kind === 'unsure' ? new ChannelError('down', { says: error.says, cause: error }) : error)
  }
}

/** A server that does not answer is left alone for a while, so that it holds up no other. */
function rested({ host }: URL, fault: ChannelError): ChannelError {
  const until = fault.kind === 'wait' ? fault.until : fault.kind === 'down' ? new Date(now().getTime() + 2 * minute) : undefined
  if (until) resting.set(host, until, Math.max(1000, until.getTime() - now().getTime()))
  return fault
}
