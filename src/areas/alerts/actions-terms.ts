/** The words of texts, each counted once for a text, and by how many people it was written. */
import type { Text } from './store-heard.ts'
import type { Told } from './words.ts'

const words = /[\p{L}\p{N}]+/gu
const address = /https?:\/\/\S+/g
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u
const shortest = 3

export function termsIn(texts: readonly Text[]): Told {
  const found = new Map<string, { texts: number; people: Set<string> }>()
  for (const { text, author } of texts)
    for (const term of new Set(termsOf(text))) {
      const its = found.get(term) ?? { texts: 0, people: new Set() }
      its.texts++
      its.people.add(author)
      found.set(term, its)
    }
  return { texts: texts.length, terms: new Map([...found].map(([term, its]) => [term, { texts: its.texts, voices: its.people.size }])) }
}

/** Where nothing stands between words, two characters are looked at as one. */
function termsOf(text: string): string[] {
  const folded = text.replace(address, ' ').toLowerCase()
  return [...folded.matchAll(words)].flatMap(([run]) => {
    if (unspaced.test(run)) return Array.from({ length: Math.max(0, run.length - 1) }, (_, at) => run.slice(at, at + 2))
    return run.length < shortest || run.length > 40 || /^\p{N}+$/u.test(run) ? [] : [run]
  })
}
