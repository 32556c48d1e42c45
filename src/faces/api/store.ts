import { sql } from 'kysely'
import type { Ctx, Role } from '#kernel/context.ts'
import { inKernel, tables } from '#kernel/db.ts'
import { identityTables } from '#kernel/identity/store.ts'

export interface KeyHolder {
  key: string
  org: string
  account: string
  person: string
  role: Role
  scopes: string[]
  language: string | null
}

/** Who holds the key with this hash: only while key, membership and account are in force. */
export const holderOf = (hash: string): Promise<KeyHolder | null> =>
  inKernel(async db => {
    const row = await identityTables({ db })
      .selectFrom('api_key as k')
      .innerJoin('membership as m', join => join.onRef('m.org', '=', 'k.org').onRef('m.account', '=', 'k.account'))
      .innerJoin('account as a', 'a.id', 'k.account')
      .select(['k.id as key', 'k.org', 'k.account', 'm.person', 'm.role', 'k.scopes', 'a.language', 'k.used_at'])
      .where('k.hash', '=', hash)
      .where('k.revoked_at', 'is', null)
      .where('m.suspended_at', 'is', null)
      .where('a.suspended_at', 'is', null)
      .executeTakeFirst()
    if (!row) return null
    if (!row.used_at || row.used_at.getTime() < Date.now() - 60_000)
      await identityTables({ db }).updateTable('api_key').set({ used_at: new Date() }).where('id', '=', row.key).execute()
    return row
  })

interface IdempotencyTable {
  actor: string
  key: string
  request_hash: string
  status: number
  answer: string
  at: Date
}

const of = tables<{ idempotency: IdempotencyTable }>()

/** Takes the key for this transaction; false while another request has it. */
export async function takeKey(ctx: Ctx, actor: string, key: string): Promise<boolean> {
  const { rows } = await sql<{
    taken: boolean
  }>`select pg_try_advisory_xact_lock(hashtextextended(${`${ctx.org} ${actor} ${key}`}, 0)) as taken`.execute(ctx.db)
  return rows[0]!.taken
}

export const answered = (ctx: Ctx, actor: string, key: string): Promise<{ request_hash: string; answer: string } | undefined> =>
  of(ctx)
    .selectFrom('idempotency')
    .select(['request_hash', 'answer'])
    .where('actor', '=', actor)
    .where('key', '=', key)
    .where('at', '>', new Date(ctx.now.getTime() - 86_400_000))
    .executeTakeFirst()

export const keepAnswer = (ctx: Ctx, row: { actor: string; key: string; requestHash: string; answer: string }): Promise<unknown> =>
  of(ctx)
    .insertInto('idempotency')
    .values({ actor: row.actor, key: row.key, request_hash: row.requestHash, status: 200, answer: row.answer, at: ctx.now })
    .onConflict(conflict =>
      conflict.columns(['org', 'actor', 'key'] as never).doUpdateSet({ request_hash: row.requestHash, answer: row.answer, at: ctx.now }),
    )
    .execute()

export const forgetOld = (ctx: Ctx): Promise<unknown> =>
  of(ctx)
    .deleteFrom('idempotency')
    .where('at', '<', new Date(ctx.now.getTime() - 86_400_000))
    .execute()
