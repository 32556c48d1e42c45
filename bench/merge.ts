/** Merging somebody with 10,000 messages and taking it back, each with everything that it sets off; and whether every row is again what it was. */
import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Actor } from '#kernel/context.ts'
import { useMasterKey } from '#kernel/crypto.ts'
import { asSystem, closeDatabase, inKernel, inOrg, openDatabase } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { prepareJobs, settleJobs, startJobs, stopJobs } from '#kernel/jobs.ts'
import { migrate, serverUrl } from '#kernel/migrate.ts'
import { startPostgres } from '#kernel/postgres.ts'
import { assemble, migrations } from '#root/src/contents.ts'
import { record } from '#social/activities/actions.ts'
import { keepAll } from '#social/content/actions.ts'
import { Said } from '#social/content/words.ts'
import { make, undo } from '#social/merges/actions.ts'
import { findOrMeet } from '#social/people/actions.ts'
import { openAll } from '#social/threads/actions.ts'
import { type Bench, type Figure, median } from './figure.ts'

const messages = 10_000
const perThread = 10
const rounds = 5
const log = { debug: () => {}, info: () => {}, warn: () => {} }

const met = (name: string) => ({
  network: 'email',
  address: `${name}@x.example`,
  normal: `${name}@x.example`,
  name: 'Anna Berg',
  because: 'heard',
  at: new Date(),
})

/** Two records of one person: one with all the messages, as intake keeps them, one with none. */
async function write(org: string): Promise<[string, string]> {
  const ids = await asSystem(org, ctx => findOrMeet(ctx, [met('anna'), met('anna.b')], 'customer'))
  const [anna, other] = ids as [string, string]
  for (let part = 0; part < messages; part += 1000)
    await asSystem(org, async ctx => {
      const threads = Array.from({ length: 1000 / perThread }, () => newId())
      await openAll(ctx, threads.map(id => ({ id, subject: 'A matter', kind: 'conversation', audience: 'thread' as const, person: anna, startedAt: ctx.now, channel: 'email' }))) // biome-ignore format: one line
      const said = threads.flatMap(thread => Array.from({ length: perThread }, (_, nth) => ({ id: newId(), noun: 'Message' as const, thread, author: anna, audience: 'thread' as const, side: 'outside' as const, at: ctx.now, subject: 'A matter', text: `What was said, number ${nth}`, channel: 'email' }))) // biome-ignore format: one line
      await keepAll(ctx, said)
      for (const { id, thread } of said)
        record(ctx, Said, { object: id, thread, actor: anna, audience: 'thread', side: 'outside', detail: { imported: true } })
    })
  await settleJobs()
  return [anna, other]
}

/** All rows of every table of the organisation; but for what only grows, because it tells what was done. */
async function everything(org: string): Promise<string> {
  return asSystem(org, async ctx => {
    const { rows } = await sql<{ name: string }>`
      select c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and c.column_name = 'org' and t.table_type = 'BASE TABLE' and table_name !~ '^(activity|audit|merge$|once|measure)' order by 1`.execute(
      ctx.db,
    )
    const hash = createHash('sha256')
    for (const { name } of rows) {
      const print = await sql<{
        print: string
      }>`select md5(coalesce(string_agg(md5(t::text), '' order by md5(t::text)), '')) as print from ${sql.table(name)} t`.execute(ctx.db)
      hash.update(`${name} ${print.rows[0]!.print}\n`)
    }
    return hash.digest('hex')
  })
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  await settleJobs()
  return performance.now() - start
}

async function measured(): Promise<Figure[]> {
  const org = randomUUID()
  await inKernel(db => sql`insert into organisation (id, name, slug, zone) values (${org}, 'Bench', ${`b-${org}`}, 'UTC')`.execute(db))
  const agent: Actor = { kind: 'person', account: null, person: newId(), role: 'agent', via: 'test' }
  const [anna, other] = await write(org)
  const rewriting = await timed(() =>
    asSystem(org, async ctx => {
      await sql`update content set author = ${other} where author = ${anna}`.execute(ctx.db)
      await sql`update content set author = ${anna} where author = ${other}`.execute(ctx.db)
    }),
  )
  const before = await everything(org)
  const [merged, undone, whole]: [number[], number[], number[]] = [[], [], []]
  let differing = 0
  for (let round = 0; round < rounds; round++) {
    let merge = ''
    merged.push(await timed(() => inOrg(org, agent, async ctx => (merge = (await make(ctx, { kept: other, gone: anna, reason: 'the same' })).merge)))) // biome-ignore format: one line
    undone.push(await timed(() => inOrg(org, agent, ctx => undo(ctx, { merge }))))
    whole.push(merged.at(-1)! + undone.at(-1)!)
    if ((await everything(org)) !== before) differing++
  }
  const baseline = { what: `ms to rewrite the author of ${messages} messages there and back`, value: rewriting }
  const figure = (name: string, runs: number[]): Figure => ({
    name,
    unit: 'ms',
    value: median(runs),
    baseline,
    goal: { most: 1000 },
    runs,
    more: { messages, differing },
  })
  return [
    figure('merge, with all reactions', merged),
    figure('take it back, with all reactions', undone),
    figure('both', whole),
    { ...figure('times that a row differed after taking it back', [differing]), unit: 'of 5', goal: { most: 0 } },
  ]
}

export const bench: Bench = {
  says: 'merging a person with 10,000 messages and taking it back, byte by byte',
  run: async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'trefoil-bench-'))
    const postgres = await startPostgres({ dataDir, log })
    try {
      await migrate(postgres.ownerUrl, migrations())
      await prepareJobs(postgres.ownerUrl)
      useMasterKey(Buffer.alloc(32, 7))
      const url = await serverUrl(postgres.ownerUrl, 'bench')
      openDatabase(url, 8)
      await assemble()
      await startJobs(url, { work: false })
      return await measured()
    } finally {
      await stopJobs()
      await closeDatabase()
      await postgres.stop()
      await rm(dataDir, { recursive: true, force: true })
    }
  },
}
