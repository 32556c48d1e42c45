import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { sql } from 'kysely'
import { setClock } from '#kernel/clock.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError } from '#kernel/errors.ts'
import { testHouse } from '#kernel/testing.ts'
import { dice } from '#social/channels/testing.ts'
import { conclude, takeUp } from '#social/deliveries/actions.ts'
import { answer } from './actions.ts'
import { calls, type Desk, type Done, deskIn, done, type Kind, kinds, later, type Plan, plans, says } from './testing.ts'

const house = await testHouse()
const { desk, write, post, state, run } = deskIn(house)
afterEach(() => setClock())

/** What may happen to the attempts of one delivery, one after the other; `killed` ends our process between the call and its note, `late` is answered after we gave up waiting. */
const faultPlans: (Plan | 'killed' | 'killedBefore' | 'late')[][] = [
  ['ok'],
  ['dropped'],
  ['refusedLate'],
  ['fault'],
  ['notDone'],
  ['down', 'down', 'ok'],
  ['wait', 'dropped'],
  ['down', 'wait', 'notDone'],
  ['rejected'],
  ['killed'],
  ['killedBefore'],
  ['late'],
]

test('R4: each answer and each post leaves once on each kind of network, whatever goes wrong; what nobody can know is said and never repeated', async () => {
  // A thousand for each kind, in a dozen accounts: every silence that a network asks for holds up all that its account still has to say.
  const [desks, each] = process.env.FULL ? [12, 7] : [1, 1]
  let cases = 0
  const failed: string[] = []
  for (const [network, kind] of Object.entries(kinds).flatMap(one => Array<typeof one>(desks).fill(one))) {
    const it = await desk(network)
    const written: { content: string; plan: string[] }[] = []
    const late: (() => Promise<void>)[] = []
    for (const plan of Array.from({ length: each }, () => faultPlans).flat()) {
      const text = `${network} ${written.length}`
      plans.set(
        text,
        plan.filter((fault): fault is Plan => !fault.startsWith('killed') && fault !== 'late'),
      )
      // Every plan is met by answers on some networks and by posts on the others.
      const posts = (written.length + Object.keys(kinds).indexOf(network)) % 2 === 0
      const { content, delivery } = posts ? await post(it, text) : await write(it, await it.thread(), text)
      if (plan[0]!.startsWith('killed')) await dieDuring(it, delivery, plan[0] === 'killed')
      if (plan[0] === 'late') late.push(await giveUpWaiting(it, delivery))
      written.push({ content, plan })
    }
    // Each silence that the network asks for holds up everything else of its account once more.
    for (let at = 0; at < 8 + 3 * each && (await open(it)) > 0; at++) {
      await run()
      for (const answers of late.splice(0)) await answers()
      later(1000)
    }
    for (const { content, plan } of written) {
      cases++
      const wrong = await wrongWith(it, kind, content, plan)
      if (wrong) failed.push(`${network} ${plan}: ${wrong}`)
    }
    assert.equal(await toldOf(it), written.length - (await counted(it)), `${network}: each that did not leave is told`)
  }
  console.log(`${cases} cases, ${failed.length} failed`)
  assert.deepEqual(failed, [])
  assert.equal(cases, 6 * faultPlans.length * desks * each)
})

/** Our process ends: the call was made, or was about to be; nothing is noted. */
async function dieDuring(it: Desk, delivery: string, called: boolean): Promise<void> {
  const errand = await asSystem(it.org, ctx => takeUp(ctx, delivery))
  if (called) await errand!.call()
}

/** The call takes longer than any may: it counts as unsure, and its answer comes when something else has happened already. */
async function giveUpWaiting(it: Desk, delivery: string): Promise<() => Promise<void>> {
  const errand = (await asSystem(it.org, ctx => takeUp(ctx, delivery)))!
  const answered = await errand.call()
  await asSystem(it.org, ctx => conclude(ctx, errand, { error: new ChannelError('unsure', { says }) }))
  return () => asSystem(it.org, ctx => conclude(ctx, errand, { delivery: answered }))
}

const open = async (it: Desk) =>
  asSystem(
    it.org,
    async ctx =>
      (
        await sql<{
          count: number
        }>`select count(*) from delivery where state in ('waiting', 'sending', 'pending') or (state = 'unsure' and asked < 3)`.execute(
          ctx.db,
        )
      ).rows[0]!.count,
  )

/** How many are told to who wrote them. */
const toldOf = async (it: Desk) =>
  asSystem(
    it.org,
    async ctx => (await sql<{ count: number }>`select count(*) from notification where kind = 'delivery'`.execute(ctx.db)).rows[0]!.count,
  )

const counted = async (it: Desk) =>
  asSystem(
    it.org,
    async ctx => (await sql<{ count: number }>`select count(*) from delivery where state = 'sent'`.execute(ctx.db)).rows[0]!.count,
  )

async function wrongWith(it: Desk, { repeatable, lookUp }: Kind, content: string, plan: string[]): Promise<string | null> {
  const effects = done.filter(each => each.key === content).length
  const ends = await state(it, content)
  if (effects > 1) return 'doubled'
  const attempts = calls.filter(each => each.key === content)
  const firstDone = attempts.findIndex(each => each.did)
  if (!repeatable && firstDone >= 0 && attempts.length > firstDone + 1) return 'repeated blindly'
  if (plan[0] === 'rejected') return ends === 'failed' && effects === 0 ? null : `rejected, but ${ends}`
  if (ends === 'sent') return effects === 1 ? null : 'said to have left, but did not'
  if (repeatable) return `missing: ${ends}`
  if (ends !== 'unsure') return `ends as ${ends}`
  return effects === 1 && lookUp ? 'could have been looked up' : null
}

test('R5: an answer leaves if and only if its decision was committed, and in the order of its conversation', async () => {
  const count = process.env.FULL ? 10_000 : 120
  const it = await desk('keyed')
  const chance = dice(5)
  const threads = await Promise.all(Array.from({ length: 8 }, (_, at) => it.thread(`talk ${at}`)))
  const committed: string[] = []
  for (let at = 0; at < count; at++) {
    const text = `answer ${at}`
    const breaks = chance() < 0.3
    if (chance() < 0.2) plans.set(text, [(['down', 'dropped', 'wait'] as const)[Math.floor(chance() * 3)]!])
    const writing = house.as(it.org, it.agent, async ctx => {
      await answer(ctx, { thread: threads[Math.floor(chance() * 8)]!, text, dueAt: ctx.now })
      if (breaks) throw new Error('rolled back')
    })
    await writing.then(
      () => committed.push(text),
      () => {},
    )
    if (chance() < 0.1) {
      // Time goes on while people write: who asked for silence is written to again, and nothing grows too old to leave unasked.
      later(100)
      await run()
    }
  }
  for (let at = 0; at < 60 && done.length < committed.length; at++) {
    await run()
    later(600)
  }
  const left = done.map(each => each.draft.text)
  const orphans = left.filter(text => !committed.includes(text))
  const missing = committed.filter(text => !left.includes(text))
  const disordered = threads.flatMap((_, at) => outOfOrder(done.filter(each => each.draft.answers.at(-1) === `talk ${at}`)))
  console.log(`${count} cases, ${orphans.length + missing.length + disordered.length} failed`)
  assert.deepEqual([orphans, missing, disordered], [[], [], []])
  assert.equal(left.length, committed.length)
})

const outOfOrder = (talk: Done[]): string[] => {
  const numbers = talk.map(each => Number(each.draft.text.split(' ')[1]))
  return numbers.filter((number, at) => at > 0 && number < numbers[at - 1]!).map(String)
}
