/** In which language a text is written, told by the whole table of the package `eld`, which is kept here in a twentieth of the memory that it takes there. */
import { readFileSync } from 'node:fs'
import { LanguageReader } from './language-reader.ts'
import { gramsOf } from './language-table.ts'

/** ISO 639-1 code; null where the text is too short, too mixed or in no language that is known. */
export interface Spoken {
  language: string | null
  /** From 0 to 1: how often an answer that is as clear as this one is right. */
  sure: number
}

/** Met more often here than the other 52: ahead of them where a text is too short to tell. */
const often = ['en', 'de', 'nl', 'sv', 'fr', 'es', 'it', 'pt']
/** So sure a language must be to be kept with a text. */
const enough = 0.8

let reader: LanguageReader | undefined

/** The likeliest language. The tables (7 MB, a seventh of a second) are read with the first text; after that it takes some 3 µs for a post. */
export function languageOf(text: string): Spoken {
  reader ??= new LanguageReader(gramsOf(ofPackage('ngrams/large.js'), ofPackage('dictionary.js')), often)
  const { language, clear } = reader.read(text)
  // Fitted to posts whose language is known.
  const sure = Math.min(0.999, 1 / (1 + Math.exp(1.3 - 0.07 * clear)))
  return language && clear > 0 ? { language, sure } : { language: null, sure: 0 }
}

const ofPackage = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.resolve('eld/large')), 'utf8')

/** The languages of texts that are to be kept with them: null for those too short or too mixed to tell. */
export function languagesOf(texts: readonly string[]): (string | null)[] {
  return texts.map(text => {
    if (text.trim().length < 12) return null
    const { language, sure } = languageOf(text)
    return sure >= enough ? language : null
  })
}
