import { z } from 'zod'
import { fill } from '#areas/answers/actions.ts'
import * as crm from '#areas/crm/actions.ts'
import { action, cursor, id, limit, line, text } from '#kernel/action.ts'
import { fillIn } from '#kernel/blanks.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { seesOwned } from '#kernel/owned.ts'
import { remembered } from '#kernel/remembered.ts'
import { record } from '#social/activities/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

const cardOf = (row: store.MacroRow): words.Macro => ({
  id: row.id,
  name: row.name,
  steps: words.steps.parse(row.steps),
  key: row.key,
  own: row.owner !== null,
  uses: row.uses,
  archived: row.archived_at !== null,
})

export const list = action({
  says: 'List the macros by name',
  who: 'inbox.read',
  reads: true,
  takes: z.strictObject({ q: text(200).default(''), archived: z.coerce.boolean().default(false), after: cursor, limit }),
  gives: z.object({ items: z.array(words.macro), next: z.string().nullable() }),
  run: async (ctx, { q, archived, after, limit: most }) => {
    const rows = await store.list(ctx, { self: ctx.actor.person, q: q.trim(), archived, after: after?.split('\t'), limit: most })
    const last = rows.at(-1)
    return { items: rows.map(cardOf), next: last && rows.length === most ? `${last.name}\t${last.id}` : null }
  },
})

export const show = action({
  says: 'Show one macro',
  who: 'inbox.read',
  reads: true,
  takes: z.strictObject({ macro: id }),
  gives: words.macro,
  run: async (ctx, { macro }) => cardOf(await known(ctx, macro)),
})

async function known(ctx: Ctx, macro: string): Promise<store.MacroRow> {
  const row = await store.one(ctx, macro)
  return row && seesOwned(row.owner, ctx.actor.person) ? row : refuse('notFound', 'macros.notThere')
}

const mostOffered = 9
const mostKeys = 80

/** Those with a key and the ones that are used most, for every page of a thread. */
export const offered = (ctx: Ctx): Promise<words.Macro[]> =>
  remembered(ctx, `macros ${ctx.actor.person}`, ['macros'], async () => {
    const rows = (await store.atHand(ctx, ctx.actor.person, mostKeys)).filter((row, at) => row.key !== null || at < mostOffered)
    return rules.keysOf(rows.sort((a, b) => b.uses - a.uses || a.name.localeCompare(b.name)).map(cardOf))
  })

// —— running ——

const values = z.record(z.string().max(60), text(2000)).refine(it => Object.keys(it).length <= 50, 'macros.notThere')

export const preview = action({
  says: 'Show what a macro would do with a conversation, without doing it; `missing` are the blanks that nothing is known for',
  who: 'inbox.read',
  reads: true,
  takes: z.strictObject({ macro: id, thread: id }),
  gives: z.object({ macro: words.macro, answer: z.string().nullable(), missing: z.array(z.string()) }),
  run: async (ctx, { macro, thread }) => {
    const it = cardOf(await known(ctx, macro))
    await crm.show(ctx, { thread })
    if (!it.steps.answer) return { macro: it, answer: null, missing: [] }
    const { text: answer, missing } = await fill(ctx, { thread, text: it.steps.answer })
    return { macro: it, answer, missing }
  },
})

/** What it takes to go back. */
const undone = z.object({ delivery: id.nullable(), was: z.string(), labels: z.array(z.string()) })

export const run = action({
  says: 'Do all steps of a macro with a conversation, or none; `values` fills in the blanks that nothing is known for',
  who: 'inbox.work',
  takes: z.strictObject({ macro: id, thread: id, values: values.default({}), seen: id.optional() }),
  gives: z.object({ name: z.string(), undo: undone }),
  run: async (ctx, input) => {
    const { thread } = input
    const { macro, answer, missing } = await preview(ctx, { macro: input.macro, thread })
    rules.isComplete(missing.filter(name => !input.values[name]))
    const { state, assignee, snoozedUntil } = await crm.show(ctx, { thread })
    const done = macro.steps.finish ? ('done' as const) : undefined
    const sent = answer ? await crm.reply(ctx, { thread, text: fillIn(answer, input.values), done, seen: input.seen }) : null
    const labels: string[] = []
    for (const label of macro.steps.labels) if ((await crm.label(ctx, { threads: [thread], label })).changed.length) labels.push(label)
    await moved(ctx, thread, macro.steps, sent !== null)
    await store.used(ctx, macro.id)
    return {
      name: macro.name,
      undo: { delivery: sent?.delivery ?? null, was: JSON.stringify([{ thread, state, assignee, snoozedUntil }]), labels },
    }
  },
})

async function moved(ctx: Ctx, thread: string, { assign, snoozeDays, finish }: words.Steps, answered: boolean): Promise<void> {
  const threads = [thread]
  if (assign === 'me') await crm.take(ctx, { threads })
  else if (assign) await crm.assign(ctx, { threads, to: assign === 'nobody' ? null : assign })
  if (snoozeDays) await crm.snooze(ctx, { threads, until: rules.comesBack(ctx.now, snoozeDays, ctx.zone) })
  else if (finish && !answered) await crm.finish(ctx, { threads })
}

export const undo = action({
  says: 'Take back what a macro did with a conversation, while its answer has not left',
  who: 'inbox.work',
  published: false,
  takes: z.strictObject({ thread: id, delivery: id.optional(), was: text(10_000), labels: z.array(line(60)).max(10).default([]) }),
  gives: z.object({}),
  run: async (ctx, { thread, delivery, was, labels }) => {
    if (delivery) await crm.unsend(ctx, { thread, delivery })
    for (const label of labels) await crm.unlabel(ctx, { threads: [thread], label })
    await crm.restore(ctx, { was })
    return {}
  },
})

// —— keeping ——

const about = {
  name: line(120),
  steps: words.steps,
  own: z.boolean().default(false),
  /** One letter or digit that runs it after `q`; empty for none. */
  key: text(10).default(''),
}

/** The key as it is kept; refused where another macro in use has it. */
async function freeKey(ctx: Ctx, typed: string, macro: string | null): Promise<string | null> {
  const key = rules.keyIn(typed)
  if (key)
    rules.isFree(
      key,
      (await store.keyed(ctx, ctx.actor.person)).filter(each => each.id !== macro),
    )
  return key
}

export const make = action({
  says: 'Make a macro, for everybody or for oneself alone',
  who: 'inbox.work',
  takes: z.strictObject(about),
  gives: z.object({ macro: id }),
  run: async (ctx, { name, steps, own, key }) => {
    rules.makesSense(steps)
    const set = { name, steps, owner: own ? ctx.actor.person : null, key: await freeKey(ctx, key, null) }
    const row = { id: newId(ctx.now), ...set, uses: 0, changed_at: ctx.now, archived_at: null }
    await store.add(ctx, row)
    told(ctx, words.Made, row)
    return { macro: row.id }
  },
})

export const change = action({
  says: 'Change a macro; gives back what it was',
  who: 'inbox.work',
  takes: z.strictObject({ macro: id, ...about }),
  gives: z.object({ was: words.macro }),
  run: async (ctx, { macro, name, steps, own, key }) => {
    rules.makesSense(steps)
    const row = await known(ctx, macro)
    // In the archive it stands in nobody’s way.
    const free = row.archived_at ? rules.keyIn(key) : await freeKey(ctx, key, macro)
    const set = { name, steps, owner: own ? ctx.actor.person : null, key: free }
    await store.change(ctx, macro, { ...set, changed_at: ctx.now })
    told(ctx, words.Changed, { ...row, ...set })
    return { was: cardOf(row) }
  },
})

export const archive = action({
  says: 'Put a macro into the archive; it is offered no more',
  who: 'inbox.work',
  takes: z.strictObject({ macro: id }),
  gives: z.object({}),
  run: (ctx, { macro }) => shelve(ctx, macro, ctx.now, words.Archived),
})

export const bringBack = action({
  says: 'Bring a macro back from the archive',
  who: 'inbox.work',
  takes: z.strictObject({ macro: id }),
  gives: z.object({}),
  run: (ctx, { macro }) => shelve(ctx, macro, null, words.BroughtBack),
})

/** Into the archive, or out of it; what is there already stays. */
async function shelve(ctx: Ctx, macro: string, archived_at: Date | null, word: typeof words.Archived): Promise<Record<never, never>> {
  const row = await known(ctx, macro)
  if (Boolean(row.archived_at) === Boolean(archived_at)) return {}
  if (!archived_at && row.key) await freeKey(ctx, row.key, macro)
  await store.change(ctx, macro, { archived_at })
  told(ctx, word, row)
  return {}
}

/** What is one's own is nobody's news. */
function told(ctx: Ctx, word: typeof words.Made, { id: object, name, owner }: Pick<store.MacroRow, 'id' | 'name' | 'owner'>): void {
  if (owner === null) record(ctx, word, { object, detail: { name } })
  tell(ctx, 'macros')
}
