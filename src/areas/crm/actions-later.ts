/** Answers that leave at a moment: until then nothing is said; what comes between is looked at first. And how long one can take an answer back. */
import { z } from 'zod'
import { action, id, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { asSystem, inOrg } from '#kernel/db.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { every, later, laterAll, outsideJob } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { remembered } from '#kernel/remembered.ts'
import { momentOf } from '#kernel/zones.ts'
import { record } from '#social/activities/actions.ts'
import { sent as draftSent } from '#social/drafts/actions.ts'
import { actingAs } from '#social/members/actions.ts'
import { notify } from '#social/notifications/actions.ts'
import { mayWorkIn } from '#social/threads/actions.ts'
import { closedOf, hand, locked, putBack } from './actions-organising.ts'
import { giveBack, pointOut, reply, standOf, written } from './actions-replying.ts'
import { isFilledIn, isNoSpam, mayPlan } from './rules.ts'
import * as store from './store.ts'
import * as kept from './store-later.ts'
import * as words from './words.ts'

export const planReply = action({
  says: 'Answer a conversation at a moment; until then it is put aside, and what comes between holds the answer back',
  who: 'inbox.work',
  takes: written.extend({
    dueAt: z.coerce.date().optional(),
    /** Instead of `dueAt`, as clocks of one's own zone show it: `2026-03-04T09:00`. */
    local: text(30).optional(),
  }),
  gives: z.object({ plan: id }),
  run: async (ctx, { dueAt: moment, local, ...input }) => {
    const dueAt = moment ?? momentShown(local ?? '', ctx.zone)
    const self = ctx.actor.person ?? refuse('forbidden', 'kernel.forbidden')
    isFilledIn(input.text)
    mayPlan(dueAt, ctx.now)
    const known = await locked(ctx, input.thread)
    isNoSpam(known.state)
    await mayWorkIn(ctx, closedOf([known]))
    await pointOut(ctx, input.thread, input.seen)
    const { askedAt: _asked, snoozedUntil, ...stand } = standOf(known)
    const was = { ...stand, snoozedUntil: snoozedUntil?.toISOString() ?? null }
    const plan = newId(ctx.now)
    await kept.add(ctx, {
      id: plan,
      thread: input.thread,
      by: self,
      due_at: dueAt,
      input,
      was,
      made_at: ctx.now,
      state: 'waiting',
      says: null,
    })
    await putAside(ctx, known, self, dueAt)
    await draftSent(ctx, `thread:${input.thread}`)
    record(ctx, words.Planned, { object: input.thread, thread: input.thread, detail: { at: dueAt.toISOString() } })
    await later(ctx, sendPlanned, { plan }, { at: dueAt })
    return { plan }
  },
})

function momentShown(local: string, zone: string): Date {
  const shown = Date.parse(`${local}Z`)
  return Number.isNaN(shown) ? refuse('invalid', 'crm.planWhen') : momentOf(shown, zone)
}

async function putAside(ctx: Ctx, known: words.Conversation, self: string, until: Date): Promise<void> {
  const { thread } = known
  if (known.assignee === null) await hand(ctx, [known], self)
  await store.change(ctx, [thread], { state: 'snoozed', snoozed_until: until, closed_at: null, closed_by: null })
  record(ctx, words.Snoozed, { object: thread, thread, detail: { until: until.toISOString() } })
  tell(ctx, 'inbox')
}

export interface PlannedAnswer {
  id: string
  by: string
  dueAt: Date
  text: string
  /** Why it is held. */
  held: { key: string; values: Record<string, string> } | null
}

/** What is to leave in this thread. */
export const plannedIn = async (ctx: Ctx, thread: string): Promise<PlannedAnswer[]> =>
  (await kept.inThread(ctx, thread)).map(row => ({
    id: row.id,
    by: row.by,
    dueAt: row.due_at,
    text: written.loose().parse(row.input).text,
    held: row.state === 'held' ? (JSON.parse(row.says ?? '{"key":"crm.planNews","values":{}}') as PlannedAnswer['held']) : null,
  }))

async function open(ctx: Ctx, plan: string): Promise<kept.PlanRow> {
  const row = await kept.locked(ctx, plan)
  if (!row) return refuse('notFound', 'kernel.notFound')
  if (row.state !== 'waiting' && row.state !== 'held') refuse('conflict', 'crm.planOver')
  await mayWorkIn(ctx, [row.thread])
  return row
}

export const callOffPlan = action({
  says: 'Call off an answer that was to leave at a moment; its text comes back to be written on',
  who: 'inbox.work',
  takes: z.strictObject({ plan: id }),
  gives: z.object({ thread: id, text: z.string() }),
  run: async (ctx, { plan }) => {
    const row = await open(ctx, plan)
    const { text } = written.loose().parse(row.input)
    await kept.change(ctx, plan, { state: 'cancelled' })
    const known = await locked(ctx, row.thread)
    const { snoozedUntil, ...was } = row.was
    if (known.state === 'snoozed')
      await putBack(ctx, known, { ...was, snoozedUntil: snoozedUntil === null ? null : new Date(snoozedUntil) })
    if (row.by === ctx.actor.person) await giveBack(ctx, row.thread, text)
    record(ctx, words.PlanCalledOff, { object: row.thread, thread: row.thread })
    tell(ctx, 'inbox')
    return { thread: row.thread, text }
  },
})

export const sendPlanNow = action({
  says: 'Send an answer now that was to leave later, or that is held',
  who: 'inbox.work',
  takes: z.strictObject({ plan: id, seen: id.optional() }),
  gives: z.object({ thread: id }),
  run: async (ctx, { plan, seen }) => {
    const row = await open(ctx, plan)
    await send(ctx, row, seen)
    return { thread: row.thread }
  },
})

async function send(ctx: Ctx, row: kept.PlanRow, seen?: string): Promise<void> {
  const input = written.parse(row.input)
  await kept.change(ctx, row.id, { state: 'sent' })
  await reply(ctx, { ...input, seen: seen ?? input.seen })
}

// —— when its moment has come ——

export const sendPlanned = outsideJob('A planned answer leaves at its moment', z.object({ plan: z.uuid() }), async (org, { plan }) => {
  const actor = await asSystem(org, async ctx => actingAs(ctx, (await kept.one(ctx, plan))?.by))
  if (!actor) return asSystem(org, ctx => hold(ctx, plan, { key: 'crm.planNobody', values: {} }))
  try {
    await inOrg(org, actor, ctx => leave(ctx, plan))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const values = Object.fromEntries(Object.entries(error.values ?? {}).map(([name, value]) => [name, String(value)]))
    await asSystem(org, ctx => hold(ctx, plan, { key: error.key, values }))
  }
})

async function leave(ctx: Ctx, plan: string): Promise<void> {
  const row = await kept.locked(ctx, plan)
  if (row?.state !== 'waiting' || row.due_at > ctx.now) return
  if (await kept.heardSince(ctx, row.thread, row.made_at)) refuse('conflict', 'crm.planNews')
  await send(ctx, row)
}

/** It waits for a person, who is told; the conversation is open again. */
async function hold(ctx: Ctx, plan: string, says: NonNullable<PlannedAnswer['held']>): Promise<void> {
  const row = await kept.locked(ctx, plan)
  if (row?.state !== 'waiting') return
  await kept.change(ctx, plan, { state: 'held', says: JSON.stringify(says) })
  const [known] = await store.lock(ctx, [row.thread])
  if (known?.state === 'snoozed') {
    await store.change(ctx, [row.thread], { state: 'open', snoozed_until: null })
    record(ctx, words.Woken, { object: row.thread, thread: row.thread, actor: null, detail: { because: 'time' } })
  }
  record(ctx, words.PlanHeld, { object: row.thread, thread: row.thread, actor: null, detail: { because: says.key } })
  const told = { subject: known?.subject || '–' }
  const notice = { person: row.by, kind: 'delivery' as const, thread: row.thread, object: row.thread, actor: null }
  await notify(ctx, [{ ...notice, says: 'crm.planIsHeld', told, path: `/inbox/all/${row.thread}` }])
  tell(ctx, 'inbox')
}

export const wakePlanned = every({ minutes: 1 }, 'Planned answers that are due and were not taken up leave after all', async ctx => {
  const plans = await kept.due(ctx)
  await laterAll(ctx, plans.map(plan => ({ kind: sendPlanned, data: { plan } }))) // biome-ignore format: one line
})

// —— how long one can take an answer back ——

export const setDelay = action({
  says: 'Choose for how many seconds one’s own answers can be taken back before they leave',
  who: 'inbox.work',
  takes: z.strictObject({ seconds: z.coerce.number().int().min(0).max(300) }),
  gives: z.object({ was: z.number().nullable() }),
  run: async (ctx, { seconds }) => {
    const self = ctx.actor.person ?? refuse('forbidden', 'kernel.forbidden')
    const was = (await kept.delayOf(ctx)) ?? null
    await kept.setDelay(ctx, self, seconds)
    tell(ctx, `crm.delay ${self}`)
    return { was }
  },
})

/** In seconds, null where nothing was chosen; each page of a thread asks. */
export const usualDelayOf = (ctx: Ctx): Promise<number | null> =>
  remembered(ctx, `crm.delay ${ctx.actor.person}`, [`crm.delay ${ctx.actor.person}`], async () => (await kept.delayOf(ctx)) ?? null)
