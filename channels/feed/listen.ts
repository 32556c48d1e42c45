/** Hearing a feed: what is new in it and what was changed, as often as its publisher and the account allow. */
import { setImmediate as breathe } from 'node:timers/promises'
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import type { Account, Heard } from '#social/channels/words.ts'
import { digest } from './addresses.ts'
import { ask, freshMinutes, patiently, type Version } from './client.ts'
import { type Feed, type Item, readFeed } from './read.ts'
import type { Settings } from './settings.ts'
import { editOf, linkOf, markOf, messageOf, momentOf, remoteIdOf, type Source } from './translate.ts'

const mostHeard = 200
const mostKnown = 2000
const day = 86_400_000

/** Of each item: its mark, how often it was changed, and where it stood; by the digest of its remote id. */
const known = z.tuple([z.string().max(20), z.int().min(0), z.string().max(20)])
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
  items: z.record(z.string().max(20), known),
})
type Cursor = z.output<typeof cursorForm>
type Known = Cursor['items']

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
}

type Turn = { heard: Heard[]; cursor: string; more: boolean }

/** What is new or changed, oldest first, at most 200 at once; nothing as long as it is not time to ask again. */
export async function since({ settings }: Account<Settings>, text: string | null): Promise<Turn> {
  const { url } = settings
  const cursor = readCursor(text, url)
  if (text && cursor && !cursor.rest && now() < new Date(cursor.next)) return { heard: [], cursor: text, more: false }
  const document = await documentOf(settings, cursor)
  if (!document) {
    const next = later(Math.max(settings.minutes, cursor?.every ?? 0)).toISOString()
    return { heard: [], cursor: JSON.stringify({ ...cursor, next }), more: false }
  }
  return turn(settings, document, cursor)
}

const later = (minutes: number): Date => new Date(now().getTime() + minutes * 60_000)

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
  return { feed, every, etag, modified }
}

const kept = (text: string | null, most: number): string | undefined => (text && text.length <= most ? text : undefined)

async function turn(settings: Settings, document: Document, cursor: Cursor | undefined): Promise<Turn> {
  const source: Source = { address: settings.url, feed: document.feed }
  const from = cursor ? cursor.from : new Date(now().getTime() - settings.historyDays * day).toISOString()
  const read = await readOn(source, cursor?.items ?? {}, from)
  const { etag, modified, every } = document
  const next = later(Math.max(settings.minutes, every)).toISOString()
  const about = read.rest ? { rest: true, from } : { etag, modified }
  if (read.rest) keepUnfinished(settings.url, document)
  else unfinished.delete(settings.url)
  const after: Cursor = cursorForm.parse({ of: digest(settings.url, 12), next, every, ...about, items: read.items })
  return { heard: read.heard, cursor: JSON.stringify(after), more: read.rest }
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

interface Named {
  item: Item
  remoteId: string
  key: string
  place: string
}

/**
 * The oldest first. An id that several items of a document share tells only the first of them, and the one that is known by it; the others are known by
 * their address as well. Of the same item twice the first in the document counts.
 */
function nameAll(source: Source, before: Known): Named[] {
  const all = inOrder(source.feed.items.map(item => nameOf(source, item)))
  const shared = Map.groupBy(all, each => each.key)
  const named = new Map<string, Named>()
  for (const each of all) {
    const twins = shared.get(each.key)!
    const holder = twins.find(({ place }) => place === before[each.key]?.[2]) ?? twins[0]!
    const isApart = holder.place !== each.place || before[keyOf(apart(each))] !== undefined
    const own = isApart ? { ...each, ...renamed(each) } : each
    named.set(own.key, own)
  }
  return [...named.values()]
}

const keyOf = (remoteId: string): string => digest(remoteId, 12)
const apart = ({ remoteId, place }: Named): string => `${remoteId.slice(0, 480)}#${place}`
const renamed = (each: Named) => ({ remoteId: apart(each), key: keyOf(apart(each)) })

function nameOf(source: Source, item: Item): Named {
  const remoteId = remoteIdOf(source, item)
  const place = digest(linkOf(source.address, source.feed, item) ?? '', 8)
  return { item, remoteId, key: keyOf(remoteId), place }
}

/** By their dates; one without a date stays beside the one after it in the document. */
function inOrder(all: Named[]): Named[] {
  let last = 0
  return all
    .toReversed()
    .map(each => {
      last = momentOf(each.item.published, now())?.getTime() ?? last
      return { each, at: last }
    })
    .sort((one, other) => one.at - other.at)
    .map(({ each }) => each)
}

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
