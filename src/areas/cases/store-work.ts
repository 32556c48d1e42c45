/** What is kept beside cases: their clocks, what is done for them, types and service levels. */
import { sql } from 'kysely'
import type { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { CaseType, check, Due, Field, Pause, Policy, spent } from './words.ts'

interface PolicyTable {
  id: string
  name: string
  channel: string | null
  tier: Policy['tier']
  priority: Policy['priority']
  first_minutes: number | null
  solve_minutes: number | null
  warn_percent: number
  escalate_to: string | null
  created_at: Date
  archived_at: Date | null
}

const of = tables<{
  case_pause: { case_id: string; began_at: Date; ended_at: Date | null }
  case_due: { case_id: string; what: Due; at: Date }
  case_check: { id: string; case_id: string; text: string; done_at: Date | null; done_by: string | null; removed_at: Date | null }
  case_time: { id: string; case_id: string; person: string | null; minutes: number; note: string; at: Date; removed_at: Date | null }
  case_type: { id: string; name: string; fields: unknown; checklist: unknown; created_at: Date; archived_at: Date | null }
  case_policy: PolicyTable
}>()

// —— clocks ——

export const pausesOf = async (ctx: Ctx, ids: string[]): Promise<Map<string, Pause[]>> => {
  const rows = ids.length
    ? await of(ctx).selectFrom('case_pause').selectAll().where('case_id', 'in', ids).orderBy('began_at').execute()
    : []
  const groups = Map.groupBy(rows, row => row.case_id)
  return new Map(ids.map(id => [id, (groups.get(id) ?? []).map(row => ({ began: row.began_at, ended: row.ended_at }))]))
}

export const beginPause = (ctx: Ctx, caseId: string): Promise<unknown> =>
  of(ctx)
    .insertInto('case_pause')
    .values({ case_id: caseId, began_at: ctx.now, ended_at: null })
    .onConflict(there => there.constraint('case_pause_pkey').doUpdateSet({ ended_at: null }))
    .execute()

/** When the pause began that ends now. */
export async function endPause(ctx: Ctx, caseId: string): Promise<Date | undefined> {
  const row = await of(ctx)
    .updateTable('case_pause')
    .set({ ended_at: ctx.now })
    .where('case_id', '=', caseId)
    .where('ended_at', 'is', null)
    .returning('began_at')
    .executeTakeFirst()
  return row?.began_at
}

/** What is to be told of these cases, in place of what was to be told before. */
export async function setDues(ctx: Ctx, ids: string[], dues: { caseId: string; what: Due; at: Date }[]): Promise<void> {
  await of(ctx).deleteFrom('case_due').where('case_id', 'in', ids).execute()
  if (dues.length)
    await of(ctx)
      .insertInto('case_due')
      .values(dues.map(({ caseId, what, at }) => ({ case_id: caseId, what, at })))
      .execute()
}

export interface Over {
  caseId: string
  what: Due
  at: Date
}

/** Cases of which something is over, the longest first. */
export async function overdue(ctx: Ctx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct over.case_id as id from (select case_id from case_due where at <= ${ctx.now} order by at limit 500) over`.execute(
    ctx.db,
  )
  return rows.map(row => row.id)
}

/** What is over of these cases, taken off the list, the longest first. */
export async function takeDue(ctx: Ctx, ids: string[]): Promise<Over[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Over>`
    delete from case_due where case_id = any(${ids}::uuid[]) and at <= ${ctx.now} returning case_id as "caseId", what, at`.execute(ctx.db)
  return rows.sort((a, b) => a.at.getTime() - b.at.getTime())
}

// —— what is done ——

export type Check = z.output<typeof check>
export const checksOf = (ctx: Ctx, caseId: string): Promise<Check[]> =>
  of(ctx)
    .selectFrom('case_check')
    .select(['id', 'text', 'done_at as doneAt', 'done_by as doneBy'])
    .where('case_id', '=', caseId)
    .where('removed_at', 'is', null)
    .orderBy('id')
    .limit(200)
    .execute()

export const addChecks = (ctx: Ctx, caseId: string, checks: { id: string; text: string }[]): Promise<unknown> =>
  checks.length
    ? of(ctx)
        .insertInto('case_check')
        .values(checks.map(each => ({ ...each, case_id: caseId, done_at: null, done_by: null, removed_at: null })))
        .execute()
    : Promise.resolve()

/** Also one that was removed. */
export const oneCheck = (ctx: Ctx, id: string) =>
  of(ctx).selectFrom('case_check').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const changeCheck = (
  ctx: Ctx,
  id: string,
  set: { done_at: Date | null; done_by: string | null } | { removed_at: Date | null },
): Promise<unknown> => of(ctx).updateTable('case_check').set(set).where('id', '=', id).execute()

export type Spent = z.output<typeof spent>
export const timesOf = (ctx: Ctx, caseId: string): Promise<Spent[]> =>
  of(ctx)
    .selectFrom('case_time')
    .select(['id', 'person', 'minutes', 'note', 'at'])
    .where('case_id', '=', caseId)
    .where('removed_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(200)
    .execute()

export const addTime = (ctx: Ctx, caseId: string, row: Spent): Promise<unknown> =>
  of(ctx)
    .insertInto('case_time')
    .values({ ...row, case_id: caseId, removed_at: null })
    .execute()

export const oneTime = (ctx: Ctx, id: string) =>
  of(ctx).selectFrom('case_time').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const removeTime = (ctx: Ctx, id: string, at: Date | null): Promise<unknown> =>
  of(ctx).updateTable('case_time').set({ removed_at: at }).where('id', '=', id).execute()

// —— types and service levels ——

const shapedType = (row: { id: string; name: string; fields: unknown; checklist: unknown; archived_at: Date | null }): CaseType => ({
  id: row.id,
  name: row.name,
  fields: row.fields as Field[],
  checklist: row.checklist as string[],
  archivedAt: row.archived_at,
})

/** All types, those that are archived too, by name. */
export const types = async (ctx: Ctx): Promise<CaseType[]> =>
  (await of(ctx).selectFrom('case_type').selectAll().orderBy('name').orderBy('id').execute()).map(shapedType)

const keptType = ({ name, fields, checklist }: Pick<CaseType, 'name' | 'fields' | 'checklist'>) => ({
  name,
  fields: JSON.stringify(fields),
  checklist: JSON.stringify(checklist),
})

export const addType = (ctx: Ctx, id: string, type: Pick<CaseType, 'name' | 'fields' | 'checklist'>): Promise<unknown> =>
  of(ctx)
    .insertInto('case_type')
    .values({ id, ...keptType(type), created_at: ctx.now, archived_at: null })
    .execute()

export const changeType = (ctx: Ctx, id: string, type: Pick<CaseType, 'name' | 'fields' | 'checklist'>): Promise<unknown> =>
  of(ctx).updateTable('case_type').set(keptType(type)).where('id', '=', id).execute()

export const archiveType = (ctx: Ctx, id: string, at: Date | null): Promise<unknown> =>
  of(ctx).updateTable('case_type').set({ archived_at: at }).where('id', '=', id).execute()

export const policies = async (ctx: Ctx): Promise<Policy[]> =>
  (await of(ctx).selectFrom('case_policy').selectAll().orderBy('name').orderBy('id').execute()).map(row => ({
    id: row.id,
    name: row.name,
    channel: row.channel,
    tier: row.tier,
    priority: row.priority,
    firstMinutes: row.first_minutes,
    solveMinutes: row.solve_minutes,
    warnPercent: row.warn_percent,
    escalateTo: row.escalate_to,
    archivedAt: row.archived_at,
  }))

export type KeptPolicy = Omit<Policy, 'id' | 'archivedAt'>
const keptPolicy = (policy: KeptPolicy) => ({
  name: policy.name,
  channel: policy.channel,
  tier: policy.tier,
  priority: policy.priority,
  first_minutes: policy.firstMinutes,
  solve_minutes: policy.solveMinutes,
  warn_percent: policy.warnPercent,
  escalate_to: policy.escalateTo,
})

export const addPolicy = (ctx: Ctx, id: string, policy: KeptPolicy): Promise<unknown> =>
  of(ctx)
    .insertInto('case_policy')
    .values({ id, ...keptPolicy(policy), created_at: ctx.now, archived_at: null })
    .execute()

export const changePolicy = (ctx: Ctx, id: string, policy: KeptPolicy): Promise<unknown> =>
  of(ctx).updateTable('case_policy').set(keptPolicy(policy)).where('id', '=', id).execute()

export const archivePolicy = (ctx: Ctx, id: string, at: Date | null): Promise<unknown> =>
  of(ctx).updateTable('case_policy').set({ archived_at: at }).where('id', '=', id).execute()
