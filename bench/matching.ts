/**
 * Posts a second that one core holds against all stored queries at once; against looking at every query for every post, and against reading the same posts as
 * JSON. The posts are made: words of eight languages' length and frequency (Zipf), so that a few are everywhere and most are rare, as in real ones.
 */
import { Matcher, parsed } from '#social/matching/actions.ts'
import type { Post } from '#social/matching/words.ts'
import { type Bench, type Figure, median } from './figure.ts'

const [rounds, posts, vocabulary] = [5, 20_000, 30_000]
const languages = ['en', 'de', 'nl', 'sv', 'fr', 'es', 'it', 'pt']

/** Always the same numbers from 0 to 1. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const syllables = 'an be ch da el fo ge ha in jo ka lu mi no or pé qu ra st tü un vå wo xi yl zö ster lich tion ment'.split(' ')

/** The nth most frequent word of a language: the frequent ones are short. */
function word(language: number, rank: number): string {
  const roll = dice(rank * 31 + language * 7919)
  roll()
  return Array.from({ length: 1 + Math.ceil(Math.log10(rank + 1)) }, () => syllables[Math.floor(roll() * syllables.length)]).join('')
}

const words = languages.map((_, language) => Array.from({ length: vocabulary }, (_, rank) => word(language, rank)))
const zipf = (roll: () => number): number => Math.min(vocabulary - 1, Math.floor(vocabulary ** roll()) - 1)

function makePosts(): Post[] {
  const roll = dice(11)
  return Array.from({ length: posts }, () => {
    const language = Math.floor(roll() * languages.length)
    const text = Array.from(
      { length: 6 + Math.floor(roll() * 30) },
      () => `${roll() < 0.03 ? '#' : ''}${words[language]![zipf(roll)]}`,
    ).join(' ')
    return {
      text,
      language: languages[language]!,
      author: `person${Math.floor(roll() * 5000)}`,
      followers: Math.floor(roll() * 10_000),
      source: 'bluesky',
    }
  })
}

/** As a firehose sends it: the same post in the wrapping of the AT Protocol's Jetstream. */
const wrapped = (post: Post, nth: number): string => {
  const record = { $type: 'app.bsky.feed.post', createdAt: '2026-05-01T12:00:00.000Z', langs: [post.language], text: post.text }
  const commit = {
    rev: `3l${nth}`,
    operation: 'create',
    collection: 'app.bsky.feed.post',
    rkey: `3k${nth}`,
    record,
    cid: `bafyrei${'a'.repeat(52)}`,
  }
  return JSON.stringify({ did: `did:plc:${post.author!.padEnd(24, 'x')}`, time_us: 1_790_000_000_000_000 + nth, kind: 'commit', commit })
}

type Wrapped = { did: string; commit: { record: { text: string; langs: string[] } } }

const unwrapped = ({ did, commit: { record } }: Wrapped): Post => ({
  text: record.text,
  language: record.langs[0]!,
  author: did,
  source: 'bluesky',
})

/** Names, phrases, nearness, choices and exclusions, of words as frequent as brands and products are. */
function makeQueries(count: number): string[] {
  const roll = dice(23)
  return Array.from({ length: count }, () => {
    const own = words[Math.floor(roll() * languages.length)]!
    const rare = () => own[200 + Math.floor(roll() * (vocabulary - 200))]
    const some = () => own[Math.floor(roll() * 2000)]
    const kinds = [
      () => `${rare()} ${some()}`,
      () => `"${rare()} ${some()}"`,
      () => `${rare()} NEAR/5 ${some()}`,
      () => `(${rare()} OR ${rare()} OR #${rare()}) ${some()}`,
      () => `${rare()} NOT ${some()}`,
      () => `(${rare()} OR "${some()} ${rare()}") lang:${languages[Math.floor(roll() * 8)]}`,
    ]
    return kinds[Math.floor(roll() * kinds.length)]!()
  })
}

/** Each a second of processor time, of which no other process takes any. */
function perSecond(count: number, run: () => void): number {
  const start = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(start)
  return count / ((user + system) / 1e6)
}

function eachOf<T>(items: readonly T[], run: (item: T, nth: number) => unknown): void {
  for (const [nth, item] of items.entries()) run(item, nth)
}

const times = (run: () => number): number[] => Array.from({ length: rounds }, run)

function figuresOf(count: number, all: Post[]): Figure[] {
  const queries = makeQueries(count).map(parsed)
  const matcher = new Matcher()
  for (const post of all) matcher.match(post)
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  const filling = process.cpuUsage()
  for (const [nth, query] of queries.entries()) matcher.set(`q${nth}`, query)
  const took = process.cpuUsage(filling)
  globalThis.gc?.()
  const megabytes = (process.memoryUsage().heapUsed - before) / 1e6
  const few = all.slice(0, Math.max(20, Math.floor(2_000_000 / count)))
  const each = perSecond(few.length, () => eachOf(few, post => matcher.matchEach(post)))
  let found = 0
  const match = () =>
    perSecond(all.length, () =>
      eachOf(all, post => {
        found += matcher.match(post).length
      }),
    )
  match()
  const runs = times(match)
  const json = all.map(wrapped)
  const bare = times(() => perSecond(json.length, () => eachOf(json, line => JSON.parse(line))))
  const whole = times(() => perSecond(json.length, () => eachOf(json, line => matcher.match(unwrapped(JSON.parse(line) as Wrapped)))))
  const changes = times(() => 1000 / perSecond(100, () => eachOf(queries.slice(0, 100), (query, nth) => matcher.set(`q${nth}`, query))))
  const name = `${count.toLocaleString('en')} queries`
  const isMany = count >= 10_000
  return [
    { name: `posts a second against ${name}`, unit: 'posts/s', value: median(runs), baseline: { what: 'posts/s when every query is looked at', value: each }, goal: isMany ? { least: 100, of: 'ratio' } : undefined, runs, more: { found } }, // biome-ignore format: one figure
    { name: `posts a second from JSON against ${name}`, unit: 'posts/s', value: median(whole), baseline: { what: 'posts/s read as JSON and nothing else', value: median(bare) }, goal: count === 10_000 ? { least: 0.3, of: 'ratio' } : undefined, runs: whole }, // biome-ignore format: one figure
    { name: `ms to put ${name} on their shelves`, unit: 'ms', value: (took.user + took.system) / 1000, baseline: { what: 'megabytes that they take', value: megabytes }, goal: count === 100_000 ? { most: 5000 } : undefined, runs: [] }, // biome-ignore format: one figure
    { name: `ms until a change among ${name} holds`, unit: 'ms', value: median(changes), baseline: { what: 'queries', value: count }, goal: { most: 10 }, runs: changes }, // biome-ignore format: one figure
  ]
}

export const bench: Bench = {
  says: 'Posts of a stream against 1,000, 10,000 and 100,000 stored queries',
  run: async () => {
    const all = makePosts()
    return [1000, 10_000, 100_000].flatMap(count => figuresOf(count, all))
  },
}
