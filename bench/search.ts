/** Search as people use it: words as often as they stand in texts, several of them, phrases, filters; and the answers while one types. */
import pg from 'pg'
import { type Bench, type Figure, median, percentile } from './figure.ts'
import { timesOf } from './load.ts'
import { type Server, signIn, startServer } from './server.ts'
import { worldOf } from './world/world.ts'

const rounds = 5
const questions = 200

function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

interface Sample {
  words: string[]
  name: string
  day: string
}

/** Words where they stand, so that frequent ones are asked for often and rare ones as well. */
async function samplesOf(client: pg.Client): Promise<Sample[]> {
  const { rows } = await client.query<{ text: string; name: string; at: Date }>(
    `select c.text, p.name, c.at from content c join person p on p.id = c.author where length(c.text) > 60 order by hashtext(c.id::text) limit ${questions}`,
  )
  return rows.map(({ text, name, at }) => ({ words: text.match(/\p{L}{3,}/gu) ?? ['order'], name, day: at.toISOString().slice(0, 7) }))
}

/** One question for each sample: mostly a word or two, now and then everything else that one can ask for. */
function asked({ words, name, day }: Sample, chance: () => number): string {
  const at = Math.floor(chance() * Math.max(1, words.length - 2))
  const [one, two, three] = [words[at]!, words[at + 1] ?? words[0]!, words[at + 2] ?? words[0]!]
  const ways = [
    [40, one],
    [25, `${one} ${two}`],
    [8, `${one} ${two} ${three}`],
    [6, `"${one} ${two}"`],
    [5, `from:"${name}" ${one}`],
    [4, `${one} has:file`],
    [4, `${one} after:${day}`],
    [3, `${one} before:${day}`],
    [2, `${one} OR ${two}`],
    [2, `${one} -${two}`],
    [1, `${one.slice(0, 4)}*`],
  ] as const
  let left = chance() * 100
  return (ways.find(([share]) => (left -= share) < 0) ?? ways[0])[1]
}

interface House {
  server: Server
  cookie: string
  paths: Record<'newest' | 'best' | 'typing', string[]>
}

async function houseOf(messages: number): Promise<House> {
  const server = await startServer(await worldOf(messages))
  const client = new pg.Client({ connectionString: server.ownerUrl })
  await client.connect()
  const chance = dice(7)
  const samples = await samplesOf(client)
  await client.end()
  const all = samples.map(sample => encodeURIComponent(asked(sample, chance)))
  return {
    server,
    cookie: await signIn(server, 'agent'),
    paths: {
      newest: all.map(q => `/search?q=${q}`),
      best: all.map(q => `/search?order=best&q=${q}`),
      typing: samples.map(
        ({ words, name }, at) => `/search/quick?q=${encodeURIComponent((at % 2 ? name : (words[0] ?? '')).slice(0, 2 + (at % 5)))}`,
      ),
    },
  }
}

const timesIn = ({ server, cookie, paths }: House, what: keyof House['paths']) =>
  timesOf({ url: server.url, cookie, paths: paths[what], atOnce: 1, requests: questions, least: 20 })

async function figuresFor(what: keyof House['paths'], large: House, small: House): Promise<Figure[]> {
  const runs: { p95: number; p50: number; base: number }[] = []
  for (const house of [large, small]) await timesIn(house, what)
  for (let round = 0; round < rounds; round++) {
    const [times, base] = [await timesIn(large, what), await timesIn(small, what)]
    runs.push({ p95: percentile(times, 0.95), p50: percentile(times, 0.5), base: percentile(base, 0.95) })
  }
  const baseline = { what: 'p95 of the same questions over 10,000 messages', value: median(runs.map(run => run.base)) }
  return [
    { name: `search.${what}.p95`, unit: 'ms', value: median(runs.map(run => run.p95)), baseline, goal: { most: 150 }, runs: runs.map(run => run.p95), more: { questions } },
    { name: `search.${what}.p50`, unit: 'ms', value: median(runs.map(run => run.p50)), baseline, runs: runs.map(run => run.p50) },
  ] // biome-ignore format: a list
}

export const bench: Bench = {
  says: 'Search over 1,000,000 messages: 200 questions as people ask them, newest and best first, and while one types',
  async run() {
    const [large, small] = [await houseOf(1_000_000), await houseOf(10_000)]
    try {
      const figures: Figure[] = []
      for (const what of ['newest', 'best', 'typing'] as const) figures.push(...(await figuresFor(what, large, small)))
      return figures
    } finally {
      await large.server.stop()
      await small.server.stop()
    }
  },
}
