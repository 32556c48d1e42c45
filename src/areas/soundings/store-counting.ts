/** What is counted of mentions, day by day: their terms, voices and where topics meet brands. Only days on which something changed. */
import { type RawBuilder, sql } from 'kysely'
import type { Mood } from '#areas/monitors/words.ts'
import type { Ctx } from '#kernel/context.ts'
import { among } from '#kernel/db.ts'

const rowsOf = async <T>(ctx: Ctx, query: RawBuilder<T>): Promise<T[]> => (await query.execute(ctx.db)).rows

/** A day (UTC) of a monitor. */
export interface Day {
  monitor: string
  day: string
}

/** Only one at a time counts for an organisation; the others leave it to that one. */
export async function mayCount(ctx: Ctx): Promise<boolean> {
  const query = sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(hashtextextended('soundings ' || ${ctx.org}::text, 0)) as mine`
  return (await rowsOf(ctx, query))[0]!.mine
}

/** Of a monitor on which much is said, a day is counted again every half hour, else every four minutes. */
const ripe = (ctx: Ctx): RawBuilder<boolean> => sql`
  (c.counted_at is null or c.counted_at <= ${ctx.now}::timestamptz - case when c.n > 2000 then interval '30 minutes' else interval '4 minutes' end)`

/** The days that wait longest, each with about how many mentions there are to read. */
export const takeDays = (ctx: Ctx, most: number, patient: boolean): Promise<Day[]> =>
  rowsOf(
    ctx,
    sql<Day>`delete from sounding_due where (monitor, day) in (
        select d.monitor, d.day from sounding_due d left join sounding_counted c on c.monitor = d.monitor and c.day = d.day
        ${patient ? sql`where ${ripe(ctx)}` : sql``} order by d.marked_at, d.monitor, d.day limit ${most}
      ) returning monitor, day`,
  )

export async function isDue(ctx: Ctx): Promise<boolean> {
  const query = sql<{ due: boolean }>`select exists (
    select from sounding_due d left join sounding_counted c on c.monitor = d.monitor and c.day = d.day where ${ripe(ctx)}) as due`
  return (await rowsOf(ctx, query))[0]!.due
}

const listed = (days: readonly Day[]): RawBuilder<unknown> =>
  sql`unnest(${days.map(each => each.monitor)}::uuid[], ${days.map(each => each.day)}::date[]) as d (monitor, day)`

/** The mentions of these days. Plain is what is no near-duplicate, by no program, no spam and not our own, as monitors count it. */
const mentions = (days: readonly Day[]): RawBuilder<unknown> => sql`
  ${listed(days)}
  join mention_fit_card f on f.monitor = d.monitor and f.aside_at is null
    and f.at >= d.day::timestamp at time zone 'UTC' and f.at < (d.day + 1)::timestamp at time zone 'UTC'
  join mention_card m on m.id = f.mention`
const plain = sql<boolean>`(coalesce(m.alike, m.id) = m.id and coalesce(m.bot < 0.5, true) and coalesce(m.spam < 0.5, true) and not m.staff)`

/** Of each day and monitor so many voices by how much they said, and so many by how many could hear them. */
const foremost = { loud: 60, heard: 20 }

/** Counts voices and meetings of these days anew. */
export async function countDays(ctx: Ctx, days: readonly Day[]): Promise<void> {
  for (const table of ['sounding_voice', 'sounding_term', 'sounding_counted'])
    await sql`delete from ${sql.table(table)} t using ${listed(days)} where t.monitor = d.monitor and t.day = d.day`.execute(ctx.db)
  await sql`delete from sounding_meeting t using ${listed(days)} where t.topic = d.monitor and t.day = d.day`.execute(ctx.db)
  await sql`
    insert into sounding_voice (monitor, day, source, author, name, person, n, plain, positive, negative, followers)
    select monitor, day, source, author, name, person, n, plain, positive, negative, followers from (
      select voice.*, row_number() over (partition by monitor, day order by plain desc, n desc, author) as loud,
        row_number() over (partition by monitor, day order by followers desc nulls last, author) as heard
      from (
        select d.monitor, d.day, m.source, m.author, max(m.author_name) as name, max(m.person::text)::uuid as person, count(*) as n,
          count(*) filter (where ${plain}) as plain, count(*) filter (where ${plain} and f.mood = 'positive') as positive,
          count(*) filter (where ${plain} and f.mood = 'negative') as negative, max(m.followers) as followers
        from ${mentions(days)} where m.author <> '' group by 1, 2, 3, 4
      ) voice
    ) ranked where loud <= ${foremost.loud} or (heard <= ${foremost.heard} and followers > 0)`.execute(ctx.db)
  const topics = await topicsAmong(ctx, days)
  if (topics.length) await countMeetings(ctx, topics)
}

/** Days of topics that belong to a market: only these meet brands. */
async function topicsAmong(ctx: Ctx, days: readonly Day[]): Promise<Day[]> {
  const ids = [...new Set(days.map(each => each.monitor))]
  const found = await rowsOf(
    ctx,
    sql<{ id: string }>`select id from monitor_card where id = ${among(ids)} and kind = 'topic' and market is not null`,
  )
  const topics = new Set(found.map(each => each.id))
  return days.filter(each => topics.has(each.monitor))
}

// The mentions first, then what else each of them fits: in another order every fit would be looked at for every mention.
const countMeetings = (ctx: Ctx, days: readonly Day[]): Promise<unknown> =>
  sql`
    with read as materialized (select d.monitor, d.day, m.id, ${plain} as plain from ${mentions(days)}),
    met as materialized (
      select read.*, other.monitor as beside from read
      cross join lateral (select monitor from mention_fit_card f where f.mention = read.id and f.aside_at is null offset 0) other
    )
    insert into sounding_meeting (topic, day, monitor, n, plain)
    select met.monitor, met.day, met.beside, count(*), count(*) filter (where met.plain)
    from met join monitor_card topic on topic.id = met.monitor join monitor_card beside on beside.id = met.beside
    where beside.market = topic.market and beside.kind <> 'topic' group by 1, 2, 3`.execute(ctx.db)

/** How many mentions each of these days holds. */
export const sizes = (ctx: Ctx, days: readonly Day[]): Promise<(Day & { n: number })[]> =>
  rowsOf(
    ctx,
    sql<Day & { n: number }>`select monitor, day, count(*)::float8 as n from (select d.monitor, d.day from ${mentions(days)}) as read
      group by monitor, day order by monitor, day`,
  )

export interface Text extends Day {
  text: string
  language: string | null
  mood: Mood | ''
  plain: boolean
}

/** The texts of these days; `share` of them, evenly, where they are too many. */
export const texts = (ctx: Ctx, days: readonly Day[], share: number): Promise<Text[]> =>
  rowsOf(
    ctx,
    sql<Text>`select d.monitor, d.day, left(m.text, 5000) as text, m.language, f.mood, ${plain} as plain from ${mentions(days)}
      ${share < 1 ? sql`where abs(hashtext(m.id::text) % 10000) < ${Math.ceil(share * 10_000)}` : sql``}`,
  )

export interface TermCounted extends Day {
  term: string
  n: number
  plain: number
  positive: number
  negative: number
}

export async function addTerms(ctx: Ctx, rows: readonly TermCounted[]): Promise<void> {
  if (rows.length === 0) return
  const of = <K extends keyof TermCounted>(key: K) => rows.map(each => each[key])
  await sql`insert into sounding_term (monitor, day, term, n, plain, positive, negative)
    select * from unnest(${of('monitor')}::uuid[], ${of('day')}::date[], ${of('term')}::text[], ${of('n')}::int[], ${of('plain')}::int[],
      ${of('positive')}::int[], ${of('negative')}::int[])`.execute(ctx.db)
}

export async function addCounted(ctx: Ctx, rows: readonly (Day & { n: number; plain: number })[]): Promise<void> {
  if (rows.length === 0) return
  await sql`insert into sounding_counted (monitor, day, n, plain, counted_at)
    select *, ${ctx.now}::timestamptz from unnest(${rows.map(each => each.monitor)}::uuid[], ${rows.map(each => each.day)}::date[],
      ${rows.map(each => each.n)}::int[], ${rows.map(each => each.plain)}::int[])`.execute(ctx.db)
}

// —— what is kept how long ——

const terms = { words: 40, phrases: 30 }

/** Of days before `thin` only the commonest terms stay, and of days before `end` nothing; at most so many days at once. */
export async function thinOut(ctx: Ctx, { thin, end, most }: { thin: string; end: string; most: number }): Promise<void> {
  for (const table of ['sounding_term', 'sounding_voice', 'sounding_meeting', 'sounding_counted'])
    await sql`delete from ${sql.table(table)} where day < ${end}`.execute(ctx.db)
  await sql`delete from sounding_term where (monitor, day, term) in (
    select monitor, day, term from (
      select monitor, day, term, row_number() over (partition by monitor, day, position(' ' in term) > 0 order by n desc, term) as place
      from sounding_term where day < ${thin} and day >= ${thin}::date - ${most}::int
    ) ranked where place > case when position(' ' in term) > 0 then ${terms.phrases} else ${terms.words} end::int)`.execute(ctx.db)
}

/** Somebody who is erased is no voice any more, by whatever name. */
export const forgetVoices = (ctx: Ctx, names: readonly string[]): Promise<unknown> =>
  names.length ? sql`delete from sounding_voice where author = any(${names}::text[])`.execute(ctx.db) : Promise.resolve()
