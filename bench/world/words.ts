/** Texts as people write them, as far as an index can tell: a few words very often, most of them hardly ever (Zipf), in four languages. */
import { type Language, languages } from '#kernel/messages.ts'
import { matters } from '../../tools/demo/texts.ts'

const syllables = 'ba de fi go hu ka le mi no pu ra se ti vo wu xa ber dan fel gor hin kal lem mon nor pel rin sol tam vik zan'.split(' ')

/** A word that no language knows, the same for the same number. */
function coined(nth: number): string {
  let word = ''
  for (let rest = nth + syllables.length; rest > 0; rest = Math.floor(rest / syllables.length)) word += syllables[rest % syllables.length]
  return word
}

const wordsOf = (text: string) => text.toLowerCase().match(/\p{L}{2,}/gu) ?? []

/** The words of the demonstration in this language, then coined ones: 30,000, the most frequent first. */
function vocabulary(language: Language): string[] {
  const own = matters[language].flatMap(({ subject, asks, answer, more, second, thanks, note }) =>
    [subject, ...asks, answer, more, second, thanks, note].flatMap(text => wordsOf(text ?? '')),
  )
  const frequent = [...new Set(own)]
  return [...frequent, ...Array.from({ length: 30_000 - frequent.length }, (_, nth) => coined(nth))]
}

/** Writes so many words in a language, with a full stop now and then. */
export function writer(chance: () => number): (language: Language, count: number) => string {
  const known = Object.fromEntries(languages.map(language => [language, vocabulary(language)])) as Record<Language, string[]>
  return (language, count) => {
    const list = known[language]
    const word = () => list[Math.floor(list.length ** chance()) - 1]!
    let text = word()
    for (let nth = 1; nth < count; nth++) text += nth % 9 === 0 ? `. ${word()}` : ` ${word()}`
    return text
  }
}
