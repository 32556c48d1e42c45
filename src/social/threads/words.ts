/** The thread that everything hangs on: who takes part, how far each has read, who is here now. */
import { z } from 'zod'
import { idsOnly, keeps } from '#kernel/keeps.ts'
import { type Html, slot } from '#kernel/page.tsx'
import { type Audience, word } from '#social/activities/words.ts'
import type { AttachedFile, Content, Noun } from '#social/content/words.ts'

export type { Audience }

/** A colleague wants to hear of what happens in a thread, or no longer; object is the thread. */
export const Watched = word('Follow', 'Thread', z.strictObject({}))
export const Unwatched = word('Undo', 'Follow', z.strictObject({}))
export const Muted = word('Ignore', 'Thread', z.strictObject({}))
export const Unmuted = word('Undo', 'Ignore', z.strictObject({}))

/** Why somebody takes part. Who only read is not told of news. */
export const reasons = ['wrote', 'mention', 'assigned', 'watch', 'read'] as const
export type Reason = (typeof reasons)[number]

/** A thread that is closed to most was opened to one colleague more; object is the thread, target the colleague. */
export const Opened = word('Offer', 'Thread', z.strictObject({}))

export interface NewThread {
  id?: string
  subject: string
  kind: string
  /** The widest audience that anything in it may have. */
  audience: Audience
  space?: string | null
  /** Who it is with. */
  person?: string | null
  startedAt: Date
  channel?: string | null
  account?: string | null
}

/** News of a thread: so many more, the newest at this moment. */
export interface Touch {
  thread: string
  at: Date
  snippet: string
  count: number
  /** Who outside it is from or to; the first one is whom the thread is with, when it began without anybody. */
  person?: string | null
}

export interface Thread {
  id: string
  subject: string
  kind: string
  audience: Audience
  space: string | null
  person: string | null
  startedAt: Date
  lastAt: Date
  messages: number
  snippet: string
  channel: string | null
  account: string | null
}

/** How a colleague stands to a thread. */
export interface Standing {
  because: Reason | null
  readTo: string | null
  muted: boolean
  unread: boolean
}

/** What somebody inside writes into a thread; what goes out on a channel is `answer` of the channels. */
export interface Say {
  thread: string
  noun: Noun
  text: string
  subject?: string
  /** As wide as the thread where it is not said; a note is always for staff. */
  audience?: Audience
  mentions?: string[]
  attachments?: AttachedFile[]
  detail?: Record<string, unknown>
}

/** Beside a thread, on whichever page it is read: what else belongs to it. */
export const threadAside = slot<{ thread: string }>('threads.aside')

/** On the page of what a thread is about: all that is said in it, and where one writes; and a menu of whether one is told of it. */
export const threadTalk = slot<{ thread: string }>('threads.talk')
export const threadStanding = slot<{ thread: string }>('threads.standing')

/** Which page a thread is read on: the area that it belongs to calls `lead` with its path. */
export const threadDoor = slot<{ thread: Thread; lead(path: string): void }>('threads.door')

/** Below the messages that are read on the plain page: what other rooms know of each and can do with it; `show` puts it there. */
export const saidHere = slot<{ said: Content[]; show(content: string, what: Html): void }>('threads.said')

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  thread: {
    of: { person: 'person' },
    blank: { subject: '', snippet: '' },
    plain: ['kind', 'audience', 'channel'],
    theme: 'conversations',
    ages: 'last_at',
    called: 'threads.retained',
    path: '/threads/{id}',
  },
  thread_member: idsOnly('because'),
})
