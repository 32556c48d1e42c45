/** A list of contacts in a text file, as spreadsheets and address books write it. */
import type { NewHandle, SideName } from '#social/people/words.ts'

export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const
export type Encoding = (typeof encodings)[number]

export const delimiters = [',', ';', 'tab'] as const
export type Delimiter = (typeof delimiters)[number]

/** How a table is read. */
export interface Table {
  encoding: Encoding
  delimiter: Delimiter
  /** Its first line names the columns. */
  heads: boolean
}

/** What a column may mean; besides these, `network:<name>` is an address there. */
export const fields = ['name', 'firstName', 'lastName', 'company', 'about', 'language', 'side'] as const
export type Field = (typeof fields)[number]

/** Somebody as a line tells of them. */
export interface Contact {
  name: string
  company: string
  about: string
  language: string
  side: SideName | null
  handles: Pick<NewHandle, 'network' | 'address' | 'normal'>[]
}
