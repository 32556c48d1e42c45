import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { full } from './doors.ts'
import { preparedData } from './prepared.ts'
import { act, serve, setUp, stop, until } from './server.ts'

const lines = full ? 500_000 : 3_000

function* list(): Generator<string> {
  yield 'name,email,company,notes\n'
  for (let at = 0; at < lines; at++)
    yield `Person Number ${at},p${at}@example.org,Company ${at % 500},"met at the fair ${'x'.repeat(50)}"\n`
}

/** The system's mark of the highest memory use of a process, in bytes (proc(5)). */
const highest = (pid: number): number => Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024

test(`R13: looking through a list of ${lines} contacts and bringing it in needs less than 200 MB of memory`, {
  skip: process.platform !== 'linux' && 'the memory of another process is read where the system shows it',
}, async t => {
  const server = await serve(await preparedData(t))
  t.after(() => stop(server, 'SIGKILL'))
  const cookie = await setUp(server)
  const form = new FormData()
  form.set('file', new Blob([...list()], { type: 'text/csv' }), 'list.csv')
  const begun = await fetch(`${server.url}/imports/upload/contacts`, {
    method: 'POST',
    body: form,
    headers: { cookie, origin: server.url },
    redirect: 'manual',
  })
  const run = /imports\/([0-9a-f-]{36})/.exec(begun.headers.get('location') ?? '')?.[1]
  assert.ok(run, `${begun.status}`)
  const pid = server.child.pid!
  const stands = async () =>
    ((await (await act(server.url, cookie, 'imports/show', { run })).json()) as { run: { state: string; fresh: number } }).run
  for (const [deed, end] of [
    ['check', 'checked'],
    ['start', 'done'],
  ] as const) {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
    const before = highest(pid)
    assert.equal((await act(server.url, cookie, `imports/${deed}`, { run })).status, 200)
    const { fresh } = await until(full ? 3_000_000 : 240_000, async () => {
      const it = await stands()
      assert.notEqual(it.state, 'failed')
      return it.state === end ? it : undefined
    })
    assert.equal(fresh, lines)
    const grew = highest(pid) - before
    console.log(`R13 ${deed} of ${lines} contacts: ${Math.round(grew / 1e6)} MB`)
    assert.ok(grew < 200_000_000, `${grew} bytes`)
  }
})
