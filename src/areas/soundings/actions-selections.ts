/** Monitors, days and a way of counting that somebody looks at again and again, under a name. */
import { z } from 'zod'
import { action, cursor, id, limit, line } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { days, everything, monitors, whereOf } from './actions-asked.ts'
import * as store from './store-selections.ts'
import * as words from './words.ts'

function told(ctx: Ctx, word: typeof words.Saved, object: string, name: string): void {
  record(ctx, word, { object, detail: { name } })
  tell(ctx, 'soundings')
}

export const selections = action({
  says: 'The saved selections of monitors, by name',
  who: 'soundings.read',
  reads: true,
  takes: z.strictObject({ after: cursor, limit }),
  gives: z.object({ items: z.array(words.selection), next: z.string().nullable() }),
  run: async (ctx, { after, limit: most }) => {
    const [one, ...name] = (after ?? '').split('\n')
    const items = await store.selections(ctx, name.length ? { id: one!, name: name.join('\n') } : null, most)
    const last = items.at(-1)
    return { items, next: last && items.length === most ? `${last.id}\n${last.name}` : null }
  },
})

export const save = action({
  says: 'Save a selection: one to eight monitors, how many days, and whether near-duplicates, programs and our own staff count as well',
  who: 'soundings.save',
  takes: z.strictObject({ name: line(100), monitors, days, everything }),
  gives: z.object({ selection: id }),
  run: async (ctx, input) => {
    const { ids } = await whereOf(ctx, input)
    const selection = newId(ctx.now)
    await store.addSelection(ctx, { ...input, id: selection, monitors: ids })
    told(ctx, words.Saved, selection, input.name)
    return { selection }
  },
})

/** One that is not removed. */
export const selectionOf = async (ctx: Ctx, selection: string): Promise<words.Selection | undefined> =>
  (await store.isRemoved(ctx, selection)) ? undefined : store.selection(ctx, selection)

const thatIsThere = async (ctx: Ctx, selection: string): Promise<words.Selection> =>
  (await store.selection(ctx, selection)) ?? refuse('notFound', 'soundings.selectionNotThere')

export const remove = action({
  says: 'Remove a saved selection; nothing that was heard goes with it',
  who: 'soundings.save',
  takes: z.strictObject({ selection: id }),
  gives: z.object({}),
  run: async (ctx, { selection }) => {
    const { name } = await thatIsThere(ctx, selection)
    await store.markSelection(ctx, selection, ctx.now)
    told(ctx, words.Removed, selection, name)
    return {}
  },
})

export const bringBack = action({
  says: 'Bring back a selection that was removed',
  who: 'soundings.save',
  takes: z.strictObject({ selection: id }),
  gives: z.object({}),
  run: async (ctx, { selection }) => {
    const { name } = await thatIsThere(ctx, selection)
    await store.markSelection(ctx, selection, null)
    told(ctx, words.BroughtBack, selection, name)
    return {}
  },
})
