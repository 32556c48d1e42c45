/** The one language of what happens: verbs are closed (ActivityStreams 2.0), nouns are open, and a word is both with a typed detail. */
import type { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'

/** The 28 activity types of ActivityStreams 2.0 (W3C Recommendation, 23 May 2017, section 3 of the vocabulary). */
export const verbs = [
  'Accept', 'Add', 'Announce', 'Arrive', 'Block', 'Create', 'Delete', 'Dislike', 'Flag', 'Follow', 'Ignore', 'Invite', 'Join', 'Leave',
  'Like', 'Listen', 'Move', 'Offer', 'Question', 'Read', 'Reject', 'Remove', 'TentativeAccept', 'TentativeReject', 'Travel', 'Undo', 'Update', 'View',
] as const // biome-ignore format: the list of the standard, in its order
export type Verb = (typeof verbs)[number]

/** Who can see that it happened: everyone, those on the thread (customers included), colleagues, or only the named members. */
export type Audience = 'public' | 'thread' | 'staff' | 'members'
export type Side = 'inside' | 'outside'

/** A thing that can happen. */
export interface Word<D extends z.ZodType = z.ZodType> {
  is: 'word'
  verb: Verb
  noun: string
  detail: D
  /** `<module>.<export>`; the sentence that a person reads is the message `<module>.happened.<export>` with `actor` and `object`. */
  name: string
}

/** Declares what can happen: verb × noun, with what is told besides. */
export function word<D extends z.ZodType>(verb: Verb, noun: string, detail: D): Word<D> {
  return { is: 'word', verb, noun, detail, name: '' }
}

export interface Happening<D> {
  object?: string
  actor?: string | null
  target?: string
  thread?: string
  channel?: string
  audience?: Audience
  campaign?: string
  side?: Side
  detail?: D
  causedBy?: string
  /** When it happened, if not now: what is heard late keeps its own time. */
  at?: Date
  dedupeKey?: string
}

export interface Activity<D = unknown> {
  id: string
  at: Date
  verb: Verb
  noun: string
  actor: string | null
  object: string | null
  target: string | null
  thread: string | null
  channel: string | null
  audience: Audience
  area: string
  side: Side
  detail: D
}

/** Someone who listens: after the commit, at least once, with retry. */
export interface Reaction {
  is: 'reaction'
  words: Word[]
  why: string
  name: string
  /** Hears every word, in an organisation where this is so. */
  everything?(ctx: Ctx): Promise<boolean>
  run(ctx: Ctx, happened: Activity[]): Promise<void>
}

/** Runs after each commit that recorded one of these words, with all of them of that transaction together. */
export function on<D extends z.ZodType>(
  to: Word<D> | Word[],
  why: string,
  run: (ctx: Ctx, happened: Activity<z.output<D>>[]) => Promise<void>,
): Reaction {
  return { is: 'reaction', words: Array.isArray(to) ? to : [to], why, name: '', run: run as Reaction['run'] }
}

/** As `on`, to whatever can happen, also what nobody has thought of yet; where `wanted` says no, nothing is told and nothing waits. */
export function onEverything(
  why: string,
  wanted: (ctx: Ctx) => Promise<boolean>,
  run: (ctx: Ctx, happened: Activity[]) => Promise<void>,
): Reaction {
  return { is: 'reaction', words: [], why, name: '', everything: wanted, run }
}
