import { z } from 'zod'
import { action, cursor, id, limit, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { tell } from '#kernel/live.ts'
import { remembered } from '#kernel/remembered.ts'
import { record } from '#social/activities/actions.ts'
import { hoursFrom } from './actions-learning.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as alerts from './store-alerts.ts'
import * as heard from './store-heard.ts'
import * as words from './words.ts'
import { hour, hourOf } from './words.ts'

export { check } from './actions-checking.ts'
export { bringNoteBack, entries, note, takeNote } from './actions-entering.ts'
export { closeRoom, courseOf, openRoomFor, rename, reopenRoom, reviewRoom, room, rooms, setOwner, setStage } from './actions-rooms.ts'
export { addCase, approve, casesIn, dropCase, holdOutgoing, openCase, resumeOutgoing, roomOfThread, roomsOfCase, sayOut, writeStatement } from './actions-statement.ts' // biome-ignore format: one line
export { takeOverAlert, takeOverRoom } from './actions-taking.ts'
export { figureOf } from './actions-telling.ts'
export { follow, goOnWatch, quiet, rehearsal, setHouseQuiet, setQuiet, setWatch, stopWatch, theMonitor, unfollow, unwatched, usualFollowers, watch, watches } from './actions-watching.ts' // biome-ignore format: one line

const named = words.alert.extend({ name: z.string() })
export type Named = z.output<typeof named>

const isOf = { kind: z.enum(words.kinds).optional(), q: text(100).default('') }

export const list = action({
  says: 'List alerts, the newest first: open, over or dismissed ones, of one kind, of monitors with these words in their name',
  who: 'alerts.read',
  reads: true,
  takes: z.strictObject({ view: z.enum(words.views).default('open'), ...isOf, before: cursor.pipe(id.optional()), limit }),
  gives: z.object({ items: z.array(named), next: z.string().nullable() }),
  run: async (ctx, { q, limit: most, ...filter }) => {
    const wanted = q.trim().toLowerCase()
    const monitors = wanted ? (await heard.monitors(ctx)).filter(each => each.name.toLowerCase().includes(wanted)).map(each => each.id) : undefined // biome-ignore format: one line
    const items = await alerts.list(ctx, { ...filter, monitors, limit: most })
    return { items: await withNames(ctx, items), next: items.length === most ? items.at(-1)!.id : null }
  },
})

async function withNames(ctx: Ctx, items: words.Alert[]): Promise<Named[]> {
  const names = await heard.monitorsBy(ctx, [...new Set(items.map(each => each.monitor))])
  return items.map(each => ({ ...each, name: names.get(each.monitor)?.name ?? '–' }))
}

export const openCount = (ctx: Ctx): Promise<number> => remembered(ctx, 'alerts.open', ['alerts'], () => alerts.openCount(ctx))

const theAlert = async (ctx: Ctx, one: string, how?: { hold: boolean }): Promise<words.Alert> =>
  (await alerts.one(ctx, one, how)) ?? refuse('notFound', 'alerts.notThere')

export const show = action({
  says: 'Show one alert',
  who: 'alerts.read',
  reads: true,
  takes: z.strictObject({ alert: id }),
  gives: named,
  run: async (ctx, { alert }) => (await withNames(ctx, [await theAlert(ctx, alert)]))[0]!,
})

export const ofMonitor = async (ctx: Ctx, monitor: string, most = 10): Promise<words.Alert[]> => alerts.latestOf(ctx, monitor, most)
/** The loud voices that a monitor heard from one moment on, the first first. */
export const voicesOf = heard.voicesOf

export const ofRoom = async (ctx: Ctx, one: string): Promise<Named[]> => withNames(ctx, await alerts.ofRoom(ctx, one))

/** Somebody has looked at it; the first one counts. No deed of its own. */
export async function saw(ctx: Ctx, it: words.Alert): Promise<void> {
  if (it.seenAt || !ctx.actor.person) return
  await alerts.change(ctx, it.id, { seen_at: ctx.now, seen_by: ctx.actor.person })
}

/** A deed with one alert. */
const deed = <S extends z.ZodRawShape>(
  says: string,
  more: S,
  change: (ctx: Ctx, it: words.Alert, input: z.output<z.ZodObject<S>>) => Promise<void>, // biome-ignore format: one line
) =>
  action({
    says,
    who: 'alerts.work',
    takes: z.strictObject({ alert: id, ...more }),
    gives: z.object({ was: z.boolean().nullable() }),
    run: async (ctx, input) => {
      const it = await theAlert(ctx, (input as { alert: string }).alert, { hold: true })
      await change(ctx, it, input as never)
      for (const topic of ['alerts', `alert:${it.id}`]) tell(ctx, topic)
      return { was: it.useful }
    },
  })

const about = (it: words.Alert) => ({ object: it.id, target: it.monitor })

export const dismiss = deed('Dismiss an alert: nobody is told of it any more, however it goes on', {}, async (ctx, it) => {
  if (it.dismissedAt) return
  await alerts.change(ctx, it.id, { dismissed_at: ctx.now, dismissed_by: ctx.actor.person })
  record(ctx, words.Dismissed, about(it))
})

export const takeBack = deed('Take back that an alert was dismissed', {}, async (ctx, it) => {
  if (!it.dismissedAt) return
  await alerts.change(ctx, it.id, { dismissed_at: null, dismissed_by: null })
  record(ctx, words.Taken, about(it))
})

export const judge = deed(
  'Say whether an alert was useful; null takes it back',
  { useful: z.boolean().nullable() },
  async (ctx, it, { useful }) => {
    if (it.useful === useful) return
    await alerts.change(ctx, it.id, { useful, judged_by: ctx.actor.person, judged_at: ctx.now })
    record(ctx, words.Judged, { ...about(it), detail: { useful } })
  },
)

// —— what happened ——

export interface Picture {
  hours: { at: Date; n: number; usual: number | null; loud: number | null }[]
  moods: { mood: string; n: number }[]
  sources: { source: string; n: number }[]
  posts: heard.Post[]
  until: Date
}

const day = 24 * hour

/** How it was, hour by hour, from a day before it began to a few hours after its end, a week at most; and who said what. */
export async function pictureOf(ctx: Ctx, it: words.Alert): Promise<Picture> {
  const end = it.overAt?.getTime() ?? ctx.now.getTime()
  const from = Math.max(hourOf(it.beganAt.getTime()) - day, end - 8 * day)
  const until = Math.min(end + 6 * hour, ctx.now.getTime())
  const upTo = new Date(it.lastAt.getTime() + hour)
  const [hours, posts, parts] = [
    await hoursSeen(ctx, it.monitor, from, until),
    it.kind === 'vip' ? await heard.postsBy(ctx, it.about.voices ?? []) : await heard.topPosts(ctx, it.monitor, it.beganAt, upTo, 8),
    await heard.partsOf(ctx, it.monitor, new Date(hourOf(it.beganAt.getTime())), upTo),
  ]
  const moods = words.moods.map(mood => ({ mood, n: sum(parts.filter(each => each.mood === mood)) }))
  const sources = [...new Set(parts.map(each => each.source))].map(source => ({
    source,
    n: sum(parts.filter(each => each.source === source)),
  }))
  return { hours, posts, moods, sources: sources.sort((a, b) => b.n - a.n).slice(0, 8), until: upTo }
}

const sum = (parts: readonly { n: number }[]): number => parts.reduce((total, each) => total + each.n, 0)

/** Each hour beside what is usual then, and from which number on it would be loud. */
export async function hoursSeen(ctx: Ctx, monitor: string, from: number, until: number): Promise<Picture['hours']> {
  const rows = await heard.hoursOf(ctx, [monitor], new Date(from), new Date(until + hour))
  const counts = hoursFrom(rows).get(monitor)?.counts ?? new Map<number, number>()
  const { places } = (await store.basesOf(ctx, [monitor])).get(monitor) ?? { places: null }
  const how = (await store.watchOf(ctx, monitor))?.sensitivity ?? 'normal'
  return Array.from({ length: Math.max(1, Math.floor((until - from) / hour) + 1) }, (_, nth) => {
    const at = hourOf(from) + nth * hour
    const base = places?.[rules.placeOf(at, ctx.zone)]
    return { at: new Date(at), n: counts.get(at) ?? 0, usual: base?.mean ?? null, loud: base ? rules.loudFrom(base, how) : null }
  })
}
