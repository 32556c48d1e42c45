/** One process per data folder, held by the operating system: a killed process cannot leave the lock behind. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartError } from '../errors.ts'

const busy = 5 // SQLITE_BUSY

/**
 * Locks the folder until `release`. Node has no file locks of its own; SQLite's, on an empty file, are the system's on every platform.
 * Throws a StartError that names the holder.
 */
export function lockFolder(dataDir: string, purpose: string): { release(): void } {
  const file = join(dataDir, 'lock')
  const holder = join(dataDir, 'lock.json')
  const database = take(file, holder, dataDir)
  writeFileSync(holder, JSON.stringify({ pid: process.pid, purpose, since: new Date().toISOString() }))
  return { release: () => database.isOpen && database.close() }
}

function take(file: string, holder: string, dataDir: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    database.exec('pragma locking_mode = exclusive; begin exclusive')
    return database
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode !== busy) throw error
    throw takenBy(holder, dataDir)
  }
}

function takenBy(holder: string, folder: string): StartError {
  try {
    const { pid, purpose, since } = JSON.parse(readFileSync(holder, 'utf8'))
    return new StartError('kernel.start.folderTaken', { folder, process: Number(pid), purpose: String(purpose), since: String(since) })
  } catch {
    return new StartError('kernel.start.folderTakenNow', { folder }) // It has just taken the lock and not yet said who it is.
  }
}
