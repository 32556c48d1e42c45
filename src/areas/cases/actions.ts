import { z } from 'zod'
import { found } from '#areas/crm/actions.ts'
import { action, cursor, id, limit, line, text } from '#kernel/action.ts'
import { askedOnce, type Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { remembered } from '#kernel/remembered.ts'
import { record } from '#social/activities/actions.ts'
import { idsOf, shownName } from '#social/people/actions.ts'
import { search } from '#social/search/actions.ts'
import { teamsOf, teamsWith } from '#social/teams/actions.ts'
import { mayWorkIn, openAll, threadOf } from '#social/threads/actions.ts'
import { traitsOf } from '#social/traits/actions.ts'
import { retime } from './actions-clock.ts'
import { hand } from './actions-moving.ts'
import { makeFindable } from './actions-work.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as work from './store-work.ts'
import * as words from './words.ts'

export { hearCalendars, hearHours, hearPolicies, idleCalendars, retimeSome, sumUp, watch } from './actions-clock.ts'
export { forgetAnswers, hearMerged, hearMessages, hearMovedBack } from './actions-hearing.ts'
export { assign, close, giveBack, move, reopen, take } from './actions-moving.ts'
export { answerBehind, askBehind, behindLink, linkFor, renewLink } from './actions-public.ts'
export {
  archivePolicy,
  archiveType,
  bringPolicyBack,
  bringTypeBack,
  changePolicy,
  changeType,
  makePolicy,
  makeType,
  policies,
  rulesOf,
  setRules,
  types,
} from './actions-settings.ts'
export { addCheck, change, dropCheck, link, restoreTime, setCheck, spendTime, takeTime, unlink } from './actions-work.ts'
export { keyFor } from './rules.ts'

// —— looking ——

const shown = (row: words.Listed): words.Listed => ({
  ...row,
  personName: row.personName && shownName(row.personName),
  ownerName: row.ownerName && shownName(row.ownerName),
})

const teamIds = async (ctx: Ctx): Promise<string[]> => (await teamsWith(ctx, ctx.actor.person)).map(each => each.id)

export const list = action({
  says: 'List cases by view or root cause, those that changed last first; with `q` those that these words, or this number, find',
  who: 'cases.read',
  reads: true,
  takes: z.strictObject({
    view: z.enum(words.views).default('active'),
    q: text(300).default(''),
    person: id.optional(),
    cause: line(200).optional(),
    before: cursor,
    limit,
  }),
  gives: z.object({ items: z.array(words.listed), next: z.string().nullable() }),
  run: async (ctx, { view, q, person, cause, before, limit: most }) => {
    if (q.trim()) return searched(ctx, q, before, most)
    const people = person ? [...(await idsOf(ctx, person)), person] : undefined
    const narrowed = { ...(people && { person: people }), ...(cause && { cause }) }
    const filter = { ...rules.filterOf(view, ctx.actor.person, await teamIds(ctx)), before, limit: most, ...narrowed }
    const items = (await store.list(ctx, filter)).map(shown)
    const last = items.at(-1)
    return { items, next: last && items.length === most ? `${last.changedAt.getTime()} ${last.id}` : null }
  },
})

export const reasons = action({
  says: 'How often each root cause was why a case came, of those closed in the last so many days',
  who: 'cases.read',
  reads: true,
  takes: z.strictObject({ days: z.coerce.number().int().min(1).max(366).default(90) }),
  gives: z.object({ items: z.array(z.object({ cause: z.string(), count: z.number() })) }),
  run: async (ctx, { days }) => ({ items: await store.causesSince(ctx, new Date(ctx.now.getTime() - days * 86_400_000), 100) }),
})

/** A number leads to its case; words are looked for as everywhere in the house. */
async function searched(ctx: Ctx, q: string, before: string | undefined, most: number) {
  const number = rules.numberIn(q)
  const called = number === null || before ? undefined : await store.byNumber(ctx, number)
  if (called) return { items: [shown(called)], next: null }
  const { items, next } = await search(ctx, { q: `${q} is:case`, before, limit: most })
  const rows = new Map(
    (
      await store.byIds(
        ctx,
        items.map(each => each.id),
      )
    ).map(row => [row.id, row]),
  )
  return { items: items.flatMap(each => rows.get(each.id) ?? []).map(shown), next }
}

export const show = action({
  says: 'Show one case by its number',
  who: 'cases.read',
  reads: true,
  takes: z.strictObject({ number: z.coerce.number().int().min(1).max(999_999_999) }),
  gives: words.listed,
  run: async (ctx, { number }) => shown((await store.byNumber(ctx, number)) ?? refuse('notFound', 'cases.notThere')),
})

/** More than ever fit into a month that somebody looks at. */
const mostInCalendar = 1000

export const calendar = action({
  says: 'List open cases that are to be solved between two moments, at most three months apart',
  who: 'cases.read',
  reads: true,
  takes: z.strictObject({ from: z.coerce.date(), to: z.coerce.date() }),
  gives: z.object({ items: z.array(words.listed) }),
  run: async (ctx, { from, to }) => {
    if (to.getTime() - from.getTime() > 93 * 86_400_000) refuse('invalid', 'cases.tooLong')
    return { items: (await store.dueBetween(ctx, from, to, mostInCalendar)).map(shown) }
  },
})

/** Read once for everybody: whose they are stands in the rows. */
const counted = (ctx: Ctx) => remembered(ctx, 'cases.counted', ['cases'], () => store.counts(ctx))

export const counts = action({
  says: 'How many cases each view holds',
  who: 'cases.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.record(z.enum(words.views), z.number()),
  run: async ctx => {
    const [rows, teams] = await Promise.all([counted(ctx), teamIds(ctx)])
    const of = (view: words.View) => rules.countIn(rows, rules.filterOf(view, ctx.actor.person, teams))
    return Object.fromEntries(words.views.map(view => [view, of(view)])) as Record<words.View, number>
  },
})

/** Asked for by the list, the rail and the start page. */
export const countsOf = (ctx: Ctx) => askedOnce(ctx, 'cases.counts', () => counts(ctx, {}))

/** How many cases of each state stand on the board, whatever is shown of them. */
export const stateCounts = async (ctx: Ctx, team: string | null): Promise<Record<words.State, number>> => {
  const rows = await counted(ctx)
  const of = (state: words.State) => rules.countIn(rows, { state, ...(team && { teams: [team] }) })
  return Object.fromEntries(words.states.map(state => [state, of(state)])) as Record<words.State, number>
}

/** A column of the board: those of a state that changed last. */
export const column = async (ctx: Ctx, state: words.State, team: string | null, most: number): Promise<words.Listed[]> =>
  (await store.list(ctx, { state, ...(team && { teams: [team] }), limit: most })).map(shown)

/** What hangs on a case that somebody looks at. */
export async function besideOf(ctx: Ctx, row: words.Case) {
  const [threads, checks, times, around, others] = await Promise.all([
    store.threadsOf(ctx, row.id),
    work.checksOf(ctx, row.id),
    work.timesOf(ctx, row.id),
    store.around(ctx, row.id),
    store.byIds(
      ctx,
      [row.parent, row.duplicateOf].filter(each => each !== null),
    ),
  ])
  return {
    threads,
    checks,
    times,
    around: around.map(shown),
    parent: others.find(each => each.id === row.parent),
    original: others.find(each => each.id === row.duplicateOf),
  }
}

/** Before the first one nobody asks which stand beside a conversation. */
const isAny = (ctx: Ctx): Promise<boolean> => remembered(ctx, 'cases.any', ['cases'], () => store.isAny(ctx))

/** Cases of a person, those that changed last first. */
export async function ofPerson(ctx: Ctx, person: string, most = 10): Promise<words.Listed[]> {
  if (!(await isAny(ctx))) return []
  return (await store.list(ctx, { person: [...(await idsOf(ctx, person)), person], limit: most })).map(shown)
}

/** Cases of a thread, and whether a new one is suggested because its customer wrote again long after the end. */
export async function ofThread(ctx: Ctx, thread: string): Promise<{ cases: words.Listed[]; suggested: boolean }> {
  const links = (await isAny(ctx)) ? await store.linksOf(ctx, [thread]) : []
  const rows = await store.byIds(
    ctx,
    links.map(each => each.caseId),
  )
  return { cases: rows.map(shown).sort((a, b) => b.number - a.number), suggested: links.some(each => each.suggestedAt !== null) }
}

export const caseOfDiscussion = store.byDiscussion
export const causes = store.causes
export const checklistOf = work.checksOf

// —— opening ——

export const open = action({
  says: 'Open a case, from a thread or from nothing; from a thread it takes over whom it is with and what it is called',
  who: 'cases.work',
  takes: z.strictObject({
    title: line(300).optional(),
    about: text(20_000).default(''),
    thread: id.optional(),
    type: id.nullable().default(null),
    priority: z.enum(words.priorities).default('normal'),
    /** Left out: that of the person. */
    tier: z.enum(words.tiers).optional(),
    owner: id.nullable().default(null),
    team: id.nullable().default(null),
    person: id.nullable().default(null),
    parent: line(20).optional(),
    /** As typed; each kind of field reads its own. */
    fields: z.record(z.string().max(40), z.string().max(10_000)).default({}),
  }),
  gives: z.object({ case: id, number: z.number() }),
  run: async (ctx, input) => {
    const from = input.thread ? await origin(ctx, input.thread) : undefined
    const title = input.title ?? from?.title ?? missing('title')
    const type = input.type ? await typeOf(ctx, input.type) : undefined
    const team = await teamFor(ctx, input.team)
    const parent = input.parent ? (await calledCase(ctx, input.parent, 'parent')).id : null
    const values = rules.valuesFor(type?.fields ?? [], input.fields)
    const person = input.person ?? from?.person ?? null
    const tier = input.tier ?? (await tierOf(ctx, person))
    const number = await store.nextNumber(ctx)
    const one = newId(ctx.now)
    const [discussion] = await openAll(ctx, [{ subject: `K-${number} ${title}`, kind: 'case', audience: 'staff', startedAt: ctx.now }])
    const blank = { owner: null, duplicate_of: null, minutes: 0, closed_at: null, closed_by: null, cause: null, policy: null, first_due: null, solve_due: null, answered_at: null, answer: null, told: [], alarm: null } // biome-ignore format: a list
    await store.add(ctx, {
      ...{ ...blank, id: one, number, title, about: input.about, type: type?.id ?? null, priority: input.priority, tier },
      ...{
        state: 'new',
        team,
        person,
        channel: from?.channel ?? null,
        parent,
        discussion: discussion!,
      },
      ...{ fields: values, opened_at: ctx.now, opened_by: ctx.actor.person, changed_at: ctx.now, door: newId(ctx.now) },
    })
    record(ctx, words.Opened, {
      object: one,
      thread: discussion!,
      detail: { number, priority: input.priority, from: input.thread ?? null },
    })
    await work.addChecks(
      ctx,
      one,
      (type?.checklist ?? []).map(each => ({ id: newId(ctx.now), text: each })),
    )
    if (input.thread) await begin(ctx, one, discussion!, input.thread)
    const [row] = await store.lock(ctx, [one])
    await retime(ctx, [one])
    await makeFindable(ctx, row!)
    if (input.owner) await hand(ctx, row!, input.owner)
    tell(ctx, 'cases')
    return { case: one, number }
  },
})

const missing = (field: string): never => {
  throw new Refusal('invalid', 'kernel.invalid', {}, { fields: [{ field, key: 'kernel.fault.missing' }] })
}

/** What a thread says of the case that it begins; nothing of a closed one goes where every colleague reads it. */
async function origin(ctx: Ctx, thread: string): Promise<{ title: string | undefined; person: string | null; channel: string | null }> {
  await mayWorkIn(ctx, [thread])
  const known = await threadOf(ctx, thread)
  const talk = await found(ctx, known.id)
  const title = talk?.room ? undefined : known.subject || known.snippet
  return { title: title?.slice(0, 300).toWellFormed().trim() || undefined, person: known.person, channel: known.channel }
}

async function tierOf(ctx: Ctx, person: string | null): Promise<words.Tier> {
  return (person && (await traitsOf(ctx, await idsOf(ctx, person))).tier) || 'standard'
}

async function begin(ctx: Ctx, one: string, discussion: string, thread: string): Promise<void> {
  await store.link(ctx, one, thread)
  await store.suggest(ctx, thread, null)
  record(ctx, words.Linked, { object: one, thread: discussion, target: thread })
  tell(ctx, `thread:${thread}`)
}

async function typeOf(ctx: Ctx, type: string): Promise<words.CaseType> {
  const known = (await work.types(ctx)).find(each => each.id === type && each.archivedAt === null)
  return known ?? refuse('notFound', 'cases.typeNotThere')
}

/** The one that was chosen; else that of the opener, who belongs to one alone. */
async function teamFor(ctx: Ctx, wanted: string | null): Promise<string | null> {
  if (wanted) return (await teamsOf(ctx)).some(each => each.id === wanted) ? wanted : refuse('notFound', 'teams.notThere')
  const own = await teamIds(ctx)
  return own.length === 1 ? own[0]! : null
}

/** The case that somebody calls by its number in this field. */
export async function calledCase(ctx: Ctx, called: string, field: string): Promise<words.Case> {
  const number = rules.numberIn(called)
  const known = number === null ? undefined : await store.byNumber(ctx, number)
  if (!known) throw new Refusal('invalid', 'cases.noSuchNumber', {}, { fields: [{ field, key: 'cases.noSuchNumber' }] })
  return known
}

/** These cases as they stand; held until the end of the transaction where something is decided about them. */
export const standing = (ctx: Ctx, ids: string[], hold: boolean): Promise<words.Case[]> =>
  hold ? store.lock(ctx, ids) : store.byIds(ctx, ids)

/** How many cases that are not closed each owner has. */
export async function loadsOf(ctx: Ctx): Promise<Map<string, number>> {
  const loads = new Map<string, number>()
  for (const { owner, state, n } of await store.counts(ctx)) if (state !== 'closed') loads.set(owner, (loads.get(owner) ?? 0) + n)
  return loads
}
