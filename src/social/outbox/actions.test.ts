import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { sql } from 'kysely'
import { setClock } from '#kernel/clock.ts'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { Refusal } from '#kernel/errors.ts'
import { keep } from '#kernel/files.ts'
import { testHouse } from '#kernel/testing.ts'
import * as accounts from '#social/accounts/actions.ts'
import * as brands from '#social/brands/actions.ts'
import * as channels from '#social/channels/actions.ts'
import * as consent from '#social/consent/actions.ts'
import { contentOf } from '#social/content/actions.ts'
import { takeInForGood } from '#social/intake/actions.ts'
import { findOrMeet, whoHas } from '#social/people/actions.ts'
import { answer, cancel, retry, settleUnsure, suggestion } from './actions.ts'
import { calls, type Desk, deskIn, done, later, now, plans, question, says } from './testing.ts'

const house = await testHouse()
const { desk, write, fate, state, told, run } = deskIn(house)
afterEach(() => setClock())

const refusedWith = (key: string) => (error: unknown) =>
  error instanceof Refusal && (error.key === key || error.fields.some(each => each.key === key))

// —— answering ——

test('an answer goes to whoever wrote, copies the others but ourselves, and hangs on what it answers', async () => {
  const it = await desk('named')
  const thread = await it.thread('Where is it?')
  await house.settle()
  const before = (await house.happened(it.org)).length
  const { content } = await write(it, thread, 'On its way.', { blindCopied: [{ address: 'boss@example.com' }] })
  await run()
  assert.equal(await state(it, content), 'sent')
  const { attachments: _, ...draft } = done[0]!.draft
  assert.deepEqual(draft, {
    id: content,
    to: [{ network: 'named', address: 'anna@example.org', name: 'Anna' }],
    copied: [
      { network: 'named', address: 'carl@example.org' },
      { network: 'named', address: 'dora@example.org', name: 'Dora' },
    ],
    blindCopied: [{ network: 'named', address: 'boss@example.com' }],
    subject: 'Re: Where is it?',
    text: 'On its way.',
    answers: ['Where is it?'],
    writtenFrom: 'us@example.com',
  })
  assert.deepEqual((await house.happened(it.org)).slice(before), ['Create:Message'])
  const { content: second } = await write(it, thread, 'It arrived.')
  await run()
  assert.deepEqual(done[1]!.draft.answers, [`remote:${content}`, 'Where is it?'])
  assert.equal(done[1]!.key, second)
})

test('our own copy that the network tells of is known, and an answer to ours finds its thread before the network told its name', async () => {
  const it = await desk('named')
  const thread = await it.thread()
  const { content } = await write(it, thread, 'On its way.')
  const copy = question('named', `remote:${content}`, { direction: 'out', from: { network: 'named', address: 'us@example.com' } })
  const reply = question('named', 'thanks', { answers: [`remote:${content}`] })
  await takeInForGood(it.org, { channel: 'named', account: it.account }, [copy, reply], async () => {})
  const rows = await asSystem(it.org, async ctx => (await sql<{ thread: string }>`select thread from content`.execute(ctx.db)).rows)
  assert.deepEqual(
    rows.map(row => row.thread),
    [thread, thread, thread],
  )
})

test('what is sent for a purpose reaches nobody who has not allowed it, or withdraws before it leaves', async () => {
  const it = await desk('named')
  const thread = await it.thread()
  const manager = await house.member(it.org, 'manager')
  const { purpose } = await house.as(it.org, manager, ctx => consent.purposeMake(ctx, { name: 'Survey' }))
  const to = [{ address: 'anna@example.org' }]
  const send = () => write(it, thread, 'How was it?', { to, copied: [], purpose })
  const person = await house.as(it.org, manager, async ctx => (await whoHas(ctx, [{ network: 'named', normal: 'anna@example.org' }]))[0]!)
  const allow = () =>
    house.as(it.org, manager, ctx => consent.grant(ctx, { person, purpose, source: 'mail', proof: 'Order 7', basis: 'contract' }))
  const sent = done.length
  await assert.rejects(send, refusedWith('consent.neverGiven'))
  await allow()
  await assert.rejects(
    () => write(it, thread, 'How was it?', { to: [{ address: 'nobody@example.org' }], copied: [], purpose }),
    refusedWith('consent.neverGiven'),
  )
  const { content } = await send()
  await house.as(it.org, manager, ctx => consent.withdraw(ctx, { person, purpose, source: 'mail' }))
  await run()
  assert.deepEqual([await state(it, content), done.length], ['cancelled', sent])
  await assert.rejects(send, refusedWith('consent.withdrawn'))
  await allow()
  const { content: second } = await send()
  await run()
  assert.deepEqual([await state(it, second), done.length], ['sent', sent + 1])
  const asked = new URL(done.at(-1)!.draft.leave!).searchParams
  const link = { about: asked.get('about')!, sign: asked.get('sign')! }
  assert.equal(await consent.leaveBehind({ ...link, sign: `${link.sign.slice(1)}x` }), false)
  await house.as(it.org, manager, ctx => consent.requireUse(ctx, person, purpose))
  assert.deepEqual([await consent.leaveBehind(link), await consent.leaveBehind(link)], [true, true])
  await assert.rejects(send, refusedWith('consent.withdrawn'))
  const said = (await house.as(it.org, manager, ctx => consent.show(ctx, { person }))).items[0]!.entries
  assert.deepEqual(said.map(each => [each.allows, each.source]).slice(0, 2), [[false, 'mail'], [true, 'mail']]) // biome-ignore format: rows
})

test('of many people those who withdraw before it leaves get nothing, and everybody else gets it once', async () => {
  const many = process.env.FULL ? 500 : 10
  const it = await desk('named')
  const thread = await it.thread('News')
  const manager = await house.member(it.org, 'manager')
  const { purpose } = await house.as(it.org, manager, ctx => consent.purposeMake(ctx, { name: 'News' }))
  const addresses = Array.from({ length: many }, (_, at) => `p${at}@example.org`)
  const people = await house.as(it.org, manager, ctx =>
    findOrMeet(
      ctx,
      addresses.map(address => ({ network: 'named', address, normal: address, because: 'heard', at: ctx.now })),
    ),
  )
  for (const [at, person] of people.entries()) {
    const grant = { person, purpose, source: 'form' as const, proof: 'List', basis: 'contract' as const }
    await house.as(it.org, manager, ctx => consent.grant(ctx, grant))
    await write(it, thread, 'News', { to: [{ address: addresses[at]! }], copied: [], purpose, dueAt: new Date(now().getTime() + 30_000) })
  }
  const withdrawn = addresses.filter((_, at) => at % 2)
  for (const [at, person] of people.entries())
    if (at % 2) await house.as(it.org, manager, ctx => consent.withdraw(ctx, { person, purpose, source: 'mail' }))
  assert.equal(done.length, 0)
  later(60)
  for (let turn = 0; turn < many && done.length < many / 2; turn++) await run()
  await run()
  const got = done.flatMap(each => each.draft.to.map(to => to.address))
  console.log(`${withdrawn.length} cases, ${withdrawn.filter(each => got.includes(each)).length} failed`)
  assert.deepEqual(got.toSorted(), addresses.filter((_, at) => at % 2 === 0).toSorted())
})

test('what would be used if nothing is chosen can be seen beforehand; replies go where they are asked for', async () => {
  const it = await desk()
  const asks = { replyTo: [{ network: 'readable', address: 'team@example.org' }] }
  await takeInForGood(it.org, { channel: 'readable', account: it.account }, [question('readable', 'q', asks)], async () => {})
  const thread = await asSystem(it.org, async ctx => (await sql<{ id: string }>`select id from thread`.execute(ctx.db)).rows[0]!.id)
  assert.deepEqual(await house.as(it.org, it.agent, ctx => suggestion(ctx, { thread })), {
    account: it.account,
    channel: 'readable',
    to: [{ address: 'team@example.org' }],
    copied: [{ address: 'carl@example.org' }, { address: 'dora@example.org', name: 'Dora' }],
    subject: 'Re: q',
  })
})

test('files go out with the answer', async () => {
  const it = await desk()
  const thread = await it.thread()
  const file = await house.as(it.org, it.agent, ctx => keep(ctx, Buffer.from('north'), { name: 'map.txt' }))
  await write(it, thread, 'See the map.', { attachments: [{ file, name: 'map.txt', type: 'text/plain', size: 5 }] })
  await run()
  const [sent] = done[0]!.draft.attachments
  assert.deepEqual([sent!.name, sent!.type, Buffer.from(sent!.content).toString()], ['map.txt', 'text/plain', 'north'])
})

test('an answer keeps the limits of its network, needs somebody to go to, and an account that is there', async () => {
  const it = await desk()
  const thread = await it.thread()
  const kept = await house.as(it.org, it.agent, ctx => keep(ctx, Buffer.alloc(600, 'x'), { name: 'a' }))
  // The size that the writer tells does not count.
  const file = { file: kept, name: 'a', type: 'b', size: 1 }
  const refused = (text: string, more: Record<string, unknown>, key: string) =>
    assert.rejects(write(it, thread, text, more), refusedWith(key))
  await refused('x'.repeat(1001), {}, 'outbox.tooLong')
  await refused('x', { attachments: [file, file, file] }, 'outbox.tooManyFiles')
  await refused('x', { attachments: [file, file] }, 'outbox.filesTooLarge')
  await refused('x', { to: [] }, 'outbox.noRecipient')
  await refused('x', { account: crypto.randomUUID() }, 'outbox.noAccount')
  await refused('x', { noun: 'Note' }, 'kernel.fault.unknown')
  await house.as(it.org, 'owner', ctx => accounts.remove(ctx, { account: it.account }))
  await refused('x', {}, 'outbox.accountGone')
  const other = await desk()
  await assert.rejects(write({ ...it, org: other.org, agent: other.agent }, thread, 'x'), refusedWith('kernel.notFound'))
  await assert.rejects(
    house.as(it.org, 'member', ctx => answer(ctx, { thread, text: 'x' })),
    refusedWith('kernel.forbidden'),
  )
  assert.deepEqual([done, calls], [[], []])
})

test('what cannot be read where it was said goes on by another account, once; whoever comes back by that is answered by that', async () => {
  const it = await desk('blind')
  const thread = await it.thread()
  const { content } = await write(it, thread, 'On its way.')
  await run()
  const { account } = (await asSystem(it.org, ctx => channels.openAccount(ctx, it.account)))!
  const passOn = (remoteId = `remote:${content}`) => account.passOn(remoteId, 'anna@example.org')
  await assert.rejects(passOn(), { kind: 'rejected', says: 'channels.passNoWay' })
  await house.as(it.org, 'owner', ctx => accounts.connect(ctx, { channel: 'named', asked: { address: 'us@example.com' } }))
  await house.settle()
  await assert.rejects(passOn('remote:unknown'), { kind: 'rejected', says: 'channels.passUnknown' })
  await Promise.all([passOn(), passOn()])
  await passOn()
  await run()
  assert.deepEqual(
    done.map(({ key, draft }) => [key, draft.to, draft.text]),
    [
      [content, [{ network: 'blind', address: 'anna@example.org', name: 'Anna' }], 'On its way.'],
      [content, [{ network: 'named', address: 'anna@example.org' }], 'On its way.'],
    ],
  )
  const named = (await asSystem(it.org, channels.allAccounts)).find(each => each.channel === 'named')!
  const back = question('named', 'thanks', { answers: [`remote:${content}`] })
  await takeInForGood(it.org, { channel: 'named', account: named.id }, [back], async () => {})
  const next = await house.as(it.org, it.agent, ctx => suggestion(ctx, { thread }))
  assert.deepEqual([next.channel, next.account], ['named', named.id])
  // Whoever answers from the very address is who it was said to; anybody else who joins in is not.
  const other = question('named', 'me too', {
    answers: ['thanks'],
    from: { network: 'named', address: 'eva@example.org', name: 'Eva' },
  })
  await takeInForGood(it.org, { channel: 'named', account: named.id }, [other], async () => {})
  await house.settle()
  const stands = async (...handles: [network: string, address: string][]) =>
    asSystem(it.org, ctx =>
      whoHas(
        ctx,
        handles.map(([network, normal]) => ({ network, normal })),
      ),
    )
  const [visitor, writer, eva] = await stands(['blind', 'anna@example.org'], ['named', 'anna@example.org'], ['named', 'eva@example.org'])
  assert.deepEqual([visitor === writer, eva === writer], [true, false])
})

// —— taking back ——

test('an answer waits a few seconds; taken back by its writer it never leaves, and its text comes back', async () => {
  const it = await desk()
  const thread = await it.thread()
  const { content, delivery } = await house.as(it.org, it.agent, ctx => answer(ctx, { thread, text: 'Oh no.' }))
  await run()
  assert.equal(await state(it, content), 'waiting')
  assert.deepEqual(await house.as(it.org, it.agent, ctx => cancel(ctx, { delivery })), { thread, text: 'Oh no.' })
  later(10)
  await run()
  assert.deepEqual([await state(it, content), calls], ['cancelled', []])
  await assert.rejects(
    house.as(it.org, it.agent, ctx => cancel(ctx, { delivery })),
    refusedWith('outbox.alreadyCancelled'),
  )
  assert.ok((await house.happened(it.org)).includes('Undo:Message'))
})

test('what has left cannot be taken back', async () => {
  const it = await desk()
  const { delivery } = await write(it, await it.thread(), 'Gone.')
  await run()
  await assert.rejects(
    house.as(it.org, it.agent, ctx => cancel(ctx, { delivery })),
    refusedWith('outbox.alreadyGone'),
  )
})

const change = (it: Desk, content: string, what: 'edited_at' | 'deleted_at') =>
  asSystem(it.org, (ctx: Ctx) =>
    sql`update content set ${sql.ref(what)} = now() + interval '1 second' where id = ${content}`.execute(ctx.db),
  )

test('deleted before it went out means that it does not go out', async () => {
  const it = await desk()
  const { content } = await write(it, await it.thread(), 'Removed.')
  await change(it, content, 'deleted_at')
  await run()
  assert.deepEqual([await state(it, content), calls], ['cancelled', []])
})

test('edited before it went out means that it does not go out; its writer is told, and sends it as it is now', async () => {
  const it = await desk()
  const { content, delivery } = await write(it, await it.thread(), 'Changed.')
  await change(it, content, 'edited_at')
  await run()
  assert.deepEqual([await state(it, content), calls], ['failed', []])
  assert.deepEqual(await told(it), ['deliveries.told.edited'])
  later(5)
  await house.as(it.org, it.agent, ctx => retry(ctx, { delivery }))
  await run()
  assert.deepEqual([await state(it, content), done.length], ['sent', 1])
})

// —— what networks do ——

test('a network that is down is tried again; after a day of it the writer is told and may send it again', async () => {
  const it = await desk()
  const { content, delivery } = await write(it, await it.thread(), 'Hello.')
  plans.set('Hello.', Array(20).fill('down'))
  for (let at = 0; at < 9; at++) {
    await run()
    assert.deepEqual([await state(it, content), calls.length, await told(it)], ['waiting', at + 1, []])
    later(30 * 3600)
  }
  await run()
  assert.deepEqual([await state(it, content), calls.length, await told(it)], ['failed', 10, ['deliveries.told.gaveUp']])
  plans.clear()
  await house.as(it.org, it.agent, ctx => retry(ctx, { delivery }))
  await run()
  assert.deepEqual([await state(it, content), done.length], ['sent', 1])
  await assert.rejects(
    house.as(it.org, it.agent, ctx => retry(ctx, { delivery })),
    refusedWith('outbox.notFailed'),
  )
})

test('a network that asks for silence is left in peace until then, by every answer of the account', async () => {
  const it = await desk()
  const first = await write(it, await it.thread(), 'One.')
  plans.set('One.', ['wait'])
  await run()
  const second = await write(it, await it.thread(), 'Two.')
  await run()
  later(60)
  await run()
  assert.deepEqual([await state(it, first.content), await state(it, second.content), calls.length], ['waiting', 'waiting', 1])
  later(31)
  await run()
  assert.deepEqual([await state(it, first.content), await state(it, second.content), calls.length], ['sent', 'sent', 3])
})

test('a refused sign-in stops the account, not the answers: they leave once it is connected again', async () => {
  const it = await desk()
  const first = await write(it, await it.thread(), 'One.')
  plans.set('One.', ['reconnect'])
  await run()
  const second = await write(it, await it.thread(), 'Two.')
  later(3600)
  await run()
  assert.equal(calls.length, 1)
  const { items } = await house.as(it.org, it.agent, ctx => channels.accounts(ctx, {}))
  assert.equal(items[0]!.state, 'reconnect')
  await house.as(it.org, 'owner', ctx => accounts.tryAgain(ctx, { account: it.account }))
  await house.settle()
  assert.deepEqual([await state(it, first.content), await state(it, second.content)], ['sent', 'sent'])
})

test('a paused account sends nothing until it is resumed; a removed one never will, and the writer is told', async () => {
  const it = await desk()
  const first = await write(it, await it.thread(), 'One.')
  await house.as(it.org, 'owner', ctx => accounts.pause(ctx, { account: it.account }))
  await run()
  assert.deepEqual([await state(it, first.content), calls.length], ['waiting', 0])
  await house.as(it.org, 'owner', ctx => accounts.resume(ctx, { account: it.account }))
  await run()
  assert.equal(await state(it, first.content), 'sent')
  const thread = await it.thread()
  const second = await house.as(it.org, it.agent, ctx => answer(ctx, { thread, text: 'Two.' }))
  await house.as(it.org, 'owner', ctx => accounts.remove(ctx, { account: it.account }))
  later(10)
  await run()
  assert.deepEqual([await state(it, second.content), calls.length, await told(it)], ['failed', 1, ['deliveries.told.accountGone']])
})

test('a refusal is final, loud, and says why', async () => {
  const it = await desk()
  const { content } = await write(it, await it.thread(), 'Hello.')
  plans.set('Hello.', ['rejected'])
  await run()
  later(100_000)
  await run()
  const { state: is, says: why } = await fate(it, content)
  assert.deepEqual([is, why, calls.length, await told(it)], ['failed', says, 1, ['deliveries.told.rejected']])
  assert.ok((await house.happened(it.org)).includes('Reject:Delivery'))
})

test('a doubtful answer is looked up; where nobody can tell, its writer decides', async () => {
  const it = await desk('blind')
  const sent = await write(it, await it.thread(), 'Was it?')
  const lost = await write(it, await it.thread(), 'Or not?')
  plans.set('Was it?', ['dropped'])
  plans.set('Or not?', ['notDone'])
  for (let at = 0; at < 4; at++) {
    await run()
    later(700)
  }
  assert.deepEqual([await state(it, sent.content), await state(it, lost.content), calls.length], ['unsure', 'unsure', 2])
  assert.deepEqual(await told(it), ['deliveries.told.unsure', 'deliveries.told.unsure'])
  await assert.rejects(
    house.as(it.org, it.agent, ctx => retry(ctx, { delivery: lost.delivery })),
    refusedWith('outbox.settleFirst'),
  )
  await house.as(it.org, it.agent, ctx => settleUnsure(ctx, { delivery: sent.delivery, as: 'sent' }))
  await house.as(it.org, it.agent, ctx => settleUnsure(ctx, { delivery: lost.delivery, as: 'again' }))
  await run()
  assert.deepEqual([await state(it, sent.content), await state(it, lost.content), done.length], ['sent', 'sent', 2])
  await assert.rejects(
    house.as(it.org, it.agent, ctx => settleUnsure(ctx, { delivery: sent.delivery, as: 'again' })),
    refusedWith('outbox.notUnsure'),
  )
})

test('what comes back is shown at the message and told to its writer; a report settles a doubt', async () => {
  const it = await desk('named')
  const { content } = await write(it, await it.thread(), 'Hello.')
  plans.set('Hello.', ['notDone'])
  await run()
  assert.equal(await state(it, content), 'unsure')
  const report = {
    is: 'report',
    remoteId: 'r1',
    at: now(),
    about: `remote:${content}`,
    outcome: 'failed',
    says: '550 no such user',
  } as const
  await takeInForGood(it.org, { channel: 'named', account: it.account }, [report, report], async () => {})
  await house.settle()
  const { state: is, outcome, outcomeSays } = await fate(it, content)
  assert.deepEqual([is, outcome, outcomeSays, await told(it)], ['sent', 'failed', '550 no such user', ['deliveries.told.bounced']])
})

test('who may not write threads decides nothing, and another organisation’s delivery is like none', async () => {
  const it = await desk()
  const { delivery } = await write(it, await it.thread(), 'x')
  const other = await house.organisation()
  for (const run of [
    (ctx: Ctx) => cancel(ctx, { delivery }),
    (ctx: Ctx) => retry(ctx, { delivery }),
    (ctx: Ctx) => settleUnsure(ctx, { delivery, as: 'sent' }),
  ]) {
    await assert.rejects(house.as(it.org, 'member', run), refusedWith('kernel.forbidden'))
    await assert.rejects(house.as(other, 'agent', run), refusedWith('kernel.notFound'))
  }
})

test('an answer is written from the alias that was written to or is chosen, in the name and with the signature of its brand', async () => {
  const it = await desk('readable')
  const asOwner = <T>(run: (ctx: Ctx) => Promise<T>) => house.as(it.org, 'owner', run)
  const { brand } = await asOwner(ctx => brands.make(ctx, { name: 'Nordlicht', signature: 'Your Nordlicht' }))
  await asOwner(ctx => brands.place(ctx, { account: it.account, brand }))
  const alias = { network: 'readable', address: 'Alias@example.com' }
  await takeInForGood(
    it.org,
    { channel: 'readable', account: it.account },
    [question('readable', 'to the alias', { to: [alias] })],
    async () => {},
  )
  const thread = await asSystem(it.org, async ctx => (await sql<{ id: string }>`select id from thread`.execute(ctx.db)).rows[0]!.id)
  const { content } = await write(it, thread, 'From the alias.')
  await write(it, thread, 'From the other.', { writtenFrom: 'us@example.com' })
  await run()
  assert.deepEqual(
    done.slice(-2).map(({ draft }) => [draft.writtenFrom, draft.signature]),
    [
      ['alias@example.com', 'Your Nordlicht'],
      ['us@example.com', 'Your Nordlicht'],
    ],
  )
  const shown = await house.as(it.org, it.agent, async ctx => (await contentOf(ctx, [content])).get(content)!.detail)
  assert.equal((shown as { from: { address: string } }).from.address, 'alias@example.com')
  const before = done.length
  await assert.rejects(write(it, thread, 'From elsewhere.', { writtenFrom: 'boss@example.com' }), { code: 'invalid', key: 'outbox.notOwn' })
  await run()
  assert.equal(done.length, before)
})
