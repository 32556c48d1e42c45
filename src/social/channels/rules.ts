import { ChannelError } from '#kernel/errors.ts'
import type { AccountState, Channel, Truth } from './words.ts'

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
