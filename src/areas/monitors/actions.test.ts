import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { deskIn, letter } from '#areas/crm/testing.ts'
import { now } from '#kernel/clock.ts'
import type { Ctx } from '#kernel/context.ts'
import type { Refusal } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { record } from '#social/activities/actions.ts'
import { makePersonal } from '#social/channels/actions.ts'
import { takeInForGood } from '#social/intake/actions.ts'
import { MadePersonal } from '#social/mailboxes/words.ts'
import { note } from '#social/threads/actions.ts'
import * as monitors from './actions.ts'
import type { Heard } from './words.ts'

const house = await testHouse()

const tallies = async (ctx: Ctx) =>
  (
    await sql<Record<string, unknown>>`
      select mood, n, firsts, bots, staff, plain, known, reach from mention_tally where n <> 0 order by mood`.execute(ctx.db)
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
    const row = { firsts: 1, bots: 1, staff: 0, plain: 1, known: 1, reach: 100 }
    assert.deepEqual(await tallies(ctx), [{ mood: 'neutral', n: 2, ...row }])
    await sql`update monitor_mention set mood = 'negative' where id = ${first}`.execute(ctx.db)
    assert.deepEqual(await tallies(ctx), [
      { mood: 'negative', n: 1, ...row, bots: 0 },
      { mood: 'neutral', n: 1, firsts: 0, bots: 1, staff: 0, plain: 0, known: 0, reach: 0 },
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

// —— monitors ——

const desks = deskIn(house)
const about = { name: 'Nordlicht', query: 'nordlicht -sky' }
const post = (text: string, more: Partial<Heard> = {}): Heard => ({ remoteId: newId(), at: now(), text, author: '@ann', ...more })

const texts = async (it: { org: string }, more: Record<string, unknown> = {}) =>
  (await house.as(it.org, 'agent', ctx => monitors.mentions(ctx, more))).items.map(each => each.text)
const heard = (it: { org: string }, ...posts: Heard[]) => house.as(it.org, 'owner', ctx => monitors.take(ctx, 'feed', posts))
const made = (it: { org: string }, more: Record<string, unknown> = {}) =>
  house.as(it.org, 'manager', ctx => monitors.make(ctx, { ...about, lookBack: 0, ...more })).then(each => each.monitor)
const total = async (it: { org: string }, monitor: string) =>
  house.as(it.org, 'owner', async ctx => {
    const { rows } = await sql<{ n: number }>`select coalesce(sum(n), 0) as n from mention_tally where monitor = ${monitor}`.execute(ctx.db)
    return Number(rows[0]!.n)
  })

test('a monitor is made, changed, rests and goes into the archive, each told once; agents only look', async () => {
  const org = await house.organisation()
  const it = { org }
  const monitor = await made(it, { market: 'Lamps' })
  const other = await made(it, { name: 'Solveig', query: 'solveig', market: 'lamps' })
  assert.deepEqual(await house.happened(org), ['Create:Market', 'Create:Monitor', 'Create:Monitor'])
  const { items } = await house.as(org, 'agent', ctx => monitors.list(ctx, {}))
  assert.deepEqual(
    items.map(each => [each.name, each.market === items[0]!.market, each.lately]),
    [
      ['Nordlicht', true, [0, 0, 0, 0, 0, 0, 0]],
      ['Solveig', true, [0, 0, 0, 0, 0, 0, 0]],
    ],
  )
  await house.as(org, 'manager', ctx => monitors.change(ctx, { monitor, ...about, name: 'North', lookBack: 0 }))
  await house.as(org, 'manager', ctx => monitors.pause(ctx, { monitor: other }))
  await house.as(org, 'manager', ctx => monitors.pause(ctx, { monitor: other }))
  assert.equal(await heard(it, post('solveig'), post('nordlicht')), 1)
  await house.as(org, 'manager', ctx => monitors.goOn(ctx, { monitor: other }))
  assert.equal(await heard(it, post('solveig')), 1)
  await house.as(org, 'manager', ctx => monitors.archive(ctx, { monitor: other }))
  assert.equal(await heard(it, post('solveig')), 0)
  assert.deepEqual((await house.happened(org)).slice(3), ['Update:Monitor', 'Leave:Monitor', 'Join:Monitor', 'Remove:Monitor'])
  await assert.rejects(
    house.as(org, 'agent', ctx => monitors.make(ctx, about)),
    { code: 'forbidden' },
  )
  await assert.rejects(
    house.as(org, 'member', ctx => monitors.list(ctx, {})),
    { code: 'forbidden' },
  )
  assert.deepEqual(await texts({ org: await house.organisation() }), [])
})

test('a query that cannot be read, asks for too much or for everything is refused at its field, and leaves no trace', async () => {
  const org = await house.organisation()
  const bad = {
    '"open': 'matching.quotes',
    '(a': 'matching.open',
    'lang:de': 'matching.everything',
    '-lamp': 'matching.everything',
    [`${'('.repeat(1000)}a${')'.repeat(1000)}`]: 'matching.tooDeep',
    [Array.from({ length: 10_000 }, (_, at) => `w${at}`)
      .join(' ')
      .slice(0, 20_000)]: 'matching.tooMany',
  }
  for (const [query, key] of Object.entries(bad))
    await assert.rejects(
      house.as(org, 'manager', ctx => monitors.make(ctx, { ...about, query })),
      (error: Refusal) => error.key === key && error.fields[0]?.field === 'query',
      key,
    )
  await assert.rejects(
    house.as(org, 'manager', ctx => monitors.make(ctx, { ...about, query: 'x'.repeat(20_001) })),
    { code: 'invalid' },
  )
  assert.deepEqual(await house.happened(org), [])
})

test('a post is kept once, for every monitor that it fits; whatever it is made of, and whenever it says it was written', async () => {
  const org = await house.organisation()
  const it = { org }
  const [one, two] = [await made(it), await made(it, { name: 'Lamps', query: 'lamp* lang:de' })]
  const odd = [
    post('nordlicht lampe, und das ist eine gute Lampe für den Winter', { remoteId: 'a' }),
    post('nordlicht lampe, und das ist eine gute Lampe für den Winter', { remoteId: 'a' }),
    post('nordlicht in the night sky', { remoteId: 'b' }),
    post(`nordlicht ${'a '.repeat(500_000)}`, { remoteId: 'c', at: new Date('1999-01-01') }),
    post('😀'.repeat(10_000), { remoteId: 'd' }),
    post('\u202eNordlicht\u2066 مرحبا \0\u0007', { remoteId: 'e', at: new Date(Number.NaN), author: 'x'.repeat(5000) }),
    post('nordlicht', { remoteId: 'f', at: new Date('2999-01-01') }),
    post('the lamp was broken when it came and nobody answers me', { remoteId: 'g' }),
  ]
  assert.equal(await heard(it, ...odd), 4)
  assert.equal(await heard(it, ...odd), 0)
  assert.deepEqual([await total(it, one), await total(it, two)], [4, 1])
  const { items } = await house.as(org, 'agent', ctx => monitors.list(ctx, {}))
  assert.deepEqual(
    items.map(each => [each.name, each.lately.at(-1)]),
    [
      ['Lamps', 1],
      ['Nordlicht', 3],
    ],
  )
  const kept = await texts(it, { monitor: one })
  assert.deepEqual(kept.map(each => each.slice(0, 10)).sort(), ['nordlicht', 'nordlicht ', 'nordlicht ', '\u202eNordlicht'].sort())
  assert.ok(kept.every(each => each.length <= 20_000))
})

test('what a writer changes or takes back changes with them, and what was corrected stays corrected', async () => {
  const org = await house.organisation()
  const it = { org }
  const monitor = await made(it)
  await heard(it, post('nordlicht is fine', { remoteId: 'a' }), post('nordlicht too', { remoteId: 'b' }))
  const id = (await house.as(org, 'agent', ctx => monitors.mentions(ctx, {}))).items.find(each => each.remoteId === 'a')!.id
  await house.as(org, 'agent', ctx => monitors.correct(ctx, { mention: id, mood: 'negative' }))
  await house.as(org, 'owner', ctx =>
    monitors.takeAnew(ctx, 'feed', [post('nordlicht is bad', { remoteId: 'a' }), post('nothing', { remoteId: 'b' })]),
  )
  assert.deepEqual(await texts(it), ['nordlicht is bad'])
  assert.equal((await house.as(org, 'agent', ctx => monitors.mention(ctx, { mention: id }))).mention.mood, 'negative')
  assert.deepEqual(await texts(it, { monitor, mood: 'negative' }), ['nordlicht is bad'])
  await house.as(org, 'owner', ctx => monitors.takeOut(ctx, 'feed', ['a']))
  assert.deepEqual([await texts(it), await total(it, monitor)], [[], 0])
})

test('what is said to a shared account is heard; notes, answers and what is one colleague’s own are not', async () => {
  const it = await desks.desk()
  await made(it)
  const thread = await desks.hears(it, { text: 'my nordlicht is broken' })
  await desks.hears(it, { text: 'something else' })
  await desks.as(it, it.anna, ctx => note(ctx, { thread: thread.thread, text: 'nordlicht again' }))
  await house.settle()
  assert.deepEqual(
    (await texts(it)).map(each => each.split('\n').at(-1)),
    ['my nordlicht is broken'],
  )
  const { items } = await house.as(it.org, 'agent', ctx => monitors.mentions(ctx, {}))
  assert.deepEqual([items[0]!.thread, items[0]!.source, items[0]!.authorName], [thread.thread, 'post', 'Carla Diaz'])
  await desks.as(it, it.owner, ctx => makePersonal(ctx, it.account, it.anna.person))
  await desks.as(it, it.owner, async ctx => record(ctx, MadePersonal, { object: it.account, target: it.anna.person! }))
  await takeInForGood(it.org, { channel: 'post', account: it.account }, [letter({ text: 'a secret nordlicht' })], async () => {})
  await house.settle()
  assert.deepEqual(await texts(it), [])
})

test('a look back finds what was there before, loses what no longer fits, and can be stopped', async () => {
  const it = await desks.desk()
  await desks.hear(it, [{ text: 'my nordlicht is broken' }, { text: 'the nordlicht lamp' }, { text: 'other' }])
  const monitor = await made(it, { lookBack: 30 })
  await house.settle()
  const { look } = await house.as(it.org, 'agent', ctx => monitors.one(ctx, { monitor }))
  assert.deepEqual([look?.endedBy, look?.found, look?.lost, look?.share], ['done', 2, 0, 1])
  const lamps = await made(it, { name: 'Lamps', query: 'lamp', lookBack: 30 })
  await house.settle()
  assert.equal(await total(it, lamps), 1)
  await house.as(it.org, 'manager', ctx => monitors.leaveOut(ctx, { monitor, word: 'broken' }))
  await house.settle()
  assert.equal(await total(it, monitor), 1)
  await house.as(it.org, 'manager', ctx => monitors.requery(ctx, { monitor, query: 'other' }))
  await house.as(it.org, 'manager', ctx => monitors.stop(ctx, { monitor }))
  await house.settle()
  const stopped = await house.as(it.org, 'agent', ctx => monitors.one(ctx, { monitor }))
  assert.equal(stopped.look?.endedBy, 'cancelled')
})

test('one key corrects a mood, beside the machine’s own, and takes it back', async () => {
  const org = await house.organisation()
  const it = { org }
  await made(it)
  await heard(it, post('nordlicht'))
  const [mention] = (await house.as(org, 'agent', ctx => monitors.mentions(ctx, {}))).items.map(each => each.id) as [string]
  const said = (mood: 'negative' | 'positive' | 'machine') => house.as(org, 'agent', ctx => monitors.correct(ctx, { mention, mood }))
  assert.equal((await said('negative')).was, 'machine')
  assert.equal((await said('positive')).was, 'negative')
  const checked = () =>
    house.as(org, 'owner', async ctx => (await sql`select said, checked from mention_mood_checked`.execute(ctx.db)).rows)
  assert.deepEqual(await checked(), [{ said: 'neutral', checked: 'positive' }])
  await said('machine')
  assert.deepEqual(await checked(), [])
})

test('what is set aside is not counted, and teaches the query which word to leave out', async () => {
  const org = await house.organisation()
  const it = { org }
  const monitor = await made(it, { query: 'nordlicht' })
  await heard(
    it,
    ...['nordlicht aurora', 'nordlicht aurora tonight', 'nordlicht lamp', 'nordlicht lamp broken', 'nordlicht shop'].map(text =>
      post(text),
    ),
  )
  const all = (await house.as(org, 'agent', ctx => monitors.mentions(ctx, { monitor }))).items
  const noise = all.filter(each => each.text.includes('aurora')).map(each => each.id)
  await house.as(org, 'agent', ctx => monitors.aside(ctx, { mentions: noise, monitor }))
  assert.equal(await total(it, monitor), 3)
  assert.equal((await texts(it)).length, 3)
  assert.equal((await texts(it, { monitor, aside: true })).length, 2)
  const found = await house.as(org, 'manager', ctx => monitors.noise(ctx, { monitor }))
  assert.deepEqual(found.suggestions[0], { word: 'aurora', goes: 2, lost: 0 })
  assert.deepEqual([found.query, found.effect?.goes, found.effect?.lost, found.effect?.of], ['nordlicht -aurora', 2, 0, 5])
  const asked = await house.as(org, 'manager', ctx => monitors.noise(ctx, { monitor, word: 'lamp' }))
  assert.deepEqual([asked.effect?.goes, asked.effect?.lost], [0, 2])
  await house.as(org, 'agent', ctx => monitors.keep(ctx, { mentions: [noise[0]!], monitor }))
  assert.equal(await total(it, monitor), 4)
})

test('a query is tried on what is stored, and on a text, with its reasons', async () => {
  const org = await house.organisation()
  const it = { org }
  await made(it)
  await heard(it, post('nordlicht lamp'), post('nordlicht shop'))
  const tried = await house.as(org, 'agent', ctx => monitors.preview(ctx, { query: 'lamp' }))
  assert.deepEqual([tried.over, tried.fits, tried.items[0]!.spans], [2, 1, [[10, 14]]])
  const why = await house.as(org, 'agent', ctx => monitors.explain(ctx, { query: 'lamp shop -sky', text: 'a lamp in the sky' }))
  assert.deepEqual(
    [why.fits, why.parts.map(each => [each.says, each.fits, each.not])],
    [false, [['lamp', true, false], ['shop', false, false], ['sky', true, true]]], // biome-ignore format: a list
  )
})

test('a case or a lead is made of a mention once, and it keeps the way back; nobody becomes a person by it', async () => {
  const org = await house.organisation()
  const it = { org }
  const [owner, anna] = [await house.member(org, 'owner'), await house.member(org, 'agent', 'Anna')]
  await made(it)
  await heard(it, post('nordlicht lamp broken', { authorName: 'Ann' }))
  const people = () => house.as(org, owner, async ctx => (await sql`select id from person`.execute(ctx.db)).rows.length)
  const before = await people()
  const [mention] = (await house.as(org, anna, ctx => monitors.mentions(ctx, {}))).items.map(each => each.id) as [string]
  const become = (is: 'case' | 'opportunity') => house.as(org, anna, ctx => monitors.become(ctx, { mention, is }))
  const first = await become('case')
  assert.deepEqual([first.path, first.isNew], ['/cases/K-1', true])
  assert.deepEqual(await become('case'), { path: '/cases/K-1', isNew: false })
  assert.equal((await become('opportunity')).path, '/sales/S-1')
  const shown = await house.as(org, anna, ctx => monitors.mention(ctx, { mention }))
  assert.deepEqual(shown.became.map(each => each.is).sort(), ['case', 'opportunity'])
  assert.deepEqual(shown.fits.map(each => each.spans), [[[0, 9]]]) // biome-ignore format: one line
  assert.equal(await people(), before)
})

test('a mention that the account can answer becomes a conversation, once; only then is its writer a person', async () => {
  const it = await desks.desk()
  const monitor = await made(it)
  const ann = post('nordlicht lamp broken', { remoteId: 'p1', author: 'ann@example.org', authorName: 'Ann', account: it.account })
  await desks.as(it, it.owner, ctx => monitors.take(ctx, 'post', [ann]))
  await heard(it, post('nordlicht too', { author: null }))
  const anns = () => desks.as(it, it.owner, async ctx => (await sql`select id from person where name = 'Ann'`.execute(ctx.db)).rows.length)
  const mentions = (await desks.as(it, it.anna, ctx => monitors.mentions(ctx, {}))).items
  const [mine, other] = [mentions.find(each => each.authorName === 'Ann')!.id, mentions.find(each => each.author === null)!.id]
  assert.equal(await anns(), 0)
  const { thread } = await desks.as(it, it.anna, ctx => monitors.answerIt(ctx, { mention: mine }))
  assert.equal((await desks.as(it, it.anna, ctx => monitors.answerIt(ctx, { mention: mine }))).thread, thread)
  await house.settle()
  assert.deepEqual([await anns(), await total(it, monitor)], [1, 2])
  assert.equal((await desks.show(it, thread)).state, 'open')
  await assert.rejects(
    desks.as(it, it.anna, ctx => monitors.answerIt(ctx, { mention: other })),
    { key: 'monitors.cannotAnswer' },
  )
})
