/**
 * Who is in a segment of five conditions: counted, the first page, and the next thousand; against counting everybody. Half a million people, which are filled in
 * within two minutes; `BENCH_PEOPLE=1000000` takes the whole million that the goals are about.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { useMasterKey } from '#kernel/crypto.ts'
import { asSystem, closeDatabase, inKernel, openDatabase } from '#kernel/db.ts'
import { migrate, serverUrl } from '#kernel/migrate.ts'
import { startPostgres } from '#kernel/postgres.ts'
import { assemble, migrations } from '#root/src/contents.ts'
import { count, make, people, peopleIn } from '#social/segments/actions.ts'
import type { Condition } from '#social/segments/words.ts'
import { type Bench, type Figure, median } from './figure.ts'

const size = Number(process.env.BENCH_PEOPLE ?? 500_000)
const rounds = 5
const log = { debug: () => {}, info: () => {}, warn: () => {} }
const [field, purpose] = [randomUUID(), randomUUID()]

/** So many people: half of them customers, a tenth with a tier, most with a field, consent and two conversations; one in a hundred merged. */
async function fill(owner: string, org: string): Promise<void> {
  const client = new pg.Client({ connectionString: owner })
  await client.connect()
  try {
    await client.query(`select set_config('trefoil.org', $1, false), set_config('synchronous_commit', 'off', false)`, [org])
    const id = (of: string) => `overlay(overlay(md5('${of}' || n) placing '7' from 13) placing '8' from 17)::uuid`
    for (const statement of [
      `insert into person (id, name, key, language, created_at) select ${id('p')}, 'Person ' || n, 'person ' || n, (array['de','sv','nl',null])[1 + n % 4],
         now() - (n % 1000) * interval '1 day' from generate_series(1, ${size}) n`,
      `update person set merged_into = (select ${id('p')} from (select substr(name, 8)::int - 1 as n) as one) where substr(name, 8)::int % 100 = 0`,
      `insert into side (id, person, side, since, because) select ${id('s')}, ${id('p')}, case n % 2 when 0 then 'customer' else 'prospect' end, now(), 'import'
         from generate_series(1, ${size}) n`,
      `insert into trait (id, person, kind, value, since) select ${id('t')}, ${id('p')}, 'tier', 'key', now() from generate_series(1, ${size}, 10) n`,
      `insert into field (id, name, kind, made_at) values ('${field}', 'Number', 'number', now())`,
      `insert into field_value (person, field, value, number, at) select ${id('p')}, '${field}', (n % 100)::text, n % 100, now()
         from generate_series(1, ${size}) n where n % 5 <> 0`,
      `insert into purpose (id, name, made_at) values ('${purpose}', 'News', now())`,
      `insert into consent_state (person, purpose, allows, since) select ${id('p')}, '${purpose}', n % 3 <> 0, now() from generate_series(1, ${size}) n where n % 10 <> 0`,
      `insert into thread (id, person, started_at, last_at) select gen_random_uuid(), ${id('p')}, now(), now() - (n % 400) * interval '1 day'
         from generate_series(1, ${size}, 5) n, generate_series(1, 2)`,
      'vacuum (analyze) person, side, trait, field_value, consent_state, thread',
    ])
      await client.query(statement)
  } finally {
    await client.end()
  }
}

const conditions: Condition[] = [
  { about: 'side', how: 'is', value: 'customer' },
  { about: 'language', how: 'isNot', value: 'nl' },
  { about: 'field', of: field, how: 'atLeast', value: '20' },
  { about: 'consent', of: purpose, how: 'is', value: '' },
  { about: 'talked', how: 'notWithin', value: '90' },
]

async function timed(run: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    await run()
    times.push(performance.now() - start)
  }
  return times
}

async function measured(owner: string): Promise<Figure[]> {
  const org = randomUUID()
  await inKernel(db => sql`insert into organisation (id, name, slug, zone) values (${org}, 'Bench', ${`b-${org}`}, 'UTC')`.execute(db))
  const began = performance.now()
  await fill(owner, org)
  const filled = performance.now() - began
  const { segment } = await asSystem(org, ctx => make(ctx, { name: 'Five', conditions }))
  const either = await asSystem(org, ctx => make(ctx, { name: 'Any', match: 'any', conditions }))
  const baseline = {
    what: 'ms to count all people',
    value: median(await timed(() => asSystem(org, ctx => sql`select count(*) from person where merged_into is null`.execute(ctx.db)))),
  }
  const found = (await asSystem(org, ctx => count(ctx, { segment }))).count
  const second = (await asSystem(org, ctx => peopleIn(ctx, { segment, limit: 1000 }))).next!
  const figure = (name: string, runs: number[], goal = 1000): Figure => ({
    name,
    unit: 'ms',
    value: median(runs),
    baseline,
    goal: { most: goal },
    runs,
    more: { people: size, found, filledSeconds: Math.round(filled / 1000) },
  })
  return [
    figure('count who fits five conditions', await timed(() => asSystem(org, ctx => count(ctx, { segment })))),
    figure('count who fits any of the five', await timed(() => asSystem(org, ctx => count(ctx, either))), 2000),
    figure('first page of fifty, each explained', await timed(() => asSystem(org, ctx => people(ctx, { segment, limit: 50 })))),
    figure('the next thousand', await timed(() => asSystem(org, ctx => peopleIn(ctx, { segment, after: second, limit: 1000 })))),
  ]
}

export const bench: Bench = {
  says: 'a segment of five conditions among half a million people: counted, a page of it, the next thousand',
  run: async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'trefoil-bench-'))
    const postgres = await startPostgres({ dataDir, log })
    try {
      await migrate(postgres.ownerUrl, migrations())
      useMasterKey(Buffer.alloc(32, 7))
      openDatabase(await serverUrl(postgres.ownerUrl, 'bench'), 8)
      await assemble()
      return await measured(postgres.ownerUrl)
    } finally {
      await closeDatabase()
      await postgres.stop()
      await rm(dataDir, { recursive: true, force: true })
    }
  },
}
