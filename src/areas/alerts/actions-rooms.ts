/** Crisis rooms: opened from an alert or by hand, with a stage and an owner, closed with a review, opened again. */
import { z } from 'zod'
import { action, cursor, id, limit, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { workerByPerson } from '#social/members/actions.ts'
import { joinAll, notify, openAll } from '#social/threads/actions.ts'
import { about, enter, nameOf, openRoom, theRoom } from './actions-entering.ts'
import type * as rules from './rules.ts'
import * as alerts from './store-alerts.ts'
import * as heard from './store-heard.ts'
import * as store from './store-rooms.ts'
import * as words from './words.ts'

export const rooms = action({
  says: 'List crisis rooms, the newest first: those that are open, or closed ones',
  who: 'alerts.read',
  reads: true,
  takes: z.strictObject({ closed: z.stringbool().or(z.boolean()).default(false), q: text(100).default(''), before: cursor.pipe(id.optional()), limit }), // biome-ignore format: one line
  gives: z.object({ items: z.array(words.room), next: z.string().nullable() }),
  run: async (ctx, { limit: most, q, ...filter }) => {
    const items = await store.list(ctx, { ...filter, q: q.trim() || undefined, limit: most })
    return { items, next: items.length === most ? items.at(-1)!.id : null }
  },
})

export const room = action({
  says: 'Show one crisis room',
  who: 'alerts.read',
  reads: true,
  takes: z.strictObject({ room: id }),
  gives: words.room,
  run: (ctx, { room: one }) => theRoom(ctx, one),
})

export const openRoomFor = action({
  says: 'Open a crisis room, from an alert or by hand; an alert that has one already leads there',
  who: 'alerts.work',
  takes: z.strictObject({
    name: line(200).optional(),
    stage: z.enum(words.stages).default('watch'),
    alert: id.optional(),
    monitor: id.nullable().default(null),
  }),
  gives: z.object({ room: id, isNew: z.boolean() }),
  run: async (ctx, { name, stage, alert: from, monitor }) => {
    const alert = from ? ((await alerts.one(ctx, from, { hold: true })) ?? refuse('notFound', 'alerts.notThere')) : undefined
    if (alert?.room) return { room: alert.room, isNew: false }
    const about = alert?.monitor ?? monitor
    const known = about ? ((await heard.monitorsBy(ctx, [about])).get(about) ?? refuse('notFound', 'alerts.monitorNotThere')) : undefined
    const called = name ?? known?.name ?? missing('name')
    const one = newId(ctx.now)
    const [thread] = await openAll(ctx, [{ subject: called, kind: 'crisis', audience: 'staff', startedAt: ctx.now }])
    const self = ctx.actor.person
    await store.add(ctx, { id: one, name: called, thread: thread!, monitor: about, stage, owner: self })
    if (self) await joinAll(ctx, [{ thread: thread!, person: self, because: 'watch' }])
    record(ctx, words.RoomOpened, { object: one, thread: thread!, detail: { stage } })
    await enter(ctx, one, 'opened', { detail: { stage } })
    if (alert) for (const each of await besides(ctx, alert)) await linkAlert(ctx, one, each, known!.name)
    tell(ctx, 'crises')
    return { room: one, isNew: true }
  },
})

const missing = (field: string): never => {
  throw new Refusal('invalid', 'kernel.invalid', {}, { fields: [{ field, key: 'kernel.fault.missing' }] })
}

/** It comes with whatever else stands open at its monitor. */
async function besides(ctx: Ctx, alert: words.Alert): Promise<words.Alert[]> {
  const open = await alerts.openOf(ctx, [alert.monitor])
  return [alert, ...open.filter(each => each.id !== alert.id && !each.room && !each.dismissedAt)]
}

async function linkAlert(ctx: Ctx, one: string, alert: words.Alert, monitor: string): Promise<void> {
  await alerts.change(ctx, alert.id, { room: one, ...(!alert.seenAt && { seen_at: ctx.now, seen_by: ctx.actor.person }) })
  const detail = { alert: alert.id, kind: alert.kind, monitor, level: String(alert.level) }
  await enter(ctx, one, 'alert', { detail, by: null, at: alert.raisedAt })
  tell(ctx, `alert:${alert.id}`)
}

/** What both the list and a page of a room may have changed. */
function told(ctx: Ctx, one: string): void {
  for (const topic of ['crises', `crisis:${one}`]) tell(ctx, topic)
}

export const rename = action({
  says: 'Give a crisis room another name',
  who: 'alerts.work',
  takes: z.strictObject({ room: id, name: line(200) }),
  gives: z.object({ was: z.string() }),
  run: async (ctx, { room: one, name }) => {
    const it = await openRoom(ctx, one)
    await store.change(ctx, one, { name })
    told(ctx, one)
    return { was: it.name }
  },
})

export const setStage = action({
  says: 'Say how grave it is: watch, serious or crisis',
  who: 'alerts.work',
  takes: z.strictObject({ room: id, stage: z.enum(words.stages) }),
  gives: z.object({ was: z.enum(words.stages) }),
  run: async (ctx, { room: one, stage }) => {
    const it = await openRoom(ctx, one)
    if (it.stage === stage) return { was: stage }
    await store.change(ctx, one, { stage })
    record(ctx, words.StageChanged, { ...about(it), detail: { from: it.stage, to: stage } })
    await enter(ctx, one, 'stage', { detail: { from: it.stage, to: stage } })
    told(ctx, one)
    return { was: it.stage }
  },
})

export const setOwner = action({
  says: 'Give a crisis room to a colleague, or to nobody',
  who: 'alerts.work',
  takes: z.strictObject({ room: id, to: id.nullable() }),
  gives: z.object({ was: id.nullable() }),
  run: async (ctx, { room: one, to }) => {
    const it = await openRoom(ctx, one)
    if (it.owner === to) return { was: to }
    if (to && !(await workerByPerson(ctx, to)))
      throw new Refusal('invalid', 'alerts.room.notAColleague', {}, { fields: [{ field: 'to', key: 'alerts.room.notAColleague' }] })
    await store.change(ctx, one, { owner: to })
    record(ctx, words.OwnerChanged, { ...about(it), ...(to && { target: to }) })
    await enter(ctx, one, 'owner', { detail: { person: to ?? '' } })
    if (to) await hand(ctx, it, to)
    told(ctx, one)
    return { was: it.owner }
  },
})

async function hand(ctx: Ctx, it: words.Room, to: string): Promise<void> {
  await joinAll(ctx, [{ thread: it.thread, person: to, because: 'assigned' }])
  if (to === ctx.actor.person) return
  const notice = { person: to, kind: 'assigned' as const, thread: it.thread, object: it.id, says: 'alerts.tell.room' }
  await notify(ctx, [{ ...notice, told: { name: it.name }, path: `/crises/${it.id}` }])
}

// —— its end ——

export const closeRoom = action({
  says: 'Close a crisis room; of two who do it at once the second is told who did',
  who: 'alerts.work',
  takes: z.strictObject({ room: id }),
  gives: z.object({}),
  run: async (ctx, { room: one }) => {
    const it = await openRoom(ctx, one)
    await store.change(ctx, one, { closed_at: ctx.now, closed_by: ctx.actor.person })
    record(ctx, words.RoomClosed, about(it))
    await enter(ctx, one, 'closed')
    told(ctx, one)
    return {}
  },
})

export const reopenRoom = action({
  says: 'Open a closed crisis room again',
  who: 'alerts.work',
  takes: z.strictObject({ room: id }),
  gives: z.object({}),
  run: async (ctx, { room: one }) => {
    const it = (await store.one(ctx, one, { hold: true })) ?? refuse('notFound', 'alerts.room.notThere')
    if (!it.closedAt) return {}
    await store.change(ctx, one, { closed_at: null, closed_by: null })
    record(ctx, words.RoomReopened, about(it))
    await enter(ctx, one, 'reopened')
    told(ctx, one)
    return {}
  },
})

const review = { happened: text(20_000), learned: text(20_000) }

export const reviewRoom = action({
  says: 'Write down what happened in a crisis and what is learned from it',
  who: 'alerts.work',
  takes: z.strictObject({ room: id, ...review }),
  gives: z.object({ was: z.object(review) }),
  run: async (ctx, { room: one, happened, learned }) => {
    const it = (await store.one(ctx, one, { hold: true })) ?? refuse('notFound', 'alerts.room.notThere')
    const isFirst = !it.reviewedAt && Boolean(happened.trim() || learned.trim())
    await store.change(ctx, one, { happened, learned, ...(isFirst && { reviewed_at: ctx.now }) })
    if (isFirst) {
      record(ctx, words.Reviewed, about(it))
      await enter(ctx, one, 'review')
    }
    told(ctx, one)
    return { was: { happened: it.happened, learned: it.learned } }
  },
})

/** The moments of a crisis, as far as they are known. */
export async function courseOf(ctx: Ctx, it: words.Room, its: readonly words.Alert[]): Promise<rules.Course> {
  const earliest = (moments: (Date | null)[]) =>
    moments.reduce<Date | null>((first, at) => (at && (!first || at < first) ? at : first), null)
  const began = earliest(its.map(each => each.beganAt))
  const main = its.toSorted((a, b) => b.mentions - a.mentions)[0]
  const isCalm = its.length > 0 && its.every(each => each.overAt)
  return {
    firstPost: began && it.monitor ? await heard.firstPost(ctx, it.monitor, began) : began,
    firstAlert: earliest(its.map(each => each.raisedAt)),
    noticed: earliest([...its.map(each => each.seenAt), it.openedAt]),
    statement: it.outAt,
    peak: main?.peakAt ?? null,
    calm: isCalm ? new Date(Math.max(...its.map(each => each.overAt!.getTime()))) : null,
  }
}

export { nameOf }
