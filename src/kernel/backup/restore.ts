/** A backup back into an empty place. */
import { existsSync, writeFileSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import pg from 'pg'
import { takeErasuresFrom } from '../erasures.ts'
import { StartError } from '../errors.ts'
import { prepareJobs } from '../jobs.ts'
import { type Migration, migrate } from '../migrate.ts'
import { folderTrouble } from '../postgres/trouble.ts'
import { different, type Header, header, headerName, json, keyName, readArchive, type Totals, totals, totalsName } from './archive.ts'
import { fillFiles } from './files.ts'
import { keyCheck } from './key.ts'
import { type Coming, coming, fillTables, openTables } from './put.ts'

export interface RestoreAsked {
  file: string
  ownerUrl: string
  /** Where files and the master key go; null looks at them without keeping them. */
  dataDir: string | null
  /** Those of this version of Trefoil, in order. */
  migrations: Migration[]
}

export interface Restored {
  at: string
  totals: Totals
  tables: Header['tables']
  /** Whether a master key fits what is sealed in here. */
  keyFits(key: Buffer): boolean
}

/** Fills an empty database and an empty data folder from a backup, whole or not at all. Throws a StartError with what to do. */
export async function restore(asked: RestoreAsked): Promise<Restored> {
  const entries = await coming(readArchive(asked.file))
  const head = await headOf(entries, asked.file)
  const wanted = migrationsFor(head, asked.migrations)
  await refuseUsed(asked.ownerUrl, asked.dataDir)
  try {
    await migrate(asked.ownerUrl, wanted)
    await prepareJobs(asked.ownerUrl)
    const came = await fill(asked, head, entries)
    if (asked.dataDir) await takeErasuresFrom(asked.file, asked.dataDir)
    return { at: head.at, totals: came, tables: head.tables, keyFits: key => keyCheck(key) === head.keyCheck }
  } catch (error) {
    await emptied(asked.ownerUrl, asked.dataDir).catch(() => {}) // What went wrong first is what is told.
    throw asked.dataDir ? folderTrouble(error, asked.dataDir) : error
  }
}

async function headOf(entries: Coming, file: string): Promise<Header> {
  if (entries.next?.name !== headerName) throw new StartError('kernel.backup.none', { file })
  const head = await json(entries.next, header, file)
  await entries.advance()
  return head
}

/** Those that had run when the backup was taken, in our order. */
function migrationsFor(head: Header, ours: Migration[]): Migration[] {
  const theirs = new Map(head.migrations.map(({ module, name, hash }) => [`${module}/${name}`, hash]))
  const wanted = ours.filter(({ module, name, hash }) => theirs.get(`${module}/${name}`) === hash)
  if (wanted.length === theirs.size) return wanted
  throw new StartError('kernel.backup.otherVersion', { version: head.trefoil })
}

async function refuseUsed(ownerUrl: string, dataDir: string | null): Promise<void> {
  const used = await connected(ownerUrl, async client => {
    const { rows } = await client.query(`select from pg_tables where schemaname in ('public', 'jobs') limit 1`)
    return rows.length > 0
  })
  if (used) throw new StartError('kernel.backup.databaseUsed')
  const files = dataDir ? await readdir(join(dataDir, 'files')).catch(() => []) : []
  if (files.length) throw new StartError('kernel.backup.filesUsed', { folder: `${dataDir}/files` })
}

async function connected<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {}) // Told by the query that is under way.
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

/** Rows first, in one transaction that commits only when everything came, files included. */
const fill = ({ ownerUrl, dataDir, file }: RestoreAsked, head: Header, entries: Coming): Promise<Totals> =>
  connected(ownerUrl, async client => {
    const key = await keyIn(entries)
    await client.query('begin')
    const close = await openTables(client, head.tables)
    const tables = await fillTables(client, head.tables, entries)
    await close()
    const came = { tables, files: await fillFiles(dataDir && join(dataDir, 'files'), entries) }
    await refusePart(came, entries, file)
    await client.query('commit')
    await client.query('analyze')
    if (key && dataDir) keepKey(dataDir, key)
    return came
  })

async function keyIn(entries: Coming): Promise<string | null> {
  if (entries.next?.name !== keyName) return null
  const key = (await buffer(entries.next.content)).toString('utf8')
  await entries.advance()
  return key
}

function keepKey(dataDir: string, key: string): void {
  const file = join(dataDir, 'secrets', 'master-key')
  if (!existsSync(file)) writeFileSync(file, key, { mode: 0o600 })
}

async function refusePart(came: Totals, entries: Coming, file: string): Promise<void> {
  const expected = entries.next?.name === totalsName ? await json(entries.next, totals, file) : null
  await entries.advance()
  if (!expected || entries.next || different(expected, came).length) throw new StartError('kernel.backup.notWhole', { file })
}

/** It was empty before, so it is made empty again, and the next try finds it so. */
async function emptied(ownerUrl: string, dataDir: string | null): Promise<void> {
  await connected(ownerUrl, client => client.query('drop schema public cascade; create schema public; drop schema if exists jobs cascade'))
  if (dataDir) await rm(join(dataDir, 'files'), { recursive: true, force: true })
}
