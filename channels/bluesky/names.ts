/** What things are called on the network: handles and DIDs of people, addresses of records, and record keys that sort by time. */
import { createHash } from 'node:crypto'

const before = ['@', 'at://', 'https://', 'http://', 'www.', 'bsky.app/profile/']

/** One spelling for each: small letters, without the `@`, the scheme, or the web page around it. */
export function normalise(address: string): string {
  const plain = address.trim().toLowerCase()
  const prefix = before.find(each => plain.startsWith(each))
  return prefix ? normalise(plain.slice(prefix.length)) : plain.startsWith('did:') ? plain : plain.split('/')[0]!.trim()
}

/** A handle is a host name of at least two parts whose last begins with a letter (specification “Handle”). */
export function isHandle(text: string): boolean {
  const labels = text.split('.')
  return text.length <= 253 && labels.length > 1 && labels.every(isLabel) && /^[a-z]/.test(labels.at(-1)!)
}

const isLabel = (label: string): boolean =>
  label.length <= 63 && /^[a-z0-9-]+$/.test(label) && !label.startsWith('-') && !label.endsWith('-')

/** The two kinds of DID that the network has (specification “DID”). */
export const isDid = (text: string): boolean => text.length <= 300 && /^did:(plc:[a-z2-7]{24}|web:[a-zA-Z0-9.:%_-]+)$/.test(text)

const isName = (text: string): boolean => isHandle(text) || isDid(text)

/** A bare host name may be any web site, so only those of the network's own count; others are known by their `@`, their scheme or their page. */
export function recognises(text: string): boolean {
  const [given, name] = [text.trim().toLowerCase(), normalise(text)]
  const isMarked = given.startsWith('@') || given.startsWith('at://') || given.includes('bsky.app/profile/')
  return isName(name) && (isMarked || isDid(name) || name.endsWith('.bsky.social'))
}

/** A record: whose, of which kind, under which key. */
export interface Place {
  did: string
  collection: string
  key: string
}

export const posts = 'app.bsky.feed.post'

/** `at://did/collection/key`, and nothing besides; undefined for everything else. */
export function placeOf(uri: string): Place | undefined {
  const [did = '', collection = '', key = '', ...more] = uri.startsWith('at://') && uri.length <= 600 ? uri.slice(5).split('/') : []
  const isWhole = isDid(did) && /^[a-zA-Z0-9.-]+$/.test(collection) && /^[\w.:~-]+$/.test(key) && more.length === 0
  return isWhole ? { did, collection, key } : undefined
}

export const uriOf = ({ did, collection, key }: Place): string => `at://${did}/${collection}/${key}`

/** Where people read a post or see a profile. */
export function webOf(uri: string): string | undefined {
  const place = placeOf(uri)
  return place?.collection === posts ? `${profileOf(place.did)}/post/${place.key}` : undefined
}

/** The post that a web address shows: whose by handle or DID, and its key. */
export function postIn(address: string): { actor: string; key: string } | undefined {
  const url = address.length <= 600 ? URL.parse(address) : null
  const [, kind, actor = '', post, key = '', ...more] = url?.host === 'bsky.app' ? url.pathname.split('/') : []
  const isPost = kind === 'profile' && post === 'post' && /^[\w.:~-]+$/.test(key) && more.length === 0
  return isPost && isName(actor.toLowerCase()) ? { actor, key } : undefined
}

export const profileOf = (did: string): string => `https://bsky.app/profile/${did}`

// —— record keys ——

const digits = '234567abcdefghijklmnopqrstuvwxyz'

/** A record key from microseconds (53 bits) and a clock number (10 bits); keys sort by time (specification “TID”). */
export function tid(microseconds: bigint, clock: bigint): string {
  let rest = ((microseconds & ((1n << 53n) - 1n)) << 10n) | (clock & 1023n)
  let written = ''
  for (let place = 0; place < 13; place++, rest >>= 5n) written = digits[Number(rest & 31n)]! + written
  return written
}

const isTid = (key: string): boolean => /^[2-7a-j][2-7a-z]{12}$/.test(key)
const numberOf = (key: string): bigint => [...key].reduce((sum, each) => (sum << 5n) | BigInt(digits.indexOf(each)), 0n)

/** The moment that a key names; undefined when it names none. */
export const timeOfKey = (key: string): Date | undefined => (isTid(key) ? new Date(Number((numberOf(key) >> 10n) / 1000n)) : undefined)

/** The smallest key of a moment. */
export const firstKeyAt = (at: Date): string => tid(BigInt(Math.max(0, at.getTime())) * 1000n, 0n)

/**
 * The key of what is sent under a once-key: always the same one. Its time is that of the once-key, where it holds one (UUIDv7), less up to a minute by
 * which the keys of one millisecond are kept apart; never later, so that whoever reads on from the newest key misses nothing.
 */
export function keyFor(onceKey: string): string {
  const hash = createHash('sha256').update(onceKey).digest()
  const apart = BigInt(hash.readUInt32BE(0) & 0x3ff_ffff)
  const clock = BigInt(hash.readUInt16BE(4))
  const time = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/.test(onceKey)
    ? BigInt(`0x${onceKey.slice(0, 8)}${onceKey.slice(9, 13)}`) * 1000n
    : hash.readBigUInt64BE(6) >> 14n
  return tid(time > apart ? time - apart : time, clock)
}

/** Parts of one text follow each other by a microsecond, which tells them from what somebody adds by hand. */
export const nextKey = (key: string): string => {
  const number = numberOf(key)
  return tid((number >> 10n) + 1n, number & 1023n)
}

/** Is the second the next part of the same text? */
export const follows = (one: string, next: string): boolean => isTid(one) && isTid(next) && nextKey(one) === next
