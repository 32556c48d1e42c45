/** How the database is: its walls, its migrations, its work, its pages. */
import pg from 'pg'
import type { Migration } from '../migrate.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

type Look = (client: pg.Client) => Promise<Finding>

/** `deep` reads every index as well; on a large database that takes minutes. */
export async function databaseFindings(ownerUrl: string, migrations: Migration[], deep: boolean): Promise<Finding[]> {
  const client = new pg.Client({ connectionString: ownerUrl })
  client.on('error', () => {}) // Told by the query that is under way.
  await client.connect()
  try {
    const looks = [
      version,
      clock,
      pending(migrations),
      serverRole,
      walls,
      deadLetters,
      waiting,
      checksums,
      search,
      ...(deep ? [indexes] : []),
    ]
    const findings: Finding[] = []
    for (const look of looks) findings.push(await look(client))
    return findings
  } finally {
    await client.end()
  }
}

async function one<T extends pg.QueryResultRow>(client: pg.Client, text: string, values: unknown[] = []): Promise<T> {
  return (await client.query<T>(text, values)).rows[0]!
}

const version: Look = async client => {
  const { version, size } = await one<{ version: string; size: string }>(
    client,
    `select split_part(version(), ' ', 2) as version, pg_size_pretty(pg_database_size(current_database())) as size`,
  )
  return ok('database', { version, size })
}

/** In seconds; more and one-time codes, sessions and signatures begin to fail. */
const mostApart = 5

const clock: Look = async client => {
  const { at } = await one<{ at: Date }>(client, 'select clock_timestamp() as at')
  const seconds = Math.round(Math.abs(at.getTime() - Date.now()) / 1000)
  return seconds > mostApart ? fail('clockApart', { seconds }) : ok('clock')
}

const pending =
  (migrations: Migration[]): Look =>
  async client => {
    if (!(await one<{ there: boolean }>(client, `select to_regclass('migration') is not null as there`)).there)
      return warn('migrationsNone')
    const { rows } = await client.query<{ name: string; hash: string }>(`select module || '/' || name as name, hash from migration`)
    const done = new Map(rows.map(({ name, hash }) => [name, hash]))
    const named = (each: Migration) => `${each.module}/${each.name}`
    const changed = migrations.filter(each => done.has(named(each)) && done.get(named(each)) !== each.hash)
    if (changed.length) return fail('migrationsChanged', { names: changed.map(named).join(', ') })
    const missing = migrations.filter(each => !done.has(named(each))).length
    return missing ? warn('migrationsPending', { count: missing }) : ok('migrations', { count: migrations.length })
  }

const serverRole: Look = async client => {
  const { rows } = await client.query<{ mighty: boolean; owns: boolean }>(
    `select rolsuper or rolbypassrls or rolcreaterole as mighty, exists (select from pg_class c where c.relowner = r.oid) as owns
     from pg_roles r where rolname = left('trefoil_' || current_database(), 63)`,
  )
  if (!rows[0]) return warn('roleNone')
  return rows[0].mighty || rows[0].owns ? fail('roleMighty') : ok('role')
}

/** Every table with an organisation is behind row-level security, for its owner as well. */
const walls: Look = async client => {
  const { rows } = await client.query<{ name: string; held: boolean }>(
    `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid) as held
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org' and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and a.attnotnull order by 1`,
  )
  const open = rows.filter(({ held }) => !held).map(({ name }) => name)
  return open.length ? fail('wallsOpen', { names: open.join(', ') }) : ok('walls', { count: rows.length })
}

const hasJobs = async (client: pg.Client) =>
  (await one<{ there: boolean }>(client, `select to_regclass('jobs.job') is not null as there`)).there

const deadLetters: Look = async client => {
  if (!(await hasJobs(client))) return ok('dead')
  const { count } = await one<{ count: number }>(
    client,
    `select count(*)::int as count from jobs.job where name = 'dead' and state = 'created'`,
  )
  return count ? warn('deadSome', { count }) : ok('dead')
}

const waiting: Look = async client => {
  if (!(await hasJobs(client))) return ok('jobs', { count: 0 })
  const { count, minutes } = await one<{ count: number; minutes: number }>(
    client,
    `select count(*)::int as count, coalesce(extract(epoch from now() - min(start_after)) / 60, 0)::int as minutes
     from jobs.job where state in ('created', 'retry') and start_after < now() and name <> 'dead'`,
  )
  return minutes > 15 ? warn('jobsLate', { count, minutes }) : ok('jobs', { count })
}

const checksums: Look = async client => {
  const { failures } = await one<{ failures: number }>(
    client,
    'select coalesce(sum(checksum_failures), 0)::int as failures from pg_stat_database',
  )
  return failures ? fail('checksumsWrong', { count: failures }) : ok('checksums')
}

/** Behind row-level security an index answers a search only when its operators are marked as keeping secrets; only a superuser can do that. */
const search: Look = async client => {
  const { fast } = await one<{ fast: boolean }>(
    client,
    `select proleakproof as fast from pg_proc where oid = 'ts_match_vq(tsvector,tsquery)'::regprocedure`,
  )
  return fast ? ok('search') : warn('searchSlow')
}

const indexes: Look = async client => {
  await client.query('create extension if not exists amcheck')
  const { rows } = await client.query<{ index: string }>(
    `select c.oid::regclass::text as index from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
     where a.amname = 'btree' and c.relkind = 'i' and i.indisvalid and c.relpersistence = 'p' order by c.relname`,
  )
  const broken: string[] = []
  for (const { index } of rows)
    await client.query('select bt_index_check($1, true)', [index]).catch(error => broken.push(`${index}: ${(error as Error).message}`))
  return broken.length ? fail('indexesBroken', { names: broken.slice(0, 5).join('; ') }) : ok('indexes', { count: rows.length })
}
