/** A post to a feed stands in it as soon as the house keeps it; there is nobody to be sent to but those who subscribed. */
import { now } from '#kernel/clock.ts'
import type { Account, Delivery, Draft } from '#social/channels/words.ts'
import { idOf, postAt, remoteIdOf } from './addresses.ts'
import { entryOf } from './entry.ts'
import type { Settings } from './settings.ts'
import { tell } from './spread.ts'

export const limits = { text: 100_000, attachments: 20, attachmentBytes: 25_000_000, alt: 2000, parts: 50 }

export const remoteIdFor = (_account: Account<Settings>, onceKey: string): string => remoteIdOf(onceKey)

/** Posting the same once more tells nobody anything new. */
export async function send(account: Account<Settings>, draft: Draft, onceKey: string): Promise<Delivery> {
  const remoteId = remoteIdOf(onceKey)
  const isNew = await account.memory.set(`sent:${onceKey}`, now().toISOString(), { fresh: true })
  if (isNew) await noted(account, remoteId, draft, now())
  return { state: 'done', remoteId, url: postAt(account.settings.path, onceKey) }
}

export async function edit(account: Account<Settings>, remoteId: string, draft: Draft): Promise<void> {
  const sent = await account.memory.get(`sent:${idOf(remoteId)}`)
  if (typeof sent === 'string') await noted(account, remoteId, draft, new Date(sent))
}

/** Gone from the feed with the next look; nobody can be made to forget what they read. */
export async function remove(account: Account<Settings>, remoteId: string): Promise<void> {
  await account.memory.set(`sent:${idOf(remoteId)}`, undefined)
  await account.memory.set(`post:${idOf(remoteId)}`, undefined)
  await changed(account)
}

async function noted(account: Account<Settings>, remoteId: string, draft: Draft, at: Date): Promise<void> {
  await changed(account)
  await tell(account, idOf(remoteId), entryOf(account.settings.path, { remoteId, at, changedAt: now(), draft }))
}

/** By this, readers who ask with a date see that a post was taken away. */
const changed = ({ memory }: Account<Settings>): Promise<unknown> => memory.set('changed', now().toISOString())
