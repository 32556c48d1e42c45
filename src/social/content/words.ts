/** What is said: the shared nouns, who may see them, and what happens to them. */
import { z } from 'zod'
import { type Audience, type Side, word } from '#social/activities/words.ts'

export type { Audience, Side }

export const nouns = ['Message', 'Note', 'Comment', 'Discussion', 'Question', 'Answer', 'Article', 'Idea', 'Event', 'Announcement'] as const
export type Noun = (typeof nouns)[number]

/** Why a machine wrote it, if one did (RFC 3834, lists, bulk). */
export const automatic = z.enum(['auto-reply', 'auto-generated', 'list', 'bulk'])

/** Somebody wrote a message: side `outside` when it came to us, `inside` when it went to them. */
export const Said = word('Create', 'Message', z.strictObject({ automatic: automatic.optional(), account: z.string().optional(), imported: z.boolean().optional() }))
/** A colleague wrote an internal note; it can never leave. */
export const Noted = word('Create', 'Note', z.strictObject({}))
export const Commented = word('Create', 'Comment', z.strictObject({}))
export const Edited = word('Update', 'Message', z.strictObject({ noun: z.enum(nouns) }))
export const Removed = word('Delete', 'Message', z.strictObject({ noun: z.enum(nouns) }))
export const Reacted = word('Like', 'Message', z.strictObject({ kind: z.string().max(40) }))
export const ReactionTaken = word('Undo', 'Like', z.strictObject({ kind: z.string().max(40) }))
export const Mentioned = word('Offer', 'Mention', z.strictObject({ person: z.string() }))
export const Tagged = word('Add', 'Tag', z.strictObject({ tag: z.string().max(60) }))
export const Untagged = word('Remove', 'Tag', z.strictObject({ tag: z.string().max(60) }))

/** A file that hangs on something that was said. */
export interface AttachedFile {
  file: string
  name: string
  type: string
  size: number
  cid: string | null
  inline: boolean
}

/** Something to be kept as content. */
export interface Saying {
  id?: string
  noun: Noun
  thread: string
  author: string | null
  audience: Audience
  side: Side
  at: Date
  subject?: string
  text: string
  html?: string
  quoted?: string
  language?: string
  channel?: string
  detail?: Record<string, unknown>
  attachments?: AttachedFile[]
  mentions?: string[]
}

export interface Content {
  id: string
  noun: Noun
  thread: string
  author: string | null
  audience: Audience
  side: Side
  at: Date
  subject: string | null
  text: string
  html: string | null
  quoted: string | null
  language: string | null
  channel: string | null
  detail: Record<string, unknown>
  editedAt: Date | null
  deletedAt: Date | null
}
