/** What is kept of ready answers. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import { ownOrShared } from '#kernel/owned.ts'

export interface AnswerRow {
  id: string
  title: string
  folder: string
  text: string
  owner: string | null
  uses: number
  used_at: Date | null
  changed_at: Date
  archived_at: Date | null
}

const of = tables<{ ready_answer: AnswerRow }>()

export const add = (ctx: Ctx, row: AnswerRow): Promise<unknown> => of(ctx).insertInto('ready_answer').values(row).execute()

export const one = (ctx: Ctx, id: string): Promise<AnswerRow | undefined> =>
  of(ctx).selectFrom('ready_answer').selectAll().where('id', '=', id).executeTakeFirst()

export const change = (ctx: Ctx, id: string, set: Partial<Omit<AnswerRow, 'id'>>): Promise<unknown> =>
  of(ctx).updateTable('ready_answer').set(set).where('id', '=', id).execute()

export const used = (ctx: Ctx, id: string): Promise<unknown> =>
  of(ctx).updateTable('ready_answer').set({ uses: sql`uses + 1`, used_at: ctx.now }).where('id', '=', id).execute()

export interface Asked {
  self: string | null
  words: string[]
  folder?: string
  archived: boolean
}

function found(ctx: Ctx, { self, words, folder, archived }: Asked) {
  let query = of(ctx)
    .selectFrom('ready_answer')
    .selectAll()
    .where('archived_at', archived ? 'is not' : 'is', null)
    .where(ownOrShared(self))
  if (folder !== undefined) query = query.where('folder', '=', folder)
  for (const word of words) query = query.where(sql<boolean>`strpos(lower(title || ' ' || folder || ' ' || text), ${word}) > 0`)
  return query
}

/** By folder and title; `after` is `[folder, title, id]` of the last one seen. */
export const list = (ctx: Ctx, asked: Asked, part: { after?: string[]; limit: number }): Promise<AnswerRow[]> => {
  const [folder, title, id] = part.after ?? []
  const query = found(ctx, asked).orderBy('folder').orderBy('title').orderBy('id').limit(part.limit)
  return (id ? query.where(sql<boolean>`(folder, title, id) > (${folder}, ${title}, ${id}::uuid)`) : query).execute()
}

/** Those whose title begins so first, then the most used. */
export const best = (ctx: Ctx, asked: Asked, limit: number): Promise<AnswerRow[]> =>
  found(ctx, asked)
    .orderBy(sql`lower(title) not like ${`${(asked.words.join(' ') || '').replaceAll(/[\\%_]/g, '\\$&')}%`}`)
    .orderBy('uses', 'desc')
    .orderBy('title')
    .limit(limit)
    .execute()

export const folders = async (ctx: Ctx, self: string | null): Promise<string[]> =>
  (
    await of(ctx)
      .selectFrom('ready_answer')
      .select('folder')
      .distinct()
      .where('archived_at', 'is', null)
      .where('folder', '<>', '')
      .where(ownOrShared(self))
      .orderBy('folder')
      .limit(200)
      .execute()
  ).map(row => row.folder)
