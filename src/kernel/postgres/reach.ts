/** An own PostgreSQL by DATABASE_URL: is it there, does it let us in, is it new enough? */
import pg from 'pg'
import { type Sentence, StartError } from '../errors.ts'

const oldest = 16

/** Resolves when the database answers. Throws a StartError that says in one sentence what to mend. */
export async function waitForDatabase(url: string, patience = 10_000): Promise<void> {
  const until = Date.now() + patience
  for (;;) {
    const fault = await tried(url)
    if (!fault) return
    if (!fault.passing || Date.now() > until) throw new StartError(fault.key, fault.values)
    await new Promise(resolve => setTimeout(resolve, 300))
  }
}

interface Fault extends Sentence {
  /** A server that is still starting, or a network that comes up later, is worth waiting for. */
  passing: boolean
}

async function tried(url: string): Promise<Fault | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000 })
  client.on('error', () => {}) // Told by the call that is under way.
  try {
    await client.connect()
    return faultOfServer(client, await client.query(question))
  } catch (error) {
    return faultOfConnection(error as NodeJS.ErrnoException, client)
  } finally {
    await client.end().catch(() => {})
  }
}

const question = `select current_setting('server_version_num')::int / 10000 as major, current_setting('server_encoding') as encoding,
  pg_is_in_recovery() as standby, has_schema_privilege('public', 'create') as creates,
  (select rolcreaterole or rolsuper from pg_roles where rolname = current_user) as roles`

interface Answer {
  major: number
  encoding: string
  standby: boolean
  creates: boolean
  roles: boolean
}

function faultOfServer(client: pg.Client, { rows }: pg.QueryResult<Answer>): Fault | undefined {
  const { major, encoding, standby, creates, roles } = rows[0]!
  const { host, port, user = '', database = '' } = client
  if (major < oldest) return { key: 'kernel.start.databaseOld', values: { host, port, major, oldest }, passing: false }
  if (encoding !== 'UTF8') return { key: 'kernel.start.databaseEncoding', values: { host, port, encoding }, passing: false }
  if (standby) return { key: 'kernel.start.databaseStandby', values: { host, port }, passing: false }
  if (!creates) return { key: 'kernel.start.databaseCreates', values: { user, database }, passing: false }
  if (!roles) return { key: 'kernel.start.databaseRoles', values: { user }, passing: false }
  return undefined
}

function faultOfConnection(error: NodeJS.ErrnoException, client: pg.Client): Fault {
  const { host, port, user = '', database = '' } = client
  switch (error.code) {
    case '28P01':
    case '28000':
      return { key: 'kernel.start.databaseRefuses', values: { host, port, user }, passing: false }
    case '3D000':
      return { key: 'kernel.start.databaseNone', values: { host, port, database }, passing: false }
    case 'ENOTFOUND':
      return { key: 'kernel.start.databaseHost', values: { host }, passing: true }
    default:
      return { key: 'kernel.start.databaseAway', values: { host, port, why: error.code ?? error.message }, passing: true }
  }
}
