/** What is unusual in what is heard, who wants to be told of it, and the rooms in which colleagues see a crisis through. */
import { z } from 'zod'
import { idsOnly, keeps, nobody } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'
import type { Base } from './words-odds.ts'

export const hour = 3_600_000
/** The beginning of the hour of a moment, in UTC as monitors count. */
export const hourOf = (at: number): number => at - (at % hour)

export const kinds = ['spike', 'mood', 'vip', 'topic', 'silence'] as const
export type Kind = (typeof kinds)[number]
/** How little it takes. */
export const sensitivities = ['calm', 'normal', 'keen'] as const
export type Sensitivity = (typeof sensitivities)[number]
/** 0 is nothing; the third is the gravest. */
export type Level = 0 | 1 | 2 | 3
export const levels = [1, 2, 3] as const
export const views = ['open', 'over', 'dismissed'] as const
export type View = (typeof views)[number]

/** As monitors tell them. */
export const moods = ['negative', 'neutral', 'positive', ''] as const

export const stages = ['watch', 'serious', 'crisis'] as const
export type Stage = (typeof stages)[number]
export const statementStates = ['draft', 'approved', 'out'] as const
export type StatementState = (typeof statementStates)[number]
export const entryKinds = ['note', 'opened', 'alert', 'level', 'over', 'stage', 'owner', 'statement', 'approved', 'out', 'held', 'resumed', 'case', 'closed', 'reopened', 'review'] as const // biome-ignore format: a list
export type EntryKind = (typeof entryKinds)[number]

// —— what happened ——

const none = z.strictObject({})
const ofAlert = z.strictObject({ kind: z.enum(kinds), level: z.number() })
/** Object is the alert, target its monitor. */
export const Raised = word('Announce', 'Alert', ofAlert)
export const Rose = word('Update', 'Alert', ofAlert)
export const Over = word('Leave', 'Alert', ofAlert)
export const Dismissed = word('Ignore', 'Alert', none)
export const Taken = word('Undo', 'Ignore', none)
export const Judged = word('Accept', 'Alert', z.strictObject({ useful: z.boolean().nullable() }))
/** Object is the monitor. */
export const Watched = word('Create', 'AlertWatch', none)
export const WatchChanged = word('Update', 'AlertWatch', none)
export const Unwatched = word('Delete', 'AlertWatch', none)
/** Object is the room in all of these, thread where colleagues talk in it. */
export const RoomOpened = word('Create', 'CrisisRoom', z.strictObject({ stage: z.enum(stages) }))
export const StageChanged = word('Update', 'CrisisStage', z.strictObject({ from: z.enum(stages), to: z.enum(stages) }))
/** Target is the owner, if there is one from now on. */
export const OwnerChanged = word('Update', 'CrisisOwner', none)
export const Entered = word('Add', 'CrisisEntry', none)
export const EntryTaken = word('Remove', 'CrisisEntry', none)
export const StatementWritten = word('Update', 'CrisisStatement', none)
export const StatementApproved = word('Accept', 'CrisisStatement', none)
export const StatementOut = word('Announce', 'CrisisStatement', none)
export const OutgoingHeld = word('Add', 'CrisisHold', none)
export const OutgoingResumed = word('Remove', 'CrisisHold', none)
/** Target is the case. */
export const CaseLinked = word('Add', 'CrisisCase', none)
export const CaseUnlinked = word('Remove', 'CrisisCase', none)
export const RoomClosed = word('Create', 'CrisisClosure', none)
export const RoomReopened = word('Undo', 'CrisisClosure', none)
export const Reviewed = word('Create', 'CrisisReview', none)

// —— what is heard, and what is learned of it ——

export interface Moods {
  bad: number
  known: number
}
export interface Heard {
  /** The first hour in which anything was heard, in milliseconds; null before that. */
  first: number | null
  counts: ReadonlyMap<number, number>
  /** Day by day. */
  moods: readonly Moods[]
}
export interface MoodBase {
  share: number
  over: number
  known: number
}
export interface Learned {
  /** So many whole weeks were heard, up to eight. */
  weeks: number
  /** 168 of them from Monday midnight; null while it is still being learned. */
  places: Base[] | null
  mood: MoodBase | null
}

/** One hour, and how loud it was. */
export interface Mark {
  at: number
  since?: number
  value: number
  usual: number
  /** Mentions in this hour. */
  count: number
  level: Level
  isBack: boolean
  /** The hour is over. */
  isWhole: boolean
}
/** Hours that belong together. */
export interface Spell {
  beganAt: number
  /** The last loud hour. */
  lastAt: number
  overAt: number | null
  level: Level
  peak: number
  peakAt: number
  /** What would have been usual at its peak. */
  usual: number
}

/** In how many texts each term stands, and by how many people they were written. */
export interface Told {
  texts: number
  terms: ReadonlyMap<string, { texts: number; voices: number }>
}

/** Minutes of the day, by the clocks of the organisation. */
export const quiet = z.strictObject({
  from: z.coerce.number().int().min(0).max(1439),
  until: z.coerce.number().int().min(0).max(1439),
  weekends: z.boolean(),
  /** The gravest alerts are told nevertheless. */
  gravest: z.boolean(),
})
export type Quiet = z.output<typeof quiet>

export const watch = z.object({
  monitor: z.string(),
  kinds: z.array(z.enum(kinds)),
  sensitivity: z.enum(sensitivities),
  /** From so many followers on somebody is heard as a VIP is. */
  followers: z.number(),
  team: z.string().nullable(),
  pausedAt: z.date().nullable(),
})
export type Watch = z.output<typeof watch>

export const alert = z.object({
  id: z.string(),
  monitor: z.string(),
  kind: z.enum(kinds),
  level: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  beganAt: z.date(),
  lastAt: z.date(),
  raisedAt: z.date(),
  overAt: z.date().nullable(),
  /** Mentions in an hour, a share of bad mood, hours of silence, followers, texts: what the kind counts. */
  peak: z.number(),
  peakAt: z.date(),
  usual: z.number(),
  mentions: z.number(),
  /** Mentions of loud voices, new terms, or which way mood turned. */
  about: z.object({
    voices: z.array(z.string()).optional(),
    terms: z.array(z.string()).optional(),
    turn: z.enum(['worse', 'better']).optional(),
  }),
  seenAt: z.date().nullable(),
  dismissedAt: z.date().nullable(),
  useful: z.boolean().nullable(),
  room: z.string().nullable(),
})
export type Alert = z.output<typeof alert>

export const room = z.object({
  id: z.string(),
  name: z.string(),
  thread: z.string(),
  monitor: z.string().nullable(),
  stage: z.enum(stages),
  owner: z.string().nullable(),
  statement: z.string(),
  statementState: z.enum(statementStates),
  /** One more with each change of its words. */
  statementVersion: z.number(),
  statementBy: z.string().nullable(),
  approvedBy: z.string().nullable(),
  approvedAt: z.date().nullable(),
  outAt: z.date().nullable(),
  outUrl: z.string(),
  openedAt: z.date(),
  openedBy: z.string().nullable(),
  closedAt: z.date().nullable(),
  closedBy: z.string().nullable(),
  happened: z.string(),
  learned: z.string(),
  reviewedAt: z.date().nullable(),
})
export type Room = z.output<typeof room>

export const entry = z.object({
  id: z.string(),
  at: z.date(),
  by: z.string().nullable(),
  kind: z.enum(entryKinds),
  text: z.string(),
  detail: z.record(z.string(), z.string()),
})
export type Entry = z.output<typeof entry>

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  alert_watch: nobody,
  alert_watcher: { of: { person: 'person' }, theme: 'work' },
  alert_quiet: { of: { person: 'person' }, theme: 'work' },
  alert_base: nobody,
  alert: idsOnly('kind', 'about'),
  alert_told: { of: { person: 'person' }, hide: true },
  crisis_room: {
    of: { owner: 'person', statement_by: 'person', approved_by: 'person', opened_by: 'person', closed_by: 'person' },
    leads: { thread: 'thread' },
    blank: { name: '…', statement: '', happened: '', learned: '', out_url: '' },
    plain: ['stage', 'statement_state'],
    theme: 'work',
    ages: 'closed_at',
    called: 'alerts.retained',
    path: '/crises/{id}',
  },
  crisis_entry: { of: { by: 'person', room: 'crisis_room' }, blank: { text: '…', detail: {} }, plain: ['kind'], theme: 'work' },
  crisis_case: nobody,
})
