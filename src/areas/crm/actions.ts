import { z } from 'zod'
import { action, cursor, id, limit, line } from '#kernel/action.ts'
import { admissionTo, placesOf } from '#kernel/closed.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { accountsOf } from '#social/brands/actions.ts'
import { workerByPerson } from '#social/members/actions.ts'
import { answer, cancel } from '#social/outbox/actions.ts'
import { idsOf, shownName } from '#social/people/actions.ts'
import { mayWorkIn, namedIn, say, threadOf } from '#social/threads/actions.ts'
import { closedOf, hand, locked, putBack } from './actions-organising.ts'
import { afterAnswer, filterOf, hasSeen, withoutAnswer } from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

/** What the inbox hears, and what comes over from elsewhere. */
export { forgetMessages, hearMessages, takeOver, wake } from './actions-hearing.ts'
export { assign, finish, label, reopen, restore, snooze, take, unlabel } from './actions-organising.ts'

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
  room: id.nullable(),
  lastAt: z.date(),
  askedAt: z.date().nullable(),
  snoozedUntil: z.date().nullable(),
  closedAt: z.date().nullable(),
  labels: z.array(z.string()),
  personName: z.string().nullable(),
  assigneeName: z.string().nullable(),
})

export const list = action({
  says: 'List conversations of the inbox by view, label, brand or person, newest first',
  who: 'inbox.read',
  reads: true,
  takes: z.strictObject({
    view: z.enum(words.views).default('open'),
    label: line(60).optional(),
    brand: id.optional(),
    person: id.optional(),
    before: cursor,
    limit,
  }),
  gives: z.object({ items: z.array(conversation), next: z.string().nullable() }),
  run: async (ctx, { view, label, brand, person, before, limit: most }) => {
    const [places, accounts, people] = await Promise.all([
      placesOf(ctx),
      brand ? accountsOf(ctx, brand) : undefined,
      person ? everyRecord(ctx, person) : undefined,
    ])
    const filter = { ...filterOf(view, ctx.actor.person ?? nobody), label, people, before, places, accounts, limit: most }
    const rows = await store.list(ctx, filter)
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
    const rows = await store.counts(ctx, await placesOf(ctx))
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
    /** The message that is answered, where it is not simply the last one; and whether everybody sees the answer, where that can be chosen. */
    answers: id.optional(),
    open: z.boolean().optional(),
    /** One of the account’s own addresses; without it, the one that was written to. */
    writtenFrom: line(500).optional(),
    attachments,
  }),
  gives: z.object({ content: id, delivery: id, atOnce: z.boolean() }),
  run: async (ctx, input) => {
    const known = await locked(ctx, input.thread)
    await mayWorkIn(ctx, closedOf([known]))
    await pointOut(ctx, input.thread, input.seen)
    const { done: _done, seen: _seen, ...wanted } = input
    const sent = await answer(ctx, wanted)
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

const standOf = ({ state, assignee, askedAt, snoozedUntil }: words.Conversation): words.Stand => ({
  state,
  assignee,
  askedAt,
  snoozedUntil,
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
    await mayWorkIn(ctx, closedOf([known]))
    const { thread: its } = await cancel(ctx, { delivery })
    if (its !== thread) refuse('notFound', 'kernel.notFound')
    const answered = await store.beforeAnswer(ctx, thread, delivery)
    const stand = answered ? withoutAnswer(known, answered) : { ...standOf(known), state: 'open' as const }
    await putBack(ctx, known, stand)
    await store.change(ctx, [thread], { asked_at: stand.askedAt, before_answer: null })
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
    if (colleague && known.assignee === null && (await maySpeak(ctx, known))) await hand(ctx, [known], colleague)
    tell(ctx, 'inbox')
    return { content }
  },
})

/** Whoever only reads a closed conversation does nothing with it but write notes. */
export const maySpeak = async (ctx: Ctx, { room, thread }: words.Conversation): Promise<boolean> =>
  room === null || ['own', 'answer'].includes((await admissionTo(ctx, thread)) ?? '')

async function firstColleague(ctx: Ctx, people: string[]): Promise<string | null> {
  for (const person of people) if (await workerByPerson(ctx, person)) return person
  return null
}

/** Open conversations of one person, for the card beside a thread and on the person’s page. */
export const ofPerson = async (ctx: Ctx, person: string, most = 10): Promise<words.Conversation[]> =>
  store.list(ctx, { people: await everyRecord(ctx, person), limit: most })

/** Whoever is one person with another is found under every record. */
const everyRecord = async (ctx: Ctx, person: string): Promise<string[]> => [...(await idsOf(ctx, person)), person]
