/** Filters under a name, and how many each holds: kept by the statements that change it, never counted for a page. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import { ownOrShared } from '#kernel/owned.ts'
import type { State } from './words.ts'

const everybody = '00000000-0000-0000-0000-000000000000'

export interface ViewRow {
  id: string
  name: string
  words: string
  owner: string | null
  position: number
  removed_at: Date | null
}

interface CountTable {
  room: string
  state: State
  assignee: string
  n: number
}

const of = tables<{
  saved_view: ViewRow
  conversation_account_count: CountTable & { account: string }
  conversation_label_count: CountTable & { label: string }
}>()

export const add = (ctx: Ctx, row: ViewRow): Promise<unknown> => of(ctx).insertInto('saved_view').values(row).execute()

export const one = (ctx: Ctx, id: string): Promise<ViewRow | undefined> =>
  of(ctx).selectFrom('saved_view').selectAll().where('id', '=', id).executeTakeFirst()

export const change = (ctx: Ctx, id: string, set: Partial<Omit<ViewRow, 'id'>>): Promise<unknown> =>
  of(ctx).updateTable('saved_view').set(set).where('id', '=', id).execute()

/** Of these, those that are in use. */
export const among = (ctx: Ctx, ids: string[]): Promise<ViewRow[]> =>
  ids.length
    ? of(ctx).selectFrom('saved_view').selectAll().where('id', 'in', ids).where('removed_at', 'is', null).execute()
    : Promise.resolve([])

/** Everybody's and one's own, in their order. */
export const all = (ctx: Ctx, self: string | null, most: number): Promise<ViewRow[]> =>
  of(ctx)
    .selectFrom('saved_view')
    .selectAll()
    .where('removed_at', 'is', null)
    .where(ownOrShared(self))
    .orderBy('position')
    .orderBy('id')
    .limit(most)
    .execute()

export interface Counted {
  of: string
  state: State
  assignee: string
  n: number
}

export const countsByAccount = (ctx: Ctx, accounts: string[], places: string[]): Promise<Counted[]> =>
  of(ctx)
    .selectFrom('conversation_account_count')
    .select(['account as of', 'state', 'assignee', sql<number>`sum(n)::int`.as('n')])
    .where('account', 'in', accounts)
    .where('room', 'in', [everybody, ...places])
    .groupBy(['account', 'state', 'assignee'])
    .execute()

export const countsByLabel = (ctx: Ctx, labels: string[], places: string[]): Promise<Counted[]> =>
  of(ctx)
    .selectFrom('conversation_label_count')
    .select(['label as of', 'state', 'assignee', sql<number>`sum(n)::int`.as('n')])
    .where('label', 'in', labels)
    .where('room', 'in', [everybody, ...places])
    .groupBy(['label', 'state', 'assignee'])
    .execute()

/** Labels that no conversation bears any longer are counted no longer. */
export const forgetIdleLabels = (ctx: Ctx): Promise<unknown> => of(ctx).deleteFrom('conversation_label_count').where('n', '=', 0).execute()
