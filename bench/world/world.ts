/** A large house on a data folder of its own, filled once and kept for the next run. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { derivedKey, useMasterKey } from '#kernel/crypto.ts'
import { asSystem, closeDatabase, openDatabase } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { prepareJobs, startJobs, stopJobs } from '#kernel/jobs.ts'
import { masterKeyOf } from '#kernel/master-key.ts'
import { migrate, schemaHash, serverUrl } from '#kernel/migrate.ts'
import { startPostgres } from '#kernel/postgres.ts'
import { admit, found } from '#social/access/actions.ts'
import { makeRoom } from '#social/activities/actions.ts'
import { joinAsColleague } from '#social/people/actions.ts'
import { assemble, migrations } from '../../src/contents.ts'
import { type Colleague, colleagues } from '../../tools/demo/world.ts'
import { kept } from '../server.ts'
import { loadWorld, type Staff } from './load.ts'

const quiet = { debug() {}, info() {}, warn() {} }
// Only while it is filled: what is lost then is simply filled again.
const loading = { fsync: 'off', max_wal_size: '8GB', maintenance_work_mem: '1GB', autovacuum: 'off' }

/** The data folder of a house with so many messages; made when there is none of this schema yet. */
export async function worldOf(messages: number): Promise<string> {
  const people = Math.max(500, messages / 20)
  const dataDir = join(kept, `${messages}-${stamp()}`)
  const done = join(dataDir, 'filled')
  if (existsSync(done)) return dataDir
  sweep(messages)
  mkdirSync(dataDir, { recursive: true })
  const began = performance.now()
  await filling(dataDir, ownerUrl => fill(ownerUrl, dataDir, { messages, people }))
  const seconds = Math.round((performance.now() - began) / 1000)
  process.stderr.write(`Filled ${messages} messages of ${people} people in ${seconds} s\n`)
  writeFileSync(done, String(seconds))
  return dataDir
}

/** The schema, and how it is filled. */
function stamp(): string {
  const hash = createHash('sha256').update(schemaHash(migrations()))
  for (const file of readdirSync(import.meta.dirname).sort()) hash.update(readFileSync(join(import.meta.dirname, file)))
  return hash.digest('hex').slice(0, 12)
}

function sweep(messages: number): void {
  if (!existsSync(kept)) return
  for (const name of readdirSync(kept).filter(each => each.startsWith(`${messages}-`))) rmSync(join(kept, name), { recursive: true })
}

/** Runs a database on this folder for as long as it is filled. */
export async function filling(dataDir: string, run: (ownerUrl: string) => Promise<void>): Promise<void> {
  const postgres = await startPostgres({ dataDir, log: quiet, settings: loading })
  try {
    await run(postgres.ownerUrl)
  } finally {
    await postgres.stop()
  }
}

async function fill(ownerUrl: string, dataDir: string, size: { messages: number; people: number }): Promise<void> {
  await migrate(ownerUrl, migrations())
  await prepareJobs(ownerUrl)
  const staff = await inHouse(dataDir, ownerUrl, foundHouse)
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  await loadWorld(client, staff, size)
  await client.query('checkpoint')
  await client.end()
}

/** The house on this database, for what goes through the doors that everybody uses. */
export async function inHouse<T>(dataDir: string, ownerUrl: string, run: () => Promise<T>): Promise<T> {
  useMasterKey(masterKeyOf(dataDir, undefined))
  const url = await serverUrl(ownerUrl, derivedKey('database role').toString('hex'))
  openDatabase(url, 4)
  await assemble()
  await startJobs(url, { work: false })
  try {
    return await run()
  } finally {
    await stopJobs()
    await closeDatabase()
  }
}

/** The organisation and its staff; the activities of the last years get their months. */
async function foundHouse(): Promise<Staff> {
  const [owner, ...others] = colleagues
  const { org, person } = await found({ organisation: 'Bench', name: owner!.name, email: owner!.email, password: null, zone: 'Europe/Berlin', demo: false }) // biome-ignore format: one line
  const staff: Staff = { org, agents: [person] }
  for (const other of others) {
    const id = await admitted(org, other)
    if (other.role === 'agent') staff.agents.push(id)
  }
  const months = Array.from({ length: 40 }, (_, ago) => new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() - ago, 1)))
  await asSystem(org, ctx => makeRoom(ctx, months))
  return staff
}

/** A colleague who can sign in, by the person's id. */
export async function admitted(org: string, { name, email, role }: Pick<Colleague, 'name' | 'email' | 'role'>): Promise<string> {
  const id = newId()
  await asSystem(org, async ctx => {
    await admit(ctx, { person: id, role, name, email, password: null })
    await joinAsColleague(ctx, { id, name, email })
  })
  return id
}
