import { z } from 'zod'
import { action, cursor, id, limit, text } from '#kernel/action.ts'
import { askedOnce, type Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { every } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { remembered } from '#kernel/remembered.ts'
import { on } from '#social/activities/words.ts'
import { notify } from '#social/notifications/actions.ts'
import { idsOf, shownName } from '#social/people/actions.ts'
import { search } from '#social/search/actions.ts'
import { allKinds, kindBy, kindNamed } from './actions-kinds.ts'
import { keepRefused, putAll } from './actions-putting.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as refusals from './store-sources.ts'
import * as words from './words.ts'

export { askAddress, askDue, askNow, previewOf, takeAtDoor } from './actions-coming.ts'
export { files } from './actions-file.ts'
export { kept } from './actions-kept.ts'
export { allKinds, archiveKind, bringKindBack, changeKind, kindBy, kindNamed, kinds, makeKind, personWays } from './actions-kinds.ts'
export { matchLater } from './actions-people.ts'
export {
  bringSourceBack,
  changeSource,
  makeAddress,
  makeDoor,
  pauseSource,
  removeSource,
  renewSecret,
  resumeSource,
  source,
  sources,
} from './actions-sources.ts'

// —— looking ——

const shown = (row: words.Listed): words.Listed => ({ ...row, personName: row.personName && shownName(row.personName) })

export const list = action({
  says: 'List the records of a kind, those that changed last first; by state, those without a person, or those that these words or this key find',
  who: 'records.read',
  reads: true,
  takes: z.strictObject({
    kind: z.string().max(40),
    q: text(300).default(''),
    state: z.string().max(200).optional(),
    nobody: z.stringbool().or(z.boolean()).default(false),
    before: cursor,
    limit,
  }),
  gives: z.object({ items: z.array(words.listed), next: z.string().nullable() }),
  run: async (ctx, { kind: name, q, before, limit: most, ...filter }) => {
    const kind = await kindNamed(ctx, name)
    if (q.trim()) return searched(ctx, kind, q.trim(), before, most)
    const items = (await store.list(ctx, { ...filter, kind: kind.id, before, limit: most })).map(shown)
    const last = items.at(-1)
    return { items, next: last && items.length === most ? `${last.changedAt.getTime()} ${last.id}` : null }
  },
})

/** A key leads to its record; words are looked for as everywhere in the house. */
async function searched(ctx: Ctx, kind: words.Kind, q: string, before: string | undefined, most: number) {
  const called = before ? undefined : await store.byKey(ctx, kind.id, q)
  if (called) return { items: [shown(called)], next: null }
  const { items, next } = await search(ctx, { q: `${q} is:record`, before, limit: most })
  const found = await store.byIds(
    ctx,
    items.map(each => each.id),
  )
  const rows = new Map(found.filter(row => row.kind === kind.id).map(row => [row.id, row]))
  return { items: items.flatMap(each => rows.get(each.id) ?? []).map(shown), next }
}

export const show = action({
  says: 'Show one record by its id',
  who: 'records.read',
  reads: true,
  takes: z.strictObject({ record: id }),
  gives: words.listed,
  run: async (ctx, input) => shown((await store.one(ctx, input.record)) ?? refuse('notFound', 'records.notThere')),
})

export const counts = action({
  says: 'How many records there are, by kind, state and whether their person is known',
  who: 'records.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(z.object({ kind: id, state: z.string(), matched: z.boolean(), n: z.number() })) }),
  run: async ctx => ({ items: await store.counts(ctx) }),
})

export const countsOf = (ctx: Ctx): Promise<store.Counted[]> =>
  askedOnce(ctx, 'records.counts', () => remembered(ctx, 'records.counts', ['records'], () => store.counts(ctx)))

/** Of a person, those that changed last: one look into the index, and none where no kind was ever defined. */
export async function ofPerson(ctx: Ctx, person: string, most: number): Promise<words.Listed[]> {
  if ((await allKinds(ctx)).length === 0) return []
  return (await store.ofPeople(ctx, [...new Set([...(await idsOf(ctx, person)), person])], most)).map(shown)
}

export const recordOfDiscussion = store.byDiscussion

// —— bringing in ——

export const put = action({
  says: 'Bring up to 1,000 records of a kind in, each known by its key: new, changed, or the same; a row that cannot go in tells why and stops no other',
  who: 'records.write',
  takes: z.strictObject({ kind: z.string().max(40), items: z.array(z.unknown()).max(rules.mostRows) }),
  gives: z.object({ items: z.array(words.outcome) }),
  run: async (ctx, { kind: name, items }) => {
    const kind = await kindNamed(ctx, name)
    const { outcomes } = await putAll(ctx, kind, items)
    await keepRefused(ctx, kind.id, null, items, outcomes)
    return { items: outcomes }
  },
})

// —— what did not go in ——

export const refused = action({
  says: 'List rows of a kind that could not go in, newest first, each with its reason as a message key',
  who: 'records.write',
  reads: true,
  takes: z.strictObject({ kind: z.string().max(40), before: id.optional(), limit }),
  gives: z.object({ items: z.array(words.refusedRow), next: z.string().nullable() }),
  run: async (ctx, { kind, before, limit: most }) => {
    const items = await refusals.refused(ctx, (await kindNamed(ctx, kind)).id, before, most)
    return { items, next: items.length === most ? items.at(-1)!.id : null }
  },
})

export const retry = action({
  says: 'Try the oldest thousand rows of a kind once more that could not go in; those that still cannot stay',
  who: 'records.write',
  takes: z.strictObject({ kind: z.string().max(40) }),
  gives: z.object({ went: z.number(), stay: z.number() }),
  run: async (ctx, { kind: name }) => {
    const kind = await kindNamed(ctx, name)
    rules.isInUse(kind)
    const taken = await refusals.takeRefused(ctx, kind.id, rules.mostRows)
    const items: unknown[] = taken.map(each => JSON.parse(each))
    const { outcomes } = await putAll(ctx, kind, items)
    const stay = await keepRefused(ctx, kind.id, null, items, outcomes)
    tell(ctx, `records.refused:${kind.id}`)
    return { went: items.length - stay, stay }
  },
})

export const forget = every({ hour: 4 }, 'Rows that could not go in are forgotten after thirty days', async ctx => {
  await refusals.forgetRefused(ctx, new Date(ctx.now.getTime() - 30 * 86_400_000))
})

export const sumUp = every({ minutes: 10 }, 'The numbers of records are summed up', async ctx => void (await store.sumUp(ctx)))

// —— telling ——

export const tellFollowers = on(words.Changed, 'who follows a record is told what changed', async (ctx, happened) => {
  const follow = await store.followers(ctx, [...new Set(happened.flatMap(each => each.thread ?? []))])
  if (follow.length === 0) return
  const rows = new Map((await store.byIds(ctx, [...new Set(happened.map(each => each.object!))])).map(row => [row.id, row]))
  const kinds = new Map((await allKinds(ctx)).map(each => [each.id, each]))
  await notify(
    ctx,
    happened.flatMap(each => {
      const row = rows.get(each.object!)
      const kind = row && kinds.get(row.kind)
      if (!kind) return []
      const labels = each.detail.changes.flatMap(one => kind.fields.find(field => field.key === one.field)?.label ?? [])
      const notice = { kind: 'reply' as const, activity: each.id, thread: row.discussion, object: row.id, actor: each.actor }
      const told = { title: `${kind.one} ${row.title}`, fields: labels.slice(0, 5).join(', ') }
      const people = follow.filter(one => one.thread === each.thread && one.person !== each.actor)
      return people.map(({ person }) => ({
        ...notice,
        person,
        says: 'records.tell.changed',
        told,
        path: `/records/${kind.name}/${row.id}`,
      }))
    }),
  )
})

/** The kind of a record that somebody looks at, under the name of that kind and no other. */
export async function kindOf(ctx: Ctx, row: words.TheRecord, name: string): Promise<words.Kind> {
  const kind = await kindBy(ctx, row.kind)
  return kind.name === name ? kind : refuse('notFound', 'records.notThere')
}
