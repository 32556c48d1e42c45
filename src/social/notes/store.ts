import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'

interface NoteTable {
  id: string
  person: string
  text: string
  by: string | null
  at: Date
  edited_at: Date | null
  removed_at: Date | null
}
export type Row = NoteTable

const of = tables<{ person_note: NoteTable }>()

/** The newest first; before one of them if it is given. */
export function notesOf(ctx: Ctx, people: string[], limit: number, before?: string): Promise<Row[]> {
  const all = of(ctx).selectFrom('person_note').selectAll().where('person', 'in', people).where('removed_at', 'is', null)
  return (before ? all.where('id', '<', before) : all).orderBy('id', 'desc').limit(limit).execute()
}

export const find = (ctx: Ctx, id: string) =>
  of(ctx).selectFrom('person_note').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const add = (ctx: Ctx, row: Pick<Row, 'id' | 'person' | 'text' | 'by' | 'at'>) =>
  of(ctx)
    .insertInto('person_note')
    .values({ ...row, edited_at: null, removed_at: null })
    .execute()

export const change = (ctx: Ctx, id: string, to: Partial<Pick<Row, 'text' | 'edited_at' | 'removed_at'>>) =>
  of(ctx).updateTable('person_note').set(to).where('id', '=', id).execute()
