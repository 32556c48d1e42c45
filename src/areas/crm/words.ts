/** The inbox: threads with people outside as work that has an owner and an end. */
import { z } from 'zod'
import { slot } from '#kernel/page.tsx'
import { word } from '#social/activities/words.ts'

export const states = ['open', 'waiting', 'snoozed', 'done'] as const
export type State = (typeof states)[number]
export const views = ['mine', 'unassigned', 'open', 'waiting', 'snoozed', 'done', 'all'] as const
export type View = (typeof views)[number]

export const Assigned = word('Add', 'Assignment', z.strictObject({ to: z.string(), from: z.string().nullable() }))
export const Unassigned = word('Remove', 'Assignment', z.strictObject({ from: z.string() }))
/** A conversation was finished: the closure is a record, with who and when. */
export const Finished = word('Create', 'Closure', z.strictObject({}))
export const Reopened = word('Undo', 'Closure', z.strictObject({ because: z.enum(['person', 'message']) }))
export const Snoozed = word('Create', 'Snooze', z.strictObject({ until: z.string() }))
export const Woken = word('Undo', 'Snooze', z.strictObject({ because: z.enum(['person', 'time', 'message']) }))
export const Labelled = word('Add', 'Label', z.strictObject({ label: z.string() }))
export const Unlabelled = word('Remove', 'Label', z.strictObject({ label: z.string() }))

export interface Conversation {
  thread: string
  state: State
  assignee: string | null
  person: string | null
  subject: string
  snippet: string
  channel: string | null
  account: string | null
  /** What closes it to all but some; null when every colleague may read it. */
  room: string | null
  lastAt: Date
  askedAt: Date | null
  snoozedUntil: Date | null
  closedAt: Date | null
}

/** What an answer changes and taking it back restores. */
export type Stand = Pick<Conversation, 'state' | 'assignee' | 'askedAt' | 'snoozedUntil'>
/** How a conversation stood before an answer, and how the answer left it. */
export interface Answered {
  delivery: string
  was: Stand
  became: Stand
}

/** As a list shows it. */
export interface Listed extends Conversation {
  labels: string[]
  personName: string | null
  assigneeName: string | null
}

/** Beside a thread: what other rooms know about this matter. */
export const threadPanel = slot<{ thread: string; person: string | null }>('crm.thread')
