/** `npm run rule <word>`: the business rules that speak of it, with where they stand and the test that proves each. */
import { fileURLToPath } from 'node:url'
import { type Rule, rulesOf } from './check/book.ts'
import { openTree, type Tree } from './check/tree.ts'

/** Rules whose sentence, name or module has every one of the words, however they are written. */
export function rulesAbout(tree: Tree, words: string[]): Rule[] {
  return rulesOf(tree).filter(({ sentence, name, module }) => {
    const text = `${sentence} ${name} ${module}`.toLowerCase()
    return words.every(word => text.includes(word.toLowerCase()))
  })
}

export const shown = ({ sentence, path, line, name, test }: Rule): string =>
  `${sentence || '(no sentence yet)'}\n    ${path}:${line}  ${name}\n    ${test ?? 'no test bears this sentence'}\n`

if (import.meta.main) {
  const words = process.argv.slice(2)
  const found = rulesAbout(openTree(fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')), words)
  for (const rule of found) console.log(shown(rule))
  console.log(found.length ? `${found.length} rules` : `No rule speaks of "${words.join(' ')}". RULES.md lists them all.`)
}
