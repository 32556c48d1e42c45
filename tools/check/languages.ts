/** Everything that a person reads is said in all four languages, with the same values, and nothing is said in the code itself. */
import { type Said, said } from './said.ts'
import { languages as all, type Message, readTexts, type Texts } from './texts.ts'
import { codeOf, excuses, type Fault, isTestFile, type Part } from './tree.ts'

export const languages: Part = {
  name: 'languages',
  async run(tree) {
    const excuse = excuses(tree, 'languages')
    const { texts, faults } = readTexts(tree)
    const english = texts.get('en')!
    const paths = codeOf(tree, 'src/', 'channels/', 'models/').filter(path => !isTestFile(path))
    const uses = paths.map(path => ({ path, ...said(tree, path) }))
    const loose = uses.flatMap(({ path, visible }) =>
      visible
        .filter(({ text }) => !excuse.cover(path, text) && !excuse.cover(path, 'text'))
        .map(({ line, text }) => ({
          at: `${path}:${line}`,
          says: `says "${text}" in the code; give it a key and say it in all four languages`,
        })),
    )
    const wrong = uses.flatMap(({ path, keys }) => keys.flatMap(use => useFault(use, path, english)))
    const unused = unusedIn(
      english,
      uses.flatMap(use => use.keys),
      uses.flatMap(use => use.literals),
    ).filter(({ key, path }) => !excuse.cover(path, key))
    const idle = unused.map(({ path, line, key }) => ({
      at: `${path}:${line}`,
      says: `${key} is never said; remove it in all four languages`,
    }))
    return [...faults, ...differences(texts), ...loose, ...wrong, ...idle, ...excuse.idle()]
  },
}

/** What one language has and another lacks, other variables, and sentences that nobody translated. */
function differences(texts: Texts): Fault[] {
  const keys = new Map([...texts.values()].flatMap(messages => [...messages.values()].map(message => [message.key, message] as const)))
  return [...keys.values()].flatMap(some => {
    const lacking = all.filter(language => !texts.get(language)!.has(some.key))
    if (lacking.length) return [{ at: `${some.path}:${some.line}`, says: `${some.key} is missing in ${lacking.join(', ')}` }]
    const english = texts.get('en')!.get(some.key)!
    return all.slice(1).flatMap(language => unlike(english, texts.get(language)!.get(some.key)!))
  })
}

function unlike(english: Message, other: Message): Fault[] {
  const at = `${other.path}:${other.line}`
  if (english.variables.join() !== other.variables.join()) {
    return [{ at, says: `${other.key} takes {${other.variables.join(', ')}}, in English {${english.variables.join(', ')}}` }]
  }
  const words = english.text.match(/\p{L}{2,}/gu) ?? []
  return english.text === other.text && words.length > 3 ? [{ at, says: `${other.key} is still in English` }] : []
}

function useFault(use: Said, path: string, english: Map<string, Message>): Fault[] {
  if (use.is === 'guess') return []
  const at = `${path}:${use.line}`
  const message = english.get(use.key)
  if (use.is === 'field' && !speaks(use.key, english)) return []
  if (use.is === 'pattern') return matching(use.key, english).length ? [] : [{ at, says: `no message begins like ${use.key}` }]
  if (!message) return [{ at, says: `there is no message ${use.key}` }]
  const lacking = use.values ? message.variables.filter(name => !use.values!.includes(name)) : []
  return lacking.length ? [{ at, says: `${use.key} needs {${lacking.join(', ')}}` }] : []
}

/** Has the module that this key begins with any message? A text such as `tsconfig.json` is no key. */
const speaks = (key: string, english: Map<string, Message>): boolean => matching(`${key.split('.')[0]}.*`, english).length > 0

/** In a pattern `*` stands for what is known only when the program runs. */
function matching(pattern: string, english: Map<string, Message>): string[] {
  const parts = pattern.split('*')
  return [...english.keys()].filter(key => fits(key, parts))
}

function fits(key: string, parts: string[]): boolean {
  if (!key.startsWith(parts[0]!)) return false
  let at = parts[0]!.length
  for (const part of parts.slice(1, -1)) {
    const found = key.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  const last = parts.at(-1)!
  return parts.length === 1 ? key === parts[0] : key.endsWith(last) && key.length - last.length >= at
}

function unusedIn(english: Map<string, Message>, keys: Said[], literals: string[]): Message[] {
  const used = new Set([
    ...literals,
    ...keys.filter(({ is }) => is === 'key' || is === 'field').map(({ key }) => key),
    ...keys.filter(({ is }) => is === 'pattern' || is === 'guess').flatMap(({ key }) => matching(key, english)),
  ])
  return [...english.values()].filter(({ key }) => !used.has(key))
}
