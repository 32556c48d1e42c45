/** In which mood a text is written. */
import { languageOf } from '#kernel/language-of.ts'
import { moodReader, weights } from './actions-tables.ts'
import { felt, heaviest, readAs } from './rules.ts'
import { bounds, type Felt, type Reason } from './words.ts'

export { languageOf }

/** The mood of a text in this language (ISO 639-1, `null` for one that cannot be told); left out, it is looked for first. Some 10 µs for a post. */
export function moodOf(text: string, language: string | null = languageOf(text).language): Felt {
  const { number, signs } = readAs(language)
  const reader = moodReader()
  if (!reader.read(text, number, signs)) return { mood: null, sure: 0 }
  const { heat } = weights()
  return felt(reader.bad, reader.good, heat[number] ?? heat.at(-1)!)
}

/** The same with the words that decided, the heaviest first. */
export function moodWithReasons(text: string, language?: string | null): Felt & { because: Reason[] } {
  const answer = moodOf(text, language)
  return { ...answer, because: answer.mood ? heaviest(moodReader().moved(), bounds.reasons) : [] }
}
