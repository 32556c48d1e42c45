import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Choice } from './rules.ts'
import type { Door, KindName } from './words.ts'

interface NotificationTable {
  id: string
  person: string
  kind: KindName
  activity: string | null
  thread: string | null
  object: string | null
  actor: string | null
  says: string
  told: Record<string, string>
  path: string
  in_app: boolean
  by_mail: boolean
  at: Date
  seen_at: Date | null
  mailed_at: Date | null
}
export type Row = NotificationTable
type NewRow = Omit<Row, 'seen_at' | 'mailed_at'>

const of = tables<{ notification: NotificationTable; notification_choice: Choice & { at: Date } }>()

/** Many at once; what was told before is left out. Returns those that are new. */
export async function addAll(ctx: Ctx, rows: NewRow[]): Promise<Pick<Row, 'id' | 'person' | 'by_mail' | 'in_app'>[]> {
  const { rows: added } = await sql<Pick<Row, 'id' | 'person' | 'by_mail' | 'in_app'>>`
    insert into notification (id, person, kind, activity, thread, object, actor, says, told, path, in_app, by_mail, at)
    select id, person, kind, activity, thread, object, actor, says, told, path, in_app, by_mail, at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, person uuid, kind text, activity uuid, thread uuid, object uuid, actor uuid,
      says text, told jsonb, path text, in_app boolean, by_mail boolean, at timestamptz)
    on conflict do nothing returning id, person, by_mail, in_app`.execute(ctx.db)
  return added
}

export const choicesOf = (ctx: Ctx, persons: string[]): Promise<Choice[]> =>
  of(ctx).selectFrom('notification_choice').select(['person', 'kind', 'door', 'wanted']).where('person', 'in', persons).execute()

export async function choose(ctx: Ctx, choices: Choice[]): Promise<void> {
  await of(ctx)
    .insertInto('notification_choice')
    .values(choices.map(each => ({ ...each, at: ctx.now })))
    .onConflict(conflict =>
      conflict
        .columns(['org', 'person', 'kind', 'door'] as never)
        .doUpdateSet(row => ({ wanted: row.ref('excluded.wanted'), at: ctx.now })),
    )
    .execute()
}

/** What the app shows, newest first. */
export function latest(
  ctx: Ctx,
  person: string,
  filter: { before?: string | undefined; unseen?: boolean | undefined; limit: number },
): Promise<Row[]> {
  let query = of(ctx)
    .selectFrom('notification')
    .selectAll()
    .where('person', '=', person)
    .where('in_app', '=', true)
    .orderBy('id', 'desc')
    .limit(filter.limit)
  if (filter.before) query = query.where('id', '<', filter.before)
  if (filter.unseen) query = query.where('seen_at', 'is', null)
  return query.execute()
}

export interface Unseen {
  /** Of those that the bell shows, counted to at most a hundred: more is "99+" to everybody. */
  shown: number
  /** Is there any, also of those that only wait to be mailed? */
  any: boolean
}

export async function unseen(ctx: Ctx, person: string): Promise<Unseen> {
  const { rows } = await sql<Unseen>`
    select (select count(*) from (select from notification where person = ${person} and seen_at is null and in_app limit 100) as waiting) as shown,
      exists (select from notification where person = ${person} and seen_at is null and (in_app or (by_mail and mailed_at is null))) as any`.execute(
    ctx.db,
  )
  return rows[0]!
}

export interface Which {
  ids?: string[] | undefined
  thread?: string | undefined
}

/** Marks these, those of a thread, or all as seen. Returns which were not before. */
export async function see(ctx: Ctx, person: string, which: Which): Promise<string[]> {
  let query = of(ctx).updateTable('notification').set({ seen_at: ctx.now }).where('person', '=', person).where('seen_at', 'is', null)
  if (which.ids) query = query.where('id', 'in', which.ids)
  if (which.thread) query = query.where('thread', '=', which.thread)
  return (await query.returning('id').execute()).map(row => row.id)
}

/** Makes them unseen again. */
export const unsee = (ctx: Ctx, person: string, ids: string[]): Promise<unknown> =>
  of(ctx).updateTable('notification').set({ seen_at: null }).where('person', '=', person).where('id', 'in', ids).execute()

/** What is still to be mailed to this person, and is from now on on its way. */
export async function takeForMail(ctx: Ctx, person: string): Promise<Row[]> {
  const rows = await of(ctx)
    .updateTable('notification')
    .set({ mailed_at: ctx.now })
    .where('person', '=', person)
    .where('seen_at', 'is', null)
    .where('mailed_at', 'is', null)
    .where('by_mail', '=', true)
    .returningAll()
    .execute()
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1))
}

export const byIds = (ctx: Ctx, person: string, ids: string[]): Promise<Row[]> =>
  of(ctx).selectFrom('notification').selectAll().where('person', '=', person).where('id', 'in', ids).orderBy('id').execute()

/** Removes what is older; nobody looks for last year's news. */
export const forgetBefore = (ctx: Ctx, moment: Date): Promise<unknown> =>
  of(ctx).deleteFrom('notification').where('at', '<', moment).execute()

export type { Door }

/** What was told of a thread, or only of these objects in it, is of another from now on. */
export const moveAll = (ctx: Ctx, from: string, to: string, objects: string[] | null): Promise<unknown> =>
  sql`update notification set thread = ${to}, path = replace(path, ${from}::text, ${to}::text)
    where thread = ${from} and (${objects === null} or object = any(${objects ?? []}::uuid[]) or object = ${to})`.execute(ctx.db)
