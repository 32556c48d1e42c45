/** Of all that a stream tells, what concerns our account: the same objects, under the same names, as the network's notifications tell. */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import type { HeardMessage } from '#social/channels/words.ts'
import type { Change } from './frames.ts'
import { namedIn } from './html.ts'
import { placeOf, posts, uriOf } from './names.ts'
import { fromOwn, handleOf, message, only, ownHandle, type Read, type Self, subject } from './translate.ts'

export const [likes, reposts, following] = ['app.bsky.feed.like', 'app.bsky.feed.repost', 'app.bsky.graph.follow']
export const collections: ReadonlySet<string> = new Set([posts, likes, reposts, following])
const kinds: Record<string, string> = { [likes]: 'like', [reposts]: 'share' }

/** What was done by records that may be taken back: the stream names only the record then. The oldest is forgotten. */
export interface Recent {
  keep(uri: string, done: Done): void
  take(uri: string): Done | undefined
}
type Done = { is: 'follow' } | { is: 'reaction'; about: string; kind: string }

export function recentUpTo(most: number): Recent {
  const kept = new Map<string, Done>()
  return {
    keep(uri, done) {
      kept.set(uri, done)
      if (kept.size > most) kept.delete(kept.keys().next().value!)
    },
    take(uri) {
      const done = kept.get(uri)
      kept.delete(uri)
      return done
    },
  }
}

/** Null for what concerns others only. Whoever wrote it is called by the lasting id. */
export function fromChange(it: Change, self: Self, recent: Recent): Read | null {
  const uri = uriOf(it)
  if (!placeOf(uri) || Number.isNaN(it.at.getTime())) return null
  // A server whose clock is ahead says nothing about the future.
  const at = new Date(Math.min(it.at.getTime(), now().getTime()))
  if (it.does === 'delete') return takenBack(it, { uri, at, self, recent })
  if (it.collection === posts) return posted(it, { uri, at, self })
  if (it.did === self.did || it.does !== 'create') return null
  const from = handleOf({ did: it.did, handle: '', displayName: '' })
  if (it.collection === following) {
    if (followed.safeParse(it.record).data?.subject !== self.did) return null
    recent.keep(uri, { is: 'follow' })
    return only({ is: 'follow', remoteId: uri, at, from })
  }
  const [kind, found] = [kinds[it.collection], subject.safeParse(it.record).data]
  const about = found && placeOf(found.subject.uri)
  if (!kind || !about || ![about.did, placeOf(found.via?.uri ?? '')?.did].includes(self.did)) return null
  recent.keep(uri, { is: 'reaction', about: found.subject.uri, kind })
  return only({ is: 'reaction', remoteId: uri, at, about: found.subject.uri, from, kind })
}

const followed = z.object({ subject: z.string().max(300) })

interface Around {
  uri: string
  at: Date
  self: Self
}

function posted(it: Change, { uri, at, self }: Around): Read | null {
  const isOurs = it.did === self.did
  if (isOurs && it.does === 'create') return fromOwn({ uri, value: it.record }, self)
  const from = isOurs ? ownHandle(self) : handleOf({ did: it.did, handle: '', displayName: '' })
  const read = message(it.record, { remoteId: uri, at, from, to: [ownHandle(self)], direction: 'in' })
  const said = read.heard as HeardMessage
  if (!isOurs && !concerns(said, it.record, self)) return null
  if (it.does === 'create') return read
  const { text, html } = said
  return only({ is: 'edit', remoteId: `${uri}#${it.cid}`, at, about: uri, from, text, ...(html && { html }) })
}

const facets = z.object({ facets: z.unknown() })

/** It answers us, quotes us, or names us. */
const concerns = ({ answers }: HeardMessage, record: unknown, { did }: Self): boolean =>
  answers.some(each => placeOf(each)?.did === did) || namedIn(facets.safeParse(record).data?.facets).includes(did)

/** Whether a post was ever heard here, the house knows. */
function takenBack(it: Change, { uri, at, self, recent }: Around & { recent: Recent }): Read | null {
  const from = it.did === self.did ? ownHandle(self) : handleOf({ did: it.did, handle: '', displayName: '' })
  const remoteId = `${uri}#gone`
  if (it.collection === posts) return only({ is: 'removal', remoteId, at, about: uri, from })
  const done = recent.take(uri)
  if (!done) return null
  return only(
    done.is === 'follow'
      ? { is: 'follow', remoteId, at, from, undone: true }
      : { is: 'reaction', remoteId, at, about: done.about, from, kind: done.kind, undone: true },
  )
}
