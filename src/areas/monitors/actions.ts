/** What can be done with what is listened for. */
import { z } from 'zod'
import { action, cursor, id, limit, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { idsOnly, keeps, nobody } from '#kernel/keeps.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { soughtAnew } from '#social/listening/actions.ts'
import { parsed } from '#social/matching/actions.ts'
import { bounds } from '#social/matching/words.ts'
import { topicOf } from './actions-hearing.ts'
import { lookBack, lookOf } from './actions-looking.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export { hearEdited, hearPersonal, hearRemoved, hearSaid, take, takeAnew, takeOut } from './actions-hearing.ts'
export { lookAgain, lookOn, stop } from './actions-looking.ts'
export { answerIt, aside, become, behind, correct, keep, mention, mentions } from './actions-mentions.ts'
export { overhearer } from './actions-overhearing.ts'
export { explain, noise, preview } from './actions-trying.ts'

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps(
  {
    market: nobody,
    monitor: nobody,
    monitor_mention: {
      of: { person: 'person', content: 'content', thread: 'thread' },
      theme: 'conversations',
      ages: 'at',
      called: 'monitors.retained',
      path: '/monitors/mentions/{id}',
    },
    mention_fit: idsOnly('mood'),
    mention_tally: nobody,
    mention_day: nobody,
    mention_became: idsOnly('is_a'),
    monitor_look: nobody,
  },
  (ctx, { needles }) => store.forgetAuthors(ctx, needles),
)

// —— looking ——

const shown = ({ made_at, changed_at, paused_at, archived_at, ...rest }: store.MonitorRow): words.Monitor => ({
  ...rest,
  ...{ madeAt: made_at, changedAt: changed_at, pausedAt: paused_at, archivedAt: archived_at },
})

const days = 7
const listed = words.monitor.extend({
  /** Of the last seven days, the oldest first. */
  lately: z.array(z.number()),
})

export const list = action({
  says: 'List monitors by name, with how much each heard in the last seven days',
  who: 'monitors.read',
  reads: true,
  takes: z.strictObject({ q: text(200).default(''), state: z.enum(store.states).default('active'), after: cursor, limit }),
  gives: z.object({ items: z.array(listed), next: z.string().nullable() }),
  run: async (ctx, { q, state, after, limit: most }) => {
    const rows = await store.list(ctx, { q: q.trim(), state, after: after?.split('\t'), limit: most })
    const last = rows.at(-1)
    const lately = await latelyOf(
      ctx,
      rows.map(each => each.id),
    )
    const items = rows.map(row => ({ ...shown(row), lately: lately.get(row.id)! }))
    return { items, next: last && rows.length === most ? `${last.name}\t${last.id}` : null }
  },
})

async function latelyOf(ctx: Ctx, monitors: string[]): Promise<Map<string, number[]>> {
  const wanted = rules.lastDays(ctx.now, days)
  const counted = monitors.length ? await store.daysOf(ctx, monitors, wanted[0]!) : []
  const all = new Map(counted.map(each => [`${each.monitor} ${each.day}`, each.n]))
  return new Map(monitors.map(monitor => [monitor, wanted.map(day => all.get(`${monitor} ${day}`) ?? 0)]))
}

export const theMonitor = async (ctx: Ctx, monitor: string): Promise<store.MonitorRow> =>
  (await store.monitorOf(ctx, monitor)) ?? refuse('notFound', 'monitors.notThere')

export const one = action({
  says: 'A monitor: what it looks for, where, and how far it has looked back',
  who: 'monitors.read',
  reads: true,
  takes: z.strictObject({ monitor: id }),
  gives: z.object({ monitor: words.monitor, look: words.look.nullable() }),
  run: async (ctx, { monitor }) => ({ monitor: shown(await theMonitor(ctx, monitor)), look: await lookOf(ctx, monitor) }),
})

const mostChoices = 200

/** For menus: all that are not in the archive, by name; at most two hundred. */
export const choices = async (ctx: Ctx): Promise<words.Monitor[]> => (await store.choices(ctx, mostChoices)).map(shown)

export const markets = async (ctx: Ctx): Promise<words.Market[]> =>
  (await store.markets(ctx)).map(({ archived_at, id: market, name }) => ({ id: market, name, archivedAt: archived_at }))

// —— making ——

const codes = z.array(z.string().regex(/^[a-z0-9-]{1,20}$/)).max(50)
const about = {
  name: line(100),
  query: text(bounds.characters),
  kind: z.enum(words.kinds).default('brand'),
  /** The name of its group; made if it is not there. */
  market: text(100).default(''),
  ours: z.boolean().default(false),
  sources: codes.default([]),
  languages: codes.default([]),
}

/** The reason a query cannot be read stands at its field. */
export function readable(query: string): void {
  try {
    parsed(query)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new Refusal(error.code, error.key, error.values, { fields: [{ field: 'query', key: error.key, values: error.values }] })
  }
}

export const make = action({
  says: 'Make a monitor; it listens at once, and looks back as many days as are wanted',
  who: 'monitors.manage',
  takes: z.strictObject({ ...about, lookBack: z.coerce.number().int().min(0).max(3650).default(90) }),
  gives: z.object({ monitor: id }),
  run: async (ctx, { market, lookBack: back, ...input }) => {
    readable(input.query)
    const times = { made_at: ctx.now, changed_at: ctx.now, paused_at: null, archived_at: null }
    const row = { id: newId(ctx.now), ...input, market: await marketNamed(ctx, market), ...times, version: 1 }
    await store.add(ctx, row)
    await told(ctx, words.Made, row)
    if (back) await lookBack(ctx, row, back)
    return { monitor: row.id }
  },
})

async function marketNamed(ctx: Ctx, typed: string): Promise<string | null> {
  const name = typed.trim()
  if (!name) return null
  const there = (await store.markets(ctx)).find(each => each.name.toLowerCase() === name.toLowerCase())
  if (there) return there.id
  const row = { id: newId(ctx.now), name, made_at: ctx.now, archived_at: null }
  await store.addMarket(ctx, row)
  record(ctx, words.MarketMade, { object: row.id, detail: { name } })
  tell(ctx, 'monitors')
  return row.id
}

/** Everybody who listens hears of it with the commit. */
async function told(ctx: Ctx, word: typeof words.Made, { id: object, name }: Pick<store.MonitorRow, 'id' | 'name'>): Promise<void> {
  record(ctx, word, { object, detail: { name } })
  tell(ctx, topicOf(object))
  tell(ctx, 'monitors')
  await soughtAnew(ctx, [object])
}

export const change = action({
  says: 'Change a monitor; where it looks for something else now, it looks back as many days, and what no longer fits goes. Gives what it was',
  who: 'monitors.manage',
  takes: z.strictObject({ monitor: id, ...about, lookBack: z.coerce.number().int().min(0).max(3650).default(90) }),
  gives: z.object({ was: words.monitor.extend({ marketName: z.string() }) }),
  run: async (ctx, { monitor, market, lookBack: back, ...input }) => {
    readable(input.query)
    const row = await theMonitor(ctx, monitor)
    const marketName = (await store.markets(ctx)).find(each => each.id === row.market)?.name ?? ''
    const looksElse = rules.looksElse(row, input)
    const set = { ...input, market: await marketNamed(ctx, market), changed_at: ctx.now, version: row.version + (looksElse ? 1 : 0) }
    await store.change(ctx, monitor, set)
    await told(ctx, words.Changed, { ...row, ...set })
    if (looksElse && back) await lookBack(ctx, { ...row, ...set }, back)
    return { was: { ...shown(row), marketName } }
  },
})

export const look = action({
  says: 'Look back as many days for what a monitor looks for now; goes on by itself, can be stopped',
  who: 'monitors.manage',
  takes: z.strictObject({ monitor: id, days: z.coerce.number().int().min(1).max(3650).default(90) }),
  gives: z.object({}),
  run: async (ctx, { monitor, days: back }) => {
    await lookBack(ctx, await theMonitor(ctx, monitor), back)
    return {}
  },
})

// —— resting, and the archive ——

const which = z.strictObject({ monitor: id })
type Moment = 'paused_at' | 'archived_at'

async function mark(ctx: Ctx, monitor: string, moment: Moment, to: Date | null, word: typeof words.Made): Promise<Record<never, never>> {
  const row = await theMonitor(ctx, monitor)
  if (Boolean(row[moment]) === Boolean(to)) return {}
  await store.change(ctx, monitor, { [moment]: to })
  await told(ctx, word, row)
  return {}
}

export const pause = action({
  says: 'Let a monitor rest: it hears nothing until it goes on',
  who: 'monitors.manage',
  takes: which,
  gives: z.object({}),
  run: (ctx, { monitor }) => mark(ctx, monitor, 'paused_at', ctx.now, words.Paused),
})

export const goOn = action({
  says: 'Let a monitor go on that rests',
  who: 'monitors.manage',
  takes: which,
  gives: z.object({}),
  run: (ctx, { monitor }) => mark(ctx, monitor, 'paused_at', null, words.WentOn),
})

export const archive = action({
  says: 'Put a monitor into the archive: it hears nothing more, and what it heard stays',
  who: 'monitors.manage',
  takes: which,
  gives: z.object({}),
  run: (ctx, { monitor }) => mark(ctx, monitor, 'archived_at', ctx.now, words.Archived),
})

export const bringBack = action({
  says: 'Bring a monitor back from the archive',
  who: 'monitors.manage',
  takes: which,
  gives: z.object({}),
  run: (ctx, { monitor }) => mark(ctx, monitor, 'archived_at', null, words.BroughtBack),
})

// —— the query alone ——

const usualLook = 90

async function ask(ctx: Ctx, monitor: string, query: string): Promise<string> {
  readable(query)
  const row = await theMonitor(ctx, monitor)
  if (row.query === query) return query
  const set = { query, changed_at: ctx.now, version: row.version + 1 }
  await store.change(ctx, monitor, set)
  await told(ctx, words.Changed, row)
  await lookBack(ctx, { ...row, ...set }, usualLook)
  return row.query
}

export const requery = action({
  says: 'Give a monitor another query; what no longer fits goes, and what fits now is looked for. Gives the one before',
  who: 'monitors.manage',
  takes: z.strictObject({ monitor: id, query: text(bounds.characters) }),
  gives: z.object({ was: z.string() }),
  run: async (ctx, { monitor, query }) => ({ was: await ask(ctx, monitor, query) }),
})

export const leaveOut = action({
  says: 'Leave posts with this word or phrase out of a monitor from now on, and those that it has already. Gives the query before',
  who: 'monitors.manage',
  takes: z.strictObject({ monitor: id, word: line(100) }),
  gives: z.object({ was: z.string() }),
  run: async (ctx, { monitor, word }) => {
    const { query } = await theMonitor(ctx, monitor)
    return { was: await ask(ctx, monitor, rules.without(query, parsed(query), word)) }
  },
})
