/** What a crisis room has said, or will say: a statement that is written, approved and out; and whether anything else leaves the house meanwhile. */
import { z } from 'zod'
import { calledCase, standing as caseCards, open as openCaseOf } from '#areas/cases/actions.ts'
import { action, id, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { goOn, hold } from '#social/outbox/actions.ts'
import { about, enter, nameOf, openRoom, theRoom } from './actions-entering.ts'
import * as rules from './rules.ts'
import * as store from './store-rooms.ts'
import * as words from './words.ts'

export const writeStatement = action({
  says: 'Write the holding statement of a crisis room; `seen` is the version that one saw, so that nobody writes over words unknowingly',
  who: 'alerts.work',
  takes: z.strictObject({ room: id, statement: text(20_000), seen: z.coerce.number().int().min(0) }),
  gives: z.object({ version: z.number(), was: z.string() }),
  run: async (ctx, { room, statement, seen }) => {
    const it = await openRoom(ctx, room)
    if (it.statement === statement) return { version: it.statementVersion, was: it.statement }
    rules.isSeen(seen, it.statementVersion, await nameOf(ctx, it.statementBy))
    const version = it.statementVersion + 1
    const again = { statement_state: 'draft' as const, approved_by: null, approved_at: null }
    await store.change(ctx, room, { statement, statement_version: version, statement_by: ctx.actor.person, ...again })
    record(ctx, words.StatementWritten, about(it))
    await enter(ctx, room, 'statement')
    return { version, was: it.statement }
  },
})

export const approve = action({
  says: 'Approve the holding statement of a crisis room as one has read it',
  who: 'alerts.approve',
  takes: z.strictObject({ room: id, seen: z.coerce.number().int().min(0) }),
  gives: z.object({}),
  run: async (ctx, { room, seen }) => {
    const it = await openRoom(ctx, room)
    rules.isSeen(seen, it.statementVersion, await nameOf(ctx, it.statementBy))
    rules.statementTo(it.statementState, 'approved', it.statement)
    if (it.statementState !== 'draft') return {}
    await store.change(ctx, room, { statement_state: 'approved', approved_by: ctx.actor.person, approved_at: ctx.now })
    record(ctx, words.StatementApproved, about(it))
    await enter(ctx, room, 'approved')
    return {}
  },
})

export const sayOut = action({
  says: 'Note that the approved statement is out, and where it can be read',
  who: 'alerts.work',
  takes: z.strictObject({ room: id, url: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(2000)]).default('') }),
  gives: z.object({}),
  run: async (ctx, { room, url }) => {
    const it = await openRoom(ctx, room)
    rules.statementTo(it.statementState, 'out', it.statement)
    await store.change(ctx, room, { statement_state: 'out', out_url: url, out_at: it.outAt ?? ctx.now })
    record(ctx, words.StatementOut, about(it))
    await enter(ctx, room, 'out', { detail: { url } })
    return {}
  },
})

// —— nothing else leaves meanwhile ——

export const holdOutgoing = action({
  says: 'Stop everything that leaves the house, from a crisis room',
  who: 'outbox.hold',
  takes: z.strictObject({ room: id }),
  gives: z.object({ changed: z.boolean() }),
  run: async (ctx, { room }) => {
    const it = await openRoom(ctx, room)
    const { changed } = await hold(ctx, {})
    if (changed) {
      record(ctx, words.OutgoingHeld, about(it))
      await enter(ctx, room, 'held')
    }
    return { changed }
  },
})

export const resumeOutgoing = action({
  says: 'Let what leaves the house go on, from a crisis room; with `ask` what should have left meanwhile asks first',
  who: 'outbox.hold',
  takes: z.strictObject({ room: id, ask: z.coerce.boolean().default(true) }),
  gives: z.object({ changed: z.boolean(), asks: z.number() }),
  run: async (ctx, { room, ask }) => {
    const it = await theRoom(ctx, room)
    const done = await goOn(ctx, { ask })
    if (done.changed) {
      record(ctx, words.OutgoingResumed, about(it))
      await enter(ctx, room, 'resumed')
    }
    return done
  },
})

// —— cases ——

async function link(ctx: Ctx, it: words.Room, one: { id: string; number: number }): Promise<void> {
  if (!(await store.linkCase(ctx, it.id, one.id))) return
  record(ctx, words.CaseLinked, { ...about(it), target: one.id })
  await enter(ctx, it.id, 'case', { detail: { number: String(one.number) } })
  tell(ctx, 'cases')
}

export const openCase = action({
  says: 'Open a case from a crisis room',
  who: 'cases.work',
  takes: z.strictObject({ room: id, title: line(300) }),
  gives: z.object({ case: id, number: z.number() }),
  run: async (ctx, { room, title }) => {
    const it = await openRoom(ctx, room)
    const made = await openCaseOf(ctx, { title, priority: it.stage === 'crisis' ? 'urgent' : it.stage === 'serious' ? 'high' : 'normal' })
    await link(ctx, it, { id: made.case, number: made.number })
    return made
  },
})

export const addCase = action({
  says: 'Link a case to a crisis room by its number',
  who: 'cases.work',
  takes: z.strictObject({ room: id, number: line(20) }),
  gives: z.object({ case: id }),
  run: async (ctx, { room, number }) => {
    const it = await openRoom(ctx, room)
    const known = await calledCase(ctx, number, 'number')
    await link(ctx, it, known)
    return { case: known.id }
  },
})

export const dropCase = action({
  says: 'Take a case out of a crisis room; the case stays as it is',
  who: 'cases.work',
  takes: z.strictObject({ room: id, case: id }),
  gives: z.object({ number: z.number() }),
  run: async (ctx, { room, case: one }) => {
    const it = await theRoom(ctx, room)
    const [known] = await caseCards(ctx, [one], false)
    if (!known || !(await store.unlinkCase(ctx, it.id, one))) return refuse('notFound', 'kernel.notFound')
    record(ctx, words.CaseUnlinked, { ...about(it), target: one })
    tell(ctx, `crisis:${it.id}`)
    return { number: known.number }
  },
})

export const casesIn = async (ctx: Ctx, room: string) => caseCards(ctx, await store.casesOf(ctx, room), false)

/** The rooms to which a case belongs. */
export const roomsOfCase = store.ofCase
export const roomOfThread = store.byThread
