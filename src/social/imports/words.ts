/** Bringing in what was kept elsewhere, from a file: looked at first, tried without effect, then done, and taken back if it was wrong. */
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import type { IconName } from '#kernel/html/icons.tsx'
import { word } from '#social/activities/words.ts'
import { card } from '#social/people/words.ts'

const about = z.strictObject({ kind: z.string().max(60), fresh: z.number().int().optional(), faulty: z.number().int().optional() })

/** Object is the import. */
export const Began = word('Create', 'Import', about)
/** It came to its end, or was stopped. */
export const Ended = word('Update', 'Import', about)
export const TakenBack = word('Undo', 'Import', about)

export const states = ['uploaded', 'checking', 'checked', 'importing', 'cancelled', 'done', 'failed', 'undoing', 'undone'] as const
export type State = (typeof states)[number]

export const run = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  size: z.number(),
  state: z.enum(states),
  done: z.number(),
  fresh: z.number(),
  known: z.number(),
  faulty: z.number(),
  kept: z.number(),
  total: z.number().nullable(),
  task: z.string().nullable(),
  says: z.string().nullable(),
  told: z.record(z.string(), z.string()),
  startedBy: card.nullable(),
  createdAt: z.date(),
  endedAt: z.date().nullable(),
})
export type Run = z.output<typeof run>

// —— what a source of imports is: a kind of file, and what comes of each of its lines ——

/** A message key, and what it is said with. */
export interface Fault {
  key: string
  values?: Record<string, string>
}

/** How the file is read, as a person chose it: names and values of a form. */
export type Mapping = Record<string, string>

/** A file as a source sees it: its beginning at once, the whole of it piece by piece. */
export interface Opened {
  name: string
  size: number
  start: Uint8Array
  read(): AsyncIterable<Uint8Array>
}

/** One thing of the file, and in which line it stands; or why it is none. */
export type Item<T> = { line: number; it: T } | { line: number; fault: Fault }

/** A choice about the file, with what is chosen now; `samples` are values of that column. */
export interface Option {
  name: string
  label: string
  value: string
  choices: { value: string; label: string }[]
  samples?: string[]
}

/** What the beginning of the file looks like when it is read so; texts are in the reader's language. */
export interface Preview {
  mapping: Mapping
  options: Option[]
  columns: Option[]
  /** The first things in it, where they are no rows of columns. */
  samples?: { title: string; detail: string }[]
}

/** Something that was made; `ref` and `before` mean what the source says. */
export interface Made {
  kind: string
  ref: string
  before?: string
}

/** What came of a batch. */
export interface Kept {
  fresh: number
  known: number
  faults: { line: number; fault: Fault }[]
  made: Made[]
}

export interface Batch<T> {
  org: string
  run: string
  mapping: Mapping
  /** Everything is to be found out, and nothing to be kept. */
  dry: boolean
  /** For the source alone, from the first batch to the last of one pass, so that what stands twice in a file is seen. At most a number for each line. */
  memory: Set<number>
  items: { line: number; it: T }[]
}

/** A kind of file that can be brought in. Any module may export one; it is found by itself. */
export interface Source<T = unknown> {
  is: 'importSource'
  name: string
  /** Message keys: what it is called, what comes of it, what to do with a file of another kind. */
  title: string
  why: string
  advice: string
  icon: IconName
  /** For the file picker: `.csv,text/csv`. */
  accepts: string
  /** How many things are kept at once. */
  batch: number
  /** Does a file that begins so and has this name look like one of these? */
  reads(start: Uint8Array, name: string): boolean
  preview(file: Opened, mapping: Mapping | undefined, ctx: Ctx): Preview | Promise<Preview>
  /** Refuses a mapping by which nothing can be read. */
  accept(mapping: Mapping, ctx: Ctx): void | Promise<void>
  items(file: Opened, mapping: Mapping): AsyncIterable<Item<T>>
  /** Keeps a batch, each thing once whatever the number of times; calls `finish` in the same transaction, last. */
  keep(batch: Batch<T>, finish: (ctx: Ctx, kept: Kept) => Promise<void>): Promise<void>
  /** Takes back what was made, newest first; returns how many things stay because something hangs on them now. */
  undo(ctx: Ctx, made: Made[]): Promise<number>
}

export const source = <T>(it: Omit<Source<T>, 'is'>): Source<T> => ({ is: 'importSource', ...it })
