/** Listening: what the network notifies of, and what the account itself posts by other programs. */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import type { Heard } from '#social/channels/words.ts'
import { XrpcError } from './client.ts'
import { firstKeyAt, placeOf, posts, timeOfKey } from './names.ts'
import { type Described, download } from './pictures.ts'
import { ask, type On } from './session.ts'
import type { Settings } from './settings.ts'
import { talked } from './talk.ts'
import { fromNotification, fromOwn, type Notification, notification, type OwnRecord, ownRecord, type Read, type Self } from './translate.ts'

/**
 * Notifications come newest first, so they are walked back page by page: `seen` is how far everything is heard, `top` where the walk began, `page` where
 * it stands. `chat` is the mark of direct messages. Own posts come oldest first, by their keys: `own` is the newest one heard, `at` where a walk stands. What was heard within the last minutes is looked at again, as both may come late; `recent`
 * names it, so that it is not told again.
 */
const cursorForm = z.object({
  seen: z.iso.datetime(),
  top: z.iso.datetime().optional(),
  page: z.string().max(2000).optional(),
  own: z.string().max(20),
  at: z.string().max(600).optional(),
  recent: z.array(z.string().max(20)).max(400),
  chat: z.string().max(200).optional(),
})
export type Cursor = z.output<typeof cursorForm>

const [overlap, mostRecent, perPage] = [10 * 60_000, 400, 100]

/** A cursor that cannot be read begins anew, as far back as the account asks. */
export function cursorFrom(text: string | null, { historyDays }: Pick<Settings, 'historyDays'>): Cursor {
  try {
    return cursorForm.parse(JSON.parse(text ?? ''))
  } catch {
    const start = new Date(now().getTime() - historyDays * 86_400_000)
    return { seen: start.toISOString(), own: firstKeyAt(start), recent: [] }
  }
}

/** The next page of both, oldest first within it; what was told is not told again. Throws ChannelError. */
export async function since(account: On, cursor: string | null): Promise<{ heard: Heard[]; cursor: string; more: boolean }> {
  const { settings } = account
  const before = cursorFrom(cursor, settings)
  const [told, own, talk] = await Promise.all([notified(account, before), posted(account, before), talked(account, before.chat)])
  const all = [...own.read, ...told.read].sort((one, other) => one.heard.at.getTime() - other.heard.at.getTime())
  const fresh = all.filter(({ heard }) => !before.recent.includes(marked(heard.remoteId)))
  const recent = [...before.recent, ...fresh.map(({ heard }) => marked(heard.remoteId))].slice(-mostRecent)
  const next: Cursor = { ...told.next, ...own.next, recent, ...(talk.chat !== undefined && { chat: talk.chat }) }
  const heard = [...(await withPictures(fresh)), ...talk.heard]
  return { heard, cursor: JSON.stringify(next), more: told.more || own.more || talk.more }
}

const marked = (uri: string): string => createHash('sha256').update(uri).digest('base64url').slice(0, 10)

const selfOf = ({ did, handle }: Settings): Self => ({ did, handle })

// —— what the network notifies of ——

const notifications = z.object({ notifications: z.array(z.unknown()).max(1000), cursor: z.string().max(2000).optional() })

async function notified(account: On, before: Cursor) {
  const { items, next } = await pageOf(account, before.page)
  const floor = new Date(Date.parse(before.seen) - overlap)
  const isNew = ({ indexedAt }: Notification) => !(new Date(indexedAt) <= floor)
  const read = items.filter(isNew).flatMap(each => fromNotification(each, selfOf(account.settings)) ?? [])
  const top = before.top ?? items.find(isNew)?.indexedAt
  const more = next !== undefined && items.length > 0 && items.every(isNew)
  return { read, more, next: more ? { seen: before.seen, top: moment(top), page: next } : { seen: later(before.seen, moment(top)) } }
}

const later = (one: string, other: string | undefined): string => (other && other > one ? other : one)

/** A time as we write it; undefined for none, and now for one that lies ahead. */
function moment(text: string | undefined): string | undefined {
  const at = Date.parse(text ?? '')
  return Number.isNaN(at) ? undefined : new Date(Math.min(at, now().getTime())).toISOString()
}

/** A page that the network has forgotten is looked for from the newest on. */
async function pageOf(account: On, page: string | undefined): Promise<{ items: Notification[]; next: string | undefined }> {
  const query = { limit: perPage, cursor: page }
  try {
    const answer = await ask(account, { name: 'app.bsky.notification.listNotifications', query }, notifications)
    return { items: notificationsIn(answer.notifications), next: answer.cursor }
  } catch (error) {
    if (page === undefined || !(error instanceof XrpcError) || error.kind !== 'rejected') throw error
    return pageOf(account, undefined)
  }
}

const notificationsIn = (list: unknown[]): Notification[] => list.flatMap(each => notification.safeParse(each).data ?? [])

// —— what the account posts by other programs ——

const records = z.object({ records: z.array(z.unknown()).max(1000) })

async function posted(account: On, before: Cursor) {
  const { settings } = account
  const cursor = before.at ?? [before.own, firstKeyAt(new Date(now().getTime() - overlap))].sort()[0]!
  const query = { repo: settings.did, collection: posts, limit: perPage, cursor, reverse: true }
  const answer = await ask(account, { name: 'com.atproto.repo.listRecords', query }, records)
  const items = recordsIn(answer.records)
  const own = [before.own, ...items.flatMap(keyOf)].sort().at(-1)!
  const at = answer.records.length < perPage ? undefined : items.map(({ uri }) => placeOf(uri)?.key ?? '').at(-1)
  const more = at !== undefined && at > cursor
  return { read: items.flatMap(each => fromOwn(each, selfOf(settings)) ?? []), more, next: { own, ...(more && { at }) } }
}

const recordsIn = (list: unknown[]): OwnRecord[] => list.flatMap(each => ownRecord.safeParse(each).data ?? [])

/** Only keys that are moments count, and none that lies ahead: else nothing after it would be heard. */
function keyOf({ uri }: OwnRecord): string[] {
  const key = placeOf(uri)?.key ?? ''
  const at = timeOfKey(key)
  return at && at <= now() ? [key] : []
}

/** What an answer of the network holds, whichever of the two it is; for recordings. Never throws. */
export function heardIn(bytes: Uint8Array, self: Self): Heard[] {
  try {
    const answer = JSON.parse(new TextDecoder().decode(bytes)) as { notifications?: unknown; records?: unknown } | null
    const list = (given: unknown): unknown[] => (Array.isArray(given) ? given : [])
    const told = notificationsIn(list(answer?.notifications)).map(each => fromNotification(each, self))
    const own = recordsIn(list(answer?.records)).map(each => fromOwn(each, self))
    return [...told, ...own].flatMap(each => each?.heard ?? [])
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}

// —— pictures ——

/** What one page may bring in pictures, so that nobody fills our memory or time with them; the rest is seen on the network. */
const [mostBytes, longest, atOnce] = [60_000_000, 60_000, 4]

async function withPictures(read: Read[]): Promise<Heard[]> {
  const heard: Heard[] = []
  const left = { bytes: mostBytes, until: Date.now() + longest }
  for (let at = 0; at < read.length; at += atOnce)
    heard.push(...(await Promise.all(read.slice(at, at + atOnce).map(each => whole(each, left)))))
  return heard
}

async function whole({ heard, pictures }: Read, left: { bytes: number; until: number }): Promise<Heard> {
  if (heard.is !== 'message' || pictures.length === 0) return heard
  const attachments: Described[] = []
  for (const [at, picture] of pictures.entries()) {
    const file = left.bytes > 0 && Date.now() < left.until ? await download(picture, at) : undefined
    left.bytes -= file?.content.length ?? 0
    if (file) attachments.push(file)
  }
  const isWhole = attachments.length === pictures.length
  return { ...heard, attachments, ...(!isWhole && { flaws: [...(heard.flaws ?? []), 'bluesky.flawPicture'] }) }
}

// —— news ——

/** Two requests each time, of the 3,000 that an address may make in five minutes. */
const pause = 15_000

/** Looks every quarter of a minute. */
export async function watch(_account: On, news: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(pause, undefined, { signal, ref: false }).catch(() => {})
    if (!signal.aborted) news()
  }
}
