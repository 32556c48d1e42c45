import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { Refusal } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import * as people from './actions.ts'
import type { Met } from './words.ts'

const house = await testHouse()
const at = new Date('2026-03-01T10:00:00Z')
const met = (address: string, more: Partial<Met> = {}): Met => ({
  network: 'test',
  address,
  normal: address.toLowerCase(),
  because: 'heard',
  at,
  ...more,
})
const refusal = (code: string, key?: string) => (error: unknown) =>
  error instanceof Refusal && error.code === code && (!key || error.key === key)
const count = async (ctx: Ctx) =>
  (
    await sql<{
      people: number
      handles: number
    }>`select (select count(*)::int from person where created_because <> 'account') as people, (select count(*)::int from handle) as handles`.execute(
      ctx.db,
    )
  ).rows[0]!

test('an address that nobody has becomes a person, the same address again is the same person', async () => {
  const org = await house.organisation()
  const first = await house.as(org, 'agent', ctx =>
    people.findOrMeet(ctx, [met('Anna@x', { name: 'Anna Berg' }), met('ben@x'), met('anna@x')], 'customer'),
  )
  const again = await house.as(org, 'agent', ctx => people.findOrMeet(ctx, [met('BEN@x'), met('anna@x')]))
  assert.equal(first[0], first[2])
  assert.deepEqual(again, [first[1], first[0]])
  const cards = await house.as(org, 'agent', ctx => people.cardsOf(ctx, first))
  assert.deepEqual(
    [...cards.values()].map(card => [card.name, card.side, card.address]),
    [
      ['Anna Berg', 'customer', 'Anna@x'],
      ['ben@x', 'customer', 'ben@x'],
    ],
  )
  assert.deepEqual(await house.happened(org), ['Create:Person', 'Create:Person'])
})

test('whoever was called by the address gets the first name that is told, and keeps it', async () => {
  const org = await house.organisation()
  const names = async (name?: string) => {
    const [id] = await house.as(org, 'agent', ctx => people.findOrMeet(ctx, [met('anna@x', { name })]))
    return (await house.as(org, 'agent', ctx => people.cardsOf(ctx, [id!]))).get(id!)!.name
  }
  assert.deepEqual([await names(), await names('Anna Berg'), await names('Somebody Else')], ['anna@x', 'Anna Berg', 'Anna Berg'])
  assert.deepEqual(await house.happened(org), ['Create:Person', 'Update:Person'])
})

test('many at once cost six statements at most', async () => {
  const org = await house.organisation()
  const crowd = Array.from({ length: 2000 }, (_, index) => met(`p${index % 1900}@x`, { name: `Person ${index}` }))
  await house.as(org, 'agent', async ctx => {
    const { statements, result } = await counted(ctx, inside => people.findOrMeet(inside, crowd, 'customer'))
    assert.ok(statements <= 6, `${statements}`)
    assert.equal(new Set(result).size, 1900)
    const again = await counted(ctx, inside => people.findOrMeet(inside, crowd))
    assert.ok(again.statements <= 2, `${again.statements}`)
    assert.deepEqual(again.result, result)
  })
})

/** How many statements a piece of work sends. */
async function counted<T>(ctx: Ctx, run: (ctx: Ctx) => Promise<T>): Promise<{ statements: number; result: T }> {
  let statements = 0
  const db = ctx.db.withPlugin({
    transformQuery: ({ node }) => {
      statements++
      return node
    },
    transformResult: async ({ result }) => result,
  })
  return { result: await run({ ...ctx, db: db as Ctx['db'] }), statements }
}

test('two who meet the same people at the same moment make one record of each', async () => {
  const org = await house.organisation()
  const crowd = Array.from({ length: 50 }, (_, index) => met(`p${index}@x`))
  const meet = (list: Met[]) => house.as(org, 'agent', ctx => people.findOrMeet(ctx, list))
  const [one, two, three] = await Promise.all([meet(crowd), meet([...crowd].reverse()), meet(crowd.slice(10))])
  assert.deepEqual(one, [...two].reverse())
  assert.deepEqual(three, one.slice(10))
  const { people: all, handles } = await house.as(org, 'agent', count)
  assert.deepEqual([all, handles], [50, 50])
  assert.equal((await house.happened(org)).length, 50)
})

test('what never changes on a network tells people apart when an address changes hands', async () => {
  const org = await house.organisation()
  const meet = async (address: string, remoteId: string) =>
    (await house.as(org, 'agent', ctx => people.findOrMeet(ctx, [met(address, { remoteId })])))[0]
  const anna = await meet('anna', 'r1')
  assert.equal(await meet('anna.new', 'r1'), anna)
  const other = await meet('anna', 'r2')
  assert.notEqual(other, anna)
  assert.equal(await meet('anna', 'r2'), other)
})

test('hostile names and addresses are kept as far as they can be and never break anything', async () => {
  const org = await house.organisation()
  const nasty = [
    '\u0000',
    '\ud800',
    '\u202e',
    'x'.repeat(10_000),
    '<script>alert(1)</script>',
    "'; drop table person; --",
    '🧑‍🚀'.repeat(400),
    '\r\n\t',
    '',
  ]
  const ids = await house.as(org, 'agent', ctx =>
    people.findOrMeet(
      ctx,
      nasty.map((text, index) => met(`${text}${index}`, { name: text, because: text || 'heard', url: text, network: `n${text}` })),
    ),
  )
  assert.equal(new Set(ids).size, nasty.length)
  const cards = await house.as(org, 'agent', ctx => people.cardsOf(ctx, ids))
  assert.equal(cards.size, nasty.length)
  for (const card of cards.values()) assert.ok(!card.name.includes('\u202e') && card.name.length <= 300)
})

test('a colleague who joins keeps the own id; an address that was somebody’s becomes theirs and the other record is left alone', async () => {
  const org = await house.organisation()
  const network = people.signInNetwork().name
  const [before] = await house.as(org, 'agent', ctx =>
    people.findOrMeet(ctx, [met('eva@example.org', { network, name: 'Eva' })], 'customer'),
  )
  const id = newId()
  const join = () => house.as(org, 'owner', ctx => people.joinAsColleague(ctx, { id, name: 'Eva Falk', email: 'Eva@Example.org' }))
  await join()
  await join()
  const cards = await house.as(org, 'agent', ctx => people.cardsOf(ctx, [id, before!]))
  assert.deepEqual([cards.get(id)!.side, cards.get(id)!.address], ['inside', 'Eva@Example.org'])
  assert.deepEqual([cards.get(before!)!.name, cards.get(before!)!.address], ['Eva', null])
  assert.deepEqual((await house.as(org, 'agent', ctx => people.findOrMeet(ctx, [met('eva@example.org', { network })])))[0], id)
  await house.as(org, 'owner', ctx => people.leaveAsColleague(ctx, id))
  assert.equal((await house.as(org, 'agent', ctx => people.cardsOf(ctx, [id]))).get(id)!.side, 'outside')
  await join()
  assert.deepEqual(await house.happened(org), ['Create:Person', 'Remove:Handle', 'Create:Person', 'Leave:Side', 'Join:Side'])
})

test('a person is added by hand, changed, and taken out again', async () => {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent')
  const { person } = await house.as(org, agent, ctx =>
    people.personAdd(ctx, { name: 'Anna\u202e Berg', company: 'Nordwerk', side: 'customer', network: 'phone', address: '+49 30 1234' }),
  )
  const card = (await house.as(org, agent, ctx => people.cardsOf(ctx, [person]))).get(person)!
  assert.deepEqual([card.name, card.flagged, card.side, card.address], ['Anna Berg', true, 'customer', '+49 30 1234'])
  const { before } = await house.as(org, agent, ctx =>
    people.personEdit(ctx, { person, name: 'Anna Berg', company: '', about: 'Likes tea', language: 'sv' }),
  )
  assert.deepEqual(before, { name: 'Anna\u202e Berg', company: 'Nordwerk', about: '', language: '', zone: '' })
  await house.as(org, agent, ctx => people.personEdit(ctx, { person, ...before, language: '' }))
  await house.as(org, agent, ctx => people.personEdit(ctx, { person }))
  await house.as(org, agent, ctx => people.personRemove(ctx, { person }))
  assert.equal((await house.as(org, agent, ctx => people.cardsOf(ctx, [person]))).size, 0)
  assert.deepEqual(await house.happened(org), ['Create:Person', 'Create:Person', 'Update:Person', 'Update:Person', 'Delete:Person'])
})

test('a person with whom something happened is not taken out, nor is a colleague or one that was heard', async () => {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent')
  const [heard] = await house.as(org, agent, ctx => people.findOrMeet(ctx, [met('a@x')]))
  for (const person of [heard!, agent.person!])
    await assert.rejects(
      house.as(org, agent, ctx => people.personRemove(ctx, { person })),
      refusal('conflict', 'people.inUse'),
    )
})

test('an address is linked, checked, unlinked and linked again; a taken one is refused', async () => {
  const org = await house.organisation()
  const agent = await house.member(org, 'agent')
  const [anna, ben] = await house.as(org, agent, ctx => people.findOrMeet(ctx, [met('anna@x'), met('ben@x')]))
  const { handle } = await house.as(org, agent, ctx =>
    people.handleAdd(ctx, { person: anna!, network: 'phone', address: '030 / 123456', reason: 'on her card' }),
  )
  await assert.rejects(
    house.as(org, agent, ctx => people.handleAdd(ctx, { person: ben!, network: 'phone', address: '030123456' })),
    refusal('conflict', 'people.handleTaken'),
  )
  await house.as(org, agent, ctx => people.handleVerify(ctx, { handle }))
  await house.as(org, agent, ctx => people.handleVerify(ctx, { handle }))
  await house.as(org, agent, ctx => people.handleUnlink(ctx, { handle, reason: 'wrong number' }))
  await assert.rejects(
    house.as(org, agent, ctx => people.handleUnlink(ctx, { handle })),
    refusal('conflict', 'people.handleGone'),
  )
  await house.as(org, agent, ctx => people.handleRelink(ctx, { handle }))
  await house.as(org, agent, ctx => people.handleUnlink(ctx, { handle }))
  await house.as(org, agent, ctx => people.handleAdd(ctx, { person: ben!, network: 'phone', address: '030123456' }))
  await assert.rejects(
    house.as(org, agent, ctx => people.handleRelink(ctx, { handle })),
    refusal('conflict', 'people.handleTaken'),
  )
  const words = [
    'Create:Person',
    'Create:Person',
    'Add:Handle',
    'Accept:Handle',
    'Remove:Handle',
    'Add:Handle',
    'Remove:Handle',
    'Add:Handle',
  ]
  assert.deepEqual(await house.happened(org), words)
})

test('the sign-in address of a colleague is not unlinked', async () => {
  const org = await house.organisation()
  const owner = await house.member(org, 'owner')
  await house.as(org, owner, ctx => people.joinAsColleague(ctx, { id: owner.person!, name: 'Own', email: 'own@example.org' }))
  const handle = await house.as(org, owner, async ctx => (await sql<{ id: string }>`select id from handle`.execute(ctx.db)).rows[0]!.id)
  await assert.rejects(
    house.as(org, owner, ctx => people.handleUnlink(ctx, { handle })),
    refusal('conflict', 'people.handleOfAccount'),
  )
})

test('bad input is refused by field', async () => {
  const org = await house.organisation()
  const add = (input: object) => house.as(org, 'agent', ctx => people.personAdd(ctx, input as never))
  await assert.rejects(add({ name: ' ' }), refusal('invalid'))
  await assert.rejects(add({ name: 'x'.repeat(301) }), refusal('invalid'))
  await assert.rejects(add({ name: 'Anna', role: 'owner' }), refusal('invalid'))
  await assert.rejects(add({ name: 'Anna', network: 'phone', address: 'nonsense' }), refusal('invalid', 'people.addressWrong'))
  await assert.rejects(add({ name: 'Anna', network: 'carrier pigeon', address: '1' }), refusal('invalid', 'people.networkUnknown'))
  await assert.rejects(add({ name: 'Anna', side: 'colleague' }), refusal('conflict', 'sides.ofAccount'))
  assert.deepEqual(await house.happened(org), [])
})

test('an id of another organisation answers like one that does not exist', async () => {
  const [org, other] = [await house.organisation(), await house.organisation()]
  const [theirs] = await house.as(other, 'agent', ctx => people.findOrMeet(ctx, [met('anna@x')]))
  const handle = await house.as(other, 'agent', async ctx => (await sql<{ id: string }>`select id from handle`.execute(ctx.db)).rows[0]!.id)
  for (const person of [theirs!, newId()]) {
    assert.equal((await house.as(org, 'agent', ctx => people.cardsOf(ctx, [person]))).size, 0)
    assert.deepEqual(await house.as(org, 'agent', ctx => people.idsOf(ctx, person)), [])
    await assert.rejects(
      house.as(org, 'agent', ctx => people.personEdit(ctx, { person, name: 'Mine' })),
      refusal('notFound', 'people.notFound'),
    )
    await assert.rejects(
      house.as(org, 'agent', ctx => people.handleAdd(ctx, { person, network: 'phone', address: '030123456' })),
      refusal('notFound', 'people.notFound'),
    )
  }
  for (const it of [handle, newId()])
    await assert.rejects(
      house.as(org, 'agent', ctx => people.handleUnlink(ctx, { handle: it })),
      refusal('notFound', 'people.handleNotFound'),
    )
  assert.deepEqual(await house.happened(org), [])
})

test('who may change people is what the roles table says', async () => {
  const org = await house.organisation()
  for (const role of ['owner', 'administrator', 'manager', 'agent'] as const)
    await house.as(org, role, ctx => people.personAdd(ctx, { name: role }))
  for (const role of ['member', 'guest', 'customer'] as const)
    await assert.rejects(
      house.as(org, role, ctx => people.personAdd(ctx, { name: role })),
      refusal('forbidden'),
    )
})
