import { z } from 'zod'
import { action, cursor, id, limit, line, text } from '#kernel/action.ts'
import { admissionTo, placesOf, readerKey } from '#kernel/closed.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { tell } from '#kernel/live.ts'
import { remembered } from '#kernel/remembered.ts'
import { workerByPerson } from '#social/members/actions.ts'
import { idsOf, shownName } from '#social/people/actions.ts'
import { namedIn, say } from '#social/threads/actions.ts'
import { hand, locked } from './actions-organising.ts'
import { attachmentsShape } from './actions-replying.ts'
import { filterBy } from './actions-views.ts'
import * as store from './store.ts'
import { threadsOfCompany } from './store-company.ts'
import { counts as countsIn } from './store-standing.ts'
import * as words from './words.ts'

export { bulk, bulkRun, cancelBulk, unbulk, undoBulk, workBulk } from './actions-bulk.ts'
/** What the inbox hears, and what comes over from elsewhere. */
export { forgetMessages, hearMessages, takeOver, wake } from './actions-hearing.ts'
export { merge, movesOf, split, unmove } from './actions-joining.ts'
export { callOffPlan, plannedIn, planReply, sendPlanNow, sendPlanned, setDelay, usualDelayOf, wakePlanned } from './actions-later.ts'
export { assign, finish, label, reopen, restore, snooze, spam, take, unlabel } from './actions-organising.ts'
export { reply, unsend } from './actions-replying.ts'
export { bringViewBack, changeView, idleLabels, moveView, removeView, savedViews, saveView, views } from './actions-views.ts'

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
  mergedInto: id.nullable(),
  labels: z.array(z.string()),
  personName: z.string().nullable(),
  assigneeName: z.string().nullable(),
})

export const list = action({
  says: 'List conversations of the inbox by view, label, brand or person, or by a filter in words (is: owner: label: brand: channel:), newest first',
  who: 'inbox.read',
  reads: true,
  takes: z.strictObject({
    view: z.enum(words.views).default('open'),
    label: line(60).optional(),
    brand: id.optional(),
    person: id.optional(),
    words: text(300).optional(),
    before: cursor,
    limit,
  }),
  gives: z.object({ items: z.array(conversation), next: z.string().nullable(), unknown: z.array(z.string()) }),
  run: async (ctx, { person, before, limit: most, ...asked }) => {
    const [{ filter, unknown }, people] = await Promise.all([filterBy(ctx, asked), person ? everyRecord(ctx, person) : undefined])
    const rows = filter ? await store.list(ctx, { ...filter, people, before, limit: most }) : []
    const last = rows.at(-1)
    return { items: rows.map(shown), next: last && rows.length === most ? `${last.lastAt.getTime()} ${last.thread}` : null, unknown }
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
  run: async (ctx, { thread }) => {
    let found = await store.one(ctx, thread)
    for (let step = 0; found?.mergedInto && step < 20; step++) found = await store.one(ctx, found.mergedInto)
    return shown(found ?? refuse('notFound', 'kernel.notFound'))
  },
})

/** The conversation on this thread, if it is one. */
export const found = (ctx: Ctx, thread: string): Promise<words.Conversation | undefined> => store.one(ctx, thread)

/** Read once for all who may read the same, whoever owns what. */
const counted = async (ctx: Ctx) =>
  remembered(ctx, `crm.counted ${await readerKey(ctx)}`, ['inbox', 'admitted', 'accounts', 'brands'], async () =>
    countsIn(ctx, await placesOf(ctx)),
  )

export const counts = action({
  says: 'How many conversations each view holds',
  who: 'inbox.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.record(z.enum(words.views), z.number()),
  run: async ctx => {
    const rows = await counted(ctx)
    const sum = (state: words.State | null, assignee?: string) =>
      rows
        .filter(
          row => (state === null ? isWorked(row.state) : row.state === state) && (assignee === undefined || row.assignee === assignee),
        )
        .reduce((total, row) => total + row.n, 0)
    return {
      mine: sum('open', ctx.actor.person ?? nobody),
      unassigned: sum('open', nobody),
      open: sum('open'),
      waiting: sum('waiting'),
      snoozed: sum('snoozed'),
      done: sum('done'),
      spam: sum('spam'),
      all: sum(null),
    }
  },
})

const isWorked = (state: words.State): boolean => words.worked.includes(state as (typeof words.worked)[number])

export const labels = action({
  says: 'List the labels in use',
  who: 'inbox.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(z.string()) }),
  run: async ctx => ({ items: await store.labels(ctx) }),
})

// —— among colleagues ——

export const note = action({
  says: 'Write an internal note; @mentioned colleagues are told, and the first becomes the owner of a conversation that has none',
  who: 'inbox.work',
  takes: z.strictObject({ thread: id, text: line(500_000), mentions: z.array(id).max(50).default([]), attachments: attachmentsShape }),
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

export const ofCompany = action({
  says: 'List the conversations with everybody who works or worked at a company, newest first',
  who: 'inbox.read',
  reads: true,
  takes: z.strictObject({
    company: id,
    before: z
      .string()
      .regex(/^\d{1,15} [0-9a-f-]{36}$/)
      .optional(),
    limit,
  }),
  gives: z.object({ items: z.array(conversation), next: z.string().nullable() }),
  run: async (ctx, { company, before, limit }) => {
    const companies = await idsOf(ctx, company)
    if (companies.length === 0) refuse('notFound', 'kernel.notFound')
    const threads = await threadsOfCompany(ctx, companies, { before, limit: limit + 1 })
    const items = (await store.among(ctx, threads.slice(0, limit))).map(shown)
    const last = items.at(-1)
    return { items, next: threads.length > limit && last ? `${last.lastAt.getTime()} ${last.thread}` : null }
  },
})

/** Whoever is one person with another is found under every record. */
const everyRecord = async (ctx: Ctx, person: string): Promise<string[]> => [...(await idsOf(ctx, person)), person]

export { labelOf, wantedBy } from './rules.ts'
/** How conversations stand, and how many of them each colleague has. */
export { loads as loadsOf, standing } from './store-standing.ts'
/** Saved views by their ids, everybody's and single colleagues'. */
export { among as viewsAmong } from './store-views.ts'
