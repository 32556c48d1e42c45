/** For tests: a database of one's own, cloned from the migrated template; files that share a process use one after the other, emptied in between. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { migrations } from '../contents.ts'
import { prepareJobs } from './jobs.ts'
import { migrate, schemaHash } from './migrate.ts'
import { shared, testCluster } from './testing-cluster.ts'

export interface Clone {
  ownerUrl: string
  /** Gives it to the next file of this process, or drops it. */
  leave(): Promise<void>
}

interface Kept {
  ownerUrl: string
  shape: Shape
  drop(): Promise<void>
}

let kept: Kept | undefined

export async function testClone(): Promise<Clone> {
  const clone = kept ?? (await cloned())
  kept = undefined
  return {
    ownerUrl: clone.ownerUrl,
    async leave() {
      if (shared.atEnd && (await isEmptied(clone))) kept = clone
      else await clone.drop()
    },
  }
}

async function cloned(): Promise<Kept> {
  const cluster = await testCluster()
  const name = `test_${randomBytes(6).toString('hex')}`
  const template = await templateOn(cluster.ownerUrl)
  // Copying the files takes a tenth of the work of writing each page into the log (PostgreSQL's own choice).
  await onDatabase(cluster.ownerUrl, client => client.query(`create database ${name} template ${template} strategy file_copy`))
  const ownerUrl = withDatabase(cluster.ownerUrl, name)
  let dropped: Promise<void> | undefined
  const drop = () => (dropped ??= dropIt())
  const dropIt = async () => {
    await onDatabase(cluster.ownerUrl, client => client.query(`drop database if exists ${name} with (force)`))
    await cluster.leave()
  }
  shared.atEnd?.push(drop)
  return { ownerUrl, drop, shape: shared.atEnd ? await onDatabase(ownerUrl, shapeOf) : { schema: '', seeds: [] } }
}

async function onDatabase<T>(url: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await run(client)
  } finally {
    await client.end()
  }
}

const withDatabase = (url: string, name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href

/** A database with all migrations, made once for each state of the schema. */
export async function templateOn(ownerUrl: string): Promise<string> {
  const wanted = migrations()
  const name = `template_${schemaHash(wanted)}`
  return onDatabase(ownerUrl, async client => {
    await client.query(`select pg_advisory_lock(hashtext('trefoil test template'))`)
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount) return name
    await client.query(`drop database if exists ${name}_made`)
    await client.query(`create database ${name}_made`)
    const url = withDatabase(ownerUrl, `${name}_made`)
    await migrate(url, wanted)
    await prepareJobs(url)
    await client.query(`alter database ${name}_made rename to ${name}`)
    return name
  })
}

// —— between two files ——

/** What the schema is made of, and what the template brought with it. */
interface Shape {
  schema: string
  seeds: { table: string; rows: string }[]
}

/** Its rows go, whatever holds them to each other. False when a file has changed more than rows of its own: then it is nobody else's. */
async function isEmptied({ ownerUrl, shape: { schema, seeds } }: Kept): Promise<boolean> {
  const seeded = new Set(seeds.map(each => each.table))
  const emptied = onDatabase(ownerUrl, async client => {
    await client.query(`set session_replication_role = replica; set lock_timeout = '2s'`)
    const used = (await filled(client)).filter(table => !seeded.has(table))
    await client.query(used.map(table => `delete from ${table}`).join(';'))
    const now = await shapeOf(client)
    return now.schema === schema && JSON.stringify(now.seeds) === JSON.stringify(seeds)
  })
  return emptied.catch(() => false)
}

/** The queues of jobs are made once for all; what lies in them is not. */
const ofJobs = `'jobs.version', 'jobs.queue', 'jobs.schedule', 'jobs.bam'`

async function filled(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ table: string }>(`
    select format('%I.%I', n.nspname, c.relname) as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in ('public', 'jobs') and pg_relation_size(c.oid) > 0
      and n.nspname || '.' || c.relname not in (${ofJobs}) order by 1`)
  return rows.map(row => row.table)
}

async function shapeOf(client: pg.Client): Promise<Shape> {
  const parts = ['pg_class', 'pg_proc', 'pg_policy', 'pg_trigger', 'pg_constraint'].map(
    table => `(select string_agg(concat(oid, ':', xmin), ',' order by oid) from ${table} where oid >= 16384)`,
  )
  const { rows: [found] } = await client.query<{ schema: string }>(`select md5(concat(${parts.join(', ')})) as schema`) // biome-ignore format: one row
  const seeds: Shape['seeds'] = []
  for (const table of await filled(client)) {
    const { rows } = await client.query<{ rows: string | null }>(
      `select md5(string_agg(t::text, ',' order by t::text)) as rows from ${table} t`,
    )
    if (rows[0]!.rows) seeds.push({ table, rows: rows[0]!.rows })
  }
  return { schema: found!.schema, seeds }
}
