/** The one way to the database: a transaction of one organisation, as a role that row-level security holds. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import { now } from './clock.ts'
import { type Actor, type Ctx, type Db, system } from './context.ts'
import { refuse } from './errors.ts'
import { gate } from './gate.ts'
import { inLanguage, isLanguage, type Language, language } from './messages.ts'
import { inTransaction } from './transaction.ts'

// Counts and sizes stay far below 2^53, so they are read as numbers; dates without a time stay text.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.DATE, text => text)

export interface OrganisationTable {
  id: string
  name: string
  slug: string
  language: string
  zone: string
  settings: Record<string, unknown>
  demo: boolean
  created_at: Date
}

let pool: pg.Pool | undefined

/** Connections for whoever opens a second transaction inside a first: if the first ones took them all, they would wait for each other for good. */
const reserve = 2
let turns = gate(1)
/** Pages that are read at once: more of them only keep each other waiting. A slow one keeps nobody waiting for longer than a tenth of a second. */
const looks = gate(4, 100)
/** Connections that stay open while nobody asks. */
const kept = 2

/** Opens the pool of the server's own, unprivileged role. */
export function openDatabase(url: string, connections = 16): void {
  turns = gate(Math.max(1, connections - reserve))
  pool = new pg.Pool({
    connectionString: url,
    max: connections,
    // Those who read have pauses; a connection that is kept knows its statements and their plans, a new one first has to learn them.
    min: kept,
    // A new connection costs more than ten pages: those of one rush are there for the next.
    idleTimeoutMillis: 60_000,
    pipeline: true,
    options: '-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000',
  })
  pool.on('error', () => {}) // A connection that breaks while idle is replaced at the next use.
  pool.on('connect', client => client.on('error', () => {})) // Of one that breaks while it is held, the next statement tells whoever holds it.
}

export async function closeDatabase(): Promise<void> {
  await pool?.end()
  pool = undefined
}

/** The bare pool, for the kernel's own listeners and jobs. */
export function bare(): pg.Pool {
  if (!pool) throw new Error('The database is not open yet')
  return pool
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** A store's view of the transaction: only its own tables have a type. */
export function tables<Tables>(): (ctx: { db: Db }) => Kysely<Tables> {
  return ctx => ctx.db as unknown as Kysely<Tables>
}

/** `id = any of these`, planned once whatever their number: a list of values has a plan of its own for each length, and is planned again each time. */
export const among = (ids: readonly string[]): RawBuilder<string> => sql`any(array(select unnest(${ids}::uuid[])))`

const orgTables = tables<{ organisation: OrganisationTable }>()
const known = new Map<string, { language: Language; zone: string; at: number }>()

/** What the organisation's people expect when they have not chosen themselves; remembered for a minute. */
async function habitsOf(db: Db, org: string): Promise<{ language: Language; zone: string }> {
  const kept = known.get(org)
  if (kept && kept.at > Date.now() - 60_000) return kept
  const row = await orgTables({ db }).selectFrom('organisation').select(['language', 'zone']).where('id', '=', org).executeTakeFirst()
  const habits = { language: isLanguage(row?.language) ? row.language : ('en' as const), zone: row?.zone ?? 'UTC', at: Date.now() }
  if (row) known.set(org, habits)
  return habits
}

export const forgetHabits = (org: string): boolean => known.delete(org)

const holding = new AsyncLocalStorage<true>()

/** A transaction in its turn; one inside another does not wait for its turn, because the other would wait with it. */
function transaction<T>(settings: string, run: (db: Db) => Promise<T>, looking = false): Promise<T> {
  const begin = () => holding.run(true, () => inTransaction(bare(), settings, run))
  if (holding.getStore()) return begin()
  return looking ? looks(() => turns(begin)) : turns(begin)
}

const current = new AsyncLocalStorage<Ctx>()
/** The transaction that is under way, if any: a second one inside it would wait for itself. */
export const insideTransaction = (): boolean => current.getStore() !== undefined

const lookingAround = '; set local synchronous_commit = off'

/** Who reads, for the wall around what is closed: the house itself is nobody, and before it no door is shut. */
const readerOf = ({ kind, person }: Actor): string => (kind === 'system' ? '00000000-0000-0000-0000-000000000000' : (person ?? ''))

/** One transaction of one organisation. Commits when `run` resolves, rolls back when it throws; what was put off runs after the commit. */
export async function inOrg<T>(org: string, actor: Actor, run: (ctx: Ctx) => Promise<T>, { looking = false } = {}): Promise<T> {
  if (!uuid.test(org)) refuse('notFound', 'kernel.notFound')
  const after: Ctx['after'] = []
  const reader = readerOf(actor)
  if (reader && !uuid.test(reader)) refuse('notFound', 'kernel.notFound')
  const limits = `set local trefoil.org = '${org}'; set local trefoil.reader = '${reader}'`
  const within = async (db: Db) => {
    const habits = await habitsOf(db, org)
    const ctx: Ctx = {
      org,
      actor,
      db,
      now: now(),
      language: actor.kind === 'person' ? language() : habits.language,
      zone: habits.zone,
      looking,
      after,
      before: new Map(),
    }
    const work = () =>
      current.run(ctx, async () => {
        const value = await run(ctx)
        for (const [, finish] of ctx.before) await finish(ctx)
        return value
      })
    // The house itself speaks as its organisation does.
    return actor.kind === 'system' ? inLanguage(habits.language, work, habits.zone) : work()
  }
  const result = await transaction(`${limits}${looking ? lookingAround : ''}`, within, looking)
  for (const put of after) await put()
  return result
}

export const asSystem = <T>(org: string, run: (ctx: Ctx) => Promise<T>): Promise<T> => inOrg(org, system, run)

/** For the kernel alone, before an organisation is known: sign-in, keys, invitations, the list of organisations. */
export const inKernel = <T>(run: (db: Db) => Promise<T>): Promise<T> => transaction(`set local trefoil.scope = 'kernel'`, run)

/** All organisations of this installation, oldest first. */
export const organisations = (): Promise<OrganisationTable[]> =>
  inKernel(db => orgTables({ db }).selectFrom('organisation').selectAll().orderBy('id').execute())

/** Does the database answer? For health checks. */
export async function databaseAnswers(): Promise<boolean> {
  try {
    await bare().query('select 1')
    return true
  } catch {
    return false
  }
}
