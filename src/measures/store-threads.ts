/** Threads, read again: what needed an answer, and how the conversation went. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'

/** The planner cannot know how many rows the parts of a counting have; joined row by row they could take minutes. Holds until the transaction ends. */
export const joinAtOnce = (ctx: Ctx): Promise<unknown> => sql`select set_config('enable_nestloop', 'off', true)`.execute(ctx.db)

/** When the house is open, as seconds since 1970 for each day in a row from `first`; a closed day has both the same. */
export interface Calendar {
  first: string
  opens: number[]
  closes: number[]
  /** Open seconds before that day. */
  before: number[]
}

/**
 * Reads these threads again as the rules say (needsOf, conversationOf), in one statement: a turn is a run of messages of one side; each turn of
 * theirs is a need, and the turn after it the answer. Marks the days whose values change.
 */
export async function readThreads(ctx: Ctx, threads: string[], calendar: Calendar): Promise<void> {
  const wall = (moment: string) => sql`(${sql.ref(moment)} at time zone ${ctx.zone})::date`
  const nth = (moment: string) => sql`greatest(1, least(${calendar.opens.length}::int, ${wall(moment)} - ${calendar.first}::date + 1))`
  const position = (moment: string) => sql`
    (c.before[${nth(moment)}] + least(greatest(extract(epoch from ${sql.ref(moment)}) - c.opens[${nth(moment)}], 0), c.closes[${nth(moment)}] - c.opens[${nth(moment)}]))`
  await joinAtOnce(ctx)
  await sql`
    with c as materialized (select ${calendar.opens}::float8[] as opens, ${calendar.closes}::float8[] as closes, ${calendar.before}::float8[] as before),
    removed as (
      select object from activity_log
      where thread = any(${threads}::uuid[]) and ((verb, noun) = ('Delete', 'Message') or (verb, noun) = ('Undo', 'Delete'))
      group by object having sum(case verb when 'Delete' then 1 else -1 end) > 0
    ),
    -- What somebody said is spam is no question.
    flagged as (
      select thread from activity_log
      where thread = any(${threads}::uuid[]) and ((verb, noun) = ('Flag', 'Conversation') or (verb, noun) = ('Undo', 'Flag'))
      group by thread having sum(case verb when 'Flag' then 1 else -1 end) > 0
    ),
    said as materialized (
      select id, at, thread, object, actor, channel,
        case when noun = 'Note' then 'note' when noun = 'Assignment' then 'taken' when side = 'outside' then 'in' else 'out' end as way
      from activity_log
      where thread = any(${threads}::uuid[])
        and (((verb, noun) = ('Create', 'Message') and (side = 'outside' or audience in ('public', 'thread')) and detail->>'automatic' is null)
          or (verb, noun) = ('Create', 'Note') or (verb, noun) = ('Add', 'Assignment'))
        and (object is null or object not in (select object from removed where object is not null))
        and thread not in (select thread from flagged)
    ),
    sided as (
      select *, lag(way) over (partition by thread order by at, id) as before_it from said where way in ('in', 'out')
    ),
    turn as materialized (
      select *, lead(id) over w as next_id, lead(at) over w as next_at, lead(actor) over w as next_actor, row_number() over w as place
      from sided where way is distinct from before_it window w as (partition by thread order by at, id)
    ),
    need as materialized (
      select id, thread, object as message, ${wall('at')} as day, at as asked_at, actor as asked_by, channel,
        next_id as answer, next_at as answered_at, next_actor as answered_by,
        extract(epoch from next_at - at) / 60 as calendar_minutes,
        case when next_at is not null then greatest(0, ${position('next_at')} - ${position('at')}) / 60 end as business_minutes
      from turn, c where way = 'in'
    ),
    sides as (
      select thread, count(*) filter (where way = 'in') as turns_in, count(*) filter (where way = 'out') as turns_out, min(at) filter (where way = 'in') as first_in_at
      from turn group by thread
    ),
    noted as (select thread, count(*) as notes from said where way = 'note' group by thread),
    taken as (
      select said.thread, min(said.at) as taken_at from said join turn on turn.thread = said.thread and turn.place = 1
      where said.way in ('out', 'taken') and said.id <> turn.id and said.at >= turn.at group by said.thread
    ),
    talk as materialized (
      select turn.thread, turn.id, turn.object as message, ${wall('turn.at')} as day, turn.at as started_at, turn.way as started_by, turn.actor as person, turn.channel,
        first_in_at, turns_in, turns_out, coalesce(notes, 0) as notes, taken_at
      from turn join sides using (thread) left join noted using (thread) left join taken using (thread) where turn.place = 1
    ),
    -- What is there of these threads. Where something moved, an id may still stand for a thread that is read later: whoever reads first takes it over.
    old_need as materialized (
      select id, thread, day, channel, answer, business_minutes from measured_response where thread = any(${threads}::uuid[])
    ),
    old_talk as materialized (
      select thread, id, day, channel, first_in_at, turns_in, turns_out, notes, taken_at from measured_conversation where thread = any(${threads}::uuid[])
    ),
    other_replies as (
      select distinct ${wall('said.at')} as day from old_talk
      left join talk on talk.thread = old_talk.thread join said on said.thread = old_talk.thread and said.way = 'out'
      where old_talk.first_in_at is distinct from talk.first_in_at
    ),
    gone_need as (
      delete from measured_response where id = any(array(select id from old_need where id not in (select id from need)))
    ),
    gone_talk as (
      delete from measured_conversation where thread = any(array(select thread from old_talk where thread not in (select thread from talk)))
    ),
    changed_need as materialized (
      select need.*, old_need.id is null as fresh from need left join old_need using (id)
      where (need.thread, need.day, need.channel, need.answer, need.business_minutes)
        is distinct from (old_need.thread, old_need.day, old_need.channel, old_need.answer, old_need.business_minutes)
    ),
    changed_talk as materialized (
      select talk.*, old_talk.thread is null as fresh from talk left join old_talk using (thread)
      where (talk.id, talk.day, talk.channel, talk.first_in_at, talk.turns_in, talk.turns_out, talk.notes, talk.taken_at) is distinct from
        (old_talk.id, old_talk.day, old_talk.channel, old_talk.first_in_at, old_talk.turns_in, old_talk.turns_out, old_talk.notes, old_talk.taken_at)
    ),
    grown_need as (
      update measured_response r set thread = n.thread, day = n.day, channel = n.channel, answer = n.answer, answered_at = n.answered_at,
        answered_by = n.answered_by, calendar_minutes = n.calendar_minutes, business_minutes = n.business_minutes
      from changed_need n where not n.fresh and r.id = n.id and r.id = any(array(select id from changed_need where not fresh))
    ),
    grown_talk as (
      update measured_conversation r set id = n.id, message = n.message, day = n.day, started_at = n.started_at,
        started_by = n.started_by, person = n.person, channel = n.channel, first_in_at = n.first_in_at,
        turns_in = n.turns_in, turns_out = n.turns_out, notes = n.notes, taken_at = n.taken_at
      from changed_talk n where not n.fresh and r.thread = n.thread and r.thread = any(array(select thread from changed_talk where not fresh))
    ),
    new_need as (
      insert into measured_response (id, thread, message, day, asked_at, asked_by, channel, answer, answered_at, answered_by, calendar_minutes, business_minutes)
      select id, thread, message, day, asked_at, asked_by, channel, answer, answered_at, answered_by, calendar_minutes, business_minutes from changed_need where fresh
      on conflict (org, id) do update set thread = excluded.thread, day = excluded.day, channel = excluded.channel, answer = excluded.answer,
        answered_at = excluded.answered_at, answered_by = excluded.answered_by,
        calendar_minutes = excluded.calendar_minutes, business_minutes = excluded.business_minutes
    ),
    new_talk as (
      insert into measured_conversation (thread, id, message, day, started_at, started_by, person, channel, first_in_at, turns_in, turns_out, notes, taken_at)
      select thread, id, message, day, started_at, started_by, person, channel, first_in_at, turns_in, turns_out, notes, taken_at from changed_talk where fresh
    )
    insert into measure_dirty_day (day)
    select day from other_replies union select day from changed_need union select day from changed_talk
    union select old_need.day from old_need left join need using (id) where need.day is distinct from old_need.day
    union select old_talk.day from old_talk left join talk using (thread) where talk.day is distinct from old_talk.day
    on conflict do nothing`.execute(ctx.db)
}
