import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actor, Ctx } from '#kernel/context.ts'
import { keep } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { record } from '#social/activities/actions.ts'
import { attachmentsOf, contentOf, keepAll, mentionOf } from '#social/content/actions.ts'
import { Said } from '#social/content/words.ts'
import { list as notifications } from '#social/notifications/actions.ts'
import * as threads from './actions.ts'
import type { NewThread } from './words.ts'

const house = await testHouse()
const notFound = { code: 'notFound', key: 'kernel.notFound' }

async function people() {
  const org = await house.organisation()
  const names = [['agent', 'Anna Berg'], ['agent', 'Ben Ström'], ['member', 'Erik Äng'], ['customer', 'Carla'], ['guest', 'Gast']] as const // biome-ignore format: a list
  const [anna, ben, erik, carla, gast] = await Promise.all(names.map(([role, name]) => house.member(org, role, name)))
  return { org, anna: anna!, ben: ben!, erik: erik!, carla: carla!, gast: gast! }
}

const thread = (more: Partial<NewThread> = {}): NewThread => ({
  subject: 'Late delivery',
  kind: 'conversation',
  audience: 'thread',
  startedAt: new Date('2026-03-01T10:00:00Z'),
  ...more,
})
const open = async (org: string, more: Partial<NewThread> = {}) =>
  (await house.as(org, 'owner', ctx => threads.openAll(ctx, [thread(more)])))[0]!

/** As intake does it: kept, touched, recorded. */
async function arrives(ctx: Ctx, to: string, author: string | null, text: string, at = ctx.now): Promise<string> {
  const [id] = await keepAll(ctx, [{ noun: 'Message', thread: to, author, audience: 'thread', side: 'outside', at, text }])
  await threads.touchAll(ctx, [{ thread: to, at, snippet: text, count: 1 }])
  record(ctx, Said, { object: id!, thread: to, actor: author, side: 'outside', audience: 'thread', at })
  return id!
}

const news = async (org: string, who: Actor) =>
  (await house.as(org, who, ctx => notifications(ctx, {}))).items.map(each => `${each.kind} ${each.says}`)

test('many threads are opened and touched at once, each once, and move on', async () => {
  const { org, anna } = await people()
  const ids = await house.as(org, anna, ctx =>
    threads.openAll(
      ctx,
      Array.from({ length: 200 }, (_, at) => thread({ subject: `Thread ${at}\0` })),
    ),
  )
  const later = new Date('2026-04-01')
  await house.as(org, anna, ctx =>
    threads.touchAll(ctx, [
      ...ids.map(id => ({ thread: id, at: new Date(0), snippet: 'old', count: 1 })),
      { thread: ids[0]!, at: later, snippet: 'new  words\n', count: 2 },
    ]),
  )
  const [first, second] = await house.as(org, anna, async ctx => [
    await threads.threadOf(ctx, ids[0]!),
    await threads.threadOf(ctx, ids[1]!),
  ])
  assert.deepEqual([first!.messages, first!.snippet, first!.lastAt], [3, 'new words', later])
  assert.deepEqual(
    [second!.messages, second!.snippet, second!.lastAt, second!.subject],
    [1, '', new Date('2026-03-01T10:00:00Z'), 'Thread 1'],
  )
  assert.deepEqual(await house.happened(org), [])
})

test('who may open which thread, and what they read in it', async () => {
  const { org, anna, erik, carla, gast } = await people()
  const other = await house.organisation()
  const stranger = await house.member(other, 'owner')
  const id = await open(org, { person: carla.person! })
  await house.as(org, anna, async ctx => {
    await arrives(ctx, id, carla.person, 'question')
    await threads.say(ctx, { thread: id, noun: 'Note', text: 'secret' })
  })
  const texts = async (who: Actor, at = org) =>
    (await house.as(at, who, ctx => threads.messagesOf(ctx, id, { limit: 10 }))).items.map(each => each.text)
  assert.deepEqual(await texts(anna), ['question', 'secret'])
  assert.deepEqual(await texts(carla), ['question'])
  for (const [who, at] of [[erik, org], [gast, org], [stranger, other]] as const) await assert.rejects(texts(who, at), notFound) // biome-ignore format: a list
  await assert.rejects(
    house.as(org, anna, ctx => threads.threadOf(ctx, newId())),
    notFound,
  )
  await house.as(org, anna, ctx => threads.say(ctx, { thread: id, noun: 'Note', text: 'Please look, @erik äng.' }))
  assert.deepEqual(await texts(erik), ['question', 'secret', `Please look, ${mentionOf({ id: erik.person!, name: 'Erik Äng' })}.`])
  await house.as(org, anna, ctx =>
    threads.say(ctx, { thread: id, noun: 'Note', text: `about ${mentionOf({ id: carla.person!, name: 'Carla' })}` }),
  )
  assert.deepEqual(await texts(carla), ['question'])
})

test('saying something keeps, touches, records and lets one take part', async () => {
  const { org, anna, ben } = await people()
  const id = await open(org)
  const file = await house.as(org, anna, ctx => keep(ctx, new TextEncoder().encode('x'), { name: 'a.txt' }))
  const { content } = await house.as(org, anna, ctx =>
    threads.note(ctx, { thread: id, text: 'Hi @Ben Ström, mail ben@example.org', attachments: [file] }),
  )
  const now = await house.as(org, anna, ctx => threads.threadOf(ctx, id))
  assert.deepEqual([now.messages, now.snippet], [1, 'Hi @Ben Ström, mail ben@example.org'])
  assert.deepEqual(
    (await house.as(org, anna, ctx => attachmentsOf(ctx, [content]))).get(content)?.map(each => [each.name, each.size]),
    [['a.txt', 1]],
  )
  const members = await house.as(org, anna, ctx => threads.membersOf(ctx, id))
  assert.deepEqual(new Map(members.map(each => [each.person, each.because])), new Map([[anna.person, 'wrote'], [ben.person, 'mention']])) // biome-ignore format: a list
  assert.deepEqual(await house.happened(org), ['Offer:Mention', 'Create:Note'])
  await house.settle()
  assert.deepEqual([await news(org, ben), await news(org, anna)], [['mention threads.namedYou'], []])
  assert.deepEqual(await house.as(org, anna, ctx => threads.namedIn(ctx, 'for @Ben Ström')), [ben.person])
})

test('nothing is said for more people than the thread is for, and a conversation is answered by its channel', async () => {
  const { org, anna, erik, gast } = await people()
  const id = await open(org)
  const say = (audience: 'public' | 'thread') =>
    house.as(org, anna, ctx => threads.say(ctx, { thread: id, noun: 'Comment', text: 'x', audience }))
  await assert.rejects(say('public'), { code: 'forbidden', key: 'threads.tooWide' })
  await assert.rejects(
    house.as(org, anna, ctx => threads.comment(ctx, { thread: id, text: 'x' })),
    { key: 'threads.answerByChannel' },
  )
  const note = await house.as(org, anna, ctx => threads.say(ctx, { thread: id, noun: 'Note', text: 'x', audience: 'public' as never }))
  assert.equal((await house.as(org, anna, ctx => contentOf(ctx, [note]))).get(note)!.audience, 'staff')
  await assert.rejects(
    house.as(org, anna, ctx => threads.note(ctx, { thread: id, text: 'x'.repeat(10_000_000) })),
    { code: 'invalid' },
  )
  await assert.rejects(
    house.as(org, anna, ctx => threads.note(ctx, { thread: id, text: ' \n ' })),
    { code: 'invalid' },
  )
  await assert.rejects(
    house.as(org, erik, ctx => threads.note(ctx, { thread: id, text: 'x' })),
    notFound,
  )
  await assert.rejects(
    house.as(org, gast, ctx => threads.note(ctx, { thread: id, text: 'x' })),
    { code: 'forbidden' },
  )
  const staff = await open(org, { kind: 'discussion', audience: 'staff' })
  const { content } = await house.as(org, erik, ctx => threads.comment(ctx, { thread: staff, text: 'idea' }))
  assert.equal((await house.as(org, anna, ctx => contentOf(ctx, [content]))).get(content)!.audience, 'staff')
  assert.deepEqual(await house.happened(org), ['Create:Note', 'Create:Comment'])
})

test('who takes part is told of what is new, once, by the strongest reason, and not of what they wrote, muted or only read', async () => {
  const { org, anna, ben, erik, carla } = await people()
  const id = await open(org, { person: carla.person! })
  await house.as(org, anna, ctx => threads.watch(ctx, { thread: id }))
  await house.as(org, anna, ctx => threads.watch(ctx, { thread: id }))
  await house.as(org, ben, async ctx => threads.readTo(ctx, { thread: id, content: await arrives(ctx, id, carla.person, 'one') }))
  await house.settle()
  assert.deepEqual([await news(org, anna), await news(org, ben), await news(org, carla)], [['reply threads.newMessage'], [], []])
  await house.as(org, ben, ctx => threads.say(ctx, { thread: id, noun: 'Note', text: 'for @Anna Berg' }))
  await house.settle()
  assert.deepEqual(await news(org, anna), ['mention threads.namedYou', 'reply threads.newMessage'])
  await house.as(org, anna, ctx => threads.mute(ctx, { thread: id }))
  await house.as(org, 'owner', ctx => arrives(ctx, id, carla.person, 'two'))
  await house.settle()
  assert.deepEqual([(await news(org, anna)).length, await news(org, ben)], [2, ['reply threads.newMessage']])
  await house.as(org, ben, ctx => threads.unwatch(ctx, { thread: id }))
  await house.as(org, 'owner', ctx => arrives(ctx, id, carla.person, 'three'))
  await house.settle()
  assert.deepEqual(await news(org, ben), ['reply threads.newMessage'])
  await assert.rejects(
    house.as(org, erik, ctx => threads.watch(ctx, { thread: id })),
    notFound,
  )
  assert.deepEqual(
    (await house.happened(org)).filter(each => !each.startsWith('Create:')),
    ['Follow:Thread', 'Offer:Mention', 'Ignore:Thread', 'Undo:Follow'],
  )
})

test('how far one has read is kept, only moves on, and takes the notifications of the thread with it', async () => {
  const { org, anna, carla } = await people()
  const id = await open(org, { person: carla.person! })
  await house.as(org, anna, ctx => threads.watch(ctx, { thread: id }))
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 12, minute))
  const [first, second] = await house.as(org, 'owner', async ctx => [
    await arrives(ctx, id, carla.person, 'one', at(1)),
    await arrives(ctx, id, carla.person, 'two', at(2)),
  ])
  await house.settle()
  const standing = async () => {
    const now = await house.as(org, anna, ctx => threads.threadOf(ctx, id))
    const mine = (await house.as(org, anna, ctx => threads.standingOf(ctx, [now]))).get(id)!
    const part = await house.as(org, anna, ctx => threads.messagesOf(ctx, id, { limit: 10 }))
    return [mine.because, mine.unread, part.firstUnread]
  }
  assert.deepEqual(await standing(), ['watch', true, null])
  await house.as(org, anna, ctx => threads.readTo(ctx, { thread: id, content: first! }))
  assert.deepEqual(await standing(), ['watch', true, second])
  const unseen = async () => (await house.as(org, anna, ctx => notifications(ctx, { unseen: true }))).items.length
  assert.equal(await unseen(), 0)
  await house.as(org, anna, ctx => threads.readTo(ctx, { thread: id, content: second! }))
  await house.as(org, anna, ctx => threads.readTo(ctx, { thread: id, content: first! }))
  assert.deepEqual(await standing(), ['watch', false, null])
})

test('the newest answer of ours is named, for whoever writes a second one', async () => {
  const { org, anna, ben, carla } = await people()
  const id = await open(org, { person: carla.person! })
  assert.equal(await house.as(org, anna, ctx => threads.latestAnswerIn(ctx, id)), undefined)
  const answer = await house.as(org, ben, ctx => threads.say(ctx, { thread: id, noun: 'Message', text: 'We look into it' }))
  await house.as(org, anna, ctx => threads.say(ctx, { thread: id, noun: 'Note', text: 'fine' }))
  assert.deepEqual(await house.as(org, anna, ctx => threads.latestAnswerIn(ctx, id)), {
    id: answer,
    author: ben.person,
    name: 'Ben Ström',
  })
})

test('a thread that was muted is told of again as before, for the same reason', async () => {
  const { org, anna, carla } = await people()
  const id = await open(org, { person: carla.person! })
  const stands = async () =>
    (await house.as(org, anna, ctx => threads.membersOf(ctx, id))).map(each => [each.because, each.mutedAt !== null])
  await house.as(org, anna, ctx => threads.unmute(ctx, { thread: id }))
  assert.deepEqual(await stands(), [])
  await house.as(org, anna, ctx => threads.watch(ctx, { thread: id }))
  await house.as(org, anna, ctx => threads.mute(ctx, { thread: id }))
  assert.deepEqual([await stands(), await house.as(org, anna, ctx => threads.isMuted(ctx, id))], [[['watch', true]], true])
  await house.as(org, anna, ctx => threads.unmute(ctx, { thread: id }))
  await house.as(org, anna, ctx => threads.unmute(ctx, { thread: id }))
  assert.deepEqual(await stands(), [['watch', false]])
  assert.deepEqual(await house.happened(org), ['Follow:Thread', 'Ignore:Thread', 'Undo:Ignore'])
})
