/** What holds for whatever is done: counts, and walls. */
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { now, setClock } from '#kernel/clock.ts'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { employ, list as workplaces } from '#social/companies/actions.ts'
import { takeBack } from '#social/content/actions.ts'
import { make as merge } from '#social/merges/actions.ts'
import { recount } from '#social/threads/actions.ts'
import * as crm from './actions.ts'
import { deskIn, hour } from './testing.ts'

const house = await testHouse()
const { desk, hears, asks, as, show } = deskIn(house)
afterEach(() => setClock())

const recounted = (ctx: Ctx) =>
  sql<{ state: string; assignee: string; n: number }>`
    select state, coalesce(assignee, '00000000-0000-0000-0000-000000000000') as assignee, count(*) as n from conversation group by 1, 2 order by 1, 2`.execute(
    ctx.db,
  )
const counted = (ctx: Ctx) =>
  sql<{ state: string; assignee: string; n: number }>`select state, assignee, n from conversation_count where n <> 0 order by 1, 2`.execute(
    ctx.db,
  )

test('the counts are those of a recount, whatever is done in whatever order', async () => {
  const it = await desk()
  const threads = [await asks(it), await asks(it), await asks(it), await asks(it)]
  const people = [it.anna, it.ben]
  const step = fc.record({
    deed: fc.constantFrom('take', 'nobody', 'finish', 'reopen', 'snooze', 'fail'),
    who: fc.nat(1),
    which: fc.uniqueArray(fc.nat(3), { minLength: 1 }),
  })
  type Step = typeof step extends fc.Arbitrary<infer S> ? S : never
  const doIt = (ctx: Ctx, { deed, which }: Step): Promise<unknown> => {
    const chosen = which.map(at => threads[at]!)
    if (deed === 'take') return crm.take(ctx, { threads: chosen })
    if (deed === 'nobody') return crm.assign(ctx, { threads: chosen, to: null })
    if (deed === 'finish') return crm.finish(ctx, { threads: chosen })
    if (deed === 'reopen') return crm.reopen(ctx, { threads: chosen })
    if (deed === 'snooze') return crm.snooze(ctx, { threads: chosen, until: new Date(Date.now() + hour) })
    // What fails half way counts nothing.
    return crm.finish(ctx, { threads: chosen }).then(() => Promise.reject(new Error('rolled back')))
  }
  const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async steps => {
    await Promise.all(steps.map(each => as(it, people[each.who]!, ctx => doIt(ctx, each)).catch(() => {})))
    const [is, should] = await asSystem(it.org, async ctx => [(await counted(ctx)).rows, (await recounted(ctx)).rows])
    assert.deepEqual(is, should)
  })
  await fc.assert(property, { numRuns: process.env.FULL ? 300 : 25, seed: 11 })
  const counts = await as(it, it.anna, ctx => crm.counts(ctx, {}))
  assert.equal(counts.all, 4)
  assert.equal(counts.open + counts.waiting + counts.snoozed + counts.done, 4)
})

test('a conversation of another organisation answers like one that does not exist, for every deed', async () => {
  const [it, other] = [await desk(), await desk()]
  const theirs = await asks(other)
  const mine = await asks(it)
  const answerTo = (thread: string) =>
    as(it, it.anna, async ctx => {
      const deeds = [
        () => crm.show(ctx, { thread }),
        () => crm.reply(ctx, { thread, text: 'x' }),
        () => crm.note(ctx, { thread, text: 'x' }),
        () => crm.unsend(ctx, { thread, delivery: newId() }),
        () => crm.take(ctx, { threads: [mine, thread] }),
        () => crm.assign(ctx, { threads: [thread], to: null }),
        () => crm.finish(ctx, { threads: [thread] }),
        () => crm.reopen(ctx, { threads: [thread] }),
        () => crm.snooze(ctx, { threads: [thread], until: new Date(now().getTime() + hour) }),
        () => crm.label(ctx, { threads: [thread], label: 'x' }),
        () => crm.unlabel(ctx, { threads: [thread], label: 'x' }),
        () => crm.restore(ctx, { was: JSON.stringify([{ thread, assignee: null, state: 'done', snoozedUntil: null }]) }),
      ]
      const answers: string[] = []
      for (const deed of deeds) answers.push(await deed().then(() => 'done', String))
      return answers
    })
  const answers = await answerTo(theirs)
  assert.deepEqual(answers, await answerTo(newId()))
  assert.deepEqual(new Set(answers), new Set(['Refusal: notFound: kernel.notFound']))
  assert.equal((await as(other, other.anna, ctx => crm.show(ctx, { thread: theirs }))).assignee, null)
})

test('who may only write within the house sees and changes no conversation', async () => {
  const it = await desk()
  const thread = await asks(it)
  for (const role of ['member', 'guest', 'customer'] as const) {
    await assert.rejects(
      house.as(it.org, role, ctx => crm.show(ctx, { thread })),
      { code: 'forbidden' },
    )
    await assert.rejects(
      house.as(it.org, role, ctx => crm.finish(ctx, { threads: [thread] })),
      { code: 'forbidden' },
    )
  }
})

test('what is taken back as if it had never come leaves the inbox; where something else was said, the conversation shows the rest', async () => {
  const it = await desk()
  const [first, second] = [await hears(it, { text: 'one' }), await hears(it, { text: 'two' })]
  await hears(it, { answers: [second.remoteId], text: 'three' })
  await as(it, it.anna, ctx => crm.label(ctx, { threads: [first.thread, second.thread], label: 'old' }))
  await asSystem(it.org, async ctx => {
    const { rows } = await sql<{ id: string }>`
      select id from content where text in ('one', 'three') order by id`.execute(ctx.db)
    await takeBack(
      ctx,
      rows.map(row => row.id),
    )
    await recount(ctx, [first.thread, second.thread])
  })
  await house.settle()
  const { items } = await as(it, it.anna, ctx => crm.list(ctx, { view: 'all' }))
  assert.deepEqual(
    items.map(each => [each.thread, each.snippet]),
    [[second.thread, 'two']],
  )
  const labelled = await as(it, it.anna, ctx => crm.list(ctx, { view: 'all', label: 'old' }))
  assert.equal(labelled.items.length, 1)
  await assert.rejects(show(it, first.thread), { code: 'notFound' })
})

test('a company lists what was said with its people, page by page, whichever of their records it was', async () => {
  const it = await desk()
  const from = (address: string) => ({ from: { network: 'post', address } })
  const threads: string[] = []
  for (const name of ['one', 'two', 'stranger', 'twin']) threads.push((await hears(it, from(`${name}@example.org`))).thread)
  const [one, two, , twin] = (await Promise.all(threads.map(thread => show(it, thread)))).map(each => each.person!)
  for (const person of [one!, two!]) await as(it, it.anna, ctx => employ(ctx, { person, company: 'Werft' }))
  await as(it, it.anna, ctx => merge(ctx, { kept: one!, gone: twin!, reason: 'same' }))
  await as(it, it.anna, ctx => crm.spam(ctx, { threads: [threads[1]!] }))
  const { items: works } = await as(it, it.anna, ctx => workplaces(ctx, { person: one! }))
  const company = works[0]!.company.id
  const of = (before?: string) => as(it, it.anna, ctx => crm.ofCompany(ctx, { company, limit: 1, before }))
  const first = await of()
  const second = await of(first.next!)
  assert.deepEqual([first.items[0]!.thread, second.items[0]!.thread, second.next], [threads[3], threads[0], null])
  const browser = await house.browser(it.org, it.anna)
  for (const path of [`/people/${company}`, `/people/${company}/conversations`]) {
    const html = await (await browser.get(path)).text()
    assert.ok(html.includes(`/threads/${threads[3]}`) && !html.includes(`/threads/${threads[2]}`), path)
  }
  const other = await desk()
  await assert.rejects(
    as(other, other.anna, ctx => crm.ofCompany(ctx, { company })),
    { code: 'notFound' },
  )
  await assert.rejects(
    house.as(it.org, 'member', ctx => crm.ofCompany(ctx, { company })),
    { code: 'forbidden' },
  )
})
