/** Data that must stay for now, such as during a lawsuit: neither an erasure nor a rule of retention touches it. */
import { z } from 'zod'
import { action, id, line } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { cardsOf, idsOf } from '#social/people/actions.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export const holds = action({
  says: 'List whose data must not be erased for now, and why; of one person or of all',
  who: 'rights.manage',
  reads: true,
  takes: z.strictObject({ person: id.optional() }),
  gives: z.object({ items: z.array(words.hold) }),
  run: async (ctx, { person }) => {
    const rows = await store.holds(ctx, person ? await idsOf(ctx, person) : undefined)
    const cards = await cardsOf(ctx, rows.flatMap(row => [row.person, ...(row.by ? [row.by] : [])])) // biome-ignore format: one line
    return {
      items: rows.map(({ id, person, reason, by, at }) => ({
        id,
        person: cards.get(person) ?? null,
        reason,
        by: (by && cards.get(by)) || null,
        at,
      })),
    }
  },
})

export const holdBegin = action({
  says: 'Say that nothing about a person is erased for now, and why: a legal hold',
  who: 'rights.manage',
  takes: z.strictObject({ person: id, reason: line(1000) }),
  gives: z.object({ hold: id }),
  run: async (ctx, { person, reason }) => {
    const [stands] = await idsOf(ctx, person)
    if (!stands) refuse('notFound', 'rights.personNotFound')
    const hold = newId(ctx.now)
    await store.addHold(ctx, { id: hold, person: stands, reason, by: ctx.actor.person, at: ctx.now })
    told(ctx, words.Held, { id: hold, person: stands })
    return { hold }
  },
})

function told(ctx: Ctx, word: typeof words.Held, it: { id: string; person: string }): void {
  record(ctx, word, { object: it.person, detail: { hold: it.id } })
  for (const topic of ['rights', `person:${it.person}`]) tell(ctx, topic)
}

const one = { who: 'rights.manage', takes: z.strictObject({ hold: id }), gives: z.object({}) }

async function put(ctx: Ctx, hold: string, ends: boolean): Promise<Record<string, never>> {
  const row = (await store.findHold(ctx, hold)) ?? refuse('notFound', 'rights.holdNotFound')
  await store.endHold(ctx, hold, ends ? ctx.now : null)
  told(ctx, ends ? words.Released : words.Held, row)
  return {}
}

export const holdEnd = action({ ...one, says: 'End a legal hold', run: (ctx, { hold }) => put(ctx, hold, true) })
export const holdBack = action({ ...one, says: 'Take back that a legal hold ended', run: (ctx, { hold }) => put(ctx, hold, false) })
