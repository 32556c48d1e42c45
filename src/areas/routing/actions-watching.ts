/** What each colleague wants to be told of, and where. */
import { z } from 'zod'
import { viewsAmong, wantedBy } from '#areas/crm/actions.ts'
import { action, id } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { brandsOf } from '#social/brands/actions.ts'
import { workers } from '#social/members/actions.ts'
import { notify } from '#social/notifications/actions.ts'
import { teamsOf } from '#social/teams/actions.ts'
import type { Known } from './actions-gathering.ts'
import { standsIn } from './rules.ts'
import * as queues from './store-queues.ts'
import * as runs from './store-runs.ts'
import * as words from './words.ts'

/** Tells whoever asked for such news at such a place. */
export async function tellWatchers(ctx: Ctx, known: Known[]): Promise<void> {
  const news = known.filter(each => words.watched.includes(each.when as 'message'))
  const watches = news.length ? await runs.watchesFor(ctx, [...new Set(news.map(each => each.when))]) : []
  if (watches.length === 0) return
  const isAt = await placing(ctx, news, watches)
  const found = news.flatMap(it =>
    watches.filter(each => each.event === it.when && isAt(it, each)).map(each => ({ it, person: each.person })),
  )
  const once = new Map(found.map(each => [`${each.person} ${each.it.when} ${each.it.cause} ${each.it.thing}`, each]))
  await notify(
    ctx,
    [...once.values()].map(({ it, person }) => ({
      ...{ person, kind: 'work' as const, object: it.thing, actor: null, says: `routing.watched.${it.when}` },
      ...(it.thread && { thread: it.thread }),
      told: { subject: it.subject.slice(0, 200) },
      path: it.kind === 'case' ? `/cases/K-${it.number}` : `/inbox/open/${it.thing}`,
    })),
  )
}

async function placing(ctx: Ctx, news: Known[], watches: runs.WatchRow[]): Promise<(it: Known, watch: runs.WatchRow) => boolean> {
  const [views, waits] = [await viewsAmong(ctx, idsOf(watches, 'view')), await queues.queuedFor(ctx, news.map(each => each.thing))] // biome-ignore format: one line
  const teams = new Map((await teamsOf(ctx)).map(each => [each.id, each.members]))
  const [names, brands] = [new Map((await workers(ctx)).map(each => [each.person, each.name])), await brandsOf(ctx)]
  const wanted = new Map(views.map(each => [each.id, { ...each, ...wantedBy(each.words) }]))
  const brandNames = new Map(brands.items.map(each => [each.id, each.name]))
  return (it, { place, target, person }) => {
    const { owner, labels, channel, brand } = it.facts
    if (place === 'any') return true
    if (place === 'unowned') return owner === null
    if (place === 'team')
      return it.team === target || waits.get(it.thing) === target || (owner !== null && teams.get(target!)?.includes(owner) === true)
    const view = wanted.get(target!)
    if (!view || view.unknown.length || (view.owner !== null && view.owner !== person)) return false
    const at = { owner, ownerName: names.get(owner ?? '') ?? '', labels, channel, brandName: brandNames.get(brand ?? '') ?? '' }
    return it.kind === 'conversation' && standsIn(view.wanted, at, person)
  }
}

const idsOf = (watches: runs.WatchRow[], place: runs.WatchRow['place']): string[] =>
  watches.flatMap(each => (each.place === place && each.target ? [each.target] : []))

// —— choosing ——

const self = (ctx: Ctx): string => ctx.actor.person ?? refuse('forbidden', 'kernel.forbidden')

export const watches = action({
  says: 'List what one asked to be told of, and where',
  who: 'inbox.work',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(words.watch) }),
  run: async ctx => ({ items: (await runs.watchesOf(ctx, self(ctx))).map(({ person: _person, ...row }) => words.watch.parse(row)) }),
})

export const watch = action({
  says: 'Ask to be told of conversations, messages or cases: anywhere, where nobody has them, at a team, or in a saved view',
  who: 'inbox.work',
  takes: z.strictObject({ event: z.enum(words.watched), place: z.enum(words.places), target: id.optional() }),
  gives: z.object({ watch: id }),
  run: async (ctx, { event, place, target }) => {
    await isThere(ctx, place, target)
    if (place === 'view' && words.ofCases.includes(event)) refuse('invalid', 'routing.viewHasNoCases')
    const mine = await runs.watchesOf(ctx, self(ctx))
    const same = mine.find(each => each.event === event && each.place === place && each.target === (target ?? null))
    if (same) return { watch: same.id }
    if (mine.length >= 100) refuse('conflict', 'routing.watchesFull')
    const row = { id: newId(ctx.now), person: self(ctx), event, place, target: target ?? null }
    await runs.addWatch(ctx, row)
    return { watch: row.id }
  },
})

async function isThere(ctx: Ctx, place: words.Watch['place'], target: string | undefined): Promise<void> {
  if (place === 'any' || place === 'unowned') return
  const there = place === 'team' ? (await teamsOf(ctx)).map(each => each.id) : (await viewsAmong(ctx, target ? [target] : [])).filter(each => each.owner === null || each.owner === self(ctx)).map(each => each.id) // biome-ignore format: short
  if (!target || !there.includes(target)) refuse('notFound', 'routing.placeGone')
}

const standing = (says: string, removed: boolean) =>
  action({
    says,
    who: 'inbox.work',
    takes: z.strictObject({ watch: id }),
    gives: z.object({}),
    run: async (ctx, { watch: one }) => {
      if (!(await runs.setWatchRemoved(ctx, self(ctx), one, removed ? ctx.now : null))) refuse('notFound', 'kernel.notFound')
      return {}
    },
  })

export const unwatch = standing('No longer be told of something that one had asked for', true)
export const watchAgain = standing('Be told again of something that one had asked for', false)
