/** What is kept of alerts, and of who was told of them. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { among, tables } from '#kernel/db.ts'
import type * as words from './words.ts'

interface AlertTable {
  id: string
  monitor: string
  kind: words.Kind
  level: 1 | 2 | 3
  began_at: Date
  last_at: Date
  raised_at: Date
  over_at: Date | null
  peak: number
  peak_at: Date
  usual: number
  mentions: number
  about: words.Alert['about']
  seen_at: Date | null
  seen_by: string | null
  dismissed_at: Date | null
  dismissed_by: string | null
  useful: boolean | null
  judged_by: string | null
  judged_at: Date | null
  room: string | null
}

const of = tables<{ alert: AlertTable; alert_told: { alert: string; person: string; level: words.Level; at: Date } }>()

const shown = (row: AlertTable): words.Alert => ({
  ...{ id: row.id, monitor: row.monitor, kind: row.kind, level: row.level, beganAt: row.began_at, lastAt: row.last_at },
  ...{ raisedAt: row.raised_at, overAt: row.over_at, peak: row.peak, peakAt: row.peak_at, usual: row.usual, mentions: row.mentions },
  ...{ about: row.about, seenAt: row.seen_at, dismissedAt: row.dismissed_at, useful: row.useful, room: row.room },
})

// —— looking ——

export interface Filter {
  view: words.View
  monitors?: readonly string[] | undefined
  kind?: words.Kind | undefined
  before?: string | undefined
  limit: number
}

/** The newest first. */
export async function list(ctx: Ctx, { view, monitors, kind, before, limit }: Filter): Promise<words.Alert[]> {
  if (monitors?.length === 0) return []
  let query = of(ctx).selectFrom('alert').selectAll()
  if (view === 'dismissed') query = query.where('dismissed_at', 'is not', null)
  else query = query.where('dismissed_at', 'is', null).where('over_at', view === 'open' ? 'is' : 'is not', null)
  if (monitors) query = query.where('monitor', '=', among(monitors))
  if (kind) query = query.where('kind', '=', kind)
  if (before) query = query.where('id', '<', before)
  return (await query.orderBy('id', 'desc').limit(limit).execute()).map(shown)
}

export async function one(ctx: Ctx, id: string, { hold = false } = {}): Promise<words.Alert | undefined> {
  const query = of(ctx).selectFrom('alert').selectAll().where('id', '=', id)
  const row = await (hold ? query.forUpdate() : query).executeTakeFirst()
  return row && shown(row)
}

/** How many stand open, up to a hundred. */
export async function openCount(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from (select from alert where over_at is null and dismissed_at is null limit 100) as standing`.execute(ctx.db)
  return rows[0]!.n
}

export const latestOf = async (ctx: Ctx, monitor: string, limit: number): Promise<words.Alert[]> =>
  (await of(ctx).selectFrom('alert').selectAll().where('monitor', '=', monitor).orderBy('id', 'desc').limit(limit).execute()).map(shown)

export const ofRoom = async (ctx: Ctx, room: string): Promise<words.Alert[]> =>
  (await of(ctx).selectFrom('alert').selectAll().where('room', '=', room).orderBy('id').limit(100).execute()).map(shown)

// —— for the check ——

export const openOf = async (ctx: Ctx, monitors: readonly string[]): Promise<words.Alert[]> =>
  monitors.length
    ? (
        await of(ctx)
          .selectFrom('alert')
          .selectAll()
          .where('over_at', 'is', null)
          .where('monitor', '=', among(monitors))
          .forUpdate()
          .execute()
      ).map(shown)
    : []

/** When the last one of each kind was over. */
export async function lastOver(
  ctx: Ctx,
  monitors: readonly string[],
  since: Date,
): Promise<{ monitor: string; kind: words.Kind; at: Date }[]> {
  if (monitors.length === 0) return []
  const { rows } = await sql<{ monitor: string; kind: words.Kind; at: Date }>`
    select monitor, kind, max(over_at) as at from alert where monitor = ${among(monitors)} and over_at > ${since} group by 1, 2`.execute(
    ctx.db,
  )
  return rows
}

type Kept = Pick<AlertTable, 'level' | 'began_at' | 'last_at' | 'over_at' | 'peak' | 'peak_at' | 'usual' | 'mentions' | 'about' | 'room'>

const about = (it: words.Alert['about']) => sql<words.Alert['about']>`${JSON.stringify(it)}::jsonb`

/** False where one of this kind is open already. */
export async function raise(ctx: Ctx, it: Kept & Pick<AlertTable, 'id' | 'monitor' | 'kind'>, at = ctx.now): Promise<boolean> {
  const blank = { seen_at: null, seen_by: null, dismissed_at: null, dismissed_by: null, useful: null, judged_by: null, judged_at: null }
  const done = await of(ctx)
    .insertInto('alert')
    .values({ ...blank, ...it, about: about(it.about), raised_at: at })
    .onConflict(same => same.doNothing())
    .executeTakeFirst()
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n
}

export const change = (ctx: Ctx, id: string, { about: what, ...set }: Partial<AlertTable>): Promise<unknown> =>
  of(ctx)
    .updateTable('alert')
    .set({ ...set, ...(what && { about: about(what) }) })
    .where('id', '=', id)
    .execute()

/** What nobody looks at any more, because its watch or its monitor rests, is over a week after it was loud last. */
export const endStale = (ctx: Ctx): Promise<unknown> =>
  sql`update alert set over_at = ${ctx.now} where over_at is null and last_at < ${new Date(ctx.now.getTime() - 8 * 86_400_000)}`.execute(
    ctx.db,
  )

// —— who was told ——

/** Those that somebody may still have to be told of: open, or over since yesterday. */
export const alive = async (ctx: Ctx, since: Date): Promise<words.Alert[]> => {
  const open = of(ctx).selectFrom('alert').selectAll().where('over_at', 'is', null).where('dismissed_at', 'is', null)
  const over = of(ctx).selectFrom('alert').selectAll().where('over_at', '>', since).where('dismissed_at', 'is', null)
  return [...(await open.orderBy('id', 'desc').limit(1000).execute()), ...(await over.orderBy('over_at', 'desc').limit(500).execute())].map(
    shown,
  )
}

export async function toldOf(ctx: Ctx, alerts: readonly string[]): Promise<{ alert: string; person: string; level: words.Level }[]> {
  if (alerts.length === 0) return []
  return of(ctx).selectFrom('alert_told').select(['alert', 'person', 'level']).where('alert', '=', among(alerts)).execute()
}

export const tellAll = (ctx: Ctx, rows: { alert: string; person: string; level: words.Level }[]): Promise<unknown> =>
  of(ctx)
    .insertInto('alert_told')
    .values(rows.map(row => ({ ...row, at: ctx.now })))
    .onConflict(same =>
      same.columns(['org', 'alert', 'person'] as never).doUpdateSet(up => ({ level: up.ref('excluded.level'), at: up.ref('excluded.at') })),
    )
    .execute()
