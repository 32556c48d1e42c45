import { z } from 'zod'
import { action, cursor, id, limit, line } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { record } from '#social/activities/actions.ts'
import { cardsOf, idsOf } from '#social/people/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

async function allOf(ctx: Ctx, person: string): Promise<[string, ...string[]]> {
  const [stands, ...others] = await idsOf(ctx, person)
  return stands ? [stands, ...others] : refuse('notFound', 'notes.personNotFound')
}

export const list = action({
  says: 'List what colleagues noted of a person, the newest first',
  who: 'people.read',
  reads: true,
  takes: z.strictObject({ person: id, before: cursor, limit }),
  gives: z.object({ items: z.array(words.note), next: z.string().nullable() }),
  run: async (ctx, { person, before, limit }) => {
    const rows = await store.notesOf(ctx, await allOf(ctx, person), limit + 1, before && id.parse(before))
    const page = rows.slice(0, limit)
    const cards = await cardsOf(
      ctx,
      page.flatMap(each => each.by ?? []),
    )
    return {
      items: page.map(({ id, text, by, at, edited_at }) => ({
        id,
        text,
        at,
        by: (by && cards.get(by)) || null,
        editedAt: edited_at,
        mine: by !== null && by === ctx.actor.person,
      })),
      next: rows.length > limit ? page.at(-1)!.id : null,
    }
  },
})

const body = line(5000)

export const add = action({
  says: 'Note something of a person, for colleagues only',
  who: 'people.write',
  takes: z.strictObject({ person: id, text: body }),
  gives: z.object({ person: id, note: id }),
  run: async (ctx, { person, text }) => {
    const [stands] = await allOf(ctx, person)
    const row = { id: newId(ctx.now), person: stands, text, by: ctx.actor.person, at: ctx.now }
    await store.add(ctx, row)
    return told(ctx, words.Noted, row)
  },
})

function told(ctx: Ctx, word: typeof words.Noted, { id, person }: { id: string; person: string }): { person: string; note: string } {
  record(ctx, word, { object: person, detail: { note: id } })
  tell(ctx, `person:${person}`)
  return { person, note: id }
}

const theNote = async (ctx: Ctx, note: string): Promise<store.Row> => (await store.find(ctx, note)) ?? refuse('notFound', 'notes.notThere')

export const edit = action({
  says: 'Change one’s own note of a person',
  who: 'people.write',
  takes: z.strictObject({ note: id, text: body }),
  gives: z.object({ person: id, before: z.string() }),
  run: async (ctx, { note, text }) => {
    const row = await theNote(ctx, note)
    rules.mayEdit(row, ctx.actor.person)
    await store.change(ctx, note, { text, edited_at: ctx.now })
    told(ctx, words.Edited, row)
    return { person: row.person, before: row.text }
  },
})

const one = { who: 'people.write', takes: z.strictObject({ note: id }), gives: z.object({ person: id, note: id }) }

export const remove = action({
  ...one,
  says: 'Take a note of a person away',
  run: async (ctx, { note }) => {
    const row = await theNote(ctx, note)
    await store.change(ctx, note, { removed_at: ctx.now })
    return told(ctx, words.Removed, row)
  },
})

export const bringBack = action({
  ...one,
  says: 'Bring a note of a person back',
  run: async (ctx, { note }) => {
    const row = await theNote(ctx, note)
    await store.change(ctx, note, { removed_at: null })
    return told(ctx, words.BroughtBack, row)
  },
})
