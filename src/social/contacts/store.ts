import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'

/** Of these people those who have said something, or with whom something was talked. */
export async function talkedWith(ctx: Ctx, people: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select w.id from unnest(${people}::uuid[]) as w(id)
    where exists (select from content_card c where c.author = w.id) or exists (select from thread_card t where t.person = w.id)
      or exists (select from member_of m where m.person = w.id)`.execute(ctx.db)
  return new Set(rows.map(row => row.id))
}
