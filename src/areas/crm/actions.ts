import { z } from 'zod'
import { action, cursor, id, limit, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { workerByPerson } from '#social/members/actions.ts'
import { notify } from '#social/notifications/actions.ts'
import { answer, cancel } from '#social/outbox/actions.ts'
import { shownName } from '#social/people/actions.ts'
import { namedIn, say, threadOf } from '#social/threads/actions.ts'
import { afterAnswer, filterOf, hasSeen, labelOf, maySnooze } from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

/** What the inbox hears, and what comes over from elsewhere. */
export { hearMessages, takeOver, wake } from './hearing.ts'

const nobody = '00000000-0000-0000-0000-000000000000'

// —— looking ——

const conversation = z.object({
  thread: id,
  state: z.enum(words.states),
  assignee: id.nullable(),
  person: id.nullable(),
  subject: z.string(),
  snippet: z.string(),
  channel: z.string().nullable(),
  account: id.nullable(),
  lastAt: z.date(),
  askedAt: z.date().nullable(),
  snoozedUntil: z.date().nullable(),
  closedAt: z.date().nullable(),
  labels: z.array(z.string()),
  personName: z.string().nullable(),
  assigneeName: z.string().nullable(),
})

export const list = action({
  says: 'List conversations of the inbox by view, label or person, newest first',
  who: 'inbox.read',
  reads: true,
  takes: z.strictObject({
    view: z.enum(words.views).default('open'),
    label: line(60).optional(),
    person: id.optional(),
    before: cursor,
    limit,
  }),
  gives: z.object({ items: z.array(conversation), next: z.string().nullable() }),
  run: async (ctx, { view, label, person, before, limit: most }) => {
    const rows = await store.list(ctx, { ...filterOf(view, ctx.actor.person ?? nobody), label, person, before, limit: most })
    const last = rows.at(-1)
    return { items: rows.map(shown), next: last && rows.length === most ? `${last.lastAt.getTime()} ${last.thread}` : null }
  },
})

const shown = (row: words.Listed): words.Listed => ({
  ...row,
  personName: row.personName && shownName(row.personName),
  assigneeName: row.assigneeName && shownName(row.assigneeName),
})

export const show = action({
  says: 'See one conversation: its state, owner and labels',
  who: 'inbox.read',
  reads: true,
  takes: z.strictObject({ thread: id }),
  gives: conversation,
  run: async (ctx, { thread }) => shown((await store.one(ctx, thread)) ?? refuse('notFound', 'kernel.notFound')),
})

/** The conversation on this thread, if it is one. */
export const found = (ctx: Ctx, thread: string): Promise<words.Conversation | undefined> => store.one(ctx, thread)

export const counts = action({
  says: 'How many conversations each view holds',
  who: 'inbox.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.record(z.enum(words.views), z.number()),
  run: async ctx => {
    const rows = await store.counts(ctx)
    const sum = (state: words.State | null, assignee?: string) =>
      rows
        .filter(row => (state === null || row.state === state) && (assignee === undefined || row.assignee === assignee))
        .reduce((total, row) => total + row.n, 0)
    return {
      mine: sum('open', ctx.actor.person ?? nobody),
      unassigned: sum('open', nobody),
      open: sum('open'),
      waiting: sum('waiting'),
      snoozed: sum('snoozed'),
      done: sum('done'),
      all: sum(null),
    }
  },
})

export const labels = action({
  says: 'List the labels in use',
  who: 'inbox.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(z.string()) }),
  run: async ctx => ({ items: await store.labels(ctx) }),
})

// —— answering ——

const attachments = z
  .array(
    z.strictObject({ file: id, name: line(300), type: line(200), size: z.number().int().min(0), cid: z.null(), inline: z.literal(false) }),
  )
  .max(20)
  .default([])

export const reply = action({
  says: 'Answer a conversation by its channel; with `done` it is finished as well',
  who: 'inbox.work',
  takes: z.strictObject({
    thread: id,
    text: line(500_000),
    done: z.enum(['done']).optional(),
    /** The latest message the writer saw: a colleague’s answer after it is pointed out once. */
    seen: id.optional(),
    attachments,
  }),
  gives: z.object({ content: id, delivery: id }),
  run: async (ctx, input) => {
    const known = await locked(ctx, input.thread)
    await pointOut(ctx, input.thread, input.seen)
    const sent = await answer(ctx, { thread: input.thread, text: input.text, attachments: input.attachments })
    const state = afterAnswer(known.state, input.done === 'done')
    await store.change(ctx, [input.thread], {
      state,
      assignee: known.assignee ?? ctx.actor.person,
      asked_at: null,
      snoozed_until: null,
      ...(state === 'done' ? { closed_at: ctx.now, closed_by: ctx.actor.person } : { closed_at: null, closed_by: null }),
    })
    if (known.assignee === null && ctx.actor.person)
      record(ctx, words.Assigned, {
        object: input.thread,
        thread: input.thread,
        target: ctx.actor.person,
        detail: { to: ctx.actor.person, from: null },
      })
    if (state === 'done' && known.state !== 'done') record(ctx, words.Finished, { object: input.thread, thread: input.thread })
    tell(ctx, 'inbox')
    return sent
  },
})

async function pointOut(ctx: Ctx, thread: string, seen: string | undefined): Promise<void> {
  const { latestAnswer } = await threadOf(ctx, thread)
  if (!hasSeen(latestAnswer, seen, ctx.actor.person)) throw new Refusal('conflict', 'crm.answeredMeanwhile', { name: latestAnswer!.name })
}

/** Takes an answer back while it has not left the house; its text comes back to be written on. */
export const unsend = action({
  says: 'Take an answer back before it has left',
  who: 'inbox.work',
  takes: z.strictObject({ thread: id, delivery: id }),
  gives: z.object({}),
  run: async (ctx, { thread, delivery }) => {
    const known = await locked(ctx, thread)
    const { thread: its } = await cancel(ctx, { delivery })
    if (its !== thread) refuse('notFound', 'kernel.notFound')
    await store.change(ctx, [thread], { state: 'open', asked_at: ctx.now, closed_at: null, closed_by: null })
    if (known.state === 'done') record(ctx, words.Reopened, { object: thread, thread, detail: { because: 'person' } })
    tell(ctx, 'inbox')
    return {}
  },
})

export const note = action({
  says: 'Write an internal note; @mentioned colleagues are told, and the first becomes the owner of a conversation that has none',
  who: 'inbox.work',
  takes: z.strictObject({ thread: id, text: line(500_000), mentions: z.array(id).max(50).default([]), attachments }),
  gives: z.object({ content: id }),
  run: async (ctx, input) => {
    const known = await locked(ctx, input.thread)
    const content = await say(ctx, {
      thread: input.thread,
      noun: 'Note',
      text: input.text,
      audience: 'staff',
      mentions: input.mentions,
      attachments: input.attachments,
    })
    const colleague = await firstColleague(ctx, [...input.mentions, ...(await namedIn(ctx, input.text))])
    if (colleague && known.assignee === null) await hand(ctx, [known], colleague)
    tell(ctx, 'inbox')
    return { content }
  },
})

async function firstColleague(ctx: Ctx, people: string[]): Promise<string | null> {
  for (const person of people) if (await workerByPerson(ctx, person)) return person
  return null
}

// —— organising ——

const some = z.array(id).min(1).max(200)

async function locked(ctx: Ctx, thread: string): Promise<words.Conversation> {
  return (await store.lock(ctx, [thread]))[0] ?? refuse('notFound', 'kernel.notFound')
}

async function lockedAll(ctx: Ctx, threads: string[]): Promise<words.Conversation[]> {
  const rows = await store.lock(ctx, threads)
  if (rows.length < new Set(threads).size) refuse('notFound', 'kernel.notFound')
  return rows
}

async function hand(ctx: Ctx, rows: words.Conversation[], to: string | null): Promise<void> {
  const moved = rows.filter(row => row.assignee !== to)
  if (moved.length === 0) return
  await store.change(
    ctx,
    moved.map(row => row.thread),
    { assignee: to },
  )
  for (const { thread, assignee } of moved) {
    if (to) record(ctx, words.Assigned, { object: thread, thread, target: to, detail: { to, from: assignee } })
    else record(ctx, words.Unassigned, { object: thread, thread, detail: { from: assignee! } })
  }
  if (to && to !== ctx.actor.person)
    await notify(
      ctx,
      moved.map(row => ({
        person: to,
        kind: 'assigned',
        thread: row.thread,
        object: row.thread,
        says: 'crm.wasAssigned',
        told: { subject: row.subject || '–' },
        path: `/inbox/open/${row.thread}`,
      })),
    )
  tell(ctx, 'inbox')
}

/** What it was before, so that it can be taken back. */
const stood = z.object({ thread: id, assignee: id.nullable(), state: z.enum(words.states), snoozedUntil: z.coerce.date().nullable() })
const before = z.object({ was: z.array(stood) })
const was = (rows: words.Conversation[]) => ({
  was: rows.map(({ thread, assignee, state, snoozedUntil }) => ({ thread, assignee, state, snoozedUntil })),
})

export const assign = action({
  says: 'Give conversations to a colleague, or to nobody',
  who: 'inbox.work',
  takes: z.strictObject({ threads: some, to: id.nullable() }),
  gives: before,
  run: async (ctx, { threads, to }) => {
    if (to && !(await workerByPerson(ctx, to)))
      throw new Refusal('invalid', 'crm.notAColleague', {}, { fields: [{ field: 'to', key: 'crm.notAColleague' }] })
    const rows = await lockedAll(ctx, threads)
    await hand(ctx, rows, to)
    return was(rows)
  },
})

export const take = action({
  says: 'Take conversations oneself',
  who: 'inbox.work',
  takes: z.strictObject({ threads: some }),
  gives: before,
  run: async (ctx, { threads }) => {
    const rows = await lockedAll(ctx, threads)
    await hand(ctx, rows, ctx.actor.person ?? refuse('forbidden', 'kernel.forbidden'))
    return was(rows)
  },
})

export const finish = action({
  says: 'Finish conversations; new mail opens them again',
  who: 'inbox.work',
  takes: z.strictObject({ threads: some }),
  gives: before,
  run: async (ctx, { threads }) => {
    const rows = await lockedAll(ctx, threads)
    const open = rows.filter(row => row.state !== 'done').map(row => row.thread)
    if (open.length) await store.change(ctx, open, { state: 'done', closed_at: ctx.now, closed_by: ctx.actor.person, snoozed_until: null })
    for (const thread of open) record(ctx, words.Finished, { object: thread, thread })
    tell(ctx, 'inbox')
    return was(rows)
  },
})

export const reopen = action({
  says: 'Open finished or snoozed conversations again',
  who: 'inbox.work',
  takes: z.strictObject({ threads: some }),
  gives: before,
  run: async (ctx, { threads }) => {
    const rows = await lockedAll(ctx, threads)
    const shut = rows.filter(row => row.state !== 'open')
    if (shut.length)
      await store.change(
        ctx,
        shut.map(row => row.thread),
        { state: 'open', closed_at: null, closed_by: null, snoozed_until: null },
      )
    for (const { thread, state } of shut) {
      if (state === 'done') record(ctx, words.Reopened, { object: thread, thread, detail: { because: 'person' } })
      if (state === 'snoozed') record(ctx, words.Woken, { object: thread, thread, detail: { because: 'person' } })
    }
    tell(ctx, 'inbox')
    return was(rows)
  },
})

export const snooze = action({
  says: 'Put conversations aside until a moment; new mail brings them back earlier',
  who: 'inbox.work',
  takes: z.strictObject({ threads: some, until: z.coerce.date() }),
  gives: before,
  run: async (ctx, { threads, until }) => {
    maySnooze(until, ctx.now)
    const rows = await lockedAll(ctx, threads)
    await store.change(ctx, threads, { state: 'snoozed', snoozed_until: until, closed_at: null, closed_by: null })
    for (const { thread } of rows) record(ctx, words.Snoozed, { object: thread, thread, detail: { until: until.toISOString() } })
    tell(ctx, 'inbox')
    return was(rows)
  },
})

export const label = action({
  says: 'Put a label on conversations',
  who: 'inbox.work',
  takes: z.strictObject({ threads: some, label: line(60) }),
  gives: z.object({ changed: z.array(id) }),
  run: async (ctx, { threads, label: wanted }) => {
    await lockedAll(ctx, threads)
    const changed = await store.addLabel(ctx, threads, labelOf(wanted))
    for (const thread of changed) record(ctx, words.Labelled, { object: thread, thread, detail: { label: labelOf(wanted) } })
    tell(ctx, 'inbox')
    return { changed }
  },
})

export const unlabel = action({
  says: 'Take a label off conversations',
  who: 'inbox.work',
  takes: z.strictObject({ threads: some, label: line(60) }),
  gives: z.object({ changed: z.array(id) }),
  run: async (ctx, { threads, label: wanted }) => {
    await lockedAll(ctx, threads)
    const changed = await store.dropLabel(ctx, threads, labelOf(wanted))
    for (const thread of changed) record(ctx, words.Unlabelled, { object: thread, thread, detail: { label: labelOf(wanted) } })
    tell(ctx, 'inbox')
    return { changed }
  },
})

/** Everything that a bulk or an undo does, as one deed of the form. */
export const restore = action({
  says: 'Put conversations back as they were: owner and state',
  who: 'inbox.work',
  published: false,
  takes: z.strictObject({ was: text(100_000).transform(parsed).pipe(before.shape.was) }),
  gives: z.object({}),
  run: async (ctx, { was: rows }) => {
    const now = new Map(
      (
        await lockedAll(
          ctx,
          rows.map(row => row.thread),
        )
      ).map(row => [row.thread, row]),
    )
    for (const row of rows) {
      const current = now.get(row.thread)!
      await hand(ctx, [current], row.assignee)
      if (current.state === row.state) continue
      await store.change(ctx, [row.thread], {
        state: row.state,
        // Without its end a snooze would last for ever; one that is over meanwhile ends at the next minute.
        snoozed_until: row.state === 'snoozed' ? (row.snoozedUntil ?? ctx.now) : null,
        closed_at: row.state === 'done' ? ctx.now : null,
        closed_by: row.state === 'done' ? ctx.actor.person : null,
      })
      if (current.state === 'done') record(ctx, words.Reopened, { object: row.thread, thread: row.thread, detail: { because: 'person' } })
      if (current.state === 'snoozed') record(ctx, words.Woken, { object: row.thread, thread: row.thread, detail: { because: 'person' } })
      if (row.state === 'done') record(ctx, words.Finished, { object: row.thread, thread: row.thread })
      if (row.state === 'snoozed')
        record(ctx, words.Snoozed, {
          object: row.thread,
          thread: row.thread,
          detail: { until: (row.snoozedUntil ?? ctx.now).toISOString() },
        })
    }
    tell(ctx, 'inbox')
    return {}
  },
})

function parsed(raw: string, check: z.RefinementCtx): unknown {
  try {
    return JSON.parse(raw)
  } catch {
    check.addIssue('kernel.fault.form')
    return z.NEVER
  }
}

/** Open conversations of one person, for the card beside a thread and on the person’s page. */
export const ofPerson = async (ctx: Ctx, person: string, most = 10): Promise<words.Conversation[]> =>
  store.list(ctx, { person, limit: most })
