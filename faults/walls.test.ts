import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { asSystem } from '#kernel/db.ts'
import { testHouse } from '#kernel/testing.ts'
import { makeDemo } from '../tools/demo/make.ts'
import { full, verdict } from './doors.ts'

const house = await testHouse()

async function asOwner<T>(text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: house.ownerUrl })
  await client.connect()
  try {
    return (await client.query(text)).rows as T[]
  } finally {
    await client.end()
  }
}

interface Guarded {
  name: string
  enabled: boolean
  forced: boolean
  policies: number
  /** May the server's role use it at all? The parts of a partitioned table are reached only through their whole. */
  reachable: boolean
}

const app = new URL(house.url).username

const guarded = await asOwner<Guarded>(`
  select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
    (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies,
    has_table_privilege('${app}', c.oid, 'select, insert, update, delete') as reachable
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind in ('r', 'p')
    and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org' and not a.attisdropped)
  order by 1`)
/** A link is found by its hash before anybody knows its organisation; there is nothing in it but what the link is for. */
const beforeSignIn = new Set(['one_time_token'])
const walled = guarded.filter(each => each.reachable && !beforeSignIn.has(each.name))

test('S6: every table of an organisation has its wall, which holds for its owner too', () => {
  const failed = walled.filter(each => !each.enabled || !each.forced || each.policies === 0).map(each => each.name)
  assert.ok(walled.length > 20, `${walled.length} tables`)
  verdict('S6 walls of tables', walled.length, failed)
})

test('S6: the server signs in as a role that owns nothing and passes no wall', async () => {
  const [role] = await asOwner(`
    with recursive mine as (
      select oid from pg_roles where rolname = '${app}'
      union select m.roleid from pg_auth_members m join mine on m.member = mine.oid
    ) select bool_or(rolsuper) as super, bool_or(rolbypassrls) as passes, bool_or(rolcreaterole or rolcreatedb) as creates,
      (select count(*)::int from pg_class c where c.relowner in (select oid from mine)) as owns
    from pg_roles where oid in (select oid from mine)`)
  assert.deepEqual(role, { super: false, passes: false, creates: false, owns: 0 })
})

test('S6: views see with the eyes of whoever asks', async () => {
  const views = await asOwner<{ name: string; asks: boolean }>(`
    select c.relname as name, coalesce('security_invoker=true' = any(c.reloptions), false) as asks
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'v' and c.relname !~ '^pg_' and has_table_privilege('${app}', c.oid, 'select')`)
  assert.ok(views.length > 5)
  const failed = views.filter(each => !each.asks).map(each => each.name)
  verdict('S6 views', views.length, failed)
})

const refusal = (error: unknown): string => (error as { code?: string }).code ?? String(error)

test('S6 by the database alone: of a filled world another organisation reads, changes, removes and adds nothing', async () => {
  const demo = await makeDemo(() => {}, new Date(), full ? 1500 : 60)
  await house.settle()
  const other = await house.organisation('Another')
  const failed: string[] = []
  let [cases, filled] = [0, 0]
  const rows = async (org: string, text: string): Promise<number> =>
    asSystem(org, async ctx => Number((await sql<{ n: number }>`${sql.raw(text)}`.execute(ctx.db)).rows[0]!.n))
  const tried = (org: string, text: string) =>
    asSystem(org, async ctx => Number((await sql`${sql.raw(text)}`.execute(ctx.db)).numAffectedRows ?? 0)).then(n => String(n), refusal)
  for (const { name } of walled) {
    const theirs = `from ${name} where org = '${demo}'`
    if ((await rows(demo, `select count(*) as n ${theirs}`)) > 0) filled++
    const own = await rows(other, `select count(*) as n from ${name} where org is distinct from '${other}'`)
    const answers = {
      read: String(own),
      changed: await tried(other, `update ${name} set org = org where org = '${demo}'`),
      removed: await tried(other, `delete ${theirs}`),
      added: await tried(other, `insert into ${name} (org) values ('${demo}')`),
    }
    cases += 4
    // 42501: not allowed at all, by the wall or because nobody may change that table.
    if (answers.read !== '0') failed.push(`${name} read: ${answers.read}`)
    if (!['0', '42501'].includes(answers.changed)) failed.push(`${name} changed: ${answers.changed}`)
    if (!['0', '42501'].includes(answers.removed)) failed.push(`${name} removed: ${answers.removed}`)
    if (answers.added !== '42501') failed.push(`${name} added: ${answers.added}`)
  }
  assert.ok(filled > 15, `only ${filled} tables have something in them`)
  verdict('S6 by the database alone', cases, failed)
})

test('S6: without an organisation nothing is seen', async () => {
  const client = new pg.Client({ connectionString: house.url })
  await client.connect()
  const failed: string[] = []
  try {
    for (const { name } of walled) {
      const { rows } = await client.query(`select count(*)::int as n from ${name}`)
      if (rows[0].n !== 0) failed.push(`${name}: ${rows[0].n}`)
    }
  } finally {
    await client.end()
  }
  verdict('S6 without an organisation', walled.length, failed)
})
