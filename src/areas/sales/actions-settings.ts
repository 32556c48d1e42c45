/** By which stages an opportunity goes, why one is lost or a lead set aside, and in which currency one counts. */
import { z } from 'zod'
import { action, id, line } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { t } from '#kernel/messages.ts'
import { remembered } from '#kernel/remembered.ts'
import { record } from '#social/activities/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as work from './store-work.ts'
import * as words from './words.ts'

const news = ['sales.settings']

/** All stages, in their order; also those in the archive. */
export const stagesOf = (ctx: Ctx): Promise<words.Stage[]> =>
  remembered(ctx, 'sales.stages', news, async () => rules.inOrder(rules.usualStages, await work.stages(ctx)))

export const reasonsOf = (ctx: Ctx): Promise<words.Reason[]> =>
  remembered(ctx, 'sales.reasons', news, async () => rules.inOrder(rules.usualReasons, await work.reasons(ctx)))

export const currencyOf = (ctx: Ctx): Promise<string> => remembered(ctx, 'sales.currency', news, () => work.currency(ctx))

/** As it is called in the reader's language. */
export const stageName = ({ name, usual }: Pick<words.Stage, 'name' | 'usual'>): string => name ?? t(`sales.stage.${usual}`)
export const reasonName = ({ name, usual }: Pick<words.Reason, 'name' | 'usual'>): string => name ?? t(`sales.reason.${usual}`)

/** One that can be chosen. */
export async function stageIn(ctx: Ctx, stage: string): Promise<words.Stage> {
  const known = (await stagesOf(ctx)).find(each => each.id === stage && each.archivedAt === null)
  return known ?? refuse('notFound', 'sales.stageNotThere')
}

export async function reasonIn(ctx: Ctx, reason: string, ends: words.Ending): Promise<words.Reason> {
  const known = (await reasonsOf(ctx)).find(each => each.id === reason && each.ends === ends && each.archivedAt === null)
  if (known) return known
  throw new Refusal('invalid', 'sales.reasonNotThere', {}, { fields: [{ field: 'reason', key: 'sales.reasonNotThere' }] })
}

const withName = <T extends { name: string | null }>(each: T, called: string) => ({ ...each, called })

export const stages = action({
  says: 'List the stages of opportunities in their order, each with its probability in percent; also those in the archive',
  who: 'sales.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(words.stage.extend({ called: z.string() })) }),
  run: async ctx => ({ items: (await stagesOf(ctx)).map(each => withName(each, stageName(each))) }),
})

export const reasons = action({
  says: 'List the reasons for which opportunities are lost and leads set aside; also those in the archive',
  who: 'sales.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(words.reason.extend({ called: z.string() })) }),
  run: async ctx => ({ items: (await reasonsOf(ctx)).map(each => withName(each, reasonName(each))) }),
})

const place = z.coerce.number().int().min(1).max(99)
const aboutStage = { name: line(100), chance: z.coerce.number().int().min(0).max(100), place }
const aboutReason = { name: line(100), place }

/** What is called as the usual one is goes on being called so in every language. */
const ownName = (name: string, usual: string | null): string | null => (usual === name ? null : name)

function told(ctx: Ctx, word: typeof words.StageMade, object: string, name: string): void {
  record(ctx, word, { object, detail: { name } })
  for (const topic of ['sales', 'sales.settings']) tell(ctx, topic)
}

// —— stages ——

export const makeStage = action({
  says: 'Make a stage of opportunities, with its probability in percent and its place in the order',
  who: 'sales.manage',
  takes: z.strictObject(aboutStage),
  gives: z.object({ stage: id }),
  run: async (ctx, input) => {
    const stage = { ...input, id: newId(ctx.now), usual: null, archivedAt: null }
    await work.putStage(ctx, stage)
    told(ctx, words.StageMade, stage.id, input.name)
    return { stage: stage.id }
  },
})

export const changeStage = action({
  says: 'Change a stage; opportunities in it follow its probability unless they have one of their own',
  who: 'sales.manage',
  takes: z.strictObject({ stage: id, ...aboutStage }),
  gives: z.object({ was: words.stage.extend({ called: z.string() }) }),
  run: async (ctx, { stage, name, ...input }) => {
    const was = await stageThere(ctx, stage)
    await work.putStage(ctx, { ...was, ...input, name: ownName(name, was.usual && t(`sales.stage.${was.usual}`)) })
    await store.rechance(ctx, stage, input.chance)
    told(ctx, words.StageChanged, stage, name)
    return { was: withName(was, stageName(was)) }
  },
})

const stageThere = async (ctx: Ctx, stage: string): Promise<words.Stage> =>
  (await stagesOf(ctx)).find(each => each.id === stage) ?? refuse('notFound', 'sales.stageNotThere')

async function shelveStage(ctx: Ctx, stage: string, archivedAt: Date | null): Promise<Record<never, never>> {
  const known = await stageThere(ctx, stage)
  if (archivedAt) rules.oneStays((await stagesOf(ctx)).filter(each => each.id !== stage))
  await work.putStage(ctx, { ...known, archivedAt })
  told(ctx, archivedAt ? words.StageArchived : words.StageBack, stage, stageName(known))
  return {}
}

export const archiveStage = action({
  says: 'Archive a stage: nothing goes there any more, what is in it stays until it is moved',
  who: 'sales.manage',
  takes: z.strictObject({ stage: id }),
  gives: z.object({}),
  run: (ctx, { stage }) => shelveStage(ctx, stage, ctx.now),
})

export const bringStageBack = action({
  says: 'Bring an archived stage back',
  who: 'sales.manage',
  takes: z.strictObject({ stage: id }),
  gives: z.object({}),
  run: (ctx, { stage }) => shelveStage(ctx, stage, null),
})

// —— reasons ——

export const makeReason = action({
  says: 'Make a reason for which an opportunity is lost, or a lead set aside',
  who: 'sales.manage',
  takes: z.strictObject({ ...aboutReason, ends: z.enum(words.endings) }),
  gives: z.object({ reason: id }),
  run: async (ctx, input) => {
    const reason = { ...input, id: newId(ctx.now), usual: null, archivedAt: null }
    await work.putReason(ctx, reason)
    told(ctx, words.ReasonMade, reason.id, input.name)
    return { reason: reason.id }
  },
})

export const changeReason = action({
  says: 'Change what a reason is called and where it stands in the list',
  who: 'sales.manage',
  takes: z.strictObject({ reason: id, ...aboutReason }),
  gives: z.object({ was: words.reason.extend({ called: z.string() }) }),
  run: async (ctx, { reason, name, ...input }) => {
    const was = await reasonThere(ctx, reason)
    await work.putReason(ctx, { ...was, ...input, name: ownName(name, was.usual && t(`sales.reason.${was.usual}`)) })
    told(ctx, words.ReasonChanged, reason, name)
    return { was: withName(was, reasonName(was)) }
  },
})

const reasonThere = async (ctx: Ctx, reason: string): Promise<words.Reason> =>
  (await reasonsOf(ctx)).find(each => each.id === reason) ?? refuse('notFound', 'sales.reasonNotThere')

async function shelveReason(ctx: Ctx, reason: string, archivedAt: Date | null): Promise<Record<never, never>> {
  const known = await reasonThere(ctx, reason)
  if (archivedAt) rules.oneStays((await reasonsOf(ctx)).filter(each => each.id !== reason && each.ends === known.ends))
  await work.putReason(ctx, { ...known, archivedAt })
  told(ctx, archivedAt ? words.ReasonArchived : words.ReasonBack, reason, reasonName(known))
  return {}
}

export const archiveReason = action({
  says: 'Archive a reason: it can be chosen no more, what ended for it keeps it',
  who: 'sales.manage',
  takes: z.strictObject({ reason: id }),
  gives: z.object({}),
  run: (ctx, { reason }) => shelveReason(ctx, reason, ctx.now),
})

export const bringReasonBack = action({
  says: 'Bring an archived reason back',
  who: 'sales.manage',
  takes: z.strictObject({ reason: id }),
  gives: z.object({}),
  run: (ctx, { reason }) => shelveReason(ctx, reason, null),
})

// —— the usual currency ——

export const currency = z.string().trim().toUpperCase().refine(rules.isCurrency, 'sales.noCurrency')

export const chooseCurrency = action({
  says: 'Choose the currency that new opportunities have at first; those that there are keep theirs',
  who: 'sales.manage',
  takes: z.strictObject({ currency }),
  gives: z.object({ was: z.string() }),
  run: async (ctx, input) => {
    const was = await work.currency(ctx)
    if (was === input.currency) return { was }
    await work.setCurrency(ctx, input.currency)
    record(ctx, words.CurrencyChosen, { detail: { currency: input.currency } })
    tell(ctx, 'sales.settings')
    return { was }
  },
})
