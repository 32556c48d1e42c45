/** Colleagues who work together: their zone, hours, holidays and skills, and who of them is away. */
import { z } from 'zod'
import { keeps, nobody } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

const named = z.strictObject({ name: z.string().max(200) })
const none = z.strictObject({})

/** Object is the team. */
export const Made = word('Create', 'Team', named)
export const Changed = word('Update', 'Team', named)
export const Archived = word('Remove', 'Team', named)
export const BroughtBack = word('Add', 'Team', named)
/** Object is the colleague, target the team. */
export const MemberAdded = word('Add', 'TeamMember', none)
export const MemberRemoved = word('Remove', 'TeamMember', none)
/** Object is the colleague. */
export const SkillsChanged = word('Update', 'Skill', z.strictObject({ skills: z.array(z.string().max(60)).max(50) }))
export const WentAway = word('Create', 'Absence', z.strictObject({ from: z.string(), until: z.string() }))
export const CameBack = word('Delete', 'Absence', z.strictObject({ from: z.string(), until: z.string() }))

const minute = z.number().int().min(0).max(1440)
/** From one minute of the day to another. */
export const span = z.tuple([minute, minute])
export type Span = z.output<typeof span>
/** Seven days from Monday, each with its spans in order; none where nobody works. */
export const week = z.array(z.array(span).max(12)).length(7)

/** When somebody works: on the clocks of this zone, but not on these days. */
export interface Hours {
  /** Name of the IANA database. */
  zone: string
  week: readonly (readonly Span[])[]
  /** `2026-12-25` */
  holidays: readonly string[]
}

export const team = z.object({
  id: z.string(),
  name: z.string(),
  about: z.string(),
  zone: z.string(),
  week,
  holidays: z.array(z.string()),
  archivedAt: z.date().nullable(),
  members: z.array(z.string()),
})
export type Team = z.output<typeof team>

export const absence = z.object({ id: z.string(), person: z.string(), startsAt: z.date(), endsAt: z.date(), note: z.string() })
export type Absence = z.output<typeof absence>

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  team: nobody,
  team_member: { of: { person: 'person' }, theme: 'work' },
  skill: { of: { person: 'person' }, theme: 'work' },
  absence: { of: { person: 'person' }, theme: 'work' },
})
