import { z } from 'zod'
import { action, cursor, id, limit, text } from '#kernel/action.ts'
import { askedOnce, type Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { every } from '#kernel/jobs.ts'
import { remembered } from '#kernel/remembered.ts'
import { idsOf, shownName } from '#social/people/actions.ts'
import { search } from '#social/search/actions.ts'
import { todayOf } from './actions-moving.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as work from './store-work.ts'
import * as words from './words.ts'

export { add } from './actions-adding.ts'
export { handBack, handOver, hearMerged, hearMovedBack } from './actions-handing.ts'
export { assign, lose, move, pathOf, reopen, setAside, todayOf, win } from './actions-moving.ts'
export {
  archiveReason,
  archiveStage,
  bringReasonBack,
  bringStageBack,
  changeReason,
  changeStage,
  chooseCurrency,
  currencyOf,
  makeReason,
  makeStage,
  reasonName,
  reasons,
  reasonsOf,
  stageName,
  stages,
  stagesOf,
} from './actions-settings.ts'
export { addLine, change, changeLine, dropLine, link, planStep, stepDone, tellDue, unlink } from './actions-work.ts'

// —— looking ——

const shown = <T extends words.Listed>(row: T): T => ({
  ...row,
  personName: row.personName && shownName(row.personName),
  companyName: row.companyName && shownName(row.companyName),
  ownerName: row.ownerName && shownName(row.ownerName),
})

const month = z.string().regex(/^(\d{4}(-(0[1-9]|1[0-2]))?|late|none)$/)

export const list = action({
  says: 'List opportunities and leads by view, owner (or `none`), team, stage, month in which they are expected or ended (2026-11, 2026, late, none), currency or reason, those that changed last first; with `q` those that these words, or this number, find',
  who: 'sales.read',
  reads: true,
  takes: z.strictObject({
    view: z.enum(words.views).default('open'),
    q: text(300).default(''),
    person: id.optional(),
    owner: id.or(z.literal('none')).optional(),
    team: id.optional(),
    stage: id.optional(),
    month: month.optional(),
    currency: z.string().length(3).optional(),
    reason: id.optional(),
    before: cursor,
    limit,
  }),
  gives: z.object({ items: z.array(words.listed), next: z.string().nullable() }),
  run: async (ctx, { view, q, person, owner, before, limit: most, ...asked }) => {
    if (q.trim()) return searched(ctx, q, before, most)
    const wanted = { ...asked, ...rules.filterOf(view, ctx.actor.person), ...(owner && { owner: owner === 'none' ? null : owner }) }
    const people = person && { person: [...(await idsOf(ctx, person)), person] }
    const items = (await store.list(ctx, { ...wanted, ...people, today: todayOf(ctx), before, limit: most })).map(shown)
    const last = items.at(-1)
    return { items, next: last && items.length === most ? `${placeIn(last, view)} ${last.id}` : null }
  },
})

const placeIn = ({ nextOn, changedAt }: words.Opportunity, view: words.View): string | number =>
  view === 'overdue' ? nextOn! : changedAt.getTime()

/** A number leads to its opportunity; words are looked for as everywhere in the house. */
async function searched(ctx: Ctx, q: string, before: string | undefined, most: number) {
  const number = rules.numberIn(q)
  const called = number === null || before ? undefined : await store.byNumber(ctx, number)
  if (called) return { items: [shown(called)], next: null }
  const { items, next } = await search(ctx, { q: `${q} is:opportunity`, before, limit: most })
  const ids = items.map(each => each.id)
  const found = new Map((await store.byIds(ctx, ids)).map(row => [row.id, row]))
  return { items: ids.flatMap(each => found.get(each) ?? []).map(shown), next }
}

export const show = action({
  says: 'Show one opportunity or lead by its number, with its products',
  who: 'sales.read',
  reads: true,
  takes: z.strictObject({ number: z.coerce.number().int().min(1).max(999_999_999) }),
  gives: words.listed.extend({ lines: z.array(words.line) }),
  run: async (ctx, { number }) => {
    const row = shown((await store.byNumber(ctx, number)) ?? refuse('notFound', 'sales.notThere'))
    return { ...row, lines: await work.lines(ctx, row.id) }
  },
})

export const counts = action({
  says: 'How many opportunities and leads each view holds; `overdue` counts to a thousand, `late` are one’s own of them',
  who: 'sales.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.record(z.enum([...words.views, 'late']), z.number()),
  run: async ctx => {
    if (!(await isAny(ctx))) return none
    const [rows, overdue, late] = await Promise.all([countedOf(ctx), store.lateCount(ctx, todayOf(ctx)), lateOf(ctx)])
    const of = (view: words.View) => (view === 'overdue' ? overdue : rules.countIn(rows, rules.filterOf(view, ctx.actor.person)))
    const all = Object.fromEntries(words.views.map(view => [view, of(view)])) as Record<words.View, number>
    return { ...all, late }
  },
})

const none = Object.fromEntries([...words.views, 'late'].map(view => [view, 0])) as Record<words.View | 'late', number>

/** Asked for by the list, the rail and the start page. */
export const countsOf = (ctx: Ctx) =>
  askedOnce(ctx, 'sales.counts', () => remembered(ctx, `sales.counts ${ctx.actor.person}`, ['sales'], () => counts(ctx, {})))

/** One's own steps that are late, for every page: one look into an index, and none before the first opportunity. */
export async function lateOf(ctx: Ctx): Promise<number> {
  const self = ctx.actor.person
  if (!self || !(await isAny(ctx))) return 0
  return remembered(ctx, `sales.late ${self}`, ['sales'], () => store.lateCount(ctx, todayOf(ctx), self))
}

/** All that is counted: by state, stage, owner, team, currency, month and reason. */
export const countedOf = (ctx: Ctx): Promise<words.Counted[]> =>
  askedOnce(ctx, 'sales.counted', () => remembered(ctx, 'sales.counted', ['sales'], () => store.counts(ctx)))

export const forecast = action({
  says: 'What is expected and what was won this year, by month and by owner, plain and by probability, and why others were lost; amounts in the smallest unit, each currency by itself',
  who: 'sales.forecast',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(words.forecastOf) }),
  run: async ctx => ({ items: rules.forecastFrom(await countedOf(ctx), todayOf(ctx)) }),
})

/** A column of the board: those that changed last. */
export const column = async (ctx: Ctx, wanted: rules.Filter, most: number): Promise<words.Listed[]> =>
  (await store.list(ctx, { ...wanted, today: todayOf(ctx), limit: most })).map(shown)

const mostTouches = 100
const mostAlike = 5

/** What hangs on an opportunity that somebody looks at. */
export async function besideOf(ctx: Ctx, row: words.Opportunity) {
  const [people, companies] = await Promise.all([row.person, row.company].map(each => (each ? idsOf(ctx, each) : [])))
  const [threads, alike, touches] = await Promise.all([
    store.threadsOf(ctx, row.id),
    store.alike(ctx, { id: row.id, people: people!, companies: companies! }, mostAlike),
    people!.length ? store.touches(ctx, people!, newId(row.closedAt ?? ctx.now), mostTouches) : [],
  ])
  const latest = touches.slice(-mostTouches)
  return { threads, alike: alike.map(shown), touches: touches.length > mostTouches ? [touches[0]!, ...latest] : latest }
}

/** Before the first one nobody asks which stand beside a conversation. */
const isAny = (ctx: Ctx): Promise<boolean> => remembered(ctx, 'sales.any', ['sales'], () => store.isAny(ctx))

const mostBeside = 10

/** Of a thread and of its person, those that changed last first: one statement, and none before the first one. */
export async function around(ctx: Ctx, thread: string | null, person: string | null): Promise<(words.Listed & { linked: boolean })[]> {
  if (!(await isAny(ctx))) return []
  return (await store.around(ctx, thread, person ? [...(await idsOf(ctx, person)), person] : [], mostBeside)).map(shown)
}

/** What came of a case that was handed over. */
export const ofCase = async (ctx: Ctx, one: string): Promise<words.Listed[]> =>
  (await isAny(ctx)) ? (await store.ofCase(ctx, one)).map(shown) : []

export const opportunityOfDiscussion = store.byDiscussion

export const sumUp = every({ minutes: 10 }, 'The numbers of opportunities are summed up', async ctx => void (await store.sumUp(ctx)))
