import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { processesOf } from '#kernel/postgres/leftovers.ts'
import { runningDatabase } from '#kernel/postgres.ts'
import { preparedData } from './prepared.ts'
import { act, healthy, type Server, serve, setUp, stop, until } from './server.ts'

const full = process.env.FULL === '1'
const injections = full ? 400 : 6
/** Beside the other tests of a run, time says little: the promised two seconds are measured at full size, alone. */
const [answersIn, backIn] = full ? [2000, 10_000] : [15_000, 60_000]
const mayTrace = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0
const skipped = mayTrace ? '' : ' (skipped: needs strace and the right to trace)'

const calls = 'pwrite64,pwritev,fdatasync,fsync'

/** From now on the n-th of these calls of each database process fails, until the returned function is called. */
async function failing(dataDir: string, error: 'ENOSPC' | 'EIO', nth: number): Promise<() => Promise<void>> {
  const processes = processesOf(join(dataDir, 'pg')).flatMap(pid => ['-p', String(pid)])
  const inject = ['-e', `trace=${calls}`, '-e', `inject=${calls}:error=${error}:when=${nth}`]
  const tracer = spawn('strace', ['-f', '-qq', '-o', '/dev/null', ...inject, ...processes], { stdio: 'ignore' })
  const gone = new Promise<void>(resolve => tracer.once('exit', () => resolve()))
  await pause(200) // It has no way to say that it is ready.
  return async () => {
    tracer.kill('SIGINT')
    await gone
  }
}

interface Tally {
  acknowledged: string[]
  refused: number
  wrong: string[]
}

async function add(server: Server, cookie: string, name: string, tally: Tally): Promise<boolean> {
  const start = Date.now()
  const answer = await act(server.url, cookie, 'people/personAdd', { name })
  await answer.text()
  const took = Date.now() - start
  if (answer.status === 200) tally.acknowledged.push(name)
  else tally.refused++
  if (answer.status !== 200 && answer.status !== 503) tally.wrong.push(`${name}: ${answer.status}`)
  if (took > answersIn && answer.status !== 200) tally.wrong.push(`${name}: answered ${answer.status} after ${took} ms`)
  return answer.status === 200
}

/** Writes until one is refused, or the call that fails is past. */
async function writeUntilRefused(server: Server, cookie: string, label: string, most: number, tally: Tally): Promise<void> {
  for (let n = 0; n < most; n++) {
    const all = await Promise.all([0, 1, 2, 3].map(client => add(server, cookie, `${label} ${n} ${client}`, tally)))
    if (all.includes(false)) return
  }
}

test(`A write or sync that fails loses nothing acknowledged, and the server goes on by itself (${injections} injections)${skipped}.`, {
  skip: !mayTrace,
  timeout: 3_600_000,
}, async t => {
  const server = await serve(await preparedData(t))
  t.after(() => stop(server, 'SIGKILL'))
  const cookie = await setUp(server)
  const tally: Tally = { acknowledged: [], refused: 0, wrong: [] }
  for (let k = 0; k < injections; k++) {
    const nth = 1 + ((k * 37) % 200)
    const heal = await failing(server.dataDir, k % 2 ? 'EIO' : 'ENOSPC', nth)
    await writeUntilRefused(server, cookie, `injection ${k}`, Math.min(nth, 60), tally)
    await heal()
    await until(backIn, async () => (await healthy(server.url)) || undefined).catch(() =>
      tally.wrong.push(`injection ${k}: not back within ${backIn} ms`),
    )
  }
  const failed = [...tally.wrong, ...(await lost(server, tally))]
  console.log(
    `R3: ${injections} cases, ${failed.length} failed (${tally.acknowledged.length} writes acknowledged, ${tally.refused} refused)`,
  )
  assert.deepEqual(failed, [])
  assert.ok(tally.refused > 0, 'no fault was felt')
})

async function lost({ dataDir }: Server, { acknowledged }: Tally): Promise<string[]> {
  const client = new pg.Client({ connectionString: runningDatabase(dataDir)!.ownerUrl })
  await client.connect()
  const { rows } = await client.query<{ name: string }>('select name from person')
  await client.end()
  const kept = new Set(rows.map(row => row.name))
  return acknowledged.filter(name => !kept.has(name)).map(name => `lost: ${name}`)
}
