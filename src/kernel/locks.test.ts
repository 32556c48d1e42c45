import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { hold, releaseAll } from './locks.ts'
import { testHouse } from './testing.ts'

const house = await testHouse()

async function elsewhere(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: house.url })
  await client.connect()
  return client
}
async function soon(holds: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + 60_000; Date.now() < end; await new Promise(done => setTimeout(done, 20))) if (await holds()) return true
  return false
}

const asks = async (client: pg.Client, name: string) =>
  (await client.query<{ mine: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as mine', [name])).rows[0]!.mine

test('a name is held by one process, and free for others once it is released', async () => {
  const other = await elsewhere()
  const mine = await hold('a')
  assert.ok(mine)
  assert.equal(await hold('a'), null)
  assert.equal(await asks(other, 'a'), false)
  assert.equal(await asks(other, 'b'), true)
  assert.equal(await hold('b'), null)
  await mine.release()
  assert.equal(await asks(other, 'a'), true)
  await other.end()
})

test('when the connection breaks, everyone who held something is told', async () => {
  const other = await elsewhere()
  const [c, d] = [await hold('c'), await hold('d')]
  assert.ok(c && d)
  const told = new Promise<void>(done => d.lost.addEventListener('abort', () => done()))
  const { rows } = await other.query<{ pid: number }>(
    `select pid from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`,
  )
  for (const { pid } of rows) await other.query('select pg_terminate_backend($1)', [pid])
  await told
  assert.ok(c.lost.aborted)
  await c.release()
  const again = await hold('c')
  assert.ok(again)
  await again.release()
  await other.end()
})

test('at the end of the process everything is given up, whoever still holds it', async () => {
  const other = await elsewhere()
  const held = await Promise.all(['e', 'f', 'g'].map(hold))
  assert.ok(held.every(each => each !== null))
  await releaseAll()
  assert.ok(held.every(each => each!.lost.aborted))
  // A connection that was closed here ends a moment later over there.
  for (const name of ['e', 'f', 'g']) assert.equal(await soon(() => asks(other, name)), true)
  await held[0]!.release()
  await other.end()
})
