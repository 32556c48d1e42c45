import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setClock } from '#kernel/clock.ts'
import type { Actor } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { hear, startLive, stopLive } from '#kernel/live.ts'
import { type Mail, usePost } from '#kernel/mail.ts'
import { testHouse } from '#kernel/testing.ts'
import { block } from '#social/graph/actions.ts'
import * as news from './actions.ts'
import type { Notice } from './words.ts'

const house = await testHouse()
const mails: Mail[] = []
let mailTrouble = false
usePost(async mail => {
  if (mailTrouble) throw new Error('no line')
  mails.push(mail)
})
after(() => usePost(undefined))

async function people() {
  const org = await house.organisation('Nordlicht')
  const [anna, ben] = [await house.member(org, 'agent', 'Anna'), await house.member(org, 'agent', 'Ben')]
  mails.length = 0
  return { org, anna: anna!, ben: ben! }
}

const notice = (to: Actor, more: Partial<Notice> = {}): Notice => ({
  person: to.person!,
  kind: 'mention',
  says: 'threads.namedYou',
  told: { subject: 'Late', excerpt: 'look' },
  path: '/threads/1',
  ...more,
})
const tell = (org: string, from: Actor, ...notices: Notice[]) => house.as(org, from, ctx => news.notify(ctx, notices))
const listed = async (org: string, who: Actor, more = {}) => (await house.as(org, who, ctx => news.list(ctx, more))).items
const unseen = async (org: string, who: Actor) => (await house.as(org, who, ctx => news.count(ctx, {}))).unseen

/** Two minutes later: what waited is due. */
async function later(run = house.settle) {
  setClock(() => new Date(Date.now() + 3 * 60_000))
  try {
    return await run()
  } finally {
    setClock()
  }
}

/** Jobs wait by the database's own clock, so the test asks for the mails itself. */
const mail = async (org: string, to: Actor) => {
  await news.mailSoon.run(org, { person: to.person! })
  await later()
}

test('somebody is told with the name of who did it, once for each activity, and nobody of their own deeds', async () => {
  const { org, anna, ben } = await people()
  const activity = newId()
  await tell(org, ben, notice(anna, { activity }), notice(anna, { activity }), notice(ben))
  await tell(org, ben, notice(anna, { activity }))
  const [one, ...others] = await listed(org, anna)
  assert.deepEqual(
    [one!.told, one!.path, one!.seenAt, others.length],
    [{ subject: 'Late', excerpt: 'look', actor: 'Ben' }, '/threads/1', null, 0],
  )
  assert.deepEqual([await unseen(org, anna), await unseen(org, ben)], [1, 0])
  assert.deepEqual(await house.happened(org), [])
})

test('what others were told is neither seen nor marked by anybody else, in this organisation or another', async () => {
  const { org, anna, ben } = await people()
  const other = await house.organisation()
  const stranger = await house.member(other, 'owner')
  await tell(org, ben, notice(anna))
  const { id } = (await listed(org, anna))[0]!
  assert.deepEqual([await listed(org, ben), await listed(other, stranger)], [[], []])
  assert.deepEqual((await house.as(org, ben, ctx => news.see(ctx, { ids: [id] }))).seen, [])
  await assert.rejects(
    house.as(org, ben, ctx => news.openNotification(ctx, id)),
    { code: 'notFound' },
  )
  await assert.rejects(
    house.as(other, stranger, ctx => news.openNotification(ctx, id)),
    { code: 'notFound' },
  )
  await assert.rejects(
    house.as(org, anna, ctx => news.openNotification(ctx, 'nonsense')),
    { code: 'invalid' },
  )
  assert.equal(await house.as(org, anna, ctx => news.openNotification(ctx, id)), '/threads/1')
  assert.equal(await unseen(org, anna), 0)
})

test('notifications are seen one by one, by thread, all at once, and made unseen again', async () => {
  const { org, anna, ben } = await people()
  const thread = newId()
  await tell(org, ben, notice(anna, { thread }), notice(anna, { thread }), notice(anna), notice(anna))
  const [first] = await listed(org, anna)
  assert.deepEqual((await house.as(org, anna, ctx => news.see(ctx, { ids: [first!.id] }))).seen, [first!.id])
  assert.equal((await house.as(org, anna, ctx => news.see(ctx, { thread }))).seen.length, 2)
  assert.equal((await listed(org, anna, { unseen: true })).length, 1)
  const { seen } = await house.as(org, anna, ctx => news.see(ctx, {}))
  assert.deepEqual([seen.length, await unseen(org, anna)], [1, 0])
  await house.as(org, anna, ctx => news.unsee(ctx, { ids: seen }))
  assert.equal(await unseen(org, anna), 1)
})

test('the bell of whoever is told rings in their open pages, and no other', async () => {
  const { org, anna, ben } = await people()
  await startLive(house.url)
  after(stopLive)
  const rung: string[] = []
  const deaf = hear(each => void (each.kind === 'notify' && rung.push(...each.topics)))
  await tell(org, ben, notice(anna))
  await new Promise(resolve => setTimeout(resolve, 150))
  deaf()
  assert.deepEqual(rung, [`person:${anna.person}`])
})

test('each kind comes by the doors that its reader chose', async () => {
  const { org, anna, ben } = await people()
  const choose = (kind: 'mention' | 'reply', door: 'app' | 'mail', wanted: boolean) =>
    house.as(org, anna, ctx => news.choose(ctx, { choices: [{ kind, door, wanted }] }))
  await choose('mention', 'app', false)
  await choose('reply', 'mail', true)
  await choose('reply', 'app', false)
  await choose('reply', 'app', true)
  await tell(org, ben, notice(anna), notice(anna, { kind: 'reply', says: 'threads.newNote' }))
  assert.deepEqual(
    (await listed(org, anna)).map(each => each.kind),
    ['reply'],
  )
  await mail(org, anna)
  assert.equal(mails.length, 2)
  const { items } = await house.as(org, anna, ctx => news.choices(ctx, {}))
  assert.deepEqual(items.slice(0, 3), [
    { kind: 'mention', doors: { app: false, mail: true } },
    { kind: 'assigned', doors: { app: true, mail: true } },
    { kind: 'reply', doors: { app: true, mail: true } },
  ])
  await assert.rejects(
    house.as(org, anna, ctx => news.choose(ctx, { choices: [{ kind: 'fax' as never, door: 'app', wanted: true }] })),
    { code: 'invalid' },
  )
})

test('a burst in one thread is one mail in the reader’s language, with its reason and one click that ends it; what was seen is not mailed', async () => {
  const { org, anna, ben } = await people()
  const [one, two, seen] = [newId(), newId(), newId()]
  await tell(
    org,
    ben,
    ...Array.from({ length: 30 }, () => notice(anna, { thread: one })),
    notice(anna, { thread: two }),
    notice(anna, { thread: seen }),
  )
  await house.as(org, anna, ctx => news.see(ctx, { thread: seen }))
  await mail(org, anna)
  assert.deepEqual(
    mails.map(each => each.to),
    [`${anna.account}@test.invalid`, `${anna.account}@test.invalid`],
  )
  mails.sort((a, b) => b.subject.length - a.subject.length)
  assert.match(mails[0]!.subject, /^Ben named you in “Late” and 30 in all$/)
  assert.match(mails[1]!.subject, /^Ben named you in “Late”$/)
  assert.equal(mails[0]!.headers!.References, `<thread.${one}@localhost>`)
  assert.match(mails[1]!.text, /look\nhttp:\/\/localhost:3000\/threads\/1[\s\S]*named you/)
  assert.equal(mails[0]!.headers!['List-Unsubscribe-Post'], 'List-Unsubscribe=One-Click')
  await mail(org, anna)
  assert.equal(mails.length, 2)
})

test('a mail that does not get through is tried again alone, and what was seen meanwhile is left out', async () => {
  const { org, anna, ben } = await people()
  await tell(org, ben, notice(anna, { thread: newId() }))
  const [row] = await listed(org, anna)
  mailTrouble = true
  const send = () => news.mailNow.run(org, { person: anna.person!, ids: [row!.id] })
  await assert.rejects(send(), /no line/)
  mailTrouble = false
  await send()
  assert.equal(mails.length, 1)
  await house.as(org, anna, ctx => news.see(ctx, {}))
  await send()
  assert.equal(mails.length, 1)
})

test('hostile names and texts stay text in a mail', async () => {
  const { org, anna, ben } = await people()
  await tell(
    org,
    ben,
    notice(anna, {
      told: { subject: '<script>alert(1)</script>\r\nBcc: all@example.org', excerpt: '<img src=x onerror=alert(1)>\0' },
      path: '//evil.example/x',
    }),
  )
  await mail(org, anna)
  assert.doesNotMatch(mails[0]!.html!, /<script|<img/)
  assert.doesNotMatch(mails[0]!.text, /evil\.example/)
  assert.doesNotMatch(mails[0]!.subject, /[\r\n]/)
})

test('the link of a mail ends its kind for its reader and nothing else, and no other link does', async () => {
  const { org, anna, ben } = await people()
  const link = new URL(await house.as(org, anna, async ctx => news.offLink(ctx, anna.person!, 'mention')))
  const [about, signature] = [link.searchParams.get('about')!, link.searchParams.get('sign')!]
  for (const [wrong, sign] of [[about, `${signature.slice(0, -2)}xx`], [about.replace(anna.person!, ben.person!), signature], [about.replace('mention', 'reply'), signature], ['', ''], ['a.b.c', signature]]) assert.equal(news.offAbout(wrong!, sign!), null) // biome-ignore format: a list
  await news.turnOff(news.offAbout(about, signature)!)
  await tell(org, ben, notice(anna), notice(anna, { kind: 'assigned', says: 'threads.newNote' }))
  await mail(org, anna)
  assert.equal(mails.length, 1)
  assert.deepEqual([(await listed(org, anna)).length, await unseen(org, ben)], [2, 0])
})

test('whom one has blocked cannot reach one by notifications', async () => {
  const { org, anna, ben } = await people()
  await house.as(org, anna, ctx => block(ctx, { person: ben.person! }))
  await tell(org, ben, notice(anna))
  assert.deepEqual(await listed(org, anna), [])
})

test('a hundred is counted as many, and news of more than a year ago is forgotten', async () => {
  const { org, anna, ben } = await people()
  await tell(org, ben, ...Array.from({ length: 150 }, () => notice(anna, { kind: 'reply' })))
  assert.equal(await unseen(org, anna), 100)
  setClock(() => new Date(Date.now() + 367 * 86_400_000))
  try {
    await house.as(org, 'owner', ctx => news.forgetOld.run(ctx))
  } finally {
    setClock()
  }
  assert.equal(await unseen(org, anna), 0)
})
