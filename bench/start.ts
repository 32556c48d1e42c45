/** From `npm start` to the first page, and to the demonstration; and the memory of every process when all is quiet again. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bench, type Figure, median } from './figure.ts'
import { timesOf } from './load.ts'
import { memoryOf, pause, processesBelow, root, type Server, signIn, startServer } from './server.ts'

const rounds = 5
const npm = ['npm', 'start', '--']

const empty = `
  const { createServer } = require('node:http')
  createServer((_, response) => response.end('page')).listen(0, '127.0.0.1', function () { console.log('answers at http://127.0.0.1:' + this.address().port) })`

/** Milliseconds from starting a program to the first page that it answers. */
async function firstPage(
  command: string[],
  env: Record<string, string>,
): Promise<{ milliseconds: number; stop(): Promise<void>; pid: number }> {
  const began = performance.now()
  const child = spawn(command[0]!, command.slice(1), { cwd: root, env: { ...process.env, LC_ALL: 'C', ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const url = await new Promise<string>(resolve => {
    let text = ''
    child.stdout.on('data', chunk => {
      text += chunk
      const found = /answers at (\S+)/.exec(text)
      if (found) resolve(found[1]!)
    })
  })
  const page = await fetch(url, { headers: { accept: 'text/html' } })
  await page.text()
  if (!page.ok) throw new Error(`The first page was answered with ${page.status}`)
  const stop = () => {
    child.kill('SIGINT')
    return ended
  }
  return { milliseconds: performance.now() - began, stop, pid: child.pid! }
}

async function timesOfStarts(dataDir: string): Promise<Figure> {
  const runs: number[] = []
  const bases: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const base = await firstPage([process.execPath, '-e', empty], {})
    await base.stop()
    const start = await firstPage([npm[0]!, 'start'], { DATA_DIR: dataDir, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'warn' })
    await start.stop()
    // The first one translates and compiles what the others find ready.
    if (round > 0) runs.push(start.milliseconds / 1000)
    if (round > 0) bases.push(base.milliseconds / 1000)
  }
  const baseline = { what: 'an empty server on the same Node', value: median(bases) }
  return { name: 'start.warm', unit: 's from npm start to the first page', value: median(runs), baseline, goal: { most: 2.5 }, runs }
}

/** From an empty folder to the links by which one signs in to the demonstration. */
async function timesOfDemo(): Promise<Figure> {
  const runs: number[] = []
  for (let round = 0; round < rounds; round++) {
    const dataDir = newFolder()
    const began = performance.now()
    const server = await startServer(dataDir, { demo: true, command: npm })
    runs.push((performance.now() - began) / 1000)
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  const baseline = { what: 'the time that it may take', value: 20 }
  return {
    name: 'start.demo',
    unit: 's from an empty folder to the demonstration',
    value: median(runs),
    baseline,
    goal: { most: 20 },
    runs,
  }
}

const newFolder = () => mkdtempSync(join(tmpdir(), 'trefoil-bench-'))
const pages = ['/home', '/inbox/open', '/inbox/all', '/inbox/done', '/people', '/search?q=order', '/measures', '/settings']

async function visit(server: Server): Promise<void> {
  const cookie = await signIn(server)
  await timesOf({ url: server.url, cookie, paths: pages, atOnce: 2, requests: 80 })
}

/** All processes after some pages were looked at and nobody came for twenty seconds; in the life in which the demonstration was made, and in later ones. */
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
  await pause(20_000)
  const memory = memoryOf(server.pids())
  await server.stop()
  return memory
}

export const bench: Bench = {
  says: 'From npm start to the first page and to the demonstration, and the memory of all processes with it',
  async run() {
    const dataDir = newFolder()
    try {
      await (await startServer(dataDir, { demo: true })).stop()
      return [await timesOfStarts(dataDir), await timesOfDemo(), ...(await memories(dataDir))]
    } finally {
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
}
