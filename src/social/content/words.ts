/** What is said: the shared nouns, who may see them, and what happens to them. */
import { z } from 'zod'
import { slot } from '#kernel/page.tsx'
import { type Audience, type Side, word } from '#social/activities/words.ts'

export type { Audience, Side }

export const nouns = ['Message', 'Note', 'Comment', 'Discussion', 'Question', 'Answer', 'Article', 'Idea', 'Event', 'Announcement'] as const
export type Noun = (typeof nouns)[number]

/** Why a machine wrote it, if one did (RFC 3834, lists, bulk). */
export const automatic = z.enum(['auto-reply', 'auto-generated', 'list', 'bulk'])

const aboutNoun = z.strictObject({ noun: z.enum(nouns) })

/** Somebody wrote a message: side `outside` when it came to us, `inside` when it went to them. */
export const Said = word(
  'Create',
  'Message',
  z.strictObject({
    automatic: automatic.optional(),
    account: z.string().optional(),
    imported: z.boolean().optional(),
    /** To everybody, in a thread of its own; nobody waits for anything there yet. */
    post: z.boolean().optional(),
    /** When a network told us of it; `at` is what its writer's clock says. */
    heard: z.string().optional(),
  }),
)
/** A colleague wrote an internal note; it can never leave. */
export const Noted = word('Create', 'Note', z.strictObject({}))
export const Commented = word('Create', 'Comment', z.strictObject({}))
export const Edited = word('Update', 'Message', aboutNoun)
/** With `because`, it was taken out as if it had never come. */
export const Removed = word('Delete', 'Message', aboutNoun.extend({ because: z.literal('undone').optional() }))
/** What was removed is back. */
export const Restored = word('Undo', 'Delete', aboutNoun)
/** Somebody was named in a text; object is the text. */
export const Mentioned = word('Offer', 'Mention', z.strictObject({ person: z.string() }))

/** A file that hangs on something that was said. */
export interface AttachedFile {
  file: string
  name: string
  type: string
  size: number
  /** The Content-ID by which HTML refers to it. */
  cid: string | null
  inline: boolean
  /** What it shows, for those who cannot see it. */
  alt?: string | null
}

/** Something to be kept as content. */
export interface Saying {
  id?: string
  noun: Noun
  thread: string
  author: string | null
  audience: Audience
  /** Whose members may read it, when its audience is `members`. */
  space?: string | null
  side: Side
  at: Date
  subject?: string
  text: string
  html?: string
  quoted?: string
  /** As the writer or the network says; found out when it is not given. */
  language?: string
  channel?: string
  detail?: Record<string, unknown>
  attachments?: AttachedFile[]
  /** Persons; those that the text names by its own marks are added. */
  mentions?: string[]
  /** Persons it is addressed to, so that `to:name` finds it. */
  to?: string[]
}

export interface Content {
  id: string
  noun: Noun
  thread: string
  author: string | null
  audience: Audience
  space: string | null
  side: Side
  at: Date
  subject: string | null
  /** Empty when it was removed. */
  text: string
  html: string | null
  quoted: string | null
  language: string | null
  channel: string | null
  detail: Record<string, unknown>
  editedAt: Date | null
  deletedAt: Date | null
}

/** Beside a message: what each area can do with it. */
export const messageActions = slot<{ content: Content }>('content.actions')
