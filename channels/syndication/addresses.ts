/** Where a feed of ours and what stands in it can be read. */
import { houseOrigin } from '#kernel/origin.ts'

export const formats = { rss: 'rss.xml', atom: 'atom.xml', json: 'feed.json' } as const
export type Format = keyof typeof formats

export const types: Record<Format, string> = { rss: 'application/rss+xml', atom: 'application/atom+xml', json: 'application/feed+json' }

export const feedAt = (path: string): string => `${houseOrigin()}/syndication/${path}`
export const documentAt = (path: string, format: Format): string => `${feedAt(path)}/${formats[format]}`
export const postAt = (path: string, id: string): string => `${feedAt(path)}/posts/${id}`
export const fileAt = (path: string, id: string, at: number): string => `${postAt(path, id)}/files/${at}`
export const hubAt = (path: string): string => `${feedAt(path)}/hub`

/** What a post is called for ever, wherever the house moves (RFC 9562). */
export const remoteIdOf = (id: string): string => `urn:uuid:${id}`
export const idOf = (remoteId: string): string => remoteId.replace(/^urn:uuid:/, '')
