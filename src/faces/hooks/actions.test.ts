import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { Webhook } from 'standardwebhooks'
import { setClock } from '#kernel/clock.ts'
import { asSystem } from '#kernel/db.ts'
import { allowHosts } from '#kernel/fetch.ts'
import { tickNow } from '#kernel/jobs.ts'
import { testHouse } from '#kernel/testing.ts'
import { record } from '#social/activities/actions.ts'
import { callable, callUrl } from '#social/calls/actions.ts'
import { Followed } from '#social/graph/words.ts'
import * as members from '#social/members/actions.ts'
import { Given } from '#social/tasks/words.ts'
import * as hooks from './actions.ts'

const house = await testHouse()
const seen: { headers: IncomingHttpHeaders; body: string; path: string }[] = []
let status = 200
let more: Record<string, string> = {}
let origin = ''
const server = createServer(async (request, response) => {
  let body = ''
  for await (const part of request) body += part
  seen.push({ headers: request.headers, body, path: request.url! })
  response.writeHead(status, more).end(`<b>thanks</b> ${'x'.repeat(5000)}`)
})

let shift = 0
const pass = (minutes: number): unknown => (shift += minutes * 60_000)

before(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  allowHosts(['127.0.0.0/8'])
  setClock(() => new Date(Date.now() + shift))
})
beforeEach(() => {
  seen.length = 0
  status = 200
  more = {}
  shift = 0
})
after(() => {
  setClock()
  server.close()
})

async function hooked(
  given: { types?: string[]; everything?: boolean; called?: boolean; filter?: string } = { types: ['graph.followed'] },
) {
  const org = await house.organisation()
  const owner = await house.member(org, 'owner')
  const as = <T>(run: Parameters<typeof house.as<T>>[2]) => house.as(org, owner, run)
  const { hook, secret } = await as(ctx => hooks.make(ctx, { name: 'Shop', url: `${origin}/here`, ...given }))
  await house.settle()
  seen.length = 0
  const it = {
    org,
    owner,
    as,
    hook,
    secret,
    happen: (count = 1, audience: 'staff' | 'members' = 'staff') =>
      as(async ctx => {
        for (let at = 0; at < count; at++) record(ctx, Followed, { object: owner.person!, audience })
      }),
    log: async () => (await as(ctx => hooks.deliveries(ctx, { hook }))).items,
    card: () => as(ctx => hooks.one(ctx, { hook })),
    /** The next attempt is made now, whenever it is due. */
    async again() {
      await asSystem(org, ctx => sql`update jobs.job set start_after = now() where data->>'kind' = 'hooks.deliver'`.execute(ctx.db))
      await house.settle()
    },
  }
  return it
}

const verified = (secret: string, { headers, body }: (typeof seen)[number]): unknown =>
  new Webhook(secret).verify(body, headers as Record<string, string>)

test('what happens is told once, signed as another implementation checks it, with the names and the ids of the log', async () => {
  const it = await hooked()
  await it.happen(3)
  await it.as(async ctx => members.changeOrganisation(ctx, { signOff: 'Bye' }))
  await house.settle()
  assert.equal(seen.length, 3, 'and nothing that was not chosen')
  assert.equal(new Set(seen.map(({ headers }) => headers['webhook-id'])).size, 3)
  const told = verified(it.secret, seen[0]!) as { type: string; timestamp: string; data: Record<string, unknown> }
  assert.deepEqual([told.type, told.data.verb, told.data.noun, told.data.object], ['graph.followed', 'Follow', 'Person', it.owner.person])
  assert.ok(Math.abs(Date.parse(told.timestamp) - Date.now()) < 60_000)
  assert.deepEqual(seen[0]!.headers['content-type'], 'application/json')
  const [last = assert.fail()] = await it.log()
  assert.deepEqual([last.state, last.status, last.attempts, last.type], ['done', 200, 1, 'graph.followed'])
  const whole = await it.as(ctx => hooks.delivery(ctx, { delivery: last.id }))
  assert.ok(whole.answer!.startsWith('<b>thanks</b>') && whole.answer!.length <= 2000)
})

test('everything is told to who wants everything; what only named members may see to nobody, and nothing to the hook of another organisation', async () => {
  const [it, other] = [await hooked({ everything: true }), await hooked({ everything: true })]
  await it.happen()
  await it.happen(1, 'members')
  await it.as(async ctx => members.changeOrganisation(ctx, { signOff: 'Bye' }))
  await house.settle()
  assert.deepEqual(seen.map(({ body }) => JSON.parse(body).type).sort(), ['graph.followed', 'members.organisationChanged'])
  assert.equal((await other.log()).filter(({ type }) => type !== 'hooks.made').length, 0)
  await assert.rejects(
    other.as(ctx => hooks.one(ctx, { hook: it.hook })),
    { code: 'notFound' },
  )
  const [log] = await it.log()
  await assert.rejects(
    other.as(ctx => hooks.delivery(ctx, { delivery: log!.id })),
    { code: 'notFound' },
  )
})

test('while a secret is changed both are good for a day; it is never shown again', async () => {
  const it = await hooked()
  const { secret } = await it.as(ctx => hooks.rotate(ctx, { hook: it.hook }))
  await it.happen()
  await house.settle()
  for (const each of [it.secret, secret]) assert.ok(verified(each, seen[0]!))
  pass(24 * 60 + 1)
  await it.happen()
  await it.again()
  const late = seen.at(-1)!
  assert.equal(String(late.headers['webhook-signature']).split(' ').length, 1)
  const browser = await house.browser(it.org, it.owner)
  for (const path of ['/settings/hooks', `/settings/hooks/${it.hook}`])
    assert.doesNotMatch(await (await browser.get(path)).text(), /whsec_/)
  const kept = await asSystem(it.org, ctx => sql<{ secret: string }>`select secret from hook`.execute(ctx.db))
  assert.doesNotMatch(JSON.stringify(kept.rows), /whsec_/)
})

test('what does not arrive is tried again under the same id, as late as was asked for, and the log says what was answered', async () => {
  const it = await hooked()
  status = 503
  more = { 'retry-after': '600' }
  await it.happen()
  await house.settle()
  const [first = assert.fail()] = await it.log()
  assert.deepEqual([first.state, first.status, first.attempts], ['waiting', 503, 1])
  assert.ok(Math.abs(first.dueAt!.getTime() - Date.now() - 600_000) < 10_000)
  assert.ok((await it.card()).failingSince)
  await it.happen()
  await house.settle()
  assert.equal(seen.length, 1, 'a failing address is left alone for a minute')
  status = 302
  more = { location: `${origin}/elsewhere` }
  pass(10)
  await it.again()
  assert.ok(
    seen.every(({ path }) => path === '/here'),
    'a redirect is no arrival, and is not followed',
  )
  status = 200
  pass(10)
  await it.again()
  await it.again()
  assert.deepEqual(
    (await it.log()).map(({ state }) => state),
    ['done', 'done'],
  )
  assert.equal((await it.card()).failingSince, null)
  const ids = seen.map(({ headers }) => headers['webhook-id'])
  assert.ok(ids.filter(id => id === ids[0]).length >= 3)
})

test('ten attempts are the end; sent again by hand it is the same message, and a stopped hook sends nothing', async () => {
  const it = await hooked()
  status = 500
  await it.happen()
  await house.settle()
  for (let attempt = 0; attempt < 12; attempt++) {
    pass(2)
    await it.again()
  }
  const [failed = assert.fail()] = await it.log()
  assert.deepEqual([failed.state, failed.attempts, seen.length], ['failed', 10, 10])
  status = 200
  await it.as(ctx => hooks.resend(ctx, { delivery: failed.id }))
  await it.as(ctx => hooks.resend(ctx, { delivery: failed.id }))
  pass(2)
  await it.again()
  assert.deepEqual([(await it.log())[0]!.state, seen.length], ['done', 11])
  assert.equal(new Set(seen.map(({ headers }) => headers['webhook-id'])).size, 1)
  await it.as(ctx => hooks.stop(ctx, { hook: it.hook }))
  await assert.rejects(
    it.as(ctx => hooks.resend(ctx, { delivery: failed.id })),
    { key: 'hooks.isStopped' },
  )
  await it.happen()
  await house.settle()
  assert.equal(seen.length, 11)
})

test('410 stops it at once, five days without arrival as well; whoever can mend it is told once', async () => {
  const it = await hooked()
  const notices = async () =>
    (await asSystem(it.org, ctx => sql<{ says: string }>`select says from notification order by id`.execute(ctx.db))).rows.map(
      ({ says }) => says,
    )
  status = 410
  await it.happen(2)
  await house.settle()
  assert.deepEqual([(await it.card()).stoppedBecause, seen.length], ['gone', 1])
  assert.deepEqual(
    (await it.log()).map(({ state }) => state),
    ['failed', 'failed'],
  )
  assert.deepEqual(await notices(), ['hooks.notice.gone'])
  status = 500
  await it.as(ctx => hooks.resume(ctx, { hook: it.hook }))
  await it.happen()
  await house.settle()
  assert.equal((await it.card()).stoppedBecause, null)
  pass(5 * 1440 + 1)
  await it.happen()
  await it.again()
  assert.equal((await it.card()).stoppedBecause, 'failing')
  assert.deepEqual(await notices(), ['hooks.notice.gone', 'hooks.notice.failing'])
  assert.ok((await house.happened(it.org)).includes('Reject:Hook'))
})

test('a test arrives under its own name; addresses in our own network, other protocols, unknown names and other roles do not', async () => {
  const it = await hooked()
  await it.as(ctx => hooks.test(ctx, { hook: it.hook }))
  await house.settle()
  assert.equal(JSON.parse(seen[0]!.body).type, 'hooks.tested')
  const make = (given: object) =>
    it.as(ctx => hooks.make(ctx, { name: 'x', url: 'https://x.example/', types: ['graph.followed'], ...given } as never))
  for (const url of ['ftp://x.example/', 'javascript:alert(1)', 'x', '']) await assert.rejects(make({ url }), { code: 'invalid' }, url)
  await assert.rejects(make({ types: ['nothing.like'] }), { key: 'hooks.noType' })
  await assert.rejects(make({ types: [] }), { key: 'hooks.chooseSomething' })
  await assert.rejects(
    house.as(it.org, 'manager', ctx => hooks.list(ctx, {})),
    { code: 'forbidden' },
  )
  const { hook } = await make({ url: 'http://10.0.0.1/metadata' })
  await it.as(ctx => hooks.test(ctx, { hook }))
  await house.settle()
  const { items } = await it.as(ctx => hooks.deliveries(ctx, { hook }))
  const inside = await it.as(ctx => hooks.delivery(ctx, { delivery: items[0]!.id }))
  assert.deepEqual([inside.status, inside.answer], [null, 'kernel.reachForbidden'])
})

test('the pages: empty, made, told, read, removed; the log is paged by key and forgotten after thirty days', async () => {
  const it = await hooked()
  const browser = await house.browser(it.org, it.owner)
  const text = async (path: string) => (await browser.get(path)).text()
  const empty = await house.browser(await house.organisation(), 'owner')
  assert.match(await (await empty.get('/settings/hooks')).text(), /href="\/settings\/hooks\/new"/)
  assert.match(await text('/settings/hooks/new'), /name="types\[\]"[^>]*value="crm\.assigned"/)
  const form = new FormData()
  for (const [name, value] of [
    ['name', 'Ware<house>'],
    ['url', `${origin}/ware`],
    ['types[]', 'crm.assigned'],
    ['types[]', 'graph.followed'],
  ])
    form.append(name!, value!)
  const made = await (await browser.post('/settings/hooks/new', form)).text()
  assert.match(made, /whsec_[A-Za-z0-9+/]{43}=/)
  assert.match(await text('/settings/hooks'), /Ware&lt;house&gt;/)
  await it.happen(25)
  await house.settle()
  const page = await text(`/settings/hooks/${it.hook}`)
  const older = /href="(\/settings\/hooks\/[^"]*\?before=[^"]*)"/.exec(page)![1]!
  const rows = (html: string) => html.match(/\/deliveries\/[0-9a-f-]{36}"/g)?.length ?? 0
  assert.ok(rows(page) > rows(await text(older)) && rows(await text(older)) > 0)
  const [last] = await it.log()
  const one = await text(`/settings/hooks/${it.hook}/deliveries/${last!.id}`)
  assert.match(one, /&lt;b&gt;thanks&lt;\/b&gt;/)
  for (const deed of ['test', 'stop', 'resume', 'rotate', `deliveries/${last!.id}/resend`])
    assert.ok((await browser.post(`/settings/hooks/${it.hook}/${deed}`, {})).status < 400, deed)
  await house.settle()
  pass(31 * 1440)
  await tickNow('hooks.forget')
  assert.equal((await it.log()).length, 0)
  await browser.post(`/settings/hooks/${it.hook}/remove`, {})
  assert.equal((await browser.get(`/settings/hooks/${it.hook}`)).status, 404)
})

test('a filter says of which of the things that it hears a hook is told, and what only rules call is told that and nothing else', async () => {
  const it = await hooked({ types: ['tasks.given'], filter: 'detail.text = urgent, late\nside != outside' })
  const give = (text: string, side: 'inside' | 'outside' = 'inside') =>
    it.as(async ctx => void record(ctx, Given, { object: it.owner.person!, side, detail: { task: it.hook, text } }))
  for (const name of ['urgent', 'green', 'late']) await give(name)
  await give('urgent', 'outside')
  await house.settle()
  assert.deepEqual(seen.map(each => JSON.parse(each.body).data.detail.text).sort(), ['late', 'urgent']) // biome-ignore format: one line
  const wrong = it.as(ctx => hooks.change(ctx, { hook: it.hook, name: 'Shop', url: origin, everything: true, filter: 'label: urgent' }))
  await assert.rejects(wrong, { code: 'invalid', key: 'hooks.filterWrong' })
  seen.length = 0
  const rule = await hooked({ called: true })
  assert.deepEqual(await rule.as(callable), [{ id: rule.hook, name: 'Shop' }])
  await rule.happen(2)
  const object = rule.owner.person!
  const activity = await rule.as(ctx => callUrl(ctx, { address: rule.hook, object, said: { rule: 'VIP', order: 'N1' } }))
  status = 503
  await house.settle()
  status = 200
  await rule.again()
  assert.equal(seen.length, 2)
  assert.deepEqual(seen[0]!.headers['webhook-id'], seen[1]!.headers['webhook-id'])
  const told = verified(rule.secret, seen[1]!) as { type: string; data: { id: string; detail: { said: unknown } } }
  assert.deepEqual([told.type, told.data.id, told.data.detail.said], ['calls.called', activity, { rule: 'VIP', order: 'N1' }])
  assert.deepEqual((await rule.log()).map(each => [each.type, each.state, each.attempts]), [['calls.called', 'done', 2]]) // biome-ignore format: one line
  await rule.as(ctx => hooks.stop(ctx, { hook: rule.hook }))
  for (const [who, address] of [[rule, rule.hook], [rule, it.hook], [it, rule.hook]] as const)
    await assert.rejects(who.as(ctx => callUrl(ctx, { address, said: {} })), { code: 'notFound', key: 'calls.noAddress' }) // biome-ignore format: one line
})
