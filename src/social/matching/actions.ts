/** All queries at once over one post after the other. */
import { isLike, isNear, markOf, marksOf, parsed, verdict } from './rules.ts'
import { fields, type MarkName, type Post, type Query, type Word } from './words.ts'
import { isWhole, numberOf, Reading } from './words-text.ts'

export { markOf, parsed, Reading, verdict }

/** One word as the matcher compares it. */
interface Compared {
  number: number
  word: Word
}

type Made =
  | { is: 'and' | 'or'; of: Made[] }
  | { is: 'not'; of: Made }
  | { is: 'words'; words: Compared[] }
  | { is: 'near'; within: number; a: Compared[]; b: Compared[] }
  | { is: 'mark'; mark: string; name: MarkName; value: string }
  | { is: 'followers'; least: number; most: number }

/** Without one of these in it no post fits: the number of a word, of a beginning, or of a mark. */
interface Anchor {
  number: number
  /** Letters of a beginning; 0 for a whole word. */
  length: number
  cost: number
}

interface Monitor {
  id: string
  made: Made
  anchors: Anchor[]
  /** Of the post that was looked at last for it. */
  seen: number
}

/** Lengths under which beginnings are kept; a longer one is found by the longest that fits into it. */
const beginnings = [6, 4, 3, 2]
const buckets = 1 << 16
const bits = 1 << 20

/**
 * Finds of many queries those that a post fits, in one pass over its text. Each query is kept under the rarest words without which nothing fits it; a post
 * asks for its own words only, and what is found there is looked at whole. Changes hold for the next post. Not shared between threads: each worker has its own.
 */
export class Matcher {
  private readonly monitors = new Map<string, Monitor>()
  private readonly words = new Map<number, Monitor[]>()
  private readonly begins = new Map<number, Map<number, Monitor[]>>()
  private readonly marks = new Map<number, Monitor[]>()
  /** How often words of each bucket came, of some posts. */
  private readonly heard = new Uint32Array(buckets)
  private heardWords = 0
  private posts = 0
  private readonly kept = new Int32Array(bits / 32)
  private readonly reading = new Reading()
  private readonly places = new Places()
  private placed = 0
  private post: Post = { text: '' }
  private postMarks: string[] | undefined

  get size(): number {
    return this.monitors.size
  }

  /** Adds a query, or puts it in place of the one of this id. */
  set(id: string, query: Query): void {
    this.remove(id)
    const made = madeOf(query)
    const monitor: Monitor = { id, made, anchors: this.anchorsOf(made) ?? [], seen: 0 }
    this.monitors.set(id, monitor)
    for (const anchor of monitor.anchors) this.shelf(anchor).push(monitor)
  }

  remove(id: string): void {
    const monitor = this.monitors.get(id)
    if (!monitor) return
    this.monitors.delete(id)
    for (const anchor of monitor.anchors) {
      const shelf = this.shelf(anchor)
      shelf.splice(shelf.indexOf(monitor), 1)
    }
  }

  /** Puts every query under what is rare by all that was heard so far. */
  rearrange(): void {
    const all = [...this.monitors.values()]
    this.words.clear()
    this.begins.clear()
    this.marks.clear()
    for (const monitor of all) {
      monitor.anchors = this.anchorsOf(monitor.made) ?? []
      for (const anchor of monitor.anchors) this.shelf(anchor).push(monitor)
    }
  }

  /** The ids of the queries that it fits, in no order. */
  match(post: Post): string[] {
    this.post = post
    this.postMarks = undefined
    this.posts++
    const { reading } = this
    reading.read(post.text)
    if (this.posts % 8 === 1) this.learn()
    const found: string[] = []
    for (let at = 0; at < reading.count; at++) {
      const number = reading.hash[at]!
      if (!this.isKept(number)) continue
      const shelf = this.words.get(number)
      if (shelf) this.look(shelf, found)
    }
    for (const [length, shelves] of this.begins) this.lookAtBeginnings(length, shelves, found)
    if (this.marks.size > 0)
      for (const mark of this.marksHere()) {
        const shelf = this.marks.get(numberOf(mark))
        if (shelf) this.look(shelf, found)
      }
    return found
  }

  /** The same by looking at every query, as it would be without shelves: what others are measured against. */
  matchEach(post: Post): string[] {
    this.post = post
    this.postMarks = undefined
    this.posts++
    this.reading.read(post.text)
    return [...this.monitors.values()].filter(each => this.fits(each.made)).map(each => each.id)
  }

  private lookAtBeginnings(length: number, shelves: Map<number, Monitor[]>, found: string[]): void {
    const { reading } = this
    for (let at = 0; at < reading.count; at++) {
      const number = reading.beginning(at, length)
      const shelf = number === undefined ? undefined : shelves.get(number)
      if (shelf) this.look(shelf, found)
    }
  }

  private look(shelf: readonly Monitor[], found: string[]): void {
    for (const monitor of shelf) {
      if (monitor.seen === this.posts) continue
      monitor.seen = this.posts
      if (this.fits(monitor.made)) found.push(monitor.id)
    }
  }

  /** Most words of a post lead to no query: one bit says so, sooner than a table would. */
  private isKept(number: number): boolean {
    const bit = bitOf(number)
    return (this.kept[bit >>> 5]! & (1 << (bit & 31))) !== 0
  }

  private learn(): void {
    const { reading } = this
    for (let at = 0; at < reading.count; at++) this.heard[bucketOf(reading.hash[at]!)]!++
    this.heardWords += reading.count
  }

  private marksHere(): string[] {
    this.postMarks ??= marksOf(this.post)
    return this.postMarks
  }

  // —— where a query is kept ——

  private shelf({ number, length }: Anchor): Monitor[] {
    if (length === 0) this.kept[bitOf(number) >>> 5]! |= 1 << (bitOf(number) & 31)
    const shelves = length < 0 ? this.marks : length === 0 ? this.words : shelfIn(this.begins, length, () => new Map<number, Monitor[]>())
    return shelfIn(shelves, number, () => [])
  }

  private costOf(number: number, length: number): number {
    const share = this.heardWords > 1000 ? this.heard[bucketOf(number)]! / this.heardWords : 0
    return share + 1e-4 / (1 + length)
  }

  private anchorsOf(made: Made): Anchor[] | undefined {
    switch (made.is) {
      case 'and':
        return cheapest(made.of.map(each => this.anchorsOf(each)))
      case 'or': {
        const all = made.of.map(each => this.anchorsOf(each))
        return all.every(each => each !== undefined) ? unlike(all.flat()) : undefined
      }
      case 'words':
        return cheapest(made.words.map(each => this.anchorOf(each)))
      case 'near':
        return cheapest([...made.a, ...made.b].map(each => this.anchorOf(each)))
      case 'mark': {
        const isRare = made.mark.startsWith('from:') || made.mark.startsWith('link:')
        return [{ number: numberOf(made.mark), length: -1, cost: isRare ? 1e-5 : 0.3 }]
      }
      default:
        return undefined
    }
  }

  private anchorOf({ number, word }: Compared): Anchor[] | undefined {
    if (!word.wild) return [{ number, length: 0, cost: this.costOf(number, word.folded.length) }]
    const begin = word.folded.search(/[*?]/)
    const length = beginnings.find(each => each <= begin)
    if (!length) return undefined
    return [{ number: numberOf(word.folded, length), length, cost: 0.5 / 4 ** length }]
  }

  // —— whether it fits ——

  private fits(made: Made): boolean {
    switch (made.is) {
      case 'and':
        for (const each of made.of) if (!this.fits(each)) return false
        return true
      case 'or':
        for (const each of made.of) if (this.fits(each)) return true
        return false
      case 'not':
        return !this.fits(made.of)
      case 'words':
        return this.place(made.words, 0) >= 0
      case 'near':
        return this.isNear(made)
      case 'mark':
        return this.isMarked(made)
      case 'followers': {
        const { followers } = this.post
        return followers !== undefined && followers >= made.least && followers <= made.most
      }
    }
  }

  private isMarked({ name, value, mark }: Made & { is: 'mark' }): boolean {
    if (name === 'link') return this.marksHere().includes(mark)
    const said = this.post[fields[name]]
    return said !== undefined && (said === value || markOf(name, said) === value)
  }

  /** The first place from `from` on where these words stand; -1 without one. */
  private place(words: readonly Compared[], from: number): number {
    const { reading } = this
    const first = words[0]!
    if (first.word.wild) {
      for (let at = from; at < reading.count; at++) if (this.stands(words, at)) return at
      return -1
    }
    if (this.placed !== this.posts) {
      this.places.fill(reading)
      this.placed = this.posts
    }
    for (let at = this.places.first(first.number); at >= 0; at = this.places.next[at]!) if (at >= from && this.stands(words, at)) return at
    return -1
  }

  private stands(words: readonly Compared[], at: number): boolean {
    const { reading } = this
    if (at + words.length > reading.count) return false
    for (let nth = 0; nth < words.length; nth++) if (!this.isWord(words[nth]!, at + nth)) return false
    if (!words[0]!.word.unspaced && !words[words.length - 1]!.word.unspaced) return true
    return isWhole(reading.text, reading.from[at]!, reading.to[at + words.length - 1]!)
  }

  /** By its number first; by its letters then, because two words may have one number. */
  private isWord({ number, word }: Compared, at: number): boolean {
    const { reading } = this
    if (!word.wild && reading.hash[at] !== number) return false
    if (word.sign && reading.sign(at) !== word.sign) return false
    if (word.exact !== undefined) return reading.raw(at) === word.exact
    return word.wild ? isLike(reading.folded(at), word.folded) : reading.says(at, word.folded)
  }

  private isNear({ a, b, within }: Made & { is: 'near' }): boolean {
    for (let left = this.place(a, 0); left >= 0; left = this.place(a, left + 1))
      for (let right = this.place(b, 0); right >= 0; right = this.place(b, right + 1))
        if (isNear(left, a.length, right, b.length, within)) return true
    return false
  }
}

const bitOf = (number: number): number => Math.imul(number, 0x9e3779b1) >>> 12
const bucketOf = (number: number): number => (Math.imul(number, 0x9e3779b1) >>> 16) & (buckets - 1)

function shelfIn<K, V>(shelves: Map<K, V>, key: K, fresh: () => V): V {
  const known = shelves.get(key)
  if (known !== undefined) return known
  const made = fresh()
  shelves.set(key, made)
  return made
}

const sumOf = (anchors: readonly Anchor[]) => anchors.reduce((sum, each) => sum + each.cost, 0)

/** Of several, all of which must be there, those that come most seldom. */
function cheapest(all: (Anchor[] | undefined)[]): Anchor[] | undefined {
  let best: Anchor[] | undefined
  for (const each of all) if (each && (!best || sumOf(each) < sumOf(best))) best = each
  return best
}

const unlike = (anchors: Anchor[]): Anchor[] => [...new Map(anchors.map(each => [`${each.number} ${each.length}`, each])).values()]

const comparedOf = (words: readonly Word[]): Compared[] => words.map(word => ({ number: word.wild ? 0 : numberOf(word.folded), word }))

function madeOf(query: Query): Made {
  switch (query.is) {
    case 'and':
    case 'or':
      return { is: query.is, of: query.of.map(madeOf) }
    case 'not':
      return { is: 'not', of: madeOf(query.of) }
    case 'words':
      return { is: 'words', words: comparedOf(query.words) }
    case 'near':
      return { is: 'near', within: query.within, a: comparedOf(query.of[0]), b: comparedOf(query.of[1]) }
    case 'mark':
      return { is: 'mark', mark: `${query.name}:${query.value}`, name: query.name, value: query.value }
    case 'followers':
      return { is: 'followers', least: query.least ?? 0, most: query.most ?? Number.POSITIVE_INFINITY }
  }
}

/** Where each word of one post stands: an open table of first places, and a chain from each to the next. */
class Places {
  private size = 1024
  private keys = new Int32Array(this.size)
  private heads = new Int32Array(this.size)
  private filled = new Int32Array(this.size)
  private turn = 0
  next = new Int32Array(512)

  fill(reading: Reading): void {
    if (reading.count * 2 > this.size) this.grow(reading.count)
    this.turn++
    for (let at = reading.count - 1; at >= 0; at--) {
      const slot = this.slot(reading.hash[at]!)
      this.next[at] = this.filled[slot] === this.turn ? this.heads[slot]! : -1
      this.filled[slot] = this.turn
      this.keys[slot] = reading.hash[at]!
      this.heads[slot] = at
    }
  }

  first(number: number): number {
    const slot = this.slot(number)
    return this.filled[slot] === this.turn ? this.heads[slot]! : -1
  }

  private slot(number: number): number {
    let slot = (Math.imul(number, 0x9e3779b1) >>> 8) & (this.size - 1)
    while (this.filled[slot] === this.turn && this.keys[slot] !== number) slot = (slot + 1) & (this.size - 1)
    return slot
  }

  private grow(count: number): void {
    while (count * 2 > this.size) this.size *= 2
    this.keys = new Int32Array(this.size)
    this.heads = new Int32Array(this.size)
    this.filled = new Int32Array(this.size)
    this.turn = 0
    this.next = new Int32Array(this.size)
  }
}
