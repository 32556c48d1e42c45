import type { Ctx, Role } from '#kernel/context.ts'
import { tables } from '#kernel/db.ts'
import { json, identityTables as of } from '#kernel/identity/store.ts'

export interface Member {
  account: string
  person: string
  role: Role
  name: string
  email: string
  language: string | null
  createdAt: Date
  suspendedAt: Date | null
  secondFactor: boolean
}

const seen = (ctx: Ctx) =>
  of(ctx)
    .selectFrom('membership as m')
    .innerJoin('account as a', 'a.id', 'm.account')
    .select([
      'm.account',
      'm.person',
      'm.role',
      'm.created_at as createdAt',
      'm.suspended_at as suspendedAt',
      'a.name',
      'a.email',
      'a.language',
      'a.totp_since',
    ])

const shaped = ({ totp_since, ...row }: Omit<Member, 'secondFactor'> & { totp_since: Date | null }): Member => ({
  ...row,
  secondFactor: totp_since !== null,
})

/** By name; after `after` (a name and account joined by a newline). */
export async function members(ctx: Ctx, filter: { q?: string; after?: string; limit: number }): Promise<Member[]> {
  let query = seen(ctx).orderBy('a.name').orderBy('m.account').limit(filter.limit)
  if (filter.q) {
    const like = `%${filter.q.replace(/[\\%_]/g, '\\$&')}%`
    query = query.where(eb => eb.or([eb('a.name', 'ilike', like), eb('a.email', 'ilike', like)]))
  }
  const [name, account] = filter.after?.split('\n') ?? []
  if (name !== undefined && account) query = query.where(eb => eb(eb.refTuple('a.name', 'm.account'), '>', eb.tuple(name, account)))
  return (await query.execute()).map(shaped)
}

export async function member(ctx: Ctx, account: string): Promise<Member | null> {
  const row = await seen(ctx).where('m.account', '=', account).executeTakeFirst()
  return row ? shaped(row) : null
}

/** Whoever has a membership, suspended or not. */
export async function memberByPerson(ctx: Ctx, person: string): Promise<Member | null> {
  const row = await seen(ctx).where('m.person', '=', person).executeTakeFirst()
  return row ? shaped(row) : null
}

export async function memberByEmail(ctx: Ctx, email: string): Promise<Member | null> {
  const row = await seen(ctx).where('a.email', '=', email).executeTakeFirst()
  return row ? shaped(row) : null
}

export const byRoles = async (ctx: Ctx, roles: readonly Role[]): Promise<Member[]> =>
  (
    await seen(ctx)
      .where('m.role', 'in', [...roles])
      .where('m.suspended_at', 'is', null)
      .orderBy('a.name')
      .limit(500)
      .execute()
  ).map(shaped)

export const setRole = (ctx: Ctx, account: string, role: Role): Promise<unknown> =>
  of(ctx).updateTable('membership').set({ role }).where('account', '=', account).execute()
export const setSuspended = (ctx: Ctx, account: string, at: Date | null): Promise<unknown> =>
  of(ctx).updateTable('membership').set({ suspended_at: at }).where('account', '=', account).execute()

/** Owners that could sign in, besides this one; locked, so that two cannot step down at once. */
export async function ownersBeside(ctx: Ctx, account: string): Promise<number> {
  const rows = await of(ctx)
    .selectFrom('membership')
    .select('account')
    .where('role', '=', 'owner')
    .where('suspended_at', 'is', null)
    .forUpdate()
    .execute()
  return rows.filter(row => row.account !== account).length
}

export const stepsAway = async (ctx: Ctx, account: string): Promise<boolean> =>
  Boolean(
    await of(ctx)
      .selectFrom('membership')
      .select('account')
      .where('account', '=', account)
      .where('steps_away_at', 'is not', null)
      .executeTakeFirst(),
  )
export const putStepsAway = (ctx: Ctx, account: string, at: Date | null): Promise<unknown> =>
  of(ctx).updateTable('membership').set({ steps_away_at: at }).where('account', '=', account).execute()

export interface Invitation {
  hash: string
  email: string
  role: Role
  expiresAt: Date
}

export async function invitations(ctx: Ctx): Promise<Invitation[]> {
  const rows = await of(ctx)
    .selectFrom('one_time_token')
    .select(['hash', 'detail', 'expires_at'])
    .where('org', '=', ctx.org)
    .where('purpose', '=', 'invitation')
    .where('used_at', 'is', null)
    .where('expires_at', '>', ctx.now)
    .orderBy('created_at', 'desc')
    .limit(200)
    .execute()
  return rows.map(row => ({ hash: row.hash, expiresAt: row.expires_at, ...(row.detail as { email: string; role: Role }) }))
}

export const withdraw = (ctx: Ctx, hash: string): Promise<{ numDeletedRows: bigint }> =>
  of(ctx)
    .deleteFrom('one_time_token')
    .where('hash', '=', hash)
    .where('org', '=', ctx.org)
    .where('purpose', '=', 'invitation')
    .executeTakeFirstOrThrow()

export interface OrganisationRow {
  id: string
  name: string
  slug: string
  language: string
  zone: string
  settings: unknown
  demo: boolean
}

export const organisation = (ctx: Ctx): Promise<OrganisationRow> =>
  of(ctx)
    .selectFrom('organisation')
    .select(['id', 'name', 'slug', 'language', 'zone', 'settings', 'demo'])
    .where('id', '=', ctx.org)
    .executeTakeFirstOrThrow()

export const changeOrganisation = (
  ctx: Ctx,
  set: { name?: string; language?: string; zone?: string; settings?: object },
): Promise<unknown> =>
  of(ctx)
    .updateTable('organisation')
    .set({
      ...(set.name && { name: set.name }),
      ...(set.language && { language: set.language }),
      ...(set.zone && { zone: set.zone }),
      ...(set.settings && { settings: json(set.settings) }),
    })
    .where('id', '=', ctx.org)
    .execute()

export interface AuditRow {
  id: string
  at: Date
  person: string | null
  via: string
  action: string
}

const auditTables = tables<{ audit: AuditRow }>()

export const audit = (ctx: Ctx, filter: { before?: string; limit: number }): Promise<AuditRow[]> => {
  let query = auditTables(ctx).selectFrom('audit').select(['id', 'at', 'person', 'via', 'action']).orderBy('id', 'desc').limit(filter.limit)
  if (filter.before) query = query.where('id', '<', filter.before)
  return query.execute()
}
