/** All that leaves the organisation: whether it is held, and when what was due asks before it goes. */
import type { Ctx } from '#kernel/context.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import * as store from './store.ts'
import * as words from './words.ts'

const minute = 60_000

/** Is everything held, and after how many milliseconds does what was due ask before it goes? */
export async function outgoingOf(ctx: Ctx): Promise<{ heldAt: Date | null; heldBy: string | null; staleAfter: number }> {
  const row = await store.outgoing(ctx)
  return { heldAt: row?.held_at ?? null, heldBy: row?.held_by ?? null, staleAfter: (row?.stale_minutes ?? 120) * minute }
}

/** Nothing leaves any more, on whichever network; false when it was so before. */
export async function holdAll(ctx: Ctx): Promise<boolean> {
  if ((await outgoingOf(ctx)).heldAt) return false
  await store.changeOutgoing(ctx, { held_at: ctx.now, held_by: ctx.actor.person })
  record(ctx, words.Held, { object: ctx.org })
  tell(ctx, 'outbox')
  return true
}

/** It goes on. */
export async function letGo(ctx: Ctx): Promise<boolean> {
  if (!(await outgoingOf(ctx)).heldAt) return false
  await store.changeOutgoing(ctx, { held_at: null, held_by: null })
  record(ctx, words.Resumed, { object: ctx.org })
  tell(ctx, 'outbox')
  return true
}

export const askAfter = (ctx: Ctx, minutes: number): Promise<void> => store.changeOutgoing(ctx, { stale_minutes: minutes })
