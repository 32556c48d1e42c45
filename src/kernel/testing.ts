/** For tests: a real database of one's own in a fifth of a second, organisations to fill, and what happened in them. */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { sql } from 'kysely'
import { assemble, contents, type House } from '../contents.ts'
import type { Actor, Ctx, Role } from './context.ts'
import { useMasterKey } from './crypto.ts'
import { closeDatabase, inKernel, inOrg, openDatabase, tables } from './db.ts'
import { useErasuresFolder } from './erasures.ts'
import { useFilesFolder } from './files.ts'
import { serve } from './http.tsx'
import { openSession } from './identity/sessions.ts'
import { newId } from './ids.ts'
import { settleJobs, startJobs, stopJobs } from './jobs.ts'
import { serverUrl } from './migrate.ts'
import { testClone } from './testing-clone.ts'

export interface TestHouse {
  house: House
  /** Of the owner and of the server's role; for tests of the wall itself. */
  ownerUrl: string
  url: string
  organisation(name?: string): Promise<string>
  /** A person with a role, a sign-in and a membership. */
  member(org: string, role: Role, name?: string): Promise<Actor>
  /** Runs in a transaction as this actor, or as a new one with this role. */
  as<T>(org: string, who: Actor | Role, run: (ctx: Ctx) => Promise<T>): Promise<T>
  /** A signed-in browser, without a port: pages and forms as that person sees them. */
  browser(org: string, who: Actor | Role): Promise<Browser>
  /** Runs everything that waits in the queues. */
  settle(): Promise<number>
  /** `Create:Message` and so on, in order: everything that was recorded, or since the last call with `fresh`. */
  happened(org: string): Promise<string[]>
}

export interface Browser {
  get(path: string, headers?: Record<string, string>): Promise<Response>
  post(path: string, fields: Record<string, string> | FormData, headers?: Record<string, string>): Promise<Response>
  /** As scripts of our own pages do: JSON, or nothing. */
  send(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
}

/** Starts (or joins) the test cluster, takes a database of its own and loads the house; all is closed and left after the file's tests. */
export async function testHouse(): Promise<TestHouse> {
  const { ownerUrl, leave } = await testClone()
  const url = await serverUrl(ownerUrl, 'test')
  useMasterKey(Buffer.alloc(32, 7))
  const files = await mkdtemp(join(tmpdir(), 'trefoil-files-'))
  useFilesFolder(files)
  useErasuresFolder(files)
  openDatabase(url, 8)
  const house = await assemble()
  await loadTestSupport()
  await startJobs(url, { work: false })
  after(async () => {
    await stopJobs()
    await closeDatabase()
    await leave()
    await rm(files, { recursive: true, force: true })
  })
  return { house, ownerUrl, url, organisation, member, as, browser: browserOf(house), settle: settleJobs, happened }
}

/** What modules keep beside them for the tests of others, such as how a member becomes a person. */
async function loadTestSupport(): Promise<void> {
  for (const folder of contents) {
    const file = new URL(`../${folder}/testing.ts`, import.meta.url)
    if (folder !== 'kernel' && existsSync(file)) await import(file.href)
  }
}

const kernelTables = tables<{
  organisation: { id: string; name: string; slug: string; language: string; zone: string }
  account: { id: string; email: string; name: string }
  membership: { org: string; account: string; person: string; role: string }
}>()

async function organisation(name = 'Testing'): Promise<string> {
  const id = newId()
  const slug = `t-${randomUUID()}`
  await inKernel(db =>
    kernelTables({ db }).insertInto('organisation').values({ id, name, slug, language: 'en', zone: 'Europe/Berlin' }).execute(),
  )
  return id
}

let personMaker: ((ctx: Ctx, id: string, name: string) => Promise<void>) | undefined
/** The module that keeps people tells how a test's member becomes one. */
export function useTestPeople(make: (ctx: Ctx, id: string, name: string) => Promise<void>): void {
  personMaker = make
}

async function member(org: string, role: Role, name = `A ${role}`): Promise<Actor> {
  const actor: Actor = { kind: 'person', account: newId(), person: newId(), role, via: 'test' }
  await inKernel(async db => {
    await kernelTables({ db })
      .insertInto('account')
      .values({ id: actor.account!, email: `${actor.account}@test.invalid`, name })
      .execute()
    await kernelTables({ db }).insertInto('membership').values({ org, account: actor.account!, person: actor.person!, role }).execute()
  })
  await inOrg(org, actor, async ctx => personMaker?.(ctx, actor.person!, name))
  return actor
}

async function as<T>(org: string, who: Actor | Role, run: (ctx: Ctx) => Promise<T>): Promise<T> {
  return inOrg(org, typeof who === 'string' ? await member(org, who) : who, run)
}

/** A header without a value is not sent. */
const sent = (headers: Record<string, string>) => Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''))

function browserOf(house: House): TestHouse['browser'] {
  const here = 'http://house.invalid'
  const app = serve(house.modules, { baseUrl: here, trustProxy: false })
  return async (org, who) => {
    const actor = typeof who === 'string' ? await member(org, who) : who
    const cookie = `trefoil=${await openSession(actor.account!, { complete: true, org, agent: 'test', address: '192.0.2.1' })}`
    return {
      get: async (path, headers = {}) => app.request(`${here}${path}`, { headers: sent({ cookie, accept: 'text/html', ...headers }) }),
      post: async (path, fields, headers = {}) =>
        app.request(`${here}${path}`, {
          method: 'POST',
          headers: sent({ cookie, origin: here, ...headers }),
          body: fields instanceof FormData ? fields : new URLSearchParams(fields),
        }),
      send: async (method, path, body, headers = {}) =>
        app.request(`${here}${path}`, {
          method,
          headers: { cookie, origin: here, 'content-type': 'application/json', accept: 'application/json', ...headers },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
    }
  }
}

async function happened(org: string): Promise<string[]> {
  return inOrg(org, { kind: 'system', account: null, person: null, role: null, via: 'test' }, async ctx => {
    const { rows } = await sql<{ word: string }>`select verb || ':' || noun as word from activity order by id`.execute(ctx.db)
    return rows.map(row => row.word)
  })
}
