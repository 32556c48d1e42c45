/**
 * From the line to the page: a firehose poured in as fast as it is read, held against ten thousand monitors, and what fits kept for good, while people read.
 * Counted is what the database holds in the end. `POSTS=10000000` takes ten times as many as usual.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { derivedKey, useMasterKey } from '#kernel/crypto.ts'
import { asSystem, closeDatabase, openDatabase } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { announce } from '#kernel/live.ts'
import { masterKeyOf } from '#kernel/master-key.ts'
import { serverUrl } from '#kernel/migrate.ts'
import { settings as form } from '#root/channels/bluesky/settings.ts'
import { sift } from '#root/channels/bluesky/sifting.ts'
import { assemble } from '#root/src/contents.ts'
import { keepAccount, theChannel } from '#social/channels/actions.ts'
import { soughtAnew } from '#social/listening/actions.ts'
import { Matcher, parsed } from '#social/matching/actions.ts'
import { type Bench, type Figure, median, percentile } from './figure.ts'
import { type Pool, poolOf, probe, queryOf } from './listening-stream.ts'
import { timesOf } from './load.ts'
import { memoryOf, pause, processorTime, type Server, signIn, startServer } from './server.ts'
import { care, type Network, startNetwork } from './stream-network.ts'

const posts = Number(process.env.POSTS ?? 1_000_000)
const monitors = 10_000
const poolSize = 50_000
const probes = 20
/** Four people who look at a page for half a second. */
const readers = { atOnce: 4, looks: 500 }
const pages = ['/monitors', '/inbox/open', '/inbox/all']

export const bench: Bench = {
  says: 'A firehose from its line to the page of a monitor: posts a second, durable, against ten thousand monitors; how soon one is seen, and how soon a change holds',
  async run() {
    const dataDir = mkdtempSync(join(tmpdir(), 'trefoil-bench-'))
    process.env.TREFOIL_ALLOW_HOSTS = '127.0.0.1'
    const network = await startNetwork()
    const server = await startServer(dataDir, { demo: true })
    const client = new pg.Client({ connectionString: server.ownerUrl })
    await client.connect()
    try {
      return await measured(await connected(dataDir, { server, network, client }))
    } finally {
      await client.end()
      await closeDatabase()
      await server.stop()
      await network.stop()
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
}

interface Place {
  server: Server
  network: Network
  client: pg.Client
}

interface House extends Place {
  org: string
  /** The last of its monitors, which looks for what only probes say. */
  monitor: string
}

async function connected(dataDir: string, place: Place): Promise<House> {
  const { server, network, client } = place
  const { rows } = await client.query<{ org: string }>('select org from membership group by org order by count(*) desc limit 1')
  const org = rows[0]!.org
  useMasterKey(masterKeyOf(dataDir, undefined))
  openDatabase(await serverUrl(server.ownerUrl, derivedKey('database role').toString('hex')), 2)
  await assemble()
  const ids = await listenFor(client, org, [...Array.from({ length: monitors - 1 }, (_, nth) => queryOf(nth)), 'probeword'])
  const settings = form.parse({ ...care, password: 'abcd', server: network.server, stream: network.stream, overhears: true })
  const heard = network.listened()
  await asSystem(org, ctx =>
    keepAccount(ctx, theChannel('bluesky'), { settings, name: 'Care', address: care.handle }, { account: null, by: null }),
  )
  await heard
  return { ...place, org, monitor: ids.at(-1)! }
}

/** Keeps them as they are, and tells it as the house does. */
async function listenFor(client: pg.Client, org: string, queries: string[]): Promise<string[]> {
  const rows = queries.map((query, nth) => ({ id: newId(), name: `Monitor ${nth}`, query }))
  await client.query(
    `insert into monitor (org, id, name, query, kind, ours, made_at, changed_at)
     select $1, id, name, query, 'brand', true, now(), now() from jsonb_to_recordset($2::jsonb) as m(id uuid, name text, query text)`,
    [org, JSON.stringify(rows)],
  )
  const ids = rows.map(({ id }) => id)
  await toldOf(org, ids)
  return ids
}

const toldOf = (org: string, ids: string[]): Promise<void> =>
  asSystem(org, async ctx => {
    for (let at = 0; at < ids.length; at += 100)
      await announce(ctx, { org, kind: 'refresh', topics: ids.slice(at, at + 100).map(id => `monitor:${id}`) })
    soughtAnew(ctx, ids)
  })

async function measured(house: House): Promise<Figure[]> {
  const { server } = house
  const pool = poolOf(poolSize, monitors - 1)
  const pure = pureRate(pool)
  const cookie = await signIn(server)
  const read = (requests: number, paths = pages) => timesOf({ ...readers, url: server.url, cookie, paths, requests })
  await read(60)
  const alone = await read(120)
  const change = await changeHolds(house)
  const seen = await seenAfter(house, cookie)
  const first = await poured(house, pool, pure.fits, 0, Math.min(posts, 4 * poolSize)) // Warms everything up.
  const before = spentBy(server)
  const [reading, memory] = [readWhile(read), sampled(server)]
  const rest = await poured(house, pool, pure.fits, first.cycles, posts)
  const [during, megabytes, spent] = [await reading.end(), memory.end(), spentBy(server)]
  const more = {
    ...{ posts: rest.posts, kept: rest.kept, missingOrDoubled: rest.faults, seconds: rounded(rest.seconds) },
    ...{ shareThatFits: rounded((100 * pure.fits) / poolSize), serverSeconds: rounded(spent.server - before.server) },
    databaseSeconds: rounded(spent.database - before.database),
  }
  return [
    { name: 'listening.received', unit: 'posts/s, received, matched, kept for good', value: rest.posts / rest.seconds, baseline: { what: 'posts/s that one core reads and holds against the same queries, and nothing else', value: pure.rate }, goal: { least: 20_000 }, runs: [rest.posts / rest.seconds], more }, // biome-ignore format: one figure
    { name: 'listening.faults', unit: 'mentions missing or doubled', value: first.faults + rest.faults, baseline: { what: 'posts that fit', value: first.kept + rest.kept }, goal: { most: 0 }, runs: [rest.faults] }, // biome-ignore format: one figure
    { name: 'listening.seen', unit: 'ms from the line to the page, median', value: median(seen), baseline: { what: 'ms until a page is drawn', value: median(alone) }, goal: { most: 1000 }, runs: seen }, // biome-ignore format: one figure
    { name: 'listening.change', unit: 'ms until a changed monitor holds', value: median(change), baseline: { what: 'monitors', value: monitors }, goal: { most: 100 }, runs: change }, // biome-ignore format: one figure
    { name: 'listening.pages', unit: 'ms, p99 of pages meanwhile', value: percentile(during, 0.99), baseline: { what: 'the same pages before', value: percentile(alone, 0.99) }, goal: { most: 200 }, runs: [percentile(during, 0.99)], more: { p50: Math.round(median(during)), pages: during.length } }, // biome-ignore format: one figure
    { name: 'listening.memory', unit: 'MB of the server at the end', value: median(megabytes.slice(-5)), baseline: { what: 'MB after a fifth of the posts', value: median(megabytes.slice(megabytes.length / 5, megabytes.length / 5 + 5)) }, goal: { most: 1.15, of: 'ratio' }, runs: megabytes.filter((_, at) => at % Math.ceil(megabytes.length / 12) === 0) }, // biome-ignore format: one figure
  ]
}

const rounded = (value: number) => Math.round(value * 10) / 10

/** Reading and matching alone, in this process; and how many of the pool fit. */
function pureRate({ texts }: Pool): { rate: number; fits: number } {
  const matcher = new Matcher()
  for (let nth = 0; nth < monitors - 1; nth++) matcher.set(String(nth), parsed(queryOf(nth)))
  const pieces = texts.map(text => Buffer.from(text))
  const given = { did: care.did, isJetstream: true, collections: ['app.bsky.feed.post'] }
  const all = () => sift(pieces, given, post => matcher.match(post).length > 0).kept.length
  all()
  matcher.rearrange()
  const rates: number[] = []
  let fits = 0
  for (let round = 0; round < 3; round++) {
    const began = process.cpuUsage()
    fits = all()
    const { user, system } = process.cpuUsage(began)
    rates.push(texts.length / ((user + system) / 1e6))
  }
  return { rate: median(rates), fits }
}

// —— all of it ——

interface Poured {
  posts: number
  kept: number
  faults: number
  seconds: number
  cycles: number
}

/** Whole rounds of the pool, each of posts that were never there; until the last of them is kept and the cursor stands behind it. */
async function poured({ network, client }: House, pool: Pool, fits: number, from: number, count: number): Promise<Poured> {
  const cycles = Math.round(count / poolSize)
  const there = await mentionsIn(client)
  const began = performance.now()
  for (let cycle = from; cycle < from + cycles; cycle++) {
    pool.renew(cycle)
    for (let at = 0, start = 0; at < pool.ends.length; at++) {
      const end = pool.ends[at]!
      if (end - start < 256 * 1024 && at < pool.ends.length - 1) continue
      await network.pour(pool.frames.subarray(start, end))
      start = end
    }
  }
  const [kept, total] = [fits * cycles, cycles * poolSize]
  for (const limit = Date.now() + 180_000; (await mentionsIn(client)) < there + kept && Date.now() < limit; ) await pause(50)
  const seconds = (performance.now() - began) / 1000
  const faults = Math.abs((await mentionsIn(client)) - there - kept)
  return { posts: total, kept, faults, seconds, cycles: from + cycles }
}

async function mentionsIn(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`select count(*)::int as count from monitor_mention where source = 'bluesky'`)
  return rows[0]!.count
}

/** Seconds of processor time. */
function spentBy(server: Server): { server: number; database: number } {
  const own = processorTime([server.pid]) / 1000
  return { server: own, database: processorTime(server.pids()) / 1000 - own }
}

function readWhile(read: (requests: number) => Promise<number[]>): { end(): Promise<number[]> } {
  let ended = false
  const times: number[] = []
  const reading = (async () => {
    while (!ended) times.push(...(await read(24)))
  })()
  return {
    async end() {
      ended = true
      await reading
      return times
    },
  }
}

function sampled({ pid }: Server): { end(): number[] } {
  const list: number[] = []
  const timer = setInterval(() => list.push(memoryOf([pid])), 1000)
  return {
    end() {
      clearInterval(timer)
      return list
    },
  }
}

// —— one of them ——

/** Milliseconds from saying a post until the page of its monitor shows it, while others pass by. */
async function seenAfter({ network, server, client, monitor }: House, cookie: string): Promise<number[]> {
  const times: number[] = []
  for (let nth = 0; nth < probes; nth++) {
    const began = performance.now()
    network.say([probe(nth, `probeword number${nth}x`)])
    for (const limit = Date.now() + 20_000; !(await pageSays(server, cookie, monitor, `number${nth}x`)); await pause(5))
      if (Date.now() > limit)
        throw new Error(`post ${nth} was never seen on its page; ${await heldOf(client, monitor)} of its monitor are kept`)
    times.push(performance.now() - began)
    await pause(50 + Math.random() * 300)
  }
  return times
}

async function heldOf(client: pg.Client, monitor: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>('select count(*)::int as count from mention_fit where monitor = $1', [monitor])
  return rows[0]!.count
}

async function pageSays(server: Server, cookie: string, monitor: string, text: string): Promise<boolean> {
  const answer = await fetch(`${server.url}/monitors/${monitor}`, { headers: { cookie, accept: 'text/html' } })
  const page = await answer.text()
  return page.includes(text)
}

/** Milliseconds from the commit of a new query until a post is kept that was said after it: one is said every two milliseconds. */
async function changeHolds({ network, client, org }: House): Promise<number[]> {
  const times: number[] = []
  for (let nth = 0; nth < probes; nth++) {
    const word = `changedword${nth}`
    let said = 1000 * (nth + 1)
    const saying = setInterval(() => network.say([probe(said++, `${word} said`)]), 2)
    await pause(100)
    const [id] = await listenFor(client, org, [word])
    const changed = Date.now()
    const first = `select min(m.at) as at from mention_fit f join monitor_mention m on m.id = f.mention where f.monitor = $1`
    for (const limit = Date.now() + 20_000; ; await pause(5)) {
      const { rows } = await client.query<{ at: Date | null }>(first, [id])
      if (rows[0]?.at) {
        times.push(Math.max(0, rows[0].at.getTime() - changed))
        break
      }
      if (Date.now() > limit) throw new Error('a change never held')
    }
    clearInterval(saying)
  }
  return times
}
