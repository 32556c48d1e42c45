/** A firehose, and a house that is killed in the middle of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { derivedKey, useMasterKey } from '#kernel/crypto.ts'
import { asSystem, closeDatabase, openDatabase } from '#kernel/db.ts'
import { masterKeyOf } from '#kernel/master-key.ts'
import { serverUrl } from '#kernel/migrate.ts'
import { runningDatabase } from '#kernel/postgres.ts'
import { settings as form } from '#root/channels/bluesky/settings.ts'
import { assemble } from '#root/src/contents.ts'
import { keepAccount, theChannel } from '#social/channels/actions.ts'
import { probe } from '../bench/listening-stream.ts'
import { care, startNetwork } from '../bench/stream-network.ts'
import { preparedData } from './prepared.ts'
import { act, killAll, serve, setUp, stop, until } from './server.ts'

const posts = 3000

test('what passed by while everything was killed is kept once: each mention is there, none is there twice', {
  timeout: 300_000,
}, async t => {
  const dataDir = await preparedData(t)
  const network = await startNetwork()
  t.after(() => network.stop())
  const start = () => serve(dataDir, { TREFOIL_ALLOW_HOSTS: '127.0.0.1' })
  let server = await start()
  t.after(() => stop(server, 'SIGKILL'))
  const made = await act(server.url, await setUp(server), 'monitors/make', { name: 'Lamps', query: 'lamp', lookBack: 0 })
  assert.equal(made.status, 200, await made.text())
  const listening = network.listened()
  await connect(dataDir, network)
  await listening
  const events = Array.from({ length: posts }, (_, nth) => probe(nth, `${nth % 3 ? 'a chair' : 'a lamp'} number ${nth}`))
  const wanted = Math.ceil(posts / 3)
  for (let at = 0; at < posts / 2; at += 50) network.say(events.slice(at, at + 50))
  const before = await until(60_000, async () => (await keptIn(dataDir)).mentions || undefined)
  await killAll(server)
  server = await start()
  // As the network does it: what lies behind the mark is told once more, to whoever comes with it, and a little of what lies before.
  const telling = setInterval(() => network.say(events), 2000)
  t.after(() => clearInterval(telling))
  await until(120_000, async () => ((await keptIn(dataDir)).mentions >= wanted ? true : undefined))
  const kept = await keptIn(dataDir)
  t.diagnostic(`${before} of ${wanted} were kept when it was killed`)
  assert.deepEqual(kept, { mentions: wanted, fits: wanted, counted: wanted, people: kept.people, contents: 0 })
  assert.ok(kept.people <= 1, 'nobody but the owner')
})

/** An account that overhears; the running server hears of it by itself. */
async function connect(dataDir: string, { server, stream }: { server: string; stream: string }): Promise<void> {
  const { ownerUrl } = runningDatabase(dataDir)!
  useMasterKey(masterKeyOf(dataDir, undefined))
  openDatabase(await serverUrl(ownerUrl, derivedKey('database role').toString('hex')), 2)
  try {
    await assemble()
    const [{ id: org }] = (await asked<{ id: string }>(ownerUrl, 'select id from organisation')) as [{ id: string }]
    const settings = form.parse({ ...care, password: 'abcd', server, stream, overhears: true })
    await asSystem(org, ctx => keepAccount(ctx, theChannel('bluesky'), { settings, name: 'Care', address: care.handle }, { account: null, by: null })) // biome-ignore format: one call
  } finally {
    await closeDatabase()
  }
}

async function asked<T extends pg.QueryResultRow>(connectionString: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<T>(text)).rows
  } finally {
    await client.end()
  }
}

type Held = Record<'mentions' | 'fits' | 'counted' | 'people' | 'contents', number>

async function keptIn(dataDir: string): Promise<Held> {
  const [row] = await asked<Held>(
    runningDatabase(dataDir)!.ownerUrl,
    `select (select count(*)::int from monitor_mention) as mentions, (select count(*)::int from mention_fit) as fits,
      (select coalesce(sum(n), 0)::int from mention_tally) as counted, (select count(*)::int from person) as people,
      (select count(*)::int from content) as contents`,
  )
  return row!
}
