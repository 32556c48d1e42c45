/** What is done for a case: what it says is changed, threads are linked, lines ticked, time noted. */
import { z } from 'zod'
import { action, id, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { cardsOf } from '#social/people/actions.ts'
import { findable } from '#social/search/actions.ts'
import { teamsOf } from '#social/teams/actions.ts'
import { mayWorkIn, threadOf } from '#social/threads/actions.ts'
import { retime } from './actions-clock.ts'
import { locked } from './actions-moving.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as work from './store-work.ts'
import * as words from './words.ts'

const about = (row: words.Case) => ({ object: row.id, thread: row.discussion })

/** A case is found by its number, its title and what is written about it. */
export const makeFindable = (ctx: Ctx, { id: one, number, title, about: words_, openedAt, discussion }: words.Case): Promise<void> =>
  findable(ctx, [
    {
      id: one,
      noun: 'Case',
      at: openedAt,
      title: `K-${number} ${title}`,
      text: words_,
      path: `/cases/K-${number}`,
      thread: discussion,
      audience: 'staff',
    },
  ])

// —— what it says ——

const changes = {
  title: line(300),
  about: text(20_000),
  type: id.nullable(),
  priority: z.enum(words.priorities),
  tier: z.enum(words.tiers),
  team: id.nullable(),
  person: id.nullable(),
  /** By its number; empty for none. */
  parent: text(20),
  /** As typed. */
  fields: z.record(z.string().max(40), z.string().max(10_000)),
}

export const change = action({
  says: 'Change what a case says: title, words, type and its fields, priority, tier, team, person, what it is part of',
  who: 'cases.work',
  takes: z.strictObject({ case: id, ...z.object(changes).partial().shape }),
  gives: z.object({ was: words.theCase, parentWas: z.number().nullable(), fields: z.array(z.string()) }),
  run: async (ctx, { case: one, parent, fields, ...input }) => {
    const row = await locked(ctx, one)
    if (input.team && !(await teamsOf(ctx)).some(each => each.id === input.team)) refuse('notFound', 'teams.notThere')
    if (input.person && !(await cardsOf(ctx, [input.person])).size) refuse('notFound', 'kernel.notFound')
    const type = input.type === undefined ? row.type : input.type
    const set: store.Change = {
      ...input,
      ...(parent !== undefined && { parent: await parentOf(ctx, row, parent) }),
      ...((fields || input.type !== undefined) && { fields: await valuesOf(ctx, type, row, fields) }),
    }
    const changed = Object.keys(set).filter(
      key => JSON.stringify(set[key as keyof store.Change]) !== JSON.stringify(row[key as keyof words.Case]),
    )
    const { told: _told, door: _door, answer: _answer, ...was } = row
    const parentWas = row.parent ? ((await store.byIds(ctx, [row.parent]))[0]?.number ?? null) : null
    if (changed.length === 0) return { was, parentWas, fields: [] }
    await store.change(ctx, [one], set)
    record(ctx, words.Changed, { ...about(row), detail: { fields: changed } })
    await retime(ctx, [one])
    await makeFindable(ctx, (await locked(ctx, one)) as words.Case)
    tell(ctx, 'cases')
    return { was, parentWas, fields: changed }
  },
})

/** Where only the type is changed, what was held stays as far as the new one asks for it. */
async function valuesOf(ctx: Ctx, type: string | null, row: words.Case, given: Record<string, string> | undefined): Promise<words.Values> {
  const fields = type ? ((await work.types(ctx)).find(each => each.id === type)?.fields ?? refuse('notFound', 'cases.typeNotThere')) : []
  if (given) return rules.valuesFor(fields, given)
  return Object.fromEntries(Object.entries(row.fields).filter(([key]) => fields.some(each => each.key === key)))
}

async function parentOf(ctx: Ctx, row: words.Case, called: string): Promise<string | null> {
  if (!called.trim()) return null
  const number = rules.numberIn(called)
  const parent = number === null ? undefined : await store.byNumber(ctx, number)
  if (!parent) throw new Refusal('invalid', 'cases.noSuchNumber', {}, { fields: [{ field: 'parent', key: 'cases.noSuchNumber' }] })
  rules.mayBePartOf(row.id, await store.above(ctx, parent.id))
  return parent.id
}

// —— threads ——

export const link = action({
  says: 'Let a thread belong to a case as well, by the number of the case',
  who: 'cases.work',
  takes: z.strictObject({ thread: id, number: line(20) }),
  gives: z.object({ case: id, number: z.number(), isNew: z.boolean() }),
  run: async (ctx, { thread, number: called }) => {
    await mayWorkIn(ctx, [thread])
    const known = await threadOf(ctx, thread)
    const number = rules.numberIn(called)
    const found = number === null ? undefined : await store.byNumber(ctx, number)
    if (!found) throw new Refusal('invalid', 'cases.noSuchNumber', {}, { fields: [{ field: 'number', key: 'cases.noSuchNumber' }] })
    const row = await locked(ctx, found.id)
    const isNew = await store.link(ctx, row.id, known.id)
    if (isNew) {
      record(ctx, words.Linked, { ...about(row), target: known.id })
      await store.change(ctx, [row.id], { person: row.person ?? known.person, channel: row.channel ?? known.channel })
      await store.suggest(ctx, known.id, null)
      await retime(ctx, [row.id])
    }
    for (const topic of ['cases', `thread:${known.id}`]) tell(ctx, topic)
    return { case: row.id, number: row.number, isNew }
  },
})

export const unlink = action({
  says: 'Let a thread belong to a case no longer',
  who: 'cases.work',
  takes: z.strictObject({ thread: id, case: id }),
  gives: z.object({ number: z.number() }),
  run: async (ctx, { thread, case: one }) => {
    const row = await locked(ctx, one)
    if (await store.unlink(ctx, one, thread)) record(ctx, words.Unlinked, { ...about(row), target: thread })
    for (const topic of ['cases', `thread:${thread}`]) tell(ctx, topic)
    return { number: row.number }
  },
})

// —— checklist ——

export const addCheck = action({
  says: 'Add a line to the checklist of a case',
  who: 'cases.work',
  takes: z.strictObject({ case: id, text: line(500) }),
  gives: z.object({ check: id }),
  run: async (ctx, { case: one, text: words_ }) => {
    const row = await locked(ctx, one)
    const check = newId(ctx.now)
    await work.addChecks(ctx, one, [{ id: check, text: words_ }])
    record(ctx, words.Changed, { ...about(row), detail: { fields: ['checklist'] } })
    return { check }
  },
})

async function checkOf(ctx: Ctx, check: string) {
  const known = (await work.oneCheck(ctx, check)) ?? refuse('notFound', 'kernel.notFound')
  return { known, row: await locked(ctx, known.case_id) }
}

export const setCheck = action({
  says: 'Tick a line of a checklist, or take the tick away',
  who: 'cases.work',
  takes: z.strictObject({ check: id, done: z.boolean() }),
  gives: z.object({}),
  run: async (ctx, { check, done }) => {
    const { known, row } = await checkOf(ctx, check)
    if ((known.done_at !== null) === done) return {}
    await work.changeCheck(ctx, check, done ? { done_at: ctx.now, done_by: ctx.actor.person } : { done_at: null, done_by: null })
    record(ctx, done ? words.Ticked : words.Unticked, { ...about(row), detail: { text: known.text } })
    return {}
  },
})

export const dropCheck = action({
  says: 'Take a line off a checklist; with `back` it stands there again',
  who: 'cases.work',
  takes: z.strictObject({ check: id, back: z.literal('back').optional() }),
  gives: z.object({}),
  run: async (ctx, { check, back }) => {
    const { row } = await checkOf(ctx, check)
    await work.changeCheck(ctx, check, { removed_at: back ? null : ctx.now })
    record(ctx, words.Changed, { ...about(row), detail: { fields: ['checklist'] } })
    return {}
  },
})

// —— time ——

export const spendTime = action({
  says: 'Note time that was spent on a case, such as 30m or 1h 15m',
  who: 'cases.work',
  takes: z.strictObject({ case: id, time: line(40), note: text(500).default('') }),
  gives: z.object({ time: id, minutes: z.number() }),
  run: async (ctx, { case: one, time, note }) => {
    const row = await locked(ctx, one)
    const minutes = rules.minutesIn(time, 'time')!
    if (minutes > 6000) throw new Refusal('invalid', 'cases.timeWrong', {}, { fields: [{ field: 'time', key: 'cases.timeWrong' }] })
    const entry = { id: newId(ctx.now), person: ctx.actor.person, minutes, note: note.trim(), at: ctx.now }
    await work.addTime(ctx, one, entry)
    await store.change(ctx, [one], { minutes: row.minutes + minutes })
    record(ctx, words.TimeSpent, { ...about(row), detail: { minutes } })
    return { time: entry.id, minutes }
  },
})

/** Time that was noted, taken away or there again. */
const timeIs = (says: string, isThere: boolean) =>
  action({
    says,
    who: 'cases.work',
    takes: z.strictObject({ time: id }),
    gives: z.object({}),
    run: async (ctx, { time }) => {
      const entry = (await work.oneTime(ctx, time)) ?? refuse('notFound', 'kernel.notFound')
      if ((entry.removed_at === null) === isThere) return {}
      const row = await locked(ctx, entry.case_id)
      await work.removeTime(ctx, time, isThere ? null : ctx.now)
      await store.change(ctx, [row.id], { minutes: row.minutes + (isThere ? entry.minutes : -entry.minutes) })
      record(ctx, isThere ? words.TimeSpent : words.TimeTaken, { ...about(row), detail: { minutes: entry.minutes } })
      return {}
    },
  })

export const takeTime = timeIs('Take time away that was noted on a case', false)
export const restoreTime = timeIs('Let time that was taken away count again', true)
