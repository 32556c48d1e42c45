import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import * as crm from '#areas/crm/actions.ts'
import { setClock } from '#kernel/clock.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { tickNow } from '#kernel/jobs.ts'
import { testHouse } from '#kernel/testing.ts'
import { takeInForGood } from '#social/intake/actions.ts'
import { changeOrganisation } from '#social/members/actions.ts'
import * as notifications from '#social/notifications/actions.ts'
import { type Desk, deskIn, question } from '#social/outbox/testing.ts'
import * as teams from '#social/teams/actions.ts'
import { threadOf } from '#social/threads/actions.ts'
import { put } from '#social/traits/actions.ts'
import * as cases from './actions.ts'

const house = await testHouse()
const { desk, write } = deskIn(house)
after(() => setClock())

const at = (text: string): void => setClock(() => new Date(`2026-11-${text}Z`))
const as = <T>(it: Desk, who: Actor, run: (ctx: Ctx) => Promise<T>) => house.as(it.org, who, run)
const show = (it: Desk, number: number) => as(it, it.agent, ctx => cases.show(ctx, { number }))
const ours = /Case/
const happened = async (it: Desk) => (await house.happened(it.org)).filter(each => ours.test(each))
const ring = async (): Promise<void> => {
  await tickNow('cases.watch')
  await house.settle()
}
/** Written again in a thread, as its network tells it. */
async function writesAgain(it: Desk, name: string, answers: string): Promise<void> {
  const message = question(it.network, name, { answers: [answers], at: new Date(Date.now() - 3_600_000) })
  await takeInForGood(it.org, { channel: it.network, account: it.account }, [message], async () => {})
  await house.settle()
}
const told = async (it: Desk, who: Actor) =>
  (await as(it, who, ctx => notifications.list(ctx, { limit: 50 }))).items.map(each => each.says).filter(each => each.startsWith('cases.'))

test('numbers have no gaps, and of many who take a case in the same second one has it and the others are told who', async () => {
  const it = await desk()
  const opened = await Promise.all(
    Array.from({ length: 12 }, (_, nth) =>
      as(it, it.agent, ctx => cases.open(ctx, { title: `Case ${nth}`, ...(nth === 5 && { title: 'The fifth' }) })),
    ),
  )
  await assert.rejects(
    as(it, it.agent, ctx => cases.open(ctx, {})),
    { code: 'invalid' },
  )
  assert.deepEqual(opened.map(each => each.number).sort((a, b) => a - b), Array.from({ length: 12 }, (_, nth) => nth + 1)) // biome-ignore format: a list
  const agents = await Promise.all(['Ann', 'Ben', 'Cleo', 'Dan'].map(name => house.member(it.org, 'agent', name)))
  const tries = await Promise.allSettled(agents.map(who => as(it, who, ctx => cases.take(ctx, { cases: [opened[0]!.case] }))))
  const { ownerName, state } = await show(it, opened[0]!.number)
  assert.equal(tries.filter(each => each.status === 'fulfilled').length, 1)
  assert.equal(state, 'open')
  for (const each of tries)
    if (each.status === 'rejected') assert.deepEqual([each.reason.key, each.reason.values], ['cases.takenMeanwhile', { name: ownerName }])
  assert.equal((await happened(it)).filter(each => each === 'Add:CaseOwner').length, 1)
  // Whoever saw another owner overrules nobody unknowingly; a customer's agent elsewhere sees nothing at all.
  await assert.rejects(
    as(it, it.agent, ctx => cases.assign(ctx, { case: opened[0]!.case, to: it.agent.person, seen: null })),
    { code: 'conflict' },
  )
  await assert.rejects(
    house.as(await house.organisation(), 'agent', ctx => cases.take(ctx, { cases: [opened[1]!.case] })),
    { code: 'notFound' },
  )
  await assert.rejects(
    house.as(it.org, 'member', ctx => cases.take(ctx, { cases: [opened[1]!.case] })),
    { code: 'forbidden' },
  )
  const found = await as(it, it.agent, ctx => cases.list(ctx, { q: 'fifth' }))
  assert.deepEqual(found.items.map(each => each.title), ['The fifth']) // biome-ignore format: a list
  const page = await as(it, it.agent, ctx => cases.list(ctx, { view: 'unowned', limit: 6 }))
  const rest = await as(it, it.agent, ctx => cases.list(ctx, { view: 'unowned', limit: 6, before: page.next! }))
  assert.equal(new Set([...page.items, ...rest.items].map(each => each.id)).size, 11)
  await recounted(it)
})

/** What is kept is what a count would say, summed up or not. */
async function recounted(it: Desk): Promise<void> {
  const differing = async () => {
    const { rows } = await asSystem(it.org, ctx =>
      sql`
        with nobody as (select '00000000-0000-0000-0000-000000000000'::uuid as id),
        kept as (select state, owner, team, alarm, sum(n) as n from case_count group by 1, 2, 3, 4 having sum(n) <> 0),
        counted as (select state, coalesce(owner, nobody.id), coalesce(team, nobody.id), coalesce(alarm, ''), count(*)::numeric
          from cases, nobody group by 1, 2, 3, 4)
        (table kept except table counted) union all (table counted except table kept)`.execute(ctx.db),
    )
    return rows
  }
  assert.deepEqual(await differing(), [])
  await tickNow('cases.sumUp')
  assert.deepEqual(await differing(), [])
}

test('a case is opened beside its conversation by one press, holds several threads, and a thread belongs to several cases', async () => {
  const it = await desk()
  const [one, other] = [await it.thread('broken lamp'), await it.thread('second lamp')]
  await house.settle()
  const browser = await house.browser(it.org, it.agent)
  const beside = async (thread: string) => (await browser.get(`/inbox/all/${thread}`)).text()
  assert.match(await beside(one), new RegExp(`action="/cases/threads/${one}/open"`))
  assert.equal((await browser.post(`/cases/threads/${one}/open`, {})).headers.get('location'), '/cases/K-1')
  const row = await show(it, 1)
  assert.deepEqual([row.title, row.personName, row.channel, row.owner], ['broken lamp', 'Anna', it.network, it.agent.person])
  await browser.post(`/cases/threads/${other}/link`, { number: 'k1' })
  await browser.post(`/cases/threads/${other}/open`, {})
  assert.match(await beside(other), /K-1[\s\S]*K-2|K-2[\s\S]*K-1/)
  const page = await (await browser.get('/cases/K-1')).text()
  assert.match(page, /broken lamp[\s\S]*second lamp/)
  assert.equal((await browser.post(`/cases/threads/${other}/link`, { number: 'K-77' })).status, 422)
  await browser.post(`/cases/threads/${other}/unlink`, { case: row.id })
  assert.deepEqual(await happened(it), [
    'Create:Case', 'Add:CaseThread', 'Add:CaseOwner', 'Move:Case', 'Add:CaseThread', 'Create:Case', 'Add:CaseThread', 'Add:CaseOwner', 'Move:Case', 'Remove:CaseThread',
  ]) // biome-ignore format: a list
  // A thread that is closed to the reader is not shown with the case, and opens none.
  await asSystem(it.org, ctx => sql`insert into closed (object, room) values (${one}, ${crypto.randomUUID()})`.execute(ctx.db))
  assert.deepEqual(await as(it, it.agent, async ctx => (await cases.besideOf(ctx, row)).threads), [])
  await assert.rejects(
    as(it, it.agent, ctx => cases.open(ctx, { thread: one, title: 'x' })),
    { code: 'notFound' },
  )
  assert.equal((await browser.get('/cases/K-99')).status, 404)
})

test('a case is as dear as its person, and follows a conversation that goes into another, and back', async () => {
  const it = await desk()
  const [one, other] = [await it.thread('broken lamp'), await it.thread('second lamp')]
  await house.settle()
  const { person } = await as(it, it.agent, ctx => threadOf(ctx, other))
  await as(it, it.agent, ctx => put(ctx, { person: person!, kind: 'tier', value: 'key' }))
  const { number } = await as(it, it.agent, ctx => cases.open(ctx, { thread: other }))
  const threads = async () =>
    (await as(it, it.agent, async ctx => cases.besideOf(ctx, await show(it, number)))).threads.map(each => each.thread)
  assert.deepEqual([(await show(it, number)).tier, await threads()], ['key', [other]])
  const chosen = await as(it, it.agent, ctx => cases.open(ctx, { thread: other, title: 'Dearer', tier: 'vip' }))
  assert.equal((await show(it, chosen.number)).tier, 'vip')
  const { move } = await as(it, it.agent, ctx => crm.merge(ctx, { thread: one, other }))
  await house.settle()
  assert.deepEqual(await threads(), [one])
  await as(it, it.agent, ctx => crm.unmove(ctx, { thread: one, move }))
  await house.settle()
  assert.deepEqual(await threads(), [other])
})

/** The house works from Monday to Friday, 9 to 17, in Berlin: 08:00 to 16:00 UTC in November. */
async function withLevel(): Promise<Desk & { boss: Actor }> {
  const it = await desk()
  const boss = await house.member(it.org, 'manager', 'Bea')
  const about = { name: 'All', firstMinutes: 60, solveMinutes: 480, escalateTo: boss.person }
  await as(it, boss, ctx => cases.makePolicy(ctx, about))
  await house.settle()
  return { ...it, boss }
}

test('the clock counts working time, stands still while the customer is waited for, warns, is breached, and calls whoever is named', async () => {
  const it = await withLevel()
  at('02T08:00')
  const thread = await it.thread('slow lamp')
  const { case: one } = await as(it, it.agent, ctx => cases.open(ctx, { thread, owner: it.agent.person }))
  const dues = async () => [(await show(it, 1)).firstDue, (await show(it, 1)).solveDue].map(each => each?.toISOString().slice(8, 16))
  assert.deepEqual(await dues(), ['02T09:00', '02T16:00'])
  at('02T08:30')
  await as(it, it.agent, ctx => cases.move(ctx, { case: one, to: 'waiting' }))
  at('02T12:00')
  await ring()
  assert.deepEqual(await dues(), [undefined, undefined])
  // Waited is for 690 minutes of work: half an hour of the first target is left.
  at('03T12:00')
  await as(it, it.agent, ctx => cases.move(ctx, { case: one, to: 'open' }))
  assert.deepEqual(await dues(), ['03T12:30', '04T11:30'])
  at('03T12:20')
  await ring()
  assert.equal((await show(it, 1)).alarm, 'warned')
  at('03T12:31')
  await ring()
  await ring()
  assert.equal((await as(it, it.agent, ctx => cases.counts(ctx, {}))).breaching, 1)
  assert.deepEqual([await told(it, it.agent), await told(it, it.boss)], [['cases.tell.first.breached', 'cases.tell.first.warned'], ['cases.tell.first.escalated']]) // biome-ignore format: a list
  await write(it, thread, 'We are on it')
  await house.settle()
  const answered = await show(it, 1)
  assert.deepEqual([answered.alarm, answered.answeredAt?.toISOString().slice(8, 16)], [null, '03T12:31'])
  at('04T09:00')
  await as(it, it.agent, ctx => cases.close(ctx, { case: one, cause: 'glass too thin' }))
  const because = async (cause: string) =>
    (await as(it, it.agent, ctx => cases.list(ctx, { view: 'closed', cause }))).items.map(each => each.id)
  assert.deepEqual([await because('glass too thin'), await because('glass')], [[one], []])
  assert.deepEqual((await as(it, it.agent, ctx => cases.reasons(ctx, { days: 1 }))).items, [{ cause: 'glass too thin', count: 1 }])
  assert.deepEqual((await happened(it)).filter(each => !each.endsWith('Policy')).slice(4), [
    'Move:Case', 'Create:CasePause', 'Move:Case', 'Undo:CasePause', 'Flag:Case', 'Flag:CaseTarget', 'Announce:Case', 'Accept:Case', 'Create:CaseClosure', 'Create:CasePause',
  ]) // biome-ignore format: a list
  const details = await asSystem(it.org, async ctx => {
    const { rows } = await sql<{ detail: Record<string, unknown> }>`
      select detail from activity where noun in ('Case', 'CaseClosure', 'CasePause') and verb in ('Accept', 'Create', 'Undo') order by id`.execute(
      ctx.db,
    )
    return rows.map(each => each.detail).filter(each => 'minutes' in each)
  })
  assert.deepEqual(details, [
    { minutes: 690 },
    { minutes: 61, kept: false },
    { minutes: 330, kept: true, cause: 'glass too thin', duplicateOf: null },
  ])
  await recounted(it)
  // Nothing is left to be told, and an answer that is taken back answers nothing.
  const left = await asSystem(it.org, async ctx => (await sql`select from case_due`.execute(ctx.db)).rows.length)
  assert.equal(left, 0)
})

test('a service level needs a working day when it is made, and where there is none later the pages say so loudly', async () => {
  const it = await withLevel()
  at('02T08:00')
  const closed = Array.from({ length: 7 }, () => [])
  const about = { name: 'Night', about: '', zone: 'UTC', holidays: [] }
  const { team } = await as(it, it.boss, ctx => teams.make(ctx, { ...about, week: closed.map(() => [[0, 1440]] as [number, number][]) }))
  const opened = await as(it, it.agent, ctx => cases.open(ctx, { title: 'At night', team }))
  const due = async () => (await show(it, opened.number)).firstDue?.toISOString().slice(8, 16)
  assert.equal(await due(), '02T09:00')
  const browser = await house.browser(it.org, it.agent)
  assert.match(
    await (await browser.get('/cases/calendar?on=2026-11-05&day=2026-11-02')).text(),
    /K-1[\s\S]*1 case[\s\S]*To be solved on Monday[\s\S]*At night/,
  )
  const loud = async (path: string) => /role="alert"[^>]*>[\s\S]{0,900}Night/.test(await (await browser.get(path)).text())
  assert.equal(await loud('/cases'), false)
  await as(it, it.boss, ctx => teams.change(ctx, { team, ...about, week: closed }))
  await house.settle()
  assert.equal(await due(), undefined)
  for (const path of ['/cases', `/cases/K-${opened.number}`, '/settings/cases']) assert.equal(await loud(path), true, path)
  await assert.rejects(
    as(it, it.boss, ctx => cases.makePolicy(ctx, { name: 'VIP', tier: 'vip', firstMinutes: 30 })),
    { key: 'cases.noWorkingDay' },
  )
  await as(it, it.boss, ctx => teams.archive(ctx, { team }))
  await house.settle()
  // Without its team the house's hours hold.
  assert.equal(await due(), '02T09:00')
  await as(it, it.boss, ctx => cases.makePolicy(ctx, { name: 'VIP', tier: 'vip', firstMinutes: 30 }))
  await as(it, it.agent, ctx => cases.change(ctx, { case: opened.case, tier: 'vip' }))
  assert.equal(await due(), '02T08:30')
  await house.as(it.org, 'owner', ctx => changeOrganisation(ctx, { holidays: ['2026-11-02'] }))
  await house.settle()
  assert.equal(await due(), '03T08:30')
  await assert.rejects(
    as(it, it.boss, ctx => cases.makePolicy(ctx, { name: 'None' })),
    { key: 'cases.noTarget' },
  )
  await assert.rejects(
    as(it, it.agent, ctx => cases.makePolicy(ctx, { name: 'Mine', firstMinutes: 30 })),
    { code: 'forbidden' },
  )
})

test('a customer’s message wakes what waits, opens what was closed a while ago, and suggests a new case for what was closed long ago', async () => {
  const it = await withLevel()
  at('02T08:00')
  const thread = await it.thread('lamp again')
  const { case: one } = await as(it, it.agent, ctx => cases.open(ctx, { thread, owner: it.agent.person }))
  const state = async () => (await show(it, 1)).state
  await as(it, it.agent, ctx => cases.move(ctx, { case: one, to: 'waiting' }))
  await writesAgain(it, 'first', 'lamp again')
  assert.equal(await state(), 'open')
  await as(it, it.agent, ctx => cases.close(ctx, { case: one }))
  at('08T08:00')
  await writesAgain(it, 'second', 'lamp again')
  assert.equal(await state(), 'open')
  assert.deepEqual(await told(it, it.agent), ['cases.tell.reopened'])
  await as(it, it.agent, ctx => cases.close(ctx, { case: one }))
  at('20T08:00')
  await writesAgain(it, 'third', 'lamp again')
  assert.equal(await state(), 'closed')
  assert.equal((await as(it, it.agent, ctx => cases.ofThread(ctx, thread))).suggested, true)
  // As the duplicate of another its threads go on there, and nothing opens it again.
  const { case: two, number } = await as(it, it.agent, ctx => cases.open(ctx, { thread }))
  assert.equal((await as(it, it.agent, ctx => cases.ofThread(ctx, thread))).suggested, false)
  const original = await as(it, it.agent, ctx => cases.open(ctx, { title: 'All lamps of this kind' }))
  await as(it, it.agent, ctx => cases.close(ctx, { case: two, duplicateOf: `K-${original.number}` }))
  await writesAgain(it, 'fourth', 'lamp again')
  assert.deepEqual([await state(), (await show(it, number)).state], ['closed', 'closed'])
  await assert.rejects(
    as(it, it.agent, ctx => cases.close(ctx, { case: original.case, duplicateOf: `K-${number}` })),
    { key: 'cases.noOriginal' },
  )
  assert.deepEqual((await happened(it)).filter(each => /Closure|Question/.test(each)), [
    'Create:CaseClosure', 'Undo:CaseClosure', 'Create:CaseClosure', 'Question:Case', 'Create:CaseClosure',
  ]) // biome-ignore format: a list
  await recounted(it)
})

test('a type asks for its fields and brings its checklist; what is changed, ticked or noted is undone by the way back that is offered', async () => {
  const it = await withLevel()
  const manager = await house.browser(it.org, it.boss)
  const row = (nth: number, label: string, kind: string, choices = '') => ({
    [`label${nth}`]: label,
    [`kind${nth}`]: kind,
    [`choices${nth}`]: choices,
  })
  const asked = {
    name: 'Repair',
    checklist: 'look\nmend',
    ...row(0, 'Order', 'line'),
    required0: 'on',
    ...row(1, 'Colour', 'choice', 'red\nblue'),
    ...row(2, '', 'line'),
  }
  assert.equal((await manager.post('/settings/cases/types', asked)).status, 303)
  const { items } = await as(it, it.agent, ctx => cases.types(ctx, {}))
  assert.deepEqual(items[0]!.fields.map(each => [each.key, each.kind, each.required]), [['order', 'line', true], ['colour', 'choice', false]]) // biome-ignore format: a list
  const browser = await house.browser(it.org, it.agent)
  const form = { title: 'Mend it', type: items[0]!.id, priority: 'high' }
  const asStream = { accept: 'text/vnd.turbo-stream.html' }
  const refused = await browser.post('/cases', { ...form, 'field.colour': 'green', 'field.order': 'N1' }, asStream)
  assert.match(await refused.text(), /data-field-name="field.colour"/)
  assert.equal(
    (await browser.post('/cases', { ...form, 'field.colour': 'red', 'field.order': 'N1' })).headers.get('location'),
    '/cases/K-1',
  )
  const before = await show(it, 1)
  const detail = await as(it, it.agent, ctx => cases.besideOf(ctx, before))
  assert.deepEqual([before.fields, detail.checks.map(each => each.text)], [{ order: 'N1', colour: 'red' }, ['look', 'mend']])

  const deed = async (path: string, fields: Record<string, string>) => {
    const answer = await browser.post(path, fields, { accept: 'text/vnd.turbo-stream.html' })
    const text = await answer.text()
    const [, undo, inside] = /<form class="action-form" method="post" action="([^"]+)" data-undo[^>]*>([\s\S]*?)<\/form>/.exec(text) ?? []
    const hidden = Object.fromEntries(
      [...(inside ?? '').matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name!, value!]),
    )
    return { status: answer.status, back: () => browser.post(undo!, hidden) }
  }
  const look = async () => {
    const { changedAt: _at, firstDue, solveDue, ...rest } = await show(it, 1)
    const { checks, times } = await as(it, it.agent, ctx => cases.besideOf(ctx, before))
    // Within opening hours a case that waited for a moment is due that moment later.
    const minutes = [firstDue, solveDue].map(each => each && Math.round((each.getTime() - before.openedAt.getTime()) / 60_000))
    return { ...rest, minutes, checks: checks.map(each => [each.text, each.doneAt !== null]), times: times.length }
  }
  const stood = await look()
  const base = `/cases/${before.id}`
  const changed = {
    title: 'Mend both',
    type: '',
    typeSeen: items[0]!.id,
    priority: 'urgent',
    tier: 'vip',
    team: '',
    parent: '',
    about: 'x',
  }
  for (const [path, fields] of [
    [`${base}/change`, changed],
    [`${base}/assign`, { to: it.boss.person! }],
    [`${base}/move`, { place: 'waiting' }],
    [`${base}/close`, { cause: 'glass' }],
    [`${base}/time`, { time: '1h 15m', note: 'looked' }],
    [`/cases/checks/${detail.checks[0]!.id}`, { done: 'done' }],
    [`/cases/checks/${detail.checks[1]!.id}/drop`, {}],
  ] as [string, Record<string, string>][]) {
    const { status, back } = await deed(path, fields)
    assert.equal(status, 200, path)
    assert.notDeepEqual(await look(), stood, path)
    await back()
    // Whoever had it has begun, and it keeps why it was closed once.
    const now = await look()
    assert.deepEqual({ ...now, state: stood.state, cause: null }, { ...stood, cause: null }, path)
  }
  assert.equal((await browser.post(`${base}/change`, { title: 'x', parent: 'K-1' })).status, 422)
  await manager.post(`/settings/cases/types/${items[0]!.id}/archive`, {})
  assert.equal((await browser.post('/cases', { ...form, 'field.order': 'N1' })).status, 404)
})

test('the customer’s page shows what they wrote and what was written to them, and nothing that is ours; what they write there is a message', async () => {
  const it = await withLevel()
  at('02T08:00')
  const thread = await it.thread('where is it')
  await house.settle()
  const planted = 'SECRET'
  const { team } = await as(it, it.boss, ctx =>
    teams.make(ctx, {
      name: `${planted} team`,
      about: '',
      zone: 'UTC',
      holidays: [],
      week: Array.from({ length: 7 }, () => [[0, 1440]] as [number, number][]),
    }),
  )
  const { type } = await as(it, it.boss, ctx =>
    cases.makeType(ctx, {
      name: `${planted} type`,
      fields: [{ key: 'a', label: 'A', kind: 'line', required: false, choices: [] }],
      checklist: [`${planted} line`],
    }),
  )
  const { case: one } = await as(it, it.agent, ctx =>
    cases.open(ctx, {
      thread,
      title: `${planted} title`,
      about: `${planted} about`,
      type,
      team,
      owner: it.agent.person,
      fields: { a: `${planted} field` },
    }),
  )
  await as(it, it.agent, ctx => crm.note(ctx, { thread, text: `${planted} note` }))
  await as(it, it.agent, ctx => cases.spendTime(ctx, { case: one, time: '1h', note: `${planted} time` }))
  await write(it, thread, 'It is on its way')
  await write(it, thread, `${planted} to the carrier`, { to: [{ address: 'carrier@example.net' }], copied: [] })
  await as(it, it.agent, ctx => cases.close(ctx, { case: one, cause: `${planted} cause` }))
  await house.settle()
  const link = async () => new URL((await as(it, it.agent, ctx => cases.linkFor(ctx, one)))!)
  const first = await link()
  const anybody = await house.browser(await house.organisation(), 'guest')
  const get = (url: URL) => anybody.get(url.pathname + url.search, { cookie: '' })
  const page = await (await get(first)).text()
  assert.match(page, /K-1[\s\S]*Closed[\s\S]*a question[\s\S]*It is on its way/)
  for (const ourOwn of [planted, 'Agnes', 'Bea', 'carrier', it.agent.person!, one.slice(0, 0) || 'urgent'])
    assert.equal(page.includes(ourOwn), false, ourOwn)
  at('02T09:00')
  const sent = await anybody.post(first.pathname + first.search, { text: 'It is <b>not</b> here' }, { cookie: '' })
  assert.equal(sent.status, 303)
  await house.settle()
  assert.match(await (await get(first)).text(), /It is &lt;b&gt;not&lt;\/b&gt; here/)
  assert.deepEqual([(await show(it, 1)).state, (await as(it, it.agent, ctx => crm.show(ctx, { thread }))).state], ['open', 'open'])
  // It is answered by the channel that they came by.
  const answer = await as(it, it.agent, ctx => crm.reply(ctx, { thread, text: 'We look after it' }))
  assert.ok(answer.delivery)
  // Another link, a changed one and one that was ended lead nowhere, and take nothing.
  const wrong = [first.href.replace(/sign=./, 'sign=_'), first.href.replace(one, crypto.randomUUID()), `${first.origin}/case`]
  await as(it, it.agent, ctx => cases.renewLink(ctx, { case: one }))
  for (const href of [...wrong, first.href]) {
    const url = new URL(href)
    assert.equal((await get(url)).status, 404, href)
    assert.notEqual((await anybody.post(url.pathname + url.search, { text: 'x' }, { cookie: '' })).status, 303)
  }
  assert.equal((await get(await link())).status, 200)
})
