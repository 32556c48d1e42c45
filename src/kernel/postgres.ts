/** The embedded PostgreSQL: started with the server, kept running while it runs, ended with it. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from './folders.ts'
import { postgresBinaries } from './postgres/binaries.ts'
import { clusterFolder, database, prepareCluster, superuser } from './postgres/cluster.ts'
import { atEnd } from './postgres/ending.ts'
import { endLeftovers, processesOf } from './postgres/leftovers.ts'
import { lockFolder } from './postgres/lock.ts'
import { wayToRun } from './postgres/runAs.ts'
import { keepRunning, type Log } from './postgres/supervise.ts'
import { folderTrouble } from './postgres/trouble.ts'

export { postgresBinaries } from './postgres/binaries.ts'
export { waitForDatabase } from './postgres/reach.ts'
export type { Log } from './postgres/supervise.ts'

export interface Postgres {
  /** As the superuser `trefoil`; the server itself signs in as a role without rights. The same for as long as this process runs. */
  ownerUrl: string
  /** Fast shutdown; resolves when every process has ended. */
  stop(): Promise<void>
  /** The numbers of all its processes now. */
  pids(): number[]
}

export interface StartOptions {
  dataDir: string
  log: Log
  /** Tells a second starter who holds the folder. */
  purpose?: string
  /** Settings of PostgreSQL that differ from ours, for tests and tools. */
  settings?: Record<string, string>
}

/**
 * Starts PostgreSQL on the data folder, making it if it is new, and ending what a killed server left there. Restarts it when it dies.
 * Throws a StartError with what to do.
 */
export async function startPostgres(options: StartOptions): Promise<Postgres> {
  const { dataDir, purpose = 'server' } = options
  try {
    makeFolders(dataDir)
    const lock = lockFolder(dataDir, purpose)
    try {
      return await started(options, lock.release)
    } catch (error) {
      lock.release()
      throw error
    }
  } catch (error) {
    throw folderTrouble(error, dataDir)
  }
}

/** Others may pass through the data folder (the database's user must), but not look into it; only we enter `secrets`. */
function makeFolders(dataDir: string): void {
  makeFolder(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700)
  makeFolder(join(dataDir, 'secrets'), 0o700)
}

async function started({ dataDir, log, settings = {} }: StartOptions, release: () => void): Promise<Postgres> {
  const folder = clusterFolder(dataDir)
  const binaries = postgresBinaries()
  const way = wayToRun(folder, binaries.postgres, text => log.info(text))
  if (existsSync(folder)) await endLeftovers(folder, text => log.warn(text))
  const password = passwordOf(dataDir)
  await prepareCluster(dataDir, password, binaries, way)
  // Kept only now: if it ends before, the next start finds no password and sets a new one.
  if (password.fresh) keepSecret(join(dataDir, 'secrets', 'database'), password.value)
  const running = await keepRunning({ folder, binaries, way, log, settings })
  const ownerUrl = `postgres://${superuser}:${password.value}@127.0.0.1:${running.port}/${database}`
  const note = runningNote(dataDir)
  const stop = async () => {
    rmSync(note, { force: true })
    await running.stop()
    forget()
    release()
  }
  const forget = atEnd({ kill: () => {}, stop })
  return noted(note, { ownerUrl, stop, pids: () => processesOf(folder) })
}

/** Where the command line finds the database of a running server. */
const runningNote = (dataDir: string) => join(dataDir, 'secrets', 'running.json')

async function noted(file: string, postgres: Postgres): Promise<Postgres> {
  try {
    keepSecret(file, JSON.stringify({ pid: process.pid, ownerUrl: postgres.ownerUrl }))
    return postgres
  } catch (error) {
    await postgres.stop()
    throw error
  }
}

/** The superuser's password, or a fresh one to be set. */
function passwordOf(dataDir: string): { value: string; fresh: boolean } {
  const file = join(dataDir, 'secrets', 'database')
  if (existsSync(file)) return { value: readFileSync(file, 'utf8').trim(), fresh: false }
  return { value: randomBytes(24).toString('hex'), fresh: true }
}

/** Whole or not at all, readable by us alone. */
function keepSecret(file: string, content: string): void {
  writeFileSync(`${file}.new`, content, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** The database of a server that runs on this data folder, if one does. */
export function runningDatabase(dataDir: string): { ownerUrl: string; pid: number } | undefined {
  try {
    const { pid, ownerUrl } = JSON.parse(readFileSync(runningNote(dataDir), 'utf8'))
    return processesOf(clusterFolder(dataDir)).length ? { pid, ownerUrl } : undefined
  } catch {
    return undefined
  }
}
