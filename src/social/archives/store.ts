import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'

const of = tables<{ content_card: { id: string; thread: string } }>()

export async function threadsOf(ctx: Ctx, contents: string[]): Promise<string[]> {
  const rows = await of(ctx).selectFrom('content_card').select('thread').distinct().where('id', 'in', contents).execute()
  return rows.map(row => row.thread)
}

/** Who wrote these messages or is talked with in their threads, of those who are known only because they were heard or written to. */
export async function metBy(ctx: Ctx, contents: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select p.id from person_detail p where p.created_because in ('heard', 'addressed') and p.id in (
      select c.author from content_card c where c.id = any(${contents}::uuid[])
      union select t.person from content_card c join thread_card t on t.id = c.thread where c.id = any(${contents}::uuid[]))`.execute(
    ctx.db,
  )
  return rows.map(row => row.id)
}
