import { cleanName, cleanText, cut } from '#kernel/plain.ts'
import type { Overheard, Passing } from '#social/channels/words.ts'
import { mostText, type Query } from '#social/matching/words.ts'

/** A broken line is made again after one second, then twice as long each time up to five minutes, and up to half as much more by chance. */
export const pauseBefore = (tries: number, chance: number): number =>
  Math.min(300_000, 1000 * 2 ** Math.min(tries - 1, 20)) * (1 + chance / 2)

/** How much of the history is there: by number where the network says how many there are, else by time, newest first; null while nobody knows. */
export function shareOfHistory(it: { done: number; total?: number; oldest: number; from: Date; began: Date }): number | null {
  if (it.total) return Math.min(1, it.done / it.total)
  const whole = it.began.getTime() - it.from.getTime()
  return Number.isFinite(it.oldest) && whole > 0 ? Math.max(0, Math.min(1, (it.began.getTime() - it.oldest) / whole)) : null
}

/** What is only known of a post when it is looked at closely (mood, language, place, followers) holds nothing back while it passes by. */
export function loosened(query: Query, isDenied = false): Query {
  switch (query.is) {
    case 'and':
    case 'or':
      return { is: query.is, of: query.of.map(each => loosened(each, isDenied)) }
    case 'not':
      return { is: 'not', of: loosened(query.of, !isDenied) }
    case 'followers':
      return isDenied ? nothing : anything
    case 'mark':
      return ['mood', 'lang', 'country'].includes(query.name) ? (isDenied ? nothing : anything) : query
    default:
      return query
  }
}

const anything: Query = { is: 'and', of: [] }
const nothing: Query = { is: 'or', of: [] }

/** Whom queries look for by name, each once; read from their words without reading the whole query. */
export function authorsIn(queries: string[]): string[] {
  const found = queries.flatMap(query => (query.includes('from:') ? query.split(/[\s()"-]+/).filter(each => each.startsWith('from:')) : []))
  return [...new Set(found.map(each => each.slice(5)))].filter(Boolean)
}

const most = { links: 50, link: 2000, name: 500, place: 300 }
/** Before it there was no web. */
const earliest = Date.UTC(1991, 0)

/** A post that passes by is kept with the moment that it says, unless no post can have that one; what is longer than anybody looks at is cut. */
export function plausible(post: Overheard, now: Date): Overheard {
  const { at, from, text, url, links, place, followers } = post
  const time = at.getTime()
  return {
    ...post,
    at: time >= earliest && time <= now.getTime() ? at : now,
    from: {
      network: from.network,
      address: cleanName(from.address, most.name) || '?',
      ...(from.name && { name: cleanName(from.name, most.name) }),
      ...(from.remoteId && { remoteId: cleanName(from.remoteId, most.name) }),
      ...(from.url && { url: cleanName(from.url, most.link) }),
    },
    text: cut(cleanText(text.slice(0, 2 * mostText)), mostText),
    url: url && url.length <= most.link ? cleanName(url, most.link) : undefined,
    links: links?.slice(0, most.links).map(each => cleanName(each, most.link)),
    place: place && cleanName(place, most.place),
    followers: followers !== undefined && Number.isSafeInteger(followers) && followers >= 0 ? followers : undefined,
  }
}

export interface Turn {
  posts: Overheard[]
  /** Remote ids of those that were taken away. */
  gone: string[]
}

/** Of what was told of one post in one go, the last word counts; one that was changed stays one that was changed. */
export function lastWords(passing: Passing[]): Turn {
  const last = new Map<string, Passing>()
  for (const each of passing) {
    const before = last.get(each.remoteId)
    last.delete(each.remoteId)
    last.set(each.remoteId, 'gone' in each || !before ? each : { ...each, changed: true })
  }
  const all = [...last.values()]
  return {
    posts: all.filter((each): each is Overheard => !('gone' in each)),
    gone: all.flatMap(each => ('gone' in each ? each.remoteId : [])),
  }
}
