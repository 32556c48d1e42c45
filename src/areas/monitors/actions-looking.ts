/** A look back: what a monitor finds, and no longer finds, in what is stored. Part by part, from the newest on, as far as somebody wants. */
import { z } from 'zod'
import { action, id } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { firstIdAt, newId } from '#kernel/ids.ts'
import { every, later, outsideJob } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { t } from '#kernel/messages.ts'
import { advanceTask, beginTask, cancelTask, endTask } from '#kernel/tasks.ts'
import { earFor, fitsNow, heardOf, takeFor } from './actions-hearing.ts'
import * as rules from './rules.ts'
import { type MonitorRow, monitorOf } from './store.ts'
import { keepFits } from './store-heard.ts'
import * as store from './store-looking.ts'
import * as words from './words.ts'

const day = 86_400_000
const atOnce = 500

/** Begins to look back; one that is under way for the same monitor ends, because this one looks for what is wanted now. */
export async function lookBack(ctx: Ctx, { id: monitor, name, version }: MonitorRow, days: number): Promise<string> {
  for (const before of await store.open(ctx, monitor)) await ended(ctx, before, 'replaced')
  const task = await beginTask(ctx, { kind: 'monitors.look', title: t('monitors.looksBack', { name }), startedBy: ctx.actor.person })
  const look = newId(ctx.now)
  const stands = { part: 'own' as const, place: null, since: new Date(ctx.now.getTime() - days * day), seen: 0, found: 0, lost: 0 }
  await store.add(ctx, {
    id: look,
    monitor,
    version,
    ...stands,
    task,
    began_at: ctx.now,
    stepped_at: ctx.now,
    ended_at: null,
    ended_by: null,
  })
  await later(ctx, lookOn, { look }, { patient: true })
  tell(ctx, topic(monitor))
  return look
}

const topic = (monitor: string): string => `monitor-look:${monitor}`

/** Each step is a transaction of its own; whoever asks for something else in between does not wait. */
export const lookOn = outsideJob('A monitor looks back', z.strictObject({ look: z.uuid() }), async (org, { look }) => {
  while (await asSystem(org, ctx => step(ctx, look)));
})

/** What broke off in the middle goes on where it stood. */
export const lookAgain = every({ minutes: 10 }, 'Looks back that stand still go on', async ctx => {
  for (const { id: look } of await store.standing(ctx, new Date(ctx.now.getTime() - 600_000), 20)) await later(ctx, lookOn, { look })
})

/** One part more; false when it is over. */
async function step(ctx: Ctx, look: string): Promise<boolean> {
  const row = await store.locked(ctx, look)
  const monitor = row && !row.ended_at ? await monitorOf(ctx, row.monitor) : undefined
  if (!row || !monitor) return false
  const done = await parts[row.part](ctx, row, monitor)
  const isOver = done.place === null
  const next = isOver ? words.lookParts[words.lookParts.indexOf(row.part) + 1] : row.part
  const now: store.LookRow = {
    ...row,
    ...{ part: next ?? row.part, place: isOver ? null : done.place, stepped_at: ctx.now },
    ...{ seen: row.seen + done.seen, found: row.found + done.found, lost: row.lost + done.lost },
  }
  await store.change(ctx, look, now)
  const goesOn = await advanceTask(ctx, row.task, {
    done: now.seen,
    share: rules.shareOf(now, ctx.now),
    note: t('monitors.lookedAt', { n: now.seen }),
  })
  if (goesOn && next) return true
  await ended(ctx, now, goesOn ? 'done' : 'cancelled')
  return false
}

async function ended(ctx: Ctx, { id: look, task, monitor }: store.LookRow, by: 'done' | 'cancelled' | 'replaced'): Promise<void> {
  await store.change(ctx, look, { ended_at: ctx.now, ended_by: by })
  await endTask(ctx, task)
  for (const each of [topic(monitor), `mentions:${monitor}`]) tell(ctx, each)
}

interface Done {
  /** Where the next step goes on; null when this part is over. */
  place: string | null
  seen: number
  found: number
  lost: number
}

const parts: Record<words.LookPart, (ctx: Ctx, row: store.LookRow, monitor: MonitorRow) => Promise<Done>> = {
  own: async (ctx, { place }, monitor) => {
    const rows = await store.ownBefore(ctx, monitor.id, place, atOnce)
    const ear = earFor(monitor)
    const gone = rows.filter(each => !fitsNow(ear, each)).map(each => each.id)
    // The last one stays for the moment, because the next step begins behind it.
    const last = rows.length === atOnce ? rows.at(-1)!.id : null
    const now = gone.filter(each => each !== last)
    if (now.length) await store.unfit(ctx, monitor.id, now)
    return { place: last, seen: rows.length, found: 0, lost: now.length }
  },
  others: async (ctx, { place, since }, monitor) => {
    const rows = await store.mentionsBefore(ctx, place, firstIdAt(since), atOnce)
    const ear = earFor(monitor)
    const fits = rows.filter(each => fitsNow(ear, each)).map(each => ({ monitor: monitor.id, once: each.once }))
    const found = fits.length ? await keepFits(ctx, fits) : 0
    return { place: rows.length === atOnce ? rows.at(-1)!.id : null, seen: rows.length, found, lost: 0 }
  },
  contents: async (ctx, { place, since }, monitor) => {
    const ids = await store.contentsBefore(ctx, place, firstIdAt(since), atOnce)
    let found = 0
    for (const [source, posts] of await heardOf(ctx, ids)) found += await takeFor(ctx, monitor, source, posts)
    return { place: ids.length === atOnce ? ids.at(-1)! : null, seen: ids.length, found, lost: 0 }
  },
}

// —— asking for it ——

export const shownLook = (row: store.LookRow, now: Date): words.Look => ({
  ...{ id: row.id, task: row.task, since: row.since, seen: row.seen, found: row.found, lost: row.lost },
  ...{ endedBy: row.ended_by, share: row.ended_at ? 1 : rules.shareOf(row, now) },
})

export async function lookOf(ctx: Ctx, monitor: string): Promise<words.Look | null> {
  const row = await store.latest(ctx, monitor)
  return row ? shownLook(row, ctx.now) : null
}

export const stop = action({
  says: 'Stop a look back; what was found stays',
  who: 'monitors.manage',
  takes: z.strictObject({ monitor: id }),
  gives: z.object({}),
  run: async (ctx, { monitor }) => {
    for (const { task } of await store.open(ctx, monitor)) await cancelTask(ctx, task)
    return {}
  },
})
