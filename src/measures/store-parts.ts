/**
 * Days again, told apart by team, type, topic and hour, and what rests on cases, ends and ratings. Counted apart from what everybody waits for, and only from
 * what areas that are there have recorded and published.
 */
import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { growth } from './rules.ts'
import { joinAtOnce } from './store-threads.ts'
import {
  type Asked,
  type Dimension,
  type LaterId,
  laterIds,
  type MeasureId,
  measureOf,
  type Sketch,
  soonIds,
  type Tally,
  type Window,
} from './words.ts'

type Rows = RawBuilder<unknown>
const rowsOf = async <T>(ctx: Ctx, query: RawBuilder<T>): Promise<T[]> => (await query.execute(ctx.db)).rows

// --- what has to be counted again ---------------------------------------------------------------------------------

export const markParts = (ctx: Ctx, { from, until }: Window): Promise<unknown> =>
  sql`insert into measure_dirty_part (day) select generate_series(${from}::date, ${until}::date, '1 day')::date on conflict do nothing`.execute(
    ctx.db,
  )

const local = (ctx: Ctx, moment: Rows) => sql`(${moment} at time zone ${ctx.zone})::date`

/** The days on which these conversations began, asked, or came to an end. */
export async function markPartsOf(ctx: Ctx, threads: string[]): Promise<void> {
  await sql`insert into measure_dirty_part (day)
    select day from measured_conversation where thread = any(${threads}::uuid[]) union select day from measured_response where thread = any(${threads}::uuid[])
    union select ${local(ctx, sql`at`)} from activity_log where thread = any(${threads}::uuid[]) and (verb, noun) = ('Create', 'Closure')
    on conflict do nothing`.execute(ctx.db)
}

/** The conversations that these cases are about. */
export const threadsOf = async (ctx: Ctx, cases: string[]): Promise<string[]> =>
  (await rowsOf(ctx, sql<{ thread: string }>`select thread from case_thread_card where case_id = any(${cases}::uuid[])`)).map(
    row => row.thread,
  )

/** The days on which these cases were answered, late, closed. */
export async function markCases(ctx: Ctx, cases: string[]): Promise<void> {
  await sql`insert into measure_dirty_part (day)
    select distinct ${local(ctx, sql`at`)} from activity_log where object = any(${cases}::uuid[])
      and (verb, noun) in (('Accept', 'Case'), ('Create', 'CaseClosure'), ('Flag', 'CaseTarget'))
    on conflict do nothing`.execute(ctx.db)
}

export const partsLeft = async (ctx: Ctx): Promise<number> =>
  (await rowsOf(ctx, sql<{ n: number }>`select count(*) as n from measure_dirty_part`))[0]!.n

/** The newest waiting day and those of so many days before it, as one stretch: what lies between them costs less than a question for each. Null when none waits. */
export async function takeParts(ctx: Ctx, days: number): Promise<Window | null> {
  const rows = await rowsOf(
    ctx,
    sql<{ day: string }>`delete from measure_dirty_part where day > (select max(day) - ${days}::int from measure_dirty_part) returning day`,
  )
  const taken = rows.map(row => row.day).toSorted()
  return taken.length ? { from: taken[0]!, until: taken.at(-1)! } : null
}

/** What `readOnce` has read, by its name there. */
const cte = {
  need: sql`need`,
  part: sql`part`,
  topic: sql`topic`,
  thread_id: sql`thread_id`,
  rated: sql`rated`,
  matter: sql`matter`,
  case_part: sql`case_part`,
  case_event: sql`case_event`,
  case_link: sql`case_link`,
  praise: sql`praise`,
}

// --- counting -----------------------------------------------------------------------------------------------------

/** What areas publish, as far as they are there. */
export async function there(ctx: Ctx): Promise<{ cases: boolean; ratings: boolean }> {
  const query = sql<{ cases: boolean; ratings: boolean }>`
    select to_regclass('case_card') is not null as cases, to_regclass('survey_score') is not null as ratings`
  return (await rowsOf(ctx, query))[0]!
}

const between = (ctx: Ctx, { from, until }: Window) => sql`
  id >= first_id_at((${from}::date)::timestamp at time zone ${ctx.zone}) and id < first_id_at((${until}::date + 1)::timestamp at time zone ${ctx.zone})`

/** Everything that is counted, each read once. `part` holds for each conversation, `case_part` for each case, to which parts it belongs. */
function readOnce(ctx: Ctx, window: Window, { cases, ratings }: { cases: boolean; ratings: boolean }): Rows {
  const wall = (moment: Rows) => local(ctx, moment)
  const none = (columns: Rows) => sql`select ${columns} where false`
  return sql`
    need as materialized (select * from measured_response where day between ${window.from} and ${window.until}),
    talk as materialized (select * from measured_conversation where day between ${window.from} and ${window.until}),
    -- The last end of each conversation, unless it is open again.
    finish as materialized (
      select id, at, thread, ${wall(sql`at`)} as day from activity_log where (verb, noun) = ('Create', 'Closure') and thread is not null and ${between(ctx, window)}
    ),
    since as materialized (
      select thread, verb, id from activity_log where thread = any(array(select distinct thread from finish)) and noun = 'Closure'
    ),
    ending as materialized (
      select f.id, f.at, f.thread, f.day, c.channel, c.person, c.turns_in = 1 and c.turns_out >= 1 as one_contact
      from finish f join measured_conversation c on c.thread = f.thread and c.thread = any(array(select distinct thread from finish)) and c.started_by = 'in'
      where not exists (select from since s where s.thread = f.thread and s.id > f.id)
    ),
    ${caseEvents(ctx, window, cases ? undefined : none)},
    rated as materialized (${
      ratings
        ? sql`select id, day, answered_at as at, person, kind, score, channel, team, type, thread, case_id from survey_score where day between ${window.from} and ${window.until}`
        : none(
            sql`null::uuid as id, null::date as day, now() as at, null::uuid as person, ''::text as kind, 0 as score, ''::text as channel, null::uuid as team, null::uuid as type, null::uuid as thread, null::uuid as case_id`,
          )
    }),
    thread_id as materialized (
      select thread from ${cte.need} union select thread from talk union select thread from ending union select thread from ${cte.case_link} union select thread from ${cte.rated} where thread is not null
    ),
    labelled as (
      select distinct on (thread, detail->>'label') thread, detail->>'label' as label, verb from activity_log
      where thread = any(array(select thread from thread_id)) and noun = 'Label' and verb in ('Add', 'Remove') order by thread, detail->>'label', id desc
    ),
    topic as materialized (select thread, 'topic:' || label as scope from labelled where verb = 'Add'),
    owned as (
      select distinct on (thread) thread, verb, target from activity_log
      where thread = any(array(select thread from thread_id)) and noun = 'Assignment' order by thread, id desc
    ),
    part as materialized (
      select thread, scope from ${cte.topic} union all ${cases ? typesOf(sql`l.thread = any(array(select thread from ${cte.thread_id}))`) : none(sql`null::uuid as thread, ''::text as scope`)}
      union all select o.thread, 'team:' || p.team from owned o join team_part p on p.person = o.target where o.verb = 'Add'
    ),
    ${caseRows(ctx, cases, ratings)}`
}

/** A conversation is of the type of the cases that it belongs to now, of each once. */
const typesOf = (which: Rows): Rows => sql`
  select distinct l.thread, 'type:' || c.type as scope from case_thread_card l join case_card c on c.id = l.case_id
  where c.type is not null and ${which} and c.id = any(array(select l.case_id from case_thread_card l where ${which}))`

const caseEvents = (ctx: Ctx, window: Window, none?: (columns: Rows) => Rows): Rows =>
  none
    ? sql`case_event as materialized (${none(sql`null::uuid as id, now() as at, null::uuid as case_id, null::uuid as thread, ''::text as what, null::uuid as actor, 0::float8 as minutes, true as kept, ''::text as original`)}),
      case_link as materialized (${none(sql`null::uuid as case_id, null::uuid as thread`)})`
    : sql`case_event as materialized (
        select id, at, object as case_id, thread, case when noun = 'CaseClosure' then 'closed' when noun = 'Case' then 'answered' else detail->>'target' || '.late' end as what,
          actor, (detail->>'minutes')::float8 as minutes, (detail->>'kept')::boolean as kept, detail->>'duplicateOf' as original
        from activity_log where (verb, noun) in (('Create', 'CaseClosure'), ('Accept', 'Case'), ('Flag', 'CaseTarget')) and ${between(ctx, window)}
      ),
      case_link as materialized (
        select distinct object as case_id, target as thread from activity_log
        where object = any(array(select distinct case_id from ${cte.case_event})) and (verb, noun) = ('Add', 'CaseThread')
      )`

/** Of each case its last closing, its last first answer, and what was late and is still to be done; with what came after. */
function caseRows(ctx: Ctx, cases: boolean, ratings: boolean): Rows {
  const card = cases
    ? sql`select id, channel, team, type, opened_at, person from case_card where id = any(array(select distinct case_id from ${cte.case_event}))`
    : sql`select null::uuid as id, ''::text as channel, null::uuid as team, null::uuid as type, now() as opened_at, null::uuid as person where false`
  const content = sql`(kind = 'csat' and score >= 4 or kind = 'ces' and score >= 5 or kind = 'nps' and score >= 9)`
  const confirmed = ratings
    ? sql`select e.id from ${cte.case_event} e join ${cte.praise} s on s.case_id = e.case_id and s.answered_at >= e.at
        union select e.id from ${cte.case_event} e join ${cte.case_link} l using (case_id) join ${cte.praise} s on s.thread = l.thread and s.answered_at >= e.at`
    : sql`select null::uuid as id where false`
  const praise = ratings
    ? sql`select case_id, thread, answered_at from survey_score where ${content}
        and (case_id = any(array(select case_id from ${cte.case_event})) or thread = any(array(select thread from ${cte.case_link})))`
    : sql`select null::uuid as case_id, null::uuid as thread, now() as answered_at where false`
  return sql`
    card as materialized (${card}),
    later_event as materialized (
      select object as case_id, id, at, verb, noun, detail->>'because' as because from activity_log
      where object = any(array(select distinct case_id from ${cte.case_event})) and (noun = 'CaseClosure' or (verb, noun) = ('Accept', 'Case'))
    ),
    -- Each joined once: looked for row by row, a month of cases would be compared with itself.
    reopened as materialized (
      select e.id from ${cte.case_event} e join later_event l using (case_id)
      where l.id > e.id and l.verb = 'Undo' and l.at <= e.at + interval '48 hours'
    ),
    praise as materialized (${praise}),
    confirmed as materialized (${confirmed}),
    matter as materialized (
      select e.*, ${local(ctx, sql`e.at`)} as day, c.opened_at, c.channel, c.team, c.type, c.person,
        e.id in (select id from reopened) as reopened, e.what = 'closed' and e.id in (select id from confirmed) as confirmed
      from ${cte.case_event} e join card c on c.id = e.case_id
      where e.original is null and not exists (
        select from later_event l where l.case_id = e.case_id and l.id > e.id and case e.what
          when 'closed' then (l.verb, l.noun) = ('Create', 'CaseClosure') or l.because = 'undo'
          when 'answered' then l.noun = 'Case'
          when 'solve.late' then (l.verb, l.noun) = ('Create', 'CaseClosure')
          else l.noun = 'Case' end)
    ),
    case_part as materialized (
      select case_id, scope from (
        select id as case_id, unnest(array['all', 'channel:' || channel, 'team:' || team, 'type:' || type]) as scope from card
        union select l.case_id, t.scope from ${cte.case_link} l join ${cte.topic} t on t.thread = l.thread
      ) as one where scope is not null
    )`
}

/** A case is resolved by two of three: a colleague said so, it was not opened again within two days, the customer was content. */
const resolved = (ctx: Ctx) => sql`
  (actor is not null)::int + (not reopened and at <= ${ctx.now}::timestamptz - interval '48 hours')::int + confirmed::int >= 2`
/** Too early to tell. */
const pending = (ctx: Ctx) => sql`what = 'closed' and not reopened and not confirmed and at > ${ctx.now}::timestamptz - interval '48 hours'`

const kept: Record<'sla.kept.first' | 'sla.kept.solve', Rows> = {
  'sla.kept.first': sql`what = 'first.late' or what = 'answered' and kept is not null`,
  'sla.kept.solve': sql`what = 'solve.late' or what = 'closed' and kept is not null`,
}
const scored = (kind: string, numerator: Rows) => ({ kind, numerator })
const ratingOf: Record<'csat.top2' | 'csat.mean' | 'ces.mean' | 'nps', { kind: string; numerator: Rows }> = {
  'csat.top2': scored('csat', sql`(score >= 4)::int`),
  'csat.mean': scored('csat', sql`score`),
  'ces.mean': scored('ces', sql`score`),
  nps: scored('nps', sql`(score >= 9)::int - (score <= 6)::int`),
}

const plain = sql`count(*) as n, '{}'::jsonb as sketch`
const shareOf = (from: Rows, holds: Rows, among: Rows = sql`true`): Rows => sql`
  select day, scope, count(*) filter (where ${holds})::float8 as numerator, count(*)::float8 as denominator, ${plain} from ${from} where ${among} group by day, scope`
const sumOf = (from: Rows, value: Rows, among: Rows): Rows => sql`
  select day, scope, sum(${value})::float8 as numerator, count(*)::float8 as denominator, ${plain} from ${from} where ${among} group by day, scope`
const timesOf = (from: Rows, minutes: Rows, among: Rows): Rows => sql`
  select day, scope, sum(n)::float8 as numerator, sum(n)::float8 as denominator, sum(n) as n, jsonb_object_agg(bucket, n) as sketch
  from (select day, scope, ceil(ln(greatest(1.0 / 60, ${minutes})) / ln(${growth}::float8))::int as bucket, count(*) as n from ${from} where ${among} group by 1, 2, 3) as one
  group by day, scope`

const apart = (rows: Rows) => sql`(select it.*, part.scope from ${rows} it join ${cte.part} using (thread)) as it`
const either = (rows: Rows) => sql`(
  select it.*, part.scope from ${rows} it join ${cte.part} using (thread)
  union all select it.*, scope from ${rows} it, unnest(array['all', 'channel:' || channel]) as scope where scope is not null) as it`
const matters = sql`(select m.*, p.scope from ${cte.matter} m join ${cte.case_part} p using (case_id)) as it`
const ratings = sql`(
  select r.*, scope from ${cte.rated} r, unnest(array['all', 'channel:' || channel, 'team:' || team, 'type:' || type]) as scope where scope is not null
  union all select r.*, t.scope from ${cte.rated} r join ${cte.topic} t on t.thread = r.thread) as it`
const answered = sql`answered_at is not null`
const hours = (ctx: Ctx) =>
  sql`(select need.*, 'hour:' || extract(hour from answered_at at time zone ${ctx.zone}) as scope from ${cte.need} where ${answered}) as it`

/** Those that are counted soon, once more by team and topic; and when first answers are given. */
const soonAgain = (ctx: Ctx): [MeasureId, Rows][] => [
  ['response.rate', shareOf(apart(sql`need`), answered)],
  ['response.first.calendar', timesOf(apart(sql`need`), sql`calendar_minutes`, answered)],
  ['response.first.calendar', timesOf(hours(ctx), sql`calendar_minutes`, answered)],
  ['response.first.business', timesOf(apart(sql`need`), sql`business_minutes`, answered)],
  ['depth', shareOf(apart(sql`talk`), sql`turns_in >= 2 and turns_out >= 2`)],
  ['triage.ownedByConversation', shareOf(apart(sql`talk`), sql`taken_at <= started_at + interval '1 day'`, sql`started_by = 'in'`)],
  ['initiative.share', shareOf(apart(sql`talk`), sql`started_by = 'out'`)],
  ['threads.bothSidesByThread', shareOf(apart(sql`talk`), sql`notes > 0 and turns_in > 0`)],
]

const closed = sql`what = 'closed'`
const laterOnes = (ctx: Ctx): [LaterId, Rows][] => [
  ['response.avg.calendar', sumOf(either(sql`need`), sql`calendar_minutes`, answered)],
  ['response.avg.business', sumOf(either(sql`need`), sql`business_minutes`, answered)],
  [
    'resolution.rate',
    shareOf(matters, sql`what = 'closed' and ${resolved(ctx)}`, sql`what in ('closed', 'solve.late') and not (${pending(ctx)})`),
  ],
  ['resolution.time.business', timesOf(matters, sql`minutes`, closed)],
  ['resolution.time.calendar', timesOf(matters, sql`extract(epoch from at - opened_at) / 60`, closed)],
  ['fcr.byConversation', shareOf(either(sql`ending`), sql`one_contact`)],
  ...(['sla.kept.first', 'sla.kept.solve'] as const).map((id): [LaterId, Rows] => [
    id,
    shareOf(matters, sql`coalesce(kept, false)`, kept[id]),
  ]),
  ...(['csat.top2', 'csat.mean', 'ces.mean', 'nps'] as const).map((id): [LaterId, Rows] => [
    id,
    sumOf(ratings, ratingOf[id].numerator, sql`kind = ${ratingOf[id].kind}`),
  ]),
]

/** Counts the parts of these days again. */
export async function countParts(ctx: Ctx, window: Window): Promise<void> {
  const views = await there(ctx)
  await joinAtOnce(ctx)
  await sql`delete from measure_day where day between ${window.from} and ${window.until}
    and (measure = any(${laterIds}) or measure = any(${soonIds}) and scope <> 'all' and scope not like 'channel:%')`.execute(ctx.db)
  const counts = [...soonAgain(ctx), ...laterOnes(ctx)].map(
    ([id, rows]) => sql`select ${id}::text, ${measureOf(id).version}::text, counted.* from (${rows}) as counted`,
  )
  await sql`with ${readOnce(ctx, window, views)}
    insert into measure_day (measure, version, computed_at, day, scope, numerator, denominator, n, sketch)
    select measure, version, ${ctx.now}, day, scope, numerator, denominator, n, sketch
    from (${sql.join(counts, sql` union all `)}) as counted (measure, version, day, scope, numerator, denominator, n, sketch) where scope is not null`.execute(
    ctx.db,
  )
}

// --- reading ------------------------------------------------------------------------------------------------------

/** What these measures came to in each part of a kind, days taken together. */
export async function parts(
  ctx: Ctx,
  measures: readonly MeasureId[],
  kind: Dimension | 'hour',
  window: Window,
): Promise<{ measure: MeasureId; scope: string; tally: Tally }[]> {
  const asked = sql`measure = any(${measures}) and scope like ${`${kind}:%`} and day between ${window.from} and ${window.until}`
  const [sums, sketches] = await Promise.all([
    rowsOf(
      ctx,
      sql<Omit<Tally, 'sketch'> & { measure: MeasureId; scope: string }>`
      select measure, scope, sum(numerator) as numerator, sum(denominator) as denominator, sum(n)::float8 as n from measure_day where ${asked} group by 1, 2`,
    ),
    rowsOf(
      ctx,
      sql<{ measure: MeasureId; scope: string; sketch: Sketch }>`
      select measure, scope, jsonb_object_agg(bucket, n) as sketch
      from (select measure, scope, key as bucket, sum(value::int)::float8 as n from measure_day, jsonb_each_text(sketch) where ${asked} group by 1, 2, 3) as one group by 1, 2`,
    ),
  ])
  const known = new Map(sketches.map(row => [`${row.measure} ${row.scope}`, row.sketch]))
  return sums.map(({ measure, scope, ...sum }) => ({ measure, scope, tally: { ...sum, sketch: known.get(`${measure} ${scope}`) ?? {} } }))
}

/** Of rows with a thread and a channel, those that belong to a part; `cases` says whether there are any. */
export function inPart(scope: string, cases: boolean): Rows {
  const [kind, ...rest] = scope.split(':')
  const name = rest.join(':')
  const last = (noun: string, more: Rows = sql``) =>
    sql`activity_log l where l.thread = it.thread and l.noun = ${noun} ${more} order by l.id desc limit 1`
  if (kind === 'channel') return sql`it.channel = ${name}`
  if (kind === 'topic') return sql`(select l.verb from ${last('Label', sql`and l.detail->>'label' = ${name}`)}) = 'Add'`
  if (kind === 'team')
    return sql`exists (select from team_part p where p.team::text = ${name} and p.person = (select case l.verb when 'Add' then l.target end from ${last('Assignment')}))`
  if (kind === 'type')
    return cases ? sql`exists (select from (${typesOf(sql`l.thread = it.thread`)}) as its where its.scope = ${scope})` : sql`false`
  return sql`true`
}

const nothing = sql`null::float8`
const behindOf: Partial<Record<MeasureId, (ctx: Ctx) => { rows: Rows; holds: Rows; minutes?: Rows; among?: Rows }>> = {
  'resolution.rate': ctx => ({
    rows: sql`matter`,
    holds: sql`what = 'closed' and ${resolved(ctx)}`,
    among: sql`what in ('closed', 'solve.late') and not (${pending(ctx)})`,
  }),
  'resolution.time.business': () => ({ rows: sql`matter`, holds: sql`true`, minutes: sql`minutes`, among: closed }),
  'resolution.time.calendar': () => ({
    rows: sql`matter`,
    holds: sql`true`,
    minutes: sql`extract(epoch from at - opened_at) / 60`,
    among: closed,
  }),
  'sla.kept.first': () => ({ rows: sql`matter`, holds: sql`coalesce(kept, false)`, minutes: sql`minutes`, among: kept['sla.kept.first'] }),
  'sla.kept.solve': () => ({ rows: sql`matter`, holds: sql`coalesce(kept, false)`, minutes: sql`minutes`, among: kept['sla.kept.solve'] }),
  'fcr.byConversation': () => ({ rows: sql`ending`, holds: sql`one_contact` }),
  ...Object.fromEntries(
    Object.entries(ratingOf).map(([id, { kind }]) => [
      id,
      () => ({ rows: sql`rated`, holds: contentIf(kind), among: sql`kind = ${kind}` }),
    ]),
  ),
}
const contentIf = (kind: string) => (kind === 'csat' ? sql`score >= 4` : kind === 'ces' ? sql`score >= 5` : sql`score >= 9`)

/** Cases and ratings know their own parts. */
function inOwnPart(scope: string, grain: string, cases: boolean): Rows {
  const [kind, ...rest] = scope.split(':')
  const name = rest.join(':')
  if (grain === 'ending') return inPart(scope, cases)
  if (kind === 'team') return sql`it.team::text = ${name}`
  if (kind === 'type') return sql`it.type::text = ${name}`
  if (kind !== 'topic') return kind === 'channel' ? sql`it.channel = ${name}` : sql`true`
  return grain === 'case'
    ? sql`exists (select from ${cte.case_part} p where p.case_id = it.case_id and p.scope = ${scope})`
    : inPart(scope, cases)
}

/** The cases, ends and ratings behind a value. Anonymous ratings lead nowhere and are not among them. */
export function behindLater(ctx: Ctx, asked: Asked, views: { cases: boolean; ratings: boolean }): Rows {
  const { rows, holds, minutes = nothing, among = sql`true` } = behindOf[asked.measure]!(ctx)
  const { grain } = measureOf(asked.measure)
  return sql`with ${readOnce(ctx, asked.window, views)}
    select id, thread, null::uuid as message, at, person, channel, holds, minutes from (
      select it.id, it.thread, it.at, it.person, it.channel, ${holds} as holds, ${minutes} as minutes from ${rows} it where ${among} and it.thread is not null and ${inOwnPart(asked.scope, grain, views.cases)}
    ) as found where ${asked.before ? sql`id < ${asked.before}::uuid` : sql`true`} ${asked.holds === undefined ? sql`` : sql`and holds = ${asked.holds}`}
    order by id desc limit ${asked.limit}`
}
