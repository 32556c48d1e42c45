/** Hearing a feed: what is new in it and what was changed, as often as its publisher and the account allow. */
import { setImmediate as breathe } from 'node:timers/promises'
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import type { Account, Batch, Heard } from '#social/channels/words.ts'
import { digest } from './addresses.ts'
import { ask, freshMinutes, patiently, type Version } from './client.ts'
import { askHub, isPushed, lookAgain } from './hub.ts'
import { type Known, known, type Named, nameAll } from './naming.ts'
import { pushedBefore } from './pushes.ts'
import { type Feed, readFeed } from './read.ts'
import { type Relations, relationsFrom } from './relations.ts'
import type { Settings } from './settings.ts'
import { editOf, markOf, messageOf, momentOf, type Source, toldTo } from './translate.ts'

const mostHeard = 200
const mostKnown = 2000
const day = 86_400_000

const cursorForm = z.strictObject({
  /** Of which feed; another address begins anew. */
  of: z.string().max(20),
  next: z.iso.datetime(),
  /** So many minutes its publisher wants between two looks. */
  every: z.number().min(0).max(1440).optional(),
  etag: z.string().max(1000).optional(),
  modified: z.string().max(200).optional(),
  /** There is more of the document that was read last. */
  rest: z.literal(true).optional(),
  /** While a feed is read for the first time: what is older is only noted. */
  from: z.iso.datetime().optional(),
  items: known,
})
type Cursor = z.output<typeof cursorForm>

/** A cursor that cannot be read counts as none: everything is heard again, and known by its remote ids. */
function readCursor(text: string | null, url: string): Cursor | undefined {
  try {
    const cursor = cursorForm.parse(JSON.parse(text ?? ''))
    return cursor.of === digest(url, 12) ? cursor : undefined
  } catch {
    return undefined
  }
}

interface Document extends Version {
  feed: Feed
  every: number
  relations: Relations
}

/** So much longer a feed is left in peace while its hub pushes what is new. */
const calmMinutes = 360

/** What is new or changed, oldest first, at most 200 at once; nothing as long as it is not time to ask again. */
export async function since(account: Account<Settings>, text: string | null): Promise<Batch> {
  const { settings } = account
  const cursor = readCursor(text, settings.url)
  if (text && cursor && !cursor.rest && !(await isTime(account, cursor))) return { heard: [], cursor: text, more: false }
  const document = await documentOf(settings, cursor).catch(error => lookAgain(account, error))
  await askHub(account, document?.relations)
  if (!document) {
    const next = later(Math.max(settings.minutes, cursor?.every ?? 0)).toISOString()
    return { heard: [], cursor: JSON.stringify({ ...cursor, next }), more: false }
  }
  return turn(account, document, cursor)
}

/** With a hub that pushes, the feed itself is asked after a push, and otherwise rarely: a push may have been lost. */
async function isTime(account: Account<Settings>, { next }: Cursor): Promise<boolean> {
  const pushed = await isPushed(account)
  return pushed === 'now' || now() >= later(pushed === 'by itself' ? calmMinutes : 0, new Date(next))
}

const later = (minutes: number, from = now()): Date => new Date(from.getTime() + minutes * 60_000)

/** Documents of which there is more to hear, so that nobody is asked twice for the same. */
const unfinished = new Map<string, Document>()

/** Undefined when nothing changed. */
async function documentOf(settings: Settings, cursor: Cursor | undefined): Promise<Document | undefined> {
  const kept = cursor?.rest && unfinished.get(settings.url)
  return kept || patiently(settings.url, () => fetched(settings, cursor?.rest ? undefined : cursor))
}

async function fetched({ url }: Settings, version: Version | undefined): Promise<Document | undefined> {
  const answer = await ask(url, version)
  if (!answer) return undefined
  const feed = readFeed(answer.bytes, answer.headers.get('content-type') ?? undefined)
  const every = Math.max(0, Math.min(1440, feed.minutes ?? 0), freshMinutes(answer.headers))
  const [etag, modified] = [kept(answer.headers.get('etag'), 1000), kept(answer.headers.get('last-modified'), 200)]
  return { feed, every, etag, modified, relations: relationsFrom(answer.url, answer.headers.get('link'), feed) }
}

const kept = (text: string | null, most: number): string | undefined => (text && text.length <= most ? text : undefined)

async function turn(account: Account<Settings>, document: Document, cursor: Cursor | undefined): Promise<Batch> {
  const { settings } = account
  const source: Source = { address: settings.url, feed: document.feed }
  const from = cursor ? cursor.from : new Date(now().getTime() - settings.historyDays * day).toISOString()
  const read = await readOn(source, { ...(await pushedBefore(account)), ...cursor?.items }, from)
  const { etag, modified, every } = document
  const next = later(Math.max(settings.minutes, every)).toISOString()
  const about = read.rest ? { rest: true, from } : { etag, modified }
  if (read.rest) keepUnfinished(settings.url, document)
  else unfinished.delete(settings.url)
  const after: Cursor = cursorForm.parse({ of: digest(settings.url, 12), next, every, ...about, items: read.items })
  return { ...toldTo(settings, read.heard), cursor: JSON.stringify(after), more: read.rest }
}

/** As far as one turn goes. `items`: what is known after it. */
async function readOn(source: Source, before: Known, from: string | undefined): Promise<{ heard: Heard[]; items: Known; rest: boolean }> {
  const items: Known = {}
  const heard: Heard[] = []
  let rest = false
  for (const [at, each] of nameAll(source, before).entries()) {
    if (at % 20 === 19) await breathe() // A long feed is no reason for others to wait.
    const [news, after] = newsOf(source, each, before[each.key], from)
    rest ||= heard.length + news.length > mostHeard
    if (!rest) heard.push(...news)
    const noted = rest ? before[each.key] : after
    if (noted) items[each.key] = noted
  }
  return { heard, items: { ...items, ...remembered(before, items) }, rest }
}

function keepUnfinished(url: string, document: Document): void {
  if (unfinished.size >= 20) unfinished.delete(unfinished.keys().next().value!)
  unfinished.set(url, document)
}

/** Items that left the document are remembered for a while: some feeds show them again. */
const remembered = (before: Known, items: Known): Known =>
  Object.fromEntries(
    Object.entries(before)
      .filter(([key]) => !items[key])
      .slice(0, Math.max(0, mostKnown - Object.keys(items).length)),
  )

/** What there is to hear of an item, and what is known of it from then on. */
function newsOf(
  source: Source,
  { item, remoteId, place }: Named,
  before: Known[string] | undefined,
  from?: string,
): [Heard[], Known[string]] {
  const mark = markOf(source, item)
  if (before?.[0] === mark) return [[], [mark, before[1], place]]
  if (before) {
    const turn = before[1] + 1
    return [[editOf(source, item, remoteId, turn, now())], [mark, turn, place]]
  }
  const at = momentOf(item.published, now())
  const isOld = from !== undefined && (at ?? now()) < new Date(from)
  return [isOld ? [] : [{ ...messageOf(source, item, now()), remoteId }], [mark, 0, place]]
}
