import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'

const house = await testHouse()

const tallies = async (ctx: Ctx) =>
  (
    await sql<Record<string, unknown>>`
      select mood, n, firsts, bots, staff, known, reach from mention_tally where n <> 0 order by mood`.execute(ctx.db)
  ).rows
const days = async (ctx: Ctx) =>
  (
    await sql<Record<string, unknown>>`select day::text, country, mood, n from mention_day where n <> 0 order by country, mood`.execute(
      ctx.db,
    )
  ).rows

test('what is counted follows every insert, correction, setting aside and removal', async () => {
  const org = await house.organisation()
  const [monitor, at] = [newId(), new Date('2026-03-04T05:06:07Z')]
  const [first, second] = [newId(at), newId(at)]
  await house.as(org, 'agent', async ctx => {
    await sql`insert into monitor_mention (id, once, at, heard_at, source, kind, text, mood, country, followers, alike, bot)
      values (${first}, 'a', ${at}, ${at}, 'feed', 'post', 'Hello', 'neutral', 'de', 100, null, null),
        (${second}, 'b', ${at}, ${at}, 'feed', 'share', 'Hello', 'neutral', 'se', 50, ${first}, 0.9)`.execute(ctx.db)
    await sql`insert into mention_fit (monitor, at, mention, mood) values (${monitor}, ${at}, ${first}, 'neutral'), (${monitor}, ${at}, ${second}, 'neutral')`.execute(
      ctx.db,
    )
    const row = { firsts: 1, bots: 1, staff: 0, known: 1, reach: 100 }
    assert.deepEqual(await tallies(ctx), [{ mood: 'neutral', n: 2, ...row }])
    await sql`update monitor_mention set mood = 'negative' where id = ${first}`.execute(ctx.db)
    assert.deepEqual(await tallies(ctx), [
      { mood: 'negative', n: 1, ...row, bots: 0 },
      { mood: 'neutral', n: 1, firsts: 0, bots: 1, staff: 0, known: 0, reach: 0 },
    ])
    assert.deepEqual(await days(ctx), [
      { day: '2026-03-04', country: 'de', mood: 'negative', n: 1 },
      { day: '2026-03-04', country: 'se', mood: 'neutral', n: 1 },
    ])
    await sql`update mention_fit set aside_at = ${at} where mention = ${first}`.execute(ctx.db)
    assert.deepEqual(
      (await tallies(ctx)).map(each => each.mood),
      ['neutral'],
    )
    await sql`update mention_fit set aside_at = null where mention = ${first}`.execute(ctx.db)
    const { rows } = await sql`select mood from mention_fit where mention = ${first}`.execute(ctx.db)
    assert.deepEqual(rows, [{ mood: 'negative' }])
    await sql`delete from monitor_mention where id in (${first}, ${second})`.execute(ctx.db)
    assert.deepEqual(await tallies(ctx), [])
    assert.deepEqual((await sql`select mention from mention_fit`.execute(ctx.db)).rows, [])
  })
})
