/** What is counted of messages, and what they are counted by. */
import type { Ctx } from '#kernel/context.ts'
import { tell } from '#kernel/live.ts'
import { reachOf } from '#social/search/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'

/** By which of our accounts each came or went, in their order; for whoever goes through all of them in parts. */
export const { accountsAfter } = store

/** How a poll stands where it is asked: votes for each choice, in their order. True when they are others than before. */
export async function talliedElsewhere(ctx: Ctx, content: string, votes: number[]): Promise<boolean> {
  if (votes.length === 0) return false
  return (await recount(ctx, [content], poll => rules.tallied(poll, votes))).length > 0
}

/** How polls of others stand by now, each as it is kept beside its words; whoever looks at one sees it move. */
export async function polledElsewhere(ctx: Ctx, polls: { content: string; poll: Record<string, unknown> }[]): Promise<void> {
  const to = new Map(polls.map(each => [each.content, each.poll]))
  const moved = await recount(ctx, [...to.keys()], (poll, id) => rules.polledAnew(poll, to.get(id)!))
  for (const { thread } of moved) if (thread) tell(ctx, `thread:${thread}`)
}

/** Those whose poll is another one now. */
async function recount(
  ctx: Ctx,
  ids: string[],
  anew: (poll: unknown, id: string) => Record<string, unknown> | undefined,
): Promise<store.ContentTable[]> {
  const rows = ids.length ? await store.lockedAll(ctx, ids, await reachOf(ctx)) : []
  const moved = rows.flatMap(row => {
    const poll = row.deleted_at ? undefined : anew(row.detail.poll, row.id)
    return poll ? [{ ...row, detail: { ...row.detail, poll } }] : []
  })
  if (moved.length) await store.changeDetails(ctx, moved)
  return moved
}
