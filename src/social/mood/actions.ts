/** In which language a text is written, and in which mood. */
import { languageReader, moodReader, weights } from './actions-tables.ts'
import { felt, heaviest, readAs, spoken } from './rules.ts'
import { bounds, type Felt, type Reason, type Spoken } from './words.ts'

/** The likeliest language of a text. Its tables take 7 MB and a fifth of a second, with the first text that is asked about; some 3 µs for a post after that. */
export function languageOf(text: string): Spoken {
  const { language, clear } = languageReader().read(text)
  return spoken(language, clear)
}

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
