/** What was said belongs to another thread from now on, and is found there. */
import type { Ctx } from '#kernel/context.ts'
import { moveFindable } from '#social/search/actions.ts'
import * as store from './store.ts'

/** Everything in a thread, what was removed as well. */
export const { idsIn } = store

export async function moveContents(ctx: Ctx, ids: string[], from: string, to: string): Promise<void> {
  await store.moveAll(ctx, ids, to)
  await moveFindable(ctx, ids, from, to)
}
