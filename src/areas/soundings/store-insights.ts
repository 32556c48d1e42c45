/** What was heard beside what we do: posts of ours, companies with open opportunities. */
import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import type { Span } from './words.ts'

const rowsOf = async <T>(ctx: Ctx, query: RawBuilder<T>): Promise<T[]> => (await query.execute(ctx.db)).rows
const ids = (list: readonly string[]): RawBuilder<string> => sql`any(${list}::uuid[])`

/** Monitors about us that listen, those of brands and products first. */
export const ourMonitors = (ctx: Ctx, most: number): Promise<{ id: string; name: string }[]> =>
  rowsOf(
    ctx,
    sql<{ id: string; name: string }>`select id, name from monitor_card where ours and archived_at is null
      order by kind not in ('brand', 'product'), made_at, id limit ${most}`,
  )

export interface Post {
  content: string
  thread: string | null
  at: Date
  snippet: string
  /** How much was heard within a day before and after. */
  before: number
  after: number
}

/** The latest posts that we said to everybody, each with what was heard in the day before and in the day after. */
export const posts = (ctx: Ctx, monitors: readonly string[], since: Date, most: number): Promise<Post[]> =>
  rowsOf(
    ctx,
    sql<Post>`with said as (
        select object as content, min(at) as at from activity_log
        where (verb, noun) = ('Announce', 'Message') and id >= first_id_at(${since}) and object is not null group by object order by 2 desc limit ${most}
      )
      select said.content, c.thread, said.at, c.snippet,
        coalesce(sum(t.plain) filter (where t.hour < date_trunc('hour', said.at)), 0)::float8 as before,
        coalesce(sum(t.plain) filter (where t.hour >= date_trunc('hour', said.at)), 0)::float8 as after
      from said join content_card c on c.id = said.content
      left join mention_tally_card t on t.monitor = ${ids(monitors)} and t.hour >= date_trunc('hour', said.at) - interval '1 day'
        and t.hour < date_trunc('hour', said.at) + interval '1 day'
      group by said.content, c.thread, said.at, c.snippet order by said.at desc`,
  )

export interface Buyer {
  company: string
  name: string
  number: number
  title: string
}

/** Companies with something open, the newest opportunity of each. */
export const buyers = (ctx: Ctx, most: number): Promise<Buyer[]> =>
  rowsOf(
    ctx,
    sql<Buyer>`select * from (
        select distinct on (o.company) o.company, p.name, o.number, o.title, o.opened_at
        from (select * from opportunity_card where state in ('lead', 'open') and company is not null order by opened_at desc limit ${4 * most}) o
        join person_card p on p.id = o.company order by o.company, o.opened_at desc
      ) newest order by opened_at desc limit ${most}`,
  )

/** How much people of these companies said themselves, as far as we know who they are. */
export const saidBy = (ctx: Ctx, companies: readonly string[], monitors: readonly string[], { from, until }: Span) =>
  rowsOf(
    ctx,
    sql<{ company: string; n: number }>`select w.company, sum(v.plain)::float8 as n
      from (select distinct company, person from works_at where company = ${ids(companies)} and until is null) w
      join sounding_voice v on v.person = w.person and v.monitor = ${ids(monitors)} and v.day between ${from} and ${until} group by w.company`,
  )
