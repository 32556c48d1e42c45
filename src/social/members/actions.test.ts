import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actor } from '#kernel/context.ts'
import { asSystem, inOrg } from '#kernel/db.ts'
import { Refusal } from '#kernel/errors.ts'
import { openSession, whoHas } from '#kernel/identity/sessions.ts'
import { type Mail, usePost } from '#kernel/mail.ts'
import { testHouse } from '#kernel/testing.ts'
import { found } from '#social/access/actions.ts'
import { cardsOf, findOrMeet, linkAll } from '#social/people/actions.ts'
import * as members from './actions.ts'

const house = await testHouse()
const password = 'a green boat in May'
let count = 0
const from = () => ({ agent: 'Test', address: `192.0.2.${++count}` })

async function crew(): Promise<{ org: string; owner: Actor; chief: Actor; agent: Actor }> {
  const org = await house.organisation('Boats')
  const [owner, chief] = [await house.member(org, 'owner', 'Otto'), await house.member(org, 'administrator', 'Adele')]
  return { org, owner, chief, agent: await house.member(org, 'agent', 'Anna') }
}

const addressOf = (name: string) => `${name}.${++count}@test.invalid`

async function invited(org: string, by: Actor, email: string, role: 'agent' | 'owner' | 'customer' = 'agent'): Promise<string> {
  const { path } = await house.as(org, by, ctx => members.invite(ctx, { email, role }))
  return new URL(path, 'http://x.invalid').searchParams.get('token')!
}

async function happensBy(org: string, run: () => Promise<unknown>): Promise<string[]> {
  const before = (await house.happened(org)).length
  await run()
  return (await house.happened(org)).slice(before)
}

const refusedWith = (key: string) => (error: unknown) =>
  error instanceof Refusal && (error.key === key || error.fields.some(each => each.key === key))

// —— invitations ——

test('whoever is invited joins with a name and a password, in the role that was given, once', async () => {
  const { org, chief } = await crew()
  const email = addressOf('nora')
  let token = ''
  assert.deepEqual(await happensBy(org, async () => (token = await invited(org, chief, email))), ['Invite:Member'])
  assert.deepEqual(await members.invitationIs(token), { org, email, role: 'agent', known: false, organisation: 'Boats' })
  let session = ''
  const joins = async () => (session = await members.accept({ token, name: 'Nora Berg', password }, null, from()))
  assert.deepEqual(await happensBy(org, joins), ['Create:Person', 'Join:Organisation'])
  const who = (await whoHas(session))!
  assert.deepEqual([who.email, who.role, who.org, who.complete], [email, 'agent', org, true])
  await assert.rejects(members.accept({ token, name: 'Eve', password }, null, from()), { code: 'gone' })
  assert.equal(await members.invitationIs(token), null)
})

test('of many who use one invitation at once, one gets in', async () => {
  const { org, chief } = await crew()
  const token = await invited(org, chief, addressOf('race'))
  const tries = await Promise.allSettled([1, 2, 3, 4].map(() => members.accept({ token, name: 'Racer', password }, null, from())))
  assert.equal(tries.filter(each => each.status === 'fulfilled').length, 1)
  assert.equal((await house.happened(org)).filter(each => each === 'Join:Organisation').length, 1)
})

test('name and password are asked for, and a password that everybody knows uses nothing up', async () => {
  const { org, chief } = await crew()
  const token = await invited(org, chief, addressOf('nora'))
  await assert.rejects(members.accept({ token }, null, from()), refusedWith('kernel.fault.missing'))
  await assert.rejects(members.accept({ token, name: 'Nora', password: 'password1234' }, null, from()), refusedWith('access.passwordEasy'))
  await members.accept({ token, name: 'Nora', password }, null, from())
})

test('an address that has an account joins only while signed in with it, and keeps its name and password', async () => {
  const { org, chief } = await crew()
  const email = addressOf('kim')
  const { account } = await found({ organisation: 'Elsewhere', name: 'Kim Dahl', email, password: null, zone: 'UTC' })
  const token = await invited(org, chief, email)
  assert.equal((await members.invitationIs(token))!.known, true)
  const stranger = { email: addressOf('adele'), accountName: 'Adele' }
  for (const signedIn of [null, stranger])
    await assert.rejects(members.accept({ token, name: 'Eve', password }, signedIn, from()), refusedWith('members.signInAs'))
  const session = await members.accept({ token }, { email, accountName: 'Kim Dahl' }, from())
  const who = (await whoHas(session))!
  assert.deepEqual([who.account, who.org, who.role, who.accountName], [account, org, 'agent', 'Kim Dahl'])
  const card = await asSystem(org, async ctx => (await cardsOf(ctx, [who.person!])).get(who.person!))
  assert.equal(card!.name, 'Kim Dahl')
})

test('who is a member already is not invited again, and an older link says so', async () => {
  const { org, chief } = await crew()
  const email = addressOf('nora')
  const older = await invited(org, chief, email)
  const token = await invited(org, chief, email)
  const who = (await whoHas(await members.accept({ token, name: 'Nora', password }, null, from())))!
  await assert.rejects(members.accept({ token: older }, who, from()), { code: 'conflict', key: 'members.alreadyMember' })
  await assert.rejects(invited(org, chief, email), refusedWith('members.alreadyMember'))
})

test('an invitation that was withdrawn opens nothing, and one of another organisation cannot be', async () => {
  const { org, chief } = await crew()
  const other = await crew()
  const token = await invited(org, chief, addressOf('nora'))
  const { items } = await house.as(org, chief, ctx => members.invitations(ctx, {}))
  assert.equal(JSON.stringify(items).includes(token), false)
  const withdraw = (of: typeof other) => house.as(of.org, of.chief, ctx => members.withdraw(ctx, { hash: items[0]!.hash }))
  await assert.rejects(withdraw(other), { code: 'notFound' })
  assert.ok(await members.invitationIs(token))
  await house.as(org, chief, ctx => members.withdraw(ctx, { hash: items[0]!.hash }))
  await assert.rejects(members.accept({ token, name: 'Nora', password }, null, from()), { code: 'gone' })
  assert.deepEqual((await house.as(org, chief, ctx => members.invitations(ctx, {}))).items, [])
})

test('an invitation is mailed where the server can mail, in the language of the organisation', async () => {
  const { org, chief } = await crew()
  const mails: Mail[] = []
  usePost(async mail => void mails.push(mail))
  try {
    await house.as(org, chief, ctx => members.changeOrganisation(ctx, { language: 'de' }))
    const invite = { email: addressOf('nora'), role: 'agent', origin: 'https://boats.example' } as const
    const { path } = await house.as(org, chief, ctx => members.invite(ctx, invite))
    await house.settle()
    assert.deepEqual([mails.length, mails[0]!.to, mails[0]!.subject], [1, invite.email, 'Einladung zu Boats'])
    assert.ok(mails[0]!.text.includes(`https://boats.example${path}`))
  } finally {
    usePost(undefined)
  }
})

test('a customer who is invited is the person who has written from that address, and no colleague', async () => {
  const { org, chief } = await crew()
  const email = addressOf('cleo')
  const met = { network: 'email', address: email, normal: email, because: 'heard', at: new Date() }
  const [cleo] = await asSystem(org, ctx => findOrMeet(ctx, [{ ...met, name: 'Cleo' }], 'prospect'))
  const token = await invited(org, chief, email, 'customer')
  const who = (await whoHas(await members.accept({ token, name: 'Cleo Meyer', password }, null, from())))!
  assert.deepEqual([who.person, who.role], [cleo, 'customer'])
  const sides = () => asSystem(org, async ctx => (await cardsOf(ctx, [cleo!])).get(cleo!)!.sides.toSorted())
  assert.deepEqual(await sides(), ['customer', 'prospect'])
  await house.as(org, chief, ctx => members.changeRole(ctx, { account: who.account, role: 'agent' }))
  assert.deepEqual(await sides(), ['colleague', 'customer', 'prospect'])
  await house.as(org, chief, ctx => members.changeRole(ctx, { account: who.account, role: 'customer' }))
  assert.deepEqual(await sides(), ['customer', 'prospect'])
})

test('an invitation to an address that is already somebody else’s sign-in here stays unused and is said', async () => {
  const { org, chief, agent } = await crew()
  const email = addressOf('second')
  await asSystem(org, ctx =>
    linkAll(ctx, [{ person: agent.person!, network: 'email', address: email, normal: email, because: 'decision' }]),
  )
  const token = await invited(org, chief, email, 'customer')
  await assert.rejects(members.accept({ token, name: 'Second', password }, null, from()), refusedWith('members.alreadyMember'))
  assert.ok(await members.invitationIs(token))
})

// —— roles ——

const roleOf = async (org: string, by: Actor, account: string) =>
  (await house.as(org, by, ctx => members.list(ctx, {}))).items.find(each => each.account === account)!.role

test('nobody gives a role above their own, changes somebody above themselves, or changes themselves', async () => {
  const { org, owner, chief, agent } = await crew()
  const change = (by: Actor, whom: Actor, role: 'owner' | 'administrator' | 'agent') => () =>
    house.as(org, by, ctx => members.changeRole(ctx, { account: whom.account!, role }))
  await assert.rejects(change(chief, agent, 'owner'), refusedWith('members.tooHigh'))
  await assert.rejects(change(chief, owner, 'agent'), refusedWith('members.tooHigh'))
  await assert.rejects(change(chief, chief, 'agent'), refusedWith('members.notOneself'))
  await assert.rejects(change(agent, chief, 'agent'), { code: 'forbidden' })
  await assert.rejects(invited(org, chief, addressOf('x'), 'owner'), refusedWith('members.tooHigh'))
  await assert.rejects(
    house.as(org, chief, ctx => members.suspend(ctx, { account: owner.account! })),
    refusedWith('members.tooHigh'),
  )
  assert.deepEqual(await happensBy(org, change(chief, agent, 'administrator')), ['Update:Role'])
  assert.equal(await roleOf(org, owner, agent.account!), 'administrator')
})

test('an organisation keeps an owner who can sign in, also when two let each other go at once', async () => {
  const { org, owner } = await crew()
  const second = await house.member(org, 'owner', 'Olga')
  const tries = await Promise.allSettled([
    house.as(org, owner, ctx => members.suspend(ctx, { account: second.account! })),
    house.as(org, second, ctx => members.changeRole(ctx, { account: owner.account!, role: 'agent' })),
  ])
  const left = await asSystem(org, async ctx => (await members.administratorsOf(ctx)).filter(each => each.role === 'owner').length)
  assert.equal(left, 1)
  assert.equal(tries.filter(each => each.status === 'fulfilled').length, 1)
})

test('a member of another organisation is not there', async () => {
  const [{ org, owner }, other] = [await crew(), await crew()]
  for (const deed of [members.suspend, members.reinstate, members.resetLinkOf])
    await assert.rejects(
      house.as(org, owner, ctx => deed(ctx, { account: other.agent.account! })),
      { code: 'notFound' },
    )
  await assert.rejects(
    house.as(org, owner, ctx => members.changeRole(ctx, { account: other.agent.account!, role: 'agent' })),
    { code: 'notFound' },
  )
})

// —— suspending ——

test('a suspension closes every door at once, and its end opens them again', async () => {
  const { org, chief, agent } = await crew()
  const token = await openSession(agent.account!, { complete: true, org, ...from() })
  assert.equal((await whoHas(token))!.role, 'agent')
  const suspend = () => house.as(org, chief, ctx => members.suspend(ctx, { account: agent.account! }))
  assert.deepEqual(await happensBy(org, suspend), ['Block:Member'])
  const shut = (await whoHas(token))!
  assert.deepEqual([shut.org, shut.role, shut.person], [null, null, null])
  const browser = await house.browser(org, agent)
  assert.equal((await browser.get('/inbox')).status, 303)
  const reinstate = () => house.as(org, chief, ctx => members.reinstate(ctx, { account: agent.account! }))
  assert.deepEqual(await happensBy(org, reinstate), ['Undo:Block'])
  assert.equal((await whoHas(token))!.role, 'agent')
})

test('a new role holds for the next click of an open session', async () => {
  const { org, owner, agent } = await crew()
  const token = await openSession(agent.account!, { complete: true, org, ...from() })
  assert.equal((await whoHas(token))!.role, 'agent')
  await house.as(org, owner, ctx => members.changeRole(ctx, { account: agent.account!, role: 'guest' }))
  assert.equal((await whoHas(token))!.role, 'guest')
})

// —— the organisation ——

test('what the organisation chose is kept; what it did not name stays', async () => {
  const { org, chief } = await crew()
  const hours = [[480, 960], null, null, null, null, null, null] as ([number, number] | null)[]
  const change = (input: Parameters<typeof members.changeOrganisation>[1]) => () =>
    house.as(org, chief, ctx => members.changeOrganisation(ctx, input))
  assert.deepEqual(await happensBy(org, change({ name: 'Ships', language: 'sv', zone: 'Europe/Stockholm', hours })), [
    'Update:Organisation',
  ])
  await change({ holidays: ['2026-12-25'] })()
  await change({ signOff: 'Yours' })()
  const it = await asSystem(org, members.organisationOf)
  assert.deepEqual([it.name, it.language, it.zone, it.hours, it.signOff], ['Ships', 'sv', 'Europe/Stockholm', hours, 'Yours'])
  assert.deepEqual(it.holidays, ['2026-12-25'])
  await assert.rejects(change({ holidays: ['2026-02-30'] }), { code: 'invalid' })
  assert.equal(await asSystem(org, async ctx => `${ctx.language} ${ctx.zone}`), 'sv Europe/Stockholm')
  await assert.rejects(change({ zone: 'Europe/Atlantis' }), refusedWith('members.noSuchZone'))
  await assert.rejects(change({ hours: [[960, 480], null, null, null, null, null, null] }), refusedWith('members.hoursWrong'))
  await assert.rejects(
    house.as(org, 'manager', ctx => members.changeOrganisation(ctx, { name: 'Mine' })),
    { code: 'forbidden' },
  )
})

test('the audit names who did what by which door, newest first, and holds no texts', async () => {
  const { org, owner, agent } = await crew()
  const byApi: Actor = { ...owner, via: 'api' }
  await inOrg(org, byApi, ctx => members.changeRole(ctx, { account: agent.account!, role: 'manager' }))
  await house.as(org, owner, ctx => members.changeOrganisation(ctx, { signOff: 'A secret ending' }))
  await assert.rejects(house.as(org, owner, ctx => members.suspend(ctx, { account: owner.account! })))
  const { items } = await house.as(org, owner, ctx => members.audit(ctx, {}))
  assert.deepEqual(
    items.map(each => [each.action, each.via, each.person]),
    [
      ['members.changeOrganisation', 'test', owner.person],
      ['members.changeRole', 'api', owner.person],
    ],
  )
  const first = await house.as(org, owner, ctx => members.audit(ctx, { limit: 1 }))
  const second = await house.as(org, owner, ctx => members.audit(ctx, { limit: 1, before: first.next! }))
  assert.deepEqual([...first.items, ...second.items], items)
  assert.equal(JSON.stringify(items).includes('secret'), false)
})
