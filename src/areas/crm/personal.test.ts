/** One colleague's own mailbox: what its colleague opens is open, no further and no longer. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { setClock } from '#kernel/clock.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { tickNow } from '#kernel/jobs.ts'
import { testHouse } from '#kernel/testing.ts'
import * as accounts from '#social/accounts/actions.ts'
import * as brands from '#social/brands/actions.ts'
import * as channels from '#social/channels/actions.ts'
import * as directory from '#social/directory/actions.ts'
import * as mailboxes from '#social/mailboxes/actions.ts'
import { reinstate, suspend } from '#social/members/actions.ts'
import * as notifications from '#social/notifications/actions.ts'
import * as outbox from '#social/outbox/actions.ts'
import { personAdd, useNetworks } from '#social/people/actions.ts'
import { search } from '#social/search/actions.ts'
import { note } from '#social/threads/actions.ts'
import * as crm from './actions.ts'
import { drafts } from './testing.ts'
import { personalDeskIn } from './testing-personal.ts'

const house = await testHouse()
const { desk, hears, as, inView } = personalDeskIn(house)

test('the same mail to a colleague and to all is two: neither hides the other, and an answer to the one never leads into the other', async () => {
  const it = await desk()
  const [own, shared] = [await hears(it, it.own, { remoteId: 'both' }), await hears(it, it.shared, { remoteId: 'both' })]
  assert.notEqual(own.thread, shared.thread)
  const again = await hears(it, it.own, { remoteId: 'both' })
  assert.equal(again.content, own.content)
  const toAll = await hears(it, it.shared, { answers: ['both'], text: 'to all' })
  const toAnna = await hears(it, it.own, { answers: ['both'], text: 'to Anna' })
  assert.deepEqual([toAll.thread, toAnna.thread], [shared.thread, own.thread])
  const later = await hears(it, it.own, { remoteId: 'only to Anna' })
  const elsewhere = await hears(it, it.shared, { answers: ['only to Anna'] })
  assert.notEqual(elsewhere.thread, later.thread)
  assert.deepEqual((await inView(it, it.ben)).sort(), [shared.thread, elsewhere.thread].sort())
  assert.deepEqual((await inView(it, it.anna)).sort(), [own.thread, shared.thread, later.thread, elsewhere.thread].sort())
  assert.deepEqual(await inView(it, it.anna, { limit: 2 }), (await inView(it, it.anna)).slice(0, 2))
})

test('a delegate reads, or reads and answers in the colleague’s name, and it ends at once: taken back, in time, or suspended', async () => {
  const it = await desk()
  const { thread, content: theirs } = await hears(it, it.own)
  const lets = (may: 'read' | 'answer', until: string | null = null) =>
    as(it, it.anna, ctx => mailboxes.delegate(ctx, { account: it.own, person: it.ben.person!, may, until }))
  const sees = async () => [await inView(it, it.ben), (await as(it, it.ben, ctx => search(ctx, { q: 'Zaubernuss' }))).items.length]
  const nothing = [[], 0]
  assert.deepEqual(await sees(), nothing)

  await lets('read')
  assert.deepEqual(await sees(), [[thread], 1])
  assert.equal((await as(it, it.ben, ctx => crm.counts(ctx, {}))).all, 1)
  await as(it, it.ben, ctx => note(ctx, { thread, text: 'I know her' }))
  const waits = await as(it, it.anna, ctx => crm.reply(ctx, { thread, text: 'In a moment.' }))
  for (const refused of [
    (ctx: Ctx) => crm.reply(ctx, { thread, text: 'no' }),
    (ctx: Ctx) => outbox.answer(ctx, { thread, account: it.shared, text: 'no' }),
    (ctx: Ctx) => outbox.withdraw(ctx, { content: waits.content }),
    (ctx: Ctx) => outbox.leaveStanding(ctx, { content: waits.content }),
    (ctx: Ctx) => outbox.reschedule(ctx, { delivery: waits.delivery, dueAt: new Date() }),
    (ctx: Ctx) => outbox.reactTo(ctx, { content: theirs, kind: 'like' }),
    (ctx: Ctx) => outbox.hide(ctx, { content: theirs }),
    (ctx: Ctx) => crm.finish(ctx, { threads: [thread] }),
    (ctx: Ctx) => crm.assign(ctx, { threads: [thread], to: it.cleo.person }),
    (ctx: Ctx) => note(ctx, { thread, text: '@Cleo look' }),
    (ctx: Ctx) => crm.note(ctx, { thread, text: 'look', mentions: [it.cleo.person!] }),
    (ctx: Ctx) => mailboxes.delegate(ctx, { account: it.own, person: it.cleo.person!, may: 'read' }),
    (ctx: Ctx) => mailboxes.giveToAll(ctx, { account: it.own }),
  ])
    await assert.rejects(as<unknown>(it, it.ben, refused), { code: 'forbidden' })
  assert.deepEqual(await inView(it, it.cleo), [])
  const offered = async (who: Actor, path = `/inbox/all/${thread}`) => {
    const html = await (await (await house.browser(it.org, who)).get(path)).text()
    const deeds = ['sign', 'reply', 'note', 'assign', 'snooze', 'label', 'done', 'unsend', 'mute']
    return deeds.filter(deed => new RegExp(`(${thread}|${theirs})/${deed}["?]`).test(html))
  }
  assert.deepEqual(await offered(it.ben), ['note', 'mute'], 'nothing is offered that is refused')
  assert.deepEqual(await offered(it.anna), ['sign', 'reply', 'note', 'assign', 'snooze', 'label', 'done', 'unsend', 'mute'])
  const reading = await (await (await house.browser(it.org, it.anna)).get(`/threads/${thread}/read`)).text()
  assert.ok(reading.includes(`href="/inbox/all/${thread}"`), 'from where it is read to where one answers')

  await lets('answer')
  const { content } = await as(it, it.ben, ctx => crm.reply(ctx, { thread, text: 'For Anna.', seen: waits.content }))
  await house.settle()
  setClock(() => new Date(Date.now() + 60_000))
  for (let tries = 0; tries < 50 && !drafts.some(each => each.text === 'For Anna.'); tries++) {
    await tickNow('deliveries.sendDue')
    await house.settle()
  }
  setClock()
  const left = drafts.find(each => each.text === 'For Anna.')!
  assert.deepEqual([left.text, left.writer?.name, left.writer?.address], ['For Anna.', 'Ben', 'anna@us.example'])
  const detail = await asSystem(
    it.org,
    async ctx =>
      (await sql<{ detail: { onBehalf?: string } }>`select detail from content where id = ${content}`.execute(ctx.db)).rows[0]!.detail,
  )
  assert.equal(detail.onBehalf, it.anna.person)

  assert.deepEqual(await as(it, it.anna, ctx => mailboxes.revoke(ctx, { account: it.own, person: it.ben.person! })), {
    may: 'answer',
    until: null,
  })
  assert.deepEqual(await sees(), nothing)
  await hears(it, it.own, { answers: ['nothing'] })
  assert.deepEqual((await as(it, it.ben, ctx => notifications.list(ctx, {}))).items, [])

  await lets('read', new Date(Date.now() + 60_000).toISOString())
  assert.equal((await inView(it, it.ben)).length, 2)
  setClock(() => new Date(Date.now() + 120_000))
  await tickNow('mailboxes.endInTime')
  setClock()
  assert.deepEqual(await sees(), nothing)

  await lets('read')
  await as(it, it.owner, ctx => suspend(ctx, { account: it.ben.account! }))
  await house.settle()
  assert.deepEqual(await sees(), nothing)
  const ends = (await house.happened(it.org)).filter(each => each.endsWith(':Delegation')).sort()
  assert.deepEqual(ends, [...Array(4).fill('Offer:Delegation'), ...Array(3).fill('Remove:Delegation')])
})

test('handing over a conversation, or naming a colleague in it, opens that one to them and no other; undone, it is closed again', async () => {
  const it = await desk()
  const [one, other] = [await hears(it, it.own), await hears(it, it.own)]
  const { was } = await as(it, it.anna, ctx => crm.assign(ctx, { threads: [one.thread], to: it.ben.person }))
  assert.deepEqual(await inView(it, it.ben), [one.thread])
  assert.deepEqual([(await as(it, it.ben, ctx => crm.counts(ctx, {}))).mine, await inView(it, it.ben, { view: 'mine' })], [1, [one.thread]])
  await as(it, it.ben, ctx => crm.reply(ctx, { thread: one.thread, text: 'I do it' }))
  await assert.rejects(
    as(it, it.ben, ctx => crm.show(ctx, { thread: other.thread })),
    { code: 'notFound' },
  )
  assert.deepEqual(await inView(it, it.cleo), [])

  await as(it, it.anna, ctx => crm.note(ctx, { thread: other.thread, text: '@Cleo, what do you say?' }))
  await house.settle()
  assert.deepEqual(await inView(it, it.cleo), [other.thread])
  const told = (await as(it, it.cleo, ctx => notifications.list(ctx, {}))).items.map(each => each.kind)
  assert.ok(told.includes('mention'), told.join())

  const third = await hears(it, it.own)
  const handed = await as(it, it.anna, ctx => crm.assign(ctx, { threads: [third.thread], to: it.ben.person }))
  await as(it, it.anna, ctx => crm.restore(ctx, { was: JSON.stringify(handed.was) }))
  assert.deepEqual(await inView(it, it.ben), [one.thread])
  assert.equal(was[0]!.assignee, null)
})

test('whom a colleague alone has met is known to whoever is let in, and to all once anybody else meets them: one record, by one name', async () => {
  const it = await desk()
  const seen = (who: Actor) => as(it, who, async ctx => (await directory.list(ctx, { q: 'carla' })).items.map(each => each.name))
  const found = (who: Actor) =>
    as(it, who, async ctx => (await search(ctx, { q: 'carla' })).items.filter(each => each.noun === 'Person').length)
  const all = () => Promise.all([it.anna, it.ben, it.owner].map(seen))
  const letter = await hears(it, it.own)
  assert.deepEqual(await all(), [['Carla Diaz'], [], []])
  await as(it, it.anna, ctx => mailboxes.delegate(ctx, { account: it.own, person: it.cleo.person!, may: 'read' }))
  assert.deepEqual(await seen(it.cleo), ['Carla Diaz'])
  await as(it, it.anna, ctx => mailboxes.revoke(ctx, { account: it.own, person: it.cleo.person! }))
  assert.deepEqual(await seen(it.cleo), [])
  await as(it, it.anna, ctx => crm.assign(ctx, { threads: [letter.thread], to: it.ben.person }))
  assert.deepEqual([await all(), await seen(it.cleo), await found(it.ben)], [[['Carla Diaz'], ['Carla Diaz'], []], [], 0])
  await hears(it, it.own)
  assert.deepEqual(await seen(it.owner), [], 'met again where she is known already')
  await hears(it, it.shared)
  assert.deepEqual([await all(), await found(it.owner)], [[['Carla Diaz'], ['Carla Diaz'], ['Carla Diaz']], 1])

  const dora = (account: string) => hears(it, account, { from: { network: 'post', address: 'dora@example.org', name: 'Dora' } })
  const { thread } = await dora(it.own)
  const known = (await as(it, it.anna, ctx => crm.show(ctx, { thread }))).person
  useNetworks(channels.channels())
  const { person } = await as(it, it.ben, ctx => personAdd(ctx, { name: 'Dora', network: 'post', address: 'dora@example.org' }))
  assert.equal(person, known)
  assert.equal((await as(it, it.owner, ctx => directory.list(ctx, { q: 'dora' }))).items.length, 1)

  await hears(it, it.own, { from: { network: 'post', address: 'carl@example.org', name: 'Carlander' } })
  assert.deepEqual(await seen(it.ben), ['Carla Diaz'])
  await as(it, it.anna, ctx => mailboxes.giveToAll(ctx, { account: it.own }))
  assert.deepEqual(await seen(it.ben), ['Carla Diaz', 'Carlander'])
})

test('the mailbox of a colleague who left stays closed until an administrator takes it over, for a reason that is kept', async () => {
  const it = await desk()
  const { thread } = await hears(it, it.own)
  await as(it, it.anna, ctx => mailboxes.delegate(ctx, { account: it.own, person: it.ben.person!, may: 'read' }))
  const takeOver = (who: Actor, reason = 'Anna left us') => as(it, who, ctx => mailboxes.takeOver(ctx, { account: it.own, reason }))
  const standing = (who: Actor) => as(it, who, ctx => mailboxes.standing(ctx, { account: it.own }))
  await assert.rejects(takeOver(it.owner), { code: 'conflict', key: 'mailboxes.stillHere' })
  await as(it, it.owner, ctx => suspend(ctx, { account: it.anna.account! }))
  await house.settle()
  const later = await hears(it, it.own, { answers: ['nothing'] })
  assert.deepEqual(
    [await inView(it, it.owner), (await standing(it.owner)).mayTakeOver, (await standing(it.ben)).mayTakeOver],
    [[], true, false],
  )
  await assert.rejects(takeOver(it.ben), { code: 'forbidden' })
  await assert.rejects(takeOver(it.owner, ' '), { code: 'invalid' })
  await assert.rejects(
    as(it, it.owner, ctx => mailboxes.takeOver(ctx, { account: it.shared, reason: 'x' })),
    { code: 'conflict' },
  )

  const browser = await house.browser(it.org, it.owner)
  const path = `/settings/channels/${it.own}`
  assert.match(await (await browser.get(path)).text(), /take-over/)
  assert.ok((await browser.post(`${path}/take-over`, { reason: 'Anna left us' })).status < 400)
  await house.settle()
  assert.deepEqual((await inView(it, it.owner)).sort(), [thread, later.thread].sort())
  assert.deepEqual([(await inView(it, it.ben)).length, await inView(it, it.cleo)], [2, []], 'who was let in still is, nobody else')
  const { personal, own, delegates } = await standing(it.owner)
  assert.deepEqual([personal, own, delegates.map(each => each.person)], [it.owner.person, true, [it.ben.person]])
  await as(it, it.owner, ctx => reinstate(ctx, { account: it.anna.account! }))
  assert.deepEqual(await inView(it, it.anna), [], 'whoever comes back is let in anew, or is not')
  const kept = await asSystem(it.org, async ctx => {
    const { rows } = await sql<{ actor: string; target: string; reason: string }>`
      select actor, target, detail ->> 'reason' as reason from activity where verb = 'Move' and noun = 'Privacy'`.execute(ctx.db)
    return rows
  })
  assert.deepEqual(kept, [{ actor: it.owner.person, target: it.anna.person, reason: 'Anna left us' }])
})

test('a brand’s inbox holds what came by its accounts, as far as one may read them; with a person or a label beside it as well', async () => {
  const it = await desk()
  const [own, shared] = [await hears(it, it.own), await hears(it, it.shared)]
  const makes = (name: string) => as(it, it.owner, async ctx => (await brands.make(ctx, { name })).brand)
  const [full, empty] = [await makes('Nordlicht'), await makes('Südlicht')]
  for (const account of [it.own, it.shared]) await as(it, it.owner, ctx => brands.place(ctx, { account, brand: full }))
  await as(it, it.anna, ctx => crm.label(ctx, { threads: [own.thread, shared.thread], label: 'hot' }))
  const { person } = await as(it, it.anna, ctx => crm.show(ctx, { thread: own.thread }))
  for (const beside of [{}, { label: 'hot' }, { person: person! }]) {
    assert.deepEqual((await inView(it, it.anna, { brand: full, ...beside })).sort(), [own.thread, shared.thread].sort())
    assert.deepEqual(await inView(it, it.ben, { brand: full, ...beside }), [shared.thread])
    assert.deepEqual(await inView(it, it.anna, { brand: empty, ...beside }), [])
  }
})

test('an account becomes one’s own with all that was said, and is given to all; nobody takes somebody else’s', async () => {
  const it = await desk()
  const { thread } = await hears(it, it.shared, { remoteId: 'before' })
  await assert.rejects(
    as(it, it.ben, ctx => mailboxes.takeAsOwn(ctx, { account: it.shared })),
    { code: 'forbidden' },
  )
  await as(it, it.owner, ctx => mailboxes.takeAsOwn(ctx, { account: it.shared }))
  assert.deepEqual([await inView(it, it.ben), await inView(it, it.owner)], [[], [thread]])
  assert.equal((await hears(it, it.shared, { answers: ['before'] })).thread, thread)
  assert.equal((await hears(it, it.shared, { remoteId: 'before' })).thread, thread)
  for (const refused of [mailboxes.takeAsOwn, mailboxes.giveToAll])
    await assert.rejects(as(it, it.anna, ctx => refused(ctx, { account: it.shared })))
  await as(it, it.owner, ctx => mailboxes.giveToAll(ctx, { account: it.shared }))
  assert.deepEqual([await inView(it, it.ben), (await as(it, it.ben, ctx => crm.counts(ctx, {}))).all], [[thread], 1])
  assert.equal((await hears(it, it.shared, { answers: ['before'] })).thread, thread)

  // Whoever keeps the accounts sees that it is there and how it fares, and sets nothing up; another agent does not even see it.
  assert.equal((await as(it, it.owner, ctx => accounts.details(ctx, { account: it.own }))).account.personal, it.anna.person)
  await assert.rejects(
    as(it, it.owner, ctx => accounts.change(ctx, { account: it.own, settings: { address: 'anna@us.example' } })),
    { code: 'forbidden' },
  )
  await as(it, it.owner, ctx => accounts.pause(ctx, { account: it.own }))
  await assert.rejects(
    as(it, it.ben, ctx => accounts.details(ctx, { account: it.own })),
    { code: 'notFound' },
  )
  assert.deepEqual(
    (await as(it, it.ben, ctx => channels.accounts(ctx, {}))).items.map(each => each.id),
    [it.shared],
  )
  for (const [who, personal] of [
    [it.ben, true],
    [it.owner, false],
  ] as const) {
    const { attempt } = await as(it, who, ctx =>
      accounts.connect(ctx, { channel: 'post', asked: { address: 'anna@us.example' }, personal }),
    )
    await house.settle()
    assert.equal((await as(it, who, ctx => accounts.attempt(ctx, { attempt }))).says, 'accounts.addressTaken')
  }
  await assert.rejects(
    as(it, it.ben, ctx => accounts.connect(ctx, { channel: 'post', asked: { address: 'x@us.example' } })),
    { code: 'forbidden' },
  )
})
