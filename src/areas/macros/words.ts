/** Several steps that are done at once with a conversation. */
import { z } from 'zod'
import { id, line } from '#kernel/action.ts'
import { keeps } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

const named = z.strictObject({ name: z.string() })

/** Told of those that are everybody's; object is the macro. */
export const Made = word('Create', 'Macro', named)
export const Changed = word('Update', 'Macro', named)
export const Archived = word('Remove', 'Macro', named)
export const BroughtBack = word('Add', 'Macro', named)

/** Pressed before the key of a macro. */
export const firstKey = 'q'

/** What it does, in this order; what is left out is not done. */
export const steps = z.strictObject({
  /** The text of an answer, with blanks. */
  answer: line(20_000).optional(),
  labels: z.array(line(60)).max(10).default([]),
  /** A colleague, or whoever runs it. */
  assign: z.union([z.literal('me'), z.literal('nobody'), id]).optional(),
  /** Put aside for so many days, until nine in the morning. */
  snoozeDays: z.number().int().min(1).max(365).optional(),
  finish: z.boolean().default(false),
})
export type Steps = z.output<typeof steps>

export const macro = z.object({
  id: z.string(),
  name: z.string(),
  steps,
  /** One letter or digit, pressed after `firstKey`. */
  key: z.string().nullable(),
  own: z.boolean(),
  uses: z.number(),
  archived: z.boolean(),
})
export type Macro = z.output<typeof macro>

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({ macro: { of: { owner: 'person' }, theme: 'work' } })
