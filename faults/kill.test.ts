import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { databaseFindings } from '#kernel/doctor/database.ts'
import { newId } from '#kernel/ids.ts'
import { runningDatabase } from '#kernel/postgres.ts'
import { preparedData } from './prepared.ts'
import { act, freePort, killAll, type Server, serve, setUp, stop, until } from './server.ts'

const full = process.env.FULL === '1'
/** R1: how often everything is killed, and how many writes must have been acknowledged in all. */
const [kills, writes] = full ? [100, 20_000] : [3, 300]
const clients = 4

async function asked<T extends pg.QueryResultRow>(dataDir: string, text: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: runningDatabase(dataDir)!.ownerUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<T>(text, values)).rows
  } finally {
    await client.end()
  }
}

/** A thread to write notes into, as intake would have made it. */
async function makeThread(dataDir: string): Promise<string> {
  const id = newId()
  const text = `insert into thread (org, id, subject, started_at, last_at) select id, $1, 'Under load', now(), now() from organisation`
  await asked(dataDir, text, [id])
  return id
}

/** What was acknowledged, kept outside of the server. */
interface Journal {
  people: Map<string, string>
  notes: Set<string>
  /** The last that was acknowledged, and all that were sent since: one of these must stand. */
  setting: { acknowledged: string; sent: string[] }
}

interface Load {
  server: Server
  cookie: string
  thread: string
  journal: Journal
  running: boolean
  acknowledged: number
}

async function write(load: Load, client: number, n: number): Promise<void> {
  const name = `writer ${client} number ${n}`
  if (client === 0) return writeSetting(load, `sign-off ${n}`)
  const isNote = n % 2 === 0
  const [action, input] = isNote
    ? ['threads/note', { thread: load.thread, text: name }]
    : ['people/personAdd', { name, network: 'email', address: `w${client}-${n}@test.invalid` }]
  const answer = await act(load.server.url, load.cookie, action as string, input)
  if (answer.status !== 200) return void (await answer.text())
  const given = (await answer.json()) as { person?: string }
  if (isNote) load.journal.notes.add(name)
  else load.journal.people.set(given.person!, name)
  load.acknowledged++
}

async function writeSetting(load: Load, text: string): Promise<void> {
  const { setting } = load.journal
  setting.sent.push(text)
  const answer = await act(load.server.url, load.cookie, 'members/changeOrganisation', { signOff: text })
  await answer.text()
  if (answer.status !== 200) return
  setting.acknowledged = text
  setting.sent = []
  load.acknowledged++
}

async function client(load: Load, number: number): Promise<void> {
  for (let n = 0; load.running; n++) await write(load, number, n).catch(() => pause(20)) // Killed under it: not acknowledged.
}

test(`Nothing acknowledged is lost by kill -9 of all processes under load (${kills} kills).`, {
  timeout: full ? 3_600_000 : 300_000,
}, async t => {
  const dataDir = await preparedData(t)
  const port = String(await freePort())
  const start = () => serve(dataDir, { PORT: port })
  const server = await start()
  const load: Load = { server, cookie: await setUp(server), thread: await makeThread(dataDir), journal: { people: new Map(), notes: new Set(), setting: { acknowledged: '', sent: [] } }, running: true, acknowledged: 0 } // biome-ignore format: one value
  t.after(() => stop(load.server, 'SIGKILL'))
  const working = Array.from({ length: clients }, (_, number) => client(load, number))
  const back = await killedAgainAndAgain(load, start)
  load.running = false
  await Promise.all(working)
  const failed = await countFailed(load, dataDir)
  const slowest = Math.max(...back)
  t.diagnostic(`R1: ${load.acknowledged} cases, ${failed.length} failed; ${kills} kills, back in ${slowest} ms at most`)
  console.log(`R1: ${load.acknowledged} cases, ${failed.length} failed`)
  assert.deepEqual(failed, [])
  assert.ok(load.acknowledged >= writes, `${load.acknowledged} writes were acknowledged`)
  assert.ok(slowest < (full ? 5000 : 60_000), `back in ${slowest} ms`)
})

/** Kills everything while writes are under way, and starts again at once; how long each took until pages were answered, in ms. */
async function killedAgainAndAgain(load: Load, start: () => Promise<Server>): Promise<number[]> {
  const back: number[] = []
  for (let kill = 1; kill <= kills; kill++) {
    await until(120_000, async () => (load.acknowledged >= (writes * kill) / kills ? true : undefined))
    await pause(Math.random() * 50)
    await killAll(load.server)
    const from = Date.now()
    load.server = await start()
    back.push(Date.now() - from)
  }
  return back
}

/** What is lost, torn, or doubled; and what the database's own check finds. */
async function countFailed({ journal }: Load, dataDir: string): Promise<string[]> {
  const failed: string[] = []
  const people = new Map(
    (await asked<{ id: string; name: string }>(dataDir, 'select id, name from person')).map(({ id, name }) => [id, name]),
  )
  for (const [id, name] of journal.people) if (people.get(id) !== name) failed.push(`lost: ${name}`)
  const notes = new Set((await asked<{ text: string }>(dataDir, `select text from content`)).map(row => row.text))
  for (const note of journal.notes) if (!notes.has(note)) failed.push(`lost: ${note}`)
  const [{ setting } = { setting: '' }] = await asked<{ setting: string }>(
    dataDir,
    `select settings->>'signOff' as setting from organisation`,
  )
  if (![journal.setting.acknowledged, ...journal.setting.sent].includes(setting))
    failed.push(`lost: ${journal.setting.acknowledged}, there is ${setting}`)
  return [...failed, ...(await torn(dataDir)), ...(await damaged(dataDir))]
}

/** A change and its activity stand together or not at all; a person that was added with an address has it. */
async function torn(dataDir: string): Promise<string[]> {
  const rows = await asked<{ what: string }>(
    dataDir,
    `select 'person without its activity: ' || name as what from person p
       where not exists (select from activity a where a.object = p.id and a.verb = 'Create' and a.noun = 'Person')
     union all select 'activity without its person: ' || object from activity a
       where a.verb = 'Create' and a.noun = 'Person' and not exists (select from person p where p.id = a.object)
     union all select 'person without the address: ' || name from person p
       where name like 'writer %' and not exists (select from handle h where h.person = p.id)
     union all select 'note without its activity: ' || left(text, 40) from content c
       where not exists (select from activity a where a.object = c.id and a.verb = 'Create')`,
  )
  return rows.map(({ what }) => `torn: ${what}`)
}

/** What doctor finds, every index read against its table. */
async function damaged(dataDir: string): Promise<string[]> {
  const findings = await databaseFindings(runningDatabase(dataDir)!.ownerUrl, [], true)
  return findings.filter(({ state }) => state === 'fail').map(({ key, values }) => `${key} ${JSON.stringify(values)}`)
}
