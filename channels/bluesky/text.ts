/** A text as the network wants it: posts of 300 characters as people see them, with links, mentions and tags marked by their bytes. */
import { isHandle, normalise } from './names.ts'

/** Of one post (lexicon `app.bsky.feed.post`). */
export const mostGraphemes = 300
const mostBytes = 3000
const mostTag = 64

type Feature =
  | { $type: 'app.bsky.richtext.facet#link'; uri: string }
  | { $type: 'app.bsky.richtext.facet#mention'; did: string }
  | { $type: 'app.bsky.richtext.facet#tag'; tag: string }

export interface Facet {
  index: { byteStart: number; byteEnd: number }
  features: Feature[]
}

export interface Written {
  text: string
  facets: Facet[]
}

interface Part {
  text: string
  feature?: Feature
}

interface Word {
  /** White space before it, as it was written. */
  gap: string
  parts: Part[]
  size: number
  bytes: number
}

/** The handles that a text mentions. */
export const mentionsIn = (text: string): string[] => [...new Set(text.split(/\s+/).flatMap(word => mentionIn(fenced(word).core) ?? []))]

/** One post or several: broken between paragraphs, else sentences, else words. `dids` says who the mentioned handles are; others stay plain words. */
export function written(text: string, dids: Map<string, string>): Written[] {
  const posts: Written[] = []
  for (let rest = wordsOf(text, dids); rest.length; ) {
    const count = firstOf(rest)
    posts.push(put(rest.slice(0, count)))
    rest = rest.slice(count)
  }
  return posts.length ? posts : [{ text: '', facets: [] }]
}

function wordsOf(text: string, dids: Map<string, string>): Word[] {
  const pieces = text.trim().split(/(\s+)/)
  return pieces.flatMap((word, at) => (at % 2 || !word ? [] : wordOf(pieces[at - 1] ?? '', partsOf(word, dids))))
}

/** A word that no post can hold is broken as it comes. */
function wordOf(gap: string, parts: Part[]): Word[] {
  const [size, bytes] = measured(parts)
  if (size <= mostGraphemes && bytes <= mostBytes) return [{ gap, parts, size, bytes }]
  const all = graphemes(parts.map(each => each.text).join(''))
  const pieces = Array.from({ length: Math.ceil(all.length / 100) }, (_, at) => all.slice(at * 100, at * 100 + 100).join(''))
  const bounded = pieces.flatMap(piece => (Buffer.byteLength(piece) <= mostBytes ? [piece] : [...piece]))
  return bounded.map((piece, at) => ({
    gap: at ? '' : gap,
    parts: [{ text: piece }],
    size: graphemes(piece).length,
    bytes: Buffer.byteLength(piece),
  }))
}

const measured = (parts: Part[]): [number, number] => {
  const whole = parts.map(each => each.text).join('')
  return [graphemes(whole).length, Buffer.byteLength(whole)]
}

/** How long the network holds a text to be: as people see it, a long link short. */
export const lengthOf = (text: string): number =>
  wordsOf(text, new Map()).reduce((sum, { gap, size }, at) => sum + size + (at ? gap.length : 0), 0)

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
export const graphemes = (text: string): string[] => [...segmenter.segment(text)].map(each => each.segment)

/** How many of the words go into the next post. */
function firstOf(words: Word[]): number {
  const most = fitting(words)
  if (most === words.length) return most
  const early = Math.ceil(most / 3)
  return breakBefore(words, early, most, isParagraph) ?? breakBefore(words, early, most, isSentence) ?? most
}

function fitting(words: Word[]): number {
  let [size, bytes, count] = [0, 0, 0]
  for (const word of words) {
    size += word.size + (count ? word.gap.length : 0)
    bytes += word.bytes + (count ? word.gap.length : 0)
    if (count && (size > mostGraphemes || bytes > mostBytes)) return count
    count++
  }
  return count
}

function breakBefore(words: Word[], early: number, most: number, fits: (word: Word, before: Word) => boolean): number | undefined {
  for (let at = most; at > early; at--) if (fits(words[at]!, words[at - 1]!)) return at
  return undefined
}

const isParagraph = ({ gap }: Word): boolean => gap.split('\n').length > 2
const isSentence = ({ gap }: Word, before: Word): boolean => gap.includes('\n') || /[.!?…]["')»”]?$/.test(before.parts.at(-1)!.text)

function put(words: Word[]): Written {
  const parts = words.flatMap((word, at) => [...(at && word.gap ? [{ text: word.gap }] : []), ...word.parts])
  const facets: Facet[] = []
  let [text, bytes] = ['', 0]
  for (const part of parts) {
    const end = bytes + Buffer.byteLength(part.text)
    if ('feature' in part && part.feature) facets.push({ index: { byteStart: bytes, byteEnd: end }, features: [part.feature] })
    text += part.text
    bytes = end
  }
  return { text, facets }
}

// —— words ——

function partsOf(word: string, dids: Map<string, string>): Part[] {
  const { before, core, after } = fenced(word)
  const [marked = { text: core }] = [linkIn(core), mentioned(core, dids), tagIn(core)].filter(part => part !== undefined)
  return [{ text: before }, marked, { text: after }].filter(({ text }) => text)
}

const opening = '([{"\'«„“‘<'
const closing = '.,;:!?)]}"\'»”’>…'

/** Marks around a word do not belong to it; a bracket that the word itself opened does. */
function fenced(word: string): { before: string; core: string; after: string } {
  let [start, end] = [0, word.length]
  while (start < end && opening.includes(word[start]!)) start++
  while (end > start && closing.includes(word[end - 1]!) && !closesItself(word.slice(start, end))) end--
  return { before: word.slice(0, start), core: word.slice(start, end), after: word.slice(end) }
}

const closesItself = (core: string): boolean => core.endsWith(')') && core.split('(').length >= core.split(')').length

const longLink = 60

/** A long link is shown short, and leads to the whole. */
function linkIn(core: string): Part | undefined {
  if (!/^https?:\/\/[^\s]/i.test(core)) return undefined
  const url = URL.parse(core)
  if (!url || core.length > 2000) return undefined
  const shown =
    core.length > longLink
      ? `${graphemes(core.replace(/^https?:\/\//i, ''))
          .slice(0, longLink / 2)
          .join('')}…`
      : core
  return { text: shown, feature: { $type: 'app.bsky.richtext.facet#link', uri: core } }
}

function mentionIn(core: string): string | undefined {
  const handle = core.startsWith('@') ? normalise(core) : ''
  return isHandle(handle) ? handle : undefined
}

function mentioned(core: string, dids: Map<string, string>): Part | undefined {
  const did = dids.get(mentionIn(core) ?? '')
  return did ? { text: core, feature: { $type: 'app.bsky.richtext.facet#mention', did } } : undefined
}

function tagIn(core: string): Part | undefined {
  const tag = /^[#＃]/.test(core) ? core.slice(1) : ''
  const isTag = tag && !/^\d+$/.test(tag) && !/[#＃]/.test(tag) && graphemes(tag).length <= mostTag
  return isTag ? { text: core, feature: { $type: 'app.bsky.richtext.facet#tag', tag } } : undefined
}
