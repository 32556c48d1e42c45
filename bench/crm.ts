/**
 * Fifty agents at work over a million messages, 200,000 people and 100,000 cases: each signed in as a person of their own, with an open page that looks again
 * on news, reading at the pace of people; some of them write meanwhile. `BENCH_MESSAGES` takes another size, `BENCH_SECONDS` the length of a round.
 */
import pg from 'pg'
import { type Desk, type Kind, kinds, type Talk, work } from './agent.ts'
import { deskOf } from './desk-world.ts'
import { type Bench, type Figure, median, percentile } from './figure.ts'
import { scansOf } from './pages.ts'
import { type Server, type SignedIn, signInAll, startServer } from './server.ts'

const messages = Number(process.env.BENCH_MESSAGES ?? 1_000_000)
const seconds = Number(process.env.BENCH_SECONDS ?? 40)
const rounds = 5
/** Milliseconds that each of them looks at a page, on average. */
const looks = 3000
const writes = 0.15

type Times = Record<Kind, number[]>

const noTimes = (): Times => Object.fromEntries(kinds.map(kind => [kind, []])) as unknown as Times

/** Everybody at once, or as many as `desks` are. */
async function shiftOf(desks: Desk[], length: number, pace: { looks: number; writes: number }): Promise<Times> {
  const times = noTimes()
  const until = performance.now() + length * 1000
  await Promise.all(desks.map(desk => work(desk, { ...pace, until, took: (kind, took) => times[kind].push(took) })))
  return times
}

/** What lies before each of them: conversations and cases of their own, and their saved views. */
async function deskFor(client: pg.Client, server: Server, { person, cookie, org }: SignedIn): Promise<Desk> {
  await client.query(`select set_config('trefoil.org', $1, false)`, [org])
  const threads = await client.query<Talk>(
    `select thread, (select c.id from content c where c.thread = v.thread and c.noun = 'Message' and c.side = 'inside' order by c.at desc limit 1) as seen
     from conversation v where assignee = $1 and state in ('open', 'waiting') order by last_at desc limit 40`,
    [person],
  )
  const cases = await client.query<{ number: number }>(
    `select number::int from cases where owner = $1 order by closed_at is null desc, changed_at desc limit 40`,
    [person],
  )
  const views = await client.query<{ words: string }>(`select words from saved_view where owner = $1 or owner is null`, [person])
  return {
    ...{ url: server.url, cookie, person },
    ...{ threads: threads.rows, cases: cases.rows.map(row => row.number), words: views.rows.map(row => row.words) },
  }
}

async function measured(server: Server, client: pg.Client): Promise<Figure[]> {
  const agents = (await signInAll(server, 'agent')).filter(each => each.name.startsWith('Agent '))
  const desks: Desk[] = []
  for (const agent of agents) desks.push(await deskFor(client, server, agent))
  // A server runs for weeks: what it does all day is compiled.
  await shiftOf(desks, seconds, { looks: looks / 3, writes })
  const before = await scansOf(client)
  const alone = await shiftOf(desks.slice(0, 1), seconds / 2, { looks: 50, writes: 0 })
  const measuredRounds: Times[] = []
  for (let round = 0; round < rounds; round++) measuredRounds.push(await shiftOf(desks, seconds, { looks, writes }))
  const scanned = [...(await scansOf(client))].filter(([name, count]) => count > (before.get(name) ?? 0)).map(([name]) => name)
  return [...kinds.flatMap(kind => figuresOf(kind, measuredRounds, alone)), scansFigure(scanned)]
}

/** A page that looks again by itself keeps nobody waiting. */
const goals: Partial<Record<Kind, number>> = { view: 60, counts: 60, thread: 60, cases: 60, write: 150 }

function figuresOf(kind: Kind, all: Times[], alone: Times): Figure[] {
  return [0.5, 0.99].map(share => {
    const runs = all.map(times => percentile(times[kind], share))
    const asked = all.reduce((sum, times) => sum + times[kind].length, 0)
    return {
      name: `crm.${kind}.p${share * 100}`,
      unit: 'ms while 50 agents work',
      value: median(runs),
      baseline: { what: 'a conversation, for one agent alone', value: median(alone.thread) },
      ...(share === 0.99 && goals[kind] && { goal: { most: goals[kind] } }),
      runs,
      more: { asked, worst: Math.round(Math.max(...all.flatMap(times => times[kind]))) },
    }
  })
}

const scansFigure = (scanned: string[]): Figure => ({
  name: 'crm.scans',
  unit: 'large tables read from end to end',
  value: scanned.length,
  baseline: { what: 'none', value: 1 },
  goal: { most: 0 },
  runs: [scanned.length],
  more: { scanned },
})

export const bench: Bench = {
  says: 'Fifty agents at once over 1,000,000 messages, 200,000 people and 100,000 cases: views, counts, threads, cases, answers',
  async run() {
    const server = await startServer(await deskOf(messages))
    const client = new pg.Client({ connectionString: server.ownerUrl })
    await client.connect()
    try {
      return await measured(server, client)
    } finally {
      await client.end()
      await server.stop()
    }
  },
}
