/** How long it takes to count a day of 100,000 activities, from nothing and again after one more message; against storing that same day. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { useMasterKey } from '#kernel/crypto.ts'
import { asSystem, closeDatabase, inKernel, openDatabase } from '#kernel/db.ts'
import { migrate, serverUrl } from '#kernel/migrate.ts'
import { startPostgres } from '#kernel/postgres.ts'
import { countMarked, evidence } from '#measures/actions.ts'
import { assemble, migrations } from '#root/src/contents.ts'
import { type Bench, type Figure, median } from './figure.ts'

const threads = 20_000
const perThread = 5
const rounds = 5
const log = { debug: () => {}, info: () => {}, warn: () => {} }

async function newOrganisation(): Promise<string> {
  const id = randomUUID()
  await inKernel(db => sql`insert into organisation (id, name, slug, zone) values (${id}, 'Bench', ${`b-${id}`}, 'UTC')`.execute(db))
  return id
}

/** A day of conversations: somewhat more from outside than from us, at random minutes. Returns how long storing it took. */
async function storeDay(org: string, day: string, count: number): Promise<number> {
  const start = performance.now()
  await asSystem(org, ctx =>
    sql`insert into activity (id, at, verb, noun, thread, object, actor, channel, audience, area, side)
      select overlay(first_id_at(at)::text placing substr(gen_random_uuid()::text, 16) from 16)::uuid, at, 'Create', 'Message', thread, gen_random_uuid(),
        gen_random_uuid(), 'email', 'thread', 'content', case when random() < 0.55 then 'outside' else 'inside' end
      from (
        select thread, ${day}::timestamptz + random() * interval '23 hours' as at
        from (select gen_random_uuid() as thread from generate_series(1, ${count})) as t, generate_series(1, ${perThread})
      ) as said`.execute(ctx.db),
  )
  return performance.now() - start
}

async function mark(org: string, day: string, most: number): Promise<void> {
  await asSystem(org, async ctx => {
    await sql`insert into measure_dirty_thread (thread) select distinct thread from activity_log
      where at >= ${day}::timestamptz and at < ${day}::timestamptz + interval '1 day' limit ${most}`.execute(ctx.db)
    await sql`insert into measure_dirty_day (day) values (${day}::date) on conflict do nothing`.execute(ctx.db)
  })
}

async function count(org: string): Promise<number> {
  const start = performance.now()
  for (;;) {
    await asSystem(org, countMarked)
    const left = await asSystem(org, ctx =>
      sql<{ left: number }>`select (select count(*) from measure_dirty_thread) + (select count(*) from measure_dirty_day) as left`.execute(
        ctx.db,
      ),
    )
    if (!left.rows[0]?.left) return performance.now() - start
  }
}

async function measured(): Promise<Figure[]> {
  const stored: number[] = []
  const whole: number[] = []
  const one: number[] = []
  const opened: number[] = []
  for (let round = 0; round < rounds; round++) {
    const org = await newOrganisation()
    for (const day of ['2026-03-01', '2026-03-02']) await storeDay(org, day, threads / 10)
    await mark(org, '2026-03-01', 1e6)
    await mark(org, '2026-03-02', 1e6)
    await count(org)
    stored.push(await storeDay(org, '2026-03-03', threads))
    await mark(org, '2026-03-03', 1e6)
    whole.push(await count(org))
    await mark(org, '2026-03-03', 1)
    one.push(await count(org))
    const start = performance.now()
    await asSystem(org, ctx => evidence(ctx, { measure: 'response.rate', days: 30, until: '2026-03-15' }))
    opened.push(performance.now() - start)
  }
  const baseline = { what: 'ms to store that day’s activities in one statement', value: median(stored) }
  const figure = (name: string, runs: number[], most: number): Figure => ({
    name,
    unit: 'ms',
    value: median(runs),
    baseline,
    goal: { most },
    runs,
  })
  return [
    figure(`roll up a new day of ${threads * perThread} activities`, whole, 2000),
    figure('roll up that day again after one more message', one, 2000),
    figure('first page of the messages behind a value', opened, 60),
  ]
}

export const bench: Bench = {
  says: 'counting a day of 100,000 activities, whole and after one more message',
  run: async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'trefoil-bench-'))
    const postgres = await startPostgres({ dataDir, log })
    try {
      await migrate(postgres.ownerUrl, migrations())
      useMasterKey(Buffer.alloc(32, 7))
      openDatabase(await serverUrl(postgres.ownerUrl, 'bench'), 8)
      await assemble()
      return await measured()
    } finally {
      await closeDatabase()
      await postgres.stop()
      await rm(dataDir, { recursive: true, force: true })
    }
  },
}
