/** What the account says of its own: a post, or a thread. */
import type { Account, Delivery, Draft, Limits } from '#social/channels/words.ts'
import { mostPictures } from './pictures.ts'
import { lookUp, mostParts, post } from './posts.ts'
import type { Settings } from './settings.ts'
import { lengthOf, mostGraphemes } from './text.ts'

/** Of one post; a picture that is larger is made smaller on its way. */
export const limits: Limits = {
  text: mostGraphemes,
  count: lengthOf,
  parts: mostParts,
  attachments: mostPictures,
  attachmentBytes: 40_000_000,
  types: ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'],
  alt: 2000,
  repliesFrom: ['followed', 'mentioned', 'nobody'],
}

/** Doing it again with the same once-key does nothing more. */
export async function send(account: Account<Settings>, draft: Draft, onceKey: string): Promise<Delivery> {
  return (await lookUp(account, onceKey)) ?? post(account, draft, onceKey)
}
