/** The proof that a backup can be restored. */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Migration } from '../migrate.ts'
import { startPostgres } from '../postgres.ts'
import { different, type Totals } from './archive.ts'
import { restore } from './restore.ts'
import { inSnapshot, totalsOf } from './take.ts'

export interface Verified {
  at: string
  totals: Totals
  /** Tables whose rows, once restored, are not those of the backup; empty when all is well. */
  different: string[]
  keyFits(key: Buffer): boolean
}

/** Restores a backup into a database of its own, reads everything again, and compares; leaves nothing behind. */
export async function verify(file: string, migrations: Migration[]): Promise<Verified> {
  const folder = await mkdtemp(join(tmpdir(), 'trefoil-verify-'))
  await chmod(folder, 0o711) // The database's user must be able to pass.
  try {
    const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
    const postgres = await startPostgres({
      dataDir: join(folder, 'data'),
      log: { debug() {}, info() {}, warn() {} },
      purpose: 'verify',
      settings,
    })
    try {
      return await compared(file, postgres.ownerUrl, migrations)
    } finally {
      await postgres.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function compared(file: string, ownerUrl: string, migrations: Migration[]): Promise<Verified> {
  const { at, totals: came, tables, keyFits } = await restore({ file, ownerUrl, dataDir: null, migrations })
  const found = await inSnapshot(ownerUrl, (client, see) => totalsOf(client, see, tables))
  return { at, totals: came, different: different(came, { ...came, tables: found }), keyFits }
}
