import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { now, setClock } from '#kernel/clock.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { tickNow } from '#kernel/jobs.ts'
import { testHouse } from '#kernel/testing.ts'
import { outgoingOf } from '#social/channels/actions.ts'
import * as notifications from '#social/notifications/actions.ts'
import { put } from '#social/traits/actions.ts'
import * as alerts from './actions.ts'
import { heardBy, monitorIn, type Said, usually } from './testing.ts'
import { hour } from './words.ts'

const house = await testHouse()
after(() => setClock())

let clock = Date.parse('2026-11-18T10:05:00Z')
const minute = 60_000
before(() => setClock(() => new Date(clock)))
const pass = (milliseconds: number) => {
  clock += milliseconds
}

interface Place {
  org: string
  boss: Actor
  anna: Actor
  ben: Actor
  monitor: string
}

const as = <T>(it: Place, who: Actor, run: (ctx: Ctx) => Promise<T>) => house.as(it.org, who, run)
const inside = <T>(it: Place, run: (ctx: Ctx) => Promise<T>) => asSystem(it.org, run)

/** A monitor with weeks of three to five mentions in an hour, watched by Anna, and by the boss who chose so. */
async function place(weeks = 6, each: (hoursAgo: number) => number = ago => 3 + (ago % 3)): Promise<Place> {
  const org = await house.organisation()
  const [boss, anna, ben] = [await house.member(org, 'manager', 'Bo'), await house.member(org, 'agent', 'Anna'), await house.member(org, 'agent', 'Ben')] // biome-ignore format: one line
  const monitor = await asSystem(org, async ctx => {
    const made = await monitorIn(ctx, 'Lamps')
    await usually(ctx, made, weeks, each)
    return made
  })
  const it = { org, boss, anna, ben, monitor }
  await watch(it)
  await as(it, anna, ctx => alerts.follow(ctx, { monitor }))
  return it
}

const watch = (it: Place, more: Partial<Parameters<typeof alerts.setWatch>[1]> = {}) =>
  as(
    it,
    it.boss,
    ctx =>
    alerts.setWatch(ctx, { monitor: it.monitor, kinds: ['spike', 'mood', 'vip', 'topic', 'silence'], sensitivity: 'normal', followers: 50_000, team: null, ...more }), // biome-ignore format: one line
  )

const look = async () => {
  await tickNow('alerts.check')
  await house.settle()
}
const hears = (it: Place, posts: Said[]) => inside(it, ctx => heardBy(ctx, it.monitor, posts))
const many = (count: number, more: Partial<Said> = {}): Said[] => Array.from({ length: count }, (_, nth) => ({ at: new Date(clock - 1000 * (nth % 200)), author: `p${nth}`, text: `lamp ${nth}`, ...more })) // biome-ignore format: one line
const list = async (it: Place, view: 'open' | 'over' | 'dismissed' = 'open') =>
  (await as(it, it.anna, ctx => alerts.list(ctx, { view }))).items
const told = async (it: Place, who: Actor) => (await as(it, who, ctx => notifications.list(ctx, { limit: 100 }))).items.filter(each => each.kind === 'alert') // biome-ignore format: one line
const ours = async (it: Place) => (await house.happened(it.org)).filter(each => /Alert|Crisis/.test(each))
/** Hours go by in which as much is said as usual. */
async function calmHours(it: Place, count: number, each = 4): Promise<void> {
  for (let nth = 0; nth < count; nth++) {
    pass(hour)
    await hears(
      it,
      Array.from({ length: each }, (_, post) => ({ at: new Date(clock - 2 * minute + post) })),
    )
    await look()
  }
}

test('a spike is one event that grows, is told once and again when it is graver, and is over after two quiet hours', async () => {
  const it = await place()
  await look()
  assert.deepEqual([await list(it), (await ours(it)).filter(each => each !== 'Create:AlertWatch')], [[], []], 'an ordinary morning')
  await hears(it, many(20))
  await look()
  const [alert, ...more] = await list(it)
  assert.deepEqual([more.length, alert!.kind, alert!.level, alert!.peak, alert!.name], [0, 'spike', 1, 20, 'Lamps'])
  assert.ok(alert!.usual > 2.5 && alert!.usual < 6, String(alert!.usual))
  assert.deepEqual((await told(it, it.anna)).map(each => [each.says, each.told.peak, each.path]), [['alerts.tell.spike', '20', `/alerts/${alert!.id}`]]) // biome-ignore format: one line
  assert.deepEqual([(await told(it, it.boss)).length, (await told(it, it.ben)).length], [1, 0])
  for (let nth = 0; nth < 5; nth++) {
    pass(minute)
    await hears(it, many(1))
    await look()
  }
  const grown = (await list(it))[0]!
  assert.deepEqual([grown.id, grown.mentions, (await told(it, it.anna)).length], [alert!.id, 25, 1])
  await hears(it, many(40))
  await look()
  assert.equal((await list(it))[0]!.level, 2)
  assert.deepEqual((await told(it, it.anna)).map(each => each.told.how), ['graver', 'new']) // biome-ignore format: one line
  await look()
  assert.equal((await told(it, it.anna)).length, 2)
  await calmHours(it, 3)
  assert.deepEqual((await list(it)).length, 0)
  const over = (await list(it, 'over'))[0]!
  assert.deepEqual([over.id, over.mentions, over.peak, over.overAt!.toISOString()], [alert!.id, 65, 65, '2026-11-18T13:00:00.000Z'])
  assert.deepEqual((await ours(it)).filter(each => each.endsWith(':Alert')), ['Announce:Alert', 'Update:Alert', 'Leave:Alert']) // biome-ignore format: one line
  await calmHours(it, 1)
  assert.equal((await list(it)).length + (await list(it, 'over')).length, 1)
  const page = await (await house.browser(it.org, it.anna)).get(`/alerts/${alert!.id}`)
  const html = await page.text()
  assert.equal(page.status, 200)
  assert.match(html, /trefoil-chart/)
  assert.match(html, /href="\/monitors\/mentions\?monitor=/)
})

test('what comes late, from the past or from the future raises nothing, and a clock that jumps raises nothing twice', async () => {
  const it = await place()
  await look()
  await hears(it, many(300, { at: new Date(clock - 20 * hour), heardAt: new Date(clock) }))
  await hears(it, many(300, { at: new Date(clock - 40 * 24 * hour), heardAt: new Date(clock) }))
  await hears(it, many(300, { at: new Date(clock + 30 * hour), heardAt: new Date(clock) }))
  await look()
  assert.deepEqual(await list(it), [])
  await hears(it, many(40))
  await look()
  const [alert] = await list(it)
  assert.equal(alert!.kind, 'spike')
  pass(-90 * minute)
  await look()
  pass(90 * minute)
  await look()
  assert.deepEqual((await list(it)).map(each => each.id), [alert!.id]) // biome-ignore format: one line
  // Two days without the house: the event is over, nothing new was.
  pass(48 * hour)
  await look()
  const all = [...(await list(it)), ...(await list(it, 'over'))].filter(each => each.kind === 'spike')
  assert.deepEqual([all.length, all[0]!.overAt !== null], [1, true])
  assert.equal((await told(it, it.anna)).filter(each => each.says === 'alerts.tell.spike').length, 1)
})

test('while it is still learning nothing is unusual but voices; whoever may not choose is refused', async () => {
  const it = await place(2)
  await hears(it, many(500))
  await look()
  assert.deepEqual(await list(it), [])
  assert.equal((await as(it, it.anna, ctx => alerts.watch(ctx, { monitor: it.monitor }))).weeks, 2)
  assert.equal(await as(it, it.anna, ctx => alerts.rehearsal(ctx, it.monitor, 50_000)), null)
  const setting = { monitor: it.monitor, kinds: ['spike' as const], sensitivity: 'keen' as const, followers: 1, team: null }
  await assert.rejects(as(it, it.anna, ctx => alerts.setWatch(ctx, setting)), { code: 'forbidden' }) // biome-ignore format: one line
  await assert.rejects(house.as(it.org, 'member', ctx => alerts.list(ctx, {})), { code: 'forbidden' }) // biome-ignore format: one line
  await assert.rejects(as(it, it.boss, ctx => alerts.setWatch(ctx, { ...setting, monitor: it.org })), { key: 'alerts.monitorNotThere' }) // biome-ignore format: one line
  await assert.rejects(as(it, it.boss, ctx => alerts.setWatch(ctx, { ...setting, kinds: [] })), { code: 'invalid' }) // biome-ignore format: one line
  const elsewhere = await house.organisation()
  await assert.rejects(house.as(elsewhere, 'manager', ctx => alerts.setWatch(ctx, setting)), { code: 'notFound' }) // biome-ignore format: one line
})

test('a VIP, or somebody with many followers, is heard once however often they speak, and their old posts are not', async () => {
  const it = await place(2)
  await look()
  const vip = (await house.member(it.org, 'customer', 'Vera')).person!
  await as(it, it.anna, ctx => put(ctx, { person: vip, kind: 'tier', value: 'vip' }))
  await hears(it, [{ at: new Date(clock - 40 * hour), heardAt: new Date(clock), followers: 9_000_000 }])
  await look()
  assert.deepEqual(await list(it), [])
  pass(minute)
  await hears(it, [{ at: new Date(clock), author: 'vera', person: vip }, { at: new Date(clock), followers: 400 }]) // biome-ignore format: one line
  await look()
  const [alert] = await list(it)
  assert.deepEqual([alert!.kind, alert!.level, alert!.mentions, alert!.about.voices!.length], ['vip', 1, 1, 1])
  for (let nth = 0; nth < 4; nth++) {
    pass(minute)
    await hears(it, [{ at: new Date(clock), author: 'vera', person: vip }])
    await look()
  }
  assert.deepEqual([(await list(it))[0]!.mentions, (await told(it, it.anna)).length], [5, 1])
  pass(minute)
  await hears(it, [{ at: new Date(clock), author: 'star', followers: 900_000 }])
  await look()
  assert.deepEqual([(await list(it))[0]!.level, (await told(it, it.anna)).length], [2, 2])
  pass(13 * hour)
  await look()
  assert.deepEqual([(await list(it)).length, (await list(it, 'over')).length], [0, 1])
})

test('mood that turns, a word that is new and a source that falls silent are told of', async () => {
  const it = await place()
  await look()
  for (let nth = 0; nth < 4; nth++) {
    pass(hour)
    await hears(it, many(9, { mood: 'negative', text: 'the recall of these lamps is a scandal' }))
    await look()
  }
  const open = await list(it)
  assert.deepEqual(open.map(each => each.kind).sort(), ['mood', 'topic']) // biome-ignore format: one line
  const of = (kind: string) => open.find(each => each.kind === kind)!
  assert.equal((await told(it, it.anna)).filter(each => each.told.how === 'new').length, 1, 'both are told as one')
  assert.deepEqual([of('mood').about.turn, of('mood').usual.toFixed(1)], ['worse', '0.2'])
  assert.ok(of('topic').about.terms!.includes('recall') && !of('topic').about.terms!.includes('lamp'), String(of('topic').about.terms))
  for (let nth = 0; nth < 9; nth++) {
    pass(hour)
    await look()
  }
  const silence = (await list(it)).find(each => each.kind === 'silence')!
  assert.ok(silence.peak >= 3, String(silence.peak))
  await hears(it, many(4))
  pass(hour)
  await look()
  assert.ok((await list(it, 'over')).some(each => each.id === silence.id))
  assert.equal((await told(it, it.anna)).filter(each => each.says === 'alerts.tell.silence' && each.told.how === 'new').length, 1)
})

test('in quiet hours nobody is told but of the gravest, and in the morning of what is still unusual, once', async () => {
  const it = await place()
  await as(it, it.boss, ctx => alerts.setHouseQuiet(ctx, { quiet: { from: 22 * 60, until: 7 * 60, weekends: false, gravest: true } }))
  await as(it, it.anna, ctx => alerts.setQuiet(ctx, { quiet: { from: 20 * 60, until: 8 * 60, weekends: false, gravest: false } }))
  await assert.rejects(as(it, it.anna, ctx => alerts.setHouseQuiet(ctx, { quiet: null })), { code: 'forbidden' }) // biome-ignore format: one line
  clock += (24 - new Date(clock).getUTCHours()) * hour + 24 * hour // Midnight in UTC: one in the night in Berlin.
  await inside(it, ctx => sql`update alert_watch set learned_at = null`.execute(ctx.db))
  await look()
  const silences = (await list(it)).length
  await hears(it, many(30))
  await look()
  assert.equal((await told(it, it.boss)).filter(each => each.says === 'alerts.tell.spike').length, 0)
  await hears(it, many(200))
  await look()
  assert.equal((await list(it)).find(each => each.kind === 'spike')!.level, 3)
  const spikes = async (who: Actor) => (await told(it, who)).filter(each => each.says === 'alerts.tell.spike').length
  assert.deepEqual([await spikes(it.boss), await spikes(it.anna)], [1, 0])
  await calmHours(it, 8)
  assert.deepEqual([await spikes(it.boss), await spikes(it.anna)], [1, 1])
  assert.equal((await told(it, it.anna)).find(each => each.says === 'alerts.tell.spike')!.told.how, 'over')
  assert.ok(silences <= 1)
})

test('an alert that was dismissed grows on untold, comes back by one press, and is judged', async () => {
  const it = await place()
  await look()
  await hears(it, many(30))
  await look()
  const [alert] = await list(it)
  const browser = await house.browser(it.org, it.anna)
  await browser.post(`/alerts/${alert!.id}/dismiss`, {})
  assert.deepEqual([(await list(it)).length, (await list(it, 'dismissed'))[0]!.id], [0, alert!.id])
  await hears(it, many(200))
  await look()
  assert.equal((await told(it, it.anna)).length, 1, 'only of its beginning')
  assert.equal((await list(it, 'dismissed'))[0]!.level, 3)
  await browser.post(`/alerts/${alert!.id}/back`, {})
  await look()
  assert.deepEqual([(await list(it)).length, (await told(it, it.anna)).length], [1, 2])
  await browser.post(`/alerts/${alert!.id}/judge`, { useful: 'false' })
  const shown = await as(it, it.anna, ctx => alerts.show(ctx, { alert: alert!.id }))
  assert.deepEqual([shown.useful, shown.seenAt], [false, null])
  assert.equal((await ours(it)).at(-1), 'Accept:Alert')
  const found_ = await as(it, it.anna, ctx => alerts.list(ctx, { q: 'LAM', kind: 'spike' }))
  assert.deepEqual([found_.items.length, (await as(it, it.anna, ctx => alerts.list(ctx, { q: 'shoes' }))).items.length], [1, 0])
})

test('an alert whose watch was stopped is over a week later, and brings no more until it goes on', async () => {
  const it = await place()
  await look()
  await hears(it, many(30))
  await look()
  await as(it, it.boss, ctx => alerts.stopWatch(ctx, { monitor: it.monitor }))
  await hears(it, many(300))
  pass(24 * hour)
  await look()
  assert.deepEqual((await list(it)).map(each => each.peak), [30]) // biome-ignore format: one line
  pass(8 * 24 * hour)
  await look()
  assert.deepEqual([(await list(it)).length, (await list(it, 'over')).length], [0, 1])
  await as(it, it.boss, ctx => alerts.goOnWatch(ctx, { monitor: it.monitor }))
  await hears(it, many(40))
  await look()
  assert.equal((await list(it)).filter(each => each.kind === 'spike').length, 1)
})

test('what would have been told of in thirty days is told for each sensitivity', async () => {
  const it = await place(12)
  const at = (days: number) => new Date(clock - days * 24 * hour)
  await hears(it, [...many(60, { at: at(5) }), ...many(60, { at: at(12) }), ...many(6, { at: at(20) }), { at: at(3), followers: 80_000 }])
  const would = (await as(it, it.boss, ctx => alerts.rehearsal(ctx, it.monitor, 50_000)))!
  assert.deepEqual([would.calm.spike, would.calm.vip, would.calm.silence], [2, 1, 0])
  assert.ok(would.keen.spike! >= would.normal.spike! && would.normal.spike! >= 2)
  const html = await (await (await house.browser(it.org, it.boss)).get(`/alerts/watches/${it.monitor}`)).text()
  assert.match(html, /Would have told you [0-9]+ times in the last 30 days/)
})

test('a crisis room goes from an alert to its review; its timeline tells of alerts and deeds, and what it holds is held', async () => {
  const it = await place()
  await look()
  await hears(it, many(30, { text: 'it burns' }))
  await look()
  const alert = (await list(it)).find(each => each.kind === 'spike')!
  pass(4 * minute)
  const { room } = await as(it, it.anna, ctx => alerts.openRoomFor(ctx, { alert: alert.id }))
  assert.deepEqual(await as(it, it.ben, ctx => alerts.openRoomFor(ctx, { alert: alert.id })), { room, isNew: false })
  await as(it, it.anna, ctx => alerts.setStage(ctx, { room, stage: 'crisis' }))
  await as(it, it.anna, ctx => alerts.setOwner(ctx, { room, to: it.ben.person }))
  await hears(it, many(60))
  await look()
  const { number } = await as(it, it.anna, ctx => alerts.openCase(ctx, { room, title: 'Lamps burn' }))
  assert.equal(number, 1)
  await assert.rejects(as(it, it.anna, ctx => alerts.addCase(ctx, { room, number: 'K-99' })), { key: 'cases.noSuchNumber' }) // biome-ignore format: one line
  await assert.rejects(as(it, it.anna, ctx => alerts.holdOutgoing(ctx, { room })), { code: 'forbidden' }) // biome-ignore format: one line
  await as(it, it.boss, ctx => alerts.holdOutgoing(ctx, { room }))
  assert.ok((await inside(it, outgoingOf)).heldAt)
  const written = await as(it, it.anna, ctx => alerts.writeStatement(ctx, { room, statement: 'We know of it.', seen: 0 }))
  await assert.rejects(as(it, it.ben, ctx => alerts.writeStatement(ctx, { room, statement: 'Mine.', seen: 0 })), { key: 'alerts.statement.changedBy', values: { name: 'Anna' } }) // biome-ignore format: one line
  await assert.rejects(as(it, it.anna, ctx => alerts.approve(ctx, { room, seen: written.version })), { code: 'forbidden' }) // biome-ignore format: one line
  await assert.rejects(as(it, it.boss, ctx => alerts.approve(ctx, { room, seen: 0 })), { key: 'alerts.statement.changedBy' }) // biome-ignore format: one line
  await assert.rejects(as(it, it.anna, ctx => alerts.sayOut(ctx, { room, url: '' })), { key: 'alerts.statement.notApproved' }) // biome-ignore format: one line
  await as(it, it.boss, ctx => alerts.approve(ctx, { room, seen: written.version }))
  pass(6 * minute)
  await assert.rejects(as(it, it.anna, ctx => alerts.sayOut(ctx, { room, url: 'javascript:alert(1)' })), { code: 'invalid' }) // biome-ignore format: one line
  await as(it, it.anna, ctx => alerts.sayOut(ctx, { room, url: 'https://lamps.example/statement' }))
  await as(it, it.boss, ctx => alerts.resumeOutgoing(ctx, { room }))
  const { entry } = await as(it, it.ben, ctx => alerts.note(ctx, { room, text: 'The factory was called.', at: new Date(clock - hour) }))
  const kinds = async () => (await as(it, it.ben, ctx => alerts.entries(ctx, { room }))).items.map(each => each.kind)
  assert.deepEqual(await kinds(), ['resumed', 'out', 'approved', 'statement', 'held', 'case', 'level', 'owner', 'stage', 'opened', 'alert', 'note']) // biome-ignore format: one line
  await as(it, it.ben, ctx => alerts.takeNote(ctx, { entry }))
  assert.equal((await kinds()).includes('note'), false)
  await as(it, it.ben, ctx => alerts.bringNoteBack(ctx, { entry }))
  await calmHours(it, 3)
  const browser = await house.browser(it.org, it.anna)
  assert.match(await (await browser.get(`/crises/${room}`)).text(), /We know of it\./)
  const closings = await Promise.allSettled([it.anna, it.ben].map(who => as(it, who, ctx => alerts.closeRoom(ctx, { room }))))
  const refused = closings.find(each => each.status === 'rejected')
  assert.deepEqual(closings.map(each => each.status).sort(), ['fulfilled', 'rejected']) // biome-ignore format: one line
  assert.match(
    `${(refused as PromiseRejectedResult).reason.key} ${(refused as PromiseRejectedResult).reason.values.name}`,
    /^alerts\.room\.closedBy (Anna|Ben)$/,
  )
  await assert.rejects(as(it, it.anna, ctx => alerts.setStage(ctx, { room, stage: 'watch' })), { key: 'alerts.room.closedBy' }) // biome-ignore format: one line
  await as(it, it.anna, ctx => alerts.reviewRoom(ctx, { room, happened: 'A cable.', learned: 'Test cables.' }))
  const html = await (await browser.get(`/crises/${room}`)).text()
  assert.match(html, /Until the statement/)
  assert.match(html, /10 minutes/)
  const log = (await ours(it)).filter(each => each.includes('Crisis'))
  assert.deepEqual(log, ['Create:CrisisRoom', 'Update:CrisisStage', 'Update:CrisisOwner', 'Add:CrisisCase', 'Add:CrisisHold', 'Update:CrisisStatement', 'Accept:CrisisStatement', 'Announce:CrisisStatement', 'Remove:CrisisHold', 'Add:CrisisEntry', 'Remove:CrisisEntry', 'Add:CrisisEntry', 'Create:CrisisClosure', 'Create:CrisisReview']) // biome-ignore format: one line
  await as(it, it.anna, ctx => alerts.reopenRoom(ctx, { room }))
  assert.equal((await as(it, it.anna, ctx => alerts.rooms(ctx, { closed: false }))).items[0]!.id, room)
})

test('every page answers, also where there is nothing', async () => {
  const it = await place(1)
  const browser = await house.browser(it.org, it.boss)
  const empty = await house.browser(await house.organisation(), 'manager')
  for (const path of [
    '/alerts',
    '/alerts?view=over&kind=mood&q=x',
    '/alerts/watches',
    '/alerts/quiet',
    '/crises',
    '/crises/new',
    `/alerts/watches/${it.monitor}`,
  ]) {
    assert.equal((await browser.get(path)).status, 200, path)
    if (!path.includes(it.monitor)) assert.equal((await empty.get(path)).status, 200, path)
  }
  for (const path of [`/alerts/${it.org}`, `/crises/${it.org}`, `/alerts/watches/${it.org}`]) assert.equal((await browser.get(path)).status, 404, path) // biome-ignore format: one line
  const asked = await browser.post('/crises', { name: 'Flood', stage: 'serious' })
  assert.match(asked.headers.get('location')!, /^\/crises\/[0-9a-f-]{36}$/)
  assert.equal((await browser.get(asked.headers.get('location')!)).status, 200)
  await browser.post('/alerts/quiet', { on: 'on', from: '22:00', until: '06:30', gravest: 'on' })
  assert.deepEqual((await as(it, it.boss, ctx => alerts.quiet(ctx, {}))).own, { from: 1320, until: 390, weekends: false, gravest: true })
  assert.equal((await browser.post('/alerts/quiet', { on: 'on', from: 'never', until: '06:30' })).status, 422)
  assert.ok(now().getTime() === clock)
})
