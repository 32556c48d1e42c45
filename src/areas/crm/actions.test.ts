import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { z } from 'zod'
import { setClock } from '#kernel/clock.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { tickNow } from '#kernel/jobs.ts'
import { testHouse } from '#kernel/testing.ts'
import * as accounts from '#social/accounts/actions.ts'
import * as channels from '#social/channels/actions.ts'
import { type Channel, channel, type HeardMessage } from '#social/channels/words.ts'
import { takeBack } from '#social/content/actions.ts'
import { takeInForGood } from '#social/intake/actions.ts'
import { suspend } from '#social/members/actions.ts'
import * as notifications from '#social/notifications/actions.ts'
import { recount, threadOf } from '#social/threads/actions.ts'
import * as crm from './actions.ts'

const house = await testHouse()

const settings = z.strictObject({ address: z.email() })
let sent: string[] = []
channels.useChannels([
  channel<z.output<typeof settings>>({
    name: 'post',
    title: 'post.title',
    settings,
    asks: settings,
    discover: async given => ({ settings: settings.parse(given), name: 'Us', address: settings.parse(given).address }),
    own: it => [it.address],
    can: {
      converse: {
        limits: { text: 1000, attachments: 2, attachmentBytes: 1000 },
        repeatable: true,
        async reply(_account, draft, key) {
          sent.push(draft.text)
          return { state: 'done', remoteId: key }
        },
      },
    },
    truth: [],
    normalise: address => address.toLowerCase(),
  }) as Channel,
])

let offset = 0
const now = () => new Date(Date.now() + offset)
const hour = 3_600_000
function later(milliseconds: number): void {
  offset += milliseconds
  setClock(now)
}
afterEach(() => {
  offset = 0
  setClock()
})

interface Desk {
  org: string
  owner: Actor
  anna: Actor
  ben: Actor
  account: string
}

async function desk(): Promise<Desk> {
  sent = []
  const org = await house.organisation()
  const owner = await house.member(org, 'owner', 'Otto')
  const [anna, ben] = [await house.member(org, 'agent', 'Anna'), await house.member(org, 'agent', 'Ben')]
  const { attempt } = await house.as(org, owner, ctx => accounts.connect(ctx, { channel: 'post', asked: { address: 'us@example.com' } }))
  await house.settle()
  const { account } = await house.as(org, owner, ctx => accounts.attempt(ctx, { attempt }))
  return { org, owner, anna, ben, account: account! }
}

let letters = 0
/** A message from outside; with `answers` it goes on in the thread of that message. */
async function hears(it: Desk, more: Partial<HeardMessage> = {}, imported?: true): Promise<{ remoteId: string; thread: string }> {
  const remoteId = more.remoteId ?? `letter ${letters++}`
  const message: HeardMessage = {
    is: 'message',
    remoteId,
    direction: 'in',
    at: new Date(now().getTime() - 1000),
    from: { network: 'post', address: 'carla@example.org', name: 'Carla' },
    to: [{ network: 'post', address: 'us@example.com' }],
    copied: [],
    answers: [],
    subject: remoteId,
    text: 'a question',
    attachments: [],
    ...more,
  }
  await takeInForGood(it.org, { channel: 'post', account: it.account, ...(imported && { imported }) }, [message], async () => {})
  await house.settle()
  const thread = await asSystem(it.org, async ctx => {
    const { rows } = await sql<{ thread: string }>`select thread from remote where remote_id = ${remoteId}`.execute(ctx.db)
    return rows[0]!.thread
  })
  return { remoteId, thread }
}

const asks = async (it: Desk) => (await hears(it)).thread
const as = <T>(it: Desk, who: Actor, run: (ctx: Ctx) => Promise<T>) => house.as(it.org, who, run)
const show = (it: Desk, thread: string) => as(it, it.anna, ctx => crm.show(ctx, { thread }))

/** What happened by this, sorted: letters carry times of their own. */
async function happensBy(it: Desk, run: () => Promise<unknown>): Promise<string[]> {
  await house.settle()
  const before = await house.happened(it.org)
  await run()
  await house.settle()
  const after = await house.happened(it.org)
  for (const each of before) after.splice(after.indexOf(each), 1)
  return after.sort()
}

// —— organising ——

test('a conversation is given to a colleague, who is told, and back to nobody; each once', async () => {
  const it = await desk()
  const thread = await asks(it)
  const give = (to: string | null) => as(it, it.anna, ctx => crm.assign(ctx, { threads: [thread], to }))
  assert.deepEqual(await happensBy(it, () => give(it.ben.person)), ['Add:Assignment'])
  assert.deepEqual(await happensBy(it, () => give(it.ben.person)), [])
  assert.equal((await show(it, thread)).assignee, it.ben.person)
  const told = await as(it, it.ben, ctx => notifications.list(ctx, {}))
  assert.deepEqual(
    told.items.map(each => each.kind),
    ['assigned'],
  )
  assert.deepEqual(await happensBy(it, () => give(null)), ['Remove:Assignment'])
  assert.equal((await show(it, thread)).assignee, null)
})

test('nobody is told of what they took themselves', async () => {
  const it = await desk()
  const thread = await asks(it)
  assert.deepEqual(await happensBy(it, () => as(it, it.anna, ctx => crm.take(ctx, { threads: [thread] }))), ['Add:Assignment'])
  assert.equal((await show(it, thread)).assignee, it.anna.person)
  assert.deepEqual((await as(it, it.anna, ctx => notifications.list(ctx, {}))).items, [])
})

test('work is given only to somebody who can do it: no stranger, no guest, nobody who is suspended', async () => {
  const it = await desk()
  const thread = await asks(it)
  const guest = await house.member(it.org, 'guest', 'Gerda')
  await as(it, it.owner, ctx => suspend(ctx, { account: it.ben.account! }))
  for (const to of [newId(), guest.person!, it.ben.person!])
    await assert.rejects(
      as(it, it.anna, ctx => crm.assign(ctx, { threads: [thread], to })),
      { code: 'invalid', key: 'crm.notAColleague' },
    )
  assert.equal((await show(it, thread)).assignee, null)
})

test('finished and reopened by hand: a closure with who and when, and its undoing', async () => {
  const it = await desk()
  const thread = await asks(it)
  const finish = () => as(it, it.anna, ctx => crm.finish(ctx, { threads: [thread] }))
  const reopen = () => as(it, it.anna, ctx => crm.reopen(ctx, { threads: [thread] }))
  assert.deepEqual(await happensBy(it, finish), ['Create:Closure'])
  assert.deepEqual(await happensBy(it, finish), [])
  const { state, closedAt } = await show(it, thread)
  assert.deepEqual([state, closedAt !== null], ['done', true])
  assert.deepEqual(await happensBy(it, reopen), ['Undo:Closure'])
  assert.deepEqual(await happensBy(it, reopen), [])
  const open = await show(it, thread)
  assert.deepEqual([open.state, open.closedAt], ['open', null])
})

test('a snoozed conversation comes back at its time and not before', async () => {
  const it = await desk()
  const thread = await asks(it)
  const until = new Date(now().getTime() + hour)
  assert.deepEqual(await happensBy(it, () => as(it, it.anna, ctx => crm.snooze(ctx, { threads: [thread], until }))), ['Create:Snooze'])
  assert.deepEqual(await happensBy(it, () => tickNow('crm.wake')), [])
  assert.equal((await show(it, thread)).state, 'snoozed')
  later(hour + 1000)
  assert.deepEqual(await happensBy(it, () => tickNow('crm.wake')), ['Undo:Snooze'])
  const { state, snoozedUntil } = await show(it, thread)
  assert.deepEqual([state, snoozedUntil], ['open', null])
  assert.deepEqual(await happensBy(it, () => tickNow('crm.wake')), [])
})

test('labels are words of a conversation: put on once, taken off once, listed while in use', async () => {
  const it = await desk()
  const threads = [await asks(it), await asks(it)]
  const put = () => as(it, it.anna, ctx => crm.label(ctx, { threads, label: ' Late  Delivery ' }))
  assert.deepEqual(await happensBy(it, put), ['Add:Label', 'Add:Label'])
  assert.deepEqual((await put()).changed, [])
  assert.deepEqual((await show(it, threads[0]!)).labels, ['late delivery'])
  const found = await as(it, it.anna, ctx => crm.list(ctx, { view: 'all', label: 'late delivery' }))
  assert.equal(found.items.length, 2)
  const off = () => as(it, it.anna, ctx => crm.unlabel(ctx, { threads, label: 'late delivery' }))
  assert.deepEqual(await happensBy(it, off), ['Remove:Label', 'Remove:Label'])
  assert.deepEqual((await off()).changed, [])
  assert.deepEqual((await as(it, it.anna, ctx => crm.labels(ctx, {}))).items, [])
})

test('what was done to many is undone at once: owners and states are those of before, and what slept has its time again', async () => {
  const it = await desk()
  const [open, snoozed, done] = [await asks(it), await asks(it), await asks(it)]
  const until = new Date(now().getTime() + hour)
  await as(it, it.anna, async ctx => {
    await crm.assign(ctx, { threads: [open], to: it.ben.person })
    await crm.snooze(ctx, { threads: [snoozed], until })
    await crm.finish(ctx, { threads: [done] })
  })
  const stand = async () =>
    Promise.all(
      [open, snoozed, done].map(async thread => {
        const { state, assignee, snoozedUntil } = await show(it, thread)
        return { state, assignee, snoozedUntil: snoozedUntil?.getTime() }
      }),
    )
  const before = await stand()
  const threads = [open, snoozed, done]
  const { was } = await as(it, it.anna, ctx => crm.finish(ctx, { threads }))
  const restored = await happensBy(it, () => as(it, it.anna, ctx => crm.restore(ctx, { was: JSON.stringify(was) })))
  assert.deepEqual(await stand(), before)
  assert.deepEqual(restored, ['Create:Snooze', 'Undo:Closure', 'Undo:Closure'])
  later(hour + 1000)
  await tickNow('crm.wake')
  assert.equal((await show(it, snoozed)).state, 'open')
})

test('an undo that was tampered with is refused and changes nothing', async () => {
  const it = await desk()
  const thread = await asks(it)
  for (const was of ['{', '[]x', '[{"thread":"x"}]', JSON.stringify([{ thread, assignee: null, state: 'gone' }])])
    await assert.rejects(
      as(it, it.anna, ctx => crm.restore(ctx, { was })),
      { code: 'invalid' },
    )
  assert.equal((await show(it, thread)).state, 'open')
})

// —— writing ——

test('a note that mentions a colleague gives them the conversation when it has no owner', async () => {
  const it = await desk()
  const thread = await asks(it)
  const write = () => as(it, it.anna, ctx => crm.note(ctx, { thread, text: 'Could you look?', mentions: [it.ben.person!] }))
  assert.deepEqual(await happensBy(it, write), ['Add:Assignment', 'Create:Note', 'Offer:Mention'])
  assert.equal((await show(it, thread)).assignee, it.ben.person)
  await as(it, it.anna, ctx => crm.note(ctx, { thread, text: 'And you?', mentions: [it.owner.person!] }))
  const { assignee, state } = await show(it, thread)
  assert.deepEqual([assignee, state], [it.ben.person, 'open'])
  later(10_000)
  await tickNow('deliveries.sendDue')
  await house.settle()
  assert.ok(!sent.some(text => /Could you|And you/.test(text)))
})

test('an answer makes the conversation wait, and its writer the owner when there was none', async () => {
  const it = await desk()
  const thread = await asks(it)
  const happened = await happensBy(it, () => as(it, it.anna, ctx => crm.reply(ctx, { thread, text: 'Soon.' })))
  assert.deepEqual(happened, ['Add:Assignment', 'Create:Message'])
  const { state, assignee, askedAt } = await show(it, thread)
  assert.deepEqual([state, assignee, askedAt], ['waiting', it.anna.person, null])
  later(10_000)
  await tickNow('deliveries.sendDue')
  await house.settle()
  assert.ok(sent.includes('Soon.'))
})

test('a colleague’s answer in the meantime is pointed out once; who has seen it may answer', async () => {
  const it = await desk()
  const thread = await asks(it)
  const { content } = await as(it, it.anna, ctx => crm.reply(ctx, { thread, text: 'Mine.' }))
  const write = (seen?: string) => as(it, it.ben, ctx => crm.reply(ctx, { thread, text: 'And mine.', ...(seen && { seen }) }))
  await assert.rejects(write(), { code: 'conflict', key: 'crm.answeredMeanwhile', values: { name: 'Anna' } })
  assert.deepEqual(await happensBy(it, () => write().catch(() => {})), [])
  assert.deepEqual(await happensBy(it, () => write(content)), ['Create:Message'])
})

test('of two who answer at the same moment one is asked to look first', async () => {
  const it = await desk()
  const thread = await asks(it)
  const tries = await Promise.allSettled([it.anna, it.ben].map(who => as(it, who, ctx => crm.reply(ctx, { thread, text: 'Me!' }))))
  assert.deepEqual(tries.map(each => each.status).sort(), ['fulfilled', 'rejected'])
})

test('an answer that is taken back leaves nothing finished, and never leaves', async () => {
  const it = await desk()
  const thread = await asks(it)
  const { delivery } = await as(it, it.anna, ctx => crm.reply(ctx, { thread, text: 'Oh no.', done: 'done' }))
  assert.equal((await show(it, thread)).state, 'done')
  const happened = await happensBy(it, () => as(it, it.anna, ctx => crm.unsend(ctx, { thread, delivery })))
  assert.deepEqual(happened, ['Delete:Message', 'Remove:Assignment', 'Undo:Closure', 'Undo:Message'])
  const { state, closedAt, askedAt } = await show(it, thread)
  assert.deepEqual([state, closedAt, askedAt !== null], ['open', null, true])
  later(10_000)
  await tickNow('deliveries.sendDue')
  await house.settle()
  assert.ok(!sent.includes('Oh no.'))
})

test('an answer that is taken back leaves the conversation as it stood: its state, its owner, and since when somebody waits', async () => {
  const it = await desk()
  const until = new Date(now().getTime() + hour)
  const stands = async (thread: string) => {
    const { state, assignee, askedAt, snoozedUntil } = await show(it, thread)
    return { state, assignee, askedAt, snoozedUntil }
  }
  const [open, waiting, snoozed] = [await asks(it), await asks(it), await asks(it)]
  await as(it, it.ben, ctx => crm.reply(ctx, { thread: waiting, text: 'Soon.' }))
  await as(it, it.ben, ctx => crm.snooze(ctx, { threads: [snoozed], until }))
  await house.settle()
  for (const done of [undefined, 'done'] as const)
    for (const thread of [open, waiting, snoozed]) {
      const before = await stands(thread)
      const { latestAnswer } = await as(it, it.anna, ctx => threadOf(ctx, thread))
      const seen = latestAnswer && { seen: latestAnswer.id }
      const { delivery } = await as(it, it.anna, ctx => crm.reply(ctx, { thread, text: 'Oh no.', ...seen, ...(done && { done }) }))
      assert.equal((await stands(thread)).state, done ?? 'waiting')
      await as(it, it.anna, ctx => crm.unsend(ctx, { thread, delivery }))
      await house.settle()
      assert.deepEqual(await stands(thread), before)
    }
})

test('what happened to a conversation after an answer stays when the answer is taken back', async () => {
  const it = await desk()
  const { thread, remoteId } = await hears(it)
  const { askedAt } = await show(it, thread)
  const { delivery } = await as(it, it.anna, ctx => crm.reply(ctx, { thread, text: 'Oh no.', done: 'done' }))
  await hears(it, { answers: [remoteId] })
  await as(it, it.anna, ctx => crm.assign(ctx, { threads: [thread], to: it.ben.person }))
  await as(it, it.anna, ctx => crm.unsend(ctx, { thread, delivery }))
  const now = await show(it, thread)
  assert.deepEqual([now.state, now.assignee, now.askedAt], ['open', it.ben.person, askedAt])
})

test('an answer is taken back only in its own conversation', async () => {
  const it = await desk()
  const [thread, another] = [await asks(it), await asks(it)]
  const { delivery } = await as(it, it.anna, ctx => crm.reply(ctx, { thread, text: 'Stays.' }))
  await assert.rejects(
    as(it, it.anna, ctx => crm.unsend(ctx, { thread: another, delivery })),
    { code: 'notFound' },
  )
  assert.equal((await show(it, thread)).state, 'waiting')
})

// —— hearing ——

test('new mail opens what was done and what sleeps, and says so', async () => {
  const it = await desk()
  const [first, second] = [await hears(it), await hears(it)]
  await as(it, it.anna, ctx => crm.finish(ctx, { threads: [first.thread] }))
  await as(it, it.anna, ctx => crm.snooze(ctx, { threads: [second.thread], until: new Date(now().getTime() + hour) }))
  assert.deepEqual(await happensBy(it, () => hears(it, { answers: [first.remoteId] })), ['Create:Message', 'Undo:Closure'])
  assert.deepEqual(await happensBy(it, () => hears(it, { answers: [second.remoteId] })), ['Create:Message', 'Undo:Snooze'])
  for (const { thread } of [first, second]) {
    const { state, closedAt, snoozedUntil, askedAt } = await show(it, thread)
    assert.deepEqual([state, closedAt, snoozedUntil, askedAt !== null], ['open', null, null, true])
  }
})

test('what a machine wrote opens nothing, and nothing answers it', async () => {
  const it = await desk()
  const { remoteId, thread } = await hears(it)
  await as(it, it.anna, ctx => crm.finish(ctx, { threads: [thread] }))
  const away = () => hears(it, { answers: [remoteId], automatic: 'auto-reply', text: 'I am away.' })
  assert.deepEqual(await happensBy(it, away), ['Create:Message'])
  const { state, closedAt } = await show(it, thread)
  assert.deepEqual([state, closedAt !== null], ['done', true])
  await hears(it, { automatic: 'auto-reply', text: 'I am away, too.' })
  const { rows } = await asSystem(it.org, ctx => sql`select id from delivery`.execute(ctx.db))
  assert.deepEqual(rows, [])
})

test('a mail that comes after our answer opens again what it dates from before: what decides is when it was heard', async () => {
  const it = await desk()
  const until = new Date(now().getTime() + hour)
  for (const put of [
    (thread: string) => as(it, it.anna, ctx => crm.finish(ctx, { threads: [thread] })),
    (thread: string) => as(it, it.anna, ctx => crm.snooze(ctx, { threads: [thread], until })),
    async () => {},
  ]) {
    const { remoteId, thread } = await hears(it)
    await as(it, it.anna, ctx => crm.reply(ctx, { thread, text: 'Soon.' }))
    await put(thread)
    await house.settle()
    const at = new Date(now().getTime() - 10 * hour)
    await hears(it, { answers: [remoteId], at })
    const { state, snoozedUntil, closedAt, askedAt } = await show(it, thread)
    assert.deepEqual([state, snoozedUntil, closedAt, askedAt?.getTime()], ['open', null, null, at.getTime()])
  }
})

test('what was caught up with at once counts in the order in which it came in, whatever its dates', async () => {
  const it = await desk()
  const ago = (hours: number) => new Date(now().getTime() - hours * hour)
  const hearsAll = async (thread: string, order: ('question' | 'answer')[]) => {
    const messages = order.map((kind, at): HeardMessage => {
      const [we, they] = [
        { network: 'post', address: 'us@example.com' },
        { network: 'post', address: 'carla@example.org' },
      ]
      const asked = kind === 'question'
      const direction = asked ? 'in' : 'out'
      const ends = { from: asked ? they : we, to: [asked ? we : they], copied: [], answers: [thread] }
      return { is: 'message', remoteId: `${thread} ${at}`, direction, at: ago(asked ? 9 : 5), ...ends, text: kind, attachments: [] }
    })
    await takeInForGood(it.org, { channel: 'post', account: it.account }, messages, async () => {})
    await house.settle()
  }
  for (const [order, state] of [
    [['question', 'answer'], 'waiting'],
    [['answer', 'question'], 'open'],
  ] as const) {
    const { remoteId, thread } = await hears(it, { at: ago(10) })
    await hearsAll(remoteId, [...order])
    assert.equal((await show(it, thread)).state, state)
  }
})

test('imported mail wakes nobody: what is old is done, what is known stays as it is', async () => {
  const it = await desk()
  const old = new Date(Date.now() - 40 * 24 * hour)
  const { thread, remoteId } = await hears(it, { at: old }, true)
  assert.equal((await show(it, thread)).state, 'done')
  assert.deepEqual(await happensBy(it, () => hears(it, { answers: [remoteId] }, true)), ['Create:Message'])
  assert.equal((await show(it, thread)).state, 'done')
})

// —— counting and walls ——

const recounted = (ctx: Ctx) =>
  sql<{ state: string; assignee: string; n: number }>`
    select state, coalesce(assignee, '00000000-0000-0000-0000-000000000000') as assignee, count(*) as n from conversation group by 1, 2 order by 1, 2`.execute(
    ctx.db,
  )
const counted = (ctx: Ctx) =>
  sql<{ state: string; assignee: string; n: number }>`select state, assignee, n from conversation_count where n <> 0 order by 1, 2`.execute(
    ctx.db,
  )

test('the counts are those of a recount, whatever is done in whatever order', async () => {
  const it = await desk()
  const threads = [await asks(it), await asks(it), await asks(it), await asks(it)]
  const people = [it.anna, it.ben]
  const step = fc.record({
    deed: fc.constantFrom('take', 'nobody', 'finish', 'reopen', 'snooze', 'fail'),
    who: fc.nat(1),
    which: fc.uniqueArray(fc.nat(3), { minLength: 1 }),
  })
  type Step = typeof step extends fc.Arbitrary<infer S> ? S : never
  const doIt = (ctx: Ctx, { deed, which }: Step): Promise<unknown> => {
    const chosen = which.map(at => threads[at]!)
    if (deed === 'take') return crm.take(ctx, { threads: chosen })
    if (deed === 'nobody') return crm.assign(ctx, { threads: chosen, to: null })
    if (deed === 'finish') return crm.finish(ctx, { threads: chosen })
    if (deed === 'reopen') return crm.reopen(ctx, { threads: chosen })
    if (deed === 'snooze') return crm.snooze(ctx, { threads: chosen, until: new Date(Date.now() + hour) })
    // What fails half way counts nothing.
    return crm.finish(ctx, { threads: chosen }).then(() => Promise.reject(new Error('rolled back')))
  }
  const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async steps => {
    await Promise.all(steps.map(each => as(it, people[each.who]!, ctx => doIt(ctx, each)).catch(() => {})))
    const [is, should] = await asSystem(it.org, async ctx => [(await counted(ctx)).rows, (await recounted(ctx)).rows])
    assert.deepEqual(is, should)
  })
  await fc.assert(property, { numRuns: process.env.FULL ? 300 : 25, seed: 11 })
  const counts = await as(it, it.anna, ctx => crm.counts(ctx, {}))
  assert.equal(counts.all, 4)
  assert.equal(counts.open + counts.waiting + counts.snoozed + counts.done, 4)
})

test('a conversation of another organisation answers like one that does not exist, for every deed', async () => {
  const [it, other] = [await desk(), await desk()]
  const theirs = await asks(other)
  const mine = await asks(it)
  const answerTo = (thread: string) =>
    as(it, it.anna, async ctx => {
      const deeds = [
        () => crm.show(ctx, { thread }),
        () => crm.reply(ctx, { thread, text: 'x' }),
        () => crm.note(ctx, { thread, text: 'x' }),
        () => crm.unsend(ctx, { thread, delivery: newId() }),
        () => crm.take(ctx, { threads: [mine, thread] }),
        () => crm.assign(ctx, { threads: [thread], to: null }),
        () => crm.finish(ctx, { threads: [thread] }),
        () => crm.reopen(ctx, { threads: [thread] }),
        () => crm.snooze(ctx, { threads: [thread], until: new Date(now().getTime() + hour) }),
        () => crm.label(ctx, { threads: [thread], label: 'x' }),
        () => crm.unlabel(ctx, { threads: [thread], label: 'x' }),
        () => crm.restore(ctx, { was: JSON.stringify([{ thread, assignee: null, state: 'done', snoozedUntil: null }]) }),
      ]
      const answers: string[] = []
      for (const deed of deeds) answers.push(await deed().then(() => 'done', String))
      return answers
    })
  const answers = await answerTo(theirs)
  assert.deepEqual(answers, await answerTo(newId()))
  assert.deepEqual(new Set(answers), new Set(['Refusal: notFound: kernel.notFound']))
  assert.equal((await as(other, other.anna, ctx => crm.show(ctx, { thread: theirs }))).assignee, null)
})

test('who may only write within the house sees and changes no conversation', async () => {
  const it = await desk()
  const thread = await asks(it)
  for (const role of ['member', 'guest', 'customer'] as const) {
    await assert.rejects(
      house.as(it.org, role, ctx => crm.show(ctx, { thread })),
      { code: 'forbidden' },
    )
    await assert.rejects(
      house.as(it.org, role, ctx => crm.finish(ctx, { threads: [thread] })),
      { code: 'forbidden' },
    )
  }
})

test('what is taken back as if it had never come leaves the inbox; where something else was said, the conversation shows the rest', async () => {
  const it = await desk()
  const [first, second] = [await hears(it, { text: 'one' }), await hears(it, { text: 'two' })]
  await hears(it, { answers: [second.remoteId], text: 'three' })
  await as(it, it.anna, ctx => crm.label(ctx, { threads: [first.thread, second.thread], label: 'old' }))
  await asSystem(it.org, async ctx => {
    const { rows } = await sql<{ id: string }>`
      select id from content where text in ('one', 'three') order by id`.execute(ctx.db)
    await takeBack(
      ctx,
      rows.map(row => row.id),
    )
    await recount(ctx, [first.thread, second.thread])
  })
  await house.settle()
  const { items } = await as(it, it.anna, ctx => crm.list(ctx, { view: 'all' }))
  assert.deepEqual(
    items.map(each => [each.thread, each.snippet]),
    [[second.thread, 'two']],
  )
  const labelled = await as(it, it.anna, ctx => crm.list(ctx, { view: 'all', label: 'old' }))
  assert.equal(labelled.items.length, 1)
  await assert.rejects(show(it, first.thread), { code: 'notFound' })
})
