/** The memory of every process of an installation with the demonstration, when all is quiet again. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bench, type Figure, median } from './figure.ts'
import { timesOf } from './load.ts'
import { memoryOf, pause, processesBelow, type Server, signIn, startServer } from './server.ts'
import { empty, firstPage } from './start.ts'

const rounds = 5
const newFolder = () => mkdtempSync(join(tmpdir(), 'trefoil-bench-'))
const pages = ['/home', '/inbox/open', '/inbox/all', '/inbox/done', '/people', '/search?q=order', '/measures', '/settings']

async function visit(server: Server): Promise<void> {
  const cookie = await signIn(server)
  await timesOf({ url: server.url, cookie, paths: pages, atOnce: 2, requests: 80 })
}

/** All processes after some pages were looked at and nobody came for a while; in the life in which the demonstration was made, and in later ones. */
async function memories(dataDir: string): Promise<Figure[]> {
  const blank = await firstPage([process.execPath, '-e', empty], {})
  const baseline = { what: 'an empty server on the same Node', value: memoryOf(processesBelow(blank.pid)) }
  await blank.stop()
  const first: number[] = []
  const later: number[] = []
  for (let round = 0; round < rounds; round++) {
    const fresh = newFolder()
    first.push(await quiet(await startServer(fresh, { demo: true })))
    rmSync(fresh, { recursive: true, force: true })
    later.push(await quiet(await startServer(dataDir)))
  }
  const figure = (name: string, runs: number[]): Figure => ({
    name,
    unit: 'MB of all processes',
    value: median(runs),
    baseline,
    goal: { most: 350 },
    runs,
  })
  return [figure('memory.idle', later), figure('memory.afterMakingTheDemo', first)]
}

async function quiet(server: Server): Promise<number> {
  await visit(server)
  await pause(75_000) // What a rush needed is let go after a minute.
  const memory = memoryOf(server.pids())
  await server.stop()
  return memory
}

export const bench: Bench = {
  says: 'The memory of all processes with the demonstration, when nobody asks',
  async run() {
    const dataDir = newFolder()
    try {
      await (await startServer(dataDir, { demo: true })).stop()
      return await memories(dataDir)
    } finally {
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
}
