/** One deed for many conversations: those that were ticked, or all of a view; long ones are a task that can be left, cancelled and taken back. */
import { z } from 'zod'
import { action, id, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { asSystem, inOrg } from '#kernel/db.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { later, outsideJob } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { advanceTask, beginTask, cancelTask, endTask } from '#kernel/tasks.ts'
import { actingAs, workers } from '#social/members/actions.ts'
import * as organising from './actions-organising.ts'
import { filterBy } from './actions-views.ts'
import { bulk as limits, snoozeChoices } from './rules.ts'
import * as store from './store.ts'
import * as runs from './store-bulk.ts'
import * as words from './words.ts'

const snoozes = ['laterToday', 'tomorrow', 'monday', 'week'] as const

const all = z.strictObject({
  view: z.enum(words.views),
  label: z.string().max(60).optional(),
  brand: id.optional(),
  words: text(300).optional(),
})

export const bulk = action({
  says: 'Do the same with many conversations: with those that are named, or with all of a view; gives a run where it takes longer',
  who: 'inbox.work',
  takes: z.strictObject({
    threads: z.array(id).max(200).default([]),
    all: all.optional(),
    does: z.enum(['finish', 'reopen', 'take', 'spam', 'assign', 'nobody', 'label', 'unlabel', 'snooze', ...snoozes]),
    /** A colleague, or how their name begins. */
    to: line(100).optional(),
    label: line(60).optional(),
    until: z.coerce.date().optional(),
  }),
  gives: z.object({ count: z.number(), back: z.string(), run: id.nullable(), does: z.string() }),
  run: async (ctx, { threads, all: wanted, ...asked }) => {
    const deed = await deedOf(ctx, asked)
    const which = wanted ? await allOf(ctx, wanted) : threads
    if (which.length === 0) refuse('invalid', 'crm.bulkNone')
    if (which.length > limits.atOnce) return { count: which.length, back: '', run: await begin(ctx, which, deed), does: deed.does }
    const back = await perform(ctx, which, deed)
    return { count: Math.max(back.was.length, back.changed.length), back: JSON.stringify({ ...back, deed }), run: null, does: deed.does }
  },
})

/** What is meant, with the colleague and the moment found. */
async function deedOf(
  ctx: Ctx,
  { does, to, label, until }: { does: string; to?: string; label?: string; until?: Date },
): Promise<words.Deed> {
  if (does === 'nobody') return { does: 'assign', to: null }
  if (does === 'assign') return { does, to: await colleagueCalled(ctx, to ?? '') }
  if (does === 'label' || does === 'unlabel') return { does, label: label ?? refuse('invalid', 'crm.labelMissing') }
  const choice = snoozeChoices(ctx.now, ctx.zone).find(each => each.key === does)
  if (does === 'snooze' || choice) return { does: 'snooze', until: choice?.until ?? until ?? refuse('invalid', 'crm.snoozeWhen') }
  return { does: does as 'finish' }
}

async function colleagueCalled(ctx: Ctx, name: string): Promise<string> {
  const called = name.toLowerCase()
  const found = called && (await workers(ctx)).find(each => each.person === name || each.name.toLowerCase().startsWith(called))
  return found ? found.person : refuse('invalid', 'crm.notAColleague')
}

/** What is closed to most is done by hand. */
async function allOf(ctx: Ctx, wanted: z.output<typeof all>): Promise<string[]> {
  const { filter } = await filterBy(ctx, wanted)
  return filter ? store.threadsOf(ctx, { ...filter, places: [], limit: limits.most }) : []
}

const undoing = z.object({
  was: z.array(z.object({ thread: id, assignee: id.nullable(), state: z.enum(words.states), snoozedUntil: z.coerce.date().nullable() })),
  changed: z.array(id),
  deed: words.deed,
})

export const unbulk = action({
  says: 'Take back what was just done with several conversations at once',
  who: 'inbox.work',
  published: false,
  takes: z.strictObject({ back: text(200_000).transform(organising.parsed).pipe(undoing) }),
  gives: z.object({}),
  run: async (ctx, { back }) => {
    await goBack(ctx, { was: back.was, changed: back.changed }, back.deed)
    return {}
  },
})

// —— some of them ——

/** With those that are there and stand for themselves; the others are left out. */
async function perform(ctx: Ctx, threads: string[], deed: words.Deed): Promise<runs.Back> {
  const rows = (await store.lock(ctx, threads)).filter(row => row.mergedInto === null)
  const there = rows.map(row => row.thread)
  if (there.length === 0) return { was: [], changed: [] }
  const { was = [], changed = [] } = await done(ctx, there, deed)
  return { was: was.map(row => ({ ...row, snoozedUntil: row.snoozedUntil?.toISOString() ?? null })), changed }
}

type Done = Promise<{
  was?: { thread: string; assignee: string | null; state: words.State; snoozedUntil: Date | null }[]
  changed?: string[]
}>

function done(ctx: Ctx, threads: string[], deed: words.Deed): Done {
  if (deed.does === 'assign') return organising.assign(ctx, { threads, to: deed.to })
  if (deed.does === 'snooze') return organising.snooze(ctx, { threads, until: deed.until })
  if (deed.does === 'label') return organising.label(ctx, { threads, label: deed.label })
  if (deed.does === 'unlabel') return organising.unlabel(ctx, { threads, label: deed.label })
  return plainDeeds[deed.does](ctx, { threads })
}

const plainDeeds = { finish: organising.finish, reopen: organising.reopen, take: organising.take, spam: organising.spam }

async function goBack(ctx: Ctx, { was, changed }: { was: { thread: string; assignee: string | null; state: words.State; snoozedUntil: Date | string | null }[]; changed: string[] }, deed: words.Deed) {
  if (was.length) await organising.restore(ctx, { was: JSON.stringify(was) })
  if (changed.length === 0) return
  if (deed.does === 'label') await organising.unlabel(ctx, { threads: changed, label: deed.label })
  if (deed.does === 'unlabel') await organising.label(ctx, { threads: changed, label: deed.label })
} // biome-ignore format: short

// —— all of a view ——

async function begin(ctx: Ctx, threads: string[], deed: words.Deed): Promise<string> {
  const by = ctx.actor.person ?? refuse('forbidden', 'kernel.forbidden')
  const run = newId(ctx.now)
  const task = await beginTask(ctx, { kind: 'crm.bulk', title: deed.does, startedBy: by, total: threads.length })
  await runs.add(ctx, { id: run, deed, threads, by, task, done: 0, changed: 0, state: 'running', at: ctx.now })
  await later(ctx, workBulk, { run })
  return run
}

export const bulkRun = action({
  says: 'How far a deed with many conversations is',
  who: 'inbox.work',
  reads: true,
  takes: z.strictObject({ run: id }),
  gives: z.object({
    run: id,
    task: id,
    deed: words.deed,
    total: z.number(),
    done: z.number(),
    changed: z.number(),
    state: z.enum(['running', 'done', 'cancelled', 'undoing', 'undone']),
  }),
  run: async (ctx, { run }) => {
    const { id: _id, threads, by: _by, at: _at, ...row } = await own(ctx, await runs.one(ctx, run))
    return { ...row, run, total: threads.length, deed: words.deed.parse(row.deed) }
  },
})

export const cancelBulk = action({
  says: 'Stop a deed with many conversations; what is done so far stays, and can be taken back',
  who: 'inbox.work',
  takes: z.strictObject({ run: id }),
  gives: z.object({}),
  run: async (ctx, { run }) => {
    await cancelTask(ctx, (await own(ctx, await runs.one(ctx, run))).task)
    return {}
  },
})

export const undoBulk = action({
  says: 'Take back a deed with many conversations, in parts',
  who: 'inbox.work',
  takes: z.strictObject({ run: id }),
  gives: z.object({}),
  run: async (ctx, { run }) => {
    const row = await own(ctx, await runs.locked(ctx, run))
    if (row.state !== 'done' && row.state !== 'cancelled') return {}
    const task = await beginTask(ctx, { kind: 'crm.bulk', title: row.deed.does, startedBy: row.by, total: row.done })
    await runs.change(ctx, run, { state: 'undoing', task })
    await later(ctx, workBulk, { run })
    return {}
  },
})

const own = async (ctx: Ctx, row: runs.RunRow | undefined): Promise<runs.RunRow> =>
  row && row.by === ctx.actor.person ? row : refuse('notFound', 'kernel.notFound')

/** Each part is a transaction of its own, by whoever began it and with their rights of that moment. */
export const workBulk = outsideJob('What was begun with many conversations goes on', z.object({ run: z.uuid() }), async (org, { run }) => {
  const actor = await asSystem(org, async ctx => actingAs(ctx, (await runs.one(ctx, run))?.by))
  for (let goesOn = true; goesOn; )
    goesOn = await (actor ? inOrg(org, actor, ctx => step(ctx, run)) : asSystem(org, ctx => giveUp(ctx, run)))
})

async function giveUp(ctx: Ctx, run: string): Promise<false> {
  const row = await runs.locked(ctx, run)
  if (row) await runs.change(ctx, run, { state: 'cancelled' })
  if (row) await endTask(ctx, row.task)
  return false
}

async function step(ctx: Ctx, run: string): Promise<boolean> {
  const row = await runs.locked(ctx, run)
  if (row?.state === 'running') return forward(ctx, row)
  return row?.state === 'undoing' ? backward(ctx, row) : false
}

async function forward(ctx: Ctx, row: runs.RunRow): Promise<boolean> {
  const part = row.threads.slice(row.done, row.done + limits.atOnce)
  const back = await perform(ctx, part, words.deed.parse(row.deed))
  if (part.length) await runs.keepStep(ctx, row.id, row.done, back)
  const done = row.done + part.length
  await runs.change(ctx, row.id, { done, changed: row.changed + Math.max(back.was.length, back.changed.length) })
  const goesOn = await advanceTask(ctx, row.task, { done, share: done / row.threads.length, note: String(done) })
  return goesOn && done < row.threads.length ? true : ended(ctx, row, goesOn ? 'done' : 'cancelled')
}

async function backward(ctx: Ctx, row: runs.RunRow): Promise<boolean> {
  const last = await runs.lastStep(ctx, row.id)
  if (!last) return ended(ctx, row, 'undone')
  await goBack(ctx, last.back, words.deed.parse(row.deed))
  await runs.dropStep(ctx, row.id, last.place)
  await advanceTask(ctx, row.task, {
    done: row.done - last.place,
    share: 1 - last.place / Math.max(1, row.done),
    note: String(row.done - last.place),
  })
  return true
}

async function ended(ctx: Ctx, row: runs.RunRow, state: runs.RunRow['state']): Promise<false> {
  await runs.change(ctx, row.id, { state })
  await endTask(ctx, row.task)
  tell(ctx, `bulk:${row.id}`)
  return false
}
