/** How one comes in: set-up, sign-in, the second factor, one's own profile, sessions and keys. */
import { z } from 'zod'
import { languages } from '#kernel/messages.ts'
import { word } from '#social/activities/words.ts'

export const email = z.string().trim().toLowerCase().max(254).pipe(z.email())
export const personName = z.string().trim().min(1).max(200)
/** Long enough to resist guessing; no other rule, so that a sentence is welcome. */
export const newPassword = z.string().min(10).max(200)
export const languageName = z.enum(languages)

export const setUp = z.strictObject({
  token: z.string().max(100),
  organisation: z.string().trim().min(1).max(200),
  name: personName,
  email,
  password: newPassword,
})
export const signIn = z.strictObject({
  email: z.string().trim().toLowerCase().max(254),
  password: z.string().max(200),
  next: z.string().max(2000).optional(),
})
export const secondFactor = z.strictObject({ code: z.string().trim().max(40), next: z.string().max(2000).optional() })

export const anotherOrganisation = z.strictObject({ organisation: z.string().trim().min(1).max(200) })

export const Founded = word('Create', 'Organisation', z.strictObject({}))
