/**
 * Dashboards over the counts of 10,000,000 mentions of a year: a hundred monitors, eight of them in a market, and one that heard a tenth of all. Times are
 * those of the server: from asking for a page, signed in, to its last byte.
 */
import pg from 'pg'
import { type Bench, type Figure, median, percentile } from './figure.ts'
import { timesOf } from './load.ts'
import { scansOf } from './pages.ts'
import { type Server, signIn, startServer } from './server.ts'
import { worldOf } from './world/world.ts'

const monitors = 100
const days = 365
const rounds = 5
const pictures = ['look', 'topics', 'changes', 'voices', 'when'] as const

/** Two years, so that there is a time before; a large monitor has about eighteen times as many as each of the others. */
async function fill(client: pg.Client): Promise<{ large: string; small: string[]; market: string }> {
  const market = '00000000-0000-7000-8000-00000000aaaa'
  await client.query(`insert into market (id, name, made_at) values ($1, 'Bench', now())`, [market])
  await client.query(
    `insert into monitor (id, name, query, kind, market, ours, made_at, changed_at)
     select ('00000000-0000-7000-8000-' || lpad(nth::text, 12, '0'))::uuid, 'Monitor ' || nth, 'word' || nth, 'brand',
       case when nth <= 8 then $1::uuid end, nth = 1, now(), now() from generate_series(1, ${monitors}) as nth`,
    [market],
  )
  await client.query(`alter table mention_day disable trigger user`)
  // Five sources, four languages, four moods, three countries: 240 rows a day of the large one, some thirty of the others.
  await client.query(
    `insert into mention_day (monitor, day, source, language, mood, country, n, firsts, bots, staff, plain, known, reach, changed_at)
     select m.id, current_date - back, 'source' || s, (array['en','de','nl','sv'])[l], (array['positive','neutral','negative',''])[d], (array['de','nl',''])[c],
       each, each - each / 10, each / 20, 0, each - each / 8, each, each * 300, now()
     from (select id, name = 'Monitor 1' as large, case name when 'Monitor 1' then 23 else 8 end as each from monitor where query like 'word%') m,
       generate_series(0, ${2 * days}) back, generate_series(1, 5) s, generate_series(1, 4) l, generate_series(1, 4) d, generate_series(1, 3) c
     where m.large or (s * 7 + l * 5 + d * 3 + c + back) % 8 = 0`,
  )
  await client.query(
    `insert into mention_tally (monitor, hour, source, language, mood, n, firsts, bots, staff, plain, known, reach, changed_at)
     select m.id, date_trunc('hour', now(), 'UTC') - back * interval '1 hour', 'source' || s, 'en', (array['positive','neutral','negative'])[d], 3, 3, 0, 0, 3, 3, 900, now()
     from (select id, name = 'Monitor 1' as large from monitor where query like 'word%') m, generate_series(0, ${92 * 24}) back, generate_series(1, 5) s, generate_series(1, 3) d
     where m.large or (s + d + back) % 6 = 0`,
  )
  // Of the twenty-eight that are looked at as many terms as are ever kept: 200 of each day up to a hundred days back, 70 of those before.
  const watched = `m.query like 'word%' and m.id <= '00000000-0000-7000-8000-000000000028'`
  await client.query(
    `insert into sounding_term (monitor, day, term, n, plain, positive, negative)
     select m.id, current_date - back, 'term' || (nth * 7 + (back / 9) * (nth % 5)) % 900 || case when nth > 120 then ' more' else '' end, max(1 + 300 / nth), max(1 + 250 / nth), max(30 / nth), max(20 / nth)
     from monitor m, generate_series(0, ${2 * days}) back, generate_series(1, 200) nth
     where ${watched} and nth <= case when back <= 100 then 200 else 70 end group by 1, 2, 3`,
  )
  await client.query(
    `insert into sounding_voice (monitor, day, source, author, n, plain, positive, negative, followers)
     select m.id, current_date - back, 'source1', 'author' || (nth * 13 + back) % 700, 2, 2, 1, 0, nth * 10
     from monitor m, generate_series(0, ${days}) back, generate_series(1, 60) nth where ${watched} group by 1, 2, 3, 4, 9 on conflict do nothing`,
  )
  await client.query(
    `insert into sounding_counted (monitor, day, n, plain, counted_at)
     select m.id, current_date - back, 500, 450, now() from monitor m, generate_series(0, ${2 * days}) back where m.query like 'word%'`,
  )
  await client.query(`alter table mention_day enable trigger user`)
  await client.query(`analyze mention_day, mention_tally, sounding_term, sounding_voice, sounding_counted, monitor`)
  const { rows } = await client.query<{ id: string }>(`select id from monitor where query like 'word%' order by id`)
  return { market, large: rows[0]!.id, small: rows.slice(8, 28).map(each => each.id) }
}

/** The world stays for other benches as it was. */
async function clear(client: pg.Client): Promise<void> {
  await client.query(`truncate mention_day, mention_tally, sounding_term, sounding_voice, sounding_counted, sounding_due`)
  await client.query(`delete from monitor where query like 'word%'`)
  await client.query(`delete from market where name = 'Bench'`)
}

async function timed(server: Server, cookie: string, paths: string[]): Promise<number[]> {
  return timesOf({ url: server.url, cookie, paths, atOnce: 1, requests: paths.length })
}

async function measured(server: Server, client: pg.Client): Promise<Figure[]> {
  const cookie = await signIn(server)
  const { rows } = await client.query<{ org: string }>(`select org::text from membership group by org order by count(*) desc limit 1`)
  await client.query(`select set_config('trefoil.org', $1, false)`, [rows[0]!.org])
  await clear(client)
  const { large, small, market } = await fill(client)
  const { rows: sums } = await client.query<{ n: string }>(`select sum(n) as n from mention_day where day > current_date - ${days}`)
  const kinds = {
    // Each address once: what is remembered for a moment is not what is measured.
    'an ordinary month': small.flatMap(id => pictures.map(each => `/soundings/${each}?monitors=${id}&days=30`)),
    'a year of a tenth of all': pictures.flatMap(each =>
      ['before', 'year'].map(against => `/soundings/${each}?monitors=${large}&days=365&against=${against}`),
    ),
    'a year of eight brands': pictures.flatMap(each =>
      ['', '&everything=on'].map(how => `/soundings/${each}?market=${market}&days=365${how}`),
    ),
  }
  for (const paths of Object.values(kinds)) await timed(server, cookie, paths)
  const before = await scansOf(client)
  const figures: Figure[] = []
  for (const [name, paths] of Object.entries(kinds)) {
    const all: number[][] = []
    for (let round = 0; round < rounds; round++) {
      all.push(
        await timed(
          server,
          cookie,
          paths.map(each => `${each}&until=${dayBefore(round)}`),
        ),
      )
    }
    figures.push(...figuresOf(name, paths, all))
  }
  const scanned = [...(await scansOf(client))].filter(([name, count]) => count > (before.get(name) ?? 0)).map(([name]) => name)
  figures.push({ name: 'soundings.scans', unit: 'large tables read from end to end', value: scanned.length, baseline: { what: 'none', value: 1 }, goal: { most: 0 }, runs: [scanned.length], more: { scanned, mentions: Number(sums[0]!.n) } }) // biome-ignore format: one figure
  return figures
}

/** Another day in each round, so that nothing is remembered from the one before. */
const dayBefore = (round: number): string => new Date(Date.now() - (round + 1) * 86_400_000).toISOString().slice(0, 10)

const goals: Record<string, number> = { 'an ordinary month': 60 }

function figuresOf(name: string, paths: string[], all: number[][]): Figure[] {
  const slowest = paths[all[0]!.indexOf(Math.max(...all[0]!))]
  return [0.5, 0.99].map(share => ({
    name: `soundings: ${name}, p${share * 100}`,
    unit: 'ms',
    value: median(all.map(times => percentile(times, share))),
    baseline: { what: 'what a person may wait for a trend of a year', value: 1000 },
    goal: { most: goals[name] ?? 1000 },
    runs: all.map(times => percentile(times, share)),
    more: { pages: paths.length, slowest },
  }))
}

export const bench: Bench = {
  says: 'Dashboards of listening over the counts of 10,000,000 mentions: a month, a year, a year of eight brands',
  run: async () => {
    const server = await startServer(await worldOf(10_000))
    const client = new pg.Client({ connectionString: server.ownerUrl })
    await client.connect()
    try {
      return await measured(server, client)
    } finally {
      await clear(client)
      await client.end()
      await server.stop()
    }
  },
}
