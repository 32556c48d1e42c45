/** What a network can do for us: one capability each, as functions over an account. */
import type { Account } from './words-account.ts'
import type { Handle, Heard, HeardMessage } from './words-heard.ts'
import type { Passing } from './words-overheard.ts'
import type { Delivery, Draft } from './words-said.ts'

export interface Limits {
  /** The most that one message holds, as `count` counts. */
  text: number
  attachments: number
  attachmentBytes: number
  /** Media types that it takes; without it, any. */
  types?: string[]
  /** The longest description of a picture; without it, none is taken. */
  alt?: number
  /** The longest content warning; without it, the network has none. */
  warning?: number
  /** To whom answers can be limited there; without it, they cannot. */
  repliesFrom?: NonNullable<Draft['repliesFrom']>[]
  /** How many choices a poll may have, how long each, and for how many hours it stands open at most; `alone`: without files. Without it, the network has none. */
  poll?: { choices: number; length: number; hours?: number; alone?: true }
  /** How many parts a long post may have; without it, one. */
  parts?: number
  /** How long the network holds a text to be (letters as people see them, a link as so many); without it, its UTF-16 length. */
  count?(text: string): number
}

/** As a server says them: `null` where it takes anything. */
export type SaidLimits = Partial<Omit<Limits, 'count' | 'types'>> & { types?: string[] | null | undefined }

/** What a network allows still, until it is renewed. */
export interface Quota {
  left: number
  of?: number
  until: Date
}

/** What sending by a network is, whatever is sent. */
interface Sending<S> {
  limits: Limits
  /** What the account's own server says otherwise; asked once an hour. */
  limitsFor?(account: Account<S>): Promise<SaidLimits>
  /** After `unsure`: was it done? `null` when the network cannot tell. */
  lookUp?(account: Account<S>, onceKey: string): Promise<Delivery | null>
  /** Asks what became of a delivery that was `pending`. */
  settle?(account: Account<S>, ticket: string): Promise<Delivery>
  /** The network itself does one once-key only once, for ever: what is `unsure` is simply repeated. */
  repeatable?: true
  /** The remote id that a draft will have, where the sender chooses it; lets an answer be matched before delivery is known. */
  remoteIdFor?(account: Account<S>, onceKey: string): string
}

/** Says something of our own to everybody, or to those who follow. */
export interface Publish<S> extends Sending<S> {
  /** Must be answerable with the same `onceKey` again, as `reply` of Converse. */
  send(account: Account<S>, draft: Draft, onceKey: string): Promise<Delivery>
  /** Whether a link may lead to something that can be quoted there, as far as one sees from it. Without this, the network knows no quotations. */
  quotes?(link: string): boolean
}

/** Changes what we said there. Each is done once however often it is asked for; about something that is gone there, it is done already. */
export interface Amend<S> {
  edit?(account: Account<S>, remoteId: string, draft: Draft): Promise<void>
  remove?(account: Account<S>, remoteId: string): Promise<void>
  /** It stands first on the account's own page there, or with `undone` no longer. */
  pin?(account: Account<S>, remoteId: string, undone: boolean): Promise<void>
}

/** Our account's own sign on what others said. */
export interface React<S> {
  /** `like`, `share` (passed on to our followers), or `emoji` for any. */
  kinds: ('like' | 'share' | 'emoji')[]
  /** Like Amend: once, however often. `kind` is `like`, `share` or one emoji; `undone` takes it back. */
  react(account: Account<S>, remoteId: string, kind: string, undone: boolean): Promise<void>
}

/** Our account hears somebody from now on, as one of those who follow them. */
export interface Follow<S> {
  /**
   * Like Amend: once, however often; with `undone` no longer. `asked`: they are still to say yes or no, which is heard (`consent`). What they say to
   * everybody is heard from then on. `who` is how they are called there.
   */
  follow(account: Account<S>, handle: Handle, undone: boolean): Promise<{ state: 'asked' | 'done'; who: Handle }>
}

/** Decides what others see of what was said below something of ours. Like Amend: once, however often. */
export interface Moderate<S> {
  show(account: Account<S>, remoteId: string): Promise<void>
  hide(account: Account<S>, remoteId: string): Promise<void>
}

export interface Batch {
  heard: Heard[]
  /** What concerns no account of ours, for whoever listens for it. */
  overheard?: Passing[]
  cursor: string
  more: boolean
}

export interface Listen<S> {
  /** Everything after the cursor, oldest first, at most a few hundred at once; call again while `more`. Without a cursor, from now on. */
  since(account: Account<S>, cursor: string | null): Promise<Batch>
  /** Whether an account of these settings also tells what concerns nobody here. It has a `sieve` while somebody listens for anything, and without one need not ask. */
  overhears?(settings: S): boolean
  /** Stays connected and calls `news` whenever `since` may have something; resolves when `signal` aborts, throws ChannelError when the line breaks. */
  watch?(account: Account<S>, news: () => void, signal: AbortSignal): Promise<void>
  /**
   * What was there before the account was connected, newest first, back to `from`; `cursor` is the channel's own mark of how far it went, null at first.
   * `total`, when the network tells it, is how many there are in all.
   */
  history?(account: Account<S>, from: Date, cursor: string | null): Promise<Batch & { total?: number }>
  /** One message by its remote id: something that was heard answers it, and it is not known here. Null when it cannot be had. */
  find?(account: Account<S>, remoteId: string): Promise<HeardMessage | null>
  /** What was pushed to the account's own door; throws ChannelError (`rejected`) when it is not genuine. `answer` is told the caller, else 202. */
  webhook?(account: Account<S>, request: Request): Promise<Heard[] | { heard: Heard[]; overheard?: Passing[]; answer: Response }>
}

export interface Converse<S> extends Sending<S> {
  /** Must be answerable with the same `onceKey` again: the network, or `lookUp`, tells whether it was done before. */
  reply(account: Account<S>, draft: Draft, onceKey: string): Promise<Delivery>
  /** It is written from whichever of the account's own addresses the writer chooses; without it, they are names of one and the same. */
  aliases?: true
  /** What was said to everybody can be answered to its writer alone: a draft without `open`. */
  aside?: true
  /** The other side sits before its screen and waits: what is said to them alone leaves at once. */
  live?: true
  /** A colleague writes to them just now, or has stopped. When it is lost, nobody misses it. */
  writing?(account: Account<S>, to: Handle[], isWriting: boolean): Promise<void>
}

export interface Profile<S> {
  whoIs(account: Account<S>, handle: Handle): Promise<{ name?: string; url?: string; picture?: string; about?: string } | null>
}

export interface Metrics<S> {
  /** `likes`, `shares`, `answers`, `quotes`; of a poll of our own `choice 0` and so on. */
  read(account: Account<S>, remoteIds: string[]): Promise<{ remoteId: string; measure: string; value: number; at: Date }[]>
}

/** Reads a message of this network from a file, so that what was kept elsewhere can be brought in. */
export interface Read<S> {
  /** Never throws: what is odd about the file becomes the message's `flaws`. With an account, what its own addresses wrote is `out`. */
  message(bytes: Uint8Array, account?: Account<S>): Promise<HeardMessage>
}

export interface Capabilities<S> {
  publish?: Publish<S>
  amend?: Amend<S>
  react?: React<S>
  follow?: Follow<S>
  moderate?: Moderate<S>
  listen?: Listen<S>
  converse?: Converse<S>
  profile?: Profile<S>
  metrics?: Metrics<S>
  read?: Read<S>
}
