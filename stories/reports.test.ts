import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import * as cases from '#areas/cases/actions.ts'
import * as crm from '#areas/crm/actions.ts'
import * as satisfaction from '#areas/satisfaction/actions.ts'
import { setClock } from '#kernel/clock.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { tickNow } from '#kernel/jobs.ts'
import { testHouse } from '#kernel/testing.ts'
import * as measures from '#measures/actions.ts'
import type { MeasureId } from '#measures/words.ts'
import { changeOrganisation } from '#social/members/actions.ts'
import { type Desk, deskIn } from '#social/outbox/testing.ts'

const house = await testHouse()
const { desk } = deskIn(house)
after(() => setClock())

const hour = 3_600_000
const noon = new Date(`${new Date(Date.now() - 6 * 24 * hour).toISOString().slice(0, 10)}T12:00:00Z`).getTime()
const at = (hours: number): void => setClock(() => new Date(noon + hours * hour))
const as = <T>(it: Desk, who: Actor, run: (ctx: Ctx) => Promise<T>) => house.as(it.org, who, run)

async function counted(it: Desk): Promise<void> {
  await house.settle()
  while (await asSystem(it.org, ctx => measures.countMarkedParts(ctx)));
}
const valuesOf = async (it: Desk) => {
  const { items } = await asSystem(it.org, ctx => measures.list(ctx, { days: 30 }))
  return (id: MeasureId) => {
    const { value, n } = items.find(each => each.measure === id)!
    return [value === null ? null : Math.round(value * 1000) / 1000, n]
  }
}

test('what became of cases and what people answered is told in numbers: solved, in time, kept for two days, and how content they were', async () => {
  at(0)
  const it = await desk('readable')
  at(0)
  const always = Array.from({ length: 7 }, (): [number, number] => [0, 1440])
  await house.as(it.org, 'owner', ctx => changeOrganisation(ctx, { hours: always }))
  const boss = await house.member(it.org, 'manager')
  await as(it, boss, ctx => cases.makePolicy(ctx, { name: 'All', firstMinutes: 120, solveMinutes: 600 }))
  const { type } = await as(it, boss, ctx => cases.makeType(ctx, { name: 'Repair', fields: [], checklist: [] }))
  const made: string[] = []
  const talks: string[] = []
  for (let nth = 0; nth < 7; nth++) {
    const thread = await it.thread(`lamp ${nth}`)
    await house.settle()
    made.push((await as(it, it.agent, ctx => cases.open(ctx, { thread, ...(nth < 6 && { type }) }))).case)
    talks.push(thread)
  }
  const close = (nth: number, more = {}) => as(it, it.agent, ctx => cases.close(ctx, { case: made[nth]!, ...more }))
  at(5)
  for (const nth of [0, 1, 2, 3]) await close(nth)
  await house.settle()
  // One was closed by mistake, one is opened again after a day, one is late.
  at(6)
  await as(it, it.agent, ctx => cases.reopen(ctx, { case: made[3]!, undo: 'undo' }))
  at(11)
  await tickNow('cases.watch')
  at(12)
  await close(3)
  await close(4)
  at(30)
  await as(it, it.agent, ctx => cases.reopen(ctx, { case: made[0]! }))
  await counted(it)
  let value = await valuesOf(it)
  assert.deepEqual(value('resolution.time.calendar').at(1), 5, 'each at its last closing, the mistake not at all')
  assert.deepEqual(value('resolution.rate'), [null, 3], 'whether those of yesterday stay closed is not known; one came back, two are late')
  at(61)
  await measures.markLater.run(it.org, { cases: made })
  await counted(it)
  value = await valuesOf(it)
  assert.deepEqual(value('resolution.rate'), [0.571, 7])
  // Three closed within ten hours of work; four are late, two of them closed at last.
  assert.deepEqual(value('sla.kept.solve'), [0.429, 7])
  assert.deepEqual(value('sla.kept.first'), [null, 4], 'those that were open when it was due; four are not enough data')
  const behind = await as(it, boss, ctx => measures.evidence(ctx, { measure: 'resolution.rate', scope: `type:${type}`, holds: 'false' }))
  assert.equal(behind.items.length, 2)
  const report = await as(it, boss, ctx => measures.report(ctx, { by: 'type' }))
  assert.deepEqual(report.rows.map(row => [row.scope, row.cells.find(each => each.measure === 'resolution.rate')!.n]), [[`type:${type}`, 6]]) // biome-ignore format: a list
  // A conversation is of the type of the case that it belongs to now.
  const ofType = async () => {
    await counted(it)
    const { rows } = await as(it, boss, ctx => measures.report(ctx, { by: 'type' }))
    const { items } = await as(it, boss, ctx => measures.evidence(ctx, { measure: 'response.rate', scope: `type:${type}` }))
    return [rows[0]!.cells.find(each => each.measure === 'response.rate'), new Set(items.map(each => each.thread))]
  }
  const asked = (n: number) => ({ measure: 'response.rate', value: n < 5 ? null : 0, p90: null, n })
  assert.deepEqual(await ofType(), [asked(6), new Set(talks.slice(0, 6))])
  await as(it, it.agent, ctx => cases.change(ctx, { case: made[5]!, type: null }))
  assert.deepEqual(await ofType(), [asked(5), new Set(talks.slice(0, 5))])
  await as(it, it.agent, ctx => cases.unlink(ctx, { case: made[4]!, thread: talks[4]! }))
  assert.deepEqual(await ofType(), [asked(4), new Set(talks.slice(0, 4))])
  // The vectors of the field: 70, 20 and 10 of a hundred are a score of 60; eight of ten content are 80 %.
  const rate = async (kind: 'nps' | 'csat' | 'ces', scores: number[]) => {
    const { survey } = await as(it, boss, ctx => satisfaction.make(ctx, { name: kind, kind }))
    const day = new Date(noon + 61 * hour).toISOString().slice(0, 10)
    const row = (score: number) => ({ id: newId(), survey, kind, score, comment: '', day, anonymous: false, ask: newId(), answered_at: new Date(noon + 61 * hour), person: null, thread: null, case_id: null, channel: null, team: null, type: null, task: null, alsoAsked: 0 }) // biome-ignore format: a row
    await asSystem(it.org, ctx => satisfaction.takeOver(ctx, scores.map(row))) // biome-ignore format: one line
  }
  await rate('nps', [...Array(70).fill(9), ...Array(20).fill(7), ...Array(10).fill(6)])
  await rate('csat', [5, 5, 5, 5, 5, 5, 4, 4, 3, 1])
  await rate('ces', [7, 7, 7, 5, 2])
  await tickNow('measures.markWeek')
  await asSystem(it.org, ctx =>
    sql`insert into measure_dirty_part (day) select distinct day from survey_answer on conflict do nothing`.execute(ctx.db),
  )
  await counted(it)
  value = await valuesOf(it)
  assert.deepEqual([value('nps'), value('csat.top2'), value('csat.mean'), value('ces.mean')], [[0.6, 100], [0.8, 10], [4.2, 10], [5.6, 5]]) // biome-ignore format: a list
  const browser = await house.browser(it.org, boss)
  assert.match(await (await browser.get('/measures?days=30')).text(), />\+60</)
  const load = await as(it, boss, ctx => measures.load(ctx, {}))
  assert.deepEqual(load.items.map(each => [each.team, each.talks, each.cases, each.late]), [[null, 7, 3, 3]]) // biome-ignore format: a list
  const talk = await as(it, it.agent, ctx => crm.list(ctx, { view: 'open' }))
  assert.equal(talk.items.length, 7)
})
