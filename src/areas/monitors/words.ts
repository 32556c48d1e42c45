/** What is listened for, and what was heard. */

import { z } from 'zod'
import { word } from '#social/activities/words.ts'

export const kinds = ['brand', 'product', 'person', 'competitor', 'campaign', 'crisis', 'topic'] as const
export type Kind = (typeof kinds)[number]
export const moods = ['negative', 'neutral', 'positive'] as const
export type Mood = (typeof moods)[number]

const named = z.strictObject({ name: z.string().max(100) })

/** Object is the monitor in all of these. */
export const Made = word('Create', 'Monitor', named)
export const Changed = word('Update', 'Monitor', named)
export const Paused = word('Leave', 'Monitor', named)
export const WentOn = word('Join', 'Monitor', named)
export const Archived = word('Remove', 'Monitor', named)
export const BroughtBack = word('Add', 'Monitor', named)
/** Object is the group of brands and competitors. */
export const MarketMade = word('Create', 'Market', named)
/** Object is the mention, target what it became. */
export const Became = word('Create', 'MentionOutcome', z.strictObject({ is: z.string().max(20) }))

export const monitor = z.object({
  id: z.string(),
  name: z.string(),
  query: z.string(),
  kind: z.enum(kinds),
  /** The group in which its share of voice is told. */
  market: z.string().nullable(),
  ours: z.boolean(),
  /** Empty: any. */
  sources: z.array(z.string()),
  languages: z.array(z.string()),
  madeAt: z.date(),
  changedAt: z.date(),
  pausedAt: z.date().nullable(),
  archivedAt: z.date().nullable(),
  /** One more with each change of what it looks for. */
  version: z.number(),
})
export type Monitor = z.output<typeof monitor>

export const market = z.object({ id: z.string(), name: z.string(), archivedAt: z.date().nullable() })
export type Market = z.output<typeof market>

/** Something public that was heard, or said to us: what `take` is given. */
export interface Heard {
  /** By what it is known within its source; kept once. */
  remoteId: string
  at: Date
  text: string
  author?: string | null
  authorName?: string | null
  followers?: number | null
  url?: string | null
  /** As the writer or the network says. */
  language?: string | null
  country?: string | null
  place?: string | null
  kind?: string
  links?: readonly string[]
  /** What it answers or passes on, as the network calls it. */
  answers?: string | null
  shares?: string | null
  /** Where it is content of ours already. */
  account?: string | null
  content?: string | null
  thread?: string | null
  person?: string | null
  staff?: boolean
}

export const mention = z.object({
  id: z.string(),
  at: z.date(),
  source: z.string(),
  account: z.string().nullable(),
  remoteId: z.string().nullable(),
  content: z.string().nullable(),
  thread: z.string().nullable(),
  person: z.string().nullable(),
  author: z.string().nullable(),
  authorName: z.string().nullable(),
  followers: z.number().nullable(),
  url: z.string().nullable(),
  kind: z.string(),
  text: z.string(),
  language: z.string().nullable(),
  country: z.string().nullable(),
  place: z.string().nullable(),
  mood: z.enum(moods).nullable(),
  moodSure: z.number().nullable(),
  /** The machine's own word, also where somebody knew better. */
  moodSaid: z.enum(moods).nullable(),
  moodBy: z.string().nullable(),
  bot: z.number().nullable(),
  spam: z.number().nullable(),
  /** The first of its group of near-duplicates. */
  alike: z.string().nullable(),
  staff: z.boolean(),
})
export type Mention = z.output<typeof mention>

/** From this on something is told apart as written by a program, or as spam. */
export const likely = 0.5
/** Of a longer text so much is kept, in characters; all of it is looked through. */
export const mostText = 20_000

/** What a mention can become by hand. */
export const outcomes = ['thread', 'case', 'opportunity', 'task'] as const
export type Outcome = (typeof outcomes)[number]

/** Through what a look back goes, one after the other: mentions of the monitor, mentions of others, what was said to us. */
export const lookParts = ['own', 'others', 'contents'] as const
export type LookPart = (typeof lookParts)[number]

export const look = z.object({
  id: z.string(),
  task: z.string(),
  since: z.date(),
  /** How far, from 0 to 1. */
  share: z.number(),
  seen: z.number(),
  found: z.number(),
  lost: z.number(),
  endedBy: z.enum(['done', 'cancelled', 'replaced']).nullable(),
})
export type Look = z.output<typeof look>

export const span = z.tuple([z.number(), z.number()])
