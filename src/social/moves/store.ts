/** What moved, so that it can go back. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Audience } from '#social/activities/words.ts'

export interface Was {
  joined: string[]
  audience: Audience
  tasks: string[]
  names: { channel: string; remoteId: string }[]
}

export interface MoveRow {
  id: string
  kind: 'merge' | 'split'
  source: string
  destination: string
  at: Date
  by: string | null
  was: Was
  undone_at: Date | null
}

const of = tables<{ thread_move: Omit<MoveRow, 'was'> & { was: unknown }; thread_moved: { move: string; content: string } }>()

export async function add(ctx: Ctx, row: MoveRow, contents: string[]): Promise<void> {
  await of(ctx)
    .insertInto('thread_move')
    .values({ ...row, was: JSON.stringify(row.was) })
    .execute()
  await keepContents(ctx, row.id, contents)
}

export const keepContents = (ctx: Ctx, move: string, contents: string[]): Promise<unknown> =>
  sql`insert into thread_moved (move, content) select ${move}::uuid, unnest(${contents}::uuid[]) on conflict do nothing`.execute(ctx.db)

export const locked = async (ctx: Ctx, id: string): Promise<MoveRow | undefined> =>
  (await of(ctx).selectFrom('thread_move').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) as MoveRow | undefined

export const contentsOf = async (ctx: Ctx, move: string): Promise<string[]> =>
  (await of(ctx).selectFrom('thread_moved').select('content').where('move', '=', move).execute()).map(row => row.content)

export const undone = (ctx: Ctx, id: string): Promise<unknown> =>
  of(ctx).updateTable('thread_move').set({ undone_at: ctx.now }).where('id', '=', id).execute()

/** The latest moves out of and into a thread that stand. */
export const standing = (
  ctx: Ctx,
  thread: string,
  most: number,
): Promise<Pick<MoveRow, 'id' | 'kind' | 'source' | 'destination' | 'at'>[]> =>
  of(ctx)
    .selectFrom('thread_move')
    .select(['id', 'kind', 'source', 'destination', 'at'])
    .where('undone_at', 'is', null)
    .where(either => either.or([either('source', '=', thread), either('destination', '=', thread)]))
    .orderBy('id', 'desc')
    .limit(most)
    .execute()

/** Threads for which this one stood before another stood for it. */
export const mergedEarlier = async (ctx: Ctx, destination: string): Promise<string[]> =>
  (
    await of(ctx)
      .selectFrom('thread_move')
      .select('source')
      .where('destination', '=', destination)
      .where('kind', '=', 'merge')
      .where('undone_at', 'is', null)
      .execute()
  ).map(row => row.source)
