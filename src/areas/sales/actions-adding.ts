/** How opportunities begin: out of a conversation by one press, from a person, from a form, or told by another program. */
import { z } from 'zod'
import { found } from '#areas/crm/actions.ts'
import { action, id, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { record } from '#social/activities/actions.ts'
import { companyBy } from '#social/people/actions.ts'
import { teamsOf, teamsWith } from '#social/teams/actions.ts'
import { mayWorkIn, openAll, threadOf } from '#social/threads/actions.ts'
import { colleague, hand, toldOf } from './actions-moving.ts'
import { companyOf, whoIs } from './actions-people.ts'
import { currency, currencyOf, stageIn } from './actions-settings.ts'
import { amount, linkTo, makeFindable } from './actions-work.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export const add = action({
  says: 'Add a lead – somebody, and what they want –, or with a stage an opportunity; from a thread it takes over whom it is with and what it is called. A thread that already has one that is going on gives that one',
  who: 'sales.work',
  takes: z.strictObject({
    title: line(300).optional(),
    about: text(20_000).default(''),
    thread: id.optional(),
    person: id.nullable().default(null),
    /** Of whoever is not known yet. */
    name: line(300).optional(),
    address: line(500).optional(),
    /** By its name; made if it is not there. */
    company: line(300).optional(),
    stage: id.optional(),
    owner: id.nullable().default(null),
    team: id.nullable().default(null),
    currency: currency.optional(),
    /** In the smallest unit of the currency. */
    value: amount.nullable().default(null),
    expectedOn: z.iso.date().nullable().default(null),
    campaign: line(100).optional(),
  }),
  gives: z.object({ opportunity: id, number: z.number(), isNew: z.boolean() }),
  run: async (ctx, { thread, name, address, title, company: called, ...input }) => {
    const from = thread ? await origin(ctx, thread) : undefined
    const going = from && (await goingOn(ctx, from.thread))
    if (going) return { opportunity: going.id, number: going.number, isNew: false }
    const person = (await whoIs(ctx, { person: input.person, name, address })) ?? from?.person ?? null
    const company = called ? await companyBy(ctx, called) : await companyOf(ctx, person)
    const came: words.Came = from ? 'conversation' : programs.has(ctx.actor.via) ? 'program' : 'colleague'
    const begun = { ...input, came, title: title ?? from?.title ?? missing('title'), person, company, channel: from?.channel ?? null }
    const made = await begin(ctx, begun, from ? [from.thread] : [])
    return { ...made, isNew: true }
  },
})

const programs = new Set<string>(['api', 'mcp', 'job'])

const missing = (field: string): never => {
  throw new Refusal('invalid', 'kernel.invalid', {}, { fields: [{ field, key: 'kernel.fault.missing' }] })
}

/** The one of this thread that has not ended. */
const goingOn = async (ctx: Ctx, thread: string): Promise<words.Listed | undefined> =>
  (await store.around(ctx, thread, [], 50)).find(each => each.linked && each.closedAt === null)

/** What a thread says of what begins in it; nothing of a closed one goes where every colleague reads it. */
async function origin(ctx: Ctx, thread: string) {
  await mayWorkIn(ctx, [thread])
  const known = await threadOf(ctx, thread)
  const talk = await found(ctx, known.id)
  const title = talk?.room ? undefined : known.subject || known.snippet
  return { thread: known.id, title: title?.slice(0, 300).toWellFormed().trim() || undefined, person: known.person, channel: known.channel }
}

export interface Begun {
  title: string
  about: string
  came: words.Came
  person: string | null
  company: string | null
  channel?: string | null
  campaign?: string | undefined
  case?: string
  stage?: string | undefined
  owner?: string | null
  team?: string | null
  currency?: string | undefined
  value?: number | null
  expectedOn?: string | null
}

const blank = {
  ...{ owner: null, own_chance: false, next_text: null, next_on: null, next_owner: null, next_told_at: null },
  ...{ reason: null, reason_note: '', closed_at: null, closed_on: null },
}

/** In these threads, with the number that comes next. Two who press in the same moment make one: the second is told. */
export async function begin(ctx: Ctx, it: Begun, threads: string[]): Promise<{ opportunity: string; number: number }> {
  const [stage, team, code] = [it.stage ? await stageIn(ctx, it.stage) : null, await teamFor(ctx, it.team ?? null), it.currency]
  if (it.owner) await colleague(ctx, it.owner, 'owner')
  const number = await store.nextNumber(ctx)
  for (const thread of threads) if (await goingOn(ctx, thread)) refuse('conflict', 'sales.madeMeanwhile')
  const one = newId(ctx.now)
  const [discussion] = await openAll(ctx, [
    { subject: `S-${number} ${it.title}`, kind: 'opportunity', audience: 'staff', startedAt: ctx.now },
  ])
  await store.add(ctx, {
    ...{ ...blank, id: one, number, title: it.title, about: it.about, state: stage ? 'open' : 'lead', stage: stage?.id ?? null, team },
    ...{ person: it.person, company: it.company, came: it.came, channel: it.channel ?? null, campaign: it.campaign ?? null },
    ...{
      currency: code ?? (await currencyOf(ctx)),
      value: it.value ?? null,
      chance: stage?.chance ?? 0,
      expected_on: it.expectedOn ?? null,
    },
    ...{ case_id: it.case ?? null, discussion: discussion!, opened_at: ctx.now, opened_by: ctx.actor.person },
    ...{ changed_at: ctx.now, changed_by: ctx.actor.person },
  })
  const row = (await store.lock(ctx, one))!
  record(ctx, stage ? words.Opened : words.LeadCame, { object: one, thread: discussion!, detail: { number, came: it.came } })
  const as = it.came === 'care' ? 'care' : stage ? 'opportunity' : 'lead'
  for (const thread of threads) await linkTo(ctx, row, thread, as)
  if (it.owner) await hand(ctx, row, it.owner)
  await makeFindable(ctx, row)
  toldOf(ctx, row)
  return { opportunity: one, number }
}

/** The one that was chosen; else that of whoever adds it, who belongs to one alone. */
async function teamFor(ctx: Ctx, wanted: string | null): Promise<string | null> {
  if (wanted) return (await teamsOf(ctx)).some(each => each.id === wanted) ? wanted : refuse('notFound', 'teams.notThere')
  const own = await teamsWith(ctx, ctx.actor.person)
  return own.length === 1 ? own[0]!.id : null
}
