/** For what we may use what we know of somebody, on which basis, and what proves it. */
import { z } from 'zod'
import { keeps, nobody } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'
import { card } from '#social/people/words.ts'

/** Lawful bases of Regulation (EU) 2016/679 (GDPR), article 6, paragraph 1, letters a to f in their order. */
export const bases = ['consent', 'contract', 'legalObligation', 'vitalInterests', 'publicTask', 'legitimateInterests'] as const
export type Basis = (typeof bases)[number]

/** How it was told to us. */
export const consentSources = ['form', 'mail', 'chat', 'phone', 'talk', 'paper', 'import'] as const

const ofPurpose = z.strictObject({ name: z.string().max(100) })
/** Object is the purpose. */
export const PurposeMade = word('Create', 'Purpose', ofPurpose)
export const PurposeChanged = word('Update', 'Purpose', ofPurpose)
export const PurposeRetired = word('Remove', 'Purpose', ofPurpose)
export const PurposeBack = word('Undo', 'Purpose', ofPurpose)
export const Worded = word('Create', 'ConsentText', z.strictObject({ version: z.number().int(), language: z.string().max(10) }))

const ofConsent = z.strictObject({ purpose: z.uuid() })
/** Object is the person: from now on we may. */
export const Granted = word('Accept', 'Consent', ofConsent)
/** From now on we may not. */
export const Withdrawn = word('Reject', 'Consent', ofConsent)
/** What was noted last was a mistake, and what was before counts. */
export const Struck = word('Undo', 'Consent', ofConsent)

export const purpose = z.object({ id: z.string(), name: z.string(), about: z.string(), retiredAt: z.date().nullable() })
export type Purpose = z.output<typeof purpose>

export const consentText = z.object({ id: z.string(), language: z.string(), version: z.number(), text: z.string(), at: z.date() })
export type ConsentText = z.output<typeof consentText>

/** One word about a purpose, with its proof. */
export const entry = z.object({
  id: z.string(),
  allows: z.boolean(),
  basis: z.enum(bases),
  text: consentText.omit({ text: true }).nullable(),
  source: z.string(),
  proof: z.string(),
  at: z.date(),
  by: card.nullable(),
  struckAt: z.date().nullable(),
})
export type Entry = z.output<typeof entry>

/** A purpose and what counts for somebody now; null when nothing was ever said. */
export const standing = purpose.extend({ allows: z.boolean().nullable(), entries: z.array(entry) })
export type Standing = z.output<typeof standing>

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  purpose: nobody,
  consent_text: nobody,
  // That somebody was asked stays, so that it can be shown that nothing was sent without; how they proved it goes.
  consent: { of: { person: 'person' }, blank: { proof: '' }, plain: ['basis', 'source'], theme: 'consent' },
  consent_state: { of: { person: 'person' }, theme: 'consent' },
})
