/** Under which names the organisation speaks. */
import { z } from 'zod'
import { keeps, nobody } from '#kernel/keeps.ts'
import { languages } from '#kernel/messages.ts'
import { word } from '#social/activities/words.ts'

const named = z.strictObject({ name: z.string().max(200) })

export const Made = word('Create', 'Brand', named)
export const Changed = word('Update', 'Brand', named)
/** It is gone, and its accounts belong to the whole organisation; object is the brand. */
export const Removed = word('Delete', 'Brand', named)
export const BroughtBack = word('Undo', 'Delete', named)
/** An account belongs to a brand, or to the whole organisation, from now on; object is the account. */
export const Placed = word('Move', 'Account', z.strictObject({ brand: z.string().nullable() }))

export const brand = z.object({
  id: z.string(),
  name: z.string(),
  website: z.string(),
  logo: z.string().nullable(),
  /** `#rrggbb`, or empty. */
  colour: z.string(),
  language: z.enum(['', ...languages]),
  signature: z.string(),
  /** How many accounts belong to it. */
  accounts: z.number(),
})
export type Brand = z.output<typeof brand>

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({ brand: { leads: { logo: 'file' } }, brand_account: nobody, brand_filling: nobody })
