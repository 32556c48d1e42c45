/**
 * What a signed delivery of the open network costs this house, from the request at an inbox to its kept answer and the work that follows, in processor time of
 * server and database; alone, and with as many under way as a busy server brings.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { useMasterKey } from '#kernel/crypto.ts'
import { asSystem, closeDatabase, inKernel, openDatabase } from '#kernel/db.ts'
import { serve } from '#kernel/http.tsx'
import { newId } from '#kernel/ids.ts'
import { prepareJobs, settleJobs, startJobs, stopJobs } from '#kernel/jobs.ts'
import { migrate, serverUrl } from '#kernel/migrate.ts'
import { useOrigin } from '#kernel/origin.ts'
import { runningDatabase, startPostgres } from '#kernel/postgres.ts'
import { activityType } from '#root/channels/activitypub/documents.ts'
import { actorOf } from '#root/channels/activitypub/names.ts'
import { settings as form } from '#root/channels/activitypub/settings.ts'
import { signed } from '#root/channels/activitypub/sign.ts'
import { newKey, type Stranger, startWorld } from '#root/channels/activitypub/testing.ts'
import { assemble, migrations } from '#root/src/contents.ts'
import { keepAccount, theChannel } from '#social/channels/actions.ts'
import { type Bench, type Figure, median } from './figure.ts'
import { processesBelow, processorTime } from './server.ts'

const [rounds, each, strangers] = [3, Number(process.env.EACH ?? 160), 20]
const origin = 'http://house.example'

export const bench: Bench = {
  says: 'Processor time of one signed delivery at an inbox, and of the work that follows, alone and with sixteen under way',
  async run() {
    const dataDir = await mkdtemp(join(tmpdir(), 'trefoil-bench-'))
    const postgres = await startPostgres({ dataDir, log: { debug() {}, info() {}, warn() {} }, purpose: 'bench' })
    const world = await startWorld()
    try {
      const database = runningDatabase(dataDir)
      const spent = () => processorTime([process.pid, ...(database ? processesBelow(database.pid) : [])])
      const deliver = await houseOf(
        postgres.ownerUrl,
        Array.from({ length: strangers }, (_, at) => world.stranger(`s${at}`, `anna${at}`)),
      )
      return await measured(deliver, spent)
    } finally {
      await world.stop()
      await stopJobs()
      await closeDatabase()
      await postgres.stop()
      await rm(dataDir, { recursive: true, force: true })
    }
  },
}

/** A house with one actor; brings so many deliveries to it, so many at once, and does what follows from them. */
type Deliver = (count: number, atOnce: number) => Promise<void>

async function houseOf(ownerUrl: string, senders: Stranger[]): Promise<Deliver> {
  await migrate(ownerUrl, migrations())
  await prepareJobs(ownerUrl)
  const url = await serverUrl(ownerUrl, 'bench')
  useMasterKey(Buffer.alloc(32, 7))
  openDatabase(url)
  const house = await assemble()
  useOrigin(origin)
  await startJobs(url, { work: false })
  const org = newId()
  await inKernel(db => sql`insert into organisation (id, name, slug) values (${org}, 'Bench', 'bench')`.execute(db))
  const settings = form.parse({ username: 'care', name: 'Care', server: origin, privateKey: newKey() })
  const found = { settings, name: 'Care', address: '@care@house.example' }
  await asSystem(org, ctx => keepAccount(ctx, theChannel('activitypub'), found, { account: null, by: null }))
  const app = serve(house.modules, { baseUrl: undefined, trustProxy: false })
  const us = actorOf(settings)
  let number = 0
  const one = async () => {
    const at = number++
    const status = (await app.request(requestFrom(senders[at % senders.length]!, us, at))).status
    if (status !== 202) throw new Error(`A delivery was answered with ${status}`)
  }
  return async (count, atOnce) => {
    for (let at = 0; at < count; at += atOnce) await Promise.all(Array.from({ length: atOnce }, one))
    await settleJobs()
  }
}

function requestFrom({ settings, id }: Stranger, us: string, at: number): Request {
  const object = {
    id: `${id}/notes/${at}`,
    type: 'Note',
    attributedTo: id,
    published: new Date().toISOString(),
    content: `<p>Is there anything new about order ${at}? It was promised for yesterday, and nobody answers.</p>`,
    to: ['https://www.w3.org/ns/activitystreams#Public'],
    cc: [us],
    tag: [{ type: 'Mention', href: us, name: '@care@house.example' }],
  }
  const activity = {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: `${id}/acts/${at}`,
    type: 'Create',
    actor: id,
    to: object.to,
    cc: [us],
    object,
  }
  const body = JSON.stringify(activity)
  const url = new URL(`${us}/inbox`)
  const headers = { 'content-type': activityType, ...signed(settings, { method: 'POST', url, body: new TextEncoder().encode(body) }) }
  return new Request(url, { method: 'POST', headers, body })
}

async function measured(deliver: Deliver, spent: () => number): Promise<Figure[]> {
  const runs = { alone: [] as number[], together: [] as number[] }
  for (let round = 0; round <= rounds; round++) {
    for (const [name, atOnce] of [
      ['alone', 1],
      ['together', 16],
    ] as const) {
      // biome-ignore format: one list
      const before = spent()
      await deliver(each, atOnce)
      // The first round warms everything up.
      if (round > 0) runs[name].push((spent() - before) / each)
    }
  }
  const unit = 'ms of processor time for a delivery, server and database'
  return [
    {
      name: 'deliveries.together',
      unit,
      value: median(runs.together),
      baseline: { what: 'the same, one after the other', value: median(runs.alone) },
      goal: { most: 0.5, of: 'ratio' },
      runs: runs.together,
    },
  ]
}
