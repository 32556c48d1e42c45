import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { asSystem, inKernel, organisations } from './db.ts'
import { testHouse } from './testing.ts'

const house = await testHouse()

test('more people at once than there are connections, each with a transaction inside another, all get their turn', async () => {
  const org = await house.organisation()
  const seen = await Promise.all(
    Array.from({ length: 40 }, () => asSystem(org, async () => (await organisations()).some(each => each.id === org))),
  )
  assert.deepEqual(new Set(seen), new Set([true]))
})

test('a connection that is cut while it is held fails its own work and nothing else', async () => {
  const org = await house.organisation()
  const cut = asSystem(org, async ctx => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(ctx.db)
    await end(rows[0]!.pid)
    await sql`select 1`.execute(ctx.db)
  })
  await assert.rejects(cut)
  assert.equal(await asSystem(org, async ctx => ctx.org), org)
})

async function end(pid: number): Promise<void> {
  const owner = new pg.Client({ connectionString: house.ownerUrl })
  await owner.connect()
  await owner.query('select pg_terminate_backend($1)', [pid])
  await owner.end()
  await new Promise(resolve => setTimeout(resolve, 100))
}

test('a transaction sees its own organisation, and the kernel all', async () => {
  const [one, other] = [await house.organisation(), await house.organisation()]
  const seen = await asSystem(one, async ctx => (await sql<{ id: string }>`select id from organisation`.execute(ctx.db)).rows)
  assert.deepEqual(seen, [{ id: one }])
  const all = await inKernel(async db => (await sql<{ id: string }>`select id from organisation`.execute(db)).rows)
  assert.ok(all.some(each => each.id === one) && all.some(each => each.id === other))
})

test('an organisation of one transaction is none of the next on the same connection', async () => {
  const org = await house.organisation()
  await asSystem(org, async () => {})
  const left = await inKernel(
    async db => (await sql<{ org: string | null }>`select current_setting('trefoil.org', true) as org`.execute(db)).rows[0]!.org,
  )
  assert.ok(!left)
})
