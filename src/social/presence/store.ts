import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'

const of = tables<{ presence: { thread: string; person: string; writing: boolean; at: Date } }>()

interface Here {
  person: string
  writing: boolean
  at: Date
}

/** Who was here in this thread, before this moment told anything. */
export const here = (ctx: Ctx, thread: string): Promise<Here[]> =>
  of(ctx).selectFrom('presence').select(['person', 'writing', 'at']).where('thread', '=', thread).orderBy('at').limit(50).execute()

export async function arrive(ctx: Ctx, thread: string, person: string, writing: boolean): Promise<void> {
  await of(ctx)
    .insertInto('presence')
    .values({ thread, person, writing, at: ctx.now })
    .onConflict(conflict => conflict.columns(['org', 'thread', 'person'] as never).doUpdateSet({ writing, at: ctx.now }))
    .execute()
}

export const leave = (ctx: Ctx, thread: string, person: string): Promise<unknown> =>
  of(ctx).deleteFrom('presence').where('thread', '=', thread).where('person', '=', person).execute()

export const clearPresence = (ctx: Ctx, before: Date): Promise<unknown> => of(ctx).deleteFrom('presence').where('at', '<', before).execute()
