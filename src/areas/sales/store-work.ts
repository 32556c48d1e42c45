/** What opportunities consist of and are sorted by: products, stages, reasons, the usual currency. */
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import { totalOf } from './rules.ts'
import type { Ending, Line, Reason, Stage } from './words.ts'

interface LineTable {
  id: string
  opportunity: string
  name: string
  thousandths: number
  unit: number
  discount: number
  removed_at: Date | null
}

interface StageTable {
  id: string
  name: string | null
  chance: number
  place: number
  archived_at: Date | null
}

const of = tables<{
  opportunity_line: LineTable
  sales_stage: StageTable
  sales_reason: Omit<StageTable, 'chance'> & { ends: Ending }
  sales_rules: { currency: string }
}>()

// —— products ——

const shown = ({ id, name, thousandths, unit, discount }: LineTable): Line => {
  const said = { quantity: thousandths / 1000, unit, discount: discount / 100 }
  return { id, name, ...said, total: totalOf(said) }
}

export const lines = async (ctx: Ctx, opportunity: string): Promise<Line[]> =>
  (
    await of(ctx)
      .selectFrom('opportunity_line')
      .selectAll()
      .where('opportunity', '=', opportunity)
      .where('removed_at', 'is', null)
      .orderBy('id')
      .limit(200)
      .execute()
  ).map(shown)

export type Said = Pick<Line, 'name' | 'quantity' | 'unit' | 'discount'>

const kept = ({ name, quantity, unit, discount }: Said) => ({
  ...{ name, unit },
  thousandths: Math.round(quantity * 1000),
  discount: Math.round(discount * 100),
})

export const addLine = (ctx: Ctx, id: string, opportunity: string, said: Said): Promise<unknown> =>
  of(ctx)
    .insertInto('opportunity_line')
    .values({ id, opportunity, ...kept(said), removed_at: null })
    .execute()

/** Also one that was taken out. */
export async function line(ctx: Ctx, id: string): Promise<(Line & { opportunity: string; removedAt: Date | null }) | undefined> {
  const row = await of(ctx).selectFrom('opportunity_line').selectAll().where('id', '=', id).executeTakeFirst()
  return row && { ...shown(row), opportunity: row.opportunity, removedAt: row.removed_at }
}

export const changeLine = (ctx: Ctx, id: string, said: Said): Promise<unknown> =>
  of(ctx).updateTable('opportunity_line').set(kept(said)).where('id', '=', id).execute()

export const removeLine = (ctx: Ctx, id: string, removed_at: Date | null): Promise<unknown> =>
  of(ctx).updateTable('opportunity_line').set({ removed_at }).where('id', '=', id).execute()

// —— stages and reasons that are not as usual ——

const nobodyKnows = sql<null>`null`.as('usual')

export const stages = (ctx: Ctx): Promise<Stage[]> =>
  of(ctx)
    .selectFrom('sales_stage')
    .select(['id', 'name', 'chance', 'place', 'archived_at as archivedAt', nobodyKnows])
    .orderBy('id')
    .limit(200)
    .execute()

export const reasons = (ctx: Ctx): Promise<Reason[]> =>
  of(ctx)
    .selectFrom('sales_reason')
    .select(['id', 'name', 'ends', 'place', 'archived_at as archivedAt', nobodyKnows])
    .orderBy('id')
    .limit(400)
    .execute()

export function putStage(ctx: Ctx, { id, name, chance, place, archivedAt }: Stage): Promise<unknown> {
  const set = { name, chance, place, archived_at: archivedAt }
  const query = of(ctx)
    .insertInto('sales_stage')
    .values({ id, ...set })
  return query.onConflict(there => there.constraint('sales_stage_pkey').doUpdateSet(set)).execute()
}

export function putReason(ctx: Ctx, { id, name, ends, place, archivedAt }: Reason): Promise<unknown> {
  const set = { name, ends, place, archived_at: archivedAt }
  const query = of(ctx)
    .insertInto('sales_reason')
    .values({ id, ...set })
  return query.onConflict(there => there.constraint('sales_reason_pkey').doUpdateSet(set)).execute()
}

export const usualCurrency = 'EUR'

export async function currency(ctx: Ctx): Promise<string> {
  return (await of(ctx).selectFrom('sales_rules').select('currency').executeTakeFirst())?.currency ?? usualCurrency
}

export const setCurrency = (ctx: Ctx, code: string): Promise<unknown> =>
  of(ctx)
    .insertInto('sales_rules')
    .values({ currency: code })
    .onConflict(there => there.constraint('sales_rules_pkey').doUpdateSet({ currency: code }))
    .execute()
