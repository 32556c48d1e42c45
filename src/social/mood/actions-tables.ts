/** What was learnt, read from its files when it is first asked for. */
import { readFileSync } from 'node:fs'
import { learnt } from './words.ts'
import { gramsOf } from './words-grams.ts'
import { LanguageReader } from './words-language.ts'
import { MoodReader } from './words-mood.ts'
import { unpacked, type Weights } from './words-weights.ts'

let languages: LanguageReader | undefined
let moods: MoodReader | undefined
let learned: Weights | undefined

/** The package would make 245,000 objects of its table; as plain numbers it takes a twentieth of their memory. */
export function languageReader(): LanguageReader {
  languages ??= new LanguageReader(gramsOf(ofPackage('ngrams/large.js'), ofPackage('dictionary.js')), learnt)
  return languages
}

const ofPackage = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.resolve('eld/large')), 'utf8')

export function moodReader(): MoodReader {
  moods ??= new MoodReader(weights())
  return moods
}

export function weights(): Weights {
  learned ??= unpacked(new Uint8Array(readFileSync(new URL('weights.bin', import.meta.url))))
  return learned
}
