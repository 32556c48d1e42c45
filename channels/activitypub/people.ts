/** Actors of others: who they are, where they are reached, and with which keys they sign. */
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import { guardedFetch } from '#kernel/fetch.ts'
import { cleanName, cut, textOf } from '#kernel/plain.ts'
import type { Handle } from '#social/channels/words.ts'
import { documentAt, isActivityType, jsonIn } from './documents.ts'
import { hour, lasting } from './lasting.ts'
import { hostOf, network, partsOf, webId } from './names.ts'
import type { Settings } from './settings.ts'
import { id } from './shapes.ts'

const many = <T extends z.ZodType>(of: T) => z.union([z.array(of).max(20), of.transform(one => [one])])
const text = z.string().catch('')
const linked = z.union([z.string(), z.object({ href: z.string() }).transform(({ href }) => href)])

const actor = z.object({
  id,
  type: z.enum(['Person', 'Service', 'Organization', 'Group', 'Application']),
  inbox: id,
  preferredUsername: text,
  name: text,
  summary: text,
  url: many(linked).optional().catch(undefined),
  icon: many(z.object({ url: linked }))
    .optional()
    .catch(undefined),
  endpoints: z.object({ sharedInbox: id }).optional().catch(undefined),
  publicKey: many(z.object({ id, owner: id, publicKeyPem: z.string().max(8000) }))
    .optional()
    .catch(undefined),
  alsoKnownAs: many(id).optional().catch(undefined),
  movedTo: id.optional().catch(undefined),
})

export interface Person {
  id: string
  address: string
  name?: string
  url?: string
  picture?: string
  about?: string
  inbox: string
  /** Of their whole server. */
  shared?: string
  keys: { id: string; pem: string }[]
  aliases: string[]
  movedTo?: string
}

const known = lasting<Person>(2000)

/** Throws ChannelError as `documentAt` does; `rejected` also for what is no actor. */
export async function personAt(settings: Settings, id: string, { fresh = false } = {}): Promise<Person> {
  const kept = fresh ? undefined : known.get(id)
  if (kept) return kept
  const person = readPerson(await documentAt(settings, id), settings)
  if (!person) throw new ChannelError('rejected', { says: 'activitypub.notBelieved' })
  known.set(person.id, person, hour)
  return person
}

export const forgetPerson = (id: string): void => known.delete(id)

/** Undefined for what is no actor. Everything that it names lives where it lives itself, or is left out. */
export function readPerson(document: unknown, settings: Pick<Settings, 'server'>): Person | undefined {
  const { data } = actor.safeParse(document)
  const host = data && webId(data.id, settings)?.host
  // An inbox elsewhere would let anybody have us write to a server that never asked for it.
  if (!data || !host || webId(data.inbox, settings)?.host !== host) return undefined
  const isOwn = (each: string | undefined): each is string => each !== undefined && webId(each, settings)?.host === host
  const keys = (data.publicKey ?? []).filter(key => key.owner === data.id && isOwn(key.id))
  const shared = data.endpoints?.sharedInbox
  return {
    ...shownOf(data),
    id: data.id,
    address: addressOf(data.preferredUsername, data.id),
    inbox: data.inbox,
    ...(isOwn(shared) && { shared }),
    keys: keys.map(({ id, publicKeyPem }) => ({ id, pem: publicKeyPem })),
    aliases: data.alsoKnownAs ?? [],
    ...(data.movedTo && { movedTo: data.movedTo }),
  }
}

function shownOf({ name, url, icon, summary }: z.output<typeof actor>) {
  const [shown, about] = [cleanName(name, 200), cut(textOf(summary.slice(0, 20_000)), 2000)]
  const [page, picture] = [webAddress(url?.[0]), webAddress(icon?.[0]?.url)]
  return { ...(shown && { name: shown }), ...(page && { url: page }), ...(picture && { picture }), ...(about && { about }) }
}

export const webAddress = (text: string | undefined): string | undefined =>
  text && text.length <= 2000 && /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text).href : undefined

/** By the name that it gives itself and the host that it lives on: nobody can be called after another's host. */
export function addressOf(name: string, id: string): string {
  const own = cleanName(name, 60).toLowerCase()
  const last = cleanName(URL.parse(id)?.pathname.split('/').filter(Boolean).at(-1) ?? '', 60).toLowerCase()
  const fit = [own, last.replace(/^@/, '')].find(each => partsOf(`${each}@${hostOf(id)}`)?.name === each)
  return `${fit ?? 'somebody'}@${hostOf(id)}`
}

export const handleOf = ({ id, address, name, url }: Person): Handle => ({
  network,
  address,
  remoteId: id,
  ...(name && { name }),
  ...(url && { url }),
})

// —— by address ——

const jrd = z.object({ links: z.array(z.unknown()).max(100) })
const link = z.object({ rel: z.literal('self'), type: z.string().max(200), href: id })

/** Whom WebFinger (RFC 7033) means by an address; null when nobody is called so. Throws ChannelError `wait` or `down`. */
export async function personCalled(settings: Settings, address: string): Promise<Person | null> {
  const parts = partsOf(address)
  if (!parts) return null
  try {
    const id = await idOf(settings, parts)
    return id ? await personAt(settings, id) : null
  } catch (error) {
    if (error instanceof ChannelError && error.kind === 'rejected') return null
    throw error
  }
}

const found = lasting<string>(2000)

async function idOf({ server }: Settings, { name, host }: { name: string; host: string }): Promise<string | undefined> {
  const resource = `acct:${name}@${host}`
  const kept = found.get(resource)
  if (kept) return kept
  const url = `${new URL(server).protocol}//${host}/.well-known/webfinger?${new URLSearchParams({ resource })}`
  const answer = await guardedFetch(url, { accept: 'application/jrd+json, application/json', maxBytes: 65_536, timeoutMs: 6000 })
  const { data } = jrd.safeParse(answer.status === 200 ? jsonIn(answer.bytes) : undefined)
  const self = data?.links.map(each => link.safeParse(each).data).find(each => each && isActivityType(each.type))?.href
  if (self) found.set(resource, self, hour)
  return self
}
