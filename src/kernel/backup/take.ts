/** Reading everything out, as of one moment. */
import { createReadStream, existsSync } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { Totals, Writer } from './archive.ts'
import { Fingerprint, fingerprinted, wholeLines } from './rows.ts'
import { fullName, type TableShape } from './shape.ts'

/** Every value in the one form that every server reads the same way, and as long as it takes. */
const plain = `set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'; set local extra_float_digits = 1;
  set local bytea_output = 'hex'; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local row_security = on`

/** A connection with one unchanging view of everything, for as long as `read` takes. */
export async function inSnapshot<T>(ownerUrl: string, read: (client: pg.Client, see: Sight) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: ownerUrl })
  client.on('error', () => {}) // Told by the query that is under way.
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    await client.query(plain)
    return await read(client, await sightOf(client))
  } finally {
    await client.end()
  }
}

/** `null`: this user passes row-level security. Otherwise the organisations, which are looked at one after the other. */
export type Sight = string[] | null

async function sightOf(client: pg.Client): Promise<Sight> {
  const { rows } = await client.query<{ all: boolean }>('select rolsuper or rolbypassrls as all from pg_roles where rolname = current_user')
  if (rows[0]?.all) return null
  await client.query(`set local trefoil.scope = 'kernel'`)
  const { rows: organisations } = await client.query<{ id: string }>('select id from organisation order by id')
  await client.query(`set local trefoil.scope = ''`)
  return organisations.map(({ id }) => id)
}

/** What a table holds, in pieces of whole rows of some megabytes. */
async function* tableContent(client: pg.Client, table: TableShape, see: Sight): AsyncGenerator<Buffer> {
  const columns = table.columns.map(column => pg.escapeIdentifier(column)).join(', ')
  const selection = `select ${columns} from ${pg.escapeIdentifier(table.schema)}.${pg.escapeIdentifier(table.name)}`
  yield* selected(client, selection, table.guarded ? see : null)
}

/** What a query gives, as COPY writes it, in pieces of whole rows; `see` as for whole tables. */
export async function* selected(client: pg.Client, selection: string, see: Sight): AsyncGenerator<Buffer> {
  for (const org of see ?? [null]) {
    if (org) await client.query(`select set_config('trefoil.org', $1, true)`, [org])
    yield* wholeLines(client.query(copyTo(`copy (${selection}) to stdout`)), 4 * 1024 ** 2)
  }
}

/** Writes every table, and says how much that was. */
export async function writeTables(client: pg.Client, see: Sight, tables: TableShape[], writer: Writer): Promise<Totals['tables']> {
  const written: Totals['tables'] = {}
  for (const table of tables) {
    const print = new Fingerprint()
    let piece = 0
    for await (const lines of tableContent(client, table, see)) {
      print.add(lines)
      await writer.add(`tables/${fullName(table)}/${String(++piece).padStart(6, '0')}.copy`, lines)
    }
    written[fullName(table)] = { rows: print.rows, fingerprint: print.text }
  }
  return written
}

/** Counts and fingerprints of tables as they are in a database now. */
export async function totalsOf(client: pg.Client, see: Sight, tables: TableShape[]): Promise<Totals['tables']> {
  const nowhere: Writer = { add: async () => {}, addStream: async () => {} }
  return writeTables(client, see, tables, nowhere)
}

/** Writes every file below the folder; one that is removed meanwhile is left out. */
export async function writeFiles(folder: string, writer: Writer): Promise<Totals['files']> {
  const print = new Fingerprint()
  let bytes = 0
  for await (const file of filesBelow(folder)) {
    const size = (await stat(file).catch(() => null))?.size
    if (size === undefined) continue
    const name = relative(folder, file).split(sep).join('/')
    await writer.addStream(`files/${name}`, size, fingerprinted(createReadStream(file), name, print))
    bytes += size
  }
  return { count: print.rows, bytes, fingerprint: print.text }
}

/** Everything but what is still being written, and what can be made again. */
async function* filesBelow(folder: string): AsyncGenerator<string> {
  const directory = await opendir(folder, { recursive: true }).catch(() => null)
  if (!directory) return
  for await (const entry of directory) if (entry.isFile() && !/\.(part|small)$/.test(entry.name)) yield join(entry.parentPath, entry.name)
}

const fileNames = `select distinct org || '/' || substr(hash, 1, 2) || '/' || substr(hash, 3, 2) || '/' || hash from file`

/** How many files the database knows that are not in the folder. */
export async function missingFiles(client: pg.Client, see: Sight, folder: string): Promise<number> {
  let missing = 0
  for await (const lines of selected(client, fileNames, see))
    for (const name of lines.toString('utf8').split('\n')) if (name && !existsSync(join(folder, name))) missing++
  return missing
}
