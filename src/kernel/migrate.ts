/** Plain SQL, forward only: every `0001-name.sql` beside a module, in the order of the table of contents, once. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { StartError } from './errors.ts'

export interface Migration {
  module: string
  name: string
  text: string
  hash: string
}

/** The migrations of these folders, in order; `folder` is the path from `root`, such as `social/people`. */
export function migrationsOf(root: string, folders: string[]): Migration[] {
  return folders.flatMap(folder =>
    sqlFiles(`${root}/${folder}`).map(name => {
      const text = readFileSync(`${root}/${folder}/${name}`, 'utf8')
      return { module: folder, name, text, hash: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

function sqlFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter(name => /^\d{4}-.*\.sql$/.test(name))
      .sort()
  } catch {
    return []
  }
}

/** One hash over all of them: the name of a state of the schema. */
export const schemaHash = (migrations: Migration[]): string =>
  createHash('sha256')
    .update(migrations.map(each => `${each.module}/${each.name}:${each.hash}`).join('\n'))
    .digest('hex')
    .slice(0, 16)

const bootstrap = `
  create table if not exists migration (
    module text not null, name text not null, hash text not null, at timestamptz not null default now(), primary key (module, name)
  );
  do $$ begin
    if not exists (select from pg_roles where rolname = 'trefoil_app') then create role trefoil_app nologin noinherit; end if;
  exception when duplicate_object or unique_violation then null;
  end $$;
  grant usage on schema public to trefoil_app;
`

/** Brings the database up to date as its owner; each migration in a transaction of its own, one starter at a time. Returns how many were new. */
export async function migrate(ownerUrl: string, migrations: Migration[]): Promise<number> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query('set client_min_messages = warning')
    await client.query(`select pg_advisory_lock(hashtext('trefoil migrate'))`)
    await client.query(bootstrap)
    return await bringUpToDate(client, migrations)
  } finally {
    await client.end()
  }
}

async function bringUpToDate(client: pg.Client, migrations: Migration[]): Promise<number> {
  const { rows } = await client.query<{ module: string; name: string; hash: string }>('select module, name, hash from migration')
  const done = new Map(rows.map(row => [`${row.module}/${row.name}`, row.hash]))
  let count = 0
  for (const migration of migrations) {
    const hash = done.get(`${migration.module}/${migration.name}`)
    if (hash === migration.hash) continue
    if (hash !== undefined) throw new StartError('kernel.start.migrationChanged', { name: `${migration.module}/${migration.name}` })
    await runOne(client, migration)
    count++
  }
  return count
}

async function runOne(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.text)
    await client.query('insert into migration (module, name, hash) values ($1, $2, $3)', [migration.module, migration.name, migration.hash])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`Migration ${migration.module}/${migration.name} failed`, { cause: error })
  }
}

/** Makes (or renews) the unprivileged role that the server signs in as. Several processes of one installation must give the same password. */
export async function serverUrl(ownerUrl: string, password: string): Promise<string> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ role: string }>(`select left('trefoil_' || current_database(), 63) as role`)
    const role = client.escapeIdentifier(rows[0]!.role)
    const secret = client.escapeLiteral(password)
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [rows[0]!.role])
    await client.query(`${rowCount ? 'alter' : 'create'} role ${role} login inherit password ${secret}`)
    await client.query(`grant trefoil_app to ${role}`)
    const url = new URL(ownerUrl)
    url.username = rows[0]!.role
    url.password = password
    return url.href
  } finally {
    await client.end()
  }
}

/** Has a server ever filled this database? */
export async function isFilled(ownerUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ there: boolean }>(`select to_regclass('organisation') is not null as there`)
    return rows[0]!.there
  } finally {
    await client.end()
  }
}
