import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { sql } from 'kysely'
import { setClock } from '#kernel/clock.ts'
import { asSystem } from '#kernel/db.ts'
import { Refusal } from '#kernel/errors.ts'
import { keep } from '#kernel/files.ts'
import { tickNow } from '#kernel/jobs.ts'
import { testHouse } from '#kernel/testing.ts'
import * as accounts from '#social/accounts/actions.ts'
import { amendmentsOf } from '#social/amendments/actions.ts'
import { openAccount } from '#social/channels/actions.ts'
import type { HeardMessage } from '#social/channels/words.ts'
import { attachmentsOf, contentOf } from '#social/content/actions.ts'
import { saidOpenly, saidOpenlyAs } from '#social/deliveries/actions.ts'
import { takeInForGood } from '#social/intake/actions.ts'
import { reactionsOf } from '#social/reactions/actions.ts'
import {
  actsOf,
  answer,
  cancel,
  change,
  hide,
  leaveStanding,
  pin,
  quotedIn,
  reactTo,
  reschedule,
  show,
  tryAmendmentAgain,
  unpin,
  withdraw,
} from './actions.ts'
import { amended, calls, type Desk, deskIn, done, later, liked, now, plans, question } from './testing.ts'

const house = await testHouse()
const { desk, write, post, fate, state, run: runOnly } = deskIn(house)
const run = () => runOnly('amendments.carryOutDue')
afterEach(() => setClock())

const refusedWith = (key: string) => (error: unknown) =>
  error instanceof Refusal && (error.key === key || error.fields.some(each => each.key === key))

const read = (it: Desk, content: string) => asSystem(it.org, async ctx => (await contentOf(ctx, [content])).get(content)!)
const picture = async (it: Desk, name: string, alt: string | null = null) => {
  const file = await house.as(it.org, it.agent, ctx => keep(ctx, Buffer.from(name), { name }))
  return { file, name, type: 'text/plain', size: name.length, alt }
}

test('a post is for colleagues until it is out, then for everybody; its parts, pictures and descriptions leave with it', async () => {
  const it = await desk('named')
  const [one, two] = [await picture(it, 'one.txt', 'A red bicycle'), await picture(it, 'two.txt')]
  const before = (await house.happened(it.org)).length
  const { content, thread } = await post(it, 'First.', {
    attachments: [one],
    parts: [{ text: 'Second.', attachments: [two] }, { text: 'Third.' }],
    warning: 'Bicycles',
    repliesFrom: 'followed',
    language: 'en',
  })
  assert.deepEqual([(await read(it, content)).audience, (await read(it, content)).text], ['staff', 'First.\n\nSecond.\n\nThird.'])
  await run()
  assert.deepEqual([await state(it, content), (await read(it, content)).audience], ['sent', 'public'])
  const { attachments, parts, ...draft } = done[0]!.draft
  assert.deepEqual(draft, {
    id: content,
    to: [],
    copied: [],
    blindCopied: [],
    text: 'First.',
    answers: [],
    open: true,
    warning: 'Bicycles',
    repliesFrom: 'followed',
    language: 'en',
  })
  assert.deepEqual(
    [attachments.map(each => [each.name, each.alt]), parts!.map(part => [part.text, part.attachments.length])],
    [
      [['one.txt', 'A red bicycle']],
      [
        ['Second.', 1],
        ['Third.', 0],
      ],
    ],
  )
  assert.deepEqual((await house.happened(it.org)).slice(before), ['Create:Message', 'Announce:Message'])
  const hung = await asSystem(it.org, ctx => attachmentsOf(ctx, [content]))
  assert.deepEqual(
    hung.get(content)!.map(each => each.alt),
    ['A red bicycle', null],
  )
  const open = await asSystem(
    it.org,
    async ctx => (await sql<{ audience: string }>`select audience from thread where id = ${thread}`.execute(ctx.db)).rows,
  )
  assert.deepEqual(open, [{ audience: 'public' }])

  const acts = async () => {
    const fates = new Map([[content, await fate(it, content)]])
    return house.as(
      it.org,
      it.agent,
      async ctx => (await actsOf(ctx, [(await contentOf(ctx, [content])).get(content)!], fates)).get(content)!,
    )
  }
  const { mayChange, mayWithdraw, parts: others } = await acts()
  assert.deepEqual([mayChange, mayWithdraw, others], [true, true, 2])
  const [path, browser] = [`/messages/${content}/change`, await house.browser(it.org, it.agent)]
  const reading = await (await browser.get(`/threads/${thread}/read`)).text()
  assert.ok(reading.includes(`href="${path}"`) && reading.includes(`action="/messages/${content}/withdraw"`), 'also where it is only read')
  const page = await (await browser.get(path)).text()
  for (const text of ['First.', 'Second.', 'Third.']) assert.ok(page.includes(`>${text}</textarea>`), text)
  const typed = new FormData()
  for (const [name, text] of [['text', 'First!'], ['part', 'Second!'], ['part', 'Third!']]) typed.append(name!, text!) // biome-ignore format: one list
  assert.ok((await browser.post(path, typed)).status < 400)
  await run()
  assert.deepEqual(amended, [{ does: 'edit', remoteId: `remote:${content}`, text: 'First!' }])
  assert.equal((await read(it, content)).text, 'First!\n\nSecond!\n\nThird!')
  assert.equal((await (await house.browser(it.org, 'member')).get(path)).status, 403)
  assert.equal((await (await house.browser(await house.organisation(), 'agent')).get(path)).status, 404)
})

test('a post keeps the limits of its network and needs an account that can; who may not write publishes nothing', async () => {
  const it = await desk()
  const long = await picture(it, 'one.txt', 'x'.repeat(21))
  const refused = (text: string, more: Record<string, unknown>, key: string) => assert.rejects(post(it, text, more), refusedWith(key))
  await refused('x'.repeat(1001), {}, 'outbox.tooLong')
  await refused('x', { parts: Array(3).fill({ text: 'y' }) }, 'outbox.tooManyParts')
  await refused('x', { attachments: [long] }, 'outbox.altTooLong')
  await refused('x', { quotes: crypto.randomUUID() }, 'outbox.cannotQuote')
  await refused('x', { account: crypto.randomUUID() }, 'outbox.noAccount')
  await assert.rejects(post({ ...it, agent: await house.member(it.org, 'member') }, 'x'), refusedWith('kernel.forbidden'))
  await run()
  assert.deepEqual(calls, [])
})

test('before it has left, a post is moved, changed and taken back at will', async () => {
  const it = await desk()
  const as = <T>(run: Parameters<typeof house.as<T>>[2]) => house.as(it.org, it.agent, run)
  const first = await post(it, 'At noon.', { dueAt: new Date(now().getTime() + 3_600_000), parts: [{ text: 'And more.' }] })
  assert.deepEqual(await as(ctx => change(ctx, { content: first.content, text: 'At one.', parts: ['And less.'] })), { state: 'changed' })
  await as(ctx => reschedule(ctx, { delivery: first.delivery, dueAt: new Date(now().getTime() + 7_200_000) }))
  later(3700)
  await run()
  assert.deepEqual([await state(it, first.content), calls.length], ['waiting', 0])
  later(3700)
  await run()
  const { text, parts } = done[0]!.draft
  assert.deepEqual([await state(it, first.content), text, parts!.map(part => part.text)], ['sent', 'At one.', ['And less.']])
  await assert.rejects(
    as(ctx => reschedule(ctx, { delivery: first.delivery, dueAt: now() })),
    refusedWith('outbox.alreadyGone'),
  )
  const second = await post(it, 'Never.')
  assert.equal((await as(ctx => cancel(ctx, { delivery: second.delivery }))).text, 'Never.')
  const third = await post(it, 'Never either.')
  assert.deepEqual(await as(ctx => withdraw(ctx, { content: third.content })), { state: 'gone' })
  await run()
  assert.deepEqual([await state(it, second.content), await state(it, third.content), done.length], ['cancelled', 'cancelled', 1])
})

test('what stands on its network is changed and taken away there, once, however often it has to be tried', async () => {
  const it = await desk('named')
  const as = <T>(run: Parameters<typeof house.as<T>>[2]) => house.as(it.org, it.agent, run)
  const { content } = await post(it, 'Teh news.')
  await run()
  const remoteId = `remote:${content}`
  plans.set(`edit ${remoteId}`, ['down', 'dropped'])
  assert.deepEqual(await as(ctx => change(ctx, { content, text: 'The news.' })), { state: 'asked' })
  await as(ctx => change(ctx, { content, text: 'The good news.' }))
  for (let at = 0; at < 3; at++) {
    await run()
    later(200)
  }
  assert.deepEqual(new Set(amended.map(each => each.text)), new Set(['The good news.']))
  assert.deepEqual(
    (await asSystem(it.org, ctx => amendmentsOf(ctx, [content]))).map(each => [each.does, each.state]),
    [['edit', 'done']],
  )
  plans.set(`remove ${remoteId}`, ['rejected'])
  await as(ctx => withdraw(ctx, { content }))
  await run()
  const failed = (await asSystem(it.org, ctx => amendmentsOf(ctx, [content]))).find(each => each.does === 'remove')!
  assert.deepEqual([failed.state, failed.says, (await read(it, content)).deletedAt], ['failed', 'test.says', null])
  assert.ok((await house.happened(it.org)).includes('Reject:Amendment'))
  await as(ctx => tryAmendmentAgain(ctx, { amendment: failed.id }))
  await run()
  assert.deepEqual([amended.at(-1)!.does, (await read(it, content)).deletedAt !== null], ['remove', true])
  await assert.rejects(
    as(ctx => change(ctx, { content, text: 'x' })),
    refusedWith('kernel.notFound'),
  )
})

test('what is on its way waits, a network that cannot is named, and what others said is not ours to change', async () => {
  const it = await desk('blind')
  const as = <T>(run: Parameters<typeof house.as<T>>[2]) => house.as(it.org, it.agent, run)
  const doubtful = await post(it, 'Was it?')
  plans.set('Was it?', ['dropped'])
  await run()
  await assert.rejects(
    as(ctx => withdraw(ctx, { content: doubtful.content })),
    refusedWith('outbox.underWay'),
  )
  const sent = await post(it, 'It was.')
  await run()
  await assert.rejects(
    as(ctx => change(ctx, { content: sent.content, text: 'x' })),
    refusedWith('outbox.cannotChange'),
  )
  await assert.rejects(
    as(ctx => withdraw(ctx, { content: sent.content })),
    refusedWith('outbox.cannotWithdraw'),
  )
  await it.thread('theirs')
  const [theirs] = await asSystem(
    it.org,
    async ctx => (await sql<{ id: string }>`select id from content where side = 'outside'`.execute(ctx.db)).rows,
  )
  await assert.rejects(
    as(ctx => change(ctx, { content: theirs!.id, text: 'x' })),
    refusedWith('kernel.notFound'),
  )
  await assert.rejects(
    as(ctx => reactTo(ctx, { content: theirs!.id, kind: 'like' })),
    refusedWith('outbox.cannotReact'),
  )
  await assert.rejects(
    house.as(it.org, 'member', ctx => withdraw(ctx, { content: sent.content })),
    refusedWith('kernel.forbidden'),
  )
  const other = await house.organisation()
  await assert.rejects(
    house.as(other, 'agent', ctx => withdraw(ctx, { content: sent.content })),
    refusedWith('kernel.notFound'),
  )
})

test('our account’s sign stands on what others said, and only the latest wish counts', async () => {
  const it = await desk('named')
  const as = <T>(run: Parameters<typeof house.as<T>>[2]) => house.as(it.org, it.agent, run)
  await it.thread('theirs')
  const [theirs] = await asSystem(
    it.org,
    async ctx => (await sql<{ id: string }>`select id from content where side = 'outside'`.execute(ctx.db)).rows,
  )
  const content = theirs!.id
  await as(ctx => reactTo(ctx, { content, kind: 'like' }))
  await run()
  await as(ctx => reactTo(ctx, { content, kind: 'share' }))
  await run()
  assert.deepEqual(
    amended.map(each => [each.remoteId, each.kind, each.undone]),
    [
      ['theirs', 'like', false],
      ['theirs', 'share', false],
    ],
  )
  // What our account does is not counted among what others gave.
  assert.deepEqual((await as(ctx => reactionsOf(ctx, [content]))).get(content), undefined)
  for (const undone of [true, false, true]) await as(ctx => reactTo(ctx, { content, kind: 'like', undone }))
  await run()
  assert.deepEqual([amended.at(-1)!.undone, new Set(amended.slice(2).map(each => each.undone))], [true, new Set([true])])
  const told = (await house.happened(it.org)).filter(each => each.endsWith(':Like') || each === 'Like:Message')
  assert.deepEqual(told, ['Like:Message', 'Like:Message', 'Undo:Like', 'Like:Message', 'Undo:Like'])
})

test('an answer in an open thread is open, to the message that was chosen and whoever wrote it', async () => {
  const it = await desk('named')
  const { content: ours, thread } = await post(it, 'News!')
  await run()
  const said = (name: string, address: string) =>
    question('named', name, {
      answers: [`remote:${ours}`],
      open: true,
      from: { network: 'named', address },
      to: [],
      copied: [],
      subject: undefined,
    })
  await takeInForGood(
    it.org,
    { channel: 'named', account: it.account },
    [said('a', 'anna@example.org'), said('b', 'bo@example.org')],
    async () => {},
  )
  const [anna] = await asSystem(
    it.org,
    async ctx => (await sql<{ id: string }>`select id from content where text = 'a question' order by id`.execute(ctx.db)).rows,
  )
  const { content } = await write(it, thread, 'Thanks, Anna.', { answers: anna!.id })
  await run()
  const { open, to, answers } = done[1]!.draft
  assert.deepEqual(
    [open, to.map(each => each.address), answers[0], (await read(it, content)).audience],
    [true, ['anna@example.org'], 'a', 'public'],
  )
  const closed = await house.as(it.org, it.agent, ctx =>
    answer(ctx, { thread, text: 'Between us.', answers: anna!.id, open: false, dueAt: ctx.now }),
  )
  await run()
  assert.deepEqual([done[2]!.draft.open, (await read(it, closed.content)).audience], [undefined, 'thread'])
})

test('what an account said openly is given out at its doors, newest first; what is not out, not open or gone is not', async () => {
  const it = await desk('named')
  const texts = ['one', 'two', 'three']
  for (const text of texts) await post(it, text)
  await run()
  await post(it, 'later', { dueAt: new Date(now().getTime() + 60_000) })
  await write(it, await it.thread(), 'between us')
  const gone = await post(it, 'gone')
  await run()
  await house.as(it.org, it.agent, ctx => withdraw(ctx, { content: gone.content }))
  await run()
  const page = (before?: string) => asSystem(it.org, ctx => saidOpenly(ctx, it.account, { before, limit: 2 }))
  const first = await page()
  const rest = await page(first.next!)
  const shown = [...first.items, ...rest.items]
  assert.deepEqual([shown.map(each => each.draft.text), rest.next], [['three', 'two', 'one'], null])
  const opened = await asSystem(it.org, async ctx => (await openAccount(ctx, it.account))!)
  const as = (remoteId: string) => asSystem(it.org, ctx => saidOpenlyAs(ctx, opened, remoteId))
  assert.equal((await as(shown[0]!.remoteId))!.id, shown[0]!.id)
  assert.deepEqual([await as(`remote:${gone.content}`), await as('nothing')], [null, null])
})

test('an account that is gone, or needs somebody, loses no wish: it waits, or says that it cannot be', async () => {
  const it = await desk('named')
  const { content } = await post(it, 'News.')
  await run()
  await house.as(it.org, 'owner', ctx => accounts.pause(ctx, { account: it.account }))
  await house.as(it.org, it.agent, ctx => change(ctx, { content, text: 'Old news.' }))
  await run()
  assert.deepEqual([amended, (await fate(it, content)).state], [[], 'sent'])
  await house.as(it.org, 'owner', ctx => accounts.resume(ctx, { account: it.account }))
  later(700)
  await run()
  assert.deepEqual(
    amended.map(each => each.text),
    ['Old news.'],
  )
})

const heard = async (it: Desk, ...more: Partial<HeardMessage>[]) => {
  const messages = more.map((each, at) => question(it.network, `heard ${at}`, { text: `heard ${at}`, ...each }))
  await takeInForGood(it.org, { channel: it.network, account: it.account }, messages, async () => {})
  const { rows } = await asSystem(it.org, ctx =>
    sql<{ id: string; thread: string }>`select id, thread from content where side = 'outside' order by text`.execute(ctx.db),
  )
  return rows
}

test('each message says what our account can do with it and how that stands; others’ signs are counted, with who gave them', async () => {
  const it = await desk('named')
  const as = <T>(run: Parameters<typeof house.as<T>>[2]) => house.as(it.org, it.agent, run)
  const [open, alone] = await heard(it, { open: true, waits: true, url: 'https://named.example/1' }, { subject: 'alone' })
  const { content: ours } = await write(it, open!.thread, 'We said.', { answers: open!.id, open: false })
  await run()
  const seen = async (...ids: string[]) => {
    const [contents, fates] = await as(async ctx => [await contentOf(ctx, ids), new Map([[ours, await fate(it, ours)]])] as const)
    const acts = await as(ctx => actsOf(ctx, [...contents.values()], fates))
    return ids.map(id => acts.get(id)!)
  }
  const [first, second, third] = await seen(open!.id, alone!.id, ours)
  const signs = (each: typeof first) => each!.signs.map(({ kind, ours }) => [kind, ours])
  const both = [
    ['like', false],
    ['share', false],
  ]
  assert.deepEqual([signs(first), signs(second), signs(third)], [both, [['like', false]], []])
  assert.deepEqual([first!.seen, second!.seen, third!.mayChange, third!.mayWithdraw], ['waits', null, true, true])
  await as(ctx => reactTo(ctx, { content: open!.id, kind: 'like' }))
  const likes = ['bo', 'eva'].map(name => ({
    is: 'reaction' as const,
    remoteId: name,
    at: new Date(),
    about: 'heard 0',
    from: { network: it.network, address: `${name}@example.org`, name },
    kind: 'like',
  }))
  await takeInForGood(it.org, { channel: it.network, account: it.account }, likes, async () => {})
  const [after] = await seen(open!.id)
  assert.deepEqual(signs(after)[0], ['like', true])
  assert.deepEqual(
    after!.given.map(({ kind, count, people }) => [kind, count, people.map(each => each.name).sort()]),
    [['like', 2, ['bo', 'eva']]],
  )
  await house.as(it.org, 'owner', ctx => accounts.remove(ctx, { account: it.account }))
  const [gone] = await seen(open!.id)
  assert.deepEqual([gone!.signs, gone!.given.length], [[], 1])
})

test('what others said below something of ours is shown and hidden there; the latest wish holds, and answering in public shows it', async () => {
  const it = await desk('named')
  const as = <T>(run: Parameters<typeof house.as<T>>[2]) => house.as(it.org, it.agent, run)
  const [one, two, alone] = await heard(it, { open: true, waits: true }, { open: true, waits: true }, {})
  await as(ctx => show(ctx, { content: one!.id }))
  await run()
  await as(ctx => hide(ctx, { content: one!.id }))
  await write(it, two!.thread, 'Thanks.', { answers: two!.id })
  await run()
  assert.deepEqual(
    ['heard 0', 'heard 1'].map(about => amended.filter(({ remoteId }) => remoteId === about).map(({ does }) => does)),
    [['show', 'hide'], ['show']],
  )
  const ours = done.at(-1)!.key
  for (const [content, key] of [
    [alone!.id, 'outbox.cannotHide'],
    [ours, 'outbox.notOurs'],
    [crypto.randomUUID(), 'kernel.notFound'],
  ] as const)
    await assert.rejects(
      as(ctx => hide(ctx, { content })),
      refusedWith(key),
    )
  await assert.rejects(
    house.as(it.org, 'member', ctx => show(ctx, { content: one!.id })),
    refusedWith('kernel.forbidden'),
  )
})

test('what we said to everybody stands first on our page, and no longer; whoever may not, or what is not there, pins nothing', async () => {
  const it = await desk('named')
  const as = <T>(run: Parameters<typeof house.as<T>>[2]) => house.as(it.org, it.agent, run)
  const { content } = await post(it, 'Open on Sunday.')
  await assert.rejects(
    as(ctx => pin(ctx, { content })),
    refusedWith('outbox.pinOnlyOurs'),
  )
  await run()
  const pinned = async () => {
    const [contents, fates] = await as(
      async ctx => [await contentOf(ctx, [content]), new Map([[content, await fate(it, content)]])] as const,
    )
    return (await as(ctx => actsOf(ctx, [...contents.values()], fates))).get(content)!.pinned
  }
  const before = await pinned()
  await as(ctx => pin(ctx, { content }))
  await as(ctx => pin(ctx, { content }))
  await run()
  const meanwhile = await pinned()
  await as(ctx => unpin(ctx, { content }))
  await run()
  assert.deepEqual([before, meanwhile, await pinned()], [false, true, false])
  assert.deepEqual(
    amended.map(each => each.does),
    ['pin', 'unpin'],
  )
  const [theirs] = await heard(it, { open: true })
  for (const [who, wanted, key] of [
    [it.agent, theirs!.id, 'outbox.pinOnlyOurs'],
    [it.agent, crypto.randomUUID(), 'kernel.notFound'],
    ['member', content, 'kernel.forbidden'],
  ] as const)
    await assert.rejects(
      house.as(it.org, who, ctx => pin(ctx, { content: wanted })),
      refusedWith(key),
    )
})

test('what is to be taken away in a moment can be kept until then', async () => {
  const it = await desk('named')
  const as = <T>(run: Parameters<typeof house.as<T>>[2]) => house.as(it.org, it.agent, run)
  const { content } = await post(it, 'News.')
  await run()
  const inAMoment = () => as(ctx => withdraw(ctx, { content, dueAt: new Date(ctx.now.getTime() + 5000) }))
  await inAMoment()
  await as(ctx => leaveStanding(ctx, { content }))
  later(10)
  await run()
  assert.deepEqual([amended, (await read(it, content)).deletedAt], [[], null])
  await inAMoment()
  later(10)
  await run()
  assert.deepEqual([amended.map(each => each.does), (await read(it, content)).deletedAt !== null], [['remove'], true])
  await assert.rejects(
    as(ctx => leaveStanding(ctx, { content })),
    refusedWith('outbox.tooLateToKeep'),
  )
})

test('an answer is seen as what it answers was: to one alone it goes to nobody else, and what was said to us alone never goes to everybody', async () => {
  const it = await desk('named')
  const [open, alone] = await heard(it, { open: true }, { answers: ['heard 0'] })
  assert.equal(open!.thread, alone!.thread)
  await write(it, open!.thread, 'Between us, as you said it.')
  await run()
  await write(it, open!.thread, 'Everybody.', { answers: open!.id })
  await run()
  await write(it, open!.thread, 'Aside.', { answers: open!.id, open: false })
  await run()
  assert.deepEqual(
    done.map(({ draft }) => [draft.open ?? false, draft.to.length, draft.copied.length]),
    [
      [false, 1, 2],
      [true, 1, 2],
      [false, 1, 0],
    ],
  )
  await assert.rejects(write(it, open!.thread, 'Loud.', { answers: alone!.id, open: true }), refusedWith('outbox.staysBetween'))
  const without = await desk('readable')
  const [said] = await heard(without, { open: true })
  await assert.rejects(write(without, said!.thread, 'x', { open: false }), refusedWith('outbox.noAside'))
})

test('whoever waits before a screen is answered at once; everybody else after a moment', async () => {
  for (const [network, open, atOnce] of [
    ['keyed', undefined, true],
    ['keyed', true, false],
    ['named', undefined, false],
  ] as const) {
    const it = await desk(network)
    const [said] = await heard(it, { open })
    const sent = await write(it, said!.thread, 'Here.', { dueAt: undefined })
    await run()
    assert.deepEqual([sent.atOnce, done.length], [atOnce, atOnce ? 1 : 0], `${network} ${open}`)
  }
})

test('what a message passes on is shown from here, or by its address', async () => {
  const it = await desk('named')
  const [, here, there] = await heard(it, { text: '0 first', open: true }, { quotes: 'heard 0' }, { quotes: 'https://a.example/b' })
  const quoted = await house.as(it.org, it.agent, async ctx => quotedIn(ctx, [...(await contentOf(ctx, [here!.id, there!.id])).values()]))
  assert.deepEqual(
    [quoted.get(here!.id)?.isHere, quoted.get(here!.id)?.author, quoted.get(here!.id)?.text, quoted.get(there!.id)?.text],
    [true, 'Anna', '0 first', 'a.example/b'],
  )
})

test('how a post fares is counted politely, kept, and shown beside it; what the network does not know any more keeps its last count', async () => {
  const it = await desk('named')
  const { content } = await post(it, 'Count me.')
  await run()
  const remoteId = `remote:${content}`
  const count = async (likes: number | undefined, seconds: number) => {
    if (likes === undefined) liked.delete(remoteId)
    else liked.set(remoteId, likes)
    later(seconds)
    await tickNow('deliveries.countSent')
    await house.settle()
    return (await fate(it, content)).counts
  }
  assert.deepEqual(await count(3, 60), { likes: 3 })
  assert.deepEqual(await count(4, 60), { likes: 3 }, 'not asked again so soon')
  assert.deepEqual(await count(4, 1800), { likes: 4 })
  assert.deepEqual(await count(undefined, 1800), { likes: 4 })
  assert.ok((await fate(it, content)).countedAt)
})
