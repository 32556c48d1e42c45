/** Whose a case is and how it stands: taking, handing over, waiting, closing, opening again, and the way back. */
import { z } from 'zod'
import { action, id, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { workerByPerson } from '#social/members/actions.ts'
import { notify } from '#social/notifications/actions.ts'
import { cardsOf } from '#social/people/actions.ts'
import { joinAll } from '#social/threads/actions.ts'
import { goOn, howLong, retime, standStill } from './actions-clock.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export async function locked(ctx: Ctx, one: string): Promise<store.Locked> {
  const [row] = await store.lock(ctx, [one])
  return row ?? refuse('notFound', 'cases.notThere')
}

const about = (row: words.Case) => ({ object: row.id, thread: row.discussion })

// —— owners ——

export async function hand(ctx: Ctx, row: store.Locked, to: string | null): Promise<void> {
  if (row.owner === to) return
  await store.change(ctx, [row.id], { owner: to })
  if (to) record(ctx, words.Assigned, { ...about(row), target: to, detail: { to, from: row.owner } })
  else record(ctx, words.Unassigned, { ...about(row), detail: { from: row.owner! } })
  row.owner = to
  const state = rules.stateOwned(row.state, to)
  if (state !== row.state) await turn(ctx, row, state)
  if (to) await joinAll(ctx, [{ thread: row.discussion, person: to, because: 'assigned' }])
  if (to && to !== ctx.actor.person)
    await notify(ctx, [
      {
        ...{ person: to, kind: 'assigned', thread: row.discussion, object: row.id, says: 'cases.tell.assigned' },
        told: { number: String(row.number), title: row.title },
        path: `/cases/K-${row.number}`,
      },
    ])
  tell(ctx, 'cases')
}

const nameOf = async (ctx: Ctx, person: string | null): Promise<string> =>
  (person && (await cardsOf(ctx, [person])).get(person)?.name) || '–'

async function colleague(ctx: Ctx, person: string): Promise<void> {
  if (!(await workerByPerson(ctx, person)))
    throw new Refusal('invalid', 'cases.notAColleague', {}, { fields: [{ field: 'to', key: 'cases.notAColleague' }] })
}

export const assign = action({
  says: 'Give a case to a colleague, or to nobody; with `seen`, the owner that one saw, nobody is overruled unknowingly',
  who: 'cases.work',
  takes: z.strictObject({ case: id, to: id.nullable(), seen: id.nullable().optional() }),
  gives: z.object({ was: id.nullable() }),
  run: async (ctx, { case: one, to, seen }) => {
    if (to) await colleague(ctx, to)
    const row = await locked(ctx, one)
    if (seen !== undefined && row.owner !== to) rules.isStillFree(row.owner, seen, await nameOf(ctx, row.owner))
    const was = row.owner
    await hand(ctx, row, to)
    return { was }
  },
})

export const take = action({
  says: 'Take cases that nobody has; whoever is a moment late is told who was first',
  who: 'cases.work',
  takes: z.strictObject({ cases: z.array(id).min(1).max(100) }),
  gives: z.object({ taken: z.array(id) }),
  run: async (ctx, { cases }) => {
    const self = ctx.actor.person ?? refuse('forbidden', 'kernel.forbidden')
    const rows = await store.lock(ctx, cases)
    if (rows.length < new Set(cases).size) refuse('notFound', 'cases.notThere')
    const free = rows.filter(row => row.owner !== self)
    for (const row of free) rules.isStillFree(row.owner, null, await nameOf(ctx, row.owner))
    for (const row of free) await hand(ctx, row, self)
    return { taken: free.map(row => row.id) }
  },
})

export const giveBack = action({
  says: 'Give cases that one has back, so that anybody can take them',
  who: 'cases.work',
  takes: z.strictObject({ cases: z.array(id).min(1).max(100) }),
  gives: z.object({}),
  run: async (ctx, { cases }) => {
    for (const row of await store.lock(ctx, cases)) if (row.owner === ctx.actor.person) await hand(ctx, row, null)
    return {}
  },
})

// —— states ——

/** It stands otherwise from now on, and so does its clock. */
export async function turn(ctx: Ctx, row: store.Locked, to: words.State): Promise<void> {
  const from = row.state
  if (from === to) return
  record(ctx, words.Moved, { ...about(row), detail: { from, to } })
  row.state = to
  await store.change(ctx, [row.id], { state: to })
  if (rules.standsStill(from) !== rules.standsStill(to)) await (rules.standsStill(to) ? standStill(ctx, row) : goOn(ctx, row))
  await retime(ctx, [row.id])
  tell(ctx, 'cases')
}

export const move = action({
  says: 'Let a case be new, open, or waiting for the customer, which stops its clock',
  who: 'cases.work',
  takes: z.strictObject({ case: id, to: z.enum(words.states) }),
  gives: z.object({ was: z.enum(words.states) }),
  run: async (ctx, { case: one, to }) => {
    const row = await locked(ctx, one)
    const was = row.state
    if (was === to) return { was }
    rules.movesTo(was, to)
    await turn(ctx, row, to)
    return { was }
  },
})

export const close = action({
  says: 'Close a case, with what caused it; as the duplicate of another its threads go on there',
  who: 'cases.work',
  takes: z.strictObject({ case: id, cause: text(200).default(''), duplicateOf: line(20).optional() }),
  gives: z.object({}),
  run: async (ctx, { case: one, cause, duplicateOf }) => {
    const row = await locked(ctx, one)
    if (row.state === 'closed') return {}
    const original = duplicateOf ? await originalOf(ctx, row, duplicateOf) : null
    await closeOne(ctx, row, cause.trim() || null, original?.id ?? null)
    return {}
  },
})

async function originalOf(ctx: Ctx, row: words.Case, called: string): Promise<words.Case> {
  const number = rules.numberIn(called)
  const original = number === null ? undefined : await store.byNumber(ctx, number)
  if (!original) throw new Refusal('invalid', 'cases.noSuchNumber', {}, { fields: [{ field: 'duplicateOf', key: 'cases.noSuchNumber' }] })
  rules.isOriginal(row.id, original)
  for (const { thread } of await store.threadsOf(ctx, row.id))
    if (await store.link(ctx, original.id, thread)) record(ctx, words.Linked, { ...about(original), target: thread })
  return original
}

async function closeOne(ctx: Ctx, row: store.Locked, cause: string | null, duplicateOf: string | null): Promise<void> {
  record(ctx, words.Closed, { ...about(row), detail: { ...(await howLong(ctx, row, ctx.now, 'solve')), cause, duplicateOf } })
  if (row.state !== 'waiting') await standStill(ctx, row)
  await store.change(ctx, [row.id], { state: 'closed', closed_at: ctx.now, closed_by: ctx.actor.person, cause, duplicate_of: duplicateOf })
  await retime(ctx, [row.id])
  tell(ctx, 'cases')
}

/** Open again: its clock goes on where it stood; what was told of it once is not told again. */
export async function reopenOne(ctx: Ctx, row: store.Locked, because: 'person' | 'message' | 'undo'): Promise<void> {
  const after = Math.round((ctx.now.getTime() - row.closedAt!.getTime()) / 8_640_000) / 10
  record(ctx, words.Reopened, { ...about(row), ...(because === 'message' && { actor: null }), detail: { because, after } })
  await store.change(ctx, [row.id], { state: 'open', closed_at: null, closed_by: null, duplicate_of: null })
  row.state = 'open'
  await goOn(ctx, row)
  await retime(ctx, [row.id])
  if (because === 'message' && row.owner)
    await notify(ctx, [
      {
        ...{ person: row.owner, kind: 'work', thread: row.discussion, object: row.id, actor: null, says: 'cases.tell.reopened' },
        told: { number: String(row.number), title: row.title },
        path: `/cases/K-${row.number}`,
      },
    ])
  tell(ctx, 'cases')
}

export const reopen = action({
  says: 'Open a closed case again; with `undo` because it was closed by mistake',
  who: 'cases.work',
  takes: z.strictObject({ case: id, undo: z.literal('undo').optional() }),
  gives: z.object({}),
  run: async (ctx, { case: one, undo }) => {
    const row = await locked(ctx, one)
    if (row.state === 'closed') await reopenOne(ctx, row, undo ?? 'person')
    return {}
  },
})
