/** What is kept of what the rules did: explanations, what is to be closed, whom a notice went to. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Definition, Did, Event } from './words.ts'

const of = tables<{
  routing_closing: { thread: string; rule: string; due_at: Date; stood: Date | null }
  routing_watch: {
    id: string
    person: string
    event: string
    place: 'view' | 'team' | 'unowned' | 'any'
    target: string | null
    made_at: Date
    removed_at: Date | null
  }
}>()

/** One after the other: two batches of one organisation would both give to whoever has least. */
export const oneAtATime = (ctx: Ctx): Promise<unknown> =>
  sql`select pg_advisory_xact_lock(hashtextextended('routing ' || ${ctx.org}::text, 0))`.execute(ctx.db)

// —— explanations ——

export interface Run {
  id: string
  thing: string
  thread: string | null
  at: Date
  event: Event
  cause: string
  rules: string
  looked: number[]
  did: Did[]
  chain: string[]
}

/** One letter for each rule: two hundred of them are kept a thousand times a second. */
const firstLetter = 'h'.charCodeAt(0)
const letters = (looked: number[]): string => String.fromCharCode(...looked.map(look => look + firstLetter))
const looksIn = (text: string): number[] => Array.from(text, letter => letter.charCodeAt(0) - firstLetter)

/** Many at once. */
export function keepRuns(ctx: Ctx, runs: Run[]): Promise<unknown> {
  const rows = JSON.stringify(runs.map(each => ({ ...each, looked: letters(each.looked) })))
  return sql`
    insert into routing_run (id, thing, thread, at, event, cause, rules, looked, did, chain)
    select id, thing, thread, at, event, cause, rules, looked, did, chain
    from jsonb_to_recordset(${rows}::jsonb) as r(id uuid, thing uuid, thread uuid, at timestamptz, event text, cause text, rules uuid, looked text, did jsonb, chain uuid[])
    on conflict do nothing`.execute(ctx.db)
}

export async function keepHits(ctx: Ctx, hits: { rule: string; run: string }[]): Promise<void> {
  if (hits.length === 0) return
  await sql`
    insert into routing_hit (rule, run) select rule, run from jsonb_to_recordset(${JSON.stringify(hits)}::jsonb) as h(rule uuid, run uuid)
    on conflict do nothing`.execute(ctx.db)
  await sql`
    insert into routing_day as d (rule, day, n)
    select rule, ${ctx.now}::date, count(*) from jsonb_to_recordset(${JSON.stringify(hits)}::jsonb) as h(rule uuid) group by rule order by rule
    on conflict (org, rule, day) do update set n = d.n + excluded.n`.execute(ctx.db)
}

/** Which of these were looked at before. */
export async function knownOf(ctx: Ctx, asked: { thing: string; event: string; cause: string }[]): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    select r.thing || ' ' || r.event || ' ' || r.cause as key from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as a(thing uuid, event text, cause text)
    join routing_run r on r.thing = a.thing and r.event = a.event and r.cause = a.cause`.execute(ctx.db)
  return new Set(rows.map(row => row.key))
}

/** How often each rule ran with each thing since that moment, under `<thing> <rule>`. */
export async function ranWith(ctx: Ctx, things: string[], since: Date): Promise<Map<string, number>> {
  const { rows } = await sql<{ key: string; n: number }>`
    select r.thing || ' ' || h.rule as key, count(*)::int as n from routing_run r join routing_hit h on h.run = r.id
    where r.thing = any(${things}::uuid[]) and r.at >= ${since} group by r.thing, h.rule`.execute(ctx.db)
  return new Map(rows.map(row => [row.key, row.n]))
}

/** Was this deed not done yet? The explanation is held until the end of the transaction. */
export async function isToDo(ctx: Ctx, run: string, place: number): Promise<boolean> {
  const { rows } = await sql<{
    says: string
  }>`select did->${place}::int->>'says' as says from routing_run where id = ${run} for update`.execute(ctx.db)
  return rows[0]?.says === 'soon'
}

/** What became of a deed a moment later. */
export const tellOutcome = (ctx: Ctx, run: string, place: number, says: string, what: string | null): Promise<unknown> =>
  sql`
    update routing_run set did = jsonb_set(did, array[${String(place)}::text], (did->${place}::int) || ${JSON.stringify({ says, ...(what !== null && { what }) })}::jsonb)
    where id = ${run}`.execute(ctx.db)

export interface ShownRun extends Omit<Run, 'rules' | 'thread'> {
  /** The rules that listened, as they were. */
  set: { rule: string; definition: Definition }[]
}

/** Of a thing and of what went into it the newest runs, each by the index. */
const runsIn = (thing: string, before: string | undefined, limit: number) => sql`
  (select own.* from (select ${thing}::uuid as thing union all select id from thread_merged where stands = ${thing}) its cross join lateral (
    select * from routing_run r where r.thing = its.thing ${before ? sql`and r.id < ${before}::uuid` : sql``} order by r.id desc limit ${limit}) own
    order by own.id desc limit ${limit})`

/** The thread that stands for one that went into it; itself for all others. */
export async function standingFor(ctx: Ctx, thing: string): Promise<string> {
  const { rows } = await sql<{ stands: string }>`select stands from thread_merged where id = ${thing}`.execute(ctx.db)
  return rows[0]?.stands ?? thing
}

/** What the rules made of a thing, the newest first. */
export async function runsOf(ctx: Ctx, thing: string, before: string | undefined, limit: number): Promise<ShownRun[]> {
  const { rows } = await sql<Omit<ShownRun, 'looked'> & { looked: string }>`
    select r.id, r.thing, r.at, r.event, r.cause, r.looked, r.did, r.chain, (
      select coalesce(jsonb_agg(jsonb_build_object('rule', v.rule, 'definition', v.definition) order by s.place), '[]')
      from unnest(t.versions) with ordinality as s(version, place) join routing_version v on v.id = s.version where v.definition->>'when' = r.event) as set
    from ${runsIn(thing, before, limit)} r join routing_set t on t.id = r.rules order by r.id desc`.execute(ctx.db)
  return rows.map(row => ({ ...row, looked: looksIn(row.looked) }))
}

export interface LastRun {
  at: Date
  event: Event
  did: Did[]
  /** How many rules looked. */
  looked: number
  names: Record<string, string>
  teamNames: { value: string; label: string }[]
  queue: string | null
  closesAt: Date | null
}

/** What stands beside a thread, in one question: the last run in which anything was done, else the last one. */
export async function lastOf(ctx: Ctx, thing: string): Promise<LastRun | undefined> {
  const { rows } = await sql<LastRun>`
    select r.at, r.event, r.did, length(r.looked) as looked,
      (select coalesce(jsonb_object_agg(p.id, p.name), '{}') from person_card p where p.id in (
        select x::uuid from jsonb_array_elements(r.did) d, jsonb_array_elements_text(d->'people') x)) as names,
      (select coalesce(jsonb_agg(jsonb_build_object('value', t.id, 'label', t.name)), '[]') from team_card t where t.id in (
        select (d->>'what')::uuid from jsonb_array_elements(r.did) d where d->>'does' = 'team')) as "teamNames",
      (select t.name from routing_queue q join team_card t on t.id = q.team where q.thread = ${thing}) as queue,
      (select c.due_at from routing_closing c where c.thread = ${thing}) as "closesAt"
    from ${runsIn(thing, undefined, 20)} r
    order by (r.did <> '[]') desc, r.id desc limit 1`.execute(ctx.db)
  return rows[0]
}

export interface HitRow {
  run: string
  thing: string
  event: Event
  at: Date
  did: Did[]
  subject: string | null
}

/** What a rule did, the newest first. */
export async function hitsOf(ctx: Ctx, rule: string, before: string | undefined, limit: number): Promise<HitRow[]> {
  const older = before ? sql`and h.run < ${before}::uuid` : sql``
  const { rows } = await sql<HitRow>`
    select r.id as run, r.thing, r.event, r.at, r.did, coalesce(nullif(t.subject, ''), t.snippet, 'K-' || c.number || ' ' || c.title) as subject
    from routing_hit h join routing_run r on r.id = h.run left join thread_merged m on m.id = r.thing
      left join thread_card t on t.id = coalesce(m.stands, r.thing) left join case_card c on c.id = r.thing
    where h.rule = ${rule} ${older} order by h.run desc limit ${limit}`.execute(ctx.db)
  return rows
}

/** A part of what is older than that: how many went. */
export async function forget(ctx: Ctx, before: string, most: number): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    delete from routing_run where (org, id) in (select org, id from routing_run where id < ${before}::uuid order by id limit ${most}) returning id`.execute(
    ctx.db,
  )
  await sql`delete from routing_hit where run = any(${rows.map(row => row.id)}::uuid[])`.execute(ctx.db)
  return rows.length
}

export async function forgetMarks(ctx: Ctx, before: Date): Promise<void> {
  await sql`delete from routing_chain where at < ${before}`.execute(ctx.db)
  await sql`delete from routing_notice where at < ${before}`.execute(ctx.db)
  await sql`delete from routing_day where day < ${before}::date`.execute(ctx.db)
}

// —— chains ——

export const link = (ctx: Ctx, thing: string, chain: string[]): Promise<unknown> =>
  sql`insert into routing_chain (thing, chain, at) values (${thing}, ${chain}::uuid[], ${ctx.now}) on conflict do nothing`.execute(ctx.db)

export async function chainsOf(ctx: Ctx, things: string[]): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ thing: string; chain: string[] }>`
    select thing, chain from routing_chain where thing = any(${things}::uuid[])`.execute(ctx.db)
  return new Map(rows.map(row => [row.thing, row.chain]))
}

// —— by time ——

export interface Due {
  thread: string
  since: Date
}

const day = 86_400_000
/** What became due longer ago was due while nobody looked. */
const window = 14 * day

/** Conversations that have been so for these minutes, and that this rule has not looked at for that; never what was so before it was on. */
export async function overdue(
  ctx: Ctx,
  it: { rule: string; when: 'unanswered' | 'waiting'; minutes: number; onSince: Date; limit: number },
): Promise<Due[]> {
  const until = new Date(ctx.now.getTime() - it.minutes * 60_000)
  const from = new Date(Math.max(until.getTime() - window, it.onSince.getTime() - it.minutes * 60_000))
  const [since, state] =
    it.when === 'unanswered' ? [sql`c.asked_at`, sql`c.state = 'open'`] : [sql`c.last_out_at`, sql`c.state = 'waiting'`]
  const { rows } = await sql<Due>`
    select c.thread, ${since} as since from conversation_card c
    where ${since} > ${from} and ${since} <= ${until} and ${state} and c.room is null and not exists (
      select from routing_run r where r.thing = c.thread and r.event = ${it.when} and r.cause = ${it.rule} || ' ' || floor(extract(epoch from ${since}) * 1000)::bigint)
    order by ${since} limit ${it.limit}`.execute(ctx.db)
  return rows
}

// —— closing by itself ——

export const closeAt = (ctx: Ctx, row: { thread: string; rule: string; due_at: Date; stood: Date | null }): Promise<unknown> =>
  of(ctx)
    .insertInto('routing_closing')
    .values(row)
    .onConflict(there => there.doNothing())
    .execute()

export const keepOpen = (ctx: Ctx, threads: string[]): Promise<unknown> =>
  of(ctx).deleteFrom('routing_closing').where('thread', 'in', threads).execute()

/** How a conversation stands, and when our last answer left. */
export async function standOf(ctx: Ctx, thread: string): Promise<{ state: string; lastOutAt: Date | null }[]> {
  const { rows } = await sql<{ state: string; lastOutAt: Date | null }>`
    select state, last_out_at as "lastOutAt" from conversation_card where thread = ${thread}`.execute(ctx.db)
  return rows
}

export interface Closing {
  thread: string
  rule: string
  stood: Date | null
  state: string
  lastOutAt: Date | null
}

/** Takes out what is to be closed by now, with how it stands. */
export async function takeClosings(ctx: Ctx, limit: number): Promise<Closing[]> {
  const { rows } = await sql<Closing>`
    with over as (
      delete from routing_closing where (org, thread) in (
        select org, thread from routing_closing where due_at <= ${ctx.now} order by due_at limit ${limit} for update skip locked)
      returning thread, rule, stood)
    select o.thread, o.rule, o.stood, c.state, c.last_out_at as "lastOutAt" from over o join conversation_card c on c.thread = o.thread`.execute(
    ctx.db,
  )
  return rows
}

// —— notices ——

/** Was it not given yet? */
export async function claimNotice(ctx: Ctx, person: string, key: string): Promise<boolean> {
  const { rows } =
    await sql`insert into routing_notice (person, key, at) values (${person}, ${key}, ${ctx.now}) on conflict do nothing returning key`.execute(
      ctx.db,
    )
  return rows.length > 0
}

/** Of these threads those that are conversations, and when each began. */
export async function beginnings(ctx: Ctx, threads: string[]): Promise<Map<string, Date>> {
  const { rows } = await sql<{ id: string; startedAt: Date }>`
    select id, started_at as "startedAt" from thread_card where id = any(${threads}::uuid[]) and kind = 'conversation'`.execute(ctx.db)
  return new Map(rows.map(row => [row.id, row.startedAt]))
}

/** The last messages from outside, the newest first. */
export async function lastMessages(ctx: Ctx, limit: number): Promise<{ content: string; thread: string; automatic: boolean }[]> {
  const { rows } = await sql<{ content: string; thread: string; automatic: boolean }>`
    select object as content, thread, detail->>'automatic' is not null as automatic from activity_log
    where verb = 'Create' and noun = 'Message' and side = 'outside' and thread is not null order by id desc limit ${limit}`.execute(ctx.db)
  return rows
}

// —— watches ——

export interface WatchRow {
  id: string
  person: string
  event: string
  place: 'view' | 'team' | 'unowned' | 'any'
  target: string | null
}

const watchColumns = ['id', 'person', 'event', 'place', 'target'] as const

export const watchesOf = (ctx: Ctx, person: string): Promise<WatchRow[]> =>
  of(ctx)
    .selectFrom('routing_watch')
    .select(watchColumns)
    .where('person', '=', person)
    .where('removed_at', 'is', null)
    .orderBy('made_at')
    .orderBy('id')
    .limit(100)
    .execute()

/** Of everybody, for these events. */
export const watchesFor = (ctx: Ctx, events: string[]): Promise<WatchRow[]> =>
  of(ctx)
    .selectFrom('routing_watch')
    .select(watchColumns)
    .where('event', 'in', events)
    .where('removed_at', 'is', null)
    .limit(5000)
    .execute()

export const addWatch = (ctx: Ctx, row: WatchRow): Promise<unknown> =>
  of(ctx)
    .insertInto('routing_watch')
    .values({ ...row, made_at: ctx.now, removed_at: null })
    .execute()

/** Of one's own. Was it there? */
export async function setWatchRemoved(ctx: Ctx, person: string, id: string, at: Date | null): Promise<boolean> {
  const { numUpdatedRows } = await of(ctx)
    .updateTable('routing_watch')
    .set({ removed_at: at })
    .where('id', '=', id)
    .where('person', '=', person)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
