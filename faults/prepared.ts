/** For tests: data folders that are made once, for the whole run where `npm test` names a place for them, and then copied. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { runningDatabase } from '#kernel/postgres.ts'
import { end, hold, temporaryFolder } from './holder.ts'
import { launch, serve, stop, until } from './server.ts'

/** An empty database; all that the server makes at its first start; and the demonstration besides. */
export type Kind = 'empty' | 'ready' | 'demo'

/** A data folder of one's own, as a start before has left it. */
export async function preparedData(t: { after(run: () => void): void }, kind: Kind = 'ready'): Promise<string> {
  return copied(kind, join(temporaryFolder(t), 'data'))
}

/** Copies a prepared folder to where nothing is yet. */
export async function copied(kind: Kind, target: string): Promise<string> {
  const { status, stderr } = spawnSync('cp', ['-a', join(await made(kind), 'data'), target], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return target
}

/** Where it stands; whoever comes first makes it, and others wait meanwhile. */
async function made(kind: Kind): Promise<string> {
  const folder = join(place(), kind)
  while (!existsSync(folder)) {
    if (begun(`${folder}.making`)) await make(kind, folder)
    else await pause(100)
  }
  return folder
}

let own: string | undefined

function place(): string {
  if (process.env.TEST_FOLDERS) return process.env.TEST_FOLDERS
  if (own) return own
  const folder = mkdtempSync(join(tmpdir(), 'trefoil-prepared-'))
  chmodSync(folder, 0o755) // As root, the database runs as another user, who must be able to pass.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))
  own = folder
  return folder
}

function begun(making: string): boolean {
  try {
    mkdirSync(making)
    return true
  } catch {
    return false
  }
}

async function make(kind: Kind, folder: string): Promise<void> {
  const making = `${folder}.making`
  try {
    if (!existsSync(folder)) {
      await makers[kind](join(making, 'data'))
      renameSync(making, folder)
    }
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
}

const makers: Record<Kind, (dataDir: string) => Promise<void>> = {
  async empty(dataDir) {
    await end(await hold(dataDir), 'SIGTERM')
  },
  async ready(dataDir) {
    await stop(await serve(await copied('empty', dataDir)))
  },
  async demo(dataDir) {
    const started = launch(await copied('ready', dataDir), {}, [], ['--demo'])
    await until(120_000, async () => (/\(owner\)\s+http\S+\s/.test(started.said()) ? true : undefined))
    await until(30_000, async () => ((await hasWork(dataDir)) ? undefined : true)).catch(() => {}) // What takes longer is done in each copy.
    // Else each copy would find by itself that its tables are to be looked through.
    await inDatabase(dataDir, client => client.query('vacuum analyze'))
    started.child.kill('SIGTERM')
    await started.ended
  },
}

/** Whether anything is to be done still: whoever takes a copy would have to do it again. */
async function hasWork(dataDir: string): Promise<boolean> {
  const waiting = `select from jobs.job where state in ('created', 'retry', 'active') and name <> 'dead' and start_after <= now() limit 1`
  return (await inDatabase(dataDir, client => client.query(waiting))).rows.length > 0
}

async function inDatabase<T>(dataDir: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: runningDatabase(dataDir)!.ownerUrl })
  await client.connect()
  try {
    return await run(client)
  } finally {
    await client.end()
  }
}
