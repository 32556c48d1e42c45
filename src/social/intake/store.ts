import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'

/** One intake of a channel at a time, so that what arrives together finds the same threads as what arrives one after the other. */
export const oneAtATime = (ctx: Ctx, channel: string): Promise<unknown> =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`intake ${ctx.org} ${channel}`}, 0))`.execute(ctx.db)
