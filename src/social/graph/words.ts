/** Who is tied to whom and to what: following, blocking, belonging. */
import { z } from 'zod'
import { keeps } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

const none = z.strictObject({})

/** Object is the person. */
export const Followed = word('Follow', 'Person', none)
export const Unfollowed = word('Undo', 'Follow', none)
/** Somebody outside follows one of our accounts; object is the account. */
export const FollowedAccount = word('Follow', 'Account', none)
export const Blocked = word('Block', 'Person', none)
export const Unblocked = word('Undo', 'Block', none)

/** A keeper leads what others are members of. */
export const memberRoles = ['member', 'keeper'] as const
export type MemberRole = (typeof memberRoles)[number]

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({ tie: { of: { subject: 'person', object: 'person' }, theme: 'profile' } })
