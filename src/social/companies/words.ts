/** Who works where, as what, from when to when. */
import { z } from 'zod'
import { keeps } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'
import { card } from '#social/people/words.ts'

/** Object is the person, target the company. */
export const Employed = word('Join', 'Company', z.strictObject({}))
export const Changed = word('Update', 'Employment', z.strictObject({}))
export const Left = word('Leave', 'Company', z.strictObject({}))
/** It was noted by mistake. */
export const Removed = word('Remove', 'Employment', z.strictObject({}))

const days = { role: z.string(), since: z.string().nullable(), until: z.string().nullable() }

/** Where somebody works or worked; without an id it is only the company on the record. */
export const employment = z.object({ id: z.string().nullable(), company: card, main: z.boolean(), ...days })
export type Employment = z.output<typeof employment>

/** Somebody of a company. */
export const staff = z.object({ id: z.string(), person: card, ...days })

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({ employment: { of: { person: 'person', company: 'person' }, theme: 'profile' } })
