/** Whose an opportunity is and how it stands: handed over, from stage to stage, won, lost, set aside, and the ways back. */
import { z } from 'zod'
import { action, id, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { tell } from '#kernel/live.ts'
import { localDay } from '#kernel/zones.ts'
import { record } from '#social/activities/actions.ts'
import { workerByPerson } from '#social/members/actions.ts'
import { notify } from '#social/notifications/actions.ts'
import { cardsOf } from '#social/people/actions.ts'
import { joinAll } from '#social/threads/actions.ts'
import { reasonIn, stageIn } from './actions-settings.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

/** Held until the end of the transaction; with `seen`, the version that one saw, nobody decides on what somebody else changed since. */
export async function locked(ctx: Ctx, one: string, seen?: number): Promise<store.Locked> {
  const row = (await store.lock(ctx, one)) ?? refuse('notFound', 'sales.notThere')
  if (seen !== undefined) await isAsSeen(ctx, row, seen)
  return row
}

const isAsSeen = async (ctx: Ctx, row: store.Locked, seen: number | undefined): Promise<void> =>
  rules.isAsSeen(row.version, seen, seen === row.version ? '' : await nameOf(ctx, row.changedBy))

const nameOf = async (ctx: Ctx, person: string | null): Promise<string> =>
  (person && (await cardsOf(ctx, [person])).get(person)?.name) || 'Trefoil'

export const about = (row: Pick<words.Opportunity, 'id' | 'discussion'>) => ({ object: row.id, thread: row.discussion })
export const pathOf = ({ number }: Pick<words.Opportunity, 'number'>): string => `/sales/S-${number}`
export const todayOf = (ctx: Ctx): string => localDay(ctx.now, ctx.zone)

export function toldOf(ctx: Ctx, row: Pick<words.Opportunity, 'person' | 'company'>): void {
  tell(ctx, 'sales')
  for (const one of [row.person, row.company]) if (one) tell(ctx, `person:${one}`)
}

export const version = z.coerce.number().int().min(1).max(2_000_000_000).optional()
const given = z.object({ version: z.number() })

// —— owners ——

export async function colleague(ctx: Ctx, person: string, field: string): Promise<void> {
  if (!(await workerByPerson(ctx, person)))
    throw new Refusal('invalid', 'sales.notAColleague', {}, { fields: [{ field, key: 'sales.notAColleague' }] })
}

export async function hand(ctx: Ctx, row: store.Locked, to: string | null): Promise<void> {
  if (row.owner === to) return
  row.version = await store.change(ctx, row.id, { owner: to })
  if (to) record(ctx, words.Assigned, { ...about(row), target: to, detail: { to, from: row.owner } })
  else record(ctx, words.Unassigned, { ...about(row), detail: { from: row.owner! } })
  row.owner = to
  if (to) await joinAll(ctx, [{ thread: row.discussion, person: to, because: 'assigned' }])
  if (to && to !== ctx.actor.person)
    await notify(ctx, [
      {
        ...{ person: to, kind: 'assigned', thread: row.discussion, object: row.id, says: 'sales.tell.assigned', path: pathOf(row) },
        told: { number: String(row.number), title: row.title },
      },
    ])
  toldOf(ctx, row)
}

export const assign = action({
  says: 'Give an opportunity or a lead to a colleague, or to nobody',
  who: 'sales.work',
  takes: z.strictObject({ opportunity: id, to: id.nullable(), seen: version }),
  gives: given.extend({ was: id.nullable() }),
  run: async (ctx, { opportunity, to, seen }) => {
    if (to) await colleague(ctx, to, 'to')
    const row = await locked(ctx, opportunity)
    const was = row.owner
    if (was !== to) await isAsSeen(ctx, row, seen)
    await hand(ctx, row, to)
    return { was, version: row.version }
  },
})

// —— from stage to stage ——

const places = z.union([id, z.enum(['lead', 'won'])])

export const move = action({
  says: 'Move an opportunity to a stage, a lead as well, which is qualified by it; to `won`, or back to `lead`. With `seen`, the version that one saw, nobody is overruled unknowingly',
  who: 'sales.work',
  takes: z.strictObject({ opportunity: id, to: places, seen: version }),
  gives: given.extend({ was: places }),
  run: async (ctx, { opportunity, to, seen }) => {
    const row = await locked(ctx, opportunity)
    if (row.state === 'lost' || row.state === 'aside') refuse('conflict', `sales.notFrom.${row.state}`)
    const was = placeOf(row)
    if (was === to) return { was, version: row.version }
    await isAsSeen(ctx, row, seen)
    if (to === 'won') await endAs(ctx, row, 'won')
    else if (to === 'lead') await unqualify(ctx, row)
    else await enter(ctx, row, await stageIn(ctx, to))
    return { was, version: row.version }
  },
})

/** Where it stands on the board. */
const placeOf = ({ state, stage }: words.Opportunity): string => (state === 'lead' || state === 'won' ? state : (stage ?? 'lead'))

async function enter(ctx: Ctx, row: store.Locked, stage: words.Stage): Promise<void> {
  if (row.closedAt) refuse('conflict', `sales.notFrom.${row.state}`)
  rules.mayGo(row.state, 'open')
  const chance = rules.chanceIn(stage, row)
  if (row.state === 'lead') record(ctx, words.Qualified, { ...about(row), detail: { stage: stage.id } })
  else record(ctx, words.Moved, { ...about(row), detail: { from: row.stage, to: stage.id, chance } })
  row.version = await store.change(ctx, row.id, { state: 'open', stage: stage.id, chance })
  toldOf(ctx, row)
}

/** It was no opportunity yet. */
async function unqualify(ctx: Ctx, row: store.Locked): Promise<void> {
  rules.mayGo(row.state, 'lead')
  record(ctx, words.Unqualified, about(row))
  row.version = await store.change(ctx, row.id, { state: 'lead', stage: null, ...(!row.ownChance && { chance: 0 }) })
  toldOf(ctx, row)
}

// —— ends ——

interface Why {
  reason: string
  note: string
}

/** An end is a record: when, by whom, and why. */
async function endAs(ctx: Ctx, row: store.Locked, state: 'won' | 'lost' | 'aside', why?: Why): Promise<void> {
  rules.mayGo(row.state, state)
  if (state === 'won') rules.hasValue(row)
  const { currency, value } = row
  const days = Math.round((ctx.now.getTime() - row.openedAt.getTime()) / 8_640_000) / 10
  if (state === 'won') record(ctx, words.Won, { ...about(row), detail: { currency, value, days } })
  if (state === 'lost') record(ctx, words.Lost, { ...about(row), detail: { currency, value, days, reason: why!.reason } })
  if (state === 'aside') record(ctx, words.SetAside, { ...about(row), detail: { reason: why!.reason } })
  const end = { closed_at: ctx.now, closed_on: todayOf(ctx), reason: why?.reason ?? null, reason_note: why?.note.trim() ?? '' }
  row.version = await store.change(ctx, row.id, { state, ...end })
  toldOf(ctx, row)
}

export const win = action({
  says: 'An opportunity is won; it must have a value',
  who: 'sales.work',
  takes: z.strictObject({ opportunity: id, seen: version }),
  gives: given,
  run: async (ctx, { opportunity, seen }) => {
    const row = await locked(ctx, opportunity)
    if (row.state === 'won') return { version: row.version }
    await isAsSeen(ctx, row, seen)
    await endAs(ctx, row, 'won')
    return { version: row.version }
  },
})

/** Both ends that somebody chooses a reason for. */
const endsFor = (says: string, state: words.Ending) =>
  action({
    says,
    who: 'sales.work',
    takes: z.strictObject({ opportunity: id, reason: id, note: text(500).default(''), seen: version }),
    gives: given,
    run: async (ctx, { opportunity, reason, note, seen }) => {
      const row = await locked(ctx, opportunity)
      if (row.state === state) return { version: row.version }
      await isAsSeen(ctx, row, seen)
      await reasonIn(ctx, reason, state)
      await endAs(ctx, row, state, { reason, note })
      return { version: row.version }
    },
  })

export const lose = endsFor('An opportunity is lost, for one of the reasons that the organisation knows', 'lost')
export const setAside = endsFor('Set a lead aside, for one of the reasons that the organisation knows', 'aside')

export const reopen = action({
  says: 'Open what was won, lost or set aside again, where it stood',
  who: 'sales.work',
  takes: z.strictObject({ opportunity: id, seen: version }),
  gives: given,
  run: async (ctx, { opportunity, seen }) => {
    const row = await locked(ctx, opportunity)
    const was = row.state
    if (was === 'lead' || was === 'open') return { version: row.version }
    await isAsSeen(ctx, row, seen)
    record(ctx, words.Reopened, { ...about(row), detail: { was } })
    const back = { closed_at: null, closed_on: null, reason: null, reason_note: '' }
    row.version = await store.change(ctx, row.id, { state: was === 'aside' ? 'lead' : 'open', ...back })
    toldOf(ctx, row)
    return { version: row.version }
  },
})
