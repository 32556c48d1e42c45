/** Posts meet monitors: all monitors of an organisation look at a post in one pass, and what fits is kept. */
import { closedAmong } from '#kernel/closed.ts'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { hear, isListening, type News, soonTold, tell } from '#kernel/live.ts'
import { on } from '#social/activities/words.ts'
import { contentOf } from '#social/content/actions.ts'
import { Commented, type Content, Edited, Removed, Restored, Said } from '#social/content/words.ts'
import { MadePersonal } from '#social/mailboxes/words.ts'
import { Matcher, parsed, verdict } from '#social/matching/actions.ts'
import type { Post, Query } from '#social/matching/words.ts'
import { cardsOf } from '#social/people/actions.ts'
import { type Company, companyOf, type Labels, labelled } from './actions-labels.ts'
import * as rules from './rules.ts'
import type { MentionRow, MonitorRow } from './store.ts'
import * as store from './store-heard.ts'
import type { Heard } from './words.ts'

// —— the monitors of an organisation, in memory ——

interface Listener {
  row: Pick<MonitorRow, 'sources' | 'languages'>
  query: Query
  /** Language or mood decide, which are found out later. */
  asks: boolean
}

export interface Ear {
  matcher: Matcher
  listeners: Map<string, Listener>
  /** Those that somebody changed since; `all` before the first look, and whenever news may have been missed. */
  stale: Set<string> | 'all'
}

const ears = new Map<string, Ear>()
export const topicOf = (monitor: string): string => `monitor:${monitor}`

function heard({ org, topics }: News): void {
  if (org === '*') for (const ear of ears.values()) ear.stale = 'all'
  const ear = ears.get(org)
  if (ear && ear.stale !== 'all')
    for (const topic of topics) if (topic.startsWith('monitor:')) ear.stale.add(topic.slice('monitor:'.length))
}
hear(heard)
soonTold(heard)

/** As they are now: what changed since the last post is read again, and nothing else. */
export async function earOf(ctx: Ctx): Promise<Ear> {
  const ear = ears.get(ctx.org) ?? { matcher: new Matcher(), listeners: new Map(), stale: 'all' }
  ears.set(ctx.org, ear)
  if (!isListening()) ear.stale = 'all'
  const stale = ear.stale
  if (stale !== 'all' && stale.size === 0) return ear
  ear.stale = new Set()
  const rows = await store.listening(ctx, stale === 'all' ? undefined : [...stale])
  const there = new Set(rows.map(row => row.id))
  for (const gone of stale === 'all' ? [...ear.listeners.keys()] : stale) if (!there.has(gone)) forget(ear, gone)
  for (const row of rows) listen(ear, row)
  return ear
}

function forget(ear: Ear, id: string): void {
  ear.matcher.remove(id)
  ear.listeners.delete(id)
}

function listen({ matcher, listeners }: Ear, { id, query: text, sources, languages }: MonitorRow): void {
  const query = parsed(text)
  const first = rules.relaxed(query)
  if (!first) return
  listeners.set(id, { row: { sources, languages }, query, asks: rules.asksForFound(query) })
  matcher.set(id, first)
}

// —— what comes in ——

export const postOf = (source: string, it: Heard): Post => ({
  text: it.text,
  source,
  kind: it.kind ?? 'post',
  ...(it.language && { language: it.language }),
  ...(it.author && { author: it.author }),
  ...(it.country && { country: it.country }),
  ...(it.links && { links: it.links }),
  ...(typeof it.followers === 'number' && { followers: it.followers }),
})

interface Fitting {
  heard: Heard
  post: Post
  candidates: string[]
}

const fitsFully = (listener: Listener | undefined, post: Post, { language, mood }: Pick<Labels, 'language' | 'mood'>): boolean =>
  listener !== undefined &&
  rules.hears(listener.row, { source: post.source!, language }) &&
  (!listener.asks || verdict(listener.query, { ...post, ...(language && { language }), ...(mood && { mood }) }).fits)

/** The posts that at least one monitor is about, with what was found out of them. */
async function fitting(
  ctx: Ctx,
  { matcher, listeners }: Ear,
  source: string,
  posts: readonly Heard[],
): Promise<{ rows: MentionRow[]; fits: store.Fit[] }> {
  if (listeners.size === 0) return { rows: [], fits: [] }
  const some = posts.flatMap((each): Fitting[] => {
    const post = postOf(source, each)
    const candidates = matcher.match(post)
    return candidates.length ? [{ heard: each, post, candidates }] : []
  })
  const kept = new Map<string, Kept>()
  for (const { heard: it, post, candidates } of some) {
    const labels = labelled(it)
    const its = candidates.filter(id => fitsFully(listeners.get(id), post, labels))
    const once = rules.onceOf(source, it)
    const at = rules.momentOf(it.at, ctx.now)
    if (its.length && !kept.has(once)) kept.set(once, { id: newId(at), at, once, heard: it, labels, its })
  }
  const all = [...kept.values()]
  const company = await companyOf(ctx, source, all)
  return {
    rows: all.map((each, at) => rowOf(ctx, source, each, company[at]!)),
    fits: all.flatMap(({ its, once }) => its.map(monitor => ({ monitor, once }))),
  }
}

interface Kept {
  id: string
  at: Date
  once: string
  heard: Heard
  labels: Labels
  /** Monitors. */
  its: string[]
}

function rowOf(ctx: Ctx, source: string, { id, at, once, heard: it, labels }: Kept, company: Company): MentionRow {
  const { language, mood, sure } = labels
  const cut = (text: string | null | undefined, most: number) => text?.slice(0, most).toWellFormed().replaceAll('\0', '') || null
  return {
    ...{ id, once, at, heard_at: ctx.now, source },
    account: it.account ?? null,
    remote_id: it.content ? null : cut(it.remoteId, 1000),
    content: it.content ?? null,
    thread: it.thread ?? null,
    person: it.person ?? null,
    author: cut(it.author, 500),
    author_name: cut(it.authorName, 500),
    followers: it.followers ?? null,
    url: cut(it.url, 2000),
    kind: it.kind?.slice(0, 40) || 'post',
    text: rules.keptText(it.text),
    language: cut(language, 20),
    country: cut(it.country?.toLowerCase(), 10),
    place: cut(it.place, 300),
    ...{ mood, mood_sure: sure, mood_said: mood, mood_by: null, mood_at: null, ...company },
    staff: it.staff ?? false,
  }
}

/** Keeps those posts that a monitor is about, each once however often it comes. Returns how many were new. */
export async function take(ctx: Ctx, source: string, posts: readonly Heard[]): Promise<number> {
  return (await keep(ctx, await fitting(ctx, await earOf(ctx), source, posts))).heard
}

async function keep(ctx: Ctx, { rows, fits }: Awaited<ReturnType<typeof fitting>>): Promise<{ heard: number; fitted: number }> {
  if (rows.length === 0) return { heard: 0, fitted: 0 }
  const heard = await store.keepHeard(ctx, rows)
  for (const monitor of new Set(fits.map(each => each.monitor))) tell(ctx, `mentions:${monitor}`)
  tell(ctx, 'mentions')
  return { heard, fitted: await store.keepFits(ctx, fits) }
}

/** As `take`, for one monitor alone, which may be older than the post; returns how many are new to it. */
export async function takeFor(ctx: Ctx, row: MonitorRow, source: string, posts: readonly Heard[]): Promise<number> {
  return (await keep(ctx, await fitting(ctx, earFor(row), source, posts))).fitted
}

/** A listener for one monitor, for looking back. */
export function earFor(row: MonitorRow): Ear {
  const ear: Ear = { matcher: new Matcher(), listeners: new Map(), stale: new Set() }
  listen(ear, row)
  return ear
}

/** Whether a mention is what this listener is about, by what is known of it now. */
export function fitsNow({ matcher, listeners }: Ear, mention: MentionRow): boolean {
  const post = postOf(mention.source, heardFrom(mention))
  return matcher.match(post).some(id => fitsFully(listeners.get(id), post, mention))
}

/** Whether posts fit a query that nobody keeps; as quick as listening. Language and mood stand in the post. */
export function sieve(query: Query): (post: Post) => boolean {
  const matcher = new Matcher()
  const first = rules.relaxed(query)
  if (first) matcher.set('', first)
  const asks = rules.asksForFound(query)
  return post => matcher.match(post).length > 0 && (!asks || verdict(query, post).fits)
}

/** A mention as it was heard. */
export const heardFrom = (it: MentionRow): Heard => ({
  ...{ remoteId: it.remote_id ?? it.id, at: it.at, text: it.text, author: it.author, followers: it.followers, kind: it.kind },
  ...{ language: it.language, country: it.country, links: it.url ? [it.url] : [] },
})

/** What was heard says something else now: it may fit others, or none any more. What was not heard before is heard now. */
export async function takeAnew(ctx: Ctx, source: string, posts: readonly Heard[]): Promise<void> {
  const { rows, fits } = await fitting(ctx, await earOf(ctx), source, posts)
  const known = await store.known(
    ctx,
    posts.map(each => rules.onceOf(source, each)),
  )
  const changed = rows.filter(each => known.has(each.once))
  if (changed.length) await store.changeHeard(ctx, changed)
  const fresh = rows.filter(each => !known.has(each.once))
  if (fresh.length) await store.keepHeard(ctx, fresh)
  if (fits.length) await store.keepFits(ctx, fits)
  if (known.size) await store.onlyFits(ctx, [...known], fits)
}

/** Its writer took it back. */
export const takeOut = (ctx: Ctx, source: string, remoteIds: readonly string[]): Promise<unknown> =>
  store.forgetHeard(
    ctx,
    remoteIds.map(remoteId => rules.onceOf(source, { remoteId })),
  )

// —— what is said to us ——

/** Contents as monitors hear them, by their sources; what not every colleague may read is left out. */
export async function heardOf(ctx: Ctx, ids: string[]): Promise<Map<string, Heard[]>> {
  const contents = [...(await contentOf(ctx, ids)).values()].filter(rules.isListenedTo)
  if (contents.length === 0) return new Map()
  const threads = [...new Set(contents.map(each => each.thread))]
  const [closed, rows] = [await closedAmong(ctx, threads), await store.threadsOf(ctx, threads)]
  const accounts = new Map(rows.map(each => [each.id, each.account]))
  const names = await cardsOf(ctx, [...new Set(contents.flatMap(each => each.author ?? []))])
  const open = contents.filter(each => accounts.has(each.thread) && !closed.has(each.thread))
  const all = open.map(each =>
    asHeard(each, accounts.get(each.thread) ?? null, each.author ? (names.get(each.author)?.name ?? null) : null),
  )
  return Map.groupBy(all, each => sourceOf(open.find(content => content.id === each.content)!))
}

const sourceOf = ({ channel }: Content): string => channel ?? 'house'

function asHeard(it: Content, account: string | null, authorName: string | null): Heard {
  const from = it.detail.from as { address?: string } | undefined
  return {
    remoteId: it.id,
    content: it.id,
    thread: it.thread,
    account,
    person: it.side === 'outside' ? it.author : null,
    at: it.at,
    text: [it.subject, it.text].filter(Boolean).join('\n'),
    author: from?.address ?? null,
    authorName,
    language: it.language,
    kind: it.noun.toLowerCase(),
    staff: it.side === 'inside',
  }
}

async function takeContents(ctx: Ctx, ids: string[], how: typeof take | typeof takeAnew): Promise<void> {
  if ((await earOf(ctx)).listeners.size === 0) return
  for (const [source, posts] of await heardOf(ctx, ids)) await how(ctx, source, posts)
}

const objects = (happened: readonly { object: string | null }[]): string[] => [...new Set(happened.flatMap(each => each.object ?? []))]

export const hearSaid = on([Said, Commented], 'monitors look at what is said to us', (ctx, happened) =>
  takeContents(ctx, objects(happened), take),
)

export const hearEdited = on([Edited, Restored], 'monitors look again at what says something else now', (ctx, happened) =>
  takeContents(ctx, objects(happened), takeAnew),
)

export const hearRemoved = on(Removed, 'what its writer took back is no mention any more', async (ctx, happened) => {
  await store.forgetHeard(
    ctx,
    objects(happened).map(content => rules.onceOf('', { remoteId: '', content })),
  )
})

export const hearPersonal = on(MadePersonal, 'what is one colleague’s own is no mention for others', async (ctx, happened) => {
  for (const account of objects(happened)) await store.forgetAccount(ctx, account)
})
