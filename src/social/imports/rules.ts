import { refuse } from '#kernel/errors.ts'
import type { Fault, Source, State } from './words.ts'

const ways: Record<State, readonly State[]> = {
  uploaded: ['checking'],
  checking: ['checked', 'cancelled', 'failed'],
  checked: ['checking', 'importing'],
  importing: ['done', 'cancelled', 'failed'],
  cancelled: ['checking', 'importing', 'undoing'],
  failed: ['checking', 'importing', 'undoing'],
  done: ['undoing'],
  undoing: ['undone', 'failed'],
  undone: ['checking'],
}

/** An import goes from one state to the next only as the table says. */
export function mayGo(from: State, to: State): void {
  if (!ways[from].includes(to)) refuse('conflict', 'imports.notNow')
}

/** A file is read by the source that was chosen, and only if it looks like one of its kind. */
export function mayRead(source: Source, start: Uint8Array, name: string): void {
  if (start.length === 0) refuse('invalid', 'imports.emptyFile')
  if (!source.reads(start, name)) refuse('invalid', source.advice)
}

export const mostLines = 1_000_000

/** At most a million lines are read from one file. */
export function mayGoOn(lines: number): void {
  if (lines > mostLines) refuse('tooLarge', 'imports.tooManyLines', { most: mostLines })
}

const mostFaults = 10_000

/** Of the lines that could not be read the first ten thousand are listed, all are counted. */
export function listed(faults: { line: number; fault: Fault }[], before: number): { line: number; fault: Fault }[] {
  return faults.slice(0, Math.max(0, mostFaults - before))
}

/** The share of a file that was read tells how far an import is. */
export const shareOf = (read: number, size: number): number => (size > 0 ? Math.min(1, read / size) : 1)

/** Once something was brought in, a new try begins by taking it back; before that one may look again as often as one likes. */
export function mayLookAgain(state: State, made: boolean): void {
  mayGo(state, 'checking')
  if (made) refuse('conflict', 'imports.takeBackFirst')
}
