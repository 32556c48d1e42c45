/** What was learnt, read from its files when it is first asked for. */
import { readFileSync } from 'node:fs'
import { learnt } from './words.ts'
import { gramsOf } from './words-language.ts'
import { LanguageReader } from './words-language-reader.ts'

let reader: LanguageReader | undefined

/** The package would make 245,000 objects of its table; as plain numbers it takes a twentieth of their memory. */
export function languageReader(): LanguageReader {
  reader ??= new LanguageReader(gramsOf(ofPackage('ngrams/large.js'), ofPackage('dictionary.js')), learnt)
  return reader
}

const ofPackage = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.resolve('eld/large')), 'utf8')
