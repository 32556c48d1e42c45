/** What things are called: people by `@name@server`, everything else by the server that keeps it and the id that it has there. */
import type { Handle } from '#social/channels/words.ts'

export const network = 'mastodon'

/** Names as servers allow them; some have dots and dashes inside. */
const isName = (text: string): boolean => text.length <= 200 && /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?$/u.test(text)
const isHost = (text: string): boolean => text.length <= 253 && /^[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?(?::\d{1,5})?$/u.test(text)

interface Person {
  name: string
  host: string
}

/** `@name@host`, `acct:name@host`, and the addresses of a profile's page. */
export function personIn(text: string): Person | undefined {
  const plain = text.trim().toLowerCase()
  const url = plain.startsWith('http') ? URL.parse(plain) : null
  if (url) return personAt(url)
  const [, name = '', host = '', ...more] = `@${plain.replace(/^(?:acct:)?@?/, '')}`.split('@')
  return isName(name) && isHost(host) && more.length === 0 ? { name, host } : undefined
}

function personAt({ pathname, host }: URL): Person | undefined {
  const [, first = '', second = '', ...more] = pathname.split('/')
  const name = first.startsWith('@') ? first.slice(1) : first === 'users' ? second : ''
  const isWhole = first.startsWith('@') ? !second : more.every(each => !each)
  return isWhole && isName(name) && isHost(host) ? { name, host } : undefined
}

/** One spelling for each: small letters, `name@host`. */
export function normalise(address: string): string {
  const person = personIn(address)
  return person ? `${person.name}@${person.host}` : address.trim().toLowerCase()
}

/** A bare `name@host` may be a mail address, so only those with the `@` before it, or their page, count. */
export const recognises = (text: string): boolean => /^(?:acct:|@|https?:)/i.test(text.trim()) && personIn(text) !== undefined

/** `acct` as a server says it, whole: its own people come without a host. */
export const addressOf = (acct: string, home: string): string => `@${acct.includes('@') ? acct : `${acct}@${home}`}`

export const ownHandle = (address: string): Handle => ({ network, address: `@${address}` })

// —— what the server keeps ——

const isId = (text: string): boolean => /^[\w.:~-]{1,200}$/.test(text)

type Kind = 'statuses' | 'notifications'

/** Ids count only on their server, so its host stands before them. */
export const remoteIdOf = (server: string, kind: Kind, id: string): string => `${new URL(server).host}/${kind}/${id}`

/** The id of a post that this server keeps; undefined for what is of another kind or another server. */
export function statusIn(server: string, remoteId: string): string | undefined {
  const prefix = remoteIdOf(server, 'statuses', '')
  const id = remoteId.startsWith(prefix) ? remoteId.slice(prefix.length) : ''
  return isId(id) ? id : undefined
}

/** Ids grow with time, whichever kind a server uses: numbers, ULIDs or flakes. */
export const compareIds = (one: string, other: string): number => one.length - other.length || (one < other ? -1 : one > other ? 1 : 0)
