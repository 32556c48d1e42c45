import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'

const of = tables<{ thread_card: { id: string; subject: string; channel: string | null; account: string | null } }>()

export const thread = (ctx: Ctx, id: string): Promise<{ subject: string; channel: string | null; account: string | null } | undefined> =>
  of(ctx).selectFrom('thread_card').select(['subject', 'channel', 'account']).where('id', '=', id).executeTakeFirst()
