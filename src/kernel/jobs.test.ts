import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import pg from 'pg'
import { z } from 'zod'
import { setClock } from './clock.ts'
import { asSystem } from './db.ts'
import {
  addJobKind,
  addTimer,
  buryOrRevive,
  deadLetters,
  every,
  job,
  jobCounts,
  later,
  outsideJob,
  settleJobs,
  startJobs,
  stopJobs,
  tickNow,
} from './jobs.ts'
import { testHouse } from './testing.ts'

const house = await testHouse()

let ran: string[] = []
let fails = false
const named = <K extends { name: string }>(kind: K, name: string): K => Object.assign(kind, { name })
const data = z.strictObject({ text: z.string() })
const write = named(
  job('A test', data, async (_, { text }) => {
    if (fails) throw new Error('The moon is not up')
    ran.push(text)
  }),
  'test.write',
)
const call = named(
  outsideJob('A test that calls', data, async (org, { text }) => void ran.push(`${text} of ${org}`)),
  'test.call',
)
addJobKind(write)
addJobKind(call)

const owner = new pg.Client({ connectionString: house.ownerUrl })
// The house drops its database, and whoever is still connected, before this file's own end.
owner.on('error', () => {})
await owner.connect()
after(() => owner.end().catch(() => {}))

test('work exists if and only if its cause was committed, and runs for its own organisation', async () => {
  const org = await house.organisation()
  ran = []
  await assert.rejects(
    asSystem(org, async ctx => {
      await later(ctx, write, { text: 'never' })
      throw new Error('rolled back')
    }),
  )
  await asSystem(org, async ctx => {
    await later(ctx, write, { text: 'once' })
    await later(ctx, call, { text: 'outside' })
  })
  assert.deepEqual(ran, [])
  assert.equal(await settleJobs(), 2)
  assert.deepEqual(ran, ['once', `outside of ${org}`])
  assert.equal(await settleJobs(), 0)
})

test('while one with a key waits another is not added; afterwards it is, and other organisations have keys of their own', async () => {
  const [org, other] = [await house.organisation(), await house.organisation()]
  ran = []
  const add = (of: string, text: string) => asSystem(of, ctx => later(ctx, write, { text }, { key: 'one' }))
  await add(org, 'first')
  await add(org, 'second')
  await add(other, 'theirs')
  await settleJobs()
  assert.deepEqual(ran.sort(), ['first', 'theirs'])
  ran = []
  await add(org, 'third')
  await settleJobs()
  assert.deepEqual(ran, ['third'])
})

test('work for a moment waits for it', async () => {
  const org = await house.organisation()
  ran = []
  await asSystem(org, ctx => later(ctx, write, { text: 'tomorrow' }, { at: new Date(Date.now() + 86_400_000) }))
  await asSystem(org, ctx => later(ctx, write, { text: 'yesterday' }, { at: new Date(Date.now() - 86_400_000) }))
  await settleJobs()
  assert.deepEqual(ran, ['yesterday'])
  await owner.query(`update jobs.job set start_after = now() where start_after > now() + interval '1 hour'`)
  await settleJobs()
  assert.deepEqual(ran, ['yesterday', 'tomorrow'])
})

test('a timer runs once for each organisation, and one that fails keeps none of the others from it', async () => {
  const orgs = [await house.organisation(), await house.organisation(), await house.organisation()]
  const seen: string[] = []
  const timer = every({ minutes: 5 }, 'A test', async ctx => {
    if (ctx.org === orgs[1]) throw new Error('not here')
    seen.push(ctx.org)
  })
  addTimer(named(timer, 'test.timer'))
  await tickNow('test.timer')
  assert.deepEqual(
    seen.filter(each => orgs.includes(each)),
    [orgs[0], orgs[2]],
  )
  await tickNow('test.unknown')
})

async function until(holds: () => Promise<boolean> | boolean, about: string): Promise<void> {
  const end = Date.now() + 30_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Not within thirty seconds: ${about}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

test('what fails is tried again, ends as a dead letter with its reason, and a person runs it once more or discards it', async () => {
  const [org, other] = [await house.organisation(), await house.organisation()]
  setClock()
  await stopJobs()
  await startJobs(house.url, { work: true })
  try {
    ran = []
    fails = true
    await asSystem(org, async ctx => {
      await later(ctx, write, { text: 'revived' })
      await later(ctx, write, { text: 'discarded' })
    })
    const inState = async (state: string) =>
      Number(
        (await owner.query(`select count(*) from jobs.job where name = 'work' and state = $1 and data->>'org' = $2`, [state, org])).rows[0]
          .count,
      )
    await until(async () => (await inState('retry')) === 2, 'it waits to be tried again')
    assert.deepEqual(await asSystem(org, ctx => deadLetters(ctx)), [])
    const { rows } = await owner.query(
      `select retry_limit, start_after > now() as waits from jobs.job where name = 'work' and state = 'retry'`,
    )
    assert.deepEqual(rows[0], { retry_limit: 8, waits: true })
    // As if seven tries had passed: the next one is the last.
    await owner.query(`update jobs.job set retry_count = retry_limit, start_after = now() where name = 'work' and state = 'retry'`)
    const letters = () => asSystem(org, ctx => deadLetters(ctx))
    await until(async () => (await letters()).length === 2, 'it is a dead letter')
    const dead = await letters()
    assert.deepEqual(dead.map(each => [each.kind, each.says, (each.data as { text: string }).text]).sort(), [
      ['test.write', 'Error: The moon is not up', 'discarded'],
      ['test.write', 'Error: The moon is not up', 'revived'],
    ])
    assert.equal((await jobCounts()).dead, 2)
    assert.deepEqual(await asSystem(other, ctx => deadLetters(ctx)), [])
    const [revived, discarded] = ['revived', 'discarded'].map(text => dead.find(each => (each.data as { text: string }).text === text)!.id)
    assert.equal(await asSystem(other, ctx => buryOrRevive(ctx, revived!, true)), false)
    fails = false
    assert.equal(await asSystem(org, ctx => buryOrRevive(ctx, discarded!, false)), true)
    assert.equal(await asSystem(org, ctx => buryOrRevive(ctx, revived!, true)), true)
    assert.equal(await asSystem(org, ctx => buryOrRevive(ctx, revived!, true)), false)
    await until(() => ran.length > 0, 'it runs once more')
    assert.deepEqual([ran, await letters(), (await jobCounts()).dead], [['revived'], [], 0])
  } finally {
    await stopJobs()
    await startJobs(house.url, { work: false })
  }
})
