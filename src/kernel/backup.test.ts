import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import pg from 'pg'
import { extract } from 'tar-stream'
import { migrations } from '../contents.ts'
import { type BackupAsked, backup, restore, verify } from './backup.ts'
import { StartError } from './errors.ts'
import { newId } from './ids.ts'
import { prepareJobs } from './jobs.ts'
import { migrate } from './migrate.ts'
import { templateOn } from './testing-clone.ts'
import { type Cluster, testCluster } from './testing-cluster.ts'

let cluster: Cluster
const ours = migrations()
let folder: string
const dropped: string[] = []

before(async () => {
  cluster = await testCluster()
  folder = mkdtempSync(join(tmpdir(), 'trefoil-backup-'))
})
after(async () => {
  for (const each of dropped) await run(cluster.ownerUrl, each)
  await cluster.leave()
  rmSync(folder, { recursive: true })
})

async function run<T extends pg.QueryResultRow>(url: string, text: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<T>(text, values)).rows
  } finally {
    await client.end()
  }
}

/** A database of one's own, empty or like another; with a name for its owner, one without any special right. */
async function database({ owner, like }: { owner?: string; like?: string } = {}): Promise<string> {
  const name = `backup_${randomBytes(5).toString('hex')}`
  if (owner) await run(cluster.ownerUrl, `create role ${name} login createrole password 'test'`)
  await run(
    cluster.ownerUrl,
    `create database ${name} ${owner ? `owner ${name}` : ''} ${like ? `template ${like} strategy file_copy` : ''}`,
  )
  dropped.push(`drop database ${name} with (force)`, ...(owner ? [`drop owned by ${name}`, `drop role ${name}`] : []))
  return Object.assign(new URL(cluster.ownerUrl), { pathname: `/${name}`, ...(owner && { username: name, password: 'test' }) }).href
}

const masterKey = Buffer.alloc(32, 3)
const hard = [
  'plain',
  'tab\tnew\nline\r\\N \\. back\\slash "quote" \'single\'',
  'Grüße, 你好, 😀, \u202Ertl',
  '',
  ' '.repeat(3000),
  '\\.',
  '\\N',
]

/** Two organisations with awkward texts, activities over three months, and a file each. */
async function fill(url: string, dataDir: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`select set_config('trefoil.scope', 'kernel', false)`)
  for (const month of ['2026-01-01', '2026-02-01']) await client.query('select activity_partition($1)', [month])
  for (const slug of ['one', 'two']) {
    const org = newId()
    await client.query(`select set_config('trefoil.org', $1, false)`, [org])
    await client.query('insert into organisation (id, name, slug, settings) values ($1, $2, $3, $4)', [org, slug, slug, { deep: hard }])
    for (const [index, text] of hard.entries()) {
      const at = new Date(Date.UTC(2026, index % 4, 3, 4, 5, 6, 789))
      const values = [org, newId(at), at, text, { text, number: 1.1, nothing: null }]
      await client.query(
        `insert into activity (org, id, at, verb, noun, area, detail) values ($1, $2, $3, 'Create', $4, 'test', $5)`,
        values,
      )
    }
    await addFile(client, org, dataDir, `file of ${slug}`)
  }
  await client.query(`insert into jobs.job (name, data) values ('work', '{"org": "x"}')`)
  await client.end()
}

async function addFile(client: pg.Client, org: string, dataDir: string, content: string): Promise<void> {
  const hash = createHash('sha256').update(content).digest('hex')
  const path = join(dataDir, 'files', org, hash.slice(0, 2), hash.slice(2, 4), hash)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  const values = [org, newId(), content.length, hash]
  await client.query(`insert into file (org, id, name, type, size, hash) values ($1, $2, 'a.txt', 'text/plain', $3, $4)`, values)
}

/** Everything that is in a database, told by PostgreSQL itself. */
async function contentOf(url: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ table: string }>(
    `select c.oid::regclass::text as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and (n.nspname = 'public' or c.relname = 'job_common') order by 1`,
  )
  const content: Record<string, string> = {}
  for (const { table } of rows) {
    const { rows: sums } = await client.query(
      `select count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) as sum from ${table} t`,
    )
    content[table] = sums[0].sum
  }
  await client.end()
  return content
}

let counter = 0
async function taken(url: string, dataDir: string, more: Partial<BackupAsked> = {}) {
  return backup({ ownerUrl: url, dataDir, target: join(folder, `${++counter}.tar.gz`), masterKey, ...more })
}

async function source(owner?: string) {
  const url = owner ? await migrated(await database({ owner })) : await database({ like: await templateOn(cluster.ownerUrl) })
  const dataDir = join(folder, `data-${++counter}`)
  await fill(url, dataDir)
  return { url, dataDir }
}

async function migrated(url: string): Promise<string> {
  await migrate(url, ours)
  await prepareJobs(url)
  return url
}

let made: ReturnType<typeof source> | undefined
/** One that is filled once, for tests that only read it. */
const sharedSource = () => (made ??= source())

const refused = async (promise: Promise<unknown>): Promise<string> => {
  const error = await promise.then(
    () => assert.fail('accepted'),
    error => error,
  )
  assert.ok(error instanceof StartError, String(error.stack))
  return error.message
}

test('A restored backup has every row of every table, every partition, every file, and the master key that it was given.', async () => {
  const { url, dataDir } = await sharedSource()
  const made = await taken(url, dataDir, { withKey: true })
  assert.equal(made.files, 2)
  assert.equal(made.missing, 0)
  assert.equal(statSync(made.file).mode & 0o777, 0o600)
  const there = await database()
  const newData = join(folder, 'restored')
  mkdirSync(join(newData, 'secrets'), { recursive: true })
  const restored = await restore({ file: made.file, ownerUrl: there, dataDir: newData, migrations: ours })
  const before = await contentOf(url)
  assert.deepEqual(await contentOf(there), before)
  assert.match(before.activity_2026_01!, /^4 /)
  assert.match(before.activity_2026_02!, /^4 /)
  assert.match(before.activity_rest!, /^6 /)
  assert.match(before['jobs.job_common']!, /^1 /)
  const files = await run<{ path: string; hash: string }>(
    url,
    `select org || '/' || left(hash, 2) || '/' || substr(hash, 3, 2) || '/' || hash as path, hash from file`,
  )
  for (const { path, hash } of files)
    assert.equal(
      createHash('sha256')
        .update(readFileSync(join(newData, 'files', path)))
        .digest('hex'),
      hash,
    )
  assert.ok(restored.keyFits(masterKey))
  assert.ok(!restored.keyFits(Buffer.alloc(32, 4)))
  assert.equal(readFileSync(join(newData, 'secrets/master-key'), 'utf8'), masterKey.toString('base64'))
  assert.deepEqual(await run(there, `select relname from pg_class where relname = 'activity' and relrowsecurity and relforcerowsecurity`), [
    { relname: 'activity' },
  ])
})

test('verify restores into a database of its own, compares, and tells what differs.', async () => {
  const { url, dataDir } = await sharedSource()
  const { file, rows } = await taken(url, dataDir)
  const verified = await verify(file, ours)
  assert.deepEqual(verified.different, [])
  assert.equal(
    Object.values(verified.totals.tables).reduce((sum, table) => sum + table.rows, 0),
    rows,
  )
})

test('A database whose owner has no special right is backed up whole as well, and restored behind its walls.', async () => {
  const { url, dataDir } = await source('owner')
  const { file } = await taken(url, dataDir)
  const there = await database({ owner: 'owner' })
  await restore({ file, ownerUrl: there, dataDir: null, migrations: ours })
  const asSuper = (of: string) => contentOf(Object.assign(new URL(cluster.ownerUrl), { pathname: new URL(of).pathname }).href)
  const before = await asSuper(url)
  assert.match(before.activity_rest!, /^6 /)
  assert.deepEqual(await asSuper(there), before)
  assert.deepEqual(await run(there, 'select count(*)::int from activity'), [{ count: 0 }], 'row-level security is forced again')
})

test('What is written while a backup is taken is in it whole or not at all.', async () => {
  const { url, dataDir } = await source()
  const org = newId()
  const writer = new pg.Client({ connectionString: url })
  await writer.connect()
  let writing = true
  const writes = (async () => {
    for (let n = 0; writing; n++) {
      await writer.query('begin')
      await writer.query(`insert into account (id, email, name) values ($1, $2, 'x')`, [newId(), `${n}@test.invalid`])
      await writer.query(`insert into organisation (id, name, slug) values ($1, 'x', $2)`, [n ? newId() : org, `n${n}`])
      await writer.query('commit')
    }
  })()
  const { file } = await taken(url, dataDir)
  writing = false
  await writes
  await writer.end()
  const { totals } = await verify(file, ours)
  assert.equal(totals.tables['public.account']!.rows + 2, totals.tables['public.organisation']!.rows)
})

test('The master key is in the backup only when asked for.', async () => {
  const { url, dataDir } = await sharedSource()
  const names = async (file: string) => {
    const tar = extract()
    tar.end(gunzipSync(readFileSync(file)))
    const found: string[] = []
    for await (const entry of tar) {
      found.push(entry.header.name)
      entry.resume()
    }
    return found
  }
  assert.ok(!(await names((await taken(url, dataDir)).file)).some(name => name.includes('key')))
  const { file } = await taken(url, dataDir, { withKey: true })
  assert.ok((await names(file)).includes('secrets/master-key'))
})

test('A file that is missing on disk is counted.', async () => {
  const { url, dataDir } = await sharedSource()
  const made = await taken(url, join(dataDir, 'elsewhere'))
  assert.deepEqual([made.files, made.missing], [0, 2])
})

test('A backup that is cut off, changed, or none at all is refused, and the database is left empty.', async t => {
  const { url, dataDir } = await sharedSource()
  const { file } = await taken(url, dataDir)
  const there = await database()
  const tries = async (name: string, change: (copy: string) => void, says: RegExp) =>
    t.test(name, async () => {
      const copy = join(folder, `${++counter}.tar.gz`)
      writeFileSync(copy, readFileSync(file))
      change(copy)
      assert.match(await refused(restore({ file: copy, ownerUrl: there, dataDir: null, migrations: ours })), says)
      assert.deepEqual(await run(there, `select from pg_tables where schemaname in ('public', 'jobs')`), [])
    })
  const rewritten = (change: (tar: Buffer) => unknown) => (copy: string) => {
    const tar = gunzipSync(readFileSync(copy))
    const changed = change(tar)
    writeFileSync(copy, gzipSync(changed instanceof Buffer ? changed : tar))
  }
  await tries('cut off', copy => truncateSync(copy, statSync(copy).size - 2000), /is no whole backup/)
  await tries('empty', copy => truncateSync(copy, 0), /is no (whole )?backup/)
  await tries('other content', copy => writeFileSync(copy, 'hello'), /is no whole backup/)
  await tries('another archive', copy => writeFileSync(copy, gzipSync(Buffer.alloc(1024))), /is no backup of Trefoil/)
  await tries(
    'ends early, but in form',
    rewritten(tar => tar.subarray(0, tar.indexOf('totals.json') - (tar.indexOf('totals.json') % 512))),
    /is no whole backup/,
  )
  await tries(
    'a row changed',
    rewritten(tar => tar.write('plaiN', tar.indexOf('\tCreate\tplain') + 8)),
    /is no whole backup/,
  )
  await tries(
    'a file changed',
    rewritten(tar => tar.write('F', tar.indexOf('file of one'))),
    /is no whole backup/,
  )
  await tries('a path that leads out', rewritten(renamed), /leads out of the data folder/)
})

/** Gives the first file in it a name that leads out of its folder, with the right checksum. */
function renamed(tar: Buffer): void {
  const found = tar.indexOf('files/')
  const header = tar.subarray(found - (found % 512), found - (found % 512) + 512)
  const [name, checksum, prefix] = [header.subarray(0, 100), header.subarray(148, 156), header.subarray(345, 500)]
  prefix.fill(0)
  name.fill(0).write('files/../../x')
  checksum.fill(' ')
  checksum.write(
    `${header
      .reduce((total, byte) => total + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
  )
}

test('A backup is restored only into an empty place, and written only where nothing is.', async () => {
  const { url, dataDir } = await sharedSource()
  const { file } = await taken(url, dataDir)
  const before = await contentOf(url)
  assert.match(await refused(restore({ file, ownerUrl: url, dataDir: null, migrations: ours })), /^The database is not empty/)
  assert.deepEqual(await contentOf(url), before)
  assert.match(await refused(restore({ file, ownerUrl: await database(), dataDir, migrations: ours })), /files is not empty/)
  assert.match(await refused(backup({ ownerUrl: url, dataDir, target: file, masterKey })), /is there already/)
})

test('A backup of an older Trefoil is restored; one of a newer is refused.', async () => {
  const { url, dataDir } = await sharedSource()
  const { file } = await taken(url, dataDir)
  const newer = [...ours, { module: 'kernel', name: '9999-later.sql', text: 'create table later ()', hash: 'f'.repeat(64) }]
  const there = await database()
  await restore({ file, ownerUrl: there, dataDir: null, migrations: newer })
  assert.deepEqual(await contentOf(there), await contentOf(url))
  const older = ours.slice(0, -1)
  assert.match(await refused(restore({ file, ownerUrl: await database(), dataDir: null, migrations: older })), /made by another version/)
})
