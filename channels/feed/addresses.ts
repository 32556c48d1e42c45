/** Addresses of feeds and of those who write in them. */
import { createHash } from 'node:crypto'
import { cleanName } from '#kernel/plain.ts'
import type { Handle } from '#social/channels/words.ts'

export const digest = (text: string, length: number): string => createHash('sha256').update(text).digest('hex').slice(0, length)

/** A web address, or undefined: nothing but http and https, and not longer than can be kept. */
export function webAddress(text: string | undefined, base?: string): string | undefined {
  const url = text && text.length <= 2000 ? URL.parse(text.trim(), base) : null
  return url && ['http:', 'https:'].includes(url.protocol) && url.href.length <= 2000 ? url.href : undefined
}

/** What a person typed: `feed:` before it and a missing `https://` do not matter. */
export function typedAddress(text: string): string | undefined {
  const bare = text.trim().replace(/^feed:(\/\/)?/i, '')
  return webAddress(/^https?:\/\//i.test(bare) ? bare : `https://${bare}`)
}

/** A web address as browsers write it; whatever else stays, in small letters. */
export const normalise = (address: string): string => webAddress(address) ?? address.trim().toLowerCase()

export interface Author {
  name?: string | undefined
  url?: string | undefined
}

/**
 * Who writes in a feed is known inside this feed alone, by name; without a name it is the feed itself. What a feed says of an author's address elsewhere
 * is only shown: else any feed could speak for anybody.
 */
export function writer(feed: { address: string; title: string }, author: Author | undefined): Handle {
  const name = cleanName(author?.name ?? '', 200)
  const address = shortened(feed.address)
  const url = webAddress(author?.url)
  if (!name) return { network: 'feed', address, name: feed.title || address, url: feed.address }
  return { network: 'feed', address: `${address}#${shortName(name)}`, name, ...(url && { url }) }
}

const shortened = (address: string): string => (address.length <= 300 ? address : `${new URL(address).origin}/#${digest(address, 20)}`)

function shortName(name: string): string {
  const written = encodeURIComponent(name)
  return written.length <= 150 ? written : digest(name, 20)
}
