import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { z } from 'zod'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { testHouse } from '#kernel/testing.ts'
import * as channels from '#social/channels/actions.ts'
import { type Channel, channel, type HeardMessage } from '#social/channels/words.ts'
import { takeInForGood } from '#social/intake/actions.ts'
import { bringHistory, historyOf, stopHistory } from './actions.ts'

const house = await testHouse()
const day = 86_400_000

const letter = (remoteId: string, more: Partial<HeardMessage> = {}): HeardMessage => ({
  is: 'message',
  remoteId,
  direction: 'in',
  at: new Date(),
  from: { network: 'pigeon', address: 'anna@example.org' },
  to: [],
  copied: [],
  answers: [],
  text: remoteId,
  attachments: [],
  ...more,
})

/** Letters of the past, one a day, newest first; three at once. */
let past: HeardMessage[] = []
let faults: Error[] = []
let cursors: (string | null)[] = []
/** What the network knows when it is asked for one, and what it was asked for. */
let known = new Map<string, HeardMessage>()
let sought: string[] = []

const settings = z.strictObject({ address: z.email() })
const pigeon = channel<z.output<typeof settings>>({
  name: 'pigeon',
  title: 'pigeon.title',
  settings,
  asks: settings,
  discover: async given => ({ settings: settings.parse(given), name: 'Us', address: settings.parse(given).address }),
  can: {
    listen: {
      since: async () => ({ heard: [], cursor: '', more: false }),
      async history(_account, from, cursor) {
        cursors.push(cursor)
        const fault = faults.shift()
        if (fault) throw fault
        const at = Number(cursor ?? 0)
        const heard = past.slice(at, at + 3)
        return { heard, cursor: String(at + 3), more: past.length > at + 3 && past[at + 3]!.at >= from, total: past.length }
      },
      async find(_account, remoteId) {
        sought.push(remoteId)
        return known.get(remoteId) ?? null
      },
    },
  },
  truth: [],
  normalise: address => address,
}) as Channel
channels.useChannels([pigeon])

async function account() {
  ;[past, faults, cursors, known, sought] = [[], [], [], new Map(), []]
  const org = await house.organisation()
  const found = { settings: { address: 'us@example.org' }, name: 'Us', address: 'us@example.org' }
  const id = (await asSystem(org, ctx => channels.keepAccount(ctx, pigeon, found, { account: null, by: null })))!
  const texts = () =>
    asSystem(org, async ctx =>
      (await sql<{ text: string }>`select text from content order by at desc`.execute(ctx.db)).rows.map(row => row.text),
    )
  const history = () => asSystem(org, ctx => historyOf(ctx, id))
  const bring = (days: number) => house.as(org, 'owner', ctx => bringHistory(ctx, { account: id, days }))
  return {
    org,
    id,
    texts,
    history,
    bring,
    take: (...heard: HeardMessage[]) => takeInForGood(org, { channel: 'pigeon', account: id }, heard, async () => {}),
  }
}

/** Lets what waits for its moment wait no longer. */
async function settleLater(): Promise<void> {
  await house.settle()
  await asSystem(await house.organisation(), ctx => sql`update jobs.job set start_after = now() where state = 'created'`.execute(ctx.db))
  await house.settle()
}

const days = (count: number) =>
  Array.from({ length: count }, (_, at) => letter(`day ${at + 1}`, { at: new Date(Date.now() - (at + 1) * day + 60_000) }))

test('who connects an account may ask with it for what was there before', async () => {
  const { id, org, texts } = await account()
  past = days(9)
  const found = { settings: { address: 'us@example.org' }, name: 'Us', address: 'us@example.org' }
  await asSystem(org, ctx => channels.keepAccount(ctx, pigeon, found, { account: id, by: null, history: 4 }))
  await house.settle()
  assert.deepEqual(await texts(), ['day 1', 'day 2', 'day 3', 'day 4'])
})

test('what was there before comes in as far back as was asked, batch by batch, and wakes nobody', async () => {
  const it = await account()
  past = days(9)
  await it.bring(5)
  await assert.rejects(it.bring(5), { key: 'listening.underWay' })
  await house.settle()
  assert.deepEqual(
    [await it.texts(), cursors],
    [
      ['day 1', 'day 2', 'day 3', 'day 4', 'day 5'],
      [null, '3'],
    ],
  )
  const { done, ended_at, failure } = (await it.history())!
  assert.deepEqual([done, ended_at !== null, failure], [5, true, null])
  const heard = await asSystem(
    it.org,
    async ctx =>
      (
        await sql<{
          imported: boolean
        }>`select (detail->>'imported')::boolean as imported from activity where verb = 'Create' and noun = 'Message'`.execute(ctx.db)
      ).rows,
  )
  assert.ok(heard.length === 5 && heard.every(each => each.imported))
  await it.bring(7)
  await house.settle()
  assert.equal((await it.texts()).length, 7)
})

test('an interruption goes on where it was, a stop keeps what is there, a refusal is said', async () => {
  const it = await account()
  past = days(9)
  faults = [new ChannelError('down', { says: 'pigeon.storm' })]
  await it.bring(30)
  for (let at = 0; at < 2; at++) await settleLater()
  assert.deepEqual([(await it.texts()).length, cursors], [9, [null, null, '3', '6']])
  const other = await account()
  past = days(9)
  await other.bring(30)
  await house.as(other.org, 'owner', ctx => stopHistory(ctx, { account: other.id }))
  await house.settle()
  const { done, stopped, ended_at } = (await other.history())!
  assert.deepEqual([done, stopped, ended_at !== null, (await other.texts()).length], [3, true, true, 3])
  faults = [new ChannelError('rejected', { says: 'pigeon.tooOld' })]
  await other.bring(30)
  await house.settle()
  assert.equal((await other.history())!.failure, 'pigeon.tooOld')
  await assert.rejects(
    house.as(it.org, 'agent', ctx => bringHistory(ctx, { account: it.id, days: 3 })),
    { code: 'forbidden' },
  )
  await assert.rejects(
    house.as(await house.organisation(), 'owner', ctx => bringHistory(ctx, { account: it.id, days: 3 })),
    { code: 'notFound' },
  )
})

test('what a message answers and nobody knows is fetched once, up to its beginning, into the same thread', async () => {
  const it = await account()
  known = new Map(
    ['b', 'c'].map((name, at) => [name, letter(name, { answers: at === 0 ? ['c'] : [], at: new Date(Date.now() - (at + 1) * day) })]),
  )
  await it.take(letter('a', { answers: ['b'] }))
  await house.settle()
  assert.deepEqual(
    [await it.texts(), sought],
    [
      ['a', 'b', 'c'],
      ['b', 'c'],
    ],
  )
  const threads = await asSystem(
    it.org,
    async ctx => (await sql<{ thread: string }>`select distinct thread from content`.execute(ctx.db)).rows,
  )
  assert.equal(threads.length, 1)
  await it.take(letter('a2', { answers: ['b'] }), letter('x', { answers: ['nowhere'] }), letter('y', { answers: ['nowhere'] }))
  await it.take(letter('z', { answers: ['nowhere'] }))
  await house.settle()
  assert.deepEqual(sought, ['b', 'c', 'nowhere'])
})

test('a chain without an end is followed ten steps, and what bears another name than was asked for is not believed', async () => {
  const it = await account()
  known = new Map(Array.from({ length: 30 }, (_, at) => [`p${at}`, letter(`p${at}`, { answers: [`p${at + 1}`] })]))
  known.set('claimed', letter('another'))
  await it.take(letter('a', { answers: ['p0'] }), letter('b', { answers: ['claimed'] }))
  await house.settle()
  assert.deepEqual([sought.filter(each => each.startsWith('p')).length, (await it.texts()).length], [10, 12])
  assert.ok(!(await it.texts()).includes('another'))
})
