/** Threads that turn out to be one: which stands for which, and who takes part because of it. */
import type { Ctx } from '#kernel/context.ts'
import * as store from './store.ts'

export const { mergeInto, setAudience, takePartAlso } = store

/** It stands for itself again; whoever took part in the other only because of it does so no more. */
export async function standAlone(ctx: Ctx, thread: string, stood: string, joined: string[]): Promise<void> {
  await store.standAlone(ctx, thread)
  if (joined.length) await store.leaveAll(ctx, stood, joined)
}
