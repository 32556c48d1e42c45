import { z } from 'zod'
import { action, id } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { idsOf } from '#social/people/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import { Changed, type Player, type Tier, type TraitKind, trait, traitKinds } from './words.ts'

async function allOf(ctx: Ctx, person: string): Promise<[string, ...string[]]> {
  const [stands, ...others] = await idsOf(ctx, person)
  return stands ? [stands, ...others] : refuse('notFound', 'traits.notFound')
}

export const show = action({
  says: 'Show tier and stakeholder role of a person, now and before',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ person: id }),
  gives: z.object({ tier: z.string().nullable(), player: z.string().nullable(), all: z.array(trait) }),
  run: async (ctx, { person }) => {
    const rows = await store.traitsOf(ctx, await allOf(ctx, person))
    return { ...now(rows), all: rows.map(({ kind, value, since, until }) => ({ kind, value, since, until })) }
  },
})

const openOf = (rows: store.Row[], kind: TraitKind) => rows.filter(each => each.kind === kind && !each.until)
const now = (rows: store.Row[]) => ({
  tier: (rules.counting('tier', openOf(rows, 'tier'))?.value ?? null) as Tier | null,
  player: (rules.counting('player', openOf(rows, 'player'))?.value ?? null) as Player | null,
})

/** Tier and role of a person, by all of its ids. */
export const traitsOf = async (ctx: Ctx, ids: string[]): Promise<{ tier: Tier | null; player: Player | null }> =>
  now(ids.length ? await store.traitsOf(ctx, ids) : [])

/** Which of these records are VIPs. */
export const vipsAmong = async (ctx: Ctx, ids: string[]): Promise<Set<string>> =>
  new Set(ids.length ? (await store.having(ctx, ids, 'vip')).map(row => row.person) : [])

export const put = action({
  says: 'Give a person a tier or a stakeholder role from now on, or end it with null',
  who: 'people.write',
  takes: z.strictObject({ person: id, kind: z.enum(traitKinds), value: z.string().max(40).nullable() }),
  gives: z.object({ person: id, before: z.string().nullable() }),
  run: (ctx, it) => give(ctx, it),
})

/** As `put`; with `quiet` nothing is recorded: for people who are new themselves, so that one thing that happened is told once. */
export async function give(
  ctx: Ctx,
  { person, kind, value }: { person: string; kind: TraitKind; value: string | null },
  { quiet = false } = {},
): Promise<{ person: string; before: string | null }> {
  rules.isKnown(kind, value)
  const ids = await allOf(ctx, person)
  const open = openOf(await store.traitsOf(ctx, ids), kind)
  const before = rules.counting(kind, open)?.value ?? null
  if (before === value) return { person: ids[0], before }
  await close(ctx, open)
  if (value) await begin(ctx, { person: ids[0], kind, value })
  if (!quiet) record(ctx, Changed, { object: ids[0], detail: { kind, value } })
  for (const topic of [`person:${ids[0]}`, 'people']) tell(ctx, topic)
  return { person: ids[0], before }
}

async function close(ctx: Ctx, open: store.Row[]): Promise<void> {
  const slips = open.filter(each => rules.isSlip(each.since, ctx.now)).map(each => each.id)
  const others = open.map(each => each.id).filter(each => !slips.includes(each))
  if (slips.length) await store.remove(ctx, slips)
  if (others.length) await store.end(ctx, others)
}

async function begin(ctx: Ctx, it: { person: string; kind: TraitKind; value: string }): Promise<void> {
  if (await store.resume(ctx, { ...it, since: rules.slipsFrom(ctx.now) })) return
  await store.add(ctx, { ...it, id: newId(), since: ctx.now, until: null, by: ctx.actor.person })
}
