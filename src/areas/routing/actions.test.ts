import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import * as cases from '#areas/cases/actions.ts'
import * as crm from '#areas/crm/actions.ts'
import { type Desk, deskIn, passTime, sent } from '#areas/crm/testing.ts'
import * as macros from '#areas/macros/actions.ts'
import { setClock } from '#kernel/clock.ts'
import { tickNow } from '#kernel/jobs.ts'
import { testHouse } from '#kernel/testing.ts'
import { byThread } from '#social/content/actions.ts'
import { list as news } from '#social/notifications/actions.ts'
import * as segments from '#social/segments/actions.ts'
import * as teams from '#social/teams/actions.ts'
import { put } from '#social/traits/actions.ts'
import * as routing from './actions.ts'
import { definition } from './words.ts'

const house = await testHouse()
const { desk, hear, as, happensBy } = deskIn(house)
after(() => setClock(() => new Date()))

const [always, never] = [Array.from({ length: 7 }, () => [[0, 1440] as [number, number]]), Array.from({ length: 7 }, () => [])]
const minute = 60_000
const day = 1440 * minute

const teamOf = async (it: Desk, name: string, members: (string | null)[], week: [number, number][][] = always) =>
  as(it, it.owner, async ctx => {
    const { team } = await teams.make(ctx, { name, zone: 'Europe/Berlin', week })
    for (const person of members) await teams.addMember(ctx, { team, person: person! })
    return team
  })
const rule = async (it: Desk, about: object, on = true): Promise<string> =>
  (await as(it, it.owner, ctx => routing.make(ctx, { definition: definition.parse({ name: 'A rule', when: 'message', ...about }), on })))
    .rule
const show = (it: Desk, thread: string) => as(it, it.anna, ctx => crm.show(ctx, { thread }))
const why = async (it: Desk, thing: string) => (await as(it, it.anna, ctx => routing.explain(ctx, { thing }))).items
const tick = async (name: string) => {
  await tickNow(`routing.${name}`)
  await house.settle()
}

test('what comes in goes to whoever has least to do, once, and it is explained which rules looked and who was chosen among whom', async () => {
  const it = await desk()
  const care = await teamOf(it, 'Care', [it.anna.person, it.ben.person])
  const [busy] = await hear(it, [{ subject: 'Old' }])
  await as(it, it.anna, ctx => crm.take(ctx, { threads: [busy!] }))
  const refund = await rule(it, {
    conditions: [{ about: 'words', values: ['refund*'] }, { about: 'owner', values: ['nobody'] }], // biome-ignore format: short
    deeds: { labels: ['Refund'], team: { team: care, way: 'load' }, tell: [it.owner.person] },
  })
  const second = await rule(it, { conditions: [{ about: 'label', values: ['refund'] }], deeds: { labels: ['seen'], stop: true } })
  const third = await rule(it, { deeds: { labels: ['never'] } })
  const letter = { subject: 'Broken', text: 'Please REFUND this.', remoteId: 'refund 1' }
  const did = await happensBy(it, () => hear(it, [letter, letter, { subject: 'Lamp', text: 'a lamp' }]))
  assert.deepEqual(did.filter(each => !/Message|Person|Side|Handle/.test(each)), ['Add:Assignment', 'Add:Label', 'Add:Label', 'Add:Label']) // biome-ignore format: one line
  const [broken] = await hear(it, [letter])
  const now = await show(it, broken!)
  assert.deepEqual([now.assigneeName, now.labels], ['Ben Cole', ['refund', 'seen']])
  const [run] = await why(it, broken!)
  assert.deepEqual(run!.looks.map(each => [each.rule, each.because]), [[refund, 'held'], [second, 'held'], [third, 'ended']]) // biome-ignore format: one line
  const chosen = run!.did.find(each => each.does === 'team')!
  assert.deepEqual(
    chosen.among!.map(each => [each.person, each.load, each.because]).sort(),
    [[it.anna.person, 1, 'busier'], [it.ben.person, 0, 'chosen']].sort(), // biome-ignore format: one line
  )
  assert.deepEqual((await as(it, it.owner, ctx => news(ctx, {}))).items.map(each => [each.says, each.told.rule]), [['routing.tell.message', 'A rule']]) // biome-ignore format: one line
  const [last] = await as(it, it.anna, ctx => routing.list(ctx, {}).then(({ items }) => items))
  assert.deepEqual([last!.id, last!.ran], [refund, 1])
  assert.deepEqual(
    (await as(it, it.anna, ctx => routing.hits(ctx, { rule: refund }))).items.map(each => each.subject),
    ['Broken'],
  )
  await as(it, it.owner, ctx => routing.move(ctx, { rule: third, to: 'up' }))
  await as(it, it.owner, ctx => routing.archive(ctx, { rule: refund }))
  assert.deepEqual(
    (await as(it, it.anna, ctx => routing.list(ctx, {}))).items.map(each => each.id),
    [third, second],
  )
  await as(it, it.owner, ctx => routing.bringBack(ctx, { rule: refund }))
  assert.equal((await as(it, it.anna, ctx => routing.show(ctx, { rule: refund }))).on, false)
  const { segment } = await as(it, it.anna, ctx =>
    segments.make(ctx, { name: 'Best', conditions: [{ about: 'tier', how: 'is', value: 'vip' }] }),
  )
  await as(it, it.anna, async ctx => put(ctx, { person: (await crm.show(ctx, { thread: broken! })).person!, kind: 'tier', value: 'vip' }))
  for (const conditions of [[{ about: 'tier', values: ['vip'] }], [{ about: 'segment', values: [segment] }]]) await rule(it, { conditions, deeds: { labels: [conditions[0]!.about] } }) // biome-ignore format: one line
  for (const each of [second, third]) await as(it, it.owner, ctx => routing.turnOff(ctx, { rule: each }))
  const [known] = await hear(it, [{ subject: 'Who is it' }])
  assert.deepEqual((await show(it, known!)).labels, ['segment', 'tier'])
  // What is known of a conversation goes with it into another, and back.
  const ids = async (thing: string) => (await why(it, thing)).map(each => each.id)
  const before = [await ids(broken!), await ids(known!)]
  const { move } = await as(it, it.anna, ctx => crm.merge(ctx, { thread: broken!, other: known! }))
  const { path } = await as(it, it.anna, ctx => routing.explain(ctx, { thing: broken! }))
  const stands = path.slice('/threads/'.length)
  for (const thing of [broken!, known!]) {
    assert.deepEqual((await ids(thing)).toSorted(), before.flat().toSorted())
    assert.equal((await as(it, it.anna, ctx => routing.explain(ctx, { thing }))).path, path)
  }
  assert.equal((await as(it, it.anna, ctx => routing.lastOf(ctx, stands)))?.event, 'message')
  assert.notEqual((await as(it, it.anna, ctx => routing.hits(ctx, { rule: refund }))).items[0]!.subject, null)
  await as(it, it.anna, ctx => crm.unmove(ctx, { thread: stands, move }))
  assert.deepEqual([await ids(broken!), await ids(known!)], before)
  const stranger = await desk()
  await assert.rejects(
    as(stranger, stranger.owner, ctx => routing.show(ctx, { rule: refund })),
    { code: 'notFound' },
  )
  await assert.rejects(
    as(stranger, stranger.anna, ctx => routing.explain(ctx, { thing: broken! })),
    { code: 'notFound' },
  )
  await assert.rejects(
    as(it, it.anna, ctx => routing.turnOff(ctx, { rule: second })),
    { code: 'forbidden' },
  )
})

test('where nobody is there it waits for the team, which says why, and goes to whoever comes back; what is gone does nothing', async () => {
  const it = await desk()
  const [care, idle] = [await teamOf(it, 'Care', [it.anna.person]), await teamOf(it, 'Idle', [it.ben.person], never)]
  // Where the team works it may be tomorrow already.
  const [today, tomorrow] = [0, 86_400_000].map(more => new Date(Date.now() + more).toISOString().slice(0, 10)) as [string, string]
  const { absence } = await as(it, it.anna, ctx => teams.goAway(ctx, { from: today, until: tomorrow }))
  await rule(it, { conditions: [{ about: 'words', values: ['care'] }], deeds: { team: { team: care, way: 'turn' } } })
  const named = await rule(it, { conditions: [{ about: 'words', values: ['idle'] }], deeds: { team: { team: idle, way: 'load' } } })
  const [one, other] = await hear(it, [{ subject: 'care' }, { subject: 'idle' }])
  assert.deepEqual([(await show(it, one!)).assignee, (await show(it, other!)).assignee], [null, null])
  const says = async (thread: string) => (await why(it, thread))[0]!.did.map(each => each.says)
  assert.deepEqual([await says(one!), await says(other!)], [['away'], ['idle']])
  assert.deepEqual((await as(it, it.anna, ctx => routing.queue(ctx, { team: care }))).items.map(each => [each.thread, each.because]), [[one, 'away']]) // biome-ignore format: one line
  await tick('drain')
  assert.equal((await show(it, one!)).assignee, null)
  await as(it, it.anna, ctx => teams.comeBack(ctx, { absence }))
  await tick('drain')
  assert.equal((await show(it, one!)).assigneeName, 'Anna Berg')
  assert.deepEqual(
    (await why(it, one!)).map(each => each.when),
    ['freed', 'message'],
  )
  assert.deepEqual((await as(it, it.anna, ctx => routing.queue(ctx, { team: care }))).items, [])
  await as(it, it.owner, ctx => teams.archive(ctx, { team: idle }))
  assert.deepEqual((await as(it, it.anna, ctx => routing.show(ctx, { rule: named }))).faults, ['team'])
  const [third] = await hear(it, [{ subject: 'idle again' }])
  assert.deepEqual(
    (await why(it, third!))[0]!.did.map(each => [each.does, each.says]),
    [['gone', 'team']],
  )
})

test('a rule that begins itself is stopped and shown, and rules hear of cases', async () => {
  const it = await desk()
  const about = {
    when: 'caseOpened',
    deeds: { priority: 'high', case: { type: null, priority: 'low', team: null }, person: it.ben.person },
  }
  const loops = await rule(it, about)
  const { case: one } = await as(it, it.anna, ctx => cases.open(ctx, { title: 'Lamp' }))
  await house.settle()
  const all = (await as(it, it.anna, ctx => cases.list(ctx, { view: 'all' }))).items.sort((a, b) => a.number - b.number)
  assert.deepEqual(all.map(each => [each.title, each.priority, each.ownerName]), [['Lamp', 'high', 'Ben Cole'], ['Lamp', 'low', null]]) // biome-ignore format: one line
  assert.deepEqual((await why(it, one))[0]!.did.map(each => [each.does, each.says, each.what]), [['priority', 'done', 'high'], ['person', 'done', undefined], ['case', 'done', 'K-2']]) // biome-ignore format: one line
  const [stopped] = await why(it, all[1]!.id)
  assert.deepEqual([stopped!.depth, stopped!.looks[0]!.because, stopped!.did[0]!.does], [1, 'itself', 'stopped'])
  assert.ok((await as(it, it.anna, ctx => routing.show(ctx, { rule: loops }))).stoppedAt)
  assert.deepEqual(
    (await house.happened(it.org)).filter(each => each === 'Flag:RoutingRule'),
    ['Flag:RoutingRule'],
  )
})

test('a macro runs, an open case is not opened twice, spam ends it, and a refusal is the outcome', async () => {
  const it = await desk()
  const { macro } = await as(it, it.anna, ctx =>
    macros.make(ctx, { name: 'Thanks', steps: { answer: 'Thanks {{first name}}', labels: ['thanked'] } }),
  )
  const { macro: asks } = await as(it, it.anna, ctx => macros.make(ctx, { name: 'Asks', steps: { answer: '{{order}}' } }))
  const words = (value: string) => ({ conditions: [{ about: 'words', values: [value] }] })
  await rule(it, { ...words('thank'), deeds: { macro, case: { type: null, priority: 'high', team: null } } })
  await rule(it, { ...words('order'), deeds: { macro: asks } })
  await rule(it, { ...words('casino'), deeds: { spam: true } })
  await rule(it, { deeds: { labels: ['came'] } })
  const [thanks, order, casino, machine] = await hear(it, [
    { subject: 'thank you', remoteId: 'thank you' },
    { subject: 'order' },
    { subject: 'Casino', from: { network: 'post', address: 'x@casino.example' } },
    { subject: 'thank', automatic: 'auto-reply' },
  ])
  const outcome = async (thread: string) =>
    (await why(it, thread))[0]!.did.map(each => `${each.does} ${each.says} ${each.what ?? ''}`.trim())
  assert.deepEqual(await outcome(thanks!), ['case done K-1', 'macro done Thanks', 'label done came'])
  assert.deepEqual(await outcome(order!), ['macro refused macros.asksFor', 'label done came'])
  assert.deepEqual(await outcome(casino!), ['spam done'])
  assert.deepEqual(await outcome(machine!), ['case done K-2', 'macro machine Thanks', 'label done came'])
  assert.deepEqual([(await show(it, thanks!)).state, (await show(it, casino!)).state], ['waiting', 'spam'])
  await hear(it, [{ subject: 'thank again', answers: ['thank you'] }])
  assert.deepEqual(await outcome(thanks!), ['case had K-1', 'macro done Thanks', 'label had came'])
  const said = (await as(it, it.anna, ctx => byThread(ctx, thanks!, { limit: 10 }))).items.filter(each => each.side === 'inside')
  assert.deepEqual(said.map(each => [each.text, each.author]), [['Thanks Carla', null], ['Thanks Carla', null]]) // biome-ignore format: one line
})

test('a notice leaves once for each absence, bears the sign that no person wrote it, and answers no machine', async () => {
  const it = await desk()
  const closed = await teamOf(it, 'Closed', [it.anna.person], always.map((spans, at) => (at === (new Date().getUTCDay() + 2) % 7 ? spans : []))) // biome-ignore format: one line
  await rule(it, {
    conditions: [{ about: 'hours', how: 'isNot', values: [closed] }],
    deeds: { notice: 'We are back at {{back}}, {{first name}}.' },
  })
  const [one] = await hear(it, [{ subject: 'First', remoteId: 'first' }])
  const [machine] = await hear(it, [
    { subject: 'Away', automatic: 'auto-reply' },
    { subject: 'Again', answers: ['first'] },
    { subject: 'Else', remoteId: 'else' },
  ])
  assert.deepEqual(
    (await why(it, machine!))[0]!.did.map(each => each.says),
    ['machine'],
  )
  const notices = sent.filter(each => each.startsWith('We are back'))
  assert.equal(notices.length, 1)
  assert.match(notices[0]!, /^We are back at .*\d.*, Carla\.$/)
  const said = (await as(it, it.anna, ctx => byThread(ctx, one!, { limit: 10 }))).items.filter(each => each.side === 'inside')
  assert.deepEqual(said.map(each => [each.author, each.detail.automatic]), [[null, 'auto-reply']]) // biome-ignore format: one line
  const now = await show(it, one!)
  assert.deepEqual([now.state, now.askedAt !== null], ['open', true])
  assert.deepEqual(
    (await why(it, one!)).map(each => each.did[0]!.says),
    ['before', 'done'],
  )
})

test('what waits too long is looked at once, and what waits for the customer is closed with notice, unless they write', async () => {
  const it = await desk()
  await rule(it, { when: 'unanswered', minutes: 60, deeds: { labels: ['late'], tell: [it.ben.person] } })
  await rule(it, { when: 'waiting', minutes: 3 * 1440, deeds: { close: { days: 2, notice: 'Shall we close this?' } } })
  const [asks, kept, ends] = await hear(it, [{ subject: 'asks' }, { subject: 'kept', remoteId: 'kept' }, { subject: 'ends' }])
  for (const thread of [kept!, ends!]) await as(it, it.anna, ctx => crm.reply(ctx, { thread, text: 'Does it work?' }))
  const opened = await as(it, it.anna, ctx => cases.open(ctx, { thread: ends! }))
  await as(it, it.anna, ctx => cases.move(ctx, { case: opened.case, to: 'waiting' }))
  await house.settle()
  passTime(59 * minute)
  await tick('watchTime')
  assert.deepEqual((await show(it, asks!)).labels, [])
  passTime(2 * minute)
  for (let round = 0; round < 2; round++) await tick('watchTime')
  assert.deepEqual([(await show(it, asks!)).labels, (await why(it, asks!)).length], [['late'], 1])
  passTime(3 * day)
  for (let round = 0; round < 2; round++) await tick('watchTime')
  const ours = async (thread: string) => (await as(it, it.anna, ctx => byThread(ctx, thread, { limit: 10 }))).items.filter(each => each.side === 'inside').map(each => each.text) // biome-ignore format: one line
  assert.deepEqual([await ours(kept!), await ours(ends!)], [['Does it work?', 'Shall we close this?'], ['Does it work?', 'Shall we close this?']]) // biome-ignore format: one line
  await hear(it, [{ subject: 'kept', answers: ['kept'] }])
  await tick('endWaiting')
  assert.deepEqual(
    (await Promise.all([kept!, ends!].map(each => show(it, each)))).map(each => each.state),
    ['open', 'waiting'],
  )
  passTime(2 * day)
  await tick('endWaiting')
  assert.deepEqual(
    (await Promise.all([kept!, ends!].map(each => show(it, each)))).map(each => each.state),
    ['open', 'done'],
  )
  assert.equal((await as(it, it.anna, ctx => cases.show(ctx, { number: 1 }))).state, 'closed')
})

test('a rule is tried on what came in and changes nothing; it is changed, restored, and what one watches is told', async () => {
  const it = await desk()
  const care = await teamOf(it, 'Care', [it.ben.person])
  await as(it, it.anna, ctx => routing.watch(ctx, { event: 'message', place: 'team', target: care }))
  await as(it, it.anna, ctx => routing.watch(ctx, { event: 'conversation', place: 'unowned' }))
  const [one] = await hear(it, [{ subject: 'refund please' }, { subject: 'lamp' }])
  const typed = definition.parse({ name: 'Try', when: 'message', conditions: [{ about: 'words', values: ['refund'] }], deeds: { team: { team: care, way: 'load' } } }) // biome-ignore format: one line
  const did = await happensBy(it, async () => {
    const { looked, matched, items, names } = await as(it, it.anna, ctx => routing.tryOut(ctx, { definition: typed }))
    assert.deepEqual([looked, matched, items.map(each => [each.thing, each.did[0]!.people]), names[it.ben.person!]], [2, 1, [[one, [it.ben.person]]], 'Ben Cole']) // biome-ignore format: one line
  })
  assert.deepEqual([did, (await show(it, one!)).assignee, await why(it, one!)], [[], null, []])
  const told = async () => (await as(it, it.anna, ctx => news(ctx, {}))).items.map(each => each.says)
  assert.deepEqual(await told(), ['routing.watched.conversation', 'routing.watched.conversation'])
  const made = await rule(it, typed, false)
  await hear(it, [{ subject: 'refund off' }])
  const { was } = await as(it, it.owner, ctx => routing.change(ctx, { rule: made, definition: { ...typed, name: 'Other' } }))
  assert.equal(was.name, 'Try')
  const { items } = await as(it, it.owner, ctx => routing.history(ctx, { rule: made }))
  await as(it, it.owner, ctx => routing.restore(ctx, { rule: made, version: items.at(-1)!.id }))
  await as(it, it.owner, ctx => routing.turnOn(ctx, { rule: made }))
  assert.equal((await as(it, it.owner, ctx => routing.show(ctx, { rule: made }))).definition.name, 'Try')
  await hear(it, [{ subject: 'refund on' }])
  assert.deepEqual(await told(), [
    'routing.watched.message',
    'routing.watched.conversation',
    'routing.watched.conversation',
    'routing.watched.conversation',
  ])
})
