/** What the organisation says of its own, in one or several accounts: drafts, what is planned, what went out. */
import { z } from 'zod'
import { keeps, nobody } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'
import type { DeliveryState } from '#social/deliveries/words.ts'

const planned = z.strictObject({ accounts: z.number(), dueAt: z.string() })

/** A post was decided: it goes out at its time; object is the post. */
export const Planned = word('Create', 'Post', planned)
/** It goes out at another time. */
export const Moved = word('Move', 'Post', z.strictObject({ from: z.string(), to: z.string() }))
/** It will not go out: it is a draft again. */
export const CalledOff = word('Undo', 'Post', z.strictObject({}))
/** What had gone out was changed there as well. */
export const Changed = word('Update', 'Post', z.strictObject({ account: z.string() }))
/** What had gone out was taken back everywhere. */
export const TakenBack = word('Delete', 'Post', z.strictObject({}))

export const views = ['drafts', 'planned', 'trouble', 'gone'] as const
export type View = (typeof views)[number]

export const states = ['draft', 'planned', 'trouble', 'gone', 'back'] as const
/** `trouble`: in some account it failed, or nobody knows; `back`: it was taken back. */
export type PostState = (typeof states)[number]

/** How many posts are where; of what has gone out, only whether there is any. */
export interface Counts {
  drafts: number
  planned: number
  trouble: number
  someGone: boolean
}

/** How a delivery fares that a person must look at: what is too old to leave unasked is one of them. */
export const troubledStates = ['failed', 'unsure', 'asks']
/** It has not left yet, or nobody has said that it has. */
export const openStates = ['waiting', 'sending', 'pending']

export const repliesFrom = ['followed', 'mentioned', 'nobody'] as const

/** What a section of a picture may look like, as width to height. */
export const shapes = ['free', '1:1', '4:5', '16:9', '1.91:1'] as const
export type Shape = (typeof shapes)[number]

const pixels = z.coerce.number().int().min(0).max(100_000)
/** A part of a picture, in pixels of the whole one. */
export const section = z.strictObject({ left: pixels, top: pixels, width: pixels, height: pixels })
export type Section = z.output<typeof section>

const crop = section.extend({ file: z.uuid(), size: z.number() }).nullable()
/**
 * `alt`: what it shows, for those who cannot see it. `crop`: the section that goes out, a file of its own; null where all of it does. `own`: the same for
 * accounts by which it goes out otherwise.
 */
export const picture = z.object({
  file: z.uuid(),
  name: z.string(),
  type: z.string(),
  size: z.number(),
  alt: z.string(),
  crop,
  own: z.array(z.object({ account: z.uuid(), crop })),
})
export type Picture = z.output<typeof picture>

/** The post as it goes, or went, to one account. */
export interface Variant {
  account: string
  /** Null where it says what all say. */
  text: string | null
  warning: string
  repliesFrom: (typeof repliesFrom)[number] | null
  dueAt: Date | null
  content: string | null
  delivery: string | null
  /** On which it can be read in the house, and answered. */
  thread: string | null
  /** How it fares; null while it is a draft, `back` when it is to be gone there. */
  state: DeliveryState | 'back' | null
}

/** For how many hours a poll may be answered. */
export const pollHours = [1, 6, 24, 72, 168] as const
export const poll = z.strictObject({
  choices: z.array(z.string().max(500)).max(50),
  hours: z.number().int().min(1).max(720),
  many: z.boolean(),
})
export type Poll = z.output<typeof poll>

/** What a post quotes: the words to show for it, and the link, or under which of our messages it stands on each network. */
export interface Quoting {
  shows: string
  link: string
  said: Map<string, string>
}

export interface Post {
  id: string
  text: string
  /** What it quotes, where the network can: a post of ours, else what a link leads to. */
  quotesPost: string | null
  quotesLink: string
  /** What it asks, where the network can. */
  poll: Poll | null
  begunBy: string | null
  version: number
  dueAt: Date | null
  wantedAt: Date | null
  at: Date
  variants: Variant[]
  pictures: Picture[]
}

/** A time of the week at which an account posts. */
export interface Slot {
  weekday: number
  minute: number
}

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  // What is said to everybody is the organisation's own.
  post: nobody,
  post_variant: nobody,
  post_picture: { leads: { file: 'file', crop_file: 'file' } },
  post_crop: { leads: { file: 'file', crop_file: 'file' } },
  post_slot: nobody,
  post_zone: nobody,
})
