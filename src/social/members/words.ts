/** Who belongs to the organisation, in which role; and what the organisation chose for itself. */
import { z } from 'zod'
import { roleNames } from '#kernel/context.ts'
import { slot } from '#kernel/page.tsx'
import { word } from '#social/activities/words.ts'

export const roleName = z.enum(roleNames)

export const Invited = word('Invite', 'Member', z.strictObject({ role: roleName }))
export const Joined = word('Join', 'Organisation', z.strictObject({ role: roleName }))
export const RoleChanged = word('Update', 'Role', z.strictObject({ from: roleName, to: roleName }))
export const Suspended = word('Block', 'Member', z.strictObject({}))
export const Reinstated = word('Undo', 'Block', z.strictObject({}))
export const OrganisationChanged = word('Update', 'Organisation', z.strictObject({ fields: z.array(z.string()) }))

/** Hours in which customers may expect an answer: minutes of the day for Monday to Sunday, null when closed. */
export const openingHours = z
  .array(z.union([z.tuple([z.number().int().min(0).max(1440), z.number().int().min(0).max(1440)]), z.null()]))
  .length(7)
/** Days on which nobody answers, whatever the day of the week: `2026-12-25`. */
export const holidays = z.array(z.iso.date()).max(1000)
export type OpeningHours = z.output<typeof openingHours>

/** What an organisation chose; each key has a default, so that older rows stay valid. */
export const organisationSettings = z.object({
  hours: openingHours.catch([[540, 1020], [540, 1020], [540, 1020], [540, 1020], [540, 1020], null, null]),
  holidays: holidays.catch([]),
  signOff: z.string().max(2000).catch(''),
  about: z.string().max(5000).catch(''),
})
export type OrganisationSettings = z.output<typeof organisationSettings>

/** Entries of the settings page that other modules bring. */
export const settingsCards = slot<Record<string, never>>('members.settings')
