/** How clear an answer must be. */
import type { Spoken } from './words.ts'

/** A language is named as long as it is the likeliest by more than chance; how sure that is stands beside it. */
export function answered(language: string | null, clear: number): Spoken {
  const sure = 1 / (1 + Math.exp(1.3 - 0.07 * clear))
  return language && sure >= 0.25 ? { language, sure } : { language: null, sure: 0 }
}
