import { ChannelError } from '#kernel/errors.ts'
import type { AccountState, Channel, Limits, SaidLimits, Truth } from './words.ts'

/** What happens to an account when its network fails: nothing yet, it waits until a moment, or it stands otherwise. */
export type Trouble = { is: 'wait'; until: Date } | { is: 'stands'; state: AccountState; says: string } | { is: 'again' }

/** An account needs a person when its network refuses it, and is called down when three attempts in a row failed. */
export function troubleOf(error: unknown, tries: number): Trouble {
  if (!(error instanceof ChannelError)) return tries < 3 ? { is: 'again' } : { is: 'stands', state: 'down', says: 'channels.fault' }
  if (error.kind === 'wait' && error.until) return { is: 'wait', until: error.until }
  if (error.kind === 'reconnect' || error.kind === 'rejected') return { is: 'stands', state: 'reconnect', says: error.says }
  return tries < 3 ? { is: 'again' } : { is: 'stands', state: 'down', says: error.says }
}

/** The truth about a channel: what its network allows, whether we do it, where that was proved, and whether an account of ours can. */
export function truthTable(channel: Pick<Channel, 'truth' | 'can'>, active: number): (Truth & { connected: boolean })[] {
  return channel.truth.map(row => ({ ...row, connected: row.done && active > 0 }))
}

/** A remote id that is longer than what can be kept is told apart by its fingerprint; the caller brings the hash. */
export const keptRemoteId = (remoteId: string, hash: (text: string) => string): string =>
  remoteId.length <= 500 ? remoteId : `hash:${hash(remoteId)}`

/** An account is called by the name that its network gave, at most 200 characters, or by its address. */
export const accountName = (name: string, address: string): string => (name.trim() || address).slice(0, 200)

const second = 1000
const hour = 3600 * second
/** What a paused account put off is looked at again after this. */
export const pauseOfPaused = hour / 6

export interface Tried {
  /** How often it was tried, this time included. */
  tries: number
  since: Date
  now: Date
  /** From 0 to 1. */
  chance: number
}

/** What a channel put off is tried again after ten seconds, then four times as long each time up to six hours, for three days; what is refused is not. */
export function workAgainAfter(error: ChannelError, { tries, since, now, chance }: Tried): number | null {
  if (error.kind === 'rejected' || now.getTime() - since.getTime() > 72 * hour) return null
  const usual = Math.min(6 * hour, 10 * second * 4 ** Math.min(tries - 1, 10)) * (0.8 + chance * 0.4)
  return error.until ? Math.max(second, error.until.getTime() - now.getTime()) : usual
}

/** A removed account has three days to take leave of its network. */
export const leavesUntil = (removed: Date): Date => new Date(removed.getTime() + 72 * hour)

/** A removed account does nothing more than take leave, and nothing after that. */
export const hasLeft = (it: { removed_at: Date | null; leaves_until: Date | null }): boolean =>
  it.removed_at !== null && it.leaves_until === null

/** A paused account does nothing; one that was removed takes leave all the same. */
export const isPaused = (it: { state: AccountState; removed_at: Date | null }): boolean => it.state === 'paused' && it.removed_at === null

const acts: Truth['what'][] = [
  'publish',
  'listen',
  'converse',
  'directMessages',
  'react',
  'follow',
  'moderate',
  'edit',
  'delete',
  'attachments',
  'profile',
  'metrics',
]

/** The acts of all networks stand in one order, and only those of which any network says something. */
export const actsIn = (channels: Pick<Channel, 'truth'>[]): Truth['what'][] =>
  acts.filter(what => channels.some(({ truth }) => truth.some(row => row.what === what)))

/** Of one act a network says one thing, or nothing. */
export const truthOf = ({ truth }: Pick<Channel, 'truth'>, what: Truth['what']): Truth | undefined => truth.find(row => row.what === what)

const day = 24 * hour

/** A sign-in that ends within seven days is loud. */
export const endsSoon = (until: Date | null, now: Date): boolean => until !== null && until.getTime() - now.getTime() < 7 * day

/** What a server says of what it takes is asked again after an hour. */
export const isStale = (asked: Date | null, now: Date): boolean => asked === null || now.getTime() - asked.getTime() >= hour

/** What an account's own server takes counts before what its network usually takes; where it takes any kind of file, none is refused. */
export function merged(usual: Limits, said: SaidLimits | undefined): Limits {
  if (!said) return usual
  const { types, ...own } = said
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) as Partial<Limits>
  const whole = { ...usual, ...given, ...(types && { types }) }
  if (types === null) delete whole.types
  return whole
}

/** What proved it, in a word of a message key. */
export const proofWords = {
  'real server': 'server',
  recordings: 'recordings',
  'published description': 'description',
  'nothing yet': 'nothing',
} as const
