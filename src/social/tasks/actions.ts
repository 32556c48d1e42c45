import { z } from 'zod'
import { action, cursor, id, limit, line } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { memberByPerson } from '#social/members/actions.ts'
import { joinAll, mayWorkIn, notify, openTo, threadOf } from '#social/threads/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

const cardOf = ({ id, thread, text, person, until, done_at }: store.TaskRow): words.Task => ({
  ...{ id, thread, text, person, until },
  done: done_at !== null,
})

/** The tasks of a thread, for whoever may read it. */
export async function tasksIn(ctx: Ctx, thread: string): Promise<words.Task[]> {
  const { id: found } = await threadOf(ctx, thread)
  return (await store.inThread(ctx, found)).map(cardOf)
}

export const list = action({
  says: 'List what one has to do oneself, newest first',
  who: 'content.react',
  reads: true,
  takes: z.strictObject({ before: cursor, limit }),
  gives: z.object({ items: z.array(words.task), next: z.string().nullable() }),
  run: async (ctx, part) => {
    const rows = ctx.actor.person ? await store.openOf(ctx, ctx.actor.person, part) : []
    return { items: rows.map(cardOf), next: rows.length === part.limit ? rows.at(-1)!.id : null }
  },
})

export const add = action({
  says: 'Add a task to a thread; the colleague who has to do it is told, and reads that thread from then on',
  who: 'content.react',
  takes: z.strictObject({ thread: id, text: line(300), person: id.nullable().default(null), until: z.iso.date().nullable().default(null) }),
  gives: z.object({ task: id }),
  run: async (ctx, { thread: wanted, person, ...input }) => {
    const thread = await threadOf(ctx, wanted)
    await mayWorkIn(ctx, [thread.id])
    rules.mayAdd((await store.inThread(ctx, thread.id)).filter(each => !each.done_at).length)
    if (person) await pullIn(ctx, thread.id, person)
    const task = newId(ctx.now)
    const open = { done_by: null, done_at: null, removed_at: null }
    await store.add(ctx, { id: task, thread: thread.id, ...input, person, made_by: ctx.actor.person, made_at: ctx.now, ...open })
    told(ctx, words.Given, { id: task, thread: thread.id, text: input.text, person })
    const tells = { subject: thread.subject || '–', text: input.text }
    const notice = {
      kind: 'assigned' as const,
      thread: thread.id,
      object: task,
      says: 'tasks.wasGiven',
      told: tells,
      path: `/threads/${thread.id}`,
    }
    if (person && person !== ctx.actor.person) await notify(ctx, [{ ...notice, person }])
    return { task }
  },
})

/** Whoever has to do something in a thread takes part in it. */
async function pullIn(ctx: Ctx, thread: string, person: string): Promise<void> {
  if (!(await memberByPerson(ctx, person)))
    throw new Refusal('invalid', 'tasks.notAColleague', {}, { fields: [{ field: 'person', key: 'tasks.notAColleague' }] })
  await openTo(ctx, thread, [person], 'read')
  await joinAll(ctx, [{ thread, person, because: 'assigned' }])
}

const oneTask = z.strictObject({ task: id })
type Change = (ctx: Ctx, row: store.TaskRow) => Promise<void>

/** A deed with one task, for whoever reads its thread. */
const deed = (says: string, change: Change) =>
  action({
    says,
    who: 'content.react',
    takes: oneTask,
    gives: z.object({ thread: id }),
    run: async (ctx, { task }) => {
      const row = (await store.one(ctx, task)) ?? refuse('notFound', 'tasks.notThere')
      await threadOf(ctx, row.thread)
      await mayWorkIn(ctx, [row.thread])
      await change(ctx, row)
      return { thread: row.thread }
    },
  })

export const finish = deed('Tick a task off', async (ctx, row) => {
  if (row.done_at) return
  await store.change(ctx, row.id, { done_at: ctx.now, done_by: ctx.actor.person })
  told(ctx, words.Done, row)
})

export const reopen = deed('Open a task again that was ticked off', async (ctx, row) => {
  if (!row.done_at) return
  await store.change(ctx, row.id, { done_at: null, done_by: null })
  told(ctx, words.OpenAgain, row)
})

export const remove = deed('Remove a task; it can come back', async (ctx, row) => {
  if (row.removed_at) return
  await store.change(ctx, row.id, { removed_at: ctx.now })
  told(ctx, words.Removed, row)
})

export const bringBack = deed('Bring back a task that was removed', async (ctx, row) => {
  if (!row.removed_at) return
  await store.change(ctx, row.id, { removed_at: null })
  told(ctx, words.BroughtBack, row)
})

function told(
  ctx: Ctx,
  word: typeof words.Given,
  { id: task, thread, text, person }: Pick<store.TaskRow, 'id' | 'thread' | 'text' | 'person'>,
) {
  record(ctx, word, { object: thread, thread, ...(person && { target: person }), detail: { task, text } })
  tell(ctx, `tasks:${thread}`)
}

/** The tasks of a thread belong to another one from now on; returns them, for the way back. */
export async function moveTasks(ctx: Ctx, from: string, to: string): Promise<string[]> {
  const rows = await store.inThread(ctx, from)
  await store.moveAll(ctx, from, to)
  return rows.map(row => row.id)
}

export const moveTasksBack = store.moveBack
