/**
 * What the mood is told from: numbers for words and for pairs of words (other ones behind a "not"), for three to five letters within a word, for the notions of
 * our own word list, and for the shape of the text. Learning and asking read them here alike.
 */
import { but, mixed, not, type Priors, start } from './words-priors.ts'
import { isLong, isLoud, isTag, MoodReading } from './words-reading.ts'
import { emoji, link, name, number, smiley, stop, word } from './words-signs.ts'

/** Features of a group share its weight, so that a long text is not surer for being long. */
export const groups = ['words', 'pairs', 'letters', 'notions', 'shape'] as const
const [words, pairs, runs, notions, shape] = [0, 1, 2, 3, 4]
/** How much a group weighs against the others; chosen on posts that nothing was learnt from. */
const weights = [1, 1, 1, 1.5, 0.15]

const room = 1 << 15
/** So many words behind a "not" are turned round by it. */
const reach = 3
/** Which token a feature comes from, for those of the whole text. */
export const ofAll = 0xffff

// Telling apart what would have the same number otherwise.
const [turning, pairing, running, noting, looking] = [7, 11, 3, 0x20000, 0x30000]

export class Features {
  count = 0
  index = new Int32Array(room)
  group = new Uint8Array(room)
  of = new Uint16Array(room)
  /** What a feature of each group counts in this text. */
  value = new Float64Array(groups.length)
  readonly reading: MoodReading
  private readonly counts = new Int32Array(groups.length)
  private readonly priors: Priors
  private readonly mask: number
  private readonly facts = new Int32Array(15)
  private language = 0

  /** `size` is of how many weights there are, a power of two. */
  constructor(priors: Priors, size: number) {
    this.priors = priors
    this.mask = size - 1
    this.reading = new MoodReading(priors)
  }

  /** With `signs` only what is of no language: emoji and smileys. */
  read(text: string, language: number, signs = false): void {
    this.count = 0
    this.counts.fill(0)
    this.language = language
    this.reading.read(text, language, signs)
    this.tokens()
    this.look()
    for (const [group, weight] of weights.entries()) {
      this.value[group] = group === shape ? weight : weight / Math.sqrt(Math.max(1, this.counts[group]!))
    }
  }

  private add(hash: number, group: number, of: number): void {
    if (this.count === room) return
    const at = this.count++
    const spread = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
    this.index[at] = (spread ^ (spread >>> 13)) & this.mask
    this.group[at] = group
    this.of[at] = of
    this.counts[group]!++
  }

  private tokens(): void {
    const { kind, hash, notion } = this.reading
    let [before, turned] = [1, 0]
    for (let at = 0; at < this.reading.count; at++) {
      const known = notion[at]! >> 1
      const role = this.priors.role[known]!
      if (role === but || kind[at] === stop) turned = 0
      this.add(turned > 0 ? mixed(hash[at]!, turning) : hash[at]!, words, at)
      this.add(mixed(mixed(hash[at]!, pairing), before), pairs, at)
      if (known) this.add(mixed(mixed(start, noting + (turned > 0 ? 1 : 0)), known), notions, at)
      if (kind[at] === word) this.runsOf(at)
      before = hash[at]!
      turned = role === not ? reach : turned - 1
    }
  }

  /** Three to five letters that follow each other, with a blank before and behind the word. */
  private runsOf(at: number): void {
    const { codes, first } = this.reading
    const [begin, end] = [first[at]!, first[at + 1]!]
    for (let from = begin - 1; from < end; from++) {
      let hash = mixed(start, from < begin ? 32 : codes[from]!)
      for (let to = from + 1; to <= end && to < from + 5; to++) {
        hash = mixed(hash, to === end ? 32 : codes[to]!)
        if (to > from + 1) this.add(mixed(hash, running), runs, at)
      }
    }
  }

  /** What the whole text looks like, once for all languages and once for its own. */
  private look(): void {
    this.worths()
    this.shapes()
    this.add(mixed(start, 0x40000 + this.language), shape, ofAll)
    for (let nth = 0; nth < this.facts.length; nth++) {
      const hash = mixed(mixed(mixed(start, looking), nth), this.facts[nth]!)
      this.add(hash, shape, ofAll)
      this.add(mixed(hash, this.language + 1), shape, ofAll)
    }
  }

  /** How much good and bad our word list sees, and which of them last. */
  private worths(): void {
    const { kind, notion, count } = this.reading
    const { role, worth } = this.priors
    let [good, bad, turned, last, signs] = [0, 0, 0, 0, 0]
    for (let at = 0; at < count; at++) {
      const known = notion[at]! >> 1
      const meant = turned > 0 ? -worth[known]! : worth[known]!
      if (kind[at] === stop) turned = 0
      if (meant > 0) good += meant
      else bad -= meant
      if (meant) last = Math.sign(meant) + 2
      if (meant && kind[at] !== word) signs = Math.sign(worth[known]!) + 2
      turned = role[known] === not ? reach : turned - 1
    }
    const both = Math.min(good, 6) * 8 + Math.min(bad, 6)
    this.facts.set([both, Math.min(good, 9), Math.min(bad, 9), Math.max(-7, Math.min(7, good - bad)) + 8, last, signs])
  }

  private shapes(): void {
    const { kind, text, from, to, marks, count } = this.reading
    let [shouts, asks, links, names, numbers, pictures, marked] = [0, 0, 0, 0, 0, 0, 0]
    for (let at = 0; at < count; at++) {
      marked |= marks[at]!
      if (kind[at] === stop) {
        const unit = text.charCodeAt(from[at]!)
        if (unit === 33) shouts += to[at]! - from[at]!
        if (unit === 63) asks++
      } else if (kind[at] === link) links++
      else if (kind[at] === name) names++
      else if (kind[at] === number) numbers++
      else if (kind[at] === emoji || kind[at] === smiley) pictures++
    }
    const few = [
      Math.min(shouts, 3),
      Math.min(asks, 2),
      Math.min(links, 2),
      Math.min(names, 3),
      Math.min(numbers, 3),
      Math.min(pictures, 4),
    ]
    this.facts.set([...few, marked & (isLong | isLoud), marked & isTag, Math.min(13, Math.floor(2 * Math.log2(1 + count)))], 6)
  }
}
