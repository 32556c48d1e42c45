import { z } from 'zod'
import { action, id, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { cardsOf, idsOf, keyOf, lockPeople, shownName, standBehind } from '#social/people/actions.ts'
import { card } from '#social/people/words.ts'
import { isOn } from '#social/sides/actions.ts'
import { vipsAmong } from '#social/traits/actions.ts'
import { hintsOf, keepProof, keptHintsOf } from './actions-finding.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export * from './actions-finding.ts'
export { askPages, lookAtPages } from './actions-pages.ts'

/** All ids of a person, the standing one first. */
async function allOf(ctx: Ctx, person: string): Promise<[string, ...string[]]> {
  const [stands, ...others] = await idsOf(ctx, person)
  return stands ? [stands, ...others] : refuse('notFound', 'merges.personNotFound')
}

export const suggest = action({
  says: 'Suggest records that may be the same person as this one, each with its reason; nothing is merged by itself',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ person: id }),
  gives: z.object({ items: z.array(words.hint) }),
  run: async (ctx, { person }) => ({ items: await told(ctx, await hintsOf(ctx, await allOf(ctx, person))) }),
})

/** What was found before of a person; for pages, which show it beside everything else. */
export const suggested = async (ctx: Ctx, person: string) => told(ctx, await keptHintsOf(ctx, await allOf(ctx, person)))

async function told(ctx: Ctx, all: rules.Hint[]) {
  const hints = rules.suggestions(all)
  const cards = await cardsOf(
    ctx,
    hints.map(each => each.person),
  )
  return hints.map(each => ({ ...each, detail: shownName(each.detail), person: cards.get(each.person)! }))
}

export const candidates = action({
  says: 'Find records that this person could be merged with, by a part of the name or address; without words, those that are suggested',
  who: 'people.write',
  reads: true,
  takes: z.strictObject({ person: id, q: text(100).default('') }),
  gives: z.object({ items: z.array(card) }),
  run: async (ctx, { person, q }) => {
    const ids = await allOf(ctx, person)
    const words = keyOf(q)
    const found = words ? await store.candidates(ctx, words, ids, 20) : rules.suggestions(await hintsOf(ctx, ids)).map(each => each.person)
    const cards = await cardsOf(ctx, found)
    return { items: found.flatMap(each => cards.get(each) ?? []) }
  },
})

export const list = action({
  says: 'List what was merged into a person, who decided it and why, also what was taken back',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ person: id }),
  gives: z.object({ items: z.array(words.merge) }),
  run: async (ctx, { person }) => {
    const merges = await store.mergesOf(ctx, await allOf(ctx, person))
    const names = await store.names(
      ctx,
      merges.flatMap(each => [each.kept, each.gone]),
    )
    const cards = await cardsOf(
      ctx,
      merges.flatMap(each => [each.by, each.undone_by].filter(who => who !== null)),
    )
    const nameOf = (it: string) => shownName(names.get(it) ?? '')
    const cardOf = (it: string | null) => (it && cards.get(it)) || null
    return {
      items: merges.map(({ id, kept, gone, reason, at, ...row }) => ({
        id,
        kept,
        keptName: nameOf(kept),
        gone,
        goneName: nameOf(gone),
        reason,
        at,
        by: cardOf(row.by),
        undoneAt: row.undone_at,
        undoneBy: cardOf(row.undone_by),
      })),
    }
  },
})

export const make = action({
  says: 'Decide that two records are one person: `gone` stands behind `kept` from now on, with all its addresses; can be taken back. Two VIPs: only with `sure`',
  who: 'people.write',
  takes: z.strictObject({ kept: id, gone: id, reason: line(1000), sure: z.stringbool().or(z.boolean()).default(false) }),
  gives: z.object({ merge: id, kept: id, gone: id }),
  run: async (ctx, { reason, sure, ...asked }) => {
    const [kept, gone] = [await allOf(ctx, asked.kept), await allOf(ctx, asked.gone)]
    const evidence = (await hintsOf(ctx, kept)).filter(hint => hint.person === gone[0])
    await checked(ctx, kept, gone)
    rules.mayMergeVips(await vipsOf(ctx, kept, gone), sure)
    const merge = { id: newId(), kept: kept[0], gone: gone[0], reason, by: ctx.actor.person, at: ctx.now }
    await store.add(ctx, merge, evidence)
    await standBehind(ctx, gone, kept[0])
    tellOf(ctx, words.Merged, merge)
    return { merge: merge.id, kept: kept[0], gone: gone[0] }
  },
})

/** How many of the two are VIPs. */
async function vipsOf(ctx: Ctx, some: string[], others: string[]): Promise<number> {
  const vips = await vipsAmong(ctx, [...some, ...others])
  return [some, others].filter(ids => ids.some(each => vips.has(each))).length
}

/** Are both of them VIPs, so that whoever merges them is asked once more? */
export const areVips = async (ctx: Ctx, one: string, other: string): Promise<boolean> =>
  (await vipsOf(ctx, await allOf(ctx, one), await allOf(ctx, other))) > 1

/** With both locked, so that two who merge at once come one after the other. */
async function checked(ctx: Ctx, kept: string[], gone: string[]): Promise<void> {
  const rows = new Map((await lockPeople(ctx, [kept[0]!, gone[0]!])).map(row => [row.id, row]))
  const of = async (ids: string[]) => ({ ...rows.get(ids[0]!)!, colleague: await isOn(ctx, ids, 'colleague') })
  rules.mayMerge(await of(kept), await of(gone))
}

/**
 * Two records were proved to be one person: `gone` stands behind `kept` from now on, as by a decision, and can be taken back as one. False where nothing is
 * joined without a decision.
 */
export async function joinProven(ctx: Ctx, it: { kept: string; gone: string; because: words.Proof; detail: string }): Promise<boolean> {
  const [kept, gone] = [await idsOf(ctx, it.kept), await idsOf(ctx, it.gone)]
  if (!kept[0] || !gone[0] || kept[0] === gone[0]) return false
  const rows = new Map((await lockPeople(ctx, [kept[0], gone[0]])).map(row => [row.id, row]))
  const of = async (ids: string[]) => ({ ...rows.get(ids[0]!)!, colleague: await isOn(ctx, ids, 'colleague') })
  if (!rules.isJoined(await of(kept), await of(gone), await store.wereSeparated(ctx, kept, gone))) {
    await keepProof(ctx, { one: kept[0], other: gone[0], because: it.because, detail: it.detail })
    return false
  }
  const merge = { id: newId(), kept: kept[0], gone: gone[0], reason: `merges.proven.${it.because}`, by: null, at: ctx.now }
  await store.add(ctx, merge, [{ because: it.because, detail: it.detail.slice(0, 500) }])
  await standBehind(ctx, gone, kept[0])
  tellOf(ctx, words.Merged, merge)
  return true
}

function tellOf(ctx: Ctx, word: typeof words.Merged, { id, kept, gone }: { id: string; kept: string; gone: string }): void {
  record(ctx, word, { object: gone, target: kept, detail: { merge: id } })
  for (const topic of [`person:${kept}`, `person:${gone}`, 'people']) tell(ctx, topic)
}

export const undo = action({
  says: 'Take a merge back: both records are again what they were, also when one of them was merged further',
  who: 'people.write',
  takes: z.strictObject({ merge: id }),
  gives: z.object({ kept: id, gone: id }),
  run: async (ctx, input) => {
    const merge = (await store.find(ctx, input.merge)) ?? refuse('notFound', 'merges.notFound')
    if (merge.undone_at) refuse('conflict', 'merges.undoneAlready')
    const [stands] = await allOf(ctx, merge.kept)
    await lockPeople(ctx, [stands, merge.gone])
    await store.undo(ctx, merge.id)
    await standBehind(ctx, await store.behind(ctx, merge.gone), merge.gone)
    tellOf(ctx, words.Separated, merge)
    return { kept: merge.kept, gone: merge.gone }
  },
})

/** What a person can be reached by now, for comparing two. */
export const addressesOf = async (ctx: Ctx, person: string): Promise<string[]> =>
  (await store.addresses(ctx, await allOf(ctx, person))).map(each => shownName(each.address))
