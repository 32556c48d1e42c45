/** What stands at this moment, beside what is counted day by day: what is open, and what parts are called. */
import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { there } from './store-parts.ts'

const rowsOf = async <T>(ctx: Ctx, query: RawBuilder<T>): Promise<T[]> => (await query.execute(ctx.db)).rows

/** What teams and types of cases are called, by their ids. */
export async function names(ctx: Ctx): Promise<Map<string, string>> {
  const { cases } = await there(ctx)
  const types = cases ? sql`union all select id, name from case_type_card` : sql``
  const rows = await rowsOf(ctx, sql<{ id: string; name: string }>`select id, name from team_card ${types}`)
  return new Map(rows.map(row => [row.id, row.name]))
}

/** What is open at this moment, by team; null stands for nobody's. */
export interface Load {
  team: string | null
  talks: number
  asking: number
  oldest: Date | null
  cases: number
  late: number
}

export async function load(ctx: Ctx): Promise<Load[]> {
  const { cases } = await there(ctx)
  const isThere = (await rowsOf(ctx, sql<{ yes: boolean }>`select to_regclass('conversation_card') is not null as yes`))[0]!.yes
  const talks = isThere
    ? sql`select p.team, count(*) as talks, count(*) filter (where c.asked_at is not null) as asking, min(c.asked_at) as oldest, 0::bigint as cases, 0::bigint as late
        from conversation_card c left join team_part p on p.person = c.assignee where c.state in ('open', 'waiting', 'snoozed') group by 1`
    : sql`select null::uuid as team, 0::bigint as talks, 0::bigint as asking, null::timestamptz as oldest, 0::bigint as cases, 0::bigint as late where false`
  const open = cases
    ? sql`union all select team, 0, 0, null, count(*), count(*) filter (where first_due < ${ctx.now} and answered_at is null or solve_due < ${ctx.now}) from case_card where closed_at is null group by 1`
    : sql``
  return rowsOf(
    ctx,
    sql<Load>`select team, sum(talks)::float8 as talks, sum(asking)::float8 as asking, min(oldest) as oldest, sum(cases)::float8 as cases, sum(late)::float8 as late
      from (${talks} ${open}) as one group by team order by team nulls last`,
  )
}
