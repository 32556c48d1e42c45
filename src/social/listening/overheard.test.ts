import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { sql } from 'kysely'
import { z } from 'zod'
import { asSystem } from '#kernel/db.ts'
import { startLive, stopLive } from '#kernel/live.ts'
import { testHouse } from '#kernel/testing.ts'
import * as channels from '#social/channels/actions.ts'
import { type Account, type Channel, channel, type Overheard, type Passing } from '#social/channels/words.ts'
import { catchUp, soughtAnew, startListening, stopListening, takeWebhook, useOverhearers } from './actions.ts'
import { overhears } from './words.ts'

after(stopLive) // Before the house, whose database it listens to, is gone.
const house = await testHouse()
const quiet = { info() {}, warn() {}, error() {} } as never
await startLive(house.url)
const never = new AbortController().signal

const folder = mkdtempSync(join(tmpdir(), 'trefoil-sift-'))
after(() => rmSync(folder, { recursive: true }))
const sifting = pathToFileURL(join(folder, 'sifting.mjs'))
writeFileSync(sifting, 'export const sift = (pieces, given, fits) => pieces.map(String).filter(text => fits({ text }))')

const post = (remoteId: string, more: Partial<Overheard> = {}): Overheard => ({
  remoteId,
  at: new Date(Date.now() - 60_000),
  from: { network: 'pigeon', address: 'anna@example.org' },
  text: `a lamp ${remoteId}`,
  ...more,
})

/** What passes by each account; three at once. */
const passing = new Map<string, Passing[]>()
const watching = new Map<string, Account>()
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
      async since({ id }, cursor) {
        const [at, all] = [Number(cursor ?? 0), passing.get(id) ?? []]
        const overheard = all.slice(at, at + 3)
        return { heard: [], overheard, cursor: String(at + overheard.length), more: all.length > at + 3 }
      },
      async watch(account, _news, signal) {
        watching.set(account.id, account)
        await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
      },
      webhook: async () => ({ heard: [], overheard: [post('pushed')], answer: new Response('thanks') }),
    },
  },
  truth: [],
  normalise: address => address,
}) as Channel
channels.useChannels([pigeon])

/** What somebody listens for, in each organisation, and what they kept of it: in rows, so that it comes and goes with its transaction. */
const queries = new Map<string, Map<string, string>>()
let refuses = ''
useOverhearers([
  overhears({
    sought: async ({ org }, ids) =>
      [...(queries.get(org) ?? [])].filter(([id]) => ids?.includes(id) ?? true).map(([id, query]) => ({ id, query })),
    async take(ctx, { channel, account }, posts) {
      for (const { remoteId, text, changed } of posts) {
        if (remoteId === refuses) await sql`select 1 / 0`.execute(ctx.db)
        const value = JSON.stringify(`${channel}: ${text}${changed ? ', changed' : ''}`)
        await sql`insert into account_memory (account, name, value) values (${account}, ${remoteId}, ${value}) on conflict (org, account, name) do update set value = excluded.value`.execute(
          ctx.db,
        )
      }
    },
    forget: (ctx, { account }, remoteIds) =>
      sql`delete from account_memory where account = ${account} and name = any(${remoteIds})`.execute(ctx.db),
  }),
])

async function place(sought: Record<string, string> = { q: 'lamp' }) {
  const org = await house.organisation()
  queries.set(org, new Map(Object.entries(sought)))
  const found = { settings: { address: 'us@example.org' }, name: 'Us', address: 'us@example.org' }
  const account = (await asSystem(org, ctx => channels.keepAccount(ctx, pigeon, found, { account: null, by: null })))!
  const kept = () =>
    asSystem(org, async ctx =>
      (await sql<{ name: string }>`select name from account_memory where account = ${account} order by name`.execute(ctx.db)).rows.map(
        row => row.name,
      ),
    )
  const value = (name: string) =>
    asSystem(org, async ctx => JSON.parse((await sql<{ value: string }>`select value from account_memory where name = ${name}`.execute(ctx.db)).rows[0]!.value)) // biome-ignore format: one call
  const count = async (table: string) =>
    asSystem(org, async ctx => Number((await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(ctx.db)).rows[0]!.n))
  const cursor = () => asSystem(org, async ctx => (await channels.openAccount(ctx, account))!.row.cursor)
  return { org, account, kept, value, count, cursor, change: (...ids: string[]) => asSystem(org, async ctx => soughtAnew(ctx, ids)) }
}

async function until(what: () => boolean | Promise<boolean>, says: string): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(5)) if (await what()) return
  assert.fail(`never: ${says}`)
}

test('what passes by reaches whoever listens, once, with the cursor, and becomes no person, thread or content', async () => {
  const it = await place()
  const before = await it.count('person')
  passing.set(
    it.account,
    ['a', 'b', 'c', 'd'].map(each => post(each)),
  )
  await catchUp(it.org, it.account, never)
  assert.deepEqual([await it.kept(), await it.cursor()], [['a', 'b', 'c', 'd'], '4'])
  await asSystem(it.org, ctx => channels.moveCursor(ctx, it.account, '0'))
  await catchUp(it.org, it.account, never)
  assert.deepEqual(await it.kept(), ['a', 'b', 'c', 'd'])
  assert.deepEqual([(await it.count('person')) - before, await it.count('thread'), await it.count('content')], [0, 0, 0])
})

test('what was taken away is forgotten, and what was changed is said to be', async () => {
  const it = await place()
  const at = new Date()
  passing.set(it.account, [
    post('a'),
    post('b'),
    post('c'),
    { remoteId: 'a', at, gone: true },
    post('b', { text: 'two lamps', changed: true }),
  ])
  await catchUp(it.org, it.account, never)
  assert.deepEqual(await it.kept(), ['b', 'c'])
  assert.equal(await it.value('b'), 'pigeon: two lamps, changed')
})

test('the one post that the database refuses holds up neither the others nor the cursor', async () => {
  const it = await place()
  refuses = 'b'
  passing.set(
    it.account,
    ['a', 'b', 'c', 'd'].map(each => post(each)),
  )
  await catchUp(it.org, it.account, never)
  assert.deepEqual([await it.kept(), await it.cursor()], [['a', 'c', 'd'], '4'])
})

test('where nobody listens, what passes by is let go; what is pushed reaches whoever listens as well', async () => {
  const [deaf, it] = [await place({}), await place()]
  for (const each of [deaf, it]) passing.set(each.account, [post('a')])
  for (const each of [deaf, it]) await catchUp(each.org, each.account, never)
  assert.deepEqual([await deaf.kept(), await deaf.cursor(), await it.kept()], [[], '1', ['a']])
  const { answer } = (await takeWebhook(it.org, it.account, new Request('http://x/', { method: 'POST' })))!
  assert.deepEqual([await answer!.text(), await it.kept()], ['thanks', ['a', 'pushed']])
})

test('a stream is only held against queries while there are any, and a change of them holds within a tenth of a second', async () => {
  const it = await place({})
  const sieve = () => watching.get(it.account)?.sieve
  await startListening({ log: quiet })
  try {
    await until(() => watching.has(it.account), 'it is watched')
    assert.equal(sieve(), undefined)
    queries.get(it.org)!.set('q', 'lamp from:bert.example')
    queries.get(it.org)!.set('r', 'chair lang:sv')
    await it.change('q', 'r')
    await until(() => sieve() !== undefined, 'there is a sieve')
    const sifted = async (...texts: string[]) =>
      sieve()!.sift<null, string[]>(
        sifting,
        texts.map(each => Buffer.from(each)),
        null,
      )
    assert.deepEqual([await sifted('a lamp', 'a chair', 'a table'), await sieve()!.authors()], [['a chair'], ['bert.example']])
    queries.get(it.org)!.set('q', 'table')
    queries.get(it.org)!.delete('r')
    const began = performance.now()
    await it.change('q', 'r')
    const next = async () => String(await sifted('a lamp', 'a chair', 'a table')) === 'a table'
    await until(next, 'the change holds')
    assert.ok(performance.now() - began < 1000, `${performance.now() - began} ms`)
    queries.get(it.org)!.clear()
    await it.change()
    await it.change('q')
    await until(() => sieve() === undefined, 'nobody listens any more')
  } finally {
    await stopListening()
  }
})
