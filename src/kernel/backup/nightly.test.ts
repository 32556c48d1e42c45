import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, test } from 'node:test'
import { migrations } from '../../contents.ts'
import { backup, verify } from '../backup.ts'
import { setClock } from '../clock.ts'
import { backups } from '../doctor/machine.ts'
import { prepareJobs } from '../jobs.ts'
import { migrate } from '../migrate.ts'
import { startPostgres } from '../postgres.ts'
import { nightlyBackups, takeNightly, untilNext } from './nightly.ts'

const hour = 3_600_000

test('The next backup is taken at two in the night UTC.', () => {
  assert.equal(untilNext(undefined, new Date('2026-03-01T01:00:00Z')), hour)
  assert.equal(untilNext(new Date('2026-03-01T02:00:10Z'), new Date('2026-03-01T02:00:11Z')), 24 * hour - 11_000)
})

test('A night that was slept through is made up for soon after the start.', () => {
  assert.equal(untilNext(new Date('2026-03-01T02:00:00Z'), new Date('2026-03-03T12:00:00Z')), 600_000)
})

test('Each day has one backup, the oldest go, and what is kept can be restored; the doctor knows the last, wherever it was put.', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trefoil-nightly-'))
  chmodSync(folder, 0o711)
  const dataDir = join(folder, 'data')
  const silent = { debug() {}, info() {}, warn() {} }
  const postgres = await startPostgres({ dataDir, log: silent })
  after(async () => {
    setClock()
    await postgres.stop()
    rmSync(folder, { recursive: true })
  })
  const ours = migrations()
  await migrate(postgres.ownerUrl, ours)
  await prepareJobs(postgres.ownerUrl)
  const asked = { ownerUrl: postgres.ownerUrl, dataDir, masterKey: Buffer.alloc(32), keep: 2, log: silent }
  for (const date of ['2026-03-01', '2026-03-02', '2026-03-02', '2026-03-03']) {
    setClock(() => new Date(`${date}T02:00:00Z`))
    await takeNightly(asked)
  }
  const kept = nightlyBackups(dataDir)
  assert.deepEqual(
    kept.map(({ file }) => basename(file)),
    ['trefoil-2026-03-02.tar.gz', 'trefoil-2026-03-03.tar.gz'],
  )
  // The files of the nights bear the time of the machine.
  const soon = Date.now() + hour
  const hoursLater = (hours: number) => backups({ dataDir, backupKeep: 2 }, soon + hours * hour)
  const elsewhere = join(folder, 'mine.tar.gz')
  assert.equal(backups({ dataDir: folder, backupKeep: 2 }).key, 'backupsNone')
  setClock(() => new Date(soon))
  await backup({ ...asked, target: elsewhere })
  assert.deepEqual(hoursLater(1), { state: 'ok', key: 'backups', values: { file: elsewhere } })
  assert.deepEqual(hoursLater(72), { state: 'warn', key: 'backupsOld', values: { file: elsewhere, days: 3 } })
  assert.equal(nightlyBackups(dataDir).length, 2)
  assert.deepEqual((await verify(kept[1]!.file, ours)).different, [])
})
