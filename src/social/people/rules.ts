import { createHash } from 'node:crypto'
import { type FieldFault, Refusal, refuse } from '#kernel/errors.ts'
import { cleanName, cut } from '#kernel/plain.ts'
import type { Met, Network } from './words.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const hidden = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u00ad]/
const alphabets = [/\p{sc=Latin}/u, /\p{sc=Cyrillic}/u, /\p{sc=Greek}/u]

/** A name is shown without the characters that hide or turn text around. */
export const shownName = (name: string): string => cleanName(name, 300) || '?'

/** A name with hidden characters, a turned direction or a word of mixed alphabets is flagged. */
export function deceives(name: string): boolean {
  return hidden.test(name) || name.split(/[^\p{L}\p{M}]+/u).some(word => alphabets.filter(letters => letters.test(word)).length > 1)
}

const spelled: Record<string, string> = { ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ð: 'd', þ: 'th', ł: 'l', đ: 'd', ı: 'i' }

/** People are found by their name without accents, capitals and hidden characters. */
export function keyOf(name: string): string {
  const bare = cleanName(name, 300).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return cut(
    bare.replace(/[ßøæœðþłđı]/g, letter => spelled[letter]!),
    100,
  )
}

/** What is kept of a name is what was given, but for what no database can hold and what no line can show. */
export const keptName = (name: string): string =>
  cut(
    name
      .toWellFormed()
      .replace(/[\0\s\u2028\u2029]+/g, ' ')
      .trim(),
    300,
  )

/** Who gives no name is called by the address until somebody tells one. */
export function nameFor(met: { name?: string; address: string }): { name: string; because: 'heard' | 'address' } {
  const told = keptName(met.name ?? '')
  const says = cleanName(told, 300)
  return says && keyOf(says) !== keyOf(met.address)
    ? { name: told, because: 'heard' }
    : { name: keptName(met.address) || '?', because: 'address' }
}

/** An address that is too long is told apart by its fingerprint. */
export function keptAddress(address: string): string {
  const plain = cleanName(address, 100_000) || '?'
  return plain.length <= 500 ? plain : `${cut(plain, 420)} ${createHash('sha256').update(plain).digest('hex')}`
}

/** An address as it is kept and looked for. */
export interface Wanted {
  network: string
  address: string
  normal: string
  remote: string | null
  url: string | null
  name: string
  nameBecause: 'heard' | 'address'
  because: string
  at: Date
}

/** The same address heard several times at once is one address, first heard at the earliest moment. */
export function distinct(met: Met[]): { wanted: Wanted[]; at: number[] } {
  const places = new Map<string, number>()
  const wanted: Wanted[] = []
  const at = met.map(each => {
    const one = wantedOf(each)
    const key = `${one.network}\n${one.remote ?? ''}\n${one.remote ? '' : one.normal}`
    const place = places.get(key) ?? wanted.push(one) - 1
    places.set(key, place)
    better(wanted[place]!, one)
    return place
  })
  return { wanted, at }
}

function wantedOf(met: Met): Wanted {
  const address = keptAddress(met.address)
  const { name, because } = nameFor({ name: met.name, address })
  return {
    network: cleanName(met.network, 60) || '?',
    address,
    normal: keptAddress(met.normal),
    remote: met.remoteId ? keptAddress(met.remoteId) : null,
    url: webAddress(met.url),
    name,
    nameBecause: because,
    because: cleanName(met.because, 60) || 'heard',
    at: met.at,
  }
}

function webAddress(text: string | undefined): string | null {
  const url = text ? URL.parse(text) : null
  return url && /^https?:$/.test(url.protocol) && url.href.length <= 2000 ? url.href : null
}

function better(kept: Wanted, again: Wanted): void {
  if (again.at < kept.at) kept.at = again.at
  if (kept.nameBecause === 'address' && again.nameBecause === 'heard') Object.assign(kept, { name: again.name, nameBecause: 'heard' })
}

/** A handle that is known for one of the addresses that were looked for (`at` is its place among them). */
export interface Known {
  at: number
  handle: string
  remote: string | null
  byRemote: boolean
  person: string
  nameBecause: string
  /** Which account closes them; `hidden` when whoever asks may not even read that. */
  room: string | null
  hidden: boolean
}

/** Whoever is met by another way than the account of the one colleague who knew them is known to all. */
export const isClosedTo = ({ room, hidden }: Pick<Known, 'room' | 'hidden'>, by: string | null): boolean =>
  hidden || (room !== null && room !== by)

/** What never changes on a network decides who it is; an address that somebody else has taken over there is no longer theirs. */
export function matched(wanted: Wanted[], known: Known[]): { found: Map<number, Known>; stale: string[] } {
  const found = new Map<number, Known>()
  const stale = new Set<string>()
  for (const each of known) {
    const { remote } = wanted[each.at]!
    if (each.byRemote) found.set(each.at, each)
    else if (remote && each.remote && remote !== each.remote) stale.add(each.handle)
    else if (!found.has(each.at)) found.set(each.at, each)
  }
  return { found, stale: [...stale] }
}

/** The address with which a colleague signs in stays with the colleague. */
export function mayUnlink(handle: { because: string; until: Date | null }): void {
  if (handle.until) refuse('conflict', 'people.handleGone')
  if (handle.because === 'account') refuse('conflict', 'people.handleOfAccount')
}

/** A person is taken out again only while nothing hangs on it. */
export function mayRemove(person: { createdBecause: string; busy: boolean; colleague: boolean }): void {
  if (person.busy || person.colleague || !['decision', 'import'].includes(person.createdBecause)) refuse('conflict', 'people.inUse')
}

/** An address is believed to be of the kind that a person names, and must look like one of it. */
export function addressOn(network: Network, address: string): { address: string; normal: string } {
  const kept = keptAddress(address)
  const fault: FieldFault = { field: 'address', key: 'people.addressWrong' }
  if (network.recognises && !network.recognises(kept)) throw new Refusal('invalid', 'people.addressWrong', {}, { fields: [fault] })
  return { address: kept, normal: keptAddress(network.normalise(kept)) }
}
