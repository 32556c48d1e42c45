/**
 * What was said to be gone before anybody here knew of it. Who said so was not asked for a proof, so it proves nothing: when the thing comes all the same,
 * it is looked for where it lives.
 */
import { day, lasting } from './lasting.ts'

const doubted = lasting<true>(5000)

export const doubt = (id: string): void => doubted.set(id, true, day)
export const isDoubted = (id: string | undefined): boolean => id !== undefined && doubted.get(id) === true
