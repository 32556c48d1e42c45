/** What a list of conversations shows: filters in words, kept under a name, shared or one's own. */
import { z } from 'zod'
import { action, id, line } from '#kernel/action.ts'
import { placesOf } from '#kernel/closed.ts'
import { askedOnce, type Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { keeps } from '#kernel/keeps.ts'
import { tell } from '#kernel/live.ts'
import { seesOwned } from '#kernel/owned.ts'
import { remembered } from '#kernel/remembered.ts'
import { record } from '#social/activities/actions.ts'
import { accountsOf, brandsOf } from '#social/brands/actions.ts'
import { allAccounts } from '#social/channels/actions.ts'
import { workers } from '#social/members/actions.ts'
import { filterOf, labelOf, wantedBy } from './rules.ts'
import type * as store from './store.ts'
import { counts as countsIn } from './store-standing.ts'
import * as kept from './store-views.ts'
import * as words from './words.ts'

const nobody = '00000000-0000-0000-0000-000000000000'
const mostViews = 60

export interface Asked {
  view: words.View
  label?: string
  brand?: string
  words?: string
}

/** What the store is asked for; nothing where a word means nobody and nothing. */
export async function filterBy(ctx: Ctx, asked: Asked): Promise<{ filter: Omit<store.ListFilter, 'limit'> | null; unknown: string[] }> {
  const { wanted, unknown } = wantedBy(asked.words ?? '')
  const [places, accounts, assignee] = await Promise.all([
    placesOf(ctx),
    accountsFor(ctx, asked.brand, wanted),
    wanted.owner === undefined ? undefined : ownerCalled(ctx, wanted.owner),
  ])
  const view = filterOf(asked.view, ctx.actor.person ?? nobody)
  const filter = {
    ...view,
    ...(wanted.state && { state: wanted.state }),
    ...(assignee !== undefined && { assignee: assignee.person }),
    label: wanted.label === undefined ? asked.label : labelOf(wanted.label),
    places,
    accounts,
  }
  return { filter: unknown.length || assignee?.unknown ? null : filter, unknown: assignee?.unknown ? [...unknown, wanted.owner!] : unknown }
}

async function ownerCalled(ctx: Ctx, owner: string): Promise<{ person: string | null; unknown?: true }> {
  if (owner === 'me') return { person: ctx.actor.person ?? nobody }
  if (owner === 'nobody') return { person: null }
  const all = await remembered(ctx, 'members.workers', ['members', 'people', 'person:'], () => workers(ctx))
  const found = all.find(each => each.person === owner || each.name.toLowerCase().startsWith(owner))
  return found ? { person: found.person } : { person: null, unknown: true }
}

async function accountsFor(ctx: Ctx, brand: string | undefined, wanted: words.Wanted): Promise<string[] | undefined> {
  const named = wanted.brand && (await brandsOf(ctx)).items.find(each => each.name.toLowerCase() === wanted.brand)
  const ofBrand = named ? await accountsOf(ctx, named.id) : wanted.brand ? [] : brand ? await accountsOf(ctx, brand) : undefined
  if (!wanted.channel) return ofBrand
  const all = await remembered(ctx, 'crm.accounts', ['accounts'], () => allAccounts(ctx))
  const ofChannel = all.filter(each => each.channel === wanted.channel).map(each => each.id)
  return ofBrand ? ofChannel.filter(each => ofBrand.includes(each)) : ofChannel
}

// —— kept under a name ——

export const views = action({
  says: 'List the saved views of the inbox in their order, with how many conversations each holds',
  who: 'inbox.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(words.savedView) }),
  run: async ctx => ({ items: await savedViews(ctx) }),
})

/** Asked for by every page of the inbox: where there is none, nothing more is asked. */
export const savedViews = (ctx: Ctx): Promise<words.SavedView[]> => askedOnce(ctx, 'crm.views', () => readViews(ctx))

async function readViews(ctx: Ctx): Promise<words.SavedView[]> {
  const rows = await remembered(ctx, `crm.views ${ctx.actor.person}`, ['crm.views'], () => kept.all(ctx, ctx.actor.person, mostViews))
  if (rows.length === 0) return []
  const key = `crm.views counts ${ctx.actor.person} ${rows.map(row => row.words).join('\n')}`
  const counts = await remembered(ctx, key, ['inbox', 'admitted', 'accounts', 'brands'], () => countsOf(ctx, rows))
  return rows.map(({ id: view, name, words: said, owner }, at) => ({
    ...{ id: view, name, words: said },
    own: owner !== null,
    count: counts[at] ?? null,
  }))
}

/** By label or by account; of both together, and of what is over, nothing is counted. */
async function countsOf(ctx: Ctx, rows: kept.ViewRow[]): Promise<(number | null)[]> {
  const filters = await Promise.all(rows.map(async row => (await filterBy(ctx, { view: 'all', words: row.words })).filter))
  const places = await placesOf(ctx)
  const labels = [...new Set(filters.flatMap(each => (each?.label && !each.accounts ? [each.label] : [])))]
  const accounts = [...new Set(filters.flatMap(each => (each && !each.label ? (each.accounts ?? []) : [])))]
  const [byLabel, byAccount, plain] = await Promise.all([
    labels.length ? kept.countsByLabel(ctx, labels, places) : [],
    accounts.length ? kept.countsByAccount(ctx, accounts, places) : [],
    countsIn(ctx, places),
  ])
  return filters.map(each => {
    if (!each || (each.label && each.accounts)) return null
    if (each.label) return summed(byLabel.filter(row => row.of === each.label), each)
    if (each.accounts) return summed(byAccount.filter(row => each.accounts!.includes(row.of)), each)
    return summed(plain, each)
  }) // biome-ignore format: one line each
}

const summed = (
  rows: { state: words.State; assignee: string; n: number }[],
  { state, assignee }: Pick<store.ListFilter, 'state' | 'assignee'>,
) =>
  rows
    .filter(row => (state ? row.state === state : words.worked.includes(row.state as (typeof words.worked)[number])))
    .filter(row => assignee === undefined || row.assignee === (assignee ?? nobody))
    .reduce((sum, row) => sum + row.n, 0)

const about = { name: line(60), words: line(300), own: z.boolean().default(false) }

export const saveView = action({
  says: 'Save a filter of the inbox under a name, for everybody or for oneself alone',
  who: 'inbox.work',
  takes: z.strictObject(about),
  gives: z.object({ view: id }),
  run: async (ctx, { own, ...input }) => {
    isUnderstood(input.words)
    const rows = await kept.all(ctx, ctx.actor.person, mostViews)
    if (rows.length >= mostViews) refuse('tooMany', 'crm.viewsMost', { most: mostViews })
    const row = {
      id: newId(ctx.now),
      ...input,
      owner: own ? ctx.actor.person : null,
      position: (rows.at(-1)?.position ?? 0) + 1,
      removed_at: null,
    }
    await kept.add(ctx, row)
    told(ctx, words.ViewSaved, row)
    return { view: row.id }
  },
})

export const changeView = action({
  says: 'Change a saved view: its name, its filter, whose it is; gives back what it was',
  who: 'inbox.work',
  takes: z.strictObject({ view: id, ...about }),
  gives: z.object({ was: z.object({ name: z.string(), words: z.string(), own: z.boolean() }) }),
  run: async (ctx, { view, own, ...input }) => {
    isUnderstood(input.words)
    const row = await known(ctx, view)
    const set = { ...input, owner: own ? ctx.actor.person : null }
    await kept.change(ctx, view, set)
    told(ctx, words.ViewChanged, { ...row, ...set })
    return { was: { name: row.name, words: row.words, own: row.owner !== null } }
  },
})

export const moveView = action({
  says: 'Move a saved view one place up or down',
  who: 'inbox.work',
  takes: z.strictObject({ view: id, by: z.enum(['up', 'down']) }),
  gives: z.object({}),
  run: async (ctx, { view, by }) => {
    const rows = await kept.all(ctx, ctx.actor.person, mostViews)
    const at = rows.findIndex(row => row.id === view)
    if (at < 0) refuse('notFound', 'crm.viewGone')
    const [moving] = rows.splice(at, 1)
    rows.splice(Math.max(0, at + (by === 'up' ? -1 : 1)), 0, moving!)
    for (const [place, row] of rows.entries()) if (row.position !== place + 1) await kept.change(ctx, row.id, { position: place + 1 })
    tell(ctx, 'crm.views')
    return {}
  },
})

export const removeView = action({
  says: 'Remove a saved view; nothing happens to the conversations',
  who: 'inbox.work',
  takes: z.strictObject({ view: id }),
  gives: z.object({}),
  run: async (ctx, { view }) => {
    const row = await known(ctx, view)
    await kept.change(ctx, view, { removed_at: ctx.now })
    told(ctx, words.ViewRemoved, row)
    return {}
  },
})

export const bringViewBack = action({
  says: 'Bring back a saved view that was removed',
  who: 'inbox.work',
  takes: z.strictObject({ view: id }),
  gives: z.object({}),
  run: async (ctx, { view }) => {
    const row = await known(ctx, view, true)
    if (row.removed_at === null) return {}
    await kept.change(ctx, view, { removed_at: null })
    told(ctx, words.ViewBroughtBack, row)
    return {}
  },
})

/** A view that nothing can be found with is not kept. */
function isUnderstood(said: string): void {
  const { unknown } = wantedBy(said)
  if (unknown.length) refuse('invalid', 'crm.wordsUnknown', { words: unknown.join(' ') })
}

async function known(ctx: Ctx, view: string, removed = false): Promise<kept.ViewRow> {
  const row = await kept.one(ctx, view)
  const seen = row && seesOwned(row.owner, ctx.actor.person) && (removed || row.removed_at === null)
  return seen ? row : refuse('notFound', 'crm.viewGone')
}

/** What is one's own is nobody's news. */
function told(ctx: Ctx, word: typeof words.ViewSaved, { id: object, name, owner }: Pick<kept.ViewRow, 'id' | 'name' | 'owner'>): void {
  if (owner === null) record(ctx, word, { object, detail: { name } })
  tell(ctx, 'crm.views')
}

/** A label that only somebody who is erased had is forgotten. */
export const idleLabels = keeps({}, ctx => kept.forgetIdleLabels(ctx))
