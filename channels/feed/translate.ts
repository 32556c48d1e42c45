/** From items of a feed to what the house understands: data to data. */
import { cleanName, cleanText, cut, storable, textOf } from '#kernel/plain.ts'
import type { Batch, Heard, HeardEdit, HeardMessage, Overheard } from '#social/channels/words.ts'
import { digest, webAddress, writer } from './addresses.ts'
import type { Enclosure, Feed, Item } from './read.ts'
import type { Settings } from './settings.ts'

const mostText = 900_000
const mostHtml = 2_000_000

/** The feed that an item stands in. */
export interface Source {
  address: string
  feed: Feed
}

/**
 * What an item is called: by this feed, and in it by its id, else by its address, else by its words. A feed can so neither take nor change what another
 * one said, whatever ids it writes.
 */
export const remoteIdOf = ({ address, feed }: Source, item: Item): string =>
  remoteId(address, item.id?.trim() || linkOf(address, feed, item) || wordsOf(item))

const remoteId = (address: string, id: string): string => {
  const whole = cleanName(storable(id), 2000)
  return `${digest(address, 12)}:${whole && whole.length <= 480 ? whole : digest(id, 40)}`
}

const wordsOf = (item: Item): string => `sha256:${digest([item.title, item.html, item.text].join('\n'), 40)}`

/** Where an item can be read; addresses may be written from the site or from the feed on. */
export const linkOf = (address: string, feed: Feed, item: Item): string | undefined =>
  item.url === undefined ? undefined : webAddress(item.url, webAddress(feed.site, address) ?? address)

/** By this one sees that an item was changed: its words and its files, not the tags around them. */
export const markOf = (source: Source, item: Item): string => {
  const { subject, text } = said(source, item)
  return digest(`${subject ?? ''}\n${text}`, 12)
}

export function messageOf(source: Source, item: Item, now: Date): HeardMessage {
  const at = momentOf(item.published, now)
  const url = linkOf(source.address, source.feed, item)
  const flaws = [
    ...(at ? [] : ['feed.flawDate']),
    ...(source.feed.doubtful ? ['feed.flawCharset'] : []),
    ...(isLong(item) ? ['feed.flawCut'] : []),
  ]
  return {
    is: 'message',
    remoteId: remoteIdOf(source, item),
    direction: 'in',
    at: at ?? now,
    from: fromOf(source, item),
    to: [],
    copied: [],
    answers: item.answers.map(each => remoteId(source.address, each)),
    ...said(source, item),
    attachments: [],
    ...(flaws.length && { flaws }),
    open: true,
    ...(url && { url }),
  }
}

/** The `turn`-th change that we saw of an item. */
export const editOf = (source: Source, item: Item, about: string, turn: number, now: Date): HeardEdit => ({
  is: 'edit',
  remoteId: `${about.length <= 480 ? about : digest(about, 40)}#${turn}-${markOf(source, item)}`,
  at: momentOf(item.updated, now) ?? now,
  about,
  from: fromOf(source, item),
  ...said(source, item),
})

/** Whoever only listens for some words has no conversation of it. */
export const toldTo = ({ onlyMonitors }: Pick<Settings, 'onlyMonitors'>, heard: Heard[]): Pick<Batch, 'heard' | 'overheard'> =>
  onlyMonitors ? { heard: [], overheard: overheardOf(heard) } : { heard }

/** The same as it passes by: title and words are one text, and who only listens for some words makes nothing else of it. */
const overheardOf = (heard: Heard[]): Overheard[] =>
  heard.flatMap(each => {
    if (each.is !== 'message' && each.is !== 'edit') return []
    const { at, from, subject, text } = each
    const whole = { at, from, text: subject && !text.startsWith(subject) ? `${subject}\n\n${text}` : text }
    if (each.is === 'edit') return { ...whole, remoteId: each.about, changed: true as const }
    return { ...whole, remoteId: each.remoteId, ...(each.url && { url: each.url }), ...(each.answers[0] && { answers: each.answers[0] }) }
  })

const fromOf = ({ address, feed }: Source, item: Item) => writer({ address, title: cleanName(feed.title) }, item.author)

function said(source: Source, item: Item): { subject?: string; text: string; html?: string } {
  const subject = cleanName(plain(item.title.slice(0, 5000)), 990)
  const files = item.files.slice(0, 50).flatMap(file => link(source, file))
  const words = cleanText(item.html === undefined ? (item.text ?? '') : textOf(item.html.slice(0, mostHtml), mostText))
  const text = [cut(words.trim(), mostText) || subject, ...(files.length ? [files.map(inWords).join('\n')] : [])]
    .filter(Boolean)
    .join('\n\n')
  const html = item.html?.trim() ? `${cut(storable(item.html), mostHtml)}${inHtml(files)}` : undefined
  return { ...(subject && { subject }), text, ...(html && { html }) }
}

/** Titles are written as text, as HTML, and as either in the other. */
const plain = (title: string): string => (/[<&]/.test(title) ? textOf(title, 2000) : title)

const isLong = ({ html = '', text = '' }: Item): boolean => html.length > mostHtml || text.length > mostText

interface Link {
  url: string
  about: string
}

/** Files stay where they are: a feed may name a film of any size. */
function link({ address }: Source, { url, type, bytes }: Enclosure): Link[] {
  const whole = webAddress(url, address)
  const about = [/^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(type ?? '') ? type : '', bytes && bytes > 0 ? sizeOf(bytes) : '']
    .filter(Boolean)
    .join(', ')
  return whole ? [{ url: whole, about }] : []
}

const sizeOf = (bytes: number): string => (bytes >= 100_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${Math.ceil(bytes / 1000)} kB`)
const inWords = ({ url, about }: Link): string => (about ? `${url} (${about})` : url)
const inHtml = (links: Link[]): string =>
  links.map(({ url, about }) => `<p><a href="${escaped(url)}">${escaped(url)}</a>${about && ` (${about})`}</p>`).join('')
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')

const day = 86_400_000

/** A moment before the web, or later than tomorrow, is none; one of today that is still to come is now. */
export function momentOf(text: string | undefined, now: Date): Date | undefined {
  const at = Date.parse((text ?? '').trim())
  if (Number.isNaN(at) || at < Date.UTC(1991, 0) || at > now.getTime() + day) return undefined
  return new Date(Math.min(at, now.getTime()))
}
