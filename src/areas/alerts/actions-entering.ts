/** What happens in a crisis room stands in its timeline; those who are there see it at once. */
import { z } from 'zod'
import { action, cursor, id, limit, line } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { cardsOf } from '#social/people/actions.ts'
import * as rules from './rules.ts'
import * as store from './store-rooms.ts'
import * as words from './words.ts'

export interface Entering {
  text?: string
  detail?: Record<string, string>
  by?: string | null
  at?: Date
}

export async function enter(
  ctx: Ctx,
  room: string,
  kind: words.EntryKind,
  { text = '', detail = {}, by, at }: Entering = {},
): Promise<string> {
  const entry = newId(ctx.now)
  await store.addEntry(ctx, { id: entry, room, at: at ?? ctx.now, by: by === undefined ? ctx.actor.person : by, kind, text, detail })
  tell(ctx, `crisis:${room}`)
  return entry
}

export async function theRoom(ctx: Ctx, room: string): Promise<words.Room> {
  return (await store.one(ctx, room)) ?? refuse('notFound', 'alerts.room.notThere')
}

/** Held until the end of the transaction; of two who change it at once the second sees what the first did. */
export async function openRoom(ctx: Ctx, room: string): Promise<words.Room> {
  const it = (await store.one(ctx, room, { hold: true })) ?? refuse('notFound', 'alerts.room.notThere')
  rules.isStillOpen(it, await nameOf(ctx, it.closedBy))
  return it
}

export const nameOf = async (ctx: Ctx, person: string | null): Promise<string> =>
  (person && (await cardsOf(ctx, [person])).get(person)?.name) || '–'

/** What every activity of a room says. */
export const about = (it: words.Room) => ({ object: it.id, thread: it.thread })

export const entries = action({
  says: 'List what happened in a crisis room, the latest first',
  who: 'alerts.read',
  reads: true,
  takes: z.strictObject({ room: id, before: cursor.pipe(z.string().regex(/^\d{1,15} [0-9a-f-]{36}$/).optional()), limit }), // biome-ignore format: one line
  gives: z.object({ items: z.array(words.entry), next: z.string().nullable() }),
  run: async (ctx, { room, before, limit: most }) => {
    const it = await theRoom(ctx, room)
    const items = await store.entriesOf(ctx, it.id, { before, limit: most })
    const last = items.at(-1)
    return { items, next: last && items.length === most ? `${last.at.getTime()} ${last.id}` : null }
  },
})

export const note = action({
  says: 'Note in the timeline of a crisis room what happened, now or at a moment before',
  who: 'alerts.work',
  takes: z.strictObject({ room: id, text: line(5000), at: z.coerce.date().optional() }),
  gives: z.object({ entry: id }),
  run: async (ctx, { room, text, at }) => {
    const it = await theRoom(ctx, room)
    rules.isPast(at, ctx.now)
    const entry = await enter(ctx, it.id, 'note', { text, ...(at && { at }) })
    record(ctx, words.Entered, about(it))
    return { entry }
  },
})

/** What stands there by itself stays; what somebody noted can be taken out and put back. */
const standing = (says: string, isThere: boolean) =>
  action({
    says,
    who: 'alerts.work',
    takes: z.strictObject({ entry: id }),
    gives: z.object({ room: id }),
    run: async (ctx, { entry }) => {
      const row = await store.entry(ctx, entry)
      if (row?.kind !== 'note') return refuse('notFound', 'kernel.notFound')
      const it = await theRoom(ctx, row.room)
      if ((row.removed_at === null) !== isThere) {
        await store.setRemoved(ctx, entry, isThere ? null : ctx.now)
        record(ctx, isThere ? words.Entered : words.EntryTaken, about(it))
        tell(ctx, `crisis:${it.id}`)
      }
      return { room: it.id }
    },
  })

export const takeNote = standing('Take a note out of the timeline of a crisis room; it can come back', false)
export const bringNoteBack = standing('Put a note back into the timeline of a crisis room', true)
