/** Documents of others, read from where they live: signed, so that those who ask for it answer; and never believed under another's name. */
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { type Answered, guardedFetch } from '#kernel/fetch.ts'
import { isBlocked } from './blocked.ts'
import { minute } from './lasting.ts'
import { webId, withoutHash } from './names.ts'
import type { Settings } from './settings.ts'
import { signed } from './sign.ts'

export type Document = Record<string, unknown> & { id: string }

export const activityType = 'application/activity+json'
const accept = `${activityType}, application/ld+json; profile="https://www.w3.org/ns/activitystreams"`
const mostHops = 4
export const mostBytes = 1024 * 1024

/** The only types under which what is said here is believed: a file that somebody uploaded has another one (FEP-96ff). */
export function isActivityType(type: string | null): boolean {
  const [kind = '', ...more] = (type ?? '').toLowerCase().split(';')
  const isProfiled = more.some(each => each.includes('https://www.w3.org/ns/activitystreams'))
  return kind.trim() === activityType || (kind.trim() === 'application/ld+json' && isProfiled)
}

const rejected = (says: string, cause?: unknown) => new ChannelError('rejected', { says, cause })

/**
 * What lives at an id. A document that calls itself otherwise is asked for once more, where it says it lives, and must be there. Throws ChannelError:
 * `rejected` when it cannot be had or believed, `wait` or `down` when it may later.
 */
export async function documentAt(settings: Settings, id: string): Promise<Document> {
  const first = await fetched(settings, id)
  if (livesAt(first)) return first.document
  const again = await fetched(settings, first.document.id)
  if (!livesAt(again)) throw rejected('activitypub.notBelieved')
  return again.document
}

interface Fetched {
  document: Document
  url: string
}

/** One origin answers for itself only. */
const livesAt = ({ document, url }: Fetched): boolean => URL.parse(document.id)?.origin === new URL(url).origin

async function fetched(settings: Settings, id: string): Promise<Fetched> {
  const seen = new Set<string>()
  let url = allowed(settings, withoutHash(id))
  for (;;) {
    seen.add(url.href)
    const answer = await once(settings, url)
    const next = answer.headers.get('location')
    if (answer.status < 300 || answer.status > 399 || !next) return { document: read(answer), url: url.href }
    const to = URL.parse(next, url.href)
    if (!to || seen.has(to.href) || seen.size > mostHops) throw rejected('activitypub.notBelieved')
    url = allowed(settings, to.href)
  }
}

function allowed(settings: Settings, id: string): URL {
  const url = webId(id, settings)
  if (!url || isBlocked(settings, id)) throw rejected('activitypub.notBelieved')
  return url
}

const once = (settings: Settings, url: URL): Promise<Answered> =>
  guardedFetch(url, { accept, headers: signed(settings, { method: 'GET', url }), redirects: 0, maxBytes: mostBytes, timeoutMs: 8000 })

function read(answer: Answered): Document {
  if (answer.status !== 200) throw faultOf(answer)
  if (!isActivityType(answer.headers.get('content-type'))) throw rejected('activitypub.notBelieved')
  const document = jsonIn(answer.bytes)
  if (typeof document?.id !== 'string') throw rejected('activitypub.notBelieved')
  return document as Document
}

/** An object of JSON, as plain as this network writes it; undefined for everything else. */
export function jsonIn(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

const pause = ({ headers }: Pick<Answered, 'headers'>): number => {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return seconds > 0 && seconds < 86_400 ? seconds * 1000 : 15 * minute
}

/** What another server's status means for us. */
export function faultOf(answer: Pick<Answered, 'status' | 'headers'>): ChannelError {
  const { status } = answer
  if (status === 404 || status === 410) return rejected('activitypub.gone')
  if (status === 429) return new ChannelError('wait', { says: 'activitypub.wait', until: new Date(now().getTime() + pause(answer)) })
  if (status >= 500) return new ChannelError('down', { says: 'activitypub.serverTrouble' })
  return rejected('activitypub.refused')
}
