/** Whom an account follows: asked by an act of its own, and followed once they said yes. What they say to everybody is heard from then on. */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import type { Account, Handle, HeardConsent } from '#social/channels/words.ts'
import { isBlocked } from './blocked.ts'
import { deliver } from './deliver.ts'
import { moment } from './message.ts'
import { actorOf, hashOf, hostOf, webId } from './names.ts'
import { context } from './notes.ts'
import { handleOf, type Person, personAt, personCalled } from './people.ts'
import type { Settings } from './settings.ts'
import { type Activity, activity as activityForm, objectId } from './shapes.ts'

type On = Account<Settings>

const kept = z.object({ id: z.string(), person: z.string(), inbox: z.string(), accepted: z.boolean() })
type Kept = z.output<typeof kept>

const all = 'following:'
/** Under which an account keeps that it follows somebody, or asked to. */
export const followingName = (id: string): string => `${all}${hostOf(id)}:${hashOf(id)}`

const asked = async ({ memory }: On, id: string): Promise<Kept | undefined> => kept.safeParse(await memory.get(followingName(id))).data

/** Did they say yes? */
export const follows = async (account: On, id: string): Promise<boolean> => (await asked(account, id))?.accepted ?? false

export async function following({ memory }: On): Promise<Kept[]> {
  return (await memory.list(all)).flatMap(({ value }) => kept.safeParse(value).data ?? [])
}

/** Once, however often: asked again, the same request is brought again. Throws ChannelError `rejected` when they are not there or do not want it. */
export async function follow(account: On, handle: Handle, undone: boolean): Promise<{ state: 'asked' | 'done'; who: Handle }> {
  if (undone) return { state: await end(account, handle), who: handle }
  const person = await whom(account.settings, handle)
  if (!person) throw new ChannelError('rejected', { says: 'activitypub.nobodyThere' })
  return { state: await begin(account, person), who: handleOf(person) }
}

async function begin(account: On, person: Person): Promise<'asked' | 'done'> {
  const { settings, memory } = account
  if (person.id === actorOf(settings)) throw new ChannelError('rejected', { says: 'activitypub.oneself' })
  if (isBlocked(settings, person.id, person.address)) throw new ChannelError('rejected', { says: 'activitypub.weBlock' })
  const before = await asked(account, person.id)
  if (before?.accepted) return 'done'
  const id = before?.id ?? `${actorOf(settings)}/follows/${hashOf(person.id)}-${now().getTime()}`
  const it = { id, person: person.id, inbox: person.inbox, accepted: false }
  // Kept first: some say yes before they have answered.
  await memory.set(followingName(person.id), it)
  await brought(account, it, request(settings, it))
  return 'asked'
}

const whom = async (settings: Settings, { remoteId, address }: Handle): Promise<Person | null> =>
  webId(remoteId, settings) ? personAt(settings, remoteId!) : personCalled(settings, address)

const request = (settings: Settings, { id, person }: Kept) => ({
  id,
  type: 'Follow',
  actor: actorOf(settings),
  to: [person],
  object: person,
})

async function brought({ settings }: On, { inbox }: Kept, act: Record<string, unknown>): Promise<void> {
  const done = await deliver(settings, inbox, { '@context': context, ...act })
  if (done === 'gone') throw new ChannelError('rejected', { says: 'activitypub.gone' })
}

/** Whoever does not want to hear of it, or is gone, is left all the same. */
async function end(account: On, { remoteId, address }: Handle): Promise<'done'> {
  const { settings, memory } = account
  const id = webId(remoteId, settings) ? remoteId! : (await personCalled(settings, address))?.id
  const it = id && (await asked(account, id))
  if (!it) return 'done'
  const act = { id: `${it.id}#undo`, type: 'Undo', actor: actorOf(settings), to: [it.person], object: request(settings, it) }
  await brought(account, it, act).catch(error => {
    if (!(error instanceof ChannelError && error.kind === 'rejected')) throw error
  })
  await memory.set(followingName(it.person), undefined)
  return 'done'
}

// —— what they say ——

/** Only whoever was asked answers, and only what was asked. */
export async function answered(account: On, { id, type, object, published }: Activity, person: Person): Promise<HeardConsent[]> {
  const it = await asked(account, person.id)
  if (!it || !isAbout(account.settings, object, it)) return []
  const accepted = type === 'Accept'
  await account.memory.set(followingName(person.id), accepted ? { ...it, accepted } : undefined)
  return [consentOf(id, published, person, accepted)]
}

function isAbout(settings: Settings, object: unknown, it: Kept): boolean {
  if (objectId(object) === it.id) return true
  const { data } = activityForm.safeParse(object)
  return data?.type === 'Follow' && data.actor === actorOf(settings) && objectId(data.object) === it.person
}

/** They are gone, or block us. */
export async function lost(account: On, { id, published }: Activity, person: Person): Promise<HeardConsent[]> {
  if (!(await asked(account, person.id))) return []
  await account.memory.set(followingName(person.id), undefined)
  return [consentOf(id, published, person, false)]
}

const consentOf = (id: string, published: string | undefined, person: Person, accepted: boolean): HeardConsent => ({
  is: 'consent',
  remoteId: `${id.slice(0, 490)}#consent`,
  at: moment(published),
  from: handleOf(person),
  accepted,
})
