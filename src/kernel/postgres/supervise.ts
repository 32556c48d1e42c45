/** The server process of the embedded database: started when it can be, started again when it dies. */
import type { ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { endLeftovers } from './leftovers.ts'
import { spawnAs, type Way } from './runAs.ts'
import { folderTrouble, startTrouble } from './trouble.ts'

export interface Log {
  debug(text: string): void
  info(text: string): void
  warn(text: string): void
}

export interface Place {
  folder: string
  binaries: Binaries
  way: Way
  log: Log
  settings: Record<string, string>
}

export interface Running {
  port: number
  stop(): Promise<void>
}

/** Starts it on a free port and again on the same one whenever it dies, until `stop`. */
export async function keepRunning(place: Place): Promise<Running> {
  let stopping = false
  let { child, port } = await firstStart(place)
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
  }
  return { port, stop }
}

const passing = /Address already in use|could not create any TCP|pre-existing shared memory|postmaster.pid. already exists/

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
function start({ folder, binaries, way, log, settings }: Place, port: number): Promise<ChildProcess> {
  const options = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawnAs(way, binaries.postgres, ['-D', folder, ...options], ['ignore', 'ignore', 'pipe'])
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
