/** No network is named outside its folder: what is true of one alone belongs into its channel, and the rest asks for capabilities. */
import type { Node } from 'oxc-parser'
import { codeOf, excuses, type Fault, isTestFile, type Part, type Tree, walk } from './tree.ts'

export const networks: Part = {
  name: 'networks',
  async run(tree) {
    const excuse = excuses(tree, 'networks')
    const names = namesOf(tree)
    if (!names.length) return []
    const faults = codeOf(tree, 'src/', 'channels/', 'models/', 'web/')
      .filter(path => !isTestFile(path))
      .flatMap(path => namedIn(tree, path, names).filter(({ word }) => !excuse.cover(path, word)))
    return [...once(faults).map(({ at, says }) => ({ at, says })), ...excuse.idle()]
  },
}

interface Name {
  /** `social-hub` is `['social', 'hub']`. */
  words: string[]
  folder: string
}

/** A channel's folder, and what the line `Also called:` of its README adds (protocols, other names). */
function namesOf(tree: Tree): Name[] {
  return tree.files
    .filter(path => path.startsWith('channels/') && path.endsWith('/channel.ts'))
    .map(path => path.slice(0, -'/channel.ts'.length))
    .flatMap(folder => [folder.slice('channels/'.length), ...otherNames(tree, folder)].map(name => ({ words: wordsOf(name), folder })))
}

function otherNames(tree: Tree, folder: string): string[] {
  const readme = `${folder}/README.md`
  const line = tree.files.includes(readme) ? /^Also called: ([^\n]*?)\.?$/m.exec(tree.read(readme)) : null
  return line ? line[1]!.split(',').map(name => name.trim()) : []
}

/** `IMAPClient`, `imap_client` and `imap-client` are the same words. */
export const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter(Boolean)

interface Found extends Fault {
  word: string
}

function namedIn(tree: Tree, path: string, names: Name[]): Found[] {
  const elsewhere = names.filter(({ folder }) => !path.startsWith(`${folder}/`))
  const { program, line } = tree.syntax(path)
  const found: Found[] = []
  walk(program, (node, above) => {
    const name = spelled(node, above.at(-1))
    if (name === undefined) return
    for (const { words, folder } of elsewhere) {
      if (contains(wordsOf(name), words))
        found.push({
          at: `${path}:${line(node.start)}`,
          says: `names ${words.join('-')}, which only ${folder}/ knows`,
          word: words.join('-'),
        })
    }
  })
  return found
}

function contains(all: string[], wanted: string[]): boolean {
  return all.some((_, start) => wanted.every((word, index) => all[start + index] === word))
}

/** What a person wrote: names, texts and tags. What the platform or a library calls by that word is not a network. */
function spelled(node: Node, parent: Node | undefined): string | undefined {
  if (parent && isPlatforms(parent)) return undefined
  if (node.type === 'Identifier' || node.type === 'PrivateIdentifier' || node.type === 'JSXIdentifier') return node.name
  if (node.type === 'JSXText') return node.value
  if (node.type === 'TemplateElement') return node.value.raw
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined
}

const fieldKinds = ['type', 'autocomplete', 'autoComplete', 'inputmode', 'inputMode']

/** `<input type="…">` and `z.….()` have their own vocabulary. */
function isPlatforms(parent: Node): boolean {
  if (parent.type === 'JSXAttribute') return parent.name.type === 'JSXIdentifier' && fieldKinds.includes(parent.name.name)
  return parent.type === 'MemberExpression' && parent.object.type === 'Identifier' && parent.object.name === 'z'
}

const once = (faults: Found[]): Found[] => [...new Map(faults.map(each => [`${each.at} ${each.says}`, each])).values()]
