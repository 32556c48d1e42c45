import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import pg from 'pg'
import { type Ctx, system } from './context.ts'
import { inOrg } from './db.ts'
import { startLive, stopLive, tell } from './live.ts'
import { remembered } from './remembered.ts'
import { testHouse } from './testing.ts'

after(stopLive) // Before the house, whose database it listens to, is gone.
const house = await testHouse()

const looking = <T>(org: string, run: (ctx: Ctx) => Promise<T>) => inOrg(org, system, run, { looking: true })

/** Counts how often it was read. */
function shelf() {
  let reads = 0
  const look = (org: string, key = 'books') => looking(org, ctx => remembered(ctx, key, ['shelf', 'book:'], async () => ++reads))
  return { look, reads: () => reads }
}

test('without a line on which news come, everything is read each time', async () => {
  const org = await house.organisation()
  const { look } = shelf()
  assert.deepEqual([await look(org), await look(org)], [1, 2])
  await startLive(house.url)
})

test('read once for all who look, by its key and its organisation', async () => {
  const [org, other] = [await house.organisation(), await house.organisation()]
  const { look, reads } = shelf()
  await Promise.all([look(org), look(other)])
  assert.equal(reads(), 2)
  await Promise.all([look(org), look(other), look(org)])
  assert.equal(reads(), 2)
  await look(org, 'books of Anna')
  assert.equal(reads(), 3)
})

test('who decides reads for oneself, and gives nothing to those who look', async () => {
  const org = await house.organisation()
  let reads = 0
  const read = (ctx: Ctx) => remembered(ctx, 'books', ['shelf'], async () => ++reads)
  assert.deepEqual(
    [await inOrg(org, system, read), await looking(org, read), await inOrg(org, system, read), await looking(org, read)],
    [1, 2, 3, 2],
  )
})

test('news of it make it old at once, here as from elsewhere; other news do not', async () => {
  const [org, other] = [await house.organisation(), await house.organisation()]
  const { look, reads } = shelf()
  await look(org)
  await inOrg(other, system, async ctx => tell(ctx, 'shelf'))
  await inOrg(org, system, async ctx => tell(ctx, 'shelves'))
  await look(org)
  assert.equal(reads(), 1)
  await inOrg(org, system, async ctx => tell(ctx, 'shelf'))
  await look(org)
  assert.equal(reads(), 2)
  await inOrg(org, system, async ctx => tell(ctx, 'book:7'))
  await look(org)
  assert.equal(reads(), 3)
  const client = new pg.Client({ connectionString: house.url })
  await client.connect()
  await client.query(`select pg_notify('live', $1)`, [JSON.stringify({ org, kind: 'refresh', topics: ['shelf'] })])
  await client.end()
  for (const end = Date.now() + 5000; reads() < 4 && Date.now() < end; ) await look(org)
  assert.equal(reads(), 4)
})

test('what was begun to be read before news came is not kept', async () => {
  const org = await house.organisation()
  const values = ['old', 'new']
  const read = (ctx: Ctx) =>
    remembered(ctx, 'books', ['shelf'], async () => {
      const value = values.shift()
      if (value === 'old') await inOrg(org, system, async other => tell(other, 'shelf'))
      return value
    })
  assert.equal(await looking(org, read), 'old')
  assert.equal(await looking(org, read), 'new')
  assert.equal(await looking(org, read), 'new')
})

test('a failure is not kept', async () => {
  const org = await house.organisation()
  const fails = (ctx: Ctx) => remembered(ctx, 'books', ['shelf'], () => Promise.reject(new Error('no')))
  await assert.rejects(looking(org, fails), /no/)
  const { look } = shelf()
  assert.equal(await look(org), 1)
})
