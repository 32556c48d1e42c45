/**
 * Text as words, without making a string of any of them: each is a number, made of its letters in small and without accents, and the place where it stands.
 * Scripts that write without spaces (Chinese, Japanese, Thai …) give one for each character, and so do emoji; where their words end is looked up only for
 * what was found.
 */
import { mostText } from './words.ts'

/** What a code unit is to the reader: nothing that belongs to a word, a mark upon the letter before, several letters, or one that stands for itself. */
const [apart, upon, several, alone] = [0, 1, 2, 3]
const firstLetter = 4

// What Unicode does not take apart.
const letters: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ı: 'i', ħ: 'h' }
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー々]/u
const emoji = /\p{Extended_Pictographic}/u
const letter = /[\p{L}\p{N}]/u

const folds = new Uint16Array(0x10000)
const foldedTo = new Map<number, string>()

const lettersOf = (sign: string): string =>
  [...sign.toLowerCase()]
    .map(each => letters[each] ?? each.normalize('NFKD').replace(/\p{M}/gu, ''))
    .join('')
    .toLowerCase()

for (let unit = 0; unit < 0x10000; unit++) {
  if (unit >= 0xd800 && unit < 0xe000) continue
  const sign = String.fromCharCode(unit)
  if (unspaced.test(sign) || (unit > 0xff && emoji.test(sign))) folds[unit] = alone
  else if (/\p{M}/u.test(sign)) folds[unit] = upon
  else if (letter.test(sign)) {
    const folded = lettersOf(sign)
    const code = folded.charCodeAt(0)
    if (folded.length === 1 && code >= firstLetter) folds[unit] = code
    else if (folded) {
      folds[unit] = several
      foldedTo.set(unit, folded)
    }
  }
}

const start = 0x811c9dc5
const prime = 0x01000193
/** Fowler, Noll and Vo's hash (FNV-1a) over code units. */
const mixed = (hash: number, unit: number): number => Math.imul(hash ^ unit, prime)

/** The number of a word that was folded before. */
export function numberOf(folded: string, length = folded.length): number {
  let hash = start
  for (let at = 0; at < length; at++) hash = mixed(hash, folded.charCodeAt(at))
  return hash
}

const signs: Record<string, '#' | '@'> = { '#': '#', '＃': '#', '@': '@', '＠': '@' }

/** The words of one text; read again and again into the same memory. */
export class Reading {
  text = ''
  count = 0
  hash = new Int32Array(256)
  from = new Int32Array(256)
  to = new Int32Array(256)
  /** 1 where words are not spaced. */
  unspaced = new Uint8Array(256)

  read(text: string): void {
    this.text = text
    this.count = 0
    const end = Math.min(text.length, mostText)
    let at = 0
    while (at < end) {
      const unit = text.charCodeAt(at)
      if (unit >= 0xd800 && unit < 0xe000) {
        at = this.pair(at)
        continue
      }
      const fold = folds[unit]!
      if (fold === apart || fold === upon) at++
      else if (fold === alone) {
        this.add(mixed(start, unit), at, at + 1, 1)
        at++
      } else at = this.word(at, end)
    }
  }

  /** One sign of two code units: an emoji, or a rare character. */
  private pair(at: number): number {
    const sign = String.fromCodePoint(this.text.codePointAt(at)!)
    if (emoji.test(sign) || unspaced.test(sign)) this.add(numberOf(sign), at, at + sign.length, 1)
    else if (letter.test(sign)) this.add(numberOf(lettersOf(sign)), at, at + sign.length, 0)
    return at + sign.length
  }

  private word(begin: number, end: number): number {
    const { text } = this
    let hash = start
    let at = begin
    for (; at < end; at++) {
      const unit = text.charCodeAt(at)
      const fold = folds[unit]!
      if (fold >= firstLetter) hash = mixed(hash, fold)
      else if (fold === several) for (const each of foldedTo.get(unit)!) hash = mixed(hash, each.charCodeAt(0))
      else if (fold !== upon) break
    }
    this.add(hash, begin, at, 0)
    return at
  }

  private add(hash: number, from: number, to: number, unspaced: number): void {
    if (this.count === this.hash.length) this.grow()
    const at = this.count++
    this.hash[at] = hash
    this.from[at] = from
    this.to[at] = to
    this.unspaced[at] = unspaced
  }

  private grow(): void {
    const more = <T extends Int32Array | Uint8Array>(old: T, bigger: T): T => {
      bigger.set(old)
      return bigger
    }
    const size = this.hash.length * 2
    this.hash = more(this.hash, new Int32Array(size))
    this.from = more(this.from, new Int32Array(size))
    this.to = more(this.to, new Int32Array(size))
    this.unspaced = more(this.unspaced, new Uint8Array(size))
  }

  /** As it stands there. */
  raw(at: number): string {
    return this.text.slice(this.from[at], this.to[at])
  }

  folded(at: number): string {
    return foldedOf(this.raw(at))
  }

  /** Whether it is this word, in small letters and without accents. */
  says(at: number, folded: string): boolean {
    let letter = 0
    for (let place = this.from[at]!; place < this.to[at]!; place++) {
      const unit = this.text.charCodeAt(place)
      const fold = folds[unit]!
      if (fold >= firstLetter) {
        if (fold !== folded.charCodeAt(letter++)) return false
      } else if (fold !== upon) return this.folded(at) === folded
    }
    return letter === folded.length
  }

  /** The number of its first so many letters; nothing where it has fewer. */
  beginning(at: number, length: number): number | undefined {
    let hash = start
    let letters = 0
    for (let place = this.from[at]!; place < this.to[at]!; place++) {
      const fold = folds[this.text.charCodeAt(place)]!
      if (fold >= firstLetter) {
        hash = mixed(hash, fold)
        if (++letters === length) return hash
      } else if (fold !== upon) {
        const folded = this.folded(at)
        return folded.length >= length ? numberOf(folded, length) : undefined
      }
    }
    return undefined
  }

  /** The sign in front of it, which makes it a hashtag or a mention. */
  sign(at: number): '#' | '@' | undefined {
    return signs[this.text.charAt(this.from[at]! - 1)]
  }
}

/** In small letters and without accents. */
export function foldedOf(text: string): string {
  let folded = ''
  for (const sign of text) {
    const fold = sign.length === 1 ? folds[sign.charCodeAt(0)]! : apart
    if (fold >= firstLetter) folded += String.fromCharCode(fold)
    else if (fold === several) folded += foldedTo.get(sign.charCodeAt(0))!
    else if (fold === alone || (sign.length > 1 && (emoji.test(sign) || unspaced.test(sign)))) folded += sign
    else if (sign.length > 1 && letter.test(sign)) folded += lettersOf(sign)
  }
  return folded
}

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' })

/** Whether words of a script without spaces begin and end at these places; the dictionaries of Unicode (ICU) say so. */
export function isWhole(text: string, from: number, to: number): boolean {
  const begin = Math.max(0, from - 40)
  const around = text.slice(begin, to + 40)
  const ends = new Set([0, around.length])
  for (const { index } of segmenter.segment(around)) ends.add(index)
  return ends.has(from - begin) && ends.has(to - begin)
}
