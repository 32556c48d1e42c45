/** What was heard, as it comes in: a fixed number of statements, whatever the number of posts. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { among } from '#kernel/db.ts'
import { firstIdAt } from '#kernel/ids.ts'
import type { MentionRow, MonitorRow } from './store.ts'

/** Those that listen now: all, or these only. */
export async function listening(ctx: Ctx, ids?: string[]): Promise<MonitorRow[]> {
  const { rows } = await sql<MonitorRow>`
    select * from monitor where paused_at is null and archived_at is null ${ids ? sql`and id = ${among(ids)}` : sql``}`.execute(ctx.db)
  return rows
}

export interface Fit {
  monitor: string
  once: string
}

const columns = sql`
  id uuid, once text, at timestamptz, heard_at timestamptz, source text, account uuid, remote_id text, content uuid, thread uuid, person uuid, author text,
  author_name text, followers bigint, url text, kind text, text text, language text, country text, place text, mood text, mood_sure real, mood_said text,
  mood_by uuid, mood_at timestamptz, bot real, spam real, alike uuid, staff boolean`
const names = sql`
  id, once, at, heard_at, source, account, remote_id, content, thread, person, author, author_name, followers, url, kind, text, language, country, place, mood,
  mood_sure, mood_said, mood_by, mood_at, bot, spam, alike, staff`
const kept = (ids: string[]) => sql`
  m.id, m.once, m.at, m.heard_at, m.source, m.account, m.remote_id, m.content, m.thread, m.person, m.author, m.author_name, m.followers, m.url, m.kind, m.text,
  m.language, m.country, m.place, m.mood, m.mood_sure, m.mood_said, m.mood_by, m.mood_at, m.bot, m.spam,
  case when m.alike = any(${ids}::uuid[]) or exists (select from monitor_mention a where a.id = m.alike) then m.alike end, m.staff`

/** Keeps each once; returns how many were new. What is told to be like something that is not there is the first itself. */
export async function keepHeard(ctx: Ctx, rows: MentionRow[]): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into monitor_mention (${names}) select ${kept(rows.map(each => each.id))} from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as m(${columns}) order by once
    on conflict (org, once) do nothing`.execute(ctx.db)
  return Number(numAffectedRows ?? 0n)
}

/** Which monitors they fit; what was known stays as it is. Returns how many were new. */
export async function keepFits(ctx: Ctx, fits: Fit[]): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into mention_fit (monitor, at, mention, mood)
    select f.monitor, m.at, m.id, coalesce(m.mood, '')
    from jsonb_to_recordset(${JSON.stringify(fits)}::jsonb) as f(monitor uuid, once text)
    cross join lateral (select id, at, mood from monitor_mention where once = f.once limit 1) m
    order by 1, 2, 3 on conflict do nothing`.execute(ctx.db)
  return Number(numAffectedRows ?? 0n)
}

/** They say something else now. A mood that somebody corrected stays. */
export async function changeHeard(
  ctx: Ctx,
  rows: Pick<MentionRow, 'once' | 'text' | 'language' | 'mood' | 'mood_sure'>[],
): Promise<unknown> {
  return sql`
    update monitor_mention m set text = c.text, language = c.language, mood_said = c.mood, mood_sure = c.mood_sure,
      mood = case when m.mood_by is null then c.mood else m.mood end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c(once text, text text, language text, mood text, mood_sure real)
    where m.once = c.once`.execute(ctx.db)
}

/** Of these mentions all fits go that are not among those told; mentions that fit nothing any more go with them. */
export async function onlyFits(ctx: Ctx, onces: string[], fits: Fit[]): Promise<void> {
  await sql`
    delete from mention_fit f using monitor_mention m where m.id = f.mention and m.once = any(${onces}) and not exists (
      select from jsonb_to_recordset(${JSON.stringify(fits)}::jsonb) as k(monitor uuid, once text) where k.once = m.once and k.monitor = f.monitor)`.execute(
    ctx.db,
  )
  await sql`
    delete from monitor_mention m where once = any(${onces}) and not exists (select from mention_fit f where f.mention = m.id)`.execute(
    ctx.db,
  )
}

/** Of these those that are kept. */
export async function known(ctx: Ctx, onces: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ once: string }>`select once from monitor_mention where once = any(${onces})`.execute(ctx.db)
  return new Set(rows.map(each => each.once))
}

export const forgetHeard = (ctx: Ctx, onces: string[]): Promise<unknown> =>
  sql`delete from monitor_mention where once = any(${onces})`.execute(ctx.db)

export const forgetAccount = (ctx: Ctx, account: string): Promise<unknown> =>
  sql`delete from monitor_mention where account = ${account} and content is not null`.execute(ctx.db)

export interface ThreadRow {
  id: string
  account: string | null
}

export async function threadsOf(ctx: Ctx, ids: string[]): Promise<ThreadRow[]> {
  const { rows } = await sql<ThreadRow>`select id, account from thread_card where id = ${among(ids)}`.execute(ctx.db)
  return rows
}

/** The firsts of the last while, oldest first; of many the newest. */
export async function lately(ctx: Ctx, since: Date, limit: number): Promise<{ id: string; at: Date; text: string }[]> {
  const { rows } = await sql<{ id: string; at: Date; text: string }>`
    select id, at, text from monitor_mention where id >= ${firstIdAt(since)} and alike is null order by id desc limit ${limit}`.execute(
    ctx.db,
  )
  return rows.reverse()
}
