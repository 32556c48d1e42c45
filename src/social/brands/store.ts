import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Brand } from './words.ts'

export interface BrandRow extends Omit<Brand, 'accounts'> {
  created_at: Date
  removed_at: Date | null
}

export interface FillingRow {
  upto: string | null
  since: Date | null
  until: Date
  ended_at: Date | null
}

const of = tables<{
  brand_filling: FillingRow
  brand: BrandRow
  brand_account: { account: string; brand: string; since: Date }
  account_card: { id: string }
}>()

export const all = (ctx: Ctx): Promise<BrandRow[]> =>
  of(ctx).selectFrom('brand').selectAll().where('removed_at', 'is', null).orderBy('name').orderBy('id').execute()

/** Also one that was removed; held until the end of the transaction. */
export const one = (ctx: Ctx, id: string): Promise<BrandRow | undefined> =>
  of(ctx).selectFrom('brand').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const add = (ctx: Ctx, row: BrandRow): Promise<unknown> => of(ctx).insertInto('brand').values(row).execute()

export const change = (ctx: Ctx, id: string, change: Partial<BrandRow>): Promise<unknown> =>
  of(ctx).updateTable('brand').set(change).where('id', '=', id).execute()

/** Which connected account belongs to which brand, of the brands that there are. */
export const placed = (ctx: Ctx): Promise<{ account: string; brand: string }[]> =>
  of(ctx)
    .selectFrom('brand_account')
    .innerJoin('brand', 'brand.id', 'brand_account.brand')
    .innerJoin('account_card', 'account_card.id', 'brand_account.account')
    .select(['brand_account.account', 'brand_account.brand'])
    .where('brand.removed_at', 'is', null)
    .execute()

export async function place(ctx: Ctx, account: string, brand: string | null): Promise<void> {
  if (brand === null) await of(ctx).deleteFrom('brand_account').where('account', '=', account).execute()
  else
    await of(ctx)
      .insertInto('brand_account')
      .values({ account, brand, since: ctx.now })
      .onConflict(there => there.constraint('brand_account_pkey').doUpdateSet({ brand, since: ctx.now }))
      .execute()
}

/** All that belong to it, also while it is removed. */
export async function placedIn(ctx: Ctx, brand: string): Promise<string[]> {
  const rows = await of(ctx).selectFrom('brand_account').select('account').where('brand', '=', brand).execute()
  return rows.map(({ account }) => account)
}

/** Of these files those that are the logo of a brand. */
export async function logosAmong(ctx: Ctx, files: string[]): Promise<Set<string>> {
  const rows = await of(ctx).selectFrom('brand').select('logo').where('logo', 'in', files).execute()
  return new Set(rows.flatMap(row => row.logo ?? []))
}

export const isAny = async (ctx: Ctx): Promise<boolean> =>
  Boolean(await of(ctx).selectFrom('brand').select('id').limit(1).executeTakeFirst())

export const filling = (ctx: Ctx): Promise<FillingRow | undefined> =>
  of(ctx).selectFrom('brand_filling').select(['upto', 'since', 'until', 'ended_at']).executeTakeFirst()

export const keepFilling = (ctx: Ctx, row: FillingRow): Promise<unknown> =>
  of(ctx)
    .insertInto('brand_filling')
    .values(row)
    .onConflict(there => there.constraint('brand_filling_pkey').doUpdateSet(row))
    .execute()
