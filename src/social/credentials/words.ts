/** What one signs in with, and what programs sign in with in one's name. */
import { z } from 'zod'
import { slot } from '#kernel/page.tsx'
import { word } from '#social/activities/words.ts'

export const KeyMade = word('Create', 'Key', z.strictObject({ name: z.string() }))
export const KeyRevoked = word('Remove', 'Key', z.strictObject({ name: z.string() }))
export const SecondFactorAdded = word('Add', 'SecondFactor', z.strictObject({}))
export const SecondFactorRemoved = word('Remove', 'SecondFactor', z.strictObject({}))

/** Beside a key that is shown this once: how a program begins with it. */
export const keySample = slot<{ key: string; scopes: string[] }>('credentials.keySample')
