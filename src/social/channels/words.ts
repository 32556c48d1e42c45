/** The channel contract: what one network can do for us, as data and functions. A channel is a folder in `channels/`; nobody imports it. */
import { z } from 'zod'
import { word } from '#social/activities/words.ts'
import type { Account, SignIn, Step } from './words-account.ts'
import type { Capabilities, Quota } from './words-can.ts'
import type { Door } from './words-doors.ts'
import type { HeardMessage } from './words-heard.ts'

export type * from './words-account.ts'
export type * from './words-can.ts'
export type * from './words-doors.ts'
export type * from './words-heard.ts'
export type * from './words-overheard.ts'
export type * from './words-said.ts'

export interface Channel<S = unknown> {
  /** The folder's name; the network of its handles. */
  name: string
  /** Message key of the display name. */
  title: string
  /** Everything an account needs, secrets included; each field has its `FieldMeta`. */
  settings: z.ZodType<S>
  /** The two or three fields a person is asked for first; the rest is found by `discover`. */
  asks: z.ZodType
  /**
   * From what was asked, or from `settings` as far as a person filled them in, to complete settings that were tried, telling each step. Throws ChannelError
   * (`rejected`) whose `says` is a message key of the channel with advice when a person must fill in or correct something. `account` is the one that
   * is tried again, as it is kept.
   */
  discover(asked: unknown, tell: (step: Step) => void, account?: Account<S>): Promise<{ settings: S; name: string; address: string }>
  /** Where the network has a sign-in of its own. */
  signIn?: SignIn
  /** Until when the account works without a person signing in again; null when nobody has to. */
  goodUntil?(settings: S): Date | null
  /** What is left of the account's allowance, as its network last said it to this process; null when it did not. */
  quota?(account: Account<S>): Quota | null
  /**
   * What of a connected account's settings holds for another one that is asked for as well (the servers of one domain), so that nobody types it again; never a
   * secret. What a person fills in counts first.
   */
  alike?(settings: S, asked: unknown): Partial<S>
  can: Capabilities<S>
  truth: Truth[]
  /** How handles of this network are made equal (case, dots …), so that the same person is found again. */
  normalise(address: string): string
  /** Does this text look like an address of this network? So that lists and forms find the right one. */
  recognises?(text: string): boolean
  /** Every address that is the account itself (aliases), the main one too: an answer is not sent to oneself. */
  own?(settings: S): string[]
  /** The last things that came, newest first, for an account whose settings say what stands where in them. */
  examples?(account: Account<S>): Promise<Example[]>
  /** Where an account shows what it does and how it is put to use: a path of one of its doors. */
  look?(account: { id: string }): string
  /** Where the open network calls at this house, beside the accounts' own doors: actors, inboxes, feeds, a chat's script. */
  doors?: Door<S>[]
  /** Does what `later` was asked to. Throws ChannelError as everything else does: `wait` and `down` are tried again, with growing pauses, for three days. */
  work?(account: Account<S>, task: unknown): Promise<void>
  /** What `work` is asked to do of itself. */
  upon?: {
    /** The settings or the look of the account may be others than before: for a network that keeps a copy of how it shows itself. */
    presents?: unknown
    /** The account was removed: for a network where others count on it. Its settings and memory stay for three days after that, and are then forgotten. */
    leaves?: unknown
  }
}

/** A channel is what its folder exports as `channel`; the function only helps the type along. */
export const channel = <S>(it: Channel<S>): Channel<S> => it

/** Only what is written to somebody can be one colleague's own; what speaks to everybody is the organisation's. */
export const mayBePersonal = ({ can }: Pick<Channel, 'can'>): boolean => Boolean(can.listen && can.converse && !can.publish)

/** Row of the truth table: what the network's own interface allows, whether we do it, and where that was proved. */
export interface Truth {
  what:
    | 'publish'
    | 'listen'
    | 'converse'
    | 'react'
    | 'follow'
    | 'moderate'
    | 'profile'
    | 'metrics'
    | 'directMessages'
    | 'edit'
    | 'delete'
    | 'attachments'
  allowed: 'yes' | 'no' | 'partly'
  done: boolean
  provedBy: 'real server' | 'recordings' | 'published description' | 'nothing yet'
  note?: string
}

/** What a field of `settings` says of itself with `.meta(…)`; the form is drawn from it. Labels and helps are message keys of the channel. */
export interface FieldMeta {
  label: string
  help?: string
  /** Sealed at rest and never shown again. */
  secret?: true
  /** A text of several lines. */
  lines?: number
  /** A place in what comes: it can be chosen from an example of it (`examples` of the channel). */
  place?: true
}

/** Something that came, as it is heard with the account's settings. */
export interface Example {
  at: Date
  /** As it came, at most some thousand characters, for the eye. */
  original: string
  /** What could be chosen for a field with `place`, and the beginning of what stands there. */
  places: { place: string; holds: string }[]
  heard: HeardMessage[]
}

// —— what can happen to an account ——

const ofAccount = z.strictObject({ channel: z.string().max(60), address: z.string().max(500) })

/** An account was connected, or connected again; object is the account. `history`: how many days of what was there before were asked for with it. */
export const Connected = word('Add', 'Account', ofAccount.extend({ history: z.number().int().min(1).optional() }))
/** Somebody looks after an account from now on; object is the account. */
export const Entrusted = word('Offer', 'Account', z.strictObject({ purpose: z.string().max(500) }))
/** An account was removed; what was said through it stays. */
export const Disconnected = word('Remove', 'Account', ofAccount)

/** What was said by one account goes on by another, because it could not be read where it was said; object is the message. */
export const PassedOn = word('Move', 'Message', z.strictObject({ account: z.uuid(), to: z.string().max(500) }))

export const states = ['active', 'reconnect', 'down', 'paused'] as const
export type AccountState = (typeof states)[number]
/** An account stands otherwise than before: it was paused or resumed, its network cannot be reached, or wants a new sign-in. */
export const AccountStood = word('Update', 'Account', z.strictObject({ channel: z.string().max(60), state: z.enum(states) }))

/** Everything that leaves was stopped, or goes on; object is the organisation. */
export const Held = word('Block', 'Outbox', z.strictObject({}))
export const Resumed = word('Undo', 'Hold', z.strictObject({}))

/** How an account is shown. `says` is a message key or the network's own words. */
export const accountCard = z.object({
  id: z.string(),
  channel: z.string(),
  name: z.string(),
  address: z.string(),
  state: z.enum(states),
  says: z.string().nullable(),
  since: z.date(),
  heardAt: z.date().nullable(),
  connectedAt: z.date(),
  connectedBy: z.string().nullable(),
  /** Who looks after it, who does when they are away, and what it is for. */
  owner: z.string().nullable(),
  deputy: z.string().nullable(),
  purpose: z.string(),
  /** The colleague whose own it is: its threads are closed to all others. Null when it is everybody's. */
  personal: z.string().nullable(),
  /** Until then its network asked for silence. */
  quietUntil: z.date().nullable(),
  failedAt: z.date().nullable(),
  failedSays: z.string().nullable(),
  /** When its network last did what was asked. */
  succeededAt: z.date().nullable(),
  /** Since when, and until when, a sign-in counts; null: it does not end. */
  grantedAt: z.date().nullable(),
  grantedUntil: z.date().nullable(),
  quota: z.object({ left: z.number(), of: z.number().nullable(), until: z.date() }).nullable(),
})
export type AccountCard = z.output<typeof accountCard>

/** What the house calls a thing that a network calls `remoteId`; `object` is null while only others spoke of it. */
export interface Remote {
  remoteId: string
  object: string | null
  thread: string
}
