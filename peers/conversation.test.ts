/** Conversations through the whole house on real servers: connected by two fields, heard as they come, answered once, whatever breaks in between. */
import assert from 'node:assert/strict'
import { promises } from 'node:dns'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import tls from 'node:tls'
import { sql } from 'kysely'
import * as crm from '#areas/crm/actions.ts'
import { setClock } from '#kernel/clock.ts'
import type { Actor } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { allowHosts, useResolver } from '#kernel/fetch.ts'
import { tickNow } from '#kernel/jobs.ts'
import { startLive, stopLive } from '#kernel/live.ts'
import { testHouse } from '#kernel/testing.ts'
import * as accounts from '#social/accounts/actions.ts'
import { deliveriesOf, takeUp } from '#social/deliveries/actions.ts'
import { startListening, stopListening } from '#social/listening/actions.ts'
import * as mailboxes from '#social/mailboxes/actions.ts'
import * as notifications from '#social/notifications/actions.ts'
import { answer } from '#social/outbox/actions.ts'
import { type Mail, noMail, startMail } from './mail.ts'
import { until, within } from './until.ts'

const reason = noMail()
const house = await testHouse()
const [care, anna] = ['care@trefoil.test', 'anna@trefoil.test']
const quiet = { info() {}, warn() {}, error() {} } as never

const letter = (id: string, more: Record<string, string> = {}, body = 'Where is my order?') =>
  `${Object.entries({
    From: `Anna Ek <${anna}>`,
    To: care,
    Subject: `Order ${id}`,
    Date: new Date().toUTCString(),
    'Message-ID': `<${id}@outside.test>`,
    ...more,
  })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n${body}\r\n`

describe(`conversations on real servers${reason ? ` (skipped: ${reason})` : ''}`, { skip: Boolean(reason), timeout: 600_000 }, () => {
  let mail: Mail
  let org: string
  let agent: Actor

  before(async () => {
    mail = await startMail({ users: ['care', 'anna', 'agnes'] })
    allowHosts(['localhost', '127.0.0.0/8'])
    useResolver(async name => (name === 'localhost' ? [{ address: '127.0.0.1', family: 4 }] : []))
    promises.setServers([mail.names.address])
    tls.setDefaultCACertificates([...tls.getCACertificates(), mail.certificate.text])
    org = await house.organisation()
    agent = await house.member(org, 'agent', 'Agnes')
    await startLive(house.url)
    await startListening({ log: quiet })
  })
  after(async () => {
    setClock()
    await stopListening()
    await stopLive()
    await mail?.stop()
  })

  interface Said {
    id: string
    thread: string
    side: string
    subject: string
    text: string
  }
  const said = () =>
    asSystem(
      org,
      async ctx =>
        (await sql<Said>`select id, thread, side, subject, text from content where noun = 'Message' order by id`.execute(ctx.db)).rows,
    )
  const heard = (subject: string) =>
    until(async () => (await said()).find(each => each.subject === subject && each.side === 'outside'), `heard ${subject}`)
  const write = (thread: string, text: string, to?: string) =>
    house.as(org, agent, ctx => answer(ctx, { thread, text, dueAt: ctx.now, ...(to && { to: [{ address: to }] }) }))
  const fate = async (content: string) => (await asSystem(org, ctx => deliveriesOf(ctx, [content]))).get(content)!
  const received = async (text: string) => (await mail.mailbox(anna)).filter(each => each.includes(text)).length

  test('an address and a password connect it, and what lay there is heard', async () => {
    await mail.deliver(letter('old'))
    const { password } = mail.users.find(user => user.address === care)!
    const { attempt } = await house.as(org, 'owner', ctx => accounts.connect(ctx, { channel: 'email', asked: { address: care, password } }))
    await house.settle()
    const it = await house.as(org, 'owner', ctx => accounts.attempt(ctx, { attempt }))
    assert.equal(it.state, 'done', JSON.stringify(it))
    await heard('Order old')
  })

  test('a mail that comes is in the house within two seconds', async () => {
    const start = Date.now()
    await mail.deliver(letter('live'))
    await heard('Order live')
    const took = Date.now() - start
    console.log(`heard after ${took} ms`)
    assert.ok(took < within(2000))
  })

  test('a colleague’s own mailbox: the same mail is heard for all and for her, hers is hers alone, and a delegate answers on her behalf', async () => {
    const address = 'agnes@trefoil.test'
    const { password } = mail.users.find(user => user.address === address)!
    const { attempt } = await house.as(org, agent, ctx =>
      accounts.connect(ctx, { channel: 'email', asked: { address, password }, personal: true }),
    )
    await house.settle()
    const { account, steps } = await house.as(org, agent, ctx => accounts.attempt(ctx, { attempt }))
    assert.ok(account && !steps.some(each => each.says === 'email.stepSearch'), JSON.stringify(steps))
    await mail.deliver(letter('both', { To: `${care}, ${address}` }), [care, address])
    const both = () => said().then(all => all.filter(each => each.subject === 'Order both'))
    await until(async () => (await both()).length === 2, 'heard twice')
    await house.settle()
    const ben = await house.member(org, 'agent', 'Ben')
    const seenBy = async (who: Actor) =>
      (await house.as(org, who, ctx => crm.list(ctx, { view: 'all' }))).items.filter(each => each.subject === 'Order both')
    assert.deepEqual([(await seenBy(ben)).length, (await seenBy(agent)).length], [1, 2])
    await house.as(org, agent, ctx => mailboxes.delegate(ctx, { account, person: ben.person!, may: 'answer' }))
    const hers = (await seenBy(ben)).find(each => each.account === account)!
    await house.as(org, ben, ctx => answer(ctx, { thread: hers.thread, text: 'Agnes is away, I look after it.', dueAt: ctx.now }))
    await house.settle()
    await until(async () => (await received('Agnes is away')) === 1, 'the answer arrived')
    const raw = (await mail.mailbox(anna)).find(each => each.includes('Agnes is away'))!
    assert.match(raw, /^From: agnes@trefoil\.test\r?$/m)
    assert.match(raw, /^Sender: Ben <agnes@trefoil\.test>\r?$/m)
    assert.match(raw, /^In-Reply-To: <both@outside\.test>/im)
    await house.as(org, agent, ctx => mailboxes.revoke(ctx, { account, person: ben.person! }))
    assert.equal((await seenBy(ben)).length, 1)
    await house.as(org, agent, ctx => accounts.remove(ctx, { account }))
  })

  test('an answer arrives once, its copy among the sent ones is known, and what comes back joins its thread', async () => {
    const { thread } = await heard('Order live')
    const { content } = await write(thread, 'It left this morning.')
    await house.settle()
    assert.equal((await fate(content)).state, 'sent')
    await until(async () => (await received('It left this morning.')) === 1, 'the answer arrived')
    const raw = (await mail.mailbox(anna)).find(each => each.includes('It left this morning.'))!
    assert.match(raw, /^In-Reply-To: <live@outside\.test>/im)
    const id = /^Message-ID: (<[^>]+>)/im.exec(raw)![1]!
    await mail.deliver(letter('thanks', { 'In-Reply-To': id, References: `<live@outside.test> ${id}` }, 'Thank you!'))
    assert.equal((await heard('Order thanks')).thread, thread)
    // The copy lies among the sent ones, where the account hears it too.
    await until(async () => (await mail.mailbox(care, 'Sent')).length > 0, 'the copy was filed')
    await sleep(500)
    assert.equal((await said()).filter(each => each.text.includes('It left this morning.')).length, 1)
  })

  test('when our process ends after the call, the answer is looked up and not sent twice', async () => {
    const { thread } = await heard('Order old')
    const { content, delivery } = await write(thread, 'Sent just before the end.')
    const errand = await asSystem(org, ctx => takeUp(ctx, delivery))
    await errand!.call()
    await house.settle()
    assert.equal((await fate(content)).state, 'sending')
    setClock(() => new Date(Date.now() + 6 * 60_000))
    await tickNow('deliveries.sendDue')
    await house.settle()
    assert.equal((await fate(content)).state, 'sent')
    setClock()
    await until(async () => (await received('Sent just before the end.')) >= 1, 'it arrived')
    await sleep(500)
    assert.equal(await received('Sent just before the end.'), 1)
  })

  test('when our process ends before the call, nobody can know, and a person is asked', async () => {
    const { thread } = await heard('Order old')
    const { content, delivery } = await write(thread, 'Never left.')
    await asSystem(org, ctx => takeUp(ctx, delivery))
    for (const minutes of [6, 8, 25]) {
      setClock(() => new Date(Date.now() + minutes * 60_000))
      await tickNow('deliveries.sendDue')
      await house.settle()
    }
    setClock()
    assert.equal((await fate(content)).state, 'unsure')
    assert.equal(await received('Never left.'), 0)
    const { items } = await house.as(org, agent, ctx => notifications.list(ctx, {}))
    assert.ok(items.some(each => each.says === 'deliveries.told.unsure'))
  })

  test('an answer to somebody who is not there comes back and is told', async () => {
    const { thread } = await heard('Order old')
    const { content } = await write(thread, 'Anybody there?', 'nobody@trefoil.test')
    await house.settle()
    await until(async () => {
      await house.settle()
      const { state, outcome } = await fate(content)
      return outcome === 'failed' || state === 'failed'
    }, 'told that it failed')
    const { items } = await house.as(org, agent, ctx => notifications.list(ctx, {}))
    assert.ok(items.some(each => each.says === 'deliveries.told.bounced' || each.says === 'deliveries.told.rejected'))
  })

  test('new numbers for all mails (UIDVALIDITY) and a broken line bring nothing twice and lose nothing', async () => {
    const before = (await said()).map(each => each.id)
    mail.doveadm('mailbox', 'update', '--uid-validity', '4711', '-u', care, 'INBOX')
    mail.doveadm('kick', care)
    await mail.deliver(letter('after'))
    await heard('Order after')
    await sleep(1000)
    const now = (await said()).map(each => each.id)
    assert.equal(now.length, before.length + 1)
  })
})
