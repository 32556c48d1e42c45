/** From the network's words to ours: data to data, nothing else. What is odd about a post becomes its flaw; whatever comes, nothing is thrown. */
import { z } from 'zod'
import { cleanName, storable } from '#kernel/plain.ts'
import type { Handle, Heard, HeardMessage } from '#social/channels/words.ts'
import { htmlOf, linksIn } from './html.ts'
import { follows, isDid, isHandle, placeOf, posts, profileOf, timeOfKey, webOf } from './names.ts'
import type { Named } from './pictures.ts'

/** Something heard, and the pictures that are still to be fetched for it. */
export interface Read {
  heard: Heard
  pictures: Named[]
}

/** The account that listens. */
export interface Self {
  did: string
  handle: string
}

export const network = 'bluesky'
const uri = z.string().max(600)
const moment = z.string().max(100)

export const notification = z.object({
  uri,
  author: z.object({ did: z.string().max(300), handle: z.string().max(300).catch(''), displayName: z.string().catch('') }),
  reason: z.string().max(100),
  record: z.unknown().optional(),
  indexedAt: moment,
})
export type Notification = z.output<typeof notification>

export const ownRecord = z.object({ uri, value: z.unknown().optional() })
export type OwnRecord = z.output<typeof ownRecord>

/** Anything that a person likes or passes on; who likes what was passed on likes what was passed on, and `via` says by whom. */
export const subject = z.object({ subject: z.object({ uri }), via: z.object({ uri }).optional().catch(undefined) })
const kinds: Record<string, string> = { like: 'like', 'like-via-repost': 'like', repost: 'share', 'repost-via-repost': 'share' }

/** Null for what says nothing to us: news of the network itself, and what is no record. */
export function fromNotification(it: Notification, self: Self): Read | null {
  const at = new Date(it.indexedAt)
  const place = placeOf(it.uri)
  if (Number.isNaN(at.getTime()) || !place || place.did !== it.author.did || place.did === self.did) return null
  const [remoteId, from] = [it.uri, handleOf(it.author)]
  const kind = kinds[it.reason]
  if (kind) {
    const about = subject.safeParse(it.record).data?.subject.uri
    return about && placeOf(about) ? only({ is: 'reaction', remoteId, at, about, from, kind }) : null
  }
  if (it.reason === 'follow') return only({ is: 'follow', remoteId, at, from })
  if (!['mention', 'reply', 'quote'].includes(it.reason) || place.collection !== posts) return null
  return message(it.record, { remoteId, at, from, to: [ownHandle(self)], direction: 'in' })
}

/** A post in our own repository; null for the later parts of a text of ours, which are known with its first. */
export function fromOwn({ uri: remoteId, value }: OwnRecord, self: Self): Read | null {
  const place = placeOf(remoteId)
  if (place?.did !== self.did || place.collection !== posts) return null
  const { reply, createdAt } = post.safeParse(value).data ?? {}
  const parent = reply && placeOf(reply.parent.uri)
  if (parent?.did === self.did && follows(parent.key, place.key)) return null
  const at = new Date(createdAt ?? Number.NaN)
  const to = [parent, reply && placeOf(reply.root.uri)].find(each => each && each.did !== self.did)
  const whole = {
    remoteId,
    at: Number.isNaN(at.getTime()) ? (timeOfKey(place.key) ?? new Date(0)) : at,
    from: ownHandle(self),
    to: to ? [byDid(to.did)] : [],
  }
  return message(value, { ...whole, direction: 'out' })
}

export const only = (heard: Heard): Read => ({ heard, pictures: [] })
export const ownHandle = ({ did, handle }: Self): Handle => ({ network, address: handle, remoteId: did, url: profileOf(did) })
const byDid = (did: string): Handle => ({ network, address: did, remoteId: did, url: profileOf(did) })

/** A name that is no valid one is left out. */
export function handleOf({ did, handle, displayName }: Notification['author']): Handle {
  const address = handle.toLowerCase()
  const name = cleanName(displayName, 200)
  return { ...byDid(did), ...(isHandle(address) && address !== 'handle.invalid' && { address }), ...(name && { name }) }
}

// —— posts ——

const ref = z.object({ uri, cid: z.string().max(200).catch('') })
const picture = z.object({
  alt: z.string().catch(''),
  image: z.object({ ref: z.object({ $link: z.string().regex(/^[a-zA-Z0-9]{10,200}$/) }), mimeType: z.string().max(100) }),
})
const media = z.object({
  $type: z.string().max(200),
  images: z.array(picture).max(20).optional().catch(undefined),
  external: z
    .object({ uri: z.string().max(8000), title: z.string().catch('') })
    .optional()
    .catch(undefined),
  record: z.unknown().optional(),
})
const quoting = z.union([ref, z.object({ record: ref }).transform(({ record }) => record)])

const post = z.object({
  text: z.string().max(1_000_000),
  createdAt: moment.optional().catch(undefined),
  facets: z.unknown().optional(),
  langs: z.array(z.string().max(40)).max(20).optional().catch(undefined),
  reply: z.object({ root: ref, parent: ref }).optional().catch(undefined),
  embed: media
    .extend({ media: media.optional().catch(undefined) })
    .optional()
    .catch(undefined),
  labels: z
    .object({ values: z.array(z.unknown()).max(20) })
    .optional()
    .catch(undefined),
})
type Post = z.output<typeof post>

type Envelope = Pick<HeardMessage, 'remoteId' | 'at' | 'from' | 'to' | 'direction'>

/** A post of whomever, with the pictures that it names. */
export function message(record: unknown, envelope: Envelope): Read {
  const parsed = post.safeParse(record)
  const url = webOf(envelope.remoteId)
  const whole = { is: 'message' as const, ...envelope, copied: [], attachments: [], open: true as const, ...(url && { url }) }
  if (!parsed.success) return only({ ...whole, answers: [], text: '', flaws: ['bluesky.flawUnreadable'], original: original(record) })
  const { data } = parsed
  const parts = [data.embed, data.embed?.media].filter(each => each !== undefined)
  const html = htmlOf(data.text, data.facets)
  const hasVideo = parts.some(({ $type }) => $type === 'app.bsky.embed.video')
  const flaws = [...(hasVideo ? ['bluesky.flawVideo'] : []), ...(data.labels?.values.length ? ['bluesky.flawSensitive'] : [])]
  const heard: HeardMessage = {
    ...whole,
    answers: answersOf(data),
    text: textOf(data, parts),
    ...(html && { html }),
    // Of two that are named, nobody knows which one it is.
    ...(data.langs?.length === 1 && { language: data.langs[0]! }),
    ...(flaws.length && { flaws }),
  }
  return { heard, pictures: picturesOf(parts, placeOf(envelope.remoteId)!.did) }
}

const original = (record: unknown) => ({
  name: 'post.json',
  type: 'application/json',
  content: new TextEncoder().encode(JSON.stringify(record ?? null).slice(0, 100_000)),
})

/** What it answers, then where the conversation began, then what it quotes. */
function answersOf({ reply, embed }: Post): string[] {
  const quoted = embed && /^app\.bsky\.embed\.record(WithMedia)?$/.test(embed.$type) ? quoting.safeParse(embed.record).data?.uri : undefined
  return [...new Set([reply?.parent.uri, reply?.root.uri, quoted])].filter(
    each => each !== undefined && placeOf(each) !== undefined,
  ) as string[]
}

/** The words, and the page that is shown below them unless they lead to it themselves. */
function textOf({ text, facets }: Post, parts: z.output<typeof media>[]): string {
  const page = parts.find(({ external }) => external)?.external
  const isSaid = !page || text.includes(page.uri) || linksIn(facets).includes(page.uri)
  return storable(isSaid ? text : `${text}\n\n${[cleanName(page.title, 300), page.uri].filter(Boolean).join('\n')}`.trim())
}

const picturesOf = (parts: z.output<typeof media>[], did: string): Named[] =>
  parts
    .flatMap(({ images = [] }) => images)
    .slice(0, 10)
    .filter(() => isDid(did))
    .map(({ alt, image }) => ({ did, cid: image.ref.$link, type: image.mimeType, alt: cleanName(alt, 2000) }))
