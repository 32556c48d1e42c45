/** Answers of a conversation: sent, seen beforehand by whoever answers too, taken back. */
import { z } from 'zod'
import { action, id, line } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { draftOf, keep } from '#social/drafts/actions.ts'
import { answer, cancel } from '#social/outbox/actions.ts'
import { latestAnswerIn, mayWorkIn } from '#social/threads/actions.ts'
import { closedOf, locked, putBack } from './actions-organising.ts'
import { afterAnswer, hasSeen, isFilledIn, isNoSpam, withoutAnswer } from './rules.ts'
import * as store from './store.ts'
import * as later from './store-later.ts'
import * as words from './words.ts'

/** Files that were uploaded for it. */
export const attachmentsShape = z
  .array(
    z.strictObject({ file: id, name: line(300), type: line(200), size: z.number().int().min(0), cid: z.null(), inline: z.literal(false) }),
  )
  .max(20)
  .default([])

/** What somebody answers. */
export const written = z.strictObject({
  thread: id,
  text: line(500_000),
  done: z.enum(['done']).optional(),
  /** The latest message the writer saw: a colleague’s answer after it is pointed out once. */
  seen: id.optional(),
  /** The message that is answered, where it is not simply the last one; and whether everybody sees the answer, where that can be chosen. */
  answers: id.optional(),
  open: z.boolean().optional(),
  /** One of the account’s own addresses; without it, the one that was written to. */
  writtenFrom: line(500).optional(),
  attachments: attachmentsShape,
})

export const reply = action({
  says: 'Answer a conversation by its channel; with `done` it is finished as well',
  who: 'inbox.work',
  takes: written,
  gives: z.object({ content: id, delivery: id, atOnce: z.boolean() }),
  run: async (ctx, input) => {
    isFilledIn(input.text)
    const known = await locked(ctx, input.thread)
    isNoSpam(known.state)
    await mayWorkIn(ctx, closedOf([known]))
    await pointOut(ctx, input.thread, input.seen)
    const { done: _done, seen: _seen, ...wanted } = input
    const seconds = await later.delayOf(ctx)
    const sent = await answer(ctx, { ...wanted, ...(seconds !== undefined && { delay: seconds * 1000 }) })
    const state = afterAnswer(known.state, input.done === 'done')
    const assignee = known.assignee ?? ctx.actor.person
    const became = { state, assignee, askedAt: null, snoozedUntil: null }
    await store.remember(ctx, input.thread, { delivery: sent.delivery, was: standOf(known), became })
    await store.change(ctx, [input.thread], {
      state,
      assignee,
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

export const standOf = ({ state, assignee, askedAt, snoozedUntil }: words.Conversation): words.Stand => ({
  state,
  assignee,
  askedAt,
  snoozedUntil,
})

export async function pointOut(ctx: Ctx, thread: string, seen: string | undefined): Promise<void> {
  const latest = await latestAnswerIn(ctx, thread)
  if (!hasSeen(latest, seen, ctx.actor.person)) throw new Refusal('conflict', 'crm.answeredMeanwhile', { name: latest!.name })
}

/** Takes an answer back while it has not left the house; its text comes back to be written on. */
export const unsend = action({
  says: 'Take an answer back before it has left',
  who: 'inbox.work',
  takes: z.strictObject({ thread: id, delivery: id }),
  gives: z.object({}),
  run: async (ctx, { thread, delivery }) => {
    const known = await locked(ctx, thread)
    await mayWorkIn(ctx, closedOf([known]))
    const { thread: its, text } = await cancel(ctx, { delivery })
    if (its !== thread) refuse('notFound', 'kernel.notFound')
    await giveBack(ctx, thread, text)
    const answered = await store.beforeAnswer(ctx, thread, delivery)
    const stand = answered ? withoutAnswer(known, answered) : { ...standOf(known), state: 'open' as const }
    await putBack(ctx, known, stand)
    await store.change(ctx, [thread], { asked_at: stand.askedAt, before_answer: null })
    tell(ctx, 'inbox')
    return {}
  },
})

/** The words are there to be written on, where nothing else was begun. */
export async function giveBack(ctx: Ctx, thread: string, text: string): Promise<void> {
  const key = `thread:${thread}`
  if (ctx.actor.person && text && !(await draftOf(ctx, key)).text) await keep(ctx, { key, body: { fields: { text } } })
}
