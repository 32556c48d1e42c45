/** Changes of what is there: posts taken back (the network lets nobody change their words), likes and reposts given and taken back. */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { keyFor, nextKey, placeOf, posts, uriOf } from './names.ts'
import { gates, mostParts } from './posts.ts'
import { recordAt } from './records.ts'
import { ask, type On } from './session.ts'

/** Takes a post of ours back, with all its parts; one that is gone already is gone. Throws ChannelError. */
export async function remove(account: On, remoteId: string): Promise<void> {
  const place = placeOf(remoteId)
  if (place?.did !== account.settings.did || place.collection !== posts) throw new ChannelError('rejected', { says: 'bluesky.notOurs' })
  const isThere = async (collection: string, key: string) => (await recordAt(account, uriOf({ ...place, collection, key }))) !== null
  const keys: string[] = []
  for (let { key } = place; keys.length < mostParts && (await isThere(posts, key)); key = nextKey(key)) keys.push(key)
  const gate = (await isThere(gates, place.key)) ? [place.key] : []
  await erase(account, [...keys.map(rkey => ({ collection: posts, rkey })), ...gate.map(rkey => ({ collection: gates, rkey }))])
}

async function erase(account: On, records: { collection: string; rkey: string }[]): Promise<void> {
  if (records.length === 0) return
  const writes = records.map(each => ({ $type: 'com.atproto.repo.applyWrites#delete', ...each }))
  const body = { repo: account.settings.did, writes }
  await ask(account, { name: 'com.atproto.repo.applyWrites', does: 'change', body, points: writes.length }, z.unknown())
}

// —— signs on what others said ——

const signs: Record<string, { collection: string; seen: 'like' | 'repost' }> = {
  like: { collection: 'app.bsky.feed.like', seen: 'like' },
  share: { collection: 'app.bsky.feed.repost', seen: 'repost' },
}

const seenPosts = z.object({
  posts: z.array(z.object({ viewer: z.object({ like: z.string().optional(), repost: z.string().optional() }).optional() })).max(1),
})

/** Our own key for each sign keeps it single; one that was given by another program is known and taken back as well. */
export async function react(account: On, remoteId: string, kind: string, undone: boolean): Promise<void> {
  const sign = signs[kind]
  if (!sign) throw new ChannelError('rejected', { says: 'bluesky.onlyLikes' })
  const key = keyFor(`${kind} ${remoteId}`)
  const ours = { ...sign, rkey: key }
  const isOurs = (await recordAt(account, uriOf({ did: account.settings.did, collection: sign.collection, key }))) !== null
  const other = await givenElsewhere(account, remoteId, ours)
  if (!undone && !isOurs && !other) return give(account, remoteId, ours)
  if (undone)
    await erase(
      account,
      [...(isOurs ? [key] : []), ...(other ? [other] : [])].map(rkey => ({ collection: sign.collection, rkey })),
    )
}

type Sign = (typeof signs)[string] & { rkey: string }

/** The key of the same sign under another key than ours. */
async function givenElsewhere(account: On, remoteId: string, { collection, seen, rkey }: Sign): Promise<string | undefined> {
  const found = await ask(account, { name: 'app.bsky.feed.getPosts', query: { uris: [remoteId] } }, seenPosts)
  const place = placeOf(found.posts[0]?.viewer?.[seen] ?? '')
  return place?.did === account.settings.did && place.collection === collection && place.key !== rkey ? place.key : undefined
}

async function give(account: On, remoteId: string, { collection, rkey }: Sign): Promise<void> {
  const found = await recordAt(account, remoteId)
  if (!found?.cid) throw new ChannelError('rejected', { says: 'bluesky.answeredGone' })
  const record = { $type: collection, subject: { uri: remoteId, cid: found.cid }, createdAt: now().toISOString() }
  await ask(
    account,
    { name: 'com.atproto.repo.putRecord', does: 'change', body: { repo: account.settings.did, collection, rkey, record }, points: 3 },
    z.unknown(),
  )
}
