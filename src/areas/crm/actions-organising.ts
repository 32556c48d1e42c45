/** Whose a conversation is and how it stands: assigning, finishing, putting aside, labelling, and the way back. */
import { z } from 'zod'
import { action, id, line, text } from '#kernel/action.ts'
import { admittedIn, dismiss } from '#kernel/closed.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { memberByPerson, workerByPerson } from '#social/members/actions.ts'
import { notify } from '#social/notifications/actions.ts'
import { mayWorkIn, openTo } from '#social/threads/actions.ts'
import { labelOf, maySnooze, worksOn } from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

const some = z.array(id).min(1).max(200)

export async function locked(ctx: Ctx, thread: string): Promise<words.Conversation> {
  const [row] = await store.lock(ctx, [thread])
  if (row) worksOn(row)
  return row ?? refuse('notFound', 'kernel.notFound')
}

export async function lockedAll(ctx: Ctx, threads: string[]): Promise<words.Conversation[]> {
  const rows = await store.lock(ctx, threads)
  if (rows.length < new Set(threads).size) refuse('notFound', 'kernel.notFound')
  rows.forEach(worksOn)
  await mayWorkIn(ctx, closedOf(rows))
  return rows
}

export const closedOf = (rows: words.Conversation[]): string[] => rows.flatMap(row => (row.room ? [row.thread] : []))

export async function hand(ctx: Ctx, rows: words.Conversation[], to: string | null): Promise<void> {
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
  if (to) for (const thread of closedOf(moved)) await openTo(ctx, thread, [to], 'answer')
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
    const open = rows.filter(row => row.state !== 'done' && row.state !== 'spam').map(row => row.thread)
    if (open.length) await store.change(ctx, open, { state: 'done', closed_at: ctx.now, closed_by: ctx.actor.person, snoozed_until: null })
    for (const thread of open) record(ctx, words.Finished, { object: thread, thread })
    tell(ctx, 'inbox')
    return was(rows)
  },
})

export const reopen = action({
  says: 'Open finished or snoozed conversations again; what was spam is none from now on, and its sender is known for it no more',
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
      if (state === 'spam') record(ctx, words.Unflagged, { object: thread, thread })
    }
    await knowForSpam(
      ctx,
      shut.filter(row => row.state === 'spam'),
      false,
    )
    tell(ctx, 'inbox')
    return was(rows)
  },
})

export const spam = action({
  says: 'Mark conversations as spam: they leave the inbox and its counts, and their senders are known for it; nothing is deleted',
  who: 'inbox.work',
  takes: z.strictObject({ threads: some }),
  gives: before,
  run: async (ctx, { threads }) => {
    const rows = await lockedAll(ctx, threads)
    const fresh = rows.filter(row => row.state !== 'spam')
    if (fresh.length === 0) return was(rows)
    const set = { state: 'spam' as const, snoozed_until: null, closed_at: null, closed_by: null }
    await store.change(
      ctx,
      fresh.map(row => row.thread),
      set,
    )
    await knowForSpam(ctx, fresh, true)
    for (const { thread } of fresh) record(ctx, words.Flagged, { object: thread, thread })
    tell(ctx, 'inbox')
    return was(rows)
  },
})

/** Colleagues are never known for it. */
async function knowForSpam(ctx: Ctx, rows: words.Conversation[], known: boolean): Promise<void> {
  const people: string[] = []
  for (const person of new Set(rows.flatMap(row => row.person ?? []))) if (!(await memberByPerson(ctx, person))) people.push(person)
  await store.knowForSpam(ctx, people, known)
}

export const snooze = action({
  says: 'Put conversations aside until a moment; new mail brings them back earlier',
  who: 'inbox.work',
  takes: z.strictObject({ threads: some, until: z.coerce.date() }),
  gives: before,
  run: async (ctx, { threads, until }) => {
    maySnooze(until, ctx.now)
    const rows = await lockedAll(ctx, threads)
    const kept = rows.filter(row => row.state !== 'spam')
    const set = { state: 'snoozed' as const, snoozed_until: until, closed_at: null, closed_by: null }
    if (kept.length)
      await store.change(
        ctx,
        kept.map(row => row.thread),
        set,
      )
    for (const { thread } of kept) record(ctx, words.Snoozed, { object: thread, thread, detail: { until: until.toISOString() } })
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
    for (const row of rows) await putBack(ctx, now.get(row.thread)!, row)
    tell(ctx, 'inbox')
    return {}
  },
})

/** Owner and state are again what they were, and what that undoes is said. */
export async function putBack(
  ctx: Ctx,
  current: words.Conversation,
  { state, assignee, snoozedUntil }: Omit<words.Stand, 'askedAt'>,
): Promise<void> {
  await hand(ctx, [current], assignee)
  if (current.room && current.assignee && current.assignee !== assignee) await closeAgain(ctx, current.thread, current.assignee)
  if (current.state === state) return
  const { thread } = current
  const about = { object: thread, thread }
  // Without its end a snooze would last for ever; one that is over meanwhile ends at the next minute.
  const until = snoozedUntil ?? ctx.now
  await store.change(ctx, [thread], {
    state,
    snoozed_until: state === 'snoozed' ? until : null,
    closed_at: state === 'done' ? ctx.now : null,
    closed_by: state === 'done' ? ctx.actor.person : null,
  })
  if (current.state === 'done') record(ctx, words.Reopened, { ...about, detail: { because: 'person' } })
  if (current.state === 'snoozed') record(ctx, words.Woken, { ...about, detail: { because: 'person' } })
  if (current.state === 'spam' || state === 'spam') {
    await knowForSpam(ctx, [current], state === 'spam')
    record(ctx, state === 'spam' ? words.Flagged : words.Unflagged, about)
  }
  if (state === 'done') record(ctx, words.Finished, about)
  if (state === 'snoozed') record(ctx, words.Snoozed, { ...about, detail: { until: until.toISOString() } })
}

/** To whom the actor had opened it by handing it over. */
async function closeAgain(ctx: Ctx, thread: string, person: string): Promise<void> {
  const [opened] = (await admittedIn(ctx, [thread])).filter(each => each.person === person)
  if (opened && opened.by === ctx.actor.person) await dismiss(ctx, thread, person)
}

export function parsed(raw: string, check: z.RefinementCtx): unknown {
  try {
    return JSON.parse(raw)
  } catch {
    check.addIssue('kernel.fault.form')
    return z.NEVER
  }
}
