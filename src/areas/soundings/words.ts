/** What is seen of all that was heard: shares, moods, topics, voices, and what made the difference. */
import { z } from 'zod'
import { idsOnly, nobody } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

/** Days of a picture. */
export const windows = [7, 30, 90, 365] as const
/** With what a period is compared: the one before, or the same a year ago. */
export const comparisons = ['before', 'year'] as const
export type Comparison = (typeof comparisons)[number]
/** By what a change is told apart. */
export const sides = ['source', 'language', 'country', 'term', 'voice'] as const
export type Side = (typeof sides)[number]
/** So many monitors stand side by side at most. */
export const mostBeside = 8

/** Whole days (UTC), both ends included. */
export interface Span {
  from: string
  until: string
}

/** How many mentions are of which mood; `unknown` where nobody could tell. */
export const moods = z.object({ positive: z.number(), negative: z.number(), neutral: z.number(), unknown: z.number() })
export type Moods = z.output<typeof moods>

const share = z.number().nullable()

/** What one monitor came to in a period. Shares are between 0 and 1, net moods between −1 and 1; null is unknown. */
export const sum = moods.extend({
  /** What is counted: without near-duplicates, programs and our own staff, or with them. */
  n: z.number(),
  /** Everything, however it is counted. */
  all: z.number(),
  duplicates: z.number(),
  bots: z.number(),
  staff: z.number(),
  /** Followers of those writers of whom that is known, one by one for each mention: how many could have seen it at most. */
  reach: z.number(),
  reachKnown: z.number(),
  /** `sentiment.net` and `sentiment.nsr`. */
  net: share,
  nsr: share,
})
export type Sum = z.output<typeof sum>

export const accuracy = z.object({
  checked: z.number(),
  share: share,
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
})
export type Accuracy = z.output<typeof accuracy>

/** A term, in how many mentions it stands, and in how many it stood in the time before. */
export const termCount = z.object({ term: z.string(), n: z.number(), before: z.number(), positive: z.number(), negative: z.number() })
export type TermCount = z.output<typeof termCount>
export const risingTerm = termCount.extend({ surprise: z.number() })
export type Rising = z.output<typeof risingTerm>

/** What a part was, what it is, and by how much it changed the whole. */
export const driver = z.object({ part: z.string(), now: z.number(), before: z.number(), difference: z.number() })
export type Driver = z.output<typeof driver>

export const voice = z.object({
  source: z.string(),
  author: z.string(),
  name: z.string().nullable(),
  person: z.string().nullable(),
  n: z.number(),
  positive: z.number(),
  negative: z.number(),
  /** The most that were seen in the period; null where the source does not say. */
  followers: z.number().nullable(),
})
export type Voice = z.output<typeof voice>

export const selection = z.object({
  id: z.string(),
  name: z.string(),
  monitors: z.array(z.string()),
  days: z.number(),
  everything: z.boolean(),
})
export type Selection = z.output<typeof selection>

const named = z.strictObject({ name: z.string().max(100) })
/** Object is the selection in all of these. */
export const Saved = word('Create', 'Selection', named)
export const Removed = word('Remove', 'Selection', named)
export const BroughtBack = word('Add', 'Selection', named)

/** What is kept of people here; who is erased is no voice any more, and what they said is counted no more once it is gone. */
export const keptTables = {
  sounding_due: nobody,
  sounding_counted: nobody,
  sounding_term: idsOnly('term'),
  sounding_voice: { of: { person: 'person' }, plain: ['source'], hide: true as const },
  sounding_meeting: nobody,
  sounding_selection: nobody,
}
