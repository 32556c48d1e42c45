/** What somebody has not read yet. */
import type { Ctx } from '#kernel/context.ts'
import { selfOf } from '#social/graph/actions.ts'
import * as store from './store.ts'

/** Of these threads those in which there is something that the actor has not read. Whoever asks has opened them to the actor. */
export const unreadAmong = async (ctx: Ctx, threads: string[]): Promise<string[]> =>
  threads.length ? store.unread(ctx, threads, await selfOf(ctx)) : []

/** What the actor has read is told under this name. */
export const readBy = ({ actor }: Ctx): string => `reads:${actor.person}`
