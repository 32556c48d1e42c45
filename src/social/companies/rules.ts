import { refuse } from '#kernel/errors.ts'

/** Nobody leaves a company before joining it. */
export function fits({ since, until }: { since: string | null; until: string | null }): void {
  if (since && until && until < since) refuse('invalid', 'companies.daysWrong')
}

/** Only an organisation has people, and only a person works at one. */
export function mayEmploy(person: string, company: string): void {
  if (person !== 'human' || company !== 'organisation') refuse('conflict', 'companies.kinds')
}

/** Somebody works there until the day of leaving is over. */
export const isOver = (until: string | null, today: string): boolean => until !== null && until < today
