/** RSS, RDF, Atom and JSON Feed as one kind of document. */
import { createRequire } from 'node:module'
import type { parseFeed } from 'feedsmith'
import { ChannelError } from '#kernel/errors.ts'
import { whenNeeded } from '#kernel/needed.ts'
import type { Author } from './addresses.ts'
import { decode } from './decode.ts'
import { type Relations, relationsOf } from './relations.ts'
import { isSound } from './sound.ts'

/** A file that an item names; it is never fetched. */
export interface Enclosure {
  url: string
  type?: string | undefined
  bytes?: number | undefined
}

export interface Item {
  id?: string | undefined
  url?: string | undefined
  title: string
  html?: string | undefined
  text?: string | undefined
  author?: Author | undefined
  published?: string | undefined
  updated?: string | undefined
  answers: string[]
  files: Enclosure[]
}

export interface Feed extends Relations {
  title: string
  site?: string | undefined
  /** How long its publisher asks us to wait before we come again. */
  minutes?: number | undefined
  /** In the order of the document, which is usually the newest first. */
  items: Item[]
  doubtful: boolean
}

const mostItems = 1000

const feedsmith = whenNeeded(() => createRequire(import.meta.url)('feedsmith') as typeof import('feedsmith'))

/**
 * Throws ChannelError: `rejected` for what is never read (entities), `down` for what may be well again tomorrow: half a document, a page instead of a feed.
 */
export function readFeed(bytes: Uint8Array, contentType?: string): Feed {
  const { text, doubtful } = decode(bytes, contentType)
  const begins = beginning(text)
  if (begins === 'page') throw new ChannelError('down', { says: 'feed.notFeed' })
  if (begins === 'doctype') throw new ChannelError('rejected', { says: 'feed.doctype' })
  if ((text.includes('<') && !isWhole(text)) || !isSound(text)) throw new ChannelError('down', { says: 'feed.unreadable' })
  return { ...parsed(text), doubtful }
}

/** What comes first after marks, instructions and comments. A document type may bring entities, and no feed of today needs one. */
function beginning(text: string): 'page' | 'doctype' | 'other' {
  let at = 0
  for (;;) {
    while (at < text.length && /[\s\ufeff]/.test(text[at]!)) at++
    const end = text.startsWith('<?', at) ? '?>' : text.startsWith('<!--', at) ? '-->' : undefined
    if (!end) break
    const found = text.indexOf(end, at)
    if (found < 0) break
    at = found + end.length
  }
  const first = text.slice(at, at + 30).toLowerCase()
  if (/^<(!doctype html|html|head|body)\b/.test(first)) return 'page'
  return first.startsWith('<!') ? 'doctype' : 'other'
}

/** The parser overlooks what is missing at the end, and half a feed would be taken for a shorter one. */
const isWhole = (text: string): boolean => {
  const end = text.slice(-20_000).trimEnd()
  return end.endsWith('}') || /<\/(?:[\w.-]{1,40}:)?(?:rss|feed|rdf)\s{0,20}>/i.test(end)
}

function parsed(text: string): Omit<Feed, 'doubtful'> {
  try {
    const found = feedsmith().parseFeed(text, { maxItems: mostItems })
    if (found.format === 'rss') return ofRss(found.feed)
    if (found.format === 'rdf') return ofRdf(found.feed)
    return found.format === 'atom' ? ofAtom(found.feed) : ofJson(found.feed)
  } catch (cause) {
    // Whatever the parser stumbles over is a fault of the document; ours it cannot be told from.
    throw new ChannelError('down', { says: cause instanceof feedsmith().DetectError ? 'feed.notFeed' : 'feed.unreadable', cause })
  }
}

type Parsed = ReturnType<typeof parseFeed<string>>
type FeedOf<F extends Parsed['format']> = Extract<Parsed, { format: F }>['feed']

const ofRss = (feed: FeedOf<'rss'>): Omit<Feed, 'doubtful'> => ({
  title: feed.title ?? '',
  site: feed.link,
  minutes: feed.ttl ?? everyMinutes(feed.sy),
  ...relationsOf(feed.atom?.links),
  items: (feed.items ?? []).map(item => ({
    id: item.guid?.value ?? item.atom?.id,
    url: item.link ?? permanent(item.guid),
    title: item.title ?? '',
    html: item.content?.encoded ?? item.description,
    author: personOf(item.authors?.[0]) ?? named(item.dc?.creators?.[0]),
    published: item.pubDate ?? item.dc?.dates?.[0],
    updated: item.atom?.updated,
    answers: answersOf(item.thr),
    files: (item.enclosures ?? []).flatMap(each => fileOf(each.url, each.type, each.length)),
  })),
})

const ofRdf = (feed: FeedOf<'rdf'>): Omit<Feed, 'doubtful'> => ({
  title: feed.title ?? '',
  site: feed.link,
  minutes: everyMinutes(feed.sy),
  ...relationsOf(feed.atom?.links),
  items: (feed.items ?? []).map(item => ({
    id: item.rdf?.about,
    url: item.link,
    title: item.title ?? '',
    html: item.content?.encoded ?? item.description,
    author: named(item.dc?.creators?.[0]),
    published: item.dc?.dates?.[0],
    answers: [],
    files: [],
  })),
})

const ofAtom = (feed: FeedOf<'atom'>): Omit<Feed, 'doubtful'> => ({
  title: feed.title?.value ?? '',
  site: linkOf(feed.links),
  minutes: everyMinutes(feed.sy),
  ...relationsOf(feed.links),
  items: (feed.entries ?? []).map(entry => {
    const body = entry.content?.value ? entry.content : entry.summary
    const author = entry.authors?.[0] ?? entry.source?.authors?.[0] ?? feed.authors?.[0]
    return {
      id: entry.id,
      url: linkOf(entry.links) ?? entry.content?.src,
      title: entry.title?.value ?? '',
      ...(/html/i.test(body?.type ?? '') ? { html: body?.value } : { text: body?.value }),
      author: author && { name: author.name ?? author.email, url: author.uri },
      published: entry.published ?? entry.updated,
      updated: entry.updated,
      answers: answersOf(entry.thr),
      files: (entry.links ?? []).filter(each => each.rel === 'enclosure').flatMap(each => fileOf(each.href, each.type, each.length)),
    }
  }),
})

const ofJson = (feed: FeedOf<'json'>): Omit<Feed, 'doubtful'> => ({
  title: feed.title ?? '',
  site: feed.home_page_url,
  hubs: (feed.hubs ?? []).flatMap(hub => (hub.type?.toLowerCase() === 'websub' ? (hub.url ?? []) : [])),
  self: feed.feed_url,
  older: feed.next_url,
  items: (feed.items ?? []).map(item => ({
    id: item.id,
    url: item.url ?? item.external_url,
    title: item.title ?? '',
    html: item.content_html,
    text: item.content_text ?? item.summary,
    author: item.authors?.[0] ?? feed.authors?.[0],
    published: item.date_published ?? item.date_modified,
    updated: item.date_modified,
    answers: [],
    files: (item.attachments ?? []).flatMap(each => fileOf(each.url, each.mime_type, each.size_in_bytes)),
  })),
})

/** Without a link, an id that is an address is one, unless it says that it is none. */
const permanent = (guid: { value?: string | undefined; isPermaLink?: boolean | undefined } | undefined): string | undefined =>
  guid?.isPermaLink !== false && /^https?:/i.test(guid?.value ?? '') ? guid?.value : undefined

const linkOf = (links: { href?: string | undefined; rel?: string | undefined }[] | undefined): string | undefined =>
  links?.find(each => !each.rel || each.rel === 'alternate')?.href

const named = (name: string | undefined): Author | undefined => (name ? { name } : undefined)

const personOf = (person: { name?: string; email?: string; link?: string } | undefined): Author | undefined =>
  person && (person.name ?? person.email) ? { name: person.name ?? person.email, url: person.link } : undefined

const answersOf = (it: { inReplyTos?: { ref?: string | undefined }[] } | undefined): string[] =>
  (it?.inReplyTos ?? []).flatMap(({ ref }) => ref ?? []).slice(0, 20)

const fileOf = (url: string | undefined, type: string | undefined, bytes: number | undefined): Enclosure[] =>
  url ? [{ url, type, bytes }] : []

const periods = { hourly: 60, daily: 1440, weekly: 10_080, monthly: 43_200, yearly: 525_600 } as const

/** The syndication module's way to say how often a feed changes. */
function everyMinutes(sy: { updatePeriod?: string; updateFrequency?: number } | undefined): number | undefined {
  const period = periods[sy?.updatePeriod as keyof typeof periods]
  return period && period / Math.max(1, sy?.updateFrequency ?? 1)
}
