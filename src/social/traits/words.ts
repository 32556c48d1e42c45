/** How somebody is to be treated, and as what they matter to us. */
import { z } from 'zod'
import { keeps } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

/** The highest first. */
export const tiers = ['vip', 'key', 'standard'] as const
export type Tier = (typeof tiers)[number]

/** The players around a brand: the first ring of Brian Solis's Social Compass (2009, 2011). */
export const players = ['media', 'blogger', 'influencer', 'tastemaker', 'advocate', 'champion'] as const
export type Player = (typeof players)[number]

export const traitKinds = ['tier', 'player'] as const
export type TraitKind = (typeof traitKinds)[number]
export const valuesOf: Record<TraitKind, readonly string[]> = { tier: tiers, player: players }

/** Object is the person; without a value the trait ended. */
export const Changed = word('Update', 'Trait', z.strictObject({ kind: z.enum(traitKinds), value: z.string().max(40).nullable() }))

export const trait = z.object({
  kind: z.enum(traitKinds),
  value: z.string(),
  since: z.date(),
  until: z.date().nullable(),
})
export type Trait = z.output<typeof trait>

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({ trait: { of: { person: 'person' }, theme: 'profile' } })
