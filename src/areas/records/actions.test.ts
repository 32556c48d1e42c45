import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { deskIn, passTime } from '#areas/crm/testing.ts'
import { setClock } from '#kernel/clock.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { allowHosts } from '#kernel/fetch.ts'
import { keep } from '#kernel/files.ts'
import { tickNow } from '#kernel/jobs.ts'
import { signedHeaders } from '#kernel/signed.ts'
import { testHouse } from '#kernel/testing.ts'
import { list as activities } from '#social/activities/actions.ts'
import * as fields from '#social/fields/actions.ts'
import * as imports from '#social/imports/actions.ts'
import * as notifications from '#social/notifications/actions.ts'
import { findOrMeet, useNetworks } from '#social/people/actions.ts'
import { search } from '#social/search/actions.ts'
import * as tasks from '#social/tasks/actions.ts'
import { note, watch } from '#social/threads/actions.ts'
import * as records from './actions.ts'
import type { Field } from './words.ts'

const house = await testHouse()
const { desk, hear } = deskIn(house)

let answer: { status: number; headers?: Record<string, string>; body: string } = { status: 200, body: '[]' }
const asked: Record<string, string | string[] | undefined>[] = []
let origin = ''
const server = createServer((request, response) => {
  asked.push(request.headers)
  const isSame = answer.headers?.etag !== undefined && request.headers['if-none-match'] === answer.headers.etag
  response.writeHead(isSame ? 304 : answer.status, answer.headers).end(isSame ? '' : answer.body)
})
before(async () => {
  useNetworks([{ name: 'post', title: 'post.title', normalise: address => address.toLowerCase() }])
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  allowHosts(['127.0.0.0/8'])
})
after(() => {
  setClock()
  server.close()
})

const field = (key: string, more: Partial<Field> = {}): Field => ({ key, label: key, kind: 'text', choices: [], required: false, card: false, role: null, archived: false, ...more }) // biome-ignore format: one line
const about = {
  ...{ one: 'Order', many: 'Orders', personBy: 'post' },
  fields: [
    field('number', { role: 'key' }),
    field('state', { kind: 'choice', choices: ['new', 'sent', 'back'], role: 'state' }),
    field('mail', { role: 'person' }),
    field('total', { kind: 'number', card: true }),
    field('sent', { kind: 'date' }),
  ],
}

async function shop() {
  const it = await desk()
  const as = <T>(who: Actor, run: (ctx: Ctx) => Promise<T>): Promise<T> => house.as(it.org, who, run)
  const { kind } = await as(it.owner, ctx => records.makeKind(ctx, { name: 'order', ...about }))
  const put = async (...items: unknown[]) => {
    const came = await as(it.owner, ctx => records.put(ctx, { kind: 'order', items }))
    await house.settle()
    return came.items.map(each => [each.key, each.outcome, ...(each.fault ? [each.fault.replace('records.row.', '')] : [])])
  }
  const all = async () => (await as(it.anna, ctx => records.list(ctx, { kind: 'order' }))).items
  const one = async (key: string) => (await all()).find(each => each.key === key)!
  const waiting = async () => (await as(it.owner, ctx => records.refused(ctx, { kind: 'order' }))).items
  const happened = async () => (await house.happened(it.org)).filter(each => /:Record(Person)?$/.test(each))
  return { ...it, as, kind, put, all, one, waiting, happened }
}

test('rows go in by their key, the same again changes nothing, and one that cannot go in stops no other and waits to be tried again', async () => {
  const it = await shop()
  const first = { number: 4711, state: 'new', mail: 'carla@example.org', total: '19,90', sent: '2026-03-01T10:00:00Z' }
  assert.deepEqual(await it.put(first, {}, { number: 1, colour: 'red' }, { number: 2, state: 'lost' }, { number: 3, total: { a: 1 } }, 7, { number: 4, mail: 'x'.repeat(10_000_000) }), [
    ['4711', 'new'], [null, 'refused', 'noKey'], ['1', 'refused', 'unknownField'], ['2', 'refused', 'wrong.choice'], ['3', 'refused', 'nested'], [null, 'refused', 'noObject'], ['4', 'refused', 'tooLarge'],
  ]) // biome-ignore format: a list
  assert.deepEqual(await it.put(first, { number: 4711, state: 'sent' }, { number: '4711', total: 20 }, { number: 5 }), [
    ['4711', 'changed'], ['4711', 'changed'], ['4711', 'changed'], ['5', 'new'],
  ]) // biome-ignore format: a list
  assert.deepEqual(await it.put({ number: 4711, state: 'sent', total: 20.0 }, { number: 5 }), [['4711', 'same'], ['5', 'same']]) // biome-ignore format: a list
  const row = await it.one('4711')
  assert.deepEqual(row.fields, { number: '4711', state: 'sent', mail: 'carla@example.org', total: '20', sent: '2026-03-01' })
  assert.deepEqual(await it.happened(), ['Create:Record', 'Create:Record', 'Update:Record'])
  const history = await it.as(it.anna, ctx => activities(ctx, { object: row.id }))
  assert.deepEqual((history.items[0]!.detail as { changes: unknown }).changes, [{ field: 'state', from: 'new', to: 'sent' }, { field: 'total', from: '19.9', to: '20' }]) // biome-ignore format: a list
  // What waits goes in once the kind knows it: here a new state and a new field.
  assert.deepEqual((await it.waiting()).map(each => [each.key, each.body !== null]), [['4', false], [null, true], ['3', true], ['2', true], ['1', true], [null, true]]) // biome-ignore format: a list
  const wider = [...about.fields.map(each => (each.key === 'state' ? { ...each, label: 'Stage', choices: ['new', 'sent', 'back', 'lost'] } : each)), field('colour')] // biome-ignore format: one line
  await it.as(it.owner, ctx => records.changeKind(ctx, { kind: it.kind, ...about, fields: wider }))
  assert.deepEqual(await it.as(it.owner, ctx => records.retry(ctx, { kind: 'order' })), { went: 2, stay: 3 })
  assert.deepEqual([(await it.one('1')).fields.colour, (await it.one('2')).state], ['red', 'lost'])
  // A field that goes keeps what it said, and takes more of it without a word.
  await it.as(it.owner, ctx => records.changeKind(ctx, { kind: it.kind, ...about, fields: wider.filter(each => each.key !== 'total') }))
  assert.deepEqual(await it.put({ number: 4711, total: 21 }), [['4711', 'changed']])
  assert.equal((await it.one('4711')).fields.total, '21')
  // Nothing goes into a kind that is archived, and nothing is lost by it.
  await it.as(it.owner, ctx => records.archiveKind(ctx, { kind: it.kind }))
  assert.deepEqual(await it.put({ number: 9 }), [[null, 'refused', 'records.kindIsArchived']])
  await it.as(it.owner, ctx => records.bringKindBack(ctx, { kind: it.kind }))
  assert.equal((await it.as(it.owner, ctx => records.retry(ctx, { kind: 'order' }))).went, 1)
  const counted = await it.as(it.anna, ctx => records.counts(ctx, {}))
  await tickNow('records.sumUp')
  assert.deepEqual((await it.as(it.anna, ctx => records.counts(ctx, {}))).items.map(each => each.n).sort(), counted.items.map(each => each.n).sort()) // biome-ignore format: one line
  assert.deepEqual([counted.items.reduce((sum, each) => sum + each.n, 0), (await it.all()).length], [5, 5])
  const page = await it.as(it.anna, ctx => records.list(ctx, { kind: 'order', limit: 2 }))
  const rest = await it.as(it.anna, ctx => records.list(ctx, { kind: 'order', limit: 3, before: page.next! }))
  assert.equal(new Set([...page.items, ...rest.items].map(each => each.id)).size, 5)
  await assert.rejects(it.as(it.owner, ctx => records.put(ctx, { kind: 'order', items: Array.from({ length: 1001 }, () => ({})) })), { code: 'invalid' }) // biome-ignore format: one line
  await assert.rejects(it.as(it.owner, ctx => records.put(ctx, { kind: 'pigeon', items: [] })), { code: 'notFound' }) // biome-ignore format: one line
  await assert.rejects(it.as(it.anna, ctx => records.put(ctx, { kind: 'order', items: [] })), { code: 'forbidden' }) // biome-ignore format: one line
})

test('many who bring the same thousand at the same moment make each of them once', async () => {
  const it = await shop()
  const items = Array.from({ length: 1000 }, (_, nth) => ({ number: nth, state: 'new' }))
  const came = await Promise.all(
    [0, 1, 2].map(() => it.as(it.owner, ctx => records.put(ctx, { kind: 'order', items: items.toReversed() }))),
  )
  const outcomes = came.flatMap(each => each.items.map(one => one.outcome))
  assert.deepEqual(['new', 'same', 'changed', 'refused'].map(each => outcomes.filter(one => one === each).length), [1000, 2000, 0, 0]) // biome-ignore format: one line
  assert.equal((await it.happened()).length, 1000)
})

test('a record stands beside the conversations of its person, who is found at once or later; colleagues follow it, talk about it and give themselves tasks', async () => {
  const it = await shop()
  await it.put({ number: 'N1', state: 'new', mail: 'CARLA@example.org', total: 5 }, { number: 'N2', mail: 'dan@example.org' })
  assert.deepEqual([(await it.one('N1')).person, (await it.one('N1')).personSays], [null, 'carla@example.org'])
  const [thread] = await hear(it, [{ remoteId: 'where is it' }])
  const row = await it.one('N1')
  assert.equal(row.personName, 'Carla Diaz')
  const browser = await house.browser(it.org, it.anna)
  const beside = async () => (await browser.get(`/inbox/all/${thread}`)).text()
  assert.match(await beside(), /data-record="N1"[\s\S]*new[\s\S]*total: 5/)
  assert.doesNotMatch(await beside(), /data-record="N2"/)
  await it.as(it.ben, ctx => watch(ctx, { thread: row.discussion }))
  await it.as(it.anna, ctx => note(ctx, { thread: row.discussion, text: 'The carrier has it' }))
  await it.as(it.anna, ctx => tasks.add(ctx, { thread: row.discussion, text: 'Ask the carrier', person: it.ben.person, until: null }))
  await it.put({ number: 'N1', state: 'sent' }, { number: 'N1', state: 'sent' })
  assert.match(await beside(), /data-record="N1"[\s\S]*sent/)
  const page = await (await browser.get(`/records/order/${row.id}`)).text()
  assert.match(page, /The carrier has it[\s\S]*Ask the carrier/)
  assert.match(page, /<del>[\s\S]{0,20}new[\s\S]{0,60}<ins>[\s\S]{0,20}sent/)
  assert.match(await (await browser.get('/records/order?nobody=true')).text(), /dan@example\.org/)
  assert.equal((await browser.get(`/threads/${row.discussion}`)).headers.get('location'), `/records/order/${row.id}`)
  const told = (await it.as(it.ben, ctx => notifications.list(ctx, { limit: 50 }))).items.filter(
    each => each.says === 'records.tell.changed',
  )
  assert.equal(told.length, 1)
  assert.deepEqual(
    (await it.as(it.anna, ctx => search(ctx, { q: 'N1 is:record' }))).items.map(each => each.id),
    [row.id],
  )
  // By one of the organisation's own fields of people, as soon as it is filled; by our own id only somebody who is here.
  const { field: own } = await it.as(it.owner, ctx => fields.make(ctx, { name: 'Customer number', kind: 'text' }))
  const byNumber = [field('id', { role: 'key' }), field('customer', { role: 'person' })]
  await it.as(it.owner, ctx => records.makeKind(ctx, { name: 'contract', one: 'Contract', many: 'Contracts', personBy: `field:${own}`, fields: byNumber })) // biome-ignore format: one line
  await it.as(it.owner, ctx => records.makeKind(ctx, { name: 'visit', one: 'Visit', many: 'Visits', personBy: 'id', fields: byNumber }))
  await it.as(it.owner, ctx => records.put(ctx, { kind: 'contract', items: [{ id: 'C1', customer: 'K-77' }] }))
  await it.as(it.anna, ctx => fields.put(ctx, { person: row.person!, values: { [own]: 'K-77' } }))
  await house.settle()
  assert.equal((await it.as(it.anna, ctx => records.list(ctx, { kind: 'contract' }))).items[0]!.person, row.person)
  const other = await house.organisation()
  const [foreign] = await asSystem(other, ctx => findOrMeet(ctx, [{ network: 'post', address: 'e@f.g', normal: 'e@f.g', because: 'heard', at: ctx.now }])) // biome-ignore format: one line
  const visits = await it.as(it.owner, ctx => records.put(ctx, { kind: 'visit', items: [{ id: 1, customer: foreign }, { id: 2, customer: row.person }, { id: 3, customer: 'x' }] })) // biome-ignore format: one line
  assert.deepEqual(visits.items.map(each => each.outcome), ['refused', 'new', 'refused']) // biome-ignore format: one line
  for (const record of [row.id, foreign!])
    await assert.rejects(house.as(other, 'agent', ctx => records.show(ctx, { record })), { code: 'notFound', key: 'records.notThere' }) // biome-ignore format: one line
  await assert.rejects(
    house.as(it.org, 'member', ctx => records.show(ctx, { record: row.id })),
    { code: 'forbidden' },
  )
})

test('a door takes what is signed and nothing else, once, whatever its shape; what does not go in waits', async () => {
  const it = await shop()
  const { source, secret } = await it.as(it.owner, ctx => records.makeDoor(ctx, { kind: it.kind, name: 'Shop' }))
  const push = (body: string, more: { id?: string; at?: Date; secret?: string; signed?: string } = {}) => {
    const headers = signedHeaders([more.secret ?? secret], more.id ?? crypto.randomUUID(), more.at ?? new Date(), more.signed ?? body)
    return records.takeAtDoor(it.org, source, new Headers(headers), async () => Buffer.from(body))
  }
  const forged = { code: 'forbidden', key: 'records.notGenuine' }
  await assert.rejects(push('[]', { secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}` }), forged)
  await assert.rejects(push('[]', { at: new Date(Date.now() - 301_000) }), forged)
  await assert.rejects(push('[{"number":1}]', { signed: '[]' }), forged)
  assert.deepEqual(await it.all(), [])
  const shape = {
    event: 'order.updated',
    data: { orders: [{ id: 7, customer: { email: 'carla@example.org' }, status: 'sent', lines: [1] }] },
  }
  const places = { number: '/id', mail: '/customer/email', state: '/status' }
  await it.as(it.owner, ctx => records.changeSource(ctx, { source, listAt: '/data/orders', places }))
  const once = { id: 'push-1' }
  const stranger = await house.browser(await house.organisation(), 'guest')
  const knock = (headers: Record<string, string>) => stranger.send('POST', `/records/door/${it.org}/${source}`, shape, headers)
  assert.equal((await knock({})).status, 403)
  const came = await (await knock(signedHeaders([secret], once.id, new Date(), JSON.stringify(shape)))).json()
  assert.deepEqual([came.new, came.refused], [1, 0])
  assert.deepEqual((await it.one('7')).fields, { number: '7', mail: 'carla@example.org', state: 'sent' })
  // Caught and sent again it says what is over; it is not heard.
  await push(JSON.stringify({ data: { orders: [{ id: 7, status: 'back' }] } }))
  assert.deepEqual((await push(JSON.stringify(shape), once))!.items, [])
  assert.equal((await it.one('7')).state, 'back')
  const huge = { data: { orders: [{ id: 8, status: 'x'.repeat(10_000_000) }, { id: 9, status: 'new' }, { status: 'new' }] } }
  const much = await push(JSON.stringify(huge))
  assert.deepEqual(much!.items.map(each => each.outcome), ['refused', 'new', 'refused']) // biome-ignore format: one line
  assert.equal((await it.waiting()).length, 2)
  for (const [body, key] of [['{', 'records.noJson'], ['{"a":1}', 'records.noList']] as const) await assert.rejects(push(body), { key }) // biome-ignore format: one line
  const shown = await it.as(it.owner, ctx => records.source(ctx, { source }))
  assert.deepEqual([shown.says, shown.failingSince !== null, 'secret' in shown], ['records.noList', true, false])
  const preview = await it.as(it.owner, ctx => records.previewOf(ctx, { ...shown, sample: JSON.stringify(shape) }))
  assert.deepEqual([preview!.rows[0]!.key, preview!.places.map(each => each.place)], ['7', ['/id', '/customer/email', '/status', '/lines/0']]) // biome-ignore format: one line
  assert.equal(await records.takeAtDoor(await house.organisation(), source, new Headers(), () => assert.fail('nothing is read')), null)
})

test('an address is asked in its rhythm, only for what is new; what fails is shown and asked again ever later', async () => {
  const it = await shop()
  const { source } = await it.as(it.owner, ctx => records.makeAddress(ctx, { kind: it.kind, name: 'Ledger', url: `${origin}/orders`, minutes: 15 })) // biome-ignore format: one line
  const ring = async (minutes: number) => {
    passTime(minutes * 60_000)
    const before = asked.length
    await tickNow('records.askDue')
    await house.settle()
    return asked.length - before
  }
  const shown = () => it.as(it.owner, ctx => records.source(ctx, { source }))
  answer = { status: 200, headers: { etag: '"1"' }, body: JSON.stringify({ orders: [{ number: 'A', state: 'new' }, { number: 'B', total: 'x' }] }) } // biome-ignore format: one line
  assert.equal(await ring(1), 1)
  assert.deepEqual([(await it.one('A')).state, (await it.waiting()).map(each => each.says)], ['new', ['records.row.wrong.number']])
  assert.deepEqual([await ring(5), await ring(11)], [0, 1])
  assert.equal(asked.at(-1)!['if-none-match'], '"1"')
  assert.equal((await it.waiting()).length, 1)
  answer = { status: 503, body: '' }
  assert.equal(await ring(16), 1)
  assert.equal((await shown()).says, 'records.answered.down')
  const told = async () => (await it.as(it.owner, ctx => notifications.list(ctx, { limit: 50 }))).items.filter(each => each.says === 'records.tell.failing').length // biome-ignore format: one line
  const asks: number[] = []
  for (let nth = 0; nth < 4; nth++) asks.push(await ring(15))
  assert.ok(asks.filter(Boolean).length < 4 && asks[0] === 1, asks.join())
  assert.equal(await told(), 1)
  answer = { status: 200, body: 'number;state\nA;sent\nC;new\n' }
  await it.as(it.owner, ctx => records.changeSource(ctx, { source, format: 'csv' }))
  assert.equal(await ring(1), 1)
  assert.deepEqual([(await it.one('A')).state, (await it.one('C')).state, (await shown()).failingSince], ['sent', 'new', null])
  await it.as(it.owner, ctx => records.pauseSource(ctx, { source }))
  assert.equal(await ring(60), 0)
  setClock()
})

test('a table is brought in by columns, tried first and taken back; what is spoken of since stays; a table goes out', async () => {
  const it = await shop()
  await it.put({ number: 'N1', state: 'new', total: 1 })
  const file = 'Number;State;Total;Rest\nN1;sent;2;x\nN2;new;3;x\nN3;new;4;x\n;new;5;x\nN5;lost;6;x\nN2;sent;3;x\n'
  const kept = await it.as(it.owner, ctx => keep(ctx, Buffer.from(file), { name: 'orders.csv' }))
  const { run } = await it.as(it.owner, ctx => imports.begin(ctx, { kind: 'records', file: kept }))
  const preview = await it.as(it.owner, ctx => imports.previewOf(ctx, run))
  assert.deepEqual(preview.columns.map(each => each.value), ['number', 'state', 'total', '']) // biome-ignore format: one line
  const deeds = { check: imports.check, start: imports.start, undo: imports.undo }
  const step = async (deed: keyof typeof deeds, mapping?: Record<string, string>) => {
    await it.as(it.owner, ctx => deeds[deed](ctx, { run, ...(mapping && { mapping }) }))
    await house.settle()
    const { run: now } = await it.as(it.owner, ctx => imports.show(ctx, { run }))
    return [now.state, now.fresh, now.known, now.faulty, now.kept]
  }
  await assert.rejects(step('check', { ...preview.mapping, column0: '' }), { key: 'records.keyColumn' })
  await assert.rejects(step('check', { ...preview.mapping, column3: 'total' }), { key: 'records.columnTwice' })
  await assert.rejects(step('check', { ...preview.mapping, kind: it.org }), { key: 'records.kindFirst' })
  assert.deepEqual(await step('check', preview.mapping), ['checked', 2, 2, 2, 0])
  assert.equal((await it.all()).length, 1)
  assert.deepEqual(await step('start'), ['done', 2, 2, 2, 0])
  assert.deepEqual([(await it.one('N1')).fields.total, (await it.one('N2')).state], ['2', 'sent'])
  const browser = await house.browser(it.org, it.owner)
  const out = await (await browser.get('/records/order/all.csv')).text()
  assert.match(out, /^number,state,mail,total,sent,.*\r\n/)
  assert.match(out, /N1,sent,,2,,/)
  await it.as(it.anna, async ctx => note(ctx, { thread: (await it.one('N3')).discussion, text: 'Mine' }))
  await house.settle()
  assert.deepEqual((await step('undo')).at(-1), 1)
  assert.deepEqual((await it.all()).map(each => [each.key, each.state, each.fields.total]).sort(), [['N1', 'new', '1'], ['N3', 'new', '4']]) // biome-ignore format: one line
  assert.equal((await browser.get('/records/order/all.csv', { accept: 'text/csv' })).status, 200)
  assert.equal((await (await house.browser(it.org, it.anna)).get('/records/order/all.csv')).status, 403)
})
