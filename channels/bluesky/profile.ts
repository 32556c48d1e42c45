/** Who somebody is, and how a post fares: as the network's view of itself says. */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { cleanName, cleanText, cut } from '#kernel/plain.ts'
import type { Handle } from '#social/channels/words.ts'
import { isDid, normalise, placeOf, posts, profileOf } from './names.ts'
import { ask, type On } from './session.ts'

const text = z.string().optional().catch(undefined)
const profile = z.object({ did: z.string().max(300), displayName: text, description: text, avatar: text })

/** Null when nobody is called so. */
export async function whoIs(account: On, { remoteId, address }: Handle) {
  try {
    const query = { actor: remoteId && isDid(remoteId) ? remoteId : normalise(address) }
    const { did, displayName, description, avatar } = await ask(account, { name: 'app.bsky.actor.getProfile', query }, profile)
    const [name, about] = [cleanName(displayName ?? '', 200), cut(cleanText(description ?? ''), 2000)]
    const picture = avatar && avatar.length < 2000 && avatar.startsWith('https://') ? avatar : undefined
    return { ...(name && { name }), url: profileOf(did), ...(picture && { picture }), ...(about && { about }) }
  } catch (error) {
    if (error instanceof ChannelError && error.kind === 'rejected') return null
    throw error
  }
}

const count = z.int().min(0).optional().catch(undefined)
const counted = z.object({ uri: z.string(), likeCount: count, repostCount: count, replyCount: count, quoteCount: count })
const countedPosts = z.object({ posts: z.array(counted) })
const measures = { likeCount: 'likes', repostCount: 'shares', replyCount: 'answers', quoteCount: 'quotes' } as const
const atOnce = 25

/** Likes, shares, answers and quotes of posts, each as far as the network says it; what is gone is left out. */
export async function read(account: On, remoteIds: string[]) {
  const uris = remoteIds.filter(uri => placeOf(uri)?.collection === posts)
  const found: { remoteId: string; measure: string; value: number; at: Date }[] = []
  for (let at = 0; at < uris.length; at += atOnce) {
    const answer = await ask(account, { name: 'app.bsky.feed.getPosts', query: { uris: uris.slice(at, at + atOnce) } }, countedPosts)
    for (const post of answer.posts)
      for (const [field, measure] of Object.entries(measures)) {
        const value = post[field as keyof typeof measures]
        if (value !== undefined) found.push({ remoteId: post.uri, measure, value, at: now() })
      }
  }
  return found
}
