/** What rules listen to: messages, cases, and time. */
import { z } from 'zod'
import * as cases from '#areas/cases/actions.ts'
import { Breached, Opened, Warned } from '#areas/cases/words.ts'
import * as crm from '#areas/crm/actions.ts'
import type { Ctx } from '#kernel/context.ts'
import { firstIdAt, newId } from '#kernel/ids.ts'
import { every, job, later } from '#kernel/jobs.ts'
import { type Activity, on } from '#social/activities/words.ts'
import { Said } from '#social/content/words.ts'
import { businessTime, hoursOf } from '#social/teams/actions.ts'
import { apply, emptyPlan, route } from './actions-engine.ts'
import { desksOf, type Happening } from './actions-gathering.ts'
import { chosen, isOver, stillCloses } from './rules.ts'
import * as store from './store.ts'
import * as queues from './store-queues.ts'
import * as runs from './store-runs.ts'
import { type Did, timed } from './words.ts'

type Heard = Activity<z.output<(typeof Said)['detail']>>
const day = 86_400_000

export const hearMessages = on(Said, 'rules look at what comes in', async (ctx, happened) => {
  const fresh = happened.filter(each => each.thread !== null && !each.detail.imported && !each.detail.post)
  const spoken = fresh.filter(each => each.detail.automatic === undefined).map(each => each.thread!)
  if (spoken.length) await runs.keepOpen(ctx, [...new Set(spoken)])
  const outside = fresh.filter(each => each.side === 'outside')
  if (outside.length) await routeAll(ctx, await happeningsOf(ctx, outside), 0)
})

/** Each message, and before it the beginning of its conversation where it is one. */
async function happeningsOf(ctx: Ctx, heard: Heard[]): Promise<Happening[]> {
  const began = await runs.beginnings(ctx, [...new Set(heard.map(each => each.thread!))])
  const spoken = heard.filter(each => began.has(each.thread!))
  return spoken.flatMap(each => {
    const about = {
      thing: each.thread!,
      kind: 'conversation' as const,
      content: each.object!,
      machine: each.detail.automatic !== undefined,
      heard: heardAt(each),
    }
    const first = began.get(each.thread!)!.getTime() >= each.at.getTime()
    const message: Happening = { ...about, when: 'message', cause: each.object! }
    return first ? [{ ...about, when: 'conversation', cause: 'first' }, message] : [message]
  })
}

const heardAt = ({ detail, at }: Heard): number => (detail.heard ? Date.parse(detail.heard) : at.getTime())

const mostTries = 10

/** The inbox hears of messages by itself; what it has not heard of yet is looked at again a moment later. */
async function routeAll(ctx: Ctx, happened: Happening[], tries: number): Promise<void> {
  const missing = await route(ctx, happened)
  if (missing.length && tries < mostTries)
    await later(ctx, again, { happened: missing, tries: tries + 1 }, { at: new Date(ctx.now.getTime() + 2000) })
}

const happening = z.strictObject({
  thing: z.uuid(),
  kind: z.enum(['conversation', 'case']),
  when: z.enum(['message', 'conversation', 'unanswered', 'waiting', 'caseOpened', 'caseWarned', 'caseBreached']),
  cause: z.string(),
  content: z.uuid().optional(),
  machine: z.boolean().optional(),
  heard: z.number().optional(),
  only: z.uuid().optional(),
})

export const again = job(
  'Rules look again at what the inbox had not heard of',
  z.strictObject({ happened: z.array(happening), tries: z.number() }),
  (ctx, { happened, tries }) => routeAll(ctx, happened, tries),
)

// —— cases ——

const caseOf = (each: Activity, when: Happening['when']): Happening => ({ thing: each.object!, kind: 'case', when, cause: each.id })

export const hearCases = on(Opened, 'rules look at new cases', async (ctx, happened) => {
  await route(
    ctx,
    happened.map(each => caseOf(each, 'caseOpened')),
  )
})

export const hearWarnings = on(Warned, 'rules look at cases that are due soon', async (ctx, happened) => {
  await route(
    ctx,
    happened.map(each => caseOf(each, 'caseWarned')),
  )
})

export const hearBreaches = on(Breached, 'rules look at cases that are late', async (ctx, happened) => {
  await route(
    ctx,
    happened.map(each => caseOf(each, 'caseBreached')),
  )
})

// —— time ——

const atOnce = 500

export const watchTime = every({ minutes: 1 }, 'Rules look at what has waited too long', async ctx => {
  const hours = await hoursOf(ctx, null)
  for (const { id: rule, definition, on_since: onSince } of await store.active(ctx)) {
    const { when, minutes, working } = definition
    if (!timed.includes(when) || !minutes || !onSince) continue
    const due = await runs.overdue(ctx, { rule, when: when as 'unanswered', minutes, onSince, limit: atOnce })
    const worked = working ? (from: Date, to: Date) => businessTime(from, to, hours) : null
    const over = due.filter(each => isOver(each.since, ctx.now, minutes, worked))
    const about = { kind: 'conversation' as const, when, only: rule }
    if (over.length)
      await route(
        ctx,
        over.map(each => ({ ...about, thing: each.thread, cause: `${rule} ${each.since.getTime()}` })),
      )
  }
})

export const endWaiting = every({ minutes: 5 }, 'What was to be closed by itself is closed, unless something was said', async ctx => {
  const over = (await runs.takeClosings(ctx, 200)).filter(each => stillCloses(each, each.stood))
  if (over.length === 0) return
  await crm.finish(ctx, { threads: over.map(each => each.thread) })
  for (const { thread } of over)
    for (const one of (await cases.ofThread(ctx, thread)).cases) if (one.state === 'waiting') await cases.close(ctx, { case: one.id })
})

/** Whoever has become free gets what has waited longest for their team. */
export const drain = every({ minutes: 1 }, 'What waits for a team goes to whoever becomes free', async ctx => {
  const rows = await queues.waiting(ctx, 200)
  if (rows.length === 0) return
  await runs.oneAtATime(ctx)
  const stands = new Map((await crm.standing(ctx, rows.map(each => each.thread), true)).map(row => [row.thread, row])) // biome-ignore format: one line
  const isOpen = ({ thread }: queues.QueueRow) => stands.get(thread)?.state === 'open' && stands.get(thread)?.assignee === null
  const desks = await desksOf(ctx, [...new Set(rows.map(each => each.team))])
  const plan = emptyPlan()
  const freed: runs.Run[] = []
  const set = await store.setOf(ctx, [])
  for (const row of rows.filter(isOpen)) {
    const hours = desks.hours(row.team)
    const choice = hours === 'gone' ? null : chosen(desks.candidates(row.team), row.wanted, hours)
    if (!choice?.person) continue
    desks.given(row.team, choice.person)
    plan.owners.set(choice.person, [...(plan.owners.get(choice.person) ?? []), row.thread])
    plan.turns.push({ team: row.team, person: choice.person, at: ctx.now })
    const people = [choice.person, ...choice.among.map(each => each.person).filter(each => each !== choice.person)]
    const did: Did = { rule: row.rule, does: 'team', says: 'done', what: row.team, people, among: choice.among }
    freed.push({ id: newId(ctx.now), thing: row.thread, thread: row.thread, at: ctx.now, event: 'freed', cause: String(ctx.now.getTime()), rules: set, looked: [], did: [did], chain: [] }) // biome-ignore format: a row
  }
  const given = [...plan.owners.values()].flat()
  await queues.unqueue(ctx, [...rows.filter(each => !isOpen(each)).map(each => each.thread), ...given])
  if (freed.length) await runs.keepRuns(ctx, freed)
  await apply(ctx, plan)
})

export const forgetOld = every({ hour: 4 }, 'Explanations of more than a year ago are forgotten', async ctx => {
  const before = new Date(ctx.now.getTime() - 366 * day)
  const oldest = firstIdAt(before)
  while ((await runs.forget(ctx, oldest, 5000)) === 5000);
  await runs.forgetMarks(ctx, before)
})
