import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import * as cases from '#areas/cases/actions.ts'
import * as crm from '#areas/crm/actions.ts'
import { setClock } from '#kernel/clock.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { tickNow } from '#kernel/jobs.ts'
import { testHouse } from '#kernel/testing.ts'
import { make as merge } from '#social/merges/actions.ts'
import * as notifications from '#social/notifications/actions.ts'
import { type Desk, deskIn } from '#social/outbox/testing.ts'
import * as teams from '#social/teams/actions.ts'
import { messagesOf } from '#social/threads/actions.ts'
import * as sales from './actions.ts'
import { usualReasons, usualStages } from './rules.ts'

const house = await testHouse()
const { desk } = deskIn(house)
after(() => setClock())

const as = <T>(it: Desk, who: Actor, run: (ctx: Ctx) => Promise<T>) => house.as(it.org, who, run)
const [contact, needs, offer] = usualStages.map(each => each.id) as [string, string, string]
const reasonOf = (usual: string) => usualReasons.find(each => each.usual === usual)!.id
const ours = /Lead|Opportunity|Sale|Loss|NextStep/
const happened = async (it: Desk) => (await house.happened(it.org)).filter(each => ours.test(each))

interface Wanted {
  title: string
  stage?: string
  value?: number
  currency?: string
  owner?: string
  expectedOn?: string
}
const begun = (it: Desk, wanted: Wanted) => as(it, it.agent, ctx => sales.add(ctx, wanted))
const show = (it: Desk, number: number) => as(it, it.agent, ctx => sales.show(ctx, { number }))
const titles = async (it: Desk, wanted: Parameters<typeof sales.list>[1]) =>
  (await as(it, it.agent, ctx => sales.list(ctx, wanted))).items.map(each => each.title)

/** What is counted is what a count would say, summed up or not. */
async function recounted(it: Desk): Promise<void> {
  const differing = async () => {
    const { rows } = await asSystem(it.org, ctx =>
      sql`
        with kept as (select state, stage, owner, team, currency, month, reason, sum(n) as n, sum(valued) as valued, sum(value) as value, sum(weighted) as weighted
          from opportunity_count group by 1, 2, 3, 4, 5, 6, 7 having sum(n) <> 0),
        counted as (select state, stage, owner, team, currency, month, reason, count(*)::numeric, count(value)::numeric, coalesce(sum(value), 0),
          sum(weighted)::numeric from opportunity group by 1, 2, 3, 4, 5, 6, 7)
        (table kept except table counted) union all (table counted except table kept)`.execute(ctx.db),
    )
    return rows
  }
  assert.deepEqual(await differing(), [])
  await tickNow('sales.sumUp')
  assert.deepEqual(await differing(), [])
}

test('a lead comes out of a conversation by one press, once; it is qualified, valued by its products, won, and opened again', async () => {
  const it = await desk()
  const thread = await it.thread('40 lamps for our office')
  await house.settle()
  const browser = await house.browser(it.org, it.agent)
  const beside = async () => (await browser.get(`/inbox/all/${thread}`)).text()
  const before = await beside()
  assert.match(before, new RegExp(`action="/sales/threads/${thread}/add"`))
  assert.doesNotMatch(before, /\/sales\/S-/)
  const press = () => browser.post(`/sales/threads/${thread}/add`, {})
  assert.equal((await press()).headers.get('location'), '/sales/S-1')
  assert.equal((await press()).headers.get('location'), '/sales/S-1')
  assert.match(await beside(), /href="\/sales\/S-1"/)
  const lead = await show(it, 1)
  assert.deepEqual([lead.title, lead.personName, lead.state, lead.came, lead.channel, lead.owner, lead.value, lead.currency], [
    '40 lamps for our office', 'Anna', 'lead', 'conversation', it.network, it.agent.person, null, 'EUR',
  ]) // biome-ignore format: a list
  const at = `/sales/${lead.id}`
  // Not won without a value, and no lead is; nothing of it happened.
  assert.equal((await browser.post(`${at}/win`, {})).status, 409)
  assert.equal((await browser.post(`${at}/move/${lead.version}`, { place: offer })).status, 303)
  const open = await show(it, 1)
  assert.deepEqual([open.state, open.stage, open.chance], ['open', offer, 50])
  assert.equal((await browser.post(`${at}/win`, { seen: String(open.version) })).status, 422)
  const line = { name: 'Aurora', quantity: '40', unit: '129,00', discount: '12,5', currency: 'EUR' }
  for (const wrong of [{ quantity: '-1' }, { quantity: '0' }, { unit: '-5' }, { discount: '101' }, { name: '' }, { currency: 'ABC' }])
    assert.equal((await browser.post(`${at}/lines`, { ...line, ...wrong })).status, 422, JSON.stringify(wrong))
  assert.equal((await browser.post(`${at}/lines`, line)).status, 303)
  const valued = await show(it, 1)
  assert.deepEqual([valued.value, valued.weighted, valued.lines[0]!.total], [451_500, 225_750, 451_500])
  const refuses = async (wrong: Partial<Parameters<typeof sales.change>[1]>, key: string) =>
    assert.rejects(as(it, it.agent, ctx => sales.change(ctx, { opportunity: lead.id, ...wrong })), (error: { key: string; fields?: { key: string }[] }) => [error.key, ...(error.fields ?? []).map(each => each.key)].includes(key)) // biome-ignore format: one line
  await refuses({ value: 1 }, 'sales.valueOfLines')
  await refuses({ currency: 'SEK' }, 'sales.currencyOfLines')
  await refuses({ currency: 'ABC' }, 'sales.noCurrency')
  await refuses({ chance: 101 }, 'kernel.fault.tooBig')
  await refuses({ value: -1 }, 'kernel.fault.tooSmall')
  await refuses({ address: 'nobody at all' }, 'sales.noAddress')
  await refuses({ team: it.org }, 'teams.notThere')
  assert.equal((await browser.post(`${at}/win`, {})).status, 303)
  const won = await show(it, 1)
  assert.deepEqual([won.state, won.weighted, won.closedAt !== null], ['won', 451_500, true])
  await refuses({ chance: 10 }, 'sales.hasEnded')
  assert.equal((await browser.post(`/sales/lines/${valued.lines[0]!.id}/drop`, {})).status, 409)
  await browser.post(`${at}/reopen`, {})
  assert.deepEqual([(await show(it, 1)).state, (await show(it, 1)).stage], ['open', offer])
  assert.deepEqual(await happened(it), [
    'Create:Lead', 'Add:OpportunityThread', 'Add:OpportunityOwner', 'Accept:Lead', 'Update:OpportunityValue', 'Create:Sale', 'Undo:Opportunity',
  ]) // biome-ignore format: a list
  const page = await (await browser.get('/sales/S-1')).text()
  for (const said of ['40 lamps for our office', 'Aurora', '€4,515', 'Anna']) assert.ok(page.includes(said), said)
  assert.equal((await browser.get('/sales/S-99')).status, 404)
  await recounted(it)
})

test('of two who move a card in the same second one does, and the other is told who; nobody elsewhere sees or moves it', async () => {
  const it = await desk()
  const { opportunity } = await begun(it, { title: 'Shelves', stage: contact, value: 5000 })
  const [ann, ben] = await Promise.all(['Ann', 'Ben'].map(name => house.member(it.org, 'agent', name)))
  const { version } = await show(it, 1)
  const tries = await Promise.allSettled(
    [[ann!, needs], [ben!, offer]].map(([who, to]) => as(it, who as Actor, ctx => sales.move(ctx, { opportunity, to: to as string, seen: version }))), // biome-ignore format: pairs
  )
  const lost = tries.findIndex(each => each.status === 'rejected')
  const { reason } = tries[lost] as PromiseRejectedResult
  assert.deepEqual([tries.filter(each => each.status === 'fulfilled').length, reason.key, reason.values.name], [1, 'sales.changedMeanwhile', lost ? 'Ann' : 'Ben']) // biome-ignore format: one line
  assert.equal((await show(it, 1)).stage, lost ? needs : offer)
  assert.equal((await happened(it)).filter(each => each === 'Move:Opportunity').length, 1)
  const other = await house.organisation()
  const elsewhere = (run: (ctx: Ctx) => Promise<unknown>) => assert.rejects(house.as(other, 'manager', run), { code: 'notFound' })
  await elsewhere(ctx => sales.move(ctx, { opportunity, to: needs }))
  await elsewhere(ctx => sales.addLine(ctx, { opportunity, name: 'x', quantity: 1, unit: 1 }))
  await elsewhere(ctx => sales.show(ctx, { number: 1 }))
  for (const [role, run] of [
    ['member', ctx => sales.list(ctx, {})],
    ['agent', ctx => sales.forecast(ctx, {})],
    ['agent', ctx => sales.makeStage(ctx, { name: 'x', chance: 1, place: 1 })],
  ] as ['member' | 'agent', (ctx: Ctx) => Promise<unknown>][])
    await assert.rejects(house.as(it.org, role, run), { code: 'forbidden' })
  // A lead is set aside, an opportunity is lost, each for a reason of its own kind.
  const { opportunity: lead } = await begun(it, { title: 'A wish' })
  await assert.rejects(as(it, it.agent, ctx => sales.setAside(ctx, { opportunity: lead, reason: reasonOf('price') })), { key: 'sales.reasonNotThere' }) // biome-ignore format: one line
  await as(it, it.agent, ctx => sales.setAside(ctx, { opportunity: lead, reason: reasonOf('noNeed') }))
  await as(it, it.agent, ctx => sales.lose(ctx, { opportunity, reason: reasonOf('price'), note: 'half of it elsewhere' }))
  await assert.rejects(
    as(it, it.agent, ctx => sales.move(ctx, { opportunity, to: (lost ? needs : offer)! })),
    { key: 'sales.notFrom.lost' },
  )
  assert.deepEqual([await titles(it, { view: 'lost', reason: reasonOf('price') }), await titles(it, { view: 'aside' }), await titles(it, { view: 'all', q: 'shelves' })], [['Shelves'], ['A wish'], ['Shelves']]) // biome-ignore format: one line
  await as(it, it.agent, ctx => sales.reopen(ctx, { opportunity: lead }))
  assert.deepEqual([(await show(it, 2)).state, (await show(it, 2)).reason], ['lead', null])
  await recounted(it)
})

test('stages and reasons are the organisation’s; the forecast keeps currencies apart, and each of its numbers leads to what it counts', async () => {
  const it = await desk()
  const manager = await house.member(it.org, 'manager', 'Mia')
  setClock(() => new Date('2026-11-15T10:00Z'))
  await begun(it, { title: 'A', stage: needs, value: 100_000, expectedOn: '2026-11-20', owner: it.agent.person! })
  await begun(it, { title: 'B', stage: offer, value: 50_000, expectedOn: '2026-12-01' })
  await begun(it, { title: 'C', stage: offer, value: 70_000, currency: 'SEK', expectedOn: '2026-11-30' })
  await begun(it, { title: 'D', stage: offer, expectedOn: '2026-09-30' })
  await begun(it, { title: 'E', value: 999_999 })
  const { opportunity: sold } = await begun(it, { title: 'F', stage: offer, value: 30_000, owner: it.agent.person! })
  await as(it, it.agent, ctx => sales.win(ctx, { opportunity: sold }))
  const { items } = await as(it, manager, ctx => sales.forecast(ctx, {}))
  assert.deepEqual(items.map(each => [each.currency, each.total]), [
    ['EUR', { open: 3, plain: 150_000, weighted: 50_000, wonCount: 1, won: 30_000 }],
    ['SEK', { open: 1, plain: 70_000, weighted: 35_000, wonCount: 0, won: 0 }],
  ]) // biome-ignore format: a list
  const eur = { view: 'open' as const, currency: 'EUR' }
  for (const { month, open } of items[0]!.months.filter(each => each.open > 0))
    assert.equal((await titles(it, { ...eur, month })).length, open, month)
  for (const { owner, open } of items[0]!.owners) assert.equal((await titles(it, { ...eur, owner: owner ?? 'none' })).length, open)
  assert.deepEqual([await titles(it, { ...eur, month: 'late' }), await titles(it, { view: 'won', month: '2026', currency: 'EUR' })], [['D'], ['F']]) // biome-ignore format: one line
  const browser = await house.browser(it.org, manager)
  const page = await (await browser.get('/sales/forecast')).text()
  assert.match(page, /href="\/sales\/list\/open\?month=late&amp;currency=EUR"/)
  assert.equal((await (await house.browser(it.org, it.agent)).get('/sales/forecast')).status, 403)
  // A stage that is called and weighed otherwise: those without a probability of their own follow.
  await as(it, it.agent, async ctx => sales.change(ctx, { opportunity: (await sales.show(ctx, { number: 2 })).id, chance: 90 }))
  await browser.post(`/settings/sales/stages/${offer}`, { name: 'Quote', chance: '40', place: '9' })
  assert.deepEqual(await Promise.all([2, 3, 6].map(async number => (await show(it, number)).chance)), [90, 40, 50])
  const { items: stages } = await as(it, it.agent, ctx => sales.stages(ctx, {}))
  assert.deepEqual(stages.map(each => each.called), ['First contact', 'Needs are clear', 'Negotiation', 'Quote']) // biome-ignore format: one line
  for (const { id, called } of stages)
    assert.equal((await browser.post(`/settings/sales/stages/${id}/archive`, {})).status, called === 'Quote' ? 409 : 303, called)
  await assert.rejects(begun(it, { title: 'G', stage: needs }), { key: 'sales.stageNotThere' })
  await browser.post('/settings/sales/currency', { currency: 'nok' })
  assert.equal((await browser.post('/settings/sales/currency', { currency: 'XXZ' })).status, 422)
  const board = await (await browser.get('/sales/board')).text()
  for (const said of ['Needs are clear', 'Quote', '€1,000', 'SEK']) assert.ok(board.includes(said), said)
  await begun(it, { title: 'G' })
  assert.equal((await show(it, 7)).currency, 'NOK')
  await recounted(it)
  setClock()
})

test('a next step is told on its day, once, and is late from the next; an edit and a step are taken back as they were', async () => {
  const it = await desk()
  setClock(() => new Date('2026-11-15T10:00Z'))
  const { opportunity } = await begun(it, { title: 'Lanterns', stage: contact, value: 12_345, owner: it.agent.person! })
  await as(it, it.agent, ctx => sales.planStep(ctx, { opportunity, text: 'Call', on: '2026-11-16' }))
  const told = async () =>
    (await as(it, it.agent, ctx => notifications.list(ctx, { limit: 50 }))).items.filter(each => each.says === 'sales.tell.due').length
  const ring = async (day: string) => {
    setClock(() => new Date(`2026-11-${day}T10:00Z`))
    await tickNow('sales.tellDue')
    await house.settle()
    return [await told(), (await titles(it, { view: 'overdue' })).length]
  }
  assert.deepEqual([await ring('15'), await ring('16'), await ring('17')], [[0, 0], [1, 0], [1, 1]]) // biome-ignore format: one line
  const browser = await house.browser(it.org, it.agent)
  assert.match(await (await browser.get('/sales/S-1')).text(), /role="alert"[^>]*>[\s\S]{0,600}Call/)
  const { was } = await as(it, it.agent, ctx => sales.stepDone(ctx, { opportunity }))
  assert.deepEqual(was, { text: 'Call', on: '2026-11-16', owner: null })
  await as(it, it.agent, ctx => sales.planStep(ctx, { opportunity, text: was.text!, on: was.on, owner: was.owner }))
  assert.equal((await show(it, 1)).nextOn, '2026-11-16')
  const at = `/sales/${opportunity}/change`
  const form = {
    title: 'Lanterns',
    about: '',
    company: '',
    value: '123,45',
    currency: 'EUR',
    chance: '',
    expectedOn: '',
    team: '',
    campaign: '',
  }
  const { version } = await show(it, 1)
  const changed = { ...form, title: 'Forty lanterns', company: 'Hotel Fjord', value: '2.000', chance: '33', seen: String(version) }
  assert.equal((await browser.post(at, changed)).status, 303)
  const after = await show(it, 1)
  assert.deepEqual([after.title, after.companyName, after.value, after.chance, after.ownChance], ['Forty lanterns', 'Hotel Fjord', 200_000, 33, true]) // biome-ignore format: one line
  // What was changed since it was seen is not written over.
  assert.equal((await browser.post(at, { ...changed, title: 'Lost update' })).status, 409)
  assert.equal((await browser.post(at, { ...form, value: 'much' })).status, 422)
  await browser.post(at, form)
  const back = await show(it, 1)
  assert.deepEqual([back.title, back.companyName, back.value, back.chance, back.ownChance], ['Lanterns', null, 12_345, 10, false])
  setClock()
})

test('care hands a case over and gets a conversation back with a note; threads and people that become one keep what is theirs', async () => {
  const it = await desk()
  const [thread, second] = [await it.thread('broken lamp'), await it.thread('second lamp')]
  await house.settle()
  const manager = await house.member(it.org, 'manager', 'Mia')
  const { team } = await as(it, manager, ctx => teams.make(ctx, { name: 'Care', zone: 'Europe/Berlin', week: [[[540, 1020]], [], [], [], [], [], []] })) // biome-ignore format: one line
  const { case: one } = await as(it, it.agent, ctx => cases.open(ctx, { thread }))
  const browser = await house.browser(it.org, it.agent)
  assert.match(await (await browser.get('/cases/K-1')).text(), new RegExp(`/sales/cases/${one}/hand`))
  assert.equal((await browser.post(`/sales/cases/${one}/hand`, {})).headers.get('location'), '/sales/S-1')
  assert.equal((await browser.post(`/sales/cases/${one}/hand`, {})).headers.get('location'), '/sales/S-1')
  const lead = await show(it, 1)
  assert.deepEqual([lead.came, lead.case, lead.personName, (await as(it, it.agent, ctx => sales.besideOf(ctx, lead))).threads.map(each => each.thread)], ['care', one, 'Anna', [thread]]) // biome-ignore format: one line
  assert.match(await (await browser.get('/cases/K-1')).text(), /handed K-1 to sales/)
  // Back to care: open again, nobody's, with the note, and the team has the case.
  await as(it, it.agent, ctx => cases.close(ctx, { case: one }))
  await as(it, it.agent, ctx => crm.finish(ctx, { threads: [thread] }))
  const back = { opportunity: lead.id, team, note: 'They only want it mended' }
  await assert.rejects(
    as(it, it.agent, ctx => sales.handBack(ctx, { ...back, thread: second })),
    { code: 'notFound' },
  )
  await assert.rejects(
    as(it, it.agent, ctx => sales.handBack(ctx, { ...back, thread, team: it.org })),
    { code: 'notFound' },
  )
  assert.deepEqual(await as(it, it.agent, ctx => sales.handBack(ctx, { ...back, thread })), { number: 1 })
  const talk = await as(it, it.agent, ctx => crm.show(ctx, { thread }))
  const said = await as(it, it.agent, ctx => messagesOf(ctx, thread, { limit: 10 }))
  const held = await as(it, it.agent, ctx => cases.show(ctx, { number: 1 }))
  assert.deepEqual([talk.state, talk.assignee, said.items.at(-1)!.text, held.state, held.team], ['open', null, 'They only want it mended', 'open', team]) // biome-ignore format: one line
  assert.deepEqual((await happened(it)).slice(-1), ['Offer:Opportunity'])
  // The conversation's own history tells of both.
  const page = await (await browser.get(`/inbox/all/${thread}`)).text()
  for (const line of ['handed this over to sales as S-1', 'handed this back to Care']) assert.ok(page.includes(line), line)
  // What somebody did before is there by the log.
  const beside = await as(it, it.agent, ctx => sales.besideOf(ctx, lead))
  assert.deepEqual(beside.touches.map(each => `${each.verb}:${each.noun}`).filter(each => each === 'Create:Message').length > 0, true)
  // Threads and people that become one.
  const { number } = await as(it, it.agent, ctx => sales.add(ctx, { title: 'A lamp', name: 'Anna B.', address: 'anna.b@example.org' }))
  const other = await show(it, number)
  const alike = async () => (await as(it, it.agent, ctx => sales.besideOf(ctx, other))).alike.map(each => each.number)
  assert.deepEqual(await alike(), [])
  await as(it, manager, ctx => merge(ctx, { kept: lead.person!, gone: other.person!, reason: 'one person' }))
  assert.deepEqual([await alike(), (await show(it, number)).personName], [[1], 'Anna'])
  await as(it, it.agent, ctx => sales.link(ctx, { thread: second, number: `S-${number}` }))
  const german = await (await browser.get(`/inbox/all/${second}`, { 'accept-language': 'de' })).text()
  assert.ok(german.includes(`hat das mit S-${number} verknüpft`))
  const threads = async () => (await as(it, it.agent, ctx => sales.besideOf(ctx, other))).threads.map(each => each.thread)
  const { move } = await as(it, it.agent, ctx => crm.merge(ctx, { thread, other: second }))
  await house.settle()
  assert.deepEqual(await threads(), [thread])
  await as(it, it.agent, ctx => crm.unmove(ctx, { thread, move }))
  await house.settle()
  assert.deepEqual(await threads(), [second])
})
