/** What an act that was proved does to an account: who follows it, what is gone, what was done before; in whatever order the network brings it. */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import type { Account, Called, Heard, HeardMove } from '#social/channels/words.ts'
import { isBlocked } from './blocked.ts'
import { documentAt } from './documents.ts'
import { isDoubted } from './doubt.ts'
import * as followers from './followers.ts'
import * as following from './following.ts'
import { day } from './lasting.ts'
import { moment, writtenBy } from './message.ts'
import { actorOf, hashOf, hostOf, webId } from './names.ts'
import { context, lastingFor } from './notes.ts'
import { forgetPerson, handleOf, type Person, personAt } from './people.ts'
import { withPictures } from './pictures.ts'
import { isVote } from './polls.ts'
import type { Settings } from './settings.ts'
import { type Activity, activity as activityForm, objectId } from './shapes.ts'
import { heardFrom } from './translate.ts'

type On = Account<Settings>

/** Longer than a signature is good for, so that nothing counts twice. */
const seenFor = 2 * day
const later = (milliseconds: number) => ({ until: new Date(now().getTime() + milliseconds) })

/** Takes it in, once. Throws ChannelError `wait` or `down` when something about it cannot be found out now. */
export async function take(called: Called<Settings>, given: Activity, person: Person): Promise<void> {
  const { account } = called
  const seen = `seen:${hashOf(given.id)}`
  if (isBlocked(account.settings, person.id, person.address) || (await account.memory.get(seen))) return
  const activity = await whole(account, given, person)
  if (activity && !(await isOver(account, activity))) {
    await changes[activity.type]?.(account, activity, person)
    if (await isVote(account, activity, person)) return void (await account.memory.set(seen, true, later(seenFor)))
    const isFollowed = activity.type === 'Create' && (await following.follows(account, person.id))
    const read = await Promise.all(heardFrom(activity, person, account.settings, isFollowed).map(withPictures))
    const heard = [...read, ...((await between[activity.type]?.(account, activity, person)) ?? [])]
    if (heard.length) await called.takeIn(heard)
  }
  await account.memory.set(seen, true, later(seenFor))
}

/** Under which an account keeps what somebody did, so that it can be undone by its name alone. */
export const actName = (id: string): string => `act:${hashOf(id)}`

// —— making it whole ——

/** With the object that it only names, from where that lives. */
async function whole(account: On, activity: Activity, person: Person): Promise<Activity | undefined> {
  if (activity.type === 'Create' || activity.type === 'Update') return withObject(account, activity, person)
  return activity.type === 'Undo' && typeof activity.object === 'string' ? withAct(account, activity) : activity
}

async function withObject({ settings }: On, activity: Activity, person: Person): Promise<Activity | undefined> {
  const id = objectId(activity.object)
  if (id === person.id || (writtenBy(person, activity.object, settings) && !isDoubted(id))) return activity
  if (!id || hostOf(id) !== hostOf(person.id)) return undefined
  // Its name alone, or words that do not say whose they are: only what its own address says counts.
  const object = await documentAt(settings, id).catch(error => {
    if (error instanceof ChannelError && error.kind === 'rejected') return undefined
    throw error
  })
  return object?.id === id ? { ...activity, object } : undefined
}

const done = z.object({ type: z.string(), object: z.string(), content: z.string().optional() })

async function withAct({ memory }: On, activity: Activity): Promise<Activity | undefined> {
  const { data } = done.safeParse(await memory.get(actName(String(activity.object))))
  return data && { ...activity, object: { ...data, id: activity.object, actor: activity.actor } }
}

// —— in whatever order ——

const about = ({ type, object, id }: Activity): string | undefined =>
  ['Create', 'Update'].includes(type) ? objectId(object) : ['Delete', 'Undo'].includes(type) ? undefined : id

/** Was it taken back before it came? */
async function isOver({ memory }: On, activity: Activity): Promise<boolean> {
  const id = about(activity)
  return id !== undefined && (await memory.get(`over:${hashOf(id)}`)) !== undefined
}

type Change = (account: On, activity: Activity, person: Person) => Promise<unknown>

const changes: Record<string, Change | undefined> = Object.assign(Object.create(null), {
  Follow: follow,
  Like: remember,
  EmojiReact: remember,
  Announce: remember,
  Undo: undo,
  Delete: removal,
  Update: update,
  Block: block,
})

async function follow(account: On, activity: Activity, person: Person): Promise<void> {
  const { id, type, actor, object } = activity
  if (objectId(object) !== actorOf(account.settings)) return
  await followers.add(account, person)
  await remember(account, activity)
  const us = actorOf(account.settings)
  const request = { id, type, actor, object: us }
  const accept = { '@context': context, id: `${us}#accept-${hashOf(id)}`, type: 'Accept', actor: us, to: [actor], object: request }
  await account.later([{ do: 'deliver', news: { activity: accept }, inbox: person.inbox }])
}

async function remember({ memory }: On, { id, type, object, content }: Activity): Promise<void> {
  const kept = { type, object: objectId(object), ...(content && { content }) }
  await memory.set(actName(id), kept, later(lastingFor))
}

async function undo(account: On, { object }: Activity, person: Person): Promise<void> {
  const { data } = activityForm.safeParse(object)
  if (!data || data.actor !== person.id) return
  await account.memory.set(`over:${hashOf(data.id)}`, true, later(seenFor))
  if (data.type === 'Follow' && objectId(data.object) === actorOf(account.settings)) await followers.drop(account, person.id)
}

async function removal(account: On, { object }: Activity, person: Person): Promise<void> {
  const id = objectId(object)
  if (!id || hostOf(id) !== hostOf(person.id)) return
  await account.memory.set(`over:${hashOf(id)}`, true, later(30 * day))
  if (id === person.id) await followers.drop(account, id)
}

/** Somebody changed how they are called or reached. */
async function update(account: On, { object }: Activity, person: Person): Promise<void> {
  if (objectId(object) !== person.id) return
  forgetPerson(person.id)
  if (await followers.isFollowing(account, person.id)) await followers.add(account, await personAt(account.settings, person.id))
}

async function block(account: On, { object }: Activity, person: Person): Promise<void> {
  if (objectId(object) === actorOf(account.settings)) await followers.drop(account, person.id)
}

type Between = (account: On, activity: Activity, person: Person) => Promise<Heard[]>

/** What only those two know. */
const between: Record<string, Between | undefined> = Object.assign(Object.create(null), {
  Move: moved,
  Accept: following.answered,
  Reject: following.answered,
  Block: (account: On, activity: Activity, person: Person) =>
    objectId(activity.object) === actorOf(account.settings) ? following.lost(account, activity, person) : [],
  Delete: (account: On, activity: Activity, person: Person) =>
    objectId(activity.object) === person.id ? following.lost(account, activity, person) : [],
})

/** Both must say so: the one who goes by this act, and the one to whom they go by naming the former. Nobody moves to where they are. */
async function moved(account: On, { id, object, target, published }: Activity, person: Person): Promise<HeardMove[]> {
  if (objectId(object) !== person.id || !target || target === person.id || !webId(target, account.settings)) return []
  const next = await personAt(account.settings, target, { fresh: true })
  if (next.id !== target || !next.aliases.includes(person.id)) return []
  // From now on they are answered there.
  await account.memory.set(`moved:${hashOf(person.id)}`, next.id)
  return [{ is: 'move', remoteId: id, at: moment(published), from: handleOf(person), to: handleOf(next) }]
}
