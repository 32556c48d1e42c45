/** Posts that people labelled, as the folder that is named keeps them: `label<TAB>text` in `<language>.<part>.tsv`. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { moods } from '#social/mood/words.ts'

export interface Labelled {
  /** 0 negative, 1 neutral, 2 positive. */
  label: number
  text: string
  language: string
}

export const sets = {
  en: 'english',
  de: 'german',
  fr: 'french',
  es: 'spanish',
  it: 'italian',
  pt: 'portuguese',
  sv: 'swedish',
} as const

export function labelled(folder: string, language: keyof typeof sets, part: 'train' | 'val'): Labelled[] {
  // Swedish comes in one part: a fifth of it, chosen by its words, is never learnt from.
  if (language === 'sv') return read(join(folder, 'swedish.train.tsv'), 'sv').filter(each => (fifth(each.text) === 0) === (part === 'val'))
  return read(join(folder, `${sets[language]}.${part}.tsv`), language)
}

function read(path: string, language: string): Labelled[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(each => ({ label: Number(each[0]), text: each.slice(2), language }))
}

/** FNV-1a over the text, of five. */
function fifth(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return ((hash ^ (hash >>> 15)) >>> 0) % 5
}

/** The folder as it is said to the command, or in the environment. */
export function folderOf(said = process.env.MOOD_DATA): string {
  if (said && existsSync(join(said, 'english.train.tsv'))) return said
  process.stderr.write(
    'Say in which folder the labelled posts are, `… <folder>` or MOOD_DATA=<folder>: files `english.train.tsv` and so on.\n',
  )
  process.exit(1)
}

/** The mean of the F1 of three moods: each counts the same, however frequent it is. */
export function macroF1(got: readonly number[], want: readonly number[]): number {
  const scores = moods.map((_, mood) => {
    const hit = got.filter((each, at) => each === mood && want[at] === mood).length
    const all = got.filter(each => each === mood).length + want.filter(each => each === mood).length
    return all ? (2 * hit) / all : 0
  })
  return (100 * scores.reduce((sum, each) => sum + each, 0)) / moods.length
}
