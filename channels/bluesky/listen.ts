/** Listening: what the network notifies of, and what the account itself posts by other programs. */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import type { Account, Batch, Heard } from '#social/channels/words.ts'
import { named } from './called.ts'
import { XrpcError } from './client.ts'
import { collections, fromChange, recentUpTo } from './concerns.ts'
import { fromJetstream, fromRelay } from './frames.ts'
import { firstKeyAt, placeOf, posts, timeOfKey } from './names.ts'
import { type Described, download } from './pictures.ts'
import { ask } from './session.ts'
import type { Settings } from './settings.ts'
import { follow, isOpen, mark, toldSince } from './stream.ts'
import { talked } from './talk.ts'
import { fromNotification, fromOwn, type Notification, notification, type OwnRecord, ownRecord, type Read, type Self } from './translate.ts'

type On = Account<Settings>

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
  stream: mark.optional().catch(undefined),
})
export type Cursor = z.output<typeof cursorForm>

const [overlap, mostRecent] = [10 * 60_000, 400]
export const perPage = 100

/** Where a lost place is looked for: what was heard before is known by its name. */
const lost = 30 * 86_400_000

/** From now on without one; a cursor that cannot be read begins a month ago, so that nothing is lost. */
export function cursorFrom(text: string | null): Cursor {
  try {
    return cursorForm.parse(JSON.parse(text ?? ''))
  } catch {
    const start = new Date(now().getTime() - (text === null ? 0 : lost))
    return { seen: start.toISOString(), own: firstKeyAt(start), recent: [] }
  }
}

/** The next page of both and what the stream told, oldest first within each; what was told is not told again. Throws ChannelError. */
export async function since(account: On, cursor: string | null): Promise<Batch> {
  const before = cursorFrom(cursor)
  const streamed = toldSince(account, before.stream)
  const walking = mayRest(account, before) ? { read: [], next: before, more: false } : walk(account, before)
  const [walked, talk] = await Promise.all([walking, talked(account, before.chat)])
  const { read, passing } = await named(account, streamed)
  const pictured = await withPictures([...walked.read, ...read])
  const next: Cursor = {
    ...walked.next,
    ...(streamed.mark && { stream: streamed.mark }),
    ...(talk.chat !== undefined && { chat: talk.chat }),
  }
  const more = walked.more || streamed.more || talk.more
  return { heard: [...pictured, ...talk.heard], ...(passing.length && { overheard: passing }), cursor: JSON.stringify(next), more }
}

const walkedAt = new Map<string, number>()
/** While the stream is open, notifications only bring what it missed. */
const patience = 60_000

function mayRest({ id, settings }: On, { page, at }: Cursor): boolean {
  const isRecent = Date.now() - (walkedAt.get(id) ?? 0) < (settings.listensToAll ? patience : pause)
  return isOpen(id) && isRecent && page === undefined && at === undefined
}

async function walk(account: On, before: Cursor): Promise<{ read: Read[]; next: Cursor; more: boolean }> {
  const [told, own] = await Promise.all([notified(account, before), posted(account, before)])
  walkedAt.set(account.id, Date.now())
  const all = [...own.read, ...told.read].sort((one, other) => one.heard.at.getTime() - other.heard.at.getTime())
  const read = all.filter(({ heard }) => !before.recent.includes(marked(heard.remoteId)))
  const recent = [...before.recent, ...read.map(({ heard }) => marked(heard.remoteId))].slice(-mostRecent)
  return { read, next: { ...told.next, ...own.next, recent }, more: told.more || own.more }
}

const marked = (uri: string): string => createHash('sha256').update(uri).digest('base64url').slice(0, 10)

export const selfOf = ({ did, handle }: Settings): Self => ({ did, handle })

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
export async function pageOf(account: On, page: string | undefined): Promise<{ items: Notification[]; next: string | undefined }> {
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

/** A page of the account's own posts after a key: oldest first, or `down` from it (the newest without one). Only those that could be read; `isFull`: there may be more. */
export async function ownPage({ settings, memory }: Pick<On, 'settings' | 'memory'>, cursor: string | undefined, down = false) {
  const query = { repo: settings.did, collection: posts, limit: perPage, cursor, reverse: !down }
  const answer = await ask({ settings, memory }, { name: 'com.atproto.repo.listRecords', query }, records)
  return { items: recordsIn(answer.records), isFull: answer.records.length >= perPage }
}

async function posted(account: On, before: Cursor) {
  const { settings } = account
  const cursor = before.at ?? [before.own, firstKeyAt(new Date(now().getTime() - overlap))].sort()[0]!
  const { items, isFull } = await ownPage(account, cursor)
  const own = [before.own, ...items.flatMap(keyOf)].sort().at(-1)!
  const at = isFull ? items.map(({ uri }) => placeOf(uri)?.key ?? '').at(-1) : undefined
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

/** What an answer of the network holds, or a piece of one of its streams, whichever it is; for recordings. Never throws. */
export function heardIn(bytes: Uint8Array, self: Self): Heard[] {
  try {
    const answer = JSON.parse(new TextDecoder().decode(bytes)) as Record<'notifications' | 'records' | 'frames' | 'events', unknown> | null
    const list = (given: unknown): unknown[] => (Array.isArray(given) ? given : [])
    const told = notificationsIn(list(answer?.notifications)).map(each => fromNotification(each, self))
    const own = recordsIn(list(answer?.records)).map(each => fromOwn(each, self))
    const relayed = list(answer?.frames).flatMap(each => fromRelay(Buffer.from(String(each), 'base64'), collections))
    const streamed = list(answer?.events).flatMap(each => fromJetstream(JSON.stringify(each)))
    const recent = recentUpTo(1000)
    const passed = [...relayed, ...streamed].map(each => (each.is === 'change' ? fromChange(each, self, recent) : null))
    return [...told, ...own, ...passed].flatMap(each => each?.heard ?? [])
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}

// —— pictures ——

/** What one page may bring in pictures, so that nobody fills our memory or time with them; the rest is seen on the network. */
const [mostBytes, longest, atOnce] = [60_000_000, 60_000, 4]

export async function withPictures(read: Read[]): Promise<Heard[]> {
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

/** Looks every quarter of a minute, and whenever the stream tells something. */
export async function watch(account: On, news: () => void, signal: AbortSignal): Promise<void> {
  await Promise.all([looking(news, signal), follow(account, news, signal)])
}

async function looking(news: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(pause, undefined, { signal, ref: false }).catch(() => {})
    if (!signal.aborted) news()
  }
}
