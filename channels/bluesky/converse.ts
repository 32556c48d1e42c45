/** Answers: to the nearest post that is still there, or into the conversation of a direct message. */
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import type { Delivery, Draft } from '#social/channels/words.ts'
import { placeOf, posts } from './names.ts'
import { lookUp, post, type Reply, strong } from './posts.ts'
import { didFor, recordAt } from './records.ts'
import type { On } from './session.ts'
import { convoOf, lookUpSaid, say } from './talk-sent.ts'

/** Of a text that is sent as one or more posts, in UTF-16 units. */
export const limits = { text: 3000, attachments: 4, attachmentBytes: 40_000_000 }

/** Answers the nearest post that is still there, first of all one of those to whom it goes. Doing it again with the same once-key does nothing more. */
export async function reply(account: On, draft: Draft, onceKey: string): Promise<Delivery> {
  const convo = convoOf(draft)
  if (convo) return say(account, draft, onceKey, convo)
  const there = await lookUp(account, onceKey)
  if (there) return there
  return post(account, draft, onceKey, await answered(account, draft))
}

/** Was it sent, as a direct message or as a post? */
export async function wasSent(account: On, onceKey: string): Promise<Delivery | null> {
  const said = await lookUpSaid(account, onceKey)
  return said === undefined ? lookUp(account, onceKey) : said
}

const answerable = z.object({ reply: z.object({ root: strong }).optional().catch(undefined) })
const mostAsked = 5

async function answered(account: On, draft: Draft): Promise<Reply> {
  const near = draft.answers.filter(uri => placeOf(uri)?.collection === posts)
  if (!near.length) throw new ChannelError('rejected', { says: 'bluesky.nothingToAnswer' })
  const to = await Promise.all(draft.to.slice(0, 5).map(({ remoteId, address }) => remoteId ?? didFor(account, address)))
  const theirs = near.filter(uri => to.includes(placeOf(uri)!.did))
  for (const uri of [...new Set([...theirs, ...near])].slice(0, mostAsked)) {
    const found = await recordAt(account, uri)
    if (!found?.cid) continue
    const parent = { uri, cid: found.cid }
    return { parent, root: answerable.safeParse(found.value).data?.reply?.root ?? parent }
  }
  throw new ChannelError('rejected', { says: 'bluesky.answeredGone' })
}
