import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'

const of = tables<{ search_word: { word: string } }>()

export async function learn(ctx: Ctx, words: string[]): Promise<void> {
  await sql`insert into search_word (word) select unnest(${words}::text[]) on conflict do nothing`.execute(ctx.db)
}

/** Known words that begin so. */
export async function completions(ctx: Ctx, beginning: string, limit: number): Promise<string[]> {
  const rows = await of(ctx)
    .selectFrom('search_word')
    .select('word')
    .where('word', '>=', beginning)
    .where('word', '<', `${beginning}\u{10ffff}`)
    .orderBy('word')
    .limit(limit)
    .execute()
  return rows.map(row => row.word)
}

/** For each word that is not known the known one that is most like it. */
export async function nearest(ctx: Ctx, words: string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ asked: string; word: string }>`
    select asked, near.word from unnest(${words}::text[]) asked, lateral (
      select word from search_word where word % asked order by similarity(word, asked) desc, word limit 1) near
    where near.word <> asked`.execute(ctx.db)
  return new Map(rows.map(row => [row.asked, row.word]))
}

export const unlearn = (ctx: Ctx, words: string[]): Promise<unknown> =>
  of(ctx).deleteFrom('search_word').where('word', 'in', words).execute()
