/** Our own word list as the reader looks it up: lines of `worth notion: words of each language`, separated by `|`. */
import { readFileSync } from 'node:fs'
import { learnt } from '#social/mood/words.ts'
import { keyOf, type Priors, roles, slotOf } from '#social/mood/words-priors.ts'
import { MoodReading } from '#social/mood/words-reading.ts'
import { emoji, smiley } from '#social/mood/words-signs.ts'

const slots = 1 << 15
const line = /^(?<worth>[-+]?\d|not|very|little|but) (?<name>[\w-]+): (?<words>.*)$/

export function priorsOf(text: string): Priors {
  const lines = text.split('\n').filter(each => each && !each.startsWith('//'))
  const priors: Priors = {
    ...{ keys: new Int32Array(slots), notions: new Uint16Array(slots) },
    ...{ worth: new Int8Array(lines.length + 1), role: new Uint8Array(lines.length + 1) },
  }
  const reading = new MoodReading({ ...priors, keys: new Int32Array(slots) })
  for (const [nth, each] of lines.entries()) {
    const { worth, words } = line.exec(each)?.groups ?? {}
    if (!worth || !words) throw new Error(`Cannot read: ${each}`)
    const role = roles.indexOf(worth as (typeof roles)[number])
    priors.worth[nth + 1] = role > 0 ? 0 : Number(worth)
    priors.role[nth + 1] = Math.max(0, role)
    for (const [language, some] of words.split('|').entries()) {
      for (const word of some.trim().split(/\s+/)) if (word) put(priors, reading, word, language, nth + 1)
    }
  }
  return priors
}

const isLetters = (word: string): boolean => /\p{L}/u.test(word)

function put(priors: Priors, reading: MoodReading, word: string, language: number, notion: number): void {
  const begins = word.length > 1 && word.endsWith('*') && isLetters(word)
  reading.read(begins ? word.slice(0, -1) : word, language)
  if (reading.count !== 1) throw new Error(`Not one word: ${word} ${learnt[language]}`)
  const kind = reading.kind[0]!
  const key = keyOf(begins ? ~reading.hash[0]! : reading.hash[0]!, kind === emoji || kind === smiley ? -1 : language)
  const slot = slotOf(priors.keys, key)
  if (priors.keys[slot] && process.env.DOUBLES) process.stderr.write(`twice: ${learnt[language]} ${word}\n`)
  if (priors.keys[slot]) return
  priors.keys[slot] = key
  priors.notions[slot] = 2 * notion + (begins ? 1 : 0)
}

export const readPriors = (): Priors => priorsOf(readFileSync(new URL('priors.txt', import.meta.url), 'utf8'))
