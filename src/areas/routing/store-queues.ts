/** What waits for a team, and whose turn it was last. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Deeds } from './words.ts'

const of = tables<{ routing_queue: { thread: string } }>()

export async function turns(ctx: Ctx, teams: string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ key: string; at: Date }>`
    select team || ' ' || person as key, at from routing_turn where team = any(${teams}::uuid[])`.execute(ctx.db)
  return new Map(rows.map(row => [row.key, row.at.getTime()]))
}

export const keepTurns = (ctx: Ctx, turns_: { team: string; person: string; at: Date }[]): Promise<unknown> | undefined =>
  turns_.length === 0
    ? undefined
    : sql`
        insert into routing_turn (team, person, at)
        select team, person, max(at) from jsonb_to_recordset(${JSON.stringify(turns_)}::jsonb) as t(team uuid, person uuid, at timestamptz) group by 1, 2 order by 1, 2
        on conflict (org, team, person) do update set at = excluded.at`.execute(ctx.db)

export interface QueueRow {
  thread: string
  team: string
  wanted: NonNullable<Deeds['team']>
  rule: string
  since: Date
  because: string
}

export const queue = (ctx: Ctx, all: QueueRow[]): Promise<unknown> | undefined =>
  all.length === 0
    ? undefined
    : sql`
        insert into routing_queue (thread, team, wanted, rule, since, because)
        select thread, team, wanted, rule, since, because
        from jsonb_to_recordset(${JSON.stringify(all)}::jsonb) as q(thread uuid, team uuid, wanted jsonb, rule uuid, since timestamptz, because text)
        on conflict (org, thread) do nothing`.execute(ctx.db)

export const unqueue = (ctx: Ctx, threads: string[]): Promise<unknown> | undefined =>
  threads.length === 0 ? undefined : of(ctx).deleteFrom('routing_queue').where('thread', 'in', threads).execute()

/** Those that wait longest, of each team as many. */
export async function waiting(ctx: Ctx, ofEach: number): Promise<QueueRow[]> {
  const { rows } = await sql<QueueRow>`
    select q.* from (select distinct team from routing_queue) t cross join lateral (
      select thread, team, wanted, rule, since, because from routing_queue where team = t.team order by since, thread limit ${ofEach}) q`.execute(
    ctx.db,
  )
  return rows
}

/** For which teams these wait. */
export async function queuedFor(ctx: Ctx, threads: string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{
    thread: string
    team: string
  }>`select thread, team from routing_queue where thread = any(${threads}::uuid[])`.execute(ctx.db)
  return new Map(rows.map(row => [row.thread, row.team]))
}

export interface Waiting {
  thread: string
  team: string
  subject: string
  since: Date
  because: string
}

/** What waits for a team, the longest first; `after` is the moment and the thread of the last one seen. */
export async function queueOf(ctx: Ctx, team: string, after: string[] | undefined, limit: number): Promise<Waiting[]> {
  const further = after ? sql`and (q.since, q.thread) > (${new Date(Number(after[0]))}, ${after[1]}::uuid)` : sql``
  const { rows } = await sql<Waiting>`
    select q.thread, q.team, coalesce(nullif(t.subject, ''), t.snippet) as subject, q.since, q.because
    from routing_queue q join thread_card t on t.id = q.thread where q.team = ${team} ${further} order by q.since, q.thread limit ${limit}`.execute(
    ctx.db,
  )
  return rows
}

export async function queueLengths(ctx: Ctx): Promise<Map<string, number>> {
  const { rows } = await sql<{ team: string; n: number }>`select team, count(*)::int as n from routing_queue group by team`.execute(ctx.db)
  return new Map(rows.map(row => [row.team, row.n]))
}
