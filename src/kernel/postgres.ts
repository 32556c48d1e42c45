/** The embedded PostgreSQL: started with the server, kept running while it runs, ended with it. */
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { type Binaries, postgresBinaries } from './postgres/binaries.ts'
import { clusterFolder, database, prepareCluster, superuser } from './postgres/cluster.ts'
import { endLeftovers, processesOf } from './postgres/leftovers.ts'
import { lockFolder } from './postgres/lock.ts'
import { spawnAs, type Way, wayToRun } from './postgres/runAs.ts'
import { folderTrouble, startTrouble } from './postgres/trouble.ts'

export { postgresBinaries } from './postgres/binaries.ts'
export { waitForDatabase } from './postgres/reach.ts'

export interface Log {
  debug(text: string): void
  info(text: string): void
  warn(text: string): void
}

export interface Postgres {
  /** As the superuser `trefoil`; the server itself signs in as a role without rights. The same for as long as this process runs. */
  ownerUrl: string
  /** Fast shutdown; resolves when every process has ended. */
  stop(): Promise<void>
  /** The numbers of all its processes now. */
  pids(): number[]
}

/**
 * Starts PostgreSQL on the data folder, making it if it is new, and ending what a killed server left there. Restarts it when it dies.
 * `purpose` tells a second starter who holds the folder. Throws a StartError with what to do.
 */
export async function startPostgres({
  dataDir,
  log,
  purpose = 'server',
}: {
  dataDir: string
  log: Log
  purpose?: string
}): Promise<Postgres> {
  try {
    makeFolders(dataDir)
    const lock = lockFolder(dataDir, purpose)
    try {
      return await started(dataDir, log, lock.release)
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
  if (!existsSync(dataDir)) mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
  mkdirSync(join(dataDir, 'secrets'), { recursive: true, mode: 0o700 })
}

async function started(dataDir: string, log: Log, release: () => void): Promise<Postgres> {
  const folder = clusterFolder(dataDir)
  const binaries = postgresBinaries()
  const way = wayToRun(folder, binaries.postgres, text => log.info(text))
  if (existsSync(folder)) await endLeftovers(folder, text => log.warn(text))
  const password = passwordOf(dataDir)
  await prepareCluster(dataDir, password, binaries, way)
  const running = await keepRunning({ folder, binaries, way, log })
  const ownerUrl = `postgres://${superuser}:${password.value}@127.0.0.1:${running.port}/${database}`
  const note = join(dataDir, 'secrets', 'running.json')
  writeFileSync(note, JSON.stringify({ pid: process.pid, ownerUrl }), { mode: 0o600 })
  const stop = async () => {
    rmSync(note, { force: true })
    await running.stop()
    release()
  }
  return { ownerUrl, stop, pids: () => processesOf(folder) }
}

/** The superuser's password; a lost one is replaced by a fresh one. */
function passwordOf(dataDir: string): { value: string; fresh: boolean } {
  const file = join(dataDir, 'secrets', 'database')
  if (existsSync(file)) return { value: readFileSync(file, 'utf8').trim(), fresh: false }
  const value = randomBytes(24).toString('hex')
  writeFileSync(file, value, { mode: 0o600 })
  return { value, fresh: existsSync(clusterFolder(dataDir)) }
}

interface Place {
  folder: string
  binaries: Binaries
  way: Way
  log: Log
}

/** Starts it on a free port and again on the same one whenever it dies, until `stop`. */
async function keepRunning(place: Place): Promise<{ port: number; stop(): Promise<void> }> {
  let stopping = false
  let { child, port } = await firstStart(place)
  const atExit = () => void child.kill('SIGINT')
  process.on('exit', atExit)
  let reviving = Promise.resolve()
  const watch = () =>
    void child.once('exit', () => {
      if (!stopping) reviving = revive()
    })
  const revive = async () => {
    place.log.warn('The database ended unexpectedly and is started again')
    for (let wait = 100; !stopping; wait = Math.min(wait * 2, 5000)) {
      try {
        await endLeftovers(place.folder, () => {})
        child = await start(place, port)
        place.log.info('The database is back')
        return watch()
      } catch (error) {
        place.log.warn(String(folderTrouble(error, place.folder)))
        await pause(wait)
      }
    }
  }
  watch()
  const stop = async () => {
    stopping = true
    await reviving
    await ended(child)
    process.off('exit', atExit)
  }
  return { port, stop }
}

const passing = /Address already in use|could not create any TCP|pre-existing shared memory|lock file .* already exists/

/** A port may be taken between looking and starting, and killed processes take a moment to end: both are tried again. */
async function firstStart(place: Place): Promise<{ child: ChildProcess; port: number }> {
  for (let tries = 1; ; tries++) {
    const port = await freePort()
    try {
      return { child: await start(place, port), port }
    } catch (error) {
      if (tries >= 10 || !passing.test(String(error))) throw error
      place.log.debug(`Trying again: ${String(error)}`)
      await pause(tries * 50)
    }
  }
}

const ready = /database system is ready to accept connections/

/** Resolves as soon as connections are accepted; recovery after a crash comes before that. */
function start({ folder, binaries, way, log }: Place, port: number): Promise<ChildProcess> {
  const child = spawnAs(way, binaries.postgres, ['-D', folder, '-c', `port=${port}`], ['ignore', 'ignore', 'pipe'])
  const said: string[] = []
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stderr! }).on('line', line => {
      if (said.push(line) > 50) said.shift()
      log.debug(`postgres: ${line}`)
      if (ready.test(line)) resolve(released(child))
    })
    child.once('error', reject).once('close', () => reject(startTrouble(said, folder)))
  })
}

/** Once it runs it must not keep this process from ending; the exit hook ends it. */
function released(child: ChildProcess): ChildProcess {
  child.unref()
  const { stderr } = child as { stderr: { unref?(): void } | null }
  stderr?.unref?.()
  return child
}

/** Fast shutdown; after 20 s the immediate one, which the next start recovers from. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.ref()
  const exit = new Promise<void>(resolve => child.once('exit', () => resolve()))
  child.kill('SIGINT')
  const patience = setTimeout(() => child.kill('SIGQUIT'), 20_000)
  await exit
  clearTimeout(patience)
}

/** A free port below the range from which systems pick the ports of outgoing connections, so that none of those takes it during a restart. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
