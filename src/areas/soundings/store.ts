/** What is read of all that was counted: sums of days, terms, voices, hours. Nothing here reads a mention. */
import { type RawBuilder, sql } from 'kysely'
import type { Kind, Mood } from '#areas/monitors/words.ts'
import type { Ctx } from '#kernel/context.ts'
import type { Span } from './words.ts'

const rowsOf = async <T>(ctx: Ctx, query: RawBuilder<T>): Promise<T[]> => (await query.execute(ctx.db)).rows
const ids = (list: readonly string[]): RawBuilder<string> => sql`any(${list}::uuid[])`
/** Near-duplicates, programs and our own staff left out, or everything. */
const counted = (everything: boolean): RawBuilder<number> => sql.ref(everything ? 'n' : 'plain')

export interface Watched {
  id: string
  name: string
  kind: Kind
  market: string | null
  ours: boolean
  made_at: Date
  paused_at: Date | null
  archived_at: Date | null
}

const columns = sql`id, name, kind, market, ours, made_at, paused_at, archived_at`

export const watched = (ctx: Ctx, list: readonly string[]): Promise<Watched[]> =>
  rowsOf(ctx, sql<Watched>`select ${columns} from monitor_card where id = ${ids(list)} order by name, id`)

/** By name, those that still listen; `after` is the name and id of the last one seen. */
export function watchedPage(ctx: Ctx, { q, after, limit }: { q: string; after: string[] | null; limit: number }): Promise<Watched[]> {
  const like = `%${likely(q)}%`
  return rowsOf(
    ctx,
    sql<Watched>`select ${columns} from monitor_card where archived_at is null ${q ? sql`and name ilike ${like}` : sql``}
      ${after ? sql`and (name, id) > (${after[0]}, ${after[1]}::uuid)` : sql``} order by name, id limit ${limit}`,
  )
}

export const inMarket = (ctx: Ctx, market: string, most: number): Promise<Watched[]> =>
  rowsOf(
    ctx,
    sql<Watched>`select ${columns} from monitor_card where market = ${market} and archived_at is null order by ours desc, name, id limit ${most}`,
  )

export const markets = (ctx: Ctx, most: number): Promise<{ id: string; name: string }[]> =>
  rowsOf(ctx, sql<{ id: string; name: string }>`select id, name from market_card where archived_at is null order by name, id limit ${most}`)

// —— sums ——

export interface SumRow {
  monitor: string | null
  day: string | null
  source: string | null
  language: string | null
  country: string | null
  mood: Mood | ''
  n: number
  all: number
  duplicates: number
  bots: number
  staff: number
  known: number
  reach: number
}

const sums = (everything: boolean): RawBuilder<unknown> => sql`
  sum(${counted(everything)})::float8 as n, sum(n)::float8 as all, sum(n - firsts)::float8 as duplicates, sum(bots)::float8 as bots,
  sum(staff)::float8 as staff, sum(known)::float8 as known, sum(reach)::float8 as reach`

/**
 * What was counted in a period, told apart by monitor and mood, and once more by each of these besides; the days read once. They are chosen first: above a
 * view, what is asked of sets of groups would be asked of every row.
 */
export function sumsOf(
  ctx: Ctx,
  monitors: readonly string[],
  { from, until }: Span,
  everything: boolean,
  by: readonly ('day' | 'source' | 'language' | 'country')[] = [],
): Promise<SumRow[]> {
  const sets = sql.join([sql`(monitor, mood)`, ...by.map(part => sql`(monitor, ${sql.ref(part)}, mood)`)])
  const part = (name: (typeof by)[number]) => (by.includes(name) ? sql.ref(name) : sql`null::text`)
  return rowsOf(
    ctx,
    sql<SumRow>`select monitor, ${part('day')} as day, ${part('source')} as source, ${part('language')} as language, ${part('country')} as country, mood,
        ${sums(everything)}
      from (select * from mention_day_card where monitor = ${ids(monitors)} and day between ${from} and ${until} offset 0) as counted
      group by grouping sets (${sets})`,
  )
}

/** How much was heard in each hour of the week, by the organisation's clock; Monday's first is 0. */
export const hours = (ctx: Ctx, monitors: readonly string[], { from, until }: Span, everything: boolean) =>
  rowsOf(
    ctx,
    sql<{ hour: number; n: number }>`select hour, sum(n)::float8 as n from (
        select ((extract(isodow from local) - 1) * 24 + extract(hour from local))::int as hour, n
        from (select hour at time zone ${ctx.zone} as local, sum(${counted(everything)}) as n from mention_tally_card
          where monitor = ${ids(monitors)} and hour >= ${from}::date::timestamp at time zone 'UTC' and hour < (${until}::date + 1)::timestamp at time zone 'UTC'
          group by hour) as heard
      ) as told group by hour`,
  )

// —— terms ——

export interface TermRow {
  term: string
  n: number
  before: number
  positive: number
  negative: number
}

const within = ({ from, until }: Span): RawBuilder<boolean> => sql`day between ${from} and ${until}`
/** From the first day of both to the last, said as days: what is worked out by the database cannot be planned with. */
function over(now: Span, before: Span): RawBuilder<boolean> {
  const [from] = [now.from, before.from].toSorted()
  const [, until] = [now.until, before.until].toSorted()
  return sql`day between ${from} and ${until}`
}

/** The terms that were said most in a period, beside what they were before; `like` narrows to one word and the phrases that it stands in. */
export function terms(
  ctx: Ctx,
  monitors: readonly string[],
  { now, before, everything, most }: { now: Span; before: Span; everything: boolean; most: number },
): Promise<TermRow[]> {
  const n = counted(everything)
  return rowsOf(
    ctx,
    sql<TermRow>`select term, sum(${n}) filter (where ${within(now)})::float8 as n, coalesce(sum(${n}) filter (where ${within(before)}), 0)::float8 as before,
        coalesce(sum(positive) filter (where ${within(now)}), 0)::float8 as positive, coalesce(sum(negative) filter (where ${within(now)}), 0)::float8 as negative
      from sounding_term where monitor = ${ids(monitors)} and ${over(now, before)} group by term
      having sum(${n}) filter (where ${within(now)}) > 0 order by n desc, term limit ${most}`,
  )
}

/** Those that were said most before and are said less or no more. */
export function fallen(ctx: Ctx, monitors: readonly string[], now: Span, before: Span, everything: boolean, most: number) {
  const n = counted(everything)
  return rowsOf(
    ctx,
    sql<{
      part: string
      now: number
      before: number
    }>`select term as part, coalesce(sum(${n}) filter (where ${within(now)}), 0)::float8 as now,
        coalesce(sum(${n}) filter (where ${within(before)}), 0)::float8 as before
      from sounding_term where monitor = ${ids(monitors)} and (${within(now)} or ${within(before)}) group by term
      order by abs(coalesce(sum(${n}) filter (where ${within(now)}), 0) - coalesce(sum(${n}) filter (where ${within(before)}), 0)) desc limit ${most}`,
  )
}

/** The phrases in which a word stands, or the words of which a phrase is made. */
export async function termsLike(
  ctx: Ctx,
  monitors: readonly string[],
  term: string,
  { now, before, everything, most }: { now: Span; before: Span; everything: boolean; most: number },
): Promise<TermRow[]> {
  const n = counted(everything)
  const near = term.includes(' ')
    ? sql`term = any(${term.split(' ')}::text[])`
    : sql`(term like ${`${likely(term)} %`} or term like ${`% ${likely(term)}`})`
  return rowsOf(
    ctx,
    sql<TermRow>`select term, sum(${n}) filter (where ${within(now)})::float8 as n, coalesce(sum(${n}) filter (where ${within(before)}), 0)::float8 as before,
        coalesce(sum(positive) filter (where ${within(now)}), 0)::float8 as positive, coalesce(sum(negative) filter (where ${within(now)}), 0)::float8 as negative
      from sounding_term where monitor = ${ids(monitors)} and ${over(now, before)} and ${near} group by term
      having sum(${n}) filter (where ${within(now)}) > 0 order by n desc, term limit ${most}`,
  )
}

/** As it stands, for `like`. */
const likely = (text: string): string => text.replace(/[\\%_]/g, sign => `\\${sign}`)

export interface TermDay {
  monitor: string
  day: string
  n: number
  positive: number
  negative: number
}

/** One term, day by day. */
export const termDays = (ctx: Ctx, monitors: readonly string[], term: string, { from, until }: Span, everything: boolean) =>
  rowsOf(
    ctx,
    sql<TermDay>`select monitor, day, ${counted(everything)} as n, positive, negative from sounding_term
      where monitor = ${ids(monitors)} and term = ${term} and day between ${from} and ${until}`,
  )

/** How often these terms were said, by monitor. */
export const termsBy = (ctx: Ctx, monitors: readonly string[], list: readonly string[], { from, until }: Span, everything: boolean) =>
  rowsOf(
    ctx,
    sql<{ monitor: string; term: string; n: number; positive: number; negative: number }>`
      select monitor, term, sum(${counted(everything)})::float8 as n, sum(positive)::float8 as positive, sum(negative)::float8 as negative
      from sounding_term where monitor = ${ids(monitors)} and term = any(${list}::text[]) and day between ${from} and ${until} group by 1, 2`,
  )

/** Of how many mentions the terms of a period were taken. */
export async function readIn(ctx: Ctx, monitors: readonly string[], { from, until }: Span, everything: boolean): Promise<number> {
  const [row] = await rowsOf(
    ctx,
    sql<{ n: number }>`select coalesce(sum(${counted(everything)}), 0)::float8 as n from sounding_counted
      where monitor = ${ids(monitors)} and day between ${from} and ${until}`,
  )
  return row!.n
}

// —— voices ——

export interface VoiceRow {
  source: string
  author: string
  name: string | null
  person: string | null
  n: number
  positive: number
  negative: number
  followers: number | null
}

export const voices = (
  ctx: Ctx,
  monitors: readonly string[],
  { from, until }: Span,
  { everything, by, most }: { everything: boolean; by: 'n' | 'reach'; most: number },
): Promise<VoiceRow[]> =>
  rowsOf(
    ctx,
    sql<VoiceRow>`select source, author, max(name) as name, max(person::text) as person, sum(${counted(everything)})::float8 as n, sum(positive)::float8 as positive,
        sum(negative)::float8 as negative, max(followers)::float8 as followers
      from sounding_voice where monitor = ${ids(monitors)} and day between ${from} and ${until}
      group by source, author having sum(${counted(everything)}) > 0
      order by ${by === 'n' ? sql`n desc, followers desc nulls last` : sql`followers desc nulls last, n desc`}, source, author limit ${most}`,
  )

export const voicesApart = (ctx: Ctx, monitors: readonly string[], now: Span, before: Span, everything: boolean, most: number) => {
  const n = counted(everything)
  return rowsOf(
    ctx,
    sql<{
      part: string
      source: string
      now: number
      before: number
    }>`select author as part, source, coalesce(sum(${n}) filter (where ${within(now)}), 0)::float8 as now,
        coalesce(sum(${n}) filter (where ${within(before)}), 0)::float8 as before
      from sounding_voice where monitor = ${ids(monitors)} and (${within(now)} or ${within(before)}) group by author, source
      order by abs(coalesce(sum(${n}) filter (where ${within(now)}), 0) - coalesce(sum(${n}) filter (where ${within(before)}), 0)) desc limit ${most}`,
  )
}

// —— topics of a market ——

/** How many mentions of each topic are of which other monitor as well. */
export const meetings = (ctx: Ctx, topics: readonly string[], { from, until }: Span, everything: boolean) =>
  rowsOf(
    ctx,
    sql<{ topic: string; monitor: string; n: number }>`select topic, monitor, sum(${counted(everything)})::float8 as n from sounding_meeting
      where topic = ${ids(topics)} and day between ${from} and ${until} group by 1, 2`,
  )

// —— how sure, how much of it ——

/** What the machine said of moods and colleagues looked at: how many, and how often it was right, by language. */
export const checked = (ctx: Ctx, since: Date, most: number) =>
  rowsOf(
    ctx,
    sql<{
      language: string
      checked: number
      right: number
    }>`select language, count(*)::float8 as checked, count(*) filter (where said = checked)::float8 as right
      from (select language, said, checked from mention_mood_checked where mood_at >= ${since} order by mood_at desc limit ${most}) as looked
      group by language order by 2 desc`,
  )

/** The networks that the house listens to: by how many accounts, how many of them work now, since when, and when something came last. */
export interface Connected {
  channel: string
  accounts: number
  working: number
  first: string
  heard_at: Date | null
}

export const connected = (ctx: Ctx, most: number): Promise<Connected[]> =>
  rowsOf(
    ctx,
    sql<Connected>`select channel, count(*)::int as accounts, count(*) filter (where state = 'active')::int as working, min(id::text) as first, max(heard_at) as heard_at
      from account_card group by channel order by channel limit ${most}`,
  )
