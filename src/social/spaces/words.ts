/** Places for people and threads: inside, outside, or both. */
import { z } from 'zod'
import { keeps, nobody } from '#kernel/keeps.ts'
import { slot } from '#kernel/page.tsx'
import { word } from '#social/activities/words.ts'
import { memberRoles } from '#social/graph/words.ts'
import { card } from '#social/people/words.ts'

const none = z.strictObject({})

/** Object is the space. */
export const Made = word('Create', 'Space', none)
export const Changed = word('Update', 'Space', z.strictObject({ fields: z.array(z.string().max(20)).max(10) }))
export const Archived = word('Remove', 'Space', none)
export const Reopened = word('Add', 'Space', none)
export const Joined = word('Join', 'Space', none)
export const Left = word('Leave', 'Space', none)
/** Somebody else put a person into a space or took them out: object is the person, target the space. */
export const MemberAdded = word('Add', 'Member', none)
export const MemberRemoved = word('Remove', 'Member', none)
export const MemberChanged = word('Update', 'Member', z.strictObject({ role: z.enum(memberRoles) }))

/** `public` = everyone may read, also without signing in; `staff` = every colleague; `members` = only who belongs to it. */
export const spaceAudiences = ['public', 'staff', 'members'] as const
export type SpaceAudience = (typeof spaceAudiences)[number]

export const space = z.object({
  id: z.string(),
  name: z.string(),
  slug: z.string(),
  about: z.string(),
  audience: z.enum(spaceAudiences),
  archivedAt: z.date().nullable(),
  /** What the reader is in it; null when not a member. */
  role: z.enum(memberRoles).nullable(),
})
export type Space = z.output<typeof space>

export const member = z.object({ person: card, role: z.enum(memberRoles), since: z.date() })

/** On the page of a space: what is said and done in it. */
export const spaceSheet = slot<{ space: Space }>('spaces.sheet')

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({ space: nobody })
