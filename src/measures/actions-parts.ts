/** What belongs to another part now, and what became of cases, ends and ratings: heard, marked, and counted a moment later. */
import { z } from 'zod'
import { id } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { beginOf } from '#kernel/days.ts'
import { every, job, later } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { type Activity, on, word } from '#social/activities/words.ts'
import { organisationOf } from '#social/members/actions.ts'
import * as store from './store.ts'
import * as parts from './store-parts.ts'
import { daysFrom, localDay } from './time.ts'
import type { Window } from './words.ts'

export const daysAtOnce = 31
const partDaysAtOnce = 7

/** Days as stretches without gaps. */
export function inRow(days: string[]): Window[] {
  const windows: Window[] = []
  for (const day of days) {
    const last = windows.at(-1)
    if (last && daysFrom(last.until, 1) === day) last.until = day
    else windows.push({ from: day, until: day })
  }
  return windows
}

/** Somebody took a conversation over; recorded by whoever keeps the work lists. */
export const Assigned = word('Add', 'Assignment', z.unknown())

/** What moves a conversation to other parts: its topic, whose it is, its end. */
const [Labelled, Unlabelled] = [word('Add', 'Label', z.unknown()), word('Remove', 'Label', z.unknown())]
const Unassigned = word('Remove', 'Assignment', z.unknown())
const [Finished, Reopened] = [word('Create', 'Closure', z.unknown()), word('Undo', 'Closure', z.unknown())]
const Rated = word('Create', 'Rating', z.unknown())
const RatedAnew = word('Update', 'Rating', z.unknown())

export const markParts = on(
  [Labelled, Unlabelled, Assigned, Unassigned, Finished, Reopened, Rated, RatedAnew],
  'What belongs to another team or topic, or has ended, is counted there',
  async (ctx, happened) => {
    const threads = [...new Set(happened.flatMap(each => each.thread ?? []))]
    await parts.markPartsOf(ctx, threads)
    await markToday(ctx, happened)
    await partsSoon(ctx)
  },
)

/** Recorded by whoever keeps cases; object is the case in all of them. */
const caseWords = [
  word('Create', 'CaseClosure', z.unknown()),
  word('Undo', 'CaseClosure', z.unknown()),
  word('Accept', 'Case', z.unknown()),
  word('Update', 'Case', z.unknown()),
  word('Flag', 'CaseTarget', z.unknown()),
]

export const markCases = on(caseWords, 'What became of a case is counted on the days on which it happened', async (ctx, happened) => {
  const cases = [...new Set(happened.flatMap(each => each.object ?? []))]
  await parts.markCases(ctx, cases)
  await partsSoon(ctx)
  // Two days later it is known whether it stayed closed.
  if (happened.some(each => each.noun === 'CaseClosure'))
    await later(ctx, markLater, { cases }, { at: new Date(ctx.now.getTime() + 48 * 3_600_000 + 60_000) })
})

const changed = z.object({ fields: z.array(z.string()) })
const [Linked, Unlinked] = [word('Add', 'CaseThread', z.unknown()), word('Remove', 'CaseThread', z.unknown())]

export const markTyped = on(
  [Linked, Unlinked, word('Update', 'Case', z.unknown())],
  'Conversations that belong to a case of another type are counted there',
  async (ctx, happened) => {
    const typed = happened.filter(each => each.noun === 'Case' && changed.safeParse(each.detail).data?.fields.includes('type'))
    const moved = happened.flatMap(each => (each.noun === 'CaseThread' ? (each.target ?? []) : []))
    const threads = [
      ...moved,
      ...(typed.length
        ? await parts.threadsOf(
            ctx,
            typed.flatMap(each => each.object ?? []),
          )
        : []),
    ]
    if (!threads.length) return
    await parts.markPartsOf(ctx, threads)
    await partsSoon(ctx)
  },
)

export const markLater = job('Whether cases stayed closed is known now', z.object({ cases: z.array(id) }), async (ctx, { cases }) => {
  await parts.markCases(ctx, cases)
  await partsSoon(ctx)
})

/** Days on which something was rated; where nobody may know when, the rating tells itself the day after. */
async function markToday(ctx: Ctx, happened: Activity[]): Promise<void> {
  const days = happened.filter(each => each.noun === 'Rating').map(each => localDay(ctx.zone, each.at))
  for (const day of new Set(days)) await parts.markParts(ctx, { from: day, until: day })
}

export const markWeek = every({ hour: 4 }, 'What was rated without a name is counted', async ctx => {
  const today = localDay(ctx.zone, ctx.now)
  for (const back of [0, -7]) {
    const monday = beginOf('week', daysFrom(today, back))
    await parts.markParts(ctx, { from: monday, until: monday })
  }
  await partsSoon(ctx)
})

export const partsSoon = (ctx: Ctx): Promise<void> => later(ctx, countParts, {}, { key: 'parts', at: new Date(ctx.now.getTime() + 20_000) })

/** Of the time of one processor this counting takes a twentieth at most: nobody waits for it, and everybody's pages come from the same database. */
const restPerWork = 19

/** Counts the parts of marked days, a week at a time, until none is left; not while the days themselves wait. */
export const countParts = job('Count the parts of the measures again where something changed', z.object({}), async ctx => {
  const began = performance.now()
  if (!(await countMarkedParts(ctx))) return
  const rest = Math.max(1000, (performance.now() - began) * restPerWork)
  await later(ctx, countParts, {}, { key: 'parts', at: new Date(ctx.now.getTime() + rest) })
})

/** One part of the counting; false when nothing is left. */
export async function countMarkedParts(ctx: Ctx): Promise<boolean> {
  if (!(await store.mayCount(ctx))) return true
  const here = { ...ctx, zone: (await organisationOf(ctx)).zone }
  const window = await parts.takeParts(here, partDaysAtOnce)
  if (window) await parts.countParts(here, window)
  tell(ctx, 'measures')
  return (await parts.partsLeft(here)) > 0
}
