/** An own PostgreSQL by DATABASE_URL: is it there, does it let us in, is it new enough? */
import pg from 'pg'
import { StartError } from '../errors.ts'

const oldest = 16

/** Resolves when the database answers. Throws a StartError that says in one sentence what to mend. */
export async function waitForDatabase(url: string, patience = 10_000): Promise<void> {
  const until = Date.now() + patience
  for (;;) {
    const fault = await tried(url)
    if (!fault) return
    if (!fault.passing || Date.now() > until) throw new StartError(fault.says)
    await new Promise(resolve => setTimeout(resolve, 300))
  }
}

interface Fault {
  says: string
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
  const where = `The database at ${client.host}:${client.port}`
  const lasting = (says: string) => ({ says, passing: false })
  if (major < oldest) return lasting(`${where} is PostgreSQL ${major}; Trefoil needs ${oldest} or newer.`)
  if (encoding !== 'UTF8') return lasting(`${where} stores texts as ${encoding}: create the database with encoding 'UTF8'.`)
  if (standby) return lasting(`${where} is a read-only standby: let DATABASE_URL name the primary.`)
  if (!creates) return lasting(`The user ${client.user} may not create tables in ${client.database}: make that user the database's owner.`)
  if (!roles)
    return lasting(
      `The user ${client.user} may not create roles: run "alter role ${client.user} createrole" as the database's administrator.`,
    )
  return undefined
}

function faultOfConnection(error: NodeJS.ErrnoException, client: pg.Client): Fault {
  const where = `${client.host}:${client.port}`
  const lasting = (says: string) => ({ says, passing: false })
  switch (error.code) {
    case '28P01':
    case '28000':
      return lasting(`The database at ${where} does not let the user ${client.user} in: mend user and password in DATABASE_URL.`)
    case '3D000':
      return lasting(`There is no database ${client.database} at ${where}: create it, or mend DATABASE_URL.`)
    case 'ENOTFOUND':
      return { says: `No host ${client.host} is known: mend DATABASE_URL.`, passing: true }
    default:
      return {
        says: `The database at ${where} cannot be reached (${error.code ?? error.message}): start it, or mend DATABASE_URL.`,
        passing: true,
      }
  }
}
