import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import pg from 'pg'
import { processesOf } from '#kernel/postgres/leftovers.ts'
import { end, type Holder, hold, holdFile, runner, temporaryFolder } from './holder.ts'
import { preparedData } from './prepared.ts'
import { killEach } from './server.ts'

const root = process.getuid?.() === 0
const nobody = 65_534
const asNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups']
/** The programs themselves may lie in a folder that other users cannot enter. */
const othersMayRun = root && spawnSync(asNobody[0]!, [...asNobody.slice(1), ...runner, '-e', '0']).status === 0
const asRoot = root ? '' : ' (skipped: needs root)'

async function held(t: TestContext, dataDir: string, before: string[] = []): Promise<Holder> {
  const holder = await hold(dataDir, before)
  t.after(() => void holder.child.kill('SIGTERM'))
  return holder
}

async function query<T extends pg.QueryResultRow>({ ownerUrl }: { ownerUrl: string }, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: ownerUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<T>(text)).rows
  } finally {
    await client.end()
  }
}

const said = async (starting: Promise<Holder>): Promise<string> => {
  const outcome = await starting.then(
    holder => holder,
    (error: Error) => error.message,
  )
  if (typeof outcome === 'string') return outcome
  await end(outcome, 'SIGTERM')
  return assert.fail('it started')
}

test('A second start on a data folder names the process that holds it, and harms nothing.', async t => {
  const dataDir = await preparedData(t, 'empty')
  const first = await held(t, dataDir)
  await query(first, 'create table kept as select 1 as one')
  assert.match(await said(hold(dataDir)), new RegExp(`is in use by process ${first.child.pid} \\(server, since .*\\): stop that one first`))
  assert.deepEqual(await query(first, 'select one from kept'), [{ one: 1 }])
})

test('SIGINT and SIGTERM end the database in order, and leave no process.', async t => {
  const dataDir = await preparedData(t, 'empty')
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    const holder = await held(t, dataDir)
    assert.notEqual(processesOf(join(dataDir, 'pg')).length, 0)
    assert.equal(await end(holder, signal), code)
    assert.deepEqual(processesOf(join(dataDir, 'pg')), [])
    assert.equal(existsSync(join(dataDir, 'pg/postmaster.pid')), false)
    assert.deepEqual(readdirSync(join(dataDir, 'secrets')), ['database'])
  }
})

test('A signal in the middle of a first start ends everything that was begun, and the next start begins anew.', async t => {
  const folder = temporaryFolder(t)
  const dataDir = join(folder, 'data')
  const child = spawn(runner[0]!, [...runner.slice(1), holdFile, dataDir], { stdio: 'ignore' })
  const ended = new Promise<string | number | null>(resolve => child.once('exit', (code, signal) => resolve(code ?? signal)))
  const making = join(dataDir, 'pg.making')
  while (!existsSync(join(making, 'PG_VERSION'))) await new Promise(resolve => setTimeout(resolve, 5))
  child.kill('SIGINT')
  // Between the making and the start nothing is there to be ended, and the signal does what signals do.
  assert.ok([130, 'SIGINT'].includes((await ended)!))
  assert.equal(existsSync(join(dataDir, 'pg')), false)
  assert.deepEqual(await query(await held(t, dataDir), 'select 1 as one'), [{ one: 1 }])
  assert.equal(spawnSync('pgrep', ['-f', making], { encoding: 'utf8' }).stdout, '')
})

for (const victims of ['server', 'database', 'server and database', 'server and postmaster'] as const) {
  test(`After kill -9 of the ${victims}, the next start takes over and has every commit.`, async t => {
    const dataDir = await preparedData(t, 'empty')
    const folder = join(dataDir, 'pg')
    const holder = await held(t, dataDir)
    await query(holder, 'create table kept as select 1 as one')
    const left = processesOf(folder)
    const postmaster = Number.parseInt(readFileSync(join(folder, 'postmaster.pid'), 'utf8'), 10)
    if (victims !== 'database') await end(holder, 'SIGKILL')
    killEach(victims === 'server' ? [] : victims === 'server and postmaster' ? [postmaster] : left)
    if (victims === 'database') await end(holder, 'SIGKILL')
    const next = await held(t, dataDir)
    assert.deepEqual(await query(next, 'select one from kept'), [{ one: 1 }])
    const now = processesOf(folder)
    assert.deepEqual(
      left.filter(pid => now.includes(pid)),
      [],
      'nothing of the earlier start is left',
    )
  })
}

test('A database that dies alone comes back by itself at the same address.', async t => {
  const dataDir = await preparedData(t, 'empty')
  const holder = await held(t, dataDir)
  await query(holder, 'create table kept as select 1 as one')
  killEach(processesOf(join(dataDir, 'pg')))
  const until = Date.now() + 60_000
  for (;;) {
    const rows = await query(holder, 'select one from kept').catch(() => undefined)
    if (rows) return assert.deepEqual(rows, [{ one: 1 }])
    if (Date.now() > until) assert.fail('not back within 10 s')
    await new Promise(resolve => setTimeout(resolve, 50))
  }
})

test('A number in postmaster.pid that meanwhile belongs to another program does not keep the database from starting.', async t => {
  const dataDir = await preparedData(t, 'empty')
  await end(await held(t, dataDir), 'SIGTERM')
  const file = join(dataDir, 'pg/postmaster.pid')
  writeFileSync(file, `${process.pid}\n${dataDir}/pg\n1700000000\n25555\n\n127.0.0.1\n  1234 1\nready\n`)
  const { uid, gid } = statSync(join(dataDir, 'pg'))
  chownSync(file, uid, gid)
  assert.deepEqual(await query(await held(t, dataDir), 'select 1 as one'), [{ one: 1 }])
})

test('A making of the database that was interrupted is begun anew.', async t => {
  const dataDir = join(temporaryFolder(t), 'data')
  mkdirSync(join(dataDir, 'pg.making/base'), { recursive: true })
  writeFileSync(join(dataDir, 'pg.making/PG_VERSION'), '18\n')
  assert.deepEqual(await query(await held(t, dataDir), 'select 1 as one'), [{ one: 1 }])
  assert.equal(existsSync(join(dataDir, 'pg.making')), false)
})

test(`As root, the database runs as another user, who owns nothing but its own folder${asRoot}.`, { skip: !othersMayRun }, async t => {
  const dataDir = join(temporaryFolder(t), 'data')
  await held(t, dataDir)
  const { uid } = statSync(join(dataDir, 'pg'))
  assert.notEqual(uid, 0)
  for (const pid of processesOf(join(dataDir, 'pg'))) assert.equal(statSync(`/proc/${pid}`).uid, uid)
  assert.deepEqual([statSync(dataDir).uid, statSync(join(dataDir, 'secrets')).uid], [0, 0])
  assert.equal(statSync(join(dataDir, 'secrets')).mode & 0o777, 0o700)
})

test(`As root with a folder that no other user may enter, the database runs in a user namespace; and either way may follow the other${asRoot}.`, {
  skip: !root,
}, async t => {
  const closed = temporaryFolder(t, 0o700)
  const dataDir = join(closed, 'data')
  const first = await held(t, dataDir)
  await query(first, 'create table kept as select 1 as one')
  assert.equal(statSync(join(dataDir, 'pg')).uid, 0)
  await end(first, 'SIGTERM')
  spawnSync('chmod', ['755', closed])
  const second = await held(t, dataDir)
  assert.deepEqual(await query(second, 'select one from kept'), [{ one: 1 }])
  await end(second, 'SIGTERM')
  spawnSync('chmod', ['700', closed])
  assert.deepEqual(await query(await held(t, dataDir), 'select one from kept'), [{ one: 1 }])
})

test(`An ordinary user starts the database as themselves${asRoot}.`, { skip: !othersMayRun }, async t => {
  const folder = temporaryFolder(t)
  chownSync(folder, nobody, nobody)
  await held(t, join(folder, 'data'), asNobody)
  for (const pid of processesOf(join(folder, 'data/pg'))) assert.equal(statSync(`/proc/${pid}`).uid, nobody)
})

test(`A data folder that cannot be written is refused with what to do${asRoot}.`, { skip: !othersMayRun }, async t => {
  const folder = temporaryFolder(t)
  assert.equal(
    await said(hold(join(folder, 'data'), asNobody)),
    `The data folder ${folder}/data cannot be written: give this user the right to, or set DATA_DIR to another folder.`,
  )
})

/** A disk of so many megabytes, in a mount namespace that ends with its process. */
const smallDisk = (folder: string, megabytes: number, then = 'exec "$@"') => [
  ...['unshare', '--mount', 'sh', '-c'],
  `mount -t tmpfs -o size=${megabytes}m,mode=755 tmpfs ${folder} && ${then}`,
  'sh',
]
const mayMount = root && spawnSync('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0
const asMounter = mayMount ? '' : ' (skipped: needs root and the right to mount)'

test(`A disk that is full when the database is made is told in one sentence, and nothing half made is left${asMounter}.`, {
  skip: !mayMount,
}, async t => {
  const folder = temporaryFolder(t)
  const outcome = spawnSync(
    ...shell([...smallDisk(folder, 12, `"$@"; echo "exit $?"; ls ${folder}/data`), ...runner, holdFile, `${folder}/data`]),
  )
  assert.equal(outcome.stderr.trim(), `The disk of ${folder}/data is full: free some space there (200 MB to begin with), then start again.`)
  assert.equal(outcome.stdout.trim(), 'exit 1\nlock\nlock.json\nsecrets')
})

test(`A disk that is full at a later start is told in one sentence, and once there is space everything is there${asMounter}.`, {
  skip: !mayMount,
}, async t => {
  const folder = temporaryFolder(t)
  const start = `timeout 20 "$@"`
  const fill = `cat /dev/zero > ${folder}/filler 2> /dev/null`
  const script = `timeout 6 "$@"; ${fill}; echo full; ${start}; echo "exit $?"; rm ${folder}/filler; timeout 6 "$@"; echo "exit $?"`
  const outcome = spawnSync(...shell([...smallDisk(folder, 120, script), ...runner, holdFile, `${folder}/data`]))
  assert.match(outcome.stderr, /^The disk of .* is full: free some space there .*$/m)
  assert.match(outcome.stdout, /full\nexit 1\n\{.*\}\nexit 143|full\nexit 1\n\{.*\}\nexit 124/)
})

function shell([command, ...args]: string[]): [string, string[], { encoding: 'utf8'; cwd: string }] {
  return [command!, args, { encoding: 'utf8', cwd: join(import.meta.dirname, '..') }]
}
