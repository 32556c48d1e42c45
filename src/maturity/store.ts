import { type Generated, sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Framework, Result } from './words.ts'

interface ResultTable {
  org: Generated<string>
  model: string
  scope: string
  period: string
  version: string
  overall: string | null
  results: string
  computed_at: Date
}
interface AttestationTable {
  id: string
  model: string
  indicator: string
  author: string
  text: string
  file: string | null
  at: Date
  expires_at: Date
  withdrawn_at: Date | null
  withdrawn_by: string | null
}
interface RevisionTable {
  org: Generated<string>
  model: string
  revision: number
  base: string | null
  framework: string | null
  by: string | null
  at: Date
}
const of = tables<{ maturity_result: ResultTable; attestation: AttestationTable; model_revision: RevisionTable }>()

// --- results ------------------------------------------------------------------------------------------------------

export interface Kept {
  period: string
  version: string
  results: Result[]
  computedAt: Date
}

const shaped = (row: { period: string; version: string; results: unknown; computed_at: Date }): Kept => ({
  period: row.period,
  version: row.version,
  results: row.results as Result[],
  computedAt: row.computed_at,
})

const kept = (ctx: Ctx, model: string) =>
  of(ctx)
    .selectFrom('maturity_result')
    .select(['period', 'version', 'results', 'computed_at'])
    .where('model', '=', model)
    .where('scope', '=', 'org')

/** What was kept of this period, if anything. */
export async function resultsOf(ctx: Ctx, model: string, period: string): Promise<Kept | null> {
  const row = await kept(ctx, model).where('period', '=', period).executeTakeFirst()
  return row ? shaped(row) : null
}

/** The results of the latest period before this one. */
export async function resultsBefore(ctx: Ctx, model: string, period: string): Promise<Kept | null> {
  const row = await kept(ctx, model).where('period', '<', period).orderBy('period', 'desc').limit(1).executeTakeFirst()
  return row ? shaped(row) : null
}

/** The latest periods, newest first. */
export async function history(ctx: Ctx, model: string, most: number): Promise<Kept[]> {
  return (await kept(ctx, model).orderBy('period', 'desc').limit(most).execute()).map(shaped)
}

export async function keep(
  ctx: Ctx,
  model: string,
  period: string,
  it: { version: string; overall: string | null; results: Result[] },
): Promise<void> {
  const row = { version: it.version, overall: it.overall, results: JSON.stringify(it.results), computed_at: ctx.now }
  await of(ctx)
    .insertInto('maturity_result')
    .values({ model, scope: 'org', period, ...row })
    .onConflict(conflict => conflict.columns(['org', 'model', 'scope', 'period']).doUpdateSet(row))
    .execute()
}

export async function computedAt(ctx: Ctx): Promise<Date | null> {
  const row = await of(ctx)
    .selectFrom('maturity_result')
    .select(({ fn }) => fn.min<Date>('computed_at').as('at'))
    .where('period', '=', sql<string>`(select max(period) from maturity_result)`)
    .executeTakeFirst()
  return row?.at ?? null
}

// --- statements ---------------------------------------------------------------------------------------------------

export interface Statement {
  id: string
  indicator: string
  author: string
  text: string
  at: Date
  expires: Date
}

/** The statements that hold now, of one model; the latest last. */
export async function statements(ctx: Ctx, model: string): Promise<Statement[]> {
  const rows = await of(ctx)
    .selectFrom('attestation')
    .select(['id', 'indicator', 'author', 'text', 'at', 'expires_at'])
    .where('model', '=', model)
    .where('withdrawn_at', 'is', null)
    .where('expires_at', '>', ctx.now)
    .orderBy('at')
    .limit(1000)
    .execute()
  return rows.map(({ expires_at, ...row }) => ({ ...row, expires: expires_at }))
}

export const addStatement = (ctx: Ctx, model: string, { expires, ...it }: Statement): Promise<unknown> =>
  of(ctx)
    .insertInto('attestation')
    .values({ ...it, model, file: null, expires_at: expires, withdrawn_at: null, withdrawn_by: null })
    .execute()

export async function withdraw(ctx: Ctx, id: string): Promise<{ model: string; indicator: string } | undefined> {
  return of(ctx)
    .updateTable('attestation')
    .set({ withdrawn_at: ctx.now, withdrawn_by: ctx.actor.person })
    .where('id', '=', id)
    .where('withdrawn_at', 'is', null)
    .returning(['model', 'indicator'])
    .executeTakeFirst()
}

// --- an organisation's own models ---------------------------------------------------------------------------------

export interface Own {
  model: string
  revision: number
  base: string | null
  framework: Framework | null
  by: string | null
  at: Date
}

const revisionColumns = ['model', 'revision', 'base', 'framework', 'by', 'at'] as const
const asOwn = (row: Omit<RevisionTable, 'org'>): Own => ({ ...row, framework: row.framework as unknown as Framework | null })

/** The current form of each; removed ones have no framework. */
export async function ownModels(ctx: Ctx): Promise<Own[]> {
  const rows = await of(ctx)
    .selectFrom('model_revision')
    .select(revisionColumns)
    .distinctOn('model')
    .orderBy('model')
    .orderBy('revision', 'desc')
    .execute()
  return rows.map(asOwn)
}

export async function ownModel(ctx: Ctx, model: string, revision?: number): Promise<Own | null> {
  let query = of(ctx).selectFrom('model_revision').select(revisionColumns).where('model', '=', model)
  if (revision !== undefined) query = query.where('revision', '=', revision)
  const row = await query.orderBy('revision', 'desc').limit(1).executeTakeFirst()
  return row ? asOwn(row) : null
}

/** Its earlier forms, newest first, without their data. */
export const revisions = (ctx: Ctx, model: string): Promise<{ revision: number; by: string | null; at: Date; removed: boolean }[]> =>
  of(ctx)
    .selectFrom('model_revision')
    .select(({ eb }) => ['revision', 'by', 'at', eb('framework', 'is', null).$castTo<boolean>().as('removed')])
    .where('model', '=', model)
    .orderBy('revision', 'desc')
    .limit(200)
    .execute()

/** Adds the next form; false when somebody else was faster. */
export async function addRevision(ctx: Ctx, it: Omit<Own, 'at' | 'by'>): Promise<boolean> {
  const row = await of(ctx)
    .insertInto('model_revision')
    .values({ ...it, framework: it.framework && JSON.stringify(it.framework), by: ctx.actor.person, at: ctx.now })
    .onConflict(conflict => conflict.columns(['org', 'model', 'revision']).doNothing())
    .returning('revision')
    .executeTakeFirst()
  return row !== undefined
}
