import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'

const of = tables<{ content_card: { id: string; thread: string } }>()

export async function threadsOf(ctx: Ctx, contents: string[]): Promise<string[]> {
  const rows = await of(ctx).selectFrom('content_card').select('thread').distinct().where('id', 'in', contents).execute()
  return rows.map(row => row.thread)
}
