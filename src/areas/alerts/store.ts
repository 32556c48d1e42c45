/** What is kept of who watches what, and of what is usual there. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { among, tables } from '#kernel/db.ts'
import type * as words from './words.ts'

interface WatchTable {
  monitor: string
  kinds: words.Kind[]
  sensitivity: words.Sensitivity
  followers: number
  team: string | null
  made_at: Date
  paused_at: Date | null
  heard_to: Date
  hour_done: Date | null
  learned_at: Date | null
}

interface BaseTable {
  monitor: string
  weeks: number
  means: number[] | null
  overs: number[] | null
  mood_share: number | null
  mood_over: number | null
  mood_known: number | null
}

interface QuietTable {
  person: string
  from_minute: number
  until_minute: number
  weekends: boolean
  gravest: boolean
}

const of = tables<{
  alert_watch: WatchTable
  alert_base: BaseTable
  alert_watcher: { monitor: string; person: string }
  alert_quiet: QuietTable
}>()

// —— watches ——

const shown = ({ monitor, kinds, sensitivity, followers, team, paused_at }: WatchTable): words.Watch => ({
  ...{ monitor, kinds, sensitivity, followers, team, pausedAt: paused_at },
})

export const watches = async (ctx: Ctx): Promise<words.Watch[]> =>
  (await of(ctx).selectFrom('alert_watch').selectAll().orderBy('monitor').limit(2000).execute()).map(shown)

export async function watchOf(ctx: Ctx, monitor: string): Promise<words.Watch | undefined> {
  const row = await of(ctx).selectFrom('alert_watch').selectAll().where('monitor', '=', monitor).executeTakeFirst()
  return row && shown(row)
}

export const keepWatch = (ctx: Ctx, { pausedAt: _paused, ...it }: words.Watch): Promise<unknown> =>
  of(ctx)
    .insertInto('alert_watch')
    .values({ ...it, made_at: ctx.now, paused_at: null, heard_to: ctx.now, hour_done: null, learned_at: null })
    .onConflict(same => same.columns(['org', 'monitor'] as never).doUpdateSet({ ...it, paused_at: null }))
    .execute()

export const pause = (ctx: Ctx, monitor: string, at: Date | null): Promise<unknown> =>
  of(ctx)
    .updateTable('alert_watch')
    .set({ paused_at: at, ...(at === null && { heard_to: ctx.now }) })
    .where('monitor', '=', monitor)
    .execute()

export interface Working extends WatchTable {
  name: string
}

/** Watches of monitors that listen, held until what was found is kept: two rounds at once would raise the same twice. */
export async function working(ctx: Ctx): Promise<Working[]> {
  const { rows } = await sql<Working>`
    select w.*, m.name from alert_watch w join monitor_card m on m.id = w.monitor
    where w.paused_at is null and m.paused_at is null and m.archived_at is null order by w.monitor for update of w skip locked`.execute(
    ctx.db,
  )
  return rows
}

export const looked = (ctx: Ctx, monitors: readonly string[], set: { heard_to?: Date; hour_done?: Date }): Promise<unknown> =>
  monitors.length ? of(ctx).updateTable('alert_watch').set(set).where('monitor', '=', among(monitors)).execute() : Promise.resolve()

// —— what is usual ——

const learned = ({ weeks, means, overs, mood_share, mood_over, mood_known }: BaseTable): words.Learned => ({
  weeks,
  places: means && overs && means.map((mean, at) => ({ mean, over: overs[at]! })),
  mood: mood_share === null ? null : { share: mood_share, over: mood_over!, known: mood_known! },
})

export async function basesOf(ctx: Ctx, monitors: readonly string[]): Promise<Map<string, words.Learned>> {
  if (monitors.length === 0) return new Map()
  const rows = await of(ctx).selectFrom('alert_base').selectAll().where('monitor', '=', among(monitors)).execute()
  return new Map(rows.map(row => [row.monitor, learned(row)]))
}

export async function keepBase(ctx: Ctx, monitor: string, { weeks, places, mood }: words.Learned): Promise<void> {
  const known = {
    ...{ weeks, means: places?.map(each => each.mean) ?? null, overs: places?.map(each => each.over) ?? null },
    ...{ mood_share: mood?.share ?? null, mood_over: mood?.over ?? null, mood_known: mood?.known ?? null },
  }
  await of(ctx)
    .insertInto('alert_base')
    .values({ monitor, ...known })
    .onConflict(same => same.columns(['org', 'monitor'] as never).doUpdateSet(known))
    .execute()
  await of(ctx).updateTable('alert_watch').set({ learned_at: ctx.now }).where('monitor', '=', monitor).execute()
}

// —— who is told ——

export async function watchersOf(ctx: Ctx, monitors: readonly string[]): Promise<{ monitor: string; person: string }[]> {
  if (monitors.length === 0) return []
  const { rows } = await sql<{ monitor: string; person: string }>`
    select monitor, person from alert_watcher where monitor = ${among(monitors)}
    union select w.monitor, p.person from alert_watch w join team_part p on p.team = w.team where w.monitor = ${among(monitors)}`.execute(
    ctx.db,
  )
  return rows
}

export const watchedBy = async (ctx: Ctx, person: string): Promise<string[]> =>
  (await of(ctx).selectFrom('alert_watcher').select('monitor').where('person', '=', person).limit(2000).execute()).map(each => each.monitor)

export const ownWatchers = async (ctx: Ctx, monitor: string): Promise<string[]> =>
  (await of(ctx).selectFrom('alert_watcher').select('person').where('monitor', '=', monitor).limit(500).execute()).map(each => each.person)

export const addWatcher = (ctx: Ctx, monitor: string, person: string): Promise<unknown> =>
  of(ctx)
    .insertInto('alert_watcher')
    .values({ monitor, person })
    .onConflict(same => same.doNothing())
    .execute()

export const dropWatcher = (ctx: Ctx, monitor: string, person: string): Promise<unknown> =>
  of(ctx).deleteFrom('alert_watcher').where('monitor', '=', monitor).where('person', '=', person).execute()

/** Whose hours are the organisation's. */
export const house = '00000000-0000-0000-0000-000000000000'

export async function quietsOf(ctx: Ctx, people: readonly string[]): Promise<Map<string, words.Quiet>> {
  const rows = await of(ctx)
    .selectFrom('alert_quiet')
    .selectAll()
    .where('person', '=', among([house, ...people]))
    .execute()
  return new Map(
    rows.map(({ person, from_minute, until_minute, weekends, gravest }) => [
      person,
      { from: from_minute, until: until_minute, weekends, gravest },
    ]),
  )
}

export async function keepQuiet(ctx: Ctx, person: string, quiet: words.Quiet | null): Promise<void> {
  await of(ctx).deleteFrom('alert_quiet').where('person', '=', person).execute()
  if (!quiet) return
  const { from, until, ...rest } = quiet
  await of(ctx)
    .insertInto('alert_quiet')
    .values({ person, from_minute: from, until_minute: until, ...rest })
    .execute()
}
