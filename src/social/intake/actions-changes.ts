/** What others do to what is there already: change it, take it away, react to it; and whom they follow. */
import type { Ctx } from '#kernel/context.ts'
import { claim } from '#social/activities/actions.ts'
import { keptRemoteId, namespaceOf, normaliserOf, ownAddresses, remotesOf } from '#social/channels/actions.ts'
import type { Handle, Heard, HeardEdit, HeardFollow, HeardReaction, HeardRemoval } from '#social/channels/words.ts'
import { changeElsewhere, contentOf, removeElsewhere } from '#social/content/actions.ts'
import type { Content } from '#social/content/words.ts'
import { followElsewhere } from '#social/graph/actions.ts'
import { findOrMeet } from '#social/people/actions.ts'
import { reactElsewhere } from '#social/reactions/actions.ts'
import * as rules from './rules.ts'
import type { Source } from './words.ts'

type Change = HeardEdit | HeardRemoval | HeardReaction | HeardFollow
type About = Exclude<Change, HeardFollow>

const isChange = (heard: Heard): heard is Change => heard.is !== 'message' && heard.is !== 'report'

/**
 * In the order in which they were heard, each once. What is about something unknown is not claimed: it counts when it is heard again after that.
 * Returns how many counted.
 */
export async function takeInChanges(ctx: Ctx, from: Source, heard: Heard[]): Promise<number> {
  const changes = rules.firsts(heard.filter(isChange).map(each => ({ ...each, remoteId: keptRemoteId(each.remoteId) })))
  if (changes.length === 0) return 0
  const objects = await objectsOf(ctx, from, changes)
  const known = changes.filter(each => each.is === 'follow' || objects.has(keptRemoteId(each.about)))
  const names = await namespaceOf(ctx, from.channel, from.account)
  const free = await claim(
    ctx,
    known.map(each => rules.onceKey(names, each.remoteId)),
  )
  const fresh = known.filter(each => free.has(rules.onceKey(names, each.remoteId)))
  const own = await ownAddresses(ctx, from.channel, from.account)
  for (const each of fresh) await takeInOne(ctx, from, each, { objects, own })
  return fresh.length
}

interface Known {
  objects: Map<string, Content>
  own: Set<string>
}

async function objectsOf(ctx: Ctx, from: Source, changes: Change[]): Promise<Map<string, Content>> {
  const about = changes.filter((each): each is About => each.is !== 'follow').map(each => keptRemoteId(each.about))
  const named = (await remotesOf(ctx, from.channel, [...new Set(about)], from.account)).flatMap(({ remoteId, object }) =>
    object ? [{ remoteId, object }] : [],
  )
  const contents = await contentOf(
    ctx,
    named.map(each => each.object),
  )
  return new Map(named.flatMap(({ remoteId, object }) => (contents.has(object) ? [[remoteId, contents.get(object)!] as const] : [])))
}

async function takeInOne(ctx: Ctx, from: Source, change: Change, { objects, own }: Known): Promise<void> {
  if (change.is === 'follow') return followed(ctx, from, change)
  const object = objects.get(keptRemoteId(change.about))!
  if (change.is === 'reaction') return reacted(ctx, from, change, object)
  const normalise = normaliserOf(from.channel)
  if (!rules.isItsWriter(change.from, object, own, normalise)) return
  if (change.is === 'edit') return changeElsewhere(ctx, object.id, rules.storableChange(change))
  return removeElsewhere(ctx, object.id)
}

async function personOf(ctx: Ctx, from: Source, handle: Handle, at: Date): Promise<string> {
  const normalise = normaliserOf(from.channel)
  const kept = rules.handleIn(handle)
  const [person] = await findOrMeet(ctx, [{ ...kept, normal: normalise(kept.address), because: 'heard', at }])
  return person!
}

async function reacted(ctx: Ctx, from: Source, heard: HeardReaction, object: Content): Promise<void> {
  const at = rules.believable(heard.at, ctx.now)
  const person = await personOf(ctx, from, heard.from, at)
  const { id, thread, audience } = object
  await reactElsewhere(ctx, {
    object: id,
    thread,
    audience,
    person,
    kind: heard.kind,
    undone: heard.undone ?? false,
    channel: from.channel,
    at,
  })
}

async function followed(ctx: Ctx, from: Source, heard: HeardFollow): Promise<void> {
  if (!from.account) return
  const at = rules.believable(heard.at, ctx.now)
  const person = await personOf(ctx, from, heard.from, at)
  await followElsewhere(ctx, { person, account: from.account, undone: heard.undone ?? false, channel: from.channel, at })
}
