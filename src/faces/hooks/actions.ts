import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { action, cursor, id, limit, line, text } from '#kernel/action.ts'
import { closedAmong } from '#kernel/closed.ts'
import type { Ctx } from '#kernel/context.ts'
import { seal } from '#kernel/crypto.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { every, laterAll } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { secretOf } from '#kernel/signed.ts'
import { record, wordNameOf, wordNames } from '#social/activities/actions.ts'
import { type Activity, onEverything } from '#social/activities/words.ts'
import { addresses } from '#social/calls/words.ts'
import { deliver } from './actions-deliver.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export { deliver } from './actions-deliver.ts'

// —— which there are ——

export const cardOf = (row: store.HookRow): words.HookCard => ({
  id: row.id,
  name: row.name,
  url: row.url,
  types: row.types,
  filter: row.filter,
  called: row.called,
  failingSince: row.failing_since,
  stoppedAt: row.disabled_at,
  stoppedBecause: row.disabled_because,
  secretBeforeUntil: row.secret_before_until,
  createdAt: row.created_at,
})

const theHook = async (ctx: Ctx, wanted: string): Promise<store.HookRow> =>
  (await store.hook(ctx, wanted)) ?? refuse('notFound', 'hooks.noHook')

export const list = action({
  says: 'List the other programs that are told what happens here',
  who: 'hooks.manage',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(words.hookCard) }),
  run: async ctx => ({ items: (await store.hooks(ctx)).map(cardOf) }),
})

export const one = action({
  says: 'Show another program that is told what happens here',
  who: 'hooks.manage',
  reads: true,
  takes: z.strictObject({ hook: id }),
  gives: words.hookCard,
  run: async (ctx, { hook }) => cardOf(await theHook(ctx, hook)),
})

export const types = action({
  says: 'List the names of everything that another program can be told',
  who: 'hooks.manage',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ types: z.array(z.string()) }),
  run: async () => ({ types: wordNames().map(rules.typeOf).sort() }),
})

// —— making and changing ——

const url = z.url({ protocol: /^https?$/ }).max(2000)
const yes = z.stringbool().or(z.boolean()).default(false)
const told = { types: z.array(line(120)).max(500).default([]), everything: yes, called: yes, filter: text(2000).default('') }

/** What is not happening here in any version would never be told. */
function known({ types, everything, called, filter }: Told): Pick<store.HookRow, 'types' | 'called' | 'filter'> {
  rules.saysWhat(types, everything, called)
  rules.conditionsIn(filter)
  const all = new Set(wordNames().map(rules.typeOf))
  const chosen = [...new Set(types)].filter(each => all.has(each) || refuse('invalid', 'hooks.noType', { type: each }))
  return { types: everything || called ? [] : chosen, called: called && !everything, filter: filter.trim() }
}

type Told = { types: string[]; everything: boolean; called: boolean; filter: string }

const fresh = () => secretOf(randomBytes(32))

export const make = action({
  says: 'Have another program told what happens here; its secret is shown once',
  who: 'hooks.manage',
  takes: z.strictObject({ name: line(100), url, ...told }),
  gives: z.object({ hook: id, secret: z.string() }),
  run: async (ctx, { name, url, ...wanted }) => {
    const [hook, secret] = [newId(ctx.now), fresh()]
    const at = { created_at: ctx.now, by: ctx.actor.person }
    await store.addHook(ctx, { ...unharmed, id: hook, name, url, ...known(wanted), secret: await seal(ctx, secret), ...at })
    record(ctx, words.Made, { object: hook, detail: { name } })
    return { hook, secret }
  },
})

const unharmed = {
  secret_before: null,
  secret_before_until: null,
  failing_since: null,
  failed_at: null,
  disabled_at: null,
  disabled_because: null,
}

export const change = action({
  says: 'Change where another program is told what happens here, and of what',
  who: 'hooks.manage',
  takes: z.strictObject({ hook: id, name: line(100), url, ...told }),
  gives: z.object({}),
  run: async (ctx, { hook, name, url, ...wanted }) => {
    await theHook(ctx, hook)
    await store.changeHook(ctx, hook, { name, url, ...known(wanted) })
    record(ctx, words.Changed, { object: hook, detail: { name } })
    return {}
  },
})

export const rotate = action({
  says: 'Make a new secret for another program, shown once; the one before is good for a day longer',
  who: 'hooks.manage',
  takes: z.strictObject({ hook: id }),
  gives: z.object({ secret: z.string(), beforeUntil: z.date() }),
  run: async (ctx, { hook }) => {
    const { name, secret: before } = await theHook(ctx, hook)
    const [secret, until] = [fresh(), new Date(ctx.now.getTime() + rules.bothGoodFor)]
    await store.changeHook(ctx, hook, { secret: await seal(ctx, secret), secret_before: before, secret_before_until: until })
    record(ctx, words.Changed, { object: hook, detail: { name } })
    return { secret, beforeUntil: until }
  },
})

export const stop = action({
  says: 'Tell another program nothing any more until it is resumed; what waits is not sent',
  who: 'hooks.manage',
  takes: z.strictObject({ hook: id }),
  gives: z.object({}),
  run: async (ctx, { hook }) => {
    const { name } = await theHook(ctx, hook)
    await store.changeHook(ctx, hook, { disabled_at: ctx.now, disabled_because: null })
    await store.endWaiting(ctx, hook)
    record(ctx, words.Stopped, { object: hook, detail: { name, because: 'person' } })
    return {}
  },
})

export const resume = action({
  says: 'Tell another program again what happens here, from now on',
  who: 'hooks.manage',
  takes: z.strictObject({ hook: id }),
  gives: z.object({}),
  run: async (ctx, { hook }) => {
    const { name } = await theHook(ctx, hook)
    await store.changeHook(ctx, hook, { disabled_at: null, disabled_because: null, failing_since: null, failed_at: null })
    record(ctx, words.Resumed, { object: hook, detail: { name } })
    return {}
  },
})

export const remove = action({
  says: 'Forget another program that was told what happens here, with its log',
  who: 'hooks.manage',
  takes: z.strictObject({ hook: id }),
  gives: z.object({}),
  run: async (ctx, { hook }) => {
    const { name } = await theHook(ctx, hook)
    await store.removeHook(ctx, hook)
    record(ctx, words.Removed, { object: hook, detail: { name } })
    return {}
  },
})

// —— telling ——

export const telling = onEverything('Other programs are told what happened', store.hasAny, (ctx, happened) => queue(ctx, happened))

/** One delivery for each that wants to know; heard twice, told once. */
async function queue(ctx: Ctx, happened: Activity[]): Promise<void> {
  const open = (await store.hooks(ctx)).filter(row => !row.disabled_at)
  const closed = await closedAmong(
    ctx,
    happened.flatMap(each => each.thread ?? []),
  )
  const tellable = happened.filter(each => !each.thread || !closed.has(each.thread))
  const told = tellable.filter(each => rules.mayLeave(each.audience)).flatMap(each => typed(each))
  const filters = new Map(open.map(row => [row.id, rules.conditionsIn(row.filter)]))
  const rows = told.flatMap(({ activity, type }) =>
    open
      .filter(row => isCalled(row, activity, type) || (rules.wants(row, type) && rules.meets(filters.get(row.id)!, activity)))
      .map(row => ({ id: newId(ctx.now), hook: row.id, activity: activity.id, type, body: bodyOf(type, activity.at, activity) })),
  )
  if (rows.length) await send(ctx, await store.addDeliveries(ctx, rows))
  for (const hook of new Set(rows.map(row => row.hook))) tell(ctx, `hook:${hook}`)
}

const calledType = 'calls.called'
/** By a rule, and by name: then no filter is asked. */
const isCalled = (row: store.HookRow, { detail }: Activity, type: string): boolean =>
  type === calledType && (detail as { address?: string }).address === row.id

/** Where rules may call: whatever is not stopped. */
export const callable = addresses(async ctx =>
  (await store.hooks(ctx)).filter(row => !row.disabled_at).map(({ id, name }) => ({ id, name })),
)

function typed(activity: Activity): { activity: Activity; type: string }[] {
  const name = wordNameOf(activity)
  return name ? [{ activity, type: rules.typeOf(name) }] : []
}

/** As Standard Webhooks want it: what, when, and the thing itself. */
const bodyOf = (type: string, at: Date, data: unknown): string => JSON.stringify({ type, timestamp: at, data })

const send = (ctx: Ctx, ids: string[], attempt = 0): Promise<void> =>
  laterAll(
    ctx,
    ids.map(delivery => ({ kind: deliver, data: { delivery, attempt } })),
  )

export const test = action({
  says: 'Send another program a message that only tries whether it arrives',
  who: 'hooks.manage',
  takes: z.strictObject({ hook: id }),
  gives: z.object({ delivery: id }),
  run: async (ctx, { hook }) => {
    await theHook(ctx, hook)
    const row = { id: newId(ctx.now), hook, activity: null, type: words.testType, body: bodyOf(words.testType, ctx.now, { hook }) }
    await send(ctx, await store.addDeliveries(ctx, [row]))
    return { delivery: row.id }
  },
})

// —— the log ——

const deliveryOf = (row: store.DeliveryRow): words.DeliveryCard => ({
  id: row.id,
  type: row.type,
  state: row.state,
  attempts: row.attempts,
  status: row.status,
  tookMs: row.took_ms,
  createdAt: row.created_at,
  triedAt: row.tried_at,
  dueAt: row.due_at,
})

export const deliveries = action({
  says: 'List what another program was told and what it answered, newest first',
  who: 'hooks.manage',
  reads: true,
  takes: z.strictObject({ hook: id, before: cursor, limit }),
  gives: z.object({ items: z.array(words.deliveryCard), next: z.string().nullable() }),
  run: async (ctx, { hook, ...part }) => {
    const rows = await store.deliveries(ctx, (await theHook(ctx, hook)).id, part)
    return { items: rows.map(deliveryOf), next: rows.length === part.limit ? rows.at(-1)!.id : null }
  },
})

const theDelivery = async (ctx: Ctx, wanted: string): Promise<store.DeliveryRow> =>
  (await store.delivery(ctx, wanted)) ?? refuse('notFound', 'hooks.noDelivery')

export const delivery = action({
  says: 'Show one telling: what was sent, and what was answered',
  who: 'hooks.manage',
  reads: true,
  takes: z.strictObject({ delivery: id }),
  gives: words.deliveryCard.extend({ hook: id, body: z.string(), answer: z.string().nullable() }),
  run: async (ctx, input) => {
    const row = await theDelivery(ctx, input.delivery)
    return { ...deliveryOf(row), hook: row.hook, body: row.body, answer: row.answer }
  },
})

export const resend = action({
  says: 'Tell another program the same once more, under the same id',
  who: 'hooks.manage',
  takes: z.strictObject({ delivery: id }),
  gives: z.object({}),
  run: async (ctx, input) => {
    const row = await theDelivery(ctx, input.delivery)
    if ((await theHook(ctx, row.hook)).disabled_at) refuse('conflict', 'hooks.isStopped')
    await store.changeDelivery(ctx, row.id, { state: 'waiting', due_at: ctx.now, attempts_before: row.attempts })
    await send(ctx, [row.id], row.attempts)
    tell(ctx, `hook:${row.hook}`)
    return {}
  },
})

export const forget = every({ hour: 4 }, 'What other programs were told is forgotten after thirty days', async ctx => {
  await store.forgetBefore(ctx, new Date(ctx.now.getTime() - 30 * 86_400_000))
})
