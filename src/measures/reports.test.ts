import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import type { Actor, Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { record } from '#social/activities/actions.ts'
import { word } from '#social/activities/words.ts'
import { Said } from '#social/content/words.ts'
import * as teams from '#social/teams/actions.ts'
import * as measures from './actions.ts'
import * as store from './store.ts'
import type { Dimension, MeasureId } from './words.ts'

const house = await testHouse()
const org = await house.organisation()
const manager = await house.member(org, 'manager')
const [anna, ben] = [await house.member(org, 'agent', 'Anna'), await house.member(org, 'agent', 'Ben')]
const hour = 3_600_000
const begin = new Date(Date.now() - 100 * hour).setUTCMinutes(0, 0, 0)
/** As whoever keeps conversations records them. */
const Assigned = word('Add', 'Assignment', z.unknown())
const Label = { on: word('Add', 'Label', z.unknown()), off: word('Remove', 'Label', z.unknown()) }
const Closure = { made: word('Create', 'Closure', z.unknown()), undone: word('Undo', 'Closure', z.unknown()) }
for (const each of [Assigned, Label.on, Label.off, Closure.made, Closure.undone]) each.name = 'crm.Tested'

async function counted(): Promise<void> {
  await house.settle()
  for (;;) {
    await asSystem(org, ctx => measures.countMarked(ctx))
    const { left, days } = await asSystem(org, ctx => store.leftToCount(ctx))
    if (!left && !days) break
  }
  while (await asSystem(org, ctx => measures.countMarkedParts(ctx)));
}

interface Talk {
  channel?: string
  owner?: Actor
  topics?: string[]
  /** Turns from outside, each answered after so many hours. */
  waits: number[]
  ends?: boolean
}

async function talk({ channel = 'email', owner, topics = [], waits, ends = false }: Talk): Promise<string> {
  const thread = newId()
  await asSystem(org, async ctx => {
    const about = { thread, channel, actor: null, audience: 'thread' as const }
    let at = begin
    for (const wait of waits) {
      record(ctx, Said, { ...about, object: newId(), at: new Date(at), side: 'outside' })
      record(ctx, Said, { ...about, object: newId(), at: new Date((at += wait * hour)), side: 'inside' })
    }
    const its = { thread, object: thread, at: new Date(at + 1000) }
    if (owner) record(ctx, Assigned, { ...its, target: owner.person!, detail: {} })
    for (const label of topics) record(ctx, Label.on, { ...its, detail: { label } })
    if (ends) record(ctx, Closure.made, { ...its, at: new Date(at + 2000) })
  })
  return thread
}

const reportBy = async (by: Dimension) => {
  const { rows } = await house.as(org, manager, ctx => measures.report(ctx, { by }))
  return (scope: string, measure: MeasureId) => rows.find(each => each.scope === scope)?.cells.find(each => each.measure === measure)
}
const again = (run: (ctx: Ctx) => void) => asSystem(org, async ctx => run(ctx))

test('each measure is told by channel, team and topic, follows whatever moves, and opens down to what it counts', async () => {
  const boss = await house.member(org, 'manager')
  const { team } = await house.as(org, boss, ctx =>
    teams.make(ctx, { name: 'Care', zone: 'Europe/Berlin', week: Array.from({ length: 7 }, () => []) }),
  )
  await house.as(org, boss, ctx => teams.addMember(ctx, { team, person: anna.person! }))
  const threads: string[] = []
  for (let nth = 0; nth < 6; nth++)
    threads.push(
      await talk({ owner: anna, topics: nth < 5 ? ['delivery', 'invoice'] : ['delivery'], waits: nth < 2 ? [1, 1] : [2], ends: true }),
    )
  for (let nth = 0; nth < 5; nth++) await talk({ channel: 'chat', owner: ben, topics: ['delivery'], waits: [10], ends: nth < 4 })
  await counted()
  const [channel, topic, byTeam] = [await reportBy('channel'), await reportBy('topic'), await reportBy('team')]
  assert.deepEqual([channel('channel:email', 'response.rate')?.value, channel('channel:email', 'response.rate')?.n], [1, 8])
  assert.equal(channel('channel:email', 'response.avg.calendar')?.value, (4 * 60 + 4 * 120) / 8)
  assert.deepEqual([channel('channel:email', 'response.avg.business')?.n, channel('channel:email', 'response.avg.business')!.value! <= 90], [8, true]) // biome-ignore format: one line
  assert.deepEqual([channel('channel:email', 'fcr.byConversation')?.value, channel('channel:chat', 'fcr.byConversation')], [4 / 6, { measure: 'fcr.byConversation', value: null, p90: null, n: 4 }]) // biome-ignore format: one line
  assert.deepEqual([topic('topic:delivery', 'response.rate')?.n, topic('topic:invoice', 'response.rate')?.n], [13, 7])
  assert.deepEqual([byTeam(`team:${team}`, 'response.rate')?.n, byTeam(`team:${team}`, 'fcr.byConversation')?.n], [8, 6])
  const { spreads, hours } = await house.as(org, manager, ctx => measures.report(ctx, { by: 'channel' }))
  const average = spreads.find(each => each.measure === 'response.avg.calendar')!
  assert.deepEqual([average.spread, average.least, average.most], [510, 'channel:email', 'channel:chat'])
  assert.equal(hours.reduce((sum, each) => sum + each.n, 0), 13) // biome-ignore format: one line
  const local = (shift: number) =>
    Number(new Intl.DateTimeFormat('en-GB', { hour: 'numeric', hourCycle: 'h23', timeZone: 'Europe/Berlin' }).format(begin + shift * hour))
  assert.deepEqual([hours[local(10)]!.n, Math.round(hours[local(10)]!.median! / 60)], [5, 10])
  // A label that is taken off, another owner, an end that was none: each is told where it belongs now.
  await again(ctx => {
    for (const thread of threads.slice(0, 3)) record(ctx, Label.off, { thread, object: thread, detail: { label: 'invoice' } })
    record(ctx, Assigned, { thread: threads[0]!, object: threads[0]!, target: ben.person!, detail: {} })
    record(ctx, Closure.undone, { thread: threads[0]!, object: threads[0]!, detail: {} })
  })
  await counted()
  assert.deepEqual(
    [(await reportBy('topic'))('topic:invoice', 'response.rate')?.n, (await reportBy('team'))(`team:${team}`, 'response.rate')?.n],
    [2, 6],
  )
  assert.deepEqual((await reportBy('channel'))('channel:email', 'fcr.byConversation'), {
    measure: 'fcr.byConversation',
    value: 4 / 5,
    p90: null,
    n: 5,
  })
  const behind = async (measure: MeasureId, scope: string) =>
    (await house.as(org, manager, ctx => measures.evidence(ctx, { measure, scope }))).items
  assert.deepEqual(new Set((await behind('response.rate', 'topic:invoice')).map(each => each.thread)), new Set(threads.slice(3, 5)))
  assert.deepEqual(new Set((await behind('depth', `team:${team}`)).map(each => each.thread)), new Set(threads.slice(1)))
  assert.deepEqual((await behind('fcr.byConversation', 'channel:email')).map(each => each.holds).sort(), [false, true, true, true, true])
  // Whatever is counted again from the beginning comes to the same.
  const before = await house.as(org, manager, ctx => measures.report(ctx, { by: 'topic' }))
  await house.as(org, 'administrator', ctx => measures.rebuild(ctx, {}))
  await counted()
  assert.deepEqual(await house.as(org, manager, ctx => measures.report(ctx, { by: 'topic' })), before)
})

test('the page and its lists show what the report says, to those who may see measures', async () => {
  const browser = await house.browser(org, manager)
  const page = await (await browser.get('/reports?by=topic')).text()
  assert.match(page, /href="\/measures\/response\.rate\?days=30&amp;scope=topic%3Adelivery"[^>]*>100%</)
  assert.match(page, /How people are answered[\s\S]*First answer \(clock\)[\s\S]*What becomes of their matters/)
  assert.doesNotMatch(page, /measures\.[a-z]+\./, 'no key is shown bare')
  assert.doesNotMatch(page, /How content they are/, 'nothing is known of it')
  const csv = await browser.get('/reports.csv?by=channel&days=30')
  assert.match(csv.headers.get('content-type')!, /text\/csv/)
  const [head, ...lines] = (await csv.text()).replace('\ufeff', '').trim().split('\r\n')
  assert.match(head!, /^channel,name,response\.rate,response\.rate n,[\s\S]*response\.avg\.business,[\s\S]*csat\.mean,/)
  assert.deepEqual(lines.map(each => each.split(',').slice(0, 4)), [['channel:email', 'E-mail', '1', '8'], ['channel:chat', 'chat', '1', '5']]) // biome-ignore format: a list
  const things = (await (await browser.get('/reports/behind.csv?measure=response.rate&scope=channel:chat')).text()).trim().split('\r\n')
  assert.equal(things.length, 6)
  assert.match(await (await browser.get('/measures/nps?days=30')).text(), /Net promoter score/)
  for (const path of ['/reports', '/reports.csv', '/reports/behind.csv'])
    assert.equal((await (await house.browser(org, 'agent')).get(path)).status, 403, path)
})
