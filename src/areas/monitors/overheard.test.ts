import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { z } from 'zod'
import { asSystem } from '#kernel/db.ts'
import { testHouse } from '#kernel/testing.ts'
import * as channels from '#social/channels/actions.ts'
import { type Channel, channel, type Overheard, type Passing } from '#social/channels/words.ts'
import { catchUp } from '#social/listening/actions.ts'
import { make } from './actions.ts'

const house = await testHouse()
const never = new AbortController().signal

let passing: Passing[] = []
const settings = z.strictObject({ address: z.email() })
const pigeon = channel<z.output<typeof settings>>({
  name: 'pigeon',
  title: 'pigeon.title',
  settings,
  asks: settings,
  discover: async given => ({ settings: settings.parse(given), name: 'Us', address: settings.parse(given).address }),
  can: {
    listen: {
      overhears: () => true,
      since: async (_account, cursor) => ({ heard: [], overheard: passing, cursor: `${cursor ?? ''}.`, more: false }),
    },
  },
  truth: [],
  normalise: address => address,
}) as Channel
channels.useChannels([pigeon])

const at = new Date(Date.now() - 3_600_000)
const post = (remoteId: string, text: string, more: Partial<Overheard> = {}): Overheard => ({
  remoteId,
  at,
  from: { network: 'pigeon', address: 'anna@example.org', name: 'Anna' },
  text,
  ...more,
})

interface Kept {
  text: string
  author: string
  author_name: string
  person: string | null
  content: string | null
}

async function place() {
  const org = await house.organisation()
  const found = { settings: { address: 'us@example.org' }, name: 'Us', address: 'us@example.org' }
  const account = (await asSystem(org, ctx => channels.keepAccount(ctx, pigeon, found, { account: null, by: null })))!
  await house.as(org, 'owner', ctx => make(ctx, { name: 'Lamps', query: 'lamp NOT broken', lookBack: 0 }))
  const hear = (...told: Passing[]) => {
    passing = told
    return catchUp(org, account, never)
  }
  const rows = <T>(query: ReturnType<typeof sql<T>>) => asSystem(org, async ctx => (await query.execute(ctx.db)).rows)
  const kept = () => rows(sql<Kept>`select text, author, author_name, person, content from monitor_mention order by text`)
  const counted = async () => (await rows(sql<{ n: number }>`select coalesce(sum(n), 0)::int as n from mention_tally`))[0]!.n
  return { org, hear, kept, counted, rows }
}

test('what passes by and fits a monitor is a mention, once, and nobody becomes a contact by it', async () => {
  const it = await place()
  const before = await it.rows(sql`select id from person`)
  await it.hear(post('a', 'A lamp'), post('b', 'A chair'), post('c', 'A broken lamp'), post('a', 'A lamp'))
  await it.hear(post('a', 'A lamp'))
  const { person, content, ...mention } = (await it.kept())[0]!
  assert.deepEqual(mention, { text: 'A lamp', author: 'anna@example.org', author_name: 'Anna' })
  assert.deepEqual([person, content, await it.counted()], [null, null, 1])
  for (const table of ['thread', 'content']) assert.deepEqual(await it.rows(sql`select id from ${sql.table(table)}`), [])
  assert.equal((await it.rows(sql`select id from person`)).length, before.length)
})

test('a mention follows its post: changed so that it fits no longer, changed so that it does, and taken away', async () => {
  const it = await place()
  const texts = async () => (await it.kept()).map(each => each.text)
  await it.hear(post('a', 'A lamp'), post('b', 'A chair'))
  await it.hear(post('a', 'A broken lamp', { changed: true }), post('b', 'A chair and a lamp', { changed: true }))
  assert.deepEqual([await texts(), await it.counted()], [['A chair and a lamp'], 1])
  await it.hear({ remoteId: 'b', at, gone: true }, { remoteId: 'unknown', at, gone: true })
  assert.deepEqual([await texts(), await it.counted()], [[], 0])
})

test('ten thousand posts of one author within a minute keep nobody else out', { timeout: 60_000 }, async () => {
  const it = await place()
  const flood = Array.from({ length: 10_000 }, (_, nth) => post(`f${nth}`, `lamp number ${nth}`, { at: new Date(at.getTime() + nth * 6) }))
  const others = Array.from({ length: 10 }, (_, nth) =>
    post(`o${nth}`, `lamp of ${nth}`, { from: { network: 'pigeon', address: `o${nth}` } }),
  )
  await it.hear(...flood.slice(0, 5000), ...others, ...flood.slice(5000))
  const found = await it.rows(sql<{ author: string }>`select author from monitor_mention where author <> 'anna@example.org'`)
  assert.deepEqual([found.length, await it.counted()], [10, 10_010])
})
