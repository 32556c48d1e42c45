/**
 * Messages a second through 200 rules, each explained: a batch of 500 as the reaction gets them, with all that is asked, decided, done and kept of them in one
 * transaction; against telling the log of these same messages.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { make } from '#areas/routing/actions.ts'
import { route } from '#areas/routing/actions-engine.ts'
import type { Happening } from '#areas/routing/actions-gathering.ts'
import { definition } from '#areas/routing/words.ts'
import type { Ctx } from '#kernel/context.ts'
import { useMasterKey } from '#kernel/crypto.ts'
import { asSystem, closeDatabase, inKernel, openDatabase } from '#kernel/db.ts'
import { migrate, serverUrl } from '#kernel/migrate.ts'
import { startPostgres } from '#kernel/postgres.ts'
import { assemble, migrations } from '#root/src/contents.ts'
import { record } from '#social/activities/actions.ts'
import { Said } from '#social/content/words.ts'
import { type Bench, type Figure, median } from './figure.ts'

const [rules, batch, batches, rounds] = [200, 500, 8, 5]
const log = { debug: () => {}, info: () => {}, warn: () => {} }
const subjects = ['refund', 'delivery', 'invoice', 'wholesale', 'damage', 'warranty', 'colour', 'assembly']

/** One in ten asks for the person, the others for words, channel, language and whose it is; each message fits one, which labels it. */
async function writeRules(ctx: Ctx): Promise<void> {
  for (let nth = 0; nth < rules; nth++) {
    const words = [`${subjects[nth % subjects.length]} ${nth % 25}`, `never ${nth}`, `word${nth}*`]
    const conditions = [
      { about: 'words', values: words },
      { about: 'channel', values: ['email', 'webhook'] },
      nth % 10 === 0 ? { about: 'side', how: 'isNot', values: ['supplier'] } : { about: 'owner', values: ['nobody'] },
      { about: 'language', how: 'isNot', values: ['sv'] },
    ]
    const deeds = { labels: [`label ${nth % 10}`] }
    await make(ctx, { definition: definition.parse({ name: `Rule ${nth}`, when: 'message', conditions, deeds }), on: true })
  }
}

const text = (nth: number) =>
  `Hello, I write about my ${subjects[nth % subjects.length]} ${nth % 25}. `.padEnd(600, 'Something else that was said at length. ')

/** Messages of conversations of their own, by a thousand people, as intake and inbox leave them. */
async function writeMessages(owner: string, org: string, count: number): Promise<Happening[]> {
  const rows = Array.from({ length: count }, (_, nth) => ({ thread: randomUUID(), content: randomUUID(), text: text(nth), nth }))
  const client = new pg.Client({ connectionString: owner })
  await client.connect()
  try {
    await client.query(`select set_config('trefoil.org', $1, false)`, [org])
    const person = `overlay(overlay(md5('p' || nth % 1000) placing '7' from 13) placing '8' from 17)::uuid`
    const from = `from jsonb_to_recordset($1) as r(thread uuid, content uuid, text text, nth int)`
    for (const statement of [
      `insert into person (id, name, key, created_at) select distinct on (1) ${person}, 'Person', 'person', now() ${from} on conflict do nothing`,
      `insert into thread (id, subject, person, started_at, last_at, channel) select thread, 'Subject', ${person}, now(), now(), 'email' ${from}`,
      `insert into content (id, noun, thread, author, audience, side, at, text, channel, language)
         select content, 'Message', thread, ${person}, 'thread', 'outside', now(), text, 'email', 'en' ${from}`,
      `insert into conversation (thread, state, person, subject, snippet, channel, last_at, last_in_at, asked_at)
         select thread, 'open', ${person}, 'Subject', 'Words', 'email', now(), now(), now() ${from}`,
    ])
      await client.query(statement, [JSON.stringify(rows)])
    await client.query('analyze thread, content, conversation, person')
  } finally {
    await client.end()
  }
  return rows.map(each => ({ thing: each.thread, kind: 'conversation', when: 'message', cause: each.content, content: each.content }))
}

/** How many a second. */
async function rate(happened: Happening[], run: (ctx: Ctx, some: Happening[]) => unknown, org: string): Promise<number> {
  const start = performance.now()
  for (let at = 0; at < happened.length; at += batch)
    await asSystem(org, async ctx => void (await run(ctx, happened.slice(at, at + batch))))
  return (happened.length / (performance.now() - start)) * 1000
}

const tellLog = (ctx: Ctx, some: Happening[]) =>
  some.forEach(each => {
    record(ctx, Said, { object: each.content!, thread: each.thing, side: 'outside', audience: 'thread', actor: null })
  })

async function measured(owner: string): Promise<Figure[]> {
  const org = randomUUID()
  await inKernel(db => sql`insert into organisation (id, name, slug, zone) values (${org}, 'Bench', ${`b-${org}`}, 'UTC')`.execute(db))
  await asSystem(org, writeRules)
  const [routed, told]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    const happened = await writeMessages(owner, org, batch * batches)
    told.push(await rate(happened, tellLog, org))
    routed.push(await rate(happened, route, org))
  }
  const { rows } = await asSystem(org, ctx =>
    sql<{
      explained: number
      ran: number
    }>`select (select count(*) from routing_run) as explained, (select count(*) from routing_hit) as ran`.execute(ctx.db),
  )
  return [
    {
      name: `messages through ${rules} rules, each explained`,
      unit: 'messages/s',
      value: median(routed),
      baseline: { what: 'messages/s written to the log in the same batches', value: median(told) },
      goal: { least: 2000 },
      runs: routed,
      more: { batch, ...rows[0] },
    },
  ]
}

export const bench: Bench = {
  says: 'messages a second through 200 rules, each explained',
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
