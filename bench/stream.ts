/**
 * A stream of two thousand things a second, heard by a running server and kept for good, while people read its inbox. The stream is a real one, over a
 * WebSocket, through the Bluesky channel; counted is what the database holds in the end, row by row.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { derivedKey, useMasterKey } from '#kernel/crypto.ts'
import { asSystem, closeDatabase, openDatabase } from '#kernel/db.ts'
import { masterKeyOf } from '#kernel/master-key.ts'
import { serverUrl } from '#kernel/migrate.ts'
import { settings as form } from '#root/channels/bluesky/settings.ts'
import { assemble } from '#root/src/contents.ts'
import { keepAccount, theChannel } from '#social/channels/actions.ts'
import { type Bench, type Figure, percentile } from './figure.ts'
import { timesOf } from './load.ts'
import { pause, processorTime, type Server, signIn, startServer } from './server.ts'
import { care, type Network, type Said, startNetwork, talk } from './stream-network.ts'

const rate = Number(process.env.RATE ?? 2000)
const seconds = Number(process.env.SECONDS ?? 20)
const repeated = 10_000
/** Four people who look at a page for half a second. */
const readers = { atOnce: 4, looks: 500 }
const pages = ['/inbox/open', '/inbox/all', '/inbox/mine', '/inbox/waiting', '/inbox/done']

export const bench: Bench = {
  says: 'Two thousand things a second from one stream, kept for good, while four people read the inbox; then ten thousand of them once more',
  async run() {
    const dataDir = mkdtempSync(join(tmpdir(), 'trefoil-bench-'))
    process.env.TREFOIL_ALLOW_HOSTS = '127.0.0.1'
    const network = await startNetwork()
    const server = await startServer(dataDir, { demo: true })
    const client = new pg.Client({ connectionString: server.ownerUrl })
    await client.connect()
    try {
      return await measured({ server, network, client, org: await connected(dataDir, server, network, client) })
    } finally {
      await client.end()
      await closeDatabase()
      await server.stop()
      await network.stop()
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
}

interface House {
  server: Server
  network: Network
  client: pg.Client
  org: string
}

/** The demonstration gets an account whose server and stream are here; the running server hears of it by itself. Returns the organisation. */
async function connected(dataDir: string, server: Server, network: Network, client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ org: string }>('select org from membership group by org order by count(*) desc limit 1')
  const org = rows[0]!.org
  useMasterKey(masterKeyOf(dataDir, undefined))
  openDatabase(await serverUrl(server.ownerUrl, derivedKey('database role').toString('hex')), 2)
  await assemble()
  const settings = form.parse({
    ...care,
    password: 'abcd',
    server: network.server,
    stream: network.stream,
    listensToAll: true,
  })
  const heard = network.listened()
  await asSystem(org, ctx =>
    keepAccount(ctx, theChannel('bluesky'), { settings, name: 'Care', address: care.handle }, { account: null, by: null }),
  )
  await heard
  return org
}

async function measured(house: House): Promise<Figure[]> {
  const { server, network, client } = house
  const cookie = await signIn(server)
  const read = (length: number) =>
    timesOf({ ...readers, url: server.url, cookie, paths: pages, requests: Math.round((length * 1000 * readers.atOnce) / readers.looks) })
  await read(25) // Warms everything up, and leaves the database the time to look at the tables that the demonstration has just filled.
  const alone = await read(10)
  const there = await heldBy(client)
  const { begin, next, said } = talk(7)
  network.say(begin(60))
  await caughtUp(client, said.own)
  const plan = Array.from({ length: seconds * 100 }, () => next(rate / 100))
  const total = plan.flat().length
  const before = spentBy(server)
  const [began, reading] = [performance.now(), read(seconds * 0.95)]
  await fed(network, plan)
  const saying = (performance.now() - began) / 1000
  const backlog = said.own + total - (await keptIn(client))
  const stored = ((await caughtUp(client, said.own + total)) - began) / 1000
  const shown = ((await worked(client)) - began) / 1000
  const [spent, during] = [spentBy(server), await reading]
  const more = {
    ...{ said: { ...said }, backlogAtEnd: backlog, storedAfter: rounded(stored), shownAfter: rounded(shown) },
    ...{ serverSeconds: rounded(spent.server - before.server), databaseSeconds: rounded(spent.database - before.database) },
    faults: await faultsIn(client, there, said),
  }
  const again = await repeatedly(house, plan.flat(), there, said)
  return [storedFigure(total / stored, total / saying, more), pagesFigure(during, alone), repeatedFigure(again)]
}

const rounded = (value: number) => Math.round(value * 10) / 10

/** Seconds of processor time. */
function spentBy(server: Server): { server: number; database: number } {
  const own = processorTime([server.pid]) / 1000
  return { server: own, database: processorTime(server.pids()) / 1000 - own }
}

const storedFigure = (value: number, said: number, more: Record<string, unknown>): Figure => ({
  name: 'stream.stored',
  unit: 'things/s, each with person, thread, activity and search',
  value,
  baseline: { what: 'said by the stream per second', value: said },
  goal: { least: 0.95, of: 'ratio' },
  runs: [value],
  more,
})

const pagesFigure = (during: number[], alone: number[]): Figure => ({
  name: 'stream.pages',
  unit: 'ms, p95 of inbox pages meanwhile',
  value: percentile(during, 0.95),
  baseline: { what: 'the same pages before the stream began', value: percentile(alone, 0.95) },
  goal: { most: 100 },
  runs: [percentile(during, 0.95)],
  more: { p50: Math.round(percentile(during, 0.5)), longest: Math.round(Math.max(...during)), pages: during.length },
})

const repeatedFigure = (again: { faults: number; fresh: number; seconds: number }): Figure => ({
  name: 'stream.repeated',
  unit: 'doubled or lost of 10,000 that came again',
  value: again.faults,
  baseline: { what: 'said once more', value: repeated },
  goal: { most: 0 },
  runs: [again.faults],
  more: again,
})

/** A hundred small pieces a second, by the clock: what was late is said at once. */
async function fed(network: Network, plan: string[][]): Promise<void> {
  const began = performance.now()
  for (const [at, piece] of plan.entries()) {
    const early = at * 10 - (performance.now() - began)
    if (early > 2) await pause(early)
    network.say(piece)
  }
}

/** How many of the things that were said are kept: each has its name. */
async function keptIn(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`select count(*)::int as count from once where key like 'heard:bluesky:%'`)
  return rows[0]!.count
}

/** The moment at which all were kept. */
async function caughtUp(client: pg.Client, total: number): Promise<number> {
  for (const limit = Date.now() + 120_000; (await keptIn(client)) < total; await pause(100))
    if (Date.now() > limit) throw new Error(`After two minutes ${await keptIn(client)} of ${total} are kept`)
  return performance.now()
}

/** The moment at which the inbox shows all of them, and no work waits. */
async function worked(client: pg.Client): Promise<number> {
  const waiting = `select count(*)::int as count from jobs.job where state in ('created', 'retry', 'active') and name = 'work'`
  for (const limit = Date.now() + 120_000; Date.now() < limit; await pause(100))
    if ((await client.query<{ count: number }>(waiting)).rows[0]!.count === 0) break
  return performance.now()
}

type Held = Record<'content' | 'names' | 'removed' | 'edited' | 'found' | 'reactions' | 'follows' | 'activities' | 'lost', number>

async function heldBy(client: pg.Client): Promise<Held> {
  const { rows } = await client.query<Held>(`with c as (select * from content where channel = 'bluesky')
    select (select count(*)::int from c) as content, (select count(distinct detail->>'remoteId')::int from c) as names,
    (select count(*)::int from c where deleted_at is not null) as removed,
    (select count(*)::int from revision where content in (select id from c)) as edited,
    (select count(*)::int from search_document where id in (select id from c)) as found,
    (select count(*)::int from reaction where object in (select id from c)) as reactions,
    (select count(*)::int from tie t join channel_account a on a.id = t.object where verb = 'follow' and a.channel = 'bluesky') as follows,
    (select count(*)::int from activity where channel = 'bluesky') as activities,
    (select count(*)::int from c where not exists (select from thread t where t.id = c.thread)
      or (side = 'outside' and not exists (select from person p where p.id = c.author))
      or not exists (select from conversation k where k.thread = c.thread)) as lost`)
  return rows[0]!
}

/** Beside what was said: what is missing or there twice, a thing without its thread, its writer or its place in the inbox. */
async function faultsIn(client: pg.Client, before: Held, said: Said): Promise<number> {
  const it = await heldBy(client)
  const messages = said.own + said.messages
  const wanted: Held = {
    content: messages,
    names: messages,
    removed: said.removals,
    edited: said.edits,
    found: messages - said.removals,
    reactions: said.reactions - said.undone,
    follows: said.follows,
    activities: messages + said.removals + said.edits + said.reactions + said.undone + said.follows,
    lost: 0,
  }
  const compared = (Object.keys(wanted) as (keyof Held)[]).map(name => ({ name, off: it[name] - before[name] - wanted[name] }))
  const faults = compared.filter(({ off }) => off !== 0)
  if (faults.length) process.stderr.write(`${JSON.stringify(faults)}\n`)
  return faults.reduce((sum, { off }) => sum + Math.abs(off), 0)
}

/** The last ten thousand come once more, half of them before a line that breaks and all of them after it, with new ones at the end. */
async function repeatedly({ client, network }: House, events: string[], there: Held, said: Said) {
  const { next, begin, said: fresh } = talk(11)
  const old = events.slice(-repeated)
  const began = performance.now()
  network.say(old.slice(0, repeated / 2))
  await network.listened()
  network.say(old)
  network.say(begin(5))
  const added = next(1000)
  network.say(added)
  const sum = Object.fromEntries(Object.entries(said).map(([name, count]) => [name, count + fresh[name as keyof Said]])) as unknown as Said
  await caughtUp(client, sum.own + events.length + added.length)
  await worked(client)
  return { faults: await faultsIn(client, there, sum), fresh: added.length, seconds: rounded((performance.now() - began) / 1000) }
}
