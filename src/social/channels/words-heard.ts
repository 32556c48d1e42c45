/** What networks tell us: people, messages, and what becomes of them there. */

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
export type Heard =
  | HeardMessage
  | HeardReport
  | HeardEdit
  | HeardTally
  | HeardRemoval
  | HeardReaction
  | HeardFollow
  | HeardConsent
  | HeardMove

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

/** How a poll stands by now that was heard, as its writer's server counts; its choices may be others than before. */
export interface HeardTally {
  is: 'tally'
  remoteId: string
  at: Date
  about: string
  from: Handle
  poll: Poll
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
