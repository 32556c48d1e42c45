/** What others do to what is there already: change it, take it away, react to it; and whom they follow. */
import type { Ctx } from '#kernel/context.ts'
import { claim } from '#social/activities/actions.ts'
import { keptRemoteId, namespaceOf, normaliserOf, ownAddresses, remotesOf, roomOf } from '#social/channels/actions.ts'
import type {
  Heard,
  HeardConsent,
  HeardEdit,
  HeardFollow,
  HeardMove,
  HeardReaction,
  HeardRemoval,
  HeardTally,
} from '#social/channels/words.ts'
import { changeElsewhere, contentOf, polledElsewhere, removeElsewhere } from '#social/content/actions.ts'
import type { Content } from '#social/content/words.ts'
import { consented } from '#social/follows/actions.ts'
import { followElsewhere } from '#social/graph/actions.ts'
import { findOrMeet } from '#social/people/actions.ts'
import { reactElsewhere } from '#social/reactions/actions.ts'
import { moved } from './actions-same.ts'
import * as rules from './rules.ts'
import type { Source } from './words.ts'

type Change = HeardEdit | HeardTally | HeardRemoval | HeardReaction | HeardFollow | HeardConsent | HeardMove
type Deeded = Exclude<Change, HeardConsent | HeardMove>
type About = Exclude<Deeded, HeardFollow>

const isOfPerson = (change: Change): change is HeardFollow | HeardConsent | HeardMove => ['follow', 'consent', 'move'].includes(change.is)

const isConsent = (change: Change): change is HeardConsent => change.is === 'consent'

const isChange = (heard: Heard): heard is Change => heard.is !== 'message' && heard.is !== 'report'

/**
 * In the order in which they were heard, each once. What is about something unknown is not claimed: it counts when it is heard again after that.
 * Returns the names of those that counted.
 */
export async function takeInChanges(ctx: Ctx, from: Source, heard: Heard[]): Promise<string[]> {
  const changes = rules.firsts(heard.filter(isChange).map(each => ({ ...each, remoteId: keptRemoteId(each.remoteId) })))
  if (changes.length === 0) return []
  const objects = await objectsOf(ctx, from, changes)
  const known = changes.filter(each => isOfPerson(each) || objects.has(keptRemoteId(each.about)))
  const names = await namespaceOf(ctx, from.channel, from.account)
  const free = await claim(
    ctx,
    known.map(each => rules.onceKey(names, each.remoteId)),
  )
  const fresh = known.filter(each => free.has(rules.onceKey(names, each.remoteId)))
  const own = await ownAddresses(ctx, from.channel, from.account)
  const deeds = fresh.filter((each): each is Deeded => each.is !== 'move' && each.is !== 'consent')
  const done = (await whoDid(ctx, from, deeds)).flatMap(each => deedIn(each, { objects, own, normalise: normaliserOf(from.channel) }))
  for (const wave of rules.waves(done, touchedBy)) await takeInAtOnce(ctx, from, wave)
  for (const each of fresh) if (each.is === 'move') await moved(ctx, from, each)
  if (from.account) await consented(ctx, { ...from, account: from.account }, fresh.filter(isConsent))
  return fresh.map(each => each.remoteId)
}

interface Known {
  objects: Map<string, Content>
  own: Set<string>
  normalise: (address: string) => string
}

async function objectsOf(ctx: Ctx, from: Source, changes: Change[]): Promise<Map<string, Content>> {
  const about = changes.filter((each): each is About => !isOfPerson(each)).map(each => keptRemoteId(each.about))
  const named = (await remotesOf(ctx, from.channel, [...new Set(about)], from.account)).flatMap(({ remoteId, object }) =>
    object ? [{ remoteId, object }] : [],
  )
  const contents = await contentOf(
    ctx,
    named.map(each => each.object),
  )
  return new Map(named.flatMap(({ remoteId, object }) => (contents.has(object) ? [[remoteId, contents.get(object)!] as const] : [])))
}

/** With the person who reacts or follows; whoever only changes what is theirs is known already. */
async function whoDid(ctx: Ctx, from: Source, changes: Deeded[]): Promise<{ change: Deeded; person: string | null }[]> {
  const normalise = normaliserOf(from.channel)
  const isNew = (each: Deeded) => each.is === 'reaction' || (each.is === 'follow' && from.account !== null)
  const met = changes.filter(isNew).map(each => {
    const kept = rules.handleIn(each.from)
    return { ...kept, normal: normalise(kept.address), because: 'heard', at: rules.believable(each.at, ctx.now) }
  })
  const people = (await findOrMeet(ctx, met, undefined, await roomOf(ctx, from.channel, from.account))).values()
  return changes.map(change => ({ change, person: isNew(change) ? (people.next().value ?? null) : null }))
}

/** One that counts, ready to be done: nobody changes what another wrote. */
type Deed =
  | { is: 'edit'; change: HeardEdit; object: Content }
  | { is: 'tally'; change: HeardTally; object: Content }
  | { is: 'removal'; object: Content }
  | { is: 'reaction'; change: HeardReaction; object: Content; person: string }
  | { is: 'follow'; change: HeardFollow; person: string }

function deedIn({ change, person }: { change: Deeded; person: string | null }, { objects, own, normalise }: Known): Deed[] {
  if (change.is === 'follow') return person ? [{ is: 'follow', change, person }] : []
  const object = objects.get(keptRemoteId(change.about))!
  if (change.is === 'reaction') return person ? [{ is: 'reaction', change, object, person }] : []
  if (!rules.isItsWriter(change.from, object, own, normalise)) return []
  if (change.is === 'removal') return [{ is: 'removal', object }]
  return [change.is === 'edit' ? { is: 'edit', change, object } : { is: 'tally', change, object }]
}

/** What two of them must not do at once. */
function touchedBy(deed: Deed): string {
  if (deed.is === 'follow') return `follow ${deed.person}`
  if (deed.is === 'reaction') return `${deed.object.id} ${deed.person} ${deed.change.kind}`
  return deed.is === 'tally' ? `tally ${deed.object.id}` : deed.object.id
}

/** A fixed number of statements whatever the number. */
async function takeInAtOnce(ctx: Ctx, from: Source, deeds: Deed[]): Promise<void> {
  const only = <K extends Deed['is']>(is: K) => deeds.filter((each): each is Extract<Deed, { is: K }> => each.is === is)
  const { channel, account } = from
  await changeElsewhere(
    ctx,
    only('edit').map(({ change, object }) => ({ content: object.id, ...rules.storableChange(change) })),
  )
  await polledElsewhere(
    ctx,
    only('tally').map(({ change, object }) => ({ content: object.id, poll: rules.keptPoll(change.poll) })),
  )
  await removeElsewhere(
    ctx,
    only('removal').map(({ object }) => object.id),
  )
  await reactElsewhere(
    ctx,
    only('reaction').map(({ change: { kind, undone, at }, object: { id, thread, audience }, person }) => ({
      ...{ object: id, thread, audience, person, kind, channel },
      undone: undone ?? false,
      at: rules.believable(at, ctx.now),
    })),
  )
  const follows = only('follow').map(({ change: { undone, at }, person }) => ({
    person,
    undone: undone ?? false,
    at: rules.believable(at, ctx.now),
  }))
  if (account) await followElsewhere(ctx, { account, channel }, follows)
}
