/** By what the items of a feed are known: each by one name, whatever ids its publisher writes twice. */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { digest } from './addresses.ts'
import type { Item } from './read.ts'
import { linkOf, momentOf, remoteIdOf, type Source } from './translate.ts'

/** Of each item: its mark, how often it was changed, and where it stood; by the digest of its remote id. */
export const known = z.record(z.string().max(20), z.tuple([z.string().max(20), z.int().min(0), z.string().max(20)]))
export type Known = z.output<typeof known>

export interface Named {
  item: Item
  remoteId: string
  key: string
  place: string
}

/**
 * The oldest first. An id that several items of a document share tells only the first of them, and the one that is known by it; the others are known by
 * their address as well. Of the same item twice the first in the document counts.
 */
export function nameAll(source: Source, before: Known): Named[] {
  const all = inOrder(source.feed.items.map(item => nameOf(source, item)))
  const shared = Map.groupBy(all, each => each.key)
  const named = new Map<string, Named>()
  for (const each of all) {
    const twins = shared.get(each.key)!
    const holder = twins.find(({ place }) => place === before[each.key]?.[2]) ?? twins[0]!
    const isApart = holder.place !== each.place || before[keyOf(apart(each))] !== undefined
    const own = isApart ? { ...each, ...renamed(each) } : each
    named.set(own.key, own)
  }
  return [...named.values()]
}

const keyOf = (remoteId: string): string => digest(remoteId, 12)
const apart = ({ remoteId, place }: Named): string => `${remoteId.slice(0, 480)}#${place}`
const renamed = (each: Named) => ({ remoteId: apart(each), key: keyOf(apart(each)) })

function nameOf(source: Source, item: Item): Named {
  const remoteId = remoteIdOf(source, item)
  const place = digest(linkOf(source.address, source.feed, item) ?? '', 8)
  return { item, remoteId, key: keyOf(remoteId), place }
}

/** By their dates; one without a date stays beside the one after it in the document. */
function inOrder(all: Named[]): Named[] {
  let last = 0
  return all
    .toReversed()
    .map(each => {
      last = momentOf(each.item.published, now())?.getTime() ?? last
      return { each, at: last }
    })
    .sort((one, other) => one.at - other.at)
    .map(({ each }) => each)
}
