/** How far a look back through what is stored has come. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { among, tables } from '#kernel/db.ts'
import type { MentionRow } from './store.ts'
import type { LookPart } from './words.ts'

export interface LookRow {
  id: string
  monitor: string
  version: number
  part: LookPart
  place: string | null
  since: Date
  seen: number
  found: number
  lost: number
  task: string
  began_at: Date
  stepped_at: Date
  ended_at: Date | null
  ended_by: 'done' | 'cancelled' | 'replaced' | null
}

const of = tables<{ monitor_look: LookRow }>()

export const add = (ctx: Ctx, row: LookRow): Promise<unknown> => of(ctx).insertInto('monitor_look').values(row).execute()

export const change = (ctx: Ctx, id: string, set: Partial<LookRow>): Promise<unknown> =>
  of(ctx).updateTable('monitor_look').set(set).where('id', '=', id).execute()

/** Whoever steps waits for whoever is stepping. */
export const locked = (ctx: Ctx, id: string): Promise<LookRow | undefined> =>
  of(ctx).selectFrom('monitor_look').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const latest = (ctx: Ctx, monitor: string): Promise<LookRow | undefined> =>
  of(ctx).selectFrom('monitor_look').selectAll().where('monitor', '=', monitor).orderBy('id', 'desc').limit(1).executeTakeFirst()

export const open = (ctx: Ctx, monitor: string): Promise<LookRow[]> =>
  of(ctx).selectFrom('monitor_look').selectAll().where('monitor', '=', monitor).where('ended_at', 'is', null).execute()

/** Begun, not ended, and not a step for a while. */
export const standing = (ctx: Ctx, before: Date, limit: number): Promise<LookRow[]> =>
  of(ctx)
    .selectFrom('monitor_look')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('stepped_at', '<', before)
    .orderBy('stepped_at')
    .limit(limit)
    .execute()

/** Contents before this one, newest first, that people may have said to us. */
export async function contentsBefore(ctx: Ctx, before: string | null, oldest: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from content_card where noun <> 'Note' and audience in ('public', 'thread') and id >= ${oldest}
      ${before ? sql`and id < ${before}` : sql``} order by id desc limit ${limit}`.execute(ctx.db)
  return rows.map(each => each.id)
}

/** Mentions before this one, newest first. */
export async function mentionsBefore(ctx: Ctx, before: string | null, oldest: string, limit: number): Promise<MentionRow[]> {
  const { rows } = await sql<MentionRow>`
    select * from monitor_mention where id >= ${oldest} ${before ? sql`and id < ${before}` : sql``} order by id desc limit ${limit}`.execute(
    ctx.db,
  )
  return rows
}

/** Of this monitor's mentions before this one the newest. */
export async function ownBefore(ctx: Ctx, monitor: string, before: string | null, limit: number): Promise<MentionRow[]> {
  const older = before ? sql`and (f.at, f.mention) < (select m.at, m.id from monitor_mention m where m.id = ${before})` : sql``
  const { rows } = await sql<MentionRow>`
    select m.* from (
      select f.mention from mention_fit f where f.monitor = ${monitor} ${older} order by f.at desc, f.mention desc limit ${limit}
    ) f join monitor_mention m on m.id = f.mention order by m.id desc`.execute(ctx.db)
  return rows
}

/** They do not fit this monitor any more, whatever was said of them; what fits nothing now is forgotten. */
export async function unfit(ctx: Ctx, monitor: string, mentions: readonly string[]): Promise<void> {
  await sql`delete from mention_fit where monitor = ${monitor} and mention = ${among(mentions)}`.execute(ctx.db)
  await sql`
    delete from monitor_mention m where m.id = ${among(mentions)} and not exists (select from mention_fit f where f.mention = m.id)
      and not exists (select from mention_became b where b.mention = m.id)`.execute(ctx.db)
}
