/** What many look at and seldom changes: read once for all of them, until news of it come. */
import type { Ctx } from './context.ts'
import { hear, isListening, type News, soonTold } from './live.ts'

/** In milliseconds. What changes without news (a day ends, a pause runs out) is seen after that. */
const longest = 30_000
const mostKept = 500

interface Kept {
  org: string
  topics: readonly string[]
  until: number
  value: unknown
}

const kept = new Map<string, Kept>()
/** How often anything was forgotten: what was begun to be read before that may already be old. */
let forgotten = 0

/**
 * What `read` gives, or gave a moment ago to somebody else who only looked. `key` must name all that it depends on besides the organisation; `topics` are those
 * whose news make it old, one that ends in `:` stands for all that begin so. Whoever gets it must not change it.
 */
export async function remembered<T>(ctx: Ctx, key: string, topics: readonly string[], read: () => Promise<T>): Promise<T> {
  // Where something is decided, or no news would come, it is read.
  if (!ctx.looking || !isListening()) return read()
  const name = `${ctx.org} ${key}`
  const known = kept.get(name)
  if (known && known.until > Date.now()) return known.value as T
  const before = forgotten
  const value = await read()
  if (before === forgotten) keep(name, { org: ctx.org, topics, until: Date.now() + longest, value })
  return value
}

function keep(name: string, it: Kept): void {
  kept.delete(name)
  kept.set(name, it)
  if (kept.size > mostKept) kept.delete(kept.keys().next().value!)
}

function forget(news: News): void {
  forgotten++
  for (const [name, it] of kept) if (news.org === '*' || (news.org === it.org && isAbout(news.topics, it.topics))) kept.delete(name)
}

const isAbout = (told: readonly string[], topics: readonly string[]) =>
  told.some(each => topics.some(topic => topic === each || (topic.endsWith(':') && each.startsWith(topic))))

hear(forget)
// What this process itself has changed is old as soon as it is committed, not only when the database has told so.
soonTold(forget)
