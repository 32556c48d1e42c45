/** Records that may be one person: found when something is told of one of them, and shown with what speaks for it. */
import { z } from 'zod'
import { action, cursor, id, limit, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { job, later } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { on } from '#social/activities/words.ts'
import { cardsOf, idsOf, keyOf, shownName, signInNetwork } from '#social/people/actions.ts'
import {
  Linked,
  Met,
  Changed as PersonChanged,
  Removed as PersonRemoved,
  telephone,
  Unlinked,
  Verified,
  webPage,
} from '#social/people/words.ts'
import * as rules from './rules.ts'
import * as store from './store-finding.ts'
import * as words from './words.ts'

// —— finding ——

/** Looks for whoever may be the same as one of these records, and keeps what speaks for it. */
async function lookFor(ctx: Ctx, people: string[]): Promise<void> {
  await store.retrace(ctx, people, ['handle', 'about'], await tracesOf(ctx, people))
  const pairs = rules.pairsOf(await store.look(ctx, people))
  await store.keepPairs(
    ctx,
    people,
    pairs.map(pair => ({ ...pair, id: newId() })),
  )
  if (pairs.length) tell(ctx, 'duplicates')
}

async function tracesOf(ctx: Ctx, people: string[]): Promise<words.Trace[]> {
  const { handles, about } = await store.sources(ctx, people)
  return [
    ...handles.flatMap(({ person, ...handle }) => inHandle(handle).map(each => ({ ...each, person }))),
    ...about.flatMap(each => tracesInText(each.about, 'about').map(trace => ({ ...trace, person: each.person }))),
  ]
}

function inHandle({ network, address, url }: { network: string; address: string; url: string | null }) {
  const phone = network === telephone.name ? rules.phoneTrace(address) : null
  const page = network === webPage.name ? rules.pageTrace(address) : url ? rules.pageTrace(url) : null
  return [
    ...(phone ? [{ kind: 'phone' as const, value: phone, source: 'handle' }] : []),
    ...(page ? [{ kind: 'page' as const, value: page, source: 'handle' }] : []),
  ]
}

/** Mail addresses as the network makes them equal with which one signs in. */
const tracesInText = (text: string, source: string): Omit<words.Trace, 'person'>[] =>
  rules.tracesIn(text, source).map(each => (each.kind === 'mail' ? { ...each, value: signInNetwork().normalise(each.value) } : each))

const peopleIn = (happened: { object: string | null }[]): string[] => [...new Set(happened.flatMap(each => each.object ?? []))]

export const findAlike = on(
  [Met, PersonChanged, Linked, Unlinked, Verified],
  'Records that may be one person are found when something is told of one of them',
  (ctx, happened) => lookFor(ctx, peopleIn(happened)),
)

export const settlePairs = on(
  [words.Merged, words.Separated],
  'What was joined is no longer suggested, and what was taken apart is again',
  async (ctx, happened) => {
    const people = [...new Set(happened.flatMap(each => [each.object, each.target].filter(id => id !== null)))]
    const all = (await Promise.all(people.map(each => idsOf(ctx, each)))).flat()
    await store.settle(ctx, [...new Set([...people, ...all])])
    if (happened.some(each => each.verb === 'Undo')) await lookFor(ctx, people)
    tell(ctx, 'duplicates')
  },
)

export const forgetGone = on(PersonRemoved, 'Whoever was taken out is compared with nobody', (ctx, happened) =>
  store.forget(ctx, peopleIn(happened)),
)

export const lookAgain = job(
  'Look for whoever may be the same person',
  z.object({ people: z.array(z.uuid()).max(500) }),
  (ctx, { people }) => lookFor(ctx, people),
)

/**
 * A text that stands with a person elsewhere (a field, an order, what a visitor typed): whoever has the same mail address, number or page is suggested.
 * It takes the place of what the same source told before. Nobody is ever merged by it.
 */
export async function noteText(ctx: Ctx, { person, source, text }: { person: string; source: string; text: string }): Promise<void> {
  const phone = /^[+\d][\d\s()./-]{6,30}$/.test(text) ? rules.phoneTrace(text) : null
  const traces = phone ? [{ kind: 'phone' as const, value: phone, source }] : tracesInText(text, source)
  const changed = await store.retrace(
    ctx,
    [person],
    [source],
    traces.map(each => ({ ...each, person })),
  )
  if (changed.length) await later(ctx, lookAgain, { people: [person] })
}

/** What was proved, but is not joined without a colleague. */
export async function keepProof(ctx: Ctx, it: { one: string; other: string; because: words.Proof; detail: string }): Promise<void> {
  const pairs = rules.pairsOf([it]).map(pair => ({ ...pair, id: newId() }))
  await store.addToPairs(ctx, pairs)
}

// —— seeing ——

/** What speaks for others being the same person as this one, by all of its ids; those who are two by a colleague's word are left out. */
export async function hintsOf(ctx: Ctx, ids: string[]): Promise<rules.Hint[]> {
  const [live, kept] = [await store.look(ctx, ids), await store.pairsWith(ctx, ids)]
  return hintsIn(ctx, ids, live, kept)
}

/** As `hintsOf`, only what was found before: for whoever just looks at a page. */
export const keptHintsOf = async (ctx: Ctx, ids: string[]): Promise<rules.Hint[]> => {
  const kept = await store.pairsWith(ctx, ids)
  return kept.length ? hintsIn(ctx, ids, [], kept) : []
}

async function hintsIn(ctx: Ctx, ids: string[], live: rules.Found[], kept: store.Row[]): Promise<rules.Hint[]> {
  const stored = kept.flatMap(({ one, other, evidence }) => rules.reasonsOf(evidence).map(each => ({ ...each, one, other })))
  const other = (it: { one: string; other: string }) => (ids.includes(it.one) ? it.other : it.one)
  const cards = await cardsOf(ctx, [...live, ...stored].map(other))
  const standsOf = (id: string) => cards.get(id)?.stands
  const apart = new Set(kept.filter(each => each.parted_at).map(each => standsOf(other(each))))
  return [...live, ...stored].flatMap(it => {
    const person = standsOf(other(it))
    return person && !ids.includes(person) && !apart.has(person) ? [{ person, because: it.because, detail: it.detail }] : []
  })
}

export const duplicates = action({
  says: 'List pairs of records that may be one person, each with what speaks for it, the strongest first; or those that a colleague called two people',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({
    q: text(100).optional(),
    parted: z.stringbool().or(z.boolean()).default(false),
    strength: z.coerce.number().int().min(1).max(3).optional(),
    after: cursor,
    limit,
  }),
  gives: z.object({ items: z.array(words.pair), next: z.string().nullable() }),
  run: async (ctx, { q, after, ...asked }) => {
    const rows = await store.pairs(ctx, { ...asked, words: keyOf(q ?? ''), after: placeOf(after), limit: asked.limit + 1 })
    const page = rows.slice(0, asked.limit)
    const last = page.at(-1)
    return { items: await shown(ctx, page), next: rows.length > page.length && last ? `${last.strength} ${last.id}` : null }
  },
})

function placeOf(after: string | undefined): store.Asked['after'] {
  const [strength, id] = (after ?? '').split(' ')
  if (!after) return undefined
  const place = z.tuple([z.coerce.number().int(), z.uuid()]).safeParse([strength, id])
  return place.success ? { strength: place.data[0], id: place.data[1] } : refuse('invalid', 'kernel.invalid')
}

async function shown(ctx: Ctx, rows: store.Row[]): Promise<words.Pair[]> {
  const cards = await cardsOf(
    ctx,
    rows.flatMap(each => [each.one, each.other, ...(each.parted_by ? [each.parted_by] : [])]),
  )
  const seen = new Set<string>()
  return rows.flatMap(row => {
    const [one, other] = [cards.get(row.one), cards.get(row.other)]
    if (!one || !other) return []
    const key = [one.stands, other.stands].sort().join(' ')
    if (seen.has(key)) return []
    seen.add(key)
    const reasons = rules.reasonsOf(row.evidence).map(each => ({ ...each, detail: shownName(each.detail) }))
    const partedBy = (row.parted_by && cards.get(row.parted_by)) || null
    return [{ id: row.id, one, other, strength: row.strength, reasons, foundAt: row.found_at, partedAt: row.parted_at, partedBy }]
  })
}

// —— deciding that they are two ——

const two = z.strictObject({ one: id, other: id })

async function bothOf(ctx: Ctx, { one, other }: { one: string; other: string }): Promise<[string[], string[]]> {
  const both = [await idsOf(ctx, one), await idsOf(ctx, other)] as [string[], string[]]
  if (both.some(each => each.length === 0)) refuse('notFound', 'merges.personNotFound')
  if (both[0][0] === both[1][0]) refuse('conflict', 'merges.same')
  return both
}

export const part = action({
  says: 'Decide that two records are two people: they are not suggested again',
  who: 'people.write',
  takes: two,
  gives: z.object({ one: id, other: id }),
  run: async (ctx, input) => {
    const [some, others] = await bothOf(ctx, input)
    await keepLive(ctx, some, others)
    if ((await store.part(ctx, some, others, true)) === 0) refuse('conflict', 'merges.notAlike')
    return told(ctx, words.Parted, some[0]!, others[0]!)
  },
})

/** What speaks for it just now, if it was not found yet: the decision is about something. */
async function keepLive(ctx: Ctx, some: string[], others: string[]): Promise<void> {
  const found = (await store.look(ctx, some)).filter(each => others.includes(each.other))
  const pairs = rules.pairsOf(found).map(pair => ({ ...pair, id: newId() }))
  if (pairs.length) await store.addToPairs(ctx, pairs)
}

export const reconsider = action({
  says: 'Take back that two records are two people: they may be suggested again',
  who: 'people.write',
  takes: two,
  gives: z.object({ one: id, other: id }),
  run: async (ctx, input) => {
    const [some, others] = await bothOf(ctx, input)
    if ((await store.part(ctx, some, others, false)) === 0) refuse('conflict', 'merges.notParted')
    return told(ctx, words.Reconsidered, some[0]!, others[0]!)
  },
})

function told(ctx: Ctx, word: typeof words.Parted, one: string, other: string) {
  record(ctx, word, { object: one, target: other, detail: {} })
  for (const topic of [`person:${one}`, `person:${other}`, 'duplicates']) tell(ctx, topic)
  return { one, other }
}
