/** A page of a feed in its three languages: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1; pages by RFC 5005. */
import { textOf } from '#kernel/plain.ts'
import { documentAt, type Format, feedAt, hubAt, types } from './addresses.ts'
import { type Entry, titleOf } from './entry.ts'
import type { Dressed } from './look.ts'
import { type Element, element, written } from './xml.ts'

export interface Leaf {
  settings: Dressed
  entries: Entry[]
  /** When anything in it changed last. */
  changedAt: Date
  /** The addresses of this page and of the older one. */
  self: string
  older?: string
}

const writers: Record<Format, (leaf: Leaf) => string> = { rss: inRss, atom: inAtom, json: inJson }

export const writtenIn = (format: Format, leaf: Leaf): string => writers[format](leaf)

/** `self` of every page is its own address; subscriptions are for the first. */
const links = (name: string, format: Format, { settings, self, older }: Leaf): Element[] => [
  element(name, { rel: 'self', type: types[format], href: self }),
  element(name, { rel: 'hub', href: hubAt(settings.path) }),
  element(name, { rel: 'first', type: types[format], href: documentAt(settings.path, format) }),
  ...(older ? [element(name, { rel: 'next', type: types[format], href: older })] : []),
]

const homeOf = ({ site, path }: Dressed): string => site || feedAt(path)

const some = (name: string, text: string | undefined): Element | undefined => (text ? element(name, {}, text) : undefined)

const present = (list: (Element | undefined)[]): Element[] => list.filter(each => each !== undefined)

function inRss(leaf: Leaf): string {
  const { settings, entries, changedAt } = leaf
  const channel = present([
    element('title', {}, settings.title),
    element('link', {}, homeOf(settings)),
    element('description', {}, settings.about || settings.title),
    some('language', settings.language),
    settings.logo ? imageOf(settings, settings.logo) : undefined,
    element('lastBuildDate', {}, changedAt.toUTCString()),
    ...links('atom:link', 'rss', leaf),
    ...entries.map(itemOf),
  ])
  return written(element('rss', { version: '2.0', 'xmlns:atom': 'http://www.w3.org/2005/Atom' }, element('channel', {}, ...channel)))
}

/** Its title and link are those of the channel, as RSS wants it. */
const imageOf = (settings: Dressed, logo: string): Element =>
  element('image', {}, element('url', {}, logo), element('title', {}, settings.title), element('link', {}, homeOf(settings)))

/** One file at most may be named by an item of RSS; pictures stand in its words besides. */
function itemOf({ id, url, title, html, at, changedAt, files: [file] }: Entry): Element {
  const parts = [
    some('title', title),
    element('link', {}, url),
    element('guid', { isPermaLink: 'false' }, id),
    element('pubDate', {}, at.toUTCString()),
    changedAt > at ? element('atom:updated', {}, changedAt.toISOString()) : undefined,
    element('description', {}, html),
    file && element('enclosure', { url: file.url, length: file.bytes, type: file.type }),
  ]
  return element('item', {}, ...present(parts))
}

function inAtom(leaf: Leaf): string {
  const { settings, entries, changedAt } = leaf
  const parts = present([
    element('id', {}, feedAt(settings.path)),
    element('title', {}, settings.title),
    some('subtitle', settings.about),
    some('icon', settings.logo),
    element('updated', {}, changedAt.toISOString()),
    element('author', {}, element('name', {}, settings.title)),
    element('link', { rel: 'alternate', type: 'text/html', href: homeOf(settings) }),
    ...links('link', 'atom', leaf),
    ...entries.map(atomEntryOf),
  ])
  return written(element('feed', { xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': settings.language || undefined }, ...parts))
}

function atomEntryOf(entry: Entry): Element {
  const { id, url, html, at, changedAt, files, language } = entry
  return element(
    'entry',
    { 'xml:lang': language },
    element('id', {}, id),
    element('title', {}, titleOf(entry, textOf(html, 1000))),
    element('link', { rel: 'alternate', type: 'text/html', href: url }),
    element('published', {}, at.toISOString()),
    element('updated', {}, changedAt.toISOString()),
    element('content', { type: 'html' }, html),
    ...files.map(file => element('link', { rel: 'enclosure', type: file.type, length: file.bytes, href: file.url, title: file.name })),
  )
}

function inJson({ settings, entries, self, older }: Leaf): string {
  const { title, about, language, path, logo } = settings
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: homeOf(settings),
    feed_url: self,
    ...(about && { description: about }),
    ...(language && { language }),
    ...(logo && { icon: logo }),
    ...(older && { next_url: older }),
    hubs: [{ type: 'WebSub', url: hubAt(path) }],
    items: entries.map(jsonItemOf),
  })
}

const jsonItemOf = ({ id, url, title, html, at, changedAt, files, language }: Entry) => ({
  id,
  url,
  ...(title && { title }),
  content_html: html,
  date_published: at.toISOString(),
  ...(changedAt > at && { date_modified: changedAt.toISOString() }),
  ...(language && { language }),
  ...(files.length && {
    attachments: files.map(file => ({ url: file.url, mime_type: file.type, title: file.name, size_in_bytes: file.bytes })),
  }),
})
