/** What things are called on networks. */
import { createHash } from 'node:crypto'
import type { Ctx } from '#kernel/context.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { Remote } from './words.ts'

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

/** A remote id as it is kept and looked for. */
export const keptRemoteId = (remoteId: string): string => rules.keptRemoteId(remoteId, hashOf)

export const remotesOf = async (ctx: Ctx, channel: string, remoteIds: string[], account: string | null = null): Promise<Remote[]> =>
  remoteIds.length ? store.remotes(ctx, await namespaceOf(ctx, channel, account), remoteIds) : []

/** The account, where it is one colleague's own: who is met there is known to nobody else. Null where it is everybody's. */
export const roomOf = async (ctx: Ctx, channel: string, account: string | null): Promise<string | null> =>
  (await namespaceOf(ctx, channel, account)) === channel ? null : account

export const nameRemotely = async (ctx: Ctx, channel: string, account: string | null, rows: Remote[]): Promise<void> =>
  rows.length ? store.nameAll(ctx, await namespaceOf(ctx, channel, account), account, rows) : undefined

/**
 * Within what a name is one thing: all shared accounts of a network, or one colleague's own. The same mail to both is two things, so that neither hides
 * the other, and no answer leads from the one into the other.
 */
export async function namespaceOf(ctx: Ctx, channel: string, account: string | null): Promise<string> {
  if (!account) return channel
  const known = namespaces.get(ctx) ?? new Map<string, string>()
  namespaces.set(ctx, known)
  const name = known.get(account) ?? ((await store.account(ctx, account))?.personal ? `${channel} ${account}` : channel)
  known.set(account, name)
  return name
}
const namespaces = new WeakMap<Ctx, Map<string, string>>()

/** The newest things of a thread and what they are called, newest first. */
export const namesIn = store.namesIn
/** What a thing is called there; null when it has no name there. */
export const nameOf = async (ctx: Ctx, channel: string, object: string): Promise<string | null> =>
  (await store.namesOf(ctx, channel, object))[0]?.remoteId ?? null
export const forgetNames = async (ctx: Ctx, objects: string[]): Promise<unknown> =>
  objects.length ? store.forgetNames(ctx, objects) : undefined
