/** What a query says, and whether a post is what it looks for, word by word and with its reasons. The matcher in actions.ts answers the same, for all queries at once. */
import { refuse } from '#kernel/errors.ts'
import { bounds, fields, type MarkName, markNames, type Post, type Query, type Verdict, type Word } from './words.ts'
import { foldedOf, isWhole, Reading } from './words-text.ts'

// —— reading a query ——

interface Piece {
  is: 'open' | 'close' | 'and' | 'or' | 'not' | 'near' | 'is'
  at: number
  within?: number
  query?: Query
}

// Everybody may write as they speak; in capitals, so that the words themselves can be looked for.
const joints = new Map<string, 'and' | 'or' | 'not'>(
  Object.entries({
    and: ['AND', 'UND', 'EN', 'OCH', '&&'],
    or: ['OR', 'ODER', 'OF', 'ELLER', '||', '|'],
    not: ['NOT', 'NICHT', 'NIET', 'INTE'],
  } as const).flatMap(([is, all]) => all.map(each => [each, is as 'and'] as const)),
)
const near = /^(?:NEAR|NAHE|NABIJ|NÄRA)(?:\/(\d{1,4}))?$/
const next = /\s+|(\()|(\))|(=)?["“”„]([^"“”„]*)(["“”„]?)|([^\s()"“”„]+)/gy

/**
 * A query is words, "phrases" and marks, joined by AND, OR, NOT and NEAR; what stands side by side must all be there.
 *
 * `=Exact` counts case and accents, `begin*` and `l?ne` are wild, `#tag` and `@name` need their sign, `a NEAR/5 b` lets five words between; marks are `lang:de`,
 * `from:anna`, `link:example.org`, `country:`, `source:`, `kind:`, `mood:` and `followers:>1000`. A minus says NOT.
 */
export function parsed(text: string): Query {
  if (text.length > bounds.characters) refuse('invalid', 'matching.tooLong', { most: bounds.characters })
  const pieces = piecesOf(text)
  const it = new Reader(pieces, text.length)
  const query = it.either(0)
  if (it.piece) refuse('invalid', 'matching.closedTwice', { at: it.piece.at + 1 })
  if (wordsIn(query) > bounds.words) refuse('invalid', 'matching.tooMany', { most: bounds.words })
  if (!isAnchored(query)) refuse('invalid', 'matching.everything')
  return query
}

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  for (const match of text.matchAll(next)) {
    const [, open, close, exact, phrase, closing, bare] = match
    const at = match.index
    if (open) pieces.push({ is: 'open', at })
    else if (close) pieces.push({ is: 'close', at })
    else if (phrase !== undefined) {
      if (!closing) refuse('invalid', 'matching.quotes', { at: at + 1 })
      pieces.push({ is: 'is', at, query: { is: 'words', words: said(phrase, at, exact !== undefined) } })
    } else if (bare && !(bare === '-' && /\s/.test(text[at + 1] ?? ' '))) pieces.push(...bareOf(bare, at))
  }
  return pieces
}

/** A minus in front of a parenthesis or a phrase comes by itself. */
function bareOf(bare: string, at: number): Piece[] {
  const joint = joints.get(bare)
  if (joint) return [{ is: joint, at }]
  const close = near.exec(bare)
  if (close) {
    const within = Number(close[1] ?? 10)
    if (within > bounds.within) refuse('invalid', 'matching.tooFar', { at: at + 1, most: bounds.within })
    return [{ is: 'near', at, within }]
  }
  if (bare === '-') return [{ is: 'not', at }]
  if (/^-[^-]/.test(bare)) return [{ is: 'not', at }, ...bareOf(bare.slice(1), at + 1)]
  return [{ is: 'is', at, query: marked(bare, at) ?? { is: 'words', words: said(bare.replace(/^=/, ''), at, bare.startsWith('=')) } }]
}

const markPattern = new RegExp(`^(${markNames.join('|')}|followers):(.+)$`, 'i')

function marked(bare: string, at: number): Query | undefined {
  const [, name = '', value = ''] = markPattern.exec(bare) ?? []
  if (!name) return undefined
  if (name.toLowerCase() === 'followers') return followersOf(value, at)
  return { is: 'mark', name: name.toLowerCase() as MarkName, value: markOf(name.toLowerCase() as MarkName, value) }
}

function followersOf(value: string, at: number): Query {
  const [, sign, digits] = /^(>=|<=|>|<)?(\d{1,12})$/.exec(value) ?? []
  if (!digits) refuse('invalid', 'matching.followers', { at: at + 1 })
  const count = Number(digits)
  if (sign === '<') return { is: 'followers', most: count - 1 }
  if (sign === '<=') return { is: 'followers', most: count }
  return { is: 'followers', least: sign === '>' ? count + 1 : count }
}

/** The value of a mark as it is compared: a host without `www.`, a name without its sign, all in small letters. */
export function markOf(name: MarkName, value: string): string {
  const small = value.trim().toLowerCase()
  if (name === 'from') return small.replace(/^@/, '')
  return name === 'link'
    ? small
        .replace(/^https?:\/\//, '')
        .replace(/^www\./, '')
        .split(/[/?#]/, 1)[0]!
    : small
}

const reading = new Reading()

/** The words of a word or phrase as it was written. */
function said(text: string, at: number, exact: boolean): Word[] {
  const words: Word[] = []
  // A wild character belongs to the word that it stands in.
  for (const [part] of text.matchAll(/[^\s]+/gu)) words.push(...(/[*?]/.test(part) ? [wild(part, at)] : plain(part, exact)))
  if (words.length === 0) refuse('invalid', 'matching.nothing', { at: at + 1 })
  return words
}

function plain(part: string, exact: boolean): Word[] {
  reading.read(part)
  return Array.from({ length: reading.count }, (_, at) => {
    const sign = reading.sign(at)
    const word: Word = { folded: reading.folded(at), wild: false, unspaced: reading.unspaced[at] === 1 }
    return { ...word, ...(sign && { sign }), ...(exact && { exact: reading.raw(at) }) }
  })
}

const leastWild = 2

function wild(part: string, at: number): Word {
  const sign = /^[#@]/.exec(part)?.[0] as '#' | '@' | undefined
  const folded = part.slice(sign ? 1 : 0).replace(/[^*?]+/g, foldedOf)
  if (folded.replace(/[*?]/g, '').length < leastWild) refuse('invalid', 'matching.tooWild', { at: at + 1 })
  return { folded, wild: true, unspaced: false, ...(sign && { sign }) }
}

/** Goes through the pieces once; each way binds closer than the one before. */
class Reader {
  private readonly pieces: Piece[]
  private readonly end: number
  private place = 0

  constructor(pieces: Piece[], end: number) {
    this.pieces = pieces
    this.end = end
  }

  get piece(): Piece | undefined {
    return this.pieces[this.place]
  }

  either(depth: number): Query {
    if (depth > bounds.depth) refuse('invalid', 'matching.tooDeep', { most: bounds.depth })
    const of = [this.all(depth)]
    while (this.takes('or')) of.push(this.all(depth))
    return of.length === 1 ? of[0]! : { is: 'or', of }
  }

  private all(depth: number): Query {
    const of = [this.one(depth)]
    while (this.piece && this.piece.is !== 'or' && this.piece.is !== 'close') {
      this.takes('and')
      of.push(this.one(depth))
    }
    return of.length === 1 ? of[0]! : { is: 'and', of }
  }

  private one(depth: number): Query {
    let isNot = false
    while (this.takes('not')) isNot = !isNot
    const it = this.close(depth)
    return isNot ? { is: 'not', of: it } : it
  }

  private close(depth: number): Query {
    let left = this.single(depth)
    const all: Query[] = []
    while (this.piece?.is === 'near') {
      const { at, within = 10 } = this.piece
      this.place++
      const right = this.single(depth)
      if (left.is !== 'words' || right.is !== 'words') refuse('invalid', 'matching.near', { at: at + 1 })
      all.push({ is: 'near', within, of: [left.words, right.words] })
      left = right
    }
    return all.length === 0 ? left : all.length === 1 ? all[0]! : { is: 'and', of: all }
  }

  private single(depth: number): Query {
    const it = this.piece
    this.place++
    if (it?.is === 'is') return it.query!
    if (it?.is !== 'open') refuse('invalid', 'matching.expected', { at: (it?.at ?? this.end) + 1 })
    const inside = this.either(depth + 1)
    if (!this.takes('close')) refuse('invalid', 'matching.open', { at: it.at + 1 })
    return inside
  }

  private takes(is: Piece['is']): boolean {
    if (this.piece?.is !== is) return false
    this.place++
    return true
  }
}

function wordsIn(query: Query): number {
  if (query.is === 'words') return query.words.length
  if (query.is === 'near') return query.of[0].length + query.of[1].length
  if (query.is === 'not') return wordsIn(query.of)
  return query.is === 'and' || query.is === 'or' ? query.of.reduce((sum, each) => sum + wordsIn(each), 0) : 1
}

/** Whether it asks for something that few posts have: a word, an author or a link, not only a language or what must not be there. */
function isAnchored(query: Query): boolean {
  switch (query.is) {
    case 'and':
      return query.of.some(isAnchored)
    case 'or':
      return query.of.every(isAnchored)
    case 'words':
      return query.words.some(isFindable)
    case 'near':
      return query.of.flat().some(isFindable)
    case 'mark':
      return query.name === 'from' || query.name === 'link'
    default:
      return false
  }
}

// —— looking at a post ——

interface Said {
  folded: string
  raw: string
  from: number
  to: number
  sign: '#' | '@' | undefined
}

interface Seen {
  post: Post
  words: Said[]
  marks: ReadonlySet<string>
}

const pageLink = /(?:https?:\/\/|www\.)([^\s/?#]+)/gi

/** What a post says of itself, as `name:value`; a link stands for its host and for each that the host belongs to. */
export function marksOf(post: Post): string[] {
  const hosts = [...(post.links ?? []), ...[...post.text.matchAll(pageLink)].map(each => each[1]!)].map(each => markOf('link', each))
  return [
    ...hosts.flatMap(host =>
      host.split('.').flatMap((_, at, parts) => (at < parts.length - 1 ? [`link:${parts.slice(at).join('.')}`] : [])),
    ),
    ...Object.entries(fields).flatMap(([name, field]) => (post[field] ? [`${name}:${markOf(name as MarkName, post[field])}`] : [])),
  ]
}

/** Whether a post is what a query looks for, and which of its words say so. */
export function verdict(query: Query, post: Post): Verdict {
  const it = new Reading()
  it.read(post.text)
  const words = Array.from({ length: it.count }, (_, at) => ({
    folded: it.folded(at),
    raw: it.raw(at),
    from: it.from[at]!,
    to: it.to[at]!,
    sign: it.sign(at),
  }))
  const spans = spansOf(query, { post, words, marks: new Set(marksOf(post)) })
  const sorted = [...new Map((spans ?? []).map(each => [each.join(), each])).values()].sort((a, b) => a[0] - b[0] || a[1] - b[1])
  return { fits: spans !== undefined, spans: sorted }
}

type Span = [from: number, to: number]

/** The places that make it so; nothing where it is not so. */
function spansOf(query: Query, seen: Seen): Span[] | undefined {
  switch (query.is) {
    case 'and': {
      const all = query.of.map(each => spansOf(each, seen))
      return all.every(each => each !== undefined) ? all.flat() : undefined
    }
    case 'or': {
      const any = query.of.map(each => spansOf(each, seen)).filter(each => each !== undefined)
      return any.length > 0 ? any.flat() : undefined
    }
    case 'not':
      return spansOf(query.of, seen) ? undefined : []
    case 'words':
      return orNone(placesOf(query.words, seen).map(({ at }) => spanOf(at, query.words.length, seen)))
    case 'near':
      return orNone(nearbyOf(query, seen))
    case 'mark':
      return seen.marks.has(`${query.name}:${query.value}`) ? [] : undefined
    case 'followers': {
      const { followers } = seen.post
      return followers !== undefined && followers >= (query.least ?? 0) && followers <= (query.most ?? Number.POSITIVE_INFINITY)
        ? []
        : undefined
    }
  }
}

const orNone = (spans: Span[]): Span[] | undefined => (spans.length > 0 ? spans : undefined)
const spanOf = (at: number, length: number, { words }: Seen): Span => [words[at]!.from, words[at + length - 1]!.to]

const placesOf = (words: Word[], seen: Seen): { at: number }[] =>
  seen.words.flatMap((_, at) =>
    words.every((word, nth) => isWord(word, seen.words[at + nth])) && isWholePhrase(words, at, seen) ? [{ at }] : [],
  )

function isWord(word: Word, said: Said | undefined): boolean {
  if (!said || (word.sign && word.sign !== said.sign)) return false
  if (word.exact !== undefined) return said.raw === word.exact
  return word.wild ? isLike(said.folded, word.folded) : said.folded === word.folded
}

/** In a wild word `*` stands for any letters or none, and `?` for one. */
export function isLike(text: string, pattern: string): boolean {
  let [at, place, star, from] = [0, 0, -1, 0]
  while (at < text.length)
    if (pattern[place] === '*') {
      star = place++
      from = at
    } else if (place < pattern.length && (pattern[place] === '?' || pattern[place] === text[at])) {
      at++
      place++
    } else if (star >= 0) {
      place = star + 1
      at = ++from
    } else return false
  while (pattern[place] === '*') place++
  return place === pattern.length
}

function isWholePhrase(words: Word[], at: number, seen: Seen): boolean {
  if (!words[0]!.unspaced && !words.at(-1)!.unspaced) return true
  const [from, to] = spanOf(at, words.length, seen)
  return isWhole(seen.post.text, from, to)
}

function nearbyOf({ of: [a, b], within }: Query & { is: 'near' }, seen: Seen): Span[] {
  const left = placesOf(a, seen)
  return placesOf(b, seen).flatMap(right =>
    left
      .filter(each => isNear(each.at, a.length, right.at, b.length, within))
      .flatMap(each => [spanOf(each.at, a.length, seen), spanOf(right.at, b.length, seen)]),
  )
}

/** Two phrases are near each other when at most so many words stand between them, whichever comes first. */
export function isNear(a: number, lengthOfA: number, b: number, lengthOfB: number, within: number): boolean {
  const between = a < b ? b - (a + lengthOfA) : a - (b + lengthOfB)
  return between >= 0 && between <= within
}

/** A word can be looked up when it begins with two letters of its own. */
const isFindable = (word: Word): boolean => !word.wild || /^[^*?]{2}/u.test(word.folded)
