/** What is decided about numbers of listening: shares, moods, what rises, what made the difference. All of it arithmetic. */
import { beginOf, countDays, daysFrom } from '#kernel/days.ts'
import { type Interval, shareInterval } from '#kernel/intervals.ts'
import type { Accuracy, Driver, Moods, Rising, Span, TermCount } from './words.ts'
import { isFiller } from './words-stop.ts'

// —— shares and moods ——

/** Share of voice is what is said of us by what is said of us and of those who compete with us; of nothing, unknown. */
export const shareOfVoice = (own: number, competitors: number): number | null => ratio(own, own + competitors)

/** Share of conversation is how many of all mentions of a topic speak of our brand; without any, unknown. */
export const shareOfConversation = (ofBrand: number, ofTopic: number): number | null => ratio(Math.min(ofBrand, ofTopic), ofTopic)

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)

/** The net sentiment score is positive less negative by all mentions, the neutral ones and those nobody could tell included. */
export const netSentiment = ({ positive, negative, neutral, unknown }: Moods): number | null =>
  ratio(positive - negative, positive + negative + neutral + unknown)

/** The net sentiment rate is positive less negative by those two alone; neutral mentions are left out. */
export const netSentimentRate = ({ positive, negative }: Moods): number | null => ratio(positive - negative, positive + negative)

/** Fewer labels that people looked at say nothing about how often a mood is right. */
export const leastChecked = 10

/** How often the mood is right is told with its span from ten checked labels on; of fewer, only how many were checked. */
export function accuracyOf(checked: number, right: number): Accuracy {
  if (checked < leastChecked) return { checked, share: null, interval: null }
  return { checked, share: right / checked, interval: shareInterval(right, checked) satisfies Interval }
}

// —— periods ——

/** The period before is as long and ends the day before; a year before is 364 days back, so that weekdays meet. */
export function spanBefore({ from, until }: Span, against: 'before' | 'year'): Span {
  const back = against === 'year' ? 364 : countDays(from, until)
  return { from: daysFrom(from, -back), until: daysFrom(until, -back) }
}

/** What rises is compared with the time before: four times as long as the period, and a year at most. */
export function baseLine({ from, until }: Span): Span {
  const length = Math.min(365, 4 * countDays(from, until))
  return { from: daysFrom(from, -length), until: daysFrom(from, -1) }
}

/** A period is told day by day up to a quarter, and week by week beyond. */
export const stepOf = (days: number): 'day' | 'week' => (days <= 92 ? 'day' : 'week')

/** A step in which nothing was said stays in the picture as a zero. */
export function stepsOf({ from, until }: Span, step: 'day' | 'week'): string[] {
  const steps = new Set<string>()
  for (let at = from; at <= until; at = daysFrom(at, 1)) steps.add(stepIn(at, from, step))
  return [...steps]
}

/** The step that a day lies in; the first week begins with the period. */
export function stepIn(day: string, from: string, step: 'day' | 'week'): string {
  const begin = beginOf(step, day)
  return begin < from ? from : begin
}

// —— what rises ——

const informative = (count: number, expected: number): number => (count > 0 ? count * Math.log(count / expected) : 0)

/**
 * How surprising a change is, the log-likelihood ratio tells: above 10.83 it happens by chance once in a thousand times.
 * A term stands in `now` of `allNow` mentions and in `before` of `allBefore` (T. Dunning, "Accurate methods for the statistics of surprise and coincidence", 1993).
 */
export function surprise(now: number, allNow: number, before: number, allBefore: number): number {
  const cells = [
    [now, now + before, allNow],
    [before, now + before, allBefore],
    [allNow - now, allNow + allBefore - now - before, allNow],
    [allBefore - before, allNow + allBefore - now - before, allBefore],
  ] as const
  const all = allNow + allBefore
  return Math.max(0, 2 * cells.reduce((sum, [count, row, column]) => sum + informative(count, (row * column) / all), 0))
}

export const clearly = 10.83
const leastRising = 3

/** A term rises when it is said in a larger share of mentions than before, three times at least, and hardly by chance; the most surprising first. */
export function rising(terms: readonly TermCount[], allNow: number, allBefore: number, most: number): Rising[] {
  const found = terms
    .map(each => ({ ...each, surprise: surprise(each.n, allNow, Math.min(each.before, allBefore), allBefore) }))
    .filter(each => each.n >= leastRising && each.surprise >= clearly && each.n / allNow > each.before / Math.max(1, allBefore))
    .sort((a, b) => b.surprise - a.surprise || b.n - a.n)
  return withoutParts(found).slice(0, most)
}

/** A word that is nearly always said within a phrase is told as that phrase. */
export function withoutParts<T extends { term: string; n: number }>(terms: readonly T[]): T[] {
  const most = new Map<string, number>()
  for (const { term, n } of terms) if (isPhrase(term)) for (const word of term.split(' ')) most.set(word, Math.max(n, most.get(word) ?? 0))
  return terms.filter(({ term, n }) => isPhrase(term) || (most.get(term) ?? 0) < 0.8 * n)
}

/** Two words with a blank between them are a phrase. */
export const isPhrase = (term: string): boolean => term.includes(' ')

/** A term that stands in more than half of all mentions, now and before, is what was looked for, not what is said about it; without a time before, in nine of ten. */
export function isTheMatter(now: number, allNow: number, before: number, allBefore: number): boolean {
  if (allNow < 20) return false
  return allBefore < 20 ? now > 0.9 * allNow : now > allNow / 2 && before > allBefore / 2
}

/** What is the matter itself is left out, and with it each phrase of which it is a part. */
export function withoutTheMatter<T>(
  terms: readonly T[],
  counted: (each: T) => { term: string; now: number; before: number },
  all: { now: number; before: number },
): T[] {
  const words = terms.map(counted)
  const matter = new Set(words.flatMap(({ term, now, before }) => (isTheMatter(now, all.now, before, all.before) ? term.split(' ') : [])))
  return terms.filter((_, at) => !words[at]!.term.split(' ').some(word => matter.has(word)))
}

// —— what made the difference ——

/** Each part made as much of a difference as it grew or shrank; those that moved most first. */
export function drivers(parts: readonly { part: string; now: number; before: number }[], most: number): Driver[] {
  return parts
    .map(each => ({ ...each, difference: each.now - each.before }))
    .filter(each => each.difference !== 0)
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference) || (a.part < b.part ? -1 : 1))
    .slice(0, most)
}

/** A part moved the net sentiment score by what it adds to it now less what it added before; all parts together are the whole change. */
export function moodDrivers(
  parts: readonly { part: string; now: Moods; before: Moods }[],
  all: { now: number; before: number },
  most: number,
): Driver[] {
  const adds = (moods: Moods, of: number) => (of > 0 ? (moods.positive - moods.negative) / of : 0)
  return drivers(
    parts.map(({ part, now, before }) => ({ part, now: adds(now, all.now), before: adds(before, all.before) })),
    most,
  )
}

// —— terms ——

const longest = 5000
const mostTerms = 80
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const tokens = /(?:https?:\/\/|www\.)[^\s<>"]{1,500}|[\w.+-]{0,64}@[\w.-]{1,100}|[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]{0,60}|[^\s]/gu
const segmenter = new Intl.Segmenter('und', { granularity: 'word' })

/**
 * A mention counts once for each word that says something, and for each two of them that stand side by side.
 * Addresses, names of accounts, numbers and words that only hold sentences together are none; of Chinese, Japanese and Thai the words are found by the
 * dictionaries of Unicode.
 */
export function termsOf(text: string, language: string | null): string[] {
  const found = new Set<string>()
  let before: string | null = null
  let end = -1
  for (const { word, at } of wordsOf(text.slice(0, longest).toLowerCase().normalize('NFC'))) {
    const term = contentOf(word, language)
    if (term) {
      found.add(term)
      if (before && before !== term && at - end <= 1) found.add(`${before} ${term}`)
      if (found.size >= mostTerms) break
    }
    before = term
    end = at + word.length
  }
  return [...found]
}

function* wordsOf(text: string): Generator<{ word: string; at: number }> {
  for (const match of text.matchAll(tokens)) {
    if (unspaced.test(match[0]))
      for (const { segment, index, isWordLike } of segmenter.segment(match[0]))
        yield { word: isWordLike ? segment : '.', at: match.index + index }
    else yield { word: match[0], at: match.index }
  }
}

/** The word itself where it says something. */
function contentOf(word: string, language: string | null): string | null {
  const plain = word.replaceAll('’', "'").replace(/'s$/, '')
  const trimmed = withoutEdges(plain)
  const long = unspaced.test(trimmed) ? trimmed.length >= 2 : trimmed.length >= 3
  if (!long || trimmed.length > 40 || /[@/:]/.test(trimmed) || trimmed.startsWith('www.')) return null
  return /\p{L}/u.test(trimmed) && !isFiller(trimmed, language) ? trimmed : null
}

/** Hyphens and apostrophes belong to a word only within it. */
function withoutEdges(word: string): string {
  let [from, until] = [0, word.length]
  while (from < until && "'-".includes(word[from]!)) from++
  while (until > from && "'-".includes(word[until - 1]!)) until--
  return word.slice(from, until)
}

/** A company is found by its name as one word or two that say something; a longer name is not looked for. */
export function termOfName(name: string): string | null {
  const terms = termsOf(name.replace(legalForms, ' '), null)
  const said = terms.filter(each => !isPhrase(each))
  if (said.length === 1) return said[0]!
  return said.length === 2 ? (terms.find(isPhrase) ?? null) : null
}

/** What stands behind the names of companies in registers, and is seldom said. */
const legalForms = /\b(?:gmbh|ag|kg|bv|b\.v\.|nv|n\.v\.|ab|ltd|limited|inc|llc|plc|corp|sa|sas|sarl|spa|srl|oy|as|aps)\b\.?/gi

/** A cause speaks of a term when it holds each of its words. */
export function speaksOf(cause: string, term: string): boolean {
  const said = new Set(termsOf(cause, null))
  return term.split(' ').every(word => said.has(word))
}

export const kept = { words: 120, phrases: 80 } as const

/** Of each day of a monitor the 120 commonest words and the 80 commonest phrases are kept, and no phrase that was said only once. */
export function commonest<T extends { term: string; n: number }>(terms: readonly T[]): T[] {
  const sorted = terms.toSorted((a, b) => b.n - a.n || (a.term < b.term ? -1 : 1))
  return [
    ...sorted.filter(({ term }) => !isPhrase(term)).slice(0, kept.words),
    ...sorted.filter(({ term, n }) => isPhrase(term) && n > 1).slice(0, kept.phrases),
  ]
}

/** The size of a word in a cloud grows with the root of how often it was said: 1 to 6. */
export const sizeIn = (n: number, most: number): number => (most > 0 ? 1 + Math.round(5 * Math.sqrt(n / most)) : 1)

/** How dark a field of a heat map is, 0 to 5: nothing is 0, the most 5. */
export const heatOf = (n: number, most: number): number => (n > 0 && most > 0 ? Math.max(1, Math.ceil((5 * n) / most)) : 0)
