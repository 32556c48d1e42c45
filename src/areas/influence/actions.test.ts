import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Actor } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import * as influence from './actions.ts'

const house = await testHouse()
const manager = async (org: string) => house.member(org, 'manager', 'Maria')
const days = 86_400_000

/** A public thread that bears a tag: Anna speaks, Bo and Cem answer one after the other, a colleague answers them, and Bo likes what Anna said. */
async function talk(org: string) {
  const [anna, bo, cem, us] = await Promise.all([
    house.member(org, 'customer', 'Anna'),
    house.member(org, 'customer', 'Bo'),
    house.member(org, 'customer', 'Cem'),
    house.member(org, 'agent', 'Ursula'),
  ])
  const personOf = (actor: Actor): string => (actor as { person: string }).person
  const thread = newId()
  const posts: string[] = []
  const say = async (who: Actor, text: string, more: { audience?: string; side?: string; ago?: number; thread?: string } = {}) => {
    const at = new Date(Date.now() - (more.ago ?? 5) * days + posts.length * 1000)
    const id = newId(at)
    posts.push(id)
    await asSystem(org, ctx =>
      sql`insert into content (id, noun, thread, author, audience, side, at, text)
        values (${id}, 'Message', ${more.thread ?? thread}, ${personOf(who)}, ${more.audience ?? 'public'}, ${more.side ?? 'outside'}, ${at}, ${text})`.execute(
        ctx.db,
      ),
    )
    return id
  }
  const first = await say(anna, 'The night train is late')
  await say(bo, 'Mine too')
  await say(cem, 'And it was full')
  await say(us, 'We are sorry', { side: 'inside' })
  await say(bo, 'between us', { audience: 'thread' })
  await say(cem, 'years ago', { ago: 400 })
  await asSystem(org, ctx =>
    sql`insert into reaction (object, person, kind, at) values (${first}, ${personOf(bo)}, '👍', now())`.execute(ctx.db),
  )
  await asSystem(org, ctx => sql`insert into tag (object, name, at) values (${thread}, 'night train', now())`.execute(ctx.db))
  return { thread, say, anna: personOf(anna), bo: personOf(bo), cem: personOf(cem), us, posts }
}

const topic = 'tag:night train'

test('each night a topic tells who moved whom, with its evidence and how much was looked at; what is not public or too old is not looked at', async () => {
  const org = await house.organisation()
  const { anna, bo, cem, thread, posts } = await talk(org)
  const maria = await manager(org)
  assert.deepEqual(await house.as(org, maria, ctx => influence.reckon(ctx, {})), { topics: 1 })
  const { items } = await house.as(org, maria, ctx => influence.topics(ctx, {}))
  assert.deepEqual(
    items.map(({ topic, name, posts, unknown, bots, people, acts }) => ({ topic, name, posts, unknown, bots, people, acts })),
    [{ topic, name: '#night train', posts: 4, unknown: 0, bots: 0, people: 4, acts: 3 }],
  )
  const told = await house.as(org, maria, ctx => influence.voices(ctx, { topic }))
  assert.deepEqual(
    told.items.map(({ person, moved, acts, staff }) => ({ person, moved, acts, staff })),
    [
      { person: anna, moved: 1, acts: 2, staff: false },
      { person: bo, moved: 1, acts: 1, staff: false },
    ],
  )
  assert.ok(told.items[0]!.share > told.items[1]!.share)
  const one = await house.as(org, maria, ctx => influence.voice(ctx, { topic, person: anna }))
  assert.deepEqual(
    one.evidence.map(each => [each.kind, each.moved, each.said, each.answered, each.thread]),
    [
      ['reaction', bo, 'The night train is late', '', thread],
      ['reply', bo, 'The night train is late', 'Mine too', thread],
    ],
  )
  assert.equal(one.evidence[1]!.answer, posts[1])
  const ofCem = await house.as(org, maria, ctx => influence.voice(ctx, { topic, person: cem }))
  assert.deepEqual([ofCem.voice, ofCem.evidence, ofCem.ties.length], [null, [], 1])
})

test('our colleagues stand by themselves, pages follow each other, and evidence can be that of one person', async () => {
  const org = await house.organisation()
  const { say, anna, bo, us } = await talk(org)
  await say({ ...us }, 'It runs again', { side: 'inside' })
  const dora = await house.member(org, 'customer', 'Dora')
  await say(dora, 'Great')
  const maria = await manager(org)
  await house.as(org, maria, ctx => influence.reckon(ctx, {}))
  const staff = await house.as(org, maria, ctx => influence.voices(ctx, { topic, staff: true }))
  assert.deepEqual(
    staff.items.map(each => [each.person, each.acts]),
    [[(us as { person: string }).person, 1]],
  )
  const first = await house.as(org, maria, ctx => influence.voices(ctx, { topic, limit: 1 }))
  const second = await house.as(org, maria, ctx => influence.voices(ctx, { topic, limit: 1, after: first.next! }))
  assert.deepEqual([first.items[0]!.person, second.items[0]!.person], [anna, bo])
  const page = await house.as(org, maria, ctx => influence.voice(ctx, { topic, person: anna, limit: 1 }))
  const older = await house.as(org, maria, ctx => influence.voice(ctx, { topic, person: anna, limit: 1, before: page.next! }))
  assert.deepEqual([page.evidence[0]!.kind, older.evidence[0]!.kind], ['reaction', 'reply'])
  const none = await house.as(org, maria, ctx => influence.voice(ctx, { topic, person: anna, moved: anna }))
  assert.deepEqual(none.evidence, [])
})

test('a tag that nothing bears any more is no topic; what was never reckoned is not found; who may not see it is refused', async () => {
  const org = await house.organisation()
  const { thread, anna } = await talk(org)
  const maria = await manager(org)
  await house.as(org, maria, ctx => influence.reckon(ctx, {}))
  await asSystem(org, ctx => sql`delete from tag where object = ${thread}`.execute(ctx.db))
  await house.as(org, maria, ctx => influence.reckon(ctx, {}))
  assert.deepEqual((await house.as(org, maria, ctx => influence.topics(ctx, {}))).items, [])
  await assert.rejects(
    house.as(org, maria, ctx => influence.voices(ctx, { topic })),
    { code: 'notFound', key: 'influence.noTopic' },
  )
  await assert.rejects(
    house.as(org, maria, ctx => influence.voice(ctx, { topic, person: anna })),
    { code: 'notFound', key: 'influence.noTopic' },
  )
  await assert.rejects(
    house.as(org, 'agent', ctx => influence.reckon(ctx, {})),
    { code: 'forbidden' },
  )
  await assert.rejects(
    house.as(org, 'customer', ctx => influence.topics(ctx, {})),
    { code: 'forbidden' },
  )
  await assert.rejects(
    house.as(org, maria, ctx => influence.voices(ctx, { topic: 'else' })),
    { code: 'invalid' },
  )
})

test('a monitor’s topic is what it heard in our threads, without what a program likely wrote', async () => {
  const org = await house.organisation()
  const { thread, posts, bo } = await talk(org)
  const monitor = newId()
  await asSystem(org, async ctx => {
    await sql`delete from tag`.execute(ctx.db)
    await sql`insert into monitor (id, name, query, kind, ours, made_at, changed_at) values (${monitor}, 'Trains', 'train', 'topic', false, now(), now())`.execute(
      ctx.db,
    )
    for (const [nth, content] of posts.slice(0, 3).entries()) {
      const mention = newId()
      await sql`insert into monitor_mention (id, once, at, heard_at, source, kind, text, content, thread, bot)
        values (${mention}, ${content}, now(), now(), 'named', 'post', 'x', ${content}, ${thread}, ${nth === 0 ? 0.9 : 0.1})`.execute(
        ctx.db,
      )
      await sql`insert into mention_fit (monitor, at, mention) values (${monitor}, now(), ${mention})`.execute(ctx.db)
    }
  })
  const maria = await manager(org)
  await house.as(org, maria, ctx => influence.reckon(ctx, {}))
  const { topic: told, items } = await house.as(org, maria, ctx => influence.voices(ctx, { topic: `monitor:${monitor}` }))
  assert.deepEqual([told.name, told.posts, told.bots, told.acts], ['Trains', 4, 1, 1])
  assert.deepEqual(
    items.map(each => each.person),
    [bo],
  )
})

test('the pages show every number with its topic and evidence, in the picture and in the table', async () => {
  const org = await house.organisation()
  const { anna } = await talk(org)
  const maria = await manager(org)
  const browser = await house.browser(org, maria)
  assert.match(await (await browser.get('/influence')).text(), /Nobody has moved anybody yet/)
  await browser.post('/influence/reckon', {})
  assert.match(await (await browser.get('/influence')).text(), /#night train[\s\S]*4 public posts by 4 people[\s\S]*3 acts/)
  const here = `/influence/${encodeURIComponent(topic)}`
  const page = await (await browser.get(here)).text()
  assert.match(page, /<svg class="network"[\s\S]*Anna[\s\S]*<table/)
  assert.ok(page.includes(`${here}/${anna}#evidence`))
  const one = await (await browser.get(`${here}/${anna}`)).text()
  assert.match(one, /The night train is late[\s\S]*Bo answered:[\s\S]*Mine too/)
  assert.equal((await browser.get(`/influence/${encodeURIComponent('tag:nothing')}`)).status, 404)
})
