import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { among, tables } from '#kernel/db.ts'
import type { Way } from '#kernel/keeps.ts'
import type { Reach } from '#social/search/words.ts'
import type { AttachedFile, Content } from './words.ts'

export interface ContentTable {
  id: string
  noun: Content['noun']
  thread: string
  author: string | null
  audience: Content['audience']
  space: string | null
  side: Content['side']
  at: Date
  subject: string | null
  text: string
  html: string | null
  quoted: string | null
  language: string | null
  channel: string | null
  detail: Record<string, unknown>
  edited_at: Date | null
  deleted_at: Date | null
  deleted_by: string | null
}

const of = tables<{
  content: ContentTable
  revision: { content: string; at: Date; by: string | null; subject: string | null; text: string; html: string | null }
  attachment: AttachedFile & { content: string; position: number }
  mention: { content: string; person: string; at: Date }
}>()

export type NewContent = Omit<ContentTable, 'edited_at' | 'deleted_at' | 'deleted_by'>

/** Many at once, as one statement. */
export async function addAll(ctx: Ctx, rows: NewContent[]): Promise<void> {
  await sql`
    insert into content (id, noun, thread, author, audience, space, side, at, subject, text, html, quoted, language, channel, detail)
    select id, noun, thread, author, audience, space, side, at, subject, text, html, quoted, language, channel, detail
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, noun text, thread uuid, author uuid, audience text, space uuid, side text,
      at timestamptz, subject text, text text, html text, quoted text, language text, channel text, detail jsonb)`.execute(ctx.db)
}

export async function attachAll(ctx: Ctx, rows: (AttachedFile & { content: string; position: number })[]): Promise<void> {
  await sql`
    insert into attachment (content, position, file, name, type, size, cid, inline, alt)
    select content, position, file, name, type, size, cid, inline, alt
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(content uuid, position integer, file uuid, name text, type text, size bigint, cid text, inline boolean, alt text)`.execute(
    ctx.db,
  )
}

/** Returns those that are new. */
export async function mentionAll(
  ctx: Ctx,
  rows: { content: string; person: string; at: Date }[],
): Promise<{ content: string; person: string }[]> {
  const { rows: added } = await sql<{ content: string; person: string }>`
    insert into mention (content, person, at)
    select distinct content, person, at from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(content uuid, person uuid, at timestamptz)
    on conflict do nothing returning content, person`.execute(ctx.db)
  return added
}

// —— the one door ——

/** Who may read: one of the open audiences, a member of its space, whoever wrote it, and colleagues who are named in it. */
function readable(reach: Reach) {
  if (reach.all) return sql<boolean>`true`
  const named = reach.audiences.includes('staff')
    ? sql`or exists (select from mention m where m.content = content.id and m.person = any(${reach.self}::uuid[]))`
    : sql``
  return sql<boolean>`(content.audience = any(${reach.audiences.filter(each => each !== 'members')}::text[])
    or (content.audience = 'members' and content.space = any(${reach.spaces}::uuid[])) or content.author = any(${reach.self}::uuid[]) ${named})`
}

const shaped = (row: ContentTable): Content => ({
  id: row.id,
  noun: row.noun,
  thread: row.thread,
  author: row.author,
  audience: row.audience,
  space: row.space,
  side: row.side,
  at: row.at,
  subject: row.deleted_at ? null : row.subject,
  text: row.deleted_at ? '' : row.text,
  html: row.deleted_at ? null : row.html,
  quoted: row.deleted_at ? null : row.quoted,
  language: row.language,
  channel: row.channel,
  detail: row.detail,
  editedAt: row.edited_at,
  deletedAt: row.deleted_at,
})

export interface Part {
  before?: string | undefined
  /** From this one on, itself included. */
  from?: string | undefined
  limit: number
}

/** A part of a thread, oldest first: the newest, those before one, or those from one on. */
export async function ofThread(ctx: Ctx, thread: string, part: Part, reach: Reach): Promise<Content[]> {
  let query = of(ctx)
    .selectFrom('content')
    .selectAll()
    .where('thread', '=', thread)
    .where(readable(reach))
    .orderBy('id', part.from ? 'asc' : 'desc')
    .limit(part.limit)
  if (part.before) query = query.where('id', '<', part.before)
  if (part.from) query = query.where('id', '>=', part.from)
  const rows = (await query.execute()).map(shaped)
  return part.from ? rows : rows.reverse()
}

export async function byIds(ctx: Ctx, ids: string[], reach: Reach): Promise<Content[]> {
  return (await of(ctx).selectFrom('content').selectAll().where('id', 'in', ids).where(readable(reach)).execute()).map(shaped)
}

/** The row itself, locked, for whoever may read it. */
export const locked = async (ctx: Ctx, id: string, reach: Reach): Promise<ContentTable | undefined> =>
  (await lockedAll(ctx, [id], reach))[0]

/** As `locked`, always in the same order, so that two who want the same ones wait for each other only once. */
export const lockedAll = (ctx: Ctx, ids: string[], reach: Reach): Promise<ContentTable[]> =>
  of(ctx).selectFrom('content').selectAll().where('id', '=', among(ids)).where(readable(reach)).orderBy('id').forUpdate().execute()

export async function textsOf(ctx: Ctx, ids: string[]): Promise<Map<string, string>> {
  const rows = await of(ctx)
    .selectFrom('content')
    .select(['id', sql<string>`left(text, 20000)`.as('text')])
    .where('id', 'in', ids)
    .where('deleted_at', 'is', null)
    .execute()
  return new Map(rows.map(row => [row.id, row.text]))
}

/** Of these files those that hang on something readable. */
export async function openFiles(ctx: Ctx, files: string[], reach: Reach): Promise<Set<string>> {
  const rows = await of(ctx)
    .selectFrom('attachment')
    .innerJoin('content', 'content.id', 'attachment.content')
    .select('attachment.file')
    .where('attachment.file', 'in', files)
    .where('content.deleted_at', 'is', null)
    .where(readable(reach))
    .execute()
  return new Set(rows.map(row => row.file))
}

// —— what hangs on them ——

export async function attachmentsOf(ctx: Ctx, contents: string[]): Promise<(AttachedFile & { content: string })[]> {
  return of(ctx)
    .selectFrom('attachment')
    .select(['content', 'file', 'name', 'type', 'size', 'cid', 'inline', 'alt'])
    .where('content', '=', among(contents))
    .orderBy('content')
    .orderBy('position')
    .execute()
}

export const mentionsOf = (ctx: Ctx, contents: string[]): Promise<{ content: string; person: string }[]> =>
  of(ctx).selectFrom('mention').select(['content', 'person']).where('content', 'in', contents).execute()

// —— changing ——

export const openUp = (ctx: Ctx, content: string): Promise<unknown> =>
  of(ctx).updateTable('content').set({ audience: 'public' }).where('id', '=', content).execute()

export type Revised = Pick<ContentTable, 'id' | 'subject' | 'text' | 'html' | 'language'>

/** Keeps the words as they stand, and puts these in their place. */
export async function revise(ctx: Ctx, rows: Revised[]): Promise<void> {
  const ids = rows.map(row => row.id)
  await sql`insert into revision (content, at, by, subject, text, html)
    select id, ${ctx.now}, ${ctx.actor.person}::uuid, subject, text, html from content where id = ${among(ids)} on conflict do nothing`.execute(
    ctx.db,
  )
  await sql`update content set subject = r.subject, text = r.text, html = r.html, language = r.language, edited_at = ${ctx.now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, subject text, text text, html text, language text)
    where content.id = r.id`.execute(ctx.db)
}

export const revisionsOf = (
  ctx: Ctx,
  content: string,
): Promise<{ at: Date; by: string | null; subject: string | null; text: string; html: string | null }[]> =>
  of(ctx)
    .selectFrom('revision')
    .select(['at', 'by', 'subject', 'text', 'html'])
    .where('content', '=', content)
    .orderBy('at', 'desc')
    .limit(100)
    .execute()

/** In the order of their ids, which is that of their time. */
export const accountsAfter = (ctx: Ctx, after: string | null, limit: number): Promise<{ id: string; account: string | null }[]> =>
  of(ctx)
    .selectFrom('content')
    .select(['id', sql<string | null>`detail->>'account'`.as('account')])
    .$if(after !== null, asked => asked.where('id', '>', after!))
    .orderBy('id')
    .limit(limit)
    .execute()

export const changeDetails = (ctx: Ctx, rows: Pick<ContentTable, 'id' | 'detail'>[]): Promise<unknown> =>
  sql`
    update content set detail = w.detail
    from jsonb_to_recordset(${JSON.stringify(rows.map(({ id, detail }) => ({ id, detail })))}::jsonb) as w(id uuid, detail jsonb)
    where content.id = w.id`.execute(ctx.db)

export const markRemoved = (ctx: Ctx, ids: string[], removed: boolean): Promise<unknown> =>
  of(ctx)
    .updateTable('content')
    .set(removed ? { deleted_at: ctx.now, deleted_by: ctx.actor.person } : { deleted_at: null, deleted_by: null })
    .where('id', '=', among(ids))
    .execute()

/** Takes the words of what was removed before this moment, and what hung on it, for good. Returns what is empty now. */
export async function empty(ctx: Ctx, removedBefore: Date): Promise<string[]> {
  const rows = await of(ctx)
    .updateTable('content')
    .set({ text: '', html: null, quoted: null, subject: null, detail: sql`'{"emptied": true}'::jsonb` })
    .where('deleted_at', '<', removedBefore)
    .where(sql<boolean>`not detail ? 'emptied'`)
    .returning('id')
    .execute()
  const ids = rows.map(row => row.id)
  if (ids.length === 0) return []
  for (const table of ['revision', 'attachment', 'mention'] as const) await of(ctx).deleteFrom(table).where('content', 'in', ids).execute()
  return ids
}

/** Removes rows altogether. */
export async function eraseAll(ctx: Ctx, ids: string[]): Promise<Pick<ContentTable, 'id' | 'thread' | 'audience' | 'noun'>[]> {
  for (const table of ['revision', 'attachment', 'mention'] as const) await of(ctx).deleteFrom(table).where('content', 'in', ids).execute()
  return of(ctx).deleteFrom('content').where('id', 'in', ids).returning(['id', 'thread', 'audience', 'noun']).execute()
}

/** Everything in a thread, what was removed as well. */
export const idsIn = async (ctx: Ctx, thread: string): Promise<string[]> =>
  (await of(ctx).selectFrom('content').select('id').where('thread', '=', thread).orderBy('id').execute()).map(row => row.id)

export const moveAll = (ctx: Ctx, ids: string[], to: string): Promise<unknown> =>
  sql`update content set thread = ${to} where id = any(${ids}::uuid[])`.execute(ctx.db)

/**
 * In a conversation with one person alone, what we said there is about them as well. Where others from outside take part it is also theirs, and stays.
 * A discussion among colleagues about their case has nobody outside. Where it is about no person, but about what is old, each text has its own age.
 */
export const ofTheirConversation: Way =
  ids => sql<boolean>`thread in ${ids('thread')} and side = 'inside' and exists ${ids('person')} and not exists (
  select from content o where o.thread = content.thread and o.side = 'outside' and o.author is not null and o.author not in ${ids('person')})`

/** Removed so long ago that nobody can bring it back. */
export const goneForGood = sql`least(coalesce(deleted_at, at), at, date_trunc('day', now()) - interval '40 days')`
