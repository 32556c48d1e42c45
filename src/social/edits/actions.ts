import { z } from 'zod'
import { action, id, limit } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { asSystem, inOrg } from '#kernel/db.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { every, later, outsideJob } from '#kernel/jobs.ts'
import { keeps } from '#kernel/keeps.ts'
import { tell } from '#kernel/live.ts'
import { isLanguage, languageNames, t } from '#kernel/messages.ts'
import { advanceTask, beginTask, cancelTask, endTask } from '#kernel/tasks.ts'
import { record } from '#social/activities/actions.ts'
import { everyoneFound } from '#social/directory/actions.ts'
import { list as fieldsList } from '#social/fields/actions.ts'
import { everyoneOn, inUse } from '#social/lists/actions.ts'
import { actingAs } from '#social/members/actions.ts'
import { cardsOf } from '#social/people/actions.ts'
import { everyoneIn } from '#social/segments/actions.ts'
import { judged, ways } from './actions-deeds.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export const edit = action({
  says: 'Change many people at once: those that are named, or everybody of a segment, a list or a search; more than a hundred are changed as a task',
  who: 'people.write',
  takes: z.strictObject({ people: z.array(id).max(1000).default([]), all: words.everybody.optional(), deed: words.wish }),
  gives: z.object({ edit: id, changed: z.number(), ended: z.boolean() }),
  run: async (ctx, { people, all, deed: wish }) => {
    const who = all ? await everyone(ctx, all) : await standing(ctx, people)
    rules.areSo(who.length)
    const deed = await judged(ctx, wish)
    const row = await begin(ctx, deed, who)
    if (who.length > rules.limits.atOnce)
      return later(ctx, workEdit, { edit: row.id }).then(() => ({ edit: row.id, changed: 0, ended: false }))
    await forward(ctx, row)
    return { edit: row.id, changed: (await store.one(ctx, row.id))!.changed, ended: true }
  },
})

/** One more than the most shows that they are too many. */
function everyone(ctx: Ctx, all: words.Everybody): Promise<string[]> {
  const limit = rules.limits.most + 1
  if ('segment' in all) return everyoneIn(ctx, all.segment, limit)
  return 'list' in all ? everyoneOn(ctx, all.list, limit) : everyoneFound(ctx, { ...all, limit })
}

/** The records that stand for these people, each once; who is gone is left out. */
const standing = async (ctx: Ctx, people: string[]): Promise<string[]> => [
  ...new Set([...(await cardsOf(ctx, people)).values()].map(each => each.stands)),
]

async function begin(ctx: Ctx, deed: words.Deed, people: string[]): Promise<store.Row> {
  const by = ctx.actor.person ?? refuse('forbidden', 'kernel.forbidden')
  const title = t(`edits.run.${deed.does}`, { name: '' })
  const task = await beginTask(ctx, { kind: 'edits.edit', title, startedBy: by, total: people.length })
  const row = { id: newId(ctx.now), deed, by, task, total: people.length, state: 'running' as const, at: ctx.now }
  await store.add(ctx, row, people)
  record(ctx, words.Began, { object: row.id, detail: { does: deed.does, count: people.length } })
  return { ...row, done: 0, changed: 0, says: null }
}

// —— part by part ——

/** Each part is a transaction of its own, by whoever began it and with their rights of that moment. What a rule refuses stops it. */
export const workEdit = outsideJob('What was begun with many people goes on', z.object({ edit: z.uuid() }), async (org, { edit }) => {
  const actor = await asSystem(org, async ctx => actingAs(ctx, (await store.one(ctx, edit))?.by))
  if (!actor) return asSystem(org, ctx => stopped(ctx, edit, 'kernel.forbidden'))
  try {
    while (await inOrg(org, actor, ctx => step(ctx, edit)));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await asSystem(org, ctx => stopped(ctx, edit, error.key))
  }
})

async function stopped(ctx: Ctx, edit: string, says: string): Promise<void> {
  const row = await store.locked(ctx, edit)
  if (row) await ended(ctx, row, 'cancelled', says)
}

async function step(ctx: Ctx, edit: string): Promise<boolean> {
  const row = await store.locked(ctx, edit)
  if (row?.state === 'running') return forward(ctx, row)
  return row?.state === 'undoing' ? backward(ctx, row) : false
}

/** Goes on with the next of them; false when it is over. */
async function forward(ctx: Ctx, row: store.Row): Promise<boolean> {
  const people = await standing(ctx, await store.part(ctx, row.id, row.done, rules.limits.atOnce))
  const was = people.length ? await perform(ctx, people, row.deed) : new Map<string, store.Was>()
  if (was.size) await store.keepWas(ctx, row.id, was)
  const done = Math.min(row.total, row.done + rules.limits.atOnce)
  await store.change(ctx, row.id, { done, changed: row.changed + was.size })
  const goesOn = await advanceTask(ctx, row.task, { done, share: done / row.total, note: String(done) })
  return goesOn && done < row.total ? true : ended(ctx, row, goesOn ? 'done' : 'cancelled')
}

const perform = (ctx: Ctx, people: string[], deed: words.Deed): Promise<Map<string, store.Was>> =>
  (ways[deed.does].do as (ctx: Ctx, people: string[], deed: words.Deed) => Promise<Map<string, store.Was>>)(ctx, people, deed)

/** The last that were changed first. */
async function backward(ctx: Ctx, row: store.Row): Promise<boolean> {
  const last = await store.takeLast(ctx, row.id, rules.limits.atOnce)
  if (last.length === 0) return ended(ctx, row, 'undone')
  const there = await cardsOf(ctx, last.map(each => each.person)) // biome-ignore format: one line
  const still = last.filter(each => there.has(each.person))
  await (ways[row.deed.does].back as (ctx: Ctx, was: typeof still, deed: words.Deed) => Promise<void>)(ctx, still, row.deed)
  await advanceTask(ctx, row.task, { done: last.length, share: null })
  return true
}

async function ended(ctx: Ctx, row: store.Row, state: words.State, says: string | null = null): Promise<false> {
  await store.change(ctx, row.id, { state, says })
  await endTask(ctx, row.task, says)
  for (const topic of [`edit:${row.id}`, 'people']) tell(ctx, topic)
  return false
}

// —— looking, stopping, going back ——

const one = z.strictObject({ edit: id })
const own = async (ctx: Ctx, row: store.Row | undefined): Promise<store.Row> =>
  row && row.by === ctx.actor.person ? row : refuse('notFound', 'edits.notThere')

async function shown(ctx: Ctx, { by: _, ...row }: store.Row): Promise<words.Edit> {
  const deed = words.deed.parse(row.deed)
  return { ...row, deed, name: await nameOf(ctx, deed) }
}

export const show = action({
  says: 'Show how far a change to many people is',
  who: 'people.write',
  reads: true,
  takes: one,
  gives: words.edit,
  run: async (ctx, { edit }) => shown(ctx, await own(ctx, await store.one(ctx, edit))),
})

export const list = action({
  says: 'List one’s own changes to many people of the last thirty days, newest first',
  who: 'people.write',
  reads: true,
  takes: z.strictObject({ before: id.optional(), limit }),
  gives: z.object({ items: z.array(words.edit), next: z.string().nullable() }),
  run: async (ctx, { before, limit }) => {
    const rows = ctx.actor.person ? await store.begunBy(ctx, ctx.actor.person, before, limit + 1) : []
    const page = rows.slice(0, limit)
    return { items: await Promise.all(page.map(row => shown(ctx, row))), next: rows.length > limit ? page.at(-1)!.id : null }
  },
})

async function nameOf(ctx: Ctx, deed: words.Deed): Promise<string> {
  if ('list' in deed) return (await inUse(ctx)).find(each => each.id === deed.list)?.name ?? '…'
  if (deed.does === 'field') return (await fieldsList(ctx, {})).items.find(each => each.id === deed.field)?.name ?? '…'
  if ('tag' in deed) return deed.tag
  if ('side' in deed) return t(`sides.name.${deed.side}`)
  if (deed.does === 'tier' || deed.does === 'player') return deed.value ? t(`traits.${deed.does}.${deed.value}`) : t('traits.none')
  return isLanguage(deed.value) ? languageNames[deed.value] : t('edits.noLanguage')
}

export const cancel = action({
  says: 'Stop a change to many people; what is done so far stays, and can be taken back',
  who: 'people.write',
  takes: one,
  gives: z.object({}),
  run: async (ctx, { edit }) => {
    await cancelTask(ctx, (await own(ctx, await store.one(ctx, edit))).task)
    return {}
  },
})

export const undo = action({
  says: 'Take a change to many people back; what somebody has changed since stays as it is',
  who: 'people.write',
  takes: one,
  gives: z.object({ ended: z.boolean() }),
  run: async (ctx, { edit }) => {
    const row = await own(ctx, await store.locked(ctx, edit))
    if (!rules.mayGoBack(row.state)) return { ended: row.state === 'undone' }
    const title = t(`edits.run.${row.deed.does}`, { name: '' })
    const task = await beginTask(ctx, { kind: 'edits.edit', title, startedBy: row.by, total: row.changed })
    await store.change(ctx, edit, { state: 'undoing', task })
    if (row.total > rules.limits.atOnce) return later(ctx, workEdit, { edit }).then(() => ({ ended: false }))
    while (await step(ctx, edit));
    return { ended: true }
  },
})

export const forgetOld = every(
  { hour: 4 },
  'Changes to many people that are older than thirty days can no longer be taken back',
  async ctx => {
    await store.forget(ctx, rules.keptSince(ctx.now))
  },
)

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  people_edit: { of: { id: store.inWhichTheyAre }, hide: true },
  people_edit_entry: { of: { person: 'person' }, with: 'people_edit', hide: true },
})
