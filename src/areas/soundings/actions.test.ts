import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { setClock } from '#kernel/clock.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import * as soundings from './actions.ts'
import { commonest, termsOf } from './rules.ts'
import { listen, type Said, say } from './testing.ts'

const house = await testHouse()
const today = '2026-03-31'
setClock(() => new Date(`${today}T12:00:00Z`))
after(() => setClock())

const on = (day: number, hour = 9): Date => new Date(Date.UTC(2026, 2, day, hour))

async function desk() {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent')
  const system = <T>(run: (ctx: Ctx) => Promise<T>) => asSystem(org, run)
  const as = <T>(run: (ctx: Ctx) => Promise<T>, who: Actor = agent) => house.as(org, who, run)
  return { org, agent, system, as, counted: () => system(ctx => soundings.countDue(ctx, { all: true })) }
}

const rows = async <T>(ctx: Ctx, query: ReturnType<typeof sql<T>>): Promise<T[]> => (await query.execute(ctx.db)).rows

interface Heard extends Required<Pick<Said, 'at' | 'text' | 'mood' | 'author'>> {
  id: string
  monitor: string
  plain: boolean
  followers: number | null
}

/** What stands in the mentions, read one by one. */
const heardIn = (ctx: Ctx): Promise<Heard[]> =>
  rows(
    ctx,
    sql<Heard>`select f.monitor, m.id, m.at, m.text, m.mood, m.author, m.followers::float8 as followers,
      coalesce(m.alike, m.id) = m.id and coalesce(m.bot < 0.5, true) and coalesce(m.spam < 0.5, true) and not m.staff as plain
      from mention_fit f join monitor_mention m on m.id = f.mention where f.aside_at is null`,
  )

/** The terms of each monitor and day, counted in the plainest way. */
function termsIn(heard: readonly Heard[]): unknown[] {
  const days = Map.groupBy(heard, each => `${each.monitor} ${each.at.toISOString().slice(0, 10)}`)
  return [...days].flatMap(([key, those]) => {
    const found = new Map<string, { term: string; n: number; plain: number; positive: number; negative: number }>()
    for (const each of those)
      for (const term of termsOf(each.text!, 'en')) {
        const row = found.get(term) ?? { term, n: 0, plain: 0, positive: 0, negative: 0 }
        found.set(term, row)
        row.n++
        if (each.plain) row.plain++
        if (each.plain && each.mood === 'positive') row.positive++
        if (each.plain && each.mood === 'negative') row.negative++
      }
    return commonest([...found.values()]).map(each => JSON.stringify([key, ...Object.values(each)]))
  })
}

test('terms and voices of every day are what a count of the mentions says, after random additions, corrections and removals', async () => {
  const it = await desk()
  let seed = 7
  const random = (most: number) => (seed = (seed * 48_271) % 2_147_483_647) % most
  const words = ['battery', 'lamp', 'broken', 'refund', 'delivery', 'late', 'great', 'colour', 'price', 'shop']
  const moods = ['positive', 'neutral', 'negative', null] as const
  const monitors = await it.system(async ctx => [await listen(ctx, { name: 'Kvist' }), await listen(ctx, { name: 'Lampan' })])
  const known: string[] = []
  const add = (ctx: Ctx) =>
    say(ctx, random(3) ? [monitors[random(2)]!] : monitors, {
      at: on(20 + random(10), random(24)),
      text: Array.from({ length: 2 + random(6) }, () => words[random(words.length)]).join(' '),
      mood: moods[random(4)]!,
      author: random(5) ? `a${random(8)}` : null,
      followers: random(2) ? random(1000) : null,
      bot: random(6) ? null : 0.9,
      staff: random(9) === 0,
      alike: random(5) || known.length === 0 ? null : known[random(known.length)]!,
    })
  for (let round = 0; round < 4; round++) {
    await it.system(async ctx => {
      for (let nth = 0; nth < 60; nth++) known.push(await add(ctx))
      for (let nth = 0; nth < 15; nth++) {
        const one = known[random(known.length)]!
        if (nth % 5 === 0) await sql`delete from monitor_mention where id = ${one}`.execute(ctx.db)
        if (nth % 5 === 1) await sql`update monitor_mention set mood = 'negative' where id = ${one}`.execute(ctx.db)
        if (nth % 5 === 2) await sql`update mention_fit set aside_at = ${ctx.now} where mention = ${one}`.execute(ctx.db)
        if (nth % 5 === 3) await sql`update monitor_mention set spam = 0.9 where id = ${one}`.execute(ctx.db)
        if (nth % 5 === 4) await sql`update monitor_mention set text = 'lamp repaired at last' where id = ${one}`.execute(ctx.db)
      }
    })
    await it.counted()
    await it.system(async ctx => {
      const heard = await heardIn(ctx)
      const kept = await rows(
        ctx,
        sql<Record<string, unknown>>`select monitor || ' ' || day as key, term, n, plain, positive, negative from sounding_term`,
      )
      assert.deepEqual(kept.map(each => JSON.stringify(Object.values(each))).sort(), termsIn(heard).sort())
      const voices = await rows(ctx, sql<{ monitor: string; author: string; n: number; plain: number }>`select monitor, author, sum(n)::int as n, sum(plain)::int as plain from sounding_voice group by 1, 2`) // biome-ignore format: one line
      const spoke = Map.groupBy(heard.filter(each => each.author), each => `${each.monitor} ${each.author}`) // biome-ignore format: one line
      const wanted = [...spoke].map(([key, those]) => `${key} ${those.length} ${those.filter(each => each.plain).length}`)
      assert.deepEqual(voices.map(each => `${each.monitor} ${each.author} ${each.n} ${each.plain}`).sort(), wanted.sort())
      assert.deepEqual(await rows(ctx, sql`select * from sounding_due`), [])
      for (const everything of [false, true]) {
        const { total } = await soundings.look(ctx, { monitors: monitors.join(','), days: 30, everything })
        const those = heard.filter(each => everything || each.plain)
        const of = (mood: string | null) => those.filter(each => each.mood === mood).length
        assert.deepEqual(
          [total.n, total.all, total.positive, total.negative, total.neutral, total.unknown],
          [those.length, heard.length, of('positive'), of('negative'), of('neutral'), of(null)],
        )
      }
    })
  }
})

test('a look says volume, share of voice and both moods, beside the time before; near-duplicates, programs and our own staff stand apart', async () => {
  const it = await desk()
  const [ours, theirs] = await it.system(async ctx => {
    const monitors = [await listen(ctx, { name: 'Kvist' }), await listen(ctx, { name: 'Rival', kind: 'competitor', ours: false })] as const
    for (const mood of ['positive', 'positive', 'positive', 'negative', 'neutral'] as const) await say(ctx, [monitors[0]], { at: on(30), mood, followers: 100, country: 'se' }) // biome-ignore format: one line
    const first = await say(ctx, [monitors[0]], { at: on(29), mood: 'neutral' })
    await say(ctx, [monitors[0]], { at: on(29), mood: 'positive', alike: first })
    await say(ctx, [monitors[0]], { at: on(29), mood: 'positive', bot: 0.9 })
    await say(ctx, [monitors[0]], { at: on(29), mood: 'positive', staff: true })
    for (let nth = 0; nth < 2; nth++) await say(ctx, [monitors[1]], { at: on(28), mood: 'negative' })
    await say(ctx, [monitors[0]], { at: on(20), mood: 'negative' })
    return monitors
  })
  const look = await it.as(ctx => soundings.look(ctx, { monitors: `${theirs},${ours}`, days: 7 }))
  assert.deepEqual(look.monitors.map(each => [each.name, each.sum.n, each.before.n]), [['Kvist', 6, 1], ['Rival', 2, 0]]) // biome-ignore format: one line
  assert.equal(look.sov, 0.75)
  const { sum } = look.monitors[0]!
  assert.deepEqual([sum.all, sum.duplicates, sum.bots, sum.staff, sum.reach, sum.reachKnown], [9, 1, 1, 1, 500, 5])
  assert.ok(Math.abs(sum.net! - 2 / 6) < 1e-9 && Math.abs(sum.nsr! - 2 / 4) < 1e-9)
  assert.equal(look.trend.length, 7)
  assert.deepEqual(look.trend.map(each => each.n), [0, 0, 0, 2, 1, 5, 0]) // biome-ignore format: one line
  assert.deepEqual(look.countries.find(each => each.part === 'se')?.n, 5)
  const all = await it.as(ctx => soundings.look(ctx, { monitors: ours, days: 7, everything: true }))
  assert.deepEqual([all.total.n, all.sov], [9, null])
  const { hours } = await it.as(ctx => soundings.hours(ctx, { monitors: ours, days: 7 }))
  // Monday the 30th, 9:00 UTC is 11:00 in Berlin, whose clock went forward the day before; on that Sunday it is 11:00 too.
  assert.deepEqual([hours[11], hours[6 * 24 + 11], hours.reduce((sum, n) => sum + n, 0)], [5, 1, 6])
  await assert.rejects(
    it.as(ctx => soundings.look(ctx, { monitors: newId(), days: 7 })),
    { code: 'notFound' },
  )
  await assert.rejects(
    it.as(ctx => soundings.look(ctx, { monitors: 'x', days: 7 })),
    { code: 'invalid' },
  )
  const other = await house.member(it.org, 'member')
  await assert.rejects(
    it.as(ctx => soundings.look(ctx, { monitors: ours, days: 7 }), other),
    { code: 'forbidden' },
  )
  const elsewhere = await desk()
  await assert.rejects(
    elsewhere.as(ctx => soundings.look(ctx, { monitors: ours, days: 7 })),
    { code: 'notFound' },
  )
})

test('what rises is told against the time before, with its phrases, and what made the difference', async () => {
  const it = await desk()
  const monitor = await it.system(async ctx => {
    const one = await listen(ctx, { name: 'Kvist' })
    for (let nth = 0; nth < 40; nth++) await say(ctx, [one], { at: on(1 + (nth % 20)), text: `Kvist delivery ${nth % 2 ? 'fast' : 'slow'}`, mood: 'neutral', author: 'ann' }) // biome-ignore format: one line
    for (let nth = 0; nth < 12; nth++) await say(ctx, [one], { at: on(26 + (nth % 5)), text: 'Kvist battery recall again', mood: 'negative', source: 'forum', author: `b${nth}`, followers: nth }) // biome-ignore format: one line
    for (let nth = 0; nth < 20; nth++) await say(ctx, [one], { at: on(27), text: 'Kvist delivery fast', mood: 'neutral', author: 'ann' })
    return one
  })
  await it.counted()
  const found = await it.as(ctx => soundings.topics(ctx, { monitors: monitor, days: 7 }))
  assert.deepEqual([found.read, found.readBefore], [32, 40])
  assert.deepEqual(found.rising.map(each => each.term), ['battery recall']) // biome-ignore format: one line
  assert.equal(found.rising[0]!.negative, 12)
  const drivers = (by: 'source' | 'term' | 'voice', of: 'n' | 'mood' = 'n') => it.as(ctx => soundings.drivers(ctx, { monitors: monitor, days: 7, by, of })) // biome-ignore format: one line
  const bySource = await drivers('source')
  assert.deepEqual(bySource.items.map(each => [each.part, each.difference]), [['feed', 14], ['forum', 12]]) // biome-ignore format: one line
  assert.deepEqual((await drivers('source', 'mood')).items.map(each => each.part), ['forum']) // biome-ignore format: one line
  assert.equal((await drivers('voice')).items[0]!.part, 'ann')
  const one = await it.as(ctx => soundings.oneTerm(ctx, { monitors: monitor, days: 7, term: 'Recall' }))
  assert.deepEqual([one.n, one.before, one.phrases.map(each => each.term)], [12, 0, ['battery recall']])
  const loud = await it.as(ctx => soundings.voices(ctx, { monitors: monitor, days: 7 }))
  assert.deepEqual([loud.items[0]!.author, loud.items[0]!.n], ['ann', 20])
  const heard = await it.as(ctx => soundings.voices(ctx, { monitors: monitor, days: 7, by: 'reach' }))
  assert.deepEqual([heard.items[0]!.author, heard.items[0]!.followers], ['b11', 11])
})

test('of all mentions of a topic, how many speak of each brand of its market', async () => {
  const it = await desk()
  const market = newId()
  await it.system(async ctx => {
    await sql`insert into market (id, name, made_at) values (${market}, 'Lamps', ${ctx.now})`.execute(ctx.db)
    const [ours, theirs] = [
      await listen(ctx, { name: 'Kvist', market }),
      await listen(ctx, { name: 'Rival', kind: 'competitor', ours: false, market }),
    ]
    const topic = await listen(ctx, { name: 'Repair', kind: 'topic', ours: false, market })
    for (const fits of [[topic], [topic, ours], [topic, ours], [topic, theirs], [ours], [topic, ours, theirs]])
      await say(ctx, fits, { at: on(30) })
  })
  await it.counted()
  const { items } = await it.as(ctx => soundings.conversation(ctx, { market, days: 7 }))
  assert.deepEqual(items[0]!.brands.map(each => [each.name, each.n, each.share]), [['Kvist', 3, 0.6], ['Rival', 2, 0.4]]) // biome-ignore format: one line
})

test('how sure the mood is, is told from ten labels on that colleagues looked at', async () => {
  const it = await desk()
  assert.deepEqual(await it.as(ctx => soundings.accuracy(ctx, {})), { all: { checked: 0, share: null, interval: null }, languages: [] })
  await it.system(async ctx => {
    const one = await listen(ctx, { name: 'Kvist' })
    for (let nth = 0; nth < 12; nth++) {
      const id = await say(ctx, [one], { at: on(30), mood: 'neutral' })
      await sql`update monitor_mention set mood = ${nth < 3 ? 'negative' : 'neutral'}, mood_by = ${newId()}, mood_at = ${ctx.now} where id = ${id}`.execute(ctx.db) // biome-ignore format: one line
    }
  })
  const { all, languages } = await it.as(ctx => soundings.accuracy(ctx, {}))
  assert.deepEqual([all.checked, all.share, languages[0]!.language], [12, 0.75, 'en'])
  assert.ok(all.interval!.low < 0.75 && all.interval!.high > 0.75)
})

test('a day with very many mentions is read as an even sample, and its terms stay few', async () => {
  const it = await desk()
  const monitor = await it.system(async ctx => {
    const one = await listen(ctx, { name: 'Kvist' })
    await sql`insert into monitor_mention (id, once, at, heard_at, source, kind, text, language)
      select overlay(first_id_at(${on(30)}::timestamptz)::text placing substr(gen_random_uuid()::text, 16) from 16)::uuid, nth::text, ${on(30)}, ${on(30)}, 'feed', 'post',
        'lamp w' || nth % 400 || 'x broken', 'en' from generate_series(1, 1200) as nth`.execute(ctx.db)
    await sql`insert into mention_fit (monitor, at, mention) select ${one}::uuid, at, id from monitor_mention`.execute(ctx.db)
    return one
  })
  await it.system(ctx => soundings.countDue(ctx, { all: true, most: 500 }))
  const { read } = await it.as(ctx => soundings.topics(ctx, { monitors: monitor, days: 7 }))
  assert.ok(read > 400 && read < 600, String(read))
  const [{ n }] = (await it.system(ctx => rows(ctx, sql<{ n: number }>`select count(*)::int as n from sounding_term`))) as [{ n: number }]
  assert.ok(n <= 200, String(n))
})

test('a selection is saved, found by its name, removed and brought back', async () => {
  const it = await desk()
  const monitor = await it.system(ctx => listen(ctx, { name: 'Kvist' }))
  const { selection } = await it.as(ctx => soundings.save(ctx, { name: 'Mornings', monitors: monitor, days: 90, everything: true }))
  const names = async () => (await it.as(ctx => soundings.selections(ctx, {}))).items.map(each => each.name)
  assert.deepEqual(await names(), ['Mornings'])
  await it.as(ctx => soundings.remove(ctx, { selection }))
  assert.deepEqual(await names(), [])
  assert.equal(await it.as(ctx => soundings.selectionOf(ctx, selection)), undefined)
  await it.as(ctx => soundings.bringBack(ctx, { selection }))
  assert.deepEqual(await names(), ['Mornings'])
  assert.deepEqual(await house.happened(it.org), ['Create:Selection', 'Remove:Selection', 'Add:Selection'])
  await assert.rejects(
    it.as(ctx => soundings.save(ctx, { name: 'x', monitors: newId(), days: 7 })),
    { code: 'notFound' },
  )
})
