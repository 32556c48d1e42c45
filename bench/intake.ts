/**
 * Messages per second that are taken in for good, with person, thread, activity and search, durable; against bare INSERTs of the very same rows in the same
 * batches into the same tables of the same PostgreSQL. Rounds of both alternate.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { z } from 'zod'
import { useMasterKey } from '#kernel/crypto.ts'
import { closeDatabase, inKernel, openDatabase } from '#kernel/db.ts'
import { prepareJobs, startJobs, stopJobs } from '#kernel/jobs.ts'
import { migrate, serverUrl } from '#kernel/migrate.ts'
import { startPostgres } from '#kernel/postgres.ts'
import { assemble, migrations } from '#root/src/contents.ts'
import { useChannels } from '#social/channels/actions.ts'
import { type Channel, channel, type HeardMessage } from '#social/channels/words.ts'
import { takeInForGood } from '#social/intake/actions.ts'
import { type Bench, type Figure, median } from './figure.ts'

const rounds = Number(process.env.ROUNDS ?? 5)
const batches = Number(process.env.BATCHES ?? 20)
const batchSize = Number(process.env.BATCH ?? 200)

const carrier = channel({
  name: 'bench',
  title: 'bench',
  settings: z.strictObject({}),
  asks: z.strictObject({}),
  discover: async () => ({ settings: {}, name: 'x', address: 'x' }),
  can: {},
  truth: [],
  normalise: address => address.toLowerCase(),
})

const vocabulary =
  'order arrived late parcel thanks invoice where please help broken colour size return refund question account address delivery morning again weather price shop bicycle lamp yesterday answer waiting friendly number blue table chair'.split(
    ' ',
  )

function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** What a busy mailbox brings: 90 words on average, three messages to a conversation, ten to a person, all of the last weeks. */
function heardBatches(seed: number): HeardMessage[][] {
  const chance = dice(seed)
  const text = (words: number) => Array.from({ length: words }, () => vocabulary[Math.floor(chance() * vocabulary.length)]).join(' ')
  let last: string[] = []
  return Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: batchSize }, (_, at) => {
      const remoteId = `${seed}-${batch}-${at}@bench.example`
      const answers = chance() < 0.66 ? last : []
      last = [remoteId, ...answers].slice(0, 5)
      const who = Math.floor(chance() * ((batches * batchSize) / 10))
      return {
        is: 'message',
        remoteId,
        direction: 'in',
        at: new Date(Date.now() - (batches - batch) * 3_600_000 + at * 1000),
        from: { network: 'bench', address: `person${who}@bench.example`, name: `Person ${who}` },
        to: [{ network: 'bench', address: 'us@bench.example' }],
        copied: [],
        answers,
        subject: text(5),
        text: text(30 + Math.floor(chance() * 120)),
        attachments: [],
      } satisfies HeardMessage
    }),
  )
}

interface Column {
  name: string
  type: string
}

/** A bare INSERT of these rows, ready to be sent. */
interface Insert {
  text: string
  values: unknown[]
}

export const bench: Bench = {
  says: 'Messages taken in for good per second, against bare inserts of the same rows in the same batches',
  run: async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'trefoil-bench-'))
    const postgres = await startPostgres({ dataDir, log: quiet, purpose: 'bench' })
    const owner = new pg.Client({ connectionString: postgres.ownerUrl })
    await owner.connect()
    try {
      return [await measured(owner, await opened(postgres.ownerUrl))]
    } finally {
      await owner.end()
      await stopJobs()
      await closeDatabase()
      await postgres.stop()
      await rm(dataDir, { recursive: true, force: true })
    }
  },
}

const quiet = { debug() {}, info() {}, warn() {} }

async function opened(ownerUrl: string): Promise<string> {
  await migrate(ownerUrl, migrations())
  await prepareJobs(ownerUrl)
  const url = await serverUrl(ownerUrl, 'bench')
  useMasterKey(Buffer.alloc(32, 7))
  openDatabase(url, 4)
  await assemble()
  useChannels([carrier as Channel])
  await startJobs(url, { work: false })
  return url
}

async function measured(owner: pg.Client, url: string): Promise<Figure> {
  const server = new pg.Client({ connectionString: url })
  await server.connect()
  const runs = { ours: [] as number[], bare: [] as number[] }
  const rows: Record<string, number> = {}
  // The first round warms everything up.
  for (let round = 0; round <= rounds; round++) {
    const { seconds, inserts } = await takeInAll(owner, round, rows)
    const bare = await insertAll(server, inserts)
    if (round === 0) continue
    runs.ours.push((batches * batchSize) / seconds)
    runs.bare.push((batches * batchSize) / bare)
  }
  await server.end()
  const each = Object.entries(rows).map(([table, count]) => [table, Number((count / (batches * batchSize)).toFixed(2))])
  return {
    name: 'intake.messages',
    unit: 'messages/s',
    value: median(runs.ours),
    baseline: { what: 'bare INSERTs of the same rows in the same batches, durable', value: median(runs.bare) },
    goal: { least: 0.25, of: 'ratio' },
    runs: runs.ours,
    more: { bare: runs.bare.map(Math.round), batch: batchSize, messages: batches * batchSize, rowsPerMessage: Object.fromEntries(each) },
  }
}

/** One organisation, all batches; then the rows that each batch wrote, as INSERTs for another organisation. */
async function takeInAll(
  owner: pg.Client,
  round: number,
  counts: Record<string, number>,
): Promise<{ seconds: number; inserts: Insert[][] }> {
  const org = await newOrganisation()
  const heard = heardBatches(round + 1)
  const transactions: string[] = []
  const start = performance.now()
  for (const batch of heard)
    await takeInForGood(org, { channel: 'bench', account: null }, batch, async ctx => {
      const { rows } = await sql<{ id: string }>`select pg_current_xact_id()::text as id`.execute(ctx.db)
      transactions.push(rows[0]!.id)
    })
  const seconds = (performance.now() - start) / 1000
  return { seconds, inserts: await insertsOf(owner, org, transactions, counts) }
}

async function newOrganisation(): Promise<string> {
  const id = randomUUID()
  await inKernel(db => sql`insert into organisation (id, name, slug) values (${id}, 'Bench', ${`b-${id}`})`.execute(db))
  return id
}

async function insertsOf(owner: pg.Client, org: string, transactions: string[], counts: Record<string, number>): Promise<Insert[][]> {
  const target = await newOrganisation()
  const tables = (
    await owner.query<{ name: string }>(`select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org' and not a.attisdropped)`)
  ).rows
  const perBatch: Insert[][] = transactions.map(() => [])
  for (const { name } of tables) {
    const { rows: columns } = await owner.query<Column>(
      `select attname as name, format_type(atttypid, null) as type from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
      [name],
    )
    const list = columns.map(column => `${column.name}::text`).join(', ')
    for (const [at, transaction] of transactions.entries()) {
      const { rows } = await owner.query<(string | null)[]>({
        text: `select ${list} from ${name} where org = $1 and xmin = $2::xid`,
        values: [org, transaction],
        rowMode: 'array',
      })
      if (rows.length === 0) continue
      counts[name] = (counts[name] ?? 0) + rows.length / (rounds + 1)
      perBatch[at]!.push(
        bareInsert(
          name,
          columns,
          rows.map(row => row.map((value, index) => (columns[index]!.name === 'org' ? target : value))),
        ),
      )
    }
  }
  return perBatch.map(inserts => [{ text: `select set_config('trefoil.org', $1, true)`, values: [target] }, ...inserts])
}

/** The rows of one table as one INSERT: the leaner of the usual ways, one array for each column (lists of VALUES took half as long again). */
function bareInsert(table: string, columns: Column[], rows: (string | null)[][]): Insert {
  const names = columns.map(({ name }) => name).join(',')
  const typed = columns.map(({ type }, at) => `c${at}::${type}`).join(',')
  const arrays = columns.map((_, at) => `$${at + 1}::text[]`).join(',')
  const text = `insert into ${table} (${names}) select ${typed} from unnest(${arrays}) as r(${columns.map((_, at) => `c${at}`).join(',')})`
  return { text, values: columns.map((_, at) => rows.map(row => row[at])) }
}

async function insertAll(server: pg.Client, perBatch: Insert[][]): Promise<number> {
  const start = performance.now()
  for (const inserts of perBatch) {
    await server.query('begin')
    for (const { text, values } of inserts) await server.query(text, values)
    await server.query('commit')
  }
  return (performance.now() - start) / 1000
}
