import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { processesOf } from '#kernel/postgres/leftovers.ts'
import { end, hold, temporaryFolder } from './holder.ts'
import { preparedData } from './prepared.ts'
import { act, freePort, healthy, killEach, launch, type Server, serve, setUp, stop, until } from './server.ts'

async function served(t: TestContext, dataDir: string, env: Record<string, string> = {}): Promise<Server> {
  const server = await serve(dataDir, env)
  t.after(() => stop(server, 'SIGKILL'))
  return server
}

/** A start that must not succeed: its one sentence. */
async function refused(dataDir: string, env: Record<string, string>): Promise<string> {
  const { ended, complained, said } = launch(dataDir, env)
  assert.equal(await ended, 1, said())
  assert.equal(complained().split('\n').length, 1, complained())
  return complained()
}

test('A second start says who holds the data folder, and the first goes on.', async t => {
  const first = await served(t, await preparedData(t))
  const port = String(await freePort())
  assert.match(await refused(first.dataDir, { PORT: port }), new RegExp(`is in use by process ${first.child.pid} \\(server`))
  assert.equal(await healthy(first.url), true)
})

test('An occupied port, a wrong setting, or a database that is not there stop the start with one sentence, before anything is touched.', async t => {
  const dataDir = join(temporaryFolder(t), 'data')
  const taken = createServer().listen(0, '127.0.0.1')
  t.after(() => taken.close())
  await new Promise(resolve => taken.once('listening', resolve))
  const { port } = taken.address() as { port: number }
  assert.match(await refused(dataDir, { PORT: String(port) }), new RegExp(`^Port ${port} is taken`))
  assert.match(await refused(dataDir, { PORT: 'http' }), /^PORT must be a whole number/)
  assert.match(await refused(dataDir, { TREFOIL_PORT: '1' }), /^TREFOIL_PORT is not a setting/)
  assert.match(
    await refused(dataDir, { DATABASE_URL: 'postgres://someone:secret@nowhere.invalid/x' }),
    /^No host nowhere\.invalid is known/,
  )
  assert.match(
    await refused(dataDir, { DATABASE_URL: `postgres://someone:secret@127.0.0.1:${await freePort()}/x` }),
    /cannot be reached \(ECONNREFUSED\)/,
  )
  assert.equal(existsSync(dataDir), false)
})

test('What stops the start is said in the language of the terminal.', async t => {
  const dataDir = join(temporaryFolder(t), 'data')
  const wrong = { PORT: 'http' }
  assert.equal(
    await refused(dataDir, { ...wrong, LANG: 'de_DE.UTF-8' }),
    'PORT muss eine ganze Zahl von 0 bis 65535 sein; gesetzt ist "http".',
  )
  assert.match(await refused(dataDir, { ...wrong, LANG: 'de_DE.UTF-8', LC_MESSAGES: 'nl_NL' }), /^PORT moet een geheel getal/)
  assert.match(await refused(dataDir, { ...wrong, LC_MESSAGES: 'nl_NL', LC_ALL: 'sv' }), /^PORT måste vara ett heltal/)
  for (const LANG of ['C.UTF-8', 'fr_FR', '']) assert.match(await refused(dataDir, { ...wrong, LANG }), /^PORT must be a whole number/)
  const { url } = await served(t, await preparedData(t), { LANG: 'sv_SE.UTF-8' })
  const page = await fetch(url, { headers: { 'accept-language': 'de' } })
  assert.match(await page.text(), /<html[^>]*lang="de"/)
})

test('A folder that cannot be made, wherever it is, stops the start with one sentence.', async () => {
  const folders = process.platform === 'linux' ? ['/proc/x', '/proc/x/y', '/dev/null/x'] : ['/dev/null/x']
  for (const folder of folders) {
    assert.match(await refused(folder, { PORT: '0' }), /^The data folder \/(proc|dev).* set DATA_DIR to/)
    const holder = { DATABASE_URL: process.env.TEST_DATABASE_URL ?? '' }
    if (holder.DATABASE_URL) assert.match(await refused(folder, { PORT: '0', ...holder }), /^The data folder .* set DATA_DIR to/)
  }
})

/** Ctrl-C comes after the question has begun and before it is whole; tells how it was answered, and how the server ended. */
async function endedWhileAsked(server: Server): Promise<{ answer: number | undefined; ended: number | null }> {
  const body = 'email=nobody%40test.invalid&password=wrong'
  const asked = request(`${server.url}/sign-in`, {
    method: 'POST',
    headers: {
      origin: server.url,
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': body.length,
      expect: '100-continue',
    },
  })
  asked.flushHeaders()
  await once(asked, 'continue')
  const ending = stop(server, 'SIGINT')
  await pause(100)
  asked.end(body)
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  answer.resume()
  return { answer: answer.statusCode, ended: await ending }
}

test('Ctrl-C answers what was asked and ends every process, also while the server is still starting.', async t => {
  const dataDir = await preparedData(t)
  const server = await served(t, dataDir)
  const { answer, ended } = await endedWhileAsked(server)
  assert.deepEqual([answer, ended], [422, 0])
  assert.deepEqual(processesOf(join(dataDir, 'pg')), [])
  const starting = launch(dataDir)
  await until(20_000, async () => existsSync(join(dataDir, 'pg/postmaster.pid')) || undefined)
  starting.child.kill('SIGINT')
  await starting.ended
  await until(20_000, async () => processesOf(join(dataDir, 'pg')).length === 0 || undefined)
  assert.equal(await healthy((await served(t, dataDir)).url), true)
})

test('A database that is killed under a running server is back, and pages are answered again.', async t => {
  const { url, dataDir } = await served(t, await preparedData(t))
  killEach(processesOf(join(dataDir, 'pg')))
  await until(60_000, async () => (await healthy(url)) || undefined)
  assert.notDeepEqual(processesOf(join(dataDir, 'pg')), [])
})

test('A database that is killed in the moment when the server says where it is ends neither: the link for setting up comes once it is back.', async t => {
  const dataDir = await preparedData(t)
  await slowTokens(dataDir)
  const server = await served(t, dataDir)
  killEach(processesOf(join(dataDir, 'pg')))
  await until(60_000, async () => (await healthy(server.url)) || undefined)
  await until(60_000, async () => /set-up\?token=\S+/.test(server.said()) || undefined)
})

/** Each new link takes a second, so that the server is still at it when its address is read. */
async function slowTokens(dataDir: string): Promise<void> {
  const holder = await hold(dataDir)
  const client = new pg.Client({ connectionString: holder.ownerUrl })
  try {
    await client.connect()
    await client.query(`create function waits() returns trigger language plpgsql as $$ begin perform pg_sleep(1); return new; end $$`)
    await client.query('create trigger waits before insert on one_time_token for each row execute function waits()')
  } finally {
    await client.end()
    await end(holder, 'SIGTERM')
  }
}

test('With a database of its own, whose owner has no special right, the server works and makes none of its own.', async t => {
  const holder = await hold(await preparedData(t, 'empty'))
  t.after(() => end(holder, 'SIGTERM'))
  const client = new pg.Client({ connectionString: holder.ownerUrl })
  await client.connect()
  await client.query(`create role own login createrole password 'secret'`)
  await client.query('create database own owner own')
  await client.end()
  const url = Object.assign(new URL(holder.ownerUrl), { username: 'own', password: 'secret', pathname: '/own' }).href
  const server = await served(t, join(temporaryFolder(t), 'data'), { DATABASE_URL: url })
  const cookie = await setUp(server)
  assert.equal((await act(server.url, cookie, 'people/personAdd', { name: 'Grace' })).status, 200)
  assert.equal(existsSync(join(server.dataDir, 'pg')), false)
  assert.equal(await stop(server), 0)
})

test('Nobody but the user of the server can read what is secret in the data folder.', async t => {
  const { dataDir } = await served(t, join(temporaryFolder(t), 'data'))
  assert.deepEqual(readdirSync(join(dataDir, 'secrets')).sort(), ['database', 'master-key', 'running.json'])
  for (const name of ['', 'database', 'master-key', 'running.json'])
    assert.equal(statSync(join(dataDir, 'secrets', name)).mode & 0o077, 0, name)
})
