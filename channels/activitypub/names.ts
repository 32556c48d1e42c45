/** What things are called: addresses of people, and the ids of our actors, their notes and files. */
import { createHash } from 'node:crypto'
import type { Settings } from './settings.ts'

export const network = 'activitypub'
export const everybody = 'https://www.w3.org/ns/activitystreams#Public'
/** As it is written by those who shorten it. */
export const isEverybody = (id: string): boolean => [everybody, 'as:Public', 'Public'].includes(id)

const before = ['@', 'acct:']

/** One spelling for each: `name@host` in small letters, from `@name@host`, `acct:name@host` or the page `https://host/@name`. */
export function normalise(address: string): string {
  const plain = address.trim().toLowerCase()
  const prefix = before.find(each => plain.startsWith(each))
  return prefix ? normalise(plain.slice(prefix.length)) : (nameOnPage(plain) ?? plain)
}

function nameOnPage(text: string): string | undefined {
  const url = text.length <= 500 && /^https?:\/\//.test(text) ? URL.parse(text) : null
  const name = url && /^\/(?:@|users\/|u\/)([a-z0-9_.-]{1,60})\/?$/.exec(url.pathname)?.[1]
  return name && !url.search && !url.hash ? `${name}@${url.host}` : undefined
}

const isName = (text: string): boolean => /^[\p{L}\p{N}_.-]{1,60}@[\p{L}\p{N}.-]{1,250}(:\d{1,5})?$/u.test(text)

/** `name@host` alone may be a mail address, so the sign before it, or a page of a person, is asked for. */
export function recognises(text: string): boolean {
  const given = text.trim().toLowerCase()
  return isName(normalise(text)) && (given.startsWith('@') || given.startsWith('acct:') || given.startsWith('http'))
}

/** Of an address, or undefined when it is none. */
export function partsOf(address: string): { name: string; host: string } | undefined {
  const normal = normalise(address)
  const at = normal.lastIndexOf('@')
  return isName(normal) ? { name: normal.slice(0, at), host: normal.slice(at + 1) } : undefined
}

// —— ids ——

/** Short enough to be kept, and on the web; without encryption only for a house that is on trial without it. */
export function webId(id: unknown, settings: Pick<Settings, 'server'>): URL | undefined {
  const url = typeof id === 'string' && id.length <= 500 ? URL.parse(id) : null
  const isWeb = url && (url.protocol === 'https:' || url.protocol === new URL(settings.server).protocol)
  return isWeb && !url.username && !url.password && url.hostname ? url : undefined
}

export const hostOf = (id: string): string => URL.parse(id)?.host ?? ''
export const withoutHash = (id: string): string => id.split('#', 1)[0]!
/** For names in the memory, which have an end. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22)

type Of = Pick<Settings, 'server' | 'username'>

const actors = '/activitypub/actors'
export const actorOf = ({ server, username }: Of): string => `${server}${actors}/${username}`
export const addressOf = ({ server, username }: Of): string => `${username}@${new URL(server).host}`
export const followersOf = (settings: Of): string => `${actorOf(settings)}/followers`
/** What stands first on its page. */
export const featuredOf = (settings: Of): string => `${actorOf(settings)}/featured`
/** One for all accounts of the house. */
export const sharedInboxOf = ({ server }: Pick<Of, 'server'>): string => `${server}/activitypub/inbox`
export const noteOf = (settings: Of, key: string): string => `${actorOf(settings)}/notes/${key}`
export const fileOf = (settings: Of, file: string): string => `${actorOf(settings)}/files/${file}`

/** The key of what is sent under a once-key: always the same one, and nobody guesses it. Parts of a long post follow each other. */
export const keyFor = (onceKey: string, part = 0): string => (part ? `${hashOf(onceKey)}-${part}` : hashOf(onceKey))

/** The key of a note of this account; undefined for any other id. */
export function keyIn(settings: Of, id: string): string | undefined {
  const start = noteOf(settings, '')
  const key = id.startsWith(start) ? id.slice(start.length) : ''
  return /^[\w-]{22}(-\d{1,2})?$/.test(key) ? key : undefined
}

/** Name of our actor whose id, or a part of it, this is. */
export function nameIn(origin: string, id: string): string | undefined {
  const start = `${origin}${actors}/`
  const name = id.startsWith(start) ? id.slice(start.length).split(/[/#?]/, 1)[0]! : ''
  return /^[a-z0-9_.-]{1,30}$/.test(name) ? name : undefined
}
