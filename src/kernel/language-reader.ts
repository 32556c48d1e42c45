/** Scores the languages of a text against the table of n-grams, without making a string of any word. */
import { find, type Grams } from './language-table.ts'

/** What a code unit is: apart, a letter, or an apostrophe, which belongs to the word behind it. */
const [apart, letter, apostrophe] = [0, 1, 2]
let kinds: Uint8Array | undefined

function kindsOfUnits(): Uint8Array {
  const made = new Uint8Array(0x10000)
  const isLetter = /\p{L}/u
  for (let unit = 0; unit < 0x10000; unit++) {
    if ((unit < 0xd800 || unit >= 0xe000) && isLetter.test(String.fromCharCode(unit))) made[unit] = letter
  }
  for (const sign of ["'", '`', '’']) made[sign.charCodeAt(0)] = apostrophe
  return made
}

/** Of a longer text only the beginning is read, in code units. */
const mostText = 1000
/** As much of a text as is scored, and of a word, in bytes. */
const [mostBytes, mostOfWord] = [400, 70]
/** Keys are two numbers: four bytes and the two behind them. */
const space = 32

/** What the table leaves out of every score to be smaller. */
const least = 53
/** Less than one n-gram. */
const head = 80
/** An answer as clear as this needs neither tags nor names. */
const enough = 20
const guess = 5

/** Reads one text after the other into the same memory. */
export class LanguageReader {
  readonly scores: Int32Array
  /** Of the text that was read last: its n-grams, and how many of them the table knew. */
  grams = 0
  known = 0
  letters = 0
  private readonly kinds = (kinds ??= kindsOfUnits())
  private readonly bytes = new Uint8Array(4 * mostOfWord)
  private readonly slots = new Int32Array(2 * mostBytes)
  private taken = 0
  private tags = false
  private readonly table: Grams

  /** What languages that one meets here often have ahead of the others, where a text is too short to tell. */
  private readonly ahead: Int32Array

  constructor(table: Grams, often: readonly string[]) {
    this.ahead = Int32Array.from(table.languages, each => (often.includes(each) ? head : 0))
    this.table = table
    this.scores = new Int32Array(table.languages.length)
  }

  /**
   * The likeliest language, null where no n-gram is known; `clear` is by how much it leads, against the next and for the length of the text. Tags (#brand) and
   * names (@anna) are of any language: they count only where the rest does not tell, and alone they are a guess.
   */
  read(text: string): { language: string | null; clear: number } {
    const first = this.told(text, false)
    const { letters } = this
    if (first.clear >= enough) return first
    const { language, clear } = this.told(text, true)
    return { language, clear: letters > 0 ? clear : Math.min(clear, guess) }
  }

  private told(text: string, tags: boolean): { language: string | null; clear: number } {
    this.tags = tags
    this.score(text)
    let [first, second, best] = [0, 0, -1]
    for (let at = 0; at < this.scores.length; at++) {
      const score = this.scores[at]! && this.scores[at]! + this.ahead[at]!
      if (score <= second) continue
      if (score <= first) second = score
      else [first, second, best] = [score, first, at]
    }
    return { language: this.table.languages[best] ?? null, clear: (first - second) / Math.sqrt(Math.max(1, this.grams)) }
  }

  private score(text: string): void {
    this.scores.fill(0)
    this.grams = this.known = this.letters = this.taken = 0
    // Without capitals first: a few letters change their number of code units by it.
    const small = (text.length > mostText ? text.slice(0, mostText) : text).toLowerCase()
    for (let at = 0; at < small.length && this.taken < mostBytes; ) at = this.piece(small, at)
  }

  private piece(text: string, at: number): number {
    const unit = text.charCodeAt(at)
    const kind = this.kinds[unit]!
    if (kind === apart) return isMark(text, at, unit, this.tags) ? blankAfter(text, at) : at + 1
    if (kind === apostrophe && this.kinds[text.charCodeAt(at + 1)] !== letter) return at + 1
    if (isLink(text, at)) return blankAfter(text, at)
    return this.word(text, at)
  }

  private word(text: string, begin: number): number {
    const { bytes } = this
    let [at, length] = [begin, 0]
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      const kind = this.kinds[unit]!
      if (kind === apart || (kind === apostrophe && this.kinds[text.charCodeAt(at + 1)] !== letter)) break
      if (length < bytes.length - 3) length = this.put(unit, length)
      if (kind === letter) this.letters++
    }
    this.taken += length + 1
    this.gramsOf(Math.min(length, mostOfWord))
    return at
  }

  private put(unit: number, length: number): number {
    const { bytes } = this
    if (unit < 0x80) bytes[length++] = unit
    else if (unit < 0x800) {
      bytes[length++] = 0xc0 | (unit >> 6)
      bytes[length++] = 0x80 | (unit & 0x3f)
    } else {
      bytes[length++] = 0xe0 | (unit >> 12)
      bytes[length++] = 0x80 | ((unit >> 6) & 0x3f)
      bytes[length++] = 0x80 | (unit & 0x3f)
    }
    return length
  }

  /** Four bytes each, three apart, and the last four; where a word begins and ends a blank stands with them. */
  private gramsOf(length: number): void {
    let at = 0
    for (; at + 4 < length; at += 3) this.add(at === 0, at, at + 4, false)
    this.add(at === 0, length > 4 ? length - 4 : 0, length, true)
  }

  private add(begins: boolean, from: number, to: number, ends: boolean): void {
    let [low, high, taken] = [begins ? space : 0, 0, begins ? 1 : 0]
    for (let at = from; at <= to; at++) {
      if (at === to && !ends) break
      const byte = at === to ? space : this.bytes[at]!
      if (taken++ < 4) low = (low << 8) | byte
      else high = (high << 8) | byte
    }
    this.count(find(this.table, low, high))
  }

  /** Each n-gram counts once, however often it stands there. */
  private count(slot: number): void {
    const { table, scores, slots } = this
    const count = table.count[slot]!
    for (let at = 0; at < this.known; at++) if (slots[at] === slot) return
    this.grams++
    if (!count) return
    if (this.known < slots.length) slots[this.known++] = slot
    const first = table.first[slot]!
    for (let at = first; at < first + 2 * count; at += 2) scores[table.pairs[at]!]! += table.pairs[at + 1]! + least
  }
}

/** What stands for somebody or something. */
const isMark = (text: string, at: number, unit: number, tags: boolean): boolean =>
  (unit === 64 || unit === 35) && !tags && text.charCodeAt(at + 1) > space

const isLink = (text: string, at: number): boolean =>
  text.charCodeAt(at) === 104 ? text.startsWith('http', at) && isLinkAfter(text, at + 4) : text.startsWith('www.', at)

function isLinkAfter(text: string, at: number): boolean {
  const next = text.charCodeAt(at)
  return Number.isNaN(next) || next <= space || next === 58 || (next === 115 && text.charCodeAt(at + 1) === 58)
}

function blankAfter(text: string, at: number): number {
  let end = at + 1
  while (end < text.length && text.charCodeAt(end) > space) end++
  return end
}
