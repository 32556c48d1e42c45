import { sql } from 'kysely'
import type { Ctx, Db, Role } from '#kernel/context.ts'
import { inKernel } from '#kernel/db.ts'
import { identityTables as of } from '#kernel/identity/store.ts'

/** An account, across organisations: sign-ins belong to the installation. */
export interface Account {
  id: string
  email: string
  name: string
  password: string | null
  language: string | null
  shortcuts: boolean
  totp_secret: string | null
  totp_since: Date | null
  totp_last_step: number
  suspended_at: Date | null
}

const fields = [
  'id',
  'email',
  'name',
  'password',
  'language',
  'shortcuts',
  'totp_secret',
  'totp_since',
  'totp_last_step',
  'suspended_at',
] as const

export const accountByEmail = (db: Db, email: string): Promise<Account | undefined> =>
  of({ db }).selectFrom('account').select(fields).where('email', '=', email).executeTakeFirst()

export const accountById = (db: Db, id: string): Promise<Account | undefined> =>
  of({ db }).selectFrom('account').select(fields).where('id', '=', id).executeTakeFirst()

export const addAccount = (
  db: Db,
  account: { id: string; email: string; name: string; password: string | null; language: string | null; at: Date },
): Promise<unknown> =>
  of({ db })
    .insertInto('account')
    .values({
      id: account.id,
      email: account.email,
      name: account.name,
      password: account.password,
      language: account.language,
      theme: null,
      totp_secret: null,
      totp_since: null,
      totp_last_step: 0,
      shortcuts: true,
      created_at: account.at,
      suspended_at: null,
    })
    .execute()

export const changeAccount = (
  db: Db,
  id: string,
  set: Partial<{
    name: string
    password: string
    language: string | null
    theme: string | null
    shortcuts: boolean
    totp_secret: string | null
    totp_since: Date | null
    totp_last_step: number
  }>,
): Promise<unknown> =>
  Object.keys(set).length === 0 ? Promise.resolve() : of({ db }).updateTable('account').set(set).where('id', '=', id).execute()

/** True when this step had not been used: of two at the same time only one gets it. */
export async function useStep(db: Db, id: string, step: number): Promise<boolean> {
  const rows = await of({ db })
    .updateTable('account')
    .set({ totp_last_step: step })
    .where('id', '=', id)
    .where('totp_last_step', '<', step)
    .returning('id')
    .execute()
  return rows.length === 1
}

export async function useRecoveryCode(db: Db, account: string, hash: string, at: Date): Promise<boolean> {
  const rows = await of({ db })
    .updateTable('recovery_code')
    .set({ used_at: at })
    .where('account', '=', account)
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .returning('hash')
    .execute()
  return rows.length === 1
}

export const anyOrganisation = (): Promise<boolean> =>
  inKernel(async db =>
    Boolean(await of({ db }).selectFrom('organisation').select('id').where('demo', '=', false).limit(1).executeTakeFirst()),
  )

export const addOrganisation = (
  db: Db,
  organisation: { id: string; name: string; slug: string; language: string; zone: string; about?: string; demo?: boolean; at: Date },
): Promise<unknown> =>
  of({ db })
    .insertInto('organisation')
    .values({
      id: organisation.id,
      name: organisation.name,
      slug: organisation.slug,
      language: organisation.language,
      zone: organisation.zone,
      settings: organisation.about ? { about: organisation.about } : {},
      demo: organisation.demo ?? false,
      created_at: organisation.at,
    })
    .execute()

export const slugTaken = async (db: Db, slug: string): Promise<boolean> =>
  Boolean(await of({ db }).selectFrom('organisation').select('id').where('slug', '=', slug).executeTakeFirst())

export const addMembership = (db: Db, member: { org: string; account: string; person: string; role: Role; at: Date }): Promise<unknown> =>
  of({ db })
    .insertInto('membership')
    .values({
      org: member.org,
      account: member.account,
      person: member.person,
      role: member.role,
      created_at: member.at,
      suspended_at: null,
    })
    .execute()

export interface Belongs {
  org: string
  name: string
  role: Role
  demo: boolean
}

export const organisationsOf = (account: string): Promise<Belongs[]> =>
  inKernel(db =>
    of({ db })
      .selectFrom('membership as m')
      .innerJoin('organisation as o', 'o.id', 'm.org')
      .select(['m.org', 'o.name', 'm.role', 'o.demo'])
      .where('m.account', '=', account)
      .where('m.suspended_at', 'is', null)
      .orderBy('o.name')
      .execute(),
  )

/** One member of each role in the demonstration. */
export const demoMembers = (): Promise<{ account: string; org: string; name: string; role: Role }[]> =>
  inKernel(db =>
    of({ db })
      .selectFrom('membership as m')
      .innerJoin('organisation as o', 'o.id', 'm.org')
      .innerJoin('account as a', 'a.id', 'm.account')
      .distinctOn('m.role')
      .select(['m.account', 'm.org', 'a.name', 'm.role'])
      .where('o.demo', '=', true)
      .orderBy('m.role')
      .orderBy('m.created_at')
      .execute(),
  )

export const isDemo = async (ctx: Ctx): Promise<boolean> =>
  Boolean(await of(ctx).selectFrom('organisation').select('id').where('id', '=', ctx.org).where('demo', '=', true).executeTakeFirst())

export const accountsOf = (org: string): Promise<string[]> =>
  inKernel(async db => {
    const rows = await of({ db }).selectFrom('membership').select('account').where('org', '=', org).execute()
    return rows.map(row => row.account)
  })

/** What is being worked out over it at that moment may hold rows that are to go, and wait for ones that went: then the database ends one of the two. */
export async function removeDemo(org: string, tries = 5): Promise<void> {
  try {
    await inKernel(async db => void (await sql`select remove_demonstration(${org})`.execute(db)))
  } catch (error) {
    if ((error as { code?: string }).code !== '40P01' || tries <= 1) throw error
    await removeDemo(org, tries - 1)
  }
}

export interface PublicOrganisation {
  id: string
  name: string
  slug: string
  about: string
  demo: boolean
}

/** The one that is called so in addresses, or has this id; without either the one that the house is known for. */
export const publicOrganisation = (called?: string): Promise<PublicOrganisation | null> =>
  inKernel(async db => {
    const rows = of({ db })
      .selectFrom('organisation')
      .select(['id', 'name', 'slug', 'settings', 'demo'])
      .orderBy('demo')
      .orderBy('created_at')
    const row = await (called === undefined ? rows : rows.where(sql<boolean>`${called} in (slug, id::text)`)).limit(1).executeTakeFirst()
    if (!row) return null
    const { settings, ...known } = row
    const about = (settings as { about?: unknown }).about
    return { ...known, about: typeof about === 'string' ? about : '' }
  })
