import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Audience, Reason, Thread, Touch } from './words.ts'

interface ThreadTable {
  id: string
  subject: string
  kind: string
  audience: Audience
  space: string | null
  person: string | null
  started_at: Date
  last_at: Date
  messages: number
  snippet: string
  channel: string | null
  account: string | null
  merged_into: string | null
}

interface MemberTable {
  thread: string
  person: string
  because: Reason
  since: Date
  read_to: string | null
  muted_at: Date | null
}

const of = tables<{
  thread: ThreadTable
  thread_member: MemberTable
  content_card: { id: string; thread: string; noun: string; side: string; author: string | null; audience: Audience }
}>()

export type ThreadRow = Omit<ThreadTable, 'last_at' | 'messages' | 'snippet' | 'merged_into'>

export async function openAll(ctx: Ctx, rows: ThreadRow[]): Promise<void> {
  await sql`
    insert into thread (id, subject, kind, audience, space, person, started_at, last_at, channel, account)
    select id, subject, kind, audience, space, person, started_at, started_at, channel, account
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, subject text, kind text, audience text, space uuid, person uuid,
      started_at timestamptz, channel text, account uuid)`.execute(ctx.db)
}

/** The rows are locked in the order of their ids, so that two that touch the same threads never wait for each other in a ring. */
export async function touchAll(ctx: Ctx, touches: Touch[]): Promise<void> {
  await sql`
    with news as (
      select * from jsonb_to_recordset(${JSON.stringify(touches)}::jsonb) as r(thread uuid, at timestamptz, snippet text, count integer, person uuid)),
    held as (select t.id from thread t join news on news.thread = t.id order by t.id for update of t)
    update thread t set messages = t.messages + news.count, person = coalesce(t.person, news.person),
      snippet = case when news.at >= t.last_at then news.snippet else t.snippet end, last_at = greatest(t.last_at, news.at)
    from news, held where t.id = news.thread and held.id = t.id`.execute(ctx.db)
}

export async function recount(ctx: Ctx, threads: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    update thread t set messages = left_over.count, last_at = left_over.last, snippet = left_over.snippet
    from (select c.thread, count(*) as count, max(c.at) as last, (array_agg(c.snippet order by c.at desc))[1] as snippet
      from content_card c where c.thread = any(${threads}::uuid[]) group by c.thread) left_over
    where t.id = left_over.thread returning t.id`.execute(ctx.db)
  const there = new Set(rows.map(row => row.id))
  const gone = threads.filter(each => !there.has(each))
  if (gone.length) await of(ctx).deleteFrom('thread_member').where('thread', 'in', gone).execute()
  if (gone.length) await of(ctx).deleteFrom('thread').where('id', 'in', gone).execute()
  return there
}

/** As wide as it can be. */
export const openUp = (ctx: Ctx, thread: string): Promise<unknown> =>
  of(ctx).updateTable('thread').set({ audience: 'public' }).where('id', '=', thread).execute()

/** Of these people those who have said something, or with whom something was talked. */
export async function talkedWith(ctx: Ctx, people: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select w.id from unnest(${people}::uuid[]) as w(id)
    where exists (select from content_card c where c.author = w.id) or exists (select from thread t where t.person = w.id)
      or exists (select from member_of m where m.person = w.id)`.execute(ctx.db)
  return new Set(rows.map(row => row.id))
}

const shaped = (row: ThreadTable): Thread => ({
  id: row.id,
  subject: row.subject,
  kind: row.kind,
  audience: row.audience,
  space: row.space,
  person: row.person,
  startedAt: row.started_at,
  lastAt: row.last_at,
  messages: row.messages,
  snippet: row.snippet,
  channel: row.channel,
  account: row.account,
})

/** The threads with these ids; one that was merged is answered by the one that stands for it, under the id that was asked for. */
export async function byIds(ctx: Ctx, ids: string[]): Promise<Map<string, Thread>> {
  const rows = await of(ctx).selectFrom('thread').selectAll().where('id', 'in', ids).execute()
  const merged = rows.flatMap(row => row.merged_into ?? [])
  const stands = merged.length ? await of(ctx).selectFrom('thread').selectAll().where('id', 'in', merged).execute() : []
  return new Map(rows.map(row => [row.id, shaped(stands.find(each => each.id === row.merged_into) ?? row)]))
}

/** The newest answer that left the house, or was about to. */
export const latestAnswer = (ctx: Ctx, thread: string): Promise<{ id: string; author: string | null } | undefined> =>
  of(ctx)
    .selectFrom('content_card')
    .select(['id', 'author'])
    .where('thread', '=', thread)
    .where('noun', '=', 'Message')
    .where('side', '=', 'inside')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()

/** The first that is newer than what was read and not one's own. */
export async function firstAfter(ctx: Ctx, thread: string, readTo: string, self: string): Promise<string | null> {
  const row = await of(ctx)
    .selectFrom('content_card')
    .select('id')
    .where('thread', '=', thread)
    .where('id', '>', readTo)
    .where(either => either.or([either('author', 'is', null), either('author', '<>', self)]))
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

/** Of these threads those in which somebody else said something that none of these records of a person has read. */
export async function unread(ctx: Ctx, threads: string[], self: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select w.id from unnest(${threads}::uuid[]) as w(id) left join lateral (
      select m.read_to as upto from thread_member m where m.thread = w.id and m.person = any(${self}::uuid[]) order by m.read_to desc nulls last limit 1) mine on true
    where exists (select from content_card c where c.thread = w.id and (mine.upto is null or c.id > mine.upto)
      and (c.author is null or c.author <> all(${self}::uuid[])))`.execute(ctx.db)
  return rows.map(row => row.id)
}

/** Colleagues whose names begin with one of these, as names are looked for. */
export async function colleaguesCalled(ctx: Ctx, beginnings: string[]): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    select distinct p.id, c.name from unnest(${beginnings}::text[]) b (beginning)
    join person_detail p on p.key >= b.beginning collate "C" and p.key < (b.beginning || ${'\u{10ffff}'}) collate "C"
    join stands_on s on s.person = p.id and s.side = 'colleague' and s.until is null
    join person_card c on c.id = p.id limit 500`.execute(ctx.db)
  return rows
}

// —— who takes part ——

export interface Member {
  thread: string
  person: string
  because: Reason
  readTo: string | null
  mutedAt: Date | null
}

export const members = (ctx: Ctx, threads: string[]): Promise<Member[]> =>
  of(ctx)
    .selectFrom('thread_member')
    .select(['thread', 'person', 'because', 'read_to as readTo', 'muted_at as mutedAt'])
    .where('thread', 'in', threads)
    .orderBy('since')
    .execute()

export const memberships = (ctx: Ctx, persons: string[], threads: string[]): Promise<Member[]> =>
  of(ctx)
    .selectFrom('thread_member')
    .select(['thread', 'person', 'because', 'read_to as readTo', 'muted_at as mutedAt'])
    .where('person', 'in', persons)
    .where('thread', 'in', threads)
    .execute()

export interface Join {
  thread: string
  person: string
  because: Reason
  readTo?: string | null
}

/** Lets people take part, or gives those who do a stronger reason; what was read only moves on. */
export async function joinAll(ctx: Ctx, joins: Join[]): Promise<void> {
  const rows = joins.map(each => ({ ...each, readTo: each.readTo ?? null }))
  await sql`
    insert into thread_member (thread, person, because, since, read_to)
    select thread, person, (array_agg(because order by array_position(array['read', 'watch', 'mention', 'wrote', 'assigned'], because) desc))[1], ${ctx.now},
      (array_agg("readTo" order by "readTo" desc nulls last))[1]
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(thread uuid, person uuid, because text, "readTo" uuid) group by thread, person order by thread, person
    on conflict (org, thread, person) do update set read_to = greatest(thread_member.read_to, excluded.read_to),
      because = case when array_position(array['read', 'watch', 'mention', 'wrote', 'assigned'], excluded.because)
        > array_position(array['read', 'watch', 'mention', 'wrote', 'assigned'], thread_member.because) then excluded.because else thread_member.because end`.execute(
    ctx.db,
  )
}

export async function stand(ctx: Ctx, thread: string, person: string, to: { because: Reason; muted: boolean }): Promise<void> {
  const muted_at = to.muted ? ctx.now : null
  await of(ctx)
    .insertInto('thread_member')
    .values({ thread, person, because: to.because, since: ctx.now, read_to: null, muted_at })
    .onConflict(conflict => conflict.columns(['org', 'thread', 'person'] as never).doUpdateSet({ because: to.because, muted_at }))
    .execute()
}

export const setAudience = (ctx: Ctx, thread: string, audience: Audience): Promise<unknown> =>
  of(ctx).updateTable('thread').set({ audience }).where('id', '=', thread).execute()

/** Another one stands for it from now on; what led to it leads there. */
export async function mergeInto(ctx: Ctx, thread: string, into: string): Promise<void> {
  await of(ctx)
    .updateTable('thread')
    .set({ merged_into: into, messages: 0 })
    .where(either => either.or([either('id', '=', thread), either('merged_into', '=', thread)]))
    .execute()
}

export const standAlone = (ctx: Ctx, thread: string): Promise<unknown> =>
  of(ctx).updateTable('thread').set({ merged_into: null }).where('id', '=', thread).execute()

/** Whoever takes part in one takes part in the other as well; returns those who did not. */
export async function takePartAlso(ctx: Ctx, from: string, to: string): Promise<string[]> {
  const { rows } = await sql<{ person: string }>`
    insert into thread_member (thread, person, because, since, read_to, muted_at)
    select ${to}::uuid, person, because, since, read_to, muted_at from thread_member where thread = ${from}
    on conflict (org, thread, person) do nothing returning person`.execute(ctx.db)
  return rows.map(row => row.person)
}

export const leaveAll = (ctx: Ctx, thread: string, people: string[]): Promise<unknown> =>
  of(ctx).deleteFrom('thread_member').where('thread', '=', thread).where('person', 'in', people).execute()
