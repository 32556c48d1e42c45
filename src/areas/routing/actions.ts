import { z } from 'zod'
import { action, cursor, id, limit } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { teamsOf } from '#social/teams/actions.ts'
import { namesNothing, thereIs } from './actions-gathering.ts'
import { namesIn } from './actions-trying.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as queues from './store-queues.ts'
import * as runs from './store-runs.ts'
import * as words from './words.ts'

export { obey } from './actions-doing.ts'
export { allMacros } from './actions-gathering.ts'
export { again, drain, endWaiting, forgetOld, hearBreaches, hearCases, hearMessages, hearWarnings, watchTime } from './actions-hearing.ts'
export { check, explain, lastOf, tryOut } from './actions-trying.ts'
export { unwatch, watch, watchAgain, watches } from './actions-watching.ts'

const month = 30 * 86_400_000
const mostRules = 300

// —— looking ——

async function shown(ctx: Ctx, rows: store.RuleRow[]): Promise<words.Rule[]> {
  const there = namesNothing(rows.map(each => each.definition)) ? null : await thereIs(ctx)
  const ran = await store.ranSince(ctx, new Date(ctx.now.getTime() - month).toISOString().slice(0, 10))
  return rows.map(({ id: one, position, definition, on_since, archived_at, stopped_at }) => ({
    ...{ id: one, position, on: on_since !== null, archived: archived_at !== null, stoppedAt: stopped_at, ran: ran.get(one) ?? 0 },
    definition: words.definition.parse(definition),
    faults: there ? rules.faultsIn(definition, there) : [],
  }))
}

export const list = action({
  says: 'List the rules in their order, each with what it names and is gone, and how often it ran in thirty days',
  who: 'routing.read',
  reads: true,
  takes: z.strictObject({ archived: z.coerce.boolean().default(false) }),
  gives: z.object({ items: z.array(words.rule) }),
  run: async (ctx, { archived }) => ({ items: await shown(ctx, await store.all(ctx, archived)) }),
})

export const show = action({
  says: 'Show one rule',
  who: 'routing.read',
  reads: true,
  takes: z.strictObject({ rule: id }),
  gives: words.rule,
  run: async (ctx, { rule }) => (await shown(ctx, [await known(ctx, rule)]))[0]!,
})

const known = async (ctx: Ctx, rule: string): Promise<store.RuleRow> =>
  (await store.one(ctx, rule)) ?? refuse('notFound', 'routing.notThere')

export const history = action({
  says: 'List what a rule said, by whom and since when, the newest first',
  who: 'routing.read',
  reads: true,
  takes: z.strictObject({ rule: id }),
  gives: z.object({
    items: z.array(z.object({ id, definition: words.definition, by: id.nullable(), at: z.date() })),
  }),
  run: async (ctx, { rule }) => {
    await known(ctx, rule)
    const items = await store.history(ctx, rule, 100)
    return { items: items.map(each => ({ ...each, definition: words.definition.parse(each.definition) })) }
  },
})

export const hits = action({
  says: 'List what a rule did, the newest first',
  who: 'routing.read',
  reads: true,
  takes: z.strictObject({ rule: id, before: id.optional(), limit }),
  gives: z.object({
    items: z.array(
      z.object({ run: id, thing: id, when: z.enum(words.events), at: z.date(), subject: z.string().nullable(), did: z.array(words.did) }),
    ),
    names: z.record(z.string(), z.string()),
    next: z.string().nullable(),
  }),
  run: async (ctx, { rule, before, limit: most }) => {
    await known(ctx, rule)
    const rows = await runs.hitsOf(ctx, rule, before, most)
    const items = rows.map(({ event, did, ...row }) => ({ ...row, when: event, did: did.filter(each => each.rule === rule) }))
    return { items, names: await namesIn(ctx, items.flatMap(each => each.did)), next: rows.length === most ? rows.at(-1)!.run : null } // biome-ignore format: one line
  },
})

export const queue = action({
  says: 'List the conversations that wait for somebody of a team, the longest first, with why nobody has them',
  who: 'routing.read',
  reads: true,
  takes: z.strictObject({ team: id, after: cursor, limit }),
  gives: z.object({ items: z.array(words.queued), next: z.string().nullable() }),
  run: async (ctx, { team, after, limit: most }) => {
    if (!(await teamsOf(ctx)).some(each => each.id === team)) refuse('notFound', 'teams.notThere')
    const rows = await queues.queueOf(ctx, team, after?.split(' '), most)
    const last = rows.at(-1)
    return {
      items: rows.map(each => words.queued.parse(each)),
      next: last && rows.length === most ? `${last.since.getTime()} ${last.thread}` : null,
    }
  },
})

export const queueLengths = queues.queueLengths

// —— keeping ——

export const make = action({
  says: 'Make a rule; it stands last, and does nothing until it is turned on',
  who: 'routing.manage',
  takes: z.strictObject({ definition: words.definition, on: z.boolean().default(false) }),
  gives: z.object({ rule: id }),
  run: async (ctx, { definition, on }) => {
    rules.makesSense(definition)
    await store.lockOrder(ctx)
    if ((await store.all(ctx, false)).length >= mostRules) refuse('conflict', 'routing.full')
    const rule = newId(ctx.now)
    const version = await store.say(ctx, rule, definition)
    await store.add(ctx, { id: rule, position: (await store.lastPosition(ctx)) + 1, version, on_since: on ? ctx.now : null })
    told(ctx, words.Made, rule, definition)
    return { rule }
  },
})

export const change = action({
  says: 'Change what a rule says; what it said before stays in its history',
  who: 'routing.manage',
  takes: z.strictObject({ rule: id, definition: words.definition }),
  gives: z.object({ was: words.definition, version: id }),
  run: async (ctx, { rule, definition }) => {
    rules.makesSense(definition)
    const row = await known(ctx, rule)
    const was = words.definition.parse(row.definition)
    if (JSON.stringify(was) === JSON.stringify(definition)) return { was, version: row.version }
    await store.change(ctx, rule, { version: await store.say(ctx, rule, definition), ...(row.on_since && { on_since: ctx.now }) })
    told(ctx, words.Changed, rule, definition)
    return { was, version: row.version }
  },
})

export const restore = action({
  says: 'Let a rule say again what it said in a version of its history',
  who: 'routing.manage',
  takes: z.strictObject({ rule: id, version: id }),
  gives: z.object({}),
  run: async (ctx, { rule, version }) => {
    const deeds = (await store.history(ctx, rule, 1000)).find(each => each.id === version) ?? refuse('notFound', 'routing.notThere')
    await change(ctx, { rule, definition: words.definition.parse(deeds.definition) })
    return {}
  },
})

/** The way there and the way back. */
const turning = (says: string, on: boolean) =>
  action({
    says,
    who: 'routing.manage',
    takes: z.strictObject({ rule: id }),
    gives: z.object({}),
    run: async (ctx, { rule }) => {
      const { on_since, definition } = await known(ctx, rule)
      if ((on_since !== null) === on) return {}
      await store.change(ctx, rule, { on_since: on ? ctx.now : null, ...(on && { stopped_at: null }) })
      told(ctx, on ? words.TurnedOn : words.TurnedOff, rule, definition)
      return {}
    },
  })

export const turnOn = turning('Turn a rule on: from now on it looks at what happens', true)
export const turnOff = turning('Turn a rule off', false)

export const move = action({
  says: 'Let a rule look one place earlier or later',
  who: 'routing.manage',
  takes: z.strictObject({ rule: id, to: z.enum(['up', 'down']) }),
  gives: z.object({ moved: z.boolean() }),
  run: async (ctx, { rule, to }) => {
    await store.lockOrder(ctx)
    const order = await store.all(ctx, false)
    const at = order.findIndex(each => each.id === rule)
    if (at < 0) refuse('notFound', 'routing.notThere')
    const other = order[to === 'up' ? at - 1 : at + 1]
    if (!other) return { moved: false }
    await store.change(ctx, rule, { position: other.position })
    await store.change(ctx, other.id, { position: order[at]!.position })
    tell(ctx, 'routing')
    return { moved: true }
  },
})

/** In the archive it is off, and back from there it is off as well. */
const archiving = (says: string, archived: boolean) =>
  action({
    says,
    who: 'routing.manage',
    takes: z.strictObject({ rule: id }),
    gives: z.object({ wasOn: z.boolean() }),
    run: async (ctx, { rule }) => {
      const { archived_at, on_since, definition } = await known(ctx, rule)
      if ((archived_at !== null) === archived) return { wasOn: on_since !== null }
      await store.change(ctx, rule, { archived_at: archived ? ctx.now : null, on_since: null })
      told(ctx, archived ? words.Archived : words.BroughtBack, rule, definition)
      return { wasOn: on_since !== null }
    },
  })

export const archive = archiving('Put a rule into the archive; it looks at nothing any more', true)
export const bringBack = archiving('Bring a rule back from the archive; it is off until it is turned on', false)

function told(ctx: Ctx, word: typeof words.Made, rule: string, { name }: words.Definition): void {
  record(ctx, word, { object: rule, detail: { name } })
  tell(ctx, 'routing')
}
