import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actor, Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import { testHouse } from '#kernel/testing.ts'
import { record } from '#social/activities/actions.ts'
import { Noted, Removed, Restored, Said } from '#social/content/words.ts'
import { changeOrganisation } from '#social/members/actions.ts'
import * as measures from './actions.ts'
import { bucketOf, businessClock, conversationOf, isDeep, isOwned, needsOf, quantile, type Said as Turn } from './rules.ts'
import * as store from './store.ts'
import type { MeasureId } from './words.ts'

const house = await testHouse()
const hour = 3_600_000

interface Written {
  thread: string
  way: 'in' | 'out' | 'note'
  at: Date
  automatic?: boolean
  channel?: string
  id?: string
}

/** What the intake and the inbox would record. */
function write(ctx: Ctx, { thread, way, at, automatic, channel = 'email', id = newId(at) }: Written): string {
  const about = { object: id, thread, at, channel, actor: null, side: way === 'in' ? ('outside' as const) : ('inside' as const) }
  if (way === 'note') return record(ctx, Noted, { ...about, audience: 'staff' })
  return record(ctx, Said, { ...about, audience: 'thread', detail: automatic ? { automatic: 'auto-reply' } : {} })
}

async function counted(org: string): Promise<void> {
  await house.settle()
  for (;;) {
    await asSystem(org, ctx => measures.countMarked(ctx))
    const { left, days } = await asSystem(org, ctx => store.leftToCount(ctx))
    if (!left && !days) return
  }
}

const values = async (org: string, days = 30): Promise<Map<MeasureId, number | null>> =>
  asSystem(org, async ctx => new Map((await measures.list(ctx, { days })).items.map(item => [item.measure, item.value])))

/** A thread as a word for each message, an hour apart, ending `ago` hours before now: `c` theirs, `w` ours, `n` a note, `!` by a machine. */
async function conversation(org: string, text: string, ago = 100, channel = 'email'): Promise<string> {
  const thread = newId()
  const start = Date.now() - ago * hour
  await asSystem(org, async ctx => {
    for (const [at, word] of text.split(' ').entries()) {
      const way = ({ c: 'in', w: 'out', n: 'note' } as const)[word[0] as 'c' | 'w' | 'n']
      write(ctx, { thread, way, at: new Date(start + at * hour), automatic: word.endsWith('!'), channel })
    }
  })
  return thread
}

test('conversations become values: answered share, time, depth, dialogue, and what is taken within a day', async () => {
  const org = await house.organisation()
  await conversation(org, 'c w c w')
  await conversation(org, 'c c w')
  await conversation(org, 'c n w')
  await conversation(org, 'c w')
  await conversation(org, 'c')
  await conversation(org, 'w c!')
  await counted(org)
  const found = await values(org)
  assert.equal(found.get('response.rate'), 5 / 6)
  assert.equal(found.get('depth'), 1 / 6)
  assert.equal(found.get('dialogue.ratio'), 5 / 6, 'the message we began with answers nobody')
  assert.equal(found.get('mentions'), 7)
  assert.equal(found.get('triage.ownedByConversation'), 4 / 5)
  assert.equal(found.get('initiative.share'), 1 / 6)
  assert.equal(found.get('threads.bothSidesByThread'), 1 / 6)
  const first = found.get('response.first.calendar')!
  assert.ok(Math.abs(first - 60) <= 0.6, `median of one hour, within one per cent: ${first}`)
})

test('four answered questions are not enough data, the fifth is; a count is 0 only where anything is known', async () => {
  const org = await house.organisation()
  assert.equal((await values(org)).get('mentions'), null, 'nothing is known yet')
  for (let at = 0; at < 4; at++) await conversation(org, 'c w')
  await counted(org)
  assert.equal((await values(org)).get('response.rate'), null)
  await conversation(org, 'c w')
  await counted(org)
  assert.equal((await values(org)).get('response.rate'), 1)
  assert.equal((await values(org, 1)).get('mentions'), 0)
})

test('a removed message no longer counts, and a restored one does again', async () => {
  const org = await house.organisation()
  for (let at = 0; at < 5; at++) await conversation(org, 'c w')
  const thread = newId()
  const id = newId()
  await asSystem(org, async ctx => void write(ctx, { thread, way: 'in', at: new Date(ctx.now.getTime() - 50 * hour), id }))
  await counted(org)
  assert.equal((await values(org)).get('response.rate'), 5 / 6)
  await asSystem(org, async ctx => void record(ctx, Removed, { object: id, thread, detail: { noun: 'Message' } }))
  await counted(org)
  assert.deepEqual([(await values(org)).get('response.rate'), (await values(org)).get('mentions')], [1, 5])
  await asSystem(org, async ctx => void record(ctx, Restored, { object: id, thread, detail: { noun: 'Message' } }))
  await counted(org)
  assert.deepEqual([(await values(org)).get('response.rate'), (await values(org)).get('mentions')], [5 / 6, 6])
})

test('an older mail that is imported later moves the beginning, and our first word becomes an answer', async () => {
  const org = await house.organisation()
  const thread = newId()
  for (let at = 0; at < 4; at++) await conversation(org, 'c w')
  await asSystem(org, async ctx => void write(ctx, { thread, way: 'out', at: new Date(ctx.now.getTime() - 48 * hour) }))
  await counted(org)
  assert.deepEqual([(await values(org)).get('initiative.share'), (await values(org)).get('dialogue.ratio')], [0.2, 0.8])
  await asSystem(org, async ctx => void write(ctx, { thread, way: 'in', at: new Date(ctx.now.getTime() - 100 * hour) }))
  await counted(org)
  assert.deepEqual([(await values(org)).get('initiative.share'), (await values(org)).get('dialogue.ratio')], [0, 1])
  assert.equal((await values(org)).get('response.rate'), 1)
})

test('a holiday counts no business time, also once it is entered later', async () => {
  const org = await house.organisation()
  const day = 24 * hour
  const weekday = new Date().getUTCDay()
  const wednesday = Math.floor(Date.now() / day) * day - (((weekday + 4) % 7) + 7) * day
  const [thread, asked, answered] = [newId(), new Date(wednesday + 12 * hour), new Date(wednesday + 2 * day + 12 * hour)]
  await asSystem(org, async ctx => {
    write(ctx, { thread, way: 'in', at: asked })
    write(ctx, { thread, way: 'out', at: answered })
  })
  const minutes = async (): Promise<number | null | undefined> => {
    await counted(org)
    const all = { scope: 'all', window: { from: '2000-01-01', until: '2100-01-01' }, limit: 10 } as const
    return (await asSystem(org, ctx => store.behind(ctx, { measure: 'response.first.business', ...all })))[0]?.minutes
  }
  assert.equal(await minutes(), 2 * 480)
  const holidays = [new Date(wednesday + day).toISOString().slice(0, 10)]
  await house.as(org, 'owner', ctx => changeOrganisation(ctx, { holidays }))
  assert.equal(await minutes(), 480)
})

test('the query agrees with the rules on any thread, business hours included', async () => {
  const org = await house.organisation()
  let seed = 7
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
  const threads: { id: string; said: Turn[] }[] = []
  await asSystem(org, async ctx => {
    for (let nth = 0; nth < 120; nth++) {
      const id = newId()
      let at = ctx.now.getTime() - (20 + random(300)) * 24 * hour
      const said: Turn[] = []
      for (let count = 1 + random(9); count > 0; count--) {
        at += random(70) * hour + random(3600) * 1000
        const way = (['in', 'in', 'out', 'out', 'note'] as const)[random(5)]!
        const automatic = way !== 'note' && random(6) === 0
        const activity = write(ctx, { thread: id, way, at: new Date(at), automatic })
        said.push({ id: activity, at: new Date(at), is: way, automatic })
      }
      threads.push({ id, said })
    }
  })
  await counted(org)
  const found = await asSystem(org, async ctx => ({
    needs: (
      await store.behind(ctx, { measure: 'response.rate', scope: 'all', window: { from: '2000-01-01', until: '2100-01-01' }, limit: 1000 })
    ).map(each => [each.id, each.holds, each.minutes === null ? null : Math.round(each.minutes * 60_000)]),
    business: (
      await store.behind(ctx, {
        measure: 'response.first.business',
        scope: 'all',
        window: { from: '2000-01-01', until: '2100-01-01' },
        limit: 1000,
      })
    ).map(each => [each.id, Math.round(each.minutes! * 60_000)]),
    deep: (
      await store.behind(ctx, { measure: 'depth', scope: 'all', window: { from: '2000-01-01', until: '2100-01-01' }, limit: 1000 })
    ).map(each => [each.thread, each.holds]),
    owned: (
      await store.behind(ctx, {
        measure: 'triage.ownedByConversation',
        scope: 'all',
        window: { from: '2000-01-01', until: '2100-01-01' },
        limit: 1000,
      })
    ).map(each => [each.thread, each.holds]),
  }))
  const clock = businessClock({ zone: 'Europe/Berlin', hours: [...Array.from({ length: 5 }, () => [540, 1020] as const), null, null] })
  const needs = threads.flatMap(each => needsOf(each.said))
  const minutes = (from: Date, to: Date) => Math.round(((to.getTime() - from.getTime()) / 60_000) * 60_000)
  const sorted = (rows: unknown[][]) => rows.map(row => JSON.stringify(row)).toSorted()
  assert.ok(needs.length > 60, `${needs.length} needs`)
  assert.deepEqual(
    sorted(found.needs),
    sorted(needs.map(each => [each.id, each.answer !== null, each.answeredAt && minutes(each.askedAt, each.answeredAt)])),
  )
  assert.deepEqual(
    sorted(found.business),
    sorted(needs.flatMap(each => (each.answeredAt ? [[each.id, Math.round(clock(each.askedAt, each.answeredAt) * 60_000)]] : []))),
  )
  const talks = threads.flatMap(each => {
    const talk = conversationOf(each.said)
    return talk ? [{ ...talk, thread: each.id }] : []
  })
  assert.deepEqual(sorted(found.deep), sorted(talks.map(each => [each.thread, isDeep(each)])))
  assert.deepEqual(sorted(found.owned), sorted(talks.filter(each => each.startedBy === 'in').map(each => [each.thread, isOwned(each)])))
  const all = await asSystem(org, ctx => measures.show(ctx, { measure: 'response.first.business', days: 400 }))
  const times = needs.flatMap(each => (each.answeredAt ? [clock(each.askedAt, each.answeredAt)] : []))
  assert.equal(all.value.n, times.length)
  const sketch: Record<string, number> = {}
  for (const time of times) sketch[bucketOf(time)] = (sketch[bucketOf(time)] ?? 0) + 1
  assert.equal(all.value.p90, quantile(sketch, 0.9))
})

test('counting everything again changes nothing', async () => {
  const org = await house.organisation()
  for (const text of ['c w c w', 'c c w', 'w c', 'c n', 'c w!', 'c']) await conversation(org, text, 200 + text.length * 40)
  await counted(org)
  const before = await values(org, 90)
  const { threads } = await house.as(org, 'administrator', ctx => measures.rebuild(ctx, {}))
  assert.equal(threads, 6)
  await counted(org)
  assert.deepEqual(await values(org, 90), before)
  const state = await asSystem(org, ctx => measures.progress(ctx, {}))
  assert.deepEqual([state.left, state.rebuild], [0, null])
})

test('a value opens down to its messages, newest first, page by page, and only those asked about', async () => {
  const org = await house.organisation()
  const threads: string[] = []
  for (let at = 0; at < 7; at++) threads.push(await conversation(org, at % 3 ? 'c w' : 'c', 300 - at * 10))
  await counted(org)
  const page = (input: object) => asSystem(org, ctx => measures.evidence(ctx, { measure: 'response.rate', days: 30, limit: 3, ...input }))
  const first = await page({})
  const second = await page({ before: first.next! })
  const third = await page({ before: second.next! })
  assert.deepEqual(
    [...first.items, ...second.items, ...third.items].map(each => each.thread),
    threads.toReversed(),
  )
  assert.equal(third.next, null)
  assert.ok(first.items.every(each => each.message !== null))
  const unanswered = await page({ holds: 'false' })
  assert.deepEqual(
    unanswered.items.map(each => each.thread),
    [threads[6], threads[3], threads[0]],
  )
  assert.deepEqual((await page({ measure: 'mentions' })).items.length, 3)
})

test('channels have values of their own', async () => {
  const org = await house.organisation()
  for (let at = 0; at < 5; at++) await conversation(org, 'c w', 100, 'email')
  for (let at = 0; at < 5; at++) await conversation(org, 'c', 100, 'forum')
  await counted(org)
  const shown = await asSystem(org, ctx => measures.show(ctx, { measure: 'response.rate', days: 30, scope: 'channel:forum' }))
  assert.equal(shown.value.value, 0)
  assert.deepEqual(shown.scopes, ['channel:email', 'channel:forum'])
  assert.equal((await values(org)).get('response.rate'), 0.5)
})

test('what the floor above asks for: known measures with their quantiles, unknown ones left out', async () => {
  const org = await house.organisation()
  for (let at = 0; at < 5; at++) await conversation(org, 'c w')
  await counted(org)
  const facts = await asSystem(org, ctx =>
    measures.known(ctx, [
      { measure: 'response.rate', windowDays: 90 },
      { measure: 'response.first.calendar:p90', windowDays: 90 },
      { measure: 'policy.ageDays', windowDays: 365 },
    ]),
  )
  assert.deepEqual(
    facts.map(each => [each.measure, each.n]),
    [
      ['response.rate', 5],
      ['response.first.calendar:p90', 5],
    ],
  )
  const standing = await asSystem(org, ctx =>
    measures.known(ctx, [
      { measure: 'structure.actingPeople', windowDays: 90 },
      { measure: 'connectors.twoWay', windowDays: 90 },
    ]),
  )
  assert.deepEqual(standing, [], 'nobody is known to have answered, and no account is connected: unknown, not 0')
  assert.ok(facts[0]!.asOf! <= new Date() && facts[0]!.asOf! > new Date(Date.now() - 120 * hour))
})

test('how many people answer is known from the answers themselves', async () => {
  const org = await house.organisation()
  const people = [newId(), newId()]
  await asSystem(org, async ctx => {
    for (let nth = 0; nth < 5; nth++) {
      const about = { thread: newId(), channel: 'email', audience: 'thread' as const }
      const at = new Date(ctx.now.getTime() - (50 + nth) * hour)
      record(ctx, Said, { ...about, actor: null, object: newId(), at, side: 'outside' })
      record(ctx, Said, { ...about, actor: people[nth % 2]!, object: newId(), at: new Date(at.getTime() + hour), side: 'inside' })
    }
  })
  await counted(org)
  const [found] = await asSystem(org, ctx => measures.known(ctx, [{ measure: 'structure.actingPeople', windowDays: 90 }]))
  assert.deepEqual([found!.value, found!.n], [2, 5])
})

test('other roles and other organisations see nothing', async () => {
  const org = await house.organisation()
  const other = await house.organisation('Another')
  for (let at = 0; at < 5; at++) await conversation(org, 'c w')
  await counted(org)
  for (const role of ['agent', 'member', 'guest', 'customer'] as const) {
    await assert.rejects(
      house.as(org, role, ctx => measures.list(ctx, {})),
      { code: 'forbidden' },
    )
  }
  const manager: Actor = await house.member(other, 'manager')
  const seen = await house.as(other, manager, ctx => measures.list(ctx, {}))
  assert.ok(seen.items.every(item => item.value === null && item.n === 0))
  assert.equal((await house.as(other, manager, ctx => measures.evidence(ctx, { measure: 'response.rate' }))).items.length, 0)
})

test('a wrong question is refused', async () => {
  const org = await house.organisation()
  for (const input of [
    { measure: 'gone' },
    { measure: 'depth', days: 0 },
    { measure: 'depth', before: 'x' },
    { measure: 'depth', scope: 'all; drop' },
    { measure: 'depth', colour: 1 },
  ]) {
    await assert.rejects(
      house.as(org, 'manager', ctx => measures.evidence(ctx, input as never)),
      { code: 'invalid' },
    )
  }
})
