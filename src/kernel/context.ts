import type { Transaction } from 'kysely'
import type { Language } from './messages.ts'

export const roleNames = ['owner', 'administrator', 'manager', 'agent', 'member', 'guest', 'customer'] as const
export type Role = (typeof roleNames)[number]

/** Who acts, and by which door. `system` is the house itself: reactions, timers, imports. */
export interface Actor {
  kind: 'person' | 'system'
  account: string | null
  person: string | null
  role: Role | null
  via: 'page' | 'api' | 'mcp' | 'cli' | 'job' | 'test'
  /** The browser's session, where somebody acts in one. */
  session?: string
  /** Set when a personal key acts: only these permissions of the role hold. */
  scopes?: string[]
}

// Each store brings its own table types; the transaction itself knows none.
// biome-ignore lint/complexity/noBannedTypes: Kysely's "no tables yet" is exactly the empty object type.
export type Db = Transaction<{}>

/** One transaction of one organisation: row-level security already limits `db` to it. */
export interface Ctx {
  readonly org: string
  readonly actor: Actor
  readonly db: Db
  readonly now: Date
  readonly language: Language
  readonly zone: string
  /** Somebody looks at a page: nothing is decided, so what is marked in passing need not outlive a power cut. */
  readonly looking: boolean
  /** What is to happen once, after the commit; dropped on a roll-back. */
  readonly after: (() => void | Promise<void>)[]
  /** What modules collect during the transaction and hand over just before the commit (recorded activities, told topics). */
  readonly before: Map<string, (ctx: Ctx) => Promise<void>>
}

export const system: Actor = { kind: 'system', account: null, person: null, role: null, via: 'job' }

/** Runs once the transaction is committed; never when it is rolled back. */
export function afterCommit(ctx: Ctx, run: () => void | Promise<void>): void {
  ctx.after.push(run)
}

const known = new WeakMap<Ctx, Map<string, Promise<unknown>>>()

/** Asked once for a page, however many of its parts ask. Where something may change on the way it is asked each time. */
export function askedOnce<T>(ctx: Ctx, key: string, ask: () => Promise<T>): Promise<T> {
  if (!ctx.looking) return ask()
  const answers = known.get(ctx) ?? new Map<string, Promise<unknown>>()
  known.set(ctx, answers)
  const answer = (answers.get(key) as Promise<T> | undefined) ?? ask()
  answers.set(key, answer)
  return answer
}

/** Runs once just before the commit, whatever the number of calls with the same name. */
export function beforeCommit(ctx: Ctx, name: string, run: (ctx: Ctx) => Promise<void>): void {
  if (!ctx.before.has(name)) ctx.before.set(name, run)
}
