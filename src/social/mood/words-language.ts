/**
 * Language by n-grams of bytes: the table of `eld` (large) in typed arrays, a fifteenth of the memory that it takes as objects, and read without making a
 * string of anything. What stands for no language (links, names, tags) is passed over before.
 */

/** Keys of up to six bytes, found by open addressing: four in `low`, the rest in `high`; `first` is where the languages of a key begin. */
export interface Grams {
  languages: string[]
  low: Int32Array
  high: Uint16Array
  first: Uint32Array
  /** Of each key so many pairs of a language's number and its score. */
  count: Uint8Array
  pairs: Uint8Array
}

const slots = 1 << 19

const slotOf = (low: number, high: number): number => (Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b) >>> 13) & (slots - 1)

/** Where a key is, or where it would be. */
export function find({ low, high, count }: Grams, l: number, h: number): number {
  let slot = slotOf(l, h)
  while (count[slot] && (low[slot] !== l || high[slot] !== h)) slot = (slot + 1) & (slots - 1)
  return slot
}

const entry = /(?:'((?:[^'\\]|\\.){1,12})'|"([^"]{1,6})"|([^\s'"{},:]{1,6})):\{([\d:,]+)\}/g
const language = /(\d+):'([a-z]{2})'/g

/** Reads the table as the package keeps it: a line of JavaScript, `'key':{language:score,…}`, each byte of a key written as one sign of the dictionary. */
export function gramsOf(source: string, dictionary: string): Grams {
  const bytes = bytesOf(dictionary)
  const begin = source.indexOf('ngrams:{')
  const languages: string[] = []
  for (const [, at, code] of source.slice(0, begin).matchAll(language)) languages[Number(at)] = code!
  const grams: Grams = {
    ...{ languages, low: new Int32Array(slots), high: new Uint16Array(slots), first: new Uint32Array(slots) },
    ...{ count: new Uint8Array(slots), pairs: new Uint8Array(1 << 20) },
  }
  let end = 0
  entry.lastIndex = begin + 8
  for (let match = entry.exec(source); match; match = entry.exec(source)) {
    const [, quoted, double, bare, scores] = match
    end = put(grams, quoted?.replace(/\\(.)/g, '$1') ?? double ?? bare!, bytes, scores!, end)
  }
  return { ...grams, pairs: grams.pairs.slice(0, end) }
}

function put(grams: Grams, key: string, bytes: Uint8Array, scores: string, end: number): number {
  const [low, high] = keyOf(key, bytes)
  const slot = find(grams, low, high)
  const pairs = scores.split(',')
  grams.low[slot] = low
  grams.high[slot] = high
  grams.first[slot] = end
  grams.count[slot] = pairs.length
  for (const pair of pairs) {
    const [code, score] = pair.split(':')
    grams.pairs[end++] = Number(code)
    grams.pairs[end++] = Number(score)
  }
  return end
}

/** Which byte each sign stands for. */
function bytesOf(dictionary: string): Uint8Array {
  const bytes = new Uint8Array(256)
  const signs = [...dictionary.slice(dictionary.indexOf('[')).matchAll(/'(\\?.)'/g)]
  for (const [byte, [, sign]] of signs.entries()) if (sign !== ' ') bytes[sign!.at(-1)!.charCodeAt(0)] = byte
  bytes[32] = 32
  return bytes
}

function keyOf(key: string, bytes: Uint8Array): [number, number] {
  let [low, high] = [0, 0]
  for (let at = 0; at < key.length; at++) {
    const byte = bytes[key.charCodeAt(at) & 255]!
    if (at < 4) low = (low << 8) | byte
    else high = (high << 8) | byte
  }
  return [low, high]
}
