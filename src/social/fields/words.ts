/** Fields of people that an organisation defines itself, and their values. */
import { z } from 'zod'
import { keeps, nobody } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

export const fieldKinds = ['text', 'number', 'date', 'choice', 'yesno', 'link'] as const
export type FieldKind = (typeof fieldKinds)[number]

const named = z.strictObject({ name: z.string().max(100) })
/** Object is the field. */
export const Made = word('Create', 'Field', named)
export const Changed = word('Update', 'Field', named)
export const Removed = word('Remove', 'Field', named)
export const BroughtBack = word('Undo', 'Field', named)
/** For good, with all its values. */
export const Erased = word('Delete', 'Field', named)
/** Object is the person; which fields were filled, changed or emptied. What they say is not told, because what happened is never forgotten. */
export const Filled = word('Update', 'FieldValue', z.strictObject({ fields: z.array(z.uuid()).max(100) }))

export const field = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(fieldKinds),
  choices: z.array(z.string()),
  about: z.string(),
  removedAt: z.date().nullable(),
})
export type Field = z.output<typeof field>

/** A field with what it says of somebody; empty when nothing. */
export const filled = field.extend({ value: z.string() })
export type FilledField = z.output<typeof filled>

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({ field: nobody, field_value: { of: { person: 'person' }, theme: 'profile' } })
