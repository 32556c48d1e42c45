/** What a message answers and nobody here knows is fetched from its network, so that the conversation is whole. */
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { log } from '#kernel/log.ts'
import { claim } from '#social/activities/actions.ts'
import { channelNamed, keptRemoteId, namespaceOf, openAccount, remotesOf } from '#social/channels/actions.ts'
import type { HeardMessage } from '#social/channels/words.ts'
import * as rules from './rules.ts'
import type { Source } from './words.ts'

export const sought = z.object({
  account: z.uuid(),
  parents: z.array(z.string().max(600)).max(500),
  /** How many steps they are away from what was heard by itself. */
  depth: z.number().int().min(1),
})
export type Sought = z.output<typeof sought>

/** What is to be fetched after this intake; each parent once for ever, whatever comes of it. Null when there is nothing. */
export async function parentsToSeek(ctx: Ctx, from: Source, messages: HeardMessage[]): Promise<Sought | null> {
  const depth = (from.depth ?? 0) + 1
  if (!from.account || depth > rules.farthestParent || !channelNamed(from.channel)?.can.listen?.find) return null
  const nearest = [...new Set(messages.flatMap(each => each.answers.slice(0, 1)))].slice(0, 500)
  const there = new Set(
    (await remotesOf(ctx, from.channel, nearest.map(keptRemoteId), from.account)).flatMap(each => (each.object ? [each.remoteId] : [])),
  )
  const unknown = nearest.filter(each => !there.has(keptRemoteId(each)) && each.length <= 500)
  const names = await namespaceOf(ctx, from.channel, from.account)
  const key = (remoteId: string) => `sought:${names}:${remoteId}`
  const free = unknown.length ? await claim(ctx, unknown.map(key)) : new Set<string>()
  const parents = unknown.filter(each => free.has(key(each)))
  return parents.length ? { account: from.account, parents, depth } : null
}

/** Asks the network for each; what cannot be had is left out, and whatever bears another name than was asked for is not believed. */
export async function foundParents(org: string, { account, parents }: Sought): Promise<{ channel: string; found: HeardMessage[] } | null> {
  const opened = await asSystem(org, ctx => openAccount(ctx, account))
  const find = opened?.channel.can.listen?.find
  if (!opened || !find || opened.row.removed_at || opened.row.state === 'paused') return null
  const found: HeardMessage[] = []
  for (const remoteId of parents) {
    const message = await find(opened.account, remoteId).catch(error => notHad(error, remoteId))
    if (message?.is === 'message' && message.remoteId === remoteId) found.push(message)
  }
  return { channel: opened.row.channel, found }
}

/** A conversation without its beginning is a conversation all the same. */
function notHad(error: unknown, remoteId: string): null {
  const isOrdinary = error instanceof ChannelError
  if (!isOrdinary) log.error({ err: error, remoteId }, 'a parent could not be read')
  return null
}
