/**
 * Language by n-grams of bytes: the table of `eld` (large) in typed arrays, a twentieth of the memory that it takes as objects (docs/why/0016).
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

const language = /(\d{1,9}):'([a-z]{2})'/g
const [comma, colon, backslash, single, double, closing] = [44, 58, 92, 39, 34, 125]

/** Reads the table as the package keeps it: a line of JavaScript, `'key':{language:score,…}`, each byte of a key written as one sign of the dictionary. */
export function gramsOf(source: string, dictionary: string): Grams {
  const begin = source.indexOf('ngrams:{')
  if (begin < 0) throw new Error('The package `eld` keeps its table in another form now.')
  const languages: string[] = []
  for (const [, at, code] of source.slice(0, begin).matchAll(language)) languages[Number(at)] = code!
  const grams: Grams = {
    ...{ languages, low: new Int32Array(slots), high: new Uint16Array(slots), first: new Uint32Array(slots) },
    ...{ count: new Uint8Array(slots), pairs: new Uint8Array(1 << 20) },
  }
  const reading = { source, at: begin + 'ngrams:{'.length, bytes: bytesOf(dictionary), end: 0 }
  while (reading.at < source.length && source.charCodeAt(reading.at) !== closing) put(grams, reading)
  return { ...grams, pairs: grams.pairs.slice(0, reading.end) }
}

interface Table {
  source: string
  at: number
  bytes: Uint8Array
  /** Of the pairs that were put. */
  end: number
}

/** One key with its languages. */
function put(grams: Grams, table: Table): void {
  const [low, high] = keyOf(table)
  const slot = find(grams, low, high)
  grams.low[slot] = low
  grams.high[slot] = high
  grams.first[slot] = table.end
  let [number, unit] = [0, 0]
  do {
    unit = table.source.charCodeAt(table.at++)
    if (unit === comma || unit === colon || unit === closing) {
      grams.pairs[table.end++] = number
      number = 0
    } else number = number * 10 + unit - 48
  } while (unit !== closing && table.at < table.source.length)
  grams.count[slot] = (table.end - grams.first[slot]!) / 2
  if (table.source.charCodeAt(table.at) === comma) table.at++
}

/** A key stands in quotes where JavaScript wants them; behind it follow a colon and a brace. */
function keyOf(table: Table): [number, number] {
  const { source, bytes } = table
  const opening = source.charCodeAt(table.at)
  const end = opening === single || opening === double ? opening : colon
  if (end !== colon) table.at++
  let [low, high, length] = [0, 0, 0]
  for (let unit = source.charCodeAt(table.at++); unit !== end && table.at < source.length; unit = source.charCodeAt(table.at++)) {
    if (unit === backslash) unit = source.charCodeAt(table.at++)
    if (length++ < 4) low = (low << 8) | bytes[unit & 255]!
    else high = (high << 8) | bytes[unit & 255]!
  }
  table.at += end === colon ? 1 : 2
  return [low, high]
}

/** Which byte each sign stands for. */
function bytesOf(dictionary: string): Uint8Array {
  const bytes = new Uint8Array(256)
  const signs = [...dictionary.slice(dictionary.indexOf('[')).matchAll(/'(\\?.)'/g)]
  for (const [byte, [, sign]] of signs.entries()) if (sign !== ' ') bytes[sign!.at(-1)!.charCodeAt(0)] = byte
  bytes[32] = 32
  return bytes
}
