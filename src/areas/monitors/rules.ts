/** What is decided about what is listened for, and about what was heard. */
import { refuse } from '#kernel/errors.ts'
import type { Query, Word } from '#social/matching/words.ts'
import { type Heard, mostText } from './words.ts'

// —— what is listened to ——

interface Saying {
  noun: string
  audience: string
  side: 'inside' | 'outside'
  deletedAt: Date | null
  text: string
  subject: string | null
}

/** What people outside said to us and what everybody may read is listened to; notes, answers of ours and rooms of members are not. */
export function isListenedTo({ noun, audience, side, deletedAt, text, subject }: Saying): boolean {
  if (deletedAt || (audience !== 'public' && audience !== 'thread') || noun === 'Note') return false
  return (noun !== 'Message' || side === 'outside') && (text !== '' || (subject ?? '') !== '')
}

/** A post is known by its source and its name there, and by its content where it is ours already. */
export const onceOf = (source: string, { remoteId, content }: Pick<Heard, 'remoteId' | 'content'>): string =>
  (content ? `content|${content}` : `${source}|${remoteId}`).slice(0, 1000).toWellFormed().replaceAll('\0', '')

const year = 366 * 86_400_000

/** A post of tomorrow is of now, and one whose moment nobody can read as well; a source may go back in time as far as it likes. */
export function momentOf(at: Date, now: Date): Date {
  const time = at.getTime()
  if (Number.isNaN(time) || time > now.getTime()) return now
  return time < now.getTime() - 60 * year ? new Date(now.getTime() - 60 * year) : at
}

/** Of a text so much is kept as may stand here; half a character at its end goes. */
export const keptText = (text: string): string => text.slice(0, mostText).toWellFormed().replaceAll('\0', '')

// —— fitting ——

const found: readonly string[] = ['lang', 'mood']

/**
 * Language and mood of a post are found out only when the rest of a query fits: without them it asks for less, never for more.
 * Nothing is left (`undefined`) where it asked for nothing else.
 */
export function relaxed(query: Query): Query | undefined {
  switch (query.is) {
    case 'mark':
      return found.includes(query.name) ? undefined : query
    case 'not':
      return asksForFound(query.of) ? undefined : query
    case 'or': {
      const of = query.of.map(relaxed)
      return of.every(each => each !== undefined) ? { is: 'or', of } : undefined
    }
    case 'and': {
      const of = query.of.map(relaxed).filter(each => each !== undefined)
      return of.length > 1 ? { is: 'and', of } : of[0]
    }
    default:
      return query
  }
}

/** Whether a query asks for what has to be found out first. */
export function asksForFound(query: Query): boolean {
  if (query.is === 'mark') return found.includes(query.name)
  if (query.is === 'not') return asksForFound(query.of)
  return query.is === 'and' || query.is === 'or' ? query.of.some(asksForFound) : false
}

/** A monitor hears its sources and its languages only, where it names some; what nobody can tell the language of is heard. */
export const hears = (
  { sources, languages }: { sources: readonly string[]; languages: readonly string[] },
  post: { source: string; language: string | null },
): boolean =>
  (sources.length === 0 || sources.includes(post.source)) &&
  (languages.length === 0 || post.language === null || languages.includes(post.language.split('-')[0]!))

// —— a query from a few answers ——

export interface Answers {
  /** Names and other spellings. */
  names: readonly string[]
  hashtags: readonly string[]
  accounts: readonly string[]
  /** One of them must stand there as well. */
  context: readonly string[]
  without: readonly string[]
}

/** A query from a few answers: any of the names, hashtags and accounts, with one of the words around them, and without those to leave out. */
export function queryOf({ names, hashtags, accounts, context, without }: Answers): string {
  const said = [...new Set([...names.map(termOf), ...hashtags.map(each => signed('#', each))])].filter(Boolean)
  const by = accounts.map(each => signed('@', each)).filter(Boolean)
  const around = context.map(termOf).filter(Boolean)
  const subject = joined(around.length && said.length ? [`${grouped(joined(said))} ${grouped(joined(around))}`, ...by] : [...said, ...by])
  const out = without.map(termOf).filter(Boolean)
  return out.length ? [grouped(subject), ...out.map(each => `-${each}`)].join(' ') : subject
}

const joined = (terms: readonly string[]): string => terms.join(' OR ')
const grouped = (text: string): string => (/ /.test(text) && !/^"[^"]*"$/.test(text) ? `(${text})` : text)
const bare = (text: string): string => text.replaceAll(/["“”„()]/g, ' ').trim()
const signed = (sign: string, text: string): string => {
  const name = bare(text).replaceAll(/\s/g, '').replace(/^[#@]/, '')
  return name && sign + name
}

/** Words that mean something in a query, and whatever is more than one word, stand in quotes. */
function termOf(text: string): string {
  const term = bare(text)
  if (!/[\p{L}\p{N}]/u.test(term)) return ''
  return /^[\p{L}\p{N}]+\*?$/u.test(term) && !/^(AND|UND|EN|OCH|OR|ODER|OF|ELLER|NOT|NICHT|NIET|INTE|NEAR|NAHE|NABIJ|NÄRA)$/.test(term)
    ? term
    : `"${term}"`
}

/** A line or a comma parts one answer from the next. */
export const answersIn = (text: string): string[] =>
  text
    .split(/[\n,;]/)
    .map(each => each.trim())
    .filter(Boolean)

// —— noise ——

export interface Suggestion {
  word: string
  /** Of those that were set aside, and of those that were kept, so many have it. */
  goes: number
  lost: number
}

/**
 * What most of the mentions that were set aside say and those that were kept do not: words that would take them out, the best first.
 * A word must take at least two, and more than twice the share that it would take of the good ones.
 */
export function suggestions(aside: readonly string[][], kept: readonly string[][], most = 5): Suggestion[] {
  const counts = (all: readonly string[][]) => {
    const of = new Map<string, number>()
    for (const words of all) for (const word of new Set(words)) of.set(word, (of.get(word) ?? 0) + 1)
    return of
  }
  const [goes, lost] = [counts(aside), counts(kept)]
  const share = (n: number, all: number) => (all ? n / all : 0)
  const worth = (it: Suggestion) => share(it.goes, aside.length) - 2 * share(it.lost, kept.length)
  return [...goes]
    .map(([word, n]) => ({ word, goes: n, lost: lost.get(word) ?? 0 }))
    .filter(it => it.goes >= 2 && worth(it) > 0)
    .sort((a, b) => worth(b) - worth(a) || a.word.localeCompare(b.word))
    .slice(0, most)
}

/** Leaving a word out of a query changes nothing else of it. */
export const without = (query: string, read: Query, word: string): string =>
  `${read.is === 'or' || read.is === 'near' ? `(${query})` : query} -${termOf(word)}`

// —— looking back ——

const parts = ['own', 'others', 'contents']

/** How far a look back has come: each of its three parts goes from now back to the day up to which it looks. */
export function shareOf({ part, place, since }: { part: string; place: string | null; since: Date }, now: Date): number {
  const [begin, end] = [now.getTime(), since.getTime()]
  const at = place ? Number.parseInt(place.slice(0, 8) + place.slice(9, 13), 16) : begin
  const inside = Math.min(1, Math.max(0, (begin - at) / Math.max(1, begin - end)))
  return (parts.indexOf(part) + inside) / parts.length
}

// —— what becomes of it ——

/** A mention can be answered where the account that heard it can answer, and its writer and its name there are known. */
export function canBeAnswered(it: { account: string | null; remote_id: string | null; author: string | null }, converses: boolean): void {
  if (!it.account || !it.remote_id || !it.author || !converses) refuse('conflict', 'monitors.cannotAnswer')
}

/** What becomes of a mention is called by the beginning of its first line. */
export function titleOf(text: string): string {
  const first = text.trim().split('\n', 1)[0]!.trim()
  return (first.length > 120 ? `${first.slice(0, 119).toWellFormed()}…` : first) || '…'
}

/** What becomes of a mention keeps what was written, by whom, and where it stands. */
export const aboutOf = (it: {
  text: string
  author: string | null
  author_name: string | null
  url: string | null
  source: string
}): string =>
  [[it.author_name, it.author, it.source].filter(Boolean).join(' · '), it.text, it.url]
    .filter(Boolean)
    .join('\n\n')
    .slice(0, 20_000)
    .toWellFormed()

/** The words of a text as they are compared, each once; those shorter than three letters say too little. */
export const wordsOf = (text: string): string[] => [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,40}/gu) ?? [])]

// —— monitors ——

/** A monitor looks for something else when its query, its sources or its languages are others. */
export const looksElse = (
  was: { query: string; sources: readonly string[]; languages: readonly string[] },
  to: { query: string; sources: readonly string[]; languages: readonly string[] },
): boolean => was.query !== to.query || was.sources.join() !== to.sources.join() || was.languages.join() !== to.languages.join()

/** The last days up to this one, the oldest first, as the counts have them (UTC). */
export const lastDays = (now: Date, count: number): string[] =>
  Array.from({ length: count }, (_, at) => new Date(now.getTime() - (count - 1 - at) * 86_400_000).toISOString().slice(0, 10))

// —— explaining ——

/** The parts of a query that one can be told of one by one: what all must be there, and what must not. */
export function partsOf(query: Query): { query: Query; not: boolean }[] {
  if (query.is === 'and') return query.of.flatMap(partsOf)
  if (query.is === 'not') return [{ query: query.of, not: true }]
  return query.is === 'or' ? query.of.flatMap(partsOf) : [{ query, not: false }]
}

/** A query in its own language. */
export function written(query: Query): string {
  switch (query.is) {
    case 'and':
    case 'or':
      return query.of
        .map(each => (each.is === 'and' || each.is === 'or' ? `(${written(each)})` : written(each)))
        .join(query.is === 'or' ? ' OR ' : ' ')
    case 'not':
      return `-${query.of.is === 'and' || query.of.is === 'or' ? `(${written(query.of)})` : written(query.of)}`
    case 'words':
      return wordsWritten(query.words)
    case 'near':
      return `${wordsWritten(query.of[0])} NEAR/${query.within} ${wordsWritten(query.of[1])}`
    case 'mark':
      return `${query.name}:${query.value}`
    case 'followers':
      return query.least === undefined ? `followers:<=${query.most}` : `followers:>=${query.least}`
  }
}

const wordsWritten = (all: readonly Word[]): string => {
  const said = all.map(each => `${each.sign ?? ''}${each.exact ?? each.folded}`).join(all.every(each => each.unspaced) ? '' : ' ')
  const exact = all[0]?.exact !== undefined ? '=' : ''
  return all.length === 1 ? exact + said : `${exact}"${said}"`
}

/** A query in pieces for the eye: phrases, joints, marks, signs and words; `fault` is the place that cannot be read, counted from one. */
export function tokensOf(
  query: string,
  fault?: number,
): { text: string; is: 'word' | 'phrase' | 'joint' | 'mark' | 'sign' | 'space' | 'fault' }[] {
  const all: ReturnType<typeof tokensOf> = []
  for (const { 0: text, index } of query.matchAll(/\s+|[()]|["“”„][^"“”„]*["“”„]?|[^\s()"“”„]+/g)) {
    const isFault = fault !== undefined && index + 1 <= fault && fault <= index + text.length
    all.push({ text, is: isFault ? 'fault' : kindOf(text) })
  }
  return all
}

const jointWords = /^(?:AND|UND|EN|OCH|OR|ODER|OF|ELLER|NOT|NICHT|NIET|INTE|&&|\|{1,2}|(?:NEAR|NAHE|NABIJ|NÄRA)(?:\/\d{1,4})?)$/

function kindOf(text: string): 'word' | 'phrase' | 'joint' | 'mark' | 'sign' | 'space' {
  if (/^\s/.test(text)) return 'space'
  if (/^[()]$/.test(text) || text === '-') return 'sign'
  if (/^["“”„]/.test(text)) return 'phrase'
  if (jointWords.test(text)) return 'joint'
  return /^-?(?:link|from|lang|country|source|kind|mood|followers):/i.test(text) || /^[#@]/.test(text) ? 'mark' : 'word'
}
