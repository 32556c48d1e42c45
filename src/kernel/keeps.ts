/**
 * What is kept about people, told by each module beside its tables, so that everything about one person can be handed out, and erased, without
 * anybody having to know all the places. `src/social/rights` reads it; a test compares it with the database's own catalogue.
 *
 * A line for each table, exported from the module's words or actions:
 *
 *     export const kept = keeps({ person_note: { of: { person: 'person' } } })
 */
import type { RawBuilder } from 'kysely'
import type { Ctx } from './context.ts'

/** The ids of what belongs to the people in question, as a list for SQL: of one declared table, or of all of them. */
export type Ids = (table?: string) => RawBuilder<string>

/** Whose a row is by one of its columns: it holds the id of a row of this table (of one of these), of `anything`, or whatever the condition says. */
export type Way = string | readonly string[] | ((ids: Ids) => RawBuilder<boolean>)

/** What stands in a column afterwards. */
export type Blank = null | string | Record<string, unknown> | RawBuilder<unknown> | (() => string)

/** Under which heading somebody reads it in their copy. */
export const themes = ['profile', 'conversations', 'work', 'consent', 'access', 'traces'] as const
export type Theme = (typeof themes)[number]

export interface Kept {
  /** By which columns a row belongs to a person; without it the table holds nothing that an erasure has to take. */
  of?: Record<string, Way>
  /** The column by which others name its rows, if not `id`. */
  key?: string
  /** Columns that name rows of other tables which go the same way: `{ file: 'file' }`. */
  leads?: Record<string, string>
  /** The row stays without its words: what stands in these columns afterwards. Without it the whole row goes. */
  blank?: Record<string, Blank>
  /** Columns with text that hold no word about anybody: states, kinds, names of channels. */
  plain?: readonly string[]
  /** The row stays as it is, and why: a message key. */
  stays?: string
  /** It goes with a row of this table: the database takes it, or `erase` does. */
  with?: string
  /** Never in a copy: all of it (made from other things, or also about others), or these columns (secrets). */
  hide?: true | readonly string[]
  theme?: Theme
  /** What is older by this column (or by what the condition says) may be ended by a rule of retention; `called` is its name for people, a message key. */
  ages?: string | ((before: Date) => RawBuilder<boolean>)
  called?: string
  /** Where one of its rows can be looked at: `/threads/{thread}#message-{id}`. */
  path?: string
}

/** For what no row can say: done once for each erasure, in one transaction, after the tables. */
export interface Erasing {
  ids: Ids
  people: readonly string[]
  /** How these people are called elsewhere: addresses, names on networks, pages. */
  needles: readonly string[]
}
export type Eraser = (ctx: Ctx, what: Erasing) => Promise<unknown>

export interface Keeps {
  is: 'keeps'
  tables: Record<string, Kept>
  erase?: Eraser
}

/** Says of each table of a module whose its rows are and what becomes of them. `erase` does what no row can say by itself. */
export const keeps = (tables: Record<string, Kept>, erase?: Eraser): Keeps => ({ is: 'keeps', tables, ...(erase && { erase }) })

/** A table about nobody: settings, counts, our own words to everybody. */
export const nobody: Kept = {}

/** A table that names people by ids alone, which lead to an empty record once they are erased; `plain` are its columns with text. */
export const idsOnly = (...plain: string[]): Kept => ({ plain })
