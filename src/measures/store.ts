import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import { timeOf } from '#kernel/ids.ts'
import { growth } from './rules.ts'
import { behindLater, inPart, markParts, there } from './store-parts.ts'
import { joinAtOnce } from './store-threads.ts'
import { daysFrom, localDay } from './time.ts'
import { type Asked, type Behind, type DayTally, type Grain, measureOf, type SoonId, soonIds, type Window } from './words.ts'

interface DayTable {
  measure: string
  scope: string
  day: string
  numerator: number
  denominator: number
  n: number
  sketch: Record<string, number>
  version: string
  computed_at: Date
}
interface StateTable {
  org: string
  counted_at: Date | null
  rebuild_total: number | null
  rebuild_by: string | null
  rebuild_at: Date | null
}
const of = tables<{
  measure_day: DayTable
  measure_dirty_thread: { thread: string }
  measure_dirty_day: { day: string }
  measure_state: StateTable
}>()

export { readThreads } from './store-threads.ts'

const rowsOf = async <T>(ctx: Ctx, query: RawBuilder<T>): Promise<T[]> => (await query.execute(ctx.db)).rows

// --- what has to be counted again ---------------------------------------------------------------------------------

export async function markThreads(ctx: Ctx, threads: string[]): Promise<void> {
  await sql`insert into measure_dirty_thread (thread) select distinct unnest(${threads}::uuid[]) on conflict do nothing`.execute(ctx.db)
}

export async function markDays(ctx: Ctx, moments: Date[]): Promise<void> {
  await sql`insert into measure_dirty_day (day)
    select distinct (at at time zone ${ctx.zone})::date from unnest(${moments}::timestamptz[]) as at on conflict do nothing`.execute(ctx.db)
}

/** The days on which these things were first said. */
export const saidOn = async (ctx: Ctx, objects: string[]): Promise<Date[]> =>
  (await rowsOf(ctx, sql<{ at: Date }>`select at from activity_log where object = any(${objects}::uuid[]) and verb = 'Create'`)).map(
    row => row.at,
  )

/** Everything since the first activity; returns the number of threads. */
export async function markAll(ctx: Ctx, by: string | null): Promise<number> {
  await sql`insert into measure_dirty_day (day)
    select generate_series((min(at) at time zone ${ctx.zone})::date, (${ctx.now}::timestamptz at time zone ${ctx.zone})::date, '1 day')::date
    from activity_log where (verb, noun) = ('Create', 'Message') having count(*) > 0 on conflict do nothing`.execute(ctx.db)
  await sql`insert into measure_dirty_thread (thread) select distinct thread from activity_log where thread is not null on conflict do nothing`.execute(
    ctx.db,
  )
  const { left } = await leftToCount(ctx)
  await state(ctx, { rebuild_total: left, rebuild_by: by, rebuild_at: ctx.now })
  return left
}

const state = (ctx: Ctx, set: Partial<StateTable>): Promise<unknown> =>
  of(ctx)
    .insertInto('measure_state')
    .values({ org: ctx.org, counted_at: null, rebuild_total: null, rebuild_by: null, rebuild_at: null, ...set })
    .onConflict(row => row.column('org').doUpdateSet(set))
    .execute()

export const counted = (ctx: Ctx): Promise<unknown> => state(ctx, { counted_at: ctx.now })
export const rebuilt = (ctx: Ctx): Promise<unknown> => state(ctx, { rebuild_total: null })

export interface State {
  countedAt: Date | null
  rebuild: { total: number; at: Date } | null
  left: number
}

/** Where the counting stands. */
export async function stateOf(ctx: Ctx): Promise<State> {
  const row = await of(ctx).selectFrom('measure_state').select(['counted_at', 'rebuild_total', 'rebuild_at']).executeTakeFirst()
  const { left } = await leftToCount(ctx)
  const rebuild = row?.rebuild_total == null || !row.rebuild_at ? null : { total: row.rebuild_total, at: row.rebuild_at }
  return { countedAt: row?.counted_at ?? null, rebuild, left }
}

export async function leftToCount(ctx: Ctx): Promise<{ left: number; days: number }> {
  const query = sql<{ left: number; days: number }>`
    select (select count(*) from measure_dirty_thread) as left, (select count(*) from measure_dirty_day) as days`
  return (await rowsOf(ctx, query))[0]!
}

/** Only one at a time counts for an organisation; the others leave it to that one. */
export async function mayCount(ctx: Ctx): Promise<boolean> {
  const query = sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(hashtextextended('measures ' || ${ctx.org}::text, 0)) as mine`
  return (await rowsOf(ctx, query))[0]!.mine
}

// By place in the table, not by name: joined by name, the planner may compare each with each.
export async function takeThreads(ctx: Ctx, most: number): Promise<string[]> {
  const some = sql`select ctid from measure_dirty_thread limit ${most}`
  const rows = await rowsOf(
    ctx,
    sql<{ thread: string }>`delete from measure_dirty_thread where ctid = any(array(${some})) returning thread`,
  )
  return rows.map(row => row.thread)
}

/** The newest waiting days, at most so many, in order. */
export async function takeDays(ctx: Ctx, most: number): Promise<string[]> {
  const some = sql`select ctid from measure_dirty_day order by day desc limit ${most}`
  const rows = await rowsOf(ctx, sql<{ day: string }>`delete from measure_dirty_day where ctid = any(array(${some})) returning day`)
  return rows.map(row => row.day).toSorted()
}

// --- days: one query for each measure -----------------------------------------------------------------------------

type Rows = RawBuilder<unknown>

const scopeColumn = sql`case when grouping(channel) = 1 then 'all' else 'channel:' || channel end as scope`
const byDayAndChannel = sql`group by grouping sets ((day), (day, channel)) having grouping(channel) = 1 or channel is not null`

/** Shares of rows: how many of all that are asked about hold. */
const shareOf = (rows: Rows, holds: Rows, among: Rows = sql`true`): Rows => sql`
  select day, ${scopeColumn}, count(*) filter (where ${holds}) as numerator, count(*) as denominator, count(*) as n, '{}'::jsonb as sketch
  from ${rows} where ${among} ${byDayAndChannel}`

/** Times as how many fall into each bucket. */
const timesOf = (rows: Rows, minutes: Rows): Rows => sql`
  select day, scope, sum(count) as numerator, sum(count) as denominator, sum(count) as n, jsonb_object_agg(bucket, count) as sketch
  from (
    select day, ${scopeColumn}, bucket, count(*) as count
    from (select day, channel, ceil(ln(greatest(1.0 / 60, ${minutes})) / ln(${growth}::float8))::int as bucket from ${rows} where answered_at is not null) as one
    group by grouping sets ((day, bucket), (day, channel, bucket)) having grouping(channel) = 1 or channel is not null
  ) as counted group by day, scope`

/** What people said, to us (inward) or outward, on these days, without machines and without what was taken away. */
const messages = (ctx: Ctx, window: Window): Rows => sql`(
  select a.id, a.at, a.thread, a.object, a.actor, a.channel, a.side = 'outside' as inward from activity_log a
  where (a.verb, a.noun) = ('Create', 'Message') and a.detail->>'automatic' is null
    and (a.side = 'outside' or a.side = 'inside' and a.audience in ('public', 'thread'))
    and a.id >= first_id_at((${window.from}::date)::timestamp at time zone ${ctx.zone})
    and a.id < first_id_at((${window.until}::date + 1)::timestamp at time zone ${ctx.zone})
    and not exists (select from ${takenAway} where gone.object = a.object)
) as said`

const takenAway = sql`(
  select object from activity_log where (verb, noun) = ('Delete', 'Message') or (verb, noun) = ('Undo', 'Delete')
  group by object having sum(case verb when 'Delete' then 1 else -1 end) > 0
) as gone`

const deep = sql`turns_in >= 2 and turns_out >= 2`
const owned = sql`taken_at <= started_at + interval '1 day'`
const bothSides = sql`notes > 0 and turns_in > 0`

/** What the days' measures are counted from, each read once: the needs, the conversations, and what was said, with whether it answers somebody outside. */
const readOnce = (ctx: Ctx, window: Window): Rows => sql`
  need as materialized (select * from measured_response where day between ${window.from} and ${window.until}),
  talk as materialized (select * from measured_conversation where day between ${window.from} and ${window.until}),
  message as materialized (select thread, at, channel, inward, (at at time zone ${ctx.zone})::date as day from ${messages(ctx, window)}),
  began as materialized (
    select thread, first_in_at from measured_conversation where thread = any(array(select distinct thread from message where not inward))
  ),
  outward as materialized (
    select day, channel, coalesce(first_in_at < at, false) as reply from message left join began using (thread) where not inward
  )`

const queries: Record<SoonId, Rows> = {
  'response.rate': shareOf(sql`need`, sql`answered_at is not null`),
  'response.first.calendar': timesOf(sql`need`, sql`calendar_minutes`),
  'response.first.business': timesOf(sql`need`, sql`business_minutes`),
  'dialogue.ratio': shareOf(sql`outward`, sql`reply`),
  depth: shareOf(sql`talk`, deep),
  mentions: shareOf(sql`message`, sql`true`, sql`inward`),
  'triage.ownedByConversation': shareOf(sql`talk`, owned, sql`started_by = 'in'`),
  'initiative.share': shareOf(sql`talk`, sql`started_by = 'out'`),
  'threads.bothSidesByThread': shareOf(sql`talk`, bothSides),
}

/** Counts these days again, for every measure. */
export async function countDays(ctx: Ctx, window: Window): Promise<void> {
  await joinAtOnce(ctx)
  await sql`delete from measure_day where measure = any(${soonIds}) and day between ${window.from} and ${window.until}
    and (scope = 'all' or scope like 'channel:%')`.execute(ctx.db)
  const counts = soonIds.map(id => sql`select ${id}::text, ${measureOf(id).version}::text, counted.* from (${queries[id]}) as counted`)
  await sql`with ${readOnce(ctx, window)}
    insert into measure_day (measure, version, computed_at, day, scope, numerator, denominator, n, sketch)
    select measure, version, ${ctx.now}, day, scope, numerator, denominator, n, sketch
    from (${sql.join(counts, sql` union all `)}) as counted (measure, version, day, scope, numerator, denominator, n, sketch)`.execute(
    ctx.db,
  )
  await markParts(ctx, window)
}

// --- reading ------------------------------------------------------------------------------------------------------

export function days(ctx: Ctx, measures: string[], scope: string, window: Window): Promise<(DayTally & { measure: string })[]> {
  return of(ctx)
    .selectFrom('measure_day')
    .select(['measure', 'day', 'numerator', 'denominator', 'n', 'sketch'])
    .where('measure', 'in', measures)
    .where('scope', '=', scope)
    .where('day', '>=', window.from)
    .where('day', '<=', window.until)
    .orderBy('day')
    .execute()
}

/** The channels that have values in this window. */
export const scopes = async (ctx: Ctx, measure: string, window: Window): Promise<string[]> =>
  (
    await of(ctx)
      .selectFrom('measure_day')
      .select('scope')
      .distinct()
      .where('measure', '=', measure)
      .where('day', '>=', window.from)
      .where('day', '<=', window.until)
      .where('scope', 'like', 'channel:%')
      .orderBy('scope')
      .execute()
  ).map(row => row.scope)

/** What stands at this moment, or can only be counted at once: each as a value and how many things it rests on. */
export async function standing(ctx: Ctx, window: Window): Promise<Record<string, { value: number; n: number }>> {
  const query = sql<{ accounts: number; people: number; answers: number }>`
    select (select count(*) from account_card where state <> 'paused') as accounts, count(distinct answered_by) as people, count(answered_by) as answers
    from measured_response where day between ${window.from} and ${window.until}`
  const { accounts, people, answers } = (await rowsOf(ctx, query))[0]!
  return { 'connectors.twoWay': { value: accounts, n: accounts }, 'structure.actingPeople': { value: people, n: answers } }
}

/** Since which local day anything is known. */
export async function knownSince(ctx: Ctx): Promise<string | null> {
  const query = sql<{ day: string | null }>`
    select (at at time zone ${ctx.zone})::date as day from activity_log where (verb, noun) = ('Create', 'Message') order by id limit 1`
  return (await rowsOf(ctx, query))[0]?.day ?? null
}

const isReply = sql`exists (select from measured_conversation c where c.thread = it.thread and c.first_in_at < it.at)`
const answered = sql`answered_at is not null`
const nothing = sql`null::float8`
/** The things behind each measure: whether one holds, its time, and which ones are asked about at all. */
const behindOf: Record<
  SoonId | 'response.avg.calendar' | 'response.avg.business',
  { holds: Rows; minutes?: Rows; among?: Rows; way?: 'in' | 'out' }
> = {
  'response.rate': { holds: answered, minutes: sql`calendar_minutes` },
  'response.first.calendar': { holds: sql`true`, minutes: sql`calendar_minutes`, among: answered },
  'response.first.business': { holds: sql`true`, minutes: sql`business_minutes`, among: answered },
  'response.avg.calendar': { holds: sql`true`, minutes: sql`calendar_minutes`, among: answered },
  'response.avg.business': { holds: sql`true`, minutes: sql`business_minutes`, among: answered },
  'dialogue.ratio': { holds: isReply, way: 'out' },
  depth: { holds: deep },
  mentions: { holds: sql`true`, way: 'in' },
  'triage.ownedByConversation': {
    holds: sql`coalesce(${owned}, false)`,
    minutes: sql`extract(epoch from taken_at - started_at) / 60`,
    among: sql`started_by = 'in'`,
  },
  'initiative.share': { holds: sql`started_by = 'out'` },
  'threads.bothSidesByThread': { holds: bothSides },
}

type SoonGrain = 'need' | 'conversation' | 'message'

function rowsBehind(ctx: Ctx, { measure, window }: Asked): Record<SoonGrain, () => Rows> {
  const between = sql`id >= first_id_at((${window.from}::date)::timestamp at time zone ${ctx.zone}) and id < first_id_at((${window.until}::date + 1)::timestamp at time zone ${ctx.zone})`
  return {
    need: () => sql`(select id, thread, message, asked_at as at, asked_by as person, channel, answered_at, calendar_minutes, business_minutes
      from measured_response where ${between}) as it`,
    conversation:
      () => sql`(select id, thread, message, started_at as at, person, channel, started_at, started_by, turns_in, turns_out, notes, taken_at
      from measured_conversation where ${between}) as it`,
    message: () =>
      sql`(select id, thread, object as message, at, actor as person, channel from ${messages(ctx, window)} where inward = ${behindOf[measure as SoonId].way === 'in'}) as it`,
  }
}

const isSoonGrain = (grain: Grain): grain is SoonGrain => ['need', 'conversation', 'message'].includes(grain)

/** The things behind a value, newest first, by key. */
export async function behind(ctx: Ctx, asked: Asked): Promise<Behind[]> {
  const { grain } = measureOf(asked.measure)
  const views = await there(ctx)
  return isSoonGrain(grain) ? withThreads(ctx, behindSoon(ctx, asked, grain, views.cases)) : behindInSteps(ctx, asked, views)
}

const withThreads = (ctx: Ctx, found: Rows): Promise<Behind[]> =>
  rowsOf(
    ctx,
    sql<Behind>`select found.*, coalesce(card.subject, '') as subject, coalesce(card.snippet, '') as snippet
      from (${found}) as found left join thread_card card on card.id = found.thread order by found.id desc`,
  )

const step = 31

/** A month at a time, back from the last one that was seen, so that a page reads what it shows however long the window is. */
async function behindInSteps(ctx: Ctx, asked: Asked, views: Awaited<ReturnType<typeof there>>): Promise<Behind[]> {
  const items: Behind[] = []
  const { from } = asked.window
  const seen = asked.before && localDay(ctx.zone, timeOf(asked.before))
  for (let until = seen && seen < asked.window.until ? seen : asked.window.until; until >= from; until = daysFrom(until, -step)) {
    const [, begin] = [from, daysFrom(until, 1 - step)].toSorted()
    const window = { from: begin!, until }
    items.push(...(await withThreads(ctx, behindLater(ctx, { ...asked, window, limit: asked.limit - items.length }, views))))
    if (items.length >= asked.limit) break
  }
  return items
}

function behindSoon(ctx: Ctx, asked: Asked, grain: SoonGrain, cases: boolean): Rows {
  const { holds, minutes = nothing, among = sql`true` } = behindOf[asked.measure as SoonId]
  return sql`
    select id, thread, message, at, person, channel, ${holds} as holds, ${minutes} as minutes
    from ${rowsBehind(ctx, asked)[grain]()}
    where ${among} and ${inPart(asked.scope, cases)} ${asked.before ? sql`and id < ${asked.before}::uuid` : sql``} ${asked.holds === undefined ? sql`` : sql`and ${holds} = ${asked.holds}`}
    order by id desc limit ${asked.limit}`
}
