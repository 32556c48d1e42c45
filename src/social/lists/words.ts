/** Lists of people, put together by hand. */
import { z } from 'zod'
import { keeps, nobody } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

const named = z.strictObject({ name: z.string().max(100) })
/** Object is the list. */
export const Made = word('Create', 'PeopleList', named)
export const Changed = word('Update', 'PeopleList', named)
export const Removed = word('Remove', 'PeopleList', named)
export const BroughtBack = word('Undo', 'PeopleList', named)

const ofList = z.strictObject({ list: z.uuid() })
/** Object is the person. */
export const PutOn = word('Add', 'ListEntry', ofList)
export const TakenOff = word('Remove', 'ListEntry', ofList)

export const peopleList = z.object({ id: z.string(), name: z.string(), removedAt: z.date().nullable() })
export type PeopleList = z.output<typeof peopleList>

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({ people_list: nobody, people_list_entry: { of: { person: 'person' }, theme: 'profile' } })
