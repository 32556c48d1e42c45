/** What an opportunity says, what it consists of, what is done next, and where it is talked about. */
import { z } from 'zod'
import { action, id, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { every } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { notify } from '#social/notifications/actions.ts'
import { cardsOf, companyBy } from '#social/people/actions.ts'
import { findable } from '#social/search/actions.ts'
import { teamsOf } from '#social/teams/actions.ts'
import { mayWorkIn, threadOf } from '#social/threads/actions.ts'
import { about, colleague, locked, pathOf, todayOf, toldOf, version } from './actions-moving.ts'
import { whoIs } from './actions-people.ts'
import { currency, stagesOf } from './actions-settings.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as work from './store-work.ts'
import * as words from './words.ts'

/** It is found by its number, its title and what is written about it. */
export const makeFindable = (ctx: Ctx, row: words.Opportunity): Promise<void> =>
  findable(ctx, [
    {
      ...{ id: row.id, noun: 'Opportunity', at: row.openedAt, title: `S-${row.number} ${row.title}`, text: row.about },
      ...{ path: pathOf(row), thread: row.discussion, audience: 'staff' as const },
    },
  ])

export const amount = z.number().int().min(0).max(rules.mostAmount)

const changes = {
  title: line(300),
  about: text(20_000),
  person: id.nullable(),
  /** Who it is for, by one of their addresses; empty for nobody. */
  address: text(500),
  /** By its name; empty for none. */
  company: text(300),
  team: id.nullable(),
  currency,
  /** In the smallest unit of the currency; null as long as nobody knows it. */
  value: amount.nullable(),
  /** In percent; null for that of the stage. */
  chance: z.number().int().min(0).max(100).nullable(),
  expectedOn: z.iso.date().nullable(),
  campaign: text(100),
}

export const change = action({
  says: 'Change what an opportunity says: title, words, person, company, team, currency, value, probability, when it is expected, campaign',
  who: 'sales.work',
  takes: z.strictObject({ opportunity: id, seen: version, ...z.object(changes).partial().shape }),
  gives: z.object({ was: words.opportunity, companyWas: z.string(), fields: z.array(z.string()) }),
  run: async (ctx, { opportunity, seen, ...input }) => {
    const { changedBy: _by, ...row } = await locked(ctx, opportunity, seen)
    const set = await setFrom(ctx, row, input)
    const before: Record<string, unknown> = { ...row, own_chance: row.ownChance, expected_on: row.expectedOn }
    const fields = Object.keys(set).filter(key => set[key as keyof store.Change] !== before[key])
    const companyWas = (row.company && (await cardsOf(ctx, [row.company])).get(row.company)?.name) || ''
    if (fields.length === 0) return { was: row, companyWas, fields }
    await store.change(ctx, row.id, set)
    tellChanged(ctx, row, set, fields)
    await makeFindable(ctx, { ...row, title: set.title ?? row.title, about: set.about ?? row.about })
    for (const each of [row, set]) toldOf(ctx, { person: each.person ?? null, company: each.company ?? null })
    return { was: row, companyWas, fields }
  },
})

type Wanted = Partial<z.output<z.ZodObject<typeof changes>>>

async function setFrom(ctx: Ctx, row: words.Opportunity, input: Wanted): Promise<store.Change> {
  const { title, about, team, campaign } = input
  if (team && !(await teamsOf(ctx)).some(each => each.id === team)) refuse('notFound', 'teams.notThere')
  return {
    ...(title !== undefined && { title }),
    ...(about !== undefined && { about }),
    ...(team !== undefined && { team }),
    ...(campaign !== undefined && { campaign: campaign.trim() || null }),
    ...(input.expectedOn !== undefined && { expected_on: input.expectedOn }),
    ...(await partiesFrom(ctx, input)),
    ...(await worthFrom(ctx, row, input)),
  }
}

async function partiesFrom(ctx: Ctx, { person, address, company }: Wanted): Promise<store.Change> {
  const called = company?.trim()
  return {
    ...(person !== undefined && { person: person && (await whoIs(ctx, { person })) }),
    ...(address !== undefined && { person: address.trim() ? await whoIs(ctx, { address: address.trim() }) : null }),
    ...(called !== undefined && { company: called ? await companyBy(ctx, called) : null }),
  }
}

/** What it is worth, in what, and how likely: of what has ended nothing of this changes. */
async function worthFrom(
  ctx: Ctx,
  row: words.Opportunity,
  { value, currency: code = row.currency, chance }: Wanted,
): Promise<store.Change> {
  const wanted = {
    currency: code,
    ...(value !== undefined && { value }),
    ...(chance !== undefined && (await chanceFrom(ctx, row, chance))),
  }
  const isOther = code !== row.currency || (value !== undefined && value !== row.value)
  if (isOther || (wanted.chance ?? row.chance) !== row.chance) rules.isGoing(row)
  if (!isOther) return wanted
  const { length } = await work.lines(ctx, row.id)
  rules.currencyStays(row.currency, code, length)
  if (value !== undefined) rules.valueFollows(row.value, value, length)
  return wanted
}

async function chanceFrom(ctx: Ctx, row: words.Opportunity, chance: number | null) {
  if (chance !== null) return { chance, own_chance: true }
  const stage = (await stagesOf(ctx)).find(each => each.id === row.stage)
  return { chance: stage?.chance ?? 0, own_chance: false }
}

function tellChanged(ctx: Ctx, row: words.Opportunity, set: store.Change, fields: string[]): void {
  const { currency: code = row.currency, value = row.value } = set
  const isWorth = (field: string) => field === 'value' || field === 'currency'
  if (fields.some(isWorth)) record(ctx, words.Valued, { ...about(row), detail: { currency: code, value, from: row.value } })
  const others = fields.filter(each => !isWorth(each))
  if (others.length) record(ctx, words.Changed, { ...about(row), detail: { fields: others } })
}

// —— products ——

const said = {
  name: line(200),
  quantity: z.number().min(0.001).max(1_000_000),
  /** The price of one, in the smallest unit of the currency. */
  unit: amount,
  /** In percent. */
  discount: z.number().min(0).max(100).default(0),
}

/** With products it is worth what they add up to; without any it keeps what it was worth last. */
async function reworth(ctx: Ctx, row: store.Locked): Promise<number | null> {
  const lines = await work.lines(ctx, row.id)
  const value = lines.length ? rules.worthOf(lines) : row.value
  await store.change(ctx, row.id, { value })
  if (value !== row.value) record(ctx, words.Valued, { ...about(row), detail: { currency: row.currency, value, from: row.value } })
  else record(ctx, words.Changed, { ...about(row), detail: { fields: ['products'] } })
  toldOf(ctx, row)
  return value
}

const mostLines = 200

export const addLine = action({
  says: 'Add a product to an opportunity: its name, quantity, price of one and discount; the value becomes what all of them add up to',
  who: 'sales.work',
  takes: z.strictObject({ opportunity: id, ...said }),
  gives: z.object({ line: id, value: z.number().nullable() }),
  run: async (ctx, { opportunity, ...its }) => {
    const row = await locked(ctx, opportunity)
    rules.isGoing(row)
    if ((await work.lines(ctx, row.id)).length >= mostLines) refuse('conflict', 'sales.fullOfLines')
    const one = newId(ctx.now)
    await work.addLine(ctx, one, row.id, its)
    return { line: one, value: await reworth(ctx, row) }
  },
})

async function lineOf(ctx: Ctx, one: string) {
  const known = (await work.line(ctx, one)) ?? refuse('notFound', 'kernel.notFound')
  const row = await locked(ctx, known.opportunity)
  rules.isGoing(row)
  return { known, row }
}

export const changeLine = action({
  says: 'Change a product of an opportunity; the value follows',
  who: 'sales.work',
  takes: z.strictObject({ line: id, ...said }),
  gives: z.object({ was: words.line, currency: z.string(), value: z.number().nullable() }),
  run: async (ctx, { line: one, ...its }) => {
    const { known, row } = await lineOf(ctx, one)
    await work.changeLine(ctx, one, its)
    return { was: known, currency: row.currency, value: await reworth(ctx, row) }
  },
})

export const dropLine = action({
  says: 'Take a product out of an opportunity; with `back` it is there again',
  who: 'sales.work',
  takes: z.strictObject({ line: id, back: z.literal('back').optional() }),
  gives: z.object({ value: z.number().nullable() }),
  run: async (ctx, { line: one, back }) => {
    const { known, row } = await lineOf(ctx, one)
    if ((known.removedAt === null) === Boolean(back)) return { value: row.value }
    await work.removeLine(ctx, one, back ? null : ctx.now)
    return { value: await reworth(ctx, row) }
  },
})

// —— the next step ——

const step = z.object({ text: z.string().nullable(), on: z.string().nullable(), owner: z.string().nullable() })
const stepIn = (row: words.Opportunity) => ({ text: row.nextText, on: row.nextOn, owner: row.nextOwner })

export const planStep = action({
  says: 'Say what is done next for an opportunity, by which day and by whom; without words there is none',
  who: 'sales.work',
  takes: z.strictObject({
    opportunity: id,
    text: text(300),
    on: z.iso.date().nullable().default(null),
    owner: id.nullable().default(null),
  }),
  gives: z.object({ was: step }),
  run: async (ctx, { opportunity, text: words_, on, owner }) => {
    if (owner) await colleague(ctx, owner, 'owner')
    const row = await locked(ctx, opportunity)
    rules.isGoing(row)
    const next = words_.trim() || null
    await store.change(ctx, row.id, { next_text: next, next_on: next && on, next_owner: next && owner, next_told_at: null })
    if (next) record(ctx, words.Planned, { ...about(row), ...(owner && { target: owner }), detail: { on } })
    else record(ctx, words.Changed, { ...about(row), detail: { fields: ['nextText'] } })
    toldOf(ctx, row)
    return { was: stepIn(row) }
  },
})

export const stepDone = action({
  says: 'The next step of an opportunity is done; what comes after it is to be said',
  who: 'sales.work',
  takes: z.strictObject({ opportunity: id }),
  gives: z.object({ was: step }),
  run: async (ctx, { opportunity }) => {
    const row = await locked(ctx, opportunity)
    if (row.nextText === null) return { was: stepIn(row) }
    await store.change(ctx, row.id, { next_text: null, next_on: null, next_owner: null, next_told_at: null })
    record(ctx, words.StepDone, { ...about(row), detail: { on: row.nextOn } })
    toldOf(ctx, row)
    return { was: stepIn(row) }
  },
})

export const tellDue = every({ minutes: 15 }, 'Whoever has to do the next step of an opportunity is told on its day', async ctx => {
  const due = await store.takeDue(ctx, todayOf(ctx))
  await notify(
    ctx,
    due.flatMap(row => {
      const person = row.nextOwner ?? row.owner
      if (!person) return []
      const told = { number: String(row.number), step: row.nextText ?? '' }
      return [
        { person, kind: 'work', thread: row.discussion, object: row.id, actor: null, says: 'sales.tell.due', told, path: pathOf(row) },
      ]
    }),
  )
  if (due.length) tell(ctx, 'sales')
})

// —— threads ——

export const link = action({
  says: 'Let a thread belong to an opportunity as well, by the number of the opportunity',
  who: 'sales.work',
  takes: z.strictObject({ thread: id, number: line(20) }),
  gives: z.object({ opportunity: id, number: z.number(), isNew: z.boolean() }),
  run: async (ctx, { thread, number: called }) => {
    await mayWorkIn(ctx, [thread])
    const known = await threadOf(ctx, thread)
    const number = rules.numberIn(called)
    const found = number === null ? undefined : await store.byNumber(ctx, number)
    if (!found) throw new Refusal('invalid', 'sales.noSuchNumber', {}, { fields: [{ field: 'number', key: 'sales.noSuchNumber' }] })
    const row = await locked(ctx, found.id)
    const isNew = await linkTo(ctx, row, known.id, 'link')
    if (isNew && row.person === null && known.person) await store.change(ctx, row.id, { person: known.person })
    return { opportunity: row.id, number: row.number, isNew }
  },
})

/** Was it linked just now? */
export async function linkTo(ctx: Ctx, row: words.Opportunity, thread: string, as: words.Linking): Promise<boolean> {
  const isNew = await store.link(ctx, row.id, thread)
  if (isNew) record(ctx, words.Linked, { object: row.id, thread, target: thread, detail: { number: row.number, as } })
  for (const topic of ['sales', `thread:${thread}`]) tell(ctx, topic)
  return isNew
}

export const unlink = action({
  says: 'Let a thread belong to an opportunity no longer',
  who: 'sales.work',
  takes: z.strictObject({ thread: id, opportunity: id }),
  gives: z.object({ number: z.number() }),
  run: async (ctx, { thread, opportunity }) => {
    const row = await locked(ctx, opportunity)
    if (await store.unlink(ctx, row.id, thread))
      record(ctx, words.Unlinked, { object: row.id, thread, target: thread, detail: { number: row.number } })
    for (const topic of ['sales', `thread:${thread}`]) tell(ctx, topic)
    return { number: row.number }
  },
})
