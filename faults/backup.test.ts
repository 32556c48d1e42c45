import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import pg from 'pg'
import { backup, restore, verify } from '#kernel/backup.ts'
import { newId } from '#kernel/ids.ts'
import { runningDatabase, startPostgres } from '#kernel/postgres.ts'
import { migrations } from '../src/contents.ts'
import { temporaryFolder } from './holder.ts'
import { preparedData } from './prepared.ts'
import { act, serve, setUp, stop } from './server.ts'

const full = process.env.FULL === '1'
const [activities, files] = full ? [2_000_000, 2000] : [20_000, 40]
const megabyte = 1024 ** 2

/** Activities with texts of several hundred bytes, which do not compress well, and files of 200 kB. */
async function fill(ownerUrl: string, dataDir: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  const { rows } = await client.query<{ id: string }>('select id from organisation')
  const org = rows[0]!.id
  await client.query(
    `insert into activity (org, id, at, verb, noun, area, detail)
     select $1, uuidv7(make_interval(secs => -n)), now() - make_interval(secs => n), 'Create', 'Note', 'test',
       jsonb_build_object('n', n, 'text', (select string_agg(md5(n::text || m), ' ') from generate_series(1, 12) m))
     from generate_series(1, $2::int) n`,
    [org, activities],
  )
  for (let n = 0; n < files; n++) await addFile(client, org, dataDir, randomBytes(200_000))
  await client.end()
}

async function addFile(client: pg.Client, org: string, dataDir: string, content: Buffer): Promise<void> {
  const hash = createHash('sha256').update(content).digest('hex')
  const path = join(dataDir, 'files', org, hash.slice(0, 2), hash.slice(2, 4), hash)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, content)
  const text = `insert into file (org, id, name, type, size, hash) values ($1, $2, 'x', 'application/octet-stream', $3, $4)`
  await client.query(text, [org, newId(), content.length, hash])
}

/** Runs something, and tells how long it took and how much memory it needed at most beyond what was in use before. */
async function measured<T>(run: () => Promise<T>): Promise<{ result: T; seconds: number; grew: number }> {
  const before = process.memoryUsage.rss()
  let most = before
  const sampling = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20)
  const start = performance.now()
  try {
    const result = await run()
    return { result, seconds: (performance.now() - start) / 1000, grew: (most - before) / megabyte }
  } finally {
    clearInterval(sampling)
  }
}

async function filledServer(t: TestContext) {
  const server = await serve(await preparedData(t))
  t.after(() => stop(server))
  const cookie = await setUp(server)
  const { ownerUrl } = runningDatabase(server.dataDir)!
  await fill(ownerUrl, server.dataDir)
  return { server, cookie, ownerUrl }
}

test('R10: a backup of a running server restores whole, in bounded memory, and the restored server works.', {
  timeout: 3_600_000,
}, async t => {
  const { server, cookie, ownerUrl } = await filledServer(t)
  const { dataDir } = server
  const folder = temporaryFolder(t)
  const file = join(folder, 'backup.tar.gz')
  const masterKey = Buffer.alloc(32)
  const ours = migrations()
  const taken = await measured(() => backup({ ownerUrl, dataDir, target: file, masterKey }))
  assert.equal((await act(server.url, cookie, 'people/personAdd', { name: 'After the backup' })).status, 200)
  const proved = await measured(() => verify(file, ours))
  const cases = Object.keys(proved.result.totals.tables).length + 1
  const { rows, bytes } = taken.result
  console.log(`R10: ${cases} cases, ${proved.result.different.length} failed`)
  t.diagnostic(
    `${rows} rows and ${files} files, ${Math.round(bytes / megabyte)} MB: backup ${taken.seconds.toFixed(1)} s (+${Math.round(taken.grew)} MB), restore with proof ${proved.seconds.toFixed(1)} s (+${Math.round(proved.grew)} MB)`,
  )
  assert.deepEqual(proved.result.different, [])
  assert.equal(proved.result.totals.files.count, files)
  for (const { grew } of [taken, proved]) assert.ok(grew < 200, `${grew} MB more`)
  await restoredServerWorks(t, file, join(folder, 'data'), dataDir, cookie)
})

/** The whole way back: into a new folder, with the old key, and people are still signed in. */
async function restoredServerWorks(t: TestContext, file: string, dataDir: string, oldData: string, cookie: string): Promise<void> {
  const postgres = await startPostgres({ dataDir, log: { debug() {}, info() {}, warn() {} } })
  await restore({ file, ownerUrl: postgres.ownerUrl, dataDir, migrations: migrations() })
  await postgres.stop()
  copyFileSync(join(oldData, 'secrets/master-key'), join(dataDir, 'secrets/master-key'))
  const server = await serve(dataDir)
  t.after(() => stop(server))
  const answer = await act(server.url, cookie, 'people/personAdd', { name: 'In the restored server' })
  assert.equal(answer.status, 200, await answer.text())
}
