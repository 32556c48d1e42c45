/** Pages over a million messages and fifty thousand people, beside the same pages over ten thousand messages. */
import pg from 'pg'
import { type Figure, type Goal, median, percentile } from './figure.ts'
import { timesOf } from './load.ts'
import { pause, processorTime, type Server, signIn, startServer } from './server.ts'
import { worldOf } from './world/world.ts'

const atOnce = 16
const rounds = 5

export interface PagesBench {
  name: string
  /** Addresses to ask for, in this order, again and again. */
  paths(client: pg.Client): Promise<string[]>
  requests: number
}

interface House {
  server: Server
  cookie: string
  client: pg.Client
  paths: string[]
}

async function houseOf(messages: number, bench: PagesBench): Promise<House> {
  const server = await startServer(await worldOf(messages))
  const client = new pg.Client({ connectionString: server.ownerUrl })
  await client.connect()
  return { server, client, cookie: await signIn(server), paths: await bench.paths(client) }
}

interface Round {
  /** Milliseconds from asking to the last byte while 16 people work, each of whom turns four pages a second. */
  p50: number
  p99: number
  /** The same while 16 ask without a pause: what is measured then is mostly the queue before two cores. */
  rushed: number
  alone: number
  /** Milliseconds of processor time for each page: of the server, and of the database. */
  server: number
  database: number
}

async function roundOf({ server, cookie, paths }: House, requests: number): Promise<Round> {
  const load = { url: server.url, cookie, paths, requests }
  const alone = median(await timesOf({ ...load, atOnce: 1, requests: 60 }))
  const [own, all] = [[server.pid], server.pids()]
  const before = [processorTime(own), processorTime(all)]
  const rushed = await timesOf({ ...load, atOnce })
  const [serverTime, allTime] = [processorTime(own) - before[0]!, processorTime(all) - before[1]!]
  const times = await timesOf({ ...load, atOnce, looks: 250 })
  return {
    rushed: median(rushed),
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    alone,
    server: serverTime / requests,
    database: (allTime - serverTime) / requests,
  }
}

/** A server runs for weeks: what it does all day is compiled, and its caches are full. */
const warm = ({ server, cookie, paths }: House, requests: number) =>
  timesOf({ url: server.url, cookie, paths, atOnce, requests: 4 * requests })

/** How often each large table was read from end to end so far. */
export async function scansOf(client: pg.Client): Promise<Map<string, number>> {
  await pause(1500) // The database tells its counts once a second.
  const { rows } = await client.query<{ name: string; scans: string }>(
    `select s.relname as name, s.seq_scan as scans from pg_stat_user_tables s join pg_class c on c.oid = s.relid where c.reltuples > 1000 and s.schemaname = 'public'`,
  )
  return new Map(rows.map(row => [row.name, Number(row.scans)]))
}

/** Latency at 16 at once, growth with the number of messages, and whether any query read a large table from end to end. */
export async function pagesBench(bench: PagesBench): Promise<Figure[]> {
  const large = await houseOf(1_000_000, bench)
  const small = await houseOf(10_000, bench)
  try {
    for (const house of [large, small]) await warm(house, bench.requests)
    const before = await scansOf(large.client)
    const measured: { large: Round; small: Round }[] = []
    for (let round = 0; round < rounds; round++)
      measured.push({ small: await roundOf(small, bench.requests), large: await roundOf(large, bench.requests) })
    const scanned = [...(await scansOf(large.client))].filter(([name, count]) => count > (before.get(name) ?? 0)).map(([name]) => name)
    return figuresOf(bench.name, measured, scanned)
  } finally {
    for (const house of [large, small]) {
      await house.client.end()
      await house.server.stop()
    }
  }
}

function figuresOf(name: string, measured: { large: Round; small: Round }[], scanned: string[]): Figure[] {
  const figure = (what: keyof Round, unit: string, goal?: Goal): Figure => {
    const runs = measured.map(({ large }) => large[what])
    const baseline = { what: 'the same over 10,000 messages', value: median(measured.map(({ small }) => small[what])) }
    return { name: `${name}.${what}`, unit, value: median(runs), baseline, goal, runs }
  }
  const growth = measured.map(({ large, small }) => large.alone / small.alone)
  return [
    figure('p50', 'ms while 16 work', { most: 15 }),
    figure('p99', 'ms while 16 work', { most: 60 }),
    figure('rushed', 'ms, median, while 16 ask without a pause'),
    figure('alone', 'ms for one alone', { most: 15 }),
    { name: `${name}.growth`, unit: 'times', value: median(growth), baseline: { what: 'ten thousand messages', value: 1 }, goal: { most: 1.3 }, runs: growth }, // biome-ignore format: one figure
    figure('server', 'ms of processor time of the server for each page'),
    figure('database', 'ms of processor time of the database for each page'),
    { name: `${name}.scans`, unit: 'large tables read from end to end', value: scanned.length, baseline: { what: 'none', value: 1 }, goal: { most: 0 }, runs: [scanned.length], more: { scanned } }, // biome-ignore format: one figure
  ]
}
