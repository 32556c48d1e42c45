/**
 * In another thread: pieces of the network's streams are read once, what concerns our account is handed on as it was told, and of all other posts only what
 * fits something that somebody listens for. Of a post that fits nothing, nothing is made but what its reading makes.
 */
import type { HeardMessage, Overheard, Post } from '#social/channels/words.ts'
import { fromChange, recentUpTo } from './concerns.ts'
import { type Change, fromJetstream, fromRelay, type Told } from './frames.ts'
import { linksIn } from './html.ts'
import { isDid, placeOf, posts, timeOfKey, uriOf } from './names.ts'
import { handleOf, message, network } from './translate.ts'

export interface Given {
  /** Our account's. */
  did: string
  isJetstream: boolean
  collections: readonly string[]
  /** How those are called whom somebody listens for by their handle, by their DID. */
  called?: Record<string, string>
}

/** `told` concerns our account, or may; `post` fits what somebody listens for. In the order of the stream. */
export type Kept = { bytes: number; told: Told } | { bytes: number; position: number; post: Overheard }

export interface Sifted {
  kept: Kept[]
  /** Where the stream stands behind them, and where it stood at the first; undefined where nothing could be read. */
  position: number | undefined
  first: number | undefined
}

type Fits = (post: Post) => boolean

/** All pieces of one go. Whatever they hold, nothing is thrown. */
export function sift(pieces: Uint8Array[], given: Given, fits: Fits): Sifted {
  const own = Buffer.from(given.did)
  const wanted = new Set(given.collections)
  const all: Sifted = { kept: [], position: undefined, first: undefined }
  for (const piece of pieces) {
    const isOurs = Buffer.from(piece.buffer, piece.byteOffset, piece.length).includes(own)
    if (given.isJetstream) siftEvent(all, piece, { given, fits, isOurs })
    else for (const told of fromRelay(piece, wanted)) siftTold(all, told, piece.length, { given, fits, isOurs })
  }
  return all
}

interface Around {
  given: Given
  fits: Fits
  /** Our account's id stands in it somewhere. */
  isOurs: boolean
}

const decoder = new TextDecoder()

/** The event that there are most of – somebody else's record is made, and names nobody of ours – is read without its form being proved. */
function siftEvent(all: Sifted, piece: Uint8Array, around: Around): void {
  const event = around.isOurs ? undefined : parsed(piece)
  const { commit, did, time_us: position } = (event ?? {}) as Event
  if (commit?.operation !== 'create' || typeof did !== 'string' || !isPosition(position)) {
    for (const told of fromJetstream(decoder.decode(piece))) siftTold(all, told, piece.length, around)
    return
  }
  stand(all, position)
  if (commit.collection !== posts || !isLooked(commit.record, did, around)) return
  for (const told of fromJetstream(decoder.decode(piece))) if (told.is === 'change') keep(all, told, piece.length, around.given)
}

interface Event {
  did?: unknown
  time_us?: unknown
  commit?: { operation?: unknown; collection?: unknown; record?: unknown }
}

function parsed(piece: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(piece))
  } catch {
    return undefined
  }
}

const isPosition = (given: unknown): given is number => Number.isSafeInteger(given) && (given as number) >= 0

function stand(all: Sifted, position: number): void {
  all.first ??= position
  all.position = position
}

function siftTold(all: Sifted, told: Told, bytes: number, around: Around): void {
  if ('position' in told) stand(all, told.position)
  if (told.is === 'passed') return
  if (told.is !== 'change' || told.does === 'delete' || (around.isOurs && concernsUs(told, around.given))) return void all.kept.push({ bytes, told }) // biome-ignore format: one line
  if (told.collection !== posts) return
  // One that was changed may have fitted before: whoever kept it must know.
  if (told.does === 'update' || isLooked(told.record, told.did, around)) keep(all, told, bytes, around.given)
}

const nothing = recentUpTo(0)
/** That somebody names us as a word of theirs, or links to us, is no reason that we hear it. */
const concernsUs = (told: Change, { did }: Given): boolean => fromChange(told, { did, handle: did }, nothing) !== null

// —— whether it fits ——

/** One for all posts: it is looked at, and not kept. */
const looked: Post & { links: string[] } = { text: '', source: network, kind: 'post', links: [] }

/** As much of the record as is looked at. A stranger wrote it: anything may be anything. */
interface Shape {
  text?: unknown
  langs?: unknown
  reply?: unknown
  facets?: unknown
  embed?: { $type?: unknown; external?: External; media?: { external?: External } | null } | null
}
type External = { uri?: unknown; title?: unknown } | null

function isLooked(record: unknown, did: string, { fits, given }: Around): boolean {
  if (typeof record !== 'object' || record === null) return false
  const { text, langs, reply, embed, facets } = record as Shape
  if (typeof text !== 'string') return false
  const page = embed?.external ?? embed?.media?.external
  looked.links.length = 0
  if (facets) gather(facets)
  if (typeof page?.uri === 'string') looked.links.push(page.uri)
  looked.text = typeof page?.title === 'string' ? `${text}\n\n${page.title}` : text
  const language: unknown = Array.isArray(langs) && langs.length === 1 ? langs[0] : undefined
  if (typeof language === 'string') looked.language = languageOf(language)
  else delete looked.language
  looked.author = given.called?.[did] ?? did
  looked.kind = kindOf(reply !== undefined, embed?.$type)
  return fits(looked)
}

function gather(facets: unknown): void {
  if (!Array.isArray(facets)) return
  for (const facet of facets) {
    const features: unknown = facet?.features
    if (!Array.isArray(features)) continue
    for (const feature of features) if (typeof feature?.uri === 'string') looked.links.push(feature.uri)
  }
}

const languageOf = (code: string): string => (code.length === 2 ? code : code.slice(0, 20).toLowerCase().split('-')[0]!)
const kindOf = (isReply: boolean, embed: unknown): string => (isReply ? 'reply' : typeof embed === 'string' && embed.startsWith('app.bsky.embed.record') ? 'quote' : 'post') // biome-ignore format: one choice

// —— what is made of one that fits ——

function keep(all: Sifted, told: Change, bytes: number, given: Given): void {
  const post = overheardOf(told, given)
  if (post) all.kept.push({ bytes, position: told.position, post })
}

/** Null for what has no name on the network, or no words. Its moment is that of its words, where that is not after the network told it. */
export function overheardOf(it: Change, { called }: Pick<Given, 'called'> = {}): Overheard | null {
  const remoteId = uriOf(it)
  if (!isDid(it.did) || !placeOf(remoteId) || Number.isNaN(it.at.getTime())) return null
  const from = handleOf({ did: it.did, handle: called?.[it.did] ?? '', displayName: '' })
  const read = message(it.record, { remoteId, at: it.at, from, to: [], direction: 'in' }).heard as HeardMessage
  if (read.flaws?.includes('bluesky.flawUnreadable')) return null
  const { createdAt, facets, embed, reply } = it.record as { createdAt?: unknown; reply?: unknown } & Shape
  const page = embed?.external ?? embed?.media?.external
  const links = [...linksIn(facets), ...(typeof page?.uri === 'string' ? [page.uri] : [])]
  return {
    remoteId,
    at: earlier(it.at, new Date(typeof createdAt === 'string' ? createdAt.slice(0, 100) : Number.NaN), it.key),
    from,
    text: read.text,
    kind: kindOf(reply !== undefined, embed?.$type),
    ...(read.url && { url: read.url }),
    ...(read.language && { language: read.language }),
    ...(reply !== undefined && read.answers[0] && { answers: read.answers[0] }),
    ...(read.quotes && { shares: read.quotes }),
    ...(links.length && { links }),
    ...(it.does === 'update' && { changed: true as const }),
  }
}

/** What its writer says, else what its key says, and never later than it was told. */
const earlier = (told: Date, said: Date, key: string): Date =>
  [said, timeOfKey(key)].find(each => each && !Number.isNaN(each.getTime()) && each <= told) ?? told
