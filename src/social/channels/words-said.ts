/** What leaves the house, and what becomes of it. */
import type { Attachment, Handle } from './words-heard.ts'

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
  /** Where whoever gets it ends getting such things by one click (RFC 8058). */
  leave?: string
  /** No person wrote it: where the network has a sign for that, it bears it, so that no other machine answers (RFC 3834). */
  automatic?: true
  /** What people there may choose from; only where `limits` knows polls. */
  poll?: AskedPoll
  /** The words ask something that is answered by one press: by this mark the house shows it (`question` of Called). They hold a link for whoever sees only words. */
  question?: string
}

/** A question of one press as whoever was asked sees it now, each word in their language. */
export interface Question {
  text: string
  /** `short` stands in the place of `name` where it is one of many in a row. */
  choices: { value: number; name: string; short?: string }[]
  /** What the least and the most of a scale mean. */
  ends?: [least: string, most: string]
  given?: Given
  /** It can be answered, or answered otherwise. */
  open: boolean
  /** How it stands, as a sentence; empty before anything was chosen. */
  says: string
  /** Who sees the answer. */
  why: string
  /** What may be said beside it, and the press that sends that. */
  words: string
  send: string
}

/** What somebody chose, and said beside it; words may be empty. */
export interface Given {
  choice: number
  words: string
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

/** Something of ours that anybody may read. */
export interface SaidOpenly {
  id: string
  remoteId: string
  at: Date
  changedAt: Date | null
  draft: Draft
}
