/** How conversations stand: how many there are of each kind, and many at once for whoever decides about them by rules, in as many questions as for one. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Conversation, State } from './words.ts'

const nobody = '00000000-0000-0000-0000-000000000000'

const of = tables<{
  conversation: { thread: string; state: State; assignee: string | null; room: string | null }
  conversation_count: { room: string; state: State; assignee: string; n: number }
}>()

export interface Standing extends Conversation {
  labels: string[]
  lastInAt: Date | null
}

/** With their labels and when they were heard last; held until the end of the transaction where something is decided about them. */
export async function standing(ctx: Ctx, threads: string[], hold: boolean): Promise<Standing[]> {
  if (threads.length === 0) return []
  const { rows } = await sql<Standing>`
    select c.thread, c.state, c.assignee, c.person, c.subject, c.snippet, c.channel, c.account, c.room, c.last_at as "lastAt", c.asked_at as "askedAt",
      c.snoozed_until as "snoozedUntil", c.closed_at as "closedAt", c.merged_into as "mergedInto", c.last_in_at as "lastInAt",
      array(select l.label from conversation_label l where l.thread = c.thread order by l.label) as labels
    from conversation c where c.thread = any(${threads}::uuid[]) order by c.thread ${hold ? sql`for update of c` : sql``}`.execute(ctx.db)
  return rows
}

/** How many open conversations each of these has. */
export async function loads(ctx: Ctx, people: string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ assignee: string; n: number }>`
    select assignee, sum(n)::int as n from conversation_count where state = 'open' and assignee = any(${people}::uuid[]) group by assignee`.execute(
    ctx.db,
  )
  return new Map(rows.map(row => [row.assignee, row.n]))
}

/** Of what all may read, and of these rooms and single threads. */
export async function counts(ctx: Ctx, places: string[]): Promise<{ state: State; assignee: string; n: number }[]> {
  const query = of(ctx).selectFrom('conversation_count').select(['state', 'assignee', 'n']).where('n', '>', 0)
  if (places.length === 0) return query.where('room', '=', nobody).execute()
  const kept = await query.where('room', 'in', [nobody, ...places]).execute()
  const single = await of(ctx)
    .selectFrom('conversation')
    .select(['state', 'assignee'])
    .where('thread', 'in', places)
    .where('room', 'is not', null)
    .where('room', 'not in', places)
    .execute()
  return [...kept, ...single.map(row => ({ state: row.state, assignee: row.assignee ?? nobody, n: 1 }))]
}
