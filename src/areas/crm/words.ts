/** The inbox: threads with people outside as work that has an owner and an end. */
import { z } from 'zod'
import type { IconName } from '#kernel/html/kit.tsx'
import { keeps, nobody } from '#kernel/keeps.ts'
import { type Html, slot } from '#kernel/page.tsx'
import { type Activity, type Word, word } from '#social/activities/words.ts'
import type { Content } from '#social/content/words.ts'

/** `spam` is kept apart; `merged` is what another conversation answers for. */
export const states = ['open', 'waiting', 'snoozed', 'done', 'spam', 'merged'] as const
export type State = (typeof states)[number]
/** Those that one works with. */
export const worked = ['open', 'waiting', 'snoozed', 'done'] as const
export const views = ['mine', 'unassigned', 'open', 'waiting', 'snoozed', 'done', 'spam', 'all'] as const
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

/** Somebody said that it is spam, or it came from somebody who is known for it (then the actor is nobody). */
export const Flagged = word('Flag', 'Conversation', z.strictObject({}))
export const Unflagged = word('Undo', 'Flag', z.strictObject({}))
/** Told of those that are everybody's; object is the view. */
export const ViewSaved = word('Create', 'View', z.strictObject({ name: z.string() }))
export const ViewChanged = word('Update', 'View', z.strictObject({ name: z.string() }))
export const ViewRemoved = word('Delete', 'View', z.strictObject({ name: z.string() }))
export const ViewBroughtBack = word('Undo', 'View', z.strictObject({ name: z.string() }))
/** An answer is to leave at a moment; taken back, or held because something came between. */
export const Planned = word('Create', 'Plan', z.strictObject({ at: z.string() }))
export const PlanCalledOff = word('Undo', 'Plan', z.strictObject({}))
export const PlanHeld = word('Reject', 'Plan', z.strictObject({ because: z.string() }))

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
  /** The one that answers for it. */
  mergedInto: string | null
}

/** A filter of the inbox as data. */
export interface Wanted {
  state?: State
  /** `me`, `nobody`, or the beginning of a colleague's name. */
  owner?: string
  label?: string
  brand?: string
  channel?: string
}

/** A filter in words under a name. */
export const savedView = z.object({
  id: z.string(),
  name: z.string(),
  words: z.string(),
  /** Only its owner sees it. */
  own: z.boolean(),
  /** Null where it is not counted. */
  count: z.number().nullable(),
})
export type SavedView = z.output<typeof savedView>

/** What is done with many at once. */
export const deed = z.discriminatedUnion('does', [
  z.strictObject({ does: z.enum(['finish', 'reopen', 'take', 'spam']) }),
  z.strictObject({ does: z.literal('assign'), to: z.uuid().nullable() }),
  z.strictObject({ does: z.enum(['label', 'unlabel']), label: z.string().trim().min(1).max(60) }),
  z.strictObject({ does: z.literal('snooze'), until: z.coerce.date() }),
])
export type Deed = z.output<typeof deed>

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

/** Where one answers: buttons of other rooms below the text; they stand inside its form. */
export const replyTools = slot<{ thread: string }>('crm.reply')
/** Among the further deeds of a conversation: entries of other rooms; `base` is its address, `seen` the latest answer that is shown. */
export const threadDeeds = slot<{ thread: string; base: string; seen: string | undefined }>('crm.deeds')
/** Above where one answers: what waits there for whoever writes. */
export const replyAbove = slot<{ thread: string }>('crm.above')
/** At the messages that are shown, asked once for all of them: `add` puts something at the head of one, or at its foot. */
export const messageMarks = slot<{ thread: string; said: readonly Content[]; add(message: string, at: 'head' | 'foot', what: Html): void }>(
  'crm.marks',
)
/** What a line between the messages says of something that happened; `name` is what somebody is called. */
export type HistoryLine = (happened: Activity, name: (person: string | null) => string) => string
/** Lines of other rooms between the messages: `add` says how one of their words is told, where it was recorded in the thread. */
export const historyLines = slot<{ add(word: Word, icon: IconName, line: HistoryLine): void }>('crm.lines')
/** Beside a thread: what other rooms know about this matter. */
export const threadPanel = slot<{ thread: string; person: string | null }>('crm.thread')

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  conversation: {
    of: { thread: 'thread', person: 'person' },
    key: 'thread',
    blank: { subject: '', snippet: '', before_answer: null },
    plain: ['state', 'channel', 'before_merge'],
    hide: true,
  },
  conversation_label: { of: { thread: 'thread' }, theme: 'conversations' },
  conversation_count: nobody,
  conversation_account_count: nobody,
  conversation_label_count: nobody,
  saved_view: { of: { owner: 'person' }, theme: 'work' },
  // One deed for many threads: which ones, and how they stood.
  bulk_run: nobody,
  bulk_step: nobody,
  planned_answer: { of: { thread: 'thread' }, theme: 'conversations' },
  spam_sender: { of: { person: 'person' }, hide: true },
  reply_delay: { of: { person: 'person' }, theme: 'work' },
})
