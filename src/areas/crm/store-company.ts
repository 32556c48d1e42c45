/** Conversations of everybody who works or worked at a company. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'

/** The newest threads of each of them by its index, then the newest of those; people who are several records count with all of them. */
export async function threadsOfCompany(
  ctx: Ctx,
  companies: string[],
  { before, limit }: { before?: string; limit: number },
): Promise<string[]> {
  const [at, thread] = before?.split(' ') ?? []
  const older = at && thread ? sql`and (last_at, thread) < (${new Date(Number(at))}, ${thread})` : sql``
  const { rows } = await sql<{ thread: string }>`
    with staff as materialized (
      select r.id from (
        select distinct c.stands from works_at w join person_card c on c.id = w.person where w.company = any(${companies}::uuid[])) s
      cross join lateral (select s.stands as id union all select b.id from stands_behind b where b.stands = s.stands) r
      union select unnest(${companies}::uuid[])
    )
    select part.thread from staff cross join lateral (
      select thread, last_at from conversation c where c.person = staff.id and c.state not in ('spam', 'merged') ${older}
      order by last_at desc, thread desc limit ${limit}) part
    order by part.last_at desc, part.thread desc limit ${limit}`.execute(ctx.db)
  return rows.map(row => row.thread)
}
