/**
 * A text as the mood reads it: words as numbers (small letters, no accents, `soooo` as `so`, `hahaha` as `hah`), emoji, smileys, stops, links and names, each
 * with its place. No string is made of any of them.
 */

import { bounds } from './words.ts'
import { bothOf, digit, letters, sign, two, upon } from './words-letters.ts'
import { keyOf, mixed, type Priors, slotOf, start } from './words-priors.ts'
import { emoji, link, mayBegin, name, number, smiley, smileyAt, stop, word } from './words-signs.ts'

const room = 1024
/** Marks of a word. */
export const [isLong, isLoud, isTag] = [1, 2, 4]

const [hashSign, atSign, ampersand, semicolon] = [35, 64, 38, 59]
const stops = new Map([...'!?….,"“”„«»:-()/*'].map((each, at) => [each.charCodeAt(0), at + 1]))
const quote = stops.get(34)!

export class MoodReading {
  count = 0
  /** Whether there is a word or an emoji at all. */
  means = false
  kind = new Uint8Array(room)
  hash = new Int32Array(room)
  from = new Uint16Array(room)
  to = new Uint16Array(room)
  /** From 1; 0 where our word list does not know it. */
  notion = new Uint16Array(room)
  marks = new Uint8Array(room)
  /** Where the letters of a word begin, and the letters. */
  first = new Uint16Array(room + 1)
  codes = new Uint16Array(2 * bounds.mood + 8)
  text = ''
  private readonly folds = letters()
  private readonly priors: Priors
  private language = -1
  private end = 0
  private signs = false
  /** Of the word that is being read: its number, the notion of its longest beginning, its last letters, and whether one was drawn out. */
  private now = 0
  private begun = 0
  private one = 0
  private second = 0
  private third = 0
  private long = 0
  private heardLetters = 0

  constructor(priors: Priors) {
    this.priors = priors
  }

  /** With `signs` words are passed over. */
  read(text: string, language: number, signs = false): void {
    this.text = text.length > bounds.mood ? text.slice(0, bounds.mood) : text
    this.language = language
    this.signs = signs
    this.means = false
    this.count = this.end = 0
    const { length } = this.text
    for (let at = 0; at < length && this.count < room - 1; ) at = this.token(at, length)
    this.first[this.count] = this.end
  }

  private token(at: number, length: number): number {
    const { text } = this
    const unit = text.charCodeAt(at)
    if (unit <= 32) return at + 1
    if (unit === atSign && text.charCodeAt(at + 1) > 32) return this.add(name, 1, at, blankAfter(text, at, length))
    if ((unit === 104 || unit === 119) && isLink(text, at)) return this.add(link, 1, at, blankAfter(text, at, length))
    if (mayBegin(unit)) {
      const found = smileyAt(text, at)
      if (found) return this.add(smiley, found.look + 1, at, at + found.length)
    }
    const fold = this.folds[unit]!
    if (fold >= 48 || fold === two || fold === digit) return this.word(at, length)
    if (unit >= 0xd800 && unit < 0xdc00) return this.picture(at)
    if (fold === sign) return this.add(emoji, unit, at, at + 1)
    return this.stops(at, unit, length)
  }

  private add(kind: number, hash: number, from: number, to: number): number {
    const at = this.count++
    if (kind === emoji || kind === smiley) this.means = true
    this.kind[at] = kind
    this.hash[at] = kind === word ? hash : mixed(mixed(start, 0x10000 + kind), hash)
    this.from[at] = from
    this.to[at] = to
    this.notion[at] = kind === emoji || kind === smiley ? this.notionOf(this.hash[at]!, -1, false) : 0
    this.marks[at] = 0
    this.first[at] = this.end
    return to
  }

  /** An emoji of two units; skin, hair and what is joined to it change nothing. */
  private picture(at: number): number {
    const low = this.text.charCodeAt(at + 1)
    if (!(low >= 0xdc00 && low < 0xe000)) return at + 1
    const code = this.text.codePointAt(at)!
    if (code < 0x1f000 || (code >= 0x1f3fb && code <= 0x1f3ff)) return at + 2
    return this.add(emoji, code, at, at + 2)
  }

  /** Stops that stand together are one token, as many as three of them told apart. */
  private stops(at: number, unit: number, length: number): number {
    const which = stops.get(unit)
    if (unit === hashSign) return at + 1
    if (unit === ampersand) return this.escaped(at)
    if (!which) return at + 1
    let end = at + 1
    while (end < length && this.text.charCodeAt(end) === unit) end++
    const many = which === quote ? 1 : Math.min(3, end - at)
    return this.add(stop, which * 4 + many, at, end)
  }

  /** `&amp;` and its like, as some networks hand them over. */
  private escaped(at: number): number {
    for (let end = at + 1; end < at + 7; end++) if (this.text.charCodeAt(end) === semicolon) return end + 1
    return at + 1
  }

  private word(begin: number, length: number): number {
    const { text, folds } = this
    const first = this.end
    this.start()
    let [last, digits, capitals, others] = [begin, 0, 0, 0]
    for (let place = begin; place < length; place++) {
      const unit = text.charCodeAt(place)
      const fold = folds[unit]!
      if (fold === upon) continue
      if (fold < 48 && fold !== two && fold !== digit) {
        if (this.joins(unit, place)) continue
        break
      }
      last = place + 1
      if (fold === digit) digits++
      if (fold >= 48 && fold !== unit) capitals++
      else others++
      if (fold === two) for (const each of bothOf(unit)) this.heard(each.charCodeAt(0), 0)
      else this.heard(fold === digit ? hashSign : fold, this.folds[text.charCodeAt(place + 1)]!)
    }
    const loud = capitals > 1 && others === 0 ? isLoud : 0
    const tag = begin > 0 && text.charCodeAt(begin - 1) === hashSign ? isTag : 0
    if (this.signs) this.end = first
    else this.keep(digits * 2 >= last - begin ? number : word, begin, last, first, this.long | loud | tag)
    return Math.max(last, begin + 1)
  }

  private keep(kind: number, from: number, to: number, first: number, marks: number): void {
    const at = this.count++
    if (kind === word) this.means = true
    this.kind[at] = kind
    this.hash[at] = this.now
    this.from[at] = from
    this.to[at] = to
    this.notion[at] = this.notionOf(this.now, this.language, false) || this.begun
    this.marks[at] = marks
    this.first[at] = first
  }

  private start(): void {
    this.now = start
    this.begun = this.one = this.second = this.third = this.long = this.heardLetters = 0
  }

  /** A letter that stands three times or more is one, and so is what swings: `soooo`, `hahaha`. */
  private heard(fold: number, next: number): void {
    const { one, second, third } = this
    this.third = second
    this.second = one
    this.one = fold
    if (fold !== hashSign) {
      const repeats = fold === one && (fold === second || fold === next)
      if (repeats) this.long = isLong
      if (repeats || (fold === second && one === third && third !== 0)) return
    }
    this.now = mixed(this.now, fold)
    this.codes[this.end++] = fold
    if (++this.heardLetters >= 3) this.begun = this.notionOf(this.now, this.language, true) || this.begun
  }

  /** `don't` is one word, `j'aime` are two. */
  private joins(unit: number, place: number): boolean {
    if (unit !== 39 && unit !== 0x2019) return false
    const isLetter = (at: number) => this.folds[this.text.charCodeAt(at)]! >= 48
    return isLetter(place + 1) && !(isLetter(place + 2) && isLetter(place + 3))
  }

  /** The notion of a word or of a beginning; emoji and smileys are of no language. */
  private notionOf(hash: number, language: number, begins: boolean): number {
    if (language < 0 && begins) return 0
    const { keys, notions } = this.priors
    const slot = slotOf(keys, keyOf(begins ? ~hash : hash, language))
    return keys[slot] ? notions[slot]! : 0
  }
}

function isLink(text: string, at: number): boolean {
  if (!text.startsWith('http', at)) return text.startsWith('www.', at)
  const next = text.charCodeAt(at + 4)
  return Number.isNaN(next) || next <= 32 || next === 58 || (next === 115 && text.charCodeAt(at + 5) === 58)
}

function blankAfter(text: string, at: number, length: number): number {
  let end = at + 1
  while (end < length && text.charCodeAt(end) > 32) end++
  return end
}
