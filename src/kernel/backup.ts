/** Backup, restore, and the proof that a backup can be restored: everything, as of one moment, in one file that any tar can open. */
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type pg from 'pg'
import { type Header, headerName, keyName, type Totals, totalsName, type Writer, writeArchive } from './backup/archive.ts'
import { keyCheck } from './backup/key.ts'
import { noteLast } from './backup/last.ts'
import { readShape } from './backup/shape.ts'
import { inSnapshot, missingFiles, type Sight, writeFiles, writeTables } from './backup/take.ts'
import { now } from './clock.ts'
import { StartError } from './errors.ts'
import { folderTrouble } from './postgres/trouble.ts'

export { type ExportAsked, type ExportMade, exportOrganisation } from './backup/organisation.ts'
export { type RestoreAsked, type Restored, restore } from './backup/restore.ts'
export { type Verified, verify } from './backup/verify.ts'

export interface BackupAsked {
  ownerUrl: string
  dataDir: string
  /** The file to be made; it must not be there yet. */
  target: string
  masterKey: Buffer
  /** Puts the master key into the file as well: then the file alone opens every secret in it. */
  withKey?: boolean
}

export interface BackupMade {
  file: string
  bytes: number
  rows: number
  files: number
  /** Files that the database knows, but the folder lacks. */
  missing: number
}

/** Everything of this installation as of now, while it goes on working. Secrets stay sealed. Throws a StartError with what to do. */
export async function backup(asked: BackupAsked): Promise<BackupMade> {
  const file = resolve(asked.target)
  if (existsSync(file)) throw new StartError('kernel.backup.exists', { file })
  const part = `${file}.part`
  try {
    await mkdir(dirname(file), { recursive: true })
    await rm(part, { force: true })
    const made = await inSnapshot(asked.ownerUrl, (client, see) => write(part, client, see, asked))
    await rename(part, file)
    noteLast(asked.dataDir, { file, at: now() })
    return { file, bytes: (await stat(file)).size, ...made }
  } catch (error) {
    await rm(part, { force: true })
    throw folderTrouble(error, dirname(file))
  }
}

async function write(part: string, client: pg.Client, see: Sight, asked: BackupAsked): Promise<Omit<BackupMade, 'file' | 'bytes'>> {
  const files = join(asked.dataDir, 'files')
  const head = await describe(client, asked.masterKey)
  const written: Totals = { tables: {}, files: { count: 0, bytes: 0, fingerprint: '' } }
  await writeArchive(part, async writer => {
    await begin(writer, head, asked)
    written.tables = await writeTables(client, see, head.tables, writer)
    written.files = await writeFiles(files, writer)
    await writer.add(totalsName, JSON.stringify(written))
  })
  return { rows: rowsOf(written), files: written.files.count, missing: await missingFiles(client, see, files) }
}

async function begin(writer: Writer, head: Header, { masterKey, withKey }: BackupAsked): Promise<void> {
  await writer.add(headerName, JSON.stringify(head))
  if (withKey) await writer.add(keyName, masterKey.toString('base64'))
}

const rowsOf = ({ tables }: Totals) => Object.values(tables).reduce((sum, { rows }) => sum + rows, 0)

async function describe(client: pg.Client, masterKey: Buffer): Promise<Header> {
  const { rows: migrations } = await client.query<Header['migrations'][number]>(
    'select module, name, hash from migration order by at, module, name',
  )
  return {
    format: 1,
    trefoil: version(),
    at: now().toISOString(),
    migrations,
    tables: await readShape(client),
    keyCheck: keyCheck(masterKey),
  }
}

const version = (): string => JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version
