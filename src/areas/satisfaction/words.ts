/** Questions to people outside after something has come to its end, and what they answered. */

import { z } from 'zod'
import { idsOnly, keeps, nobody } from '#kernel/keeps.ts'
import { type Language, languages } from '#kernel/messages.ts'
import { word } from '#social/activities/words.ts'

/** Customer satisfaction, customer effort (7 is very easy), net promoter score. */
export const kinds = ['csat', 'ces', 'nps'] as const
export type Kind = (typeof kinds)[number]
export const scales: Record<Kind, readonly [least: number, most: number]> = { csat: [1, 5], ces: [1, 7], nps: [0, 10] }
/** Up to this an answer is a bad one, unless somebody chooses otherwise; of NPS those are its detractors. */
export const usuallyBad: Record<Kind, number> = { csat: 2, ces: 3, nps: 6 }

export const closings = ['conversation', 'case'] as const
export type ClosingKind = (typeof closings)[number]
/** `thread`: by the conversation's own channel; `mail`: by a mail of the house. */
export const ways = ['thread', 'mail'] as const
/** Why somebody whom the lot chose was not asked. */
export const refusals = ['recently', 'saidNo', 'noConsent', 'noAddress', 'noMailServer', 'colleague', 'openTalk'] as const
export type Refused = (typeof refusals)[number]

const named = z.strictObject({ name: z.string().max(100) })
const scored = z.strictObject({ kind: z.enum(kinds), score: z.number().int(), survey: z.uuid() })

/** Object is the survey in all of these. */
export const Made = word('Create', 'Survey', named)
export const Changed = word('Update', 'Survey', named)
export const Paused = word('Leave', 'Survey', named)
export const WentOn = word('Join', 'Survey', named)
export const Archived = word('Remove', 'Survey', named)
export const BroughtBack = word('Add', 'Survey', named)
/** Target is the person; with a thread where the answer may be known. */
export const Asked = word('Question', 'Survey', named)
/** Object is the answer, actor the person. Nothing is told of anonymous answers. */
export const Rated = word('Create', 'Rating', scored)
export const RatedAnew = word('Update', 'Rating', scored.extend({ before: z.number().int() }))
/** Actor is the person who wants no more questions. */
export const SaidNo = word('Reject', 'Survey', z.strictObject({}))

const questions = z.partialRecord(z.enum(languages), z.string().max(300))
export type Questions = Partial<Record<Language, string>>

export const survey = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(kinds),
  closing: z.enum(closings),
  way: z.enum(ways),
  anonymous: z.boolean(),
  questions,
  share: z.number(),
  delayMinutes: z.number(),
  channels: z.array(z.string()),
  teams: z.array(z.string()),
  types: z.array(z.string()),
  purpose: z.string().nullable(),
  bad: z.number().nullable(),
  pausedAt: z.date().nullable(),
  archivedAt: z.date().nullable(),
})
export type Survey = z.output<typeof survey>

/** Something that has come to its end. */
export interface Closing {
  is: ClosingKind
  /** The conversation's thread, or the case. */
  id: string
  /** Where the customer is talked with. */
  thread: string
  person: string
  channel: string | null
  teams: string[]
  type: string | null
  /** Whose it was. */
  owner: string | null
}

const interval = z.object({ low: z.number(), high: z.number() })
export const result = z.object({
  asked: z.number(),
  n: z.number(),
  /** CSAT: share of 4 and 5; CES: mean; NPS: −100 to 100. Null: not enough data. */
  value: z.number().nullable(),
  /** In which the true value lies with 95 % certainty. */
  interval: interval.nullable(),
  /** Of CSAT, 1 to 5. */
  mean: z.number().nullable(),
  /** How many gave each answer, from the least on. */
  counts: z.array(z.number()),
})
export type Result = z.output<typeof result>

export const answer = z.object({
  id: z.string(),
  survey: z.string(),
  kind: z.enum(kinds),
  score: z.number(),
  comment: z.string(),
  day: z.string(),
  thread: z.string().nullable(),
  person: z.string().nullable(),
})
export type Answer = z.output<typeof answer>

/** By what results can be told apart. */
export const groupings = ['channel', 'team', 'type'] as const
export type Grouping = (typeof groupings)[number]
export const windows = [30, 90, 365] as const

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  survey: nobody,
  survey_ask: { of: { person: 'person' }, theme: 'conversations' },
  // Its number stays in the results; what was written to it goes. An anonymous one leads to nobody.
  survey_answer: {
    of: { person: 'person' },
    blank: { comment: '' },
    plain: ['kind', 'channel'],
    theme: 'conversations',
    ages: 'day',
    called: 'satisfaction.retained',
  },
  survey_no: { of: { person: 'person' }, theme: 'consent' },
  survey_ticket: idsOnly('hash'),
  survey_tally: idsOnly('channel'),
})
