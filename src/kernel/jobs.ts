/** Work that happens after the commit: added in the transaction that causes it, run at least once, retried, and kept for a person when it keeps failing. */

import { CompiledQuery, sql } from 'kysely'
import pg from 'pg'
import { type Job as BossJob, PgBoss } from 'pg-boss'
import type { z } from 'zod'
import type { Ctx, Db } from './context.ts'
import { asSystem, bare, organisations } from './db.ts'
import { newId } from './ids.ts'
import { log } from './log.ts'

export interface JobKind<S extends z.ZodType = z.ZodType> {
  is: 'job'
  why: string
  schema: S
  /** Leaves the house: talks to other servers, holds no transaction meanwhile, and keeps nobody else waiting. */
  outside: boolean
  run(org: string, data: z.output<S>): Promise<void>
  name: string
}

export interface Timer {
  is: 'timer'
  /** Every so many minutes (1 to 59), or once a day at this hour UTC. */
  pace: { minutes: number } | { hour: number }
  why: string
  run(ctx: Ctx): Promise<void>
  name: string
}

/** Work of one kind: `later(ctx, kind, data)` adds it to the transaction. */
export function job<S extends z.ZodType>(why: string, schema: S, run: (ctx: Ctx, data: z.output<S>) => Promise<void>): JobKind<S> {
  return { is: 'job', why, schema, outside: false, run: (org, data) => asSystem(org, ctx => run(ctx, data)), name: '' }
}

/** As `job`, for work that talks to other servers: `run` gets the organisation and opens the transactions that it needs by itself, none around a call. */
export function outsideJob<S extends z.ZodType>(
  why: string,
  schema: S,
  run: (org: string, data: z.output<S>) => Promise<void>,
): JobKind<S> {
  return { is: 'job', why, schema, outside: true, run, name: '' }
}

/** Something that is done again and again, once for each organisation. */
export function every(pace: Timer['pace'], why: string, run: (ctx: Ctx) => Promise<void>): Timer {
  return { is: 'timer', pace, why, run, name: '' }
}

const kinds = new Map<string, JobKind>()
const timers = new Map<string, Timer>()

export function addJobKind(kind: JobKind): void {
  kinds.set(kind.name, kind)
}
export function addTimer(timer: Timer): void {
  timers.set(timer.name, timer)
}

interface Work {
  org: string
  kind: string
  data: unknown
}

const schemaName = 'jobs'
const queue = 'work'
/** As `work`, but at most one job of a key waits. */
const keyed = 'keyed'
/** Work that waits for other servers has a queue of its own, so that a slow one holds up nothing here. */
const outside = 'outside'
const dead = 'dead'
const ticks = 'ticks'

let boss: PgBoss | undefined

/** Statements of pg-boss on the connection of our own transaction, so that a job exists if and only if its cause was committed. */
const inside = (db: Db) => ({
  executeSql: async (text: string, values: unknown[] = []) => {
    const { rows } = await db.executeQuery<never>(CompiledQuery.raw(text, values))
    return { rows }
  },
})

export interface Later {
  /** Not before this moment. */
  at?: Date
  /** While one with this key waits, another is not added. */
  key?: string
  /** What is not patient goes before it, however long it has waited. */
  patient?: boolean
}

/** Adds work to this transaction. */
export async function later<S extends z.ZodType>(ctx: Ctx, kind: JobKind<S>, data: z.input<S>, when: Later = {}): Promise<void> {
  await laterAll(ctx, [{ kind, data, ...when }])
}

/** As `later`, many at once in one statement. */
export async function laterAll(ctx: Ctx, wanted: ({ kind: JobKind; data: unknown } & Later)[]): Promise<void> {
  if (!boss || wanted.length === 0) return
  const jobs = wanted.map(({ kind, data, at, key, patient }) => ({
    // By time and place: what is added together is begun in the order in which it was added.
    id: newId(),
    data: { org: ctx.org, kind: kind.name, data } satisfies Work,
    ...(at && { startAfter: at }),
    ...(patient && { priority: -1 }),
    ...(key && { singletonKey: `${ctx.org} ${kind.name} ${key}` }),
  }))
  for (const name of [queue, keyed, outside]) {
    const those = jobs.filter((_, at) => queueOf(wanted[at]!) === name)
    if (those.length) await boss.insert(name, those, { db: inside(ctx.db), returnId: false })
  }
}

const queueOf = ({ kind, key }: { kind: JobKind } & Later): string => (kind.outside ? outside : key ? keyed : queue)

/** Are all queues there? A database may come from a version that had fewer. */
export async function jobsReady(ownerUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const { rows } = await client.query('select count(*)::int as count from jobs.queue where name = any($1)', [
      [queue, keyed, outside, dead, ticks],
    ])
    return rows[0].count === 5
  } catch {
    return false
  } finally {
    await client.end()
  }
}

/** Makes the tables and queues of the jobs, as the owner of the database. */
export async function prepareJobs(ownerUrl: string): Promise<void> {
  const owner = new PgBoss({ connectionString: ownerUrl, schema: schemaName, max: 1, supervise: false, schedule: false })
  owner.on('error', error => log.error({ err: error }, 'jobs'))
  await owner.start()
  const patience = { retryLimit: 8, retryDelay: 2, retryBackoff: true, retryDelayMax: 3600, expireInSeconds: 900 }
  await owner.createQueue(dead, { retentionSeconds: 90 * 86_400 })
  await owner.createQueue(queue, { ...patience, deadLetter: dead, notify: true })
  await owner.createQueue(keyed, { ...patience, deadLetter: dead, notify: true, policy: 'short' })
  await owner.createQueue(outside, { ...patience, deadLetter: dead, notify: true })
  await owner.createQueue(ticks, { retryLimit: 0, policy: 'short', notify: true })
  await grant(owner)
  await owner.stop({ graceful: false })
}

async function grant(owner: PgBoss): Promise<void> {
  const db = owner.getDb()
  await db.executeSql(`grant usage on schema ${schemaName} to trefoil_app`)
  await db.executeSql(`grant select, insert, update, delete on all tables in schema ${schemaName} to trefoil_app`)
  await db.executeSql(`grant execute on all functions in schema ${schemaName} to trefoil_app`)
  await db.executeSql(`grant usage on all sequences in schema ${schemaName} to trefoil_app`)
}

/** Connects to the queues. With `work`, this process also runs what waits there. */
export async function startJobs(url: string, options: { work: boolean; concurrency?: number }): Promise<void> {
  boss = new PgBoss({
    connectionString: url,
    schema: schemaName,
    max: 4,
    migrate: false,
    createSchema: false,
    supervise: options.work,
    schedule: options.work,
    reindex: false,
    monitorVacuum: false,
    useListenNotify: options.work,
    cronWorkerIntervalSeconds: 5,
    cronMonitorIntervalSeconds: 15,
  })
  boss.on('error', error => log.error({ err: error }, 'jobs'))
  await boss.start()
  if (!options.work) return
  await plan(boss)
  // What is due later is announced by nobody: it is looked for every two seconds.
  const every = { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2 }
  const pace = { batchSize: 20, burstWhenBatchFull: true, ...every, localConcurrency: options.concurrency ?? 2 }
  for (const name of [queue, keyed]) await boss.work<Work>(name, pace, jobs => runAll(name, jobs))
  await boss.work<Work>(outside, { ...pace, batchSize: 1, localConcurrency: 4 }, jobs => runAll(outside, jobs))
  await boss.work<{ timer: string }>(ticks, { batchSize: 1, ...every, localConcurrency: 1 }, async jobs => {
    for (const each of jobs) await tick(each.data.timer)
  })
}

async function plan(on: PgBoss): Promise<void> {
  const wanted = new Set(timers.keys())
  for (const schedule of await on.getSchedules(ticks)) if (!wanted.has(schedule.key)) await on.unschedule(ticks, schedule.key)
  for (const [name, timer] of timers) await on.schedule(ticks, cron(timer.pace), { timer: name }, { key: name, singletonKey: name })
}

const cron = (pace: Timer['pace']) =>
  'hour' in pace ? `17 ${pace.hour} * * *` : pace.minutes === 1 ? '* * * * *' : `*/${pace.minutes} * * * *`

/** A batch: each job alone decides its own fate, so that one that fails does not repeat the others. */
async function runAll(name: string, jobs: BossJob<Work>[]): Promise<void> {
  for (const each of inOrder(jobs)) {
    try {
      await runOne(each.data)
    } catch (error) {
      log.warn({ err: error, job: each.data.kind, id: each.id }, 'job failed')
      await boss?.fail(name, each.id, { message: String(error instanceof Error ? (error.cause ?? error) : error).slice(0, 2000) })
    }
  }
}

/** What was added together is begun in the order in which it was added; their ids are made so. */
const inOrder = <J extends { id: string }>(jobs: J[]): J[] => jobs.toSorted((a, b) => (a.id < b.id ? -1 : 1))

async function runOne(work: Work): Promise<void> {
  const kind = kinds.get(work.kind)
  if (!kind) throw new Error(`No job "${work.kind}" in this version`)
  const data = kind.schema.parse(work.data)
  await kind.run(work.org, data)
}

async function tick(name: string): Promise<void> {
  const timer = timers.get(name)
  if (!timer) return
  for (const { id } of await organisations()) {
    await asSystem(id, ctx => timer.run(ctx)).catch(error => log.error({ err: error, timer: name, org: id }, 'timer failed'))
  }
}

export async function stopJobs(): Promise<void> {
  await boss?.stop({ graceful: true, timeout: 5000 })
  boss = undefined
}

/** For tests: runs everything that is due, and what that adds, until nothing waits; the first failure is thrown. */
export async function settleJobs(): Promise<number> {
  let count = 0
  for (;;) {
    const before = count
    for (const name of [queue, keyed, outside]) count += await settleQueue(name)
    if (count === before) return count
  }
}

async function settleQueue(name: string): Promise<number> {
  const jobs = (await boss?.fetch<Work>(name, { batchSize: 100 })) ?? []
  for (const each of inOrder(jobs)) {
    await runOne(each.data)
    await boss?.complete(name, each.id)
  }
  return jobs.length
}

/** For tests: one round of a timer for all organisations. */
export const tickNow = tick

export interface DeadLetter {
  id: string
  kind: string
  at: Date
  says: string
  data: unknown
}

/** What kept failing in this organisation, newest first. */
export async function deadLetters(ctx: Ctx, before?: string): Promise<DeadLetter[]> {
  // Where the last failure stands: what we said ourselves, or what the queue says when the time was up.
  const { rows } = await sql<{ id: string; data: Work; created_on: Date; says: string | null }>`
    select d.id, d.data, d.created_on, coalesce(d.source_output->>'message', d.source_output->'value'->>'message') as says from jobs.job d
    where d.name = ${dead} and d.data->>'org' = ${ctx.org} and d.state in ('created', 'retry') ${before ? sql`and d.id < ${before}` : sql``}
    order by d.id desc limit 51`.execute(ctx.db)
  return rows.map(row => ({ id: row.id, kind: row.data.kind, at: row.created_on, says: row.says ?? '', data: row.data.data }))
}

/** Tries a dead letter once more, or drops it. */
export async function buryOrRevive(ctx: Ctx, id: string, revive: boolean): Promise<boolean> {
  const { rows } = await sql<{ data: Work }>`
    delete from jobs.job where name = ${dead} and id = ${id} and data->>'org' = ${ctx.org} returning data`.execute(ctx.db)
  const work = rows[0]?.data
  const kind = work && kinds.get(work.kind)
  if (work && revive) await boss?.insert(kind ? queueOf({ kind }) : queue, [{ data: work }], { db: inside(ctx.db) })
  return work !== undefined
}

/** How much waits, for `/metrics`. */
export async function jobCounts(): Promise<{ waiting: number; dead: number }> {
  const { rows } = await bare().query(
    `select count(*) filter (where name <> $2) as waiting, count(*) filter (where name = $2) as dead from ${schemaName}.job where state in ('created', 'retry') and name in ($1, $2, $3, $4)`,
    [queue, dead, keyed, outside],
  )
  return { waiting: Number(rows[0].waiting), dead: Number(rows[0].dead) }
}

/** Work that is over says nothing any more; of what waits and of what kept failing that goes which names somebody so. */
export const forgetJobs = (ctx: Ctx, names: readonly string[]): Promise<unknown> =>
  sql`delete from jobs.job j where j.data->>'org' = ${ctx.org} and (j.state in ('completed', 'cancelled', 'failed')
    or exists (select from unnest(${names}::text[]) as n(name) where j.state in ('created', 'retry')
      and strpos(concat(j.data, j.output, j.source_output), n.name) > 0))`.execute(ctx.db)
