/** What is decided about ready answers. */
import { blanksIn, fillIn } from '#kernel/blanks.ts'
import { type Variable, variables } from './words.ts'

/** How each variable is called, in every language. */
export type Called = Record<Variable, string[]>

/** A blank is filled in from what is known, whatever language its name is written in; what is not known stays blank and is named. */
export function filled(text: string, known: Partial<Record<Variable, string>>, called: Called): { text: string; missing: string[] } {
  const values = variables.flatMap(each => called[each].map(name => [name, known[each] ?? ''] as const))
  const done = fillIn(text, Object.fromEntries(values))
  return { text: done, missing: blanksIn(done) }
}

/** Somebody is called by the first word of their name; an address is no name. */
export function firstNameOf(name: string): string {
  const first = name.trim().split(/\s+/, 1)[0] ?? ''
  return first.includes('@') || !/\p{L}/u.test(first) ? '' : first
}

/** What is looked for stands in the title, the folder or the text, every word of it. */
export const wordsOf = (query: string): string[] => query.trim().toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8)
