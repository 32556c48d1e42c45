/**
 * A text as at most 32 numbers: the smallest of all that its pairs of neighbouring words hash to (bottom-k sketch: Broder, On the resemblance and containment
 * of documents, 1997; Cohen and Kaplan, 2007). Links, mentions, emoji, and hashtags before and behind are left out; case, accents and signs do not count.
 */
import { Reading } from '#social/matching/actions.ts'
import { leastPairs, leastSigns, mostText, type Sketch, sketchSize } from './words.ts'

const [word, tag, emoji, other] = [0, 1, 2, 3]

const reading = new Reading()
let kinds = new Uint8Array(1024)
/** The numbers of the words that count, mixed; and of each whether its script is unspaced. */
let said = new Uint32Array(1024)
let unspaced = new Uint8Array(1024)
const smallest = new Uint32Array(sketchSize)
let kept = 0

const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g

/** What stands for a text; nothing stands for one without a word. */
export function sketchOf(text: string): Sketch {
  reading.read(text.slice(0, mostText).replace(invisible, ''))
  if (kinds.length < reading.count) grow(reading.count)
  sort()
  const count = gather()
  kept = 0
  addPairs(count)
  if (kept < leastPairs || (count < leastSigns && unspaced[0] === 1)) addWhole()
  return smallest.slice(0, kept)
}

function grow(count: number): void {
  kinds = new Uint8Array(count * 2)
  said = new Uint32Array(count * 2)
  unspaced = new Uint8Array(count * 2)
}

// —— what counts ——

const code = (at: number): number => reading.text.charCodeAt(at)
const isSign = (at: number, sign: number): boolean => code(at) === sign || code(at) === sign + 0xfee0
const [hash, atSign] = [0x23, 0x40]

/** Tells words from hashtags, emoji and the rest. */
function sort(): void {
  const { count, from } = reading
  const links = linksOf(reading.text)
  let link = 0
  for (let at = 0; at < count; at++) {
    const begin = from[at]!
    while (link < links.length && links[link]!.to <= begin) link++
    if (link < links.length && links[link]!.from <= begin) kinds[at] = other
    else if (isSign(begin - 1, hash)) at = mark(at, tag, isUnderscore)
    else if (isSign(begin - 1, atSign)) at = mention(at)
    else kinds[at] = isEmoji(begin) ? emoji : word
  }
}

// A link is written in plain letters and ends where something else begins.
const link = /(?:[a-z]{2,10}:\/\/|www\.)[!-~]+/gi
const none: readonly { from: number; to: number }[] = []

function linksOf(text: string): readonly { from: number; to: number }[] {
  if (!text.includes('://') && !text.includes('www.')) return none
  return [...text.matchAll(link)].map(({ 0: { length }, index }) => ({ from: index, to: index + length }))
}

const isUnderscore = (unit: number): boolean => unit === 0x5f
/** What may stand inside a name: a full stop, a hyphen, an underscore, and the sign before the server. */
const isOfName = (unit: number): boolean => unit === 0x2e || unit === 0x2d || unit === 0x5f || unit === atSign

/** This word and those that belong to it; says where the last one is. */
function mark(first: number, kind: number, joins: (unit: number) => boolean): number {
  const { from, to, count, unspaced } = reading
  let at = first
  kinds[at] = kind
  while (at + 1 < count && unspaced[at + 1] === unspaced[first]) {
    const gap = from[at + 1]! - to[at]!
    if (gap > 1 || (gap === 1 && !joins(code(to[at]!)))) break
    kinds[++at] = kind
  }
  return at
}

const signatures = new Set(['rt', 'via', 'cc', 'qt'])

/** Whoever passes something on says so in front of the name: "RT @anna", "via @anna". */
function mention(at: number): number {
  if (at > 0 && kinds[at - 1] === word && reading.to[at - 1]! - reading.from[at - 1]! <= 3 && signatures.has(reading.folded(at - 1)))
    kinds[at - 1] = other
  return mark(at, other, isOfName)
}

const isEmoji = (at: number): boolean => (code(at) >= 0xd83c && code(at) <= 0xd83e) || (code(at) >= 0x2000 && code(at) < 0x2e80)

/** The words that count, tags among them where words stand on both sides. */
function gather(): number {
  let [first, last] = [0, reading.count - 1]
  while (first <= last && kinds[first] !== word) first++
  while (last > first && kinds[last] !== word) last--
  let count = 0
  for (let at = first; at <= last; at++)
    if (kinds[at] === word || kinds[at] === tag) {
      said[count] = mixed(reading.hash[at]!)
      unspaced[count++] = reading.unspaced[at]!
    }
  return count
}

// —— numbers ——

/** The last step of MurmurHash3: near numbers end far from each other. */
function mixed(number: number): number {
  let it = Math.imul(number ^ (number >>> 16), 0x85ebca6b)
  it = Math.imul(it ^ (it >>> 13), 0xc2b2ae35)
  return (it ^ (it >>> 16)) >>> 0
}

/** Two neighbours, whichever comes first; of scripts without spaces three signs in their order, as two are hardly a word. */
function addPairs(count: number): void {
  for (let at = 0; at + 1 < count; at++) {
    const first = said[at]!
    const second = said[at + 1]!
    if (unspaced[at] === 0) keep(mixed((first + second) | 0))
    else if (at + 2 < count) keep(mixed(Math.imul(Math.imul(first, 31) + second, 31) + said[at + 2]!))
  }
}

/** The smallest, each once and in order. */
function keep(number: number): void {
  if (kept === sketchSize && number >= smallest[kept - 1]!) return
  let at = kept
  while (at > 0 && smallest[at - 1]! > number) at--
  if (at > 0 && smallest[at - 1] === number) return
  if (kept < sketchSize) kept++
  for (let place = kept - 1; place > at; place--) smallest[place] = smallest[place - 1]!
  smallest[at] = number
}

/** A short text is told by two numbers made of all that it says: its words, tags and emoji, one of each where it repeats them; else the page it leads to. */
function addWhole(): void {
  kept = 0
  const { count, hash } = reading
  let [one, two, last, any] = [0x811c9dc5, 0x9747b28c, 0, 0]
  const takes = (at: number) => {
    if (any > 0 && hash[at] === last) return
    last = hash[at]!
    any++
    one = mixed(Math.imul(one, 31) + last)
    two = mixed(Math.imul(two, 37) ^ last)
  }
  for (let at = 0; at < count; at++) if (kinds[at] !== other) takes(at)
  // What follows a question mark is not the page but what is told about the reader.
  const end = reading.text.indexOf('?')
  if (any === 0) for (let at = 0; at < count && (end < 0 || reading.from[at]! < end); at++) takes(at)
  if (any === 0) return
  keep(one)
  keep(two)
}

// —— to be kept ——

/** A sketch as bytes, at most 128, the same on every machine. */
export function bytesOf(sketch: Sketch): Uint8Array {
  const bytes = new Uint8Array(sketch.length * 4)
  const view = new DataView(bytes.buffer)
  for (const [at, number] of sketch.entries()) view.setUint32(at * 4, number, true)
  return bytes
}

/** The sketch that was kept as these bytes; nothing where they are none. */
export function fromBytes(bytes: Uint8Array): Sketch | undefined {
  if (bytes.length % 4 !== 0 || bytes.length > sketchSize * 4) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sketch = Uint32Array.from({ length: bytes.length / 4 }, (_, at) => view.getUint32(at * 4, true))
  return sketch.every((number, at) => at === 0 || number > sketch[at - 1]!) ? sketch : undefined
}
