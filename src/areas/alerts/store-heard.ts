/** What alerts read of what monitors heard: counts by the hour, loud voices, words of texts. Every look is bounded. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { among } from '#kernel/db.ts'

export interface MonitorCard {
  id: string
  name: string
  query: string
  madeAt: Date
  pausedAt: Date | null
  archivedAt: Date | null
}

/** Those that are there, by name. */
export async function monitors(ctx: Ctx): Promise<MonitorCard[]> {
  const { rows } = await sql<MonitorCard>`
    select id, name, query, made_at as "madeAt", paused_at as "pausedAt", archived_at as "archivedAt" from monitor_card
    where archived_at is null order by lower(name), id limit 2000`.execute(ctx.db)
  return rows
}

export async function monitorsBy(ctx: Ctx, ids: readonly string[]): Promise<Map<string, MonitorCard>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<MonitorCard>`
    select id, name, query, made_at as "madeAt", paused_at as "pausedAt", archived_at as "archivedAt" from monitor_card
    where id = ${among(ids)}`.execute(ctx.db)
  return new Map(rows.map(each => [each.id, each]))
}

export interface HourRow {
  monitor: string
  hour: Date
  n: number
  bad: number
  known: number
  bots: number
  staff: number
}

/** What was heard in each hour from one moment up to another. */
export async function hoursOf(ctx: Ctx, ids: readonly string[], from: Date, until: Date): Promise<HourRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<HourRow>`
    select monitor, hour, sum(n)::bigint as n, coalesce(sum(n) filter (where mood = 'negative'), 0)::bigint as bad,
      coalesce(sum(n) filter (where mood <> ''), 0)::bigint as known, sum(bots)::bigint as bots, sum(staff)::bigint as staff
    from mention_tally_card where monitor = ${among(ids)} and hour >= ${from} and hour < ${until}
    group by monitor, hour order by monitor, hour`.execute(ctx.db)
  return rows
}

/** The first hour in which a monitor heard anything. */
export async function firstHour(ctx: Ctx, monitor: string): Promise<Date | null> {
  const { rows } = await sql<{ hour: Date }>`
    select hour from mention_tally_card where monitor = ${monitor} order by hour limit 1`.execute(ctx.db)
  return rows[0]?.hour ?? null
}

/** How much was heard from one moment up to another, by source and by mood. */
export async function partsOf(
  ctx: Ctx,
  monitor: string,
  from: Date,
  until: Date,
): Promise<{ source: string; mood: string; language: string; n: number }[]> {
  const { rows } = await sql<{ source: string; mood: string; language: string; n: number }>`
    select source, mood, language, sum(n)::bigint as n from mention_tally_card
    where monitor = ${monitor} and hour >= ${from} and hour < ${until} group by 1, 2, 3 order by n desc limit 1000`.execute(ctx.db)
  return rows
}

/** Which of these monitors heard a loud voice since then that speaks of today; each kind of voice by what its watch calls loud. */
export async function heardVoices(ctx: Ctx, ids: readonly string[], since: Date, notBefore: Date): Promise<string[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ monitor: string }>`
    select distinct w.monitor
    from (
      select id, at, followers, person from mention_card
      where heard_at > ${since} and at > ${notBefore} and not staff and (followers is not null or person is not null)
      order by heard_at desc, id limit 20000
    ) m
    join mention_fit_card f on f.mention = m.id and f.at = m.at and f.aside_at is null
    join alert_watch w on w.monitor = f.monitor and w.monitor = ${among(ids)}
    where m.followers >= w.followers
      or exists (select from trait_of t where t.person = m.person and t.kind = 'tier' and t.value = 'vip' and t.until is null)`.execute(
    ctx.db,
  )
  return rows.map(each => each.monitor)
}

export interface Voice {
  mention: string
  author: string
  at: Date
  followers: number | null
  isVip: boolean
}

/** The loud voices that a monitor heard from one moment on, the first first. */
export async function voicesOf(ctx: Ctx, monitor: string, from: Date, followers: number): Promise<Voice[]> {
  const { rows } = await sql<Voice>`
    select mention, author, at, followers, "isVip" from (
      select m.id as mention, coalesce(m.author, m.id::text) as author, m.at, m.followers,
        exists (select from trait_of t where t.person = m.person and t.kind = 'tier' and t.value = 'vip' and t.until is null) as "isVip"
      from (select mention, at from mention_fit_card where monitor = ${monitor} and at >= ${from} and aside_at is null order by at desc limit 20000) f
      join mention_card m on m.id = f.mention where not m.staff and (m.followers >= ${followers} or m.person is not null)
    ) heard where "isVip" or followers >= ${followers} order by at limit 500`.execute(ctx.db)
  return rows
}

export interface Text {
  text: string
  author: string
}

/** Texts that a monitor heard, the newest first; what programs and our own staff wrote is left out. */
export async function textsOf(ctx: Ctx, monitor: string, from: Date, until: Date, most: number): Promise<Text[]> {
  const { rows } = await sql<Text>`
    select left(m.text, 600) as text, coalesce(m.author, m.id::text) as author
    from (select mention, at from mention_fit_card where monitor = ${monitor} and at >= ${from} and at < ${until} and aside_at is null
      order by at desc limit ${most}) f
    join mention_card m on m.id = f.mention where not m.staff and coalesce(m.bot < 0.5, true) order by f.at desc`.execute(ctx.db)
  return rows
}

/** As many texts of each day before, so that two weeks speak and not only their last hours. */
export async function textsBefore(ctx: Ctx, monitor: string, until: Date, days: number, each: number): Promise<Text[]> {
  const { rows } = await sql<Text>`
    select left(m.text, 600) as text, coalesce(m.author, m.id::text) as author
    from generate_series(1, ${days}::int) as back(day)
    cross join lateral (
      select mention from mention_fit_card where monitor = ${monitor} and aside_at is null
        and at >= ${until}::timestamptz - back.day * interval '1 day' and at < ${until}::timestamptz - (back.day - 1) * interval '1 day'
      order by at desc limit ${each}
    ) f
    join mention_card m on m.id = f.mention where not m.staff and coalesce(m.bot < 0.5, true)`.execute(ctx.db)
  return rows
}

export interface Post {
  id: string
  at: Date
  text: string
  author: string
  followers: number | null
  mood: string | null
  source: string
  url: string | null
}

/** What those with the most followers said in that time, of the newest two thousand. */
export async function topPosts(ctx: Ctx, monitor: string, from: Date, until: Date, most: number): Promise<Post[]> {
  const { rows } = await sql<Post>`
    select id, at, left(text, 400) as text, coalesce(author_name, author, '–') as author, followers, mood, source, url
    from (
      select m.*, row_number() over (partition by coalesce(m.alike, m.id) order by m.followers desc nulls last, m.at) as turn
      from (select mention from mention_fit_card where monitor = ${monitor} and at >= ${from} and at < ${until} and aside_at is null
        order by at desc limit 2000) f
      join mention_card m on m.id = f.mention where not m.staff
    ) m where turn = 1 order by followers desc nulls last, at limit ${most}`.execute(ctx.db)
  return rows
}

/** The first that was heard from one moment on. */
export async function firstPost(ctx: Ctx, monitor: string, from: Date): Promise<Date | null> {
  const { rows } = await sql<{ at: Date }>`
    select at from mention_fit_card where monitor = ${monitor} and at >= ${from} and aside_at is null order by at limit 1`.execute(ctx.db)
  return rows[0]?.at ?? null
}

/** These posts, the first first. */
export async function postsBy(ctx: Ctx, ids: readonly string[]): Promise<Post[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Post>`
    select id, at, left(text, 400) as text, coalesce(author_name, author, '–') as author, followers, mood, source, url
    from mention_card where id = ${among(ids)} order by id`.execute(ctx.db)
  return rows
}
