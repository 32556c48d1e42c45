import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { now, setClock } from '#kernel/clock.ts'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { serve } from '#kernel/http.tsx'
import { forgive, limits } from '#kernel/limits.ts'
import { type Mail, usePost } from '#kernel/mail.ts'
import { testHouse } from '#kernel/testing.ts'
import { findOrMeet, whoHas } from '#social/people/actions.ts'
import * as rights from './actions.ts'

const house = await testHouse()
const org = await house.organisation('Lamps & Co')
const manager = await house.member(org, 'manager')
const as = <T>(run: (ctx: Ctx) => Promise<T>) => house.as(org, manager, run)
const outside = serve(house.house.modules, { baseUrl: 'http://house.invalid', trustProxy: false })
const mails: Mail[] = []
const waiting: (() => void)[] = []
usePost(async mail => {
  mails.push(mail)
  waiting.shift()?.()
})
after(() => {
  usePost(undefined)
  setClock()
})
const later = (hours: number) => {
  const then = now().getTime() + hours * 3_600_000
  setClock(() => new Date(then))
}

const at = (link: string) => link.replace(/^https?:\/\/[^/]+/, 'http://house.invalid')
const get = async (link: string, headers = {}) => outside.request(at(link), { headers })
const post = async (link: string, fields: Record<string, string> = {}, headers = {}) =>
  outside.request(at(link), { method: 'POST', body: new URLSearchParams(fields), headers })
const linkIn = ({ text }: Mail) => /https?:\/\/\S+\/your-data\/\S+/.exec(text)![0]
const german = { cookie: 'language=de' }

/** What the page says, without what is new in every answer. */
const said = async (answer: Response) => [answer.status, (await answer.text()).replace(/nonce="[^"]*"|content="[^"]*"/g, '')]
const ask = (address: string, kind = 'copy', headers = {}) => post(`http://x/your-data?of=${org}`, { kind, address }, headers)
async function mailed(address: string, kind = 'copy', headers = {}): Promise<Mail> {
  const arrives = new Promise<void>(resolve => void waiting.push(resolve))
  assert.equal((await ask(address, kind, headers)).status, 200)
  await arrives
  return mails.at(-1)!
}

const address = 'anna@example.org'
const anna = { network: 'email', address, normal: address, name: 'Anna Ask', because: 'heard' as const, at: now() }
const [person] = await asSystem(org, ctx => findOrMeet(ctx, [anna]))
const open = async () => (await as(ctx => rights.list(ctx, {}))).items
const traces = () =>
  asSystem(
    org,
    async ctx => (await sql`select (select count(*) from rights_request) + (select count(*) from once) as n`.execute(ctx.db)).rows,
  )

test('who has an address asks by it: all get the same answer and the same mail, a scanner confirms nothing, and a confirmed request is there once', async () => {
  const before = await traces()
  const [known, stranger] = [await said(await ask(address)), await said(await ask('nobody@example.org'))]
  assert.deepEqual(known, stranger)
  while (mails.length < 2) await new Promise(resolve => void waiting.push(() => resolve(null)))
  const [hers, theirs] = [mails.find(each => each.to === address)!, mails.find(each => each.to !== address)!]
  const alike = ({ subject, text, to }: Mail) => [subject, text.replaceAll(to, '–').replace(/\/your-data\/\S+/, '')]
  assert.deepEqual(alike(hers), alike(theirs))
  for (const method of ['GET', 'HEAD'])
    assert.equal((await outside.request(at(linkIn(hers)), { method, headers: { 'user-agent': 'scanner' } })).status, 200)
  assert.deepEqual([await open(), await traces()], [[], before], 'who only asks leaves nothing here')
  assert.match(await (await get(linkIn(hers))).text(), /copy of everything that it keeps about you as anna@example\.org/)
  assert.equal((await post(linkIn(hers).replace('sign=', 'sign=x'))).status, 404)
  assert.match(await (await post(linkIn(theirs))).text(), /Nobody is known by this address/)
  const done = await (await post(linkIn(hers))).text()
  const [one, ...more] = await open()
  assert.deepEqual(more, [])
  assert.deepEqual([one!.kind, one!.person?.id, one!.how, one!.state, one!.address, one!.notedBy], ['copy', person, 'form', 'open', address, null]) // biome-ignore format: one line
  assert.match(done, /Somebody at Lamps &amp; Co looks after it\. By /)
  assert.ok(one!.dueOn > now().toISOString().slice(0, 10))
  await house.settle()
  const told = await as(async ctx => (await sql`select person, says from notification`.execute(ctx.db)).rows)
  assert.deepEqual(told, [{ person: manager.person, says: 'rights.told.copy' }])
  // The link is used; and one request of a kind is enough.
  assert.equal((await post(linkIn(hers))).status, 404)
  assert.equal((await post(linkIn(await mailed(address)))).status, 200)
  assert.equal((await open()).length, 1)
  // Its day is over.
  const late = linkIn(await mailed('late@example.org'))
  later(25)
  assert.deepEqual([(await get(late)).status, (await post(late)).status], [404, 404])
})

test('neither a mailbox nor the house can be flooded, and what is no address or of another house is refused', async () => {
  setClock()
  await forgive(limits.askingFrom, 'unknown')
  await Promise.all([1, 2, 3].map(() => mailed('full@example.org')))
  const before = mails.length
  assert.deepEqual(await said(await ask('full@example.org')), await said(await ask('other@example.org')))
  while (mails.length <= before) await new Promise(resolve => void waiting.push(() => resolve(null)))
  assert.deepEqual(mails.slice(before).map(each => each.to), ['other@example.org']) // biome-ignore format: one line
  for (const fields of [{ kind: 'copy', address: 'no address' }, { kind: 'all', address }, { kind: 'copy' }])
    assert.equal((await post(`http://x/your-data?of=${org}`, fields as Record<string, string>)).status, 422)
  assert.deepEqual([(await get('http://x/your-data?of=nowhere')).status, (await get('http://x/your-data/confirm?about=x&sign=y')).status], [404, 404]) // biome-ignore format: one line
  while ((await ask('flood@example.org')).status === 200);
  assert.equal((await ask(address)).status, 429)
  await forgive(limits.askingFrom, 'unknown')
})

test('a copy is handed over by a link that is fetched by a press, and ends with the copy', async () => {
  const [one] = await open()
  await as(ctx => rights.prepare(ctx, { request: one!.id }))
  await house.settle()
  const before = mails.length
  await as(ctx => rights.sendLink(ctx, { request: one!.id }))
  await house.settle()
  assert.deepEqual([mails.length, mails.at(-1)!.to, await open()], [before + 1, address, []])
  const link = linkIn(mails.at(-1)!)
  const page = await get(link)
  assert.match(page.headers.get('content-type')!, /text\/html/)
  assert.match(await page.text(), /<form method="post" action="\/your-data\/copy/)
  const copy = await post(link)
  assert.deepEqual([copy.status, copy.headers.get('content-type')], [200, 'application/zip'])
  assert.equal(Buffer.from(await copy.arrayBuffer()).readUInt32LE(0), 0x04034b50)
  assert.equal((await post(link.replace(/about=[^.]+/, `about=${manager.person}`))).status, 404)
  assert.equal((await as(ctx => rights.show(ctx, { request: one!.id }))).link?.href, link)
  later(7 * 24 + 1)
  assert.deepEqual([(await get(link)).status, (await post(link)).status], [404, 404])
  await asSystem(org, ctx => rights.forgetCopies.run(ctx))
  const then = await as(ctx => rights.show(ctx, { request: one!.id }))
  assert.deepEqual([then.link, then.hasCopy], [null, false])
  setClock()
})

test('a refusal and an erasure are told to the address, in the language in which one asked, and then the address is known nowhere', async () => {
  assert.match(await (await post(linkIn(await mailed(address, 'erasure', german)), {}, german)).text(), /Spätestens am/)
  const request = (await open())[0]!.id
  const answer = () => rights.mailAnswer.run(org, { request })
  await as(ctx => rights.turnDown(ctx, { request, reason: 'We are in court' }))
  await as(ctx => rights.takeUp(ctx, { request }))
  const before = mails.length
  await answer()
  assert.equal(mails.length, before, 'it was taken back')
  await as(ctx => rights.turnDown(ctx, { request, reason: 'We are in court' }))
  await answer()
  assert.match(mails.at(-1)!.text, /löscht nicht, was du verlangt hast\n\nWe are in court/)
  await as(ctx => rights.takeUp(ctx, { request }))
  await as(ctx => rights.prepare(ctx, { request }))
  await house.settle()
  await as(ctx => rights.decide(ctx, { request, days: 1 }))
  later(25)
  await rights.erase.run(org, { request })
  assert.deepEqual([mails.length, mails.at(-1)!.to, mails.at(-1)!.subject], [before + 2, address, 'Lamps & Co hat deine Daten gelöscht'])
  const left = await asSystem(org, async ctx => (await sql`select from rights_request where address is not null`.execute(ctx.db)).rows)
  assert.deepEqual([left, await asSystem(org, ctx => whoHas(ctx, [anna]))], [[], [null]])
})
