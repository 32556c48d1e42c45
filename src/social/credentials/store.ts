import type { Ctx, Db } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import { identityTables as of } from '#kernel/identity/store.ts'

export async function replaceRecoveryCodes(db: Db, account: string, hashes: string[]): Promise<void> {
  await of({ db }).deleteFrom('recovery_code').where('account', '=', account).execute()
  if (hashes.length)
    await of({ db })
      .insertInto('recovery_code')
      .values(hashes.map(hash => ({ account, hash, used_at: null })))
      .execute()
}

export async function recoveryCodesLeft(db: Db, account: string): Promise<number> {
  const row = await of({ db })
    .selectFrom('recovery_code')
    .select(eb => eb.fn.countAll<number>().as('left'))
    .where('account', '=', account)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow()
  return row.left
}

interface KeySeen {
  id: string
  name: string
  hint: string
  scopes: string[]
  created_at: Date
  used_at: Date | null
}

const keys = tables<{ api_key: KeySeen & { account: string; hash: string; revoked_at: Date | null } }>()

export const keysOf = (ctx: Ctx, account: string): Promise<KeySeen[]> =>
  keys(ctx)
    .selectFrom('api_key')
    .select(['id', 'name', 'hint', 'scopes', 'created_at', 'used_at'])
    .where('account', '=', account)
    .where('revoked_at', 'is', null)
    .orderBy('id', 'desc')
    .execute()

export const addKey = (
  ctx: Ctx,
  key: { id: string; account: string; name: string; hash: string; hint: string; scopes: string[] },
): Promise<unknown> =>
  keys(ctx)
    .insertInto('api_key')
    .values({ ...key, created_at: ctx.now, used_at: null, revoked_at: null })
    .execute()

export async function revokeKey(ctx: Ctx, account: string, id: string): Promise<string | null> {
  const row = await keys(ctx)
    .updateTable('api_key')
    .set({ revoked_at: ctx.now })
    .where('id', '=', id)
    .where('account', '=', account)
    .where('revoked_at', 'is', null)
    .returning('name')
    .executeTakeFirst()
  return row?.name ?? null
}
