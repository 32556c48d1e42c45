/** The clocks of cases: what is due by which service level, told in time by one timer that reads what is over. */
import { z } from 'zod'
import { id } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { every, job, later } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { remembered } from '#kernel/remembered.ts'
import { record } from '#social/activities/actions.ts'
import { on } from '#social/activities/words.ts'
import { OrganisationChanged } from '#social/members/words.ts'
import { notify } from '#social/notifications/actions.ts'
import type { Notice } from '#social/notifications/words.ts'
import { awayAmong, businessTime, dueAfter, hoursOf, teamsOf, worksAtAll } from '#social/teams/actions.ts'
import { Archived, BroughtBack, Changed } from '#social/teams/words.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as work from './store-work.ts'
import * as words from './words.ts'

const minute = 60_000

export async function calendarOf(ctx: Ctx, team: string | null): Promise<rules.Calendar> {
  const hours = await hoursOf(ctx, team)
  return { between: (from, to) => businessTime(from, to, hours), after: (from, minutes) => dueAfter(from, minutes, hours) }
}

/** Whose calendar leaves no working day in the coming year: the organisation’s ('') and those of teams, by name. */
export const idleCalendars = (ctx: Ctx): Promise<string[]> => remembered(ctx, 'cases.idle', ['teams'], () => idleNow(ctx))

async function idleNow(ctx: Ctx): Promise<string[]> {
  const [whole, teams] = await Promise.all([hoursOf(ctx, null), teamsOf(ctx)])
  return [...(worksAtAll(whole, ctx.now) ? [] : ['']), ...teams.filter(each => !worksAtAll(each, ctx.now)).map(each => each.name)]
}

/** By when these cases are to be answered and solved, as they stand now. */
export async function retime(ctx: Ctx, ids: string[]): Promise<void> {
  const rows = await store.lock(ctx, ids)
  if (rows.length === 0) return
  const [policies, pauses] = await Promise.all([work.policies(ctx), work.pausesOf(ctx, ids)])
  const working = policies.filter(each => each.archivedAt === null)
  const calendars = new Map<string | null, rules.Calendar>()
  const next: Parameters<typeof work.setDues>[2] = []
  for (const row of rows) {
    const calendar = calendars.get(row.team) ?? (await calendarOf(ctx, row.team))
    calendars.set(row.team, calendar)
    const policy = rules.policyFor(working, row)
    const dues = rules.duesOf(row, policy, pauses.get(row.id)!, calendar)
    const times = {
      first_due: dues.firstDue ?? settled(row.answeredAt, row.firstDue),
      solve_due: dues.solveDue ?? settled(row.closedAt, row.solveDue),
    }
    await store.setClock(ctx, row.id, { policy: policy?.id ?? null, ...times, told: row.told, alarm: rules.alarmOf(row) })
    next.push(...dues.next.map(each => ({ caseId: row.id, ...each })))
  }
  await work.setDues(ctx, ids, next)
}

/** What is done keeps the moment by which it was to be done. */
const settled = (doneAt: Date | null, due: Date | null): Date | null => (doneAt ? due : null)

/** Working minutes of a case from its opening until then, without its pauses, and whether a target is kept by that; null where there is none. */
export async function howLong(
  ctx: Ctx,
  row: words.Case,
  until: Date,
  target: words.Target,
): Promise<{ minutes: number; kept: boolean | null }> {
  const [calendar, pauses, policies] = await Promise.all([calendarOf(ctx, row.team), work.pausesOf(ctx, [row.id]), work.policies(ctx)])
  const policy = policies.find(each => each.id === row.policy)
  const most = target === 'first' ? policy?.firstMinutes : policy?.solveMinutes
  const worked = rules.worked(row.openedAt, until, pauses.get(row.id)!, calendar)
  return { minutes: Math.round(worked / minute), kept: most === null || most === undefined ? null : worked <= most * minute }
}

/** The clock stands still from now on, or goes on. */
export async function standStill(ctx: Ctx, row: words.Case): Promise<void> {
  await work.beginPause(ctx, row.id)
  record(ctx, words.Paused, { object: row.id, thread: row.discussion })
}
export async function goOn(ctx: Ctx, row: words.Case): Promise<void> {
  const began = await work.endPause(ctx, row.id)
  if (!began) return
  const calendar = await calendarOf(ctx, row.team)
  record(ctx, words.WentOn, {
    object: row.id,
    thread: row.discussion,
    detail: { minutes: Math.round(calendar.between(began, ctx.now) / minute) },
  })
}

// —— telling in time ——

export const watch = every({ minutes: 1 }, 'Cases that are due soon, or late, are told of', async ctx => {
  // Whoever is at work on a case holds it before what is due of it, and so does this; who comes in between is told of in a minute.
  const rows = new Map((await store.lockFree(ctx, await work.overdue(ctx))).map(row => [row.id, row]))
  const over = await work.takeDue(ctx, [...rows.keys()])
  if (over.length === 0) return
  const [policies, concerned] = await Promise.all([work.policies(ctx), whomToCall(ctx, [...rows.values()])])
  const notices = over.flatMap(each => {
    const row = rows.get(each.caseId)
    if (!row || row.told.includes(each.what)) return []
    row.told.push(each.what)
    return ring(ctx, row, each, concerned(row), policies.find(policy => policy.id === row.policy)?.escalateTo ?? null)
  })
  for (const row of rows.values())
    await store.setClock(ctx, row.id, {
      ...{ policy: row.policy, first_due: row.firstDue, solve_due: row.solveDue, told: row.told },
      alarm: rules.alarmOf(row),
    })
  await notify(ctx, notices)
  tell(ctx, 'cases')
})

export const sumUp = every({ minutes: 10 }, 'How many cases there are is summed up', async ctx => {
  await store.sumUp(ctx)
})

/** Says that it is due soon, or late; what is late is told to whoever is named for it as well. */
function ring(ctx: Ctx, row: store.Locked, { what, at }: { what: words.Due; at: Date }, people: string[], boss: string | null): Notice[] {
  const [target, how] = what.split('.') as [words.Target, 'warned' | 'breached']
  const due = (target === 'first' ? row.firstDue : row.solveDue) ?? at
  const about = { object: row.id, thread: row.discussion, actor: null, detail: { target, due: due.toISOString() } }
  record(ctx, how === 'warned' ? words.Warned : words.Breached, about)
  const own = noticesFor(row, people, `cases.tell.${target}.${how}`)
  if (how !== 'breached' || !boss) return own
  record(ctx, words.Escalated, { ...about, target: boss })
  return [...own, ...noticesFor(row, [boss], `cases.tell.${target}.escalated`)]
}

/** Of each case its owner; where nobody has it, or the owner is away, the whole team that is there. */
async function whomToCall(ctx: Ctx, rows: words.Case[]): Promise<(row: words.Case) => string[]> {
  const teams = new Map((await teamsOf(ctx)).map(each => [each.id, each.members]))
  const membersOf = (row: words.Case) => teams.get(row.team ?? '') ?? []
  const away = await awayAmong(ctx, [...new Set(rows.flatMap(row => [...membersOf(row), ...(row.owner ? [row.owner] : [])]))])
  return row => {
    if (row.owner && !away.has(row.owner)) return [row.owner]
    const there = membersOf(row).filter(each => !away.has(each))
    return there.length ? there : row.owner ? [row.owner] : []
  }
}

const noticesFor = (row: words.Case, people: string[], says: string): Notice[] =>
  people.map(person => ({
    ...{ person, kind: 'work', thread: row.discussion, object: row.id, actor: null, says },
    told: { number: String(row.number), title: row.title },
    path: `/cases/K-${row.number}`,
  }))

// —— when calendars and service levels change ——

const some = 200

export const retimeSome = job(
  'What is due is counted again, some cases at a time',
  z.object({ team: id.nullable().optional(), after: z.string() }),
  async (ctx, { team, after }) => {
    const ids = await store.activeAfter(ctx, { team, after, limit: some })
    await retime(ctx, ids)
    if (ids.length === some) await later(ctx, retimeSome, { team, after: ids.at(-1)! })
    tell(ctx, 'cases')
  },
)

export const hearCalendars = on([Changed, Archived, BroughtBack], 'what is due follows the hours of the team', async (ctx, happened) => {
  for (const team of new Set(happened.map(each => each.object!))) await later(ctx, retimeSome, { team, after: rules.nobody })
})

export const hearHours = on(OrganisationChanged, 'what is due follows the hours of the organisation', async (ctx, happened) => {
  if (happened.some(({ detail }) => detail.fields.some(each => ['hours', 'holidays', 'zone'].includes(each))))
    await later(ctx, retimeSome, { after: rules.nobody })
})

export const hearPolicies = on(
  [words.PolicyMade, words.PolicyChanged, words.PolicyArchived, words.PolicyBack],
  'what is due follows the service levels',
  ctx => later(ctx, retimeSome, { after: rules.nobody }),
)
