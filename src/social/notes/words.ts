/** What colleagues note of a person. */
import { z } from 'zod'
import { keeps } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'
import { card } from '#social/people/words.ts'

const ofNote = z.strictObject({ note: z.uuid() })
/** Object is the person. */
export const Noted = word('Create', 'PersonNote', ofNote)
export const Edited = word('Update', 'PersonNote', ofNote)
export const Removed = word('Remove', 'PersonNote', ofNote)
export const BroughtBack = word('Undo', 'PersonNote', ofNote)

export const note = z.object({
  id: z.string(),
  text: z.string(),
  by: card.nullable(),
  at: z.date(),
  editedAt: z.date().nullable(),
  mine: z.boolean(),
})
export type Note = z.output<typeof note>

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  person_note: { of: { person: 'person' }, theme: 'profile', ages: 'at', called: 'notes.retained', path: '/people/{person}' },
})
