/** Which monitors are watched, for what, how sensitively, and who is told when. */
import { z } from 'zod'
import { action, id } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { tell } from '#kernel/live.ts'
import { remembered } from '#kernel/remembered.ts'
import { record } from '#social/activities/actions.ts'
import { teamsOf } from '#social/teams/actions.ts'
import { learn, rehearse } from './actions-learning.ts'
import * as store from './store.ts'
import * as heard from './store-heard.ts'
import * as words from './words.ts'

export async function theMonitor(ctx: Ctx, monitor: string): Promise<heard.MonitorCard> {
  return (await heard.monitorsBy(ctx, [monitor])).get(monitor) ?? refuse('notFound', 'alerts.monitorNotThere')
}

export const usualFollowers = 50_000
const usual = { kinds: [...words.kinds], sensitivity: 'normal' as const, followers: usualFollowers, team: null }

const watched = words.watch.extend({ name: z.string(), weeks: z.number(), mine: z.boolean() })

export const watches = action({
  says: 'List the monitors that are watched, by name, and which of them one watches oneself',
  who: 'alerts.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(watched) }),
  run: async ctx => {
    const all = await store.watches(ctx)
    const ids = all.map(each => each.monitor)
    const [names, bases, own] = [await heard.monitorsBy(ctx, ids), await store.basesOf(ctx, ids), await ownOf(ctx)]
    const items = all.flatMap(each => {
      const monitor = names.get(each.monitor)
      if (!monitor || monitor.archivedAt) return []
      return [{ ...each, name: monitor.name, weeks: bases.get(each.monitor)?.weeks ?? 0, mine: own.includes(each.monitor) }]
    })
    return { items: items.sort((a, b) => a.name.localeCompare(b.name)) }
  },
})

const ownOf = (ctx: Ctx): Promise<string[]> => (ctx.actor.person ? store.watchedBy(ctx, ctx.actor.person) : Promise.resolve([]))

/** Monitors that nobody watches yet. */
export async function unwatched(ctx: Ctx): Promise<heard.MonitorCard[]> {
  const known = new Set((await store.watches(ctx)).map(each => each.monitor))
  return (await heard.monitors(ctx)).filter(each => !known.has(each.id))
}

export const watch = action({
  says: 'Show for what a monitor is watched, what is known of what is usual there, and who is told',
  who: 'alerts.read',
  reads: true,
  takes: z.strictObject({ monitor: id }),
  gives: z.object({ name: z.string(), watch: words.watch.nullable(), weeks: z.number(), people: z.array(z.string()), mine: z.boolean() }),
  run: async (ctx, { monitor }) => {
    const { name } = await theMonitor(ctx, monitor)
    const [it, bases, people] = [
      await store.watchOf(ctx, monitor),
      await store.basesOf(ctx, [monitor]),
      await store.ownWatchers(ctx, monitor),
    ]
    const weeks = bases.get(monitor)?.weeks ?? 0
    return { name, watch: it ?? null, weeks, people, mine: ctx.actor.person !== null && people.includes(ctx.actor.person) }
  },
})

/** What each sensitivity would have told of in the last thirty days; asked once for all who look. */
export const rehearsal = (ctx: Ctx, monitor: string, followers: number) =>
  remembered(ctx, `alerts.rehearsal ${monitor} ${followers}`, [`watch:${monitor}`], () => rehearse(ctx, monitor, { followers }))

const chosen = {
  kinds: z.array(z.enum(words.kinds)).min(1).max(5),
  sensitivity: z.enum(words.sensitivities),
  followers: z.coerce.number().int().min(1).max(1_000_000_000),
  team: id.nullable(),
}

export const setWatch = action({
  says: 'Watch a monitor, or change for what and how sensitively; whoever does it first is told of its alerts',
  who: 'alerts.manage',
  takes: z.strictObject({ monitor: id, ...chosen }),
  gives: z.object({ was: z.object(chosen).nullable() }),
  run: async (ctx, { monitor, ...it }) => {
    await theMonitor(ctx, monitor)
    if (it.team && !(await teamsOf(ctx)).some(each => each.id === it.team)) refuse('notFound', 'teams.notThere')
    const before = await store.watchOf(ctx, monitor)
    await store.keepWatch(ctx, { monitor, ...it, kinds: [...new Set(it.kinds)], pausedAt: null })
    if (!before) await learn(ctx, monitor)
    if (!before && ctx.actor.person) await store.addWatcher(ctx, monitor, ctx.actor.person)
    record(ctx, before ? words.WatchChanged : words.Watched, { object: monitor })
    told(ctx, monitor)
    if (!before || before.pausedAt) return { was: null }
    const { kinds, sensitivity, followers, team } = before
    return { was: { kinds, sensitivity, followers, team } }
  },
})

function told(ctx: Ctx, monitor: string): void {
  for (const topic of ['watches', `watch:${monitor}`]) tell(ctx, topic)
}

/** Alerts of a monitor stop, or go on. */
const standing = (says: string, isOn: boolean) =>
  action({
    says,
    who: 'alerts.manage',
    takes: z.strictObject({ monitor: id }),
    gives: z.object({}),
    run: async (ctx, { monitor }) => {
      const it = (await store.watchOf(ctx, monitor)) ?? refuse('notFound', 'alerts.notWatched')
      if ((it.pausedAt === null) === isOn) return {}
      await store.pause(ctx, monitor, isOn ? null : ctx.now)
      record(ctx, isOn ? words.Watched : words.Unwatched, { object: monitor })
      told(ctx, monitor)
      return {}
    },
  })

export const stopWatch = standing('Let a monitor bring no more alerts; what is open stays, and it can go on', false)
export const goOnWatch = standing('Let a monitor bring alerts again', true)

export const follow = action({
  says: 'Be told of the alerts of a monitor oneself; one that nobody watches is watched from then on',
  who: 'alerts.work',
  takes: z.strictObject({ monitor: id }),
  gives: z.object({}),
  run: async (ctx, { monitor }) => {
    await theMonitor(ctx, monitor)
    const self = ctx.actor.person ?? refuse('forbidden', 'kernel.forbidden')
    if (!(await store.watchOf(ctx, monitor))) {
      await store.keepWatch(ctx, { monitor, ...usual, pausedAt: null })
      await learn(ctx, monitor)
      record(ctx, words.Watched, { object: monitor })
    }
    await store.addWatcher(ctx, monitor, self)
    told(ctx, monitor)
    return {}
  },
})

export const unfollow = action({
  says: 'Be told of the alerts of a monitor no longer',
  who: 'alerts.work',
  takes: z.strictObject({ monitor: id }),
  gives: z.object({}),
  run: async (ctx, { monitor }) => {
    await store.dropWatcher(ctx, monitor, ctx.actor.person ?? refuse('forbidden', 'kernel.forbidden'))
    told(ctx, monitor)
    return {}
  },
})

// —— quiet hours ——

export const quiet = action({
  says: 'Show when one is not told of alerts: the organisation’s quiet hours, and one’s own if one has chosen others',
  who: 'alerts.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ house: words.quiet.nullable(), own: words.quiet.nullable() }),
  run: async ctx => {
    const self = ctx.actor.person
    const known = await store.quietsOf(ctx, self ? [self] : [])
    return { house: known.get(store.house) ?? null, own: (self && known.get(self)) || null }
  },
})

const hours = z.strictObject({ quiet: words.quiet.nullable() })

/** Quiet hours of the organisation or of oneself. */
const choosing = (says: string, who: string, whose: (ctx: Ctx) => string | null) =>
  action({
    says,
    who,
    takes: hours,
    gives: z.object({ was: words.quiet.nullable() }),
    run: async (ctx, { quiet: wanted }) => {
      const person = whose(ctx) ?? refuse('forbidden', 'kernel.forbidden')
      const was = (await store.quietsOf(ctx, [person])).get(person) ?? null
      await store.keepQuiet(ctx, person, wanted)
      tell(ctx, 'watches')
      return { was }
    },
  })

export const setQuiet = choosing('Choose one’s own quiet hours; null goes by the organisation’s', 'alerts.read', ctx => ctx.actor.person)
export const setHouseQuiet = choosing('Choose the organisation’s quiet hours; null has none', 'alerts.manage', () => store.house)
