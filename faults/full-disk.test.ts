import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { temporaryFolder } from './holder.ts'
import { act, healthy, serve, setUp, stop, until } from './server.ts'

const mayMount = process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0
const skipped = mayMount ? '' : ' (skipped: needs root and the right to mount)'

/** Takes every byte that is left. */
function fill(file: string): void {
  const handle = openSync(file, 'w')
  try {
    for (let size = 1024 ** 2; size >= 1; ) {
      try {
        writeSync(handle, Buffer.alloc(size))
      } catch {
        size = Math.floor(size / 2)
      }
    }
  } finally {
    closeSync(handle)
  }
}

test(`A disk that fills up while the server runs loses nothing acknowledged; once there is space it goes on by itself${skipped}.`, {
  skip: !mayMount,
}, async t => {
  const folder = temporaryFolder(t)
  const disk = ['unshare', '--mount', 'sh', '-c', `mount -t tmpfs -o size=160m,mode=755 tmpfs ${folder} && exec "$@"`, 'sh']
  const server = await serve(join(folder, 'data'), {}, disk)
  t.after(() => stop(server))
  const cookie = await setUp(server)
  const inside = `/proc/${server.child.pid}/root${folder}`
  const names: string[] = []
  const add = async (name: string) => {
    const started = Date.now()
    const answer = await act(server.url, cookie, 'people/personAdd', { name })
    await answer.text()
    if (answer.status === 200) names.push(name)
    return { status: answer.status, took: Date.now() - started }
  }
  assert.equal((await add('before')).status, 200)
  fill(join(inside, 'filler'))
  const answers: { status: number; took: number }[] = []
  // What is already allotted still takes some writes; then they are refused.
  for (let n = 0; n < 3000 && answers.filter(({ status }) => status !== 200).length < 5; n++)
    answers.push(await add(`full ${n} ${'x'.repeat(250)}`))
  const bad = answers.filter(({ status }) => status !== 200)
  assert.ok(bad.length >= 5, 'the disk was full')
  for (const { status, took } of bad) {
    assert.equal(status, 503)
    assert.ok(took < (process.env.FULL === '1' ? 2000 : 15_000), `answered in ${took} ms`)
  }
  rmSync(join(inside, 'filler'))
  await until(20_000, async () => (await healthy(server.url)) || undefined)
  await until(20_000, async () => (await add('after')).status === 200 || undefined)
  const kept = new Set(await peopleIn(join(inside, 'data/secrets/running.json')))
  const lost = names.filter(name => !kept.has(name))
  console.log(`full disk: ${names.length} cases, ${lost.length} failed`)
  assert.deepEqual(lost, [])
})

async function peopleIn(note: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: JSON.parse(readFileSync(note, 'utf8')).ownerUrl })
  await client.connect()
  const { rows } = await client.query<{ name: string }>('select name from person')
  await client.end()
  return rows.map(row => row.name)
}
