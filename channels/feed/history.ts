/** Earlier items of a feed: as far back as its publisher keeps pages of them (RFC 5005), and one of them by its name. */
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import type { Account, Batch, HeardMessage } from '#social/channels/words.ts'
import { webAddress } from './addresses.ts'
import { ask, patiently } from './client.ts'
import { nameAll } from './naming.ts'
import { readFeed } from './read.ts'
import { relationsFrom } from './relations.ts'
import type { Settings } from './settings.ts'
import { messageOf, momentOf, type Source, toldTo } from './translate.ts'

const mostPages = 200

/** One page at a time, newest first; a publisher who keeps no pages has only the feed itself. The cursor is the next page and how many were read. */
export async function history({ settings }: Account<Settings>, from: Date, cursor: string | null): Promise<Batch> {
  const [, pages = '0', address] = /^(\d{1,4}) (.+)$/.exec(cursor ?? '') ?? []
  const url = webAddress(address) ?? settings.url
  const { source, older } = await pageAt(settings.url, url)
  const items = nameAll(source, {}).reverse()
  const isOld = ({ item }: (typeof items)[number]) => (momentOf(item.published, now()) ?? now()) < from
  const heard = items.filter(each => !isOld(each)).map(({ item, remoteId }) => ({ ...messageOf(source, item, now()), remoteId }))
  const next = `${Number(pages) + 1} ${older ?? ''}`
  // A page without anything young enough is the last: behind it everything is older.
  return {
    ...toldTo(settings, heard),
    cursor: next,
    more: Boolean(older && older !== url && heard.length) && Number(pages) + 1 < mostPages,
  }
}

async function pageAt(feed: string, url: string): Promise<{ source: Source; older: string | undefined }> {
  const answer = await patiently(url, () => ask(url))
  if (!answer) throw new ChannelError('down', { says: 'feed.unwell' })
  const read = readFeed(answer.bytes, answer.headers.get('content-type') ?? undefined)
  return { source: { address: feed, feed: read }, older: relationsFrom(answer.url, answer.headers.get('link'), read).older }
}

/** An item that another one answers, if the feed still shows it. */
export async function find({ settings }: Account<Settings>, remoteId: string): Promise<HeardMessage | null> {
  const { source } = await pageAt(settings.url, settings.url)
  const found = nameAll(source, {}).find(each => each.remoteId === remoteId)
  return found ? { ...messageOf(source, found.item, now()), remoteId } : null
}
