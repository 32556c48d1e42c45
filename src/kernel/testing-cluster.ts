import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Cluster {
  ownerUrl: string
  leave(): Promise<void>
}

/** Where several files share a process (`tools/together.ts`): what is to be done when the last of them has ended; null where there is only one. */
export const shared: { atEnd: (() => Promise<void>)[] | null } = { atEnd: null }

const silent = { debug() {}, info() {}, warn() {} }

/** The PostgreSQL of the whole test run (`TEST_DATABASE_URL`, set by `npm test`), or one of this file's own. */
export async function testCluster(): Promise<Cluster> {
  const shared = process.env.TEST_DATABASE_URL
  if (shared) return { ownerUrl: shared, leave: async () => {} }
  const { startPostgres } = await import('./postgres.ts')
  const dataDir = await mkdtemp(join(tmpdir(), 'trefoil-test-'))
  await chmod(dataDir, 0o711) // As root, the database runs as another user, who must be able to pass.
  const started = await startPostgres({ dataDir, log: silent, purpose: 'test' })
  return {
    ownerUrl: started.ownerUrl,
    leave: async () => {
      await started.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
