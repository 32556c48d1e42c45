import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import type { Way } from '#kernel/keeps.ts'

const of = tables<{ draft: { person: string; key: string; body: unknown; at: Date } }>()

export interface Draft {
  key: string
  body: unknown
  at: Date
}

export const list = (ctx: Ctx, person: string): Promise<Draft[]> =>
  of(ctx).selectFrom('draft').select(['key', 'body', 'at']).where('person', '=', person).orderBy('at', 'desc').limit(100).execute()

export const one = (ctx: Ctx, person: string, key: string): Promise<Draft | undefined> =>
  of(ctx).selectFrom('draft').select(['key', 'body', 'at']).where('person', '=', person).where('key', '=', key).executeTakeFirst()

export async function others(ctx: Ctx, person: string, key: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from draft where person = ${person} and key <> ${key}`.execute(
    ctx.db,
  )
  return rows[0]!.count
}

export async function keep(ctx: Ctx, person: string, key: string, body: string): Promise<void> {
  await of(ctx)
    .insertInto('draft')
    .values({ person, key, body: sql`${body}::jsonb`, at: ctx.now })
    .onConflict(conflict => conflict.columns(['org', 'person', 'key'] as never).doUpdateSet({ body: sql`excluded.body`, at: ctx.now }))
    .execute()
}

export const drop = (ctx: Ctx, person: string, key: string): Promise<unknown> =>
  of(ctx).deleteFrom('draft').where('person', '=', person).where('key', '=', key).execute()

/** Under another key from now on, for everybody who has none there. */
export const rename = (ctx: Ctx, from: string, to: string): Promise<unknown> =>
  sql`update draft d set key = ${to} where d.key = ${from} and not exists (select from draft o where o.person = d.person and o.key = ${to})`.execute(
    ctx.db,
  )

/** What is being written to or about somebody bears the id of what it belongs to in its key. */
export const aboutThem: Way = ids =>
  sql<boolean>`substring(key from '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}')::uuid in ${ids()}`
