/** Listening: what the network notifies of, what the account itself posts by other programs, and, if wished, what those say whom it follows. */
import { z } from 'zod'
import type { Batch, Heard, HeardMessage } from '#social/channels/words.ts'
import { type Change, changed, conclude } from './changes.ts'
import { status } from './entities.ts'
import { claimedBy, essencesOnTheWay, keepNewestOwn, keepSeen, type On } from './memory.ts'
import { compareIds } from './names.ts'
import { after, backTo, type Entry, isForgotten, isTooLarge, type List, ownPosts, page, statusAt } from './pages.ts'
import { withPictures } from './pictures.ts'
import { markOfContent } from './pieces.ts'
import { standing } from './polls.ts'
import type { Settings } from './settings.ts'
import { fromNotification, fromStatus, type Read, statusOf } from './translate.ts'

type Source = 'told' | 'own' | 'home'

/** Filtered ones too: strangers are whom a company wants to hear. */
const told: List = { path: '/api/v1/notifications', query: { include_filtered: true } }
const listOf = (source: Source, settings: Settings): List =>
  ({ told, own: ownPosts(settings), home: { path: '/api/v1/timelines/home' } })[source]

const sourcesOf = ({ home }: Settings): Source[] => ['told', 'own', ...(home ? (['home'] as const) : [])]

/** How far each list is heard: the newest id, and its moment by the server's clock, for when the id is forgotten. */
const mark = z.object({ id: z.string().max(200).nullable(), at: z.string().max(40).nullable() })
const change = z.object({ id: z.string().max(200), edited: z.string().max(100).nullable(), votes: z.string().max(1000).optional() })
const cursorForm = z.object({ told: mark, own: mark, home: mark.optional(), changes: z.array(change).max(200).catch([]) })
type Mark = z.output<typeof mark>
type Cursor = z.output<typeof cursorForm>

function cursorFrom(text: string | null): Cursor | null {
  try {
    return cursorForm.parse(JSON.parse(text ?? ''))
  } catch {
    return null
  }
}

/** What came after the cursor, oldest first; without one, from now on. What it says is heard only counts as heard when it comes back with the cursor. */
export async function since(account: On, cursor: string | null): Promise<Batch> {
  const before = cursorFrom(cursor)
  const walks = await Promise.all(sourcesOf(account.settings).map(source => walk(account, source, before?.[source])))
  await conclude(account, before?.changes ?? [])
  const changes: Change[] = before ? await changed(account) : []
  const messages = await taken(
    account,
    walks.flatMap(({ read }) => read),
  )
  const marks = Object.fromEntries(walks.map(each => [each.source, each.mark]))
  const next = { ...marks, changes: changes.map(({ heard: _, ...kept }) => kept) }
  const heard = [...messages, ...changes.map(each => each.heard)].sort(byTime)
  return { heard, cursor: JSON.stringify(next), more: walks.some(each => each.more) }
}

const byTime = (one: Heard, other: Heard): number => one.at.getTime() - other.at.getTime()

interface Walk {
  source: Source
  read: Read[]
  mark: Mark
  more: boolean
}

async function walk(account: On, source: Source, from: Mark | undefined): Promise<Walk> {
  const list = listOf(source, account.settings)
  if (!from) return beginning(account, source, (await page(account.settings, list, { limit: 1 }))[0])
  const found = await news(account.settings, list, from)
  const last = found.at(-1)
  if (source === 'own' && last) await keepNewestOwn(account, last.id)
  const mark = last ? markOf(last) : from
  return { source, read: await readAll(account, source, found), mark, more: found.length > 0 && from.id !== null }
}

async function beginning(account: On, source: Source, newest: Entry | undefined): Promise<Walk> {
  if (source === 'own') await keepNewestOwn(account, newest?.id ?? null)
  return { source, read: [], mark: newest ? markOf(newest) : { id: null, at: null }, more: false }
}

const markOf = ({ id, at }: Entry): Mark => ({ id, at: Number.isNaN(at.getTime()) ? null : at.toISOString() })

/** Before the moment of what was heard last: the network's own clocks do not quite agree. */
const overlap = 10 * 60_000

/** An id that the server has forgotten is looked for by time; what is larger than anything that people write is passed over. */
async function news(settings: Settings, list: List, { id, at }: Mark): Promise<Entry[]> {
  try {
    return await after(settings, list, id)
  } catch (error) {
    if (id === null || !(isForgotten(error) || isTooLarge(error))) throw error
    const from = new Date(Date.parse(at ?? '') - overlap)
    const found = await backTo(settings, list, each => (isTooLarge(error) ? compareIds(each.id, id) <= 0 : each.at < from))
    return found.some(each => compareIds(each.id, id) > 0) ? found : []
  }
}

async function readAll(account: On, source: Source, found: Entry[]): Promise<Read[]> {
  if (source === 'told') return found.flatMap(({ item }) => fromNotification(item, account.settings) ?? [])
  const read = found.flatMap(({ item }) => fromStatus(item, account.settings) ?? [])
  const onTheWay = await essencesOnTheWay(account)
  const isOurs = await Promise.all(found.map(({ id, item }) => isSent(account, id, item, onTheWay)))
  const ours = new Set(found.filter((_, at) => isOurs[at]).map(({ id }) => id))
  return read.filter(({ heard }) => !ours.has(statusOf(account.settings, heard)!))
}

/** What we sent ourselves, or are just sending, is known without being heard. */
async function isSent(account: On, id: string, item: unknown, onTheWay: Set<string>): Promise<boolean> {
  const it = status.safeParse(item).data
  if (it?.account.id !== account.settings.accountId) return false
  return onTheWay.has(markOfContent(it.content)) || (await claimedBy(account, id)) !== undefined
}

/** What may be changed or taken away later is looked at again. */
async function taken(account: On, read: Read[]): Promise<Heard[]> {
  for (const { heard, edited } of read) {
    const id = heard.is === 'message' ? statusOf(account.settings, heard) : undefined
    if (id && heard.is === 'message') await keepSeen(account, id, { from: heard.from.address, edited, votes: standing(heard.poll) })
  }
  return withPictures(read)
}

// —— what was there before ——

const past = z.object({ told: z.string().max(200).nullable().optional(), own: z.string().max(200).nullable().optional() })
type Past = z.output<typeof past>

/** Newest first, a page of each list at once; null in the cursor is a list that is at its end. */
export async function history(account: On, from: Date, cursor: string | null): Promise<Batch> {
  const before: Past = cursor ? past.parse(JSON.parse(cursor)) : {}
  const pages = await Promise.all(
    (['told', 'own'] as const).map(async source => ({ source, ...(await earlier(account, source, before[source], from)) })),
  )
  const heard = await taken(
    account,
    pages.flatMap(({ read }) => read),
  )
  const next = Object.fromEntries(pages.map(({ source, last }) => [source, last]))
  return { heard: heard.sort(byTime).reverse(), cursor: JSON.stringify(next), more: pages.some(({ last }) => last !== null) }
}

async function earlier(
  account: On,
  source: Source,
  below: string | null | undefined,
  from: Date,
): Promise<{ read: Read[]; last: string | null }> {
  if (below === null) return { read: [], last: null }
  const found = await page(account.settings, listOf(source, account.settings), below === undefined ? {} : { max_id: below })
  const fresh = found.filter(({ id }) => below === undefined || compareIds(id, below) < 0)
  const wanted = fresh.filter(({ at }) => !(at < from))
  return { read: await readAll(account, source, wanted), last: wanted.length < fresh.length ? null : (fresh.at(-1)?.id ?? null) }
}

/** One post, for something that answers it. */
export async function find(account: On, remoteId: string): Promise<HeardMessage | null> {
  const id = statusOf(account.settings, { remoteId } as Heard)
  const found = id ? await statusAt(account.settings, id) : null
  const read = found && fromStatus(found, account.settings)
  const [heard] = read ? await taken(account, [read]) : []
  return heard?.is === 'message' ? heard : null
}
