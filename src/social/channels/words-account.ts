/** A connected account as its channel sees it, and how it was connected. */
import type { Sieve } from './words-overheard.ts'

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
  /** While somebody listens for anything, of an account that overhears. */
  sieve?: Sieve
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
