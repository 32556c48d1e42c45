/** The channel contract: what one network can do for us, as data and functions. A channel is a folder in `channels/`; nobody imports it. */
import { z } from 'zod'
import { word } from '#social/activities/words.ts'

/** One address on a network, as the network names it. `address` is what a person would type; `remoteId` is what never changes. */
export interface Handle {
  network: string
  address: string
  remoteId?: string
  name?: string
  url?: string
  /** An address of the same person on another network: said by whom we trust (`proven`), or only by themselves. Only of whoever writes. */
  also?: { address: string; proven: boolean }
}

/** A file that came with a message or goes out with one. `cid` is the Content-ID by which HTML refers to it. */
export interface Attachment {
  name: string
  type: string
  content: Uint8Array
  cid?: string
  inline?: boolean
  /** What it shows, for those who cannot see it. */
  alt?: string
}

/**
 * One thing that a network told us. Hearing the same `remoteId` twice is hearing it once, whichever account of the channel hears it; a network whose ids
 * are only unique within an account puts the account before them.
 */
export type Heard = HeardMessage | HeardReport | HeardEdit | HeardRemoval | HeardReaction | HeardFollow | HeardConsent | HeardMove

export interface HeardMessage {
  is: 'message'
  remoteId: string
  /** `out`: our own account sent it by another program (found in its Sent folder). */
  direction: 'in' | 'out'
  at: Date
  from: Handle
  to: Handle[]
  copied: Handle[]
  /** Where its writer wants answers to go, when that is not `from`. */
  replyTo?: Handle[]
  /** Remote ids of the messages it answers, nearest first: the thread is found by the first one that is known. */
  answers: string[]
  subject?: string
  /** Plain text, always there; quoted history is in `quoted`, not here. */
  text: string
  /** HTML as received, not cleaned; only the kernel's sanitiser may show it. */
  html?: string
  quoted?: string
  attachments: Attachment[]
  /** Set when a machine wrote it (RFC 3834, lists, bulk): it is never answered automatically. */
  automatic?: 'auto-reply' | 'auto-generated' | 'list' | 'bulk'
  /** What could not be read of it, as message keys of the channel; it is stored all the same. */
  flaws?: string[]
  /** The message as it came, byte by byte, when it has flaws: it is kept, so that nothing that was sent is lost. */
  original?: Attachment
  /** Where the account keeps it (`INBOX`, `Sent`), for the eye only. */
  folder?: string
  /** Anybody may read it there. Without it, only those to whom it was sent. */
  open?: true
  /** Where it can be read on its network. */
  url?: string
  /** BCP 47, where its writer says it; else it is found by the words. */
  language?: string
  /** Nobody else sees it there until somebody says so; only of what `moderate` can show. */
  waits?: true
  /** What its writer set before the words, which open at a press: a content warning. */
  warning?: string
  /** What one can choose from there. Its choices also stand in `text`, which is searched. */
  poll?: Poll
  /** Remote id of what it passes on together with its words, or its address on the web. */
  quotes?: string
}

export interface Poll {
  choices: { name: string; votes?: number }[]
  endsAt?: Date
  /** One may choose several. */
  many?: true
}

/** What became of a message of ours: delivered, bounced, delayed (RFC 3464). */
export interface HeardReport {
  is: 'report'
  remoteId: string
  at: Date
  about: string
  outcome: 'delivered' | 'failed' | 'delayed'
  /** The other server's own words. */
  says: string
  recipient?: string
}

/** Something that was heard was changed by its writer. `remoteId` is that of the change: a later change has another one. */
export interface HeardEdit {
  is: 'edit'
  remoteId: string
  at: Date
  /** The message. */
  about: string
  /** Who changed it; whoever did not write it changes nothing. */
  from: Handle
  subject?: string
  text: string
  html?: string
}

/** Something that was heard was taken away by its writer. */
export interface HeardRemoval {
  is: 'removal'
  remoteId: string
  at: Date
  about: string
  from: Handle
}

/** Somebody likes or passes on what we or others said, or reacts with one emoji; with `undone` they take it back. */
export interface HeardReaction {
  is: 'reaction'
  remoteId: string
  at: Date
  about: string
  from: Handle
  /** `like`, `share`, or one emoji. */
  kind: string
  undone?: true
}

/** Somebody follows our account, or no longer. */
export interface HeardFollow {
  is: 'follow'
  remoteId: string
  at: Date
  from: Handle
  undone?: true
}

/** Somebody whom our account asked to follow said yes, or says no, also after they said yes. */
export interface HeardConsent {
  is: 'consent'
  remoteId: string
  at: Date
  from: Handle
  accepted: boolean
}

/** Somebody goes on under another address of the network; both said so, and the channel has made sure of it. */
export interface HeardMove {
  is: 'move'
  remoteId: string
  at: Date
  from: Handle
  to: Handle
}

/** What leaves the house. There is no field for an internal note, so that none can leave. */
export interface Draft {
  /** Our own id of the message; channels that let the sender choose an id derive theirs from it. */
  id: string
  to: Handle[]
  copied: Handle[]
  blindCopied: Handle[]
  subject?: string
  text: string
  html?: string
  attachments: Attachment[]
  /** Remote ids of the messages before it in the thread, nearest first. */
  answers: string[]
  /** The brand or person that signs, shown as the sender's name. */
  senderName?: string
  /** Which of the account's own addresses it is written from, as `own` tells them; without it, the channel finds the one that was written to. */
  writtenFrom?: string
  /** Who wrote it, where that is not whose account it is: on behalf of. */
  writer?: Handle
  /** Below the words, where the account has no signature of its own. */
  signature?: string
  /** Anybody may read it there. */
  open?: true
  /** What follows as a message of its own each, answering the one before: a long post in parts. */
  parts?: Part[]
  /** Shown before the words, which open at a press: a content warning. */
  warning?: string
  /** Remote id of what is passed on together with our words. */
  quotes?: string
  /** The same by its address on the web, as somebody pasted it; where it leads to nothing that can be quoted, it stands below the words as a link. */
  quotesLink?: string
  /** Who may answer there; without it, everybody. */
  repliesFrom?: 'followed' | 'mentioned' | 'nobody'
  /** BCP 47, of the words. */
  language?: string
  /** What people there may choose from; only where `limits` knows polls. */
  poll?: AskedPoll
}

/** A poll of our own, for so many minutes after it went out; `many`: more than one may be chosen. */
export interface AskedPoll {
  choices: string[]
  minutes: number
  many?: true
}

/** Words and files of one of the parts that follow the first. */
export interface Part {
  text: string
  attachments: Attachment[]
}

/** Accepted by the network, or accepted and still to be asked for with `settle`. */
/** `note`: something that a person should know all the same, a message key of the channel or the other server's words. */
export type Delivery = { state: 'done'; remoteId: string; url?: string; note?: string } | { state: 'pending'; ticket: string }

/** A connected account as its channel sees it: settings by the channel's own schema, secrets opened, its cursor kept by the host. */
export interface Account<Settings = unknown> {
  id: string
  org: string
  settings: Settings
  /** How it shows itself where its own settings say nothing: as its brand does. */
  look?: Look
  /** What the channel keeps for this account between calls: keys, addresses of followers. Written at once, outside any transaction. */
  memory: Memory
  /** Has the channel's `work` do this later, each thing at least once and apart from the others; resolves when it is kept. */
  later(tasks: unknown[], at?: Date): Promise<void>
  /**
   * What we said as `remoteId` also goes to this address of another network, in the same conversation: whom we answered cannot read it here. Once, however
   * often it is asked for. Throws ChannelError (`rejected`) where no account of ours reaches the address.
   */
  passOn(remoteId: string, address: string): Promise<void>
  /** Tells whoever is `awake` for this topic of the account, in every process of the house. */
  wake(topic: string): Promise<void>
  /** Calls `listener` whenever there may be something new, until the returned function is called. */
  awake(topic: string, listener: () => void): () => void
}

export interface Look {
  name: string
  website?: string
  /** Where anybody finds the logo, a picture at this house. */
  logo?: string
  /** `#rrggbb`. */
  colour?: string
}

/** Values of JSON by name, of one account. */
export interface Memory {
  get(name: string): Promise<unknown>
  /** Without a value, it is forgotten. With `fresh`, only if there was none: false when there was. With `until`, it is forgotten by itself. */
  set(name: string, value: unknown, options?: { fresh?: true; until?: Date }): Promise<boolean>
  /** All whose name begins so, in the order of their names. */
  list(prefix: string, options?: { after?: string; limit?: number }): Promise<{ name: string; value: unknown }[]>
}

/** One step of a connection test, told while it runs; `says` is a message key of the channel. */
export interface Step {
  says: string
  values?: Record<string, string | number>
  state: 'running' | 'done' | 'failed'
  advice?: string
  /** Where a person does what the step asks of them: `https`, or this machine. It opens apart. */
  link?: string
}

/** Signing in at the network itself, in the browser (OAuth 2), so that nothing secret is typed here. */
export interface SignIn {
  /**
   * Where a person signs in, `https` or this machine; `keep` is kept sealed until they come back, ten minutes at most. Null when what was asked does
   * without, as with a password that was filled in. Throws ChannelError (`rejected`) as `discover` does.
   */
  begin(asked: Record<string, unknown>, way: WayBack): Promise<{ url: string; keep: unknown } | null>
  /** What was asked, and with it what the network gave: `discover` is asked with it next. Called once, with what the network said on the way back. */
  finish(asked: Record<string, unknown>, query: URLSearchParams, keep: unknown): Promise<Record<string, unknown>>
}

/** How the network finds back: to `url`, with `state` among what it says there. The house itself looks after `state` and after a network that says no. */
export interface WayBack {
  url: string
  state: string
}

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
  /** How many choices a poll may have, and how long each; without it, the network has none. */
  poll?: { choices: number; length: number }
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
  cursor: string
  more: boolean
}

export interface Listen<S> {
  /** Everything after the cursor, oldest first, at most a few hundred at once; call again while `more`. Without a cursor, from now on. */
  since(account: Account<S>, cursor: string | null): Promise<Batch>
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
  webhook?(account: Account<S>, request: Request): Promise<Heard[] | { heard: Heard[]; answer: Response }>
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

/** One address at which anybody may call. A body is at most `most` bytes, 1 MB without it; what it throws is answered without a word of the inside. */
export interface Door<S> {
  method: 'GET' | 'POST' | 'OPTIONS'
  /** The largest body in bytes; without it, 1 MB. */
  most?: number
  /** As Hono writes paths; below `/.well-known/`, or below `/<channel>/`. */
  path: string
  answer(call: Call<S>): Promise<Response>
}

/** A call at a door, and what its channel may ask the house for. */
export interface Call<S> {
  request: Request
  params: Record<string, string>
  /** `https://company.example`, without a slash at the end. */
  origin: string
  /** The caller's network address, for limits. */
  from: string
  /** The account of this channel with this address, as the channel makes them equal, or with this id; of whichever organisation. Only those that work. */
  account(which: { address: string } | { id: string }): Promise<Called<S> | null>
  /**
   * Whom something concerns that names nobody: the accounts of this channel, of whichever organisation, that heard or said one of these things, by its
   * remote id, or keep something under one of these names in their memory. Only those that work.
   */
  knowing(it: { things: string[]; kept: string[] }): Promise<Called<S>[]>
  /** Was this the address of an account of this channel that was removed, and is it nobody's now? */
  left(address: string): Promise<boolean>
}

/** An account as it stands behind a door. */
export interface Called<S> {
  account: Account<S>
  name: string
  /** Kept with person, thread and parent when this resolves; how many of them were new. */
  takeIn(heard: Heard[]): Promise<number>
  /** What the account said to everybody, newest first. */
  said(options?: { before?: string; limit?: number }): Promise<{ items: SaidOpenly[]; next: string | null }>
  /** One of those, by the remote id that it has. */
  saidAs(remoteId: string): Promise<SaidOpenly | null>
  /** Whether a colleague who may answer was seen in the last minutes. */
  present(): Promise<boolean>
  /** Somebody outside writes just now where these messages are, or has stopped: seen by those who look at it, and kept nowhere. */
  writing(from: Handle, answers: string[], isWriting: boolean): Promise<void>
}

/** Something of ours that anybody may read. */
export interface SaidOpenly {
  id: string
  remoteId: string
  at: Date
  changedAt: Date | null
  draft: Draft
}

/** A channel is what its folder exports as `channel`; the function only helps the type along. */
export const channel = <S>(it: Channel<S>): Channel<S> => it

/** Only what is written to somebody can be one colleague's own; what speaks to everybody is the organisation's. */
export const mayBePersonal = ({ can }: Pick<Channel, 'can'>): boolean => Boolean(can.listen && can.converse && !can.publish)

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
