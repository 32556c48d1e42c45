/** Where the open network calls at this house, and what a channel may ask of it then. */
import type { Account } from './words-account.ts'
import type { Handle, Heard } from './words-heard.ts'
import type { Given, Question, SaidOpenly } from './words-said.ts'

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
  /** What a draft with this mark asks, as it stands now, in the current language; null where it is there no more. */
  question(mark: string): Promise<Question | null>
  /**
   * What somebody chose is kept, and shown as it stands then. The channel has made sure that it was they who were asked. Refuses what is no answer, and what
   * comes too late.
   */
  choose(mark: string, given: Given): Promise<Question | null>
}
