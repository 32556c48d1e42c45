/** What becomes of everything about a person: counted first, then decided, then done for good. */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import type { Ctx } from '#kernel/context.ts'
import { asSystem, organisations } from '#kernel/db.ts'
import { allErased, type Erased, noteErased } from '#kernel/erasures.ts'
import { Refusal } from '#kernel/errors.ts'
import { dropFiles } from '#kernel/files.ts'
import { every, laterAll, outsideJob } from '#kernel/jobs.ts'
import type { Erasing } from '#kernel/keeps.ts'
import { tell } from '#kernel/live.ts'
import { endTask } from '#kernel/tasks.ts'
import { record } from '#social/activities/actions.ts'
import { recall } from '#social/amendments/actions.ts'
import { memberByPerson, organisationOf } from '#social/members/actions.ts'
import { idsOf } from '#social/people/actions.ts'
import { mailErased } from './actions-answering.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as kept from './store-kept.ts'
import * as words from './words.ts'

// —— counting ——

export const countOut = outsideJob('What an erasure would take is counted', z.object({ request: z.uuid() }), (org, { request }) =>
  asSystem(org, async ctx => {
    const row = await store.locked(ctx, request)
    if (row?.state !== 'counting') return
    await kept.collect(ctx, request, 'person', await idsOf(ctx, row.person))
    const counts = await kept.countAll(ctx, request)
    await kept.letGo(ctx, request)
    await store.change(ctx, request, { state: 'ready', counts })
    if (row.task) await endTask(ctx, row.task)
    tellOf(ctx, row)
  }),
)

const tellOf = (ctx: Ctx, row: store.RequestRow): void => {
  for (const topic of ['rights', `request:${row.id}`, `person:${row.person}`, 'people', 'inbox']) tell(ctx, topic)
}

/** What was counted, by what becomes of it: what goes first. What is made from the rest is not told apart. */
export function sharesOf(counts: Record<string, number>): words.Share[] {
  const shares = kept.declarations().flatMap(it => {
    const count = counts[it.table] ?? 0
    const fate = it.stays ? 'stays' : it.blank ? 'empties' : 'goes'
    return count ? [{ table: it.table, theme: it.theme ?? 'traces', fate, count, because: it.stays ?? null } as const] : []
  })
  return shares.sort((a, b) => words.fates.indexOf(a.fate) - words.fates.indexOf(b.fate) || b.count - a.count)
}

// —— doing ——

export const erase = outsideJob('Everything about one person is erased', z.object({ request: z.uuid() }), async (org, { request }) => {
  const row = await begun(org, request)
  if (!row) return
  await takeAll(org, request, row.needles ?? [])
  const people = await asSystem(org, ctx => kept.collected(ctx, request, 'person'))
  const { person, how, asked_at: askedAt, due_on: dueOn } = row
  await noteErased({ org, request, person, people, how, askedAt, dueOn, at: now() })
  await asSystem(org, async ctx => {
    for (const thread of (await kept.collected(ctx, request, 'thread')).slice(0, 1000)) tell(ctx, `thread:${thread}`)
    await kept.letGo(ctx, request)
    await store.change(ctx, request, { state: 'done', needles: null, ended_at: ctx.now })
    record(ctx, words.Answered, { object: row.person, detail: { kind: 'erasure', request } })
    tellOf(ctx, row)
  })
  if (row.answer) await mailErased(row.answer)
})

/** Where the person is told; only the first time, because a backup that was put back knows the address once more. */
const answerOf = async (ctx: Ctx, { state, address, language }: store.RequestRow) =>
  state === 'waiting' && address ? { address, language, zone: ctx.zone, organisation: (await organisationOf(ctx)).name } : null

/**
 * Notes what is theirs, and how they are called, before anything goes. Their addresses go first and what came meanwhile is noted as well: from then on
 * the same address is somebody new. Undefined where it is not the moment yet, or never any more.
 */
const begun = (org: string, request: string) =>
  asSystem(org, async ctx => {
    const row = await store.locked(ctx, request)
    if (!row || !['waiting', 'erasing'].includes(row.state) || row.effective_at === null || row.effective_at > ctx.now) return undefined
    const people = await idsOf(ctx, row.person)
    if (row.state === 'waiting' && !(await mayGoAhead(ctx, row, people))) return undefined
    const needles = row.needles ?? rules.needlesFrom(await store.namesOf(ctx, people))
    await store.change(ctx, request, { state: 'erasing', needles })
    await kept.collect(ctx, request, 'person', people)
    if (row.state === 'waiting') await recall(ctx, await kept.collected(ctx, request, 'content'))
    return { ...row, needles, answer: await answerOf(ctx, row) }
  })

/** A hold or a sign-in that came while it waited: then it asks again. */
async function mayGoAhead(ctx: Ctx, row: store.RequestRow, people: string[]): Promise<boolean> {
  const members = await Promise.all(people.map(each => memberByPerson(ctx, each)))
  try {
    rules.mayErase({ held: (await store.holds(ctx, people)).length > 0, signsIn: members.some(each => each && !each.suspendedAt) })
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await store.change(ctx, row.id, { state: 'ready', effective_at: null, says: error.key })
    tellOf(ctx, row)
    return false
  }
}

/** Everything that was collected under this run, table after table, each in a transaction of its own; after an interruption it goes on. */
export async function takeAll(org: string, run: string, needles: readonly string[]): Promise<void> {
  const { people, tables } = await asSystem(org, async ctx => {
    for (const it of kept.declarations()) if (it.table === 'handle') await kept.takeOut(ctx, run, it)
    const people = await kept.collected(ctx, run, 'person')
    await kept.collect(ctx, run, 'person', people)
    return { people, tables: kept.holding(await kept.kindsIn(ctx, run)) }
  })
  const what: Erasing = { ids: kept.idsIn(run), people, needles }
  for (const some of inParts(tables, 12))
    await asSystem(org, async ctx => void (await Promise.all(some.map(it => kept.takeOut(ctx, run, it)))))
  for (const eraser of kept.allErasers()) await asSystem(org, ctx => eraser(ctx, what))
  await asSystem(org, async ctx => dropFiles(ctx, await kept.unnamedFiles(ctx, await kept.collected(ctx, run, 'file'))))
}

const inParts = <T>(list: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size))

/**
 * After a backup was put back, whoever was erased since it was taken is erased again, before anybody can look. Returns how many; where nothing was put
 * back there are none.
 */
export async function eraseAgain(): Promise<number> {
  const known = new Set((await organisations()).map(each => each.id))
  let count = 0
  for (const [org, all] of Map.groupBy(await allErased(), each => each.org)) {
    if (!known.has(org)) continue
    for (const it of await asSystem(org, ctx => comeBack(ctx, all))) {
      await asSystem(org, ctx => takeUpAgain(ctx, it))
      await erase.run(org, { request: it.request })
      count++
    }
  }
  return count
}

/** Of whom the database does not know that they were erased. */
async function comeBack(ctx: Ctx, all: Erased[]): Promise<Erased[]> {
  const done = await store.doneAmong(ctx, all.map(each => each.request)) // biome-ignore format: one line
  return all.filter((each, at) => !done.has(each.request) && all.findIndex(other => other.request === each.request) === at)
}

/** Every record that was theirs then goes, whether the database has them joined or not yet. */
async function takeUpAgain(ctx: Ctx, it: Erased): Promise<void> {
  const needles = rules.needlesFrom(await store.namesOf(ctx, it.people))
  await store.erasingAgain(ctx, { ...it, needles })
  await kept.collect(ctx, it.request, 'person', it.people)
}

export const eraseDue = every({ minutes: 10 }, 'Erasures that are due and were interrupted go on', async ctx => {
  const due = await store.effective(ctx, ctx.now)
  await laterAll(
    ctx,
    due.map(request => ({ kind: erase, data: { request } })),
  )
})
