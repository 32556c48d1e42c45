/** What is counted of messages, and what they are counted by. */
import type { Ctx } from '#kernel/context.ts'
import { reachOf } from '#social/search/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'

/** By which of our accounts each came or went, in their order; for whoever goes through all of them in parts. */
export const { accountsAfter } = store

/** How a poll stands where it is asked: votes for each choice, in their order. True when they are others than before. */
export async function talliedElsewhere(ctx: Ctx, content: string, votes: number[]): Promise<boolean> {
  const [row] = votes.length ? await store.lockedAll(ctx, [content], await reachOf(ctx)) : []
  const poll = row && !row.deleted_at ? rules.tallied(row.detail.poll, votes) : undefined
  if (!row || !poll) return false
  await store.changeDetail(ctx, content, { ...row.detail, poll })
  return true
}
