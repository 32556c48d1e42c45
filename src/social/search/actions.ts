import { z } from 'zod'
import { action, cursor, id, limit, parse, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { firstIdAt, timeOf } from '#kernel/ids.ts'
import { keeps } from '#kernel/keeps.ts'
import { may } from '#kernel/permissions.ts'
import { cleanName, storable } from '#kernel/plain.ts'
import { remembered } from '#kernel/remembered.ts'
import { selfOf } from '#social/graph/actions.ts'
import { idsOf } from '#social/people/actions.ts'
import { completions, nearest, teach, unlearn } from '#social/vocabulary/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { Audience, Brandings, Findable, Reach, Texts } from './words.ts'

export * from './actions-named.ts'

// —— what can be found ——

const most = 100_000

/** Makes these findable, in this transaction; what had the same id before is replaced. */
export async function findable(ctx: Ctx, all: Findable[]): Promise<void> {
  if (all.length === 0) return
  await store.keepAll(
    ctx,
    all.map(it => rowOf(it, ctx.org)),
  )
  await teach(
    ctx,
    all.map(it => it.title),
  )
}

function rowOf(it: Findable, org: string): store.DocumentRow {
  return {
    id: it.id,
    noun: it.noun,
    thread: it.thread ?? null,
    author: it.author ?? null,
    audience: it.audience,
    at: it.at,
    title: storable(it.title.slice(0, 1000)),
    names: storable(it.names ?? ''),
    text: storable(it.text.slice(0, most)),
    path: it.path ?? `/threads/${it.thread}#message-${it.id}`,
    dictionary: rules.dictionaryOf(it.language),
    marks: rules.marksOf(it, org),
  }
}

/** These can no longer be found. */
/** They are found in another thread from now on. */
export const moveFindable = store.moveAll

export const forget = (ctx: Ctx, ids: string[]): Promise<unknown> => (ids.length ? store.forget(ctx, ids) : Promise.resolve())

/** Everything with this id or in this thread is found by these tags from now on, and no longer by those. */
export const retag = (ctx: Ctx, object: string, add: string[], take: string[]): Promise<void> =>
  store.remark(ctx, object, add.map(rules.mark.tag), take.map(rules.mark.tag))

/** Each is found by the account by which it came or went, also what was made findable before that was kept. */
export const markAccounts = (ctx: Ctx, said: { id: string; account: string }[]): Promise<void> | undefined =>
  said.length ? store.markEach(ctx, said.map(({ id, account }) => ({ id, mark: rules.mark.account(account) }))) : undefined // biome-ignore format: one thought

/** Where something with this id is, or something in the thread with this id, for whoever may read it; else undefined. */
export async function placeOf(ctx: Ctx, object: string): Promise<{ thread: string | null; audience: Audience } | undefined> {
  return store.place(ctx, object, readable(ctx, await reachOf(ctx)))
}

let texts: Texts[] = []
/** Who keeps the whole texts of what is found; given by the composition root. */
export const useTexts = (all: Texts[]): void => void (texts = all)

let brands: Brandings[] = []
/** Who knows which accounts belong to a brand; given by the composition root. */
export const useBrandings = (all: Brandings[]): void => void (brands = all)

// —— who may find what ——

const audiences: Audience[] = ['public', 'thread', 'staff', 'members']

/** What the actor may read, as the one door of every list needs it. */
export async function reachOf(ctx: Ctx, records: Promise<string[]> = selfOf(ctx)): Promise<Reach> {
  if (ctx.actor.kind === 'system') return { audiences, spaces: [], self: [], all: true }
  const self = await records
  const open = rules.audiencesFor({ staff: may(ctx.actor, 'search.read'), threads: may(ctx.actor, 'threads.read') })
  return { audiences: open, spaces: await spacesOf(ctx, self), self }
}

const spacesOf = (ctx: Ctx, self: string[]): Promise<string[]> =>
  remembered(ctx, `search.spaces ${ctx.actor.person}`, [`person:${ctx.actor.person}`], () => store.spacesOf(ctx, self))

const readable = (ctx: Ctx, reach: Reach) => rules.doorOf(reach, ctx.org)

// —— finding ——

/** How many of the newest that fit are compared when the best are wanted. */
const compared = 200
/** How many of the newest documents tell how many weeks are looked through at once. */
const dense = 4000
/** So many of the newest are read through before the index is asked. */
const fresh = 500
/** So many are little: they are all fetched at once. */
const little = 5000
/** How many of the newest that hold all words are looked into for whether they stand beside each other. */
const lookedInto = 1000

const piece = z.object({ text: z.string(), hit: z.boolean() })
const hit = z.object({
  id,
  noun: z.string(),
  at: z.date(),
  title: z.array(piece),
  excerpt: z.array(piece),
  path: z.string(),
  thread: id.nullable(),
  author: id.nullable(),
  audience: z.string(),
})
export type Hit = z.output<typeof hit>

export const search = action({
  says: 'Find messages, notes, people and everything else that one may read, by words, "phrases", OR, -not, beginnings* and filters such as from:name has:file before:2026-03',
  who: 'search.read',
  reads: true,
  takes: z.strictObject({ q: text(500), order: z.enum(['newest', 'best']).default('newest'), before: cursor, limit: limit.default(20) }),
  gives: z.object({ items: z.array(hit), next: z.string().nullable(), suggestion: z.string().nullable() }),
  run: async (ctx, input) => {
    const asked = await resolved(ctx, rules.askedFor(input.q))
    if (!asked) return { items: [], next: null, suggestion: await suggestionFor(ctx, input.q) }
    const { ids, next } = input.order === 'best' ? await theBest(ctx, asked, input) : await theNewest(ctx, asked, input)
    const items = await shown(ctx, ids, asked.words)
    return { items, next, suggestion: items.length || input.before ? null : await suggestionFor(ctx, input.q) }
  },
})

interface Resolved {
  /** The words alone, for ranking and for showing why. */
  words: string
  /** The whole question. */
  query: string
  /** What the index can answer by itself, where that is less than the whole. */
  loose?: string
  from?: Date
  until?: Date
}

/** Names become marks and words become the index's own language; null when nothing can fit. */
async function resolved(ctx: Ctx, asked: rules.Asked): Promise<Resolved | null> {
  if (asked.words.length === 0 && asked.filters.length === 0) return null
  const door = readable(ctx, await reachOf(ctx))
  const words = await store.understood(ctx, rules.questionOf(asked.words))
  if (asked.words.length && !words) return null
  const without = await store.understood(ctx, rules.questionOf(asked.without.length ? [asked.without] : []))
  const marks: string[] = []
  for (const filter of asked.filters) marks.push(await filtered(ctx, filter, door))
  const span = rules.spanOf(asked.filters)
  return {
    words,
    ...together([door, ...marks], words, without),
    ...(span.from && { from: await store.startOf(ctx, span.from) }),
    ...(span.until && { until: await store.startOf(ctx, span.until) }),
  }
}

const both = (parts: string[]) => parts.filter(Boolean).join(' & ')

/** The whole question, and what of it the index answers by itself. */
function together(marks: string[], words: string, without: string): { query: string; loose?: string } {
  const query = both([...marks, words && `(${words})`, without && `!(${without})`])
  const held = rules.loosened(words)
  const sure = rules.loosened(without) === without ? without : ''
  const loose = both([...marks, held && `(${held})`, sure && `!(${sure})`])
  return loose === query ? { query } : { query, loose }
}

async function filtered(ctx: Ctx, { name, value, not }: rules.Filter, door: string): Promise<string> {
  const marks = await marksFor(ctx, name, value, door)
  return marks ? `${not ? '!' : ''}${rules.anyOf(marks)}` : ''
}

/** Null for filters of time, which no mark says exactly. */
async function marksFor(ctx: Ctx, name: rules.FilterName, value: string, door: string): Promise<string[] | null> {
  if (name === 'from') return (await personsCalled(ctx, value, door)).map(rules.mark.from)
  if (name === 'to') return (await personsCalled(ctx, value, door)).map(rules.mark.to)
  if (name === 'in') return [rules.mark.channel(value), ...(await store.spacesCalled(ctx, value)).map(rules.mark.space)]
  if (name === 'has') return [rules.mark.has(value)]
  if (name === 'brand') return (await Promise.all(brands.map(each => each.accountsCalled(ctx, value)))).flat().map(rules.mark.account)
  if (name === 'is') return [rules.mark.noun(value)]
  return name === 'tag' ? [rules.mark.tag(value)] : null
}

const me = new Set(['me', 'mich', 'ich', 'mir', 'mij', 'ik', 'mig', 'jag'])

/** Everyone of this name or address, with all records that were merged; if there is none, whoever is called most like it. */
async function personsCalled(ctx: Ctx, name: string, door: string): Promise<string[]> {
  if (me.has(name.toLowerCase())) return ctx.actor.person ? idsOf(ctx, ctx.actor.person) : []
  const words = await store.understood(ctx, rules.questionOf([[{ text: name }]]))
  const query = [door, rules.anyOf([rules.mark.noun('Person')]), ...(words ? [`(${words})`] : [])].filter(Boolean).join(' & ')
  const exact = words ? ((await store.newest(ctx, { query, limit: 20 })) ?? []) : []
  const found = exact.length
    ? exact
    : (await store.named(ctx, name, door || rules.anyOf([rules.mark.noun('Person')]), 3)).map(row => row.id)
  return (await Promise.all(found.map(person => idsOf(ctx, person)))).flat()
}

interface Paged {
  before?: string | undefined
  limit: number
}

async function theNewest(ctx: Ctx, asked: Resolved, { before, limit }: Paged): Promise<{ ids: string[]; next: string | null }> {
  const { ids, lookedTo } = await inTime(ctx, asked, before && parse(id, before), limit + 1)
  return { ids: ids.slice(0, limit), next: ids.length > limit ? ids[limit - 1]! : lookedTo }
}

interface Looked {
  ids: string[]
  /** Set when there was too much to look into: how far back one has looked. */
  lookedTo: string | null
}

/**
 * The newest weeks first: they hold enough of a common word. If not, everything at once, which is little then; and where it is not, ever more weeks.
 * So what is asked never decides how much is read, only how much is shown.
 */
async function inTime(ctx: Ctx, asked: Resolved, before: string | undefined, limit: number): Promise<Looked> {
  const start = [before, asked.until && firstIdAt(asked.until)].filter(each => each !== undefined).sort()[0]
  const newest = start ? timeOf(start) : new Date(ctx.now.getTime() + 86_400_000)
  const [first, ...others] = rules.windowsOf(newest, await store.momentOf(ctx, dense, start))
  const looked: Looked = { ids: [], lookedTo: null }
  if (others.length && !asked.loose && (await lookAtFreshest(ctx, asked, looked, { start, limit }))) return looked
  await look(ctx, asked, first!, looked, { start, limit })
  if (others.length === 0 || isEnough(looked, limit)) return looked
  if (await look(ctx, asked, { from: null, until: first!.until }, looked, { start, limit, most: little })) return looked
  for (const window of others) {
    if (isEnough(looked, limit) || !rules.reachesInto(window, asked.from)) break
    await look(ctx, asked, window, looked, { start, limit })
  }
  return looked
}

/** What stands in every tenth text is found among the newest ones themselves; the index would name each of a whole week. */
async function lookAtFreshest(
  ctx: Ctx,
  { query, from }: Resolved,
  looked: Looked,
  { start, limit }: { start: string | undefined; limit: number },
) {
  looked.ids.push(...(await store.freshest(ctx, { query, before: start, from: from && firstIdAt(from), limit, among: fresh })))
  return looked.ids.length >= limit
}

const isEnough = ({ ids, lookedTo }: Looked, limit: number) => ids.length >= limit || lookedTo !== null

/** Adds what these weeks hold. False when more than `most` fit there. */
async function look(
  ctx: Ctx,
  { query, loose, from }: Resolved,
  window: rules.Window,
  looked: Looked,
  { start, limit, most }: { start: string | undefined; limit: number; most?: number },
): Promise<boolean> {
  const wanted = limit - looked.ids.length
  const found = await store.newest(ctx, {
    query: both([rules.weekMarks(window), loose ?? query]),
    before: looked.ids.at(-1) ?? start,
    from: from && firstIdAt(from),
    limit: loose ? lookedInto : wanted,
    most,
  })
  if (!found) return false
  looked.ids.push(...(loose ? (await store.fitting(ctx, found, query)).slice(0, wanted) : found))
  if (loose && found.length === lookedInto && looked.ids.length < limit) looked.lookedTo = found.at(-1)!
  return true
}

/** The best of the newest that fit; `before` says how many were shown already. */
async function theBest(ctx: Ctx, asked: Resolved, { before, limit }: Paged): Promise<{ ids: string[]; next: string | null }> {
  if (!asked.words) return theNewest(ctx, asked, { before, limit })
  const skipped = Math.max(0, Math.min(compared, Number.parseInt(before ?? '0', 10) || 0))
  const ids = await store.best(ctx, (await inTime(ctx, asked, undefined, compared)).ids, asked.words)
  const next = skipped + limit
  return { ids: ids.slice(skipped, next), next: ids.length > next ? String(next) : null }
}

// —— showing what was found ——

async function shown(ctx: Ctx, ids: string[], words: string): Promise<Hit[]> {
  const rows = await store.byIds(ctx, ids)
  const excerpts = await excerptsOf(ctx, rows, words)
  const titles = await piecesOf(ctx, rows.map(row => ({ text: row.title, dictionary: row.dictionary })), words, 'whole') // biome-ignore format: one line tells it
  return rows.map((row, at) => ({ ...row, title: titles[at]!, excerpt: excerpts[at]! }))
}

async function excerptsOf(ctx: Ctx, rows: store.Row[], words: string): Promise<rules.Piece[][]> {
  const whole = new Map<string, string>()
  if (words)
    for (const each of texts) {
      const ids = rows.filter(row => each.nouns.includes(row.noun)).map(row => row.id)
      if (ids.length) for (const [id, text] of await each.textsOf(ctx, ids)) whole.set(id, text)
    }
  const given = rows.map(row => ({ text: (whole.get(row.id) ?? row.snippet).slice(0, 20_000).toWellFormed(), dictionary: row.dictionary }))
  return words ? piecesOf(ctx, given, words, 'short') : given.map(({ text }) => rules.piecesWithHits(text))
}

async function piecesOf(ctx: Ctx, given: store.Shown[], words: string, look: 'short' | 'whole'): Promise<rules.Piece[][]> {
  if (!words || given.length === 0) return given.map(({ text }) => rules.piecesWithHits(text))
  return (await store.marked(ctx, given, words, look)).map(text => rules.piecesWithHits(text))
}

/** The same question with unknown words replaced by known ones, if that finds something for this reader: so no word of what one may not read is told. */
async function suggestionFor(ctx: Ctx, question: string): Promise<string | null> {
  const words = rules.askedFor(question).words.flat()
  const better = await nearest(ctx, question, words.map(term => term.text)) // biome-ignore format: one line
  const asked = better ? await resolved(ctx, rules.askedFor(better)) : null
  return asked && (await theNewest(ctx, asked, { limit: 1 })).ids.length ? better : null
}

// —— while one types ——

export interface QuickAnswer {
  noun: string
  title: string
  path: string
  detail: string
}

/** People, spaces and threads that fit what is being typed, a few of each; the last word may be half written. */
export async function quick(ctx: Ctx, typed: string): Promise<QuickAnswer[]> {
  const words = cleanName(typed, 100)
  if (words.length < 2) return []
  const door = readable(ctx, await reachOf(ctx))
  const named = await store.named(ctx, words, door || rules.anyOf([rules.mark.noun('Person'), rules.mark.noun('Space')]), 6)
  return [...named, ...(await threadsLike(ctx, words, door))].map(row => ({
    noun: row.thread ? 'Thread' : row.noun,
    title: row.title || row.snippet.slice(0, 80),
    path: row.path,
    detail: row.thread ? row.snippet.slice(0, 120) : '',
  }))
}

async function threadsLike(ctx: Ctx, typed: string, door: string): Promise<store.Row[]> {
  const { words, filters } = rules.askedFor(typed)
  const last = words.at(-1)?.[0]
  if (!last || filters.length) return []
  const ends = await store.anyOf(ctx, [last.text, ...(await completions(ctx, last.text.toLowerCase(), 20))])
  const whole = await store.understood(ctx, rules.questionOf(words.slice(0, -1)))
  if (!ends || (words.length > 1 && !whole)) return []
  const understood = both([whole && `(${whole})`, `(${ends})`])
  const { ids } = await inTime(ctx, { words: understood, query: both([door, understood]) }, undefined, 40)
  const rows = (await store.byIds(ctx, ids)).filter(row => row.thread)
  return [...new Map(rows.reverse().map(row => [row.thread, row])).values()].reverse().slice(0, 6)
}

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps(
  { search_document: { of: { id: 'anything', author: 'person' }, with: 'content', hide: true } },
  async (ctx, { ids }) => {
    const titles = await store.forgetAll(ctx, ids())
    await unlearn(ctx, titles, async word => {
      const query = await store.understood(ctx, rules.questionOf([[{ text: word }]]))
      return query === '' || (await store.isUsed(ctx, query))
    })
  },
)
