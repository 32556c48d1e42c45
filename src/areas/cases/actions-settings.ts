/** Which types of cases there are and what is asked of each, by when they are answered and solved, when they open again. */
import { z } from 'zod'
import { action, id, line } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { t } from '#kernel/messages.ts'
import { remembered } from '#kernel/remembered.ts'
import { record } from '#social/activities/actions.ts'
import { workerByPerson } from '#social/members/actions.ts'
import { idleCalendars } from './actions-clock.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as work from './store-work.ts'
import * as words from './words.ts'

// —— types ——

export const types = action({
  says: 'List the types of cases with their fields and checklists',
  who: 'cases.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(words.caseType) }),
  run: async ctx => ({ items: await remembered(ctx, 'cases.types', ['cases.settings'], () => work.types(ctx)) }),
})

const aboutType = {
  name: line(100),
  fields: z.array(words.field).max(50).default([]),
  checklist: z.array(line(500)).max(50).default([]),
}

export const makeType = action({
  says: 'Make a type of case, with what is asked of each and what is to be done for it',
  who: 'cases.manage',
  takes: z.strictObject(aboutType),
  gives: z.object({ type: id }),
  run: async (ctx, input) => {
    rules.fieldsHold(input.fields)
    const type = newId(ctx.now)
    await work.addType(ctx, type, input)
    told(ctx, words.TypeMade, type, input.name)
    return { type }
  },
})

export const changeType = action({
  says: 'Change a type of case; what cases hold already stays',
  who: 'cases.manage',
  takes: z.strictObject({ type: id, ...aboutType }),
  gives: z.object({}),
  run: async (ctx, { type, ...input }) => {
    await typeThere(ctx, type)
    rules.fieldsHold(input.fields)
    await work.changeType(ctx, type, input)
    told(ctx, words.TypeChanged, type, input.name)
    return {}
  },
})

export const archiveType = action({
  says: 'Archive a type of case: no new one can be opened, those that there are keep it',
  who: 'cases.manage',
  takes: z.strictObject({ type: id }),
  gives: z.object({}),
  run: async (ctx, { type }) => {
    const { name } = await typeThere(ctx, type)
    await work.archiveType(ctx, type, ctx.now)
    told(ctx, words.TypeArchived, type, name)
    return {}
  },
})

export const bringTypeBack = action({
  says: 'Bring an archived type of case back',
  who: 'cases.manage',
  takes: z.strictObject({ type: id }),
  gives: z.object({}),
  run: async (ctx, { type }) => {
    const { name } = await typeThere(ctx, type)
    await work.archiveType(ctx, type, null)
    told(ctx, words.TypeBack, type, name)
    return {}
  },
})

const typeThere = async (ctx: Ctx, type: string): Promise<words.CaseType> =>
  (await work.types(ctx)).find(each => each.id === type) ?? refuse('notFound', 'cases.typeNotThere')

// —— service levels ——

export const policies = action({
  says: 'List the service levels: by when cases of a channel, tier or priority are answered and solved',
  who: 'cases.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(words.policy) }),
  run: async ctx => ({ items: await remembered(ctx, 'cases.policies', ['cases.settings'], () => work.policies(ctx)) }),
})

const minutes = z.number().int().min(1).max(144_000).nullable()
const aboutPolicy = {
  name: line(100),
  channel: line(60).nullable().default(null),
  tier: z.enum(words.tiers).nullable().default(null),
  priority: z.enum(words.priorities).nullable().default(null),
  /** In working minutes of the team that has the case. */
  firstMinutes: minutes.default(null),
  solveMinutes: minutes.default(null),
  warnPercent: z.number().int().min(10).max(95).default(80),
  escalateTo: id.nullable().default(null),
}

async function fits(ctx: Ctx, policy: work.KeptPolicy): Promise<void> {
  rules.targetsHold(policy)
  await needsWorkingDay(ctx)
  if (policy.escalateTo && !(await workerByPerson(ctx, policy.escalateTo)))
    throw new Refusal('invalid', 'cases.notAColleague', {}, { fields: [{ field: 'escalateTo', key: 'cases.notAColleague' }] })
}

/** Whichever team has the case. */
async function needsWorkingDay(ctx: Ctx): Promise<void> {
  rules.someoneWorks((await idleCalendars(ctx)).map(name => name || t('cases.wholeHouse')))
}

export const makePolicy = action({
  says: 'Make a service level; it holds for all cases that it fits best, those that are open too',
  who: 'cases.manage',
  takes: z.strictObject(aboutPolicy),
  gives: z.object({ policy: id }),
  run: async (ctx, input) => {
    await fits(ctx, input)
    const policy = newId(ctx.now)
    await work.addPolicy(ctx, policy, input)
    told(ctx, words.PolicyMade, policy, input.name)
    return { policy }
  },
})

export const changePolicy = action({
  says: 'Change a service level; what is due by it is counted again',
  who: 'cases.manage',
  takes: z.strictObject({ policy: id, ...aboutPolicy }),
  gives: z.object({}),
  run: async (ctx, { policy, ...input }) => {
    await policyThere(ctx, policy)
    await fits(ctx, input)
    await work.changePolicy(ctx, policy, input)
    told(ctx, words.PolicyChanged, policy, input.name)
    return {}
  },
})

export const archivePolicy = action({
  says: 'Archive a service level; nothing is due by it any more',
  who: 'cases.manage',
  takes: z.strictObject({ policy: id }),
  gives: z.object({}),
  run: async (ctx, { policy }) => {
    const { name } = await policyThere(ctx, policy)
    await work.archivePolicy(ctx, policy, ctx.now)
    told(ctx, words.PolicyArchived, policy, name)
    return {}
  },
})

export const bringPolicyBack = action({
  says: 'Bring an archived service level back',
  who: 'cases.manage',
  takes: z.strictObject({ policy: id }),
  gives: z.object({}),
  run: async (ctx, { policy }) => {
    const { name } = await policyThere(ctx, policy)
    await needsWorkingDay(ctx)
    await work.archivePolicy(ctx, policy, null)
    told(ctx, words.PolicyBack, policy, name)
    return {}
  },
})

const policyThere = async (ctx: Ctx, policy: string): Promise<words.Policy> =>
  (await work.policies(ctx)).find(each => each.id === policy) ?? refuse('notFound', 'cases.policyNotThere')

// —— when they open again ——

export const rulesOf = action({
  says: 'See within how many days a message opens a closed case again',
  who: 'cases.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ reopenDays: z.number() }),
  run: async ctx => ({ reopenDays: await store.reopenDays(ctx) }),
})

export const setRules = action({
  says: 'Choose within how many days a message opens a closed case again; later a new one is suggested',
  who: 'cases.manage',
  takes: z.strictObject({ reopenDays: z.coerce.number().int().min(0).max(365) }),
  gives: z.object({ was: z.number() }),
  run: async (ctx, { reopenDays }) => {
    const was = await store.reopenDays(ctx)
    await store.setReopenDays(ctx, reopenDays)
    record(ctx, words.RulesChanged, { detail: { reopenDays } })
    tell(ctx, 'cases.settings')
    return { was }
  },
})

function told(ctx: Ctx, word: typeof words.TypeMade, object: string, name: string): void {
  record(ctx, word, { object, detail: { name } })
  tell(ctx, 'cases.settings')
}
