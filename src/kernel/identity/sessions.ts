/** Sessions: a random token in a cookie, its hash here. Idle and absolute end; ended ones lose every open stream within seconds. */
import { now } from '../clock.ts'
import type { Actor, Db, Role } from '../context.ts'
import { hashOf, newToken } from '../crypto.ts'
import { bare, inKernel } from '../db.ts'
import { newId } from '../ids.ts'
import { hear, type News } from '../live.ts'
import { identityTables as of } from './store.ts'

export interface SignedIn {
  session: string
  account: string
  email: string
  accountName: string
  language: string | null
  theme: string | null
  shortcuts: boolean
  /** False between the first and the second factor: such a session opens only the second. */
  complete: boolean
  org: string | null
  orgName: string | null
  demo: boolean
  person: string | null
  role: Role | null
  /** The other organisations that this account may open. */
  others: { org: string; name: string }[]
}

export interface SessionLimits {
  idleDays: number
  absoluteDays: number
}

let limits: SessionLimits = { idleDays: 14, absoluteDays: 90 }
export const useSessionLimits = (given: SessionLimits): void => void (limits = given)

const day = 86_400_000

/** A new session, always with a new token: at sign-in, at the second factor, at a change of role. Returns the token for the cookie. */
export async function openSession(
  account: string,
  about: { complete: boolean; agent: string; address: string; org?: string | null },
): Promise<string> {
  const token = newToken()
  const at = now()
  await inKernel(async db => {
    const org = about.org ?? (await firstOrg(account))
    await of({ db })
      .insertInto('session')
      .values({
        id: newId(),
        token_hash: hashOf(token),
        account,
        opened_org: org,
        complete_at: about.complete ? at : null,
        created_at: at,
        seen_at: at,
        agent: about.agent.slice(0, 300),
        address: about.address.slice(0, 100),
      })
      .execute()
  })
  return token
}

const firstOrg = (account: string): Promise<string | null> =>
  inKernel(async db => {
    const row = await of({ db })
      .selectFrom('membership')
      .select('org')
      .where('account', '=', account)
      .where('suspended_at', 'is', null)
      .orderBy('created_at')
      .limit(1)
      .executeTakeFirst()
    return row?.org ?? null
  })

const cached = new Map<string, { until: number; who: SignedIn | null }>()
const trust = 5_000

/** Who has this token. Remembered for five seconds, and forgotten at once when something about it changes. */
export async function whoHas(token: string): Promise<SignedIn | null> {
  const hash = hashOf(token)
  const kept = cached.get(hash)
  if (kept && kept.until > Date.now()) return kept.who
  const who = await lookUp(hash)
  if (cached.size > 10_000) cached.clear()
  cached.set(hash, { until: Date.now() + trust, who })
  return who
}

/** Before the second factor nothing is told but whose sign-in it is. */
const half = { complete: false, org: null, orgName: null, demo: false, person: null, role: null }

async function lookUp(hash: string): Promise<SignedIn | null> {
  const at = now()
  return inKernel(async db => {
    const row = await of({ db })
      .selectFrom('session as s')
      .innerJoin('account as a', 'a.id', 's.account')
      .leftJoin('membership as m', join =>
        join.onRef('m.account', '=', 's.account').onRef('m.org', '=', 's.opened_org').on('m.suspended_at', 'is', null),
      )
      .leftJoin('organisation as o', 'o.id', 'm.org')
      .select([
        's.id',
        's.account',
        's.complete_at',
        's.seen_at',
        'a.email',
        'a.name',
        'a.language',
        'a.theme',
        'a.shortcuts',
        'm.org',
        'm.person',
        'm.role',
        'o.name as org_name',
        'o.demo',
      ])
      .where('s.token_hash', '=', hash)
      .where('a.suspended_at', 'is', null)
      .where('s.created_at', '>', new Date(at.getTime() - limits.absoluteDays * day))
      .where('s.seen_at', '>', new Date(at.getTime() - limits.idleDays * day))
      .executeTakeFirst()
    if (!row) return null
    if (row.seen_at.getTime() < at.getTime() - 300_000)
      await of({ db }).updateTable('session').set({ seen_at: at }).where('id', '=', row.id).execute()
    const all = await organisationsOf(db, row.account)
    return {
      session: row.id,
      account: row.account,
      email: row.email,
      accountName: row.name,
      language: row.language,
      theme: row.theme,
      shortcuts: row.shortcuts,
      ...(row.complete_at === null
        ? half
        : { complete: true, org: row.org, orgName: row.org_name, demo: row.demo ?? false, person: row.person, role: row.role }),
      others: all.filter(each => each.org !== row.org),
    }
  })
}

const organisationsOf = (db: Db, account: string): Promise<{ org: string; name: string }[]> =>
  of({ db })
    .selectFrom('membership as m')
    .innerJoin('organisation as o', 'o.id', 'm.org')
    .select(['m.org', 'o.name'])
    .where('m.account', '=', account)
    .where('m.suspended_at', 'is', null)
    .orderBy('o.name')
    .limit(50)
    .execute()

export const actorOf = (who: SignedIn, via: Actor['via'] = 'page'): Actor => ({
  kind: 'person',
  account: who.account,
  person: who.person,
  role: who.complete ? who.role : null,
  via,
  session: who.session,
})

export interface SessionSeen {
  id: string
  agent: string
  address: string
  createdAt: Date
  seenAt: Date
}

export const sessionsOf = (account: string): Promise<SessionSeen[]> =>
  inKernel(async db => {
    const rows = await of({ db })
      .selectFrom('session')
      .selectAll()
      .where('account', '=', account)
      .orderBy('seen_at', 'desc')
      .limit(100)
      .execute()
    return rows.map(row => ({ id: row.id, agent: row.agent, address: row.address, createdAt: row.created_at, seenAt: row.seen_at }))
  })

/** Ends sessions of an account: one, or all, or all but one. Their open streams are cut in every process. */
export async function endSessions(account: string, which: { only?: string; except?: string } = {}): Promise<number> {
  const ended = await inKernel(async db => {
    let query = of({ db }).deleteFrom('session').where('account', '=', account)
    if (which.only) query = query.where('id', '=', which.only)
    if (which.except) query = query.where('id', '!=', which.except)
    return query.returning('id').execute()
  })
  // A hundred at a time: the database passes on no more than 8000 bytes at once.
  for (let at = 0; at < Math.max(1, ended.length); at += 100) await told({ ended: ended.slice(at, at + 100).map(row => row.id) })
  return ended.length
}

/** After a change of role, membership or second factor: everyone asks again who this is. */
export const accountChanged = (account: string): Promise<void> => told({ changed: account })

async function told(detail: { ended?: string[]; changed?: string }): Promise<void> {
  cached.clear()
  await bare().query('select pg_notify($1, $2)', [
    'live',
    JSON.stringify({ org: '*', topics: [], kind: 'sessions', detail } satisfies News),
  ])
}

/** Other processes' news empty the memory here as well. */
export const watchSessions = (): (() => void) => hear(news => void (news.kind === 'sessions' && cached.clear()))

/** Opens another of the account's organisations in this session. */
export async function openOrganisation(session: string, account: string, org: string): Promise<boolean> {
  const done = await inKernel(async db => {
    const member = await of({ db })
      .selectFrom('membership')
      .select('org')
      .where('account', '=', account)
      .where('org', '=', org)
      .where('suspended_at', 'is', null)
      .executeTakeFirst()
    if (!member) return false
    await of({ db }).updateTable('session').set({ opened_org: org }).where('id', '=', session).where('account', '=', account).execute()
    return true
  })
  cached.clear()
  return done
}
