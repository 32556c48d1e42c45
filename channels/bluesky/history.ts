/** What was there before an account was connected: what the network notified of, and what the account itself posted. */
import { z } from 'zod'
import type { Account, Batch } from '#social/channels/words.ts'
import { ownPage, pageOf, selfOf, withPictures } from './listen.ts'
import { placeOf, timeOfKey } from './names.ts'
import type { Settings } from './settings.ts'
import { fromNotification, fromOwn, type Read } from './translate.ts'

type On = Account<Settings>

/** Where each list is gone on with, by the network's own mark and by the key of a post; null at its end, nothing at its beginning. */
const past = z.object({ told: z.string().max(2000).nullable().optional(), own: z.string().max(600).nullable().optional() })

interface Part {
  read: Read[]
  next: string | null
}

/** Newest first, a page of each list at once, back to `from` or as far as the network keeps it. Throws ChannelError. */
export async function history(account: On, from: Date, cursor: string | null): Promise<Batch> {
  const before = cursor ? past.parse(JSON.parse(cursor)) : {}
  const [told, own] = await Promise.all([toldBefore(account, from, before.told), postedBefore(account, from, before.own)])
  const heard = await withPictures([...told.read, ...own.read])
  heard.sort((one, other) => other.at.getTime() - one.at.getTime())
  const next = { told: told.next, own: own.next }
  return { heard, cursor: JSON.stringify(next), more: next.told !== null || next.own !== null }
}

const atEnd: Part = { read: [], next: null }

async function toldBefore(account: On, from: Date, page: string | null | undefined): Promise<Part> {
  if (page === null) return atEnd
  const { items, next } = await pageOf(account, page)
  const wanted = items.filter(({ indexedAt }) => !(new Date(indexedAt) < from))
  const read = wanted.flatMap(each => fromNotification(each, selfOf(account.settings)) ?? [])
  const goesOn = items.length > 0 && wanted.length === items.length && next !== page
  return { read, next: goesOn ? (next ?? null) : null }
}

/** Keys of posts are moments, and the list is in their order; a key that is none says nothing of when it was. */
async function postedBefore(account: On, from: Date, below: string | null | undefined): Promise<Part> {
  if (below === null) return atEnd
  const { items, isFull } = await ownPage(account, below, true)
  const keys = items.map(({ uri }) => placeOf(uri)?.key ?? '')
  const isWanted = (key: string) => !((timeOfKey(key) ?? from) < from)
  const read = items.filter((_, at) => isWanted(keys[at]!)).flatMap(each => fromOwn(each, selfOf(account.settings)) ?? [])
  const last = keys.at(-1)
  return { read, next: isFull && last && last !== below && keys.every(isWanted) ? last : null }
}
