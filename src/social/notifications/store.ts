import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import { identityTables } from '#kernel/identity/store.ts'
import { newId } from '#kernel/ids.ts'
import type { Door, Notice, Notification } from './words.ts'

interface NotificationTable {
  id: string
  person: string
  kind: string
  activity: string | null
  thread: string | null
  object: string | null
  actor: string | null
  says: string
  told: unknown
  path: string
  at: Date
  seen_at: Date | null
  mailed_at: Date | null
}

const of = tables<{
  notification: NotificationTable
  notification_choice: { person: string; kind: string; door: Door; wanted: boolean; at: Date }
}>()

/** Adds them; the same activity is told once to each. Returns whom something new was told. */
export async function add(ctx: Ctx, notices: Notice[]): Promise<{ person: string; kind: string }[]> {
  return of(ctx)
    .insertInto('notification')
    .values(
      notices.map(({ told, ...each }) => ({
        id: newId(ctx.now),
        person: each.person,
        kind: each.kind,
        activity: each.activity ?? null,
        thread: each.thread ?? null,
        object: each.object ?? null,
        actor: each.actor ?? null,
        says: each.says,
        told: JSON.stringify(told ?? {}),
        path: each.path,
        at: ctx.now,
        seen_at: null,
        mailed_at: null,
      })),
    )
    .onConflict(conflict => conflict.doNothing())
    .returning(['person', 'kind'])
    .execute()
}

const columns = ['id', 'kind', 'thread', 'actor', 'says', 'told', 'path', 'at', 'seen_at as seenAt'] as const

export async function list(
  ctx: Ctx,
  person: string,
  filter: { before?: string; unseen?: boolean; limit: number },
): Promise<Notification[]> {
  let query = of(ctx).selectFrom('notification').select(columns).where('person', '=', person).orderBy('id', 'desc').limit(filter.limit)
  if (filter.before) query = query.where('id', '<', filter.before)
  if (filter.unseen) query = query.where('seen_at', 'is', null)
  return (await query.execute()) as Notification[]
}

/** Up to a hundred: more is shown as “99+”. */
export async function unseen(ctx: Ctx, person: string): Promise<number> {
  const rows = await of(ctx)
    .selectFrom('notification')
    .select('id')
    .where('person', '=', person)
    .where('seen_at', 'is', null)
    .limit(100)
    .execute()
  return rows.length
}

export async function see(ctx: Ctx, person: string, which: { id?: string; thread?: string }): Promise<number> {
  let query = of(ctx).updateTable('notification').set({ seen_at: ctx.now }).where('person', '=', person).where('seen_at', 'is', null)
  if (which.id) query = query.where('id', '=', which.id)
  if (which.thread) query = query.where('thread', '=', which.thread)
  return (await query.returning('id').execute()).length
}

export const choices = (ctx: Ctx, people: string[]): Promise<{ person: string; kind: string; door: Door; wanted: boolean }[]> =>
  people.length === 0
    ? Promise.resolve([])
    : of(ctx).selectFrom('notification_choice').select(['person', 'kind', 'door', 'wanted']).where('person', 'in', people).execute()

export const choose = (ctx: Ctx, choice: { person: string; kind: string; door: Door; wanted: boolean }): Promise<unknown> =>
  of(ctx)
    .insertInto('notification_choice')
    .values({ ...choice, at: ctx.now })
    .onConflict(conflict =>
      conflict.columns(['org', 'person', 'kind', 'door'] as never).doUpdateSet({ wanted: choice.wanted, at: ctx.now }),
    )
    .execute()

/** What somebody has neither seen nor been mailed, oldest first; marked as mailed by the same statement. */
export async function takeUnmailed(ctx: Ctx, person: string, wanted: string[]): Promise<Notification[]> {
  if (wanted.length === 0) return []
  const rows = await of(ctx)
    .updateTable('notification')
    .set({ mailed_at: ctx.now })
    .where('person', '=', person)
    .where('seen_at', 'is', null)
    .where('mailed_at', 'is', null)
    .where('kind', 'in', wanted)
    .returning(columns)
    .execute()
  return (rows as Notification[]).sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, 50)
}

export const unmail = (ctx: Ctx, ids: string[]): Promise<unknown> =>
  of(ctx).updateTable('notification').set({ mailed_at: null }).where('id', 'in', ids).execute()

/** Where and in which language somebody is mailed; null for those who cannot sign in. */
export async function reach(ctx: Ctx, person: string): Promise<{ email: string; name: string; language: string | null } | null> {
  const row = await identityTables(ctx)
    .selectFrom('membership as m')
    .innerJoin('account as a', 'a.id', 'm.account')
    .select(['a.email', 'a.name', 'a.language'])
    .where('m.person', '=', person)
    .where('m.suspended_at', 'is', null)
    .where('a.suspended_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}
