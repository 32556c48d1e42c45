/** The message files of the tree: every key in every language, and the variables that its text takes. */
import { IntlMessageFormat } from 'intl-messageformat'
import type { Fault, Tree } from './tree.ts'

export const languages = ['en', 'de', 'nl', 'sv'] as const

export interface Message {
  /** With the module's name before it. */
  key: string
  path: string
  line: number
  text: string
  variables: string[]
}

export type Texts = Map<string, Map<string, Message>>

export interface Reading {
  /** Language → key → message. */
  texts: Texts
  /** What is wrong with the files themselves. */
  faults: Fault[]
}

export function readTexts(tree: Tree): Reading {
  const texts: Texts = new Map(languages.map(language => [language, new Map()]))
  const faults: Fault[] = []
  for (const path of tree.files) {
    const found = /^(?:(.*)\/)?locales\/([^/]+)\.json$/.exec(path)
    if (!found || /(^|\/)(fixtures|recordings)\//.test(path)) continue
    const known = texts.get(found[2]!)
    if (!known) faults.push({ at: path, says: `is no language of ours; they are ${languages.join(', ')}` })
    else for (const message of messagesIn(tree, path, prefixOf(found[1]), faults)) keep(message, known, faults)
  }
  return { texts, faults }
}

/** The folder's own name; what stands at the root belongs to the whole. */
const prefixOf = (folder: string | undefined): string => folder?.split('/').at(-1) ?? 'trefoil'

function messagesIn(tree: Tree, path: string, prefix: string, faults: Fault[]): Message[] {
  const text = tree.read(path)
  const entries = entriesOf(text)
  if (!entries) faults.push({ at: path, says: 'is not a flat JSON object of texts' })
  return (entries ?? []).map(([name, value]) => {
    const line = lineOf(text, name)
    const variables = variablesOf(value, path, line, faults)
    return { key: `${prefix}.${name}`, path, line, text: value, variables }
  })
}

function entriesOf(text: string): [string, string][] | undefined {
  try {
    const entries = Object.entries(JSON.parse(text) as object)
    return entries.every(([, value]) => typeof value === 'string') ? entries : undefined
  } catch {
    return undefined
  }
}

const lineOf = (text: string, name: string): number =>
  text.slice(0, Math.max(0, text.indexOf(`${JSON.stringify(name)}:`))).split('\n').length

function keep(message: Message, known: Map<string, Message>, faults: Fault[]): void {
  const before = known.get(message.key)
  if (before) faults.push({ at: `${message.path}:${message.line}`, says: `${message.key} is said by ${before.path} already` })
  else known.set(message.key, message)
}

type Element = ReturnType<IntlMessageFormat['getAst']>[number]

function variablesOf(text: string, path: string, line: number, faults: Fault[]): string[] {
  try {
    return [...new Set(new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst().flatMap(namesIn))].sort()
  } catch (error) {
    faults.push({ at: `${path}:${line}`, says: `is no ICU message (${error instanceof Error ? error.message.split('\n')[0] : error})` })
    return []
  }
}

// The kinds of the parser: 0 is text, 7 the # of a plural; all others carry a name, and some have branches.
function namesIn(element: Element): string[] {
  if (element.type === 0 || element.type === 7) return []
  const branches = 'options' in element ? Object.values(element.options).flatMap(option => option.value) : []
  return [element.value, ...branches.flatMap(namesIn)]
}
