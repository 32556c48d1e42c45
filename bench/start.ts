/** From `npm start` to the first page, and to the demonstration. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bench, type Figure, median } from './figure.ts'
import { endOf, root, startServer } from './server.ts'

const rounds = 5
const npm = ['npm', 'start', '--']

/** The least that one could wait for. */
export const empty = `
  const { createServer } = require('node:http')
  process.on('SIGINT', () => process.exit())
  createServer((_, response) => response.end('page')).listen(0, '127.0.0.1', function () { console.log('answers at http://127.0.0.1:' + this.address().port) })`

/** Milliseconds from starting a program to the first page that it answers. */
export async function firstPage(
  command: string[],
  env: Record<string, string>,
): Promise<{ milliseconds: number; stop(): Promise<void>; pid: number }> {
  const began = performance.now()
  const child = spawn(command[0]!, command.slice(1), {
    cwd: root,
    env: { ...process.env, LC_ALL: 'C', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
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
  return { milliseconds: performance.now() - began, stop: () => endOf(child), pid: child.pid! }
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

export const bench: Bench = {
  says: 'From npm start to the first page, and from an empty folder to the demonstration',
  async run() {
    const dataDir = newFolder()
    try {
      await (await startServer(dataDir, { demo: true })).stop()
      return [await timesOfStarts(dataDir), await timesOfDemo()]
    } finally {
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
}
