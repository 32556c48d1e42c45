/** Views, many at once, together and apart, spam, answers that leave later, and many at the same conversations. */
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { sql } from 'kysely'
import { setClock } from '#kernel/clock.ts'
import { asSystem } from '#kernel/db.ts'
import { tickNow } from '#kernel/jobs.ts'
import { testHouse } from '#kernel/testing.ts'
import { draftOf, keep } from '#social/drafts/actions.ts'
import * as notifications from '#social/notifications/actions.ts'
import * as tasks from '#social/tasks/actions.ts'
import { messagesOf, note, threadOf } from '#social/threads/actions.ts'
import * as crm from './actions.ts'
import { type Desk, deskIn, passTime, sent } from './testing.ts'

const house = await testHouse()
const { desk, hear, as, show, happensBy } = deskIn(house)
afterEach(() => setClock())

const from = (address: string) => ({ from: { network: 'post', address, name: address.split('@')[0]! } })
const titles = (items: { subject: string }[]) => items.map(each => each.subject).sort()
const textsIn = (it: Desk, thread: string) =>
  as(it, it.anna, async ctx => (await messagesOf(ctx, thread, { limit: 100 })).items.map(each => each.text))

test('a filter in words is kept under a name, counted as a recount counts, in one’s own order, and comes back when it was removed', async () => {
  const it = await desk()
  const [one, two, three] = await hear(it, [{ subject: 'A' }, { subject: 'B' }, { subject: 'C' }])
  await as(it, it.anna, ctx => crm.label(ctx, { threads: [one!, two!], label: 'late' }))
  await as(it, it.anna, ctx => crm.assign(ctx, { threads: [two!, three!], to: it.ben.person }))
  const found = (words: string) => as(it, it.anna, ctx => crm.list(ctx, { words, view: 'all' }))
  assert.deepEqual(titles((await found('is:open label:late')).items), ['A', 'B'])
  assert.deepEqual(titles((await found('owner:ben label:"late"')).items), ['B'])
  assert.deepEqual(titles((await found('channel:post owner:nobody')).items), ['A'])
  assert.deepEqual((await found('owner:zoe colour:red')).unknown, ['colour:red', 'zoe'])
  const save = (name: string, words: string, own = false) => as(it, it.anna, ctx => crm.saveView(ctx, { name, words, own }))
  const [late] = [
    await save('Late', 'is:open label:late'),
    await save('Mail', 'channel:post'),
    await save('Mine', 'is:open owner:ben', true),
  ]
  const views = (who = it.anna) => as(it, who, async ctx => (await crm.views(ctx, {})).items.map(each => `${each.name} ${each.count}`))
  assert.deepEqual(await views(), ['Late 2', 'Mail 3', 'Mine 2'])
  assert.deepEqual(await views(it.ben), ['Late 2', 'Mail 3'])
  await as(it, it.ben, ctx => crm.finish(ctx, { threads: [one!] }))
  await as(it, it.ben, ctx => crm.unlabel(ctx, { threads: [two!], label: 'late' }))
  await as(it, it.anna, ctx => crm.moveView(ctx, { view: late!.view, by: 'down' }))
  assert.deepEqual(await views(), ['Mail 3', 'Late 0', 'Mine 2'])
  await as(it, it.anna, ctx => crm.removeView(ctx, late!))
  assert.deepEqual(await views(it.ben), ['Mail 3'])
  await as(it, it.ben, ctx => crm.bringViewBack(ctx, late!))
  assert.deepEqual(await views(it.ben), ['Mail 3', 'Late 0'])
  await assert.rejects(save('Wrong', 'colour:red'), { key: 'crm.wordsUnknown' })
  const mine = (await as(it, it.anna, ctx => crm.views(ctx, {}))).items.at(-1)!
  await assert.rejects(
    as(it, it.ben, ctx => crm.removeView(ctx, { view: mine.id })),
    { code: 'notFound' },
  )
  const off = await asSystem(it.org, ctx =>
    sql`select label, state, n from conversation_label_count where n <> 0 except
      select l.label, c.state, count(*) from conversation_label l join conversation c using (thread) group by 1, 2`.execute(ctx.db),
  )
  assert.deepEqual(off.rows, [])
})

test('all of a view at once: up to two hundred while one waits, more as a task that stops when asked and is taken back whole', async () => {
  const it = await desk()
  const threads = await hear(
    it,
    Array.from({ length: 205 }, (_, at) => ({ subject: `S${at}` })),
  )
  const some = await as(it, it.anna, ctx => crm.bulk(ctx, { threads: threads.slice(0, 3), does: 'assign', to: 'ben' }))
  assert.deepEqual([some.count, some.run], [3, null])
  assert.equal((await show(it, threads[0]!)).assigneeName, 'Ben Cole')
  await as(it, it.anna, ctx => crm.unbulk(ctx, { back: some.back }))
  assert.equal((await show(it, threads[0]!)).assignee, null)
  const open = async () => (await as(it, it.anna, ctx => crm.counts(ctx, {}))).open
  const { run } = await as(it, it.anna, ctx => crm.bulk(ctx, { all: { view: 'open' }, does: 'finish' }))
  assert.equal(await open(), 205)
  await house.settle()
  assert.equal(await open(), 0)
  const ran = () => as(it, it.anna, ctx => crm.bulkRun(ctx, { run: run! }))
  assert.deepEqual([(await ran()).state, (await ran()).changed], ['done', 205])
  await assert.rejects(
    as(it, it.ben, ctx => crm.bulkRun(ctx, { run: run! })),
    { code: 'notFound' },
  )
  await as(it, it.anna, ctx => crm.undoBulk(ctx, { run: run! }))
  await house.settle()
  assert.deepEqual([(await ran()).state, await open()], ['undone', 205])
  const stopped = await as(it, it.anna, ctx => crm.bulk(ctx, { all: { view: 'open' }, does: 'label', label: 'x' }))
  await as(it, it.anna, ctx => crm.cancelBulk(ctx, { run: stopped.run! }))
  await house.settle()
  const { state, changed } = await as(it, it.anna, ctx => crm.bulkRun(ctx, { run: stopped.run! }))
  assert.deepEqual([state, changed], ['cancelled', 200])
  await assert.rejects(
    as(it, it.anna, ctx => crm.bulk(ctx, { threads: [], does: 'finish' })),
    { key: 'crm.bulkNone' },
  )
  await assert.rejects(
    as(it, it.anna, ctx => crm.bulk(ctx, { threads: threads.slice(0, 2), does: 'assign', to: 'carla' })),
    { code: 'invalid' },
  )
})

/** Everything that knows of threads, as it stands. */
const picture = (it: Desk) =>
  asSystem(it.org, async ctx => {
    const asked = [
      sql`select id, thread, text from content order by id`,
      sql`select remote_id, object, thread from remote order by remote_id`,
      sql`select content, thread, state from delivery order by id`,
      sql`select object, thread, path from search_document d left join lateral (select d.id as object) o on true order by id`,
      sql`select id, messages, last_at, snippet, audience, merged_into from thread order by id`,
      sql`select thread, person, because from thread_member order by thread, person`,
      sql`select thread, state, assignee, asked_at, last_at, merged_into, last_in_at, last_out_at from conversation order by thread`,
      sql`select thread, label from conversation_label order by thread, label`,
      sql`select state, n from conversation_count where n <> 0 order by state, n`,
      sql`select id, thread from activity_log where noun not in ('Thread') order by id`,
      sql`select thread, id, answer, channel, day from measured_response order by id`,
      sql`select thread, id, turns_in, turns_out from measured_conversation order by thread`,
    ]
    const parts: unknown[] = []
    for (const each of asked) parts.push((await each.execute(ctx.db)).rows)
    return parts
  })

const measure = () => tickNow('measures.keepCounting')

test('two conversations become one, with everything, and two again as if nothing had been; answers to either go on where they belong', async () => {
  const it = await desk()
  const [older, newer] = await hear(it, [
    { remoteId: 'm1', subject: 'Lamp', text: 'first' },
    { remoteId: 'm2', subject: 'Lamp too', text: 'second' },
  ])
  await as(it, it.anna, ctx => crm.label(ctx, { threads: [newer!], label: 'late' }))
  await as(it, it.anna, ctx => crm.reply(ctx, { thread: older!, text: 'our answer' }))
  await as(it, it.ben, ctx => crm.note(ctx, { thread: newer!, text: 'a note' }))
  await as(it, it.ben, ctx => keep(ctx, { key: `thread:${newer}`, body: { fields: { text: 'begun' } } }))
  await house.settle()
  await measure()
  const before = await picture(it)
  let move = ''
  const words = await happensBy(it, async () => {
    const merged = await as(it, it.anna, ctx => crm.merge(ctx, { thread: newer!, other: older! }))
    assert.equal(merged.thread, older)
    move = merged.move
  })
  assert.deepEqual(words, ['Move:Thread'])
  assert.deepEqual(await textsIn(it, older!), ['first', 'second', 'our answer', 'a note'])
  assert.equal((await as(it, it.anna, ctx => threadOf(ctx, newer!))).id, older)
  const stands = await show(it, newer!)
  assert.deepEqual([stands.thread, stands.state, stands.labels, stands.assignee], [older, 'open', ['late'], it.anna.person])
  assert.deepEqual(titles((await as(it, it.anna, ctx => crm.list(ctx, { view: 'all' }))).items), ['Lamp'])
  assert.equal((await as(it, it.anna, ctx => crm.counts(ctx, {}))).all, 1)
  assert.equal((await as(it, it.ben, ctx => draftOf(ctx, `thread:${older}`))).text, 'begun')
  await assert.rejects(
    as(it, it.anna, ctx => crm.reply(ctx, { thread: newer!, text: 'late' })),
    { key: 'crm.isMerged' },
  )
  await measure()
  const talks = await asSystem(it.org, ctx =>
    sql<{ thread: string; turns: number }>`select thread, turns_in as turns from measured_conversation`.execute(ctx.db),
  )
  assert.deepEqual(talks.rows, [{ thread: older, turns: 1 }])
  await as(it, it.anna, ctx => crm.unmove(ctx, { thread: older!, move }))
  await as(it, it.ben, ctx => keep(ctx, { key: `thread:${older}`, body: { fields: { text: '' } } }))
  await house.settle()
  await measure()
  assert.deepEqual(await picture(it), before)
  await assert.rejects(
    as(it, it.anna, ctx => crm.unmove(ctx, { thread: older!, move })),
    { key: 'moves.over' },
  )
  await as(it, it.anna, ctx => crm.merge(ctx, { thread: older!, other: newer! }))
  await hear(it, [{ remoteId: 'm3', text: 'third', answers: ['m2'] }])
  assert.ok((await textsIn(it, older!)).includes('third'))
})

test('a part of a conversation becomes one of its own, and goes back with what was said there meanwhile', async () => {
  const it = await desk()
  const [thread] = await hear(it, [{ remoteId: 's1', subject: 'Lamp', text: 'the lamp' }])
  await hear(it, [{ remoteId: 's2', text: 'and the bill', answers: ['s1'] }])
  await as(it, it.ben, ctx => crm.take(ctx, { threads: [thread!] }))
  const { items } = await as(it, it.anna, ctx => messagesOf(ctx, thread!, { limit: 9 }))
  const part = await as(it, it.anna, ctx => crm.split(ctx, { thread: thread!, messages: [items[1]!.id], subject: 'Bill' }))
  assert.deepEqual([await textsIn(it, thread!), await textsIn(it, part.thread)], [['the lamp'], ['and the bill']])
  const its = await show(it, part.thread)
  assert.deepEqual([its.subject, its.state, its.assignee, its.personName], ['Bill', 'open', it.ben.person, 'Carla Diaz'])
  await hear(it, [{ remoteId: 's3', text: 'still the bill', answers: ['s2'] }])
  assert.deepEqual(await textsIn(it, part.thread), ['and the bill', 'still the bill'])
  await as(it, it.anna, ctx => crm.unmove(ctx, part))
  assert.deepEqual(await textsIn(it, thread!), ['the lamp', 'and the bill', 'still the bill'])
  assert.deepEqual([(await show(it, part.thread)).thread, (await show(it, thread!)).state], [thread, 'open'])
  await assert.rejects(
    as(it, it.anna, ctx => crm.split(ctx, { thread: thread!, messages: items.map(each => each.id).concat(its.thread) })),
    { code: 'notFound' },
  )
  const all = (await as(it, it.anna, ctx => messagesOf(ctx, thread!, { limit: 9 }))).items.map(each => each.id)
  await assert.rejects(
    as(it, it.anna, ctx => crm.split(ctx, { thread: thread!, messages: all })),
    { key: 'moves.leaveSome' },
  )
})

test('spam leaves the inbox, its counts and the measures, its sender is known for it, and nothing is lost when it was none', async () => {
  const it = await desk()
  const [bad, good] = await hear(it, [{ subject: 'Win', ...from('win@example.org') }, { subject: 'Ask' }])
  assert.deepEqual(await happensBy(it, () => as(it, it.anna, ctx => crm.spam(ctx, { threads: [bad!] }))), ['Flag:Conversation'])
  await hear(it, [{ subject: 'Win more', ...from('win@example.org') }])
  const list = async (view: 'all' | 'spam') => titles((await as(it, it.anna, ctx => crm.list(ctx, { view }))).items)
  assert.deepEqual([await list('all'), await list('spam')], [['Ask'], ['Win', 'Win more']])
  const { all, spam, open } = await as(it, it.anna, ctx => crm.counts(ctx, {}))
  assert.deepEqual([all, spam, open], [1, 2, 1])
  await measure()
  const needs = await asSystem(it.org, ctx => sql<{ thread: string }>`select thread from measured_response`.execute(ctx.db))
  assert.deepEqual(
    needs.rows.map(row => row.thread),
    [good],
  )
  await assert.rejects(
    as(it, it.anna, ctx => crm.reply(ctx, { thread: bad!, text: 'No' })),
    { key: 'crm.isSpam' },
  )
  assert.deepEqual(await happensBy(it, () => as(it, it.anna, ctx => crm.reopen(ctx, { threads: [bad!] }))), ['Undo:Flag'])
  await hear(it, [{ subject: 'Win again', ...from('win@example.org') }])
  assert.deepEqual([await list('all'), await list('spam')], [['Ask', 'Win', 'Win again'], ['Win more']])
})

test('an answer leaves at its moment, by whoever wrote it; what comes between holds it back, and it can be called off', async () => {
  const it = await desk()
  const [one, two, three] = await hear(it, [{ remoteId: 'p1' }, { remoteId: 'p2' }, { remoteId: 'p3' }])
  const dueAt = new Date(Date.now() + 3_600_000)
  const plan = (thread: string, text: string) => as(it, it.anna, ctx => crm.planReply(ctx, { thread, text, dueAt }))
  assert.deepEqual(await happensBy(it, () => plan(one!, 'later')), ['Add:Assignment', 'Create:Plan', 'Create:Snooze'])
  await plan(two!, 'too late')
  const { plan: third } = await plan(three!, 'never')
  await assert.rejects(plan(one!, 'Dear {{first name}}'), { key: 'crm.fillIn' })
  await as(it, it.anna, ctx => crm.callOffPlan(ctx, { plan: third }))
  const back = await show(it, three!)
  assert.deepEqual(
    [back.state, back.assignee, (await as(it, it.anna, ctx => draftOf(ctx, `thread:${three}`))).text],
    ['open', null, 'never'],
  )
  await hear(it, [{ remoteId: 'p4', answers: ['p2'], text: 'never mind' }])
  await house.settle()
  assert.equal(sent.includes('later'), false)
  passTime(3_600_000 + 5000)
  await tickNow('crm.wakePlanned')
  await house.settle()
  passTime(10_000)
  await tickNow('deliveries.sendDue')
  await house.settle()
  assert.deepEqual(
    sent.filter(text => text.includes('late')),
    ['later'],
  )
  assert.equal((await show(it, one!)).state, 'waiting')
  const held = await as(it, it.anna, ctx => crm.plannedIn(ctx, two!))
  assert.deepEqual(
    held.map(each => [each.text, each.held?.key]),
    [['too late', 'crm.planNews']],
  )
  assert.equal((await show(it, two!)).state, 'open')
  await as(it, it.anna, ctx => crm.sendPlanNow(ctx, { plan: held[0]!.id }))
  await assert.rejects(
    as(it, it.anna, ctx => crm.sendPlanNow(ctx, { plan: held[0]!.id })),
    { key: 'crm.planOver' },
  )
  assert.deepEqual(await as(it, it.anna, ctx => crm.plannedIn(ctx, two!)), [])
})

test('each colleague chooses how long an answer can be taken back', async () => {
  const it = await desk()
  const [thread] = await hear(it, [{}])
  await as(it, it.anna, ctx => crm.setDelay(ctx, { seconds: 60 }))
  const { delivery } = await as(it, it.anna, ctx => crm.reply(ctx, { thread: thread!, text: 'wait' }))
  passTime(30_000)
  await tickNow('deliveries.sendDue')
  await house.settle()
  assert.equal(sent.includes('wait'), false)
  await as(it, it.anna, ctx => crm.unsend(ctx, { thread: thread!, delivery }))
})

test('many colleagues race for the same conversations: each is answered once, and whoever comes second loses no word', async () => {
  const it = await desk()
  const [agents, talks] = process.env.FULL ? [50, 1000] : [4, 10]
  const threads = await hear(
    it,
    Array.from({ length: talks }, (_, at) => ({ subject: `R${at}` })),
  )
  const people = [it.anna, it.ben]
  while (people.length < agents) people.push(await house.member(it.org, 'agent', `Agent ${people.length}`))
  let [answered, pointedOut, lost] = [0, 0, 0]
  // Nobody keeps more than a hundred drafts: at full size every fiftieth conversation has one of each colleague.
  const drafted = (nth: number) => nth % (talks / 20) === 0
  const work = async (who: (typeof people)[number], place: number) => {
    const text = `by ${place}`
    for (const [nth, thread] of threads.entries()) {
      const key = `thread:${thread}`
      if (drafted(nth)) await as(it, who, ctx => keep(ctx, { key, body: { fields: { text } } }))
      const refused = await as(it, who, ctx => crm.reply(ctx, { thread, text })).then(
        () => null,
        error => error as { key?: string },
      )
      if (refused === null) answered++
      else if (refused.key === 'crm.answeredMeanwhile') pointedOut++
      else throw refused
      if (drafted(nth) && (await as(it, who, ctx => draftOf(ctx, key))).text !== (refused ? text : undefined)) lost++
    }
  }
  await Promise.all(people.map(work))
  assert.deepEqual([answered, pointedOut, lost], [talks, (people.length - 1) * talks, 0])
  const { rows } = await asSystem(it.org, ctx => sql<{ n: number }>`select count(*)::int as n from delivery`.execute(ctx.db))
  assert.equal(rows[0]!.n, talks)
})

test('a colleague who works no inbox is pulled in by a name or a task, reads that thread and no other, and what is talked there stays inside', async () => {
  const it = await desk()
  const [thread, other] = await hear(it, [{ subject: 'Lamp' }, { subject: 'Other' }])
  const eva = await house.member(it.org, 'member', 'Eva Stone')
  const read = (who: typeof eva, what: string) =>
    as(it, who, async ctx => (await messagesOf(ctx, what, { limit: 9 })).items.map(each => each.text))
  await assert.rejects(read(eva, thread!), { code: 'notFound' })
  await assert.rejects(
    as(it, eva, ctx => tasks.add(ctx, { thread: thread!, text: 'Look' })),
    { code: 'notFound' },
  )
  const due = { text: 'Look at the lamp', person: eva.person, until: '2026-03-04' }
  const words = await happensBy(it, () => as(it, it.anna, ctx => tasks.add(ctx, { thread: thread!, ...due })))
  assert.deepEqual(words, ['Create:Task'])
  await as(it, it.anna, ctx => crm.note(ctx, { thread: thread!, text: '@Eva Stone, what is it?' }))
  await house.settle()
  const told = (await as(it, eva, ctx => notifications.list(ctx, {}))).items.map(each => each.says).sort()
  assert.deepEqual(told, ['tasks.wasGiven', 'threads.namedYou'])
  await as(it, eva, ctx => note(ctx, { thread: thread!, text: 'The switch' }))
  assert.deepEqual((await read(eva, thread!)).at(-1), 'The switch')
  const mine = (await as(it, eva, ctx => tasks.list(ctx, {}))).items
  await as(it, eva, ctx => tasks.finish(ctx, { task: mine[0]!.id }))
  assert.deepEqual(
    (await as(it, it.anna, ctx => tasks.tasksIn(ctx, thread!))).map(each => [each.text, each.done]),
    [['Look at the lamp', true]],
  )
  assert.deepEqual((await as(it, eva, ctx => tasks.list(ctx, {}))).items, [])
  await assert.rejects(read(eva, other!), { code: 'notFound' })
  await assert.rejects(
    as(it, eva, ctx => crm.list(ctx, {})),
    { code: 'forbidden' },
  )
  const page = await (await (await house.browser(it.org, eva)).get(`/threads/${thread}/read`)).text()
  assert.ok(page.includes('Look at the lamp') && page.includes('The switch'))
  const outside = await asSystem(it.org, ctx => sql<{ n: number }>`select count(*)::int as n from delivery`.execute(ctx.db))
  assert.equal(outside.rows[0]!.n, 0)
  await assert.rejects(
    as(it, it.anna, ctx => tasks.add(ctx, { thread: thread!, text: 'x', person: thread! })),
    { key: 'tasks.notAColleague' },
  )
})
