/** A backup each night into the data folder, so that at most a day is ever lost by a slip of the hand; the last few are kept. */
import { readdirSync, statSync } from 'node:fs'
import { rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { type BackupMade, backup } from '../backup.ts'
import { now } from '../clock.ts'
import { keepErasuresWith } from '../erasures.ts'

export interface Nightly {
  ownerUrl: string
  dataDir: string
  masterKey: Buffer
  /** How many are kept; 0 takes none. */
  keep: number
  log: { info(text: string): void; warn(text: string): void }
}

const day = 86_400_000
/** The hour, UTC, at which most of our users sleep. */
const hour = 2

const folderOf = (dataDir: string) => join(dataDir, 'backups')

/** The backups of this data folder, oldest first. */
export function nightlyBackups(dataDir: string): { file: string; at: Date; bytes: number }[] {
  try {
    return readdirSync(folderOf(dataDir))
      .filter(name => /^trefoil-\d{4}-\d{2}-\d{2}\.tar\.gz$/.test(name))
      .sort()
      .map(name => join(folderOf(dataDir), name))
      .map(file => ({ file, at: statSync(file).mtime, bytes: statSync(file).size }))
  } catch {
    return [] // None was taken yet.
  }
}

/** Milliseconds until the next night; a night that was slept through is made up for ten minutes after the start. */
export function untilNext(last: Date | undefined, at: Date): number {
  if (last && at.getTime() - last.getTime() > day * 1.1) return 600_000
  const next = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), hour)
  return next > at.getTime() ? next - at.getTime() : next + day - at.getTime()
}

/** Takes them until the returned function is called. */
export function backupNightly(asked: Nightly): () => void {
  if (asked.keep === 0) return () => {}
  let timer: NodeJS.Timeout
  const plan = () => {
    const last = nightlyBackups(asked.dataDir).at(-1)?.at
    timer = setTimeout(() => void takeNightly(asked).finally(plan), untilNext(last, now())).unref()
  }
  plan()
  return () => clearTimeout(timer)
}

/** One night's work: takes today's backup unless it is there or would fill the disk, then removes the oldest. */
export async function takeNightly({ ownerUrl, dataDir, masterKey, keep, log }: Nightly): Promise<BackupMade | undefined> {
  const before = nightlyBackups(dataDir)
  const target = join(folderOf(dataDir), `trefoil-${now().toISOString().slice(0, 10)}.tar.gz`)
  if (before.some(({ file }) => file === target)) return undefined
  if (await tooFull(dataDir, before.at(-1)?.bytes ?? 0)) return void log.warn(`No backup was taken: too little space is free in ${dataDir}`)
  try {
    const made = await backup({ ownerUrl, dataDir, target, masterKey })
    for (const { file } of nightlyBackups(dataDir).slice(0, -keep)) await rm(file)
    await keepErasuresWith(dataDir, folderOf(dataDir))
    log.info(`Backed up to ${target}`)
    return made
  } catch (error) {
    return void log.warn(`No backup was taken: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** The database needs room as well: a backup must leave at least as much free as it takes, and half a gigabyte. */
async function tooFull(dataDir: string, lastSize: number): Promise<boolean> {
  const { bavail, bsize } = await statfs(dataDir)
  return bavail * bsize < 2 * lastSize + 500_000_000
}
