/** Lists of the network, walked forward from an id or back to a moment. Servers send them newest first. */
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import { ask, isMissing, ServerError } from './client.ts'
import { entry, id, listed, type Status, status } from './entities.ts'
import { compareIds } from './names.ts'
import type { Settings } from './settings.ts'

export interface List {
  path: string
  query?: Record<string, string | number | boolean | string[]>
}

/** Something in a list that has an id; `item` is whatever it is. */
export interface Entry {
  id: string
  at: Date
  item: unknown
}

const perPage = 40

/** Newest first. What is too large as a whole is asked for in smaller pieces. */
export async function page(
  settings: Settings,
  { path, query }: List,
  more: { min_id?: string; max_id?: string; limit?: number },
): Promise<Entry[]> {
  const limit = more.limit ?? perPage
  try {
    const items = await ask(settings, { path, query: { ...query, ...more, limit } }, listed)
    return items.flatMap(entryOf).sort((one, other) => compareIds(other.id, one.id))
  } catch (error) {
    if (!isTooLarge(error) || limit === 1) throw error
    return page(settings, { path, ...(query && { query }) }, { ...more, limit: Math.ceil(limit / 6) })
  }
}

export const isTooLarge = (error: unknown): boolean => error instanceof ChannelError && error.says === 'kernel.reachTooLarge'

function entryOf(item: unknown): Entry[] {
  const it = entry.safeParse(item).data
  return it ? [{ id: it.id, at: new Date(it.created_at), item }] : []
}

/** The next page after an id, oldest first; without an id, all that there is on the first page. */
export async function after(settings: Settings, list: List, id: string | null): Promise<Entry[]> {
  const found = await page(settings, list, id === null ? {} : { min_id: id })
  return found.filter(each => id === null || compareIds(each.id, id) > 0).reverse()
}

const mostPages = 25

/** From the newest back to what is known, or to what is too large to be read; oldest first. */
export async function backTo(settings: Settings, list: List, isKnown: (each: Entry) => boolean): Promise<Entry[]> {
  const found: Entry[] = []
  for (let pages = 0; pages < mostPages; pages++) {
    const more = await below(settings, list, found.at(-1)?.id)
    const fresh = more.filter(each => !isKnown(each))
    found.push(...fresh)
    if (more.length === 0 || fresh.length < more.length) break
  }
  return found.reverse()
}

async function below(settings: Settings, list: List, id: string | undefined): Promise<Entry[]> {
  try {
    const found = await page(settings, list, id === undefined ? {} : { max_id: id })
    return found.filter(each => id === undefined || compareIds(each.id, id) < 0)
  } catch (error) {
    if (isTooLarge(error)) return []
    throw error
  }
}

/** The server does not take the id that it once gave. */
export const isForgotten = (error: unknown): boolean => error instanceof ServerError && error.kind === 'rejected'

export const ownPosts = ({ accountId }: Settings): List => ({
  path: `/api/v1/accounts/${accountId}/statuses`,
  query: { exclude_reblogs: true },
})

/** Null when it is not there, or not for us. */
export async function statusAt(settings: Settings, id: string): Promise<Status | null> {
  try {
    return await ask(settings, { path: `/api/v1/statuses/${id}` }, status)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

const led = z.object({ statuses: z.array(z.object({ id })).max(40) })

/** The id of the post that an address on the web leads to, which the server may fetch for it; undefined where there is none, or the account may not ask. */
export async function statusLedTo(settings: Settings, link: string): Promise<string | undefined> {
  try {
    const query = { q: link, type: 'statuses', resolve: true, limit: 1 }
    return (await ask(settings, { path: '/api/v2/search', query }, led)).statuses[0]?.id
  } catch (error) {
    if (error instanceof ChannelError && (error.kind === 'rejected' || error.says === 'mastodon.mayNot')) return undefined
    throw error
  }
}

/** Several at once; undefined where the server only shows one at a time. */
export async function statusesAt(settings: Settings, ids: string[]): Promise<Map<string, Status> | undefined> {
  try {
    const list = await ask(settings, { path: '/api/v1/statuses', query: { id: ids } }, listed)
    return new Map(list.flatMap(each => status.safeParse(each).data ?? []).map(each => [each.id, each]))
  } catch (error) {
    if (error instanceof ServerError && error.kind === 'rejected') return undefined
    throw error
  }
}
