/** Texts that are ready to be sent. */
import { z } from 'zod'
import { keeps } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

const titled = z.strictObject({ title: z.string() })

/** Told of those that are everybody's; object is the answer. */
export const Made = word('Create', 'ReadyAnswer', titled)
export const Changed = word('Update', 'ReadyAnswer', titled)
export const Archived = word('Remove', 'ReadyAnswer', titled)
export const BroughtBack = word('Add', 'ReadyAnswer', titled)

/** The blanks that are filled in by themselves. */
export const variables = ['first', 'name', 'me', 'brand', 'subject', 'website'] as const
export type Variable = (typeof variables)[number]

export const readyAnswer = z.object({
  id: z.string(),
  title: z.string(),
  folder: z.string(),
  text: z.string(),
  /** Only its owner sees it. */
  own: z.boolean(),
  uses: z.number(),
  usedAt: z.date().nullable(),
  archived: z.boolean(),
})
export type ReadyAnswer = z.output<typeof readyAnswer>

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({ ready_answer: { of: { owner: 'person' }, theme: 'work' } })
